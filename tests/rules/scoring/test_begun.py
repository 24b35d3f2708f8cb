"""A new assessment does not read as a fall: until its first verdict the last result is told with its day."""

from datetime import date

from app.adapters.criteria.editions import load_edition
from app.rules.scoring.begun import BegunAssessment
from app.rules.scoring.headline import results_headline
from app.rules.scoring.results import compute_results, core_in_words, results_details
from app.rules.scoring.score import compute_score
from app.settings import ROOT

EDITION = load_edition(ROOT / "criteria" / "wwc-2022")
CORE = ["LC1", "DM1", "PA1"]
SILVER = [*CORE, *[code for code in EDITION.criteria if code not in CORE][:21]]
ENDED = date(2026, 11, 15)


def begun_with(met: list[str]) -> BegunAssessment:
    return BegunAssessment("2027 cycle", "2026 cycle", compute_score(EDITION, met), ENDED, 2, 39)


def test_the_last_result_leads_and_nothing_of_the_new_one_alarms() -> None:
    results = compute_results(EDITION, (), {}, date(2026, 12, 1), begun=begun_with(SILVER))
    assert str(results_headline(results)) == (
        "2026 cycle ended on 2026-11-15: 24 of 43 met, Silver range. 2027 cycle has begun: 2 of 39 answers confirmed"
    )
    assert "2027 cycle" in str(results_details(results))
    assert str(core_in_words(results)) == "Not reviewed yet in this assessment."
    assert results.tone == "plain"
    assert [(str(line.name), line.met, str(line.level)) for line in results.lines] == [
        ("2026 cycle, at its end", 24, "Silver range"),
        ("2027 cycle so far", 0, "not reviewed yet"),
    ]


def test_what_could_not_be_certified_then_is_not_made_better_by_a_new_assessment() -> None:
    results = compute_results(EDITION, (), {}, date(2026, 12, 1), begun=begun_with(SILVER[1:]))
    assert "23 of 43 met, not certifiable." in str(results_headline(results))
