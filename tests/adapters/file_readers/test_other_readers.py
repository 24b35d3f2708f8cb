"""What other programs see in a file the search and the check for personal data see too; where they do not, a reason stands here."""

import json
import shutil
import subprocess
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import python_calamine

from app.adapters.file_readers.child import load_reader
from app.adapters.file_readers.documents import read_docx, read_odp, read_odt, read_pptx
from app.adapters.file_readers.notes import ReadingNotes
from app.adapters.file_readers.open_workbooks import read_ods
from app.adapters.file_readers.pdf_pages import read_pdf
from app.adapters.file_readers.workbooks import read_xlsx
from app.rules.files.kinds import BY_EXTENSION
from app.rules.text.search_words import words_of
from tests.adapters.file_readers.test_every_place import PLACES, excel, word
from tests.adapters.file_readers.test_older_kinds import FILES, office_file
from tests.small_files import pdf_of, scan_as, scanned_pdf_of

ENDINGS = {
    read_pdf: "pdf", read_docx: "docx", read_pptx: "pptx", read_xlsx: "xlsx", read_odt: "odt", read_ods: "ods", read_odp: "odp"
}  # fmt: skip
PICTURES = {"jpg": "JPEG", "png": "PNG", "tif": "TIFF", "webp": "WEBP", "gif": "GIF", "heic": "HEIF"}
WRITTEN = {
    "EXIF:ImageDescription": "Exifdescription", "EXIF:Artist": "Exifartist", "EXIF:Copyright": "Exifright", "EXIF:UserComment": "Exifremark",
    "EXIF:DocumentName": "Exifname", "EXIF:OwnerName": "Exifowner", "EXIF:XPTitle": "Windowstitle", "EXIF:XPComment": "Windowsremark",
    "EXIF:XPAuthor": "Windowsauthor", "EXIF:XPKeywords": "Windowskey", "EXIF:XPSubject": "Windowssubject",
    "IPTC:Caption-Abstract": "Iptccaption", "IPTC:By-line": "Iptcauthor", "IPTC:Keywords": "Iptckey", "IPTC:Headline": "Iptcheadline",
    "IPTC:ObjectName": "Iptctitle", "XMP-dc:Title": "Xmptitle", "XMP-dc:Description": "Xmpaño", "XMP-dc:Creator": "Xmpauthor",
    "XMP-dc:Subject": "Xmpkey", "XMP-dc:Rights": "Xmpright", "XMP-photoshop:Headline": "Xmpheadline", "XMP-iptcExt:PersonInImage": "Xmpperson",
    "XMP-pdf:Keywords": "Xmppdfkey", "Comment": "Fileremark", "PNG:Author": "Pngauthor", "PNG:Description": "Pngdescription",
    "PDF:Title": "Pdftitle", "PDF:Author": "Pdfauthor", "PDF:Subject": "Pdfsubject", "PDF:Keywords": "Pdfkey",
    "EXIF:DateTimeOriginal": "2025:03:12 10:00:00", "XMP-xmp:CreateDate": "2025:03:12 10:00:00", "EXIF:ModifyDate": "2025:03:14 10:00:00",
    "PDF:CreateDate": "2025:03:12 10:00:00",
}  # fmt: skip
"""What exiftool writes into a picture and into a PDF, as far as those have a place for it."""
WORDED = {
    "Title", "Author", "Creator", "Subject", "Keyword", "Keywords", "Description", "Comment", "Comments", "CommentBy", "Artist", "Copyright",
    "Rights", "ImageDescription", "UserComment", "DocumentName", "OwnerName", "XPTitle", "XPComment", "XPAuthor", "XPKeywords", "XPSubject",
    "Caption-Abstract", "By-line", "ObjectName", "Headline", "PersonInImage", "Company", "Manager", "Category", "LastModifiedBy",
    "Initial-creator", "User-defined", "Author-position", "Notes",
}  # fmt: skip
DATED = {"DateTimeOriginal", "CreateDate", "ModifyDate", "Creation-date", "Date"}


def a_report() -> bytes:
    def fill(made: Any) -> None:
        properties = made.core_properties
        properties.title, properties.author, properties.keywords = "Plan of Hazelrigg", "Tamsin", "Kestrelmoor"
        properties.comments, properties.category, properties.last_modified_by = "Foxglovedale", "Streets", "Orla"
        made.sections[0].header.paragraphs[0].add_run("Mossgarth")

    return word(fill)


