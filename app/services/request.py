"""Requests for evidence, to partners and to departments: asking, reminding, ending, and the list of them."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from app.adapters import tokens
from app.rules.account import check_email
from app.rules.criteria import Criterion, EvidenceKind
from app.rules.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from app.rules.permissions import may_write_for
from app.rules.request import (
    CONTRIBUTION_NAMES,
    LINK_DAYS,
    LINK_GRACE_DAYS,
    STATE_NAMES,
    ContributionState,
    RequestState,
    check_due,
    check_forms,
    check_name,
    check_text,
    is_late,
)
from app.rules.wording import Said, say
from app.services.account import Who
from app.services.assessment import current
from app.services.people import CHANGED_MEANWHILE
from app.services.response import find_criterion
from app.services.site import Site
from app.settings import LANGUAGES
from app.store import city, history, job, people, request
from app.store.city import City
from app.store.database import now
from app.store.request import Contribution, EvidenceRequest, Partner

LINK = "contribution"


@dataclass(frozen=True)
class Line:
    """A request in a list. `to` names the partner or the department; `waiting` counts contributions that nobody has decided on."""

    row: EvidenceRequest
    to: str
    state: RequestState
    word: Said
    late: bool
    waiting: int


@dataclass(frozen=True)
class PartnerLine:
    """A partner with what was accepted from it, for a letter of thanks: (title, criterion) each."""

    row: Partner
    accepted: tuple[tuple[str, str], ...]
    asked: int


@dataclass(frozen=True)
class RequestsPage:
    """All requests of the open assessment, the late ones first, and how much waits in the inbox."""

    lines: tuple[Line, ...]
    inbox: int


@dataclass(frozen=True)
class PartnersPage:
    """The city's partners, what they contributed, and how much waits in the inbox."""

    lines: tuple[PartnerLine, ...]
    inbox: int


def index(session: Session, who: Who) -> RequestsPage:
    """Raises NotFound without an open assessment."""
    run = current(session, who.city)
    rows = request.requests(session, who.city_id, run.id or 0)
    lines = _lines(session, who, rows)
    ordered = sorted(lines, key=lambda line: (line.state is not RequestState.SENT, line.row.due_on or date.max))
    return RequestsPage(tuple(ordered), request.count_waiting(session, who.city_id))


def _lines(session: Session, who: Who, rows: Collection[EvidenceRequest]) -> list[Line]:
    partners = {row.id: row.name for row in request.partners(session, who.city_id)}
    departments = {row.id: row.name for row in city.departments(session, who.city_id)}
    waiting = [row.request_id for row, _ in request.waiting(session, who.city_id)]

    def line(row: EvidenceRequest) -> Line:
        to = partners.get(row.partner_id, "") or departments.get(row.department_id, "")
        state = RequestState(row.state)
        late = is_late(state, row.due_on, who.today)
        return Line(row, to, state, STATE_NAMES[state], late, waiting.count(row.id or 0))

    return [line(row) for row in rows]


def for_departments(session: Session, who: Who, assessment_id: int) -> tuple[Line, ...]:
    """The requests that wait for the person's own departments, the earliest date first; in one query."""
    if not who.departments:
        return ()
    mine = request.open_for(session, who.city_id, assessment_id, who.departments)
    return tuple(
        Line(
            row,
            "",
            RequestState.SENT,
            STATE_NAMES[RequestState.SENT],
            is_late(RequestState.SENT, row.due_on, who.today),
            0,
        )
        for row in sorted(mine, key=lambda row: row.due_on or date.max)
    )


def partners(session: Session, who: Who) -> PartnersPage:
    """The city's partners by name, each with what was accepted from it."""
    asked = {
        row.id: row
        for run in [current(session, who.city)]
        for row in request.requests(session, who.city_id, run.id or 0)
    }
    accepted: dict[int, list[tuple[str, str]]] = {}
    for one in request.contributions(session, who.city_id):
        of = asked.get(one.request_id)
        if of and of.partner_id and one.state == ContributionState.ACCEPTED:
            accepted.setdefault(of.partner_id, []).append((one.title, of.criterion))
    lines = (
        PartnerLine(row, tuple(accepted.get(row.id or 0, ())), sum(one.partner_id == row.id for one in asked.values()))
        for row in request.partners(session, who.city_id)
    )
    return PartnersPage(tuple(lines), request.count_waiting(session, who.city_id))


