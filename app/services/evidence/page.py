"""Evidence that is there: showing, changing, removing and putting back, checking links, and the files behind it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.adapters.stop_words import load_text_language
from app.rules.criteria.edition import ChecklistItem, Criterion, EvidenceKind
from app.rules.evidence.also_proves import suggest_items
from app.rules.evidence.entry import (
    DAY_FIELDS,
    NUMBER_FIELDS,
    TEXT_FIELDS,
    plain_number,
)
from app.rules.evidence.piece import Visibility
from app.rules.files.file_reading import ReadingState
from app.rules.message import Message
from app.rules.redaction import is_redactable
from app.rules.review.moves import ResponseState, ReviewAction, allows_action
from app.services.assessment.ground import load_open_assessment, with_local_checklist
from app.services.desk import Desk
from app.services.evidence import search_words
from app.services.evidence import versions as evidence_versions
from app.services.evidence.finding import PieceAccess, find_piece, is_changeable
from app.services.evidence.pieces import ShownPiece, describe_piece
from app.services.evidence.reading import FilePreview, PersonalDataMention, preview_file, warn_of_typed_data
from app.services.evidence.versions import PieceOpening, PieceVersion
from app.store import assessment, people, request, response, retention
from app.store.evidence import files, links, pieces
from app.store.evidence.pieces import Evidence


@dataclass(frozen=True)
class SupportLine:
    """A criterion that the piece supports; `may_write` when the person may change what it supports there now.

    `pointer` is where to look in it for this criterion, empty for where the piece itself says.
    """

    criterion: Criterion
    items: tuple[str, ...]
    may_write: bool
    pointer: str


@dataclass(frozen=True)
class SuggestedItem:
    """An item that the piece may prove too, because it shares these words with it: a suggestion, until someone ticks it."""

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
    """One piece. `values` are the fields of its form as texts; `why_not` says why someone who could change it cannot now.

    Who `may_use` it without `may_write` is a guest, who says only which items it supports, and what it was before is closed to a guest.
    `preview` is what was read in its file, `typed_data` what may be personal data in its texts, `seen_by` who has
    looked at the personal data in it.
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
    typed_data: tuple[PersonalDataMention, ...]
    seen_by: str
    is_redactable: bool

    @property
    def can_change(self) -> bool:
        return self.may_write and self.why_not is None and not self.piece.withdrawn

    @property
    def can_use(self) -> bool:
        return self.may_use and self.why_not is None and not self.piece.withdrawn

    @property
    def is_changing(self) -> bool:
        """Whether the page changes by itself: while its file is being read, too, which is not waited for without end."""
        shown = self.preview
        return self.piece.is_changing or (
            shown is not None and (shown.state == ReadingState.READING or shown.pictures_wait)
        )


def load_piece_page(desk: Desk, evidence_id: int) -> PiecePage:
    """The page of one piece; of a restricted one that the person may not open, only that it is there."""
    piece = find_piece(desk, evidence_id)
    file = files.find_file(desk.session, desk.city_id, piece.row.file_id)
    is_shown = (
        piece.may_open and piece.row.visibility != Visibility.RESTRICTED
    )  # what is restricted is opened, and that is recorded
    file_preview = preview_file(desk, piece.row, file) if is_shown else None
    names = people.load_names(desk.session, desk.city_id)
    return PiecePage(
        piece=describe_piece(piece.row, file, hidden=not piece.may_open),
        values=form_values(piece.row) if piece.may_open else {},
        supports=support_lines(desk, piece),
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
        typed_data=warn_of_typed_data(desk, piece.row, piece.pointers) if is_shown else (),
        seen_by=names.get(file_preview.seen_by or 0, "") if file_preview else "",
        is_redactable=file is not None and is_redactable(file.media_type),
    )


def support_lines(desk: Desk, piece: PieceAccess) -> tuple[SupportLine, ...]:
    if not piece.supports:
        return ()
    open_assessment = load_open_assessment(desk.session, desk.who.city)
    edition = desk.site.edition(open_assessment.edition, desk.who.language)
    local_criteria = assessment.load_own_criteria(desk.session, desk.city_id, open_assessment.edition)
    return tuple(
        SupportLine(
            with_local_checklist(edition.criteria[support.criterion], local_criteria.get(support.criterion)),
            support.items,
            piece.reach.writes(support.criterion) and is_changeable(support),
            support.pointer,
        )
        for support in piece.supports
        if support.criterion in edition.criteria
    )


def _load_kept_copy(desk: Desk, piece: PieceAccess) -> KeptCopy | None:
    copy_and_file = (
        links.find_link_copy(desk.session, desk.city_id, piece.id) if piece.row.kind == EvidenceKind.LINK else None
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
    local_criteria = assessment.load_own_criteria(desk.session, desk.city_id, open_assessment.edition)
    briefs = response.load_briefs(desk.session, desk.city_id, open_assessment.id)
    edition = desk.site.edition(open_assessment.edition, desk.who.language)
    criteria = {
        code: with_local_checklist(criterion, local_criteria.get(code))
        for code, criterion in edition.criteria.items()
        if piece.reach.writes(code)
        and (code not in briefs or allows_action(ResponseState(briefs[code].state), ReviewAction.WRITE))
    }
    supported_items = {(support.criterion, item) for support in piece.supports for item in support.items or ("",)}
    language = load_text_language(edition.language)
    suggestions = suggest_items(search_words.list_texts(piece.row), criteria, supported_items, language)
    return tuple(
        SuggestedItem(
            criteria[suggestion.code], _find_item(criteria[suggestion.code], suggestion.item), suggestion.words
        )
        for suggestion in suggestions
    )


def _find_item(criterion: Criterion, id: str) -> ChecklistItem:
    return next(item for item in criterion.checklist if item.id == id)


def form_values(piece: Evidence) -> dict[str, Any]:
    return (
        {name: getattr(piece, name) for name in (*TEXT_FIELDS, "language")}
        | {name: plain_number(getattr(piece, name)) for name in NUMBER_FIELDS}
        | {name: (day.isoformat() if (day := getattr(piece, name)) else "") for name in DAY_FIELDS}
    )
