"""Several processes that start in the same moment, on no database, on an old one and on a new one: all of them come up."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
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


@contextmanager
def _started(data_dir: Path, address: str) -> Iterator[list[tuple[int, "subprocess.Popen[str]"]]]:
    """The command of the README, eight times at once, each on a port of its own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CITYREADY_")} | {
        "CITYREADY_DATA_DIR": str(data_dir),
        "CITYREADY_WORKER": "none",
    }
    if address.startswith("postgresql"):
        environment["CITYREADY_DATABASE_URL"] = address
    ports = _free_ports(STARTS)
    command = [sys.executable, "-m", "app", "serve", "--demo-when-empty", "--port"]
    running = [
        subprocess.Popen([*command, str(port)], cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
        for port in ports
    ]
    try:
        yield list(zip(ports, running, strict=True))
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.communicate(timeout=60)


def _comes_up(port: int, process: "subprocess.Popen[str]") -> str:
    """Wait until it says where it is, then ask it; what it said on standard error where it ended instead."""
    said = ""
    assert process.stderr
    for line in process.stderr:
        said += line
        if line.startswith("CityReady: "):
            break
    else:
        return said
    while process.poll() is None:
        try:
            with urlopen(f"http://127.0.0.1:{port}/health", timeout=60) as answer:
                return "" if json.load(answer) else said
        except ConnectionRefusedError:
            continue
    return said + process.stderr.read()


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
        troubles = [trouble for port, process in started if (trouble := _comes_up(port, process))]
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
