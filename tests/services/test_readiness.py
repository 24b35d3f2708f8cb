"""The figures that page and report share."""

from datetime import date

import pytest

from app.services import readiness
from app.services.assessment.figures import Readiness, compute_readiness
from app.services.desk import Desk, Who
from app.services.site import Site
from app.store import review
from app.store.city import load_city
from app.store.response import Response
from app.store.review import Verdict
from tests.conftest import WhoIs
from tests.world import World

AUTUMN = date(2026, 11, 2)


@pytest.fixture
def official(who: WhoIs) -> Who:
    return who("official", today=AUTUMN)


def figures(site: Site, world: World, language: str = "en") -> Readiness:
    with site.database.reading() as session:
        city = load_city(session, world.alpha.id)
        return compute_readiness(session, site, city, language, AUTUMN)


def decide(site: Site, world: World, codes: list[str]) -> None:
    """Give each criterion a verdict of met."""
    with site.database.writing() as session:
        for code in codes:
            known = world.alpha.responses.get(code)
            found = session.get_one(Response, known) if known else None
            run = world.alpha.assessment_id
            found = found or Response(city_id=world.alpha.id, assessment_id=run, criterion=code)
            found.state = "decided"
            session.add(found)
            session.flush()
            reviewer = world.alpha.people["reviewer"]
            session.add(Verdict(city_id=world.alpha.id, response_id=found.id, decision="met", reviewer_id=reviewer))


SILVER = [*(f"DM{n}" for n in range(1, 10)), *(f"LC{n}" for n in range(1, 8)), *(f"PA{n}" for n in range(1, 6)), "OD1"]
"""Twenty-two codes, the core ones among them."""


def test_the_estimate_is_said_in_a_few_words_and_then_explained(site: Site, seeded: World) -> None:
    decide(site, seeded, SILVER)
    now = figures(site, seeded)
    assert str(now.headline) == "Estimated: Silver range"
    assert (
        str(now.answer)
        == "Our own review found 22 of 43 criteria met. All core criteria are met. 8 more criteria for the Gold range."
    )


def test_an_open_core_criterion_is_said_whatever_the_count(site: Site, seeded: World) -> None:
    decide(site, seeded, [*SILVER[1:], "OD2"])
    with site.database.writing() as session:
        while verdict := review.find_newest_verdict(session, seeded.alpha.id, seeded.alpha.responses["DM1"]):
            verdict.withdrawn_at = verdict.at
            session.add(verdict)
    now = figures(site, seeded)
    assert str(now.headline) == "Not certifiable yet: by count in the Silver range"
    assert [(line.code, line.state) for line in now.core] == [("LC1", "met"), ("DM1", "not_met"), ("PA1", "met")]
    assert now.gaps[0].code == "DM1"


def test_the_levels_begin_where_the_standard_says(site: Site, seeded: World) -> None:
    levels = figures(site, seeded).levels
    assert [(str(level.title), level.needed, level.percent) for level in levels] == [
        ("Silver range", 22, 51),
        ("Gold range", 30, 68),
        ("Platinum range", 37, 85),
    ]


def test_areas_count_verified_and_claimed_apart_and_add_up(site: Site, seeded: World) -> None:
    now = figures(site, seeded)
    capacity = next(area for area in now.areas if area.id == "leadership-and-capacity")
    assert (capacity.met, capacity.claimed, capacity.total) == (1, 5, 7)
    assert sum(area.met for area in now.areas) == now.figures.verified
    assert sum(area.claimed for area in now.areas) == now.figures.claimed
    assert sum(area.total for area in now.areas) == 43


def test_the_strongest_areas_are_those_with_the_highest_verified_share(site: Site, seeded: World) -> None:
    decide(site, seeded, ["CI1", "CI2", "BF1"])
    assert [area.title for area in figures(site, seeded).strong_areas] == [
        "Community Impact",
        "Data-Driven Budget and Finance",
        "Leadership and Capacity",
    ]


def test_a_criterion_met_with_evidence_is_a_strength_and_one_without_is_not(site: Site, seeded: World) -> None:
    decide(site, seeded, ["LC1", "OD1"])
    assert [(one.code, str(one.text)) for one in figures(site, seeded).strengths] == [("LC1", "4 pieces of evidence")]


def test_gaps_name_what_is_missing_and_whose_it_is(site: Site, seeded: World) -> None:
    now = figures(site, seeded)
    assert len(now.gaps) == 41
    first = now.gaps[0]
    assert (first.code, first.core, first.owner, first.person) == ("LC1", True, "Finance", "Lead of Alpha City")
    assert str(first.why) == "Begun, not submitted."
    assert str(first.missing).startswith("3 of 4 items needed, 0 in place. Easiest to add: “On at least two dates")


def test_leaders_are_told_which_decisions_are_theirs(site: Site, seeded: World) -> None:
    asked = {one.code: (str(one.kind), str(one.text)) for one in figures(site, seeded).decisions}
    assert asked["OD1"] == ("Policy", "Adopt an open data policy that anyone can read.")
    assert "LC4" not in asked


def test_the_numbers_are_the_same_in_every_language(site: Site, seeded: World) -> None:
    english, spanish = figures(site, seeded), figures(site, seeded, "es")
    assert english.figures == spanish.figures
    assert english.score == spanish.score
    assert [gap.code for gap in english.gaps] == [gap.code for gap in spanish.gaps]
    assert english.areas[0].title != spanish.areas[0].title


def test_the_page_lists_the_reports_of_this_city_alone(site: Site, official: Who) -> None:
    with site.database.reading() as session:
        page = readiness.load_readiness(Desk(session, site, official))
    assert [(line.number, line.language, line.code) for line in page.reports] == [
        (1, "English", f"ABCD-222{official.city_id + 1}-WXYZ")
    ]
