"""Notices what is slow while someone has the turn to write: on SQLite everyone else waits for that.

A transaction belongs to the thread that began it. What a request does is done in one thread at a time, and tests send one request after
the other, so a thread that renders, hashes or stores while its transaction is open is one that makes others wait.
"""

import smtplib
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import argon2
import jinja2
import pytest
from sqlalchemy import Connection, Engine, event

from app.adapters import solver
from app.adapters.storage.local import LocalStorage
from app.adapters.storage.s3 import ObjectStorage
from app.rules.text import search_words
from app.rules.text.bounds import normalize_text

LONGEST_NORMALIZED = 20_000
"""Characters of a text that are put into one form while others wait; more belongs before the turn."""
SLOW: list[tuple[Any, str]] = [
    (jinja2.Template, "render"),
    (argon2.PasswordHasher, "hash"),
    (argon2.PasswordHasher, "verify"),
    *((kind, verb) for kind in (LocalStorage, ObjectStorage) for verb in ("put", "open", "delete")),
    (solver, "_make_solver"),
    (subprocess.Popen, "__init__"),
    (smtplib.SMTP, "__init__"),
]
"""What takes long, wherever in the app it is called from."""


class WriteWatch:
    """`seen` has what was slow in a transaction that writes, each with the name of what did it."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.transactions = 0
        self._open: dict[int, int] = {}

    def begin(self, connection: Connection) -> None:
        if not connection.get_execution_options().get("reads_only", False):
            self.transactions += 1
            self._open[id(connection.connection.dbapi_connection)] = threading.get_ident()

    def end(self, connection: Connection) -> None:
        self._open.pop(id(connection.connection.dbapi_connection), None)

    def note(self, what: str) -> None:
        if threading.get_ident() in self._open.values():
            self.seen.append(what)


@contextmanager
def watched(monkeypatch: pytest.MonkeyPatch) -> Iterator[WriteWatch]:
    """Everything that is done inside is watched."""
    watch = WriteWatch()
    for place, name in SLOW:
        monkeypatch.setattr(place, name, _noted(watch, getattr(place, name), f"{place.__name__}.{name}"))
    normalized = normalize_text

    def long_noted(form: Any, text: str) -> str:
        if len(text) > LONGEST_NORMALIZED:
            watch.note("search words of a long text")
        return normalized(form, text)

    monkeypatch.setattr(search_words, "normalize_text", long_noted)
    ends = ("commit", "rollback")
    event.listen(Engine, "begin", watch.begin)
    for name in ends:
        event.listen(Engine, name, watch.end)
    try:
        yield watch
    finally:
        event.remove(Engine, "begin", watch.begin)
        for name in ends:
            event.remove(Engine, name, watch.end)


def _noted(watch: WriteWatch, real: Callable[..., Any], name: str) -> Callable[..., Any]:
    def noted(*given: Any, **named: Any) -> Any:
        watch.note(name)
        return real(*given, **named)

    return noted
