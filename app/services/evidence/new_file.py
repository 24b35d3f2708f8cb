"""Another file for a piece: a new version of it, or a copy beside it without what is nobody's business."""

from app.adapters import files
from app.adapters.receiving import receive_file
from app.rules.criteria.edition import EvidenceKind
from app.rules.errors import Invalid, NotAllowed, NotFound, Refused
from app.rules.evidence.entry import title_of_file
from app.rules.evidence.piece import Visibility
from app.rules.evidence.version import WHY_LIMIT
from app.rules.files.upload import Sender
from app.rules.history.verbs import Verb
from app.rules.message import say
from app.rules.text.bounds import check_length, single_line
from app.services import quota
from app.services.desk import Desk, Who
from app.services.evidence import adding, search_words, versions
from app.services.evidence.adding import IncomingFile, size_to_add
from app.services.evidence.changing import NOT_APPROVED, record_piece_event, save_piece
from app.services.evidence.finding import PieceAccess, find_piece, need_changeable
from app.services.evidence.opening import FileDownload, deliver_file, find_openable_piece
from app.services.public_advice import need_public_advice, remember_public_advice
from app.services.site import Site
from app.store.evidence import pieces, support
from app.store.evidence import version as evidence_version
from app.store.evidence.files import StoredFile, find_file
from app.store.evidence.pieces import Evidence
from app.store.history import events


def check_why(text: str) -> str:
    """Why something changed, as one line. Raises Invalid for the field `why` when it is too long."""
    return check_length("why", single_line(text), WHY_LIMIT)


def replace_file(site: Site, who: Who, evidence_id: int, version: int, why: str, uploads: list[IncomingFile]) -> None:
    """The first of the files becomes the piece's file; what it was before stays as a version.

    Raises Invalid, Conflict, Refused, NotAllowed, NotFound before anything is kept.
    """
    why = check_why(why)
    with site.database.reading() as session:
        _find_changeable(Desk(session, site, who), evidence_id)
    stored, name = _store_first_file(site, who, uploads)
    with site.database.writing() as session:
        quota.reserve_kept_room(session, site, Sender(who.city_id, who.person_id), size_to_add(stored))
        piece = _find_changeable(Desk(session, site, who), evidence_id)
        file_id = adding.ensure_file_row(session, stored)
        if file_id == piece.row.file_id:
            raise Invalid({"file": say("This is the same file as before.")})
        versions.keep_first_version(session, piece.row)
        save_piece(Desk(session, site, who), piece, version, file_id=file_id, file_name=name, **NOT_APPROVED)
        session.refresh(piece.row)
        search_words.index_piece(session, piece.row)
        sha256 = versions.keep_version(session, piece.row, who.person_id, why)
        record_piece_event(Desk(session, site, who), piece, Verb.EVIDENCE_REPLACED, sha256=sha256)


def _find_changeable(desk: Desk, evidence_id: int) -> PieceAccess:
    piece = find_piece(desk, evidence_id)
    need_changeable(piece)
    if piece.row.kind != EvidenceKind.FILE:
        raise NotFound(say("This evidence has no file."))
    if piece.row.withdrawn_at:
        raise Refused(say("This evidence is removed. Restore it before you change it."))
    return piece


def _store_first_file(site: Site, who: Who, uploads: list[IncomingFile]) -> tuple[StoredFile, str]:
    """The first of the files, and how its sender calls it."""
    if not uploads:
        raise Invalid({"file": say("Choose at least one file.")})
    with receive_file(uploads[0].file, site.settings.upload_bytes) as received:
        kind = files.inspect_file(uploads[0].name, received.file, site.kinds)
        stored = adding.store_file(site, who.city_id, who.person_id, received, kind, uploads[0].name)
    return stored, uploads[0].name


