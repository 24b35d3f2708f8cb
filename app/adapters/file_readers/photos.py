"""Reads photos: when they were taken, whether they say where, and a small picture that carries none of it."""

import io
from pathlib import Path

from PIL import Image, ImageOps

from app.adapters.file_readers.notes import ReadingNotes, parse_day
from app.rules.files.file_text import TextPlace, UnreadKind
from app.rules.pictured_pages import SMALLEST_SIDE_PX

PHOTO_PX = 1_400
QUALITY = 75
EXIF, GPS = 0x8769, 0x8825
TAKEN, CHANGED = 0x9003, 0x0132
LATITUDE, LONGITUDE = 2, 4
WORDED = (0x010E, 0x013B, 0x8298)
"""Description, artist and copyright."""


def read_photo(path: Path, notes: ReadingNotes) -> None:
    """The picture is turned as it was taken, and carries none of what the camera wrote into it."""
    with _open_photo(path) as image:
        exif = image.getexif()
        notes.note(
            made_on=parse_day(exif.get_ifd(EXIF).get(TAKEN)),
            changed_on=parse_day(exif.get(CHANGED)),
            has_position={LATITUDE, LONGITUDE} <= set(exif.get_ifd(GPS)),
            wordless=(0,) if min(image.size) >= SMALLEST_SIDE_PX else (),
        )
        image.draft("RGB", (PHOTO_PX, PHOTO_PX))
        image.thumbnail((PHOTO_PX, PHOTO_PX))
        notes.leave_unread(UnreadKind.NO_WORDS)
        notes.add_text("\n".join(str(exif[tag]) for tag in WORDED if exif.get(tag)), TextPlace.PROPERTIES)
        notes.add_picture(encode_webp(ImageOps.exif_transpose(image)))
        notes.note()


def _open_photo(path: Path) -> Image.Image:
    try:
        return Image.open(path)
    except Image.DecompressionBombError as problem:
        raise OverflowError from problem


def encode_webp(image: Image.Image) -> bytes:
    output = io.BytesIO()
    image.convert("RGBA" if "A" in image.getbands() or "transparency" in image.info else "RGB").save(
        output, "WEBP", quality=QUALITY, exif=b"", icc_profile=b""
    )
    return output.getvalue()
