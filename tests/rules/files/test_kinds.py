"""What may be kept, and under which name."""

import unicodedata
from collections.abc import Collection

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.rules.errors import Invalid
from app.rules.files import kinds
from app.rules.files.kinds import BY_EXTENSION, FILE_KINDS, FileKind, check_file_kind, safe_name
from app.rules.files.offered import KIND_GROUPS, name_kinds, offer_files

WORD = ["[Content_Types].xml", "_rels/.rels", "word/document.xml"]
EXCEL = ["[Content_Types].xml", "xl/workbook.xml"]
SLIDES = ["[Content_Types].xml", "ppt/presentation.xml"]
ZIP = b"PK\x03\x04" + bytes(26)


def open_document(kind: str) -> bytes:
    return ZIP + f"mimetypeapplication/vnd.oasis.opendocument.{kind}".encode() + b"PK\x03\x04"


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(50)
WORD_STREAMS = ["WordDocument", "1Table", "\x05SummaryInformation"]
MESSAGE_STREAMS = ["__properties_version1.0", "__nameid_version1.0"]

SAMPLES: list[tuple[str, bytes, list[str] | None]] = [
    ("pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", None),
    ("docx", ZIP, WORD),
    ("xlsx", ZIP, EXCEL),
    ("pptx", ZIP, SLIDES),
    ("odt", open_document("text"), ["mimetype", "content.xml"]),
    ("ods", open_document("spreadsheet"), ["mimetype", "content.xml"]),
    ("odp", open_document("presentation"), ["mimetype", "content.xml"]),
    ("png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", None),
    ("jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", None),
    ("jpeg", b"\xff\xd8\xff\xe1\x00\x10Exif\x00", None),
    ("jfif", b"\xff\xd8\xff\xe0\x00\x10JFIF", None),
    ("gif", b"GIF89a\x01\x00", None),
    ("webp", b"RIFF\x1a\x00\x00\x00WEBPVP8L", None),
    ("doc", OLE, WORD_STREAMS),
    ("xls", OLE, ["Workbook", "WordDocumentary"]),
    ("ppt", OLE, ["Current User", "PowerPoint Document"]),
    ("msg", OLE, MESSAGE_STREAMS),
    ("tif", b"II*\x00\x08\x00\x00\x00", None),
    ("tiff", b"MM\x00+\x00\x08\x00\x00", None),
    ("heic", b"\x00\x00\x00\x18ftypheic", None),
    ("heif", b"\x00\x00\x00\x18ftypmif1", None),
    ("csv", "año,crímenes\n2024,25 %\n".encode(), None),
    ("txt", "notes from Tuesday\n".encode("utf-16"), None),
    ("eml", b"From: mayor@city.example\r\nSubject: data\r\n\r\nHello", None),
]


NEWER = kinds.kinds_named("pdf docx xlsx pptx png jpg txt csv")
"""What an installation keeps that wants none of the older kinds."""


def refusal(name: str, head: bytes, members: list[str] | None = None, kept: Collection[FileKind] = FILE_KINDS) -> str:
    with pytest.raises(Invalid) as refused:
        check_file_kind(name, head, members, kept)
    return str(refused.value.fields["file"])


def test_every_kind_has_a_sample_here() -> None:
    assert {ending for ending, _, _ in SAMPLES} == set(BY_EXTENSION)
    assert len({kind.media_type for kind in FILE_KINDS}) == len(FILE_KINDS)


@pytest.mark.parametrize(("ending", "head", "members"), SAMPLES)
@pytest.mark.parametrize("stem", ["report", "Report.final", "REPORT 2024"])
def test_a_file_is_kept_when_content_and_name_agree(
    ending: str, head: bytes, members: list[str] | None, stem: str
) -> None:
    assert ending in check_file_kind(f"{stem}.{ending}", head, members).extensions
    assert ending in check_file_kind(f"{stem}.{ending.upper()}", head, members).extensions


