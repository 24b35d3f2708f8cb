"""The inbox: what partners sent, and what the data office makes of it."""

import json
from dataclasses import dataclass, replace
from datetime import date

from app.rules.criteria.edition import EvidenceKind
from app.rules.errors import Conflict, Invalid, NotFound, Refused
from app.rules.evidence.entry import DAY_FIELDS, EvidenceEntry, check_entry
from app.rules.evidence.piece import Figure
from app.rules.files.kinds import FileValues
from app.rules.files.scanning import ScanState
from app.rules.files.typed_data import check_typed_data
from app.rules.history.verbs import Verb
from app.rules.installation.job import JobKind
from app.rules.message import Message, say
from app.rules.request import (
    ContributionState,
    ContributionValues,
    RequestState,
    RequestValues,
    check_decision_reason,
    check_waiting,
    next_request_state,
)
from app.services.account.sessions import today_in
from app.services.desk import Desk, Who
from app.services.evidence import adding
from app.services.evidence.opening import FileDownload, open_stored_file
from app.services.evidence.pieces import build_figure
from app.services.evidence.reading import (
    PersonalDataMention,
    describe_findings,
    describe_pictures,
    list_mentions,
    list_unread,
)
from app.services.history.page import criterion_titles
from app.services.people.members import CHANGED_MEANWHILE
from app.services.personal_data import find_typed_data
from app.store import file_reading, job, request
from app.store.database.engine import now
from app.store.evidence.files import find_file, load_files
from app.store.evidence.pieces import Evidence
from app.store.request import Contribution, EvidenceRequest
from app.store.values import frozen_values


def _read_entry(text: str) -> EvidenceEntry:
    values = json.loads(text)
    days = {name: date.fromisoformat(values[name]) if values.get(name) else None for name in DAY_FIELDS}
    return EvidenceEntry(**{**values, **days, "kind": EvidenceKind(values["kind"]), "items": tuple(values["items"])})


@dataclass(frozen=True)
class WaitingContribution:
    """A contribution in the inbox with what was asked, and the title of its criterion.

    `figure` is for one of that kind; `personal` is what its file seems to hold that is nobody's business, `typed_data` what its texts
    seem to; `unread` is what of the file was not looked into, `from_pictures` how far to trust what was read in pictures.
    """

    contribution: ContributionValues
    entry: EvidenceEntry
    figure: Figure | None
    request: RequestValues
    title: str
    partner: str
    file: FileValues | None
    personal: tuple[PersonalDataMention, ...]
    typed_data: tuple[PersonalDataMention, ...]
    unread: tuple[Message, ...]
    from_pictures: Message | None


@dataclass(frozen=True)
class Inbox:
    """What waits for a decision, the oldest first."""

    waiting: tuple[WaitingContribution, ...]

    @property
    def is_changing(self) -> bool:
        """Whether the page changes by itself: that a file was found to be clean is in no record."""
        return any(one.file and one.file.scan == ScanState.WAITING for one in self.waiting)


def load_inbox(desk: Desk) -> Inbox:
    """Everything that came in and was not decided, in a fixed number of queries."""
    rows = request.list_waiting_contributions(desk.session, desk.city_id)
    partners = {row.id: row.name for row in request.list_partners(desk.session, desk.city_id)}
    files = load_files(
        desk.session, desk.city_id, {contribution.file_id for contribution, _ in rows if contribution.file_id}
    )
    readings = file_reading.load_readings(desk.session, desk.city_id, files)
    titles = criterion_titles(desk)
    return Inbox(
        tuple(
            WaitingContribution(
                contribution=frozen_values(ContributionValues, contribution),
                entry=(entry := _read_entry(contribution.entry)),
                figure=_read_figure(desk.who, entry),
                request=frozen_values(RequestValues, asked_request),
                title=titles.get(asked_request.criterion, ""),
                partner=partners.get(asked_request.partner_id or 0, ""),
                file=frozen_values(FileValues, file) if (file := files.get(contribution.file_id or 0)) else None,
                personal=list_mentions(readings[contribution.file_id or 0], strong=True)
                if contribution.file_id in readings
                else (),
                typed_data=describe_findings(
                    find_typed_data(
                        entry,
                        desk.who.city.country,
                        title=contribution.title,
                        file_name=contribution.file_name,
                        contributed_by=f"{contribution.name}, {contribution.role}",
                    )
                ),
                unread=list_unread(readings[contribution.file_id or 0]) if contribution.file_id in readings else (),
                from_pictures=describe_pictures(readings.get(contribution.file_id or 0)),
            )
            for contribution, asked_request in rows
        )
    )


def _read_figure(who: Who, entry: EvidenceEntry) -> Figure | None:
    if entry.kind is not EvidenceKind.FIGURE:
        return None
    return build_figure(Evidence(city_id=who.city_id, **check_entry(entry, who.today)))


