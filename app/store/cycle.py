"""From one assessment to the next: what a whole assessment holds, in few queries, and taking one away again."""

from collections.abc import Iterable

from sqlalchemy import delete
from sqlmodel import Session, SQLModel, col, select, update

from app.rules.assessment import AssessmentState
from app.store.assessment import Assessment, Assignment
from app.store.evidence.pieces import Evidence, EvidenceSupport
from app.store.planning import Scenario
from app.store.program import ProgramAnswer, ProgramApplication, ProgramQuestion
from app.store.report.reports import Report
from app.store.response import ChecklistAnswer, NarrativeVersion, Response
from app.store.review import ReviewComment, Verdict

TABLES_OF_RESPONSE: tuple[type[SQLModel], ...] = (
    EvidenceSupport,
    ChecklistAnswer,
    NarrativeVersion,
    ReviewComment,
    Verdict,
)
TABLES_OF_ASSESSMENT: tuple[type[SQLModel], ...] = (
    Response,
    Assignment,
    Scenario,
    ProgramApplication,
    ProgramQuestion,
    ProgramAnswer,
)
"""What is taken away with an assessment, in this order. Reports are not: whoever has one in hand must be able to check it."""

PiecesByCriterion = dict[str, dict[int, tuple[str, ...]]]
"""By criterion code and id of a piece of evidence, the items that it supports."""
GuestsByCriterion = dict[str, set[int]]
"""By criterion code, the ids of the pieces that were tied to it by a guest."""


def list_assessments(session: Session, city_id: int) -> list[Assessment]:
    """The city's assessments, newest first, without those whose beginning was taken back."""
    query = select(Assessment).where(Assessment.city_id == city_id, Assessment.state != AssessmentState.UNDONE)
    return list(session.exec(query.order_by(col(Assessment.id).desc())))


def load_pieces_in_use(
    session: Session, city_id: int, assessment_id: int
) -> tuple[PiecesByCriterion, GuestsByCriterion]:
    """The evidence in use of an assessment, in one query."""
    query = (
        select(Response.criterion, EvidenceSupport.evidence_id, EvidenceSupport.item, EvidenceSupport.guest)
        .join(EvidenceSupport, col(EvidenceSupport.response_id) == Response.id)
        .join(Evidence, col(Evidence.id) == EvidenceSupport.evidence_id)
        .where(Response.city_id == city_id, Response.assessment_id == assessment_id)
        .where(col(Evidence.withdrawn_at).is_(None))
        .order_by(col(EvidenceSupport.id))
    )
    pieces: PiecesByCriterion = {}
    guests: GuestsByCriterion = {}
    for criterion, evidence_id, item, guest in session.exec(query):
        of_criterion = pieces.setdefault(criterion, {})
        of_criterion[evidence_id] = (*of_criterion.get(evidence_id, ()), *([item] if item else []))
        if guest:
            guests.setdefault(criterion, set()).add(evidence_id)
    return pieces, guests


def load_comments(session: Session, city_id: int, assessment_id: int) -> dict[str, list[ReviewComment]]:
    """The comments on an assessment's responses by criterion code, oldest first."""
    query = select(Response.criterion, ReviewComment).join(Response, col(Response.id) == ReviewComment.response_id)
    query = query.where(ReviewComment.city_id == city_id, Response.assessment_id == assessment_id)
    comments: dict[str, list[ReviewComment]] = {}
    for criterion, comment in session.exec(query.order_by(col(ReviewComment.id))):
        comments.setdefault(criterion, []).append(comment)
    return comments


def load_all_verdict_kinds(session: Session, city_id: int) -> dict[int, dict[str, str]]:
    """The decision that counts by assessment and criterion code, for all assessments of the city in one query."""
    query = select(Response.assessment_id, Response.criterion, Verdict.decision)
    query = query.join(Verdict, col(Verdict.response_id) == Response.id).where(Verdict.city_id == city_id)
    verdict_kinds: dict[int, dict[str, str]] = {}
    for assessment_id, criterion, decision in session.exec(
        query.where(col(Verdict.withdrawn_at).is_(None)).order_by(col(Verdict.id))
    ):
        verdict_kinds.setdefault(assessment_id, {})[criterion] = decision
    return verdict_kinds


def outdate_responses(session: Session, city_id: int, assessment_id: int) -> None:
    """Let whoever is about to write into this assessment find that it has changed, and wait for those who are writing now.

    The caller holds the assessment (`support.lock_assessment`); the city's row comes last, as in every other change.
    """
    statement = update(Response).where(col(Response.city_id) == city_id, col(Response.assessment_id) == assessment_id)
    versions = {"version": Response.version + 1, "narrative_version": Response.narrative_version + 1}
    session.exec(statement.values(**versions).execution_options(synchronize_session=False))


def add_rows(session: Session, rows: Iterable[SQLModel]) -> None:
    session.add_all(list(rows))
    session.flush()


def delete_assessment(session: Session, city_id: int, assessment: Assessment) -> None:
    """Take away an assessment and all that belongs to it alone; where a report was made from it, its row stays as `undone`."""
    response_ids = select(Response.id).where(Response.city_id == city_id, Response.assessment_id == assessment.id)
    for table in TABLES_OF_RESPONSE:
        of_responses = table.response_id.in_(response_ids)  # type: ignore[attr-defined]
        session.exec(delete(table).where(of_responses).execution_options(synchronize_session=False))
    for table in TABLES_OF_ASSESSMENT:
        of_assessment = (table.city_id == city_id) & (table.assessment_id == assessment.id)  # type: ignore[attr-defined]
        session.exec(delete(table).where(of_assessment).execution_options(synchronize_session=False))
    if session.exec(
        select(Report.id).where(Report.city_id == city_id, Report.assessment_id == assessment.id).limit(1)
    ).first():
        assessment.state = AssessmentState.UNDONE.value
        session.add(assessment)
    else:
        session.delete(assessment)
    session.flush()
