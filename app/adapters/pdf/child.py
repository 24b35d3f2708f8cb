"""The process that makes PDFs: started by `adapters.pdf.maker`, fed over its standard input, ended by its end.

It may take a bounded amount of memory and time, it has no network and no files but fonts and a folder of its own, and it loads nothing
but the assets that come with a job.
A job comes as the frames of `PdfJob`. The answer is one frame: a byte from `PdfResult`, then the PDF or a word of detail.
"""

import errno
import gc
import hashlib
import os
import re
import resource
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import suppress
from enum import IntEnum
from pathlib import Path
from typing import Any

from app.adapters.children.confinement import FileView, confine_process
from app.adapters.pdf.job import PdfJob, read_job, write_frame

MEGABYTE = 10**6
BEHIND_PAGES = 10
"""How far the system puts a report behind pages for which people wait: where both want a core, pages get nine tenths of it."""
FONTS = tuple(
    Path(name).expanduser()
    for name in ("/etc/fonts", "/var/cache/fontconfig", "~/.fonts", "~/.local/share/fonts", "~/.cache/fontconfig")
)


FONT_FACE = re.compile("@font-face[^}]*}")
CLOSER = ("close", "close closest")
"""Classes of the body of what would take more sheets than it may."""


class PdfResult(IntEnum):
    READY = 1
    MADE = 2
    NO_PANGO = 3
    OUT_OF_MEMORY = 4
    OUTSIDE_ASKED = 5
    BROKEN = 6
    DISK_FULL = 7
    NO_ROOM_TO_START = 8


def main(seconds: int, memory_mb: int) -> None:
    """Answer jobs until the standard input ends; `seconds` of processor time each, `memory_mb` of address space in all."""
    results = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    os.nice(BEHIND_PAGES)
    _set_soft_limit(resource.RLIMIT_AS, memory_mb * MEGABYTE)
    sys.addaudithook(_refuse_network)
    if why_not := _load_libraries():
        return write_frame(results, bytes([why_not]))
    confine_process(FileView(readable=FONTS, writable=(Path(tempfile.gettempdir()),)))
    write_frame(results, bytes([PdfResult.READY]))
    with suppress(EOFError, BrokenPipeError):
        while True:
            job = read_job(sys.stdin.buffer)
            _set_soft_limit(resource.RLIMIT_CPU, int(time.process_time()) + seconds + 1)
            write_frame(results, _run_job(job))
            gc.collect()


def _load_libraries() -> PdfResult | None:
    """None once WeasyPrint and the libraries that it calls are loaded, else why not.

    A library that finds no memory looks like one that is missing. So what failed is tried again without the limit: if it works then,
    the limit was the reason.
    """
    try:
        import weasyprint  # it is what finds out whether Pango is there
    except MemoryError:
        return PdfResult.NO_ROOM_TO_START
    except (OSError, ImportError):
        _set_soft_limit(resource.RLIMIT_AS, resource.getrlimit(resource.RLIMIT_AS)[1])
        try:
            import weasyprint  # noqa: F401
        except OSError:
            return PdfResult.NO_PANGO
        except Exception:
            traceback.print_exc()
            return PdfResult.BROKEN
        return PdfResult.NO_ROOM_TO_START
    return None


def _set_soft_limit(what: int, most: int) -> None:
    """Set the soft limit, where the system has it (macOS refuses RLIMIT_AS)."""
    with suppress(ValueError, OSError):
        resource.setrlimit(what, (most, resource.getrlimit(what)[1]))


def _refuse_network(event: str, _: tuple[Any, ...]) -> None:
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto"):
        raise PermissionError("the PDF process has no network")


def _run_job(job: PdfJob) -> bytes:
    from weasyprint.urls import FatalURLFetchingError

    try:
        return bytes([PdfResult.MADE]) + make_pdf(job)
    except MemoryError:
        return bytes([PdfResult.OUT_OF_MEMORY])
    except FatalURLFetchingError as reason:
        return bytes([PdfResult.OUTSIDE_ASKED]) + str(reason).encode()
    except Exception as reason:
        traceback.print_exc()
        return bytes([PdfResult.DISK_FULL if _is_disk_full(reason) else PdfResult.BROKEN])


def _is_disk_full(reason: BaseException | None) -> bool:
    """Whether it, or what it came from, says that a file found no room."""
    if isinstance(reason, OSError) and reason.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return True
    return reason is not None and _is_disk_full(reason.__cause__ or reason.__context__)


def make_pdf(job: PdfJob) -> bytes:
    """A file that is PDF/UA-1 and PDF/A-3a, the same bytes for the same job.

    Raises FatalURLFetchingError for any address but `asset:` and a known name.
    """
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    from app.adapters.pdf.archival import VARIANT, write_archival_pdf
    from app.adapters.pdf.hard_spaces import keep_hard_spaces
    from app.adapters.pdf.kept_fonts import keep_fonts
    from app.adapters.pdf.quick import quick_layout, quick_writing
    from app.adapters.pdf.written_html import read_html

    class OnlyAssets(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
        def fetch(self, url: str, headers: object = None) -> Any:
            scheme, _, name = url.partition(":")
            if scheme != "asset" or name not in job.assets:
                raise FatalURLFetchingError(url[:200])
            return URLFetcherResponse(url, job.assets[name])

    gc.disable()  # all that is made lives until the end: looking for what could go takes a tenth of the time
    name = _name_fonts(job)
    try:
        with keep_fonts(name) as fonts:
            with quick_layout(name), keep_hard_spaces():
                for html in _list_settings(job):
                    document = read_html(html, OnlyAssets()).render(pdf_variant=VARIANT, font_config=fonts)
                    if len(document.pages) <= (job.most_sheets or len(document.pages)):
                        break
            with quick_writing():
                return write_archival_pdf(document, job)
    finally:
        gc.enable()


def _name_fonts(job: PdfJob) -> str:
    """What jobs have in common that call the same fonts by the same names."""
    named = hashlib.sha256("".join(FONT_FACE.findall(job.html.partition("</head>")[0])).encode())
    for name, content in sorted(job.assets.items()):
        if name != "logo":
            named.update(f"{name} {len(content)} ".encode() + content)
    return named.hexdigest()


def _list_settings(job: PdfJob) -> Iterator[str]:
    """The HTML as it is, then in each of the ways in which its style sheet sets it closer."""
    yield job.html
    for closeness in CLOSER:
        yield job.html.replace("<body", f'<body class="{closeness}"', 1)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
