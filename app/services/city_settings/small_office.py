"""Whether the city calls itself a small office."""

from app.rules.errors import Conflict
from app.rules.history.verbs import Verb
from app.services.desk import Desk
from app.services.people.members import CHANGED_MEANWHILE
from app.store import city


def set_small_office(desk: Desk, *, is_small: bool, version: int) -> None:
    """Reviewers and administrators have the short menu and the one page of work, whoever else is there. Raises Conflict."""
    if not city.save_city(desk.session, desk.city_id, version, small_office=is_small):
        raise Conflict(CHANGED_MEANWHILE)
    desk.record(Verb.CITY_CHANGED, desk.who.city.name, small_office=is_small)
