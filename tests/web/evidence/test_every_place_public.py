"""A file with a number of a person in it, made public: whatever its format and wherever the number stands, that is said with the place."""

import io
import zipfile
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlmodel import col, select

from app.adapters.file_readers.documents import read_docx, read_odp, read_odt, read_pptx
from app.adapters.file_readers.mail import read_email
from app.adapters.file_readers.open_workbooks import read_ods
from app.adapters.file_readers.pdf_pages import read_pdf
from app.adapters.file_readers.text import read_csv, read_text
from app.adapters.file_readers.workbooks import read_xlsx
from app.adapters.pictured_pages import tesseract
from app.adapters.pictured_pages.reading import is_reader_here
from app.rules.files.file_text import TextPlace
from app.services.site import Site
from app.store.evidence.pieces import Evidence
from tests import world
from tests.adapters.file_readers.test_every_place import NUMBER, PLACES
from tests.adapters.file_readers.test_older_kinds import FILES as OLDER_FILES
from tests.conftest import ClientFor
from tests.small_files import pdf_of, scan_as, scanned_pdf_of

ENDINGS: dict[Callable[..., None], str] = {
    read_docx: "docx", read_xlsx: "xlsx", read_pptx: "pptx", read_odt: "odt", read_ods: "ods", read_odp: "odp",
    read_pdf: "pdf", read_email: "eml", read_csv: "csv", read_text: "txt",
}  # fmt: skip
WORDS: dict[TextPlace, str] = {
    TextPlace.BODY: "in the text",
    TextPlace.PAGE: "on page",
    TextPlace.SHEET: "in row",
    TextPlace.HEADER: "in a header",
    TextPlace.FOOTER: "in a footer",
    TextPlace.FOOTNOTE: "in a footnote",
    TextPlace.COMMENT: "in a comment",
    TextPlace.SPEAKER_NOTES: "in the speaker notes",
    TextPlace.SHAPE: "in a text box",
    TextPlace.FIELD: "in a form field",
    TextPlace.DELETED: "in text that was deleted",
    TextPlace.ATTACHMENT: "in the attachment",
    TextPlace.DESCRIPTION: "in the description of a picture",
    TextPlace.LAYOUT: "in a slide layout",
    TextPlace.STORED: "in data stored behind a table",
    TextPlace.BOOKMARKS: "in a bookmark",
    TextPlace.SLIDE: "on slide",
    TextPlace.SHEET_NAME: "in the name of a sheet",
    TextPlace.PROPERTIES: "in the properties of the file",
}
SCANNED = f"Minutes of the council\nSocial security number {NUMBER}"
PICTURES = {"png": "PNG", "jpg": "JPEG", "gif": "GIF", "webp": "WEBP", "tif": "TIFF", "heic": "HEIF"}
SCANS: dict[str, Callable[[], bytes]] = {"pdf": lambda: scanned_pdf_of(SCANNED)} | {
    ending: lambda form=form: scan_as(form, SCANNED) for ending, form in PICTURES.items()
}
MEDIA_TYPES = {"odt": "text", "ods": "spreadsheet", "odp": "presentation"}


def make_file(ending: str, make: Callable[[], bytes]) -> bytes:
    """The file as a program writes it: OpenDocument says first of which kind it is."""
    if ending not in MEDIA_TYPES:
        return make()
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(make())) as bare, zipfile.ZipFile(made, "w") as package:
        package.writestr("mimetype", f"application/vnd.oasis.opendocument.{MEDIA_TYPES[ending]}")
        for name in bare.namelist():
            package.writestr(name, bare.read(name))
    return made.getvalue()


FILES: dict[str, tuple[str, Callable[[], bytes], str]] = {
    name: (ENDINGS[reader], make, WORDS[place]) for name, (reader, make, place) in PLACES.items()
} | {"pdf, page 400": ("pdf", lambda: pdf_of("Minutes\n" * 40 * 399 + f"Case {NUMBER}"), "on page 400")}


def make_public(lead: TestClient, site: Site, ending: str, content: bytes) -> tuple[str, str, str]:
    """What is said of the file once it is read: in the warning, beside the question, and before the response is submitted."""
    files = [("file", (f"kept.{ending}", content, "application/octet-stream"))]
    answer = lead.post("/alpha/criteria/LC1/evidence", data={"kind": "file", "visibility": "public"}, files=files)
    assert answer.status_code == 303, answer.text
    world.run_jobs(site)
    with site.database.reading() as session:
        newest = session.exec(select(Evidence.id).order_by(col(Evidence.id).desc()).limit(1)).one()
    page = lead.get(f"/alpha/evidence/{newest}").text
    inside = page[page.index('id="inside"') :].partition("</section>")[0]
    beside = page[page.index("Who may see it?") : page.index('id="visibility-public"')]
    before = lead.get("/alpha/criteria/LC1").text
    before = before[before.index('id="checks"') :].partition("</section>")[0]
    return inside, beside, before


@pytest.mark.only_sqlite
@pytest.mark.parametrize("name", FILES)
def test_no_number_becomes_public_without_a_word(client_for: ClientFor, site: Site, name: str) -> None:
    ending, make, place = FILES[name]
    inside, beside, before = make_public(client_for("lead"), site, ending, make_file(ending, make))
    assert "This file may contain personal data" in inside
    for said in (inside, beside, before):
        assert "1 social security number" in said
        assert place in said


@pytest.mark.only_sqlite
@pytest.mark.parametrize("ending", OLDER_FILES)
def test_no_number_in_an_older_file_becomes_public_without_a_word(
    client_for: ClientFor, site: Site, ending: str
) -> None:
    for said in make_public(client_for("lead"), site, ending, OLDER_FILES[ending]()):
        assert "social security number" in said


@pytest.mark.only_sqlite
@pytest.mark.parametrize("reader_is_here", [True, False], ids=["read", "not read"])
@pytest.mark.parametrize("ending", SCANS)
def test_no_scan_becomes_public_without_a_word(
    client_for: ClientFor, site: Site, monkeypatch: pytest.MonkeyPatch, ending: str, reader_is_here: bool
) -> None:
    if reader_is_here and not is_reader_here():
        pytest.skip("Tesseract is not installed (Debian: tesseract-ocr)")
    if not reader_is_here:
        monkeypatch.setattr(tesseract, "DATA_FOLDERS", ())
    for said in make_public(client_for("lead"), site, ending, SCANS[ending]())[:2]:
        assert ("1 social security number" if reader_is_here else "There are no words in it, as in a scan") in said
