"""The code that is printed on a report, and what people make of it when they type it from paper."""

from app.rules.text.bounds import normalize_text

CODE_SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Letters and digits that cannot be mistaken for one another on paper."""
GROUP_SIZE = 4
CODE_GROUPS = 3
LONGEST_TYPED = 200
"""A whole address may be typed for a code; more is not looked at."""
LOOK_ALIKES = {"0": "Q", "O": "Q", "1": "J", "I": "J", "L": "J", "U": "V"}
"""Signs that are in no code, and the sign of a code that each is most easily read for."""
OTHER_ALPHABETS = str.maketrans("АВЕЗНКМРТХСΑΒΕΖΗΚΜΝΡΤΧ", "ABE3HKMPTXCABEZHKMNPTX")
"""Capital letters of Cyrillic and Greek that look as Latin ones do."""


def group_code(signs: str) -> str:
    """Twelve signs as they are printed, in groups of four."""
    return "-".join(signs[start : start + GROUP_SIZE] for start in range(0, len(signs), GROUP_SIZE))


def read_code(typed: str) -> str | None:
    """The code that was meant: dashes, blanks, small letters and look-alikes are forgiven, as is the whole address. None for no code."""
    if len(typed) > LONGEST_TYPED:
        return None
    last_part = normalize_text("NFKC", typed).strip().rstrip("/").rsplit("/", 1)[-1]
    signs = "".join(sign for sign in last_part.upper().translate(OTHER_ALPHABETS) if sign.isalnum())
    meant = "".join(LOOK_ALIKES.get(sign, sign) for sign in signs)
    is_code = len(meant) == GROUP_SIZE * CODE_GROUPS and all(sign in CODE_SIGNS for sign in meant)
    return group_code(meant) if is_code else None
