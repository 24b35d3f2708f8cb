"""Reading what the record says of rows, and how a person would call these rows."""

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Executable, Select, bindparam, case, func, select, tuple_
from sqlmodel import Session, col

from app.rules.evidence.piece import Visibility
from app.store.evidence.files import StoredFile
from app.store.evidence.links import LinkCopy
from app.store.evidence.pieces import Evidence, EvidenceSupport
from app.store.evidence.version import EvidenceOpening, EvidenceVersion
from app.store.file_reading import FileReading, FileReadingAnswer
from app.store.history.event import RecordedState
from app.store.history.fingerprint import ROWS_AT_ONCE, WATCHED
from app.store.judged_response import JudgedResponse
from app.store.people import Membership, Person
from app.store.response import ChecklistAnswer, NarrativeVersion, Response
from app.store.review import ReviewComment, Verdict

_NAMED_BY = {
    "department": "name", "assessment": "name", "assignment": "criterion", "local_criterion": "criterion", "response": "criterion",
    "retention_class": "name", "partner": "name", "evidence_request": "criterion", "contribution": "title", "portal_reading": "url",
    "portal_fact": "criterion", "scenario": "name", "report": "number", "award": "announced_on", "program_question": "criterion",
    "program_answer": "criterion", "foreword": "language",
}  # fmt: skip
_TABLES_OF_RESPONSE = {
    model.__tablename__: model
    for model in (ChecklistAnswer, NarrativeVersion, ReviewComment, Verdict, JudgedResponse, EvidenceSupport)
}
_TABLES_OF_EVIDENCE = {
    model.__tablename__: model for model in (EvidenceVersion, EvidenceOpening, LinkCopy, FileReadingAnswer)
}


class RowState(NamedTuple):
    """As in `RecordedState`."""

    number: int
    kind: str
    row_id: int
    before: str
    after: str


_STATE_COLUMNS = (
    col(RecordedState.number), col(RecordedState.kind), col(RecordedState.row_id), col(RecordedState.before), col(RecordedState.after),
    col(RecordedState.place),
)  # fmt: skip


def stream_states(session: Session, city_id: int) -> Iterator[RowState]:
    """Everything that the city's events led to, in their order, a few at a time."""
    return _page_states(session, _states_query, {"city": city_id})


@cache
def _states_query(goes_on: bool) -> Executable:
    query = select(*_STATE_COLUMNS).where(col(RecordedState.city_id) == bindparam("city"))
    return _cut_page(query, ("number", "place"), goes_on)


def stream_states_of_kind(session: Session, city_id: int, kind: str) -> Iterator[RowState]:
    """Those of rows of one kind, row by row, and of each row from the first event to the last."""
    return _page_states(session, _states_of_kind_query, {"city": city_id, "of_kind": kind})


@cache
def _states_of_kind_query(goes_on: bool) -> Executable:
    query = select(*_STATE_COLUMNS).where(col(RecordedState.city_id) == bindparam("city"))
    query = query.where(col(RecordedState.kind) == bindparam("of_kind"))
    return _cut_page(query, ("row_id", "number", "place"), goes_on)


def _cut_page(query: Select[*tuple[Any, ...]], names: Sequence[str], goes_on: bool) -> Executable:
    """The first few rows in the order of these columns; where it `goes_on`, those after the row whose values it is given."""
    order = [query.selected_columns[name] for name in names]
    if goes_on:
        query = query.where(tuple_(*order) > tuple_(*(bindparam(f"after_{name}") for name in names)))
    return query.order_by(*order).limit(bindparam("most"))


def _page_states(session: Session, query: Callable[[bool], Executable], given: dict[str, Any]) -> Iterator[RowState]:
    """All rows of the query, page by page: PostgreSQL answers four times for a cursor, and once for the few rows that most kinds have."""
    given |= {"most": ROWS_AT_ONCE}
    rows = session.connection().execute(query(False), given).all()
    while rows:
        yield from (RowState(*values[:-1]) for values in rows)
        last = rows[-1]
        given |= {"after_row_id": last.row_id, "after_number": last.number, "after_place": last.place}
        rows = session.connection().execute(query(True), given).all() if len(rows) == given["most"] else ()


def count_changed_rows(session: Session, city_id: int, number: int) -> int:
    """How many rows the event changed."""
    query = select(func.count()).where(col(RecordedState.city_id) == city_id, col(RecordedState.number) == number)
    total: int = session.execute(query).scalar_one()
    return total


@cache
def _kinds_after() -> Executable:
    query = select(col(RecordedState.kind)).where(col(RecordedState.city_id) == bindparam("city"))
    return query.where(col(RecordedState.number) > bindparam("number")).distinct()


def kinds_after(session: Session, city_id: int, number: int) -> frozenset[str]:
    """The kinds of rows that the events after this number changed."""
    rows = session.connection().execute(_kinds_after(), {"city": city_id, "number": number})
    return frozenset(rows.scalars())


def list_unknown_kinds(session: Session, city_id: int) -> list[str]:
    """Kinds that the record speaks of and that this version of the app does not know."""
    kinds = session.connection().execute(_kinds_query(), {"city": city_id}).scalars()
    return sorted(set(kinds) - WATCHED.keys())


@cache
def _kinds_query() -> Executable:
    return select(col(RecordedState.kind)).where(col(RecordedState.city_id) == bindparam("city")).distinct()


def load_row_names(session: Session, kind: str, ids: Collection[int]) -> dict[int, str]:
    """What a person would call these rows, by id: a criterion, a title, a name. A restricted piece has none, and so has what is gone."""
    query = _row_names_query(kind)
    if query is None or not ids:
        return {}
    rows = session.connection().execute(query.where(WATCHED[kind].table.columns.id.in_(sorted(ids))))
    return {row_id: str(name) for row_id, name in rows if name}


@cache
def _row_names_query(kind: str) -> Select[Any] | None:
    own = WATCHED[kind].table.columns
    title = case((col(Evidence.visibility) == Visibility.RESTRICTED, ""), else_=col(Evidence.title))
    if kind in _NAMED_BY:
        return select(own.id, own[_NAMED_BY[kind]])
    if kind in _TABLES_OF_RESPONSE:
        return select(own.id, col(Response.criterion)).join(Response, col(Response.id) == own.response_id)
    if kind in _TABLES_OF_EVIDENCE:
        return select(own.id, title).join(Evidence, col(Evidence.id) == own.evidence_id)
    return {
        "evidence": select(col(Evidence.id), title),
        "membership": select(col(Membership.id), col(Person.name)).join(Person, col(Person.id) == own.get("person_id")),
        "handover": select(own.id, col(Person.name)).join(Person, col(Person.id) == own.get("successor_id")),
        "file_reading": select(col(FileReading.id), col(StoredFile.name)).join(
            StoredFile, col(StoredFile.id) == own.get("file_id")
        ),
    }.get(kind)
