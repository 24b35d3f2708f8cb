"""PDFs, made by a process of their own so that a heavy or hostile text stops neither the pages nor the app.

WeasyPrint in the event loop stops everything and in a thread takes most of the throughput; its child takes neither. The child stays
warm between reports, and is killed and replaced when its time or memory is up.
"""

import signal
import subprocess
import tempfile
import weakref
from collections.abc import Iterable
from contextlib import suppress
from queue import SimpleQueue
from threading import Event, Lock, Timer
from typing import IO, cast

from app.adapters.children.frame import start_child
from app.adapters.pdf.child import PdfResult
from app.adapters.pdf.job import PdfJob, read_frame, write_frame
from app.rules.errors import OutsideUnavailable
from app.rules.message import Message, counted, say

START_SECONDS = 60
WALL_FACTOR = 10
"""A PDF may take so many times its seconds by the clock, on a machine that does much else."""
PDFS_OF_A_CHILD = 200
"""So many PDFs later the child is replaced: some of what the libraries take they never give back, up to some megabytes each time."""
PASSED_ON = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "LD_LIBRARY_PATH",
    "DYLD_FALLBACK_LIBRARY_PATH",
    "FONTCONFIG_FILE",
)
"""What the child sees of the environment; passwords of databases and mail servers are not among it."""

NO_PANGO = say(
    "PDF files cannot be made on this machine, because Pango is missing. "
    "Install it (Debian and Ubuntu: libpango-1.0-0 and libpangoft2-1.0-0; macOS: pango) and start the app again."
)
CHILD_DIED = say(
    "The process that makes PDF files ended before it was done. Try again; if it happens twice, tell your administrator."
)
WHY_NOT = {
    PdfResult.NO_PANGO: NO_PANGO,
    PdfResult.NO_ROOM_TO_START: say(
        "PDF files cannot be made, because a PDF may take less memory than its program needs to start. "
        "Raise CITYREADY_PDF_MEMORY_MB and start the app again."
    ),
    PdfResult.OUT_OF_MEMORY: say("The report needs more memory than one PDF may take."),
    PdfResult.OUTSIDE_ASKED: say(
        "The report asked for something outside of it and was stopped. This should not happen: please tell your administrator."
    ),
    PdfResult.DISK_FULL: say(
        "There is no room left on the server’s disk, so the report could not be made. Make room, then make it again."
    ),
    PdfResult.BROKEN: say("The PDF could not be laid out. This should not happen: please tell your administrator."),
}


class PdfMaker:
    """Makes one PDF at a time; safe to share between threads. `memory_mb` (10**6 bytes) bounds the child.

    `seconds` of processor time bound one PDF, so that it does not depend on what else the machine does; `wall_seconds` end a child that hangs.
    """

    def __init__(self, seconds: int, memory_mb: int, wall_seconds: int | None = None) -> None:
        self._seconds = seconds
        self._memory_mb = memory_mb
        self._wall_seconds = wall_seconds or WALL_FACTOR * seconds
        self._lock = Lock()
        self._child: _Child | None = None

    def check(self) -> Message | None:
        """None where PDFs can be made, else why not. The first call takes about a second, because it starts the child."""
        try:
            with self._lock:
                self._warm_child()
        except OutsideUnavailable as reason:
            return reason.said
        return None

    def make(self, job: PdfJob) -> bytes:
        """The PDF of one job. Raises OutsideUnavailable."""
        with self._lock:
            child = self._warm_child()
            try:
                return child.make(job, self._seconds, self._wall_seconds)
            except OutsideUnavailable:
                self._stop()
                raise

    def close(self) -> None:
        """End the child now rather than with the interpreter."""
        with self._lock:
            self._stop()

    def end(self) -> None:
        """End the child at once, in the middle of a PDF too; whoever waits for that one gets OutsideUnavailable."""
        child = self._child
        if child is not None:
            child.kill()

    def _warm_child(self) -> "_Child":
        if self._child is None or not self._child.is_usable:
            self._stop()
            self._child = _Child(self._seconds, self._memory_mb)
        return self._child

    def _stop(self) -> None:
        if self._child is not None:
            self._child.stop()
        self._child = None


