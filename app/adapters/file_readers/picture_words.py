"""What people and cameras wrote about a picture: in EXIF, in IPTC, in XMP, and in the places that a format has for remarks."""

from collections.abc import Iterable, Iterator
from typing import Any

from PIL import IptcImagePlugin
from PIL.ExifTags import IFD, Base
from PIL.ImageFile import ImageFile

from app.adapters.encodings import decode_bytes, decode_safely
from app.adapters.file_readers.xmp import read_xmp_lines

WORDED = (
    Base.DocumentName, Base.ImageDescription, Base.Artist, Base.Copyright,
    Base.XPTitle, Base.XPComment, Base.XPAuthor, Base.XPKeywords, Base.XPSubject,
)  # fmt: skip
WORDED_BY_CAMERA = (Base.UserComment, Base.CameraOwnerName)
WIDE_TAGS = range(Base.XPTitle, Base.XPSubject + 1)
"""Which Windows writes in letters of two bytes."""
COMMENT_ENCODINGS = {
    b"ASCII\0\0\0": "ascii",
    b"UNICODE\0": "utf-16-be",
    b"JIS\0\0\0\0\0": "iso2022_jp",
    b"\0" * 8: "utf-8",
}
"""What a remark of a camera begins with (Exif 2.32, 4.6.5)."""
IPTC_WORDS = (5, 7, 10, 15, 20, 25, 26, 27, 40, 80, 85, 90, 92, 95, 101, 103, 105, 110, 115, 116, 118, 120, 122)
"""Datasets of the second record in which people write words (IPTC-IIM 4.2, chapter 6)."""
REMARKS = "comment"
"""Under which JPEG and GIF keep one."""
PROGRAM_KEYS = ("XML:com.adobe.xmp", "Raw profile type", "Software", "software")


def read_picture_words(image: ImageFile, packets: Iterable[bytes]) -> str:
    """The words, each line once; `packets` are its XMP."""
    lines = [*_exif_words(image), *_iptc_words(image), *read_xmp_lines(packets), *_remarks(image)]
    return "\n".join(dict.fromkeys(line for line in (text.strip(" \0\n") for text in lines) if line))


def find_xmp(image: ImageFile) -> list[bytes]:
    """The XMP of a picture, one or none."""
    packet = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
    return [packet.encode() if isinstance(packet, str) else bytes(packet)] if packet else []


def _exif_words(image: ImageFile) -> Iterator[str]:
    exif = image.getexif()
    yield from (_decode_tag(tag, exif[tag]) for tag in WORDED if exif.get(tag))
    by_camera = exif.get_ifd(IFD.Exif)
    yield from (_decode_tag(tag, by_camera[tag]) for tag in WORDED_BY_CAMERA if by_camera.get(tag))


def _decode_tag(tag: int, value: Any) -> str:
    content = bytes(value) if isinstance(value, bytes | tuple) else None
    if content is None:
        return str(value)
    if tag in WIDE_TAGS:
        return content.decode("utf-16-le", "replace")
    if tag == Base.UserComment and content[:8] in COMMENT_ENCODINGS:
        return decode_safely(content[8:], COMMENT_ENCODINGS[content[:8]])
    return decode_bytes(content)


def _iptc_words(image: ImageFile) -> Iterator[str]:
    try:
        found = IptcImagePlugin.getiptcinfo(image) or {}
    except (SyntaxError, ValueError, IndexError, KeyError, TypeError, AttributeError, OSError):
        return  # a damaged one; the picture itself may be whole
    for (record, dataset), values in found.items():
        if record == 2 and dataset in IPTC_WORDS:
            yield from map(decode_bytes, values if isinstance(values, list) else [values])


def _remarks(image: ImageFile) -> Iterator[str]:
    remark = image.info.get(REMARKS)
    if isinstance(remark, bytes):
        yield decode_bytes(remark)
    for key, text in getattr(image, "text", {}).items():
        if not str(key).startswith(PROGRAM_KEYS):
            yield str(text)
