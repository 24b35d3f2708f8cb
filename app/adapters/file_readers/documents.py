"""Reads documents and slides of the two office formats, without building a document in memory."""

import zipfile
from collections.abc import Iterable
from pathlib import Path
from xml.etree.ElementTree import ParseError

from app.adapters.file_readers.layouts import LayoutCollector, OpenLayoutCollector
from app.adapters.file_readers.notes import LockedFile, ReadingNotes
from app.adapters.file_readers.office_properties import note_office_properties, note_opendocument_properties
from app.adapters.file_readers.package import OfficePackage, PartLink
from app.adapters.file_readers.words import (
    CHART_MARKS,
    OFFICE_MARKS,
    OPEN_MARKS,
    OPEN_SLIDE_MARKS,
    REMARK_MARKS,
    STORED_MARKS,
    TextCollector,
    TextMarks,
    local_name,
    parse_member,
)
from app.rules.files.file_text import TextPlace, UnreadKind

PART_TEXTS: dict[str, tuple[TextPlace, TextMarks]] = {
    "header": (TextPlace.HEADER, OFFICE_MARKS),
    "footer": (TextPlace.FOOTER, OFFICE_MARKS),
    "footnotes": (TextPlace.FOOTNOTE, OFFICE_MARKS),
    "endnotes": (TextPlace.FOOTNOTE, OFFICE_MARKS),
    "comments": (TextPlace.COMMENT, OFFICE_MARKS),
    "threadedComment": (TextPlace.COMMENT, REMARK_MARKS),
    "notesSlide": (TextPlace.SPEAKER_NOTES, OFFICE_MARKS),
    "drawing": (TextPlace.SHAPE, OFFICE_MARKS),
    "vmlDrawing": (TextPlace.SHAPE, OFFICE_MARKS),
    "diagramData": (TextPlace.SHAPE, OFFICE_MARKS),
    "chart": (TextPlace.CHART, CHART_MARKS),
    "chartEx": (TextPlace.CHART, CHART_MARKS),
    "chartUserShapes": (TextPlace.SHAPE, OFFICE_MARKS),
    "pivotCacheDefinition": (TextPlace.STORED, STORED_MARKS),
    "pivotCacheRecords": (TextPlace.STORED, STORED_MARKS),
    "externalLink": (TextPlace.STORED, STORED_MARKS),
}
"""What the words of a part are, by the kind of the relationship that leads to it."""
PART_UNREAD = {
    "image": UnreadKind.PICTURES,
    "package": UnreadKind.EMBEDDED,
    "oleObject": UnreadKind.EMBEDDED,
    "aFChunk": UnreadKind.EMBEDDED,
    "control": UnreadKind.EMBEDDED,
}
"""What is left unread, by the kind of the relationship."""
OPEN_PICTURES = ("Pictures/", "media/")


def read_docx(path: Path, notes: ReadingNotes) -> None:
    with zipfile.ZipFile(path) as archive:
        package = OfficePackage(archive)
        properties = note_office_properties(package, notes)
        document = package.find_main_part("word/document.xml")
        add_texts(notes, package.read_texts(document, OFFICE_MARKS))
        add_linked_texts(package, document, notes)
        notes.end_texts(properties)


def read_pptx(path: Path, notes: ReadingNotes) -> None:
    with zipfile.ZipFile(path) as archive:
        package = OfficePackage(archive)
        properties = note_office_properties(package, notes)
        slides = _list_slides(package)
        notes.note(pages=len(slides))
        for number, slide in enumerate(slides, 1):
            add_texts(notes, package.read_texts(slide, OFFICE_MARKS), TextPlace.SLIDE, number=number)
            for link in package.list_links(slide):
                add_part(package, link, notes, number=number)
        _add_layout_texts(package, slides, notes)
        notes.end_texts(properties)


def _add_layout_texts(package: OfficePackage, slides: Iterable[str], notes: ReadingNotes) -> None:
    """What the layouts of the slides show on each of them, and the masters of the layouts."""
    layouts = _list_linked(package, slides, "slideLayout")
    for part in (*layouts, *_list_linked(package, layouts, "slideMaster")):
        words = LayoutCollector()
        parse_member(package.zip, package.find_member(part), words)
        add_texts(notes, words, TextPlace.LAYOUT)


def _list_linked(package: OfficePackage, parts: Iterable[str], kind: str) -> list[str]:
    """Where links of that kind lead from these parts, each once."""
    links = (link for part in parts for link in package.list_links(part) if link.kind == kind)
    return list(dict.fromkeys(link.part for link in links))


