"""Makes the small real files of the demo from their text, so that no binary file has to be kept with the program.

The ending of the name says what is made: PDF with a line of text for each line, PNG with a bar for each `label, value`,
XLSX with a row for each line of CSV; CSV and TXT are the text itself. The same text gives the same bytes.
"""

import csv
import io
import zipfile
from datetime import UTC, datetime
from pathlib import PurePath
from typing import IO, Any

MARGIN, LINE = 72, 16
"""Of a page, in points."""
NO_DAY = datetime(1970, 1, 1, tzinfo=UTC)
"""PDF and XLSX must say when they were made. This day nobody is shown: one before 1990 is no proposal for what a file covers."""
NO_TIME = (1980, 1, 1, 0, 0, 0)
"""The first time that a zip file can have."""


def make_demo_file(name: str, text: str) -> bytes:
    """The file of that name. Raises KeyError for an ending that is not made here."""
    makers = {".pdf": make_pdf, ".xlsx": make_workbook, ".png": make_chart, ".csv": make_text, ".txt": make_text}
    return makers[PurePath(name).suffix](text.strip())


def make_text(text: str) -> bytes:
    """The text with one line end at the end."""
    return f"{text}\n".encode()


def make_pdf(text: str) -> bytes:
    """Letter pages in Helvetica, the first line larger. Characters outside Latin-1 become question marks."""
    from fpdf import FPDF

    pages = FPDF(unit="pt", format="letter")
    pages.set_lang("en-US")
    pages.set_creation_date(NO_DAY)
    pages.set_margin(MARGIN)
    pages.add_page()
    for number, line in enumerate(text.encode("latin-1", "replace").decode("latin-1").splitlines()):
        pages.set_font("Helvetica", size=16 if number == 0 else 11)
        pages.multi_cell(w=0, h=LINE, text=line or " ", align="L", new_x="LMARGIN", new_y="NEXT")
    return bytes(pages.output())


class DatelessZip(zipfile.ZipFile):
    """A zip file whose members have no time of their own."""

    def open(self, name: str | zipfile.ZipInfo, *args: Any, **kwargs: Any) -> IO[bytes]:
        if isinstance(name, zipfile.ZipInfo):
            name.date_time = NO_TIME
        return super().open(name, *args, **kwargs)


def make_workbook(text: str) -> bytes:
    """A workbook with one sheet; numbers are texts, as they stand there."""
    from openpyxl import Workbook
    from openpyxl.writer.excel import ExcelWriter

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Sheet1")
    for row in _parse_rows(text):
        sheet.append(row)
    book.properties.created = book.properties.modified = NO_DAY.replace(tzinfo=None)
    out = io.BytesIO()
    ExcelWriter(book, DatelessZip(out, "w", zipfile.ZIP_DEFLATED)).save()
    return out.getvalue()


def make_chart(text: str) -> bytes:
    """A bar chart: the first line is its title, every other `label, value`."""
    from PIL import Image, ImageDraw

    (title, *_), *bars = _parse_rows(text)
    image = Image.new("RGB", (720, 80 + 44 * len(bars)), "white")
    pen = ImageDraw.Draw(image)
    pen.text((24, 20), title, fill="#1b1b1b", font_size=20)
    widest = max(float(value) for _, value in bars)
    for number, (label, value) in enumerate(bars):
        top = 64 + 44 * number
        pen.text((24, top + 4), label, fill="#1b1b1b", font_size=15)
        pen.rectangle((260, top, 260 + 380 * float(value) / widest, top + 26), fill="#005ea2")
        pen.text((650, top + 4), value, fill="#1b1b1b", font_size=15)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _parse_rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text), skipinitialspace=True))
