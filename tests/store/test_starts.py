"""Several processes that start in the same moment, on no database, on an old one and on a new one: all of them come up."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO
from urllib.request import urlopen

import pytest
from sqlalchemy import text

from app.settings import ROOT
from app.store.database.engine import Database, open_engine
from app.store.migrating import current_revision, newest_revision, upgrade_database
from tests.conftest import PostgreSql

STARTS = 8
OLD = "0009"


def _free_ports(count: int) -> list[int]:
    with ExitStack() as held:
        doors = [held.enter_context(closing(socket.create_server(("127.0.0.1", 0)))) for _ in range(count)]
        return [door.getsockname()[1] for door in doors]


STARTED_TOGETHER = """
import os, sys
import uvicorn
from app import main as loaded
from app.cli import main

running = []
for place in sys.argv[1:]:
    port, said = place.split(":")
    child = os.fork()
    if child == 0:
        os.dup2(int(said), 2)
        os.closerange(3, 64)
        main(["serve", "--demo-when-empty", "--port", port])
    running.append(child)
    os.close(int(said))
print(*running, flush=True)
for child in running:
    os.waitpid(child, 0)
"""
"""The command of the README for each port, in processes that have loaded the app already, so that they do the rest in the same moment."""


@dataclass(frozen=True)
class Start:
    """One of the processes, and what it says on standard error."""

    port: int
    process: int
    said: TextIO

    @property
    def is_running(self) -> bool:
        try:
            os.kill(self.process, 0)
        except ProcessLookupError:
            return False
        return True


@contextmanager
def _started(data_dir: Path, address: str) -> Iterator[list[Start]]:
    """Eight at once, each on a port of its own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CITYREADY_")} | {
        "CITYREADY_DATA_DIR": str(data_dir),
        "CITYREADY_WORKER": "none",
    }
    if address.startswith("postgresql"):
        environment["CITYREADY_DATABASE_URL"] = address
    ports, pipes = _free_ports(STARTS), [os.pipe() for _ in range(STARTS)]
    places = [f"{port}:{ears[1]}" for port, ears in zip(ports, pipes, strict=True)]
    parent = subprocess.Popen(
        [sys.executable, "-c", STARTED_TOGETHER, *places],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        pass_fds=[ear for _, ear in pipes],
    )
    for _, ear in pipes:
        os.close(ear)
    with ExitStack() as heard:
        said = [heard.enter_context(os.fdopen(hears)) for hears, _ in pipes]
        assert parent.stdout
        processes = [int(word) for word in parent.stdout.readline().split()]
        try:
            yield [Start(*one) for one in zip(ports, processes, said, strict=True)]
        finally:
            for process in processes:
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGTERM)
            parent.communicate(timeout=60)


def _comes_up(start: Start) -> str:
    """Wait until it says where it is, then ask it; what it said on standard error where it ended instead."""
    said = ""
    for line in start.said:
        said += line
        if line.startswith("CityReady: "):
            break
    else:
        return said
    while start.is_running:
        try:
            with urlopen(f"http://127.0.0.1:{start.port}/health", timeout=60) as answer:
                return "" if json.load(answer) else said
        except ConnectionRefusedError:
            continue
    return said + start.said.read()


@pytest.mark.parametrize("begins_with", ["nothing", "an old database"])
def test_eight_starts_at_once_all_come_up(
    begins_with: str, backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    server: PostgreSql | None = request.getfixturevalue("postgresql") if backend == "postgresql" else None
    name = server.copy() if server else ""
    address = server.address(name) if server else f"sqlite:///{tmp_path / 'data' / 'cityready.db'}"
    (tmp_path / "data").mkdir()
    if begins_with != "nothing":
        upgrade_database(address, OLD)
        _as_in_old_days(address)
    with _started(tmp_path / "data", address) as started:
        troubles = [trouble for start in started if (trouble := _comes_up(start))]
    assert troubles == []
    with closing(Database(address)) as database, database.reading() as session:
        assert session.execute(text("SELECT count(*), count(DISTINCT slug) FROM city")).one() == (2, 2)
        assert current_revision(session.connection()) == newest_revision()
    if server:
        server.drop(name)


def _as_in_old_days(address: str) -> None:
    """SQLite as before WAL, so that changing to it is one of the things that all of them want to do."""
    if address.startswith("sqlite"):
        engine = open_engine(address)
        with engine.connect() as connection:
            raw = connection.connection.dbapi_connection
            assert raw
            raw.execute("PRAGMA journal_mode=DELETE").close()
        engine.dispose()
