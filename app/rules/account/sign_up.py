"""What an e-mail address must be like."""

import re

from app.rules.errors import Invalid
from app.rules.message import say
from app.rules.text.bounds import normalize_text
from app.rules.text.pasted import strip_pasted

EMAIL_CHARACTERS = 254

_WORD = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_EMAIL = re.compile(rf"(?=[^@]{{1,64}}@){_WORD}(\.{_WORD})*@{_LABEL}(\.{_LABEL})+")
"""The dot-atom form of RFC 5321, with a domain of two parts or more: no quotes, commas or brackets ever reach a mail header."""


def normalize_email(text: str) -> str:
    """The address as it is compared, however it was typed or pasted; empty when it is longer than any can be."""
    plain = strip_pasted(text, EMAIL_CHARACTERS)
    email = normalize_text("NFKC", plain or "").strip().lower()
    return email if len(email) <= EMAIL_CHARACTERS else ""


def check_email(text: str) -> str:
    """The address as it is kept and compared: lower case, no spaces around it, full-width letters made plain.

    Raises Invalid for the field `email` when it is not one address.
    """
    email = normalize_email(text)
    if not _EMAIL.fullmatch(email):
        raise Invalid({"email": say("Enter one e-mail address, such as name@city.gov, without accents or spaces.")})
    return email
