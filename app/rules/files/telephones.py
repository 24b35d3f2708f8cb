"""Finds telephone numbers: those of the country, or with a `+` before them, as people write them."""

import re
from collections.abc import Iterator

MOST_CANDIDATES = 5_000
"""A text made to look like numbers of one kind takes no longer than a second."""
_LABELLED = (
    r"(?i:tel(?:[ée]fono|efone|ephone|[ée]phone)?s?|phone|cel(?:ular|l)?|mobile|móvil|fono|fone|fax|call)\b[ .:]{0,3}"
)
_TELEPHONE = re.compile(
    r"(?<![\w.,$€£¥#/+(-])(?a:"
    r"\+\d[\d ().-]{7,18}\d"
    r"|(?:1[ .-])?\(\d{2,4}\) ?\d{3,5}[ .-]\d{4}"
    r"|(?:1[.-])?\d{3}([.-])\d{3}\1\d{4}|(?:1 )?\d{3} \d{3}-\d{4}"
    rf"|{_LABELLED}(?P<labelled>\+?\(?\d[\d ().-]{{6,18}}\d)"
    r")(?![\w/%]|[.,-]\d)"
)
_CODE_BEFORE = re.compile(
    r"(?i)(?:account|acct|fund|code|ledger|budget|invoice|ref|case|parcel|cuenta|partida|c[oó]digo|conta|compte|id|no)\.?[ :#]{0,3}$"
)


def find_telephones(text: str, country: str) -> Iterator[tuple[str, int, int]]:
    """Each number as its country writes it, with where in the text it begins and ends."""
    for tried, match in enumerate(_TELEPHONE.finditer(text)):
        if tried >= MOST_CANDIDATES:
            return
        before = text[max(0, match.start() - 20) : match.start()]
        number = _format_telephone(match["labelled"] or match[0], country)
        if number and (match["labelled"] or not _CODE_BEFORE.search(before)):
            yield number, *match.span()


def _format_telephone(written: str, country: str) -> str:
    """The number as its country writes it, or nothing where there can be no such number."""
    import phonenumbers  # here, because it takes time and room, and most processes read no texts

    try:
        number = phonenumbers.parse(written, country)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
