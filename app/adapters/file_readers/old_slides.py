"""Reads presentations of PowerPoint before 2007: the slides as they were last saved, with their notes and remarks ([MS-PPT] 2.1.2)."""

import struct
from pathlib import Path

import olefile

from app.adapters.file_readers.drawings import DEEPEST, KEPT_PICTURE, OfficeRecord, walk_all_records, walk_records
from app.adapters.file_readers.notes import LockedFile, ReadingNotes
from app.adapters.file_readers.property_sets import note_compound_properties
from app.rules.files.file_text import TextPlace, UnreadKind

LOCKED_TOKEN = 0xF3D1C4DF
MOST_SAVES = 10_000
USER_EDIT, PLACES = 0x0FF5, 0x1772
WIDE_TEXT, NARROW_TEXT, NAMED_TEXT = 0x0FA0, 0x0FA8, 0x0FBA
SLIDE_LIST, SLIDE_PLACE, HEADERS, REMARK, TAG_DATA = 0x0FF0, 0x03F3, 0x0FD9, 0x2EE0, 0x138B
SLIDES, NOTES_PAGES = 0, 2
"""Which list of slides it is; 1 is that of the masters."""
ENCODINGS = {WIDE_TEXT: "utf-16-le", NARROW_TEXT: "latin-1", NAMED_TEXT: "utf-16-le"}
OWN_TEXTS = (WIDE_TEXT, NARROW_TEXT)
NAMED_PLACES = {HEADERS: TextPlace.FOOTER, REMARK: TextPlace.COMMENT}
"""Where named texts are words of people; elsewhere they are names of shapes, sounds and programs."""
INSIDE = 0x1011
"""An object of another program."""


class SlideFile:
    """The stream with all slides, and where in it the newest state of each part begins."""

    def __init__(self, content: bytes, current: bytes) -> None:
        self.content = content
        self.places: dict[int, int] = {}
        self._document = 0
        self._read_saves(struct.unpack_from("<I", current, 16)[0])

    def _read_saves(self, edit: int) -> None:
        """From the last time that it was saved back to the first; what is newer counts."""
        seen = set[int]()
        while edit and edit not in seen and len(seen) < MOST_SAVES:
            seen.add(edit)
            before, places, document = struct.unpack_from("<III", self.content, edit + 16)
            self._document = self._document or document
            self._read_places(places)
            edit = before

    def _read_places(self, start: int) -> None:
        record = next(walk_records(self.content, start, len(self.content)), None)
        if record is None or record.kind != PLACES:
            raise ValueError("no list of where slides are")
        place = record.start
        while place + 4 <= record.end:
            (head,) = struct.unpack_from("<I", self.content, place)
            first, count = head & 0xFFFFF, min(head >> 20, (record.end - place) // 4 - 1)
            offsets = struct.unpack_from(f"<{count}I", self.content, place + 4)
            for number, offset in enumerate(offsets, first):
                self.places.setdefault(number, offset)
            place += 4 + 4 * count

    def find_part(self, number: int) -> OfficeRecord | None:
        """The newest state of a part; None where there is none."""
        start = self.places.get(number)
        return None if start is None else next(walk_records(self.content, start, len(self.content)), None)

    def find_document(self) -> OfficeRecord:
        document = self.find_part(self._document)
        if document is None:
            raise ValueError("no document")
        return document

    def read_text(self, record: OfficeRecord) -> str:
        raw = self.content[record.start : record.end]
        return raw.decode(ENCODINGS[record.kind], "replace").replace("\r", "\n").replace("\x0b", "\n")


def read_ppt(path: Path, notes: ReadingNotes) -> None:
    with olefile.OleFileIO(path) as file:
        properties = note_compound_properties(file, notes)
        current = file.openstream("Current User").read()
        if struct.unpack_from("<I", current, 12)[0] == LOCKED_TOKEN:
            raise LockedFile
        show = SlideFile(file.openstream("PowerPoint Document").read(), current)
    document, number = show.find_document(), 0
    for part in walk_records(show.content, document.start, document.end):
        if part.kind != SLIDE_LIST:
            _add_texts(show, part, TextPlace.SHAPE, 0, notes)
        elif part.instance in (SLIDES, NOTES_PAGES):
            number = _add_slides(show, part, number, notes)
    _leave_parts(show, document, notes)
    notes.note(pages=number)
    notes.end_texts(properties)


def _add_slides(show: SlideFile, part: OfficeRecord, number: int, notes: ReadingNotes) -> int:
    """The slides of a list, or the pages with notes: what the list says of each, then the page itself. Gives the number of slides so far."""
    is_shown = part.instance == SLIDES
    place = TextPlace.SLIDE if is_shown else TextPlace.SPEAKER_NOTES
    for record in walk_records(show.content, part.start, part.end):
        if record.kind in OWN_TEXTS:
            notes.add_text(show.read_text(record), place, number=number * is_shown)
        elif record.kind == SLIDE_PLACE:
            number += is_shown
            page = show.find_part(struct.unpack_from("<I", show.content, record.start)[0])
            if page:
                _add_texts(show, page, place, number * is_shown, notes)
    return number


def _add_texts(
    show: SlideFile, part: OfficeRecord, place: TextPlace, number: int, notes: ReadingNotes, depth: int = 0
) -> None:
    """The words of a part and of all parts in it."""
    if depth > DEEPEST:
        raise RecursionError
    if part.kind in OWN_TEXTS:
        notes.add_text(show.read_text(part), place, number=number)
    elif part.has_others or part.kind == TAG_DATA:
        for record in walk_records(show.content, part.start, part.end):
            if record.kind == NAMED_TEXT and part.kind in NAMED_PLACES:
                notes.add_text(show.read_text(record), NAMED_PLACES[part.kind], number=number)
            else:
                _add_texts(show, record, place, number, notes, depth + 1)


def _leave_parts(show: SlideFile, document: OfficeRecord, notes: ReadingNotes) -> None:
    """Pictures and objects of other programs are left unread."""
    kinds = [record.kind for record in walk_all_records(show.content[document.start : document.end])]
    if pictures := kinds.count(KEPT_PICTURE):
        notes.leave_unread(UnreadKind.PICTURES, count=pictures)
    for number in show.places:
        part = show.find_part(number)
        if part and part.kind == INSIDE:
            notes.leave_unread(UnreadKind.EMBEDDED, str(number))
