"""Every place of every format in which words can stand is read: for the search, for the check for personal data, and with its spot."""

import base64
import io
import zipfile
from collections.abc import Callable
from datetime import UTC, date, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

import docx
import openpyxl
import pytest
from docx.document import Document
from openpyxl.comments import Comment
from PIL import Image
from weasyprint import HTML

from app.adapters.file_readers.documents import read_docx, read_odp, read_odt, read_pptx
from app.adapters.file_readers.mail import read_email
from app.adapters.file_readers.notes import LockedFile, ReadingNotes
from app.adapters.file_readers.open_workbooks import read_ods
from app.adapters.file_readers.pdf_pages import read_pdf
from app.adapters.file_readers.reading import load_facts
from app.adapters.file_readers.text import read_csv, read_text
from app.adapters.file_readers.workbooks import read_xlsx
from app.rules.files.file_reading import FileFacts
from app.rules.files.file_text import TEXT_LIMIT, TextPlace, UnreadKind, UnreadPart
from tests.small_files import pack_office, pdf_of
from tests.small_pdfs import (
    cropped_pdf,
    live_form,
    with_bookmark,
    with_own_property,
    with_own_xmp,
    with_packed_property,
    with_picture,
    with_pinned_file,
    with_remark,
    with_signature,
    with_stamp,
)

NUMBER = "219-63-4812"
WORDS = f"Quillmoss {NUMBER}"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
ODF = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{full}:1.0"'
    for name, full in {
        "office": "office", "text": "text", "table": "table", "draw": "drawing", "style": "style", "presentation": "presentation",
        "svg": "svg-compatible", "form": "form", "meta": "meta",
    }.items()
) + ' xmlns:dc="http://purl.org/dc/elements/1.1/"'  # fmt: skip
Reader = Callable[[Path, ReadingNotes], None]


def read(place: Path, content: bytes, reader: Reader, zone: tzinfo = UTC) -> FileFacts:
    """What the child process finds in the file, without the process."""
    path = place / "kept"
    path.write_bytes(content)
    notes = ReadingNotes(place)
    reader(path, notes)
    notes.check_personal_data("US")
    return load_facts(place, zone)


