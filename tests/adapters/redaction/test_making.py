"""What was covered is gone from the copy, whichever program looks: its text, its layers, and what was written about the file."""

import io
import shutil
import subprocess
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from weasyprint import HTML

from app.adapters.pictured_pages.reading import is_reader_here
from app.adapters.redaction.making import make_copy
from app.rules.errors import Refused
from app.rules.files.kinds import HEIC, JPEG, PDF, PNG, TIFF, FileKind
from app.rules.files.personal_data import PersonalDataKind
from app.rules.redaction import CoveredArea, RedactedFile, RedactionOrder
from tests.small_files import scan_as, scan_of, scanned_pdf_of
from tests.small_pdfs import cropped_pdf, with_signature, with_stamp

NUMBER = "219-63-4812"
SSN = PersonalDataKind.US_SSN
needs_reader = pytest.mark.skipif(not is_reader_here(), reason="Tesseract is not installed (Debian: tesseract-ocr)")
DOCUMENT = f"""<!doctype html><html lang="en"><head><title>Quillmoss {NUMBER}</title><meta name="author" content="Quillmoss"></head>
<body style="font: 20px DejaVu Sans"><p>Minutes of the council</p><p id="name">Ana Quillmoss</p><p>Number {NUMBER}</p>
<p style="color: white">Quillmoss, unseen</p><form><input value="Quillmoss in a field"></form>
<p style="break-before: page">A second page for QUILLMOSS</p></body></html>"""


@pytest.fixture
def make(tmp_path: Path) -> "type[Copy]":
    Copy.folder = tmp_path
    return Copy


class Copy:
    """A redacted copy of a file of this content."""

    folder = Path()

    def __init__(self, kind: FileKind, content: bytes, order: RedactionOrder) -> None:
        path = self.folder / "original"
        path.write_bytes(content)
        self.file: RedactedFile = make_copy(path, kind.media_type, order, ["es"])
        self.path = self.folder / f"copy.{self.file.ending}"
        self.path.write_bytes(self.file.content)

    def is_black(self, left: float, top: float, page: int = 0) -> bool:
        """Whether the picture is black at this place, in percent."""
        shown = self._picture(page)
        pixel = shown.convert("L").getpixel((int(shown.width * left / 100), int(shown.height * top / 100)))
        return isinstance(pixel, int | float) and pixel < 40

    def black_share(self, page: int = 0) -> float:
        picture = self._picture(page).convert("L")
        return sum(picture.histogram()[:40]) / (picture.width * picture.height)

    def _picture(self, page: int) -> Image.Image:
        if self.file.ending != "pdf":
            return Image.open(io.BytesIO(self.file.content))
        picture: Image.Image = pypdfium2.PdfDocument(self.path)[page].render(scale=1).to_pil()
        return picture


def _seen_by_programs(path: Path) -> str:
    """Every word of the file that PDFium and Poppler find, its properties, and its bytes as far as they are letters."""
    document = pypdfium2.PdfDocument(path)
    words = "".join(page.get_textpage().get_text_bounded() for page in document) + str(document.get_metadata_dict())
    if program := shutil.which("pdftotext"):
        words += subprocess.run([program, str(path), "-"], capture_output=True, text=True, check=True).stdout
    return words + path.read_bytes().decode("latin-1")


def test_covered_words_are_gone_from_the_copy_and_so_is_all_that_was_not_seen(make: type[Copy]) -> None:
    original = HTML(string=DOCUMENT).write_pdf(pdf_forms=True, attachments=None)
    order = RedactionOrder(words=("ana quillmoss", "Quillmoss"), kinds=(SSN,))
    copy = make(PDF, original, order)
    assert (copy.file.lost_words, copy.file.lost_kinds) == ((), ())
    seen = _seen_by_programs(copy.path)
    assert not [word for word in ("Quillmoss", "QUILLMOSS", NUMBER, "Minutes", "unseen") if word in seen]
    pages = pypdfium2.PdfDocument(copy.path)
    assert pages.get_metadata_dict(skip_empty=True).keys() <= {"Creator", "Producer"}
    assert [len(pages), pages.count_attachments(), pages.get_formtype()] == [2, 0, 0]
    assert copy.black_share(0) > 0.01
    assert copy.black_share(1) > 0.001, "the word on the second page, whatever its capitals"


