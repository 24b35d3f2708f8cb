"""What the council summary says, rule by rule."""

from dataclasses import replace
from datetime import date

import pytest

from app.adapters.criteria.editions import load_edition
from app.adapters.translations import load_translator
from app.rules.message import NamedCriteria, say
from app.rules.report.acting import Actor, choose_actor, cut_reason, explain_unlock, explain_wait
from app.rules.report.answers import answer_certifiable, name_risk
from app.rules.report.matrix import TileState, choose_tile_state
from app.rules.report.renewing import MOST_BOXES, RenewalDay, draw_renewals
from app.rules.report.summary import changed_codes, pick_terms
from app.rules.review.moves import ResponseState
from app.rules.scoring.forecast import list_lapses
from app.rules.scoring.results import compute_results
from app.settings import ROOT

EDITION = load_edition(ROOT / "criteria" / "wwc-2022")
MET = [*dict.fromkeys([*EDITION.core.criteria, *EDITION.criteria])][:30]
GOLD = say("the Gold range")
NOTHING = NamedCriteria(EDITION.id, ())
AUTUMN, SPRING = date(2026, 11, 2), date(2027, 4, 1)


@pytest.mark.parametrize(
    ("state", "needs_decision", "department", "actor"),
    [
        (ResponseState.SUBMITTED, True, "Finance", Actor.REVIEWER),
        (ResponseState.IN_PROGRESS, True, "Finance", Actor.LEADERSHIP),
        (ResponseState.DECIDED, True, "Finance", Actor.LEADERSHIP),
        (ResponseState.RETURNED, False, "Finance", Actor.DEPARTMENT),
        (ResponseState.NOT_STARTED, False, "", Actor.OFFICE),
    ],
)
def test_what_is_with_the_reviewer_waits_for_nobody_else(
    state: ResponseState, needs_decision: bool, department: str, actor: Actor
) -> None:
    assert choose_actor(state, needs_decision, department) is actor


@pytest.mark.parametrize(
    ("waiting", "needed", "said"),
    [
        (5, 6, "5 of the 6 criteria needed for the Gold range wait only for our own reviewer."),
        (9, 6, "6 of the 6 criteria needed for the Gold range wait only for our own reviewer."),
        (1, 6, "1 of the 6 criteria needed for the Gold range waits only for our own reviewer."),
        (2, 0, "2 criteria wait only for our own reviewer."),
        (0, 6, "Nothing waits for our own reviewer."),
    ],
)
def test_the_reviewer_is_told_how_far_the_verdicts_alone_would_bring_the_city(
    waiting: int, needed: int, said: str
) -> None:
    assert str(explain_wait(waiting, needed, GOLD if needed else None)) == said


def test_a_decision_says_what_it_unlocks_and_the_core_check_comes_first() -> None:
    assert str(explain_unlock(True, NOTHING, 6, GOLD)) == "Core criterion: without it no level is given."
    assert str(explain_unlock(False, NOTHING, 6, GOLD)) == "One of the 6 criteria needed for the Gold range."
    assert str(explain_unlock(False, NOTHING, 1, GOLD)) == "The 1 criterion needed for the Gold range."
    told = load_translator("en").say(explain_unlock(False, NamedCriteria(EDITION.id, ("DM2", "DM3")), 0, None))
    assert told == (
        "One more criterion in the count. It opens the way to DM2 (Keep a full data inventory) and DM3 (Share data safely and quickly)."
    )


def test_a_long_reason_ends_after_a_sentence_or_else_after_a_word() -> None:
    assert cut_reason("Short.\n\nTwo  lines.") == "Short. Two lines."
    assert cut_reason("The plan is good. " + "word " * 80, 40) == "The plan is good …"
    assert cut_reason("word " * 80, 22) == "word word word word …"
    assert cut_reason("w" * 80, 22) == "w …"


def test_a_pasted_table_in_a_reason_keeps_its_lines() -> None:
    table = "Missing:\n\nItem\tPage\nMinutes\t4\nAgenda\t7"
    assert cut_reason(table) == table.replace("\n\n", "\n")
    assert cut_reason(table, 12) == "Missing:\nItem\tPage\n…"
    assert cut_reason("- " + "word " * 20 + "\n- other", 12) == "- word word …"


