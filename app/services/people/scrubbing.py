"""Taking a former member's personal data out. What the person did stays, under a name that names nobody."""

from dataclasses import dataclass

from sqlmodel import Session

from app.adapters.translations import load_translator
from app.rules.account.security_record import OWN_SIGN_INS, SecurityKind
from app.rules.errors import Conflict, Invalid, NotFound, Refused
from app.rules.history.verbs import Verb
from app.rules.message import say
from app.services.account import security_record as record
from app.services.desk import Desk
from app.store import bulk, letter, people
from app.store.account import second_step, security_record, sign_in, sign_on
from app.store.history import events
from app.store.people import Membership, Person

STILL_IN_USE = say("This account is still in use, so its data stay. End the access first.")


@dataclass(frozen=True)
class ScrubbingPage:
    """Whose data are about to go."""

    membership_id: int
    name: str
    email: str
    version: int


def load_scrubbing(desk: Desk, membership_id: int) -> ScrubbingPage:
    """Raises NotFound, also for whom there is nothing to take out; Refused for an account that is in use in any city."""
    membership, person = _find_former_member(desk, membership_id)
    return ScrubbingPage(membership_id, person.name, person.email, membership.version)


def is_due(session: Session, person: Person) -> bool:
    """Whether the person's data can go: the access has ended everywhere, and they are still there."""
    return person.scrubbed_at is None and not people.list_city_ids_of_person(session, person.id)


def _find_former_member(desk: Desk, membership_id: int) -> tuple[Membership, Person]:
    member = people.find_member(desk.session, desk.city_id, membership_id)
    if member is None or member[1].scrubbed_at is not None:
        raise NotFound(say("We could not find that person in this city."))
    if not is_due(desk.session, member[1]):
        raise Refused(STILL_IN_USE)
    return member


def scrub_person(desk: Desk, membership_id: int, version: int, *, confirmed: bool) -> None:
    """Take out name, e-mail address, language, passphrase, devices and sign-ins; it cannot be undone.

    Raises Invalid where nobody `confirmed` it, Refused, Conflict, NotFound.
    """
    people.lock_member(desk.session, desk.city_id, membership_id)
    _, person = _find_former_member(desk, membership_id)
    if not confirmed:
        raise Invalid({"confirmed": say("Tick the box if this is what you want. It cannot be undone.")})
    if not people.save_membership(desk.session, desk.city_id, membership_id, version):
        raise Conflict(say("This was changed while your page was open. Load the page again, then repeat the step."))
    person_id = person.id
    name = load_translator(desk.who.city.language).say(say("Former member %(number)s", number=person_id))
    people.scrub_person(desk.session, person, name)
    sign_in.end_all_sessions(desk.session, person_id)
    letter.forget_addresses(desk.session, person_id)
    second_step.remove_second_step(desk.session, person_id)
    sign_on.remove_identities(desk.session, person_id)
    security_record.scrub_events(desk.session, person_id, OWN_SIGN_INS)
    for city_id in people.list_all_city_ids_of_person(desk.session, person_id):
        by = desk.who.person_id if city_id == desk.city_id else None  # nobody of another city is named
        bulk.forget_steps(desk.session, city_id)
        events.record_event(desk.session, city_id, by, Verb.PERSON_SCRUBBED, person=person_id)
    record.note_event(desk.session, SecurityKind.SCRUBBED, person_id, city_id=desk.city_id, by_id=desk.who.person_id)
