"""Budget 1: the busiest pages beside the same pages by hand, and beside Django's."""

from collections.abc import Mapping
from pathlib import Path

from tests.bench.data import CITY, demo_city
from tests.bench.load import BARE, DJANGO, OURS, OURS_MADE_ANEW, Server, Speed, all_serving, page_size, take_turns
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
    kilobytes = {server.name: page_size(server, path) / 1000 for server in servers}
    sizes = Line(
        f"{name}: size",
        f"{kilobytes['ours']:.0f} kB",
        f"bare {kilobytes['bare']:.0f} kB",
        kilobytes["ours"] / kilobytes["bare"],
    )
    measured = {callers: take_turns(servers, path, callers) for callers in CALLERS}
    return [
        sizes,
        *(line for callers, speeds in measured.items() for line in _lines(f"{name}, {callers} at once", speeds)),
    ]


def _lines(what: str, speeds: Mapping[str, Speed]) -> list[Line]:
    ours, anew, bare, django = (speeds[name] for name in ("ours", "anew", "bare", "Django"))
    return [
        _rate(f"{what}: page as served", ours, "bare", bare, at_least=OF_BARE),
        _rate(f"{what}: page as served", ours, "Django", django, at_least=OF_DJANGO),
        Line(
            f"{what}: 99 of 100",
            f"{ours.p99_ms:.2f} ms",
            f"median {ours.p50_ms:.2f} ms",
            ours.p99_ms / ours.p50_ms,
            at_most=OF_MEDIAN,
        ),
        _rate(f"{what}: page made anew", anew, "bare", bare),
        _rate(f"{what}: page made anew", anew, "Django", django),
    ]


def _rate(what: str, ours: Speed, name: str, anchor: Speed, at_least: float | None = None) -> Line:
    ratio = ours.per_second / anchor.per_second
    return Line(what, f"{ours.per_second:.0f}/s", f"{name} {anchor.per_second:.0f}/s", ratio, at_least=at_least)
