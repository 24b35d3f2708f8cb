"""Reading kept files in a process of its own: what is found in good ones, and that bad ones cost no more than their limits."""

import io
import json
import socket
import subprocess
import sys
import zipfile
from datetime import date
from email.message import EmailMessage
from pathlib import Path

import openpyxl
import pypdf
import pytest
from openpyxl import Workbook
from PIL import Image
from weasyprint import HTML

from app.adapters.file_readers import reading
from app.rules.files import kinds
from app.rules.files.file_reading import PREVIEW_COLUMNS, PREVIEW_ROWS, PREVIEW_SHEETS, FileFacts, FileTrouble
from app.rules.files.file_text import TEXT_LIMIT
from app.rules.files.kinds import FileKind
from app.settings import ROOT
from tests.small_files import pdf_of, scan_as

OFFICE = "http://schemas.openxmlformats.org"
CORE = (
    '<cp:coreProperties xmlns:cp="x" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/">'
    "<dc:title>Data plan</dc:title><dcterms:created>2025-03-12T09:00:00Z</dcterms:created>"
    "<dcterms:modified>2025-04-01T09:00:00Z</dcterms:modified></cp:coreProperties>"
)
META = (
    '<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0"><office:meta><dc:title>Data plan</dc:title>'
    "<meta:creation-date>2025-03-12T09:00:00</meta:creation-date><dc:date>2025-04-01T09:00:00</dc:date>"
    '<meta:document-statistic meta:page-count="3"/></office:meta></office:document-meta>'
)
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {now} "{f"&{before};" * 10}">' for before, now in zip("abcdefghi", "bcdefghij", strict=True))
    + "]>"
)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A file in storage has no ending."""
    return tmp_path / "0a1b2c"


def read(place: Path, content: bytes, kind: FileKind, *, seconds: int = 30, memory_mb: int = 512) -> FileFacts:
    place.write_bytes(content)
    return reading.read_facts(place, kind.media_type, seconds=seconds, memory_mb=memory_mb)


def packed(**members: str | bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name.replace("___rels__", "/_rels/").replace("__", "/").replace("_xml", ".xml"), content)
    return made.getvalue()


def relationships(**targets: str) -> str:
    kind = f"{OFFICE}/officeDocument/2006/relationships"
    links = "".join(
        f'<Relationship Id="{name}" Type="{kind}/{name.rstrip("0123456789").replace("core", "core-properties")}" Target="{target}"/>'
        for name, target in targets.items()
    )
    return f'<Relationships xmlns="{OFFICE}/package/2006/relationships">{links}</Relationships>'


def docx(body: str, before: str = "") -> bytes:
    document = f'{before}<w:document xmlns:w="{OFFICE}/wordprocessingml/2006/main"><w:body>{body}</w:body></w:document>'
    links = relationships(officeDocument="word/document.xml", core="docProps/core.xml")
    return packed(**{"_rels__.rels": links}, word__document_xml=document, docProps__core_xml=CORE)


def odf(body: str) -> bytes:
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "text", "table")
    )
    return packed(content_xml=f"<office:document-content {spaces}>{body}</office:document-content>", meta_xml=META)


def workbook(*sheets: tuple[str, list[list[object]]]) -> bytes:
    book = Workbook(write_only=True)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def photo(form: str, size: tuple[int, int] = (60, 40), *, placed: bool = False, turned: int = 1) -> bytes:
    image = Image.new("RGB", size, (200, 30, 30))
    exif = image.getexif()
    exif[0x0112] = turned
    exif.get_ifd(0x8769)[0x9003] = "2025:03:12 10:00:00"
    if placed:
        exif.get_ifd(0x8825).update({1: "N", 2: (40.0, 44.0, 0.0), 3: "W", 4: (74.0, 10.0, 0.0)})
    made = io.BytesIO()
    image.save(made, form, exif=exif)
    return made.getvalue()


def pictures(facts: FileFacts) -> list[Image.Image]:
    return [Image.open(io.BytesIO(picture)) for picture in facts.pictures]


# what is found


def test_of_a_fax_the_pages_and_what_is_written_about_it(place: Path) -> None:
    facts = read(place, scan_as("TIFF", *map(str, range(7)), description="Fax of Tamsin", artist="Orla"), kinds.TIFF)
    assert (facts.trouble, facts.pages, len(facts.pictures)) == (None, 7, 5)
    assert facts.wordless == (1, 2, 3, 4, 5, 6, 7)
    assert "Fax of Tamsin\nOrla" in facts.text


def test_of_a_photo_of_an_iphone_what_any_photo_says(place: Path) -> None:
    with Image.open(io.BytesIO(photo("JPEG", placed=True))) as taken:
        content = scan_as("HEIF", "A hall", exif=taken.getexif())
    facts = read(place, content, kinds.HEIC)
    assert (facts.trouble, facts.made_on, facts.has_position) == (None, date(2025, 3, 12), True)
    assert (facts.wordless, facts.pages) == ((0,), None)
    (shown,) = pictures(facts)
    assert not shown.getexif()


def test_a_page_of_a_fax_that_unpacks_without_end_is_left(place: Path) -> None:
    """The first page decides what the door sees."""
    content = io.BytesIO()
    Image.new("1", (60, 60)).save(
        content, "TIFF", save_all=True, append_images=[Image.new("1", (30_000, 30_000))], compression="group4"
    )
    facts = read(place, content.getvalue(), kinds.TIFF)
    assert (facts.trouble, facts.pages, len(facts.pictures)) == (FileTrouble.TOO_MUCH, 2, 1)


def test_of_a_pdf_the_words_the_dates_and_five_pages(place: Path) -> None:
    page = "<h1>Council</h1><p style='page-break-after: always'>We met in March.</p>"
    head = "<title>Minutes</title><meta name=dcterms.created content=2025-03-12><meta name=dcterms.modified content=2025-04-01>"
    facts = read(place, HTML(string=head + page * 7).write_pdf(), kinds.PDF)
    assert (facts.title, facts.pages, facts.trouble) == ("Minutes", 7, None)
    assert (facts.made_on, facts.changed_on) == (date(2025, 3, 12), date(2025, 4, 1))
    assert facts.text.count("We met in March.") == 7
    assert [(image.format, image.width) for image in pictures(facts)] == [("WEBP", 900)] * 5


def test_a_pdf_whose_only_dates_are_in_its_xmp_has_them_too(place: Path) -> None:
    xmp = b"<x:xmpmeta><xmp:CreateDate>2024-06-30T08:00:00Z</xmp:CreateDate></x:xmpmeta>"
    facts = read(place, pdf_of("A plan").replace(b"%%EOF", b"% " + xmp + b"\n%%EOF"), kinds.PDF)
    assert facts.made_on == date(2024, 6, 30)


def test_of_a_word_document_the_words_line_by_line(place: Path) -> None:
    body = "<w:p><w:r><w:t>First</w:t><w:tab/><w:t>line</w:t></w:r></w:p><w:p><w:r><w:t>Second</w:t></w:r></w:p>"
    facts = read(place, docx(body), kinds.DOCX)
    assert facts.text == "First\tline\nSecond"
    assert (facts.title, facts.made_on, facts.changed_on) == ("Data plan", date(2025, 3, 12), date(2025, 4, 1))


def test_of_slides_the_words_in_their_order(place: Path) -> None:
    slides = {f"ppt__slides__slide{n}_xml": f'<s xmlns:a="x"><a:p><a:t>Slide {n}</a:t></a:p></s>' for n in (10, 2, 1)}
    links = {f"slide{n}": f"slides/slide{n}.xml" for n in (1, 2, 10)}
    show = "".join(f'<p:sldId id="25{n}" r:id="slide{n}"/>' for n in (1, 2, 10))
    package = {
        "_rels__.rels": relationships(officeDocument="ppt/presentation.xml", core="docProps/core.xml"),
        "ppt__presentation_xml": f'<p:presentation xmlns:p="y" xmlns:r="z"><p:sldIdLst>{show}</p:sldIdLst></p:presentation>',
        "ppt___rels__presentation_xml.rels": relationships(**links),
    }
    facts = read(place, packed(**package, **slides, docProps__core_xml=CORE), kinds.PPTX)
    assert (facts.text, facts.pages) == ("Slide 1\n\nSlide 2\n\nSlide 10", 3)


def test_of_an_open_document_the_words_and_its_own_facts(place: Path) -> None:
    facts = read(place, odf("<text:h>Plan</text:h><text:p>One<text:s/>two</text:p>"), kinds.ODT)
    assert facts.text == "Plan\nOne two"
    assert (facts.title, facts.pages, facts.made_on) == ("Data plan", 3, date(2025, 3, 12))


def test_of_an_open_workbook_its_cells_where_repeated_ones_do_not_fill_the_world(place: Path) -> None:
    cell = "<table:table-cell{}><text:p>{}</text:p></table:table-cell>"
    twice = ' table:number-columns-repeated="2"'
    row = f"<table:table-row>{cell.format('', 'a')}{cell.format(twice, 'b')}</table:table-row>"
    blank = '<table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    facts = read(place, odf(f'<table:table table:name="Budget">{row}{blank}</table:table>'), kinds.ODS)
    assert [(sheet.name, sheet.rows, sheet.cut) for sheet in facts.sheets] == [("Budget", (("a", "b", "b"),), False)]
    assert facts.text == "a\tb\tb\n\nBudget"


def test_of_a_workbook_the_beginning_is_shown_and_the_words_of_all_are_read(place: Path) -> None:
    many: list[list[object]] = [[f"row {number}", *range(30)] for number in range(150)]
    content = workbook(("Long", many), *[(f"S{number}", [["x", number]]) for number in range(7)], ("Empty", []))
    facts = read(place, content, kinds.XLSX)
    assert [sheet.name for sheet in facts.sheets] == ["Long", "S0", "S1", "S2", "S3"]
    assert len(facts.sheets) == PREVIEW_SHEETS
    assert (len(facts.sheets[0].rows), len(facts.sheets[0].rows[0])) == (PREVIEW_ROWS, PREVIEW_COLUMNS)
    assert [sheet.cut for sheet in facts.sheets] == [True, False, False, False, False]
    assert "row 149" in facts.text
    assert "\n\nx\t6\n\nLong\nS0\n" in facts.text


def test_a_formula_is_shown_as_its_result_and_never_as_a_formula(place: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["=1+1", "text"])
    made = io.BytesIO()
    book.save(made)
    facts = read(place, made.getvalue(), kinds.XLSX)
    assert facts.sheets[0].rows == (("", "text"),)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_of_a_csv_file_its_rows_whatever_parts_them(place: Path, delimiter: str, encoding: str) -> None:
    lines = [["Año", "Número"], ["2025", '"a, b"']]
    facts = read(place, "\r\n".join(delimiter.join(line) for line in lines).encode(encoding), kinds.CSV)
    assert facts.sheets[0].rows == (("Año", "Número"), ("2025", "a, b"))


def test_of_a_text_at_most_what_is_kept(place: Path) -> None:
    facts = read(place, b"\x00\x1b[31mHi " + "ñ".encode() * 300_000, kinds.TEXT)
    assert facts.text.startswith("[31mHi ñ")
    assert len(facts.text) <= TEXT_LIMIT


def test_of_a_message_who_wrote_what_and_when(place: Path) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "ana@city.example", "ben@city.example", "Añadir plan"
    message["Date"] = "Wed, 12 Mar 2025 23:00:00 -0500"
    message.set_content("<p>Hello <b>you</b> &amp; all</p><script>alert(1)</script>", subtype="html")
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="plan.pdf")
    facts = read(place, bytes(message), kinds.EMAIL)
    assert (facts.title, facts.made_on) == ("Añadir plan", date(2025, 3, 12))
    for words in ("ana@city.example", "you", "& all", "[plan.pdf]"):
        assert words in facts.text
    assert "alert" not in facts.text


@pytest.mark.parametrize(
    ("encoding", "body", "text"),
    [
        ("iso-8859-1", "año".encode("latin-1"), "año"),
        ("punycode", b"one-two", "one-two"),
        ("utf-7", b"+AGE-", "+AGE-"),
        ("no-such", "año".encode(), "año"),
    ],
)
def test_of_a_message_the_text_in_an_encoding_that_messages_have(
    place: Path, encoding: str, body: bytes, text: str
) -> None:
    facts = read(place, f"Content-Type: text/plain; charset={encoding}\n\n".encode() + body, kinds.EMAIL)
    assert (facts.text.strip(), facts.trouble) == (text, None)


@pytest.mark.parametrize(("form", "kind"), [("JPEG", kinds.JPEG), ("PNG", kinds.PNG), ("WEBP", kinds.WEBP)])
def test_of_a_photo_when_and_that_it_says_where_which_its_picture_does_not(
    place: Path, form: str, kind: FileKind
) -> None:
    facts = read(place, photo(form, placed=True, turned=6), kind)
    assert (facts.made_on, facts.has_position) == (date(2025, 3, 12), True)
    (picture,) = pictures(facts)
    assert picture.size == (40, 60), "as it was taken"
    assert not picture.getexif()
    assert not read(place, photo(form), kind).has_position


def test_a_large_photo_is_made_small(place: Path) -> None:
    facts = read(place, photo("JPEG", (7000, 7000)), kinds.JPEG)
    assert facts.trouble is None
    assert pictures(facts)[0].size == (1400, 1400)


# what is not to be read


def encrypted_pdf() -> bytes:
    writer = pypdf.PdfWriter(io.BytesIO(pdf_of("secret")))
    writer.encrypt("a pass word", algorithm="RC4-128")
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def test_a_pdf_with_a_password_says_so(place: Path) -> None:
    facts = read(place, encrypted_pdf(), kinds.PDF)
    assert (facts.trouble, facts.found_nothing) == (FileTrouble.LOCKED, True)


def bomb(size: int, before: bytes, after: bytes) -> bytes:
    """A member that is nothing but the letter a, packed a thousand times smaller than it is."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package, package.open("word/document.xml", "w") as member:
        member.write(before)
        for _ in range(size // 1_000_000):
            member.write(b"a" * 1_000_000)
        member.write(after)
    return made.getvalue()


def nested_message(levels: int) -> bytes:
    """A list of parts in a list of parts and so on, which nothing ends."""
    part = b"Content-Type: multipart/mixed; boundary=b\n\n"
    return b"From: a\n" + part + (b"--b\n" + part) * levels


WORD = f'<w:document xmlns:w="{OFFICE}/wordprocessingml/2006/main">'.encode()
HOSTILE: dict[str, tuple[FileKind, bytes, FileTrouble | None]] = {
    "nothing": (kinds.PDF, b"", FileTrouble.DAMAGED),
    "half a PDF": (kinds.PDF, pdf_of("A plan")[:300], None),
    "noise as PDF": (kinds.PDF, b"%PDF-1.7\n" + bytes(range(256)) * 400, FileTrouble.DAMAGED),
    "noise as zip": (kinds.DOCX, b"PK\x03\x04" + bytes(range(256)) * 40, FileTrouble.DAMAGED),
    "a zip without a document": (kinds.DOCX, packed(other_xml="<a/>"), FileTrouble.DAMAGED),
    "billion laughs": (kinds.DOCX, docx("<w:p><w:t>&j;</w:t></w:p>", LAUGHS), FileTrouble.DAMAGED),
    "an entity from a file": (
        kinds.DOCX,
        docx("<w:p><w:t>&x;</w:t></w:p>", '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
        FileTrouble.DAMAGED,
    ),
    "elements in elements": (kinds.DOCX, docx("<w:p>" * 100_000 + "</w:p>" * 100_000), FileTrouble.TOO_MUCH),
    "laughs in a workbook": (
        kinds.XLSX,
        packed(**{"[Content_Types]_xml": "<a/>", "xl__workbook_xml": LAUGHS + "<a>&j;</a>"}),
        FileTrouble.DAMAGED,
    ),
    "not an image": (kinds.PNG, b"\x89PNG\r\n\x1a\n" + bytes(400), FileTrouble.DAMAGED),
    "half a photo": (kinds.JPEG, photo("JPEG", (900, 900))[:900], FileTrouble.DAMAGED),
    "a message in messages": (kinds.EMAIL, nested_message(1_500), None),
    "open tags without an end": (kinds.EMAIL, b"Content-Type: text/html\n\n" + b"<script" * 200_000, None),
    "one cell without an end": (kinds.CSV, b'"' + b"a" * 3_000_000, None),
    "a million columns": (kinds.CSV, b"," * 1_000_000, None),
    "a million lines": (kinds.CSV, b"a\n" * 1_000_000, None),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_ends_in_facts_within_its_limits(place: Path, name: str) -> None:
    kind, content, trouble = HOSTILE[name]
    facts = read(place, content, kind)
    assert trouble is None or facts.trouble == trouble
    assert "root:" not in facts.text
    assert "hahaha" not in facts.text


@pytest.mark.parametrize(
    ("size", "before", "after", "trouble"),
    [
        (300_000_000, b"<w:p><w:t>", b"</w:t></w:p></w:document>", None),
        (700_000_000, b"<w:p a='", b"'/></w:document>", FileTrouble.DAMAGED),
    ],
    ids=["of text", "in one tag"],
)
def test_a_bomb_ends_in_facts_within_its_limits(
    place: Path, size: int, before: bytes, after: bytes, trouble: FileTrouble | None
) -> None:
    facts = read(place, bomb(size, WORD + before, after), kinds.DOCX)
    assert trouble is None or facts.trouble == trouble


def pixel_bomb(width: int, height: int) -> bytes:
    """A PNG of one colour that unpacks to gigabytes."""
    made = io.BytesIO()
    Image.new("1", (width, height)).save(made, "PNG")
    return made.getvalue()


def test_an_image_of_very_many_pixels_is_not_unpacked(place: Path) -> None:
    facts = read(place, pixel_bomb(30_000, 30_000), kinds.PNG)
    assert (facts.trouble, facts.pictures) == (FileTrouble.TOO_MUCH, ())


def heavy_pdf() -> bytes:
    """A page whose form calls a form ten times, nine levels deep: a thousand million drawings."""
    last = 9
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Resources << /XObject << /F 5 0 R >> >> /Contents 4 0 R >>",
        _stream(b"", b"/F Do"),
    ]
    for level in range(last + 1):
        inner = b"/XObject << /F %d 0 R >>" % (6 + level) if level < last else b""
        head = b"/Type /XObject /Subtype /Form /BBox [0 0 600 800] /Resources << %s >>" % inner
        objects.append(_stream(head, b"/F Do " * 10 if level < last else b"0 0 500 500 re f " * 50))
    out, places = io.BytesIO(b"%PDF-1.4\n"), []
    out.seek(0, 2)
    for number, one in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, one))
    start = out.tell()
    index = b"".join(b"%010d 00000 n \n" % one for one in places)
    out.write(b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, index))
    out.write(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
    return out.getvalue()


def _stream(head: bytes, content: bytes) -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (head, len(content), content)


def test_a_file_that_takes_too_much_leaves_what_was_found_before(place: Path) -> None:
    facts = read(place, heavy_pdf(), kinds.PDF)
    assert (facts.trouble, facts.pages) == (FileTrouble.TOO_MUCH, 1)


def test_a_file_that_takes_for_ever_is_stopped(place: Path) -> None:
    facts = read(place, nested_message(15_000), kinds.EMAIL, seconds=1)
    assert facts.trouble == FileTrouble.TOO_LONG


def test_memory_is_bounded(place: Path) -> None:
    content = photo("PNG", (7000, 7000))
    assert read(place, content, kinds.PNG, memory_mb=200).trouble == FileTrouble.TOO_MUCH
    assert read(place, content, kinds.PNG).trouble is None


FORBIDDEN = {
    "a connection": "import socket; socket.create_connection(('127.0.0.1', {port}), 5)",
    "a message": "import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', {port}))",
    "a name": "import socket; socket.getaddrinfo('localhost', 80)",
    "a program": "import subprocess; subprocess.run(['touch', '{mark}'])",
    "a shell": "import os; os.system('touch {mark}')",
    "another self": "import os, pathlib; os.fork() or pathlib.Path('{mark}').touch()",
}
BY_ITSELF = """
import sys
from pathlib import Path
from app.adapters.file_readers import child

def reader(path, notes):
    {forbidden}
    notes.note(text="it went through")

child._reader = lambda media_type: reader
child.main(Path(sys.argv[0]), "text/plain", Path("{place}"), "US", 20, 512)
"""


@pytest.mark.parametrize("name", FORBIDDEN)
def test_the_process_cannot_reach_the_network_nor_start_another(tmp_path: Path, name: str) -> None:
    mark = tmp_path / "started"
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        forbidden = FORBIDDEN[name].format(port=listening.getsockname()[1], mark=mark)
        done = subprocess.run([sys.executable, "-c", BY_ITSELF.format(forbidden=forbidden, place=tmp_path)], cwd=ROOT)
        with pytest.raises(BlockingIOError):
            listening.accept()
    assert done.returncode == 0
    found = json.loads((tmp_path / "facts.json").read_text())
    assert (found["trouble"], found["text"], mark.exists()) == (FileTrouble.DAMAGED, "", False)


def test_a_file_that_is_not_there_gives_facts_too(tmp_path: Path) -> None:
    facts = reading.read_facts(tmp_path / "gone", kinds.PDF.media_type)
    assert facts.found_nothing
    assert facts.trouble is not None
