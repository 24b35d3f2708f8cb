"""What people wrote about a PDF: the properties that every PDF may have, and those that a program or a person made up (ISO 32000-1, 14.3.3)."""

import mmap
import re
import zlib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

READABLE = ("Subject", "Keywords", "Author")
OTHERS = ("Title", "Creator", "Producer", "CreationDate", "ModDate", "Trapped")
LEFT_OUT = ("MSIP_Label_", "PTEX.", "ContentTypeId")
"""How the names of properties begin in which programs write for programs."""
MOST_NAMES = 20_000
MOST_STREAMS = 2_000
MOST_UNPACKED = 1_000_000
MOST_BYTES = 20_000_000
"""So much is unpacked of one stream of objects, and of all together."""
_NAME = re.compile(rb"/([^\x00-\x20()<>\[\]{}/%]{1,100})\s*(?:\(|<(?!<)|\d{1,9} \d{1,5} R)")
_OBJECTS = re.compile(rb"/ObjStm\b.{0,400}?stream\r?\n", re.DOTALL)
_ESCAPED = re.compile(rb"#([0-9a-fA-F]{2})")
_MOMENT = re.compile(r"D:\d{4,14}")


def read_property_lines(document: Any, path: Path) -> list[str]:
    """The texts in them, those of every PDF first; moments are no words."""
    own = sorted(set(_find_names(path)) - {*READABLE, *OTHERS})
    names = [*READABLE, *(name for name in own if not name.startswith(LEFT_OUT))]
    values = (" ".join(document.get_metadata_value(name).split()) for name in names)
    return [value for value in values if value and not _MOMENT.match(value)]


def _find_names(path: Path) -> Iterator[str]:
    """Whatever could be the name of a property: PDFium tells what one says, and not which there are."""
    found: dict[bytes, None] = {}
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        for match in chain(_NAME.finditer(content), *map(_NAME.finditer, _unpack_objects(content))):
            found[match[1]] = None
            if len(found) == MOST_NAMES:
                break
    for raw in found:
        name = _ESCAPED.sub(lambda match: bytes.fromhex(match[1].decode()), raw)
        if b"\0" not in name:
            yield name.decode("utf-8", "ignore")


def _unpack_objects(content: mmap.mmap) -> Iterator[bytes]:
    """Objects that the file keeps packed together; a damaged stream of them is left."""
    left = MOST_BYTES
    for number, match in enumerate(_OBJECTS.finditer(content)):
        if number >= MOST_STREAMS or left <= 0:
            return
        try:
            unpacked = zlib.decompressobj().decompress(
                content[match.end() : match.end() + MOST_UNPACKED], MOST_UNPACKED
            )
        except zlib.error:
            continue
        left -= len(unpacked)
        yield unpacked
