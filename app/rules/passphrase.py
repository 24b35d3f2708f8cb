"""What a passphrase must be like."""

from app.rules.wording import Said, say

SHORTEST = 12
LONGEST = 200


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