def word(change: Callable[[Document], object]) -> bytes:
    document = docx.Document()
    document.add_paragraph("Body text")
    change(document)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def excel(change: Callable[[openpyxl.Workbook], object]) -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["Dataset", "Owner"])
    change(book)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def word_parts(body: str, **parts: str) -> bytes:
    """A Word document of XML: `parts` are other parts by the kind of relationship that leads to them."""
    return pack_office("word/document.xml", f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>', parts)


def word_part(name: str) -> bytes:
    return word_parts("<w:p/>", **{name: f'<w:x xmlns:w="{W}"><w:p><w:r><w:t>{WORDS}</w:t></w:r></w:p></w:x>'})


def open_file(body: str, **members: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        package.writestr("content.xml", f"<office:document-content {ODF}>{body}</office:document-content>")
        for name, content in members.items():
            package.writestr(f"{name}.xml", content)
    return made.getvalue()


def open_sheet(cells: str) -> bytes:
    return open_file(f'<table:table table:name="S"><table:table-row>{cells}</table:table-row></table:table>')


def slide(inside: str = "", **parts: str) -> bytes:
    """One slide, with other parts by the kind of relationship that leads to them."""
    show = '<p:presentation xmlns:p="p" xmlns:r="r"><p:sldId id="256" r:id="slide"/></p:presentation>'
    body = f'<p:sld xmlns:p="p" xmlns:a="a"><a:p><a:t>Budget</a:t></a:p>{inside}</p:sld>'
    return pack_office("ppt/presentation.xml", show, {"slide": body}, {"slide": parts})


def layout(shape: str) -> bytes:
    """A slide whose layout has that shape beside one that asks for words."""
    asking = "<p:sp><p:ph/><a:t>Click to edit 219-63-4899</a:t></p:sp>"
    return slide(slideLayout=f'<p:sldLayout xmlns:p="p" xmlns:a="a">{asking}{shape}</p:sldLayout>')


def sheet_with(inside: str, **parts: str) -> bytes:
    """A workbook of one cell and what is given beside it; `parts` are those that the book leads to."""
    sheet = (
        f'<worksheet><sheetData><row><c t="inlineStr"><is><t>Dataset</t></is></c></row></sheetData>{inside}</worksheet>'
    )
    book = '<workbook xmlns:r="r"><sheets><sheet name="S" r:id="worksheet"/></sheets></workbook>'
    return pack_office("xl/workbook.xml", book, {"worksheet": sheet, **parts})


def pivot_table() -> bytes:
    """Rows of a sheet that was deleted and on which a pivot table was built."""
    fields = f'<cacheField name="Name"><sharedItems><s v="{WORDS}"/></sharedItems></cacheField>'
    return sheet_with(
        "", pivotCacheDefinition=f"<pivotCacheDefinition><cacheFields>{fields}</cacheFields></pivotCacheDefinition>"
    )


def other_book() -> bytes:
    """Cells of another workbook, as they were when a formula was last worked out."""
    cell = f'<row r="1"><cell r="A1" t="str"><v>{WORDS}</v></cell></row>'
    return sheet_with("", externalLink=f"<externalLink><sheetData>{cell}</sheetData></externalLink>")


def open_sheets(*sheets: str) -> bytes:
    """A workbook of these tables, each of one cell."""
    tables = (
        f'<table:table table:name="S{number}"><table:table-row><table:table-cell><text:p>{cell}</text:p></table:table-cell>'
        "</table:table-row></table:table>"
        for number, cell in enumerate(sheets)
    )
    return open_file("".join(tables))


def open_page(**members: str) -> bytes:
    """A text or a slide of a word, with headers, footers or layouts in its styles."""
    return open_file("<draw:page><text:p>A</text:p></draw:page>", **members)


def master(shapes: str) -> str:
    """Styles whose master page has these shapes beside one that asks for words."""
    asking = '<draw:frame presentation:class="title"><draw:text-box><text:p>Click 219-63-4899</text:p></draw:text-box></draw:frame>'
    return f"<s {ODF}><style:master-page>{asking}{shapes}</style:master-page></s>"


def filled_form() -> bytes:
    page = f'<label>Name <input name="who" value="{WORDS}"></label>'
    pdf: bytes = HTML(string=page).write_pdf(pdf_forms=True)
    return pdf


def letter(body: str) -> bytes:
    return f"From: a@newark.example\nSubject: Minutes\nMIME-Version: 1.0\n{body}".encode()


def forwarded() -> bytes:
    inner = f"From: b@newark.example\nSubject: Earlier\nContent-Type: text/plain\n\n{WORDS}\n"
    parts = "Content-Type: text/plain\n\nSee below\n--b\nContent-Type: message/rfc822\n\n" + inner
    return letter(f"Content-Type: multipart/mixed; boundary=b\n\n--b\n{parts}\n--b--\n")


PLACES: dict[str, tuple[Reader, Callable[[], bytes], TextPlace]] = {
    "word, body": (read_docx, lambda: word(lambda made: made.add_paragraph(WORDS)), TextPlace.BODY),
    "word, table": (read_docx, lambda: word(lambda made: made.add_table(1, 1).cell(0, 0).add_paragraph(WORDS)), TextPlace.BODY),
    "word, header": (
        read_docx, lambda: word(lambda made: made.sections[0].header.paragraphs[0].add_run(WORDS)), TextPlace.HEADER
    ),
    "word, footer": (
        read_docx, lambda: word(lambda made: made.sections[0].footer.paragraphs[0].add_run(WORDS)), TextPlace.FOOTER
    ),
    "word, comment": (
        read_docx, lambda: word(lambda made: made.add_comment(made.paragraphs[0].runs, WORDS, "A", "A")), TextPlace.COMMENT
    ),
    "word, footnote": (read_docx, lambda: word_part("footnotes"), TextPlace.FOOTNOTE),
    "word, endnote": (read_docx, lambda: word_part("endnotes"), TextPlace.FOOTNOTE),
    "word, text box": (
        read_docx,
        lambda: word_parts(f"<w:p><w:txbxContent><w:p><w:t>{WORDS}</w:t></w:p></w:txbxContent></w:p>"),
        TextPlace.SHAPE,
    ),
    "word, deleted": (
        read_docx, lambda: word_parts(f"<w:p><w:del><w:r><w:delText>{WORDS}</w:delText></w:r></w:del></w:p>"), TextPlace.DELETED
    ),
    "word, moved": (
        read_docx, lambda: word_parts(f"<w:p><w:moveFrom><w:r><w:t>{WORDS}</w:t></w:r></w:moveFrom></w:p>"), TextPlace.DELETED
    ),
    "word, field": (
        read_docx,
        lambda: word_parts(
            f"<w:p><w:r><w:fldChar><w:ffData><w:ddList><w:result w:val='0'/><w:listEntry w:val='{WORDS}'/></w:ddList></w:ffData>"
            "</w:fldChar><w:instrText>FORMDROPDOWN</w:instrText></w:r></w:p>"
        ),
        TextPlace.FIELD,
    ),
    "word, description of a picture": (
        read_docx, lambda: word_parts(f"<w:p><w:r><w:drawing><w:docPr descr='{WORDS}'/></w:drawing></w:r></w:p>"), TextPlace.DESCRIPTION
    ),
    "word, page 400": (
        read_docx, lambda: word_parts("<w:p><w:r><w:br w:type='page'/></w:r></w:p>" * 400 + f"<w:p><w:t>{WORDS}</w:t></w:p>"),
        TextPlace.BODY,
    ),
    "word, properties": (
        read_docx, lambda: word(lambda made: setattr(made.core_properties, "subject", WORDS)), TextPlace.PROPERTIES
    ),
    "word, diagram": (read_docx, lambda: word_part("diagramData"), TextPlace.SHAPE),
    "excel, cell 351": (
        read_xlsx, lambda: excel(lambda made: made.active.append([f"{'a' * 350} {WORDS}"])), TextPlace.SHEET
    ),
    "excel, sheet 7": (
        read_xlsx, lambda: excel(lambda made: [made.create_sheet(f"S{n}").append([WORDS if n == 6 else "x"]) for n in range(7)]),
        TextPlace.SHEET,
    ),
    "excel, comment": (
        read_xlsx, lambda: excel(lambda made: setattr(made.active["A1"], "comment", Comment(WORDS, "A"))), TextPlace.COMMENT
    ),
    "excel, footer": (
        read_xlsx, lambda: excel(lambda made: setattr(made.active.oddFooter.center, "text", WORDS)), TextPlace.FOOTER
    ),
    "excel, header": (
        read_xlsx, lambda: excel(lambda made: setattr(made.active.oddHeader.center, "text", WORDS)), TextPlace.HEADER
    ),
    "excel, text box": (
        read_xlsx,
        lambda: pack_office(
            "xl/workbook.xml", '<workbook xmlns:r="r"><sheet name="S" r:id="worksheet"/></workbook>', {"worksheet": "<worksheet/>"},
            {"worksheet": {"drawing": f'<d xmlns:a="a"><a:p><a:t>{WORDS}</a:t></a:p></d>'}},
        ),
        TextPlace.SHAPE,
    ),
    "excel, help beside a cell": (
        read_xlsx, lambda: sheet_with(f'<dataValidation promptTitle="Help" prompt="{WORDS}"/>'), TextPlace.COMMENT
    ),
    "excel, rows behind a pivot table": (read_xlsx, pivot_table, TextPlace.STORED),
    "excel, cells of another workbook": (read_xlsx, other_book, TextPlace.STORED),
    "excel, name of a sheet": (
        read_xlsx, lambda: excel(lambda made: setattr(made.active, "title", WORDS)), TextPlace.SHEET_NAME
    ),
    "excel, column 300": (
        read_xlsx, lambda: excel(lambda made: setattr(made.active.cell(2, 300), "value", WORDS)), TextPlace.SHEET
    ),
    "excel, number in the format of the number": (read_xlsx, lambda: excel(write_as_number), TextPlace.SHEET),
    "slides, notes": (
        read_pptx, lambda: slide(notesSlide=f'<n xmlns:a="a"><a:p><a:t>{WORDS}</a:t></a:p></n>'), TextPlace.SPEAKER_NOTES
    ),
    "slides, comment": (
        read_pptx, lambda: slide(comments=f'<p:cmLst xmlns:p="p"><p:cm><p:text>{WORDS}</p:text></p:cm></p:cmLst>'), TextPlace.COMMENT
    ),
    "slides, slide": (read_pptx, lambda: slide(f"<a:p><a:t>{WORDS}</a:t></a:p>"), TextPlace.SLIDE),
    "slides, description of a picture": (
        read_pptx, lambda: slide(f"<p:pic><p:cNvPr descr='{WORDS}'/></p:pic>"), TextPlace.DESCRIPTION
    ),
    "slides, layout": (read_pptx, lambda: layout(f"<p:sp><a:t>{WORDS}</a:t></p:sp>"), TextPlace.LAYOUT),
    "slides, diagram": (read_pptx, lambda: slide(diagramData=f'<d xmlns:a="a"><a:t>{WORDS}</a:t></d>'), TextPlace.SHAPE),
    "open text, note": (
        read_odt,
        lambda: open_file(f"<text:p>A<text:note><text:note-citation>1</text:note-citation><text:p>{WORDS}</text:p></text:note></text:p>"),
        TextPlace.FOOTNOTE,
    ),
    "open text, body": (read_odt, lambda: open_file(f"<text:h>A</text:h><text:p>{WORDS}</text:p>"), TextPlace.BODY),
    "open text, header": (
        read_odt, lambda: open_page(styles=f"<s {ODF}><style:header><text:p>{WORDS}</text:p></style:header></s>"), TextPlace.HEADER
    ),
    "open text, field": (
        read_odt, lambda: open_file(f"<form:form><form:text form:current-value='{WORDS}'/></form:form><text:p>A</text:p>"), TextPlace.FIELD
    ),
    "open text, text box": (
        read_odt, lambda: open_file(f"<text:p>A<draw:text-box><text:p>{WORDS}</text:p></draw:text-box></text:p>"), TextPlace.SHAPE
    ),
    "open text, description of a picture": (
        read_odt, lambda: open_file(f"<text:p>A<draw:frame><svg:desc>{WORDS}</svg:desc></draw:frame></text:p>"), TextPlace.DESCRIPTION
    ),
    "open text, deleted": (
        read_odt,
        lambda: open_file(f"<text:tracked-changes><text:deletion><text:p>{WORDS}</text:p></text:deletion></text:tracked-changes><text:p>A</text:p>"),
        TextPlace.DELETED,
    ),
    "open text, footer": (
        read_odt,
        lambda: open_file("<text:p>A</text:p>", styles=f"<s {ODF}><style:footer><text:p>{WORDS}</text:p></style:footer></s>"),
        TextPlace.FOOTER,
    ),
    "open text, comment": (
        read_odt, lambda: open_file(f"<text:p>A<office:annotation><text:p>{WORDS}</text:p></office:annotation></text:p>"),
        TextPlace.COMMENT,
    ),
    "open slides, slide": (
        read_odp, lambda: open_file(f"<draw:page/><draw:page><draw:text-box><text:p>{WORDS}</text:p></draw:text-box></draw:page>"),
        TextPlace.SLIDE,
    ),
    "open slides, comment": (
        read_odp, lambda: open_file(f"<draw:page><office:annotation><text:p>{WORDS}</text:p></office:annotation></draw:page>"),
        TextPlace.COMMENT,
    ),
    "open slides, layout": (
        read_odp, lambda: open_page(styles=master(f"<draw:frame><draw:text-box><text:p>{WORDS}</text:p></draw:text-box></draw:frame>")),
        TextPlace.LAYOUT,
    ),
    "open slides, notes": (
        read_odp,
        lambda: open_file(f"<draw:page><text:p>A</text:p><presentation:notes><text:p>{WORDS}</text:p></presentation:notes></draw:page>"),
        TextPlace.SPEAKER_NOTES,
    ),
    "open workbook, cell 351": (read_ods, lambda: open_sheets("a" * 350 + f" {WORDS}"), TextPlace.SHEET),
    "open workbook, sheet 7": (read_ods, lambda: open_sheets(*"abcdef", WORDS), TextPlace.SHEET),
    "open workbook, header": (
        read_ods, lambda: open_page(styles=f"<s {ODF}><style:header><text:p>{WORDS}</text:p></style:header></s>"), TextPlace.HEADER
    ),
    "open workbook, help beside a cell": (
        read_ods,
        lambda: open_file(f"<table:help-message><text:p>{WORDS}</text:p></table:help-message><table:table table:name='S'/>"),
        TextPlace.COMMENT,
    ),
    "open workbook, name of a sheet": (
        read_ods, lambda: open_file(f"<table:table table:name='{WORDS}'/>"), TextPlace.SHEET_NAME
    ),
    "open workbook, comment": (
        read_ods,
        lambda: open_sheet(
            f"<table:table-cell><office:annotation><text:p>{WORDS}</text:p></office:annotation><text:p>48</text:p></table:table-cell>"
        ),
        TextPlace.COMMENT,
    ),
    "pdf, page": (read_pdf, lambda: pdf_of(WORDS), TextPlace.PAGE),
    "pdf, field": (read_pdf, filled_form, TextPlace.FIELD),
    "pdf, remark": (read_pdf, lambda: with_remark(WORDS), TextPlace.COMMENT),
    "pdf, cropped": (read_pdf, lambda: cropped_pdf(WORDS), TextPlace.PAGE),
    "pdf, stamp": (read_pdf, lambda: with_stamp(WORDS), TextPlace.COMMENT),
    "pdf, signature": (read_pdf, lambda: with_signature(WORDS), TextPlace.COMMENT),
    "pdf, bookmark": (read_pdf, lambda: with_bookmark(WORDS), TextPlace.BOOKMARKS),
    "pdf, own property": (read_pdf, lambda: with_own_property(WORDS), TextPlace.PROPERTIES),
    "pdf, packed property": (read_pdf, lambda: with_packed_property(WORDS), TextPlace.PROPERTIES),
    "pdf, own property in XMP": (read_pdf, lambda: with_own_xmp(WORDS), TextPlace.PROPERTIES),
    "pdf, live form": (read_pdf, lambda: live_form(WORDS), TextPlace.FIELD),
    "mail, attached message": (read_email, forwarded, TextPlace.ATTACHMENT),
    "mail, page of HTML": (
        read_email, lambda: letter(f"Content-Type: text/html\n\n<!-- a > b --><p>Quill&shy;moss<br>{NUMBER}"), TextPlace.BODY
    ),
    "csv, the last column": (read_csv, lambda: b"a;b\n" + b"x;" * 60 + WORDS.encode(), TextPlace.SHEET),
    "text, far down": (read_text, lambda: ("It is so. " * 40_000 + WORDS).encode(), TextPlace.BODY),
}  # fmt: skip


def write_as_number(book: openpyxl.Workbook) -> None:
    cell = book.active.cell(2, 1, int(NUMBER.replace("-", "")))
    cell.number_format = "000\\-00\\-0000"
    book.active.cell(2, 2, "Quillmoss")


@pytest.mark.parametrize("name", PLACES)
def test_words_and_numbers_are_found_wherever_they_stand(tmp_path: Path, name: str) -> None:
    reader, make, place = PLACES[name]
    facts = read(tmp_path, make(), reader)
    assert "Quillmoss" in facts.text
    assert [(finding.kind, finding.count) for finding in facts.findings if finding.strong] == [("us_ssn", 1)]
    assert facts.findings[0].spots[0].place == place


# what separates and what joins


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        ("<w:t>2026</w:t><w:noBreakHyphen/><w:t>15</w:t>", "2026-15"),
        ("<w:t>data</w:t><w:softHyphen/><w:t>base</w:t>", "database"),
        ("<w:t>Elm</w:t><w:br/><w:t>Oak</w:t>", "Elm\nOak"),
        ("<w:t>Elm</w:t><w:cr/><w:t>Oak</w:t>", "Elm\nOak"),
        ("<w:t>Elm</w:t><w:tab/><w:t>Oak</w:t>", "Elm\tOak"),
        ("<w:t>Elm</w:t><w:ptab/><w:t>Oak</w:t>", "Elm\tOak"),
        ('<w:t>Elm</w:t><w:sym w:char="2192"/><w:t>Oak</w:t>', "Elm→Oak"),
        ('<w:t>Elm</w:t><w:sym w:char="F0B7"/><w:t>Oak</w:t>', "Elm Oak"),
        ("<w:tabs><w:tab/><w:tab/></w:tabs><w:t>Elm</w:t>", "Elm"),
        (
            "<mc:A xmlns:mc='m'><mc:Choice><w:t>Elm</w:t></mc:Choice><mc:Fallback><w:t>Elm</w:t></mc:Fallback></mc:A>",
            "Elm",
        ),
        ("<w:instrText>PAGE</w:instrText><w:t>Elm</w:t>", "Elm"),
    ],
)
def test_an_element_of_word_stands_for_what_it_shows(tmp_path: Path, inside: str, text: str) -> None:
    assert read(tmp_path, word_parts(f"<w:p><w:r>{inside}</w:r></w:p>"), read_docx).text == text


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        ("Elm<text:line-break/>Oak", "Elm\nOak"),
        ("Elm<text:tab/>Oak", "Elm\tOak"),
        ('Elm<text:s text:c="3"/>Oak', "Elm   Oak"),
        ("Elm<text:s/>Oak", "Elm Oak"),
        ("Elm\n   Oak", "Elm Oak"),
        ("<text:span>El</text:span><text:span>m</text:span>", "Elm"),
        ("El\u00adm", "Elm"),
        ("Elm<text:soft-page-break/>Oak", "ElmOak"),
        ("Elm, <text:date>May 1</text:date>, <text:title>Plan</text:title>", "Elm, May 1, Plan"),
    ],
)
def test_an_element_of_opendocument_stands_for_what_it_shows(tmp_path: Path, inside: str, text: str) -> None:
    assert read(tmp_path, open_file(f"<text:p>{inside}</text:p>"), read_odt).text == text
    cell = open_sheet(f"<table:table-cell><text:p>{inside}</text:p></table:table-cell>")
    assert read(tmp_path, cell, read_ods).sheets[0].rows == ((text,),)


