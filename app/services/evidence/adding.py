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
from app.adapters.storage import ReceivedFile, new_key, receive_file
from app.rules.criteria import Criterion, EvidenceKind
from app.rules.errors import CityReadyError, Conflict, Invalid
from app.rules.evidence.entry import Columns, Entry, check, title_of_file
from app.rules.files.kinds import FileKind, safe_name
from app.rules.files.upload import Sender
from app.rules.history.verbs import Verb
from app.rules.job import JobKind
from app.rules.message import Said, say
from app.services import quota, response
from app.services.assessment import current
from app.services.desk import Desk, Who
from app.services.evidence import search_words, versions
from app.services.evidence.pieces import reach
from app.services.response import OpenedResponse
from app.services.site import Site
from app.store import file_reading, job
from app.store.database.engine import now
from app.store.evidence import pieces as evidence
from app.store.evidence import support
from app.store.evidence.pieces import Evidence, StoredFile

DOUBLE_CLICK = timedelta(seconds=30)
"""The same person adding the very same thing again within this time meant it once."""


@dataclass(frozen=True)
class Upload:
    """A file as it came: the name that its sender gave it, and its content."""

    name: str
    file: BinaryIO


@dataclass(frozen=True)
class Outcome:
    """What became of one file. `problem` says why it was not kept; `known` that the library had it already."""

    name: str
    problem: Said | None = None
    known: bool = False


def open_for_adding(desk: Desk, code: str, items: Sequence[str]) -> OpenedResponse:
    """The stored response, while nobody else adds to it. Raises as `response.open_for_writing` does, and Invalid for unknown items."""
    run = current(desk.session, desk.who.city)
    support.one_at_a_time(desk.session, run.id)
    opened = response.open_for_writing(desk, code)
    check_items(opened.criterion, items)
    return opened


def check_items(criterion: Criterion, items: Collection[str]) -> None:
    """Raises Invalid when one of them is not in the checklist."""
    if not {item.id for item in criterion.checklist}.issuperset(items):
        raise Invalid({"item": say("The checklist has changed since this page was opened. Choose the items again.")})


def add(site: Site, who: Who, code: str, entry: Entry) -> None:
    """Add a link, a figure or a note. A second click within DOUBLE_CLICK adds nothing.

    Raises Invalid, NotFound, NotAllowed, Refused.
    """
    columns = check(entry, who.today)
    with site.database.writing() as session:
        opened = open_for_adding(Desk(session, site, who), code, entry.items)
        if not _is_second_click(Desk(session, site, who), opened, columns):
            write(Desk(session, site, who), opened, columns, entry.items)


def _is_second_click(desk: Desk, opened: OpenedResponse, columns: Columns) -> bool:
    """A link's title may have been filled in since the first click, so its address alone is compared."""
    same = {name: value for name, value in columns.items() if name != "title" or not columns.get("url")}
    since = now() - DOUBLE_CLICK
    return (
        evidence.just_added(desk.session, desk.city_id, opened.id, since, created_by=desk.who.person_id, **same)
        is not None
    )


def write(desk: Desk, opened: OpenedResponse, columns: Columns, items: Sequence[str]) -> Evidence:
    """A new piece that supports the response, with its words and its place in the record."""
    piece = begin(desk, columns)
    tie(desk, opened, piece, items)
    return piece


def begin(desk: Desk, columns: Columns) -> Evidence:
    """A new piece with its words and its first version; who calls this ties it to a response, or keeps it apart."""
    piece = Evidence(city_id=desk.city_id, created_by=desk.who.person_id, **columns)
    desk.session.add(piece)
    desk.session.flush()
    search_words.index(desk.session, piece)
    versions.keep(desk.session, piece, desk.who.person_id)
    if piece.kind == EvidenceKind.LINK:
        look_soon(desk.session, piece)
    return piece


def tie(desk: Desk, opened: OpenedResponse, piece: Evidence, items: Sequence[str]) -> None:
    """Let a new piece support the response."""
    _support(desk, opened, piece, frozenset(items), Verb.EVIDENCE_ADDED)


def keep_apart(desk: Desk, piece: Evidence) -> None:
    """Record a new piece that supports nothing yet."""
    desk.record(Verb.EVIDENCE_KEPT, "", **for_the_record(piece))


def look_soon(session: Session, piece: Evidence) -> None:
    """Have the link visited next, and what it leads to kept; until then nothing is known of it."""
    piece.link_state, piece.link_checked_at, piece.link_moved_to, piece.link_troubles = "", None, "", 0
    piece.link_next_at = now() + timedelta(days=1)  # should the job be lost, the weekly round takes it up
    session.add(piece)
    job.enqueue(session, piece.city_id, JobKind.LOOK_AT_LINK, evidence=piece.id, keep=True)


def link(desk: Desk, opened: OpenedResponse, piece: Evidence, items: Sequence[str]) -> None:
    """Let a piece that is there already support the response too, and these items besides those that it supports now.

    Raises Conflict when somebody changed the piece at the same moment.
    """
    found = support.supported(desk.session, desk.city_id, opened.assessment.id, [piece.id])
    ties = found.get(piece.id, [])
    here = next((had for had in ties if had.response_id == opened.id), None)
    before = frozenset(here.items if here else ())
    if here is None or not before.issuperset(items):
        if not evidence.save(
            desk.session, desk.city_id, piece.id, piece.version
        ):  # an open form about it is out of date now
            raise Conflict(say("Somebody changed this evidence at the same moment. Try once more."))
        guest = here.guest if here else reach(desk).is_guest(ties)
        _support(desk, opened, piece, before.union(items), Verb.EVIDENCE_LINKED, guest=guest)


