"""Cost and time of what could be planned, the reasons of a plan, and when to begin: in cases small enough to check by hand."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from app.adapters.solver import find_cheapest_sets
from app.rules.criteria.edition import Edition, Effort
from app.rules.planning.options import Plan, PlanOption, make_plan
from app.rules.planning.question import Candidate, PlanningFacts, owner_load, pose_question, score_if_met
from app.rules.planning.schedule import ScheduleStep, schedule_steps
from app.rules.review.moves import ResponseState
from tests.small_editions import REAL, TODAY, small_edition, some_case

S, M, L = Effort.SMALL, Effort.MEDIUM, Effort.LARGE
SUBMITTED = ResponseState.SUBMITTED
NO_NEEDS: dict[str, tuple[str, ...]] = dict.fromkeys(["A", "B", "C", "D"], ())
CHAIN: dict[str, tuple[str, ...]] = {"A": (), "B": ("A",), "C": ("B",), "D": ()}
SMALL: dict[str, Any] = {"efforts": dict.fromkeys("ABCD", S)}


def planned(edition: Edition, met: str = "", days: int | None = None, **facts: Any) -> Plan:
    target = None if days is None else TODAY + timedelta(days=days)
    return make_plan(
        pose_question(edition, edition.levels[0], set(met), TODAY, target, PlanningFacts(**facts)), find_cheapest_sets
    )


def sets_of(answer: Plan) -> list[str]:
    return ["".join(option.criteria) for option in answer.options]


def candidate(code: str, days: int | None = None, met: str = "", **facts: Any) -> Candidate:
    target = None if days is None else TODAY + timedelta(days=days)
    return pose_question(REAL, REAL.levels[0], met.split(), TODAY, target, PlanningFacts(**facts)).by_code[code]


def why_not(answer: Plan) -> str:
    assert answer.options == ()
    return " ".join(map(str, answer.unreachable_because))


@pytest.mark.parametrize(("effort", "cost", "days"), [(S, 1, 14), (M, 2, 45), (L, 4, 120)])
def test_the_effort_decides_points_and_days(effort: Effort, cost: int, days: int) -> None:
    found = candidate("DM9", efforts={"DM9": effort})
    assert (found.cost, found.lead_days, found.finish_days) == (cost, days, days)


@pytest.mark.parametrize(("code", "days"), [("OD1", 60), ("BF1", 90), ("LC4", 45), ("DM1", 14)])
def test_a_decision_of_leaders_takes_its_time_on_top(code: str, days: int) -> None:
    assert candidate(code, efforts={code: S}).lead_days == 14 + days


def test_what_is_in_review_costs_one_point_and_two_weeks_whatever_the_city_reckoned() -> None:
    found = candidate("DM2", states={"DM2": SUBMITTED}, lead_days={"DM2": 300})
    assert (found.cost, found.lead_days, found.submitted) == (1, 14, True)


def test_the_days_that_a_city_gives_go_before_ours() -> None:
    assert candidate("BF1", lead_days={"BF1": 7}).lead_days == 7


def test_evidence_that_lapses_by_the_date_has_to_be_renewed_and_later_does_not() -> None:
    lapses = {"DM2": TODAY + timedelta(days=100)}
    renewed = candidate("DM2", 100, "DM2", lapses=lapses)
    assert (renewed.renewal, renewed.cost, renewed.lead_days) == (True, 1, 14)
    for days in (99, None):
        with pytest.raises(KeyError):
            candidate("DM2", days, "DM2", lapses=lapses)


def test_the_fourth_criterion_of_one_owner_costs_a_point_and_nobodys_costs_none() -> None:
    assert [owner_load("A" * many) for many in (3, 4, 6)] == [0, 1, 3]
    assert owner_load("AAAABBBBB") == 1 + 2
    assert owner_load([None] * 9) == 0


def test_a_level_reached_already_takes_nothing() -> None:
    answer = planned(small_edition(NO_NEEDS), "AB")
    option = answer.options[0]
    assert (len(answer.options), option.criteria, option.cost, option.finishes_on) == (1, (), 0, TODAY)
    assert str(option.reasons[0]).startswith("Nothing has to be added.")


def test_the_cheapest_comes_first_and_equals_in_the_order_of_the_edition() -> None:
    answer = planned(small_edition(NO_NEEDS, percent=25), efforts={"A": L, "B": M, "C": S, "D": M})
    assert [(option.cost, option.criteria) for option in answer.options] == [
        (1, ("C",)), (2, ("B",)), (2, ("D",)), (4, ("A",)),
    ]  # fmt: skip
    assert str(answer.options[0].cheapest) == "No option that gets there needs less than 1 point of work."
    assert str(answer.options[3].cheapest) == "3 points of work more than the first option."


def test_the_core_is_in_every_option_and_comes_first() -> None:
    answer = planned(small_edition(NO_NEEDS, core=("D",)), efforts={"D": L})
    assert sets_of(answer) == ["DA", "DB", "DC"]
    assert str(answer.options[0].reasons[0]) == "D: Core: without it no level is given. Effort: large."


def test_an_open_core_alone_is_a_plan_where_the_count_is_reached() -> None:
    answer = planned(small_edition(NO_NEEDS, core=("D",)), "ABC")
    assert sets_of(answer) == ["D"]
    assert str(answer.options[0].minimal) == "Leave any one out and a core criterion is open."


def test_a_set_of_which_one_part_is_for_the_core_and_one_for_the_count_says_both() -> None:
    """Without A three count and the core is open; without B, which C and D wait for, A counts alone."""
    edition = small_edition({"A": (), "B": (), "C": ("B",), "D": ("B",)}, core=("A",), percent=75)
    answer = planned(edition, "CD")
    assert sets_of(answer) == ["AB"]
    assert str(answer.options[0].minimal) == (
        "Leave any one out and either a core criterion is open or fewer than 3 of 4 are met."
    )


def test_one_prerequisite_brings_back_all_that_was_blocked_by_it() -> None:
    """B and C are met but wait for A: with it three count, with D only one."""
    edition = small_edition({"A": (), "B": ("A",), "C": ("B",), "D": ()}, percent=75)
    answer = planned(edition, "BC", efforts={"A": L, "D": S})
    assert sets_of(answer) == ["A"]
    assert str(answer.options[0].reasons[0]) == "A: B, C count only with it. Effort: large."


def test_where_the_edition_blocks_what_a_pick_builds_on_comes_with_it_and_before_it() -> None:
    edition = small_edition({"C": ("B",), "B": ("A",), "A": (), "D": ()}, percent=75)
    assert sets_of(planned(edition, efforts={"D": L, "A": S})) == ["ABC", "ABD"]


def test_where_the_edition_warns_a_pick_says_what_it_builds_on() -> None:
    answer = planned(small_edition(CHAIN, percent=25, mode="warn"), efforts={"A": L, "B": S})
    assert str(answer.options[0].reasons[0]) == "B: Effort: small. Builds on A, which is still open."


def test_times_add_up_along_a_chain_only_where_the_edition_blocks() -> None:
    for mode, days in (("block", 42), ("warn", 14)):
        edition = small_edition(CHAIN, percent=75, mode=mode)
        answer = planned(edition, days=42, **SMALL, owners={"D": "x"}, lead_days={"D": 99})
        assert sets_of(answer)[0] == "ABC"
        assert answer.options[0].finishes_on == TODAY + timedelta(days=days)


def test_a_chain_that_ends_a_day_too_late_is_out_of_reach_and_says_where() -> None:
    answer = planned(small_edition(CHAIN, percent=75), days=41, **SMALL, lead_days={"D": 99})
    assert why_not(answer) == (
        "For the Gold range you need 3 more criteria, but only 2 can be done by 2026-04-12. "
        "Too late: C can be done by 2026-04-13 at the earliest. Too late: D can be done by 2026-06-09 at the earliest. "
        "C alone could be done by 2026-03-16, but it counts only after B."
    )


def test_a_core_criterion_that_comes_too_late_is_named_with_its_date() -> None:
    answer = planned(small_edition(NO_NEEDS, core=("D",)), "AB", days=44)
    assert "Core criterion D cannot be done before 2026-04-16." in why_not(answer)
    assert "For the Gold range" not in why_not(answer)


def test_a_core_criterion_that_is_met_but_blocked_has_the_date_of_what_it_waits_for() -> None:
    answer = planned(small_edition(CHAIN, core=("C",), percent=25), "BCD", days=44)
    assert "Core criterion C cannot be done before 2026-04-16." in why_not(answer)
    assert "C is met, but it counts only with A." in why_not(answer)


def test_the_reasons_say_what_each_criterion_takes() -> None:
    lapses = {"A": TODAY + timedelta(days=5)}
    answer = planned(
        small_edition(NO_NEEDS, percent=75), "A", 60, states={"B": SUBMITTED}, lapses=lapses, lead_days={"D": 99}
    )
    assert [str(reason) for reason in answer.options[0].reasons] == [
        "A: Met today; its evidence lapses on 2026-03-07 and only has to be renewed.",
        "B: In review already: only the verdict is missing.",
        "C: Effort: medium; can be done by 2026-04-16.",
        "Leave any one out and you have at most 2 of 4; the Gold range starts at 3.",
        "No option that gets there needs less than 4 points of work.",
    ]


def test_points_for_a_heavy_load_are_named() -> None:
    answer = planned(small_edition(NO_NEEDS, percent=100), owners=dict.fromkeys("ABCD", "Parks"), **SMALL)
    assert (answer.options[0].cost, answer.options[0].load) == (5, 1)
    assert any(str(reason).startswith("1 point is added because an owner") for reason in answer.options[0].reasons)


def test_switching_tiles_by_hand_counts_only_what_the_prerequisites_let_count() -> None:
    edition = small_edition(CHAIN)
    assert score_if_met(edition, {"C"}, ["B"]).met == 0
    assert score_if_met(edition, {"C"}, ["A", "B"]).met == 3
    assert score_if_met(replace(edition, prerequisites="warn"), {"C"}, ["B"]).met == 2


def steps_of(answer: Plan, days: int) -> dict[str, ScheduleStep]:
    return steps_until(answer.options[0], TODAY + timedelta(days=days))


def steps_until(option: PlanOption, target: date) -> dict[str, ScheduleStep]:
    return {step.code: step for step in schedule_steps([pick.candidate for pick in option.picks], target, TODAY)}


def test_everything_is_due_two_weeks_before_the_date_and_begins_its_days_before() -> None:
    answer = planned(
        small_edition(NO_NEEDS, percent=100), efforts={"A": S, "B": M, "C": L, "D": L}, states={"D": SUBMITTED}
    )
    steps = steps_of(answer, 200)
    due_on = TODAY + timedelta(days=186)
    assert {step.due_on for step in steps.values()} == {due_on}
    assert [(due_on - steps[code].start_on).days for code in "ABCD"] == [14, 45, 120, 0]
    assert list(steps) == ["C", "B", "A", "D"]
    assert not any(step.late for step in steps.values())


def test_of_those_that_begin_on_one_day_core_ones_come_first() -> None:
    answer = planned(small_edition(NO_NEEDS, percent=100, core=("C",)))
    assert next(iter(steps_of(answer, 200))) == "C"


@pytest.mark.parametrize("mode", ["block", "warn"])
def test_a_prerequisite_is_due_the_day_before_what_builds_on_it_begins(mode: str) -> None:
    steps = steps_of(
        planned(small_edition(CHAIN, percent=75, mode=mode), **SMALL, states={"D": ResponseState.RETURNED}), 200
    )
    assert (steps["B"].start_on - steps["A"].due_on).days == 1
    assert (steps["C"].start_on - steps["B"].due_on).days == 1


def test_what_should_have_begun_already_begins_today_and_is_late() -> None:
    answer = planned(small_edition(CHAIN, percent=75), days=42, **SMALL, lead_days={"D": 99})
    steps = steps_of(answer, 42)
    assert steps["C"] == ScheduleStep("C", TODAY + timedelta(days=14), TODAY + timedelta(days=28), late=False)
    assert steps["B"] == ScheduleStep("B", TODAY, TODAY + timedelta(days=13), late=True)
    assert steps["A"] == ScheduleStep("A", TODAY, TODAY, late=True)


def test_in_the_schedule_of_any_plan_nothing_is_too_late_or_before_what_it_builds_on() -> None:
    random, late, ordered = Random(5), set(), 0
    for _ in range(300):
        case = some_case(random)
        target = case.target
        for option in make_plan(case.question(), find_cheapest_sets).options if target else ():
            assert target
            steps = steps_until(option, target)
            assert steps.keys() == set(option.criteria)
            for step in steps.values():
                late.add(step.late)
                assert TODAY <= step.start_on <= step.due_on <= target
                for need in case.edition.criteria[step.code].prerequisites:
                    if need in steps and not steps[need].late:
                        ordered += 1
                        assert steps[need].due_on < step.start_on
    assert late == {True, False}
    assert ordered > 20