def add_partner(session: Session, who: Who, *, name: str, contact: str, email: str, language: str) -> int:
    """A new partner of the city; returns its id. Raises Invalid."""
    name = check_name("name", name)
    contact = check_name("contact", contact) if contact.strip() else ""
    email = check_email(email) if email.strip() else ""
    if language not in LANGUAGES:
        raise Invalid({"language": say("Choose one of the languages.")})
    people.one_at_a_time(session, who.city_id)
    if name.casefold() in {row.name.casefold() for row in request.partners(session, who.city_id)}:
        raise Invalid({"name": say("There is a partner “%(name)s” already.", name=name)})
    row = Partner(city_id=who.city_id, name=name, contact=contact, email=email, language=language)
    session.add(row)
    session.flush()
    history.record(session, who.city_id, who.person_id, "partner_added", name)
    return row.id or 0


@dataclass(frozen=True)
class NewPage:
    """The form for a request about one criterion, and to whom it can go."""

    criterion: Criterion
    criteria: tuple[tuple[str, str], ...]
    partners: tuple[tuple[int, str], ...]
    departments: tuple[tuple[int, str], ...]


def begin(session: Session, site: Site, who: Who, code: str) -> NewPage:
    """The form; for the first criterion where no code is given. Raises NotFound."""
    run = current(session, who.city)
    criteria = site.edition(run.edition, who.language).criteria
    code = code or next(iter(criteria))
    criterion, _ = find_criterion(session, site, who, run, code)
    return NewPage(
        criterion,
        tuple((one.code, f"{one.code} {one.title}") for one in criteria.values()),
        tuple((row.id or 0, row.name) for row in request.partners(session, who.city_id)),
        tuple((row.id or 0, row.name) for row in city.departments(session, who.city_id)),
    )


def send(
    session: Session,
    site: Site,
    who: Who,
    *,
    code: str,
    item: str,
    to: str,
    what: str,
    why: str,
    forms: Collection[str],
    due_on: date | None,
    language: str,
) -> int:
    """Ask a partner (`to` is `partner-3`) or a department (`department-3`); returns the request's id. Raises Invalid, NotFound."""
    run = current(session, who.city)
    criterion, _ = find_criterion(session, site, who, run, code)
    partner_id, department_id = _addressee(session, who, to)
    if item and item not in {one.id for one in criterion.checklist}:
        raise Invalid({"item": say("The checklist has changed since this page was opened. Choose the items again.")})
    if language not in LANGUAGES:
        raise Invalid({"language": say("Choose one of the languages.")})
    check_due(due_on, who.today)
    row = EvidenceRequest(
        city_id=who.city_id,
        assessment_id=run.id or 0,
        criterion=code,
        item=item,
        partner_id=partner_id,
        department_id=department_id,
        what=check_text("what", what, say("Say what you ask for.")),
        why=check_text("why", why, say("Say in a sentence why you ask.")),
        forms=" ".join(check_forms(forms)),
        language=language,
        due_on=due_on,
        nonce=secrets.token_hex(8) if partner_id else "",
        expires_at=_expires_at(who.city, due_on) if partner_id else None,
        created_by=who.person_id,
    )
    session.add(row)
    session.flush()
    _record(session, who, "request_sent", row, to=_name(session, who, row))
    _mail(session, site, row, "ask")
    return row.id or 0


def _addressee(session: Session, who: Who, to: str) -> tuple[int | None, int | None]:
    kind, _, number = to.partition("-")
    id = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0
    if kind == "partner" and request.partner(session, who.city_id, id):
        return id, None
    if kind == "department" and city.department(session, who.city_id, id):
        return None, id
    raise Invalid({"to": say("Choose a partner or a department.")})


def _expires_at(of: City, due_on: date | None) -> datetime:
    """The end of the link: some days after the date, in the city's time."""
    zone = ZoneInfo(of.time_zone)
    day = (
        due_on + timedelta(days=LINK_GRACE_DAYS)
        if due_on
        else now().astimezone(zone).date() + timedelta(days=LINK_DAYS)
    )
    return datetime.combine(day, time.max, zone)


def _name(session: Session, who: Who, row: EvidenceRequest) -> str:
    if row.partner_id:
        found = request.partner(session, who.city_id, row.partner_id)
        return found.name if found else ""
    department = city.department(session, who.city_id, row.department_id or 0)
    return department.name if department else ""


