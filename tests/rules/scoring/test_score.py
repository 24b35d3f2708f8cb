"""The score against a table written out by hand, and against what must hold of any answers."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters.criteria.editions import load_edition
from app.rules.scoring.score import (
    SelfRating,
    VerdictKind,
    compute_score,
    compute_standing,
    explain_core,
    explain_distance,
    explain_score,
    fewest_for,
    met_codes,
    score_headline,
)
from app.settings import ROOT

EDITION = load_edition(ROOT / "criteria" / "wwc-2022")
CODES = list(EDITION.criteria)
CORE = {"LC1", "DM1", "PA1"}
PLAIN = [code for code in CODES if code not in CORE]
LEVELS = ["none"] * 22 + ["silver"] * 8 + ["gold"] * 7 + ["platinum"] * 7
"""The level by count for 0 to 43 met."""
FIRST = {"silver": 22, "gold": 30, "platinum": 37}
NEXT = {"none": "silver", "silver": "gold", "gold": "platinum", "platinum": None}
answers = st.sets(st.sampled_from(CODES))

BEFORE = load_edition(ROOT / "criteria" / "wwc-2018")
CODES_BEFORE = list(BEFORE.criteria)
RANGES_BEFORE = {"none": range(23), "silver": range(23, 31), "gold": range(31, 38), "platinum": range(38, 46)}
"""Worked out by hand: 51 % of 45 is 22.95, 67 % is 30.15, 84 % is 37.8."""


def some(count: int, without: set[str]) -> list[str]:
    """That many codes, none of `without`, the core first."""
    return [code for code in [*sorted(CORE), *PLAIN] if code not in without][:count]


@pytest.mark.parametrize("count", range(44))
def test_every_count_with_the_core_met_reaches_the_level_of_the_table(count: int) -> None:
    result = compute_score(EDITION, some(count, set()))
    assert result.met == count
    assert result.level_by_count == LEVELS[count]
    assert result.next_level == NEXT[LEVELS[count]]
    assert result.needed_for_next == (FIRST.get(result.next_level or "", count) - count)
    if count >= 3:
        assert result.core_open == ()
        assert result.level == LEVELS[count]
        assert result.certifiable == (count >= 22)


@pytest.mark.parametrize(
    ("level", "count"), [(level, count) for level, counts in RANGES_BEFORE.items() for count in counts]
)
def test_the_edition_before_has_thresholds_and_a_total_of_its_own(level: str, count: int) -> None:
    result = compute_score(BEFORE, CODES_BEFORE[:count])
    assert (result.edition, result.total, result.met) == ("wwc-2018", 45, count)
    assert (result.level_by_count, result.level, result.core_open) == (level, level, ())
    ahead = NEXT[level]
    assert result.next_level == ahead
    assert result.needed_for_next == (RANGES_BEFORE[ahead].start - count if ahead else 0)


def test_the_ranges_of_the_edition_before_leave_no_count_out() -> None:
    assert sorted(count for counts in RANGES_BEFORE.values() for count in counts) == list(range(46))
    assert len(CODES_BEFORE) == 45


@pytest.mark.parametrize(
    ("count", "before", "now"), [(22, "none", "silver"), (30, "silver", "gold"), (37, "gold", "platinum")]
)
def test_the_same_count_can_be_worth_less_in_the_edition_before(count: int, before: str, now: str) -> None:
    assert compute_score(BEFORE, CODES_BEFORE[:count]).level_by_count == before
    assert compute_score(EDITION, some(count, set())).level_by_count == now


def test_the_edition_before_says_that_it_has_no_core() -> None:
    result = compute_score(BEFORE, CODES_BEFORE[:31])
    assert str(score_headline(result)) == "Estimated: Gold range"
    assert str(explain_core(result)) == "This edition has no core criteria."
    assert str(explain_distance(result)) == "7 more criteria for the Platinum range."


def test_a_code_of_the_other_edition_is_refused() -> None:
    with pytest.raises(ValueError, match="not in wwc-2018: DM1"):
        compute_score(BEFORE, ["DG1", "DM1"])


@pytest.mark.parametrize("missing", [{"LC1"}, {"DM1"}, {"PA1"}, {"LC1", "DM1"}, {"LC1", "PA1"}, {"DM1", "PA1"}, CORE])
@pytest.mark.parametrize("count", range(43))
def test_an_open_core_criterion_vetoes_every_level_and_leaves_the_count_alone(count: int, missing: set[str]) -> None:
    codes = some(count, missing)
    result = compute_score(EDITION, codes)
    assert result.level == "none"
    assert not result.certifiable
    assert missing <= set(result.core_open)
    assert result.level_by_count == LEVELS[len(codes)]


def test_the_core_is_named_in_the_order_of_the_edition() -> None:
    assert compute_score(EDITION, []).core_open == ("LC1", "DM1", "PA1")
    assert compute_score(EDITION, ["DM1"]).core_open == ("LC1", "PA1")


@pytest.mark.parametrize(("met", "percent"), [(0, "0.00"), (17, "39.53"), (24, "55.81"), (29, "67.44"), (43, "100.00")])
def test_the_percentage_is_shown_with_two_decimals(met: int, percent: str) -> None:
    assert str(compute_score(EDITION, some(met, set())).percent) == percent


@given(answers, st.sampled_from(CODES))
def test_one_more_criterion_met_never_lowers_anything(codes: set[str], more: str) -> None:
    order = ["none", "silver", "gold", "platinum"]
    before, after = compute_score(EDITION, codes), compute_score(EDITION, codes | {more})
    assert after.met >= before.met
    assert order.index(after.level) >= order.index(before.level)
    assert order.index(after.level_by_count) >= order.index(before.level_by_count)
    assert len(after.core_open) <= len(before.core_open)


@given(answers)
def test_the_level_is_none_exactly_when_core_is_open_or_the_count_too_small(codes: set[str]) -> None:
    assert (compute_score(EDITION, codes).level == "none") == (not codes >= CORE or len(codes) < 22)


@given(answers.flatmap(lambda codes: st.permutations(sorted(codes))))
def test_neither_order_nor_repetition_matters(codes: list[str]) -> None:
    assert (
        compute_score(EDITION, codes) == compute_score(EDITION, sorted(codes)) == compute_score(EDITION, codes + codes)
    )


@given(answers)
def test_needed_for_the_next_level_is_exactly_enough(codes: set[str]) -> None:
    result = compute_score(EDITION, codes)
    missing = [code for code in CODES if code not in codes]
    if result.next_level:
        reached = compute_score(EDITION, codes | set(missing[: result.needed_for_next]))
        almost = compute_score(EDITION, codes | set(missing[: result.needed_for_next - 1]))
        assert reached.level_by_count == result.next_level
        assert almost.level_by_count == result.level_by_count


@given(st.integers(1, 100), st.integers(1, 200))
def test_the_fewest_for_a_level_is_the_first_count_whose_share_reaches_it(percent: int, total: int) -> None:
    level = replace(EDITION.levels[0], percent=percent)
    fewest = fewest_for(level, total)
    assert fewest * 100 >= percent * total > (fewest - 1) * 100


def test_an_edition_without_the_core_rule_asks_for_no_core() -> None:
    free = replace(EDITION, core=replace(EDITION.core, required=False))
    result = compute_score(free, PLAIN[:22])
    assert result.level == "silver"
    assert str(explain_core(result)) == "This edition has no core criteria."


def test_an_unknown_code_is_refused_rather_than_skipped() -> None:
    with pytest.raises(ValueError, match="ZZ9"):
        compute_score(EDITION, ["DM1", "ZZ9"])


def test_the_demo_case_reads_as_estimated_silver_with_six_to_gold() -> None:
    result = compute_score(EDITION, some(24, set()))
    assert str(score_headline(result)) == "Estimated: Silver range"
    assert str(explain_distance(result)) == "6 more criteria for the Gold range."
    assert "24 of 43" in str(explain_score(result))


def test_enough_for_gold_with_core_open_says_not_certifiable_before_any_level() -> None:
    sentence = str(score_headline(compute_score(EDITION, some(31, {"DM1"}))))
    assert sentence.startswith("Not certifiable yet")
    assert "Gold" in sentence


def test_one_missing_criterion_is_said_in_the_singular() -> None:
    assert str(explain_distance(compute_score(EDITION, some(29, set())))) == "1 more criterion for the Gold range."
    assert str(explain_core(compute_score(EDITION, some(30, {"PA1"})))) == "Core criterion still open: PA1."


def test_nothing_is_needed_beyond_the_highest_level() -> None:
    result = compute_score(EDITION, CODES)
    assert (result.next_level, result.needed_for_next) == (None, 0)
    assert str(explain_distance(result)) == "This is the highest level."


def test_what_departments_claim_never_counts_as_verified() -> None:
    decided = {"DM1": VerdictKind.MET, "DM2": VerdictKind.NOT_MET, "DM3": VerdictKind.CHANGES_ASKED}
    ratings = dict.fromkeys(CODES[:20], SelfRating.MET)
    figures = compute_standing(EDITION, decided, ratings)
    assert (figures.verified, figures.claimed, figures.possible, figures.total) == (1, 20, 42, 43)
    assert met_codes(decided) == {"DM1"}
