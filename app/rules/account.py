"""What an e-mail address and a pass phrase must be like."""

import re
import unicodedata

from app.rules.errors import Invalid
from app.rules.wording import Said, say

SHORTEST = 12
LONGEST = 200
EMAIL_CHARACTERS = 254

_WORD = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_EMAIL = re.compile(rf"(?=[^@]{{1,64}}@){_WORD}(\.{_WORD})*@{_LABEL}(\.{_LABEL})+")
"""The dot-atom form of RFC 5321, with a domain of two parts or more: no quotes, commas or brackets ever reach a mail header."""


def check_email(text: str) -> str:
    """The address as it is kept and compared: lower case, no spaces around it, full-width letters made plain.

    Raises Invalid for the field `email` when it is not one address.
    """
    email = unicodedata.normalize("NFKC", text).strip().lower()
    if len(email) > EMAIL_CHARACTERS or not _EMAIL.fullmatch(email):
        raise Invalid({"email": say("Enter one e-mail address, such as name@city.gov, without accents or spaces.")})
    return email


def check_pass_phrase(text: str, *, email: str) -> Said | None:
    """What keeps this pass phrase from being taken, or None.

    Length counts, composition does not (NIST SP 800-63B-4, 3.1.1.2).
    """
    if len(text) < SHORTEST:
        return say("Use %(shortest)s characters or more, such as a few words.", shortest=SHORTEST)
    if len(text) > LONGEST:
        return say("Use %(longest)s characters or fewer.", longest=LONGEST)
    if text.strip().casefold() == email.casefold():
        return say("Do not use the e-mail address as pass phrase.")
    if len(set(text.casefold())) == 1:
        return say("Do not repeat one character only.")
    return None