def open_contribution_file(desk: Desk, contribution_id: int) -> FileDownload:
    """The file of something that came in, to be looked at before it is decided on. Raises NotFound, OutsideUnavailable."""
    contribution = request.hold_contribution(desk.session, desk.city_id, contribution_id)
    file = find_file(desk.session, desk.city_id, contribution.file_id) if contribution else None
    if file is None:
        raise NotFound(say("We could not find that file."))
    return open_stored_file(desk.site, file, contribution.file_name if contribution else "")


def decide_contribution(
    desk: Desk, contribution_id: int, decision: str, reason: str, *, may_stand: bool = False
) -> str:
    """Accept something as evidence for its criterion, send it back with a question, or do not use it.

    Returns the decision, or "kept" for something accepted whose criterion takes nothing in now: it waits in the library.
    Raises Invalid, Refused when it was decided already, NotFound.
    """
    if decision not in set(ContributionState) - {ContributionState.WAITING}:
        raise Invalid({"decision": say("Choose what to do with it.")})
    contribution = request.hold_contribution(desk.session, desk.city_id, contribution_id)
    asked_request = request.find_request(desk.session, desk.city_id, contribution.request_id) if contribution else None
    if contribution is None or asked_request is None:
        raise NotFound(say("We could not find that contribution."))
    check_waiting(ContributionState(contribution.state))
    chosen, supports_criterion = ContributionState(decision), True
    reason = check_decision_reason(chosen, reason)
    check_typed_data({"reason": reason}, desk.who.city.country, may_stand=may_stand)
    if chosen is ContributionState.ACCEPTED:
        piece, supports_criterion = _add_as_evidence(desk, contribution, asked_request)
        contribution.evidence_id = piece.id
        _fulfil_request(desk, asked_request)
    contribution.state, contribution.reason, contribution.decided_by, contribution.decided_at = (
        chosen.value,
        reason,
        desk.who.person_id,
        now(),
    )
    details = {"request": asked_request.id, "decision": decision, "title": contribution.title}
    desk.record(Verb.CONTRIBUTION_DECIDED, asked_request.criterion, **details)
    if chosen is not ContributionState.ACCEPTED and desk.site.settings.smtp_host:
        job.enqueue_job(
            desk.session,
            desk.city_id,
            JobKind.SEND_REQUEST,
            request=asked_request.id,
            what="ask",
            about=contribution.id,
        )
    return chosen.value if supports_criterion else "kept"


def _fulfil_request(desk: Desk, asked_request: EvidenceRequest) -> None:
    """A request that waited for this is answered; one that had ended stays ended, and its link shut."""
    if asked_request.state != RequestState.SENT:
        return
    if not request.save_request(
        desk.session,
        desk.city_id,
        asked_request.id,
        asked_request.version,
        state=next_request_state(RequestState.SENT, "done").value,
    ):
        raise Conflict(CHANGED_MEANWHILE)


def _add_as_evidence(desk: Desk, contribution: Contribution, asked_request: EvidenceRequest) -> tuple[Evidence, bool]:
    """The contribution as a piece of evidence that says where it comes from, and whether its criterion could take it in."""
    items = (asked_request.item,) if asked_request.item else ()
    columns = check_entry(replace(_read_entry(contribution.entry), items=items), desk.who.today) | (
        {"title": contribution.title} if contribution.file_id else {}
    )
    columns["language"] = asked_request.language
    piece = adding.begin_piece(desk, columns | {"file_id": contribution.file_id, "file_name": contribution.file_name})
    piece.partner_id, piece.contributed_on = asked_request.partner_id, today_in(desk.who.city, contribution.at)
    piece.contributed_by, piece.may_quote = (
        ", ".join(filter(None, (contribution.name, contribution.role))),
        contribution.may_quote,
    )
    if file_id := contribution.file_id:
        _enqueue_reading(desk, file_id)
    return piece, _try_to_support(desk, asked_request, piece, items)


def _enqueue_reading(desk: Desk, file_id: int) -> None:
    """What came through a link beyond its budget was kept unread; what waits for the scanner is read after it."""
    file = find_file(desk.session, desk.city_id, file_id)
    if (
        file
        and file.scan != ScanState.WAITING
        and not job.is_job_open(desk.session, desk.city_id, JobKind.READ_FILE, file=file_id)
    ):
        file_reading.enqueue_reading(desk.session, desk.city_id, file_id)


def _try_to_support(desk: Desk, asked_request: EvidenceRequest, piece: Evidence, items: tuple[str, ...]) -> bool:
    """A criterion that is in review, decided, or not in this edition takes nothing in; nothing was written then."""
    try:
        opened = adding.open_for_adding(desk, asked_request.criterion, items)
    except (Refused, NotFound, Invalid):
        adding.record_unused_piece(desk, piece)
        return False
    adding.add_first_support(desk, opened, piece, items)
    return True
