"""Reads photos and scans: when they were taken, whether they say where, and small pictures that carry none of it."""

import io
from pathlib import Path

from PIL import Image, ImageOps

from app.adapters.file_readers.notes import ReadingNotes, parse_day
from app.adapters.file_readers.picture_words import find_xmp, read_picture_words
from app.adapters.file_readers.pictures import count_pages, open_picture, turn_to_page
from app.adapters.file_readers.xmp import find_packets, find_xmp_days
from app.rules.files.file_reading import PREVIEW_PAGES
from app.rules.files.file_text import TextPlace, UnreadKind
from app.rules.pictured_pages import SMALLEST_SIDE_PX

PHOTO_PX = 1_400
QUALITY = 75
EXIF, GPS = 0x8769, 0x8825
TAKEN, CHANGED = 0x9003, 0x0132
LATITUDE, LONGITUDE = 2, 4


def read_photo(path: Path, notes: ReadingNotes) -> None:
    """The pictures are turned as they were taken, and carry none of what the camera wrote into them. Each of several is a page."""
    with open_picture(path) as image:
        exif, pages = image.getexif(), count_pages(image)
        xmp = [*find_xmp(image), *find_packets(path)]
        xmp_days = find_xmp_days(xmp)
        is_large = pages > 1 or min(image.size) >= SMALLEST_SIDE_PX
        notes.note(
            made_on=parse_day(exif.get_ifd(EXIF).get(TAKEN)) or parse_day(xmp_days.get("CreateDate")),
            changed_on=parse_day(exif.get(CHANGED)) or parse_day(xmp_days.get("ModifyDate")),
            has_position={LATITUDE, LONGITUDE} <= set(exif.get_ifd(GPS)),
            pages=pages if pages > 1 else None,
            wordless=(tuple(range(1, pages + 1)) if pages > 1 else (0,)) if is_large else (),
        )
        notes.leave_unread(UnreadKind.NO_WORDS)
        notes.add_text(read_picture_words(image, xmp), TextPlace.PROPERTIES)
        notes.note()
        for number in range(1, min(pages, PREVIEW_PAGES) + 1):
            turn_to_page(image, number)
            notes.add_picture(encode_webp(ImageOps.exif_transpose(_make_small(image))))


def _make_small(image: Image.Image) -> Image.Image:
    """The page as it is shown, in the place of the large one; black and white becomes gray, which can be made smaller."""
    image.draft("RGB", (PHOTO_PX, PHOTO_PX))
    page = image.convert("L") if image.mode == "1" else image
    page.thumbnail((PHOTO_PX, PHOTO_PX))
    return page


def encode_webp(image: Image.Image) -> bytes:
    output = io.BytesIO()
    image.convert("RGBA" if "A" in image.getbands() or "transparency" in image.info else "RGB").save(
        output, "WEBP", quality=QUALITY, exif=b"", icc_profile=b""
    )
    return output.getvalue()
