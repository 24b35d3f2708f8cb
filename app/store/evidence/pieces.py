"""Evidence, what it supports, and the stored files behind it."""

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from sqlalchemy import Column, Executable, Numeric, ScalarSelect, Text, UniqueConstraint, bindparam, func
from sqlalchemy import select as select_rows
from sqlalchemy.orm import aliased
from sqlmodel import Field, Session, SQLModel, col, or_, select, update
from sqlmodel.sql.expression import SelectOfScalar

from app.rules.criteria.edition import EvidenceKind
from app.rules.evidence.links import DEAD
from app.rules.evidence.piece import Visibility
from app.rules.review.moves import ResponseState
from app.store.database.engine import Utc, now
from app.store.database.rows import read_rows
from app.store.response import Response, of_assessment


class Evidence(SQLModel, table=True):
    """One piece; which columns are filled depends on `kind` (file, link, figure, note). `withdrawn_at` takes it out of use, undoably.

    `effective_on` is the day since when a rule is in force. `twin_of` is the original that this is a redacted copy of.
    `hold_reason` keeps it whatever its retention class says; `disposal_by` has proposed to take its content away, and `disposed_at` says
    when someone else did. What a partner contributed keeps where it comes from: the organization, who sent it, and the day.
    `keeper_id` took the piece over from who added it. `language` is that of its title and texts, empty where nobody knows.
    """

    id: int = Field(default=None, primary_key=True)
    city_id: int = Field(foreign_key="city.id", index=True)
    kind: str = Field(max_length=10)
    title: str = Field(max_length=200)
    language: str = Field(default="", max_length=5)
    period_from: date | None = None
    period_to: date | None = None
    effective_on: date | None = None
    page_pointer: str = Field(default="", max_length=300)
    source: str = Field(default="", max_length=300)
    visibility: str = Field(default=Visibility.INTERNAL.value, max_length=12)
    file_id: int | None = Field(default=None, foreign_key="stored_file.id")
    file_name: str = Field(default="", max_length=200)
    url: str = Field(default="", max_length=2000)
    link_state: str = Field(default="", max_length=10)
    link_checked_at: datetime | None = Field(default=None, sa_column=Column(Utc))
    link_moved_to: str = Field(default="", max_length=2000)
    link_troubles: int = 0
    link_deaths: int = 0
    link_next_at: datetime | None = Field(default=None, sa_column=Column(Utc, index=True))
    note: str = Field(default="", sa_column=Column(Text, nullable=False))
    unit: str = Field(default="", max_length=60)
    baseline_value: Decimal | None = Field(default=None, sa_column=Column(Numeric(20, 4)))
    baseline_period: str = Field(default="", max_length=60)
    current_value: Decimal | None = Field(default=None, sa_column=Column(Numeric(20, 4)))
    current_period: str = Field(default="", max_length=60)
    published_percent: Decimal | None = Field(default=None, sa_column=Column(Numeric(9, 1)))
    dataset: str = Field(default="", max_length=300)
    method: str = Field(default="", max_length=1000)
    caveat: str = Field(default="", max_length=500)
    approved_by: int | None = Field(default=None, foreign_key="person.id")
    approved_at: datetime | None = Field(default=None, sa_column=Column(Utc))
    twin_of: int | None = Field(default=None, foreign_key="evidence.id", index=True)
    partner_id: int | None = Field(default=None, foreign_key="partner.id")
    contributed_by: str = Field(default="", max_length=250)
    contributed_on: date | None = None
    may_quote: bool = False
    retention_id: int | None = Field(default=None, foreign_key="retention_class.id")
    hold_reason: str = Field(default="", max_length=300)
    disposal_by: int | None = Field(default=None, foreign_key="person.id")
    disposal_at: datetime | None = Field(default=None, sa_column=Column(Utc))
    disposed_at: datetime | None = Field(default=None, sa_column=Column(Utc))
    created_by: int | None = Field(default=None, foreign_key="person.id")
    keeper_id: int | None = Field(default=None, foreign_key="person.id")
    created_at: datetime = Field(default_factory=now, sa_column=Column(Utc, nullable=False))
    withdrawn_at: datetime | None = Field(default=None, sa_column=Column(Utc))
    version: int = 1


class EvidenceSupport(SQLModel, table=True):
    """That a piece supports a response, and within it an item of the checklist (empty: the criterion as a whole).

    `guest` where someone tied it who did not answer for the piece; `page_pointer` is where in the piece to look for this response, empty
    for where the piece itself says. All rows of one piece and response say the same of both.
    """

    __tablename__ = "evidence_support"
    __table_args__ = (UniqueConstraint("evidence_id", "response_id", "item"),)
    id: int = Field(default=None, primary_key=True)
    city_id: int = Field(foreign_key="city.id", index=True)
    evidence_id: int = Field(foreign_key="evidence.id", index=True)
    response_id: int = Field(foreign_key="response.id", index=True)
    item: str = Field(default="", max_length=40)
    guest: bool = False
    page_pointer: str = Field(default="", max_length=300)


