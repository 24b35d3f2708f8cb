"""Servers of one process each, and short rounds of load from `wrk` that take turns among them."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from statistics import median
from urllib.error import URLError
from urllib.request import Request, urlopen

from app.web.cookies import SESSION_COOKIE

SECONDS, ROUNDS = 3, 3
"""In rounds of a second, opening sixteen connections is more than one request in a hundred and becomes the p99 of every server."""
UNITS_MS = {"us": 0.001, "ms": 1.0, "s": 1000.0}

OURS = ("app.main:create_app", "--factory")
AS_PEOPLE_START_IT = ("app", "serve")
OURS_MADE_ANEW = ("tests.bench.ours:made_anew", "--factory")
BARE = ("tests.bench.bare:create", "--factory")
DJANGO = ("tests.bench.django_site:application",)


class NotMeasured(Exception):
    """What is needed for measuring is not on this machine; says what."""


@dataclass(frozen=True)
class Server:
    """A way to make the pages, listening; `cookie` signs in where that is needed."""

    name: str
    url: str
    cookie: str = ""
    pid: int = 0


@dataclass(frozen=True)
class Speed:
    """One round: requests a second, and milliseconds within which 50 and 99 of 100 were answered."""

    per_second: float
    p50_ms: float
    p99_ms: float


def need_wrk() -> None:
    """Raises NotMeasured without it."""
    if not shutil.which("wrk"):
        raise NotMeasured(
            "Pages cannot be measured: 'wrk' is not installed (Debian: apt install wrk; macOS: brew install wrk)."
        )


@contextmanager
def serving(name: str, target: Sequence[str], data_dir: Path, token: str = "") -> Iterator[Server]:
    """One process for `target` over the database in `data_dir`, until the block ends.

    Its modules are compiled once and kept, as they are where the app is installed.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {
        "CITYREADY_DATA_DIR": str(data_dir),
        "CITYREADY_WORKER": "none",
        "BENCH_DATABASE": str(data_dir / "cityready.db"),
        "PYTHONDONTWRITEBYTECODE": "",
        "PYTHONPYCACHEPREFIX": str(data_dir.parent / "compiled"),
    }
    as_people_do = target == AS_PEOPLE_START_IT
    started = target if as_people_do else ("uvicorn", *target, "--no-access-log", "--log-level", "warning")
    quiet = subprocess.DEVNULL if as_people_do else None  # it says how to sign in
    command = [sys.executable, "-m", *started, "--port", str(port)]
    process = subprocess.Popen(command, env=environment, stderr=quiet)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(process, url)
        yield Server(name, url, f"{SESSION_COOKIE}={token}" if token else "", process.pid)
    finally:
        process.terminate()
        process.wait(15)


@contextmanager
def all_serving(wanted: Sequence[tuple[str, Sequence[str], Path, str]]) -> Iterator[list[Server]]:
    with ExitStack() as stack:
        yield [stack.enter_context(serving(*one)) for one in wanted]


def _wait_for(process: subprocess.Popen[bytes], url: str) -> None:
    until = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < until:
        try:
            urlopen(url, timeout=5)
        except URLError as problem:
            if not isinstance(problem.reason, OSError):  # any answer will do
                return
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"{process.args!r} does not answer")


def page_size(server: Server, path: str) -> int:
    """Bytes of the page; also the warming up. Raises when the answer is not 200."""
    with urlopen(Request(server.url + path, headers={"Cookie": server.cookie}), timeout=60) as answer:
        if answer.status != 200 or answer.url != server.url + path:
            raise RuntimeError(f"{server.name} answers {answer.status} at {answer.url}")
        return len(answer.read())


@dataclass(frozen=True)
class Turns:
    """The rounds of each server, in the order in which all took their turns."""

    rounds: Mapping[str, Sequence[Speed]]

    def typical(self, name: str) -> Speed:
        """Medians, for the eye."""
        speeds = self.rounds[name]
        return Speed(*(median(getattr(speed, field.name) for speed in speeds) for field in fields(Speed)))

    def ratio(self, ours: str, anchor: str, of: Callable[[Speed], float]) -> float:
        """The median of the ratios within each turn, so that what else the machine did for a while counts on both sides."""
        pairs = zip(self.rounds[ours], self.rounds[anchor], strict=True)
        return median(of(one) / of(other) for one, other in pairs)

    def tail(self, name: str) -> float:
        """How many medians 99 of 100 took: the median of the rounds."""
        return median(speed.p99_ms / speed.p50_ms for speed in self.rounds[name])


def take_turns(servers: Sequence[Server], path: str, callers: int) -> Turns:
    """Short rounds, once through all servers and then again, in changing order."""
    rounds: dict[str, list[Speed]] = {server.name: [] for server in servers}
    for turn in range(ROUNDS):
        for server in servers if turn % 2 else reversed(servers):
            rounds[server.name].append(_round(server, path, callers))
    return Turns(rounds)


def _round(server: Server, path: str, callers: int) -> Speed:
    command = [
        "wrk",
        "-t1",
        f"-c{callers}",
        f"-d{SECONDS}s",
        "--latency",
        "--timeout=20s",
        "-H",
        f"Cookie: {server.cookie}",
        server.url + path,
    ]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        raise RuntimeError(f"{server.name} failed under load at {path}:\n{said}")
    return Speed(float(_found(r"Requests/sec:\s+([\d.]+)", said)[1]), _latency_ms(said, 50), _latency_ms(said, 99))


def _latency_ms(said: str, percent: int) -> float:
    value, unit = _found(rf"{percent}%\s+([\d.]+)(us|ms|s)", said).groups()
    return float(value) * UNITS_MS[unit]


def _found(pattern: str, said: str) -> re.Match[str]:
    match = re.search(pattern, said)
    if match is None:
        raise RuntimeError(f"wrk said something else than expected:\n{said}")
    return match
