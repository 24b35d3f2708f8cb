"""What a sign is called where it cannot be drawn: emoji by what they show, others by their name or their number."""

import re
import unicodedata

PICTURE = "[\U0001f000-\U0001f1e5\U0001f200-\U0001f3fa\U0001f400-\U0001fbff]"
"""Emoji and their like: which font draws them, and in which colours, differs between machines."""
SKIN, REGION, TAG = "[\U0001f3fb-\U0001f3ff]", "[\U0001f1e6-\U0001f1ff]", "[\U000e0020-\U000e007f]"
EMOJI = re.compile(
    f"{REGION}{REGION}?|{SKIN}|{PICTURE}{SKIN}?\ufe0f?{TAG}*(?:\u200d[\u2600-\u27bf{PICTURE[1:]}{SKIN}?\ufe0f?)*"
)
"""One emoji: a flag of two letters, or a picture with its skin and with those that are joined to it."""
MOST_NAMED = 3
"""Of the signs in a row so many are named; the others are counted."""
FIRST_LETTER = 0x1F1E6


def name_sign(sign: str) -> str:
    """What one sign is called, such as `emoji: thumbs up sign`, `flag: US`, `cherokee letter a` or `U+E000`."""
    if re.fullmatch(f"{REGION}{{2}}", sign):
        return "flag: " + "".join(chr(ord(letter) - FIRST_LETTER + ord("A")) for letter in sign)
    names = [unicodedata.name(part, "").lower() for part in sign if unicodedata.category(part) == "So"]
    if EMOJI.fullmatch(sign) and any(names):
        return "emoji: " + ", ".join(filter(None, names))
    return unicodedata.name(sign[0], "").lower() or f"U+{ord(sign[0]):04X}"


def name_signs(signs: list[str]) -> str:
    """Signs in a row, in brackets: the first ones by name, the others as a number."""
    names = [name_sign(sign) for sign in signs[:MOST_NAMED]]
    names = [
        name.removeprefix("emoji: ") if place and name.startswith("emoji: ") else name
        for place, name in enumerate(names)
    ]
    more = [f"+{len(signs) - MOST_NAMED}"] if len(signs) > MOST_NAMED else []
    return f"[{'; '.join([*names, *more])}]"
