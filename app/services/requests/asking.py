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
from app.services.desk import Desk, Who
from app.services.evidence.adding import check_items
from app.services.people.members import CHANGED_MEANWHILE
from app.services.requests.page import check_language, find
from app.services.response import find_criterion
from app.services.site import Site
from app.store import city, job, request
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


def begin(desk: Desk, code: str) -> AskingPage:
    """An empty form; for the first criterion where no code is given. Raises NotFound."""
    run = current(desk.session, desk.who.city)
    criteria = desk.site.edition(run.edition, desk.who.language).criteria
    criterion, _ = find_criterion(desk, run, code or next(iter(criteria)))
    return AskingPage(
        criterion,
        tuple((one.code, f"{one.code} {one.title}") for one in criteria.values()),
        tuple((row.id, row.name) for row in request.partners(desk.session, desk.city_id)),
        tuple((row.id, row.name) for row in city.departments(desk.session, desk.city_id)),
    )


def edit(desk: Desk, request_id: int, code: str) -> AskingPage:
    """The form of an open request, for its own criterion where no code is given. Raises NotFound, Refused once it is sent."""
    row = _open(desk, request_id)
    return replace(begin(desk, code or row.criterion), row=row, to=_addressee(desk.session, row))


def write(desk: Desk, asking: Asking, to: Sequence[str], *, sent: bool) -> tuple[int, ...]:
    """A request to each of `to` (such as `partner-3`, `department-3`), sent or left open; returns their ids. Raises Invalid, NotFound."""
    gathered = Gathered()
    gathered.take(lambda: {"chosen": _chosen(desk, to)})
    gathered.take(_checked, desk, asking)
    columns = gathered.whole()
    chosen = columns.pop("chosen")
    return tuple(_write_one(desk, columns | one, sent=sent) for one in chosen)


def _write_one(desk: Desk, columns: dict[str, Any], *, sent: bool) -> int:
    run = current(desk.session, desk.who.city)
    state = RequestState.SENT if sent else RequestState.OPEN
    row = EvidenceRequest(
        city_id=desk.city_id, assessment_id=run.id, state=state.value, created_by=desk.who.person_id, **columns
    )
    for name, value in (_link(desk.who, row, row.due_on) if sent else {}).items():
        setattr(row, name, value)
    desk.session.add(row)
    desk.session.flush()
    _record(desk, Verb.REQUEST_SENT if sent else Verb.REQUEST_WRITTEN, row)
    if sent:
        _mail(desk.session, desk.site, row)
    return row.id


def _chosen(desk: Desk, to: Sequence[str]) -> list[dict[str, int]]:
    """For each one that somebody chose the column that names it. Raises Invalid."""
    found = [_one(desk, one) for one in dict.fromkeys(to)]
    chosen = [one for one in found if one]
    if not chosen or len(chosen) < len(found):
        raise Invalid({"to": say("Choose a partner or a department.")})
    return chosen


def _one(desk: Desk, to: str) -> dict[str, int] | None:
    kind, _, number = to.partition("-")
    id = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0
    if kind == "partner" and request.partner(desk.session, desk.city_id, id):
        return {"partner_id": id}
    if kind == "department" and city.department(desk.session, desk.city_id, id):
        return {"department_id": id}
    return None


def change(desk: Desk, request_id: int, asking: Asking, version: int) -> None:
    """Write an open request anew. Raises Invalid, Refused once it is sent, Conflict, NotFound."""
    row = _open(desk, request_id)
    _save(desk, row, version, Verb.REQUEST_CHANGED, **_checked(desk, asking))


def _open(desk: Desk, request_id: int) -> EvidenceRequest:
    row = find(desk, request_id)
    if row.state != RequestState.OPEN:
        raise Refused(say("This request is sent, so its words stay. End it and write another one."))
    return row


