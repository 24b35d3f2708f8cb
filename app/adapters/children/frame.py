"""Processes for what strangers send: bounded time and memory, no network, nothing of the environment, and nothing started by them."""

import os
import subprocess
import sys
from collections.abc import Collection
from enum import Enum, auto
from threading import get_ident

from app.settings import ROOT

PASSED_ON = ("PATH", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH")


class ChildFailure(Enum):
    """Why a process was not done: its time was up, or it broke off, as for want of memory."""

    LATE = auto()
    BROKE = auto()


_running: dict[int, subprocess.Popen[bytes]] = {}
"""The process that each thread waits for."""


def start_child(
    module: str,
    *arguments: str,
    seconds: int,
    memory_mb: int,
    talks: bool = False,
    passed_on: Collection[str] = PASSED_ON,
    folder: str = "",
) -> subprocess.Popen[bytes]:
    """Start the module of this app, which calls `start.bound_process` with the last two of its arguments.

    One that `talks` reads and writes through pipes, and what goes wrong in it is seen. `passed_on` is what it
    sees of the environment, `folder` its own for what is temporary.
    """
    stream = subprocess.PIPE if talks else subprocess.DEVNULL
    passed = {name: os.environ[name] for name in passed_on if name in os.environ}
    return subprocess.Popen(  # noqa: S603 (our own module; the rest are arguments, no shell reads them)
        [sys.executable, "-m", module, *arguments, str(seconds), str(memory_mb)],
        stdin=stream,
        stdout=stream,
        stderr=None if talks else stream,
        cwd=ROOT,
        env=passed | ({"TMPDIR": folder} if folder else {}),
    )


def run_child(module: str, *arguments: str, seconds: int, memory_mb: int) -> ChildFailure | None:
    """Run the module to its end; None when it was done."""
    process = start_child(module, *arguments, seconds=seconds, memory_mb=memory_mb)
    _running[get_ident()] = process
    try:
        return ChildFailure.BROKE if process.wait(seconds) else None
    except subprocess.TimeoutExpired:
        return ChildFailure.LATE
    finally:
        process.kill()
        process.wait()
        del _running[get_ident()]


def end_child_of(thread: int | None) -> None:
    """End the process that the thread waits for, if there is one; to the thread it broke off."""
    process = _running.get(thread or 0)
    if process is not None:
        process.kill()
