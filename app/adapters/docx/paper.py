"""A Word file with real styles: headings, tables with header rows, pictures with texts for those who do not see them.

The same content gives the same bytes: every date inside, also of the parts of the zip, is the report's own.
"""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import docx
from docx.document import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from app.rules.report.blocks import BlockKind, TextBlock

NAVY = RGBColor(0x16, 0x29, 0x4D)
PAPER_SIZES = {"Letter": (Mm(215.9), Mm(279.4)), "A4": (Mm(210), Mm(297))}
FONT = "Calibri"


@dataclass(frozen=True)
class ToldBlock:
    """What a person wrote in a cell, in its own `language`, behind its name in the paper's."""

    block: TextBlock
    language: str
    name: str = ""


@dataclass(frozen=True)
class Spoken:
    """A part of a line in its own `language`, empty for the paper's."""

    text: str
    language: str = ""


Line = str | Sequence[Spoken]
CellContent = str | Sequence[TextBlock | ToldBlock | Spoken]


def clean_text(text: str) -> str:
    """Without what XML cannot hold: control characters go, half a sign becomes a question mark."""
    kept = "".join(sign for sign in text if sign >= " " or sign in "\t\n")
    return kept.encode("utf-8", "replace").decode().replace("\ufffe", "").replace("\uffff", "")


class DocxPaper:
    """A document that grows from top to bottom. `language` is what spelling and voices take it for."""

    def __init__(self, language: str, paper: str, made_on: date) -> None:
        self._document: Document = docx.Document()
        self._made_at = datetime(made_on.year, made_on.month, made_on.day)  # noqa: DTZ001 (Word keeps no zone)
        section = self._document.sections[0]
        section.page_width, section.page_height = PAPER_SIZES[paper]
        section.left_margin = section.right_margin = Mm(25)
        section.top_margin = section.bottom_margin = Mm(22)
        self._set_styles(language)

    def _set_styles(self, language: str) -> None:
        styles = self._document.styles
        for fonts in styles.element.iter(qn("w:rFonts")):
            for name in list(fonts.attrib):
                del fonts.attrib[name]
            for script in ("ascii", "hAnsi", "cs", "eastAsia"):
                fonts.set(qn(f"w:{script}"), FONT)
        for tongue in styles.element.iter(qn("w:lang")):
            tongue.set(qn("w:val"), language)
        styles["Normal"].font.size = Pt(10.5)
        for name, size in (("Title", 24), ("Heading 1", 17), ("Heading 2", 13)):
            styles[name].font.size, styles[name].font.color.rgb = Pt(size), NAVY

    def describe(self, title: str, author: str, subject: str, language: str) -> None:
        """The properties that a library or an archive reads."""
        about = self._document.core_properties
        about.title, about.author, about.last_modified_by, about.subject = map(
            clean_text, (title, author, author, subject)
        )
        about.language, about.comments, about.keywords, about.revision = language, "", "", 1
        about.created = about.modified = about.last_printed = self._made_at

    def set_edges(self, head: str, foot: str) -> None:
        """What stands over and under every page; the page's number follows the foot."""
        section = self._document.sections[0]
        section.header.paragraphs[0].text = clean_text(head)
        line = section.footer.paragraphs[0]
        line.text = clean_text(f"{foot} · ")
        _add_field(line, "PAGE")

    def add_title(self, text: str) -> None:
        self._document.add_paragraph(clean_text(text), style="Title")

    def add_heading(self, text: str, level: int = 1) -> None:
        self._document.add_heading(clean_text(text), level)

    def add_text(self, text: Line, lead: str = "", language: str = "") -> None:
        """A paragraph; `lead` are its first words, set bold. `language` is its own, where it is not the paper's."""
        paragraph = self._document.add_paragraph()
        if lead:
            paragraph.add_run(f"{clean_text(lead)} ").bold = True
        _add_line(paragraph, text)
        _set_language(paragraph, language)

    def add_blocks(self, blocks: Sequence[TextBlock], language: str = "") -> None:
        """What a person wrote, its lists and tables as such; `language` as in `add_text`."""
        for block in blocks:
            if block.rows:
                table = self._document.add_table(len(block.rows), len(block.head), style="Table Grid")
                _fill_rows(table, block)
                paragraphs = [line for row in table.rows for cell in row.cells for line in cell.paragraphs]
            else:
                style = "List Bullet" if block.kind is BlockKind.BULLETS else None
                paragraphs = [self._document.add_paragraph(clean_text(line), style) for line in block.lines]
            for paragraph in paragraphs:
                _set_language(paragraph, language)

    def add_list(self, lines: Sequence[Line], style: str = "List Bullet") -> None:
        for line in lines:
            _add_line(self._document.add_paragraph(style=style), line)

    def add_table(self, about: str, heads: Sequence[str], rows: Sequence[Sequence[CellContent]]) -> None:
        """`about` says what the table tells; its first row is repeated on every page. A pasted list or table is one in its cell."""
        table = self._document.add_table(rows=1, cols=len(heads), style="Table Grid")
        table.alignment = WD_TABLE_ALIGNMENT.LEFT
        _describe_table(table._tbl.tblPr, clean_text(about))
        for cell, head in zip(table.rows[0].cells, heads, strict=True):
            cell.paragraphs[0].add_run(clean_text(head)).bold = True
        _mark_header(table.rows[0]._tr)
        for values in rows:
            row = table.add_row()
            _keep_whole(row._tr)
            for cell, value in zip(row.cells, values, strict=True):
                _fill_cell(cell, value)
        self._document.add_paragraph()

    def add_picture(self, png: bytes, width_mm: float, about: str) -> None:
        """`about` is what it says to those who do not see it."""
        shape = self._document.add_picture(io.BytesIO(png), width=Mm(width_mm))
        shape._inline.docPr.set("descr", clean_text(about))

    def write(self) -> bytes:
        """The file; the same for the same content, whenever it is written."""
        raw, fixed = io.BytesIO(), io.BytesIO()
        self._document.save(raw)
        moment = (self._made_at.year, self._made_at.month, self._made_at.day, 0, 0, 0)
        with zipfile.ZipFile(raw) as source, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target:
            for name in source.namelist():
                part = zipfile.ZipInfo(name, moment)
                part.compress_type, part.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
                target.writestr(part, source.read(name))
        return fixed.getvalue()


