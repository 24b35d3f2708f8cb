"""The one piece of evidence that stands open beside the checklist, at the place where its department says to look."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.rules.criteria.edition import ChecklistItem, EvidenceKind
from app.rules.evidence.piece import Visibility
from app.rules.evidence.pointer import read_page_number
from app.rules.files.file_reading import ReadingState, Sheet
from app.services.desk import Desk
from app.services.evidence.pieces import ShownPiece
from app.services.evidence.reading import FilePreview, describe_reading, describe_unread_file
from app.store import file_reading
from app.store.evidence import files, links
from app.store.evidence.files import StoredFile
from app.store.evidence.pieces import Evidence, Supporting


@dataclass(frozen=True)
class PieceChoice:
    """What the reviewer asks to see: a piece's id and a page in it, each 0 where the address names none."""

    piece: int = 0
    page: int = 0


@dataclass(frozen=True)
class ListedEvidence:
    """A piece in the list beside the checklist: its place from 1, and the numbers of the items that it supports."""

    piece: ShownPiece
    place: int
    items: tuple[int, ...]


@dataclass(frozen=True)
class OpenPiece:
    """A piece with what can be shown of it here; `previous` and `next` are ids of its neighbours.

    `page` is the one that is open, 0 where the file has none. `copied_at` is when the page behind a link was kept. What is restricted
    has no `preview`: it is opened on its own page, which records who does.
    """

    piece: ShownPiece
    place: int
    previous: int | None
    next: int | None
    preview: FilePreview | None = None
    page: int = 0
    copied_at: datetime | None = None

    @property
    def is_closed(self) -> bool:
        return self.piece.hidden or self.piece.visibility == Visibility.RESTRICTED

    @property
    def is_changing(self) -> bool:
        """Whether it changes without an event, as while its file is being read."""
        shown = self.preview
        return shown is not None and (shown.state == ReadingState.READING or shown.pictures_wait)

    @property
    def pages(self) -> int:
        return (self.preview.pages or len(self.preview.pictures)) if self.preview else 0

    @property
    def is_pictured(self) -> bool:
        """Whether there is a picture of the page that is open; only the first pages of a file have one."""
        return self.preview is not None and self.page in self.preview.pictures

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """The tables in it, first the one that its department points to by name."""
        sheets = self.preview.sheets if self.preview else ()
        pointer = self.piece.page_pointer.casefold()
        return tuple(sorted(sheets, key=lambda sheet: not (sheet.name and sheet.name.casefold() in pointer)))


def list_evidence(pieces: Sequence[ShownPiece], checklist: Sequence[ChecklistItem]) -> tuple[ListedEvidence, ...]:
    """Each piece once, however many items it supports."""
    numbers = {item.id: number for number, item in enumerate(checklist, start=1)}
    return tuple(
        ListedEvidence(piece, place, tuple(sorted(numbers[item] for item in piece.items if item in numbers)))
        for place, piece in enumerate(pieces, start=1)
    )


def open_piece(desk: Desk, rows: Supporting, pieces: Sequence[ShownPiece], choice: PieceChoice) -> OpenPiece | None:
    """The piece that was asked for, else the first; None where there is none. At most three queries."""
    if not pieces:
        return None
    ids = [piece.id for piece in pieces]
    at = ids.index(choice.piece) if choice.piece in ids else 0
    following = ids[at + 1] if at + 1 < len(ids) else None
    opened = OpenPiece(pieces[at], at + 1, ids[at - 1] if at else None, following)
    return opened if opened.is_closed else _look_inside(desk, opened, rows[at][0], choice.page)


def _look_inside(desk: Desk, opened: OpenPiece, row: Evidence, asked_page: int) -> OpenPiece:
    if row.kind == EvidenceKind.LINK:
        copy_and_file = links.find_link_copy(desk.session, desk.city_id, row.id)
        if copy_and_file is None:
            return opened
        copy, file = copy_and_file
        preview = _preview_content(desk, file)
        # pictures belong to the file of a piece, and this is another one
        return replace(opened, preview=replace(preview, pictures=(), pages=None), copied_at=copy.at)
    kept_file = files.find_file(desk.session, desk.city_id, row.file_id)
    if kept_file is None:
        return opened
    opened = replace(opened, preview=_preview_content(desk, kept_file))
    wanted = asked_page or read_page_number(opened.piece.page_pointer) or 1
    return replace(opened, page=min(wanted, opened.pages))


def _preview_content(desk: Desk, file: StoredFile) -> FilePreview:
    reading = file_reading.find_reading(desk.session, desk.city_id, file.id)
    return describe_reading(reading, file.media_type, with_text=True) if reading else describe_unread_file(file)
