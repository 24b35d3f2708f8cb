"""What a cell of a table may begin with, so that no spreadsheet takes someone's text for a formula."""

from unicodedata import category

from app.rules.text.bounds import normalize_text

STARTS_A_FORMULA = frozenset("=+-@\u2212")
STARTS_ANOTHER_CELL = ("\t", "\r", "\n")
INVISIBLE_KINDS = frozenset({"Cc", "Cf", "Mn", "Me", "Zs", "Zl", "Zp"})
INVISIBLE_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Fillers and blanks that Unicode counts among letters and signs."""


def safe_cell(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet could run it as a formula (OWASP, CSV injection).

    Spreadsheets skip what cannot be seen and read full-width, small and raised signs like the plain ones.
    """
    seen = next((letter for letter in text if not _is_invisible(letter)), "")
    runs = text.startswith(STARTS_ANOTHER_CELL) or normalize_text("NFKC", seen)[:1] in STARTS_A_FORMULA
    return f"'{text}" if runs else text


def _is_invisible(letter: str) -> bool:
    return letter in INVISIBLE_LETTERS or category(letter) in INVISIBLE_KINDS