class PdfMakers:
    """Several makers: as many PDFs at a time as there are; safe to share between threads."""

    def __init__(self, count: int, seconds: int, memory_mb: int) -> None:
        self._all = [PdfMaker(seconds, memory_mb) for _ in range(count)]
        self._free: SimpleQueue[PdfMaker] = SimpleQueue()
        for maker in self._all:
            self._free.put(maker)

    @property
    def count(self) -> int:
        return len(self._all)

    def check(self) -> Message | None:
        """None where PDFs can be made, else why not."""
        return self._all[0].check()

    def make(self, job: PdfJob) -> bytes:
        """The PDF of one job, by the first maker that is free. Raises OutsideUnavailable."""
        maker = self._free.get()
        try:
            return maker.make(job)
        finally:
            self._free.put(maker)

    def close(self) -> None:
        for maker in self._all:
            maker.close()

    def end(self) -> None:
        """End every child at once, in the middle of a PDF too."""
        for maker in self._all:
            maker.end()


class _Child:
    """The running process. It ends with this object, with the interpreter, and, since its input ends, with a killed parent."""

    def __init__(self, seconds: int, memory_mb: int) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="cityready-pdf-")
        self._process = start_child(
            "app.adapters.pdf.child",
            seconds=seconds,
            memory_mb=memory_mb,
            talks=True,
            passed_on=PASSED_ON,
            folder=self._folder.name,
        )
        self._left = PDFS_OF_A_CHILD
        self._input = cast(IO[bytes], self._process.stdin)
        self._output = cast(IO[bytes], self._process.stdout)
        self.stop = weakref.finalize(self, _end_process, self._process, self._folder)
        try:
            self._exchange([], START_SECONDS, PdfResult.READY, CHILD_DIED)
        except OutsideUnavailable:
            self.stop()
            raise

    @property
    def is_usable(self) -> bool:
        return self._left > 0 and self._process.poll() is None

    def kill(self) -> None:
        self._process.kill()

    def make(self, job: PdfJob, seconds: int, wall_seconds: int) -> bytes:
        self._left -= 1
        return self._exchange(job.frames(), wall_seconds, PdfResult.MADE, _too_long_message(seconds))

    def _exchange(self, frames: Iterable[bytes], wall_seconds: int, wanted: PdfResult, too_long: Message) -> bytes:
        """Send the frames and wait for the answer. The kernel ends a child at its limit; a timer ends one that hangs, reading or writing."""
        late = Event()
        timer = Timer(wall_seconds, self._kill, [late])
        timer.start()
        try:
            result = self._send_and_read(frames)
        except (EOFError, OSError) as reason:
            is_late = late.is_set() or self._process.wait() == -signal.SIGXCPU
            raise OutsideUnavailable(too_long if is_late else CHILD_DIED) from reason
        finally:
            timer.cancel()
        if result[0] != wanted:
            raise OutsideUnavailable(WHY_NOT[PdfResult(result[0])])
        return result[1:]

    def _kill(self, late: Event) -> None:
        late.set()
        self._process.kill()

    def _send_and_read(self, frames: Iterable[bytes]) -> bytes:
        for frame in frames:
            write_frame(self._input, frame)
        return read_frame(self._output)


def _too_long_message(seconds: int) -> Message:
    return counted(
        "Making the PDF took more than %(count)s second of computing and was stopped.",
        "Making the PDF took more than %(count)s seconds of computing and was stopped.",
        seconds,
    )


def _end_process(process: subprocess.Popen[bytes], folder: tempfile.TemporaryDirectory[str]) -> None:
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        with suppress(OSError):
            cast(IO[bytes], stream).close()
    folder.cleanup()