def test_the_title_of_a_picture_parts_no_word(tmp_path: Path) -> None:
    inside = "Elm<draw:frame><svg:title>Seal</svg:title></draw:frame>wood"
    assert read(tmp_path, open_file(f"<text:p>{inside}</text:p>"), read_odt).text == "Elmwood\n\nSeal"


def cell_of(value: str, kind: str = "n", style: int = 0) -> bytes:
    """A workbook of one cell, with the second of its styles as a share, the third as a day and the fourth as a length of time."""
    sheet = (
        f'<worksheet><sheetData><row r="2"><c r="B2" t="{kind}" s="{style}">{value}</c></row></sheetData></worksheet>'
    )
    book = '<workbook xmlns:r="r"><sheets><sheet name="S" r:id="worksheet"/></sheets></workbook>'
    formats = "".join(f'<xf numFmtId="{number}"/>' for number in (0, 9, 14, 46))
    styles = f'<styleSheet><cellStyleXfs><xf numFmtId="4"/></cellStyleXfs><cellXfs>{formats}</cellXfs></styleSheet>'
    strings = "<sst><si><r><t>El</t></r><r><t>m</t></r><rPh><t>x</t></rPh></si></sst>"
    return pack_office("book.xml", book, {"worksheet": sheet, "styles": styles, "sharedStrings": strings})


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        (cell_of("<v>0</v>", "s"), "Elm"),
        (cell_of("<v>7</v>", "s"), None),
        (cell_of("<is><t>Line one_x000D_\nLine two</t></is>", "inlineStr"), "Line one\nLine two"),
        (cell_of("<is><t>_x005F_x000D_</t></is>", "inlineStr"), "_x000D_"),
        (cell_of("<v>1</v>", "b"), "TRUE"),
        (cell_of("<v>0.52</v>", style=1), "52%"),
        (cell_of("<v>46081</v>", style=2), "2026-02-28"),
        (cell_of("<v>2026-02-28</v>", "d"), "2026-02-28"),
        (cell_of("<v>1.5</v>", style=3), "36:00:00"),
        (cell_of("<f>A1*2</f><v>14</v>"), "14"),
        (cell_of("<v>#DIV/0!</v>", "e"), "#DIV/0!"),
        (cell_of("<v>1e400</v>", style=1), "1e400"),
    ],
)
def test_a_cell_is_what_the_sheet_shows(tmp_path: Path, content: bytes, shown: str | None) -> None:
    sheets = read(tmp_path, content, read_xlsx).sheets
    assert [sheet.rows for sheet in sheets] == ([(("", ""), ("", shown))] if shown else [])


