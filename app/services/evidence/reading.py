"""Reading a stored file once, after it was kept, and what a page may show of it."""

import io
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from app.adapters.file_readers import reading as reader
from app.adapters.pictured_pages.reading import is_reader_here
from app.adapters.storage.keys import new_key
from app.adapters.storage.local_copy import copy_locally
from app.rules.evidence.piece import Visibility
from app.rules.files import personal_data
from app.rules.files.file_reading import (
    PREVIEW_TEXT,
    READER,
    TROUBLE_SENTENCES,
    FileFacts,
    FileTrouble,
    ProposedDay,
    ReadingState,
    Sheet,
    propose_covered_day,
)
from app.rules.files.file_text import (
    TEXT_LIMIT,
    PlacedText,
    TextStretch,
    UnreadKind,
    UnreadPart,
    build_stretch,
    build_unread,
    describe_unread,
    split_text,
)
from app.rules.files.kinds import IMAGES
from app.rules.files.personal_data import PersonalDataFinding
from app.rules.history.verbs import Verb
from app.rules.message import Message
from app.rules.pictured_pages import (
    add_picture_words,
    are_waiting,
    begin_pages,
    describe_read_pages,
    is_from_picture,
    list_unread_pages,
    load_pages,
    write_pages,
)
from app.services.desk import Desk, Who
from app.services.evidence import events, search_words
from app.services.personal_data import Pointers, find_typed_data, is_seen, read_findings
from app.services.site import Site
from app.store import city, file_reading
from app.store.database.engine import now
from app.store.evidence import files
from app.store.evidence.files import StoredFile
from app.store.evidence.pieces import Evidence
from app.store.file_reading import PERIOD, PERSONAL_DATA, FileReading, FileReadingAnswer

LONGEST_WAIT = timedelta(minutes=10)
"""A file that was not read within this time is not waited for any more; a worker may be switched off."""


def read_file(site: Site, city_id: int, payload: dict[str, Any]) -> None:
    """The job `file.read`: read file `payload["file"]`, unless it was, and write down what was found. Raises OutsideUnavailable.

    What earlier readers wrote down, which saw less in files, is written anew.
    """
    with site.database.reading() as session:
        file = files.find_file(session, city_id, payload["file"])
        known = file_reading.find_new_reading(session, city_id, payload["file"])
        reader_city = session.get_one(city.City, city_id)
        country, zone = reader_city.country, ZoneInfo(reader_city.time_zone)
    if file is None or known:
        return
    facts = _extract_facts(site, file, country, zone)
    keys = [_store_picture(site, picture) for picture in facts.pictures]
    findings = facts.findings + ((personal_data.position_finding(),) if facts.has_position else ())
    with site.database.writing() as session:
        if file_reading.find_new_reading(session, city_id, file.id) is None:
            _save_reading(session, file, facts, findings, keys)


def give_up_reading(session: Session, city_id: int, payload: dict[str, Any], message: Message | None) -> None:
    """After the last attempt: say that the file cannot be read. Where only storage was away, it is asked for again later instead."""
    file = files.find_file(session, city_id, payload["file"])
    if message is None and file and file_reading.find_reading(session, city_id, file.id) is None:
        _save_reading(session, file, FileFacts(trouble=FileTrouble.DAMAGED), (), [])


def _extract_facts(site: Site, file: StoredFile, country: str, zone: tzinfo) -> FileFacts:
    with copy_locally(site.storage.open(file.key)) as path:
        return reader.read_facts(path, file.media_type, country, zone)


def _store_picture(site: Site, picture: bytes) -> str:
    key = new_key()
    site.storage.put(key, io.BytesIO(picture))
    return key


