"""k of n: ticks with evidence behind them, required items, windows, and the easiest next step."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters.criteria.editions import load_edition
from app.rules.checklist.stand import Checklist, ItemSupport, evaluate_checklist, explain_checklist
from app.rules.criteria.edition import ChecklistItem, Window
from app.settings import ROOT

TODAY = date(2026, 5, 31)
DM1 = load_edition(ROOT / "criteria" / "wwc-2022").criteria["DM1"]
CRITERION = replace(
    DM1,
    needed=3,
    checklist=(
        ChecklistItem("table", "There is a table.", required=True),
        ChecklistItem("notes", "There are notes.", window=Window.QUARTERLY),
        ChecklistItem("dates", "There are dates."),
        ChecklistItem("charter", "There is a charter.", window=Window.YEAR),
    ),
)
ITEMS = [item.id for item in CRITERION.checklist]
OLD, RECENT = date(2024, 3, 1), date(2026, 5, 1)


def stand(ticked: list[str], day: date = TODAY, **ends: date | None) -> Checklist:
    backing = {item: [ItemSupport(number, end)] for number, (item, end) in enumerate(ends.items(), start=1)}
    return evaluate_checklist(CRITERION, ticked, backing, day)


@pytest.mark.parametrize(
    ("ticked", "ends", "holds"),
    [
        (ITEMS[:3], {"table": None, "notes": RECENT, "dates": None}, True),
        (ITEMS[:3], {"table": None, "notes": RECENT}, False),
        (ITEMS[:2], {"table": None, "notes": RECENT, "dates": None}, False),
        (ITEMS[1:], {"notes": RECENT, "dates": None, "charter": RECENT}, False),
        (ITEMS[:3], {"table": None, "notes": OLD, "dates": None}, False),
        (ITEMS[:3], {"table": None, "notes": None, "dates": None}, True),
        (ITEMS, {"table": None, "notes": OLD, "dates": None, "charter": RECENT}, True),
    ],
)
def test_it_holds_with_enough_ticked_items_that_have_evidence_in_their_window(
    ticked: list[str], ends: dict[str, Any], holds: bool
) -> None:
    assert stand(ticked, **ends).holds is holds


def test_an_item_of_an_older_list_counts_for_nothing() -> None:
    assert stand(["of-an-older-list"], **{"of-an-older-list": RECENT}).in_place == 0


@pytest.mark.parametrize(
    ("ticked", "ends", "says"),
    [
        ([], {}, "3 of 4 items needed, 0 in place. Easiest to add: “There is a table”."),
        (["table"], {}, "3 of 4 items needed, 0 in place. Easiest to add: add evidence for “There is a table”."),
        (
            ["table", "dates"],
            {"table": None, "notes": RECENT},
            "3 of 4 items needed, 1 in place. Easiest to add: tick “There are notes”, since its evidence is here.",
        ),
        (
            ["table", "charter"],
            {"table": None, "charter": OLD},
            "3 of 4 items needed, 1 in place. Easiest to add: renew the evidence for “There is a charter”.",
        ),
        (
            ITEMS[1:],
            {"notes": RECENT, "dates": None, "charter": RECENT},
            "3 of 4 items needed, 3 in place, but a required one is missing: “There is a table”.",
        ),
        (ITEMS[:3], {"table": None, "notes": RECENT, "dates": None}, "3 of 4 items needed, 3 in place."),
    ],
)
def test_the_department_reads_what_it_has_and_what_is_easiest(
    ticked: list[str], ends: dict[str, Any], says: str
) -> None:
    assert str(explain_checklist(stand(ticked, **ends))) == says


@pytest.mark.parametrize(
    ("ticked", "ends", "done"),
    [
        ([], {}, 0),
        (["table"], {"table": None}, 1),
        (ITEMS[1:], {"notes": RECENT, "dates": None, "charter": RECENT}, 2),
        (ITEMS, {"table": None, "notes": RECENT, "dates": None, "charter": RECENT}, 3),
    ],
)
def test_a_bar_is_full_only_when_no_required_item_is_missing(
    ticked: list[str], ends: dict[str, Any], done: int
) -> None:
    assert stand(ticked, **ends).done == done


def test_enough_items_without_a_required_one_lack_only_that() -> None:
    assert stand(ITEMS[1:], notes=RECENT, dates=None, charter=RECENT).lacks_only_required
    assert not stand(["table"], table=None).lacks_only_required
    assert not stand(ITEMS, table=None, notes=RECENT, dates=None, charter=RECENT).lacks_only_required


def test_a_criterion_is_at_risk_when_too_little_is_left_or_a_required_item_lapses() -> None:
    all_four = stand(ITEMS, table=None, notes=RECENT, dates=None, charter=date(2025, 12, 31))
    assert all_four.at_risk_from == date(2027, 1, 1), "one item to spare: the second lapse counts"
    three = stand(ITEMS[:3], table=None, notes=RECENT, dates=None)
    assert three.at_risk_from == date(2026, 10, 1)
    assert stand(["table", "dates"], table=None, dates=None).at_risk_from is None
    assert stand(["notes"], notes=RECENT).at_risk_from == date(2026, 10, 1), "met against the checklist, with one item"
    required = replace(
        CRITERION, needed=1, checklist=(replace(CRITERION.checklist[3], required=True), *CRITERION.checklist[:3])
    )
    backing = {"charter": [ItemSupport(1, date(2025, 6, 30))], "dates": [ItemSupport(2, None)]}
    assert evaluate_checklist(required, ITEMS, backing, TODAY).at_risk_from == date(2026, 7, 1)


def test_renewing_what_has_lapsed_names_the_newest_piece_behind_each_item() -> None:
    backing = {"notes": [ItemSupport(1, OLD), ItemSupport(2, RECENT)], "charter": [ItemSupport(2, RECENT)]}
    found = evaluate_checklist(CRITERION, ITEMS, backing, TODAY)
    assert found.lapsed_by(date(2026, 9, 30)) == frozenset()
    assert found.lapsed_by(date(2026, 10, 1)) == frozenset({2})
    assert found.lapsed_by(date(2030, 1, 1)) == frozenset({2})


def test_an_unknown_period_is_said_and_never_puts_anything_at_risk() -> None:
    found = stand(ITEMS[:3], table=None, notes=None, dates=None)
    assert found.period_unknown
    assert found.at_risk_from is None


ENDS = st.none() | st.dates(date(2023, 1, 1), date(2027, 1, 1))
BACKING = st.dictionaries(st.sampled_from(ITEMS), st.lists(ENDS, min_size=1, max_size=3))


def _backing(ends: dict[str, list[date | None]]) -> dict[str, list[ItemSupport]]:
    return {item: [ItemSupport(number, end) for number, end in enumerate(found)] for item, found in ends.items()}


@given(st.sets(st.sampled_from(ITEMS)), BACKING, st.sampled_from(ITEMS), ENDS)
def test_one_more_tick_or_piece_never_breaks_a_checklist(
    ticked: set[str], ends: dict[str, list[date | None]], item: str, end: date | None
) -> None:
    before = evaluate_checklist(CRITERION, ticked, _backing(ends), TODAY)
    more = {**ends, item: [*ends.get(item, []), end]}
    after = evaluate_checklist(CRITERION, ticked | {item}, _backing(more), TODAY)
    assert (after.in_place, after.holds) >= (before.in_place, before.holds)


@given(st.sets(st.sampled_from(ITEMS)), BACKING, st.integers(0, 1200))
def test_a_checklist_that_holds_holds_until_the_day_at_risk_and_not_on_it(
    ticked: set[str], ends: dict[str, list[date | None]], later: int
) -> None:
    now = evaluate_checklist(CRITERION, ticked, _backing(ends), TODAY)
    day = TODAY + timedelta(days=later)
    if now.holds:
        at_risk = now.at_risk_from is not None and now.at_risk_from <= day
        assert evaluate_checklist(CRITERION, ticked, _backing(ends), day).holds is not at_risk
