"""Turns at writing to an SQLite file: whoever came first writes first, among threads and among processes.

SQLite itself lets whoever happens to ask in the right moment begin, and those who wait ask ever more seldom, so in a crowd some wait for
good. Here each thread of a process has a place in a queue, and the process whose thread is first takes two locks: it holds the gate
while it waits for the door, so that a process that has just written cannot pass one that waits. A kill lets go of both.
"""

import fcntl
import os
import threading
import time
from collections import deque
from contextlib import suppress
from pathlib import Path

from app.rules.installation.database_trouble import DatabaseBusy

POLL_SECONDS = 0.001
"""A lock on a file cannot be waited for with an end; one thread of each process looks whether it is free."""


class Turns:
    """The queue of one process for one file. Without a folder to keep locks in, it is a queue of this process alone."""

    def __init__(self, database: Path | None) -> None:
        self._database = database
        self._locks: tuple[int, ...] | None = None
        self._mutex = threading.Lock()
        self._queue: deque[threading.Event] = deque()

    def take(self, patience_seconds: float) -> None:
        """Wait for the turn, which `end` ends. Raises DatabaseBusy when it does not come in time."""
        deadline = time.monotonic() + patience_seconds
        place = threading.Event()
        with self._mutex:
            self._queue.append(place)
            self._queue[0].set()
        try:
            if not place.wait(patience_seconds):
                raise DatabaseBusy
            self._pass_gate(deadline)
        except BaseException:
            self._leave(place)
            raise

    def end(self) -> None:
        """The turn is over, and the next in the queue has it."""
        for lock in self._locks or ():
            fcntl.flock(lock, fcntl.LOCK_UN)
        self._leave(self._queue[0])

    def close(self) -> None:
        """Let go of the files, unless someone waits or writes; the next turn opens them again."""
        with self._mutex:
            if self._queue:
                return
            locks, self._locks = self._locks, None
        for lock in locks or ():
            os.close(lock)

    def _leave(self, place: threading.Event) -> None:
        with self._mutex:
            self._queue.remove(place)
            if self._queue:
                self._queue[0].set()

    def _pass_gate(self, deadline: float) -> None:
        if self._locks is None:
            self._locks = tuple(_open_locks(self._database)) if self._database else ()
        if not self._locks:
            return
        gate, door = self._locks
        _lock_file(gate, deadline)
        try:
            _lock_file(door, deadline)
        finally:
            fcntl.flock(gate, fcntl.LOCK_UN)


def _open_locks(database: Path) -> list[int]:
    """Gate and door; none where they cannot be kept, since then nothing can be written there either."""
    descriptors: list[int] = []
    with suppress(OSError):
        for suffix in (".gate", ".turn"):
            descriptors.append(os.open(database.with_name(database.name + suffix), os.O_RDWR | os.O_CREAT, 0o600))
        return descriptors
    for descriptor in descriptors:
        os.close(descriptor)
    return []


def _lock_file(descriptor: int, deadline: float) -> None:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise DatabaseBusy from None
            time.sleep(POLL_SECONDS)
        else:
            return