def _save_reading(
    session: Session, file: StoredFile, facts: FileFacts, findings: tuple[PersonalDataFinding, ...], keys: list[str]
) -> None:
    earlier = file_reading.find_reading(session, file.city_id, file.id)
    reading = earlier or FileReading(city_id=file.city_id, file_id=file.id, state=ReadingState.READ.value)
    reading.read_at, reading.reader = now(), READER
    findings += tuple(filter(is_from_picture, read_findings(reading.findings)))
    if earlier is None or count_kinds(read_findings(earlier.findings)) != count_kinds(findings):
        reading.found_at = reading.read_at
    reading.state = (ReadingState.FAILED if facts.trouble and facts.found_nothing else ReadingState.READ).value
    reading.trouble = facts.trouble or ""
    reading.title, reading.pages = facts.title, facts.pages
    reading.made_on, reading.changed_on = facts.made_on, facts.changed_on
    reading.findings, reading.checked = write_rows(findings), facts.checked
    _put_texts(reading, facts)
    reading.sheets, reading.picture_keys = write_rows(facts.sheets), json.dumps(keys)
    file_reading.add_reading(session, reading)
    for piece in file_reading.list_all_pieces_of_file(session, file.city_id, file.id):
        search_words.index_piece(session, piece)
    events.record_for_file(session, file, Verb.FILE_READ)
    if reading.pictures_wait and is_reader_here():
        file_reading.enqueue_pictures(session, file.city_id, file.id)


def _put_texts(reading: FileReading, facts: FileFacts) -> None:
    """What was read in pictures before stays, since that takes long."""
    pages = begin_pages(facts.wordless, load_pages(reading.pictured))
    text, stretches = add_picture_words(facts.text, facts.stretches, pages, TEXT_LIMIT)
    reading.text, reading.stretches, reading.unread = text, write_rows(stretches), write_rows(facts.unread)
    reading.pictured, reading.pictures_wait = write_pages(pages), are_waiting(pages)


def count_kinds(findings: Iterable[PersonalDataFinding]) -> Counter[str]:
    """How many of each kind there are, in the file's words and in its pictures."""
    counts = Counter[str]()
    for finding in findings:
        counts[finding.kind] += finding.count
    return counts


def write_rows(rows: Sequence[Any]) -> str:
    return json.dumps([asdict(row) for row in rows], ensure_ascii=False)


@dataclass(frozen=True)
class PersonalDataMention:
    """A finding in words, the first of them with most of it hidden, and the first places where such stand."""

    words: Message
    example: str
    spots: tuple[Message, ...] = ()


