"""Reads what stands on the pages of a PDF beside their own words: what was typed into fields, put on them with a PDF program, or signed."""

import ctypes
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from app.adapters.file_readers.notes import ReadingNotes
from app.adapters.file_readers.words import EnoughRead, TextCollector, TextMarks, parse_content
from app.rules.files.file_text import CHECK_LIMIT, TextPlace, UnreadKind

MOST_REMARKS = 2_000
MOST_BOOKMARKS = 5_000
TYPED_FIELDS = (pdfium.FPDF_FORMFIELD_TEXTFIELD, pdfium.FPDF_FORMFIELD_COMBOBOX, pdfium.FPDF_FORMFIELD_LISTBOX)
DRAWN_KINDS = (
    pdfium.FPDF_ANNOT_STAMP, pdfium.FPDF_ANNOT_FREETEXT, pdfium.FPDF_ANNOT_WATERMARK, pdfium.FPDF_ANNOT_REDACT, pdfium.FPDF_ANNOT_LINE,
    pdfium.FPDF_ANNOT_POLYGON, pdfium.FPDF_ANNOT_POLYLINE, pdfium.FPDF_ANNOT_SQUARE, pdfium.FPDF_ANNOT_CIRCLE,
)  # fmt: skip
"""Remarks that may draw words which they do not hold as a text."""
EVERYWHERE = (-1e6, -1e6, 1e6, 1e6)
"""Left, bottom, right and top of more than any page, in points."""
LIVE_FORMS = (pdfium.FORMTYPE_XFA_FULL, pdfium.FORMTYPE_XFA_FOREGROUND)
FORM_MARKS: dict[str, TextMarks] = {
    "template": TextMarks(text=frozenset({"text", "exData"}), after={"text": "\n", "exData": "\n"}, left_out=frozenset({"script"})),
    "datasets": TextMarks(text=frozenset({"data"})),
}  # fmt: skip
"""The parts of a form of Adobe LiveCycle (XFA 3.3, chapter 3) with its words, and with what was typed."""
_PARTED = re.compile(r"(?<=[^\W\d_])[\u2010\u00ad]\n(?=[^\W\d_])")
"""A hyphen that shows only where a line ends."""


class FormCollector(TextCollector):
    """Collects the words of such a part, those of each element apart."""

    def end(self, tag: str) -> None:
        if self._open:
            self.add_text("\n")
        super().end(tag)