def test_cells_under_a_merged_one_keep_their_columns(tmp_path: Path) -> None:
    quarter, permits = (
        f"<table:table-cell><text:p>{text}</text:p></table:table-cell>" for text in ("Quarter", "Permits")
    )
    cells = f"{quarter}<table:covered-table-cell/>{permits}"
    assert read(tmp_path, open_sheet(cells), read_ods).sheets[0].rows == (("Quarter", "", "Permits"),)


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        ('Dataset,Note\nPermits,"first\nsecond"\n', (("Dataset", "Note"), ("Permits", "first\nsecond"))),
        ('"Dataset, long, name"\tOwner\nPermits\tWorks\n', (("Dataset, long, name", "Owner"), ("Permits", "Works"))),
        (
            "Permits, fees, and dues\n\nYear;Count\n2025;48\n2026;52\n",
            (("Permits, fees, and dues", ""), ("", ""), ("Year", "Count"), ("2025", "48"), ("2026", "52")),
        ),
        ("sep=;\nA, B;C\n1,5;2\n", (("A, B", "C"), ("1,5", "2"))),
        ("A;B\r1;2\r", (("A", "B"), ("1", "2"))),
        ("A | B, C\n1 | 2\n3 | 4\n", (("A ", " B, C"), ("1 ", " 2"), ("3 ", " 4"))),
    ],
)  # fmt: skip
def test_what_parts_the_columns_is_what_most_rows_agree_on(tmp_path: Path, content: str, rows: object) -> None:
    assert read(tmp_path, content.encode(), read_csv).sheets[0].rows == rows


