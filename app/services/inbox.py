"""The inbox: what partners sent, and what the data office makes of it."""

import json
from dataclasses import dataclass, replace
from datetime import date

from sqlmodel import Session

from app.rules.criteria import EvidenceKind
from app.rules.errors import Conflict, Invalid, NotFound
from app.rules.evidence_entry import Entry, check
from app.rules.request import ContributionState, RequestState, check_decision_reason, check_waiting, moved
from app.rules.wording import say
from app.services import evidence_adding
from app.services.account import Who, today_in
from app.services.evidence import Download, opened
from app.services.file_reading import Mention, mentions_of
from app.services.people import CHANGED_MEANWHILE
from app.services.site import Site
from app.store import evidence, file_reading, history, job, request
from app.store.database import now
from app.store.evidence import StoredFile
from app.store.request import Contribution, EvidenceRequest

DAYS = ("period_from", "period_to", "effective_on")


def _read(text: str) -> Entry:
    kept = json.loads(text)
    days = {name: date.fromisoformat(kept[name]) if kept.get(name) else None for name in DAYS}
    return Entry(**{**kept, **days, "kind": EvidenceKind(kept["kind"]), "items": tuple(kept["items"])})


@dataclass(frozen=True)
class Waiting:
    """A contribution in the inbox with what was asked; `personal` is what its file seems to hold that is nobody's business."""

    row: Contribution
    entry: Entry
    asked: EvidenceRequest
    partner: str
    file: StoredFile | None
    personal: tuple[Mention, ...]


@dataclass(frozen=True)
class Inbox:
    """What waits for a decision, the oldest first."""

    waiting: tuple[Waiting, ...]


def waiting(session: Session, who: Who) -> Inbox:
    """Everything that came in and was not decided, in a fixed number of queries."""
    rows = request.waiting(session, who.city_id)
    partners = {row.id: row.name for row in request.partners(session, who.city_id)}
    kept = evidence.files(session, who.city_id, {one.file_id for one, _ in rows if one.file_id})
    read = file_reading.of_files(session, who.city_id, kept)
    return Inbox(
        tuple(
            Waiting(
                one,
                _read(one.entry),
                of,
                partners.get(of.partner_id, ""),
                kept.get(one.file_id or 0),
                mentions_of(read[one.file_id or 0], strong=True) if one.file_id in read else (),
            )
            for one, of in rows
        )
    )


def open_file(session: Session, site: Site, who: Who, contribution_id: int) -> Download:
    """The file of something that came in, to be looked at before it is decided on. Raises NotFound, OutsideUnavailable."""
    row = request.contribution(session, who.city_id, contribution_id)
    file = evidence.file_by_id(session, who.city_id, row.file_id) if row and row.file_id else None
    if file is None:
        raise NotFound(say("There is no such file in this city."))
    return opened(site, file)


def decide(session: Session, site: Site, who: Who, contribution_id: int, decision: str, reason: str) -> None:
    """Accept something as evidence for its criterion, send it back with a question, or do not use it.

    Raises Invalid, Refused when it was decided already or nothing can be added to the criterion now, NotFound.
    """
    if decision not in set(ContributionState) - {ContributionState.WAITING}:
        raise Invalid({"decision": say("Choose what to do with it.")})
    row = request.contribution(session, who.city_id, contribution_id)
    of = request.by_id(session, who.city_id, row.request_id) if row else None
    if row is None or of is None:
        raise NotFound(say("There is no such contribution in this city."))
    check_waiting(ContributionState(row.state))
    chosen = ContributionState(decision)
    reason = check_decision_reason(chosen, reason)
    if chosen is ContributionState.ACCEPTED:
        row.evidence_id = _use(session, site, who, row, of)
        _fulfil(session, who, of)
    row.state, row.reason, row.decided_by, row.decided_at = chosen.value, reason, who.person_id, now()
    session.add(row)
    details = {"request": of.id, "decision": decision, "title": row.title}
    history.record(session, who.city_id, who.person_id, "contribution_decided", of.criterion, **details)
    if chosen is not ContributionState.ACCEPTED and site.settings.smtp_host:
        job.enqueue(session, who.city_id, "request.mail", request=of.id, what="ask", about=row.id)


def _fulfil(session: Session, who: Who, of: EvidenceRequest) -> None:
    """A request that waited for this is answered; one that had ended stays ended, and its link shut."""
    if of.state != RequestState.SENT:
        return
    if not request.save(session, who.city_id, of.id or 0, of.version, state=moved(RequestState.SENT, "done").value):
        raise Conflict(CHANGED_MEANWHILE)


def _use(session: Session, site: Site, who: Who, row: Contribution, of: EvidenceRequest) -> int:
    """The contribution as a piece of evidence, with where it comes from; returns the piece's id."""
    items = (of.item,) if of.item else ()
    opened = evidence_adding.open_for_adding(session, site, who, of.criterion, items)
    entry = replace(_read(row.entry), items=items)
    columns = check(entry, who.today) | ({"title": row.title} if row.file_id else {})
    piece = evidence_adding.write(session, who, opened, columns | {"file_id": row.file_id}, items)
    piece.partner_id, piece.contributed_on = of.partner_id, today_in(who.city, row.at)
    piece.contributed_by = ", ".join(filter(None, (row.name, row.role)))
    session.add(piece)
    return piece.id or 0
