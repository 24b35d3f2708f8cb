"""Requests for evidence, to partners and to departments: the list of them, one of them, and the partners."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlmodel import Session

from app.adapters import tokens
from app.rules.account.sign_up import check_email
from app.rules.criteria.edition import Criterion, Edition, EvidenceKind
from app.rules.errors import Conflict, FieldGatherer, Invalid, NotFound
from app.rules.history.verbs import Verb
from app.rules.listing.bar import ListBar
from app.rules.message import Message, say
from app.rules.request import (
    CONTRIBUTION_NAMES,
    LINK_OPENS,
    REQUEST_STATE_NAMES,
    ContributionState,
    ContributionValues,
    PartnerValues,
    RequestState,
    RequestValues,
    check_name_field,
    is_late,
)
from app.services.assessment.ground import load_open_assessment
from app.services.desk import Desk
from app.services.people.members import CHANGED_MEANWHILE
from app.services.response.answering import find_criterion
from app.services.site import Site
from app.settings import LANGUAGES
from app.store import city, people, request
from app.store.assessment import Assessment
from app.store.database.engine import now
from app.store.request import EvidenceRequest, Partner
from app.store.values import frozen_values

LINK_PURPOSE = "contribution"
LIST_ORDER = (RequestState.SENT, RequestState.OPEN, RequestState.FULFILLED, RequestState.CLOSED)
"""The order of a list: what others owe, what one has not sent, what is over."""


@dataclass(frozen=True)
class RequestLine:
    """A request in a list. `to` names the partner or the department; `waiting` counts contributions that nobody has decided on."""

    request: RequestValues
    to: str
    state: RequestState
    word: Message
    late: bool
    waiting: int
    title: str = ""


@dataclass(frozen=True)
class PartnerLine:
    """A partner with what was accepted from it, for a letter of thanks: (title, criterion) each."""

    partner: PartnerValues
    accepted: tuple[tuple[str, str], ...]
    asked: int


@dataclass(frozen=True)
class RequestsPage:
    """The requests of the open assessment and the unanswered ones of earlier ones, the late first, and how much waits in the inbox."""

    lines: tuple[RequestLine, ...]
    inbox: int
    bar: ListBar | None = None


@dataclass(frozen=True)
class PartnersPage:
    """The city's partners, what they contributed, and how much waits in the inbox."""

    lines: tuple[PartnerLine, ...]
    inbox: int


def list_requests(desk: Desk) -> RequestsPage:
    """Raises NotFound without an open assessment."""
    open_assessment = load_open_assessment(desk.session, desk.who.city)
    rows = request.list_requests(desk.session, desk.city_id, open_assessment.id)
    lines = _request_lines(desk, rows)
    ordered = sorted(lines, key=lambda line: (LIST_ORDER.index(line.state), line.request.due_on or date.max))
    return RequestsPage(tuple(ordered), request.count_waiting_contributions(desk.session, desk.city_id))


def _request_lines(desk: Desk, rows: Collection[EvidenceRequest]) -> list[RequestLine]:
    partners = {row.id: row.name for row in request.list_partners(desk.session, desk.city_id)}
    departments = {row.id: row.name for row in city.list_departments(desk.session, desk.city_id, closed=True)}
    waiting = Counter(row.request_id for row, _ in request.list_waiting_contributions(desk.session, desk.city_id))

    def request_line(asked_request: EvidenceRequest) -> RequestLine:
        to = partners.get(asked_request.partner_id or 0, "") or departments.get(asked_request.department_id or 0, "")
        state = RequestState(asked_request.state)
        late = is_late(state, asked_request.due_on, desk.who.today)
        values = frozen_values(RequestValues, asked_request)
        return RequestLine(values, to, state, REQUEST_STATE_NAMES[state], late, waiting[asked_request.id])

    return [request_line(row) for row in rows]


def list_department_requests(desk: Desk) -> tuple[RequestLine, ...]:
    """The requests that wait for the person's own departments, the earliest date first; in one query."""
    if not desk.who.departments:
        return ()
    about = ("department requests", desk.who.departments, desk.who.today)
    return desk.kept.find(about, lambda: _read_department_requests(desk), frozenset({"evidence_request"}))


def _read_department_requests(desk: Desk) -> tuple[RequestLine, ...]:
    department_requests = request.list_open_requests(desk.session, desk.city_id, desk.who.departments)
    return tuple(
        RequestLine(
            frozen_values(RequestValues, asked_request),
            "",
            RequestState.SENT,
            REQUEST_STATE_NAMES[RequestState.SENT],
            is_late(RequestState.SENT, asked_request.due_on, desk.who.today),
            0,
        )
        for asked_request in sorted(department_requests, key=lambda asked_request: asked_request.due_on or date.max)
    )


def with_title(edition: Edition, line: RequestLine) -> RequestLine:
    """The same with the title of its criterion; without one where it is of an earlier edition."""
    criterion = edition.criteria.get(line.request.criterion)
    return replace(line, title=criterion.title) if criterion else line


