"""The process that makes a redacted copy: started by `adapters.redaction.making` with the file, its media type and a folder.

The folder holds `order.json`; it writes the copy there as `copy.pdf`, `copy.jpg` or `copy.png`, and `result.json`. Every page becomes a
picture in which the covered places are black, so nothing of the file is left but what can be seen: no text, no layers, no metadata.
"""

import io
import json
import os
import re
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image, ImageOps

from app.adapters.children.confinement import FileView
from app.adapters.children.start import bound_process
from app.adapters.file_readers.pdf_pages import PictureCounter, draw_at_resolution, is_scanned_page, open_pdf
from app.adapters.file_readers.pdf_remarks import DrawnPages, has_remarks, page_text
from app.adapters.file_readers.pictures import count_pages, open_picture, shrink_picture
from app.adapters.pictured_pages.tesseract import TesseractReader
from app.adapters.redaction.covering import (
    Box,
    OrderOnPages,
    cover_boxes,
    draw_areas,
    find_picture_boxes,
    find_remark_boxes,
    find_text_boxes,
)
from app.rules.files.kinds import HEIC, JPEG, PDF
from app.rules.files.personal_data import PersonalDataKind
from app.rules.redaction import CoveredArea, RedactionOrder, plain_word

LARGEST_FILE_MB = 200
DOTS_PER_INCH = 200
POINTS_PER_INCH = 72
PHOTOS = (JPEG.media_type, HEIC.media_type)
"""Of a photo the copy is a photo again; of other pictures it keeps every pixel."""
MOST_PIXELS = 12_000_000
MOST_PHOTO_PIXELS = 24_000_000
"""As many as phones make; a larger photo becomes so small, since there is no room to cover it as it is."""
QUALITY = 80
_MADE_ON = re.compile(rb"/(?:CreationDate|ModDate) ?\(D:[^()]{0,40}\)")
"""That the copy was made today says nothing of the time that it covers, and the app would propose it; as long as before, since a PDF counts bytes."""


def main(path: Path, media_type: str, place: Path, data: str, seconds: int, memory_mb: int) -> int:
    """Make the copy; 1 when the memory was not enough."""
    readable = (path, Path(data)) if data else (path,)
    bound_process(seconds, memory_mb, file_mb=LARGEST_FILE_MB, view=FileView(readable=readable, writable=(place,)))
    asked = json.loads((place / "order.json").read_text())
    try:
        _make_copy(path, media_type, place, data, asked)
    except MemoryError:
        return 1
    return 0


def _make_copy(path: Path, media_type: str, place: Path, data: str, asked: dict[str, Any]) -> None:
    areas = tuple(CoveredArea(**area) for area in asked["areas"])
    order = RedactionOrder(areas, tuple(asked["words"]), tuple(map(PersonalDataKind, asked["kinds"])))
    wanted = OrderOnPages(order, asked["country"])
    reader = TesseractReader(Path(data), asked["languages"]) if data and wanted.wants_text else None
    is_pdf = media_type == PDF.media_type
    copy_file = _copy_pdf if is_pdf else partial(_copy_picture, is_photo=media_type in PHOTOS)
    ending = copy_file(path, place, wanted, reader)
    lost_words = [word for word in order.words if plain_word(word) not in wanted.words]
    lost_kinds = [kind for kind in order.kinds if kind not in wanted.kinds]
    (place / "result.json").write_text(json.dumps({"ending": ending, "words": lost_words, "kinds": lost_kinds}))


def _copy_pdf(path: Path, place: Path, wanted: OrderOnPages, reader: TesseractReader | None) -> str:
    document, copy = open_pdf(path), pypdfium2.PdfDocument.new()
    drawn, counter = DrawnPages(path), PictureCounter()
    for number in range(1, len(document) + 1):
        page = document[number - 1]
        picture = draw_at_resolution(page, DOTS_PER_INCH, MOST_PIXELS).convert("RGB")
        boxes = draw_areas(picture, [area for area in wanted.order.areas if area.page == number])
        if wanted.wants_text:
            boxes += find_text_boxes(page, picture, wanted) + find_remark_boxes(document, page, picture, wanted)
            boxes += _find_drawn_boxes(drawn, number, picture, wanted) if has_remarks(page) else []
        if reader and (is_scanned_page(page, page_text(page)) or counter.count_pictures(page)):
            boxes += find_picture_boxes(reader.locate_words(picture, DOTS_PER_INCH), wanted)
        cover_boxes(picture, boxes)
        _add_page(copy, picture, page.get_size())
        page.close()
    return _save_pdf(copy, place)


