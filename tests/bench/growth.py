"""Budget 2: a page costs the same whether the city is one or one of two thousand, and whether it is its first cycle or its fifth.

The cost is processor time, read around one request after the other in this process, so that a busy machine does not look like growth.
"""

import asyncio
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from httpx2 import ASGITransport, AsyncClient

from app.web.cookies import SESSION_COOKIE
from tests.bench.data import CITY, Made, among_cities, demo_city, settings, with_cycles
from tests.bench.ours import made_anew
from tests.bench.pages import PAGES as BUSIEST
from tests.bench.table import Line

CITIES, CYCLES, PIECES = 2_000, 5, 10
FLAT = 1.2
PAGES = BUSIEST | {"result on a day": f"/{CITY}/scoring", "sets by hand": f"/{CITY}/planning/tiles?pick=DM4"}
ALONE = "one city, one cycle"
WARMING, REQUESTS = 5, 60


def measure(folder: Path) -> list[Line]:
    """Pages made anew, because a kept one would cost the same over any database."""
    one, cities, cycles = (demo_city(folder / name, PIECES) for name in ("one", "cities", "cycles"))
    began = time.perf_counter()
    among_cities(cities, CITIES)
    with_cycles(cycles, CYCLES)
    print(f"{CITIES} cities built in {time.perf_counter() - began:.0f} s", flush=True)
    return asyncio.run(_measure({ALONE: one, f"{CITIES} cities": cities, f"{CYCLES} cycles": cycles}))


async def _measure(made: dict[str, Made]) -> list[Line]:
    with ExitStack() as stack:
        clients = {name: _client(stack, one) for name, one in made.items()}
        return [line for page, path in PAGES.items() for line in await _page(clients, page, path)]


def _client(stack: ExitStack, made: Made) -> AsyncClient:
    app = made_anew(settings(made.data_dir))
    stack.callback(app.state.site.close)
    return AsyncClient(transport=ASGITransport(app), base_url="http://bench", cookies={SESSION_COOKIE: made.token})


async def _page(clients: dict[str, AsyncClient], page: str, path: str) -> list[Line]:
    spent: dict[str, list[float]] = {name: [] for name in clients}
    for _ in range(WARMING + REQUESTS):
        for name, client in clients.items():
            spent[name].append(await _seconds(client, path))
    costs = {name: seconds[WARMING:] for name, seconds in spent.items()}
    return [_line(page, name, costs) for name in clients if name != ALONE]


async def _seconds(client: AsyncClient, path: str) -> float:
    began = time.process_time()
    answer = await client.get(path)
    spent = time.process_time() - began
    answer.raise_for_status()
    return spent


def _line(page: str, grown: str, costs: dict[str, list[float]]) -> Line:
    ratio = median(ours / alone for ours, alone in zip(costs[grown], costs[ALONE], strict=True))
    ours, alone = (f"{median(costs[name]) * 1000:.2f} ms" for name in (grown, ALONE))
    return Line(f"{page}, {grown}, made anew", ours, f"{ALONE} {alone}", ratio, at_most=FLAT)
