"""The process that reads the words in pictures of pages: started by `adapters.pictured_pages.reading` with the file and a folder.

The folder holds `asked.json`, what to read; it writes `read.json` there after every page, so that one that takes for ever costs itself alone.
"""

import json
import os
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image, ImageOps

from app.adapters.children.confinement import FileView
from app.adapters.children.start import bound_process
from app.adapters.file_readers.notes import ReadingNotes, strip_unseen
from app.adapters.file_readers.pdf_pages import draw_at_resolution
from app.adapters.file_readers.pictures import open_picture, shrink_picture
from app.adapters.pictured_pages.tesseract import TesseractReader
from app.rules.files.file_text import TextPlace
from app.rules.files.kinds import PDF
from app.rules.pictured_pages import PAGE_TEXT_LIMIT

LARGEST_FILE_MB = 20
DOTS_PER_INCH = 300
MOST_PIXELS = 9_000_000
"""A sheet of paper at this resolution; what is larger is drawn smaller."""
PHOTO_SIDE = 1_600
"""Letters of a smaller picture are too small to be told apart, so it is enlarged to about this."""
SHARE_OF_TIME = 0.5
"""After this part of its time no other page is begun; the next process does."""


def main(path: Path, media_type: str, place: Path, folder: Path, seconds: int, memory_mb: int) -> int:
    """Read as many of the pages as there is time for; 1 when the memory was not enough."""
    view = FileView(readable=(path, folder), writable=(place,))
    bound_process(seconds, memory_mb, file_mb=LARGEST_FILE_MB, view=view)
    asked = json.loads((place / "asked.json").read_text())
    try:
        _read_pages(
            path, media_type, place, TesseractReader(folder, asked["languages"]), asked, seconds * SHARE_OF_TIME
        )
    except MemoryError:
        return 1
    return 0


def _read_pages(
    path: Path, media_type: str, place: Path, reader: TesseractReader, asked: dict[str, Any], seconds: float
) -> None:
    begun = time.monotonic()
    notes, pages = ReadingNotes(place), dict[int, str]()
    for number, text in asked["known"]:
        notes.add_text(text, TextPlace.PICTURE, number=number)
    for number in asked["numbers"]:
        picture = _draw_page(path, number) if media_type == PDF.media_type else _open_photo(path, number)
        pages[number] = strip_unseen(reader.read_picture(picture, DOTS_PER_INCH))[:PAGE_TEXT_LIMIT]
        notes.add_text(pages[number], TextPlace.PICTURE, number=number)
        notes.check_personal_data(asked["country"])
        _write_result(place, pages, notes)
        if time.monotonic() - begun > seconds:
            return


def _write_result(place: Path, pages: dict[int, str], notes: ReadingNotes) -> None:
    """Beside its place first: whoever looks finds the whole or the one before."""
    result = {"pages": list(pages.items()), "findings": [asdict(finding) for finding in notes.facts.findings]}
    half = place / "read.half"
    half.write_text(json.dumps(result))
    half.replace(place / "read.json")


def _draw_page(path: Path, number: int) -> Image.Image:
    document = pypdfium2.PdfDocument(path)
    try:
        page = document[number - 1]
        picture = draw_at_resolution(page, DOTS_PER_INCH, MOST_PIXELS, grayscale=True, may_draw_forms=False).copy()
        page.close()
        return picture
    finally:
        document.close()


def _open_photo(path: Path, number: int) -> Image.Image:
    """Upright, in shades of gray on white, and neither larger nor smaller than its letters need."""
    with open_picture(path, number) as photo:
        photo.draft("L", (PHOTO_SIDE * 2, PHOTO_SIDE * 2))
        shrink_picture(photo, MOST_PIXELS)
        upright = ImageOps.exif_transpose(photo)
        if upright.has_transparency_data:
            upright = Image.alpha_composite(Image.new("RGBA", upright.size, "white"), upright.convert("RGBA"))
        gray = upright.convert("L")
    scale = max(1.0, PHOTO_SIDE / max(gray.size))
    return gray.resize((max(1, int(gray.width * scale)), max(1, int(gray.height * scale)))) if scale != 1 else gray


if __name__ == "__main__":
    given_path, given_type, given_place, given_folder, given_seconds, given_memory = sys.argv[1:]
    places = Path(given_path), given_type, Path(given_place), Path(given_folder)
    os._exit(main(*places, int(given_seconds), int(given_memory)))
