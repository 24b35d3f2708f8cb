"""Writes a number of a workbook as its cell shows it: ECMA-376, part 1, 18.8.31, as far as the numbers of a city need it.

Fractions and powers of ten are written as plain numbers. Points and commas are those of the format itself, which is in English.
"""

import re
from collections.abc import Callable
from datetime import datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from operator import eq, ge, gt, le, lt, ne

GENERAL = "General"
FORMATS_BY_NUMBER = {
    0: GENERAL, 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: GENERAL, 12: GENERAL, 13: GENERAL,
    14: "yyyy-mm-dd", 15: "yyyy-mm-dd", 16: "mm-dd", 17: "yyyy-mm", 18: "hh:mm", 19: "hh:mm:ss", 20: "hh:mm", 21: "hh:mm:ss",
    22: "yyyy-mm-dd hh:mm", 37: "#,##0;(#,##0)", 38: "#,##0;(#,##0)", 39: "#,##0.00;(#,##0.00)", 40: "#,##0.00;(#,##0.00)",
    41: "#,##0", 42: "$#,##0", 43: "#,##0.00", 44: "$#,##0.00", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss", 48: GENERAL, 49: GENERAL,
}  # fmt: skip
"""What the numbers of a format mean that no workbook spells out."""
FIRST_DAY = datetime(1899, 12, 30)  # noqa: DTZ001 (a cell has no time zone)
FIRST_DAY_OF_1904 = datetime(1904, 1, 1)  # noqa: DTZ001 (as above)
LAST_SERIAL = 2_958_466
_SPELLED = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]|\[[^\]]*\]|[_*].')
_DIGITS = re.compile(r"[#0?][#0?,]*(?:\.[#0?]*)?[,]*|\.[#0?]+")
_GROUP = re.compile(r"[#0?]+(?:,[#0?]+)*")
_DATE_LETTER = re.compile(r"[ymdhs]", re.IGNORECASE)
_ELAPSED = re.compile(r"\[(h|m|s)\1*\]", re.IGNORECASE)
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)(-?\d+(?:\.\d+)?)\]")
_COMPARISONS: dict[str, Callable[[float, float], bool]] = {"<=": le, ">=": ge, "<>": ne, "<": lt, ">": gt, "=": eq}
_LONGEST_FORMAT = 255


def is_date_format(code: str) -> bool:
    """Whether a cell of this format shows a day or a time."""
    if _ELAPSED.search(code[:_LONGEST_FORMAT]):
        return True
    bare = _SPELLED.sub("", code[:_LONGEST_FORMAT].partition(";")[0])
    return code != GENERAL and bool(_DATE_LETTER.search(bare.replace("General", "")))


def write_number(number: float, code: str) -> str:
    """The number as a cell of this format shows it: `52%`, `1,234.50`, `$9`."""
    sections = _split_sections(code[:_LONGEST_FORMAT])
    has_own = number < 0 and len(sections) > 1
    section = _choose_section(number, sections)
    plain, spelled = _spell_out(section)
    digits = _DIGITS.search(plain)
    if digits is None or re.search(r"[eE][+-]|/|General|@", plain):
        return write_plain(number) if not spelled or digits or "General" in plain or "@" in plain else spelled
    shown = abs(number) if has_own else number
    if len(_GROUP.findall(plain)) > 1 and "." not in digits[0]:
        return _fill_groups(shown, plain)
    return _put_digits(shown, plain, digits)


def write_plain(number: float) -> str:
    """The number without a format: as many digits as it needs, at most fifteen, and none for a whole number."""
    return str(int(number)) if number == int(number) and abs(number) < 1e15 else f"{number:.15g}"


def write_moment(serial: float, code: str, *, since_1904: bool = False) -> str:
    """A day, a moment or a length of time: `2026-02-28`, `2026-02-28 21:30`, `21:30`. Days count from 1900, or from 1904."""
    if not 0 <= serial < LAST_SERIAL:
        return write_plain(serial)
    if elapsed := _ELAPSED.search(code[:_LONGEST_FORMAT]):
        return _write_elapsed(round(serial * 86_400), code[:_LONGEST_FORMAT], elapsed[1].lower())
    moment = (FIRST_DAY_OF_1904 if since_1904 else FIRST_DAY) + timedelta(seconds=round(serial * 86_400))
    bare = _SPELLED.sub("", code[:_LONGEST_FORMAT].partition(";")[0]).lower()
    has_day, has_time = bool(re.search("[yd]|m{3}", bare)), bool(re.search("[hs]", bare))
    if has_time and not has_day:
        return moment.strftime("%H:%M:%S" if "s" in bare else "%H:%M")
    is_midnight = moment.time() == time()
    return moment.strftime("%Y-%m-%d %H:%M" if has_time and not is_midnight else "%Y-%m-%d")