@pytest.mark.parametrize("before", [0, 3, 7_000])
@pytest.mark.parametrize(("cell", "seen"), [("plain", "plain"), ("un\x07se\xaden", "unseen")])
def test_a_number_is_told_with_its_row_however_many_come_before(
    tmp_path: Path, cell: str, seen: str, before: int
) -> None:
    facts = read(tmp_path, (f"{cell}\n" * before + f"{NUMBER}\n{cell}\n").encode(), read_csv)
    assert [spot.number for spot in facts.findings[0].spots] == [before + 1]
    assert facts.text.split() == [*[seen] * before, NUMBER, seen]


# what was not looked into


def scan(*texts: str) -> bytes:
    """Pages of a picture each, with a text over it."""
    picture = io.BytesIO()
    Image.new("RGB", (40, 60), (240, 240, 240)).save(picture, "PNG")
    source = f"data:image/png;base64,{base64.b64encode(picture.getvalue()).decode()}"
    style = "<style>@page {size: 100mm 150mm; margin: 0} img {display: block; width: 100mm; height: 149mm} p {position: absolute; top: 0}</style>"
    pages = "".join(f"<div style='break-after: page'><img src='{source}'><p>{text}</p></div>" for text in texts)
    pdf: bytes = HTML(string=style + pages).write_pdf()
    return pdf


