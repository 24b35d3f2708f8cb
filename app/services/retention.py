"""How long evidence is kept: classes, legal hold, and disposal that one person proposes and another approves."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from app.adapters.storage.file_store import Storage
from app.rules.errors import Conflict, Invalid, NotFound, Refused
from app.rules.evidence.entry import DAY_FIELDS, NUMBER_FIELDS, TEXT_FIELDS
from app.rules.evidence.retention import (
    check_approver,
    check_hold_reason,
    check_retention_class,
    kept_until,
    why_not_disposable,
)
from app.rules.history.verbs import Verb
from app.rules.message import Message, say
from app.services.account import hands
from app.services.account.sessions import today_in
from app.services.desk import Desk, Who
from app.services.evidence.changing import record_piece_event, save_piece
from app.services.evidence.finding import PieceAccess, find_piece
from app.services.people.members import CHANGED_MEANWHILE
from app.services.report.keeping import KeptReports, list_keepings
from app.services.review import judging
from app.services.site import Site
from app.store import assessment, people, retention
from app.store.database.engine import now
from app.store.evidence import support
from app.store.evidence import version as evidence_version
from app.store.evidence.pieces import Evidence

BLANK_COLUMNS: dict[str, object] = {
    **dict.fromkeys((name for name in TEXT_FIELDS if name != "visibility"), ""), **dict.fromkeys((*NUMBER_FIELDS, *DAY_FIELDS)),
    "file_name": "", "language": "", "contributed_by": "", "may_quote": False, "link_state": "", "link_moved_to": "",
    **dict.fromkeys(("link_troubles", "link_deaths"), 0),
    **dict.fromkeys(("link_checked_at", "link_next_at", "approved_by", "approved_at")),
}  # fmt: skip
"""What disposal leaves of the columns that say something of the content; who may know of the piece stays as it was."""


@dataclass(frozen=True)
class ClassLine:
    """A retention class, and how many pieces have it: in use, removed, or disposed of when its years were over."""

    id: int
    name: str
    years: int
    version: int
    pieces: int


@dataclass(frozen=True)
class RetentionLine:
    """A piece in a list: until when it is kept, why it is held, and why it may not be disposed of now.

    `proposed_by` has proposed to dispose of it, which is `mine` when it was the person who asks.
    """

    id: int
    title: str
    version: int
    until: date | None
    hold_reason: str
    why_not: Message | None
    removed: bool
    proposed: bool
    proposed_by: str
    mine: bool
    disposed_at: datetime | None


@dataclass(frozen=True)
class RetentionPage:
    """The classes, and the pieces by what can be done with them; `unsorted` were removed and have no class, so they are kept."""

    classes: tuple[ClassLine, ...]
    due: tuple[RetentionLine, ...]
    proposed: tuple[RetentionLine, ...]
    held: tuple[RetentionLine, ...]
    unsorted: tuple[RetentionLine, ...]
    disposed: tuple[RetentionLine, ...]
    reports: KeptReports


def list_retention(desk: Desk) -> RetentionPage:
    """In a fixed number of queries."""
    retention_classes = retention.list_retention_classes(desk.session, desk.city_id)
    years = {retention_class.id: retention_class.years for retention_class in retention_classes}
    pieces = retention.list_retention_pieces(desk.session, desk.city_id)
    names = people.load_names(desk.session, desk.city_id)
    used = retention.count_pieces_by_class(desk.session, desk.city_id)
    supports = _supported_codes(desk, pieces)
    lines = [_retention_line(desk.who, piece, years, names, supports.get(piece.id, ())) for piece in pieces]
    kept_lines = [line for line in lines if line.disposed_at is None]
    return RetentionPage(
        classes=tuple(
            ClassLine(
                retention_class.id,
                retention_class.name,
                retention_class.years,
                retention_class.version,
                used.get(retention_class.id, 0),
            )
            for retention_class in retention_classes
        ),
        due=tuple(line for line in kept_lines if line.why_not is None and not line.proposed),
        proposed=tuple(line for line in kept_lines if line.proposed),
        held=tuple(line for line in kept_lines if line.hold_reason),
        unsorted=tuple(line for line in kept_lines if line.removed and line.until is None and not line.hold_reason),
        disposed=tuple(line for line in reversed(lines) if line.disposed_at),
        reports=list_keepings(desk, next((each for each in retention_classes if each.for_reports), None), names),
    )


def _supported_codes(desk: Desk, pieces: list[Evidence]) -> Mapping[int, tuple[str, ...]]:
    open_assessment = assessment.find_current_assessment(desk.session, desk.city_id)
    ids = [piece.id for piece in pieces]
    supported = (
        support.load_supported_responses(desk.session, desk.city_id, open_assessment.id, ids) if open_assessment else {}
    )
    return {
        evidence_id: tuple(supported.criterion for supported in supports) for evidence_id, supports in supported.items()
    }


def _retention_line(
    who: Who, piece: Evidence, years: Mapping[int, int], names: Mapping[int, str], supports: tuple[str, ...]
) -> RetentionLine:
    return RetentionLine(
        id=piece.id,
        title=piece.title,
        version=piece.version,
        until=_retention_end(who, piece, years),
        hold_reason=piece.hold_reason,
        why_not=_reason_to_keep(who, piece, years, supports),
        removed=piece.withdrawn_at is not None,
        proposed=piece.disposal_by is not None,
        proposed_by=names.get(piece.disposal_by or 0, ""),
        mine=piece.disposal_by == who.person_id,
        disposed_at=piece.disposed_at,
    )


def _retention_end(who: Who, piece: Evidence, years: Mapping[int, int]) -> date | None:
    begins_on = piece.period_to or today_in(who.city, piece.created_at)
    kept_years = years.get(piece.retention_id or 0)
    return None if kept_years is None else kept_until(begins_on, kept_years)


def _reason_to_keep(who: Who, piece: Evidence, years: Mapping[int, int], supports: tuple[str, ...]) -> Message | None:
    return why_not_disposable(
        until=_retention_end(who, piece, years),
        held=piece.hold_reason != "",
        removed=piece.withdrawn_at is not None,
        supports=supports,
        today=who.today,
    )


def set_class(desk: Desk, class_id: int | None, name: str, years: int | None, version: int) -> None:
    """A new retention class, or another name and time for one. Raises Invalid, Conflict, NotFound."""
    name, kept_years = check_retention_class(name, years)
    people.lock_memberships(desk.session, desk.city_id)
    others = [
        one.name.casefold()
        for one in retention.list_retention_classes(desk.session, desk.city_id)
        if one.id != class_id
    ]
    if name.casefold() in others:
        raise Invalid({"name": say("There is a class “%(name)s” already.", name=name)})
    if class_id is None:
        retention.add_retention_class(desk.session, desk.city_id, name, kept_years)
    elif retention.find_retention_class(desk.session, desk.city_id, class_id) is None:
        raise NotFound(say("We could not find that retention class."))
    elif not retention.save_retention_class(desk.session, desk.city_id, class_id, version, name=name, years=kept_years):
        raise Conflict(CHANGED_MEANWHILE)
    desk.record(Verb.RETENTION_CLASS_SET, name, years=kept_years)


def remove_class(desk: Desk, class_id: int, version: int) -> None:
    """Take away a class that neither a piece nor reports have. Raises Refused while they have it, Conflict, NotFound."""
    people.lock_memberships(desk.session, desk.city_id)
    retention_class = retention.find_retention_class(desk.session, desk.city_id, class_id)
    if retention_class is None:
        raise NotFound(say("We could not find that retention class."))
    if class_id in retention.count_pieces_by_class(desk.session, desk.city_id):
        raise Refused(say("Evidence has this class. Give it another one first."))
    if class_id == desk.who.city.retention_default:
        raise Refused(say("New evidence gets this class. Choose another one for it in the city’s settings first."))
    if retention_class.for_reports:
        raise Refused(say("Reports have this class. Choose another one for them first."))
    name = retention_class.name
    if not retention.delete_retention_class(desk.session, desk.city_id, class_id, version):
        raise Conflict(CHANGED_MEANWHILE)
    desk.record(Verb.RETENTION_CLASS_REMOVED, name)


def set_retention(desk: Desk, evidence_id: int, class_id: int | None, hold_reason: str, version: int) -> None:
    """Give a piece its class and its hold. A hold ends a proposal to dispose of it. Raises Invalid, Conflict, Refused, NotFound."""
    piece = _find_kept_piece(desk, evidence_id)
    reason = check_hold_reason(hold_reason)
    people.lock_memberships(desk.session, desk.city_id)  # or the class may be taken away at the same moment
    if class_id is not None and retention.find_retention_class(desk.session, desk.city_id, class_id) is None:
        raise Invalid({"retention": say("Choose one of the classes.")})
    ended = {"disposal_by": None, "disposal_at": None} if reason else {}
    save_piece(desk, piece, version, retention_id=class_id, hold_reason=reason, **ended)
    record_piece_event(desk, piece, Verb.RETENTION_SET, retention=class_id, held=bool(reason))


def propose_disposal(desk: Desk, evidence_id: int, version: int) -> None:
    """Raises Refused with the reason while the piece must be kept, Conflict, NotFound."""
    piece = _find_kept_piece(desk, evidence_id)
    _check_disposable(desk, piece)
    save_piece(desk, piece, version, disposal_by=desk.who.person_id, disposal_at=now())
    record_piece_event(desk, piece, Verb.DISPOSAL_PROPOSED)


def refuse_disposal(desk: Desk, evidence_id: int, version: int) -> None:
    """Take a proposal off the list, one's own or another's. Raises Conflict, NotFound."""
    piece = _find_kept_piece(desk, evidence_id)
    if piece.row.disposal_by:
        save_piece(desk, piece, version, disposal_by=None, disposal_at=None)
        record_piece_event(desk, piece, Verb.DISPOSAL_REFUSED)


def dispose_of_piece(site: Site, who: Who, evidence_id: int, version: int) -> None:
    """Take the content of a piece away for good. What stays is that it was there, and its fingerprint in the record.

    The files go when the rows are gone; what a crash leaves of them is found by the next sweep. Raises Refused, Conflict, NotFound.
    """
    with site.database.writing() as session:
        piece = _find_kept_piece(Desk(session, site, who), evidence_id)
        check_approver(piece.row.disposal_by, who.person_id, hands.load_hands(session, who.city_id))
        _check_disposable(Desk(session, site, who), piece)
        last = evidence_version.find_newest_version(session, who.city_id, piece.id)
        blank = {**BLANK_COLUMNS, "disposed_at": now(), "withdrawn_at": piece.row.withdrawn_at or now()}
        details = {"proposed_by": piece.row.disposal_by, "sha256": last.sha256 if last else ""}
        save_piece(Desk(session, site, who), piece, version, **blank)
        session.refresh(piece.row)
        keys = retention.remove_content(session, piece.row)
        judging.forget_content(session, who.city_id, piece.id)
        record_piece_event(Desk(session, site, who), piece, Verb.DISPOSED, **details)
    _delete_files(site.storage, keys)


def _find_kept_piece(desk: Desk, evidence_id: int) -> PieceAccess:
    piece = find_piece(desk, evidence_id)
    if piece.row.disposed_at:
        raise Refused(say("This evidence was disposed of; nothing of it is left."))
    return piece


def _check_disposable(desk: Desk, piece: PieceAccess) -> None:
    years = {one.id: one.years for one in retention.list_retention_classes(desk.session, desk.city_id)}
    if reason := _reason_to_keep(desk.who, piece.row, years, piece.codes):
        raise Refused(reason)


def _delete_files(storage: Storage, keys: list[str]) -> None:
    for key in keys:
        storage.delete(key)
