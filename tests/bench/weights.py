"""Budgets 6 and 7: how soon the app answers after its start, what a worker takes of memory, and what a browser has to fetch."""

import gzip
import re
import time
from pathlib import Path
from urllib.request import Request, urlopen

from tests.bench.city_hall import PAGES
from tests.bench.data import demo_city
from tests.bench.load import AS_PEOPLE_START_IT, Server, serving
from tests.bench.table import Line

START_SECONDS, WORKER_MIB, PAGE_KB, FIRST_KB = 1.5, 150, 30, 120
_NAMED = re.compile(r'(?:href|src)="(/static/[^"#]+)')


def measure(folder: Path) -> list[Line]:
    made = demo_city(folder / "weights")
    with serving("ours", AS_PEOPLE_START_IT, made.data_dir, made.token):
        pass  # so that every file was read once
    began = time.perf_counter()
    with serving("ours", AS_PEOPLE_START_IT, made.data_dir, made.token) as server:
        seconds = time.perf_counter() - began
        paths = {name: path.format(code="DM1") for name, path in PAGES.items()}
        for path in (*paths.values(), *paths.values()):
            _fetch(server, path)
        mebibytes = resident_mib(server.pid)
        sizes = {name: len(_fetch(server, path)) / 1000 for name, path in paths.items()}
        largest = max(sizes, key=lambda name: sizes[name])
        first = _first_visit(server, paths["board"]) / 1000
    return [
        Line("from start to the first answer", f"{seconds:.2f} s", "1 s", seconds, at_most=START_SECONDS),
        Line("memory of a worker", f"{mebibytes:.0f} MiB", "1 MiB", mebibytes, at_most=WORKER_MIB),
        Line(
            f"largest page, compressed: {largest}", f"{sizes[largest]:.1f} kB", "1 kB", sizes[largest], at_most=PAGE_KB
        ),
        Line("first visit: the board and all it names", f"{first:.0f} kB", "1 kB", first, at_most=FIRST_KB),
    ]


def resident_mib(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0.0


def _fetch(server: Server, path: str) -> bytes:
    """What comes over the line."""
    asked = Request(server.url + path, headers={"Cookie": server.cookie, "Accept-Encoding": "gzip"})
    with urlopen(asked, timeout=60) as reply:
        return bytes(reply.read())


def _first_visit(server: Server, path: str) -> int:
    page = _fetch(server, path)
    named = set(_NAMED.findall(gzip.decompress(page).decode()))
    return len(page) + sum(len(_fetch(server, address)) for address in named)
