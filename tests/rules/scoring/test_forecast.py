"""What the score would be on a day, when levels drop, and how few documents keep them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters.criteria.editions import load_edition
from app.rules.scoring.forecast import criteria_at_risk, drop_in_words, forecast_score, list_lapses, renewals_to_keep
from app.rules.scoring.score import fewest_for
from app.settings import ROOT

EDITION = load_edition(ROOT / "criteria" / "wwc-2022")
CODES = list(EDITION.criteria)
CORE = ["LC1", "DM1", "PA1"]
OTHERS = [code for code in CODES if code not in CORE]
TODAY = date(2026, 11, 25)
FIRST_OF_MARCH = date(2027, 3, 1)
GOLD = [*CORE, *OTHERS[:27]]


def test_what_lapses_lowers_the_forecast_from_that_day_on_and_changes_nothing_before() -> None:
    risks = {OTHERS[0]: FIRST_OF_MARCH}
    assert forecast_score(EDITION, GOLD, risks, FIRST_OF_MARCH - timedelta(days=1)).level == "gold"
    assert forecast_score(EDITION, GOLD, risks, FIRST_OF_MARCH).level == "silver"
    assert criteria_at_risk(GOLD, risks, FIRST_OF_MARCH) == {OTHERS[0]}
    assert criteria_at_risk([OTHERS[1]], risks, FIRST_OF_MARCH) == frozenset(), "what is not met cannot be at risk"


def test_the_day_of_a_drop_says_how_many_documents_keep_the_level() -> None:
    risks = dict.fromkeys(OTHERS[:3], FIRST_OF_MARCH)
    (lapse,) = list_lapses(EDITION, GOLD, risks, TODAY)
    documents = {code: frozenset({number}) for number, code in enumerate(OTHERS[:3])}
    assert (lapse.drops, lapse.before.level, lapse.after.level) == (True, "gold", "silver")
    kept = renewals_to_keep(EDITION, lapse, documents)
    assert len(kept) == 3
    assert (
        str(drop_in_words(lapse, len(kept)))
        == "If nothing is renewed: on 2027-03-01 your estimate falls from the Gold range to the Silver range, "
        f"because evidence for {', '.join(lapse.codes)} is too old then. Renewing 3 documents keeps it."
    )


def test_only_as_many_documents_are_asked_for_as_the_level_needs() -> None:
    met = [*GOLD, OTHERS[27], OTHERS[28]]
    risks = dict.fromkeys(OTHERS[:3], FIRST_OF_MARCH)
    (lapse,) = list_lapses(EDITION, met, risks, TODAY)
    documents = {OTHERS[0]: frozenset({1, 2}), OTHERS[1]: frozenset({3}), OTHERS[2]: frozenset({4, 5})}
    assert renewals_to_keep(EDITION, lapse, documents) == {3}, (
        "32 met less 3 is one short of Gold: the criterion that needs least"
    )


def test_a_core_criterion_that_lapses_takes_every_level_and_is_the_one_to_renew() -> None:
    (lapse,) = list_lapses(EDITION, [*GOLD, OTHERS[27]], {"DM1": FIRST_OF_MARCH}, TODAY)
    assert renewals_to_keep(EDITION, lapse, {"DM1": frozenset({7})}) == {7}
    assert (
        str(drop_in_words(lapse, 1))
        == "If nothing is renewed: on 2027-03-01 your estimate falls from the Gold range to not certifiable, "
        "because evidence for DM1 is too old then. Renewing 1 document keeps it."
    )


def test_one_document_behind_several_criteria_counts_once() -> None:
    (lapse,) = list_lapses(EDITION, GOLD, dict.fromkeys(OTHERS[:3], FIRST_OF_MARCH), TODAY)
    assert renewals_to_keep(EDITION, lapse, dict.fromkeys(OTHERS[:3], frozenset({9}))) == {9}


def test_the_timeline_has_a_line_for_each_day_and_begins_with_what_is_at_risk_already() -> None:
    risks = {OTHERS[0]: TODAY, OTHERS[1]: date(2027, 1, 1), OTHERS[2]: FIRST_OF_MARCH, OTHERS[3]: FIRST_OF_MARCH}
    lines = list_lapses(EDITION, GOLD, risks, TODAY)
    assert [(line.day, line.codes) for line in lines] == [
        (date(2027, 1, 1), (OTHERS[1],)),
        (FIRST_OF_MARCH, (OTHERS[2], OTHERS[3])),
    ]
    assert [line.before.met for line in lines] == [29, 28]
    assert [len(line.at_risk) for line in lines] == [2, 4]


DAYS = st.dates(date(2026, 1, 1), date(2029, 1, 1))
RISKS = st.dictionaries(st.sampled_from(CODES), DAYS)


@given(st.sets(st.sampled_from(CODES)), RISKS, DAYS, st.integers(0, 700))
def test_a_later_day_never_has_a_better_forecast(met: set[str], risks: dict[str, date], day: date, later: int) -> None:
    now, then = (forecast_score(EDITION, met, risks, day + timedelta(days=days)) for days in (0, later))
    assert then.met <= now.met
    assert set(now.core_open) <= set(then.core_open)


RANKS = ["none", *(level.id for level in EDITION.levels)]


@given(st.sets(st.sampled_from(CODES)), RISKS)
def test_renewing_what_is_named_keeps_the_level_or_a_better_one(met: set[str], risks: dict[str, date]) -> None:
    documents = {code: frozenset({number}) for number, code in enumerate(CODES)}
    for lapse in list_lapses(EDITION, met, risks, date(2025, 12, 31)):
        renewed = renewals_to_keep(EDITION, lapse, documents)
        still = {code: day for code, day in risks.items() if not documents[code] <= renewed}
        kept = forecast_score(EDITION, met, still, lapse.day).level  # better, where a core criterion had lapsed before
        assert RANKS.index(kept) >= RANKS.index(lapse.before.level)


@pytest.mark.parametrize("count", range(44))
def test_without_lapses_the_forecast_is_the_score_for_every_count(count: int) -> None:
    met = [*CORE, *OTHERS][:count]
    result = forecast_score(EDITION, met, {}, TODAY)
    reached = [level.id for level in EDITION.levels if count >= fewest_for(level, 43)]
    assert result.level_by_count == (reached[-1] if reached else "none")
