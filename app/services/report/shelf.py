"""All reports of a city, a portion at a time, narrowed by what was asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from app.rules.message import Message
from app.rules.report.names import AUDIENCE_NAMES, LENGTH_NAMES
from app.services.desk import Desk
from app.services.report.reports import ReportLine, list_report_lines
from app.settings import LANGUAGES
from app.store.report import reports

PORTION = 25


@dataclass(frozen=True)
class ReportFilters:
    """What a list is narrowed by; empty narrows nothing. `before` is the number to go on below."""

    length: str = ""
    language: str = ""
    audience: str = ""
    before: int = 0

    @property
    def wanted(self) -> dict[str, str]:
        """The columns that are asked for, without what names nothing there is."""
        known: dict[str, Mapping[str, object]] = {
            "length": LENGTH_NAMES,
            "language": LANGUAGES,
            "audience": AUDIENCE_NAMES,
        }
        return {name: getattr(self, name) for name, values in known.items() if getattr(self, name) in values}

    def query(self, before: int = 0) -> str:
        """The end of the address of this list from there on."""
        return "?" + urlencode(self.wanted | ({"before": str(before)} if before else {}))


@dataclass(frozen=True)
class ReportShelf:
    """`older` is the number to go on below, 0 at the end."""

    filters: ReportFilters
    lines: tuple[ReportLine, ...]
    older: int
    lengths: dict[str, Message]
    audiences: dict[str, Message]


def load_shelf(desk: Desk, filters: ReportFilters) -> ReportShelf:
    """The newest that fit, and whether there are older ones."""
    rows = reports.list_reports(desk.session, desk.city_id, PORTION + 1, before=filters.before, **filters.wanted)
    shown = rows[:PORTION]
    older = shown[-1].number if len(rows) > PORTION else 0
    return ReportShelf(filters, list_report_lines(desk, shown), older, LENGTH_NAMES, AUDIENCE_NAMES)
