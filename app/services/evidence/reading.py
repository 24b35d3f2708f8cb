"""Reading a stored file once, after it was kept, and what a page may show of it."""

import io
import json
import tempfile
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import Session

from app.adapters.file_readers import reading as reader
from app.adapters.storage.keys import new_key
from app.rules import personal_data
from app.rules.evidence.piece import Visibility
from app.rules.file_reading import (
    PREVIEW_TEXT,
    TROUBLE_SENTENCES,
    FileFacts,
    FileTrouble,
    ProposedDay,
    ReadingState,
    Sheet,
    propose_covered_day,
)
from app.rules.files.kinds import IMAGES
from app.rules.history.verbs import Verb
from app.rules.message import Message
from app.rules.personal_data import PersonalDataFinding
from app.services.desk import Desk, Who
from app.services.evidence import events, search_words
from app.services.personal_data import is_seen, read_findings
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
    """The job `file.read`: read file `payload["file"]`, unless it was read, and write down what was found. Raises OutsideUnavailable."""
    with site.database.reading() as session:
        file = files.find_file(session, city_id, payload["file"])
        known = file_reading.find_reading(session, city_id, payload["file"])
        country = session.get_one(city.City, city_id).country
    if file is None or known:
        return
    facts = _extract_facts(site, file)
    keys = [_store_picture(site, picture) for picture in facts.pictures]
    findings = personal_data.find_personal_data(facts.text, country) + (
        (personal_data.position_finding(),) if facts.has_position else ()
    )
    with site.database.writing() as session:
        if file_reading.find_reading(session, city_id, file.id) is None:
            _save_reading(session, file, facts, findings, keys)


def give_up_reading(session: Session, city_id: int, payload: dict[str, Any], message: Message | None) -> None:
    """After the last attempt: say that the file cannot be read. Where only storage was away, it is asked for again later instead."""
    file = files.find_file(session, city_id, payload["file"])
    if message is None and file and file_reading.find_reading(session, city_id, file.id) is None:
        _save_reading(session, file, FileFacts(trouble=FileTrouble.DAMAGED), (), [])


def _extract_facts(site: Site, file: StoredFile) -> FileFacts:
    with tempfile.NamedTemporaryFile(prefix="cityready-file-") as copy:
        for chunk in site.storage.open(file.key):
            copy.write(chunk)
        copy.flush()
        return reader.read_facts(Path(copy.name), file.media_type)


def _store_picture(site: Site, picture: bytes) -> str:
    key = new_key()
    site.storage.put(key, io.BytesIO(picture))
    return key


def _save_reading(
    session: Session, file: StoredFile, facts: FileFacts, findings: tuple[PersonalDataFinding, ...], keys: list[str]
) -> None:
    reading = FileReading(
        city_id=file.city_id,
        file_id=file.id,
        state=(ReadingState.FAILED if facts.trouble and facts.found_nothing else ReadingState.READ).value,
        trouble=facts.trouble or "",
        title=facts.title,
        made_on=facts.made_on,
        changed_on=facts.changed_on,
        pages=facts.pages,
        findings=json.dumps([asdict(finding) for finding in findings]),
        text=facts.text,
        sheets=json.dumps([asdict(sheet) for sheet in facts.sheets], ensure_ascii=False),
        picture_keys=json.dumps(keys),
    )
    file_reading.add_reading(session, reading)
    for piece in file_reading.list_all_pieces_of_file(session, file.city_id, file.id):
        search_words.index_piece(session, piece)
    events.record_for_file(session, file, Verb.FILE_READ)


@dataclass(frozen=True)
class PersonalDataMention:
    """A finding in words, and the first of them with most of it hidden."""

    words: Message
    example: str


@dataclass(frozen=True)
class FilePreview:
    """What a page shows of a file: `state` is reading, ok, failed, or late where it was not read in time.

    `pictures` are the numbers of its pictures; `warned` are findings that someone should look at, `mentioned` the softer ones,
    both empty once someone did. `proposed` is a day that nobody has taken or refused.
    """

    state: str
    trouble: Message | None = None
    title: str = ""
    pages: int | None = None
    photo: bool = False
    pictures: tuple[int, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    text: str = ""
    text_cut: bool = False
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
        return FilePreview(ReadingState.READING if now() - file.created_at < LONGEST_WAIT else ReadingState.LATE)
    answers_given = file_reading.load_answers(desk.session, desk.city_id, [piece.id])
    shown = _describe_reading(reading, file.media_type)
    warned = _add_warning(shown, reading, piece, answers_given.get((piece.id, PERSONAL_DATA)))
    day = None if (piece.id, PERIOD) in answers_given else propose_day(piece, reading, desk.who)
    return replace(warned, proposed=day)


def propose_day(piece: Evidence, reading: FileReading, who: Who) -> ProposedDay | None:
    """The day that the file gives for a piece that has no period yet."""
    if piece.period_from or piece.period_to:
        return None
    return propose_covered_day(reading.made_on, reading.changed_on, who.today)


def _describe_reading(reading: FileReading, media_type: str) -> FilePreview:
    pictures = picture_keys(reading)
    sheets = tuple(Sheet(**sheet) for sheet in json.loads(reading.sheets))
    as_text = not pictures and not sheets
    return FilePreview(
        state=reading.state,
        trouble=TROUBLE_SENTENCES[FileTrouble(reading.trouble)] if reading.trouble else None,
        title=reading.title,
        pages=reading.pages,
        photo=any(kind.media_type == media_type for kind in IMAGES),
        pictures=tuple(range(1, len(pictures) + 1)),
        sheets=sheets,
        text=reading.text[:PREVIEW_TEXT] if as_text else "",
        text_cut=as_text and len(reading.text) > PREVIEW_TEXT,
    )


def picture_keys(reading: FileReading) -> list[str]:
    """Where the pictures are in storage, in their order."""
    return [str(key) for key in json.loads(reading.picture_keys)]


def _add_warning(
    shown: FilePreview, reading: FileReading, piece: Evidence, answer: FileReadingAnswer | None
) -> FilePreview:
    if piece.visibility == Visibility.RESTRICTED:
        return shown
    if answer and is_seen(piece.visibility, answer.visibility):
        return replace(shown, seen_by=answer.person_id, seen_at=answer.at)
    return replace(shown, warned=list_mentions(reading, strong=True), mentioned=list_mentions(reading, strong=False))


def list_mentions(reading: FileReading, *, strong: bool) -> tuple[PersonalDataMention, ...]:
    """The personal data that was found: what someone should look at, or the softer findings."""
    findings = (finding for finding in read_findings(reading.findings) if finding.strong is strong)
    return tuple(PersonalDataMention(personal_data.describe_finding(finding), finding.example) for finding in findings)
