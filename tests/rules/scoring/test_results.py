"""The two results: they say when they differ, which of them is true today, and never that a level is safe when it is not."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters.criteria.editions import load_edition
from app.rules.scoring.as_data import results_as_data
from app.rules.scoring.forecast import list_lapses
from app.rules.scoring.headline import results_headline
from app.rules.scoring.results import (
    CoreState,
    TwoResults,
    compute_results,
    core_in_words,
    distance_in_words,
    results_details,
)
from app.settings import ROOT

EDITION = load_edition(ROOT / "criteria" / "wwc-2022")
CODES = list(EDITION.criteria)
CORE = ["LC1", "DM1", "PA1"]
OTHERS = [code for code in CODES if code not in CORE]
TODAY = date(2027, 4, 15)
SILVER, GOLD = [*CORE, *OTHERS[:21]], [*CORE, *OTHERS[:27]]


def aged(met: list[str], *codes: str, is_today: bool = True) -> TwoResults:
    return compute_results(EDITION, met, dict.fromkeys(codes, TODAY), TODAY, is_today=is_today)


def test_where_nothing_is_out_of_date_there_is_one_thing_to_say() -> None:
    results = aged(SILVER)
    assert str(results_headline(results)) == "Estimated: Silver range"
    assert (results.differ, results.tone, results.core_check) == (False, "plain", CoreState.MET)
    assert [(str(line.name), line.met, str(line.level), line.is_aged) for line in results.lines] == [
        ("By our reviews", 24, "Silver range", False),
        ("Still fresh today", 24, "Silver range", False),
    ]


def test_a_core_criterion_out_of_date_is_said_first_and_plainly() -> None:
    results = aged(SILVER, "DM1")
    assert str(results_headline(results)) == (
        "By our reviews: Silver range. Today, DM1 is out of date, so as it stands: not certifiable until it is renewed"
    )
    assert str(core_in_words(results)) == "Core criterion met, but out of date: DM1."
    assert (results.tone, results.core_check, results.core_state("LC1")) == (
        "aging",
        CoreState.OUT_OF_DATE,
        CoreState.MET,
    )
    assert [str(line.level) for line in results.lines] == ["Silver range", "not certifiable"]


def test_where_the_core_alone_brings_no_level_back_nobody_is_told_so() -> None:
    """24 met, 22 needed: with DM1 and two others out of date, DM1 alone leads back; with three others it does not."""
    enough, not_enough = (str(results_headline(aged(SILVER, "DM1", *OTHERS[:others]))) for others in (2, 3))
    assert enough.endswith("DM1 is out of date, so as it stands: not certifiable until it is renewed")
    assert not_enough == (
        "By our reviews: Silver range. Today, 4 criteria are out of date, DM1 among them, so as it stands: "
        "below the Silver range until they are renewed"
    )


def test_what_is_out_of_date_comes_before_the_way_to_the_next_level() -> None:
    assert str(distance_in_words(aged(SILVER))) == "6 more criteria for the Gold range."
    assert str(results_details(aged(SILVER, "DM1"))).endswith(
        "Renew first what is out of date. 6 more criteria for the Gold range."
    )
    renewed = compute_results(EDITION, SILVER, {"DM1": TODAY}, TODAY, renewed=["DM1"])
    assert str(distance_in_words(renewed)) == "6 more criteria for the Gold range."


def test_a_paper_and_another_day_name_the_day_and_not_today() -> None:
    results = aged(SILVER, "DM1", is_today=False)
    assert "On 2027-04-15, DM1 is out of date" in str(results_headline(results))
    assert "today" not in str(results_headline(results)).lower()
    assert str(results.lines[1].name) == "Still fresh on 2027-04-15"


def test_a_range_that_falls_names_both() -> None:
    results = aged(GOLD, *OTHERS[:2])
    assert str(results_headline(results)) == (
        "By our reviews: Gold range. Today, 2 criteria are out of date, so as it stands: Silver range until they are renewed"
    )
    assert f"Still fresh on 2027-04-15: 28 of 43; out of date: {OTHERS[0]}, {OTHERS[1]}." in str(
        results_details(results)
    )


def test_a_range_that_stays_says_so() -> None:
    results = aged(SILVER, OTHERS[0])
    assert str(results_headline(results)).endswith("1 criterion that is met is out of date; the range stays the same")
    assert results.tone == "plain"


@pytest.mark.parametrize(
    ("met", "headline", "tone"),
    [
        ([], "No criterion is met yet", "plain"),
        (OTHERS[:21], "Estimated: below the Silver range", "plain"),
        (OTHERS[:22], "Not certifiable yet: by count in the Silver range", "hold"),
        ([*CORE[1:], *OTHERS[:40]], "Not certifiable yet: by count in the Platinum range", "hold"),
    ],
)
def test_an_open_core_criterion_alarms_only_where_a_level_waits_for_it(
    met: list[str], headline: str, tone: str
) -> None:
    results = aged(met)
    assert (str(results_headline(results)), results.tone) == (headline, tone)
    assert "LC1" in str(results_details(results))


def test_what_is_renewed_and_waits_for_our_own_review_is_not_called_uncertifiable() -> None:
    risks = dict.fromkeys(["DM1", "PA1"], TODAY)
    one, both = (
        compute_results(EDITION, SILVER, risks, TODAY, renewed=renewed) for renewed in (["DM1"], ["DM1", "PA1"])
    )
    assert "not certifiable" in str(results_headline(one))
    assert str(results_headline(both)) == (
        "By our reviews: Silver range. DM1, PA1 are renewed: the newer evidence waits for our own review"
    )
    assert "not certifiable" not in " ".join(str(line.level) for line in both.lines)
    assert both.core_check is CoreState.OUT_OF_DATE, "and still not behind a tick"


def test_one_core_criterion_open_and_another_out_of_date_are_both_named() -> None:
    results = aged([code for code in SILVER if code != "PA1"], "DM1")
    assert "PA1" in str(core_in_words(results))
    assert "out of date: DM1" in str(core_in_words(results))
    assert results.core_check is CoreState.NOT_MET


DAYS = st.dates(date(2026, 1, 1), date(2029, 1, 1))


@given(st.sets(st.sampled_from(CODES)), st.dictionaries(st.sampled_from(CODES), DAYS), DAYS)
def test_the_words_never_hide_what_is_out_of_date(met: set[str], risks: dict[str, date], day: date) -> None:
    results = compute_results(EDITION, met, risks, day)
    lapsed = {code for code in met if code in risks and risks[code] <= day}
    assert set(results.out_of_date) == lapsed
    assert results.reviewed.met - results.fresh.met == len(lapsed)
    said = f"{results_headline(results)} {results_details(results)}"
    assert all(code in said for code in lapsed)
    assert ("out of date" in said) == bool(lapsed)
    if results.level_differs and not results.reviewed.core_open:
        assert "as it stands" in said
        assert not said.startswith("Estimated")
    data = results_as_data(results)
    assert (data["out_of_date"], data["day"]) == (list(results.out_of_date), day.isoformat())


@given(st.sets(st.sampled_from(CODES)), st.dictionaries(st.sampled_from(CODES), DAYS), DAYS)
def test_the_day_after_a_drop_says_what_the_forecast_said_the_day_before(
    met: set[str], risks: dict[str, date], day: date
) -> None:
    for lapse in list_lapses(EDITION, met, risks, day):
        before = compute_results(EDITION, met, risks, lapse.day - timedelta(days=1))
        after = compute_results(EDITION, met, risks, lapse.day)
        assert after.fresh == lapse.after
        if lapse.drops:
            assert before.fresh.level != after.fresh.level
            assert after.level_differs
