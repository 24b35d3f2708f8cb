"""Pieces of evidence as a page shows them, and which of them a person may open or write."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import Session

from app.rules.criteria.edition import EvidenceKind
from app.rules.evidence.links import DEAD, LinkState
from app.rules.evidence.owning import (
    CriterionSupport,
    criteria_of_others,
    is_guest_support,
    may_change_piece,
    may_see_closed,
)
from app.rules.evidence.piece import Figure, Visibility, compute_change
from app.rules.files.kinds import FILE_KINDS, TEXT
from app.rules.files.scanning import ScanState
from app.rules.people.permissions import OFFICE, Role, may_write_for
from app.rules.people.standing_in import is_named
from app.services.assessment.ground import AssessmentGround, open_ground
from app.services.desk import Desk, Who
from app.store import assessment
from app.store.assessment import AssignmentBrief
from app.store.evidence import files, pieces, support
from app.store.evidence.files import StoredFile
from app.store.evidence.pieces import Evidence, Supporting


@dataclass(frozen=True)
class Reach:
    """What one person may do with evidence: `codes` are the criteria of the open assessment that the person answers for.

    `edition` is that of the open assessment; empty without one.
    """

    role: Role
    assessment_id: int
    codes: frozenset[str]
    edition: str = ""

    def writes(self, code: str) -> bool:
        return self.role in OFFICE or code in self.codes

    def changes(self, supports: Collection[CriterionSupport]) -> bool:
        """Whether the person may change a piece with these ties."""
        return may_change_piece(self.role, self.codes, supports)

    def owns(self, supports: Collection[CriterionSupport]) -> bool:
        """Whether the person may see what a piece with these ties was before."""
        return may_see_closed(self.role, self.codes, supports)

    def opens(self, visibility: str, supports: Collection[CriterionSupport]) -> bool:
        """Whether the person may see title and content of a piece with these ties."""
        return visibility != Visibility.RESTRICTED or self.owns(supports)

    def is_guest(self, supports: Collection[CriterionSupport]) -> bool:
        """Whether the person ties a piece with these ties to one criterion more as a guest."""
        return is_guest_support(self.role, self.codes, supports)

    def others(self, supports: Collection[CriterionSupport]) -> tuple[str, ...]:
        """The criteria among these ties that the person may not write for."""
        return criteria_of_others(self.role, self.codes, supports)


def load_reach(desk: Desk) -> Reach:
    """Two queries; without an open assessment nobody but the data office reaches anything."""
    who = desk.who
    return load_member_reach(
        desk.session, desk.city_id, who.person_id, who.role, who.departments, away=who.stand_in.away
    )


def load_member_reach(
    session: Session,
    city_id: int,
    person_id: int,
    role: Role,
    departments: frozenset[int],
    *,
    away: frozenset[int] = frozenset(),
) -> Reach:
    """What a member of the city may do who does not ask now, such as someone who is written to."""
    open_assessment = assessment.find_current_assessment(session, city_id)
    assessment_id = open_assessment.id if open_assessment else 0
    assignments = assessment.load_assignments(session, city_id, assessment_id)
    codes = _answered_for(assignments, person_id, role, departments, away)
    return Reach(role, assessment_id, codes, open_assessment.edition if open_assessment else "")


def reach_within(who: Who, ground: AssessmentGround | None) -> Reach:
    """As `load_reach`, for someone who knows how the open assessment is assigned; None where there is none."""
    if ground is None:
        return Reach(who.role, 0, frozenset())
    codes = _answered_for(ground.tasks, who.person_id, who.role, who.departments, who.stand_in.away)
    return Reach(who.role, ground.assessment.id, codes, ground.assessment.edition)


def _answered_for(
    tasks: Mapping[str, AssignmentBrief],
    person_id: int,
    role: Role,
    departments: frozenset[int],
    away: frozenset[int],
) -> frozenset[str]:
    return frozenset(
        code
        for code, task in tasks.items()
        if may_write_for(role, departments, task.department_id, assigned_to_me=is_named(task, person_id, away))
    )


@dataclass(frozen=True)
class AttachedFile:
    """A stored file; `viewable` when a browser may show it by itself, `scan` what a virus scanner says: nothing, waiting, clean, infected."""

    name: str
    size_bytes: int
    viewable: bool
    scan: str = ""


@dataclass(frozen=True)
class ShownLink:
    """`state` is what the last visit found (ok, dead, no_site, blocked, unknown), or empty until the first one; `moved_to` the address that the
    site says the page has now."""

    url: str
    state: str
    checked_at: datetime | None
    moved_to: str = ""

    @property
    def dead(self) -> bool:
        """Whether it does not open; `gone` when its site itself says so."""
        return self.state in DEAD

    @property
    def gone(self) -> bool:
        return self.state == LinkState.GONE


@dataclass(frozen=True)
class ShownPiece:
    """One piece. Where it is `hidden` from the reader, nothing of its title and content is in it.

    `reviewed_for` is another criterion that is with the reviewer with it, so that it cannot be changed now.
    """

    id: int
    kind: EvidenceKind
    visibility: Visibility
    version: int
    withdrawn: bool
    hidden: bool
    items: tuple[str, ...] = ()
    title: str = ""
    language: str = ""
    period_from: date | None = None
    period_to: date | None = None
    effective_on: date | None = None
    page_pointer: str = ""
    source: str = ""
    note: str = ""
    contributed_by: str = ""
    contributed_on: date | None = None
    may_quote: bool = False
    file: AttachedFile | None = None
    link: ShownLink | None = None
    figure: Figure | None = None
    reviewed_for: str = ""

    @property
    def is_changing(self) -> bool:
        """Whether its state changes by itself: that a file was found to be clean is in no record."""
        return self.file is not None and self.file.scan == ScanState.WAITING


def list_response_pieces(desk: Desk, response_id: int) -> tuple[ShownPiece, ...]:
    """The pieces in use for a response, oldest first; of those that the person may not open only that they are there.

    At most three queries, whatever the number of pieces.
    """
    return shown_pieces(
        desk, pieces.list_supporting_pieces(desk.session, desk.city_id, response_id) if response_id else []
    )


def shown_pieces(desk: Desk, rows: Supporting) -> tuple[ShownPiece, ...]:
    """The same of rows that someone has read already; at most two queries."""
    kept = files.load_files(desk.session, desk.city_id, {row.piece.file_id for row in rows if row.piece.file_id})
    closed = _closed_ids(desk, [row.piece for row in rows])
    return tuple(
        replace(
            describe_piece(row, kept.get(row.file_id or 0), hidden=row.id in closed, items=items, pointer=pointer),
            reviewed_for=reviewed_for,
        )
        for row, items, pointer, reviewed_for in rows
    )


def _closed_ids(desk: Desk, pieces: Collection[Evidence]) -> set[int | None]:
    restricted = [piece.id for piece in pieces if piece.visibility == Visibility.RESTRICTED]
    if not restricted or desk.who.role in OFFICE:
        return set()
    reach = reach_within(desk.who, open_ground(desk.session, desk.site, desk.who.city))
    supports = support.load_supported_responses(desk.session, desk.city_id, reach.assessment_id, restricted)
    return {
        evidence_id
        for evidence_id in restricted
        if not reach.opens(Visibility.RESTRICTED, supports.get(evidence_id, ()))
    }


def describe_piece(
    piece: Evidence, file: StoredFile | None, *, hidden: bool, items: tuple[str, ...] = (), pointer: str = ""
) -> ShownPiece:
    """The row for a page; of a hidden one only what it is, not what it says. `pointer` is where to look for this use of it."""
    shell = ShownPiece(
        id=piece.id,
        kind=EvidenceKind(piece.kind),
        visibility=Visibility(piece.visibility),
        version=piece.version,
        withdrawn=piece.withdrawn_at is not None,
        hidden=hidden,
        items=items,
    )
    return shell if hidden else _with_content(shell, piece, file, pointer or piece.page_pointer)


def _with_content(shell: ShownPiece, piece: Evidence, file: StoredFile | None, pointer: str) -> ShownPiece:
    return replace(
        shell,
        title=piece.title,
        language=piece.language,
        period_from=piece.period_from,
        period_to=piece.period_to,
        effective_on=piece.effective_on,
        page_pointer=pointer,
        source=piece.source,
        note=piece.note,
        contributed_by=piece.contributed_by,
        contributed_on=piece.contributed_on,
        may_quote=piece.may_quote,
        file=AttachedFile(piece.file_name, file.size_bytes, is_viewable(file.media_type), file.scan) if file else None,
        link=_shown_link(piece) if shell.kind is EvidenceKind.LINK else None,
        figure=build_figure(piece) if shell.kind is EvidenceKind.FIGURE else None,
    )


def _shown_link(piece: Evidence) -> ShownLink:
    return ShownLink(piece.url, piece.link_state, piece.link_checked_at, piece.link_moved_to)


def build_figure(piece: Evidence) -> Figure:
    """The figure that a piece of this kind holds."""
    return Figure(
        unit=piece.unit,
        baseline_value=piece.baseline_value,
        baseline_period=piece.baseline_period,
        current_value=piece.current_value,
        current_period=piece.current_period,
        change=compute_change(piece.baseline_value, piece.current_value, piece.published_percent),
        dataset=piece.dataset,
        method=piece.method,
        caveat=piece.caveat,
    )


def is_viewable(media_type: str) -> bool:
    """Whether files of this kind may be shown in the browser rather than saved."""
    return any(kind.media_type == media_type and (kind.previewable or kind is TEXT) for kind in FILE_KINDS)
