from decimal import Decimal
from itertools import pairwise

import pytest

from app.rules.charts import draw_area_bars, draw_gauge, draw_pair, draw_trend

LEVELS = (("Silver", 22), ("Gold", 30), ("Platinum", 37))
AREAS = (("Data Management", 5, 6, 9), ("Community Impact", 0, 3, 3))


@pytest.mark.parametrize("width", [300, 700])
def test_the_scale_puts_every_count_at_its_share_of_the_whole(width: float) -> None:
    chart = draw_gauge((22, 43, 0), 43, LEVELS, width)
    assert chart.verified.x + chart.verified.width == pytest.approx(chart.bands[0].x)
    assert chart.claimed.x + chart.claimed.width == pytest.approx(chart.end)
    assert chart.possible.width == 0
    assert [band.first for band in chart.bands] == [22, 30, 37]


@pytest.mark.parametrize("width", [300, 480, 700])
def test_everything_lies_inside_the_picture_and_no_lane_on_another(width: float) -> None:
    chart = draw_gauge((24, 27, 38), 43, LEVELS, width)
    lanes = [chart.verified, chart.claimed, chart.possible]
    assert chart.end + 12 == chart.number_x < chart.width
    assert all(above.y + above.height < below.y for above, below in pairwise(lanes))
    assert chart.bottom < chart.height
    assert chart.bands[-1].x + chart.bands[-1].width == pytest.approx(chart.end)


def test_more_than_all_fills_the_scale_and_no_more() -> None:
    assert draw_gauge((50, 0, 0), 43, LEVELS).verified.width == draw_gauge((43, 0, 0), 43, LEVELS).verified.width


@pytest.mark.parametrize("width", [300, 700])
def test_one_criterion_is_equally_wide_in_every_area(width: float) -> None:
    large, small = draw_area_bars(AREAS, width).bars
    assert large.verified.track / 9 == pytest.approx(small.verified.track / 3)
    assert large.cells[:2] == pytest.approx(small.cells)
    assert small.verified.width == 0
    assert small.claimed.width == pytest.approx(small.claimed.track)


def test_a_long_title_takes_two_lines_and_then_ends_in_dots() -> None:
    title = "Presupuesto y finanzas que se basan en datos y en lo que necesitan los residentes"
    lines = [line for line, _ in draw_area_bars([(title, 1, 1, 3)]).bars[0].lines]
    assert len(lines) == 2
    assert lines[0] == "Presupuesto y finanzas que se"
    assert lines[1].endswith("…")


def test_no_areas_make_an_empty_chart() -> None:
    assert draw_area_bars(()).height == 0


@pytest.mark.parametrize(
    ("before", "now", "percent", "widths"),
    [
        (48, 36, None, (240, 180, False)),
        (10, 20, None, (120, 240, False)),
        (None, None, -25, (240, 180, True)),
        (None, None, 100, (120, 240, True)),
        (None, 50, None, None),
        (-1, 5, None, None),
        (None, None, -120, None),
        (0, 0, None, None),
    ],
)
def test_a_figure_is_two_bars_where_they_do_not_mislead(
    before: int | None, now: int | None, percent: int | None, widths: tuple[float, float, bool] | None
) -> None:
    given = [Decimal(number) if number is not None else None for number in (before, now, percent)]
    found = draw_pair(*given)
    assert (found and (found.before, found.now, found.index)) == widths


def test_a_trend_needs_two_assessments_and_lies_lower_for_a_smaller_share() -> None:
    marks = [("Silver", 51), ("Gold", 68)]
    assert draw_trend([("2026", 24, 43, True)], marks) is None
    chart = draw_trend([("2018 cycle", 0, 45, False), ("2026 cycle", 43, 43, True)], marks)
    assert chart
    low, high = chart.points
    assert (low.y, high.y) == (chart.bottom, chart.top)
    assert low.x < high.x
    assert (low.is_open, high.is_open) == (False, True)
    assert [level.percent for level in chart.levels] == [51, 68]
    assert chart.bottom > chart.levels[0].y > chart.levels[1].y > chart.top


def test_a_narrow_trend_shows_only_the_newest() -> None:
    runs = [(str(year), 10, 43, False) for year in range(2019, 2028)]
    wide, narrow = draw_trend(runs, []), draw_trend(runs, [], 300)
    assert wide
    assert narrow
    assert [point.title for point in wide.points] == ["2022", "2023", "2024", "2025", "2026", "2027"]
    assert [point.title for point in narrow.points] == ["2025", "2026", "2027"]