def test_what_counts_as_met_looks_so_whatever_is_being_done_with_it() -> None:
    assert choose_tile_state(ResponseState.SUBMITTED, True, False) is TileState.MET
    assert choose_tile_state(ResponseState.DECIDED, True, True) is TileState.AGED
    assert choose_tile_state(ResponseState.DECIDED, False, False) is TileState.NOT_MET
    states = {choose_tile_state(state, False, False) for state in ResponseState}
    assert states == set(TileState) - {TileState.MET, TileState.AGED}


def test_what_changed_is_told_of_criteria_that_both_reports_know() -> None:
    before = {"DM1": "met", "DM2": "open", "DM3": "met"}
    now = {"DM1": "met", "DM2": "met", "DM3": "not_met", "DM4": "met"}
    assert changed_codes(before, now, "met") == (("DM2",), ("DM3",))


def test_the_glossary_of_a_report_holds_the_words_that_it_uses() -> None:
    assert pick_terms(["A Data Steward is named."], [("baseline",), ("data steward", "stewards")]) == (1,)


def test_the_time_line_has_a_column_a_month_and_counts_what_has_no_room() -> None:
    names = [str(number) for number in range(13)]
    many = tuple(f"DM{number}" for number in range(1, 10))
    days = (_renewal(0, ("LC1",)), _renewal(5, many, drops=True))
    year = draw_renewals(names, days, {"LC1"}, width=650)
    assert [len(month.boxes) for month in year.months] == [1, 0, 0, 0, 0, MOST_BOXES, *[0] * 7]
    full = year.months[5]
    assert (full.boxes[-1].code, full.all_codes, full.drops) == ("+4", many, True)
    assert year.months[0].boxes[0].core
    assert all(box.x >= 0 and box.x + box.width <= 650 and box.y > 0 for month in year.months for box in month.boxes)


def _renewal(month: int, codes: tuple[str, ...], *, drops: bool = False) -> RenewalDay:
    return RenewalDay("a day", month, codes, (), "", drops)


def test_nothing_stands_against_a_certification_only_where_the_core_is_met_and_fresh() -> None:
    core = EDITION.core.criteria
    fine = compute_results(EDITION, MET, {}, AUTUMN)
    assert str(answer_certifiable(fine)).startswith("Nothing that we know stands against it")
    aged = compute_results(EDITION, MET, {core[0]: AUTUMN}, AUTUMN)
    assert str(answer_certifiable(aged)).startswith("Not as it stands. Core criterion met, but out of date")
    assert "waits for our own review" in str(answer_certifiable(replace(aged, renewed=aged.out_of_date)))
    without = compute_results(EDITION, [code for code in MET if code != core[0]], {}, AUTUMN)
    assert f"Core criterion still open: {core[0]}" in str(answer_certifiable(without))
    few = compute_results(EDITION, core, {}, AUTUMN)
    assert "3 criteria are met and still fresh; 19 more reach the Silver range" in str(answer_certifiable(few))


def test_the_biggest_risk_is_what_holds_already_then_the_next_fall_then_the_first_to_expire() -> None:
    drop = say("a fall")
    aged = compute_results(EDITION, MET, {"DM1": AUTUMN}, AUTUMN)
    said = str(name_risk(aged, drop, None, None))
    assert "out of date for DM1" in said
    assert said.endswith("a fall")
    fine = compute_results(EDITION, MET, {"DM2": SPRING}, AUTUMN)
    first = list_lapses(EDITION, MET, {"DM2": SPRING}, AUTUMN)[0]
    assert str(name_risk(fine, drop, first, None)) == "a fall"
    assert "first evidence expires on 2027-04-01, for DM2" in str(name_risk(fine, None, first, None))
    assert "with a known end" in str(name_risk(fine, None, None, None))
    none = compute_results(EDITION, [], {}, AUTUMN)
    assert "all is due on 2027-04-01" in str(name_risk(none, None, None, SPRING))
    assert "has no date" in str(name_risk(none, None, None, None))
    open_core = compute_results(EDITION, [code for code in MET if code != "DM1"], {}, AUTUMN)
    assert "a core criterion is open: DM1" in str(name_risk(open_core, None, None, None))
