"""What letters and papers of the city look like, and for how long new evidence is kept: each a section with a form of its own."""

from dataclasses import dataclass

from sqlmodel import Session

from app.rules.account.sign_up import check_email
from app.rules.city.color import check_color
from app.rules.city.naming import check_sender_name
from app.rules.errors import Conflict, FieldGatherer, Invalid
from app.rules.history.verbs import Verb
from app.rules.message import say
from app.services.desk import Desk
from app.services.people.members import CHANGED_MEANWHILE
from app.store import city, people, retention
from app.store.history import events


@dataclass(frozen=True)
class CityLooks:
    """What was typed: the color, and how letters are signed and answered."""

    color: str
    sender_name: str
    reply_to: str


def change_looks(desk: Desk, typed: CityLooks, version: int) -> None:
    """Raises Invalid with every field that is wrong, and Conflict when someone else changed the city meanwhile."""
    write_looks(desk.session, desk.city_id, desk.who.person_id, typed, version)


def write_looks(session: Session, city_id: int, by: int | None, typed: CityLooks, version: int) -> None:
    """The same for the command line, where nobody is known who does it."""
    gathered = FieldGatherer()
    gathered.take(lambda: {"color": check_color(typed.color)})
    gathered.take(lambda: {"sender_name": check_sender_name(typed.sender_name)})
    gathered.take(lambda: {"reply_to": _check_reply_address(typed.reply_to)})
    values = gathered.whole()
    if not city.save_city(session, city_id, version, **values):
        raise Conflict(CHANGED_MEANWHILE)
    events.record_event(session, city_id, by, Verb.CITY_CHANGED, city.load_city(session, city_id).name, **values)


def _check_reply_address(typed: str) -> str | None:
    if not typed.strip():
        return None
    try:
        return check_email(typed)
    except Invalid as problem:
        raise Invalid({"reply_to": next(iter(problem.fields.values()))}) from problem


def set_retention_default(desk: Desk, class_id: int | None, version: int) -> None:
    """The class that evidence gets when it is added from now on, None for none. Raises Invalid, Conflict."""
    people.lock_memberships(desk.session, desk.city_id)  # or the class may be taken away at the same moment
    if class_id is not None and retention.find_retention_class(desk.session, desk.city_id, class_id) is None:
        raise Invalid({"retention_default": say("Choose one of the classes.")})
    if not city.save_city(desk.session, desk.city_id, version, retention_default=class_id):
        raise Conflict(CHANGED_MEANWHILE)
    desk.record(Verb.CITY_CHANGED, desk.who.city.name, retention_default=class_id)