def a_workbook() -> bytes:
    def fill(book: Any) -> None:
        sheet = book.active
        sheet.append(["Share", 0.5, 48, "Año"])
        sheet["B2"].number_format = "0%"
        book.properties.title, book.properties.creator, book.properties.keywords = "Permits", "Tamsin", "Kestrelmoor"

    return excel(fill)


BY_LIBREOFFICE = (
    "letter.docx", "letter.odt", "letter.pdf", "permits.xlsx", "permits.ods", "plan.pptx", "plan.odp"
)  # fmt: skip
SAMPLES: dict[str, tuple[str, Callable[[], bytes]]] = (
    {name: (ENDINGS[reader], make) for name, (reader, make, _) in PLACES.items() if reader in ENDINGS}
    | {f"older, {ending}": (ending, make) for ending, make in FILES.items()}
    | {f"libreoffice, {name}": (name.rpartition(".")[2], partial(office_file, name)) for name in BY_LIBREOFFICE}
    | {
        "a report": ("docx", a_report),
        "a workbook": ("xlsx", a_workbook),
        "a long report": ("pdf", lambda: pdf_of("\n".join(f"Line {number} of Quillmoss" for number in range(900)))),
        "a scan": ("pdf", lambda: scanned_pdf_of("Quillmoss")),
    }
)
"""Every place of every format, and files with much about them."""
DESCRIBED = {"described, pdf": ("pdf", lambda: pdf_of("A hall"))} | {
    f"described, {ending}": (ending, lambda form=form: scan_as(form, "A hall")) for ending, form in PICTURES.items()
}
"""Into which exiftool then writes."""
NO_BOOK = tuple(name for name in PLACES if name.startswith("open workbook"))
"""Each has but one part or two, which is enough for us and not for calamine."""
AS_SHOWN = "a number is read as its cell shows it: a share as 52 %, and one with hyphens in its format with them"
BY_PROGRAM = "what a program writes about itself, or the day on which its empty file was made, says nothing of this one"
BY_PYTHON_DOCX = ("word, body", "word, table", "word, header", "word, footer", "word, comment", "word, properties")
BY_OPENPYXL = (
    "excel, cell 351", "excel, sheet 7", "excel, comment", "excel, header", "excel, footer", "excel, name of a sheet", "excel, column 300",
    "excel, number in the format of the number",
)  # fmt: skip
DIFFERENCES: dict[tuple[str, str], tuple[str, str]] = {
    ("calamine", "a workbook"): ("0 5", AS_SHOWN),
    ("calamine", "excel, number in the format of the number"): ("219634812", AS_SHOWN),
    ("calamine", "libreoffice, permits.ods"): ("0", AS_SHOWN),
    ("calamine", "libreoffice, permits.xlsx"): ("0", AS_SHOWN),
    ("calamine", "older, xls"): ("0", AS_SHOWN),
    ("exiftool", "a report"): ("2013-12-23", BY_PROGRAM),
    **{("exiftool", name): ("2013-12-23 by docx generated python", BY_PROGRAM) for name in BY_PYTHON_DOCX},
    **{("exiftool", name): ("openpyxl", BY_PROGRAM) for name in BY_OPENPYXL},
    ("exiftool", "libreoffice, letter.pdf"): ("writer", BY_PROGRAM),
    ("exiftool", "older, doc"): ("ann", "who made a remark is no word of it, and is not read in newer files either"),
    ("exiftool", "described, png"): (
        "iptcauthor iptccaption iptcheadline iptckey iptctitle", "a PNG has no place for IPTC, and only exiftool makes one up"
    ),
}  # fmt: skip
"""By the reader and the sample: the words that only that reader sees, and why."""


def need(program: str, package: str) -> None:
    if not shutil.which(program):
        pytest.skip(f"{program} is not installed (Debian: {package})")


