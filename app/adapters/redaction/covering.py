"""Finds where on a page the words and personal data of an order stand, as rectangles in the picture of that page."""

import ctypes
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pypdfium2.raw as pdfium
from PIL import Image

from app.adapters.file_readers.pdf_remarks import read_field, read_remark, walk_remarks
from app.adapters.pictured_pages.tesseract import LocatedWord
from app.rules.files.personal_data import PersonalDataKind, mark_personal_data
from app.rules.redaction import CoveredArea, RedactionOrder, plain_word, word_pattern

Box = tuple[float, float, float, float]
"""Left, top, right and bottom, in pixels of the picture."""
MARGIN_PX = 3
MOST_CHARACTERS = 1_000_000


@dataclass
class OrderOnPages:
    """An order, and what of it has been found on the pages so far."""

    order: RedactionOrder
    country: str
    words: set[str] = field(default_factory=set)
    kinds: set[PersonalDataKind] = field(default_factory=set)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What finds the words; one for all pages and remarks."""
        return word_pattern(self.order.words)

    @property
    def wants_text(self) -> bool:
        return bool(self.order.words or self.order.kinds)

    def find_spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Where in the text something is to be covered, in characters."""
        for match in self.pattern.finditer(text):
            self.words.add(plain_word(match[0]))
            yield match.span()
        if self.order.kinds:
            for mark in mark_personal_data(text, self.country):
                if mark.kind in self.order.kinds:
                    self.kinds.add(mark.kind)
                    yield mark.start, mark.end


def draw_areas(picture: Image.Image, areas: Sequence[CoveredArea]) -> list[Box]:
    """Areas in percent as rectangles of the picture."""
    width, height = picture.width / 100, picture.height / 100
    return [
        (area.left * width, area.top * height, (area.left + area.width) * width, (area.top + area.height) * height)
        for area in areas
    ]


def cover_boxes(picture: Image.Image, boxes: Sequence[Box]) -> None:
    """Make every pixel in the boxes black, and those close around, in which the edges of letters stand."""
    for left, top, right, bottom in boxes:
        around = (
            int(max(0, min(left, right) - MARGIN_PX)),
            int(max(0, min(top, bottom) - MARGIN_PX)),
            int(min(picture.width, max(left, right) + MARGIN_PX + 1)),
            int(min(picture.height, max(top, bottom) + MARGIN_PX + 1)),
        )
        picture.paste("black", around)


def find_text_boxes(page: Any, picture: Image.Image, wanted: OrderOnPages) -> list[Box]:
    """Where the words stand that the page has as text."""
    text_page = page.get_textpage()
    count = min(text_page.count_chars(), MOST_CHARACTERS)
    letters = [chr(pdfium.FPDFText_GetUnicode(text_page, place) or 32) for place in range(count)]
    place_corner = _corner_placer(page, picture)
    boxes = []
    for start, end in wanted.find_spans("".join(letters)):
        boxes += [box for place in range(start, end) if (box := _letter_box(text_page, place, place_corner))]
    return boxes


def _letter_box(text_page: Any, place: int, place_corner: Callable[[float, float], tuple[float, float]]) -> Box | None:
    """The whole height of the line for the letter, since what hangs over would still be seen; None for what shows nothing."""
    box = pdfium.FS_RECTF()
    if not pdfium.FPDFText_GetLooseCharBox(text_page, place, box) or box.left == box.right:
        return None
    return (*place_corner(box.left, box.top), *place_corner(box.right, box.bottom))


def find_remark_boxes(document: Any, page: Any, picture: Image.Image, wanted: OrderOnPages) -> list[Box]:
    """Fields and remarks on the page that hold something of the order, each as a whole."""
    place_corner, boxes = _corner_placer(page, picture), list[Box]()
    for remark in walk_remarks(page):
        is_field = pdfium.FPDFAnnot_GetSubtype(remark) == pdfium.FPDF_ANNOT_WIDGET
        text = read_field(document, remark) if is_field else read_remark(remark)
        rectangle = pdfium.FS_RECTF()
        if any(True for _ in wanted.find_spans(text)) and pdfium.FPDFAnnot_GetRect(remark, rectangle):
            boxes.append(
                (*place_corner(rectangle.left, rectangle.top), *place_corner(rectangle.right, rectangle.bottom))
            )
    return boxes


def find_picture_boxes(words: Sequence[LocatedWord], wanted: OrderOnPages) -> list[Box]:
    """Whole words in which something of the order was read; a wrong letter beside the right ones is covered too."""
    text, starts, before = "", list[int](), None
    for word in words:
        text += "" if before is None else " " if before == word.line else "\n"
        starts.append(len(text))
        text, before = text + word.text, word.line
    spans = list(wanted.find_spans(text))
    return [
        word.box
        for word, start in zip(words, starts, strict=True)
        if any(start < span_end and span_start < start + len(word.text) for span_start, span_end in spans)
    ]


def _corner_placer(page: Any, picture: Image.Image) -> Callable[[float, float], tuple[float, float]]:
    """Gives the pixel of a point of the page, however that is turned and cut."""

    def place_corner(x: float, y: float) -> tuple[float, float]:
        across, down = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDF_PageToDevice(page, 0, 0, picture.width, picture.height, 0, x, y, across, down)
        return across.value, down.value

    return place_corner
