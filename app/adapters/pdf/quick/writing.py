"""The objects of a file are written out once, though the file's identifier is made of them too."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pydyf
from weasyprint.document import Page

from app.adapters.pdf.quick.drawing import write_number
from app.adapters.pdf.replacing import replace_attribute


@contextmanager
def write_objects_once() -> Iterator[None]:
    """While the block runs objects are kept as they were written, from when nothing is added to them any more."""
    with ExitStack() as parts:
        parts.enter_context(replace_attribute(pydyf.PDF, "page_references", property(_keep_references)))
        parts.enter_context(replace_attribute(pydyf, "_to_bytes", _quick_bytes()))
        parts.enter_context(replace_attribute(pydyf.Dictionary, "data", property(_describe_entries)))
        parts.enter_context(replace_attribute(pydyf.Array, "data", property(_describe_items)))
        parts.enter_context(replace_attribute(pydyf.PDF, "write", _write_kept(pydyf.PDF.write)))
        parts.enter_context(replace_attribute(Page, "paint", _paint_together(Page.paint)))
        yield


def _keep_references(pdf: Any) -> tuple[bytes, ...]:
    """How each page is named, asked for by every element of every page."""
    numbers = pdf.pages["Kids"]
    kept: tuple[bytes, ...] = pdf.__dict__.get("kept_references", ())
    if 3 * len(kept) != len(numbers):
        kept = pdf.kept_references = tuple(b"%d 0 R" % number for number in numbers[::3])
    return kept


def _paint_together(paint: Any) -> Any:
    """A page that is drawn is one piece: its thousands of steps take several times the memory."""

    def paint_page(page: Any, stream: Any, scale: float = 1) -> None:
        paint(page, stream, scale)
        convert = pydyf._to_bytes
        stream.stream[:] = [b"\n".join([step if type(step) is bytes else convert(step) for step in stream.stream])]

    return paint_page


def _describe_entries(entries: Any) -> bytes:
    """A dictionary as it is written; most of its values are texts."""
    pieces = [b"/%b %b" % (key.encode("ascii"), _write(value)) for key, value in entries.items()]
    return b"<<%b>>" % b"".join(pieces)


def _describe_items(items: Any) -> bytes:
    """A list as it is written; most of it is written already."""
    return b"[%b]" % b" ".join(map(_write, items))


def _write(value: Any) -> bytes:
    kind = type(value)
    written: bytes = value if kind is bytes else value.encode("ascii") if kind is str else pydyf._to_bytes(value)
    return written


def _quick_bytes() -> Any:
    """Each kind by its own way, where pydyf asks a value for one kind after the other."""
    convert = pydyf._to_bytes
    ways: dict[type, Any] = {
        bytes: lambda value: value,
        int: lambda value: b"%d" % value,
        **dict.fromkeys((pydyf.Dictionary, pydyf.Array, pydyf.String), lambda value: value.data),
    }

    def convert_quickly(value: Any) -> Any:
        kind = type(value)
        if kind is str:
            return value.encode("ascii")
        if kind is float:
            return write_number(value).encode("ascii")
        return ways.get(kind, convert)(value)

    return convert_quickly


def _write_kept(write: Any) -> Any:
    """Write a file whose dictionaries do not change meanwhile."""
    describe = pydyf.Dictionary.data.fget

    def describe_once(self: Any) -> bytes:
        kept: bytes | None = self.__dict__.get("written")
        if kept is None:
            kept = self.written = describe(self)
        return kept

    def write_file(*given: Any, **named: Any) -> None:
        with replace_attribute(pydyf.Dictionary, "data", property(describe_once)):
            write(*given, **named)

    return write_file
