"""What is worked out from a city's rows is kept for everyone, and ends with the first change that it depends on."""

from collections.abc import Callable

import pytest
from sqlmodel import Session, col, delete, select

from app.rules.history.verbs import Verb
from app.services.assessment import ground
from app.services.assessment.overview import Overview, load_overview
from app.services.kept import CityResults, KeptResults
from app.services.site import Site
from app.store.assessment import Assessment, LocalCriterion
from app.store.city import City, Department, city_values, find_city
from app.store.evidence.pieces import Evidence, EvidenceSupport
from app.store.history import events
from app.store.response import ChecklistAnswer, Response
from app.store.review import Verdict
from tests.world import World

TICKS = frozenset({"checklist_answer"})


class Counted:
    """Says how often it was asked."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> int:
        self.times += 1
        return self.times


def results(site: Site, session: Session, slug: str = "alpha") -> CityResults:
    city = find_city(session, slug)
    assert city
    return site.kept.seen_by(session, city_values(city))


def ask(site: Site, counted: Counted, kinds: frozenset[str] | None = None, slug: str = "alpha") -> int:
    with site.database.reading() as session:
        return results(site, session, slug).find("ticks", counted, kinds)


def change_response(site: Site, seeded: World) -> None:
    with site.database.writing() as session:
        response = session.exec(select(Response).where(Response.id == seeded.alpha.responses["LC1"])).one()
        response.narrative += " More."
        session.add(response)
        events.record_event(session, seeded.alpha.id, None, Verb.NARRATIVE_WRITTEN, "LC1")


def add_tick(site: Site, seeded: World) -> None:
    with site.database.writing() as session:
        about = {"city_id": seeded.alpha.id, "response_id": seeded.alpha.responses["LC1"]}
        session.add(ChecklistAnswer(**about, item="another", ticked=True))
        events.record_event(session, seeded.alpha.id, None, Verb.ITEM_TICKED, "LC1")


def test_it_is_worked_out_once_until_something_changes(site: Site, seeded: World) -> None:
    counted = Counted()
    assert [ask(site, counted), ask(site, counted)] == [1, 1]
    change_response(site, seeded)
    assert ask(site, counted) == 2


def test_what_is_made_from_other_rows_outlives_a_change(site: Site, seeded: World) -> None:
    counted = Counted()
    assert ask(site, counted, TICKS) == 1
    change_response(site, seeded)
    assert ask(site, counted, TICKS) == 1
    add_tick(site, seeded)
    assert ask(site, counted, TICKS) == 2


def test_another_city_has_its_own(site: Site, seeded: World) -> None:
    counted = Counted()
    assert [ask(site, counted), ask(site, counted, slug="beta")] == [1, 2]


def add_answer(session: Session, seeded: World) -> None:
    session.add(ChecklistAnswer(city_id=seeded.alpha.id, response_id=seeded.alpha.responses["LC1"], item="a third"))


def delete_answers(session: Session, seeded: World) -> None:
    session.exec(delete(ChecklistAnswer).where(col(ChecklistAnswer.city_id) == seeded.alpha.id))


def rename_city(session: Session, seeded: World) -> None:
    session.get_one(City, seeded.alpha.id).name = "Another"


def seal_event(session: Session, seeded: World) -> None:
    events.record_event(session, seeded.alpha.id, None, Verb.ITEM_TICKED, "LC1")
    events.seal_events(session)


def delete_answer(session: Session, seeded: World) -> None:
    session.delete(session.get_one(ChecklistAnswer, session.exec(select(ChecklistAnswer.id)).first()))


@pytest.mark.parametrize("change", [add_answer, delete_answers, rename_city, seal_event, delete_answer])
def test_a_session_that_has_changed_something_is_given_nothing_and_keeps_nothing(
    change: Callable[[Session, World], None], site: Site, seeded: World
) -> None:
    counted = Counted()
    add_tick(site, seeded)
    ask(site, counted)
    with site.database.writing() as session:
        city = find_city(session, "alpha")
        assert city
        change(session, seeded)
        assert site.kept.seen_by(session, city_values(city)).find("ticks", counted) == 2
        site.database.undo(session)
    assert ask(site, counted) == 1


def test_a_session_that_is_about_to_write_is_given_what_is_kept_and_keeps_for_others(site: Site, seeded: World) -> None:
    counted = Counted()
    with site.database.writing() as session:
        assert results(site, session).find("ticks", counted) == 1
        assert results(site, session).find("ticks", counted) == 1
    assert ask(site, counted) == 1


def test_what_a_session_that_writes_has_in_hand_is_not_what_is_kept(site: Site, seeded: World) -> None:
    """It can still change a row that it has read before."""
    with site.database.writing() as session:
        run = session.exec(select(Assessment).where(Assessment.city_id == seeded.alpha.id)).first()
        assert run
        assert ground.read_ground(results(site, session)).assessment.name == run.name
        run.name = "Another"
        events.record_event(session, seeded.alpha.id, None, Verb.ASSESSMENT_OPENED, "")
    with site.database.reading() as session:
        assert ground.read_ground(results(site, session)).assessment.name == "Another"


def test_whoever_sees_the_city_as_it_was_takes_nothing_from_the_others(site: Site, seeded: World) -> None:
    counted = Counted()
    with site.database.snapshot() as session:
        seen = results(site, session)
        change_response(site, seeded)
        assert ask(site, counted) == 1
        assert seen.find("ticks", counted) == 2
    assert ask(site, counted) == 1


def test_only_so_much_is_kept(site: Site, seeded: World) -> None:
    counted, kept = Counted(), KeptResults(site.database, most=2)
    with site.database.reading() as session:
        city = find_city(session, "alpha")
        assert isinstance(city, City)
        seen = kept.seen_by(session, city_values(city))
        assert [seen.find(about, counted) for about in "abca"] == [1, 2, 3, 4]


def overview(site: Site) -> Overview:
    with site.database.reading() as session:
        city = find_city(session, "alpha")
        assert city
        return load_overview(session, site, city_values(city), "en")


def withdraw_verdict(session: Session, seeded: World) -> None:
    verdict = session.exec(select(Verdict).where(Verdict.response_id == seeded.alpha.responses["LC3"])).one()
    verdict.withdrawn_at = verdict.at


def end_support(session: Session, seeded: World) -> None:
    mine = col(EvidenceSupport.response_id) == seeded.alpha.responses["LC1"]
    session.exec(delete(EvidenceSupport).where(mine))


def age_evidence(session: Session, seeded: World) -> None:
    mine = EvidenceSupport.response_id == seeded.alpha.responses["LC1"]
    for piece in session.exec(select(Evidence).join(EvidenceSupport).where(mine)):
        piece.link_state = "dead"


def rename_departments(session: Session, seeded: World) -> None:
    for department in session.exec(select(Department).where(Department.city_id == seeded.alpha.id)):
        department.name += " (new)"


def ask_in_own_words(session: Session, seeded: World) -> None:
    own = '[{"id": "own", "text": "Ours", "required": true}]'
    city_id, edition = seeded.alpha.id, "wwc-2022"
    session.add(LocalCriterion(city_id=city_id, edition=edition, criterion="LC3", checklist=own, needed=1))


def tick_item(session: Session, seeded: World) -> None:
    session.add(
        ChecklistAnswer(city_id=seeded.alpha.id, response_id=seeded.alpha.responses["LC3"], item="new", ticked=True)
    )


@pytest.mark.parametrize(
    "change", [withdraw_verdict, end_support, age_evidence, rename_departments, ask_in_own_words, tick_item]
)
def test_an_overview_takes_from_the_one_before_only_what_is_the_same(
    change: Callable[[Session, World], None], site: Site, seeded: World
) -> None:
    before = overview(site)
    with site.database.writing() as session:
        change(session, seeded)
        events.record_event(session, seeded.alpha.id, None, Verb.ITEM_TICKED, "LC3")
    after = overview(site)
    site.kept = KeptResults(site.database, most=0)
    assert after.stands == overview(site).stands
    taken = {code for code in after.made_from if after.stand_of(code) is before.stand_of(code)}
    assert {"LC1", "LC3"} - taken
    assert taken == {code for code, given in after.made_from.items() if given == before.made_from[code]}
    assert taken or change is rename_departments
