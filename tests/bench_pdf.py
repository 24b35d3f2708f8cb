"""How long the full report takes beside the same data in a plain layout with tables, in one run.

`python -m tests.bench_pdf` prints it; `measure()` is for a larger benchmark. Budget: `ratio` at most 0.4 with PDF/UA included, also
on the demo with all that its report has beside the tables, and `growth` from 3 to 30 pieces of evidence a criterion at most 6.
"""

import gc
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from jinja2 import Environment
from sqlmodel import select
from weasyprint import HTML

from app.adapters.pdf.child import make_pdf
from app.adapters.pdf.report_job import report_job
from app.rules.report.page import ReportPage
from app.services.account.sessions import identify_member
from app.services.desk import Desk
from app.services.report import reports
from app.services.report.content import build_page
from app.services.report.verifying import verify_address
from app.services.site import open_site
from app.store.city import load_city
from app.store.report.reports import Report
from tests.bench.data import CITY, demo_city, settings
from tests.report_sample import sample_page

PLAIN = """<!doctype html>
<html lang="en"><head><title>Report</title><style>
@page { size: A4; margin: 20mm; @bottom-right { content: counter(page) " of " counter(pages) } }
body { font: 10pt/1.4 sans-serif }
table { width: 100%; border-collapse: collapse } td, th { border: 1px solid #999; padding: 3px; text-align: left; vertical-align: top }
</style></head><body>
<h1>{{ page.city.name }}</h1><p>{{ page.headline }}. {{ page.answer }}</p>
<h2>Gaps</h2>{% for gap in page.gaps %}<p>{{ gap.code }} {{ gap.title }} {{ gap.why }} {{ gap.missing|join(" ") }}</p>{% endfor %}
{% for area in page.areas %}<h2>{{ area.title }}</h2><p>{{ area.about }}</p>
{% for one in area.criteria %}<h3>{{ one.code }} {{ one.title }}</h3>
<p>{{ one.status_label }} {{ one.self_rating }} {{ one.verdict.reason if one.verdict }}</p><p>{{ one.statement }}</p>
<ul>{% for line in one.checklist %}<li>{{ line.text }} {{ line.ticked }}</li>{% endfor %}</ul>
{% for paragraph in one.narrative %}<p>{{ paragraph }}</p>{% endfor %}
<table><thead><tr><th>No.</th><th>Title</th><th>Kind</th><th>Period</th><th>Source</th><th>Pages</th><th>Figure</th>
<th>Visibility</th></tr></thead><tbody>{% for row in one.evidence %}<tr><td>{{ row.number }}</td>
<td>{{ row.title }}</td><td>{{ row.kind }}</td><td>{{ row.period }}</td><td>{{ row.source }}</td>
<td>{{ row.pointer }}</td><td>{{ row.figure }}</td><td>{{ row.visibility }}</td></tr>{% endfor %}</tbody></table>
{% endfor %}{% endfor %}
<h2>Evidence index</h2><table><thead><tr><th>No.</th><th>Title</th><th>Kind</th><th>Period</th><th>Source</th>
<th>Address</th>
<th>Criteria</th></tr></thead><tbody>{% for entry in page.index %}{% set row = entry.evidence %}<tr><td>{{ row.number }}</td>
<td>{{ row.title }}</td><td>{{ row.kind }}</td><td>{{ row.period }}</td><td>{{ row.source }}</td>
<td>{{ row.address }}</td><td>{{ entry.codes|join(", ") }}</td></tr>{% endfor %}</tbody></table>
</body></html>"""


def _as_the_tables(page: ReportPage) -> ReportPage:
    """Without the parts that have to be asked for, which the plain tables do not have."""
    return replace(page, forecast=None, plan=None, carried="")


def measure(demo: ReportPage, rounds: int = 3) -> dict[str, float]:
    """Median processor seconds of the plain report and of ours at 3 and 30 pieces of evidence and of the demo, and the ratios."""
    few, many = (_as_the_tables(sample_page(evidence=pieces)) for pieces in (3, 30))
    template = Environment(autoescape=True).from_string(PLAIN)
    plain_html, plain_demo = template.render(page=few), template.render(page=demo)
    ways: dict[str, Callable[[], object]] = {
        "plain_seconds": lambda: HTML(string=plain_html).write_pdf(),
        "report_seconds": lambda: _ours(few),
        "plain_demo_seconds": lambda: HTML(string=plain_demo).write_pdf(),
        "demo_seconds": lambda: _ours(demo),
        "many_seconds": lambda: _ours(many),
    }
    for make in list(ways.values())[:4]:
        make()
    spent: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, make in ways.items():
            gc.collect()
            began = time.process_time()
            make()
            spent[name].append(time.process_time() - began)
    found = {name: median(times) for name, times in spent.items()}
    return {
        **found,
        "ratio": found["report_seconds"] / found["plain_seconds"],
        "demo_ratio": found["demo_seconds"] / found["plain_demo_seconds"],
        "growth": found["many_seconds"] / found["report_seconds"],
    }


def demo_page(folder: Path) -> ReportPage:
    """What stands in the full report of the demo's city, loaded in a new folder."""
    made = demo_city(folder)
    with closing(open_site(settings(made.data_dir))) as site, site.database.writing() as session:
        who = identify_member(session, made.token, CITY, "en")
        number, _ = reports.order_report(Desk(session, site, who), "en", "full")
        ordered = session.exec(select(Report).where(Report.number == number)).one()
        return build_page(
            session, site, load_city(session, ordered.city_id), ordered, verify_address(site, ordered.code)
        )


def _ours(page: ReportPage) -> bytes:
    return make_pdf(report_job(page))


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        for name, value in measure(demo_page(Path(folder) / "demo")).items():
            print(f"{name:20} {value:6.2f}")
