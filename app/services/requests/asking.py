"""Asking: writing a request, sending it to partners and departments, and every step after that."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from app.rules.criteria.edition import Criterion
from app.rules.errors import Conflict, FieldGatherer, Invalid, NotAllowed, Refused
from app.rules.files.typed_data import check_typed_data
from app.rules.history.verbs import Verb
from app.rules.installation.job import JobKind
from app.rules.message import say
from app.rules.people.permissions import may_write_for
from app.rules.request import (
    LINK_DAYS,
    LINK_GRACE_DAYS,
    RequestState,
    RequestValues,
    check_due_date,
    check_forms,
    check_text,
    next_request_state,
)
from app.services.assessment.ground import load_open_assessment
from app.services.desk import Desk, Who
from app.services.evidence.adding import check_items
from app.services.people.members import CHANGED_MEANWHILE
from app.services.requests.page import check_language, find_request
from app.services.response.answering import find_criterion
from app.services.site import Site
from app.store import city, job, request
from app.store.request import EvidenceRequest
from app.store.values import frozen_values


@dataclass(frozen=True)
class RequestEntry:
    """A request as someone writes it; `forms` are kinds of evidence, `item` is empty for the criterion as a whole.
    With `may_stand` its writer says that numbers of people may stand in it."""

    code: str
    item: str
    what: str
    why: str
    forms: tuple[str, ...]
    due_on: date | None
    language: str
    may_stand: bool = False


@dataclass(frozen=True)
class RequestFormPage:
    """The form for a request about one criterion, and to whom it can go. `request` is the open one that is written anew, `to` its
    addressee."""

    criterion: Criterion
    criteria: tuple[tuple[str, str], ...]
    partners: tuple[tuple[int, str], ...]
    departments: tuple[tuple[int, str], ...]
    request: RequestValues | None = None
    to: str = ""


def begin_request(desk: Desk, code: str) -> RequestFormPage:
    """An empty form; for the first criterion where no code is given. Raises NotFound."""
    open_assessment = load_open_assessment(desk.session, desk.who.city)
    criteria = desk.site.edition(open_assessment.edition, desk.who.language).criteria
    criterion, _ = find_criterion(desk, open_assessment.edition, code or next(iter(criteria)))
    return RequestFormPage(
        criterion,
        tuple((one.code, f"{one.code} {one.title}") for one in criteria.values()),
        tuple((row.id, row.name) for row in request.list_partners(desk.session, desk.city_id)),
        tuple((row.id, row.name) for row in city.list_departments(desk.session, desk.city_id)),
    )


def edit_request(desk: Desk, request_id: int, code: str) -> RequestFormPage:
    """The form of an open request, for its own criterion where no code is given. Raises NotFound, Refused once it is sent."""
    open_request = _find_open(desk, request_id)
    return replace(
        begin_request(desk, code or open_request.criterion),
        request=frozen_values(RequestValues, open_request),
        to=_name_addressee(desk.session, open_request),
    )


def write_requests(desk: Desk, entry: RequestEntry, addressees: Sequence[str], *, sent: bool) -> tuple[int, ...]:
    """A request to each of `addressees` (such as `partner-3`, `department-3`), sent or left open; returns their ids. Raises Invalid, NotFound."""
    gathered = FieldGatherer()
    gathered.take(lambda: {"chosen": _addressee_columns(desk, addressees)})
    gathered.take(_check_entry, desk, entry)
    columns = gathered.whole()
    chosen = columns.pop("chosen")
    return tuple(_write_request(desk, columns | one, sent=sent) for one in chosen)


ALL_PARTNERS = "partner-all"


def preview_partners(desk: Desk, entry: RequestEntry) -> tuple[tuple[str, str], ...]:
    """Name and address of every partner that a request to all would go to, before anything is sent. Raises Invalid."""
    _check_entry(desk, entry)
    return tuple((row.name, row.email) for row in request.list_partners(desk.session, desk.city_id))


def _write_request(desk: Desk, columns: dict[str, Any], *, sent: bool) -> int:
    open_assessment = load_open_assessment(desk.session, desk.who.city)
    state = RequestState.SENT if sent else RequestState.OPEN
    new_request = EvidenceRequest(
        city_id=desk.city_id,
        assessment_id=open_assessment.id,
        state=state.value,
        created_by=desk.who.person_id,
        **columns,
    )
    for name, value in (_new_link(desk.who, new_request, new_request.due_on) if sent else {}).items():
        setattr(new_request, name, value)
    request.add_request(desk.session, new_request)
    _record_event(desk, Verb.REQUEST_SENT if sent else Verb.REQUEST_WRITTEN, new_request)
    if sent:
        _mail_request(desk.session, desk.site, new_request)
    return new_request.id


def _addressee_columns(desk: Desk, addressees: Sequence[str]) -> list[dict[str, int]]:
    """For each one that someone chose the column that names it. Raises Invalid."""
    if ALL_PARTNERS in addressees:
        every = [f"partner-{row.id}" for row in request.list_partners(desk.session, desk.city_id)]
        addressees = [*every, *(one for one in addressees if one != ALL_PARTNERS)]
    columns = [_addressee_column(desk, one) for one in dict.fromkeys(addressees)]
    chosen = [one for one in columns if one]
    if not chosen or len(chosen) < len(columns):
        raise Invalid({"to": say("Choose a partner or a department.")})
    return chosen


def _addressee_column(desk: Desk, addressee: str) -> dict[str, int] | None:
    kind, _, number = addressee.partition("-")
    addressee_id = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0
    if kind == "partner" and request.find_partner(desk.session, desk.city_id, addressee_id):
        return {"partner_id": addressee_id}
    if kind == "department" and city.find_department(desk.session, desk.city_id, addressee_id):
        return {"department_id": addressee_id}
    return None


def change_request(desk: Desk, request_id: int, entry: RequestEntry, version: int) -> None:
    """Write an open request anew. Raises Invalid, Refused once it is sent, Conflict, NotFound."""
    open_request = _find_open(desk, request_id)
    _save_request(desk, open_request, version, Verb.REQUEST_CHANGED, **_check_entry(desk, entry))


def _find_open(desk: Desk, request_id: int) -> EvidenceRequest:
    open_request = find_request(desk, request_id)
    if open_request.state != RequestState.OPEN:
        raise Refused(say("This request is sent, so its words stay. End it and write another one."))
    return open_request


def _check_entry(desk: Desk, entry: RequestEntry) -> dict[str, Any]:
    """The columns of what someone wrote. Raises Invalid, NotFound."""
    criterion, _ = find_criterion(desk, load_open_assessment(desk.session, desk.who.city).edition, entry.code)
    gathered = FieldGatherer()
    gathered.take(check_items, criterion, {entry.item} - {""})
    gathered.take(lambda: {"what": check_text("what", entry.what, say("Say what you ask for."))})
    gathered.take(lambda: {"why": check_text("why", entry.why, say("Say in a sentence why you ask."))})
    gathered.take(lambda: {"forms": " ".join(check_forms(entry.forms))})
    gathered.take(check_language, entry.language)
    words = {"what": entry.what, "why": entry.why}
    gathered.take(lambda: check_typed_data(words, desk.who.city.country, may_stand=entry.may_stand))
    gathered.take(check_due_date, entry.due_on, desk.who.today)
    return {"criterion": entry.code, "item": entry.item, "due_on": entry.due_on, **gathered.whole()}


def send_request(desk: Desk, request_id: int, version: int) -> None:
    """Send an open request. Raises Refused where its date is over by now, Conflict, NotFound."""
    asked_request = find_request(desk, request_id)
    if asked_request.due_on and asked_request.due_on < desk.who.today:
        raise Refused(say("The date of this request is over. Give it another one, then send it."))
    _take_step(
        desk,
        asked_request,
        version,
        "send",
        Verb.REQUEST_SENT,
        **_new_link(desk.who, asked_request, asked_request.due_on),
    )
    _mail_request(desk.session, desk.site, asked_request)


def send_reminder(desk: Desk, request_id: int, version: int) -> None:
    """Send the letter with the same link once more. Raises Refused, Conflict, NotFound."""
    asked_request = find_request(desk, request_id)
    _take_step(desk, asked_request, version, "remind", Verb.REQUEST_REMINDED)
    _mail_request(desk.session, desk.site, asked_request)


def renew_link(desk: Desk, request_id: int, version: int) -> None:
    """A fresh link in place of the old one, which opens no more; sent where mail is set. Raises Refused, Conflict, NotFound."""
    asked_request = find_request(desk, request_id)
    if not asked_request.partner_id:
        raise Refused(say("Only a partner answers through a link."))
    _take_step(
        desk,
        asked_request,
        version,
        "renew",
        Verb.REQUEST_RENEWED,
        **_new_link(desk.who, asked_request, asked_request.due_on),
    )
    _mail_request(desk.session, desk.site, asked_request)


def ask_until(desk: Desk, request_id: int, due_on: date | None, version: int) -> None:
    """Give a sent request another date, which its link follows, or ask again after the end, with a new link.

    Raises Invalid for the date, Refused while it is open, Conflict, NotFound.
    """
    asked_request = find_request(desk, request_id)
    check_due_date(due_on, desk.who.today)
    link = _new_link(desk.who, asked_request, due_on)
    if asked_request.state == RequestState.SENT:
        link = {name: value for name, value in link.items() if name == "expires_at"}
        _take_step(desk, asked_request, version, "reschedule", Verb.REQUEST_RESCHEDULED, due_on=due_on, **link)
    else:
        _take_step(desk, asked_request, version, "ask_again", Verb.REQUEST_SENT, due_on=due_on, **link)
        _mail_request(desk.session, desk.site, asked_request)


def mark_done(desk: Desk, request_id: int, version: int) -> None:
    """A department's word that it has answered. Raises NotAllowed for someone of another department, Refused, Conflict, NotFound."""
    asked_request = find_request(desk, request_id)
    if not may_write_for(desk.who.role, desk.who.departments, asked_request.department_id):
        raise NotAllowed(say("This request is for another department."))
    _take_step(desk, asked_request, version, "done", Verb.REQUEST_DONE)


