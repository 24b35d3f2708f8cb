"""Days as catalogs write them; one that may be two days is none."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

from app.rules.portal.values import as_text, without_accents

_DAY = re.compile(r"(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?|(\d{2})(\d{2}))?(?=$|[T\sZ]|[+-]\d\d:?\d\d$)")
_STAMP = re.compile(r"\d{9,14}")
_NUMBERED_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?=$|[T\s,])")
_NAMED_DAY = re.compile(
    r"(?:(\d{1,2})\.? (?:de )?([a-z]{3,10})|([a-z]{3,10})\.? (\d{1,2})(?:st|nd|rd|th)?)[.,]? (?:de |del )?(\d{4})"
)
_MONTHS = (
    "jan ene", "feb fev", "mar", "apr abr avr", "may mai", "jun juin", "jul juil", "aug ago aou", "sep set", "oct out", "nov", "dec dic dez",
)  # fmt: skip
_MONTH_NUMBERS = {word: number for number, words in enumerate(_MONTHS, 1) for word in words.split()}
"""By the first letters of their names in English, Spanish, Portuguese and French."""
EARLIEST = date(1990, 1, 1)


def as_day(value: Any) -> date | None:
    """The calendar day of an ISO date or moment, of a year or month (its first day), of the end of a time, or of seconds or
    milliseconds since 1970.

    Also of a day with the name of its month, and of 10/31/2026 or 31/10/2026, which can be one day only. None for what is no day or
    may be two, and for days before there were catalogs, such as the zero of a clock.
    """
    if isinstance(value, list | dict):
        value = as_text(value)
    raw = value.strip() if isinstance(value, str) else value
    parsed = _written_day(raw) if isinstance(raw, str) and not _STAMP.fullmatch(raw) else _day_of_stamp(raw)
    return parsed if parsed and parsed >= EARLIEST else None


def _written_day(raw: str) -> date | None:
    begin, between, end = raw.partition("/")
    raw = end if between and _DAY.match(begin) and _DAY.match(end) and len(begin) > 4 else raw
    match = _DAY.match(raw)
    parts = _iso_day(match) if match else _numbered_day(raw) or _named_day(raw)
    try:
        return date(*parts) if parts else None
    except ValueError:
        return None


def _iso_day(match: re.Match[str]) -> tuple[int, int, int]:
    year, month, day, near_month, near_day = match.groups()
    return int(year), int(month or near_month or 1), int(day or near_day or 1)


def _numbered_day(raw: str) -> tuple[int, int, int] | None:
    """Day and month in either order, where only one of the two can be the month."""
    match = _NUMBERED_DAY.match(raw)
    if not match:
        return None
    first, second, year = map(int, match.groups())
    if first > 12 or first == second:
        return year, second, first
    return (year, first, second) if second > 12 else None


def _named_day(raw: str) -> tuple[int, int, int] | None:
    match = _NAMED_DAY.search(without_accents(raw)[:60])
    if not match:
        return None
    day, name, first_name, later_day, year = match.groups()
    word = name or first_name
    month = _MONTH_NUMBERS.get(word[:4]) or _MONTH_NUMBERS.get(word[:3])
    return (int(year), month, int(day or later_day)) if month else None


def _day_of_stamp(raw: Any) -> date | None:
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        return None
    try:
        seconds = float(raw)
        seconds = seconds / 1000 if abs(seconds) > 100_000_000_000 else seconds
        return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)).date()
    except (ValueError, OverflowError):
        return None
