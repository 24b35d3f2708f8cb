"""What has changed in the result since a report was made: the paper stays as it is, and its page says what it no longer tells."""

import json

from app.rules.message import Message, say
from app.rules.report.state import ReportState
from app.rules.report.stated import read_counts
from app.rules.scoring.results import TwoResults
from app.services.assessment.ground import open_ground
from app.services.assessment.overview import load_overview
from app.services.desk import Desk
from app.store.report.reports import Report


def results_since(desk: Desk, known_report: Report) -> Message | None:
    """How the two figures differ today from those of the report; None where they do not, or where it is of another assessment."""
    ground = open_ground(desk.session, desk.site, desk.who.city)
    is_told = (
        known_report.state == ReportState.READY
        and ground is not None
        and ground.assessment.id == known_report.assessment_id
    )
    if not is_told:
        return None
    seen = load_overview(desk.session, desk.site, desk.who.city, desk.who.language)
    return _difference(json.loads(known_report.content), seen.results)


def _difference(content: dict[str, object], results: TwoResults) -> Message | None:
    then = read_counts(content)
    if then is None or then == (results.reviewed.met, results.fresh.met):
        return None
    then_met, then_fresh = then
    return say(
        "This has changed since: %(met)s criteria are met by our own review (%(then_met)s in the report), and %(fresh)s of them are still "
        "fresh today (%(then_fresh)s in the report).",
        met=results.reviewed.met,
        then_met=then_met,
        fresh=results.fresh.met,
        then_fresh=then_fresh,
    )
