"""Where in a piece to look, read from what a person wrote about it: "page 4", "pp. 12-14", "diapositiva 3", or a bare number."""

import re

_PAGE = re.compile(
    r"(?:\b(?:pages?|pgs?|pp?|p[áa]g(?:ina)?s?|seiten?|s|slides?|diapositivas?|l[áa]minas?|hojas?|folios?)\b\.?\s*(?:n[.ºo°]*\s*)?|^\s*)"
    r"(\d{1,4})\b(?!\s*[./]\s*\d)",
    re.IGNORECASE,
)


def read_page_number(pointer: str) -> int | None:
    """The first page or slide that the words name, from 1; None where they name none, as "section 3.2" does."""
    match = _PAGE.search(pointer)
    return int(match[1]) or None if match else None
