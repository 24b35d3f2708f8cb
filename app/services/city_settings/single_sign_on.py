"""The sign-in services of a city, and whether people may still sign in with a passphrase."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from app.adapters import sealing, tokens
from app.rules.account.group_roles import GroupRole, read_table
from app.rules.errors import Conflict, Invalid, NotFound, Refused
from app.rules.history.verbs import Verb
from app.rules.message import Message, say
from app.rules.people.roles import DepartmentValues
from app.services.account.sign_on import answer_address
from app.services.desk import Desk
from app.services.people.members import CHANGED_MEANWHILE
from app.services.site import Site
from app.store import city
from app.store.account import sign_on
from app.store.account.sign_on import SignInProvider
from app.store.database.engine import now
from app.store.history import events
from app.store.values import frozen_values

MOST_PROVIDERS = 5


@dataclass(frozen=True)
class ProviderLine:
    """A service, without its secret, and what its groups give."""

    provider_id: int
    name: str
    issuer: str
    client_id: str
    domains: str
    groups_claim: str
    table: tuple[GroupRole, ...]
    creates_accounts: bool
    version: int


@dataclass(frozen=True)
class SingleSignOn:
    """What the settings page shows; `answer_address` is what the city's IT enters at the service."""

    providers: tuple[ProviderLine, ...]
    answer_address: str
    passphrases_closed: bool
    departments: tuple[DepartmentValues, ...]


@dataclass(frozen=True)
class TypedProvider:
    """A service as it was typed."""

    name: str
    issuer: str
    client_id: str
    secret: str
    domains: str
    is_trusted: bool


def load_single_sign_on(desk: Desk) -> SingleSignOn:
    lines = [
        ProviderLine(
            row.id, row.name, row.issuer, row.client_id, row.domains,
            row.groups_claim, read_table(row.group_roles), row.creates_accounts, row.version,
        )
        for row, _ in sign_on.list_providers(desk.session, desk.city_id)
    ]  # fmt: skip
    return SingleSignOn(
        tuple(lines),
        answer_address(desk.site),
        desk.who.city.passphrases_closed_at is not None,
        tuple(frozen_values(DepartmentValues, row) for row in city.list_departments(desk.session, desk.city_id)),
    )


def add_provider(desk: Desk, typed: TypedProvider) -> None:
    """Raises Invalid with every field that is wrong, and Refused for more than a city needs."""
    keep_provider(desk.session, desk.site, (desk.city_id, desk.who.person_id), typed)


def add_at_command_line(site: Site, slug: str, typed: TypedProvider) -> None:
    """For a city's IT, so that no page ever sees the secret. Raises NotFound, Invalid, Refused."""
    with site.database.writing() as session:
        row = city.find_city(session, slug)
        if row is None:
            raise NotFound(say("There is no city “%(slug)s”.", slug=slug))
        keep_provider(session, site, (row.id, None), typed)


def keep_provider(session: Session, site: Site, place: tuple[int, int | None], typed: TypedProvider) -> None:
    """`place` is the city and who does it, None at the command line. Raises Invalid, Refused."""
    city_id, by = place
    domains = " ".join(typed.domains.lower().replace(",", " ").replace("@", "").split())
    fields = {
        "name": (typed.name.strip(), 60, say("Enter a name, as people know the service.")),
        "issuer": (typed.issuer.strip(), 300, say("Enter the issuer’s address, which begins with https://.")),
        "client_id": (typed.client_id.strip(), 200, say("Enter the client id that the service gave you.")),
        "secret": (typed.secret.strip(), 300, say("Enter the client secret that the service gave you.")),
        "domains": (domains, 500, say("Enter the domains of your city’s e-mail addresses, such as city.gov.")),
    }
    problems: dict[str, Message] = {
        name: sentence for name, (text, most, sentence) in fields.items() if not 0 < len(text) <= most
    }
    schemes = ("https://", "http://") if site.settings.links_may_be_private else ("https://",)
    if not typed.issuer.strip().startswith(schemes):
        problems["issuer"] = fields["issuer"][2]
    if problems:
        raise Invalid(problems)
    if len(sign_on.list_providers(session, city_id)) >= MOST_PROVIDERS:
        raise Refused(say("A city has up to %(most)s sign-in services. Remove one first.", most=MOST_PROVIDERS))
    plain: dict[str, Any] = {name: text for name, (text, _, _) in fields.items()}
    sealed = sealing.seal_secret(tokens.load_secret_key(site.settings), plain.pop("secret"))
    provider = SignInProvider(city_id=city_id, sealed_secret=sealed, is_trusted=typed.is_trusted, **plain)
    sign_on.add_provider(session, provider)
    events.record_event(
        session, city_id, by, Verb.SIGN_IN_SERVICE_ADDED, provider.name, issuer=provider.issuer, domains=domains
    )


def remove_provider(desk: Desk, provider_id: int) -> None:
    """Raises NotFound, and Refused for the last one of a city that has closed passphrases."""
    provider = sign_on.find_provider(desk.session, provider_id, desk.city_id)
    if provider is None:
        raise NotFound(say("There is no such sign-in service any more."))
    if desk.who.city.passphrases_closed_at and len(sign_on.list_providers(desk.session, desk.city_id)) == 1:
        raise Refused(say("Nobody could sign in any more. Let people sign in with a passphrase first."))
    sign_on.remove_provider(desk.session, provider)
    desk.record(Verb.SIGN_IN_SERVICE_REMOVED, provider.name, issuer=provider.issuer)


def close_passphrases(desk: Desk, version: int, *, closed: bool, by_service: bool) -> None:
    """Raises Refused for whoever has not signed in through the service, and would be shut out; and Conflict."""
    if closed and not by_service:
        raise Refused(say("Sign in through the service yourself first, so that you know that it works."))
    if not city.save_city(desk.session, desk.city_id, version, passphrases_closed_at=now() if closed else None):
        raise Conflict(CHANGED_MEANWHILE)
    desk.record(Verb.PASSPHRASES_CLOSED if closed else Verb.PASSPHRASES_OPENED)


def open_passphrases(site: Site, slug: str) -> None:
    """For whoever runs the installation, when a city has lost its service. Raises NotFound."""
    with site.database.writing() as session:
        row = city.find_city(session, slug)
        if row is None:
            raise NotFound(say("There is no city “%(slug)s”.", slug=slug))
        city.save_city(session, row.id, row.version, passphrases_closed_at=None)
        events.record_event(session, row.id, None, Verb.PASSPHRASES_OPENED)
