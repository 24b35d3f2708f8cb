"""The words of a message that Outlook kept as RTF alone: unpacked ([MS-OXRTFCP] 2.1 to 3.1), and without its control words ([MS-OXRTFEX])."""

import re
import struct
from dataclasses import dataclass, replace

from app.adapters.encodings import decode_safely
from app.adapters.file_readers.property_sets import code_page_name
from app.adapters.web_text import visible_text

PACKED, PLAIN = b"LZFu", b"MELA"
HEAD_BYTES = 16
MOST_BYTES = 20_000_000
DEEPEST = 1_000
WINDOW_BYTES = 4_096
KNOWN_BEGINNING = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans SerifSymbolArial"
    rb"Times New RomanCourier{\colortbl\red0\green0\blue0" b"\r\n" rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)  # fmt: skip
"""What the window holds before anything was unpacked."""
FROM_PAGE = b"\\fromhtml"
"""Where the RTF is a page of HTML in disguise: its tags stand in groups of their own, and what only RTF shows is marked."""
TAG, ONLY_RTF = b"htmltag", b"htmlrtf"
SILENT = frozenset(
    b"fonttbl colortbl stylesheet info pict object fldinst listtable listoverridetable revtbl rsidtbl".split()
)
"""Groups without words that a person sees."""
SIGNS = {
    b"par": "\n", b"line": "\n", b"row": "\n", b"page": "\n", b"sect": "\n", b"tab": "\t", b"cell": "\t", b"emdash": "—", b"endash": "–",
    b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”", b"bullet": "•", b"emspace": " ", b"enspace": " ",
    b"~": "\xa0", b"_": "-", b"\r": "\n", b"\n": "\n", b"{": "{", b"}": "}", b"\\": "\\",
}  # fmt: skip
"""Control words and control signs that stand for a character."""
_TOKEN = re.compile(
    rb"\\'(?P<byte>[0-9a-fA-F]{2})|\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?|\\(?P<sign>.)|(?P<brace>[{}])|[\r\n]+"
    rb"|(?P<text>[^\\{}\r\n]+)",
    re.DOTALL,
)


def unpack_rtf(content: bytes) -> bytes:
    """The RTF of the property. Raises ValueError and struct.error for one that is damaged."""
    size, raw_size = struct.unpack_from("<II", content)
    packed, kind = content[HEAD_BYTES : size + 4], content[8:12]
    if kind == PLAIN:
        return packed[:raw_size]
    if kind != PACKED or raw_size > MOST_BYTES:
        raise ValueError("no RTF that is packed as Outlook does")
    return _unpack(packed, raw_size)


def _unpack(packed: bytes, raw_size: int) -> bytes:
    """After each byte of flags come eight pieces: a letter as it is, or a place in the window with how many letters from there."""
    window, made = bytearray(KNOWN_BEGINNING.ljust(WINDOW_BYTES, b"\0")), bytearray()
    write, place = len(KNOWN_BEGINNING), 0
    while place < len(packed) and len(made) < raw_size:
        flags, place = packed[place], place + 1
        for bit in range(8):
            if place >= len(packed):
                break
            start, count, size = write, 1, 1
            if flags >> bit & 1:
                (entry,) = struct.unpack_from(">H", packed, place)
                start, count, size = entry >> 4, (entry & 0xF) + 2, 2
                if start == write:
                    return bytes(made)
            else:
                window[write] = packed[place]
            place += size
            for offset in range(count):
                window[write] = window[(start + offset) % WINDOW_BYTES]
                made.append(window[write])
                write = (write + 1) % WINDOW_BYTES
    return bytes(made)


@dataclass(frozen=True)
class RichTextGroup:
    """What holds until the brace that ends it: whether its words are seen, and how many letters stand in for one of Unicode."""

    is_silent: bool = False
    stand_ins: int = 1


class RichTextReader:
    """Collects the words of RTF, or the page of HTML that it is in disguise."""

    def __init__(self, content: bytes) -> None:
        self._content, self._is_page = content, FROM_PAGE in content[:2_000]
        self._groups = [RichTextGroup()]
        self._encoding = "cp1252"
        self._parts: list[str] = []
        self._bytes = bytearray()
        self._to_skip = 0
        self._is_only_rtf = self._is_optional = False

    def read_words(self, limit: int) -> str:
        place = 0
        while match := _TOKEN.match(self._content, place):
            place = match.end()
            if match["word"] == b"bin":
                place += max(0, int(match["number"] or 0))
            self._take_token(match)
        self._flush()
        text = "".join(self._parts)
        return visible_text(text, limit) if self._is_page else text[:limit].strip()

    def _take_token(self, match: re.Match[bytes]) -> None:
        if match["byte"]:
            self._add_bytes(bytes.fromhex(match["byte"].decode()))
        elif match["text"]:
            self._add_bytes(match["text"])
        elif match["brace"]:
            self._take_brace(match["brace"])
        elif match["sign"] == b"*":
            self._is_optional = True
        elif match["sign"]:
            self._add_text(SIGNS.get(match["sign"], ""))
        elif match["word"]:
            self._take_word(match["word"], match["number"])

    def _take_brace(self, brace: bytes) -> None:
        self._to_skip, self._is_optional = 0, False
        if brace == b"{" and len(self._groups) < DEEPEST:
            self._groups.append(self._groups[-1])
        elif brace == b"}" and len(self._groups) > 1:
            self._groups.pop()

    def _take_word(self, word: bytes, number: bytes | None) -> None:
        is_unknown = self._is_optional and not (self._is_page and word == TAG)
        self._is_optional = False
        if word in SILENT or is_unknown:
            self._groups[-1] = replace(self._groups[-1], is_silent=True)
        elif word == b"ansicpg":
            self._encoding = code_page_name(int(number or 0))
        elif word == b"uc":
            self._groups[-1] = replace(self._groups[-1], stand_ins=max(0, int(number or 0)))
        elif word == b"u" and number:
            self._add_text(chr(int(number) % 0x10000))
            self._to_skip = self._groups[-1].stand_ins
        elif word == ONLY_RTF and self._is_page:
            self._is_only_rtf = number != b"0"
        else:
            self._add_text(SIGNS.get(word, ""))

    def _add_bytes(self, letters: bytes) -> None:
        skipped = min(self._to_skip, len(letters))
        self._to_skip -= skipped
        if not (self._groups[-1].is_silent or self._is_only_rtf):
            self._bytes += letters[skipped:]

    def _add_text(self, text: str) -> None:
        self._flush()
        if text and not (self._groups[-1].is_silent or self._is_only_rtf):
            self._parts.append(text)

    def _flush(self) -> None:
        """Letters of several bytes stand one after the other, so they are read together."""
        if self._bytes:
            self._parts.append(decode_safely(bytes(self._bytes), self._encoding))
            self._bytes.clear()


def read_packed_rtf(content: bytes, limit: int) -> str:
    """The words of the property. Raises ValueError and struct.error for one that is damaged."""
    words = RichTextReader(unpack_rtf(content)).read_words(limit)
    return words.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
