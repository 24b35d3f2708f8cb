"""The list of first steps ticks itself, for the data office alone, until it is done or put away."""

from app.services import first_steps
from app.services.assessment.overview import load_overview
from app.services.assigning import assignment
from app.services.desk import Desk, Who
from app.services.site import Site
from tests.conftest import WhoIs
from tests.world import World


def done(site: Site, who: Who) -> list[bool]:
    with site.database.reading() as session:
        seen = load_overview(session, site, who.city, "en")
        return [line.is_done for line in first_steps.load_first_steps(Desk(session, site, who), seen)]


def test_the_list_stands_on_the_offices_board_until_done_or_put_away(site: Site, who: WhoIs, seeded: World) -> None:
    assert done(site, who("admin")) == [], "all is done in this city"
    with site.database.writing() as session:
        desk = Desk(session, site, who("admin"))
        assignment.assign_criterion(desk, "LC1", department=None, person=None, due_on=None, version=1)
    assert done(site, who("admin")) == done(site, who("reviewer")) == [True, True, False, True, True]
    assert done(site, who("lead")) == done(site, who("official")) == []
    for _ in range(2):
        with site.database.writing() as session:
            first_steps.put_away(Desk(session, site, who("reviewer")))
    assert done(site, who("admin")) == []
    assert done(site, who("admin", "beta")) == []
