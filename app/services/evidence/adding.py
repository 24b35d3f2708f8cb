"""Adding evidence to a response: files, links, figures and notes.

Each file is put into storage before any transaction begins, and its row is written after: a crash in between leaves a file that no
row knows, which the sweep removes, and never a row without its file. So these functions open their transactions themselves.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, BinaryIO

from sqlmodel import Session

from app.adapters import files
from app.adapters.receiving import ReceivedFile, receive_file
from app.adapters.storage.keys import new_key
from app.rules.criteria.edition import Criterion, EvidenceKind
from app.rules.errors import CityReadyError, Conflict, Invalid, Refused
from app.rules.evidence.entry import Columns, EvidenceEntry, check_entry, title_of_file
from app.rules.evidence.known_file import ask_about_facts, facts_that_differ
from app.rules.evidence.piece import Visibility
from app.rules.files.kinds import FileKind, safe_name
from app.rules.files.scanning import ScanState
from app.rules.files.upload import Sender
from app.rules.history.verbs import Verb
from app.rules.installation.job import JobKind
from app.rules.message import Message, say
from app.services import quota
from app.services.assessment.ground import read_ground
from app.services.desk import Desk, Who
from app.services.evidence import search_words, versions
from app.services.evidence.pieces import load_reach
from app.services.evidence.ticking import tick_supported_items
from app.services.public_advice import advise_entry, remember_public_advice
from app.services.response import answering
from app.services.response.answering import OpenedResponse
from app.services.site import Site
from app.store import file_reading, job
from app.store.database.engine import now
from app.store.evidence import pieces as evidence
from app.store.evidence import support
from app.store.evidence.files import StoredFile, add_file, find_file_by_hash
from app.store.evidence.pieces import Evidence

DOUBLE_CLICK = timedelta(seconds=30)
"""The same person adding the very same thing again within this time meant it once."""


@dataclass(frozen=True)
class IncomingFile:
    """A file as it comes in: the name that its sender gave it, made safe here and nowhere after, and its content."""

    name: str
    file: BinaryIO

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", safe_name(self.name))


@dataclass(frozen=True)
class FileOutcome:
    """What became of one file. `problem` says why it was not kept; `known` that the library had it already, as piece `evidence_id`."""

    name: str
    problem: Message | None = None
    known: bool = False
    evidence_id: int = 0


def open_for_adding(desk: Desk, code: str, items: Sequence[str]) -> OpenedResponse:
    """The stored response, while nobody else adds to it. Raises as `response.open_for_evidence` does, and Invalid for unknown items."""
    ground = read_ground(desk.site.kept.seen_by(desk.session, desk.who.city))
    support.lock_assessment(desk.session, ground.assessment.id)
    opened = answering.open_for_evidence(desk, code)
    check_items(opened.criterion, items)
    return opened


def check_items(criterion: Criterion, items: Collection[str]) -> None:
    """Raises Invalid when one of them is not in the checklist."""
    if not {item.id for item in criterion.checklist}.issuperset(items):
        raise Invalid({"item": say("The checklist has changed since this page was opened. Choose the items again.")})


def add_evidence(site: Site, who: Who, code: str, entry: EvidenceEntry) -> None:
    """Add a link, a figure or a note. A second click within DOUBLE_CLICK adds nothing.

    Raises Invalid, NotFound, NotAllowed, Refused.
    """
    columns = check_entry(advise_entry(who, entry), who.today)
    with site.database.writing() as session:
        opened = open_for_adding(Desk(session, site, who), code, entry.items)
        if not _is_second_click(Desk(session, site, who), opened, columns):
            write_piece(Desk(session, site, who), opened, columns, entry.items)
            tick_supported_items(Desk(session, site, who), opened, entry.items)


def _is_second_click(desk: Desk, opened: OpenedResponse, columns: Columns) -> bool:
    """A link's title may have been filled in since the first click, so its address alone is compared."""
    same = {name: value for name, value in columns.items() if name != "title" or not columns.get("url")}
    since = now() - DOUBLE_CLICK
    return (
        evidence.find_just_added_piece(
            desk.session, desk.city_id, opened.id, since, created_by=desk.who.person_id, **same
        )
        is not None
    )


def write_piece(desk: Desk, opened: OpenedResponse, columns: Columns, items: Sequence[str]) -> Evidence:
    """A new piece that supports the response, with its words and its place in the record."""
    piece = begin_piece(desk, columns)
    add_first_support(desk, opened, piece, items)
    return piece


