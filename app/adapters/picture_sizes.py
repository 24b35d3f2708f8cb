"""Finds out how large the pictures of a file are, from its first bytes and without the libraries that draw them."""

import re
import struct
from typing import BinaryIO

HEIC_HEAD_BYTES = 200_000
MOST_TAGS = 2_000
WIDTH_TAG, HEIGHT_TAG = 256, 257
SHORT = 3
"""The field type of a number of two bytes (TIFF 6.0, section 2)."""
_EXTENT = re.compile(rb"ispe\0\0\0\0(.{4})(.{4})", re.DOTALL)
"""Image spatial extents (ISO/IEC 23008-12, 6.5.3): of every tile, and of the picture that they make."""


def measure_tiff(file: BinaryIO) -> tuple[int, int]:
    """Width and height of the first picture. Raises ValueError for a file that does not say them."""
    head = _read_at(file, 0, 16)
    order = "<" if head[:2] == b"II" else ">"
    is_big = head[2:4] in (b"+\0", b"\0+")
    start, count_form, tag_size = (
        (_number(order + "Q", head[8:]), "Q", 20) if is_big else (_number(order + "I", head[4:]), "H", 12)
    )
    count_size = struct.calcsize(count_form)
    count = min(_number(order + count_form, _read_at(file, start, count_size)), MOST_TAGS)
    tags = _read_at(file, start + count_size, count * tag_size)
    sizes = {}
    for place in range(0, len(tags) - tag_size + 1, tag_size):
        tag, form = struct.unpack_from(order + "HH", tags, place)
        if tag in (WIDTH_TAG, HEIGHT_TAG):
            value = tags[place + (12 if is_big else 8) :]
            sizes[tag] = _number(order + ("H" if form == SHORT else "I"), value)
    if sizes.keys() != {WIDTH_TAG, HEIGHT_TAG}:
        raise ValueError("a TIFF without a size")
    return sizes[WIDTH_TAG], sizes[HEIGHT_TAG]


def measure_heic(file: BinaryIO) -> tuple[int, int]:
    """Width and height of the largest picture, or of a tile where only that is said; 0 where nothing is, as the reader will find."""
    extents = _EXTENT.findall(_read_at(file, 0, HEIC_HEAD_BYTES))
    sizes = [(_number(">I", width), _number(">I", height)) for width, height in extents]
    return max(sizes, key=lambda size: size[0] * size[1], default=(0, 0))


def _number(form: str, content: bytes) -> int:
    try:
        (number,) = struct.unpack_from(form, content)
    except struct.error as problem:
        raise ValueError("a picture that ends in its head") from problem
    return int(number)


def _read_at(file: BinaryIO, start: int, size: int) -> bytes:
    try:
        file.seek(start)
    except (OSError, OverflowError) as problem:
        raise ValueError("a place beyond the file") from problem
    return file.read(size)
