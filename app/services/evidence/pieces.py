"""Pieces of evidence as a page shows them, and which of them a person may open or write."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import Session

from app.rules.criteria import EvidenceKind
from app.rules.evidence.owning import Tie, is_guest, may_change, may_see_closed, used_by_others
from app.rules.evidence.piece import Figure, Visibility, change_of
from app.rules.files.kinds import KINDS, TEXT
from app.rules.links import DEAD, GONE
from app.rules.permissions import OFFICE, Role, may_write_for
from app.services.desk import Desk
from app.store import assessment
from app.store.evidence import pieces, support
from app.store.evidence.pieces import Evidence, StoredFile


@dataclass(frozen=True)
class Reach:
    """What one person may do with evidence: `codes` are the criteria of the open assessment that the person answers for."""

    role: Role
    assessment_id: int
    codes: frozenset[str]

    def writes(self, code: str) -> bool:
        return self.role in OFFICE or code in self.codes

    def changes(self, ties: Collection[Tie]) -> bool:
        """Whether the person may change a piece with these ties."""
        return may_change(self.role, self.codes, ties)

    def owns(self, ties: Collection[Tie]) -> bool:
        """Whether the person may see what a piece with these ties was before."""
        return may_see_closed(self.role, self.codes, ties)

    def opens(self, visibility: str, ties: Collection[Tie]) -> bool:
        """Whether the person may see title and content of a piece with these ties."""
        return visibility != Visibility.RESTRICTED or self.owns(ties)

    def is_guest(self, ties: Collection[Tie]) -> bool:
        """Whether the person ties a piece with these ties to one criterion more as a guest."""
        return is_guest(self.role, self.codes, ties)

    def others(self, ties: Collection[Tie]) -> tuple[str, ...]:
        """The criteria among these ties that the person may not write for."""
        return used_by_others(self.role, self.codes, ties)


def reach(desk: Desk) -> Reach:
    """Two queries; without an open assessment nobody but the data office reaches anything."""
    return reach_of(desk.session, desk.city_id, desk.who.person_id, desk.who.role, desk.who.departments)


def reach_of(session: Session, city_id: int, person_id: int, role: Role, departments: frozenset[int]) -> Reach:
    """What a member of the city may do who does not ask now, such as somebody who is written to."""
    run = assessment.current(session, city_id)
    run_id = run.id if run else 0
    tasks = assessment.assignments(session, city_id, run_id)
    mine = (
        code
        for code, task in tasks.items()
        if may_write_for(role, departments, task.department_id, assigned_to_me=task.person_id == person_id)
    )
    return Reach(role, run_id, frozenset(mine))


@dataclass(frozen=True)
class Attached:
    """A stored file; `viewable` when a browser may show it by itself, `scan` what a virus scanner says: nothing, waiting, clean, infected."""

    name: str
    size_bytes: int
    viewable: bool
    scan: str = ""


@dataclass(frozen=True)
class Link:
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
        return self.state == GONE


@dataclass(frozen=True)
class Piece:
    """One piece. Where it is `hidden` from the reader, nothing of its title and content is in it."""

    id: int
    kind: EvidenceKind
    visibility: Visibility
    version: int
    withdrawn: bool
    hidden: bool
    items: tuple[str, ...] = ()
    title: str = ""
    period_from: date | None = None
    period_to: date | None = None
    effective_on: date | None = None
    page_pointer: str = ""
    source: str = ""
    note: str = ""
    contributed_by: str = ""
    contributed_on: date | None = None
    may_quote: bool = False
    file: Attached | None = None
    link: Link | None = None
    figure: Figure | None = None

    @property
    def moves(self) -> bool:
        """Whether its state changes by itself: that a file was found to be clean is in no record."""
        return self.file is not None and self.file.scan == "waiting"


def of_response(desk: Desk, response_id: int) -> tuple[Piece, ...]:
    """The pieces in use for a response, oldest first; of those that the person may not open only that they are there.

    At most five queries, whatever the number of pieces.
    """
    rows = pieces.supporting(desk.session, desk.city_id, response_id) if response_id else []
    kept = pieces.files(desk.session, desk.city_id, {row.file_id for row, _ in rows if row.file_id})
    closed = _closed_to(desk, [row for row, _ in rows])
    return tuple(piece_of(row, kept.get(row.file_id or 0), hidden=row.id in closed, items=items) for row, items in rows)


def _closed_to(desk: Desk, rows: Collection[Evidence]) -> set[int | None]:
    restricted = [row.id for row in rows if row.visibility == Visibility.RESTRICTED]
    if not restricted or desk.who.role in OFFICE:
        return set()
    mine = reach(desk)
    found = support.supported(desk.session, desk.city_id, mine.assessment_id, restricted)
    return {one for one in restricted if not mine.opens(Visibility.RESTRICTED, found.get(one, ()))}


def piece_of(row: Evidence, file: StoredFile | None, *, hidden: bool, items: tuple[str, ...] = ()) -> Piece:
    """The row for a page; of a hidden one only what it is, not what it says."""
    shell = Piece(
        id=row.id,
        kind=EvidenceKind(row.kind),
        visibility=Visibility(row.visibility),
        version=row.version,
        withdrawn=row.withdrawn_at is not None,
        hidden=hidden,
        items=items,
    )
    return shell if hidden else _opened(shell, row, file)


def _opened(shell: Piece, row: Evidence, file: StoredFile | None) -> Piece:
    return replace(
        shell,
        title=row.title,
        period_from=row.period_from,
        period_to=row.period_to,
        effective_on=row.effective_on,
        page_pointer=row.page_pointer,
        source=row.source,
        note=row.note,
        contributed_by=row.contributed_by,
        contributed_on=row.contributed_on,
        may_quote=row.may_quote,
        file=Attached(row.file_name, file.size_bytes, is_viewable(file.media_type), file.scan) if file else None,
        link=_link(row) if shell.kind is EvidenceKind.LINK else None,
        figure=figure_of(row) if shell.kind is EvidenceKind.FIGURE else None,
    )


def _link(row: Evidence) -> Link:
    return Link(row.url, row.link_state, row.link_checked_at, row.link_moved_to)


def figure_of(row: Evidence) -> Figure:
    """The figure that a piece of this kind holds."""
    return Figure(
        unit=row.unit,
        baseline_value=row.baseline_value,
        baseline_period=row.baseline_period,
        current_value=row.current_value,
        current_period=row.current_period,
        change=change_of(row.baseline_value, row.current_value, row.published_percent),
        dataset=row.dataset,
        method=row.method,
        caveat=row.caveat,
    )


def is_viewable(media_type: str) -> bool:
    """Whether files of this kind may be shown in the browser rather than saved."""
    return any(kind.media_type == media_type and (kind.previewable or kind is TEXT) for kind in KINDS)
