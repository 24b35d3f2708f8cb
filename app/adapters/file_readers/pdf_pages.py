"""Reads PDF files: their words, those in forms and in remarks too, their dates, and pictures of the first pages."""

import ctypes
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

from app.adapters.file_readers.notes import LockedFile, ReadingNotes, parse_day
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
MOST_REMARKS = 2_000
READABLE = ("Subject", "Keywords", "Author")
TYPED_FIELDS = (pdfium.FPDF_FORMFIELD_TEXTFIELD, pdfium.FPDF_FORMFIELD_COMBOBOX, pdfium.FPDF_FORMFIELD_LISTBOX)


def read_pdf(path: Path, notes: ReadingNotes) -> None:
    document = open_pdf(path)
    metadata = document.get_metadata_dict()
    xmp = find_packets(path)
    xmp_days = find_xmp_days(xmp)
    notes.note(
        title=metadata.get("Title", ""),
        made_on=parse_day(metadata.get("CreationDate")) or parse_day(xmp_days.get("CreateDate")),
        changed_on=parse_day(metadata.get("ModDate")) or parse_day(xmp_days.get("ModifyDate")),
        pages=len(document),
    )
    _note_pages(document, notes)
    for number in range(document.count_attachments()):
        notes.leave_unread(UnreadKind.ATTACHMENTS, document.get_attachment(number).get_name())
    properties = [*filter(None, map(metadata.get, READABLE)), *read_xmp_lines(xmp)]
    notes.end_texts("\n".join(dict.fromkeys(properties)))
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


def _note_pages(document: Any, notes: ReadingNotes) -> None:
    """The words page by page, so that a page without an end does not take the others along."""
    without_words: list[int] = []
    for number in range(1, len(document) + 1):
        if not _note_page(document, number, notes):
            without_words.append(number)
        if number <= PREVIEW_PAGES:
            notes.note()
        if notes.size > CHECK_LIMIT:
            break
    notes.note(wordless=tuple(without_words))
    if without_words and not notes.has_words:
        notes.leave_unread(UnreadKind.NO_WORDS)
        return
    for number in without_words:
        notes.leave_unread(UnreadKind.PAGES_WITHOUT_WORDS, str(number))


def _note_page(document: Any, number: int, notes: ReadingNotes) -> bool:
    """The words of one page; whether all that is on it was looked into."""
    page = document[number - 1]
    text = page_text(page)
    notes.add_text(text, TextPlace.PAGE, number=number)
    is_form = False
    for place, remark in _list_remarks(document, page):
        notes.add_text(remark, place, number=number)
        is_form = is_form or place == TextPlace.FIELD
    was_read = is_form or not is_scanned_page(page, text)
    page.close()
    return was_read


def page_text(page: Any) -> str:
    """The words in their lines; a word that was parted at the end of a line is whole again."""
    text: str = page.get_textpage().get_text_bounded()
    return text.replace("\ufffe\r\n", "").replace("\r\n", "\n")


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


def _list_remarks(document: Any, page: Any) -> Iterator[tuple[TextPlace, str]]:
    """What was typed into fields, and what was put on the page with a PDF program."""
    for number in range(min(pdfium.FPDFPage_GetAnnotCount(page), MOST_REMARKS)):
        remark = pdfium.FPDFPage_GetAnnot(page, number)
        try:
            if pdfium.FPDFAnnot_GetSubtype(remark) == pdfium.FPDF_ANNOT_WIDGET:
                yield TextPlace.FIELD, read_field(document, remark)
            else:
                yield TextPlace.COMMENT, read_remark(remark)
        finally:
            pdfium.FPDFPage_CloseAnnot(remark)


def read_field(document: Any, remark: Any) -> str:
    """What was typed or chosen; the value of a box that is ticked is a name that nobody sees."""
    form = document.formenv
    if form is None or pdfium.FPDFAnnot_GetFormFieldType(form, remark) not in TYPED_FIELDS:
        return ""
    return _read_wide(lambda letters, size: pdfium.FPDFAnnot_GetFormFieldValue(form, remark, letters, size))


def read_remark(remark: Any) -> str:
    return _read_wide(lambda letters, size: pdfium.FPDFAnnot_GetStringValue(remark, b"Contents", letters, size))


def _read_wide(read: Any) -> str:
    """A text as PDFium gives it: asked for its size in bytes first, then for its letters in UTF-16 with a zero at the end."""
    size = min(read(None, 0), 2 * CHECK_LIMIT)
    if size <= 2:
        return ""
    letters = ctypes.create_string_buffer(size)
    read(ctypes.cast(letters, ctypes.POINTER(pdfium.FPDF_WCHAR)), size)
    return letters.raw[: size - 2].decode("utf-16-le", "replace").replace("\r", "\n")


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
