"""Budget 4: the full report beside the same data as plain tables, its growth with evidence, and the same report asked for again."""

import time
from contextlib import closing
from pathlib import Path
from statistics import median

from app.services.account.sessions import identify_member
from app.services.desk import Desk
from app.services.report import reports
from app.services.site import Site, open_site
from tests import bench_pdf
from tests.bench.data import CITY, demo_city, settings
from tests.bench.table import Line
from tests.world import run_jobs

OF_PLAIN, GROWTH, AGAIN = 0.4, 6, 0.01
AGAIN_TIMES = 9


def measure(folder: Path) -> list[Line]:
    pdf = bench_pdf.measure(bench_pdf.demo_page(folder / "page"))
    plain, ours, many = (pdf[f"{name}_seconds"] for name in ("plain", "report", "many"))
    plain_demo, demo = pdf["plain_demo_seconds"], pdf["demo_seconds"]
    first, again = _first_and_again(folder)
    return [
        Line("report of 43 x 3", f"{ours:.2f} s", f"plain tables {plain:.2f} s", ours / plain, at_most=OF_PLAIN),
        Line(
            "report of the demo",
            f"{demo:.2f} s",
            f"plain tables {plain_demo:.2f} s",
            demo / plain_demo,
            at_most=OF_PLAIN,
        ),
        Line("report of 43 x 30", f"{many:.2f} s", f"43 x 3 {ours:.2f} s", many / ours, at_most=GROWTH),
        Line("unchanged report again", f"{again * 1000:.1f} ms", f"made {first:.2f} s", again / first, at_most=AGAIN),
    ]


def _first_and_again(folder: Path) -> tuple[float, float]:
    """Seconds from asking for the demo's full report to having it: made, and given again because nothing has changed."""
    made = demo_city(folder / "reports")
    with closing(open_site(settings(made.data_dir))) as site:
        _seconds(site, made.token, "one-page")  # so that no process has to start while the clock runs
        first = _seconds(site, made.token, "full")
        return first, median(_seconds(site, made.token, "full") for _ in range(AGAIN_TIMES))


def _seconds(site: Site, token: str, length: str) -> float:
    began = time.perf_counter()
    with site.database.writing() as session:
        who = identify_member(session, token, CITY, "en")
        number, existed = reports.order_report(Desk(session, site, who), "en", length)
    if not existed:
        run_jobs(site)
    with site.database.reading() as session:
        chunks, _, size_bytes = reports.open_report_file(Desk(session, site, who), number)
        read = sum(len(chunk) for chunk in chunks)
    if read != size_bytes:
        raise RuntimeError(f"report {number} has {read} of {size_bytes} bytes")
    return time.perf_counter() - began