def add_piece(session: Session, piece: Evidence) -> int:
    """Returns its id."""
    session.add(piece)
    session.flush()
    return piece.id


def find_piece(session: Session, city_id: int, evidence_id: int) -> Evidence | None:
    return session.exec(select(Evidence).where(Evidence.city_id == city_id, Evidence.id == evidence_id)).first()


def load_pieces(session: Session, city_id: int, evidence_ids: Collection[int]) -> dict[int, Evidence]:
    """These pieces by id, in one query; none for no ids."""
    if not evidence_ids:
        return {}
    query = select(Evidence).where(Evidence.city_id == city_id, col(Evidence.id).in_(sorted(evidence_ids)))
    return {piece.id: piece for piece in session.exec(query)}


def list_twins(session: Session, city_id: int, evidence_id: int) -> list[Evidence]:
    """The redacted copies of a piece that are in use."""
    query = select(Evidence).where(Evidence.city_id == city_id, Evidence.twin_of == evidence_id)
    return list(session.exec(query.where(col(Evidence.withdrawn_at).is_(None)).order_by(col(Evidence.id))))


def list_public_figures(session: Session, city_id: int) -> list[Evidence]:
    """The figures in use that may be handed out, by title."""
    query = select(Evidence).where(Evidence.city_id == city_id, Evidence.kind == EvidenceKind.FIGURE)
    query = query.where(Evidence.visibility == Visibility.PUBLIC, col(Evidence.withdrawn_at).is_(None))
    return list(session.exec(query.order_by(Evidence.title, col(Evidence.id))))


def _reviewed_for() -> ScalarSelect[str | None]:
    """The first criterion of the same assessment that is with the reviewer with this piece, besides the response's own."""
    tie, asked = aliased(EvidenceSupport), aliased(Response)
    return (
        select_rows(func.min(col(Response.criterion)))
        .join(tie, col(tie.response_id) == Response.id)
        .join(asked, col(asked.assessment_id) == Response.assessment_id)
        .where(
            col(asked.id) == bindparam("response"),
            col(tie.evidence_id) == col(Evidence.id),
            col(tie.city_id) == bindparam("city"),
            col(Response.id) != col(asked.id),
            col(Response.state) == ResponseState.SUBMITTED,
        )
        .correlate(Evidence)
        .scalar_subquery()
    )


@cache
def _supporting() -> Executable:
    mine = (
        col(EvidenceSupport.city_id) == bindparam("city"),
        col(EvidenceSupport.response_id) == bindparam("response"),
    )
    return (
        select_rows(Evidence, col(EvidenceSupport.item), col(EvidenceSupport.page_pointer), _reviewed_for())
        .join(EvidenceSupport, col(EvidenceSupport.evidence_id) == Evidence.id)
        .where(*mine, col(Evidence.withdrawn_at).is_(None))
        .order_by(col(Evidence.id), col(EvidenceSupport.item))
    )


class SupportingRow(NamedTuple):
    """A piece behind a response, the items that it supports there, and where in it to look for them.

    `reviewed_for` is another criterion that it supports and that is with the reviewer, who has the piece as it is; empty for none.
    """

    piece: Evidence
    items: tuple[str, ...]
    page_pointer: str
    reviewed_for: str


Supporting = list[SupportingRow]


def list_supporting_pieces(session: Session, city_id: int, response_id: int) -> Supporting:
    """The pieces in use for a response, oldest first, each with the items that it supports."""
    pieces: dict[int, tuple[Evidence, list[str], str, str]] = {}
    for piece, item, pointer, other in session.execute(_supporting(), {"city": city_id, "response": response_id}):
        pieces.setdefault(piece.id, (piece, [], pointer or piece.page_pointer, other or ""))[1].append(item)
    return [
        SupportingRow(piece, tuple(item for item in items if item), pointer, other)
        for piece, items, pointer, other in pieces.values()
    ]


def list_supports(session: Session, city_id: int, evidence_id: int) -> list[EvidenceSupport]:
    query = select(EvidenceSupport).where(
        EvidenceSupport.city_id == city_id, EvidenceSupport.evidence_id == evidence_id
    )
    return list(session.exec(query))