def begin_piece(desk: Desk, columns: Columns) -> Evidence:
    """A new piece with its words and its first version; who calls this ties it to a response, or keeps it apart."""
    piece = Evidence(city_id=desk.city_id, created_by=desk.who.person_id, **{"language": desk.who.language, **columns})
    piece.retention_id = desk.who.city.retention_default
    if piece.visibility == Visibility.PUBLIC:
        remember_public_advice(desk)
    evidence.add_piece(desk.session, piece)
    search_words.index_new_piece(desk.session, piece)
    versions.begin_versions(desk.session, piece, desk.who.person_id)
    if piece.kind == EvidenceKind.LINK:
        schedule_link_visit(desk.session, piece)
    return piece


def add_first_support(desk: Desk, opened: OpenedResponse, piece: Evidence, items: Sequence[str]) -> None:
    """Let a new piece support the response."""
    support.add_supported_items(desk.session, desk.city_id, piece.id, opened.id, sorted(set(items)), guest=False)
    _record_support(desk, opened, piece, Verb.EVIDENCE_ADDED)


def record_unused_piece(desk: Desk, piece: Evidence) -> None:
    """Record a new piece that supports nothing yet."""
    desk.record(Verb.EVIDENCE_KEPT, "", **piece_details(piece))


def schedule_link_visit(session: Session, piece: Evidence) -> None:
    """Have the link visited next, and what it leads to kept; until then nothing is known of it."""
    piece.link_state, piece.link_checked_at, piece.link_moved_to = "", None, ""
    piece.link_troubles = piece.link_deaths = 0
    piece.link_next_at = now() + timedelta(days=1)  # should the job be lost, the weekly round takes it up
    job.enqueue_job(session, piece.city_id, JobKind.LOOK_AT_LINK, evidence=piece.id, keep=True)


def add_support(desk: Desk, opened: OpenedResponse, piece: Evidence, items: Sequence[str], pointer: str = "") -> None:
    """Let a piece that is there already support the response too, and these items besides those that it supports now.

    `pointer` is where to look for them, where that is not where the piece itself says.

    Raises Conflict when someone changed the piece at the same moment.
    """
    supports_by_piece = support.load_supported_responses(desk.session, desk.city_id, opened.assessment.id, [piece.id])
    supports = supports_by_piece.get(piece.id, [])
    support_here = next((supported for supported in supports if supported.response_id == opened.id), None)
    former_items = frozenset(support_here.items if support_here else ())
    former_pointer = support_here.pointer if support_here else ""
    pointer = former_pointer if pointer in {"", piece.page_pointer} else pointer
    if support_here is None or not former_items.issuperset(items) or pointer != former_pointer:
        if not evidence.save_piece(
            desk.session, desk.city_id, piece.id, piece.version
        ):  # an open form about it is out of date now
            raise Conflict(say("Someone changed this evidence at the same moment. Try once more."))
        guest = support_here.guest if support_here else load_reach(desk).is_guest(supports)
        all_items = sorted(former_items.union(items))
        support.set_supported_items(
            desk.session, desk.city_id, piece.id, opened.id, all_items, guest=guest, pointer=pointer
        )
        _record_support(desk, opened, piece, Verb.EVIDENCE_LINKED)


def _record_support(desk: Desk, opened: OpenedResponse, piece: Evidence, verb: Verb) -> None:
    answering.mark_evidence_changed(desk, opened.id, opened.state)
    desk.record(verb, opened.criterion.code, **piece_details(piece))


def piece_details(piece: Evidence) -> dict[str, Any]:
    """What an event says of a piece; the title of a restricted one stays out of the record, which others can read."""
    title = "" if piece.visibility == Visibility.RESTRICTED else piece.title
    return {"evidence": piece.id, "kind": piece.kind, "title": title}


def add_files(
    site: Site, who: Who, code: str, entry: EvidenceEntry, uploads: Sequence[IncomingFile]
) -> tuple[FileOutcome, ...]:
    """Keep each file that can be kept, and say of each other one why not. A typed title is used when there is one file.

    Raises Invalid (the form, or no file), NotFound, NotAllowed, Refused before anything is kept.
    """
    columns = check_entry(advise_entry(who, entry), who.today)
    if not uploads:
        raise Invalid({"file": say("Choose at least one file.")})
    with site.database.reading() as session:
        opened = answering.load_for_evidence(Desk(session, site, who), code)
        check_items(opened.criterion, entry.items)
    if len(uploads) > 1:
        columns["title"] = ""
    return tuple(_keep_file(site, who, code, columns, entry.items, upload) for upload in uploads)


