"""What one PDF is made from, and how that gets to the process which makes it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import IO, NamedTuple

LENGTH_BYTES = 8


class PdfAttachment(NamedTuple):
    """A file inside the PDF. `relationship` is one of PDF/A-3's: Data, Source, Alternative, Supplement."""

    name: str
    about: str
    relationship: str
    content: bytes


@dataclass(frozen=True)
class PdfJob:
    """`html` may ask for the `assets` by their names (`asset:logo`) and for nothing else; `made_on` dates what is attached.

    What takes more than `most_sheets`, where that is said, is set closer; what does not even then fit stays as long as it is.
    """

    html: str
    assets: Mapping[str, bytes] = field(default_factory=dict)
    attachments: tuple[PdfAttachment, ...] = ()
    made_on: date = date(2000, 1, 1)
    most_sheets: int = 0

    def frames(self) -> Iterator[bytes]:
        """What is sent: what comes, the HTML, and then each asset and each file to attach."""
        words = [[each.name, each.about, each.relationship] for each in self.attachments]
        order = {
            "assets": list(self.assets),
            "attachments": words,
            "made_on": self.made_on.isoformat(),
            "most_sheets": self.most_sheets,
        }
        yield json.dumps(order).encode()
        yield self.html.encode()
        yield from self.assets.values()
        yield from (each.content for each in self.attachments)


def read_job(stream: IO[bytes]) -> PdfJob:
    """The job whose frames come next. Raises EOFError when the other side is gone."""
    order = json.loads(read_frame(stream))
    return PdfJob(
        html=read_frame(stream).decode(),
        assets={name: read_frame(stream) for name in order["assets"]},
        attachments=tuple(
            PdfAttachment(name, about, relationship, read_frame(stream))
            for name, about, relationship in order["attachments"]
        ),
        made_on=date.fromisoformat(order["made_on"]),
        most_sheets=order["most_sheets"],
    )


def write_frame(stream: IO[bytes], payload: bytes) -> None:
    """One length (8 bytes, big-endian) and that many bytes."""
    stream.write(len(payload).to_bytes(LENGTH_BYTES, "big"))
    stream.write(payload)
    stream.flush()


def read_frame(stream: IO[bytes]) -> bytes:
    """The next frame. Raises EOFError when the other side is gone."""
    return _read_exactly(stream, int.from_bytes(_read_exactly(stream, LENGTH_BYTES), "big"))


def _read_exactly(stream: IO[bytes], count: int) -> bytes:
    payload = stream.read(count)
    if len(payload) < count:
        raise EOFError
    return payload
