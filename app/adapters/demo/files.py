"""Makes the small real files of the demo from their text, so that no binary file has to be kept with the program.

The ending of the name says what is made: PDF with a line of text for each line, PNG with a bar for each `label, value`,
XLSX with a row for each line of CSV; CSV and TXT are the text itself. The same text gives the same bytes.
"""

import csv
import io
import textwrap
import zipfile
from pathlib import PurePath
from xml.sax.saxutils import escape

PAGE = (612, 792)
"""US letter, in points."""
LINE = 16


def make_demo_file(name: str, text: str) -> bytes:
    """The file of that name. Raises KeyError for an ending that is not made here."""
    makers = {".pdf": make_pdf, ".xlsx": make_workbook, ".png": make_chart, ".csv": make_text, ".txt": make_text}
    return makers[PurePath(name).suffix](text.strip())


def make_text(text: str) -> bytes:
    """The text with one line end at the end."""
    return f"{text}\n".encode()


def make_pdf(text: str) -> bytes:
    """One page per 42 lines, in Helvetica, the first line larger. Characters outside Latin-1 become question marks."""
    lines = [part for line in text.splitlines() for part in textwrap.wrap(line, 88) or [""]]
    pages = [lines[start : start + 42] for start in range(0, len(lines), 42)]
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (en-US) >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, page in enumerate(pages):
        content = _draw_lines(page, first=number == 0)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {PAGE[0]} {PAGE[1]}] "
            f"/Resources << /Font << /F 3 0 R >> >> /Contents {5 + 2 * number} 0 R >>".encode()
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    return _assemble_pdf(objects)


def _draw_lines(lines: list[str], *, first: bool) -> bytes:
    steps = [f"BT 72 {PAGE[1] - 72} Td {LINE} TL"]
    for number, line in enumerate(lines):
        size = 16 if first and number == 0 else 11
        quoted = line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        steps.append(f"/F {size} Tf ({quoted}) Tj T*")
    return "\n".join([*steps, "ET"]).encode("cp1252", "replace")


def _assemble_pdf(objects: list[bytes]) -> bytes:
    """A PDF file of the objects, numbered from 1; the first is the catalog (ISO 32000-1, 7.5)."""
    out, places = io.BytesIO(), []
    out.write(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    for number, content in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    start = out.tell()
    index = b"".join(b"%010d 00000 n \n" % place for place in places)
    out.write(b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, index))
    out.write(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
    return out.getvalue()


_NS = "http://schemas.openxmlformats.org/"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_RELATION = f"{_NS}officeDocument/2006/relationships"
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_NS}package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_NS}package/2006/relationships">'
    f'<Relationship Id="r1" Type="{_RELATION}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_NS}spreadsheetml/2006/main" xmlns:r="{_RELATION}">'
    '<sheets><sheet name="Sheet1" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_NS}package/2006/relationships">'
    f'<Relationship Id="r1" Type="{_RELATION}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}
"""The least that a workbook consists of besides its sheet (ECMA-376, part 1)."""


def make_workbook(text: str) -> bytes:
    """A workbook with one sheet; every cell is text."""
    rows = "".join(f"<row>{''.join(map(_cell_xml, row))}</row>" for row in _parse_rows(text))
    sheet = f'<worksheet xmlns="{_NS}spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in {**_PARTS, "xl/worksheets/sheet1.xml": sheet}.items():
            package.writestr(zipfile.ZipInfo(name), f'<?xml version="1.0" encoding="UTF-8"?>{content}')
    return out.getvalue()


def _cell_xml(value: str) -> str:
    return f'<c t="inlineStr"><is><t>{escape(value)}</t></is></c>'


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