class DrawnPages:
    """Copies of pages into which their remarks are drawn; PDFium gives the words of stamps and signatures only so."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._copy: Any = None

    def open_page(self, number: int, others: Sequence[int] = ()) -> Any:
        """The page with its remarks drawn into it, but for `others`, by their place; once for each page."""
        self._copy = self._copy or pypdfium2.PdfDocument(self._path)
        page = self._copy[number - 1]
        for place in reversed(others):
            pdfium.FPDFPage_RemoveAnnot(page, place)
        pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY)
        page.close()
        return self._copy[number - 1]

    def read_new_lines(self, number: int, others: Sequence[int], known: str) -> str:
        """The lines with words that are not `known`, without those of `others`."""
        page = self.open_page(number, others)
        text = page_text(page)
        page.close()
        words = set(known.split())
        return "\n".join(line for line in text.splitlines() if set(line.split()) - words)


def page_text(page: Any) -> str:
    """The words in their lines, those too that a page was cropped by; a word that was parted at the end of a line is whole again."""
    text: str = page.get_textpage().get_text_bounded(*EVERYWHERE)
    return _PARTED.sub("", text.replace("\ufffe\r\n", "").replace("\r\n", "\n"))


def has_remarks(page: Any) -> bool:
    return bool(pdfium.FPDFPage_GetAnnotCount(page))


def walk_remarks(page: Any) -> Iterator[Any]:
    """The fields and remarks on the page, in their order; each is open until the next is asked for."""
    for place in range(min(pdfium.FPDFPage_GetAnnotCount(page), MOST_REMARKS)):
        remark = pdfium.FPDFPage_GetAnnot(page, place)
        try:
            yield remark
        finally:
            pdfium.FPDFPage_CloseAnnot(remark)


def list_remarks(document: Any, number: int, page: Any, text: str, drawn: DrawnPages) -> list[tuple[TextPlace, str]]:
    """What was typed into fields, and what was put on the page, which has the `text`, with a PDF program."""
    remarks: list[tuple[TextPlace, str]] = []
    others: list[int] = []
    for place, remark in enumerate(walk_remarks(page)):
        kind = pdfium.FPDFAnnot_GetSubtype(remark)
        is_field = kind == pdfium.FPDF_ANNOT_WIDGET
        remarks.append(
            (TextPlace.FIELD, read_field(document, remark)) if is_field else (TextPlace.COMMENT, read_remark(remark))
        )
        draws = _is_signature(document, remark) if is_field else kind in DRAWN_KINDS
        if not draws or (kind == pdfium.FPDF_ANNOT_FREETEXT and remarks[-1][1]):
            others.append(place)
    if len(others) < len(remarks):
        known = "\n".join([text, *(words for _, words in remarks)])
        remarks.append((TextPlace.COMMENT, drawn.read_new_lines(number, others, known)))
    return remarks


def read_field(document: Any, remark: Any) -> str:
    """What was typed or chosen; the value of a box that is ticked is a name that nobody sees."""
    form = document.formenv
    if form is None or pdfium.FPDFAnnot_GetFormFieldType(form, remark) not in TYPED_FIELDS:
        return ""
    return _read_wide(lambda letters, size: pdfium.FPDFAnnot_GetFormFieldValue(form, remark, letters, size))


def _is_signature(document: Any, remark: Any) -> bool:
    form = document.formenv
    return form is not None and pdfium.FPDFAnnot_GetFormFieldType(form, remark) == pdfium.FPDF_FORMFIELD_SIGNATURE


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


def list_attached(page: Any) -> Iterator[str]:
    """The names of the files that are pinned to the page."""
    for remark in walk_remarks(page):
        if pdfium.FPDFAnnot_GetSubtype(remark) == pdfium.FPDF_ANNOT_FILEATTACHMENT:
            attached = pdfium.FPDFAnnot_GetFileAttachment(remark)
            yield pypdfium2.PdfAttachment(attached, page.pdf).get_name() if attached else "?"


def list_bookmarks(document: Any) -> str:
    """The names of the bookmarks, a line for each."""
    titles: list[str] = []
    for bookmark in document.get_toc():
        titles.append(bookmark.get_title())
        if len(titles) >= MOST_BOOKMARKS:
            break
    return "\n".join(titles)


def note_live_form(document: Any, notes: ReadingNotes) -> None:
    """The words of a form that only Adobe's programs draw, and what was typed into it; its pages tell to wait."""
    if pdfium.FPDF_GetFormType(document) not in LIVE_FORMS:
        return
    for number in range(pdfium.FPDF_GetXFAPacketCount(document)):
        name = _read_bytes(pdfium.FPDF_GetXFAPacketName, document, number).rstrip(b"\0").decode("utf-8", "replace")
        if name not in FORM_MARKS:
            continue
        collector = FormCollector(FORM_MARKS[name])
        try:
            parse_content(_read_bytes(_fill_packet, document, number), collector)
        except EnoughRead:
            pass
        except (ValueError, SyntaxError):
            notes.leave_unread(UnreadKind.EMBEDDED, name)
        lines = (line.strip() for line in collector.body.splitlines())
        notes.add_text("\n".join(line for line in lines if line), TextPlace.FIELD)


def _fill_packet(document: Any, number: int, buffer: Any, size: int) -> int:
    needed = ctypes.c_ulong(0)
    pdfium.FPDF_GetXFAPacketContent(document, number, buffer, size, ctypes.byref(needed))
    return needed.value


def _read_bytes(fill: Any, document: Any, number: int) -> bytes:
    """Bytes as PDFium gives them: asked for how many there are first."""
    size = min(fill(document, number, None, 0), CHECK_LIMIT)
    buffer = ctypes.create_string_buffer(max(size, 1))
    fill(document, number, buffer, size)
    return buffer.raw[:size]
