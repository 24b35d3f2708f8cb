"""Budget 3: a save beside a durable commit by hand, one after the other and sixteen at once; and two hundred who write at once."""

from itertools import islice
from pathlib import Path
from statistics import median

from tests.bench.callers import Caller, TakenRound, take_steps
from tests.bench.city_hall import WRITERS, Clerk, city_hall, copy_city, hire_clerks
from tests.bench.load import BARE, OURS, Server, all_serving
from tests.bench.table import Line

OF_BARE, ROUNDS, CHANGES = 0.3, 3, 12
CROWD = 200


def measure(folder: Path) -> list[Line]:
    made, ways = city_hall(folder / "saves"), {"ours": OURS, "bare": BARE}
    copies = {name: copy_city(made, folder / f"saves-{name}") for name in ways}
    people = {name: hire_clerks(copy)[:WRITERS] for name, copy in copies.items()}
    with all_serving([(name, target, copies[name].data_dir, "") for name, target in ways.items()]) as servers:
        lines = [_compare_saves(servers, people, callers) for callers in (1, 16)]
        return [*lines, _count_failures(servers[0], people["ours"])]


def _compare_saves(servers: list[Server], people: dict[str, list[Clerk]], callers: int) -> Line:
    rounds: dict[str, list[TakenRound]] = {server.name: [] for server in servers}
    for turn in range(1 + ROUNDS):
        for server in servers if turn % 2 else reversed(servers):
            saving = [clerk.saving(CHANGES * 16 // callers) for clerk in people[server.name][:callers]]
            taken = take_steps(server, saving)
            if taken.failed:
                raise RuntimeError(f"{len(taken.failed)} saves failed, the first of them: {taken.failed[0]}")
            if turn:
                rounds[server.name].append(taken)
    ours, bare = (median(taken.per_second for taken in rounds[name]) for name in ("ours", "bare"))
    pairs = zip(rounds["ours"], rounds["bare"], strict=True)
    ratio = median(one.per_second / other.per_second for one, other in pairs)
    return Line(f"a save, {callers} at once", f"{ours:.0f}/s", f"bare {bare:.0f}/s", ratio, at_least=OF_BARE)


def _count_failures(server: Server, people: list[Clerk]) -> Line:
    """Everyone adds evidence, which collides with nobody's."""
    crowd: list[Caller] = []
    for number in range(CROWD):
        clerk = people[number % len(people)]
        crowd.append(Caller(clerk.cookie, tuple(islice(clerk.new_pieces(f"writer {number}"), 3))))
    taken = take_steps(server, crowd)
    failed = len(taken.failed)
    return Line(f"{CROWD} writers at once: failed", str(failed), f"of {CROWD * 3}", failed, at_most=0)
