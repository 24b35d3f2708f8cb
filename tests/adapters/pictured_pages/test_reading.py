"""Words are read in pictures of pages, in a process that is fenced in, and a page that cannot be read costs that page alone."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from app.adapters.pictured_pages import tesseract
from app.adapters.pictured_pages.reading import PicturedPagesRead, is_reader_here, read_pages
from app.rules.files.kinds import HEIC, PDF, PNG, TIFF, FileKind
from app.rules.pictured_pages import PicturedPage, PictureState, begin_pages
from tests.small_files import scan_as, scan_of, scanned_pdf_of

pytestmark = pytest.mark.skipif(not is_reader_here(), reason="Tesseract is not installed (Debian: tesseract-ocr)")

NUMBER = "219-63-4812"


@pytest.fixture
def read(tmp_path: Path) -> "type[Reading]":
    Reading.folder = tmp_path
    return Reading


class Reading:
    """A file of this content, read."""

    folder = Path()

    def __init__(self, kind: FileKind, content: bytes, pages: Sequence[PicturedPage]) -> None:
        path = self.folder / "scan"
        path.write_bytes(content)
        self.result: PicturedPagesRead = read_pages(path, kind.media_type, pages, ["es"])

    @property
    def texts(self) -> list[str]:
        return [page.text for page in self.result.pages]


def test_scanned_pages_are_read_and_what_is_personal_in_them_is_found(read: type[Reading]) -> None:
    pages = begin_pages((1, 2))
    scan = read(PDF, scanned_pdf_of("Minutes of the council", f"Quillmoss\nSocial security number {NUMBER}"), pages)
    assert scan.texts == ["Minutes of the council", f"Quillmoss\nSocial security number {NUMBER}"]
    (finding,) = scan.result.findings
    assert (finding.kind, finding.count, [(spot.place, spot.number) for spot in finding.spots]) == (
        "us_ssn", 1, [("picture", 2)],
    )  # fmt: skip


def test_a_photo_is_read_in_the_language_of_the_city(read: type[Reading]) -> None:
    scan = read(PNG, scan_of("El año de la educación"), begin_pages((0,)))
    assert scan.texts == ["El año de la educación"], "without Spanish there is neither ñ nor ó"


def test_each_page_of_a_fax_is_read(read: type[Reading]) -> None:
    fax = scan_as("TIFF", "Lease of the hall", f"Number {NUMBER}")
    told = read(TIFF, fax, begin_pages([1, 2]))
    assert told.texts == ["Lease of the hall", f"Number {NUMBER}"]
    assert [spot.number for spot in told.result.findings[0].spots] == [2]


def test_a_photo_of_an_iphone_is_read(read: type[Reading]) -> None:
    told = read(HEIC, scan_as("HEIF", f"Number {NUMBER}", quality=80), begin_pages([0]))
    assert told.texts == [f"Number {NUMBER}"]
    assert [finding.count for finding in told.result.findings] == [1]


def test_a_page_that_cannot_be_read_is_left_and_the_others_are_read(read: type[Reading]) -> None:
    """A page that the file does not have ends the process, as one does that was made to break it."""
    scan = read(PDF, scanned_pdf_of("Minutes of the council"), begin_pages((9, 1)))
    assert [(page.number, page.state) for page in scan.result.pages] == [(9, PictureState.LEFT), (1, PictureState.READ)]


def test_without_tesseract_pages_go_on_waiting(read: type[Reading], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tesseract, "DATA_FOLDERS", ())
    assert not is_reader_here()
    scan = read(PNG, scan_of("Minutes"), begin_pages((0,)))
    assert [page.state for page in scan.result.pages] == [PictureState.WAITING]
