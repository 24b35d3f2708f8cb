"""The inbox: what partners sent, and what the data office makes of it."""

import json
from dataclasses import dataclass, replace
from datetime import date

from app.rules.criteria import EvidenceKind
from app.rules.errors import Conflict, Invalid, NotFound, Refused
from app.rules.evidence.entry import DAYS, Entry, check
from app.rules.evidence.piece import Figure
from app.rules.history.verbs import Verb
from app.rules.job import JobKind
from app.rules.message import say
from app.rules.request import ContributionState, RequestState, check_decision_reason, check_waiting, moved
from app.services.account.sessions import today_in
from app.services.desk import Desk, Who
from app.services.evidence import adding
from app.services.evidence.page import Download, opened
from app.services.evidence.pieces import figure_of
from app.services.evidence.reading import Mention, mentions_of
from app.services.people.members import CHANGED_MEANWHILE
from app.store import file_reading, job, request
from app.store.database.engine import now
from app.store.evidence import pieces
from app.store.evidence.pieces import Evidence, StoredFile
from app.store.request import Contribution, EvidenceRequest


def _read(text: str) -> Entry:
    kept = json.loads(text)
    days = {name: date.fromisoformat(kept[name]) if kept.get(name) else None for name in DAYS}
    return Entry(**{**kept, **days, "kind": EvidenceKind(kept["kind"]), "items": tuple(kept["items"])})


@dataclass(frozen=True)
class Waiting:
    """A contribution in the inbox with what was asked. `figure` is for one of that kind; `personal` is what its file seems to hold that
    is nobody's business."""

    row: Contribution
    entry: Entry
    figure: Figure | None
    asked: EvidenceRequest
    partner: str
    file: StoredFile | None
    personal: tuple[Mention, ...]


@dataclass(frozen=True)
class Inbox:
    """What waits for a decision, the oldest first."""

    waiting: tuple[Waiting, ...]

    @property
    def moves(self) -> bool:
        """Whether the page changes by itself: that a file was found to be clean is in no record."""
        return any(one.file and one.file.scan == "waiting" for one in self.waiting)


def waiting(desk: Desk) -> Inbox:
    """Everything that came in and was not decided, in a fixed number of queries."""
    rows = request.waiting(desk.session, desk.city_id)
    partners = {row.id: row.name for row in request.partners(desk.session, desk.city_id)}
    kept = pieces.files(desk.session, desk.city_id, {one.file_id for one, _ in rows if one.file_id})
    read = file_reading.of_files(desk.session, desk.city_id, kept)
    return Inbox(
        tuple(
            Waiting(
                row=one,
                entry=(entry := _read(one.entry)),
                figure=_figure(desk.who, entry),
                asked=of,
                partner=partners.get(of.partner_id or 0, ""),
                file=kept.get(one.file_id or 0),
                personal=mentions_of(read[one.file_id or 0], strong=True) if one.file_id in read else (),
            )
            for one, of in rows
        )
    )


def _figure(who: Who, entry: Entry) -> Figure | None:
    if entry.kind is not EvidenceKind.FIGURE:
        return None
    return figure_of(Evidence(city_id=who.city_id, **check(entry, who.today)))


def open_file(desk: Desk, contribution_id: int) -> Download:
    """The file of something that came in, to be looked at before it is decided on. Raises NotFound, OutsideUnavailable."""
    row = request.contribution(desk.session, desk.city_id, contribution_id)
    file = pieces.file_by_id(desk.session, desk.city_id, row.file_id) if row else None
    if file is None:
        raise NotFound(say("There is no such file in this city."))
    return opened(desk.site, file, row.file_name if row else "")


def decide(desk: Desk, contribution_id: int, decision: str, reason: str) -> str:
    """Accept something as evidence for its criterion, send it back with a question, or do not use it.

    Returns the decision, or "kept" for something accepted whose criterion takes nothing in now: it waits in the library.
    Raises Invalid, Refused when it was decided already, NotFound.
    """
    if decision not in set(ContributionState) - {ContributionState.WAITING}:
        raise Invalid({"decision": say("Choose what to do with it.")})
    row = request.contribution(desk.session, desk.city_id, contribution_id)
    of = request.by_id(desk.session, desk.city_id, row.request_id) if row else None
    if row is None or of is None:
        raise NotFound(say("There is no such contribution in this city."))
    check_waiting(ContributionState(row.state))
    chosen, tied = ContributionState(decision), True
    reason = check_decision_reason(chosen, reason)
    if chosen is ContributionState.ACCEPTED:
        piece, tied = _use(desk, row, of)
        row.evidence_id = piece.id
        _fulfil(desk, of)
    row.state, row.reason, row.decided_by, row.decided_at = chosen.value, reason, desk.who.person_id, now()
    desk.session.add(row)
    details = {"request": of.id, "decision": decision, "title": row.title}
    desk.record(Verb.CONTRIBUTION_DECIDED, of.criterion, **details)
    if chosen is not ContributionState.ACCEPTED and desk.site.settings.smtp_host:
        job.enqueue(desk.session, desk.city_id, JobKind.SEND_REQUEST, request=of.id, what="ask", about=row.id)
    return chosen.value if tied else "kept"


def _fulfil(desk: Desk, of: EvidenceRequest) -> None:
    """A request that waited for this is answered; one that had ended stays ended, and its link shut."""
    if of.state != RequestState.SENT:
        return
    if not request.save(desk.session, desk.city_id, of.id, of.version, state=moved(RequestState.SENT, "done").value):
        raise Conflict(CHANGED_MEANWHILE)


def _use(desk: Desk, row: Contribution, of: EvidenceRequest) -> tuple[Evidence, bool]:
    """The contribution as a piece of evidence that says where it comes from, and whether its criterion could take it in."""
    items = (of.item,) if of.item else ()
    columns = check(replace(_read(row.entry), items=items), desk.who.today) | (
        {"title": row.title} if row.file_id else {}
    )
    piece = adding.begin(desk, columns | {"file_id": row.file_id, "file_name": row.file_name})
    piece.partner_id, piece.contributed_on = of.partner_id, today_in(desk.who.city, row.at)
    piece.contributed_by, piece.may_quote = ", ".join(filter(None, (row.name, row.role))), row.may_quote
    desk.session.add(piece)
    if file_id := row.file_id:
        _have_read(desk, file_id)
    return piece, _tied(desk, of, piece, items)


def _have_read(desk: Desk, file_id: int) -> None:
    """What came through a link beyond its budget was kept unread; what waits for the scanner is read after it."""
    file = pieces.file_by_id(desk.session, desk.city_id, file_id)
    if file and file.scan != "waiting" and not job.is_open(desk.session, desk.city_id, JobKind.READ_FILE, file=file_id):
        file_reading.enqueue(desk.session, desk.city_id, file_id)


def _tied(desk: Desk, of: EvidenceRequest, piece: Evidence, items: tuple[str, ...]) -> bool:
    """A criterion that is in review, decided, or not in this edition takes nothing in; nothing was written then."""
    try:
        opened = adding.open_for_adding(desk, of.criterion, items)
    except (Refused, NotFound, Invalid):
        adding.keep_apart(desk, piece)
        return False
    adding.tie(desk, opened, piece, items)
    return True