@dataclass(frozen=True)
class FilePreview:
    """What a page shows of a file: `state` is reading, ok, failed, or late where it was not read in time.

    `pictures` are the numbers of its pictures; `warned` are findings that someone should look at, `mentioned` the softer ones,
    both empty once someone did. `beside` are texts that stand beside the document's own, as in its footers. `unread` is what
    neither the search nor the check for personal data saw, `from_pictures` how far to trust what was read in pictures.
    `proposed` is a day that nobody has taken or refused.
    """

    state: str
    trouble: Message | None = None
    title: str = ""
    pages: int | None = None
    photo: bool = False
    pictures: tuple[int, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    text: str = ""
    beside: tuple[PlacedText, ...] = ()
    text_cut: bool = False
    unread: tuple[Message, ...] = ()
    from_pictures: Message | None = None
    pictures_wait: bool = False
    warned: tuple[PersonalDataMention, ...] = ()
    mentioned: tuple[PersonalDataMention, ...] = ()
    seen_by: int | None = None
    seen_at: datetime | None = None
    proposed: ProposedDay | None = None


def preview_file(desk: Desk, piece: Evidence, file: StoredFile | None) -> FilePreview | None:
    """For someone who may open the piece; None for a piece without a file."""
    if file is None:
        return None
    reading = file_reading.find_reading(desk.session, desk.city_id, file.id)
    if reading is None:
        return describe_unread_file(file)
    answers_given = file_reading.load_answers(desk.session, desk.city_id, [piece.id])
    shown = describe_reading(reading, file.media_type)
    warned = _add_warning(shown, reading, piece, answers_given.get((piece.id, PERSONAL_DATA)))
    day = None if (piece.id, PERIOD) in answers_given else propose_day(piece, reading, desk.who)
    return replace(warned, proposed=day)


def warn_of_typed_data(desk: Desk, piece: Evidence, pointers: Pointers) -> tuple[PersonalDataMention, ...]:
    """What may be personal data in the texts that stand with a piece, in `pointers` too, unless it is restricted or someone has looked at it."""
    findings = find_typed_data(piece, desk.who.city.country, pointers)
    if not findings or piece.visibility == Visibility.RESTRICTED:
        return ()
    answer = file_reading.load_answers(desk.session, desk.city_id, [piece.id]).get((piece.id, PERSONAL_DATA))
    return () if answer and is_seen(piece.visibility, answer.visibility) else describe_findings(findings)


def propose_day(piece: Evidence, reading: FileReading, who: Who) -> ProposedDay | None:
    """The day that the file gives for a piece that has no period yet."""
    if piece.period_from or piece.period_to:
        return None
    return propose_covered_day(reading.made_on, reading.changed_on, who.today)


def describe_unread_file(file: StoredFile) -> FilePreview:
    return FilePreview(ReadingState.READING if now() - file.created_at < LONGEST_WAIT else ReadingState.LATE)


def describe_reading(reading: FileReading, media_type: str, *, with_text: bool = False) -> FilePreview:
    """What a page may show of the file; its text only where there is nothing else to look at, or where it is asked for."""
    pictures = picture_keys(reading)
    sheets = tuple(Sheet(**sheet) for sheet in json.loads(reading.sheets))
    as_text = with_text or (not pictures and not sheets)
    own, beside = split_text(reading.text, read_stretches(reading), PREVIEW_TEXT)
    return FilePreview(
        state=reading.state,
        trouble=TROUBLE_SENTENCES[FileTrouble(reading.trouble)] if reading.trouble else None,
        title=reading.title,
        pages=reading.pages,
        photo=reading.pages is None and any(kind.media_type == media_type for kind in IMAGES),
        pictures=tuple(range(1, len(pictures) + 1)),
        sheets=sheets,
        text=own if as_text else "",
        beside=beside,
        text_cut=as_text and len(reading.text) > PREVIEW_TEXT,
        unread=list_unread(reading),
        from_pictures=describe_pictures(reading),
        pictures_wait=_are_pictures_awaited(reading),
    )


def describe_pictures(reading: FileReading | None) -> Message | None:
    """How far to trust what was read in pictures of the file, if anything was."""
    return describe_read_pages(load_pages(reading.pictured)) if reading else None


def _are_pictures_awaited(reading: FileReading) -> bool:
    """Whether words are soon read in its pictures, which is not waited for without end."""
    return reading.pictures_wait and is_reader_here() and now() - reading.read_at < LONGEST_WAIT


def read_stretches(reading: FileReading) -> list[TextStretch]:
    """Where in the file the parts of its text stand."""
    return [build_stretch(stretch) for stretch in json.loads(reading.stretches)]


def list_unread(reading: FileReading) -> tuple[Message, ...]:
    """What of the file was not looked into, in sentences; of one that could not be opened its trouble says enough."""
    written = [build_unread(part) for part in json.loads(reading.unread)]
    parts = [*list_unread_pages(written, load_pages(reading.pictured), reader_here=is_reader_here())]
    if not reading.checked and reading.trouble != FileTrouble.LOCKED:
        parts.append(UnreadPart(UnreadKind.UNCHECKED))
    return tuple(map(describe_unread, parts))


def picture_keys(reading: FileReading) -> list[str]:
    """Where the pictures are in storage, in their order."""
    return [str(key) for key in json.loads(reading.picture_keys)]


def _add_warning(
    shown: FilePreview, reading: FileReading, piece: Evidence, answer: FileReadingAnswer | None
) -> FilePreview:
    if piece.visibility == Visibility.RESTRICTED:
        return shown
    if answer and answer.at >= reading.found_at and is_seen(piece.visibility, answer.visibility):
        return replace(shown, seen_by=answer.person_id, seen_at=answer.at)
    return replace(shown, warned=list_mentions(reading, strong=True), mentioned=list_mentions(reading, strong=False))


def list_mentions(reading: FileReading, *, strong: bool) -> tuple[PersonalDataMention, ...]:
    """The personal data that was found: what someone should look at, or the softer findings."""
    return describe_findings(finding for finding in read_findings(reading.findings) if finding.strong is strong)


def describe_findings(findings: Iterable[PersonalDataFinding]) -> tuple[PersonalDataMention, ...]:
    return tuple(
        PersonalDataMention(personal_data.describe_finding(finding), finding.example, personal_data.name_spots(finding))
        for finding in findings
    )