class Samples:
    """The samples as files, and what is seen in each."""

    def __init__(self, folder: Path, samples: Mapping[str, tuple[str, Callable[[], bytes]]]) -> None:
        self.paths: dict[str, Path] = {}
        for number, (name, (ending, make)) in enumerate(samples.items()):
            self.paths[name] = folder / f"{number}.{ending}"
            self.paths[name].write_bytes(make())
        self._folder = folder

    def see(self, path: Path) -> set[str]:
        """The words by which the search finds it, which are those that are checked for personal data, and its days."""
        place = self._folder / f"{path.stem}-read"
        place.mkdir(exist_ok=True)
        notes = ReadingNotes(place)
        load_reader(BY_EXTENSION[path.suffix[1:]].media_type)(path, notes)
        notes.check_personal_data("US")
        assert notes.facts.checked
        days = (str(day)[:10] for day in (notes.facts.made_on, notes.facts.changed_on) if day)
        return {*words_of([notes.facts.title, *(spotted.text for spotted in notes.texts)]), *days}


def compare(reader: str, samples: Samples, seen: Mapping[str, Iterable[str]]) -> None:
    """What the reader saw and we did not is what the table says, and no more and no less."""
    missing = {name: " ".join(sorted({*words} - samples.see(samples.paths[name]))) for name, words in seen.items()}
    listed = ((whose, name, words) for (whose, name), (words, _) in DIFFERENCES.items())
    expected = {name: words for whose, name, words in listed if whose == reader and name in seen}
    assert {name: words for name, words in missing.items() if words} == expected


def samples_of(*endings: str) -> dict[str, tuple[str, Callable[[], bytes]]]:
    return {name: sample for name, sample in SAMPLES.items() if sample[0] in endings and name not in NO_BOOK}


def test_every_word_that_poppler_draws_is_seen(tmp_path: Path) -> None:
    need("pdftotext", "poppler-utils")
    samples = Samples(tmp_path, samples_of("pdf"))
    read = {name: run("pdftotext", "-q", path, "-") for name, path in samples.paths.items()}
    assert "quillmoss" in words_of([read["a long report"]])
    compare("poppler", samples, {name: words_of([text]) for name, text in read.items()})


def test_every_cell_that_calamine_reads_is_seen(tmp_path: Path) -> None:
    samples = Samples(tmp_path, samples_of("xlsx", "ods", "xls"))
    compare("calamine", samples, {name: words_of(list_cells(path)) for name, path in samples.paths.items()})


def list_cells(path: Path) -> list[str]:
    book = python_calamine.load_workbook(str(path))
    sheets = (book.get_sheet_by_name(name).to_python() for name in book.sheet_names)
    cells = [cell for sheet in sheets for row in sheet for cell in row]
    return [str(int(cell) if isinstance(cell, float) and cell.is_integer() else cell) for cell in cells]


def test_everything_that_exiftool_knows_of_who_and_what_and_when_is_seen(tmp_path: Path) -> None:
    need("exiftool", "libimage-exiftool-perl")
    samples = Samples(tmp_path, SAMPLES)
    compare("exiftool", samples, ask_exiftool(samples))


def test_what_is_written_about_a_picture_or_a_pdf_is_seen_wherever_it_stands(tmp_path: Path) -> None:
    need("exiftool", "libimage-exiftool-perl")
    described = Samples(tmp_path, DESCRIBED)
    tags = [f"-{tag}={text}" for tag, text in WRITTEN.items()]
    run("exiftool", "-q", "-m", "-overwrite_original", *tags, *described.paths.values())
    seen = ask_exiftool(described)
    assert {"exifdescription", "windowskey", "iptccaption", "xmpano", "fileremark"} <= {*seen["described, jpg"]}
    compare("exiftool", described, seen)


def ask_exiftool(samples: Samples) -> dict[str, set[str]]:
    told = json.loads(run("exiftool", "-j", "-a", "-G4", "-d", "%Y-%m-%d", *samples.paths.values()))
    names = {str(path): name for name, path in samples.paths.items()}
    return {names[entry["SourceFile"]]: set(list_values(entry)) for entry in told}


def list_values(entry: Mapping[str, Any]) -> Iterable[str]:
    for tag, value in entry.items():
        name = tag.rpartition(":")[2]
        if name in WORDED:
            yield from words_of(map(str, value if isinstance(value, list) else [value]))
        elif name in DATED:
            yield str(value)[:10].replace(":", "-")


def run(*command: object) -> str:
    return subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, check=False, timeout=100
    ).stdout


def test_no_difference_is_told_of_a_sample_that_is_gone() -> None:
    assert {name for _, name in DIFFERENCES} <= {*SAMPLES, *DESCRIBED}