def close_request(desk: Desk, request_id: int, version: int) -> None:
    """End a request: its link opens no more. Raises Refused, Conflict, NotFound."""
    _take_step(desk, find_request(desk, request_id), version, "close", Verb.REQUEST_CLOSED)


def _take_step(
    desk: Desk, asked_request: EvidenceRequest, version: int, step: str, verb: Verb, **values: object
) -> None:
    _save_request(
        desk,
        asked_request,
        version,
        verb,
        state=next_request_state(RequestState(asked_request.state), step).value,
        **values,
    )


def _save_request(desk: Desk, asked_request: EvidenceRequest, version: int, verb: Verb, **values: object) -> None:
    if not request.save_request(desk.session, desk.city_id, asked_request.id, version, **values):
        raise Conflict(CHANGED_MEANWHILE)
    _record_event(desk, verb, asked_request)


def _record_event(desk: Desk, verb: Verb, asked_request: EvidenceRequest) -> None:
    desk.record(
        verb,
        asked_request.criterion,
        request=asked_request.id,
        to=_name_addressee(desk.session, asked_request),
    )


def _name_addressee(session: Session, asked_request: EvidenceRequest) -> str:
    """The name of the partner or the department."""
    if asked_request.partner_id:
        partner = request.find_partner(session, asked_request.city_id, asked_request.partner_id)
        return partner.name if partner else ""
    department = city.find_department(session, asked_request.city_id, asked_request.department_id or 0)
    return department.name if department else ""


def _new_link(who: Who, asked_request: EvidenceRequest, due_on: date | None) -> dict[str, Any]:
    """What makes a new link of a partner's request, and every older one useless; nothing for a department."""
    if not asked_request.partner_id:
        return {}
    return {"nonce": secrets.token_hex(8), "expires_at": _expires_at(who, due_on), "public_advice_read_at": None}


def _expires_at(who: Who, due_on: date | None) -> datetime:
    """The end of the link, in the city's time: some days after the date, or after today where that is over."""
    day = max(due_on, who.today) + timedelta(days=LINK_GRACE_DAYS) if due_on else who.today + timedelta(days=LINK_DAYS)
    return datetime.combine(day, time.max, ZoneInfo(who.city.time_zone))


def _mail_request(session: Session, site: Site, asked_request: EvidenceRequest) -> None:
    if site.settings.smtp_host and asked_request.partner_id:
        job.enqueue_job(session, asked_request.city_id, JobKind.SEND_REQUEST, request=asked_request.id, what="ask")
