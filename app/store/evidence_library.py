"""The city's pieces of evidence as a list."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, or_
from sqlalchemy import select as select_rows
from sqlmodel import Session, col

from app.store.evidence import Evidence, EvidenceSupport
from app.store.response import Response


@dataclass(frozen=True)
class Listed:
    """A piece in the library, without its texts."""

    id: int
    kind: str
    title: str
    visibility: str
    period_from: date | None
    period_to: date | None
    version: int


@dataclass(frozen=True)
class Shelf:
    """What to list: a kind or empty, a word within the title or empty, and whether withdrawn pieces instead of those in use."""

    kind: str = ""
    word: str = ""
    withdrawn: bool = False


def listed(
    session: Session, city_id: int, shelf: Shelf, *, restricted_for: Select[int] | None, limit: int, offset: int
) -> list[Listed]:
    """Pieces of the city, newest first. A word is looked for in a restricted title only where `restricted_for`, a query for
    ids, has the piece; None looks everywhere.
    """
    query = select_rows(
        col(Evidence.id), col(Evidence.kind), col(Evidence.title), col(Evidence.visibility),
        col(Evidence.period_from), col(Evidence.period_to), col(Evidence.version),
    )  # fmt: skip
    query = query.where(col(Evidence.city_id) == city_id)
    query = query.where(
        col(Evidence.withdrawn_at).is_not(None) if shelf.withdrawn else col(Evidence.withdrawn_at).is_(None)
    )
    if shelf.kind:
        query = query.where(col(Evidence.kind) == shelf.kind)
    if shelf.word:
        query = query.where(col(Evidence.title).icontains(shelf.word, autoescape=True))
        if restricted_for is not None:
            query = query.where(or_(col(Evidence.visibility) != "restricted", col(Evidence.id).in_(restricted_for)))
    rows = session.execute(query.order_by(col(Evidence.id).desc()).limit(limit).offset(offset))
    return [Listed(*row) for row in rows]


def ids_supporting(city_id: int, assessment_id: int, criteria: Collection[str]) -> Select[int]:
    """A query for the ids of pieces that support one of these criteria, to be used inside another."""
    query = select_rows(col(EvidenceSupport.evidence_id))
    query = query.join(Response, col(Response.id) == col(EvidenceSupport.response_id))
    query = query.where(col(EvidenceSupport.city_id) == city_id, col(Response.assessment_id) == assessment_id)
    return query.where(col(Response.criterion).in_(criteria))
