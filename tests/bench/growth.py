"""Budget 2: a page costs the same whether the city is one or one of two thousand, and whether it is its first cycle or its fifth."""

import time
from pathlib import Path

from tests.bench.data import among_cities, demo_city, with_cycles
from tests.bench.load import OURS_MADE_ANEW, all_serving, page_size, take_turns
from tests.bench.pages import PAGES
from tests.bench.table import Line

CITIES, CYCLES, PIECES = 2_000, 5, 10
FLAT = 1.2


def measure(folder: Path) -> list[Line]:
    """Pages made anew, because a kept one would cost the same over any database."""
    one, cities, cycles = (demo_city(folder / name, PIECES) for name in ("one", "cities", "cycles"))
    began = time.perf_counter()
    among_cities(cities, CITIES)
    with_cycles(cycles, CYCLES)
    print(f"{CITIES} cities built in {time.perf_counter() - began:.0f} s", flush=True)
    grown = {"one": one, f"{CITIES} cities": cities, f"{CYCLES} cycles": cycles}
    ways = [(name, OURS_MADE_ANEW, made.data_dir, made.token) for name, made in grown.items()]
    lines = []
    with all_serving(ways) as servers:
        for name, path in PAGES.items():
            for server in servers:
                page_size(server, path)
            speeds = take_turns(servers, path, 1)
            single = speeds.pop("one")
            lines += [
                Line(
                    f"{name}, {way}: time of a page made anew",
                    f"{many.p50_ms:.2f} ms",
                    f"alone {single.p50_ms:.2f} ms",
                    many.p50_ms / single.p50_ms,
                    at_most=FLAT,
                )
                for way, many in speeds.items()
            ]
    return lines
