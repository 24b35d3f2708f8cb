"""From a report's data to the HTML that becomes its PDF."""

from functools import cache

from jinja2 import Environment

from app.adapters.pdf.qr_code import draw_qr
from app.adapters.templates import make_environment
from app.rules.report.page import ReportPage

TEMPLATES = {
    "one-page": "report/one_page.html",
    "summary": "report/summary.html",
    "full": "report/full.html",
    "annex": "report/annex.html",
}


@cache
def _report_environment(language: str) -> Environment:
    env = make_environment(language, Environment)
    env.filters["qr"] = draw_qr
    return env


def render_report_html(page: ReportPage) -> str:
    """The whole document in the page's own language; its length chooses the template."""
    template = TEMPLATES[page.length]
    return _report_environment(page.language).get_template(template).render(page=page)
