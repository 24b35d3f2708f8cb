"""Someone leaves: the work goes on with another, who finds a page about it; departments merge, split and close."""

import pytest
from sqlmodel import Session

from app.rules.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from app.rules.history.verbs import Verb
from app.services import my_work
from app.services.assigning import assignment
from app.services.departments import changing, heads, passing_on
from app.services.desk import Desk, Who
from app.services.handover import leaving, unowned
from app.services.handover import page as handover
from app.services.handover.unowned import UnownedPage
from app.services.people import members
from app.services.site import Site
from app.store import assessment, city, people
from app.store.assessment import Assignment
from app.store.history import events
from tests.conftest import WhoIs
from tests.world import CityWorld, World


@pytest.fixture
def alpha(seeded: World) -> CityWorld:
    return seeded.alpha


def end(site: Site, admin: Who, membership: int, version: int = 1, notes: str = "", **typed: str) -> tuple[int, ...]:
    with site.database.writing() as session:
        chosen = {name.replace("_", "-"): value for name, value in typed.items()}
        return leaving.end_and_hand_over(Desk(session, site, admin), membership, version, chosen, notes)


def task(session: Session, alpha: CityWorld, code: str) -> Assignment:
    stored = assessment.find_assignment(session, alpha.id, alpha.assessment_id, code)
    assert stored
    return stored


def list_left(site: Site, admin: Who) -> UnownedPage:
    with site.database.reading() as session:
        return unowned.list_unowned(Desk(session, site, admin))


def test_the_successor_finds_the_work_and_reads_about_it(site: Site, who: WhoIs, alpha: CityWorld) -> None:
    lead, colleague = alpha.people["lead"], alpha.people["colleague"]
    with site.database.reading() as session:
        held = leaving.find_held_work(Desk(session, site, who("admin")), lead)
    assert held.criteria == ("LC1",)
    assert held.pieces
    (made,) = end(site, who("admin"), alpha.memberships["lead"], notes="The key is in the drawer.", to=str(colleague))
    with site.database.reading() as session:
        desk = Desk(session, site, who("colleague"))
        assert task(session, alpha, "LC1").person_id == colleague
        assert leaving.find_held_work(desk, colleague).pieces[: len(held.pieces)]
        assert not leaving.find_held_work(desk, lead).is_any
        page = handover.load_handover(desk, made)
        assert [each.id for each in my_work.load_my_work(desk).handovers if not each.is_read] == [made]
        told = [event.verb for event in events.list_events(session, alpha.id)[:3]]
    assert page.notes == "The key is in the drawer."
    assert [each.stand.code for each in page.criteria] == ["LC1"]
    assert len(page.pieces) == len(held.pieces)
    assert all(not piece.title or piece.title != "Restricted" for piece in page.pieces)
    assert told == [Verb.HANDED_OVER, Verb.ASSIGNED, Verb.PERSON_ENDED]
    with site.database.writing() as session:
        handover.mark_read(Desk(session, site, who("colleague")), made, page.version)
    with site.database.reading() as session:
        assert [each.is_read for each in my_work.load_my_work(Desk(session, site, who("colleague"))).handovers] == [
            True
        ]


def test_a_handover_is_the_successors_and_the_offices_alone(site: Site, who: WhoIs, alpha: CityWorld) -> None:
    (made,) = end(site, who("admin"), alpha.memberships["lead"], to=str(alpha.people["reviewer"]))
    with site.database.reading() as session:
        assert handover.load_handover(Desk(session, site, who("admin")), made).successor
        with pytest.raises(NotAllowed):
            handover.load_handover(Desk(session, site, who("colleague")), made)
        with pytest.raises(NotFound):
            handover.load_handover(Desk(session, site, who("admin", "beta")), made)
    with site.database.writing() as session, pytest.raises(NotAllowed):
        handover.mark_read(Desk(session, site, who("admin")), made, 1)


def test_nobody_yet_stands_on_the_list_until_someone_takes_it(site: Site, who: WhoIs, alpha: CityWorld) -> None:
    admin, membership = who("admin"), alpha.memberships["lead"]
    with pytest.raises(Invalid):
        end(site, admin, membership)
    assert not list_left(site, admin).leavers
    assert end(site, admin, membership, to="nobody") == ()
    left = list_left(site, admin)
    assert [line.membership_id for line in left.leavers] == [membership]
    assert "LC1" in {each.stand.code for each in left.criteria}
    assert end(site, admin, membership, version=2, to=str(alpha.people["colleague"]))
    assert not list_left(site, admin).leavers


