"""Two assessments of a city side by side: what was gained and lost, also from one edition to another."""

from dataclasses import dataclass

from sqlmodel import Session

from app.rules.cycle.confirming import CHANGE_MEANINGS, CHANGE_NAMES, CriterionChange, compare_criterion
from app.rules.editions import CriterionSuccession, derive_successions
from app.rules.errors import NotFound, Refused
from app.rules.message import Message, say
from app.rules.scoring.score import VerdictKind
from app.services.cycle.page import AssessmentSummary, summarize_assessments
from app.services.desk import Desk
from app.store import cycle, review
from app.store.assessment import Assessment


@dataclass(frozen=True)
class ComparedCriterion:
    """One criterion; `code` is the later one, or the earlier one where it is retired, and `before` are codes that differ from it."""

    code: str
    title: str
    before: tuple[str, ...]


@dataclass(frozen=True)
class ChangeGroup:
    change: CriterionChange
    criteria: tuple[ComparedCriterion, ...]

    @property
    def name(self) -> Message:
        return CHANGE_NAMES[self.change]

    @property
    def meaning(self) -> Message:
        return CHANGE_MEANINGS[self.change]


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
        groups=_group_changes(desk, earlier_chosen, later_chosen),
    )


def _find_chosen(assessments_by_id: dict[str, Assessment], wanted_id: str) -> Assessment:
    chosen = assessments_by_id.get(wanted_id)
    if chosen is None:
        raise NotFound(say("We could not find that assessment."))
    return chosen


def _group_changes(desk: Desk, earlier: Assessment, later: Assessment) -> tuple[ChangeGroup, ...]:
    old, new = (desk.site.edition(compared.edition, desk.who.language) for compared in (earlier, later))
    succession = desk.site.succession(old.id, new.id)
    if succession is None:
        raise Refused(say("Nothing says how the editions of these two follow one another, so they cannot be compared."))
    earlier_decisions, later_decisions = (_load_decisions(desk.session, compared) for compared in (earlier, later))
    criteria_by_change: dict[CriterionChange, list[ComparedCriterion]] = {change: [] for change in CriterionChange}
    for move in derive_successions(old, new, succession):
        edition = new if move.new else old
        code = move.new or move.old[0]
        criteria_by_change[compare_criterion(move, earlier_decisions, later_decisions)].append(
            ComparedCriterion(code, edition.criteria[code].title, _earlier_codes(move))
        )
    return tuple(ChangeGroup(change, tuple(criteria)) for change, criteria in criteria_by_change.items())


def _earlier_codes(move: CriterionSuccession) -> tuple[str, ...]:
    return tuple(code for code in move.old if move.new and move.old != (move.new,))


def _load_decisions(session: Session, compared: Assessment) -> dict[str, VerdictKind]:
    decisions = review.load_verdict_kinds(session, compared.city_id, compared.id)
    return {code: VerdictKind(decision) for code, decision in decisions.items()}