def formulas(book: openpyxl.Workbook) -> None:
    for row in range(3):
        book.active.cell(row + 2, 1, "=1+1")


def with_attachment() -> bytes:
    part = "Content-Type: application/pdf; name=plan.pdf\nContent-Disposition: attachment; filename=plan.pdf\n\n%PDF\n"
    body = f"Content-Type: text/plain\n\nSee\n--b\n{part}"
    return letter(f"Content-Type: multipart/mixed; boundary=b\n\n--b\n{body}--b--\n")


LEFT: dict[str, tuple[Reader, Callable[[], bytes], tuple[UnreadKind, int, tuple[str, ...]]]] = {
    "a scan": (read_pdf, lambda: scan("", ""), (UnreadKind.NO_WORDS, 1, ())),
    "a file pinned to a page": (read_pdf, lambda: with_pinned_file("plan.docx"), (UnreadKind.ATTACHMENTS, 1, ("plan.docx",))),
    "a picture between words": (read_pdf, lambda: with_picture("word " * 60, 0.1), (UnreadKind.PICTURES, 1, ())),
    "formulas": (read_xlsx, lambda: excel(formulas), (UnreadKind.FORMULAS, 3, ())),
    "a picture in a document": (read_docx, lambda: word_parts("<w:p/>", image="png"), (UnreadKind.PICTURES, 1, ("image.xml",))),
    "a workbook in a document": (read_docx, lambda: word_parts("<w:p/>", package="x"), (UnreadKind.EMBEDDED, 1, ("package.xml",))),
    "an attachment": (read_email, with_attachment, (UnreadKind.ATTACHMENTS, 1, ("plan.pdf",))),
    "a part that is broken": (read_docx, lambda: word_parts("<w:p/>", header="<w:x"), (UnreadKind.EMBEDDED, 1, ("header.xml",))),
}  # fmt: skip


