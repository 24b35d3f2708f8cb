"""The parts of a report in the order in which they stand, for its web edition, which has no pages to name."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.rules.message import Message, say
from app.rules.report.page import ReportPage
from app.rules.report.parts import ReportLength


@dataclass(frozen=True)
class ReportPart:
    """`anchor` is the name of the part's heading in the address."""

    anchor: str
    title: Message | str


FOREWORD = ReportPart("foreword", say("Foreword"))

SUMMARY_PARTS = (
    ReportPart("answer", say("Where do we stand, and what must be decided?")),
    ReportPart("matrix", say("Where does each criterion stand, and who answers for it?")),
    ReportPart("missing", say("What is missing, and who must act?")),
    ReportPart("renewals", say("What must be renewed in the next 12 months?")),
    ReportPart("changes", say("What has changed, and what was achieved?")),
    ReportPart("method", say("How was this worked out, and how can it be checked?")),
)


def list_parts(page: ReportPage) -> tuple[ReportPart, ...]:
    """None for a report of one page or two."""
    if page.length == ReportLength.SUMMARY:
        return (SUMMARY_PARTS[0], FOREWORD, *SUMMARY_PARTS[1:]) if page.foreword else SUMMARY_PARTS
    return tuple(_list_full_parts(page)) if page.length == ReportLength.FULL else ()


def _list_full_parts(page: ReportPage) -> Iterator[ReportPart]:
    if page.foreword:
        yield FOREWORD
    yield ReportPart("table", say("All criteria on one table"))
    yield ReportPart("glance", say("At a glance"))
    yield ReportPart("gaps", say("What is missing, most important first"))
    if page.decisions:
        yield ReportPart("decisions", say("What is needed from leadership"))
    if page.changes:
        yield ReportPart("changes", say("What has changed"))
    if page.forecast:
        yield ReportPart("forecast", say("What to renew next"))
    if page.plan:
        yield ReportPart("plan", say("The plan: %(name)s", name=page.plan.name))
    for area in page.areas:
        yield ReportPart(f"area-{area.id}", area.title)
    yield ReportPart("evidence", say("Evidence index"))
    yield ReportPart("method", say("Method and notice"))
