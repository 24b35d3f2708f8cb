"""When someone last looked whether the public sources of a criterion still say so."""

from dataclasses import replace
from datetime import date

from app.adapters.criteria.editions import load_edition
from app.rules.criteria.edition import PublicSource
from app.rules.sources import checked_on, list_unchecked, unchecked_in_words
from app.settings import ROOT

EDITION = load_edition(ROOT / "criteria" / "wwc-2022")
OLD, NEW = (PublicSource(day.isoformat(), "a name", day) for day in (date(2024, 2, 29), date(2026, 5, 15)))
SMALL = replace(
    EDITION,
    seen_on="2025-01-31",
    criteria={
        "DM1": replace(EDITION.criteria["DM1"], sources=(NEW, OLD)),
        "DM2": replace(EDITION.criteria["DM2"], sources=(OLD,)),
        "DM3": replace(EDITION.criteria["DM3"], sources=()),
    },
)


def test_the_newest_source_says_when_a_criterion_was_checked_and_else_the_edition() -> None:
    assert [checked_on(SMALL, code) for code in SMALL.criteria] == [NEW.seen_on, OLD.seen_on, date(2025, 1, 31)]


def test_after_twelve_months_and_not_a_day_earlier_it_was_long_ago() -> None:
    assert list_unchecked(SMALL, date(2025, 2, 28)) == {}
    assert list_unchecked(SMALL, date(2025, 3, 1)) == {"DM2": OLD.seen_on}
    assert list(list_unchecked(SMALL, date(2027, 5, 15))) == ["DM2", "DM3"]
    assert list(list_unchecked(SMALL, date(2027, 5, 16))) == ["DM1", "DM2", "DM3"]


def test_the_report_names_them_with_their_titles_or_says_that_it_is_all_or_nothing() -> None:
    titles = {code: f"{code} ({SMALL.criteria[code].title})" for code in SMALL.criteria}
    assert unchecked_in_words(SMALL, date(2025, 2, 28)) is None
    alone = str(unchecked_in_words(SMALL, date(2025, 3, 1)))
    assert "of 1 criterion were last checked" in alone
    assert f"or later: {titles['DM2']}." in alone
    two, all_of_them = (str(unchecked_in_words(SMALL, date(2027, 5, day))) for day in (15, 16))
    assert f"2024-02-29 or later: {titles['DM2']}; {titles['DM3']}." in two
    assert "of all 3 criteria were last checked more than 12 months ago" in all_of_them
