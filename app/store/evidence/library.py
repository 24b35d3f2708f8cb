"""The city's pieces of evidence as a list."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, tuple_
from sqlalchemy import select as select_rows
from sqlmodel import Session, col

from app.rules.evidence.links import DEAD
from app.rules.evidence.piece import Visibility
from app.store import search
from app.store.database.rows import read_rows
from app.store.evidence.pieces import Evidence, EvidenceSupport
from app.store.response import Response


@dataclass(frozen=True)
class ListedPiece:
    """A piece in the library, without its texts."""

    id: int
    kind: str
    title: str
    visibility: str
    period_from: date | None
    period_to: date | None
    link_state: str
    created_by: int | None
    created_at: datetime


class LibraryOrder(StrEnum):
    """In which order pieces are listed."""

    NEWEST = ""
    OLDEST = "oldest"
    TITLE = "title"
    ENDING = "ending"


@dataclass(frozen=True)
class PeriodEnding:
    """Pieces behind one of these items (criterion's code, item's id) whose period ends from a day on and before another.

    With `unknown`, those that name no end instead.
    """

    items: tuple[tuple[str, str], ...]
    first: date | None = None
    before: date | None = None
    unknown: bool = False


@dataclass(frozen=True)
class LibraryShelf:
    """What to list. Empty fields and None narrow nothing; `withdrawn` lists pieces taken out of use instead of those in use.

    `words` must all be there, each at the beginning of a word. `codes` are the criteria of which a piece must support one. `endings`
    are alternatives. `unused` lists what supports nothing.
    """

    kind: str = ""
    words: tuple[str, ...] = ()
    withdrawn: bool = False
    visibility: str = ""
    dead_links: bool = False
    unused: bool = False
    codes: frozenset[str] | None = None
    endings: tuple[PeriodEnding, ...] | None = None
    order: LibraryOrder = LibraryOrder.NEWEST


def list_pieces(
    session: Session,
    city_id: int,
    assessment_id: int,
    shelf: LibraryShelf,
    *,
    restricted_for: Select[int] | None,
    limit: int,
    offset: int,
    last_criterion: str = "",
) -> list[ListedPiece]:
    """Pieces of the city in the order of the shelf; those that support the criterion `last_criterion` after all others. Words are looked for
    in restricted pieces only where `restricted_for`, a query for ids, has the piece; None looks everywhere.
    """
    query = select_rows(
        col(Evidence.id), col(Evidence.kind), col(Evidence.title), col(Evidence.visibility),
        col(Evidence.period_from), col(Evidence.period_to), col(Evidence.link_state),
        col(Evidence.created_by), col(Evidence.created_at),
    )  # fmt: skip
    query = query.where(
        col(Evidence.city_id) == city_id, *_shelf_conditions(city_id, assessment_id, shelf, restricted_for)
    )
    if last_criterion:
        query = query.order_by(col(Evidence.id).in_(ids_supporting(city_id, assessment_id, [last_criterion])))
    rows = read_rows(session, query.order_by(*_ordering(shelf.order)).limit(limit).offset(offset))
    return [ListedPiece(*values) for values in rows]


def _ordering(order: LibraryOrder) -> tuple[Any, ...]:
    """What to sort by, the newest first where that leaves two alike."""
    newest, ending = col(Evidence.id).desc(), col(Evidence.period_to)
    orders: dict[LibraryOrder, tuple[Any, ...]] = {
        LibraryOrder.NEWEST: (newest,),
        LibraryOrder.OLDEST: (col(Evidence.id).asc(),),
        LibraryOrder.TITLE: (func.lower(col(Evidence.title)), newest),
        LibraryOrder.ENDING: (ending.is_(None), ending, newest),
    }
    return orders[order]


def count_pieces(
    session: Session, city_id: int, assessment_id: int, shelf: LibraryShelf, restricted_for: Select[int] | None
) -> int:
    """How many pieces there are to list."""
    query = select_rows(func.count()).select_from(Evidence)
    query = query.where(
        col(Evidence.city_id) == city_id, *_shelf_conditions(city_id, assessment_id, shelf, restricted_for)
    )
    total: int = read_rows(session, query).scalar_one()
    return total


def _shelf_conditions(
    city_id: int, assessment_id: int, shelf: LibraryShelf, restricted_for: Select[int] | None
) -> list[ColumnElement[bool]]:
    withdrawn, evidence_id = col(Evidence.withdrawn_at), col(Evidence.id)
    conditions: list[ColumnElement[bool]] = [withdrawn.is_not(None) if shelf.withdrawn else withdrawn.is_(None)]
    conditions += [evidence_id.in_(search.ids_having_word(city_id, word)) for word in shelf.words]
    if shelf.words and restricted_for is not None:
        conditions.append(or_(col(Evidence.visibility) != Visibility.RESTRICTED, evidence_id.in_(restricted_for)))
    if shelf.kind:
        conditions.append(col(Evidence.kind) == shelf.kind)
    if shelf.visibility:
        conditions.append(col(Evidence.visibility) == shelf.visibility)
    if shelf.dead_links:
        conditions.append(col(Evidence.link_state).in_(DEAD))
    if shelf.unused:
        conditions.append(evidence_id.not_in(_ids_supporting_any(city_id, assessment_id)))
    if shelf.codes is not None:
        conditions.append(evidence_id.in_(ids_supporting(city_id, assessment_id, shelf.codes)))
    if shelf.endings is not None:
        conditions.append(
            or_(false(), *(_ending_condition(city_id, assessment_id, ending) for ending in shelf.endings))
        )
    return conditions


def _ending_condition(city_id: int, assessment_id: int, ending: PeriodEnding) -> ColumnElement[bool]:
    supporting_ids = _ids_supporting_any(city_id, assessment_id)
    supporting_ids = supporting_ids.where(tuple_(col(Response.criterion), col(EvidenceSupport.item)).in_(ending.items))
    until = col(Evidence.period_to)
    limits: list[ColumnElement[bool]] = [until.is_(None)] if ending.unknown else [until.is_not(None)]
    limits += [until >= ending.first] if ending.first else []
    limits += [until < ending.before] if ending.before else []
    return and_(col(Evidence.id).in_(supporting_ids), *limits)


def _ids_supporting_any(city_id: int, assessment_id: int) -> Select[int]:
    """A query for the ids of pieces that support anything in this assessment, to be used inside another."""
    query = select_rows(col(EvidenceSupport.evidence_id))
    query = query.join(Response, col(Response.id) == col(EvidenceSupport.response_id))
    return query.where(col(EvidenceSupport.city_id) == city_id, col(Response.assessment_id) == assessment_id)


def ids_supporting(city_id: int, assessment_id: int, criteria: Collection[str]) -> Select[int]:
    """A query for the ids of pieces that support one of these criteria, to be used inside another."""
    return _ids_supporting_any(city_id, assessment_id).where(col(Response.criterion).in_(criteria))


def ids_owned(city_id: int, assessment_id: int, criteria: Collection[str]) -> Select[int]:
    """The same, of those that were brought for one of these criteria and not only tied to it by a guest."""
    return ids_supporting(city_id, assessment_id, criteria).where(col(EvidenceSupport.guest).is_(False))


def items_for_ending(items: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """The items for `PeriodEnding`, of which a query needs at least one: an impossible one where there is none."""
    return tuple(items) or (("", ""),)