def _set_language(paragraph: Paragraph, language: str) -> None:
    """What spelling and voices take the paragraph for."""
    for run in paragraph.runs if language else ():
        _mark_language(run, language)


def _mark_language(run: Run, language: str) -> None:
    tongue = OxmlElement("w:lang")
    tongue.set(qn("w:val"), language)
    run._r.get_or_add_rPr().append(tongue)


def _add_line(paragraph: Paragraph, line: Line) -> None:
    for part in [Spoken(line)] if isinstance(line, str) else line:
        run = paragraph.add_run(clean_text(part.text))
        if part.language:
            _mark_language(run, part.language)


def _fill_cell(cell: _Cell, content: CellContent) -> None:
    if isinstance(content, str):
        cell.text = clean_text(content)
        return
    spoken = [part for part in content if isinstance(part, Spoken)]
    if spoken:
        _add_line(cell.paragraphs[0], spoken)
        return
    told = [
        ToldBlock(part, "") if isinstance(part, TextBlock) else part for part in content if not isinstance(part, Spoken)
    ]
    if told and told[0].block.is_paragraph:
        _fill_paragraph(cell.paragraphs[0], told.pop(0))
    for part in told:
        if part.block.rows:
            _nest_table(cell, part)
            continue
        style = "List Bullet" if part.block.kind is BlockKind.BULLETS else None
        for line in part.block.lines:
            _fill_paragraph(cell.add_paragraph(style=style), replace(part, block=replace(part.block, lines=(line,))))


def _fill_paragraph(paragraph: Paragraph, told: ToldBlock) -> None:
    paragraph.add_run(clean_text(told.block.lines[0]))
    _set_language(paragraph, told.language)
    if told.name:
        name = paragraph.add_run(f"{clean_text(told.name)} ")
        paragraph.runs[0]._r.addprevious(name._r)


def _nest_table(cell: _Cell, told: ToldBlock) -> None:
    block = told.block
    table = cell.add_table(len(block.rows), len(block.head))
    table.style = "Table Grid"
    _fill_rows(table, block)
    for row in table.rows:
        for paragraph in (line for inner in row.cells for line in inner.paragraphs):
            _set_language(paragraph, told.language)


def _fill_rows(table: Table, block: TextBlock) -> None:
    _mark_header(table.rows[0]._tr)
    for row, values in zip(table.rows, block.rows, strict=True):
        for inner, value in zip(row.cells, values, strict=True):
            inner.text = clean_text(value)


def _add_field(paragraph: Paragraph, name: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    paragraph._p.append(field)


def _describe_table(properties: object, about: str) -> None:
    for tag in ("w:tblCaption", "w:tblDescription"):
        element = OxmlElement(tag)
        element.set(qn("w:val"), about)
        properties.append(element)  # type: ignore[attr-defined]


def _mark_header(row: object) -> None:
    header = OxmlElement("w:tblHeader")
    row.get_or_add_trPr().append(header)  # type: ignore[attr-defined]


def _keep_whole(row: object) -> None:
    row.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # type: ignore[attr-defined]
