"""Deputies and absences: who sees whose work, who may do it, and what the history says of it."""

from datetime import timedelta

import pytest

from app.adapters.translations import load_translator
from app.rules.errors import Conflict, Invalid
from app.services import my_work
from app.services.assigning import assignment
from app.services.departments import heads
from app.services.desk import Desk, Who
from app.services.history import page as history
from app.services.people import absence
from app.services.response import answering
from app.services.site import Site
from app.store.standing_in import load_stand_ins
from tests.conftest import WhoIs
from tests.world import CityWorld, World


@pytest.fixture
def alpha(seeded: World) -> CityWorld:
    return seeded.alpha


def assign(site: Site, admin: Who, person: int, deputy: int | None, department: int, code: str = "LC1") -> None:
    with site.database.writing() as session:
        desk, given = Desk(session, site, admin), {"department": department, "person": person, "deputy": deputy}
        assignment.assign_criterion(desk, code, due_on=None, version=1, **given)


def codes_of(site: Site, who: Who) -> dict[str, str]:
    """What stands under My work, each with the name of whose work it is."""
    with site.database.reading() as session:
        page = my_work.load_my_work(Desk(session, site, who))
    return {card.stand.code: card.for_whom for group in page.groups for card in group.cards}


def go_away(site: Site, who: Who, stand_in: int, version: int = 1) -> None:
    with site.database.writing() as session:
        first = who.today
        absence.set_absence(Desk(session, site, who), None, first, first + timedelta(days=2), stand_in, version)


def test_a_deputy_does_the_work_and_the_history_says_for_whom(site: Site, who: WhoIs, alpha: CityWorld) -> None:
    lead, colleague = alpha.people["lead"], alpha.people["colleague"]
    assert "LC1" not in codes_of(site, who("colleague"))
    assign(site, who("admin"), lead, colleague, alpha.departments["finance"])
    deputy = who("colleague")
    assert codes_of(site, deputy)["LC1"] == who("lead").name
    with site.database.writing() as session:
        answering.write_narrative(Desk(session, site, deputy), "LC1", "We meet each month.", 1)
    with site.database.reading() as session:
        newest = history.list_events(Desk(session, site, who("admin")), history.HistoryFilters()).lines[0]
    told = load_translator("en").say(newest.said)
    assert told == f"{deputy.name} wrote the narrative of LC1. On behalf of {who('lead').name}."


def test_who_stands_in_has_the_work_on_these_days_and_no_other(site: Site, who: WhoIs, alpha: CityWorld) -> None:
    go_away(site, who("lead"), alpha.people["colleague"])
    own = {code for code, name in codes_of(site, who("colleague")).items() if not name}
    all_codes = codes_of(site, who("colleague"))
    assert set(codes_of(site, who("lead"))) <= set(all_codes)
    assert {name for code, name in all_codes.items() if code not in own} == {who("lead").name}
    with site.database.writing() as session:
        absence.end_absence(Desk(session, site, who("lead")), None, 2)
    assert set(codes_of(site, who("colleague"))) == own


def test_an_absence_wants_a_colleague_who_is_there(site: Site, who: WhoIs, alpha: CityWorld) -> None:
    for nobody in (alpha.people["official"], alpha.people["lead"]):
        with pytest.raises(Invalid):
            go_away(site, who("lead"), nobody)
    go_away(site, who("colleague"), alpha.people["admin"])
    with pytest.raises(Invalid):
        go_away(site, who("lead"), alpha.people["colleague"])
    with pytest.raises(Conflict):
        go_away(site, who("colleague"), alpha.people["admin"])


def test_a_head_and_the_heads_deputy_write_for_the_department(site: Site, who: WhoIs, alpha: CityWorld) -> None:
    works = alpha.departments["works"]
    assert works not in who("lead").departments
    with site.database.writing() as session:
        desk = Desk(session, site, who("admin"))
        with pytest.raises(Invalid):
            heads.set_heads(desk, works, None, alpha.people["lead"], 1)
        heads.set_heads(desk, works, alpha.people["colleague"], alpha.people["lead"], 1)
    assert who("lead").stand_in.led == {works}
    assert works in who("lead").departments
    with site.database.writing() as session, pytest.raises(Conflict):
        heads.set_heads(Desk(session, site, who("admin")), works, None, None, 1)


def test_more_than_one_absence_is_planned_each_with_its_stand_in(site: Site, who: WhoIs, alpha: CityWorld) -> None:
    lead, today = who("lead"), who("lead").today
    go_away(site, lead, alpha.people["colleague"])
    with site.database.writing() as session:
        desk, later = Desk(session, site, lead), today + timedelta(days=30)
        with pytest.raises(Invalid):
            absence.set_absence(desk, None, today + timedelta(days=2), later, alpha.people["admin"], 2)
        absence.set_absence(desk, None, later, later + timedelta(days=2), alpha.people["admin"], 2)
    with site.database.reading() as session:
        page = absence.load_absence(Desk(session, site, lead))
        stand_ins = [load_stand_ins(session, alpha.id, day).get(lead.person_id) for day in (today, later)]
    assert stand_ins == [alpha.people["colleague"], alpha.people["admin"]]
    assert [line.is_now for line in page.absences] == [True, False]
    assert who("admin").stand_in.is_deputy, "whoever is named for later is looked for too"
    with site.database.writing() as session:
        absence.end_absence(Desk(session, site, lead), None, 3, page.absences[0].key)
    with site.database.reading() as session:
        left = absence.load_absence(Desk(session, site, lead)).absences
        assert load_stand_ins(session, alpha.id, today) == {}
    assert [line.key for line in left] == [later.isoformat()]
    assert set(codes_of(site, who("colleague"))).isdisjoint({"LC1"})