@pytest.mark.parametrize(("ending", "head", "members"), SAMPLES)
def test_a_file_is_refused_under_every_other_name(ending: str, head: bytes, members: list[str] | None) -> None:
    alike = {"csv": {"txt"}, "txt": {"csv"}, "eml": {"csv", "txt"}}.get(ending, set())
    for other in set(BY_EXTENSION) - set(BY_EXTENSION[ending].extensions) - alike:
        sentence = refusal(f"report.{other}", head, members)
        assert f"but its name ends in .{other}." in sentence


def test_the_sentence_names_what_the_content_is() -> None:
    assert refusal("minutes.docx", b"%PDF-1.4").startswith("This looks like “PDF document” but its name ends in .docx.")


@pytest.mark.parametrize("ending", ["exe", "bat", "xyz", "js", "pdf "])
def test_other_types_are_refused_with_what_to_use(ending: str) -> None:
    sentence = refusal(f"report.{ending}", b"%PDF-1.4")
    assert sentence == f"Files of type .{ending} cannot be kept here; use PDF, Office, image, CSV or text."


@pytest.mark.parametrize(
    ("ending", "advice"),
    [
        ("doc", "Open it in Word, choose Save As, and there Word Document (.docx) or PDF."),
        ("xls", "Open it in Excel, choose Save As, and there Excel Workbook (.xlsx)."),
        ("ppt", "PowerPoint Presentation (.pptx) or PDF."),
        ("msg", "Open it in Outlook, choose File, Print, and there Save as PDF; or save it as .eml."),
        ("heic", "Open the photo and share or export it as JPEG."),
        ("tif", "save it as PDF or PNG."),
        ("zip", "Unpack it, and choose the files in it."),
        ("dotx", "Open it in Word, choose Save As, and there Word Document (.docx) or PDF."),
        ("ppsx", "PowerPoint Presentation (.pptx) or PDF."),
        ("url", "Add its address as a link, or print it as PDF."),
        ("pages", "Open it in Pages, choose File, Export To, and there PDF or Word."),
        ("numbers", "Open it in Numbers, choose File, Export To, and there Excel."),
        ("key", "Open it in Keynote, choose File, Export To, and there PDF or PowerPoint."),
        ("wpd", "Open it in Word, choose Save As, and there Word Document (.docx) or PDF."),
        ("pub", "choose Save As or Export, and there PDF."),
        ("vsdx", "choose Save As or Export, and there PDF."),
        ("mpp", "choose Save As or Export, and there PDF."),
        ("one", "choose Save As or Export, and there PDF."),
        ("gdoc", "choose File, Download, and there PDF or the Office format."),
        ("mp4", "add its address as a link."),
        ("accdb", "Save it as CSV, or as an Excel workbook (.xlsx)."),
    ],
)
def test_who_has_a_file_of_another_type_is_told_what_to_press(ending: str, advice: str) -> None:
    sentence = refusal(f"report.{ending.upper()}", b"%PDF-1.4", kept=NEWER)
    assert sentence.startswith(f"Files of type .{ending} cannot be kept here. ")
    assert sentence.endswith(advice)


def test_an_older_file_is_what_its_streams_say() -> None:
    assert refusal("a.doc", OLE, MESSAGE_STREAMS).startswith(
        "This looks like “Outlook message” but its name ends in .doc."
    )
    assert refusal("a.docx", OLE, ["EncryptedPackage", "EncryptionInfo"]) == (
        "This file needs a password to be opened. Save it without one first."
    )
    assert "older Office file" in refusal("a.doc", OLE, ["VisioDocument"])


def test_a_camera_is_asked_for_pictures_that_a_browser_shows_and_a_dialog_for_all() -> None:
    """An iPhone that is asked for them makes its own kind into one of them."""
    choice = offer_files(FILE_KINDS, 200)
    assert choice.photos == "image/png,image/jpeg,image/gif,image/webp"
    assert choice.accept.startswith(choice.photos + ",.pdf,")
    assert all(f".{ending}" in choice.accept.split(",") for ending in BY_EXTENSION)
    assert offer_files(kinds.kinds_named("pdf heic"), 200).accept == ".pdf,.heic,.heif"


def test_every_kind_has_a_name_that_people_know() -> None:
    assert {kind for group in KIND_GROUPS.values() for kind in group} == set(FILE_KINDS)
    assert [str(name) for name in name_kinds(kinds.kinds_named("pdf doc"))] == ["PDF", "Word"]


