"""`python -m tests.bench [city-hall] [1] [2] [3] [4] [5] [6] [8] [8b]`: measure all budgets, or those named.

Exit status: 0 all met, 1 one missed, 2 none missed but not all could be measured.
"""

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.bench import city_hall, crowded, growth, library, pages, planner, reports, saves, weights
from tests.bench.load import NotMeasured, need_wrk
from tests.bench.table import Line, print_table

Measure = Callable[[Path], list[Line]]


def with_wrk(measure: Measure) -> Measure:
    def measured(folder: Path) -> list[Line]:
        need_wrk()
        return measure(folder)

    return measured


BUDGETS: dict[str, tuple[str, Measure]] = {
    "city-hall": ("City hall at work: 40 people, four pages read to one change", city_hall.measure),
    "1": ("Budget 1: pages, requests a second beside a page by hand and beside Django", with_wrk(pages.measure)),
    "2": ("Budget 2: pages stay as quick with many cities and cycles", growth.measure),
    "3": ("Budget 3: a save beside a durable commit by hand", saves.measure),
    "4": ("Budget 4: the report", reports.measure),
    "5": ("Budget 5: twenty reports at once", crowded.measure),
    "6": ("Budgets 6 and 7: start, memory and weight", weights.measure),
    "8": ("Budget 8: the planner", planner.measure),
    "8b": ("Budget 8: the library of 20,000 pieces", library.measure),
}


def tell_if_busy() -> None:
    """The load of the minute before, since a machine that is busy with other things gives ratios to be read with care."""
    load, processors = os.getloadavg()[0], os.cpu_count() or 1
    if load > processors / 2:
        print(
            f"This machine is busy with other things (load {load:.1f} on {processors} processors): measure again when it is quiet."
        )


def main(wanted: list[str]) -> int:
    status = 0
    tell_if_busy()
    with tempfile.TemporaryDirectory(prefix="cityready-bench-") as folder:
        for title, measure in (BUDGETS[key] for key in wanted or BUDGETS):
            try:
                lines = measure(Path(folder))
            except NotMeasured as reason:
                print(f"\n{title}\n\n{reason}", flush=True)
                status = status or 2
            else:
                print_table(title, lines)
                status = 1 if not all(line.met for line in lines) else status
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
