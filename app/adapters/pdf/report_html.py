"""From a report's data to the HTML that becomes its PDF."""

from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.adapters.translations import load_translations, load_translator
from app.rules.report.page import ReportPage
from app.settings import ROOT


@cache
def _report_environment(language: str) -> Environment:
    env = Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    env.install_gettext_translations(load_translations(language), newstyle=True)  # type: ignore[attr-defined]
    env.filters["percent"] = load_translator(language).percent
    return env


def render_report_html(page: ReportPage) -> str:
    """The whole document in the page's own language; its length chooses the template."""
    template = {"one-page": "report/one_page.html", "full": "report/full.html"}[page.length]
    return _report_environment(page.language).get_template(template).render(page=page)