def _checked(desk: Desk, asking: Asking) -> dict[str, Any]:
    """The columns of what somebody wrote. Raises Invalid, NotFound."""
    criterion, _ = find_criterion(desk, current(desk.session, desk.who.city), asking.code)
    gathered = Gathered()
    gathered.take(check_items, criterion, {asking.item} - {""})
    gathered.take(lambda: {"what": check_text("what", asking.what, say("Say what you ask for."))})
    gathered.take(lambda: {"why": check_text("why", asking.why, say("Say in a sentence why you ask."))})
    gathered.take(lambda: {"forms": " ".join(check_forms(asking.forms))})
    gathered.take(check_language, asking.language)
    gathered.take(check_due, asking.due_on, desk.who.today)
    return {"criterion": asking.code, "item": asking.item, "due_on": asking.due_on, **gathered.whole()}


def send(desk: Desk, request_id: int, version: int) -> None:
    """Send an open request. Raises Refused where its date is over by now, Conflict, NotFound."""
    row = find(desk, request_id)
    if row.due_on and row.due_on < desk.who.today:
        raise Refused(say("The date of this request is over. Give it another one, then send it."))
    _step(desk, row, version, "send", Verb.REQUEST_SENT, **_link(desk.who, row, row.due_on))
    _mail(desk.session, desk.site, row)


def remind(desk: Desk, request_id: int, version: int) -> None:
    """Send the letter with the same link once more. Raises Refused, Conflict, NotFound."""
    row = find(desk, request_id)
    _step(desk, row, version, "remind", Verb.REQUEST_REMINDED)
    _mail(desk.session, desk.site, row)


def renew(desk: Desk, request_id: int, version: int) -> None:
    """A fresh link in place of the old one, which opens no more; sent where mail is set. Raises Refused, Conflict, NotFound."""
    row = find(desk, request_id)
    if not row.partner_id:
        raise Refused(say("Only a partner answers through a link."))
    _step(desk, row, version, "renew", Verb.REQUEST_RENEWED, **_link(desk.who, row, row.due_on))
    _mail(desk.session, desk.site, row)


def ask_until(desk: Desk, request_id: int, due_on: date | None, version: int) -> None:
    """Give a sent request another date, which its link follows, or ask again after the end, with a new link.

    Raises Invalid for the date, Refused while it is open, Conflict, NotFound.
    """
    row = find(desk, request_id)
    check_due(due_on, desk.who.today)
    link = _link(desk.who, row, due_on)
    if row.state == RequestState.SENT:
        link.pop("nonce", None)
        _step(desk, row, version, "reschedule", Verb.REQUEST_RESCHEDULED, due_on=due_on, **link)
    else:
        _step(desk, row, version, "ask_again", Verb.REQUEST_SENT, due_on=due_on, **link)
        _mail(desk.session, desk.site, row)


def done(desk: Desk, request_id: int, version: int) -> None:
    """A department's word that it has answered. Raises NotAllowed for somebody of another department, Refused, Conflict, NotFound."""
    row = find(desk, request_id)
    if not may_write_for(desk.who.role, desk.who.departments, row.department_id):
        raise NotAllowed(say("This request is for another department."))
    _step(desk, row, version, "done", Verb.REQUEST_DONE)


def close(desk: Desk, request_id: int, version: int) -> None:
    """End a request: its link opens no more. Raises Refused, Conflict, NotFound."""
    _step(desk, find(desk, request_id), version, "close", Verb.REQUEST_CLOSED)


def _step(desk: Desk, row: EvidenceRequest, version: int, step: str, verb: Verb, **values: object) -> None:
    _save(desk, row, version, verb, state=moved(RequestState(row.state), step).value, **values)


def _save(desk: Desk, row: EvidenceRequest, version: int, verb: Verb, **values: object) -> None:
    if not request.save(desk.session, desk.city_id, row.id, version, **values):
        raise Conflict(CHANGED_MEANWHILE)
    _record(desk, verb, row)


def _record(desk: Desk, verb: Verb, row: EvidenceRequest) -> None:
    desk.record(
        verb,
        row.criterion,
        request=row.id,
        to=_addressee(desk.session, row),
    )


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
