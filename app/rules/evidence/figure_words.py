"""What a figure says in a line of print: its value, or how it changed, with the times that it is about."""

from decimal import Decimal

from app.rules.evidence.claim import NumberFormat
from app.rules.evidence.piece import Figure
from app.rules.message import Message, counted, say

SHARE_UNITS = ("%", "percent", "per cent", "percentage", "por ciento", "porcentaje", "por cento", "pour cent")
"""How units begin of which the difference is told in points."""


def figure_in_words(figure: Figure, number: NumberFormat, percent: NumberFormat) -> Message | str | None:
    """The change with both values, or the change as published, or the one value that there is; None where there is none."""
    if figure.change is None:
        return _value_words(figure, number, percent)
    change = _signed(percent(figure.change.percent), figure.change.percent)
    if figure.change.as_published:
        times = (figure.baseline_period, figure.current_period)
        if all(times):
            return say(
                "%(percent)s from %(begin)s to %(end)s, change as published",
                percent=change,
                begin=times[0],
                end=times[1],
            )
        return say("%(percent)s, change as published", percent=change)
    return say(
        "from %(begin)s to %(end)s: %(change)s",
        begin=_dated(_with_unit(figure, figure.baseline_value, number, percent), figure.baseline_period),
        end=_dated(_with_unit(figure, figure.current_value, number, percent), figure.current_period),
        change=_with_points(figure, change, number),
    )


def is_share(figure: Figure) -> bool:
    """Whether the values are percentages themselves."""
    return figure.unit.strip().lower().startswith(SHARE_UNITS)


def _value_words(figure: Figure, number: NumberFormat, percent: NumberFormat) -> Message | str | None:
    for value, period in (
        (figure.current_value, figure.current_period),
        (figure.baseline_value, figure.baseline_period),
    ):
        if value is not None:
            return _dated(_with_unit(figure, value, number, percent), period)
    return None


def _with_points(figure: Figure, change: str, number: NumberFormat) -> Message | str:
    """A share that rises from 71 to 86 % has risen by 15 points, which are 21.1 % of it: both are told."""
    if not is_share(figure) or figure.current_value is None or figure.baseline_value is None:
        return change
    points = figure.current_value - figure.baseline_value
    return counted(
        "%(points)s point (%(percent)s)",
        "%(points)s points (%(percent)s)",
        1 if abs(points) == 1 else 2,
        points=_signed(number(points), points),
        percent=change,
    )


def _with_unit(figure: Figure, value: Decimal | None, number: NumberFormat, percent: NumberFormat) -> str:
    """A share with the sign of percent as the language writes it, and whatever the unit says it is a share of."""
    value = value or Decimal(0)
    if not is_share(figure):
        return f"{number(value)} {figure.unit}".strip()
    unit = figure.unit.strip()
    start = max((start for start in SHARE_UNITS if unit.lower().startswith(start)), key=len)
    return f"{percent(value)} {unit[len(start) :].strip()}".strip()


def _dated(value: str, period: str) -> str:
    return f"{value} ({period})" if period else value


def _signed(text: str, value: Decimal) -> str:
    return f"+{text}" if value > 0 else text
