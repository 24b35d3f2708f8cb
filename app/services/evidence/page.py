"""Evidence that is there: showing, changing, removing and putting back, checking links, and the files behind it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from app.rules.criteria import ChecklistItem, Criterion, EvidenceKind
from app.rules.errors import Conflict, NotAllowed, NotFound, Refused
from app.rules.evidence.also_proves import suggest_items
from app.rules.evidence.entry import (
    DAY_FIELDS,
    NUMBER_FIELDS,
    TEXT_FIELDS,
    Columns,
    EvidenceEntry,
    check_entry,
    plain_number,
    title_of_file,
)
from app.rules.evidence.piece import SeenPart, Visibility, name_page_copy
from app.rules.history.verbs import Verb
from app.rules.message import Message, say
from app.rules.review import ResponseState, ReviewAction, allows_action
from app.services.desk import Desk, Who
from app.services.evidence import search_words
from app.services.evidence import versions as evidence_versions
from app.services.evidence.adding import add_support, check_items, open_for_adding, piece_details, schedule_link_visit
from app.services.evidence.pieces import Reach, ShownPiece, describe_piece, is_viewable, load_reach
from app.services.evidence.reading import FilePreview, preview_file
from app.services.evidence.versions import PieceOpening, PieceVersion
from app.services.ground import load_open_assessment, with_local_checklist
from app.services.site import Site
from app.store import assessment, people, request, response, retention
from app.store.database.engine import now
from app.store.evidence import pieces
from app.store.evidence import support as evidence_support
from app.store.evidence import version as evidence_version
from app.store.evidence.pieces import Evidence, StoredFile
from app.store.evidence.support import SupportedResponse
from app.store.evidence.version import EvidenceOpening

NOT_APPROVED: Columns = {"approved_by": None, "approved_at": None}
"""Whoever approved a figure approved what it said; a change of it has to be approved anew."""

QUARANTINE = {
    "waiting": say("This file is being checked for viruses and cannot be opened yet. Try again in a few minutes."),
    "infected": say("A virus was found in this file, so nobody can open it. Remove it, and tell whoever sent it."),
}
"""What stands in the way of a file, by the state of its scan."""

LARGEST_ID = 2**31 - 1
PICTURE_TYPE = "image/webp"


@dataclass(frozen=True)
class PieceAccess:
    """A piece, what it supports in the open assessment, and what the person who asks may do."""

    row: Evidence
    supports: tuple[SupportedResponse, ...]
    reach: Reach

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(support.criterion for support in self.supports)

    @property
    def id(self) -> int:
        return self.row.id

    @property
    def may_open(self) -> bool:
        return self.reach.opens(self.row.visibility, self.supports)

    @property
    def may_write(self) -> bool:
        """Whether the person may change the piece."""
        return self.may_open and self.reach.changes(self.supports)

    @property
    def may_use(self) -> bool:
        """Whether the person may change the piece, or as a guest say which items it supports of a criterion that they answer for."""
        return self.may_write or (self.may_open and any(map(self.reach.writes, self.codes)))

    @property
    def may_see_former(self) -> bool:
        """Whether the person may open what the piece was before: it may have been replaced for what it said."""
        return self.reach.owns(self.supports)

    @property
    def disposed(self) -> bool:
        return self.row.disposed_at is not None

    @property
    def locked(self) -> Message | None:
        """Why nobody may change the piece now, or None. What a reviewer has before them, or has decided on, stays as it is."""
        fixed_supports = [support for support in self.supports if not _is_changeable(support)]
        return _fixed_message(fixed_supports[0]) if fixed_supports else None


def _is_changeable(support: SupportedResponse) -> bool:
    return allows_action(ResponseState(support.state), ReviewAction.WRITE)


def _fixed_message(support: SupportedResponse) -> Message:
    """Why, and what whoever wants to change it does first."""
    if support.state == ResponseState.SUBMITTED:
        return say(
            "This supports %(code)s, which is with the reviewer, so it cannot be changed now. Take %(code)s back first.",
            code=support.criterion,
        )
    return say(
        "This supports %(code)s, which has a verdict, so it cannot be changed now. Ask the reviewer there to open %(code)s again.",
        code=support.criterion,
    )


def find_piece(desk: Desk, evidence_id: int) -> PieceAccess:
    """Raises NotFound, also for a piece of another city."""
    piece = pieces.find_piece(desk.session, desk.city_id, evidence_id) if evidence_id <= LARGEST_ID else None
    if piece is None:
        raise NotFound(say("There is no such piece of evidence in this city."))
    reach = load_reach(desk)
    supports = evidence_support.load_supported_responses(desk.session, desk.city_id, reach.assessment_id, [evidence_id])
    return PieceAccess(piece, tuple(supports.get(evidence_id, ())), reach)


_NOT_THEIRS = say("This evidence belongs to another department. Ask your data office if it should change.")


def need_writer(piece: PieceAccess) -> None:
    """Raises NotAllowed for somebody whose piece it is not, also for a guest who only uses it."""
    if not piece.may_write:
        raise NotAllowed(_NOT_THEIRS)


def need_changeable(piece: PieceAccess) -> None:
    """Raises NotAllowed for somebody whose piece it is not, and Refused while it is locked."""
    need_writer(piece)
    _need_unlocked(piece)


def _need_unlocked(piece: PieceAccess) -> None:
    if piece.disposed:
        raise Refused(say("This evidence was disposed of; nothing of it is left."))
    if piece.locked:
        raise Refused(piece.locked)


@dataclass(frozen=True)
class SupportLine:
    """A criterion that the piece supports; `may_write` when the person may change what it supports there now."""

    criterion: Criterion
    items: tuple[str, ...]
    may_write: bool


@dataclass(frozen=True)
class SuggestedItem:
    """An item that the piece may prove too, because it shares these words with it: a suggestion, until somebody ticks it."""

    criterion: Criterion
    item: ChecklistItem
    words: tuple[str, ...]


@dataclass(frozen=True)
class KeptCopy:
    """The copy that was kept of a linked page, and on which day."""

    at: datetime
    sha256: str


@dataclass(frozen=True)
class ClaimApproval:
    """Who approved a figure as a claim, and when."""

    by: str
    at: datetime


@dataclass(frozen=True)
class RedactedCopy:
    """A copy from which something was taken out, for those who may not see the original."""

    id: int
    title: str


@dataclass(frozen=True)
class RetentionChoice:
    """How long the piece is kept, for those who say so: the classes to choose from as (id, name), its own, and why it is held."""

    classes: tuple[tuple[int, str], ...]
    chosen: int | None
    hold_reason: str


def _load_retention_choice(desk: Desk, piece: PieceAccess) -> RetentionChoice | None:
    if not desk.who.may("retention.write") or piece.row.disposed_at:
        return None
    classes = tuple(
        (retention_class.id, retention_class.name)
        for retention_class in retention.list_retention_classes(desk.session, desk.city_id)
    )
    return RetentionChoice(classes, piece.row.retention_id, piece.row.hold_reason)


def _list_redacted_copies(desk: Desk, piece: PieceAccess) -> tuple[RedactedCopy, ...]:
    """Those that may be seen; a copy that was restricted in its turn is not named."""
    copies = pieces.list_twins(desk.session, desk.city_id, piece.id)
    return tuple(
        RedactedCopy(copy.id, copy.title) for copy in copies if piece.reach.opens(copy.visibility, piece.supports)
    )


def _list_openings(desk: Desk, piece: PieceAccess, names: Mapping[int, str]) -> tuple[PieceOpening, ...]:
    """Only for those who may open the piece themselves."""
    restricted = piece.row.visibility == Visibility.RESTRICTED
    return evidence_versions.list_openings(desk, piece.id, names) if restricted and piece.may_open else ()


def _claim_approval(piece: Evidence, names: Mapping[int, str]) -> ClaimApproval | None:
    return ClaimApproval(names.get(piece.approved_by or 0, ""), piece.approved_at) if piece.approved_at else None


@dataclass(frozen=True)
class PiecePage:
    """One piece. `values` are the fields of its form as texts; `why_not` says why somebody who could change it cannot now.

    Who `may_use` it without `may_write` is a guest, who says only which items it supports, and what it was before is closed to a guest.
    `preview` is what was read in its file, `seen_by` who has looked at the personal data in it.
    """

    piece: ShownPiece
    values: dict[str, Any]
    supports: tuple[SupportLine, ...]
    may_write: bool
    may_use: bool
    may_see_former: bool
    why_not: Message | None
    added_by: str
    added_at: datetime
    also: tuple[SuggestedItem, ...]
    partner: str
    copied: KeptCopy | None
    approved: ClaimApproval | None
    versions: tuple[PieceVersion, ...]
    openings: tuple[PieceOpening, ...]
    original: int | None
    twins: tuple[RedactedCopy, ...]
    keeping: RetentionChoice | None
    disposed: bool
    preview: FilePreview | None
    seen_by: str

    @property
    def can_change(self) -> bool:
        return self.may_write and self.why_not is None and not self.piece.withdrawn

    @property
    def can_use(self) -> bool:
        return self.may_use and self.why_not is None and not self.piece.withdrawn

    @property
    def moves(self) -> bool:
        """Whether the page changes by itself: while its file is being read, too, which is not waited for without end."""
        return self.piece.moves or (self.preview is not None and self.preview.state == "reading")


def load_piece_page(desk: Desk, evidence_id: int) -> PiecePage:
    """The page of one piece; of a restricted one that the person may not open, only that it is there."""
    piece = find_piece(desk, evidence_id)
    file = pieces.find_file(desk.session, desk.city_id, piece.row.file_id)
    is_shown = (
        piece.may_open and piece.row.visibility != Visibility.RESTRICTED
    )  # what is restricted is opened, and that is recorded
    file_preview = preview_file(desk, piece.row, file) if is_shown else None
    names = people.load_names(desk.session, desk.city_id)
    return PiecePage(
        piece=describe_piece(piece.row, file, hidden=not piece.may_open),
        values=_form_values(piece.row) if piece.may_open else {},
        supports=_support_lines(desk, piece),
        may_write=piece.may_write,
        may_use=piece.may_use,
        may_see_former=piece.may_see_former,
        why_not=piece.locked,
        added_by=names.get(piece.row.created_by or 0, ""),
        added_at=piece.row.created_at,
        partner=_partner_name(desk, piece.row),
        copied=_load_kept_copy(desk, piece) if piece.may_open else None,
        approved=_claim_approval(piece.row, names),
        versions=evidence_versions.list_versions(desk, piece.id, names) if piece.may_open else (),
        openings=_list_openings(desk, piece, names),
        original=piece.row.twin_of,
        keeping=_load_retention_choice(desk, piece),
        disposed=piece.disposed,
        twins=_list_redacted_copies(desk, piece),
        also=_suggest_items(desk, piece) if piece.may_open and not piece.row.withdrawn_at else (),
        preview=file_preview,
        seen_by=names.get(file_preview.seen_by or 0, "") if file_preview else "",
    )


def _support_lines(desk: Desk, piece: PieceAccess) -> tuple[SupportLine, ...]:
    if not piece.supports:
        return ()
    open_assessment = load_open_assessment(desk.session, desk.who.city)
    edition = desk.site.edition(open_assessment.edition, desk.who.language)
    local_criteria = assessment.load_local_criteria(desk.session, desk.city_id, open_assessment.edition)
    return tuple(
        SupportLine(
            with_local_checklist(edition.criteria[support.criterion], local_criteria.get(support.criterion)),
            support.items,
            piece.reach.writes(support.criterion) and _is_changeable(support),
        )
        for support in piece.supports
        if support.criterion in edition.criteria
    )


def _load_kept_copy(desk: Desk, piece: PieceAccess) -> KeptCopy | None:
    copy_and_file = (
        pieces.find_link_copy(desk.session, desk.city_id, piece.id) if piece.row.kind == EvidenceKind.LINK else None
    )
    return KeptCopy(copy_and_file[0].at, copy_and_file[1].sha256) if copy_and_file else None


def _partner_name(desk: Desk, piece: Evidence) -> str:
    """The organization that contributed the piece; empty for one that the city added itself."""
    partner = request.find_partner(desk.session, desk.city_id, piece.partner_id) if piece.partner_id else None
    return partner.name if partner else ""


def _suggest_items(desk: Desk, piece: PieceAccess) -> tuple[SuggestedItem, ...]:
    """Suggestions among the criteria that the person may write."""
    open_assessment = assessment.find_current_assessment(desk.session, desk.city_id)
    if open_assessment is None:
        return ()
    local_criteria = assessment.load_local_criteria(desk.session, desk.city_id, open_assessment.edition)
    briefs = response.load_briefs(desk.session, desk.city_id, open_assessment.id)
    criteria = {
        code: with_local_checklist(criterion, local_criteria.get(code))
        for code, criterion in desk.site.edition(open_assessment.edition, desk.who.language).criteria.items()
        if piece.reach.writes(code)
        and (code not in briefs or allows_action(ResponseState(briefs[code].state), ReviewAction.WRITE))
    }
    supported_items = {(support.criterion, item) for support in piece.supports for item in support.items or ("",)}
    suggestions = suggest_items(search_words.list_texts(piece.row), criteria, supported_items)
    return tuple(
        SuggestedItem(
            criteria[suggestion.code], _find_item(criteria[suggestion.code], suggestion.item), suggestion.words
        )
        for suggestion in suggestions
    )


def _find_item(criterion: Criterion, id: str) -> ChecklistItem:
    return next(item for item in criterion.checklist if item.id == id)


def _form_values(piece: Evidence) -> dict[str, Any]:
    return (
        {name: getattr(piece, name) for name in TEXT_FIELDS}
        | {name: plain_number(getattr(piece, name)) for name in NUMBER_FIELDS}
        | {name: (day.isoformat() if (day := getattr(piece, name)) else "") for name in DAY_FIELDS}
    )


def build_entry(piece: PieceAccess, **changed: Any) -> EvidenceEntry:
    """The form as it would be sent with nothing but these fields changed."""
    evidence_row = piece.row
    items = tuple(f"{support.criterion}:{item}" for support in piece.supports for item in support.items)
    stored = _form_values(evidence_row) | {name: getattr(evidence_row, name) for name in DAY_FIELDS}
    return EvidenceEntry(**{**stored, "kind": EvidenceKind(evidence_row.kind), "items": items, **changed})


def change_piece(desk: Desk, evidence_id: int, entry: EvidenceEntry, version: int, why: str = "") -> None:
    """Save the form, with `why` it changed. `entry.items` are `CODE:item`; criteria that the person may not write keep theirs.

    A guest may change nothing but the items. Raises Invalid, Conflict, Refused, NotAllowed, NotFound.
    """
    piece = find_piece(desk, evidence_id)
    _need_user(piece)
    if piece.row.withdrawn_at:
        raise Refused(say("This evidence is removed. Put it back before you change it."))
    columns = _check_entry(desk, piece, entry)
    supports = _support_lines(desk, piece)
    chosen_items = {
        support.criterion.code: _chosen_items(support, entry.items) for support in supports if support.may_write
    }
    changed = [name for name, value in columns.items() if getattr(piece.row, name) != value]
    changed_supports = [
        support for support in piece.supports if chosen_items.get(support.criterion, support.items) != support.items
    ]
    if changed:
        need_writer(piece)
        evidence_versions.keep_first_version(desk.session, piece.row)
    if changed or changed_supports:
        save_piece(desk, piece, version, **columns, **(NOT_APPROVED if changed else {}))
        for support in changed_supports:
            items = chosen_items[support.criterion]
            evidence_support.set_supported_items(
                desk.session, desk.city_id, piece.id, support.response_id, items, guest=support.guest
            )
        version_details = _keep_changed_version(desk, piece, why) if changed else {}
        record_piece_event(
            desk, piece, Verb.EVIDENCE_CHANGED, fields=changed + ["item"] * bool(changed_supports), **version_details
        )
    if "url" in changed:
        schedule_link_visit(desk.session, piece.row)


def _need_user(piece: PieceAccess) -> None:
    if not piece.may_use:
        raise NotAllowed(_NOT_THEIRS)
    _need_unlocked(piece)


def _keep_changed_version(desk: Desk, piece: PieceAccess, why: str) -> dict[str, str]:
    desk.session.refresh(piece.row)
    search_words.index_piece(desk.session, piece.row)
    return {"sha256": evidence_versions.keep_version(desk.session, piece.row, desk.who.person_id, why)}


def _check_entry(desk: Desk, piece: PieceAccess, entry: EvidenceEntry) -> Columns:
    columns = check_entry(replace(entry, kind=EvidenceKind(piece.row.kind)), desk.who.today)
    if not columns["title"]:
        columns["title"] = title_of_file(piece.row.file_name or piece.row.title)
    return columns


def _chosen_items(support_line: SupportLine, items: Sequence[str]) -> tuple[str, ...]:
    """The items of this criterion among those chosen, in the order of the table."""
    own_items = {item.partition(":")[2] for item in items if item.partition(":")[0] == support_line.criterion.code}
    check_items(support_line.criterion, own_items)
    return tuple(sorted(own_items))


def save_piece(desk: Desk, piece: PieceAccess, version: int, **columns: object) -> None:
    """Write the columns. Raises Conflict when somebody changed the piece since `version`."""
    if not pieces.save_piece(desk.session, desk.city_id, piece.id, version, **columns):
        raise Conflict(
            say("Somebody changed this evidence while your page was open. What you typed is kept; compare, then save.")
        )


def record_piece_event(desk: Desk, piece: PieceAccess, verb: Verb, **details: object) -> None:
    """The event of a change to the piece, about the criteria that it supports."""
    subject = ", ".join(piece.codes)
    desk.record(verb, subject, **piece_details(piece.row), **details)


def withdraw_piece(desk: Desk, evidence_id: int, version: int, code: str = "") -> bool:
    """Take the piece out of use; True when it is. Where it supports more than `code`, it only stops supporting that: False.

    Raises Conflict, Refused, NotAllowed, NotFound.
    """
    piece = find_piece(desk, evidence_id)
    support = next((support for support in piece.supports if support.criterion == code), None)
    if (
        support
        and len(
            {
                stored_support.response_id
                for stored_support in pieces.list_supports(desk.session, desk.city_id, evidence_id)
            }
        )
        > 1
    ):
        _stop_supporting(desk, piece, support, version)
        return False
    need_changeable(piece)
    if other_codes := piece.reach.others(piece.supports):
        raise Refused(_used_elsewhere_message(other_codes))
    if piece.row.withdrawn_at is None:
        save_piece(desk, piece, version, withdrawn_at=now())
        record_piece_event(desk, piece, Verb.EVIDENCE_WITHDRAWN)
    return True


def _used_elsewhere_message(other_codes: Sequence[str]) -> Message:
    return say(
        "Other departments use this evidence too, for %(codes)s, so it cannot be removed everywhere. Take it out of your own criteria, "
        "make it restricted, or ask your data office.",
        codes=", ".join(other_codes),
    )


def _stop_supporting(desk: Desk, piece: PieceAccess, support: SupportedResponse, version: int) -> None:
    """Also of a piece that the person may not open any more: nobody has to go on using what they cannot see."""
    if not piece.reach.writes(support.criterion):
        raise NotAllowed(_NOT_THEIRS)
    _need_unlocked(replace(piece, supports=(support,)))
    save_piece(desk, piece, version)
    evidence_support.remove_support(desk.session, desk.city_id, piece.id, support.response_id)
    details = piece_details(piece.row)
    desk.record(Verb.EVIDENCE_UNLINKED, support.criterion, **details)


def restore_piece(desk: Desk, evidence_id: int, version: int) -> None:
    """Put a removed piece back; one that is in use stays as it is."""
    piece = find_piece(desk, evidence_id)
    need_changeable(piece)
    if piece.row.withdrawn_at:
        save_piece(desk, piece, version, withdrawn_at=None)
        record_piece_event(desk, piece, Verb.EVIDENCE_RESTORED)


def use_for_criterion(desk: Desk, code: str, evidence_id: int, items: Sequence[str]) -> None:
    """Let a piece of the library support this criterion too. Raises Invalid, Refused, NotAllowed, NotFound."""
    opened = open_for_adding(desk, code, items)
    piece = find_piece(desk, evidence_id)
    if not piece.may_open or piece.row.withdrawn_at:
        raise NotFound(say("There is no such piece of evidence in this city."))
    add_support(desk, opened, piece.row, items)


@dataclass(frozen=True)
class FileDownload:
    """A stored file on its way out, in chunks; `viewable` when a browser may show it by itself."""

    name: str
    media_type: str
    size_bytes: int
    viewable: bool
    chunks: Iterator[bytes]


def download_file(desk: Desk, evidence_id: int) -> FileDownload:
    """The file of a piece. Raises NotFound, NotAllowed for a restricted one, Refused, OutsideUnavailable."""
    piece = find_openable_piece(desk, evidence_id)
    file = pieces.find_file(desk.session, desk.city_id, piece.row.file_id)
    if file is None:
        raise NotFound(say("This evidence has no file."))
    return deliver_file(desk.site, desk.who, piece, file, piece.row.file_name)


def download_copy(desk: Desk, evidence_id: int) -> FileDownload:
    """The newest copy of what a link leads to. Raises NotFound, NotAllowed for a restricted one, Refused, OutsideUnavailable."""
    piece = find_openable_piece(desk, evidence_id)
    copy_and_file = pieces.find_link_copy(desk.session, desk.city_id, piece.id)
    if copy_and_file is None:
        raise NotFound(say("No copy of this page was kept."))
    copy, file = copy_and_file
    return deliver_file(desk.site, desk.who, piece, file, name_page_copy(copy.url, file.media_type))


def find_openable_piece(desk: Desk, evidence_id: int) -> PieceAccess:
    """A piece whose content the person may open. Raises NotFound, NotAllowed."""
    piece = find_piece(desk, evidence_id)
    if not piece.may_open:
        raise NotAllowed(say("This evidence is restricted to the data office and the departments that it comes from."))
    return piece


def deliver_file(
    site: Site,
    who: Who,
    piece: PieceAccess,
    file: StoredFile,
    name: str,
    seen_part: SeenPart = SeenPart.FILE,
    key: str = "",
) -> FileDownload:
    """A file of the piece on its way out, or with `key` a picture made of it. Whoever opens something restricted is recorded before
    the first of it leaves, and only when there is something that leaves. Raises as `open_stored_file` does.
    """
    download = open_stored_file(site, file, name, key)
    _record_opening(site, who, piece, seen_part)
    return download


def record_page_opening(site: Site, who: Who, evidence_id: int) -> None:
    """To be called before the page of a piece is shown: whoever looks at a restricted one is recorded. Raises NotFound.

    It opens transactions of its own, so that it serves readers too; nobody may hold one that writes meanwhile.
    """
    with site.database.reading() as session:
        piece = pieces.find_piece(session, who.city_id, evidence_id)
        restricted_piece = (
            find_piece(Desk(session, site, who), evidence_id)
            if piece and piece.visibility == Visibility.RESTRICTED
            else None
        )
    if restricted_piece and restricted_piece.may_open and not restricted_piece.disposed:
        _record_opening(site, who, restricted_piece, SeenPart.PAGE)


def _record_opening(site: Site, who: Who, piece: PieceAccess, seen_part: SeenPart) -> None:
    """In a transaction of its own, since whoever opens something only reads."""
    if piece.row.visibility != Visibility.RESTRICTED or _is_recorded_today(site, who, piece, seen_part):
        return
    with site.database.writing() as session:
        opening = EvidenceOpening(
            city_id=who.city_id, evidence_id=piece.id, person_id=who.person_id, what=seen_part.value
        )
        session.add(opening)
        record_piece_event(
            Desk(session, site, who),
            piece,
            Verb.RESTRICTED_OPENED if seen_part is SeenPart.FILE else Verb.RESTRICTED_SEEN,
            what=seen_part.value,
        )


def _is_recorded_today(site: Site, who: Who, piece: PieceAccess, seen_part: SeenPart) -> bool:
    """A file is noted each time; a page and pictures, which are loaded again and again, once a day."""
    if seen_part is SeenPart.FILE:
        return False
    since = datetime.combine(who.today, time(), ZoneInfo(who.city.time_zone))
    with site.database.reading() as session:
        return evidence_version.is_opening_noted(session, who.city_id, piece.id, who.person_id, seen_part.value, since)


def open_stored_file(site: Site, file: StoredFile, name: str, key: str = "") -> FileDownload:
    """A stored file on its way out under this name, or with `key` the picture that was made of it.

    Raises NotFound, OutsideUnavailable, and Refused for one that is not known to be clean.
    """
    if file.scan in QUARANTINE:
        raise Refused(QUARANTINE[file.scan])
    if key:
        return FileDownload(name, PICTURE_TYPE, 0, True, site.storage.open(key))
    chunks = site.storage.open(file.key)
    return FileDownload(name, file.media_type, file.size_bytes, is_viewable(file.media_type), chunks)