def _keep_file(
    site: Site, who: Who, code: str, columns: Columns, items: Sequence[str], upload: IncomingFile
) -> FileOutcome:
    try:
        with receive_file(upload.file, site.settings.upload_bytes) as received:
            kind = files.inspect_file(upload.name, received.file, site.kinds)
            stored = store_file(site, who.city_id, who.person_id, received, kind, upload.name)
        with site.database.writing() as session:
            quota.reserve_kept_room(session, site, Sender(who.city_id, who.person_id), size_to_add(stored))
            desk = Desk(session, site, who)
            opened = open_for_adding(desk, code, items)
            outcome = _write_file_piece(desk, opened, columns, items, stored, upload.name)
            tick_supported_items(desk, opened, items)
    except CityReadyError as problem:
        return FileOutcome(upload.name, problem=problem.said)
    return outcome


def store_file(
    site: Site, city_id: int, person_id: int | None, received: ReceivedFile, kind: FileKind, name: str
) -> StoredFile:
    """The row for a file that is in storage now: the one that there is, or a new one that is not written yet.

    `person_id` is None for a file that came from someone without an account. Raises Invalid where there is no room for it.
    """
    with site.database.reading() as session:
        if known_file := find_file_by_hash(session, city_id, received.sha256):
            return known_file
        quota.check_kept_room(session, site, Sender(city_id, person_id), received.size_bytes)
    key = new_key()
    site.storage.put(key, received.file)
    return StoredFile(
        city_id=city_id,
        key=key,
        sha256=received.sha256,
        size_bytes=received.size_bytes,
        media_type=kind.media_type,
        name=name,
        scan=(ScanState.WAITING if site.settings.clamd else ScanState.UNSCANNED).value,
        created_by=person_id,
    )


def _write_file_piece(
    desk: Desk, opened: OpenedResponse, columns: Columns, items: Sequence[str], stored: StoredFile, name: str
) -> FileOutcome:
    """Write the rows; where the city had a piece with this file, that one supports this response too.

    Raises Refused where that piece says something else than what was typed: a person decides which of the two holds.
    """
    file_id = ensure_file_row(desk.session, stored)
    if piece := _find_openable_piece(desk, file_id):
        if facts := facts_that_differ(columns, piece.model_dump()):
            raise Refused(ask_about_facts(piece.title, facts, piece.id))
        add_support(desk, opened, piece, items, columns["page_pointer"])
        return FileOutcome(name, known=True, evidence_id=piece.id)
    file_columns = {"file_id": file_id, "file_name": name, "title": columns["title"] or title_of_file(name)}
    piece = write_piece(desk, opened, columns | file_columns, items)
    return FileOutcome(name, evidence_id=piece.id)


def _find_openable_piece(desk: Desk, file_id: int) -> Evidence | None:
    """A piece with this file that the person may see anyway: the same content neither opens nor betrays what is restricted."""
    pieces = evidence.list_pieces_of_file(desk.session, desk.city_id, file_id)
    reach = load_reach(desk)
    supports_by_piece = support.load_supported_responses(
        desk.session, desk.city_id, reach.assessment_id, [piece.id for piece in pieces]
    )
    return next((piece for piece in pieces if reach.opens(piece.visibility, supports_by_piece.get(piece.id, ()))), None)


def size_to_add(stored: StoredFile) -> int:
    """How much room the file will take that it does not take yet."""
    return stored.size_bytes if stored.id is None else 0


def ensure_file_row(session: Session, stored: StoredFile, *, read: bool = True) -> int:
    """The id of the row for this content: the city's own, or a new one; with `read` the file is read soon, once it is known to be clean,
    unless it was read before.

    Raises Conflict where the city had the content when `store_file` looked, and has disposed of it since: its file is gone too.
    """
    if known_file := find_file_by_hash(session, stored.city_id, stored.sha256, hold=True):
        if read and known_file.scan != ScanState.WAITING:
            file_reading.enqueue_reading(session, known_file.city_id, known_file.id)
        return known_file.id
    if stored.id is not None:
        raise Conflict(say("This very file was disposed of while it came in. Send it once more."))
    add_file(session, stored)
    if stored.scan == ScanState.WAITING:
        job.enqueue_job(session, stored.city_id, JobKind.SCAN_FILE, file=stored.id, read=read)
    elif read:
        file_reading.enqueue_reading(session, stored.city_id, stored.id)
    return stored.id
