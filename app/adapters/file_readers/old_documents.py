"""Reads documents of Word before 2007, whose letters lie in pieces in one stream as another lists them ([MS-DOC] 2.4.1)."""

import re
import struct
from itertools import pairwise
from pathlib import Path

import olefile

from app.adapters.file_readers.drawings import count_drawn_pictures
from app.adapters.file_readers.notes import LockedFile, ReadingNotes
from app.adapters.file_readers.property_sets import note_compound_properties
from app.rules.files.file_text import CHECK_LIMIT, TextPlace, UnreadKind

WORD_97 = 193
"""The first version that keeps its letters so."""
IN_PIECES, LOCKED, FIRST_TABLE = 0x0004, 0x0100, 0x0200
FLAGS_AT, LENGTHS_AT, HEADERS_AT, PIECES_AT, DRAWINGS_AT = 0x0A, 0x4C, 0xF2, 0x1A2, 0x22A
PIECE_LIST, PIECE_CHANGES = 2, 1
ONE_BYTE_LETTERS = 0x40000000
HEADERS = TextPlace.HEADER
STORIES = (
    TextPlace.BODY, TextPlace.FOOTNOTE, HEADERS, None, TextPlace.COMMENT, TextPlace.FOOTNOTE, TextPlace.SHAPE, TextPlace.SHAPE
)  # fmt: skip
"""What stands one after the other in the letters; where None stands there is nothing."""
SEPARATORS = 6
"""Lines between text and notes, which stand before the headers of the first section."""
PAGE_PLACES = (HEADERS, HEADERS, TextPlace.FOOTER, TextPlace.FOOTER, HEADERS, TextPlace.FOOTER)
PICTURE_SIGN = "\x01"
ROW_END = "\x07\x07"
"""The ends of the last cell and of its row."""
SIGNS = str.maketrans(
    {"\r": "\n", "\x0b": "\n", "\x0c": "\n", "\x0e": "\n", "\x07": "\t", "\x1e": "-", "\x1f": None}
    | dict.fromkeys("\x01\x02\x03\x04\x05\x06\x08", None)
)  # fmt: skip
"""Ends of lines, pages, columns and cells, the hyphens that do not break and that show only at a line's end, and where something else stands."""
FIELD_BEGINS, FIELD_RESULT, FIELD_ENDS = "\x13", "\x14", "\x15"
_FIELD_SIGNS = re.compile(f"([{FIELD_BEGINS}{FIELD_RESULT}{FIELD_ENDS}])")


def read_doc(path: Path, notes: ReadingNotes) -> None:
    """Every story of the document. What was deleted with changes tracked cannot be told from the rest, and stands in its place."""
    with olefile.OleFileIO(path) as file:
        properties = note_compound_properties(file, notes)
        main = file.openstream("WordDocument").read()
        version, flags = *struct.unpack_from("<H", main, 2), *struct.unpack_from("<H", main, FLAGS_AT)
        if flags & LOCKED:
            raise LockedFile
        if version < WORD_97:
            _add_old_text(main, flags, notes)
        else:
            table = file.openstream("1Table" if flags & FIRST_TABLE else "0Table").read()
            _add_stories(main, table, notes)
        if file.exists("ObjectPool"):
            inside = {
                place[1]
                for place in file.listdir(streams=True, storages=True)
                if place[0] == "ObjectPool" and place[1:]
            }
            for name in sorted(inside):
                notes.leave_unread(UnreadKind.EMBEDDED, name.lstrip("_"))
        notes.end_texts(properties)


def _add_old_text(main: bytes, flags: int, notes: ReadingNotes) -> None:
    """Word 6 and 95: all stories in one run of letters. Raises ValueError where it is not, as after saving in haste."""
    if flags & IN_PIECES:
        raise ValueError("letters in pieces")
    start, end = struct.unpack_from("<II", main, 0x18)
    notes.add_text(clean_text(main[start:end].decode("cp1252", "replace")))


