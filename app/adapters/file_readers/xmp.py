"""Reads XMP, in which pictures and PDF files say of themselves what people wrote about them (ISO 16684-1)."""

import re
from collections.abc import Iterable
from itertools import islice, product
from pathlib import Path

from app.adapters.file_readers.words import EnoughRead, TextCollector, TextMarks, parse_content

SPACES = (
    "http://purl.org/dc/elements/1.1/", "http://ns.adobe.com/photoshop/1.0/", "http://ns.adobe.com/xap/1.0/rights/",
    "http://iptc.org/std/Iptc4xmpCore/", "http://iptc.org/std/Iptc4xmpExt/", "http://ns.adobe.com/pdfx/1.3/",
)  # fmt: skip
"""Namespaces in which people write words; in the others programs write how they work."""
OTHERS = ("{http://ns.adobe.com/xap/1.0/}Label", "{http://ns.adobe.com/pdf/1.3/}Keywords")
LEFT_OUT = ("{http://purl.org/dc/elements/1.1/}format",)
MOST_PACKETS = 20
MOST_BYTES = 8_000_000
_PACKET = re.compile(rb"<(x|xmp):xmpmeta\b.*?</\1:xmpmeta>", re.DOTALL)
_DAY = rb"\s*([0-9T:.+-]{10,35}Z?)"
_DAYS = (
    re.compile(rb"<(?:xmp|xap):(CreateDate|ModifyDate)>" + _DAY),
    re.compile(rb"(?:xmp|xap):(CreateDate|ModifyDate)=[\"']" + _DAY),
)


class XmpCollector(TextCollector):
    """Collects the words of those elements and attributes, a line for each."""

    def __init__(self) -> None:
        super().__init__(TextMarks(frozenset()))
        self._worded: list[bool] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        super().start(tag, attributes)
        self._worded.append(_has_words(tag) or (bool(self._worded) and self._worded[-1]))
        for name, value in attributes.items():
            if _has_words(name):
                self.add_text(f"{value}\n")

    def data(self, data: str) -> None:
        if self._worded and self._worded[-1]:
            self.add_text(data)

    def end(self, tag: str) -> None:
        if self._worded.pop():
            self.add_text("\n")
        super().end(tag)


def _has_words(name: str) -> bool:
    return name in OTHERS or (name.startswith(tuple(f"{{{space}" for space in SPACES)) and name not in LEFT_OUT)


def find_packets(path: Path) -> list[bytes]:
    """The XMP that stands in the beginning of a file as it is."""
    with path.open("rb") as file:
        found = _PACKET.finditer(file.read(MOST_BYTES))
    return [match[0] for match in islice(found, MOST_PACKETS)]


def read_xmp_lines(packets: Iterable[bytes]) -> list[str]:
    """What people wrote, each line once; nothing of a packet that is damaged."""
    lines: dict[str, None] = {}
    for packet in packets:
        collector = XmpCollector()
        try:
            parse_content(packet, collector)
        except (EnoughRead, ValueError, SyntaxError, RecursionError):
            continue
        lines |= dict.fromkeys(line for line in map(str.strip, collector.body.split("\n")) if line)
    return list(lines)


def find_xmp_days(packets: Iterable[bytes]) -> dict[str, str]:
    """`CreateDate` and `ModifyDate` as they are written; the first of each counts."""
    days: dict[str, str] = {}
    for pattern, packet in product(_DAYS, packets):
        for match in pattern.finditer(packet):
            days.setdefault(match[1].decode(), match[2].decode())
    return days
