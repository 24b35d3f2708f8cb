"""Processes for what strangers send: bounded time and memory, no network, nothing of the environment, and nothing started by them."""

import os
import subprocess
import sys
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


def run_child(module: str, *arguments: str, seconds: int, memory_mb: int) -> ChildFailure | None:
    """Run the module of this app, which calls `start.bound_process` with the last two of its arguments; None when it was done."""
    process = subprocess.Popen(  # noqa: S603 (our own module; the rest are arguments, no shell reads them)
        [sys.executable, "-m", module, *arguments, str(seconds), str(memory_mb)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        env={name: os.environ[name] for name in PASSED_ON if name in os.environ},
    )
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
