"""Which responses a piece of evidence supports, and within them which items of the checklist."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Executable, bindparam, delete
from sqlalchemy import select as select_rows
from sqlmodel import Session, col, select

from app.store.assessment import Assessment
from app.store.database.rows import read_rows
from app.store.evidence.pieces import EvidenceSupport
from app.store.response import Response, of_assessment


def set_supported_items(
    session: Session,
    city_id: int,
    evidence_id: int,
    response_id: int,
    items: Collection[str],
    *,
    guest: bool,
    pointer: str = "",
) -> None:
    """Let the piece support these items of the response, and no others; without items, the criterion as a whole."""
    remove_support(session, city_id, evidence_id, response_id)
    add_supported_items(session, city_id, evidence_id, response_id, items, guest=guest, pointer=pointer)


def add_supported_items(
    session: Session,
    city_id: int,
    evidence_id: int,
    response_id: int,
    items: Collection[str],
    *,
    guest: bool,
    pointer: str = "",
) -> None:
    """The same for a piece that supports nothing of the response yet."""
    shared_values: dict[str, Any] = {
        "city_id": city_id,
        "evidence_id": evidence_id,
        "response_id": response_id,
        "guest": guest,
        "page_pointer": pointer,
    }
    session.add_all(EvidenceSupport(**shared_values, item=item) for item in items or ("",))
    session.flush()


def load_pointers(session: Session, city_id: int, response_ids: Collection[int]) -> dict[tuple[int, int], str]:
    """Where to look in pieces for these responses, by response and piece, where that is not where the piece itself says."""
    query = select(EvidenceSupport.response_id, EvidenceSupport.evidence_id, EvidenceSupport.page_pointer).where(
        EvidenceSupport.city_id == city_id, col(EvidenceSupport.response_id).in_(sorted(response_ids))
    )
    rows = session.exec(query.where(EvidenceSupport.page_pointer != ""))
    return {(response_id, evidence_id): pointer for response_id, evidence_id, pointer in rows}


def remove_support(session: Session, city_id: int, evidence_id: int, response_id: int) -> None:
    statement = delete(EvidenceSupport).where(
        col(EvidenceSupport.city_id) == city_id,
        col(EvidenceSupport.evidence_id) == evidence_id,
        col(EvidenceSupport.response_id) == response_id,
    )
    session.exec(statement)


def lock_assessment(session: Session, assessment_id: int) -> None:
    """Wait until nobody else is adding evidence to this assessment; lasts until the end of the transaction.

    PostgreSQL only: on SQLite every transaction that writes waits its turn anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        query = select(Assessment.id).where(Assessment.id == assessment_id)
        session.exec(query.with_for_update(key_share=True)).first()


@dataclass(frozen=True)
class SupportedResponse:
    """A response of one assessment that a piece supports, and the items of its checklist; `guest` and `pointer` as in `EvidenceSupport`."""

    response_id: int
    criterion: str
    state: str
    items: tuple[str, ...]
    guest: bool = False
    pointer: str = ""


@cache
def _supported() -> Executable:
    """Built once, since the library and most pages with evidence ask it."""
    return (
        select_rows(
            col(EvidenceSupport.evidence_id), col(Response.id), col(Response.criterion), col(Response.state),
            col(EvidenceSupport.item), col(EvidenceSupport.guest), col(EvidenceSupport.page_pointer),
        )
        .join(Response, col(Response.id) == col(EvidenceSupport.response_id))
        .where(col(EvidenceSupport.evidence_id).in_(bindparam("ids", expanding=True)), *of_assessment())
        .where(col(EvidenceSupport.city_id) == bindparam("city"))
        .order_by(col(EvidenceSupport.id))
    )  # fmt: skip


def load_supported_responses(
    session: Session, city_id: int, assessment_id: int, evidence_ids: Collection[int]
) -> dict[int, list[SupportedResponse]]:
    """What each piece supports in this assessment, by its id, in one query. Pieces that support nothing are left out."""
    given = {"city": city_id, "assessment": assessment_id, "ids": list(evidence_ids)}
    supports: dict[int, dict[int, tuple[str, str, list[str], bool, str]]] = {}
    for evidence_id, response_id, criterion, state, item, guest, pointer in read_rows(session, _supported(), given):
        of_piece = supports.setdefault(evidence_id, {})
        items = of_piece.setdefault(response_id, (criterion, state, [], guest, pointer))[2]
        items += [item] if item else []
    return {
        evidence_id: [
            SupportedResponse(response_id, criterion, state, tuple(items), guest, pointer)
            for response_id, (criterion, state, items, guest, pointer) in of_piece.items()
        ]
        for evidence_id, of_piece in supports.items()
    }
