"""Signing in through a city's own service: someone is sent there, and the answer is looked at when the browser comes back.

What was begun is kept sealed in a cookie of that browser alone, for ten minutes and one answer. A session begun so enters no city but
the one whose service vouched for the person. An account is found by who the person is there (issuer and subject). By its address it is
found the first time only, where the city's service speaks for that domain and no other city knows the account.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Any

from sqlmodel import Session

from app.adapters import sealing, sign_on, tokens
from app.adapters.sign_on import AuthorizationWish
from app.rules.account.group_roles import read_groups
from app.rules.account.security_record import SecurityKind
from app.rules.account.sign_on import (
    ExpectedAnswer,
    SignOnIdentity,
    SignOnRefused,
    SignOnTrouble,
    is_of_domain,
    need_fresh,
    read_identity,
)
from app.rules.account.sign_up import normalize_email
from app.rules.account.tries import TryLimit, hash_subject
from app.rules.errors import NotFound
from app.rules.message import say
from app.services.account import security_letter, security_record, sessions, tries
from app.services.account.provider_access import ProviderDesk, make_account, settle_access
from app.services.account.sign_in import SignedIn, note_entry, open_session, renew_session
from app.services.site import Site
from app.store import people
from app.store.account import sign_on as store
from app.store.account.sign_on import PersonIdentity, SignInProvider
from app.store.people import Person

ANSWER_PATH = "/sign-on/answer"
BEGUN_SECONDS = 600
MOST_BEGUN = 100
BEGUN_WITHIN = timedelta(minutes=15)


@dataclass(frozen=True)
class BegunSignOn:
    """What the browser keeps while the person is at the provider. `person_id` is who is signed in already.

    `purpose` is empty for signing in, `confirm` before a sensitive step, `connect` to tie the two accounts.
    """

    provider_id: int
    state: str
    nonce: str
    verifier: str
    target: str
    purpose: str = ""
    person_id: int | None = None


@dataclass(frozen=True)
class SignOnDone:
    """Where to lead on: `signed_in` has a new session, `renewed` the new token of the one there was."""

    target: str
    signed_in: SignedIn | None = None
    renewed: str = ""


def list_ways(session: Session) -> tuple[tuple[int, str, str], ...]:
    """The services that people sign in through: id, name, and the city's name."""
    return tuple((provider.id, provider.name, city) for provider, city in store.list_providers(session))


def find_ways_of(session: Session, email: str) -> tuple[tuple[int, str, str], ...]:
    """The services that speak for the domain of this address, as `list_ways`."""
    return tuple(
        (provider.id, provider.name, city)
        for provider, city in store.list_providers(session)
        if is_of_domain(normalize_email(email), provider.domains)
    )


def begin_sign_on(site: Site, provider_id: int, target: str, purpose: str, token: str | None) -> tuple[str, str]:
    """The provider's address, and what to keep in the browser. Raises NotFound, TooManyAttempts, SignInRequired,
    ConfirmationRequired before two accounts are tied, and SignOnRefused where the provider does not answer.
    """
    network = security_record.current_caller().network
    tries.count_try(site, [TryLimit(hash_subject("sign-on from", network), MOST_BEGUN, BEGUN_WITHIN)])
    with site.database.reading() as session:
        provider = _need_provider(session, provider_id)
        known = sessions.need_signed_in(session, token) if purpose else None
    if purpose == "connect":
        sessions.need_confirmed(site, known.confirmed_at if known else None)
    begun = BegunSignOn(
        provider_id, tokens.random_token(), tokens.random_token(), tokens.random_token(), target, purpose,
        known.person_id if known else None,
    )  # fmt: skip
    with _noted(site, provider, begun.person_id):
        place = sign_on.find_place(provider.issuer, private_allowed=site.settings.links_may_be_private)
    wish = AuthorizationWish(
        provider.client_id, answer_address(site), begun.state, begun.nonce, begun.verifier, purpose == "confirm"
    )
    sealed = sealing.seal_secret(tokens.load_secret_key(site.settings), json.dumps(asdict(begun)))
    return sign_on.authorization_address(place, wish), sealed


def answer_address(site: Site) -> str:
    """What the city's IT enters at the provider as the place to come back to."""
    return f"{site.settings.public_url}{ANSWER_PATH}"


def _need_provider(session: Session, provider_id: int) -> SignInProvider:
    provider = store.find_provider(session, provider_id)
    if provider is None:
        raise NotFound(say("There is no such sign-in service any more. Go back to the sign-in page."))
    return provider


@dataclass(frozen=True)
class ComingBack:
    """What the browser brings back: what it kept, the provider's query, and the cookies of session and device."""

    sealed: str | None
    query: dict[str, str]
    token: str | None
    device: str | None
    language: str | None


def finish_sign_on(site: Site, back: ComingBack, at: float) -> SignOnDone:
    """Raises SignOnRefused for an answer that opens nothing, which stands in the security record then."""
    begun = _read_begun(site, back.sealed)
    with site.database.reading() as session:
        provider = store.find_provider(session, begun.provider_id) if begun else None
    if begun is None or provider is None or back.query.get("state") != begun.state:
        raise SignOnRefused(SignOnTrouble.FOREIGN)
    with _noted(site, provider, begun.person_id):
        identity, claims = _ask_identity(site, provider, begun, back.query, at)
        if begun.purpose == "confirm":
            need_fresh(claims, at)
        with site.database.writing() as session:
            done = _let_in(session, site, provider, begun, identity, back)
        if isinstance(done, SignOnTrouble):
            raise SignOnRefused(done)
        return done


