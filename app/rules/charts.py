"""Where the parts of a chart lie: numbers in, coordinates out, in the units of the SVG's viewBox.

Verified and claimed are never one bar, since a department may claim what a reviewer has not seen and the other way round.
"""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

LABEL_WIDTH = 200
"""Room for the words left of the bars; a chart narrower than NARROW puts them above instead."""
NARROW = 480
NUMBER_WIDTH = 60


@dataclass(frozen=True)
class ChartBar:
    """One bar: `x`, `y` its top left corner, `width` its filled part, `track` the width of the whole scale."""

    value: int
    x: float
    y: float
    width: float
    track: float
    height: float


@dataclass(frozen=True)
class LevelBand:
    """A range on the scale: begins at `first` criteria, which lies at `x`; its name is centered on `middle`."""

    title: str
    first: int
    x: float
    middle: float
    width: float


@dataclass(frozen=True)
class LevelGauge:
    """The scale 0..total with a band for each level, and one lane each for verified, claimed and possible.

    `top` and `bottom` bound the lines that mark where a level begins; `number_x` is where a lane's number begins.
    """

    width: float
    height: float
    total: int
    start: float
    end: float
    top: float
    bottom: float
    number_x: float
    labels_above: bool
    bands: tuple[LevelBand, ...]
    verified: ChartBar
    claimed: ChartBar
    possible: ChartBar


@dataclass(frozen=True)
class AreaBar:
    """One practice area: `cells` are the lines between criteria; `lines` are its title, cut to fit, each with its base line."""

    title: str
    total: int
    lines: tuple[tuple[str, float], ...]
    verified: ChartBar
    claimed: ChartBar
    cells: tuple[float, ...]


@dataclass(frozen=True)
class AreaBars:
    width: float
    height: float
    number_x: float
    labels_above: bool
    bars: tuple[AreaBar, ...]


def draw_gauge(
    figures: tuple[int, int, int], total: int, marks: Sequence[tuple[str, int]], width: float = 700
) -> LevelGauge:
    """The level scale. `figures` are verified, claimed and possible, each 0..total; `marks` a title and its first count, rising."""
    above = width < NARROW
    start, end = _scale_ends(width)
    top, step = 44.0, 42.0 if above else 27.0
    first = top + (24 if above else 10)
    bars = [_draw_bar(value, total, start, end, first + step * index) for index, value in enumerate(figures)]
    bottom = bars[-1].y + bars[-1].height + 8
    edges = [start + (end - start) * count / total for _, count in marks] + [end]
    bands = tuple(
        LevelBand(title, count, edges[index], (edges[index] + edges[index + 1]) / 2, edges[index + 1] - edges[index])
        for index, (title, count) in enumerate(marks)
    )
    return LevelGauge(width, bottom + 4, total, start, end, top, bottom, end + 12, above, bands, *bars)


def draw_area_bars(areas: Sequence[tuple[str, int, int, int]], width: float = 700) -> AreaBars:
    """A bar for each area of (title, met, claimed, total). One criterion is equally wide in every area."""
    above = width < NARROW
    start, end = _scale_ends(width)
    widest = max((total for *_, total in areas), default=1)
    step = 54.0 if above else 36.0
    bars = tuple(
        _draw_area_bar(area, index * step, start, (end - start) / widest, above) for index, area in enumerate(areas)
    )
    return AreaBars(width, len(bars) * step, end + 12, above, bars)


def _scale_ends(width: float) -> tuple[float, float]:
    return (1.0 if width < NARROW else float(LABEL_WIDTH)), width - NUMBER_WIDTH


def _draw_bar(value: int, total: int, start: float, end: float, y: float, height: float = 16) -> ChartBar:
    return ChartBar(value, start, y, (end - start) * min(value, total) / total, end - start, height)


def _draw_area_bar(area: tuple[str, int, int, int], y: float, start: float, unit: float, above: bool) -> AreaBar:
    title, met, claimed, total = area
    top = y + (22 if above else 6)
    end = start + unit * total
    return AreaBar(
        title,
        total,
        lines=_title_lines(title, y, above),
        verified=_draw_bar(met, total, start, end, top, height=14),
        claimed=_draw_bar(claimed, total, start, end, top + 16, height=6),
        cells=tuple(start + unit * line for line in range(1, total)),
    )


