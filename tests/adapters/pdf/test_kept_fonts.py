"""The next report of the same fonts finds them open, whole, and no others."""

import errno
import io
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from weasyprint.text.fonts import FontConfiguration

from app.adapters.pdf.child import make_pdf
from app.adapters.pdf.job import PdfJob
from app.adapters.pdf.kept_fonts import SETS_KEPT, keep_fonts
from app.adapters.pdf.scripts import SANS_FOLDER

pytestmark = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # WeasyPrint leaves its colour profile open


def write_job(weight: str, extra: str = "") -> PdfJob:
    face = f"@font-face {{ font-family: Face; src: url(asset:face) }} body {{ font: 10pt Face {extra} }}"
    html = f"<html lang=en><head><title>T</title><style>{face}</style></head><body><p>Several words, VAT of it.</p></body></html>"
    return PdfJob(html, {"face": (SANS_FOLDER / f"sourcesanspro-{weight}-webfont.ttf").read_bytes()})


def list_fonts(pdf: bytes) -> list[str]:
    """The names of the fonts of the first sheet."""
    resources: Any = PdfReader(io.BytesIO(pdf)).pages[0]["/Resources"]
    return [font.get_object()["/BaseFont"] for font in resources["/Font"].values()]


def test_what_was_kept_for_one_report_leaves_the_next_as_it_would_be_alone() -> None:
    light, bold = make_pdf(write_job("light")), make_pdf(write_job("bold"))
    assert light != bold
    assert make_pdf(write_job("light")) == light
    assert make_pdf(write_job("bold")) == bold


def test_a_font_that_was_half_read_when_the_disk_was_full_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    job = write_job("semibold", ", serif")
    write = Path.write_bytes

    def fill_disk(path: Path, content: bytes) -> int:
        write(path, content[:100])
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(Path, "write_bytes", fill_disk)
        with pytest.raises(OSError, match="No space left"):
            make_pdf(job)
    made = make_pdf(job)
    assert "Face-Semi-Bold" in "".join(list_fonts(made))
    assert make_pdf(job) == made


def test_few_sets_are_kept_the_last_that_were_used() -> None:
    found: dict[str, FontConfiguration] = {}
    names = [f"set {number}" for number in range(SETS_KEPT + 1)]
    for name in names:
        with keep_fonts(name) as found[name]:
            pass
    with keep_fonts(names[-1]) as last, keep_fonts(names[0]) as first:
        assert last is found[names[-1]]
        assert first is not found[names[0]]