def _mail(session: Session, site: Site, row: EvidenceRequest, what: str) -> None:
    if site.settings.smtp_host:
        job.enqueue(session, row.city_id, "request.mail", request=row.id, what=what)


def _record(session: Session, who: Who, verb: str, row: EvidenceRequest, **details: object) -> None:
    history.record(session, who.city_id, who.person_id, verb, row.criterion, request=row.id, **details)


@dataclass(frozen=True)
class Received:
    """A contribution as the data office sees it."""

    row: Contribution
    word: Said


@dataclass(frozen=True)
class RequestPage:
    """One request. `link` is the partner's address while it opens; `mailed` says that it is sent by mail too."""

    line: Line
    criterion: Criterion
    forms: tuple[EvidenceKind, ...]
    link: str
    expired: bool
    mailed: bool
    contributions: tuple[Received, ...]


def show(session: Session, site: Site, who: Who, request_id: int) -> RequestPage:
    """Raises NotFound."""
    row = find(session, who, request_id)
    criterion, _ = find_criterion(session, site, who, current(session, who.city), row.criterion)
    (line,) = _lines(session, who, [row])
    came = request.contributions(session, who.city_id, row.id)
    opens = bool(row.nonce) and line.state is not RequestState.CLOSED
    expired = row.expires_at is not None and row.expires_at < now()
    return RequestPage(
        line=line,
        criterion=criterion,
        forms=tuple(EvidenceKind(form) for form in row.forms.split()),
        link=link_of(site, row) if opens and not expired else "",
        expired=opens and expired,
        mailed=bool(site.settings.smtp_host) and bool(_email(session, row)),
        contributions=tuple(Received(one, CONTRIBUTION_NAMES[ContributionState(one.state)]) for one in came),
    )


def _email(session: Session, row: EvidenceRequest) -> str:
    found = request.partner(session, row.city_id, row.partner_id) if row.partner_id else None
    return found.email if found else ""


def find(session: Session, who: Who, request_id: int) -> EvidenceRequest:
    """The request of the open assessment. Raises NotFound."""
    row = request.by_id(session, who.city_id, request_id)
    if row is None or row.assessment_id != (current(session, who.city).id or 0):
        raise NotFound(say("There is no such request in this city."))
    return row


def link_of(site: Site, row: EvidenceRequest) -> str:
    """The signed address where the partner answers. It holds the request and its nonce, so that another nonce ends it."""
    token = tokens.make(tokens.secret_key(site.settings), LINK, {"request": row.id, "nonce": row.nonce})
    return f"{site.settings.public_url.rstrip('/')}/contribute/{token}"


def close(session: Session, who: Who, request_id: int, version: int) -> None:
    """End a request: its link opens no more. Raises Conflict, NotFound."""
    row = find(session, who, request_id)
    if row.state != RequestState.CLOSED:
        _save(session, who, row, version, "request_closed", state=RequestState.CLOSED.value)


def done(session: Session, who: Who, request_id: int, version: int) -> None:
    """A department's word that it has answered. Raises NotAllowed for somebody of another department, Conflict, NotFound."""
    row = find(session, who, request_id)
    if not may_write_for(who.role, who.departments, row.department_id):
        raise NotAllowed(say("This request is for another department."))
    if row.state == RequestState.SENT:
        _save(session, who, row, version, "request_done", state=RequestState.FULFILLED.value)


def new_link(session: Session, site: Site, who: Who, request_id: int, version: int) -> None:
    """A fresh link in place of the old one, which opens no more; sent again where mail is set. Raises Refused, Conflict, NotFound."""
    row = find(session, who, request_id)
    if not row.partner_id:
        raise Refused(say("Only a partner answers through a link."))
    values = {"nonce": secrets.token_hex(8), "state": RequestState.SENT.value}
    _save(session, who, row, version, "request_renewed", expires_at=_expires_at(who.city, None), **values)
    _mail(session, site, row, "ask")


def _save(session: Session, who: Who, row: EvidenceRequest, version: int, verb: str, **values: object) -> None:
    if not request.save(session, who.city_id, row.id or 0, version, **values):
        raise Conflict(CHANGED_MEANWHILE)
    _record(session, who, verb, row)
