"""What became of each criterion between two assessments, also from one edition to another."""

from dataclasses import dataclass

from sqlmodel import Session

from app.rules.assessment import AssessmentValues
from app.rules.criteria.edition import Edition
from app.rules.criteria.edition_change import CriterionSuccession, derive_successions
from app.rules.cycle.confirming import CHANGE_MEANINGS, CHANGE_NAMES, CriterionChange, compare_criterion
from app.rules.errors import Refused
from app.rules.message import Message, NamedCriteria, say
from app.rules.scoring.score import VerdictKind
from app.services.site import Site
from app.store import review


@dataclass(frozen=True)
class ComparedCriterion:
    """One criterion; `code` is the later one, or the earlier one where it is retired; `origin` says of others that it comes from."""

    code: str
    title: str
    origin: Message | None


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


def group_changes(
    session: Session, site: Site, language: str, earlier: AssessmentValues, later: AssessmentValues
) -> tuple[ChangeGroup, ...]:
    """What became of each criterion between two assessments. Raises Refused where nothing says how their editions follow one another."""
    old, new = (site.edition(compared.edition, language) for compared in (earlier, later))
    succession = site.succession(old.id, new.id)
    if succession is None:
        raise Refused(say("Nothing says how the editions of these two follow one another, so they cannot be compared."))
    earlier_decisions, later_decisions = (_load_decisions(session, compared) for compared in (earlier, later))
    criteria_by_change: dict[CriterionChange, list[ComparedCriterion]] = {change: [] for change in CriterionChange}
    for move in derive_successions(old, new, succession):
        edition = new if move.new else old
        code = move.new or move.old[0]
        criteria_by_change[compare_criterion(move, earlier_decisions, later_decisions)].append(
            ComparedCriterion(code, edition.criteria[code].title, name_origin(old, move))
        )
    return tuple(ChangeGroup(change, tuple(criteria)) for change, criteria in criteria_by_change.items())


def name_origin(old: Edition, move: CriterionSuccession) -> Message | None:
    """From which criteria of the old edition one of the new comes; None where that is the same code, or none."""
    if not move.new or move.old in {(), (move.new,)}:
        return None
    return say("from %(codes)s", codes=NamedCriteria(old.id, move.old))


def _load_decisions(session: Session, compared: AssessmentValues) -> dict[str, VerdictKind]:
    decisions = review.load_verdict_kinds(session, compared.city_id, compared.id)
    return {code: VerdictKind(decision) for code, decision in decisions.items()}