def test_a_package_is_what_it_says_of_itself_whatever_its_parts_are_called() -> None:
    types = '<Override ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    members = ["[Content_Types].xml", "book/first.xml"]
    assert check_file_kind("a.xlsx", ZIP, members, package_type=types) == kinds.XLSX
    media_type = "application/vnd.oasis.opendocument.spreadsheet"
    assert check_file_kind("a.ods", ZIP, ["content.xml", "mimetype"], package_type=media_type) == kinds.ODS
    with pytest.raises(Invalid):
        check_file_kind("a.ods", ZIP, ["content.xml", "mimetype"], package_type=media_type + "-template")


@pytest.mark.parametrize("before", [b"\xef\xbb\xbf", b"\r\n", b"HTTP/1.1 200 OK\r\n\r\n", bytes(1_000)])
def test_a_pdf_may_begin_a_little_later(before: bytes) -> None:
    assert check_file_kind("a.pdf", before + b"%PDF-1.7\n", None) == kinds.PDF


def test_a_text_that_names_a_pdf_stays_a_text() -> None:
    assert check_file_kind("a.txt", b"It began with %PDF-1.7 and went on", None) == kinds.TEXT


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("ending", ["csv", "txt"])
def test_a_text_may_have_two_bytes_a_letter(ending: str, encoding: str) -> None:
    assert ending in check_file_kind(f"table.{ending}", "Año;Permisos\r\n2026;48\r\n".encode(encoding), None).extensions


def test_a_message_needs_no_blank_after_a_colon() -> None:
    assert check_file_kind("a.eml", b"From:A <a@newark.example>\nTo:b@newark.example\n\nHello", None) == kinds.EMAIL


def test_a_message_may_begin_with_the_mark_of_an_editor() -> None:
    assert check_file_kind("a.eml", b"\xef\xbb\xbfFrom: a@newark.example\n\nHello", None) == kinds.EMAIL


@pytest.mark.parametrize("name", ["report", "", ".pdf", "report."])
def test_a_name_without_an_ending_is_told_so(name: str) -> None:
    assert "cannot be kept" in refusal(name, b"%PDF-1.4") or "no ending" in refusal(name, b"%PDF-1.4")


@pytest.mark.parametrize(
    ("head", "word"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(50), "password"),
        (b"\x00\x00\x00\x18ftypheic", "HEIC"),
        (b"II*\x00\x08\x00\x00\x00", "TIFF"),
        (b"MZ\x90\x00\x03", "program"),
        (b"\x7fELF\x02", "program"),
        (b"#!/bin/sh\nrm -rf /", "program"),
        (b"{\\rtf1\\ansi", "RTF"),
        (b"\xef\xbb\xbf \n<!DOCTYPE html><title>x", "web page"),
        (b"<svg onload=alert(1)>", "web page"),
        (b"<script>alert(1)</script>", "web page"),
        (b"Rar!\x1a\x07", "archive"),
    ],
)
@pytest.mark.parametrize("name", ["a.pdf", "a.txt", "a.csv", "a.png", "a.docx"])
def test_content_that_is_not_kept_is_named_whatever_the_name_says(head: bytes, word: str, name: str) -> None:
    assert word in refusal(name, head)


def test_nobody_is_told_to_give_a_file_a_name_under_which_it_is_refused() -> None:
    assert refusal("letter.doc", b"{\\rtf1\\ansi") == (
        "This looks like “RTF document”, which cannot be kept, though its name ends in .doc. "
        "In the program that it comes from, save it as that type."
    )
    assert "right name" not in refusal("export.xls", b"<html><table>")
    assert "right name" in refusal("rows.xls", b"a,b\n1,2\n")


def test_a_plain_archive_named_as_office_is_refused() -> None:
    assert "archive" in refusal("a.docx", ZIP, ["holiday.jpg", "word/document.xml"])


