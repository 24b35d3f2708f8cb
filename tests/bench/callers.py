"""People who ask one thing after the other, all at the same time, each on a connection of their own: for what `wrk` cannot say."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from urllib.parse import urlencode

import httptools
import uvloop

from tests.bench.load import Server


@dataclass(frozen=True)
class Step:
    """One request: `kind` names it in the figures, and `form` is what it sends where it changes something."""

    kind: str
    path: str
    form: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Caller:
    """Someone with a cookie, and the steps that are taken in this order."""

    cookie: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class TakenRound:
    """What came of a round: how long all of it took, and each step's milliseconds by its kind; `failed` are answers that nobody wants."""

    seconds: float
    spent_ms: dict[str, list[float]]
    failed: tuple[str, ...]

    @property
    def per_second(self) -> float:
        return sum(map(len, self.spent_ms.values())) / self.seconds

    def typical_ms(self, kind: str) -> float:
        return median(self.spent_ms[kind])

    def slow_ms(self, percent: int = 95) -> float:
        """Within how long that many of a hundred were answered, whatever their kind."""
        return quantiles((ms for spent in self.spent_ms.values() for ms in spent), n=100)[percent - 1]


def take_steps(server: Server, callers: Sequence[Caller]) -> TakenRound:
    """All callers at once until each has taken its last step. The clock runs from the first request to the last answer."""
    return uvloop.run(_all_steps(server, callers))


async def _all_steps(server: Server, callers: Sequence[Caller]) -> TakenRound:
    host, port = server.url.removeprefix("http://").split(":")
    lines = [await asyncio.open_connection(host, int(port), limit=2**22) for _ in callers]
    spent: dict[str, list[float]] = {}
    failed: list[str] = []
    began = time.perf_counter()
    await asyncio.gather(
        *(_steps(line, server, caller, spent, failed) for line, caller in zip(lines, callers, strict=True))
    )
    seconds = time.perf_counter() - began
    for _, writer in lines:
        writer.close()
    return TakenRound(seconds, spent, tuple(failed))


async def _steps(
    line: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    server: Server,
    caller: Caller,
    spent: dict[str, list[float]],
    failed: list[str],
) -> None:
    reader, writer = line
    for step in caller.steps:
        began = time.perf_counter()
        writer.write(_request(server, caller, step))
        answer = _Answer()
        while not answer.whole:
            answer.take(await reader.read(2**20))
        spent.setdefault(step.kind, []).append((time.perf_counter() - began) * 1000)
        if answer.status != (303 if step.form else 200):
            failed.append(f"{server.name} answers {answer.status} to {step}")


def _request(server: Server, caller: Caller, step: Step) -> bytes:
    body = urlencode(step.form).encode()
    head = [f"{'POST' if step.form else 'GET'} {step.path} HTTP/1.1", f"Host: {server.url.removeprefix('http://')}"]
    head += [f"Cookie: {caller.cookie}", "Sec-Fetch-Site: same-origin", "Accept-Encoding: gzip"]
    if step.form:
        head += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    return "\r\n".join([*head, "", ""]).encode() + body


class _Answer:
    """An answer as it comes in."""

    def __init__(self) -> None:
        self.whole, self.status = False, 0
        self._parser = httptools.HttpResponseParser(self)

    def take(self, data: bytes) -> None:
        if not data:
            raise RuntimeError("the server has closed the connection")
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        self.whole, self.status = True, self._parser.get_status_code()
