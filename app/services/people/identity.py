"""Name, address and language of a member, changed by an administrator: with a version, a record, and a word to whoever is meant."""

from dataclasses import dataclass

from app.rules.account.security_record import SecurityKind
from app.rules.account.sign_up import check_email
from app.rules.errors import Conflict, FieldGatherer, Invalid, NotFound, Refused
from app.rules.history.verbs import Verb
from app.rules.message import say
from app.rules.people.roles import check_display_name
from app.services.account import security_letter, security_record
from app.services.city import check_language
from app.services.desk import Desk
from app.services.people.members import CHANGED_MEANWHILE
from app.store import people
from app.store.account import invitation
from app.store.people import Person

OWN_ACCOUNT = say("This is you. Change your own name and address under your account.")
ONLY_THEMSELVES = say("Only this person can change name, address and language, under the own account.")


@dataclass(frozen=True)
class PersonFacts:
    """What was typed of a person; `language` is empty where the city's is used."""

    name: str
    email: str
    language: str


def change_identity(desk: Desk, membership_id: int, typed: PersonFacts, version: int) -> None:
    """Raises Invalid, Refused where only the person may, Conflict, NotFound.

    Whoever belongs to another city too answers for the own name and address: one city must not rename the account of another's.
    """
    people.lock_memberships(desk.session, desk.city_id)
    member = people.find_member(desk.session, desk.city_id, membership_id)
    if member is None or member[1].scrubbed_at is not None or member[0].ended_at is not None:
        raise NotFound(say("We could not find that person."))
    person, facts = member[1], _check_facts(typed)
    if (person.name, person.email, person.language or "") == (facts.name, facts.email, facts.language):
        return
    check_may_change(desk, person)
    _check_free_address(desk, person, facts.email)
    if not people.save_membership(desk.session, desk.city_id, membership_id, version):
        raise Conflict(CHANGED_MEANWHILE)
    old_email = person.email
    changed = [name for name in ("name", "email", "language") if (getattr(person, name) or "") != getattr(facts, name)]
    person.name, person.email, person.language = facts.name, facts.email, facts.language or None
    desk.session.flush()
    desk.record(Verb.IDENTITY_CHANGED, person=person.id, changed=changed)
    if "email" in changed:
        security_record.note_event(
            desk.session, SecurityKind.ADDRESS_CHANGED, person.id, city_id=desk.city_id, by_id=desk.who.person_id
        )
        security_letter.send_letter(desk.session, desk.site, SecurityKind.ADDRESS_CHANGED, person.id, to=old_email)


def _check_facts(typed: PersonFacts) -> PersonFacts:
    gathered = FieldGatherer()
    gathered.take(lambda: {"name": check_display_name(typed.name)})
    gathered.take(lambda: {"email": check_email(typed.email)})
    if typed.language:
        gathered.take(check_language, typed.language)
    return PersonFacts(**gathered.whole(), language=typed.language)


def check_may_change(desk: Desk, person: Person) -> None:
    """Raises Refused where the account is the asker's own, or belongs to another city too."""
    if person.id == desk.who.person_id:
        raise Refused(OWN_ACCOUNT)
    if people.belongs_elsewhere(desk.session, desk.city_id, person.id):
        raise Refused(ONLY_THEMSELVES)


def _check_free_address(desk: Desk, person: Person, email: str) -> None:
    """One sentence for every reason, so that nothing of another city's accounts is told."""
    if email == person.email:
        return
    if people.find_person_by_email(desk.session, email) or invitation.find_waiting_invitation(
        desk.session, desk.city_id, email
    ):
        raise Invalid({"email": say("This address cannot be given to this person. Choose another.")})
