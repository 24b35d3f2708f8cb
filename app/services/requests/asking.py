"""Asking: writing a request, sending it to partners and departments, and every step after that."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from app.rules.criteria import Criterion
from app.rules.errors import Conflict, Gathered, Invalid, NotAllowed, Refused
from app.rules.history.verbs import Verb
from app.rules.job import JobKind
from app.rules.message import say
from app.rules.permissions import may_write_for
from app.rules.request import LINK_DAYS, LINK_GRACE_DAYS, RequestState, check_due, check_forms, check_text, moved
from app.services.assessment import current
from app.services.desk import Who
from app.services.evidence.adding import check_items
from app.services.people.members import CHANGED_MEANWHILE
from app.services.requests.page import check_language, find
from app.services.response import find_criterion
from app.services.site import Site
from app.store import city, job, request
from app.store.history import events
from app.store.request import EvidenceRequest


@dataclass(frozen=True)
class Asking:
    """A request as somebody writes it; `forms` are kinds of evidence, `item` is empty for the criterion as a whole."""

    code: str
    item: str
    what: str
    why: str
    forms: tuple[str, ...]
    due_on: date | None
    language: str


@dataclass(frozen=True)
class AskingPage:
    """The form for a request about one criterion, and to whom it can go. `row` is the open request that is written anew, `to` its
    addressee."""

    criterion: Criterion
    criteria: tuple[tuple[str, str], ...]
    partners: tuple[tuple[int, str], ...]
    departments: tuple[tuple[int, str], ...]
    row: EvidenceRequest | None = None
    to: str = ""


def begin(session: Session, site: Site, who: Who, code: str) -> AskingPage:
    """An empty form; for the first criterion where no code is given. Raises NotFound."""
    run = current(session, who.city)
    criteria = site.edition(run.edition, who.language).criteria
    criterion, _ = find_criterion(session, site, who, run, code or next(iter(criteria)))
    return AskingPage(
        criterion,
        tuple((one.code, f"{one.code} {one.title}") for one in criteria.values()),
        tuple((row.id or 0, row.name) for row in request.partners(session, who.city_id)),
        tuple((row.id or 0, row.name) for row in city.departments(session, who.city_id)),
    )


def edit(session: Session, site: Site, who: Who, request_id: int, code: str) -> AskingPage:
    """The form of an open request, for its own criterion where no code is given. Raises NotFound, Refused once it is sent."""
    row = _open(session, who, request_id)
    return replace(begin(session, site, who, code or row.criterion), row=row, to=_addressee(session, row))


def write(session: Session, site: Site, who: Who, asking: Asking, to: Sequence[str], *, sent: bool) -> tuple[int, ...]:
    """A request to each of `to` (such as `partner-3`, `department-3`), sent or left open; returns their ids. Raises Invalid, NotFound."""
    gathered = Gathered()
    gathered.take(lambda: {"chosen": _chosen(session, who, to)})
    gathered.take(_checked, session, site, who, asking)
    columns = gathered.whole()
    chosen = columns.pop("chosen")
    return tuple(_write_one(session, site, who, columns | one, sent=sent) for one in chosen)


def _write_one(session: Session, site: Site, who: Who, columns: dict[str, Any], *, sent: bool) -> int:
    run = current(session, who.city)
    state = RequestState.SENT if sent else RequestState.OPEN
    row = EvidenceRequest(
        city_id=who.city_id, assessment_id=run.id or 0, state=state.value, created_by=who.person_id, **columns
    )
    for name, value in (_link(who, row, row.due_on) if sent else {}).items():
        setattr(row, name, value)
    session.add(row)
    session.flush()
    _record(session, who, Verb.REQUEST_SENT if sent else Verb.REQUEST_WRITTEN, row)
    if sent:
        _mail(session, site, row)
    return row.id or 0


def _chosen(session: Session, who: Who, to: Sequence[str]) -> list[dict[str, int]]:
    """For each one that somebody chose the column that names it. Raises Invalid."""
    found = [_one(session, who, one) for one in dict.fromkeys(to)]
    chosen = [one for one in found if one]
    if not chosen or len(chosen) < len(found):
        raise Invalid({"to": say("Choose a partner or a department.")})
    return chosen


def _one(session: Session, who: Who, to: str) -> dict[str, int] | None:
    kind, _, number = to.partition("-")
    id = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0
    if kind == "partner" and request.partner(session, who.city_id, id):
        return {"partner_id": id}
    if kind == "department" and city.department(session, who.city_id, id):
        return {"department_id": id}
    return None


def change(session: Session, site: Site, who: Who, request_id: int, asking: Asking, version: int) -> None:
    """Write an open request anew. Raises Invalid, Refused once it is sent, Conflict, NotFound."""
    row = _open(session, who, request_id)
    _save(session, who, row, version, Verb.REQUEST_CHANGED, **_checked(session, site, who, asking))


def _open(session: Session, who: Who, request_id: int) -> EvidenceRequest:
    row = find(session, who, request_id)
    if row.state != RequestState.OPEN:
        raise Refused(say("This request is sent, so its words stay. End it and write another one."))
    return row


def _checked(session: Session, site: Site, who: Who, asking: Asking) -> dict[str, Any]:
    """The columns of what somebody wrote. Raises Invalid, NotFound."""
    criterion, _ = find_criterion(session, site, who, current(session, who.city), asking.code)
    gathered = Gathered()
    gathered.take(check_items, criterion, {asking.item} - {""})
    gathered.take(lambda: {"what": check_text("what", asking.what, say("Say what you ask for."))})
    gathered.take(lambda: {"why": check_text("why", asking.why, say("Say in a sentence why you ask."))})
    gathered.take(lambda: {"forms": " ".join(check_forms(asking.forms))})
    gathered.take(check_language, asking.language)
    gathered.take(check_due, asking.due_on, who.today)
    return {"criterion": asking.code, "item": asking.item, "due_on": asking.due_on, **gathered.whole()}


def send(session: Session, site: Site, who: Who, request_id: int, version: int) -> None:
    """Send an open request. Raises Refused where its date is over by now, Conflict, NotFound."""
    row = find(session, who, request_id)
    if row.due_on and row.due_on < who.today:
        raise Refused(say("The date of this request is over. Give it another one, then send it."))
    _step(session, who, row, version, "send", Verb.REQUEST_SENT, **_link(who, row, row.due_on))
    _mail(session, site, row)


def remind(session: Session, site: Site, who: Who, request_id: int, version: int) -> None:
    """Send the letter with the same link once more. Raises Refused, Conflict, NotFound."""
    row = find(session, who, request_id)
    _step(session, who, row, version, "remind", Verb.REQUEST_REMINDED)
    _mail(session, site, row)


def renew(session: Session, site: Site, who: Who, request_id: int, version: int) -> None:
    """A fresh link in place of the old one, which opens no more; sent where mail is set. Raises Refused, Conflict, NotFound."""
    row = find(session, who, request_id)
    if not row.partner_id:
        raise Refused(say("Only a partner answers through a link."))
    _step(session, who, row, version, "renew", Verb.REQUEST_RENEWED, **_link(who, row, row.due_on))
    _mail(session, site, row)


def ask_until(session: Session, site: Site, who: Who, request_id: int, due_on: date | None, version: int) -> None:
    """Give a sent request another date, which its link follows, or ask again after the end, with a new link.

    Raises Invalid for the date, Refused while it is open, Conflict, NotFound.
    """
    row = find(session, who, request_id)
    check_due(due_on, who.today)
    link = _link(who, row, due_on)
    if row.state == RequestState.SENT:
        link.pop("nonce", None)
        _step(session, who, row, version, "reschedule", Verb.REQUEST_RESCHEDULED, due_on=due_on, **link)
    else:
        _step(session, who, row, version, "ask_again", Verb.REQUEST_SENT, due_on=due_on, **link)
        _mail(session, site, row)


def done(session: Session, who: Who, request_id: int, version: int) -> None:
    """A department's word that it has answered. Raises NotAllowed for somebody of another department, Refused, Conflict, NotFound."""
    row = find(session, who, request_id)
    if not may_write_for(who.role, who.departments, row.department_id):
        raise NotAllowed(say("This request is for another department."))
    _step(session, who, row, version, "done", Verb.REQUEST_DONE)


