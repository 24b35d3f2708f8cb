"""What was decided last time, for whoever answers a criterion anew: through the map from edition to edition where that has changed."""

from dataclasses import dataclass
from datetime import datetime

from app.rules.assessment import AssessmentValues
from app.rules.criteria.edition_change import CriterionSuccession, derive_successions, succeed_by_itself
from app.rules.scoring.score import VerdictKind
from app.services.desk import Desk
from app.store import assessment, review
from app.store.assessment import Assessment
from app.store.review import Verdict


@dataclass(frozen=True)
class LastVerdict:
    """The verdict that counted on one earlier criterion; without a `decision`, where none was given. `assessment_id` leads to its page."""

    code: str
    assessment_id: int
    assessment: str
    decision: VerdictKind | None
    reason: str
    by: str
    at: datetime | None


def load_last_verdicts(
    desk: Desk, open_assessment: AssessmentValues, code: str, names: dict[int, str]
) -> tuple[LastVerdict, ...]:
    """One for each criterion of the assessment before that has become this one; no query where there was none."""
    if not open_assessment.previous_id:
        return ()
    last = assessment.find_assessment(desk.session, desk.city_id, open_assessment.previous_id)
    succession = _find_succession(desk, last, open_assessment, code) if last else None
    if last is None or succession is None:
        return ()
    verdicts = review.load_latest_verdicts(desk.session, desk.city_id, last.id)
    return tuple(_last_verdict(last, old_code, verdicts.get(old_code), names) for old_code in succession.old)


def _find_succession(desk: Desk, last: Assessment, current: AssessmentValues, code: str) -> CriterionSuccession | None:
    """What this criterion was last time; None where nothing says so."""
    old, new = (desk.site.edition(known.edition, desk.who.language) for known in (last, current))
    succession = succeed_by_itself(new) if old.id == new.id else desk.site.succession(old.id, new.id)
    moves = derive_successions(old, new, succession) if succession else ()
    return next((move for move in moves if move.new == code), None)


def _last_verdict(last: Assessment, code: str, verdict: Verdict | None, names: dict[int, str]) -> LastVerdict:
    if verdict is None:
        return LastVerdict(code, last.id, last.name, None, "", "", None)
    by = names.get(verdict.reviewer_id, "")
    return LastVerdict(code, last.id, last.name, VerdictKind(verdict.decision), verdict.reason, by, verdict.at)