def list_partners(desk: Desk) -> PartnersPage:
    """The city's partners by name, each with what was accepted from it."""
    requests_by_id = {row.id: row for row in request.list_partner_requests(desk.session, desk.city_id)}
    accepted: dict[int, list[tuple[str, str]]] = {}
    for one in request.list_contributions(desk.session, desk.city_id):
        asked_request = requests_by_id.get(one.request_id)
        if asked_request and asked_request.partner_id and one.state == ContributionState.ACCEPTED:
            accepted.setdefault(asked_request.partner_id, []).append((one.title, asked_request.criterion))
    times = Counter(one.partner_id for one in requests_by_id.values())
    lines = (
        PartnerLine(frozen_values(PartnerValues, row), tuple(accepted.get(row.id, ())), times[row.id])
        for row in request.list_partners(desk.session, desk.city_id)
    )
    return PartnersPage(tuple(lines), request.count_waiting_contributions(desk.session, desk.city_id))


@dataclass(frozen=True)
class PartnerEntry:
    """A form about a partner, as typed."""

    name: str
    contact: str
    email: str
    language: str


def add_partner(desk: Desk, entry: PartnerEntry) -> int:
    """A new partner of the city; returns its id. Raises Invalid."""
    columns = _check_partner(desk, entry, None)
    partner = Partner(city_id=desk.city_id, **columns)
    request.add_partner(desk.session, partner)
    desk.record(Verb.PARTNER_ADDED, partner.name)
    return partner.id


def change_partner(desk: Desk, partner_id: int, entry: PartnerEntry, version: int) -> None:
    """Another name, contact, address or language. Raises Invalid, Conflict, NotFound."""
    if request.find_partner(desk.session, desk.city_id, partner_id) is None:
        raise NotFound(say("We could not find that partner."))
    columns = _check_partner(desk, entry, partner_id)
    if not request.save_partner(desk.session, desk.city_id, partner_id, version, **columns):
        raise Conflict(CHANGED_MEANWHILE)
    desk.record(Verb.PARTNER_CHANGED, columns["name"])


def _check_partner(desk: Desk, entry: PartnerEntry, partner_id: int | None) -> dict[str, Any]:
    """The columns, while nobody else adds a partner. Raises Invalid."""
    gathered = FieldGatherer()
    gathered.take(lambda: {"name": check_name_field("name", entry.name)})
    gathered.take(lambda: {"contact": check_name_field("contact", entry.contact) if entry.contact.strip() else ""})
    gathered.take(lambda: {"email": check_email(entry.email) if entry.email.strip() else ""})
    gathered.take(check_language, entry.language)
    columns = gathered.whole()
    people.lock_memberships(desk.session, desk.city_id)
    others = {row.name.casefold() for row in request.list_partners(desk.session, desk.city_id) if row.id != partner_id}
    if columns["name"].casefold() in others:
        raise Invalid({"name": say("There is a partner “%(name)s” already.", name=columns["name"])})
    return columns


def check_language(language: str) -> dict[str, str]:
    """The column for one of our languages. Raises Invalid."""
    if language not in LANGUAGES:
        raise Invalid({"language": say("Choose one of the languages.")})
    return {"language": language}


@dataclass(frozen=True)
class ReceivedContribution:
    """A contribution as the data office sees it."""

    contribution: ContributionValues
    word: Message


@dataclass(frozen=True)
class RequestPage:
    """One request. `link` is the partner's address while it opens; `mailed` says that it is sent by mail too."""

    line: RequestLine
    criterion: Criterion
    forms: tuple[EvidenceKind, ...]
    link: str
    expired: bool
    mailed: bool
    contributions: tuple[ReceivedContribution, ...]


def load_request(desk: Desk, request_id: int) -> RequestPage:
    """The criterion is that of the request's own assessment, which may be over. Raises NotFound."""
    asked_request = find_request(desk, request_id)
    request_assessment = desk.session.get_one(Assessment, asked_request.assessment_id)
    criterion, _ = find_criterion(desk, request_assessment.edition, asked_request.criterion)
    (line,) = _request_lines(desk, [asked_request])
    contributions = request.list_contributions(desk.session, desk.city_id, asked_request.id)
    opens = bool(asked_request.nonce) and line.state in LINK_OPENS
    expired = asked_request.expires_at is not None and asked_request.expires_at < now()
    return RequestPage(
        line=line,
        criterion=criterion,
        forms=tuple(EvidenceKind(form) for form in asked_request.forms.split()),
        link=request_link(desk.site, asked_request) if opens and not expired else "",
        expired=opens and expired,
        mailed=bool(desk.site.settings.smtp_host) and bool(_partner_email(desk.session, asked_request)),
        contributions=tuple(
            ReceivedContribution(
                frozen_values(ContributionValues, contribution),
                CONTRIBUTION_NAMES[ContributionState(contribution.state)],
            )
            for contribution in contributions
        ),
    )


def _partner_email(session: Session, asked_request: EvidenceRequest) -> str:
    partner = (
        request.find_partner(session, asked_request.city_id, asked_request.partner_id)
        if asked_request.partner_id
        else None
    )
    return partner.email if partner else ""


def find_request(desk: Desk, request_id: int) -> EvidenceRequest:
    """A request of the city, also one of an earlier assessment. Raises NotFound."""
    asked_request = request.find_request(desk.session, desk.city_id, request_id)
    if asked_request is None:
        raise NotFound(say("We could not find that request."))
    return asked_request


def request_link(site: Site, asked_request: EvidenceRequest) -> str:
    """The signed address where the partner answers. It holds the request and its nonce, so that another nonce ends it."""
    token = tokens.sign_token(
        tokens.load_secret_key(site.settings), LINK_PURPOSE, {"request": asked_request.id, "nonce": asked_request.nonce}
    )
    return f"{site.settings.public_url}/contribute/{token}"
