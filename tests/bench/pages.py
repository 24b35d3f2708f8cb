"""Budget 1: the busiest pages beside the same pages by hand, and beside Django's."""

from pathlib import Path

from tests.bench.data import CITY, demo_city
from tests.bench.load import BARE, DJANGO, OURS, OURS_MADE_ANEW, Server, Turns, all_serving, page_size, take_turns
from tests.bench.table import Line

PAGES = {"board": f"/{CITY}/board", "criteria list": f"/{CITY}/criteria", "criterion": f"/{CITY}/criteria/DM1"}
CALLERS = (1, 16)
OF_BARE, OF_DJANGO, OF_MEDIAN = 0.5, 4, 5


def measure(folder: Path) -> list[Line]:
    made = demo_city(folder / "pages")
    ways = [
        ("ours", OURS, made.data_dir, made.token),
        ("anew", OURS_MADE_ANEW, made.data_dir, made.token),
        ("bare", BARE, made.data_dir, ""),
        ("Django", DJANGO, made.data_dir, ""),
    ]
    with all_serving(ways) as servers:
        return [line for name, path in PAGES.items() for line in _page(servers, name, path)]


def _page(servers: list[Server], name: str, path: str) -> list[Line]:
    ours, _, bare, _ = (page_size(server, path) / 1000 for server in servers)
    size = Line(f"{name}: size of the page", f"{ours:.0f} kB", f"bare {bare:.0f} kB", ours / bare)
    turns = {callers: take_turns(servers, path, callers) for callers in CALLERS}
    return [size, *(line for callers, taken in turns.items() for line in _lines(f"{name}, {callers} at once", taken))]


def _lines(what: str, turns: Turns) -> list[Line]:
    ours, bare = turns.typical("ours"), turns.typical("bare")
    slow, slow_bare = f"{ours.p99_ms:.2f} ms", f"bare {bare.p99_ms:.2f} ms"
    return [
        _rate(turns, what, "ours", "bare", at_least=OF_BARE),
        _rate(turns, what, "ours", "Django", at_least=OF_DJANGO),
        Line(f"{what}: p99", slow, f"median {ours.p50_ms:.2f} ms", turns.tail("ours"), at_most=OF_MEDIAN),
        Line(f"{what}: p99", slow, slow_bare, turns.ratio("ours", "bare", lambda speed: speed.p99_ms)),
        Line(f"{what}: p99 of bare", slow_bare, f"median {bare.p50_ms:.2f} ms", turns.tail("bare")),
        _rate(turns, f"{what}, made anew", "anew", "bare"),
        _rate(turns, f"{what}, made anew", "anew", "Django"),
    ]


def _rate(turns: Turns, what: str, way: str, anchor: str, at_least: float | None = None) -> Line:
    ours, theirs = (turns.typical(name).per_second for name in (way, anchor))
    ratio = turns.ratio(way, anchor, lambda speed: speed.per_second)
    return Line(what, f"{ours:.0f}/s", f"{anchor} {theirs:.0f}/s", ratio, at_least=at_least)
