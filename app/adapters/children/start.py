"""What a process started by `adapters.children.frame` does first. It loads little, since a reading may start a hundred of them."""

import resource
import sys
from contextlib import suppress
from typing import Any

from app.adapters.children.confinement import FileView, confine_process

MEGABYTE = 10**6
REFUSED = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.system", "pty.spawn")
"""How the events begin that such a process must not get to, as Python names them to its audit hooks, where no fence holds."""


def bound_process(seconds: int, memory_mb: int, *, file_mb: int, view: FileView) -> None:
    """Bind this process, for good, before it looks at anything that came from outside; of files it has its program and the `view`."""
    _set_limit(resource.RLIMIT_AS, memory_mb * MEGABYTE)
    _set_limit(resource.RLIMIT_CPU, seconds + 1)
    _set_limit(resource.RLIMIT_FSIZE, file_mb * MEGABYTE)
    _set_limit(resource.RLIMIT_CORE, 0)
    confine_process(view)
    sys.addaudithook(_refuse_event)


def _set_limit(what: int, most: int) -> None:
    """Set both limits, where the system has them (macOS refuses RLIMIT_AS)."""
    with suppress(ValueError, OSError):
        resource.setrlimit(what, (most, most))


def _refuse_event(event: str, _: tuple[Any, ...]) -> None:
    if event.startswith(REFUSED):
        raise PermissionError("a process that reads what strangers send has no network and starts nothing")