def _read_begun(site: Site, sealed: str | None) -> BegunSignOn | None:
    text = sealing.open_secret(tokens.load_secret_key(site.settings), sealed or "", BEGUN_SECONDS)
    return BegunSignOn(**json.loads(text)) if text else None


def _ask_identity(
    site: Site, provider: SignInProvider, begun: BegunSignOn, query: dict[str, str], at: float
) -> tuple[SignOnIdentity, dict[str, Any]]:
    if "error" in query or "code" not in query:
        raise SignOnRefused(SignOnTrouble.DENIED)
    if query.get("iss", provider.issuer) != provider.issuer:
        raise SignOnRefused(SignOnTrouble.WRONG_ISSUER)
    private_allowed = site.settings.links_may_be_private
    secret = sealing.open_secret(tokens.load_secret_key(site.settings), provider.sealed_secret) or ""
    place = sign_on.find_place(provider.issuer, private_allowed=private_allowed)
    form = {"code": query["code"][:4_000], "redirect_uri": answer_address(site), "code_verifier": begun.verifier}
    client = (provider.client_id, secret)
    claims = sign_on.redeem_code(place, form, client, private_allowed=private_allowed)
    expected = ExpectedAnswer(provider.issuer, provider.client_id, begun.nonce)
    identity = read_identity(claims, expected, at)
    groups = read_groups(claims, provider.groups_claim) if provider.groups_claim else None
    return replace(identity, email=normalize_email(identity.email), groups=groups), claims


def _let_in(
    session: Session,
    site: Site,
    provider: SignInProvider,
    begun: BegunSignOn,
    identity: SignOnIdentity,
    back: ComingBack,
) -> SignOnDone | SignOnTrouble:
    """A trouble is returned where something is to be kept all the same, such as an access that ends with its group."""
    known = store.find_identity(session, provider.issuer, identity.subject)
    if begun.purpose:
        signed_in = sessions.need_signed_in(session, back.token)
        if signed_in.person_id != begun.person_id:
            raise SignOnRefused(SignOnTrouble.OTHER_PERSON)
    if begun.purpose == "connect" and known is None:
        _tie_identity(session, site, provider, identity, begun.person_id or 0)
        return SignOnDone(begun.target)
    person_id = known.person_id if known else _find_by_address(session, site, provider, identity)
    if begun.purpose and person_id != begun.person_id:
        raise SignOnRefused(SignOnTrouble.OTHER_PERSON)
    if begun.purpose == "confirm":
        security_record.note_event(session, SecurityKind.CONFIRMED, person_id)
        return SignOnDone(begun.target, renewed=renew_session(session, tokens.hash_token(back.token or "")))
    if begun.purpose:
        return SignOnDone(begun.target)
    trouble = settle_access(ProviderDesk(session, site, provider), person_id, identity)
    if trouble:
        return trouble
    return SignOnDone(begun.target, _open(session, site, provider, person_id, back))


def _open(session: Session, site: Site, provider: SignInProvider, person_id: int, back: ComingBack) -> SignedIn:
    own = session.get_one(Person, person_id)
    own.language = back.language or own.language
    entered = open_session(session, site, person_id, back.device, back.token, provider_city_id=provider.city_id)
    note_entry(session, site, person_id, is_known=True, detail=provider.name)
    return entered


def _find_by_address(session: Session, site: Site, provider: SignInProvider, identity: SignOnIdentity) -> int:
    """The account with the address, tied to the identity from now on. Raises SignOnRefused."""
    if identity.is_verified is False or (identity.is_verified is None and not provider.is_trusted):
        raise SignOnRefused(SignOnTrouble.UNVERIFIED)
    if not is_of_domain(identity.email, provider.domains):
        raise SignOnRefused(SignOnTrouble.OTHER_DOMAIN)
    person = people.find_person_by_email(session, identity.email)
    if person and people.belongs_elsewhere(session, provider.city_id, person.id):
        raise SignOnRefused(SignOnTrouble.OTHER_CITY)
    membership = people.find_membership(session, provider.city_id, person.id) if person else None
    person_id = person.id if person and membership else make_account(ProviderDesk(session, site, provider), identity)
    if person_id is None or (membership and membership.ended_at and membership.given_by != provider.id):
        raise SignOnRefused(SignOnTrouble.NO_ACCOUNT)
    _tie_identity(session, site, provider, identity, person_id)
    return person_id


def _tie_identity(
    session: Session, site: Site, provider: SignInProvider, identity: SignOnIdentity, person_id: int
) -> None:
    store.add_identity(session, PersonIdentity(person_id=person_id, issuer=provider.issuer, subject=identity.subject))
    security_record.note_event(session, SecurityKind.IDENTITY_TIED, person_id, detail=provider.name)
    security_letter.send_letter(session, site, SecurityKind.IDENTITY_TIED, person_id)


@contextmanager
def _noted(site: Site, provider: SignInProvider, person_id: int | None) -> Iterator[None]:
    """What is refused inside is written down for the city's administrators, once the transaction inside has ended."""
    try:
        yield
    except SignOnRefused as refused:
        detail = f"{provider.name[:25]}: {refused.trouble}"
        with site.database.writing() as session:
            security_record.note_event(
                session, SecurityKind.SIGN_ON_REFUSED, person_id, city_id=provider.city_id, detail=detail
            )
        raise