@pytest.mark.parametrize("name", LEFT)
def test_what_was_not_looked_into_is_named(tmp_path: Path, name: str) -> None:
    reader, make, (kind, count, names) = LEFT[name]
    assert read(tmp_path, make(), reader).unread == (UnreadPart(kind, count, names),)


def test_a_stamped_page_among_others_is_a_scan_and_a_picture_behind_words_is_a_picture(tmp_path: Path) -> None:
    assert read(tmp_path, scan("word " * 60, "No. 7"), read_pdf).unread == (
        UnreadPart(UnreadKind.PICTURES),
        UnreadPart(UnreadKind.PAGES_WITHOUT_WORDS, 1, ("2",)),
    )


@pytest.mark.parametrize(("share", "unseen"), [(0.01, ""), (0.4, "word " * 10)])
def test_an_emblem_and_a_scan_with_its_words_leave_nothing_to_name(tmp_path: Path, share: float, unseen: str) -> None:
    assert read(tmp_path, with_picture("word " * 60, share, unseen=unseen), read_pdf).unread == ()


def test_a_word_that_a_line_parts_is_whole(tmp_path: Path) -> None:
    page = "<html lang='en'><p style='width: 60px; font: 12px sans-serif; hyphens: manual'>data manage&shy;ment of 2026-<br>15"
    assert "management of\n2026-\n15" in read(tmp_path, HTML(string=page).write_pdf(), read_pdf).text


