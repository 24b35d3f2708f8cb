"""Letters to a person about what touches the safety of the own account, so that a stranger's step does not go unseen."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from app.rules.account.security_record import LETTERS, SecurityKind
from app.rules.installation.job import JobKind
from app.rules.installation.network import device_name
from app.rules.message import Message, say
from app.services.account import security_record
from app.services.letters import mail_letter
from app.services.site import Site
from app.store import job, people
from app.store.city import City
from app.store.database.engine import now
from app.store.people import Person


def send_letter(
    session: Session, site: Site, kind: SecurityKind, person_id: int, *, to: str = "", about: str = ""
) -> None:
    """Have the person told of what was just done, in the transaction that does it; without a mail server nothing happens.

    `to` is another address than the account's, such as the one that it had before; `about` the name of someone else whom it is about.
    """
    cities = people.list_all_city_ids_of_person(session, person_id)
    if not site.settings.smtp_host or not cities:
        return
    caller = security_record.current_caller()
    payload: dict[str, Any] = {"person": person_id, "event": str(kind), "at": now().isoformat(), "to": to}
    payload |= {"about": about}
    payload |= {"address": caller.address, "agent": caller.agent}
    job.enqueue_job(session, cities[0], JobKind.SEND_SECURITY_LETTER, **payload)


def deliver_letter(site: Site, city_id: int, payload: dict[str, Any]) -> None:
    """The job SEND_SECURITY_LETTER. Raises OutsideUnavailable when the mail server does not take it."""
    with site.database.reading() as session:
        person = session.get(Person, payload["person"])
        city = session.get_one(City, city_id)
    if person is None or person.scrubbed_at or payload["event"] not in LETTERS:
        return
    if about := payload.get("about"):
        subject, letter = say("An access has ended in CityReady"), _write_about(site, city, person, about)
        mail_letter(site, person.email, person.language or city.language, subject, letter)
        return
    at = datetime.fromisoformat(payload["at"]).astimezone(ZoneInfo(city.time_zone))
    letter = say(
        "Hello %(name)s,\n\n%(what)s\n\n%(when)s (%(zone)s)\n%(where)s\n\nIf this was you, you need not do anything. If it was "
        "not, choose a new passphrase, sign out everywhere else and tell your data office:\n\n%(link)s\n",
        name=person.name,
        what=LETTERS[SecurityKind(payload["event"])],
        when=at.strftime("%Y-%m-%d %H:%M"),
        zone=city.time_zone,
        where=_place(payload["address"], payload["agent"]),
        link=f"{site.settings.public_url}/account",
    )
    mail_letter(
        site, payload["to"] or person.email, person.language or city.language, say("Your account in CityReady"), letter
    )


def _write_about(site: Site, city: City, person: Person, about: str) -> Message:
    """To an administrator, about someone whose access the city's own service has taken."""
    return say(
        "Hello %(name)s,\n\nyour city’s sign-in service lists %(about)s in no group with access any more, so the access has ended. "
        "What the person had in hand is still theirs: pass it on here.\n\n%(link)s\n",
        name=person.name,
        about=about,
        link=f"{site.settings.public_url}/{city.slug}/people/unowned",
    )


def _place(address: str, agent: str) -> Message:
    if not address:
        return say("At the command line of the installation")
    return say("%(device)s, network address %(address)s", device=device_name(agent), address=address)