def _title_lines(title: str, y: float, above: bool) -> tuple[tuple[str, float], ...]:
    if above:
        return ((textwrap.shorten(title, 46, placeholder="…"), y + 14),)
    lines = textwrap.wrap(title, 31, max_lines=2, placeholder="…")
    base = y + 19 if len(lines) == 1 else y + 13
    return tuple((line, base + 14 * index) for index, line in enumerate(lines))


@dataclass(frozen=True)
class BarPair:
    """Two bars on one scale, the width of each in units of the viewBox; `index` when only the change is known, so that before is 100."""

    before: float
    now: float
    index: bool


PAIR_WIDTH = 240


def draw_pair(before: Decimal | None, now: Decimal | None, percent: Decimal | None) -> BarPair | None:
    """How a figure changed; None where a bar would mislead: below zero, or with nothing to compare."""
    index = before is None and percent is not None
    if index and percent is not None:
        before, now = Decimal(100), 100 + percent
    if before is None or now is None or before < 0 or now < 0 or not (before or now):
        return None
    largest = max(before, now)
    return BarPair(round(float(before / largest) * PAIR_WIDTH, 1), round(float(now / largest) * PAIR_WIDTH, 1), index)


@dataclass(frozen=True)
class TrendPoint:
    """One assessment: `met` of `total` criteria at `x`, as high as its share; `lines` are its name, cut to fit, each with its base line.

    `is_open` where it may still rise.
    """

    title: str
    met: int
    total: int
    is_open: bool
    x: float
    y: float
    lines: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class LevelLine:
    """Where a level begins: its share in percent, at the height `y`."""

    title: str
    percent: int
    y: float


@dataclass(frozen=True)
class TrendChart:
    """Assessments from the earliest, left to right, on a scale from none to all, which are at `bottom` and `top`.

    `label_x` and `label_anchor` say where the names of the levels stand: beside the scale, or on their lines where it is narrow.
    """

    width: float
    height: float
    start: float
    end: float
    top: float
    bottom: float
    label_x: float
    label_anchor: str
    points: tuple[TrendPoint, ...]
    levels: tuple[LevelLine, ...]


TREND_HEIGHT = 200
MOST_POINTS = 6
"""More names than these have no room beside each other; what is older stands in the list of assessments."""


def draw_trend(
    runs: Sequence[tuple[str, int, int, bool]], marks: Sequence[tuple[str, int]], width: float = 700
) -> TrendChart | None:
    """A point for each assessment of (name, met, total, is open), the earliest first, and a line for each level of (title, percent).

    In shares, since editions have different numbers of criteria. None for fewer than two: one point is no trend.
    """
    shown = runs[-(MOST_POINTS if width >= NARROW else 3) :]
    if len(shown) < 2:
        return None
    narrow = width < NARROW
    top, bottom, start, end = 14.0, TREND_HEIGHT + 14.0, 12.0, width - (6 if narrow else 150)
    room = (end - start) / len(shown)

    def height_of(share: float) -> float:
        return round(bottom - (bottom - top) * share, 1)

    points = tuple(
        TrendPoint(
            title,
            met,
            total,
            is_open,
            start + room * (place + 0.5),
            height_of(met / total),
            _point_lines(title, bottom),
        )
        for place, (title, met, total, is_open) in enumerate(shown)
    )
    levels = tuple(LevelLine(title, percent, height_of(percent / 100)) for title, percent in marks)
    label_x, anchor = (end, "end") if narrow else (end + 6, "start")
    return TrendChart(width, bottom + 40, start, end, top, bottom, label_x, anchor, points, levels)


def _point_lines(title: str, bottom: float) -> tuple[tuple[str, float], ...]:
    lines = textwrap.wrap(title, 16, max_lines=2, placeholder="…")
    return tuple((line, bottom + 16 + 14 * index) for index, line in enumerate(lines))
