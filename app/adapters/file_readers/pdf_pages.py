"""Reads PDF files: their words, those in forms and in remarks too, their dates, and pictures of the first pages."""

import ctypes
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

from app.adapters.file_readers.notes import LockedFile, ReadingNotes, parse_day
from app.adapters.file_readers.office_properties import PROGRAM_WORDS
from app.adapters.file_readers.pdf_properties import read_property_lines
from app.adapters.file_readers.pdf_remarks import (
    DrawnPages,
    list_attached,
    list_bookmarks,
    list_remarks,
    note_live_form,
    page_text,
)
from app.adapters.file_readers.photos import encode_webp
from app.adapters.file_readers.xmp import find_packets, find_xmp_days, read_xmp_lines
from app.rules.files.file_reading import PREVIEW_PAGES
from app.rules.files.file_text import CHECK_LIMIT, TextPlace, UnreadKind

WIDTH_PX = 900
HEIGHT_PX = 1_800
POINTS_PER_INCH = 72
FEW_LETTERS = 100
MOST_OF_PAGE = 0.5
"""A page with few letters, of which a picture covers so much, is a scan with a stamp or a number on it."""
LEAST_OF_PAGE = 0.02
"""A picture that covers less is an ornament, such as a city's emblem above a letter."""
MOST_OBJECTS = 500_000
"""So many parts of pages are looked at for pictures; a map has a million lines."""


def read_pdf(path: Path, notes: ReadingNotes) -> None:
    document = open_pdf(path)
    metadata = document.get_metadata_dict()
    xmp = find_packets(path)
    xmp_days = find_xmp_days(xmp)
    notes.note(
        title=metadata.get("Title", "") if metadata.get("Title") not in PROGRAM_WORDS else "",
        made_on=parse_day(metadata.get("CreationDate")) or parse_day(xmp_days.get("CreateDate")),
        changed_on=parse_day(metadata.get("ModDate")) or parse_day(xmp_days.get("ModifyDate")),
        pages=len(document),
    )
    PdfPages(path, document, notes).note_all()
    note_live_form(document, notes)
    notes.add_text(list_bookmarks(document), TextPlace.BOOKMARKS)
    for number in range(document.count_attachments()):
        notes.leave_unread(UnreadKind.ATTACHMENTS, document.get_attachment(number).get_name())
    properties = [*read_property_lines(document, path), *read_xmp_lines(xmp)]
    notes.end_texts("\n".join(dict.fromkeys(line for line in properties if line not in PROGRAM_WORDS)))
    for number in range(min(PREVIEW_PAGES, len(document))):
        notes.add_picture(encode_webp(_draw_page(document[number])))


def open_pdf(path: Path) -> Any:
    """The document with its forms, without which neither drawing nor reading sees what was typed into them."""
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as problem:
        raise LockedFile if "password" in str(problem).lower() else problem from problem
    document.init_forms()
    return document


class PdfPages:
    """Reads the pages one by one, so that a page without an end does not take the others along."""

    def __init__(self, path: Path, document: Any, notes: ReadingNotes) -> None:
        self._document, self._notes = document, notes
        self._drawn = DrawnPages(path)
        self._counter = PictureCounter()

    def note_all(self) -> None:
        without_words: list[int] = []
        for number in range(1, len(self._document) + 1):
            if not self._note_page(number):
                without_words.append(number)
            if number <= PREVIEW_PAGES:
                self._notes.note()
            if self._notes.size > CHECK_LIMIT:
                break
        self._notes.note(wordless=tuple(without_words))
        if without_words and not self._notes.has_words:
            self._notes.leave_unread(UnreadKind.NO_WORDS)
            return
        for number in without_words:
            self._notes.leave_unread(UnreadKind.PAGES_WITHOUT_WORDS, str(number))

    def _note_page(self, number: int) -> bool:
        """The words of one page; whether all that is on it was looked into, but for pictures between its words."""
        page = self._document[number - 1]
        text = page_text(page)
        self._notes.add_text(text, TextPlace.PAGE, number=number)
        is_form = False
        for place, remark in list_remarks(self._document, number, page, text, self._drawn):
            self._notes.add_text(remark, place, number=number)
            is_form = is_form or place == TextPlace.FIELD
        for name in list_attached(page):
            self._notes.leave_unread(UnreadKind.ATTACHMENTS, name)
        was_read = is_form or not is_scanned_page(page, text)
        if was_read and (pictures := self._counter.count_pictures(page)):
            self._notes.leave_unread(UnreadKind.PICTURES, count=pictures)
        page.close()
        return was_read


class PictureCounter:
    """Counts the pictures of pages, until it has looked at so many parts of them as there is time for."""

    def __init__(self) -> None:
        self._parts_left = MOST_OBJECTS

    def count_pictures(self, page: Any) -> int:
        """How many pictures stand between the words; none where words lie unseen under or over them, as a scanner puts them there."""
        width, height = _measure_page(page)
        pictures = 0
        for number in range(pdfium.FPDFPage_CountObjects(page)):
            self._parts_left -= 1
            if self._parts_left < 0:
                break
            part = pdfium.FPDFPage_GetObject(page, number)
            kind = pdfium.FPDFPageObj_GetType(part)
            if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
                pictures += _area_of(_measure_object(part)) > LEAST_OF_PAGE * width * height
            elif kind == pdfium.FPDF_PAGEOBJ_TEXT and _is_unseen(part):
                return 0
        return pictures


def _is_unseen(part: Any) -> bool:
    return bool(pdfium.FPDFTextObj_GetTextRenderMode(part) == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE)


def _measure_object(part: Any) -> tuple[float, float, float, float]:
    """Left, bottom, right and top."""
    sides = [ctypes.c_float() for _ in range(4)]
    pdfium.FPDFPageObj_GetBounds(part, *map(ctypes.byref, sides))
    left, bottom, right, top = (side.value for side in sides)
    return left, bottom, right, top


def is_scanned_page(page: Any, text: str) -> bool:
    """Whether there is something on the page, but words only beside a large picture, or none."""
    letters = len("".join(text.split()))
    if letters >= FEW_LETTERS:
        return False
    if not letters:
        return bool(pdfium.FPDFPage_CountObjects(page))
    width, height = page.get_size()
    images = page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_IMAGE,), max_depth=2)
    return any(_area_of(image.get_bounds()) > MOST_OF_PAGE * width * height for image in images)


def _area_of(bounds: tuple[float, float, float, float]) -> float:
    left, bottom, right, top = bounds
    return max(0.0, right - left) * max(0.0, top - bottom)


def _draw_page(page: Any) -> Image.Image:
    """A page of any shape, as large as it may be shown, with what was typed into its fields."""
    width, height = _measure_page(page)
    image: Image.Image = page.render(scale=min(WIDTH_PX / width, HEIGHT_PX / height)).to_pil()
    page.close()
    return image


def draw_at_resolution(page: Any, dots_per_inch: int, most_pixels: int, **drawing: bool) -> Image.Image:
    """A page as it is printed, or smaller where that would be more than `most_pixels`; `drawing` is what `PdfPage.render` takes besides."""
    width, height = _measure_page(page)
    scale = min(dots_per_inch / POINTS_PER_INCH, (most_pixels / (width * height)) ** 0.5)
    image: Image.Image = page.render(scale=scale, **drawing).to_pil()
    return image


def _measure_page(page: Any) -> tuple[float, float]:
    """Width and height in points, of which a damaged file may say none."""
    width, height = page.get_size()
    return max(width, 1.0), max(height, 1.0)
