"""The files behind a piece: who may open them, and who has."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from app.rules.errors import NotAllowed, NotFound, Refused
from app.rules.evidence.piece import SeenPart, Visibility, name_page_copy
from app.rules.history.verbs import Verb
from app.rules.message import say
from app.services.desk import Desk, Who
from app.services.evidence.changing import record_piece_event
from app.services.evidence.finding import PieceAccess, find_piece
from app.services.evidence.pieces import is_viewable
from app.services.site import Site
from app.store.evidence import files, links, pieces
from app.store.evidence import version as evidence_version
from app.store.evidence.files import StoredFile
from app.store.evidence.version import EvidenceOpening

QUARANTINE = {
    "waiting": say("This file is being checked for viruses and cannot be opened yet. Try again in a few minutes."),
    "infected": say("A virus was found in this file, so nobody can open it. Remove it, and tell whoever sent it."),
}
"""What stands in the way of a file, by the state of its scan."""


PICTURE_TYPE = "image/webp"


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
    file = files.find_file(desk.session, desk.city_id, piece.row.file_id)
    if file is None:
        raise NotFound(say("This evidence has no file."))
    return deliver_file(desk.site, desk.who, piece, file, piece.row.file_name)


def download_copy(desk: Desk, evidence_id: int) -> FileDownload:
    """The newest copy of what a link leads to. Raises NotFound, NotAllowed for a restricted one, Refused, OutsideUnavailable."""
    piece = find_openable_piece(desk, evidence_id)
    copy_and_file = links.find_link_copy(desk.session, desk.city_id, piece.id)
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
        evidence_version.add_opening(session, opening)
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
