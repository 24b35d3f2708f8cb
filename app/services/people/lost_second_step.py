"""Resetting the second step of someone who has lost it: by an administrator, or at the command line."""

from dataclasses import dataclass

from sqlmodel import Session

from app.rules.errors import Invalid, NotFound, Refused
from app.rules.history.verbs import Verb
from app.rules.message import say
from app.services.account import second_step
from app.services.desk import Desk
from app.services.site import Site
from app.store import people
from app.store.history import events
from app.store.people import Person


@dataclass(frozen=True)
class SecondStepReset:
    """Whose second step is about to go."""

    membership_id: int
    name: str
    email: str


def load_reset(desk: Desk, membership_id: int) -> SecondStepReset:
    """Raises NotFound for whom there is nothing to reset, and Refused for an account that another city knows too."""
    person = _find_person(desk, membership_id)
    return SecondStepReset(membership_id, person.name, person.email)


def _find_person(desk: Desk, membership_id: int) -> Person:
    member = people.find_member(desk.session, desk.city_id, membership_id)
    if member is None or member[1].second_step_at is None:
        raise NotFound(say("This person has no second step to reset."))
    if people.belongs_elsewhere(desk.session, desk.city_id, member[1].id):
        raise Refused(
            say(
                "This person works in another city as well. Ask the people who run this installation to reset the second step."
            )
        )
    return member[1]


def reset_second_step(desk: Desk, membership_id: int, *, confirmed: bool) -> None:
    """Raises Invalid where nobody `confirmed` it, NotFound, Refused."""
    person = _find_person(desk, membership_id)
    if person.id == desk.who.person_id:
        raise Refused(say("Remove your own second step on the page “My account”, or ask another administrator."))
    if not confirmed:
        raise Invalid({"confirmed": say("Tick the box when you are sure that it is this person who asks.")})
    second_step.reset_second_step(desk.session, desk.site, person.id, desk.who.person_id, desk.city_id)
    desk.record(Verb.SECOND_STEP_RESET, person=person.id)


def reset_at_command_line(session: Session, site: Site, email: str) -> None:
    """For whoever runs the installation; recorded in every city of the person. Raises NotFound."""
    person = people.find_person_by_email(session, email)
    if person is None or not second_step.reset_second_step(session, site, person.id, None, None):
        raise NotFound(say("No account with this address has a second step."))
    for city_id in people.list_all_city_ids_of_person(session, person.id):
        events.record_event(session, city_id, None, Verb.SECOND_STEP_RESET, person=person.id)
