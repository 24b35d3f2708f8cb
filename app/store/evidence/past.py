"""The evidence of an assessment as it was at a moment in the past: what supported it, and what each piece said then."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlmodel import Session, col, select

from app.rules.assessment import AssessmentState
from app.store.assessment import Assessment
from app.store.evidence.pieces import Evidence, EvidenceSupport
from app.store.evidence.version import EvidenceVersion
from app.store.response import Response


class PastSupport(NamedTuple):
    """That a piece, in use today or not, supports a response, and within it to an item (empty: the criterion as a whole)."""

    criterion: str
    item: str
    piece: Evidence


def list_past_supports(session: Session, city_id: int, assessment_id: int) -> list[PastSupport]:
    """Every support of an assessment, the oldest piece first, whatever has become of the piece since."""
    query = (
        select(Response.criterion, EvidenceSupport.item, Evidence)
        .join(EvidenceSupport, col(EvidenceSupport.response_id) == Response.id)
        .join(Evidence, col(Evidence.id) == EvidenceSupport.evidence_id)
        .where(Response.city_id == city_id, Response.assessment_id == assessment_id)
        .order_by(col(Evidence.id), col(EvidenceSupport.item))
    )
    return [PastSupport(*values) for values in session.exec(query)]


def load_versions(session: Session, city_id: int, evidence_ids: Collection[int]) -> dict[int, list[EvidenceVersion]]:
    """The versions of these pieces by their ids, the oldest first, in one query."""
    query = select(EvidenceVersion).where(
        EvidenceVersion.city_id == city_id, col(EvidenceVersion.evidence_id).in_(evidence_ids)
    )
    versions: dict[int, list[EvidenceVersion]] = {}
    for version in session.exec(query.order_by(col(EvidenceVersion.number))):
        versions.setdefault(version.evidence_id, []).append(version)
    return versions


def find_closing_moment(session: Session, city_id: int, assessment_id: int) -> datetime | None:
    """When an assessment was closed: that is when the next one began. None while it is open."""
    query = select(Assessment.created_at).where(Assessment.city_id == city_id, Assessment.previous_id == assessment_id)
    return session.exec(
        query.where(Assessment.state != AssessmentState.UNDONE).order_by(col(Assessment.id).desc()).limit(1)
    ).first()