def _support(
    desk: Desk,
    opened: OpenedResponse,
    piece: Evidence,
    items: frozenset[str],
    verb: Verb,
    *,
    guest: bool = False,
) -> None:
    support.support(desk.session, desk.city_id, piece.id, opened.id, sorted(items), guest=guest)
    response.mark_begun(desk, opened)
    desk.record(verb, opened.criterion.code, **for_the_record(piece))


def for_the_record(piece: Evidence) -> dict[str, Any]:
    """What an event says of a piece; the title of a restricted one stays out of the record, which others can read."""
    title = "" if piece.visibility == "restricted" else piece.title
    return {"evidence": piece.id, "kind": piece.kind, "title": title}


def add_files(site: Site, who: Who, code: str, entry: Entry, uploads: Sequence[Upload]) -> tuple[Outcome, ...]:
    """Keep each file that can be kept, and say of each other one why not. A typed title is used when there is one file.

    Raises Invalid (the form, or no file), NotFound, NotAllowed, Refused before anything is kept.
    """
    columns = check(entry, who.today)
    if not uploads:
        raise Invalid({"file": say("Choose at least one file.")})
    with site.database.reading() as session:
        opened = response.load_for_writing(Desk(session, site, who), code)
        check_items(opened.criterion, entry.items)
    if len(uploads) > 1:
        columns["title"] = ""
    return tuple(_keep(site, who, code, columns, entry.items, upload) for upload in uploads)


def _keep(site: Site, who: Who, code: str, columns: Columns, items: Sequence[str], upload: Upload) -> Outcome:
    try:
        with receive_file(upload.file, site.settings.upload_bytes) as received:
            kind = files.inspect_file(upload.name, received.file, site.kinds)
            stored = put(site, who.city_id, who.person_id, received, kind, upload.name)
        known = _write_file(site, who, code, columns, items, stored, upload.name)
    except CityReadyError as problem:
        return Outcome(upload.name, problem=problem.said)
    return Outcome(upload.name, known=known)


def put(
    site: Site, city_id: int, person_id: int | None, received: ReceivedFile, kind: FileKind, name: str
) -> StoredFile:
    """The row for a file that is in storage now: the one that there is, or a new one that is not written yet.

    `person_id` is None for a file that came from somebody without an account. Raises Invalid where there is no room for it.
    """
    with site.database.reading() as session:
        if known := evidence.file_by_hash(session, city_id, received.sha256):
            return known
        quota.check_kept_room(session, site, Sender(city_id, person_id), received.size_bytes)
    key = new_key()
    site.storage.put(key, received.file)
    return StoredFile(
        city_id=city_id,
        key=key,
        sha256=received.sha256,
        size_bytes=received.size_bytes,
        media_type=kind.media_type,
        name=safe_name(name),
        scan="waiting" if site.settings.clamd else "",
        created_by=person_id,
    )


def _write_file(
    site: Site, who: Who, code: str, columns: Columns, items: Sequence[str], stored: StoredFile, name: str
) -> bool:
    """Write the rows; True when the city had a piece with this file, which then supports this response too."""
    name = safe_name(name)
    with site.database.writing() as session:
        quota.reserve_kept_room(session, site, Sender(who.city_id, who.person_id), size_of_new(stored))
        opened = open_for_adding(Desk(session, site, who), code, items)
        file_id = row_of(session, stored)
        if piece := _openable_piece(Desk(session, site, who), file_id):
            link(Desk(session, site, who), opened, piece, items)
            return True
        own = {"file_id": file_id, "file_name": name, "title": columns["title"] or title_of_file(name)}
        write(Desk(session, site, who), opened, columns | own, items)
    return False


def _openable_piece(desk: Desk, file_id: int) -> Evidence | None:
    """A piece with this file that the person may see anyway: the same content neither opens nor betrays what is restricted."""
    pieces = evidence.of_file(desk.session, desk.city_id, file_id)
    mine = reach(desk)
    found = support.supported(desk.session, desk.city_id, mine.assessment_id, [piece.id for piece in pieces])
    return next((piece for piece in pieces if mine.opens(piece.visibility, found.get(piece.id, ()))), None)


def size_of_new(stored: StoredFile) -> int:
    """How much room the file will take that it does not take yet."""
    return stored.size_bytes if stored.id is None else 0


def row_of(session: Session, stored: StoredFile, *, read: bool = True) -> int:
    """The id of the row for this content: the city's own, or a new one; with `read` the file is read soon, once it is known to be clean,
    unless it was read before.

    Raises Conflict where the city had the content when `put` looked, and has disposed of it since: its file is gone too.
    """
    if known := evidence.file_by_hash(session, stored.city_id, stored.sha256, hold=True):
        if read and known.scan != "waiting":
            file_reading.enqueue(session, known.city_id, known.id)
        return known.id
    if stored.id is not None:
        raise Conflict(say("This very file was disposed of while it came in. Send it once more."))
    session.add(stored)
    session.flush()
    if stored.scan == "waiting":
        job.enqueue(session, stored.city_id, JobKind.SCAN_FILE, file=stored.id, read=read)
    elif read:
        file_reading.enqueue(session, stored.city_id, stored.id)
    return stored.id
