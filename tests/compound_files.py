"""Compound files and Outlook messages for tests, as [MS-CFB] and [MS-OXMSG] have them."""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

SECTOR, SMALL_SECTOR, SMALL = 512, 64, 4096
NONE, END, ADDRESSES = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
STORAGE, STREAM, ROOT = 1, 2, 5
TEXT, MOMENT, NUMBER = 0x1F, 0x40, 0x03


@dataclass
class _Chains:
    """Sectors of one size, and which of them follows which."""

    size: int
    content: bytearray = field(default_factory=bytearray)
    following: list[int] = field(default_factory=list)

    def put(self, content: bytes) -> int:
        """Where it begins."""
        if not content:
            return END
        first, count = len(self.following), -(-len(content) // self.size)
        self.content += content.ljust(count * self.size, b"\0")
        self.following += [*range(first + 1, first + count), END]
        return first


@dataclass
class _Entry:
    name: str
    kind: int
    content: bytes = b""
    children: list[int] = field(default_factory=list)
    beside: int = NONE


def compound_of(streams: Mapping[str, bytes]) -> bytes:
    """A compound file of streams, by their names with a slash after each storage."""
    entries, places = [_Entry("Root Entry", ROOT)], {"": 0}
    for path, content in streams.items():
        *folders, name = path.split("/")
        parent = ""
        for folder in folders:
            whole = f"{parent}/{folder}"
            if whole not in places:
                places[whole] = _add_entry(entries, places[parent], _Entry(folder, STORAGE))
            parent = whole
        _add_entry(entries, places[parent], _Entry(name, STREAM, content))
    return _write_file(entries)


def _add_entry(entries: list[_Entry], parent: int, entry: _Entry) -> int:
    """Each entry stands beside the one before it in its storage."""
    entries.append(entry)
    siblings = entries[parent].children
    if siblings:
        entries[siblings[-1]].beside = len(entries) - 1
    siblings.append(len(entries) - 1)
    return len(entries) - 1


def _write_file(entries: Sequence[_Entry]) -> bytes:
    large, small = _Chains(SECTOR), _Chains(SMALL_SECTOR)
    starts = [
        (small if len(entry.content) < SMALL else large).put(entry.content) if entry.kind == STREAM else 0
        for entry in entries
    ]
    starts[0] = large.put(bytes(small.content))
    listed = b"".join(
        _write_entry(entry, start, len(small.content) if entry.kind == ROOT else len(entry.content))
        for entry, start in zip(entries, starts, strict=True)
    )
    listed_at = large.put(listed)
    small_at = large.put(struct.pack(f"<{len(small.following)}I", *small.following))
    return _write_head(large, listed_at, small_at, len(small.following))


def _write_entry(entry: _Entry, start: int, size: int) -> bytes:
    name = (entry.name + "\0").encode("utf-16-le")
    child = entry.children[0] if entry.children else NONE
    head = struct.pack("<64sHBBIII", name, len(name), entry.kind, 1, NONE, entry.beside, child)
    return head + bytes(36) + struct.pack("<IQ", start, size)


def _write_head(large: _Chains, listed_at: int, small_at: int, small_count: int) -> bytes:
    used, count = len(large.following), 0
    while count * SECTOR // 4 < used + count:
        count += 1
    addresses = large.following + [ADDRESSES] * count
    addresses += [NONE] * (count * SECTOR // 4 - len(addresses))
    small_sectors = -(-small_count * 4 // SECTOR)
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<IIIIIIIII", 0, count, listed_at, 0, SMALL, small_at, small_sectors, END, 0)
    where = [*range(used, used + count)] + [NONE] * (109 - count)
    return head + struct.pack("<109I", *where) + bytes(large.content) + struct.pack(f"<{len(addresses)}I", *addresses)


MessageValue = str | int | datetime


def message_streams(
    texts: Mapping[int, MessageValue],
    recipients: Sequence[Mapping[int, MessageValue]] = (),
    attachments: Sequence[Mapping[str, bytes]] = (),
    *,
    place: str = "",
    head_bytes: int = 32,
) -> dict[str, bytes]:
    """The streams of a message: its properties by their numbers, and the streams of each attachment."""
    streams = _property_streams(place, head_bytes, texts)
    for number, person in enumerate(recipients):
        streams |= _property_streams(f"{place}__recip_version1.0_#{number:08X}/", 8, person)
    for number, attached in enumerate(attachments):
        folder = f"{place}__attach_version1.0_#{number:08X}/"
        streams |= {folder + name: content for name, content in attached.items()}
    return streams


def attached_file(name: str, content: bytes) -> dict[str, bytes]:
    return _property_streams("", 8, {0x3707: name}) | {"__substg1.0_37010102": content}


def attached_message(texts: Mapping[int, MessageValue]) -> dict[str, bytes]:
    inner = message_streams(texts, place="__substg1.0_3701000D/", head_bytes=24)
    return _property_streams("", 8, {0x3001: "Earlier"}) | inner


def _property_streams(place: str, head_bytes: int, values: Mapping[int, MessageValue]) -> dict[str, bytes]:
    entries, streams = bytearray(head_bytes), {}
    for number, value in values.items():
        if isinstance(value, str):
            content = value.encode("utf-16-le")
            streams[f"{place}__substg1.0_{number:04X}001F"] = content
            entries += struct.pack("<HHIQ", TEXT, number, 6, len(content) + 2)
        elif isinstance(value, datetime):
            passed = value - datetime(1601, 1, 1, tzinfo=UTC)
            entries += struct.pack("<HHIQ", MOMENT, number, 6, int(passed.total_seconds()) * 10_000_000)
        else:
            entries += struct.pack("<HHIQ", NUMBER, number, 6, value)
    return streams | {f"{place}__properties_version1.0": bytes(entries)}
