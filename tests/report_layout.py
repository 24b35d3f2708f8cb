"""Where the words of a report stand on its sheets, and what is wrong about it: read from the PDF, as a reader's eye would."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise

import pypdfium2 as pdfium

LEAST_MARGIN = 14.0
"""Points of a sheet's edge, 5 mm, in which most printers print nothing."""

LEAST_FILLED = 0.25
"""What a sheet of the body holds at least, the last one apart."""
STEPS = 3
"""So many lines of one word each are no chance."""


@dataclass(frozen=True)
class PrintedText:
    """A run of text on a sheet; the sides in points from its lower left corner."""

    left: float
    bottom: float
    right: float
    top: float
    text: str

    def covers(self, other: "PrintedText") -> bool:
        """Whether the two lie over one another by more than touching lines do: a third of the lower one's height."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.top, other.top) - max(self.bottom, other.bottom)
        return width > 1 and height > min(self.top - self.bottom, other.top - other.bottom) / 3

    def stands_over(self, other: "PrintedText") -> bool:
        """Whether the other is on the next line and begins at the same place."""
        fall = (self.top - other.top) / (self.top - self.bottom)
        return abs(self.left - other.left) < 1 and 0.5 < fall < 3


@dataclass(frozen=True)
class PrintedSheet:
    number: int
    width: float
    height: float
    texts: tuple[PrintedText, ...]

    @property
    def filled(self) -> float:
        """The share of the sheet, between its running head and foot, down to the last text: 0 to 1."""
        body = [text.bottom for text in self.texts if self.height * 0.08 < text.bottom < self.height * 0.93]
        return 1 - min(body, default=self.height) / self.height


def read_sheets(pdf: bytes) -> list[PrintedSheet]:
    """Every sheet of the PDF with its runs of text; those without a letter are left out."""
    with pdfium.PdfDocument(pdf) as document:
        return [
            PrintedSheet(number, width, height, tuple(_read_texts(page)))
            for number, page in enumerate(document, start=1)
            for width, height in [page.get_size()]
        ]


def _read_texts(page: pdfium.PdfPage) -> Iterator[PrintedText]:
    words = page.get_textpage()
    for index in range(words.count_rects()):
        left, bottom, right, top = words.get_rect(index)
        text = words.get_text_bounded(left, bottom, right, top).strip()
        if text:
            yield PrintedText(left, bottom, right, top, text)


def list_layout_faults(pdf: bytes) -> list[str]:
    """A sentence for each text over another, outside of what is printed, and for each sheet nearly empty but the last."""
    return [fault for sheet in read_sheets(pdf) for fault in _sheet_faults(sheet)]


def _sheet_faults(sheet: PrintedSheet) -> Iterator[str]:
    for one, other in combinations(sheet.texts, 2):
        if one.covers(other):
            yield f"sheet {sheet.number}: “{one.text[:40]}” and “{other.text[:40]}” lie over one another"
    for ladder in _find_ladders(sheet.texts):
        yield f"sheet {sheet.number}: one word a line: {' / '.join(text.text for text in ladder)}"
    for text in sheet.texts:
        inside = text.left >= LEAST_MARGIN and text.right <= sheet.width - LEAST_MARGIN
        if not (inside and text.bottom >= LEAST_MARGIN and text.top <= sheet.height - LEAST_MARGIN):
            yield f"sheet {sheet.number}: “{text.text[:40]}” stands in the edge"


def _find_ladders(texts: tuple[PrintedText, ...]) -> Iterator[tuple[PrintedText, ...]]:
    """Steps of a text that has one word on each line, though the line has room for more."""
    for place in range(len(texts) - STEPS + 1):
        steps = texts[place : place + STEPS]
        if all(one.stands_over(next_one) for one, next_one in pairwise(steps)) and not any(
            " " in step.text for step in steps
        ):
            yield steps
