"""Two assessments of a city side by side: what was gained and lost, also from one edition to another."""

from dataclasses import dataclass

from app.rules.errors import NotFound
from app.rules.message import say
from app.services.assessment.comparison import ChangeGroup, group_changes
from app.services.cycle.page import AssessmentSummary, summarize_assessments
from app.services.desk import Desk
from app.store import cycle
from app.store.assessment import Assessment, assessment_values


@dataclass(frozen=True)
class AssessmentComparison:
    """`runs` can be chosen from. `earlier` and `later` are None while there are not two; `groups` has every change, also empty ones."""

    runs: tuple[AssessmentSummary, ...]
    earlier: AssessmentSummary | None
    later: AssessmentSummary | None
    groups: tuple[ChangeGroup, ...]


def compare_assessments(desk: Desk, earlier: str = "", later: str = "") -> AssessmentComparison:
    """The assessments with these ids as text; without them, the two newest.

    Raises NotFound, also for one of another city, and Refused where nothing says how their editions follow one another.
    """
    assessments = cycle.list_assessments(desk.session, desk.city_id)
    assessments_by_id = {str(listed.id): listed for listed in assessments}
    if len(assessments) < 2 and not (earlier or later):
        return AssessmentComparison(summarize_assessments(desk, assessments), None, None, ())
    newest = [str(listed.id) for listed in assessments] + ["", ""]
    earlier_chosen, later_chosen = (
        _find_chosen(assessments_by_id, earlier or newest[1]),
        _find_chosen(assessments_by_id, later or newest[0]),
    )
    summaries = {summary.id: summary for summary in summarize_assessments(desk, assessments)}
    return AssessmentComparison(
        runs=tuple(summaries.values()),
        earlier=summaries[earlier_chosen.id],
        later=summaries[later_chosen.id],
        groups=group_changes(
            desk.session,
            desk.site,
            desk.who.language,
            assessment_values(earlier_chosen),
            assessment_values(later_chosen),
        ),
    )


def _find_chosen(assessments_by_id: dict[str, Assessment], wanted_id: str) -> Assessment:
    chosen = assessments_by_id.get(wanted_id)
    if chosen is None:
        raise NotFound(say("We could not find that assessment."))
    return chosen