def _add_stories(main: bytes, table: bytes, notes: ReadingNotes) -> None:
    letters = _join_pieces(main, _slice(table, main, PIECES_AT))
    lengths = struct.unpack_from(f"<{len(STORIES)}i", main, LENGTHS_AT)
    start = pictures = 0
    for place, length in zip(STORIES, lengths, strict=True):
        story = letters[2 * start : 2 * (start + max(length, 0))]
        pictures += _drop_field_codes(_decode(story)).count(PICTURE_SIGN)
        if place == HEADERS:
            _add_page_texts(story, _slice(table, main, HEADERS_AT), notes)
        elif place:
            notes.add_text(clean_text(_decode(story)), place)
        start += max(length, 0)
    pictures += count_drawn_pictures(_slice(table, main, DRAWINGS_AT))
    if pictures:
        notes.leave_unread(UnreadKind.PICTURES, count=pictures)


def _slice(table: bytes, main: bytes, at: int) -> bytes:
    """The part of the table whose place and size stand at `at`."""
    start, size = struct.unpack_from("<II", main, at)
    return table[start : start + size]


def _join_pieces(main: bytes, listed: bytes) -> bytes:
    """The letters in two bytes each. Raises ValueError, struct.error or IndexError for a list that is none."""
    place = 0
    while listed[place] == PIECE_CHANGES:
        place += 3 + struct.unpack_from("<H", listed, place + 1)[0]
    if listed[place] != PIECE_LIST:
        raise ValueError("no pieces")
    (size,) = struct.unpack_from("<I", listed, place + 1)
    pieces = listed[place + 5 : place + 5 + size]
    count = (len(pieces) - 4) // 12
    borders = struct.unpack_from(f"<{count + 1}I", pieces)
    letters = bytearray()
    for number, (start, end) in enumerate(pairwise(borders)):
        (at,) = struct.unpack_from("<I", pieces, 4 * (count + 1) + 8 * number + 2)
        letters += _read_piece(main, at, max(0, end - start))
        if len(letters) > 2 * CHECK_LIMIT:
            break
    return bytes(letters)


def _read_piece(main: bytes, at: int, length: int) -> bytes:
    if at & ONE_BYTE_LETTERS:
        start = (at & ~ONE_BYTE_LETTERS) // 2
        return main[start : start + length].decode("cp1252", "replace").encode("utf-16-le")
    return main[at : at + 2 * length]


def _add_page_texts(story: bytes, borders: bytes, notes: ReadingNotes) -> None:
    """Headers and footers, six for each section; all of it as headers where no list parts them."""
    cuts = struct.unpack_from(f"<{len(borders) // 4}I", borders)
    if not cuts:
        notes.add_text(clean_text(_decode(story)), HEADERS)
    for number, (start, end) in enumerate(pairwise(cuts)):
        if number >= SEPARATORS:
            place = PAGE_PLACES[number % len(PAGE_PLACES)]
            notes.add_text(clean_text(_decode(story[2 * start : 2 * end])), place)


def _decode(letters: bytes) -> str:
    return letters.decode("utf-16-le", "replace")


def clean_text(text: str) -> str:
    """The letters as a person sees them: of a field its result, and not how it is worked out."""
    return _drop_field_codes(text).replace(ROW_END, "\n").translate(SIGNS)


def _drop_field_codes(text: str) -> str:
    """The text without what stands between the first and the second sign of a field, fields in fields too."""
    kept, codes, hidden = list[str](), list[bool](), 0
    for part in _FIELD_SIGNS.split(text):
        if part == FIELD_BEGINS:
            codes.append(True)
            hidden += 1
        elif part == FIELD_RESULT and codes:
            hidden -= codes[-1]
            codes[-1] = False
        elif part == FIELD_ENDS and codes:
            hidden -= codes.pop()
        elif not hidden:
            kept.append(part)
    return "".join(kept)