def close(session: Session, who: Who, request_id: int, version: int) -> None:
    """End a request: its link opens no more. Raises Refused, Conflict, NotFound."""
    _step(session, who, find(session, who, request_id), version, "close", Verb.REQUEST_CLOSED)


def _step(
    session: Session, who: Who, row: EvidenceRequest, version: int, step: str, verb: Verb, **values: object
) -> None:
    _save(session, who, row, version, verb, state=moved(RequestState(row.state), step).value, **values)


def _save(session: Session, who: Who, row: EvidenceRequest, version: int, verb: Verb, **values: object) -> None:
    if not request.save(session, who.city_id, row.id or 0, version, **values):
        raise Conflict(CHANGED_MEANWHILE)
    _record(session, who, verb, row)


def _record(session: Session, who: Who, verb: Verb, row: EvidenceRequest) -> None:
    events.record(session, who.city_id, who.person_id, verb, row.criterion, request=row.id, to=_addressee(session, row))


def _addressee(session: Session, row: EvidenceRequest) -> str:
    """The name of the partner or the department."""
    if row.partner_id:
        partner = request.partner(session, row.city_id, row.partner_id)
        return partner.name if partner else ""
    department = city.department(session, row.city_id, row.department_id or 0)
    return department.name if department else ""


def _link(who: Who, row: EvidenceRequest, due_on: date | None) -> dict[str, Any]:
    """What makes a new link of a partner's request, and every older one useless; nothing for a department."""
    if not row.partner_id:
        return {}
    return {"nonce": secrets.token_hex(8), "expires_at": _expires_at(who, due_on)}


def _expires_at(who: Who, due_on: date | None) -> datetime:
    """The end of the link, in the city's time: some days after the date, or after today where that is over."""
    day = max(due_on, who.today) + timedelta(days=LINK_GRACE_DAYS) if due_on else who.today + timedelta(days=LINK_DAYS)
    return datetime.combine(day, time.max, ZoneInfo(who.city.time_zone))


def _mail(session: Session, site: Site, row: EvidenceRequest) -> None:
    if site.settings.smtp_host and row.partner_id:
        job.enqueue(session, row.city_id, JobKind.SEND_REQUEST, request=row.id, what="ask")