def _list_slides(package: OfficePackage) -> list[str]:
    """The slides in the order in which they are shown."""
    show = package.find_main_part("ppt/presentation.xml")
    return [part for _, part in package.list_targets(show, "sldId")]


def add_linked_texts(package: OfficePackage, part: str, notes: ReadingNotes) -> None:
    """The words of every part that this one leads to, and what of them was left unread."""
    for link in package.walk_links(part):
        add_part(package, link, notes)


def add_part(package: OfficePackage, link: PartLink, notes: ReadingNotes, number: int = 0) -> None:
    """The words of one linked part; one that cannot be read is named, and costs no more than itself."""
    if unread := PART_UNREAD.get(link.kind):
        notes.leave_unread(unread, link.part.rpartition("/")[2])
    elif link.kind in PART_TEXTS:
        place, marks = PART_TEXTS[link.kind]
        if link.kind == "comments" and number:
            marks = REMARK_MARKS  # PowerPoint's
        try:
            add_texts(notes, package.read_texts(link.part, marks), place, number=number)
        except ParseError:
            notes.leave_unread(UnreadKind.EMBEDDED, link.part.rpartition("/")[2])


def add_texts(notes: ReadingNotes, words: TextCollector, place: TextPlace = TextPlace.BODY, number: int = 0) -> None:
    """What was collected, in its places; what has none of its own stands in `place`."""
    for own_place, text in words.texts.items():
        notes.add_text(text, place if own_place == TextPlace.BODY else own_place, number=number)


class OpenSlides(TextCollector):
    """Gives the words of each slide of an OpenDocument file to `notes`, with its number."""

    def __init__(self, notes: ReadingNotes) -> None:
        super().__init__(OPEN_SLIDE_MARKS)
        self._notes = notes

    def end(self, tag: str) -> None:
        super().end(tag)
        if local_name(tag) == "page":
            add_texts(self._notes, self, TextPlace.SLIDE, number=self.seen["page"])
            self.clear_texts()


def read_odp(path: Path, notes: ReadingNotes) -> None:
    with zipfile.ZipFile(path) as package:
        check_open_lock(package)
        properties = note_opendocument_properties(package, notes)
        slides = OpenSlides(notes)
        parse_member(package, "content.xml", slides)
        add_texts(notes, slides)
        notes.note(pages=slides.seen.get("page") or notes.facts.pages)
        if "styles.xml" in package.namelist():
            layouts = OpenLayoutCollector()
            parse_member(package, "styles.xml", layouts)
            add_texts(notes, layouts, TextPlace.LAYOUT)
        leave_open_parts(package.namelist(), notes)
        notes.end_texts(properties)


def read_odt(path: Path, notes: ReadingNotes) -> None:
    with zipfile.ZipFile(path) as package:
        check_open_lock(package)
        properties = note_opendocument_properties(package, notes)
        words = TextCollector(OPEN_MARKS)
        parse_member(package, "content.xml", words)
        add_texts(notes, words)
        add_page_texts(package, notes)
        leave_open_parts(package.namelist(), notes)
        notes.end_texts(properties)


def check_open_lock(package: zipfile.ZipFile) -> None:
    """Raises LockedFile where the file's list of its members says that they are encrypted."""
    if "META-INF/manifest.xml" not in package.namelist():
        return
    listed = TextCollector(TextMarks(frozenset()))
    parse_member(package, "META-INF/manifest.xml", listed)
    if "encryption-data" in listed.seen:
        raise LockedFile


def add_page_texts(package: zipfile.ZipFile, notes: ReadingNotes) -> None:
    """Headers and footers, which OpenDocument keeps with its styles."""
    if "styles.xml" in package.namelist():
        words = TextCollector(OPEN_MARKS)
        parse_member(package, "styles.xml", words)
        notes.add_text(words.texts.get(TextPlace.HEADER, ""), TextPlace.HEADER)
        notes.add_text(words.texts.get(TextPlace.FOOTER, ""), TextPlace.FOOTER)


def leave_open_parts(members: Iterable[str], notes: ReadingNotes) -> None:
    """Pictures and objects inside an OpenDocument file are left unread."""
    for member in members:
        if member.startswith(OPEN_PICTURES) and not member.endswith("/"):
            notes.leave_unread(UnreadKind.PICTURES, member)
        elif member.startswith("Object ") and member.endswith("/content.xml"):
            notes.leave_unread(UnreadKind.EMBEDDED, member.partition("/")[0])
