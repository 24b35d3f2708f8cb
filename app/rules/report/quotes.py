"""Quotation marks and apostrophes as a language sets them in print; what people typed stays as it is where it is kept."""

import re

NARROW = "\u00a0"
"""A space that never breaks; the narrower one is not in the report's font."""
MARKS = {
    "en": ("“", "”", "‘", "’"),
    "es": ("«", "»", "“", "”"),
    "fr": (f"«{NARROW}", f"{NARROW}»", "“", "”"),
    "pt": ("“", "”", "‘", "’"),
}
"""By language: the outer marks, and those inside of them. What is not here is set as English is."""
APOSTROPHE = "’"
FAR = 200
"""So many signs before and after a mark are looked at for the one that it goes with."""
STRAIGHT = re.compile("[\"']")
BEFORE_OPENING = " \t\n\u00a0\u200b([{<«“‘—–-/¿¡=|\uf8f0\uf8f1"
"""The last two begin a run of another font in a report (`adapters.pdf.fonts`)."""


def set_quotes(text: str, language: str, before: str = "") -> str:
    """The text with curly marks for straight ones; `before` is the sign that stands before it."""
    if "'" not in text and '"' not in text:
        return text
    marks = MARKS.get(language[:2], MARKS["en"])

    def set_mark(found: re.Match[str]) -> str:
        place = found.start()
        previous = text[place - 1] if place else before
        following = text[place + 1 : place + 2]
        if previous.isdigit() and not following.isalpha() and not _is_open(text[max(0, place - FAR) : place], found[0]):
            return found[0]  # feet and inches, minutes and seconds
        opens = (not previous or previous in BEFORE_OPENING) and bool(following) and not following.isspace()
        if found[0] == '"':
            return marks[0] if opens else marks[1]
        if opens and _has_end(text[place + 1 : place + FAR]):
            return marks[2]
        return (
            marks[3]
            if not opens and _is_open(text[max(0, place - FAR) : place], "'") and not following.isalnum()
            else APOSTROPHE
        )

    return STRAIGHT.sub(set_mark, text)


def _is_open(text: str, mark: str) -> bool:
    """Whether a mark before has begun something that has no end yet."""
    begun = re.findall(rf"(?:^|[{re.escape(BEFORE_OPENING)}]){mark}(?=\S)", text)
    ended = re.findall(rf"(?<=\S){mark}(?!\w)", text)
    return len(begun) > len(ended)


def _has_end(text: str) -> bool:
    """Whether a quotation in single marks ends in what follows, rather than a word that begins with an apostrophe ('90s)."""
    return bool(re.search(r"(?<=\S)'(?!\w)", text))