@pytest.mark.parametrize(
    ("name", "head", "members"),
    [
        ("a.docx", ZIP, [*WORD, "word/vbaProject.bin"]),
        ("a.xlsx", ZIP, [*EXCEL, "xl/vbaProject.bin"]),
        ("a.ods", open_document("spreadsheet"), ["mimetype", "Basic/Standard/Module1.xml"]),
        ("a.doc", OLE, [*WORD_STREAMS, "Macros"]),
        ("a.xls", OLE, ["Workbook", "_VBA_PROJECT_CUR"]),
    ],
)
def test_macros_are_refused(name: str, head: bytes, members: list[str]) -> None:
    assert "macros" in refusal(name, head, members)


def test_bytes_without_meaning_are_called_damaged() -> None:
    for ending in BY_EXTENSION:
        assert "damaged" in refusal(f"a.{ending}", b"\x00\x01\x02\x03")


def test_a_letter_with_no_headers_is_not_an_e_mail() -> None:
    assert "plain text" in refusal("a.eml", b"Dear mayor")


@settings(deadline=None)
@given(name=st.text(max_size=40), head=st.binary(max_size=300), members=st.none() | st.lists(st.text(max_size=9)))
def test_any_content_under_any_name_is_kept_or_refused_with_a_sentence(
    name: str, head: bytes, members: list[str] | None
) -> None:
    for full in (name, name + ".txt", name + ".docx"):
        try:
            kind = check_file_kind(full, head, members)
        except Invalid as refused:
            assert str(refused.fields["file"]).endswith(".")  # noqa: PT017 - both outcomes are right
        else:
            assert full.lower().endswith(kind.extensions)


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("Budget 2024.pdf", "Budget 2024.pdf"),
        ("/etc/passwd", "passwd"),
        ("C:\\Users\\mayor\\plan.docx", "plan.docx"),
        ("../../up.txt", "up.txt"),
        ("folder/", "file"),
        ("", "file"),
        (" . ", "file"),
        ("..", "file"),
        ("line\r\nbreak.txt", "line break.txt"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("a\u2066b\u2069\u200f.csv", "ab.csv"),
        ("nul\x00l.txt", "null.txt"),
        ("CON", "_CON"),
        ("con.txt", "_con.txt"),
        ("Aux.tar.gz", "_Aux.tar.gz"),
        ("COM1.csv", "_COM1.csv"),
        ("LPT³ .csv", "_LPT³.csv"),
        ("console.txt", "console.txt"),
        ("notes.txt. . .", "notes.txt"),
        ('what? "now" <1>|2*.csv', "what_ _now_ _1__2_.csv"),
        ("Cafe\u0301.pdf", "Caf\u00e9.pdf"),
        ("\ud800broken.pdf", "broken.pdf"),
        ("예산.xlsx", "예산.xlsx"),
    ],
)
def test_a_name_is_made_safe_and_stays_readable(given_name: str, kept: str) -> None:
    assert safe_name(given_name) == kept


def test_a_long_name_keeps_its_extension() -> None:
    assert safe_name("x" * 500 + ".pdf") == "x" * 116 + ".pdf"
    assert safe_name("日" * 500 + ".docx").endswith("日.docx")
    assert safe_name("x." + "y" * 500) == "x." + "y" * 118


@settings(deadline=None)
@given(st.text(st.characters(), max_size=300))
@example("\u0344" * 200)
@example("a\u200d\u0301.pdf")
@example("a" * 119 + " .pdf")
def test_every_name_becomes_one_that_any_system_takes(name: str) -> None:
    safe = safe_name(name)
    assert 1 <= len(safe) <= 120
    assert len(safe.encode()) <= 240
    assert unicodedata.is_normalized("NFC", safe)
    assert not any(unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for letter in safe)
    assert not set('/\\<>:"|?*') & set(safe)
    assert safe == safe.strip(" ")
    assert not safe.endswith(".")
    assert not safe.startswith(".")


@example("0\r\x08\r0")
@settings(deadline=None)
@given(st.text(st.characters(), max_size=300))
def test_a_safe_name_stays_as_it_is(name: str) -> None:
    assert safe_name(safe_name(name)) == safe_name(name)


@settings(deadline=None)
@given(st.text("abc /\\.\u202e\x00é", max_size=200), st.sampled_from(sorted(BY_EXTENSION)))
def test_the_extension_survives(stem: str, ending: str) -> None:
    assert safe_name(f"a{stem}z.{ending}").endswith(f".{ending}")
