"""How ready the city is: the readiness page, with the reports made so far."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.rules import charts
from app.rules.message import Message
from app.rules.report.names import AUDIENCE_NAMES, AUDIENCE_NOTES, LENGTH_NAMES
from app.rules.report.parts import ReportLength
from app.rules.report.printed_address import is_address_of_machine, warn_of_address
from app.services.assessment.figures import Readiness, compute_readiness
from app.services.award import HeldAward, find_kept_award
from app.services.cycle.page import AssessmentSummary, summarize_assessments
from app.services.desk import Desk
from app.services.planning.page import ScenarioLine, list_scenarios
from app.services.program.outcome import OutcomeLine, load_outcome
from app.services.report.annex import list_annex_departments
from app.services.report.reports import ReportLine, list_reports
from app.services.site import Site
from app.store import cycle


@dataclass(frozen=True)
class ReadinessPage:
    """The figures, the audiences and lengths that a report can have by their id, and the scenarios that the reader may see.

    `reports` so far and `runs`, which are all assessments, have the newest first. `award` is what the programme announced, where the
    city entered it. `departments` are those whose annex the reader may make.
    """

    now: Readiness
    audiences: dict[str, Message]
    audience_notes: dict[str, Message]
    lengths: dict[str, Message]
    scenarios: tuple[ScenarioLine, ...]
    reports: tuple[ReportLine, ...]
    runs: tuple[AssessmentSummary, ...]
    award: HeldAward | None
    outcome: OutcomeLine | None
    departments: tuple[tuple[int, str], ...] = ()
    address_warning: Message | None = None

    def trend(self, titles: Sequence[str], width: float = 700) -> charts.TrendChart | None:
        """The assessments one after another; None where there is only one. `titles` are the names of the levels."""
        runs = [(run.name, run.score.met, run.score.total, run.is_open) for run in reversed(self.runs)]
        marks = [(title, level.percent) for title, level in zip(titles, self.now.levels, strict=True)]
        return charts.draw_trend(runs, marks, width)


def load_readiness(desk: Desk) -> ReadinessPage:
    """Raises NotFound without an open assessment."""
    now = compute_readiness(desk.session, desk.site, desk.who.city, desk.who.language, desk.who.today)
    runs = summarize_assessments(desk, cycle.list_assessments(desk.session, desk.city_id))
    outcome = load_outcome(desk.session, desk.city_id, now.assessment.id, now.edition)
    award = find_kept_award(desk)
    departments = list_annex_departments(desk)
    lengths = {id: name for id, name in LENGTH_NAMES.items() if departments or id != ReportLength.ANNEX}
    return ReadinessPage(
        now,
        AUDIENCE_NAMES,
        AUDIENCE_NOTES,
        lengths,
        list_scenarios(desk, now.assessment),
        list_reports(desk),
        runs,
        award,
        outcome,
        departments,
        _warn_of_address(desk.site),
    )


def _warn_of_address(site: Site) -> Message | None:
    """Before a report is made whose address nobody can open."""
    address = site.settings.public_url
    return warn_of_address(address) if is_address_of_machine(address) else None