def test_a_live_form_says_what_is_asked_and_nothing_of_its_program(tmp_path: Path) -> None:
    assert read(tmp_path, live_form("Quillmoss"), read_pdf).text == "Please wait\n\nYour name\n\nQuillmoss"


def test_a_stamp_that_holds_its_words_says_them_once(tmp_path: Path) -> None:
    assert read(tmp_path, with_remark("Zephyrwick"), read_pdf).text.count("Zephyrwick") == 1


def test_a_text_beyond_what_is_kept_is_checked_and_the_cut_is_named(tmp_path: Path) -> None:
    facts = read(tmp_path, b"It is so. " * (TEXT_LIMIT // 10) + WORDS.encode(), read_text)
    assert (len(facts.text), "Quillmoss" in facts.text) == (TEXT_LIMIT, False)
    assert [finding.kind for finding in facts.findings] == ["us_ssn"]
    assert facts.unread == (UnreadPart(UnreadKind.BEYOND_SEARCH, TEXT_LIMIT),)


# what the reason was


def test_an_encrypted_open_document_needs_a_password(tmp_path: Path) -> None:
    manifest = "<m xmlns='m'><file-entry><encryption-data/></file-entry></m>"
    for reader in (read_odt, read_ods, read_odp):
        with pytest.raises(LockedFile):
            read(tmp_path, open_file("<text:p>A</text:p>", **{"META-INF/manifest": manifest}), reader)


def test_a_date_that_nobody_can_read_is_no_trouble(tmp_path: Path) -> None:
    facts = read(tmp_path, letter("Date: Monday\n\nGorsehollow"), read_email)
    assert (facts.made_on, facts.text.endswith("Gorsehollow")) == (None, True)


@pytest.mark.parametrize(
    ("written", "zone", "day"),
    [
        ("2026-03-01T02:30:00Z", "America/New_York", date(2026, 2, 28)),
        ("2026-03-01T02:30:00+00:00", "America/New_York", date(2026, 2, 28)),
        ("2026-02-28T21:30:00-05:00", "America/Santiago", date(2026, 2, 28)),
        ("2026-02-28T21:30:00", "Asia/Tokyo", date(2026, 2, 28)),
        ("2013-12-23T23:15:00Z", "America/New_York", None),
    ],
)
def test_a_moment_in_universal_time_is_a_day_of_the_city(
    tmp_path: Path, written: str, zone: str, day: date | None
) -> None:
    core = f'<c:core xmlns:c="c"><c:created>{written}</c:created></c:core>'
    made = pack_office("word/document.xml", f'<w:document xmlns:w="{W}"/>', {}, {}, core)
    assert read(tmp_path, made, read_docx, ZoneInfo(zone)).made_on == day
