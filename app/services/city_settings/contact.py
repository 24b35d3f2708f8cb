"""Whom people of the city ask: the data office by name, with a telephone number and an address."""

from dataclasses import dataclass

from app.rules.account.sign_up import check_email
from app.rules.city.naming import check_phone
from app.rules.errors import Conflict, FieldGatherer, Invalid
from app.rules.history.verbs import Verb
from app.rules.message import say
from app.services.desk import Desk
from app.services.people.members import CHANGED_MEANWHILE
from app.store import city

NAME_LIMIT = 120


@dataclass(frozen=True)
class OfficeContact:
    """As typed; all of it may be empty, so that no contact is shown."""

    name: str
    phone: str
    email: str


def change_contact(desk: Desk, typed: OfficeContact, version: int) -> None:
    """Keep it for every page of the city. Raises Invalid with every field that is wrong, and Conflict.

    The record says that the city changed and not how: a name would stay in it after the person has left.
    """
    gathered = FieldGatherer()
    gathered.take(lambda: {"contact_name": _check_contact_name(typed)})
    gathered.take(lambda: {"contact_phone": check_phone(typed.phone)})
    gathered.take(lambda: {"contact_email": _check_contact_email(typed.email)})
    if not city.save_city(desk.session, desk.city_id, version, **gathered.whole()):
        raise Conflict(CHANGED_MEANWHILE)
    desk.record(Verb.CITY_CHANGED, desk.who.city.name)


def _check_contact_name(typed: OfficeContact) -> str:
    name = " ".join(typed.name.split())
    if len(name) > NAME_LIMIT:
        raise Invalid({"contact_name": say("Use at most %(limit)s characters.", limit=NAME_LIMIT)})
    if name and not (typed.phone.strip() or typed.email.strip()):
        raise Invalid({"contact_phone": say("Add a telephone number or an e-mail address, or nobody can ask.")})
    return name


def _check_contact_email(email: str) -> str:
    if not email.strip():
        return ""
    try:
        return check_email(email)
    except Invalid as problem:
        raise Invalid({"contact_email": next(iter(problem.fields.values()))}) from problem