def test_an_area_is_covered_where_it_was_drawn_on_a_turned_page_too(make: type[Copy], tmp_path: Path) -> None:
    document = pypdfium2.PdfDocument(HTML(string="<p>Minutes</p>").write_pdf())
    document[0].set_rotation(90)
    document.save(tmp_path / "turned.pdf")
    order = RedactionOrder(areas=(CoveredArea(1, 40, 60, 20, 10),))
    copy = make(PDF, (tmp_path / "turned.pdf").read_bytes(), order)
    width, height = pypdfium2.PdfDocument(copy.path)[0].get_size()
    assert width > height
    assert copy.is_black(50, 65)
    assert [copy.is_black(35, 65), copy.is_black(50, 55)] == [False, False]


@needs_reader
def test_each_page_of_a_fax_is_covered_in_a_pdf(make: type[Copy]) -> None:
    fax = scan_as("TIFF", "Lease of the hall", f"Number {NUMBER}\nSigned by Orla", description=f"Quillmoss {NUMBER}")
    copy = make(TIFF, fax, RedactionOrder((CoveredArea(1, 0, 0, 20, 20),), (), (SSN,)))
    assert (copy.file.ending, copy.file.lost_kinds) == ("pdf", ())
    assert copy.is_black(5, 5)
    assert not copy.is_black(60, 60)
    assert copy.black_share(1) > 0.02
    assert NUMBER.encode() not in copy.file.content
    assert b"Quillmoss" not in copy.file.content


@needs_reader
def test_a_photo_of_an_iphone_is_covered_in_a_photo_that_every_browser_shows(make: type[Copy]) -> None:
    copy = make(HEIC, scan_as("HEIF", f"A hall\nNumber {NUMBER}"), RedactionOrder((CoveredArea(1, 0, 0, 20, 20),)))
    assert copy.file.ending == "jpg"
    assert copy.is_black(5, 5)


def test_what_was_not_found_is_told(make: type[Copy]) -> None:
    order = RedactionOrder(words=("Minutes", "Nobody"), kinds=(SSN,))
    copy = make(PDF, HTML(string="<p>Minutes</p>").write_pdf(), order)
    assert (copy.file.lost_words, copy.file.lost_kinds) == (("Nobody",), (SSN,))


@needs_reader
@pytest.mark.parametrize("kind", [PDF, PNG])
def test_a_number_in_a_scan_is_covered_where_it_was_read(make: type[Copy], kind: FileKind) -> None:
    lines = ("Minutes of the council", f"Social security number {NUMBER}")
    copy = make(
        kind, scanned_pdf_of("\n".join(lines)) if kind is PDF else scan_of(*lines), RedactionOrder(kinds=(SSN,))
    )
    assert copy.file.lost_kinds == ()
    assert 0.01 < copy.black_share() < 0.2, "a box over the number alone"


NARROW = f"<p style='width: 90px; font: 20px DejaVu Sans'>Number {NUMBER[:7]}<br>{NUMBER[7:]}</p>"


@pytest.mark.parametrize(
    "content", [with_stamp(f"Number {NUMBER}"), with_signature(NUMBER), HTML(string=NARROW).write_pdf()]
)
def test_a_number_in_a_stamp_a_signature_or_a_narrow_column_is_covered(make: type[Copy], content: bytes) -> None:
    copy = make(PDF, content, RedactionOrder(kinds=(SSN,)))
    assert copy.file.lost_kinds == ()
    assert 0.0005 < copy.black_share() < 0.1, "a box over the number alone"


def test_a_number_beyond_where_a_page_was_cropped_is_in_no_copy(make: type[Copy]) -> None:
    copy = make(PDF, cropped_pdf(f"Number {NUMBER}"), RedactionOrder(kinds=(SSN,)))
    assert copy.file.lost_kinds == ()
    assert NUMBER not in _seen_by_programs(copy.path)


def test_a_photo_keeps_nothing_that_a_camera_wrote(make: type[Copy]) -> None:
    exif, content = Image.Exif(), io.BytesIO()
    exif[0x010E], exif[0x0112] = "Quillmoss", 6
    Image.new("RGB", (200, 100), "white").save(content, "JPEG", exif=exif, comment=b"Quillmoss")
    copy = make(JPEG, content.getvalue(), RedactionOrder(areas=(CoveredArea(1, 0, 0, 50, 25),)))
    assert b"Quillmoss" not in copy.file.content
    picture = Image.open(io.BytesIO(copy.file.content))
    assert (picture.size, dict(picture.getexif())) == ((100, 200), {}), "turned as it was taken"
    assert [copy.is_black(25, 10), copy.is_black(75, 10), copy.is_black(25, 50)] == [True, False, False]


def test_a_file_that_cannot_be_drawn_gives_no_copy(make: type[Copy]) -> None:
    with pytest.raises(Refused, match="No copy of this file could be made here"):
        make(PDF, b"%PDF-1.7 and nothing more", RedactionOrder(words=("Minutes",)))
