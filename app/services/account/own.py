"""My account: what a person sees and changes of the own account, the same in every city."""

import hashlib
from dataclasses import dataclass

from sqlmodel import Session

from app.rules.errors import Conflict
from app.rules.history.verbs import Verb
from app.rules.message import say
from app.rules.people.roles import check_display_name
from app.services.account import sessions
from app.services.site import Site
from app.store import people
from app.store.account import sign_on
from app.store.history import events
from app.store.people import Person

CHANGED_ELSEWHERE = say("Your account was changed on another page meanwhile. Look at it, then repeat the step.")


@dataclass(frozen=True)
class OwnAccount:
    """`mark` says which state of the account the page shows; `devices` is in how many places the person is signed in."""

    name: str
    email: str
    mark: str
    devices: int
    cities: tuple[str, ...]
    mails: bool
    ways: tuple[tuple[int, str, str], ...]


def load_account(session: Session, site: Site, token: str | None) -> OwnAccount:
    """Raises SignInRequired."""
    signed_in = sessions.need_signed_in(session, token)
    return OwnAccount(
        name=signed_in.name,
        email=signed_in.email,
        mark=state_mark(signed_in.name, signed_in.email),
        devices=len(sessions.load_devices_page(session, token).lines),
        cities=tuple(name for _, name, _ in people.list_cities_of_person(session, signed_in.person_id)),
        mails=bool(site.settings.smtp_host),
        ways=tuple(
            (provider.id, provider.name, city)
            for city_id in people.list_city_ids_of_person(session, signed_in.person_id)
            for provider, city in sign_on.list_providers(session, city_id)
        ),
    )


def state_mark(name: str, email: str) -> str:
    """Another one as soon as the name or the address is another: a person's row has no version."""
    return hashlib.sha256(f"{name}\0{email}".encode()).hexdigest()[:16]


def rename_self(session: Session, token: str | None, name: str, mark: str) -> None:
    """Another name, in every city of the person and in its record. Raises SignInRequired, Invalid, Conflict."""
    signed_in = sessions.need_signed_in(session, token)
    new_name = check_display_name(name)
    person = session.get_one(Person, signed_in.person_id, with_for_update=True)
    if mark != state_mark(person.name, person.email):
        raise Conflict(CHANGED_ELSEWHERE)
    if new_name == person.name:
        return
    person.name = new_name
    session.flush()
    record_everywhere(session, person.id, Verb.OWN_NAME_CHANGED)


def record_everywhere(session: Session, person_id: int, verb: Verb) -> None:
    """An event of what the person did to the own account, in each city that the person belongs to."""
    for city_id in people.list_city_ids_of_person(session, person_id):
        events.record_event(session, city_id, person_id, verb)
