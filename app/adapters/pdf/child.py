"""The process that makes PDFs: started by `adapters.pdf.maker`, fed over its standard input, ended by its end.

It may take a bounded amount of memory and time, it has no network and no files but fonts and a folder of its own, and it loads nothing
but the assets that come with a job.
A job is a frame of JSON `{"assets": [names]}`, a frame of HTML, and one frame for each asset. The answer is one frame:
a byte from `PdfResult`, then the PDF or a word of detail.
"""

import gc
import json
import os
import resource
import sys
import tempfile
import time
import traceback
from collections.abc import Mapping
from contextlib import suppress
from enum import IntEnum
from pathlib import Path
from typing import IO, Any

from app.adapters.children.confinement import FileView, confine_process

MEGABYTE = 10**6
FONTS = tuple(
    Path(name).expanduser()
    for name in ("/etc/fonts", "/var/cache/fontconfig", "~/.fonts", "~/.local/share/fonts", "~/.cache/fontconfig")
)
LENGTH_BYTES = 8


class PdfResult(IntEnum):
    READY = 1
    MADE = 2
    NO_PANGO = 3
    OUT_OF_MEMORY = 4
    OUTSIDE_ASKED = 5
    BROKEN = 6


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


def main(seconds: int, memory_mb: int) -> None:
    """Answer jobs until the standard input ends; `seconds` of processor time each, `memory_mb` of address space in all."""
    results = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    _set_soft_limit(resource.RLIMIT_AS, memory_mb * MEGABYTE)
    sys.addaudithook(_refuse_network)
    try:
        import weasyprint  # noqa: F401  (the import finds out whether Pango is there)
    except OSError as reason:
        return write_frame(results, bytes([PdfResult.NO_PANGO]) + str(reason).splitlines()[0].encode())
    confine_process(FileView(readable=FONTS, writable=(Path(tempfile.gettempdir()),)))
    write_frame(results, bytes([PdfResult.READY]))
    with suppress(EOFError, BrokenPipeError):
        while True:
            html, assets = _read_job(sys.stdin.buffer)
            _set_soft_limit(resource.RLIMIT_CPU, int(time.process_time()) + seconds + 1)
            write_frame(results, _run_job(html, assets))
            gc.collect()


def _set_soft_limit(what: int, most: int) -> None:
    """Set the soft limit, where the system has it (macOS refuses RLIMIT_AS)."""
    with suppress(ValueError, OSError):
        resource.setrlimit(what, (most, resource.getrlimit(what)[1]))


def _refuse_network(event: str, _: tuple[Any, ...]) -> None:
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto"):
        raise PermissionError("the PDF process has no network")


def _read_job(stream: IO[bytes]) -> tuple[str, dict[str, bytes]]:
    names = json.loads(read_frame(stream))["assets"]
    html = read_frame(stream).decode()
    return html, {name: read_frame(stream) for name in names}


def _run_job(html: str, assets: Mapping[str, bytes]) -> bytes:
    from weasyprint.urls import FatalURLFetchingError

    try:
        return bytes([PdfResult.MADE]) + make_pdf(html, assets)
    except MemoryError:
        return bytes([PdfResult.OUT_OF_MEMORY])
    except FatalURLFetchingError as reason:
        return bytes([PdfResult.OUTSIDE_ASKED]) + str(reason).encode()
    except Exception:
        traceback.print_exc()
        return bytes([PdfResult.BROKEN])


def make_pdf(html: str, assets: Mapping[str, bytes]) -> bytes:
    """A PDF/UA-1 file, the same bytes for the same input. Raises FatalURLFetchingError for any address but `asset:` and a known name."""
    from weasyprint import HTML
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class OnlyAssets(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
        def fetch(self, url: str, headers: object = None) -> Any:
            scheme, _, name = url.partition(":")
            if scheme != "asset" or name not in assets:
                raise FatalURLFetchingError(url[:200])
            return URLFetcherResponse(url, assets[name])

    gc.disable()  # all that is made lives until the end: looking for what could go takes a tenth of the time
    try:
        pdf: bytes = HTML(string=html, url_fetcher=OnlyAssets()).write_pdf(pdf_variant="pdf/ua-1")
    finally:
        gc.enable()
    return pdf


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