def _save_pdf(copy: Any, place: Path) -> str:
    copy.save(place / "copy.pdf")
    content = (place / "copy.pdf").read_bytes()
    (place / "copy.pdf").write_bytes(_MADE_ON.sub(lambda match: b" " * len(match[0]), content))
    return "pdf"


def _find_drawn_boxes(drawn: DrawnPages, number: int, picture: Image.Image, wanted: OrderOnPages) -> list[Box]:
    """Where stamps and signatures draw something of the order, which they do not hold as a text."""
    page = drawn.open_page(number)
    boxes = find_text_boxes(page, picture, wanted)
    page.close()
    return boxes


def _add_page(copy: Any, picture: Image.Image, size: tuple[float, float]) -> None:
    content = io.BytesIO()
    picture.save(content, "JPEG", quality=QUALITY)
    image = pypdfium2.PdfImage.new(copy)
    image.load_jpeg(content, inline=True)
    image.set_matrix(pypdfium2.PdfMatrix().scale(*size))
    page = copy.new_page(*size)
    page.insert_obj(image)
    page.gen_content()
    page.close()


def _copy_picture(
    path: Path, place: Path, wanted: OrderOnPages, reader: TesseractReader | None, *, is_photo: bool
) -> str:
    with open_picture(path) as opened:
        pages = count_pages(opened)
    if pages > 1:
        return _copy_pages(path, place, pages, wanted, reader)
    picture = _open_picture(path, 0)
    _cover_picture(picture, wanted.order.areas, wanted, reader)
    if is_photo:
        picture.save(place / "copy.jpg", "JPEG", quality=90)
        return "jpg"
    picture.save(place / "copy.png", "PNG")
    return "png"


def _copy_pages(path: Path, place: Path, pages: int, wanted: OrderOnPages, reader: TesseractReader | None) -> str:
    """A picture with several pages becomes a PDF of them."""
    copy = pypdfium2.PdfDocument.new()
    for number in range(1, pages + 1):
        picture = _open_picture(path, number)
        shrink_picture(picture, MOST_PIXELS)
        areas = [area for area in wanted.order.areas if area.page == number]
        _cover_picture(picture, areas, wanted, reader)
        _add_page(copy, picture, _paper_size(picture))
    return _save_pdf(copy, place)


def _cover_picture(
    picture: Image.Image, areas: Sequence[CoveredArea], wanted: OrderOnPages, reader: TesseractReader | None
) -> None:
    boxes = draw_areas(picture, areas)
    if reader:
        boxes += find_picture_boxes(reader.locate_words(picture, DOTS_PER_INCH), wanted)
    cover_boxes(picture, boxes)


def _paper_size(picture: Image.Image) -> tuple[float, float]:
    """Width and height in points."""
    scale = POINTS_PER_INCH / DOTS_PER_INCH
    return picture.width * scale, picture.height * scale


def _open_picture(path: Path, number: int) -> Image.Image:
    """Upright, on white, and only its pixels; of a kind that moves its first picture."""
    with open_picture(path, number) as photo:
        shrink_picture(photo, MOST_PHOTO_PIXELS)
        picture = ImageOps.exif_transpose(photo)
        if picture.has_transparency_data:
            picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture.convert("RGBA"))
        picture = picture.convert("RGB")
    return Image.frombytes("RGB", picture.size, picture.tobytes())


if __name__ == "__main__":
    given_path, given_type, given_place, given_data, given_seconds, given_memory = sys.argv[1:]
    code = main(Path(given_path), given_type, Path(given_place), given_data, int(given_seconds), int(given_memory))
    os._exit(code)
