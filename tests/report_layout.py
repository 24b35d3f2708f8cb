"""Where the words of a report stand on its sheets, and what is wrong about it: read from the PDF, as a reader's eye would."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import pypdfium2 as pdfium

LEAST_MARGIN = 14.0
"""Points of a sheet's edge, 5 mm, in which most printers print nothing."""

LEAST_FILLED = 0.25
"""What a sheet of the body holds at least, the last one apart."""


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
    for text in sheet.texts:
        inside = text.left >= LEAST_MARGIN and text.right <= sheet.width - LEAST_MARGIN
        if not (inside and text.bottom >= LEAST_MARGIN and text.top <= sheet.height - LEAST_MARGIN):
            yield f"sheet {sheet.number}: “{text.text[:40]}” stands in the edge"
