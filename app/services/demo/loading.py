"""The demo: invented cities that show every state, loaded only into an empty database so that nothing real stands beside them."""

from contextlib import suppress

from sqlmodel import Session

from app.adapters import passwords
from app.adapters.demo.content import load_demo_cities
from app.rules.errors import Refused
from app.rules.installation.database_trouble import DatabaseBusy
from app.rules.message import say
from app.rules.people.permissions import Role
from app.services.demo.city_content import CityLoading
from app.services.site import Site
from app.store import city, people

PASS_PHRASE = "harbor lantern council 43"  # noqa: S105  (of the demo accounts; shown at every start)

STARTS_WAIT = 10
"""How many times a start waits for its turn while another one loads the demo."""


def load_demo(site: Site) -> None:
    """Load the demo cities, all or none. Raises Refused when the database has a city."""
    if not _load_if_empty(site):
        raise Refused(
            say(
                "There are cities here already. The demo is loaded only into an empty database, never beside real data."
            )
        )


def load_demo_when_empty(site: Site) -> None:
    """Load the demo cities unless there is a city. Of several processes that start at once, one loads and the others wait for it."""
    for _ in range(STARTS_WAIT):
        with site.database.reading() as session, suppress(DatabaseBusy):
            if not city.list_cities(session):
                session.rollback()
                _load_if_empty(site)
            return


def _load_if_empty(site: Site) -> bool:
    """Load them, unless a city is there when the turn to write has come."""
    pass_phrase_hash = passwords.hash_passphrase(PASS_PHRASE)
    with site.database.writing() as session:
        site.database.wait_for_others(session)
        if city.list_cities(session):
            return False
        for content in load_demo_cities():
            CityLoading(site, session, content, pass_phrase_hash).load_city()
    return True


def list_sign_ins(session: Session) -> list[str]:
    """The e-mail addresses to try the demo with, one a role in each city; empty where the demo is not loaded."""
    roles = list(Role)
    named = [email.partition("@") for email in people.load_demo_emails(session)]
    sign_in_parts = [(domain, roles.index(Role(login)), login) for login, _, domain in named if login in roles]
    return [f"{login}@{domain}" for domain, _, login in sorted(sign_in_parts)]
