"""A crowd that saves one text through real servers, while the machine is busy: `python -m tests.crowd --saves 10000`.

Several `cityready serve` over one database, and writers who save the text from the newest version that they know of, which others mostly have
changed meanwhile, and write a comment in turn, which always fits. Nobody may be answered 5xx; what was confirmed is there, once, with
an event in the record. Prints one line of JSON; ends
with 1 where anything was lost or refused for another reason than a conflict.
"""

import argparse
import json
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import httpx2

from app.services.site import open_site
from app.settings import ROOT, Settings
from app.store import response, review
from app.store.history import events as history
from app.store.migrating import upgrade_database
from tests import world

NARRATIVE = "/alpha/criteria/LC1/narrative"
COMMENTS = "/alpha/criteria/LC1/comments"


@contextmanager
def _database(kind: str) -> Iterator[str]:
    if kind == "sqlite":
        yield ""
        return
    from tests.conftest import PostgreSql

    server = PostgreSql()
    try:
        yield server.address(server.copy())
    finally:
        server.stop()


@contextmanager
def _servers(settings: Settings, count: int) -> Iterator[list[str]]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CITYREADY_")} | {
        "CITYREADY_DATA_DIR": str(settings.data_dir), "CITYREADY_DATABASE_URL": settings.database_url, "CITYREADY_WORKER": "none",
        "CITYREADY_SECRET_KEY": settings.secret_key,
    }  # fmt: skip
    with ExitStack() as held:
        doors = [held.enter_context(closing(socket.create_server(("127.0.0.1", 0)))) for _ in range(count)]
        ports = [door.getsockname()[1] for door in doors]
    command = [sys.executable, "-m", "app", "serve", "--port"]
    running = [
        subprocess.Popen([*command, str(port)], cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
        for port in ports
    ]
    listening = [threading.Thread(target=process.communicate) for process in running]
    try:
        for process in running:
            assert process.stderr
            next(line for line in process.stderr if line.startswith("CityReady: "))
        for thread in listening:
            thread.start()
        yield [f"http://127.0.0.1:{port}" for port in ports]
    finally:
        for process in running:
            process.send_signal(signal.SIGTERM)
        for process, thread in zip(running, listening, strict=True):
            thread.join(60) if thread.ident else process.communicate()


class Crowd:
    """Writers that save and do not try twice; `answers` counts what they were answered."""

    def __init__(self, addresses: list[str], cookies: dict[str, str], saves: int) -> None:
        self.addresses, self.cookies = addresses, cookies
        self.answers: Counter[int] = Counter()
        self.saved: Counter[str] = Counter()
        self.slowest = 0.0
        self._version = 1
        self._left = saves
        self._mutex = threading.Lock()

    def run(self, writers: int) -> None:
        threads = [threading.Thread(target=self._write, args=(number,)) for number in range(writers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _write(self, number: int) -> None:
        headers = {"Sec-Fetch-Site": "same-origin"}
        address = self.addresses[number % len(self.addresses)]
        with httpx2.Client(base_url=address, cookies=self.cookies, headers=headers, timeout=90) as client:
            while (version := self._next()) is not None:
                began = time.monotonic()
                path = COMMENTS if self._left % 2 else NARRATIVE
                form = {
                    "text": f"Comment of {number} at {began}.",
                    "narrative": f"Text of {number} at {began}.",
                    "narrative_version": str(version),
                }
                self._note(client.post(path, data=form).status_code, path, version, time.monotonic() - began)

    def _next(self) -> int | None:
        with self._mutex:
            self._left -= 1
            return self._version if self._left >= 0 else None

    def _note(self, status: int, path: str, version: int, seconds: float) -> None:
        with self._mutex:
            self.answers[status] += 1
            self.slowest = max(self.slowest, seconds)
            if status == 303:
                self.saved[path] += 1
            if status == 303 and path == NARRATIVE:
                self._version = max(self._version, version + 1)


def _spin() -> None:
    while True:
        pass


def crowd(kind: str, *, saves: int, writers: int, servers: int, busy: int) -> dict[str, Any]:
    """What happened, with `lost` as the difference between saves that were confirmed and those that are in the database."""
    from app.web.cookies import SESSION_COOKIE

    with tempfile.TemporaryDirectory() as folder, _database(kind) as address:
        settings = Settings(
            data_dir=Path(folder), database_url=address, secret_key="a secret of the tests alone", worker="none"
        )
        upgrade_database(settings.database)
        with closing(open_site(settings)) as site:
            with site.database.writing() as session:
                built = world.build(session, site.storage)
            with site.database.reading() as session:
                events = len(history.list_chain(session, built.alpha.id))
            cookies = {SESSION_COOKIE: world.sign_in(site, built.alpha.people["lead"])}
        others = [multiprocessing.get_context("spawn").Process(target=_spin, daemon=True) for _ in range(busy)]
        with _servers(settings, servers) as addresses:
            people = Crowd(addresses, cookies, saves)
            for other in others:
                other.start()
            began = time.monotonic()
            people.run(writers)
            seconds = time.monotonic() - began
        for other in others:
            other.kill()
        with closing(open_site(settings)) as site, site.database.reading() as session:
            stored = response.find_response_by_id(session, built.alpha.id, built.alpha.responses["LC1"])
            recorded = len(history.list_chain(session, built.alpha.id)) - events
            comments = review.list_comments(session, built.alpha.id, built.alpha.responses["LC1"])
    written = sum(comment.text.startswith("Comment of") for comment in comments)
    lost = [people.saved.total() - recorded, people.saved[COMMENTS] - written]
    lost.append(1 + people.saved[NARRATIVE] - (stored.narrative_version if stored else 0))
    return {
        "database": kind, "answers": dict(people.answers), "seconds": round(seconds, 1), "slowest": round(people.slowest, 2),
        "lost": sum(map(abs, lost)),
        "failed": sum(count for status, count in people.answers.items() if status not in {303, 409}),
    }  # fmt: skip


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    asked.add_argument("--saves", type=int, default=1_000)
    asked.add_argument("--writers", type=int, default=16)
    asked.add_argument("--servers", type=int, default=2)
    asked.add_argument("--busy", type=int, default=2, help="processes that do nothing but keep the machine busy")
    given = vars(asked.parse_args())
    found = crowd(given.pop("database"), **given)
    print(json.dumps(found))
    sys.exit(1 if found["lost"] or found["failed"] else 0)