def _write_elapsed(seconds: int, code: str, unit: str) -> str:
    """A length of time, of which the largest part may be more than a day or an hour has: `36:00`."""
    bare = _SPELLED.sub("", code).lower()
    parts = [seconds // 3600, seconds // 60 % 60, seconds % 60]
    if unit == "h":
        return ":".join(
            f"{part:02d}" if place else str(part)
            for place, part in enumerate(parts[: 1 + ("m" in bare) + ("s" in bare)])
        )
    if unit == "m":
        return f"{seconds // 60}:{seconds % 60:02d}" if "s" in bare else str(seconds // 60)
    return str(seconds)


def _split_sections(code: str) -> list[str]:
    """The parts for numbers above, below and equal to nothing; a semicolon that is spelled out parts nothing."""
    return re.findall(r'(?:"[^"]*"|\\.|[^;])+', code) or [GENERAL]


def _choose_section(number: float, sections: list[str]) -> str:
    """The first whose condition the number meets, as in `[<=9999999]`; without conditions by whether it is below or nothing."""
    conditions = [_CONDITION.search(section) for section in sections]
    if any(conditions):
        fitting = (
            section for section, condition in zip(sections, conditions, strict=True) if _is_met(number, condition)
        )
        return next(fitting, sections[-1])
    if number < 0 and len(sections) > 1:
        return sections[1]
    return sections[2] if number == 0 and len(sections) > 2 else sections[0]


def _is_met(number: float, condition: re.Match[str] | None) -> bool:
    return condition is None or _COMPARISONS[condition[1]](number, float(condition[2]))


def _spell_out(section: str) -> tuple[str, str]:
    """The section with its quoted letters as private signs that no format has, and these letters alone."""
    spelled = "".join(a or b or c for a, b, c in _SPELLED.findall(section))
    return _SPELLED.sub(lambda match: _hide(match[1] or match[2] or match[3] or ""), section), spelled


def _hide(letters: str) -> str:
    return "".join(chr(0xF0000 + ord(letter)) for letter in letters if ord(letter) < 0xFFFD)


def _show(text: str) -> str:
    return "".join(chr(ord(letter) - 0xF0000) if 0xF0000 <= ord(letter) < 0xFFFFE else letter for letter in text)


def _fill_groups(number: float, plain: str) -> str:
    """The digits one by one into several groups, from the right, as in `000-00-0000`."""
    wanted = sum(map(plain.count, "#0?"))
    digits = f"{abs(number):.0f}".zfill(wanted)
    remaining = list(digits[len(digits) - wanted :])
    filled = "".join(remaining.pop(0) if letter in "#0?" else letter for letter in plain)
    return _show(("-" if number < 0 else "") + digits[: len(digits) - wanted] + filled).strip()


def _put_digits(number: float, plain: str, digits: re.Match[str]) -> str:
    wanted = digits[0]
    scaled = Decimal(repr(number)) * 100 ** plain.count("%") / 1000 ** (len(wanted) - len(wanted.rstrip(",")))
    whole, _, decimals = wanted.rstrip(",").partition(".")
    shown = abs(scaled).quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP)
    text = f"{shown:,f}" if "," in whole else f"{shown:f}"
    text = _drop_optional(text, decimals)
    least = whole.replace(",", "").count("0")
    head, dot, tail = text.partition(".")
    text = head.zfill(least) + dot + tail if "," not in whole else text
    sign = "-" if scaled < 0 and shown else ""
    return _show(sign + plain[: digits.start()] + text + plain[digits.end() :]).strip()


def _drop_optional(text: str, decimals: str) -> str:
    """Without the zeros at the end that stand for `#`."""
    optional = len(decimals) - len(decimals.rstrip("#"))
    for _ in range(optional):
        text = text.removesuffix("0")
    return text.removesuffix(".") if decimals and set(decimals) == {"#"} else text
