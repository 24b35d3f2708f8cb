"""What is told of an assessment that came out of another, before anything is decided in it."""

from collections.abc import Iterable

from sqlmodel import Session

from app.rules.cycle.confirming import tally_confirmations
from app.rules.scoring import score as scoring
from app.rules.scoring.begun import BegunAssessment
from app.rules.scoring.score import Score, VerdictKind
from app.services.account.sessions import today_in
from app.services.assessment.ground import AssessmentGround
from app.services.kept import CityResults
from app.services.site import Site
from app.store import assessment, review
from app.store.assessment import Assessment
from app.store.response import ResponseBrief


def find_begun(
    seen: CityResults, site: Site, ground: AssessmentGround, briefs: Iterable[ResponseBrief], language: str
) -> BegunAssessment | None:
    """The last result and what is confirmed so far; None for a first assessment, and where nothing was decided in the one before.

    Three queries, none for a first assessment.
    """
    run = ground.assessment
    if not run.previous_id:
        return None
    begun, last = (assessment.find_assessment(seen.session, seen.city.id, id) for id in (run.id, run.previous_id))
    score = find_last_score(seen.session, site, last, language) if last else None
    if begun is None or last is None or score is None:
        return None
    tally = tally_confirmations(brief.confirmation for brief in briefs)
    return BegunAssessment(run.name, last.name, score, today_in(seen.city, begun.created_at), tally.yes, tally.total)


def find_last_score(session: Session, site: Site, run: Assessment, language: str) -> Score | None:
    """The score by the verdicts of this assessment; None where it has none."""
    decisions = review.load_verdict_kinds(session, run.city_id, run.id)
    if not decisions:
        return None
    met = scoring.met_codes({code: VerdictKind(decision) for code, decision in decisions.items()})
    return scoring.compute_score(site.edition(run.edition, language), met)