def add_redacted_copy(
    site: Site,
    who: Who,
    evidence_id: int,
    version: int,
    uploads: list[IncomingFile],
    visibility: Visibility = Visibility.PUBLIC,
    *,
    advised: bool = False,
) -> int:
    """A copy without what is nobody's business, beside the original and for the same criteria; returns its id.

    The original is a version older then, so that a second click adds nothing. `advised` where its maker says
    now to have read what it means to make it public. Raises Invalid, Conflict, Refused, NotAllowed, NotFound.
    """
    if visibility == Visibility.PUBLIC:
        need_public_advice(who, advised=advised)
    with site.database.reading() as session:
        find_original(Desk(session, site, who), evidence_id)
    stored, name = _store_first_file(site, who, uploads)
    with site.database.writing() as session:
        quota.reserve_kept_room(session, site, Sender(who.city_id, who.person_id), size_to_add(stored))
        piece = find_original(Desk(session, site, who), evidence_id)
        file_id = adding.ensure_file_row(session, stored)
        _check_copy(Desk(session, site, who), piece, file_id)
        save_piece(Desk(session, site, who), piece, version)
        redacted = _add_redacted_piece(Desk(session, site, who), piece, file_id, name, visibility)
        search_words.index_piece(session, redacted)
        sha256 = versions.keep_version(session, redacted, who.person_id)
        details = {"evidence": redacted.id, "kind": redacted.kind, "title": redacted.title, "sha256": sha256}
        events.record_event(
            session, who.city_id, who.person_id, Verb.EVIDENCE_REDACTED, ", ".join(piece.codes), **details
        )
    return redacted.id


def _check_copy(desk: Desk, piece: PieceAccess, file_id: int) -> None:
    if file_id == piece.row.file_id:
        raise Invalid({"file": say("This is the original itself. Choose the copy from which something was taken out.")})
    if any(redacted.file_id == file_id for redacted in pieces.list_twins(desk.session, desk.city_id, piece.id)):
        raise Invalid({"file": say("This copy is here already.")})


def _add_redacted_piece(desk: Desk, original: PieceAccess, file_id: int, name: str, visibility: Visibility) -> Evidence:
    """Titled by the copy's own file name: the title of what is restricted must not be on it."""
    redacted = Evidence(
        city_id=desk.city_id,
        kind=EvidenceKind.FILE.value,
        title=title_of_file(name),
        visibility=visibility.value,
        file_id=file_id,
        file_name=name,
        twin_of=original.id,
        period_from=original.row.period_from,
        period_to=original.row.period_to,
        created_by=desk.who.person_id,
    )
    pieces.add_piece(desk.session, redacted)
    if visibility == Visibility.PUBLIC:
        remember_public_advice(desk)
    for supported in original.supports:
        support.set_supported_items(
            desk.session,
            desk.city_id,
            redacted.id,
            supported.response_id,
            supported.items,
            guest=supported.guest,
            pointer=supported.pointer,
        )
    return redacted


def find_original(desk: Desk, evidence_id: int) -> PieceAccess:
    """A piece with a file that may get a redacted copy. Raises Refused for a public or removed one, NotAllowed, NotFound."""
    piece = _find_changeable(desk, evidence_id)
    if piece.row.visibility == Visibility.PUBLIC:
        raise Refused(say("This evidence is public already, so it needs no copy."))
    return piece


def download_version(desk: Desk, evidence_id: int, number: int) -> FileDownload:
    """The file of a version. Those before the newest open only for those whose piece it is: they may have been replaced for what they
    say. Raises NotFound, NotAllowed, OutsideUnavailable.
    """
    piece = find_openable_piece(desk, evidence_id)
    versions = evidence_version.list_versions(desk.session, desk.city_id, piece.id)
    version = next((version for version in versions if version.number == number), None)
    if version is None or version.file_id is None:
        raise NotFound(say("This evidence has no file."))
    if version is not versions[0] and not piece.may_see_former:
        raise NotAllowed(say("Only those who brought this evidence can open what it was before."))
    file = find_file(desk.session, desk.city_id, version.file_id)
    if file is None:
        raise NotFound(say("This evidence has no file."))
    return deliver_file(desk.site, desk.who, piece, file, version.file_name)
