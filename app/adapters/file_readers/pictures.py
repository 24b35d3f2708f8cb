"""Reads PDF files and photos: their words, their dates, where a photo was taken, and pictures of the first pages."""

import io
import re
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image, ImageOps

from app.adapters.file_readers.notes import LockedFile, ReadingNotes, parse_day
from app.rules.file_reading import PREVIEW_PAGES, TEXT_LIMIT

WIDTH_PX = 900
HEIGHT_PX = 1_800
PHOTO_PX = 1_400
XMP_BYTES = 8_000_000
QUALITY = 75
EXIF, GPS = 0x8769, 0x8825
TAKEN, CHANGED = 0x9003, 0x0132
LATITUDE, LONGITUDE = 2, 4
_XMP = re.compile(rb"<(?:xmp|xap):(CreateDate|ModifyDate)>\s*([0-9T:+-]{10,25})")
_XMP_ATTRIBUTE = re.compile(rb"(?:xmp|xap):(CreateDate|ModifyDate)=\"([0-9T:+-]{10,25})\"")


def read_pdf(path: Path, notes: ReadingNotes) -> None:
    document = _open_pdf(path)
    metadata = document.get_metadata_dict()
    xmp_days = _read_xmp_days(path)
    notes.note(
        title=metadata.get("Title", ""),
        made_on=parse_day(metadata.get("CreationDate")) or parse_day(xmp_days.get("CreateDate")),
        changed_on=parse_day(metadata.get("ModDate")) or parse_day(xmp_days.get("ModifyDate")),
        pages=len(document),
    )
    _note_text(document, notes)
    for number in range(min(PREVIEW_PAGES, len(document))):
        notes.add_picture(_encode_webp(_draw_page(document[number])))


def _open_pdf(path: Path) -> Any:
    try:
        return pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as problem:
        raise LockedFile if "password" in str(problem).lower() else problem from problem


def _read_xmp_days(path: Path) -> dict[str, str]:
    """Days in the file's XMP, which stands in a PDF as it is; the first of each name counts."""
    with path.open("rb") as file:
        content = file.read(XMP_BYTES)
    days: dict[str, str] = {}
    for pattern in (_XMP, _XMP_ATTRIBUTE):
        for match in pattern.finditer(content):
            days.setdefault(match[1].decode(), match[2].decode())
    return days


def _note_text(document: Any, notes: ReadingNotes) -> None:
    """The text, noted after each of the first pages, so that a page without an end does not take the others along."""
    texts: list[str] = []
    size = 0
    for number in range(len(document)):
        page = document[number]
        texts.append(page.get_textpage().get_text_bounded())
        page.close()
        size += len(texts[-1]) + 2
        if number < PREVIEW_PAGES:
            notes.note(text="\n\n".join(texts))
        if size > TEXT_LIMIT:
            break
    notes.note(text="\n\n".join(texts).replace("\r\n", "\n"))


def _draw_page(page: Any) -> Image.Image:
    """A page of any shape, as large as it may be shown."""
    width, height = (max(side, 1.0) for side in page.get_size())
    scale = min(WIDTH_PX / width, HEIGHT_PX / height)
    image: Image.Image = page.render(scale=scale).to_pil()
    page.close()
    return image


def read_photo(path: Path, notes: ReadingNotes) -> None:
    """The picture is turned as it was taken, and carries none of what the camera wrote into it."""
    with _open_photo(path) as image:
        exif = image.getexif()
        notes.note(
            made_on=parse_day(exif.get_ifd(EXIF).get(TAKEN)),
            changed_on=parse_day(exif.get(CHANGED)),
            has_position={LATITUDE, LONGITUDE} <= set(exif.get_ifd(GPS)),
        )
        image.draft("RGB", (PHOTO_PX, PHOTO_PX))
        image.thumbnail((PHOTO_PX, PHOTO_PX))
        notes.add_picture(_encode_webp(ImageOps.exif_transpose(image)))


def _open_photo(path: Path) -> Image.Image:
    try:
        return Image.open(path)
    except Image.DecompressionBombError as problem:
        raise OverflowError from problem


def _encode_webp(image: Image.Image) -> bytes:
    output = io.BytesIO()
    image.convert("RGBA" if "A" in image.getbands() or "transparency" in image.info else "RGB").save(
        output, "WEBP", quality=QUALITY, exif=b"", icc_profile=b""
    )
    return output.getvalue()