def test_the_last_administrator_stays_and_so_does_the_work(site: Site, who: WhoIs, alpha: CityWorld) -> None:
    with pytest.raises(Refused):
        end(site, who("admin"), alpha.memberships["admin"], to=str(alpha.people["lead"]))
    with pytest.raises(Conflict):
        end(site, who("admin"), alpha.memberships["lead"], version=9, to=str(alpha.people["colleague"]))
    with site.database.reading() as session:
        assert task(session, alpha, "LC1").person_id == alpha.people["lead"]


def test_a_head_passes_work_on_inside_the_department_only(site: Site, who: WhoIs, alpha: CityWorld) -> None:
    finance, lead, colleague = alpha.departments["finance"], alpha.people["lead"], alpha.people["colleague"]
    with site.database.writing() as session, pytest.raises(NotAllowed):
        assignment.pass_on(Desk(session, site, who("lead")), "LC1", None, 1)
    with site.database.writing() as session:
        heads.set_heads(Desk(session, site, who("admin")), finance, lead, None, 1)
    with site.database.writing() as session:
        desk = Desk(session, site, who("lead"))
        assert "LC1" in {each.stand.code for each in passing_on.list_led_criteria(desk).departments[0].criteria}
        with pytest.raises(Invalid):
            assignment.pass_on(desk, "LC1", colleague, 1)
        with pytest.raises(NotAllowed):
            assignment.pass_on(desk, "DM1", lead, 1)
        assignment.pass_on(desk, "LC1", None, 1)
    with site.database.reading() as session:
        assert task(session, alpha, "LC1").person_id is None


def test_a_merged_department_gives_everything_on_and_two_cannot_merge_it(
    site: Site, who: WhoIs, alpha: CityWorld
) -> None:
    works, finance = alpha.departments["works"], alpha.departments["finance"]
    with site.database.writing() as session:
        changing.merge_department(Desk(session, site, who("admin")), works, finance, 1, 1)
    with site.database.reading() as session:
        assert finance in people.load_department_ids(session, alpha.id, alpha.memberships["colleague"])
        tasks = assessment.load_assignments(session, alpha.id, alpha.assessment_id).values()
        assert works not in {one.department_id for one in tasks}
        assert works not in {row.id for row in city.list_departments(session, alpha.id)}
        closed = city.find_department(session, alpha.id, works)
        assert closed
        assert closed.merged_into == finance
    with site.database.writing() as session:
        desk = Desk(session, site, who("admin"))
        with pytest.raises(NotFound):
            changing.merge_department(desk, works, finance, 1, 1)
        with pytest.raises(Conflict):
            changing.merge_department(desk, alpha.departments["data"], finance, 1, 1)


def test_a_split_department_takes_criteria_and_people_along(site: Site, who: WhoIs, alpha: CityWorld) -> None:
    finance, membership = alpha.departments["finance"], alpha.memberships["lead"]
    with site.database.writing() as session:
        desk = Desk(session, site, who("admin"))
        with pytest.raises(Invalid):
            changing.split_department(desk, finance, "Budget", [], [membership], 1)
        new = changing.split_department(desk, finance, "Budget", ["LC1", "DM1"], [membership], 1)
    with site.database.reading() as session:
        assert people.load_department_ids(session, alpha.id, membership) == {new}
        moved = task(session, alpha, "LC1")
        assert (moved.department_id, moved.person_id) == (new, alpha.people["lead"])
        assert task(session, alpha, "DM1").department_id != new, "that is another department's"


def test_a_department_closes_when_nothing_is_left_and_opens_again_by_name(
    site: Site, who: WhoIs, alpha: CityWorld
) -> None:
    with site.database.writing() as session:
        desk = Desk(session, site, who("admin"))
        with pytest.raises(Refused):
            changing.close_department(desk, alpha.departments["works"], 1)
        changing.add_department(desk, "Parks")
        session.flush()
        parks = next(row for row in city.list_departments(session, alpha.id) if row.name == "Parks")
        changing.close_department(desk, parks.id, 1)
        changing.add_department(desk, "parks")
    with site.database.reading() as session:
        again = city.find_department(session, alpha.id, parks.id)
        assert again
        assert (again.name, again.closed_at) == ("parks", None)


def test_the_own_notes_wait_for_whoever_takes_over(site: Site, who: WhoIs, alpha: CityWorld) -> None:
    with site.database.writing() as session:
        leaving.save_leaving_notes(Desk(session, site, who("lead")), "Ask Eva about the minutes.", 1)
    with site.database.reading() as session:
        page = leaving.load_leaving(Desk(session, site, who("admin")), alpha.memberships["lead"])
    assert page.notes == "Ask Eva about the minutes."
    with site.database.writing() as session, pytest.raises(Conflict):
        members.end_access(Desk(session, site, who("admin")), alpha.memberships["lead"], 1)
