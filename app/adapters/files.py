"""Looks into an upload, without unpacking or decoding it, to tell what it is."""

import zipfile
import zlib
from collections.abc import Collection
from typing import BinaryIO

from app.adapters.compound_files import has_slide_macros, list_root_streams
from app.adapters.picture_sizes import measure_heic, measure_tiff
from app.rules.errors import Invalid
from app.rules.files.kinds import (
    COMPOUND_BEGINNING,
    FILE_KINDS,
    HEIC,
    IMAGES,
    MACROS,
    PPT,
    TIFF,
    FileKind,
    check_file_kind,
    check_named_kind,
)
from app.rules.message import Message, say

HEAD_BYTES = 8192
DIRECTORY_BYTES = 2_000_000
"""The largest table of contents read from a zip: room for 20,000 members, and it bounds the memory that reading takes."""
MEMBERS = 10_000
PACKAGE_TYPE_MEMBERS = ("[content_types].xml", "mimetype", "meta-inf/manifest.xml")
PACKAGE_TYPE_BYTES = 500_000
BROKEN_ZIP = (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError)
"""What zipfile raises for a table of contents that it cannot read."""
UNPACKED_BYTES = 1_000_000_000
MEGAPIXELS = 50


def inspect_file(name: str, file: BinaryIO, kinds: Collection[FileKind] = FILE_KINDS) -> FileKind:
    """The kind of a whole file on disk, one of `kinds`, left at its beginning.

    Raises Invalid for the field `file` as `kind_of` does, and when the file is damaged or would grow too large once opened.
    """
    check_named_kind(name, kinds)
    head = _read_at(file, 0, HEAD_BYTES)
    is_zip = head.startswith(b"PK\x03\x04")
    members = _list_members(file) if is_zip else _list_streams(file) if head.startswith(COMPOUND_BEGINNING) else None
    kind = check_file_kind(
        name, head, members, kinds, package_type=_read_package_type(file) if is_zip and members else ""
    )
    if kind in IMAGES:
        _check_pixels(file, kind)
    if kind is PPT and has_slide_macros(file):
        raise Invalid({"file": MACROS})
    file.seek(0)
    return kind


def _list_members(file: BinaryIO) -> list[str]:
    if _directory_bytes(file) > DIRECTORY_BYTES:
        raise Invalid({"file": _too_much()})
    try:
        with zipfile.ZipFile(file) as package:
            members = package.infolist()
    except BROKEN_ZIP as error:
        raise Invalid({"file": _damaged_file()}) from error
    if len(members) > MEMBERS or sum(member.file_size for member in members) > UNPACKED_BYTES:
        raise Invalid({"file": _too_much()})
    return [member.filename for member in members]


def _list_streams(file: BinaryIO) -> list[str]:
    try:
        return list_root_streams(file)
    except OverflowError as error:
        raise Invalid({"file": _too_much()}) from error
    except ValueError as error:
        raise Invalid({"file": _damaged_file()}) from error


def _read_package_type(file: BinaryIO) -> str:
    """What a zip says of itself: the beginning of its content types, or its media type; nothing where it says nothing."""
    with zipfile.ZipFile(file) as package:
        saying = [member for member in package.namelist() if member.lower() in PACKAGE_TYPE_MEMBERS]
        return "\n".join(_read_beginning(package, member) for member in saying)


def _read_beginning(package: zipfile.ZipFile, member: str) -> str:
    """The beginning of a member; nothing of one that is damaged or locked."""
    try:
        with package.open(member) as part:
            return part.read(PACKAGE_TYPE_BYTES).decode("utf-8", "replace")
    except (*BROKEN_ZIP, zlib.error, RuntimeError):  # the last for a member that is locked
        return ""


def _directory_bytes(file: BinaryIO) -> int:
    """Size of the table of contents as the end record states it, before any of it is read.

    .ZIP File Format Specification 4.3.14 to 4.3.16: the record, or the larger one 76 bytes before it.
    """
    size = file.seek(0, 2)
    tail = bytes(76) + _read_at(file, max(0, size - 65_633), 65_633)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < 22:
        raise Invalid({"file": _damaged_file()})
    large = tail[at - 76 : at - 72] == b"PK\x06\x06" and tail[at - 20 : at - 16] == b"PK\x06\x07"
    return int.from_bytes(tail[at - 36 : at - 28] if large else tail[at + 12 : at + 16], "little")


def _check_pixels(file: BinaryIO, kind: FileKind) -> None:
    file.seek(0)
    try:
        width, height = PICTURE_SIZES[kind](file) if kind in PICTURE_SIZES else _measure_picture(file, kind)
    except (OSError, ValueError, SyntaxError) as error:
        raise Invalid({"file": _damaged_file()}) from error
    if width * height > MEGAPIXELS * 1_000_000:
        raise Invalid({"file": _too_many_pixels()})


PICTURE_SIZES = {TIFF: measure_tiff, HEIC: measure_heic}
"""Kinds of which the library reads more than the size before it tells it, or is not loaded here."""


def _measure_picture(file: BinaryIO, kind: FileKind) -> tuple[int, int]:
    from PIL import Image  # here, because it takes room, and most processes take in no picture

    try:
        with Image.open(file, formats=[kind.media_type.removeprefix("image/").upper()]) as image:
            return image.size
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Invalid({"file": _too_many_pixels()}) from error


def _read_at(file: BinaryIO, start: int, size: int) -> bytes:
    file.seek(start)
    return file.read(size)


def _damaged_file() -> Message:
    return say("This file is damaged or not complete. Open it, save it again and choose it again.")


def _too_much() -> Message:
    return say("This file contains too many parts, or grows too large when opened. Split it, or save it as PDF.")


def _too_many_pixels() -> Message:
    return say("This image has more than %(limit)s megapixels. Make it smaller and choose it again.", limit=MEGAPIXELS)
