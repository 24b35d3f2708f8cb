"""Numbers as people type them on a page, read as that page writes them."""

import re
from dataclasses import dataclass

from app.rules.errors import Invalid
from app.rules.message import say


@dataclass(frozen=True)
class NumberMarks:
    """The signs with which a language writes numbers: before the decimals, and between thousands."""

    decimal: str
    group: str


_TWO_READINGS = re.compile(r"([+\u2212-]?[1-9]\d{0,2})([.,])(\d{3})")
"""A thousand and more with a sign between its groups, or a few with three decimals."""


def settle_number(text: str, field: str, marks: NumberMarks) -> str:
    """The number as it can be read one way only: `2.500` from a Spanish page is `2500`. What is none comes back as it is.

    Raises Invalid on `field` where the page writes neither of two readings so, as `1.250` on an English page, which may
    mean 1.25 or 1250.
    """
    match = _TWO_READINGS.fullmatch("".join(text.replace("%", " ").split()))
    if match is None:
        return text
    whole, sign, last = match.groups()
    if sign == marks.group:
        return whole + last
    raise Invalid(
        {
            field: say(
                "“%(text)s” may mean %(large)s or %(small)s. Write the one that you mean in this way.",
                text=match[0],
                large=whole + last,
                small=whole + marks.decimal + certain_decimals(last),
            )
        }
    )


def certain_decimals(decimals: str) -> str:
    """The decimals without zeros at the end, and never three of them, which would look like a group of thousands."""
    shortest = decimals.rstrip("0")
    return shortest + "0" if len(shortest) == len("000") else shortest or "0"
