"""Small real files for tests, made from their text."""

import zipfile
from collections.abc import Mapping, Sequence
from html import escape
from io import BytesIO
from typing import Any

import openpyxl
import pillow_heif
from PIL import Image, ImageDraw, ImageFont
from weasyprint import HTML

from tests.world import AREAS


def pdf_of(text: str) -> bytes:
    """A PDF without any date that shows the lines of the text, 40 on a page."""
    style = "@page {size: letter; margin: 1in} pre {margin: 0; font: 11pt/16pt sans-serif; white-space: pre-wrap}"
    page = f'<!doctype html><html lang="en"><style>{style}</style><pre>{escape(text)}</pre>'
    pdf: bytes = HTML(string=page).write_pdf()
    return pdf


def picture_of(width: int, height: int) -> bytes:
    """A PNG of one color."""
    content = BytesIO()
    Image.new("RGB", (width, height), "navy").save(content, "PNG")
    return content.getvalue()


def scan_of(*lines: str) -> bytes:
    """A PNG that shows the lines, as a scanner gives a sheet."""
    content = BytesIO()
    _draw_sheet(lines).save(content, "PNG")
    return content.getvalue()


def scan_as(form: str, *pages: str, **saving: Any) -> bytes:
    """A picture in that form of the lines of each page; `saving` is what else its writer takes."""
    first, *others = (_draw_sheet(page.split("\n")) for page in pages)
    content = BytesIO()
    if form == "HEIF":
        pillow_heif.register_heif_opener()
        first = first.convert("RGB")
    first.save(content, form, **({"save_all": True, "append_images": others} if others else {}), **saving)
    return content.getvalue()


def scanned_pdf_of(*pages: str) -> bytes:
    """A PDF of which every page is a picture of its lines."""
    content = BytesIO()
    first, *others = (_draw_sheet(page.split("\n")) for page in pages)
    first.save(content, "PDF", resolution=150, save_all=True, append_images=others)
    return content.getvalue()


def _draw_sheet(lines: Sequence[str]) -> Image.Image:
    sheet = Image.new("L", (1_200, 120 + 60 * len(lines)), "white")
    for place, line in enumerate(lines):
        ImageDraw.Draw(sheet).text(
            (60, 60 + 60 * place), line, fill="black", font=ImageFont.truetype("DejaVuSans.ttf", 36)
        )
    return sheet


_OFFICE = "http://schemas.openxmlformats.org"


def pack_office(
    main: str,
    content: str,
    parts: Mapping[str, str],
    inner: Mapping[str, Mapping[str, str]] | None = None,
    properties: str = "",
) -> bytes:
    """An Open XML file: `parts` are those that the main one leads to, by the kind of relationship, `inner` those that they lead to."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", f'<Types xmlns="{_OFFICE}/package/2006/content-types"/>')
        own = {"core-properties": "/core.xml"} if properties else {}
        package.writestr("_rels/.rels", _link_parts({"officeDocument": f"/{main}", **own}))
        package.writestr("core.xml", properties)
        package.writestr(main, content)
        _write_parts(package, main, parts)
        for kind, linked in (inner or {}).items():
            _write_parts(package, f"parts/{kind}.xml", linked)
    return made.getvalue()


def _write_parts(package: zipfile.ZipFile, part: str, linked: Mapping[str, str]) -> None:
    folder, _, name = part.rpartition("/")
    package.writestr(f"{folder}/_rels/{name}.rels", _link_parts({kind: f"/parts/{kind}.xml" for kind in linked}))
    for kind, content in linked.items():
        package.writestr(f"parts/{kind}.xml", content)


def _link_parts(targets: Mapping[str, str]) -> str:
    links = "".join(
        f'<Relationship Id="{kind}" Type="{_OFFICE}/officeDocument/2006/relationships/{kind}" Target="{target}"/>'
        for kind, target in targets.items()
    )
    return f'<Relationships xmlns="{_OFFICE}/package/2006/relationships">{links}</Relationships>'


def city_workbook() -> bytes:
    """Twelve departments, forty people and the 43 criteria, each with a person of its department."""
    codes = [f"{prefix}{number}" for prefix, count in AREAS.items() for number in range(1, count + 1)]
    departments = [f"Department {number}" for number in range(12)]
    people = [(f"Person {number}", f"person{number}@city.gov", departments[number % 12]) for number in range(40)]
    tasks = [(code, departments[place % 12], people[place % 12][1], "2027-06-30") for place, code in enumerate(codes)]
    tables: dict[str, list[tuple[str, ...]]] = {
        "Departments": [("Department",), *((name,) for name in departments)],
        "People": [("Name", "E-mail", "Department"), *people],
        "Assignments": [("Criterion", "Department", "Person", "Due date"), *tasks],
    }
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in tables.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    content = BytesIO()
    book.save(content)
    return content.getvalue()