def list_pieces_of_file(session: Session, city_id: int, file_id: int) -> list[Evidence]:
    """The pieces in use that hold this stored file, oldest first."""
    query = select(Evidence).where(Evidence.city_id == city_id, Evidence.file_id == file_id)
    return list(session.exec(query.where(col(Evidence.withdrawn_at).is_(None)).order_by(col(Evidence.id))))


def find_just_added_piece(
    session: Session, city_id: int, response_id: int, since: datetime, **values: object
) -> Evidence | None:
    """A piece in use with exactly these values that was added to the response since then."""
    given = {"city": city_id, "response": response_id, "since": since}
    pieces = session.exec(_just_added(), params=given)
    return next(
        (piece for piece in pieces if all(getattr(piece, name) == value for name, value in values.items())), None
    )


@cache
def _just_added() -> SelectOfScalar[Evidence]:
    """Built once; a comparison with each value here would be another query for each kind of piece."""
    query = select(Evidence).join(EvidenceSupport, col(EvidenceSupport.evidence_id) == Evidence.id)
    of_response = col(EvidenceSupport.response_id) == bindparam("response")
    query = query.where(col(EvidenceSupport.city_id) == bindparam("city"), of_response)
    return query.where(col(Evidence.created_at) >= bindparam("since"), col(Evidence.withdrawn_at).is_(None))


def save_piece(session: Session, city_id: int, evidence_id: int, version: int, **values: object) -> bool:
    """Write the columns if nobody changed the piece since `version`; False when someone did, and then nothing is written."""
    changed = (
        update(Evidence)
        .where(col(Evidence.city_id) == city_id, col(Evidence.id) == evidence_id, col(Evidence.version) == version)
        .values(**values, version=version + 1)
        .execution_options(synchronize_session="evaluate")
    )
    return session.exec(changed).rowcount == 1


def list_pieces_decided_by(session: Session, city_id: int, person_id: int) -> list[Evidence]:
    """What this person has approved as a claim, or proposed to dispose of, and what is there yet."""
    decided_by_person = or_(col(Evidence.approved_by) == person_id, col(Evidence.disposal_by) == person_id)
    query = select(Evidence).where(Evidence.city_id == city_id, decided_by_person, col(Evidence.disposed_at).is_(None))
    return list(session.exec(query.order_by(col(Evidence.id))))


class SupportRow(NamedTuple):
    """A piece in use behind an item of a response's checklist (empty: behind the criterion as a whole), in a list."""

    criterion: str
    item: str
    evidence_id: int
    period_to: date | None
    link_dead: bool
    period_from: date | None


@cache
def _support_rows_query() -> Executable:
    dead = col(Evidence.link_state).in_(DEAD)
    first, last = col(Evidence.period_from), col(Evidence.period_to)
    columns = (col(Response.criterion), col(EvidenceSupport.item), col(Evidence.id), last, dead, first)
    return (
        select_rows(*columns)
        .join(EvidenceSupport, col(EvidenceSupport.response_id) == Response.id)
        .join(Evidence, col(Evidence.id) == EvidenceSupport.evidence_id)
        .where(*of_assessment(), col(Evidence.withdrawn_at).is_(None))
    )


def load_support_rows(session: Session, city_id: int, assessment_id: int) -> dict[str, list[SupportRow]]:
    """What stands behind each criterion by its code, for a whole assessment in one query."""
    support_rows: dict[str, list[SupportRow]] = {}
    for values in read_rows(session, _support_rows_query(), {"city": city_id, "assessment": assessment_id}):
        support_rows.setdefault(values[0], []).append(SupportRow(*values))
    return support_rows


def load_titles(session: Session, city_id: int, evidence_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Title and visibility of pieces by id, in one query."""
    query = select(Evidence.id, Evidence.title, Evidence.visibility).where(Evidence.city_id == city_id)
    return {
        evidence_id or 0: (title, visibility)
        for evidence_id, title, visibility in session.exec(query.where(col(Evidence.id).in_(evidence_ids)))
    }


def load_pieces_by_criterion(session: Session, city_id: int, assessment_id: int) -> dict[str, list[Evidence]]:
    """The pieces in use by criterion code, oldest first, for a whole assessment in one query."""
    query = (
        select(Response.criterion, Evidence)
        .join(EvidenceSupport, col(EvidenceSupport.response_id) == Response.id)
        .join(Evidence, col(Evidence.id) == EvidenceSupport.evidence_id)
        .where(
            Response.city_id == city_id, Response.assessment_id == assessment_id, col(Evidence.withdrawn_at).is_(None)
        )
        .distinct()
        .order_by(col(Evidence.id))
    )
    pieces: dict[str, list[Evidence]] = {}
    for code, piece in session.exec(query):
        pieces.setdefault(code, []).append(piece)
    return pieces
