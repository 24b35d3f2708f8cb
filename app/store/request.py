"""Partners, requests for evidence, and what comes in through them."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime

from sqlalchemy import Column, Text, UniqueConstraint, func, or_
from sqlmodel import Field, Session, SQLModel, col, select, update

from app.rules.request import ContributionState, RequestState
from app.store.database.engine import Utc, now


class Partner(SQLModel, table=True):
    """An outside organization that contributes evidence; `language` is the one that it is written to in."""

    __table_args__ = (UniqueConstraint("city_id", "name"),)
    id: int = Field(default=None, primary_key=True)
    city_id: int = Field(foreign_key="city.id", index=True)
    name: str = Field(max_length=120)
    contact: str = Field(default="", max_length=120)
    email: str = Field(default="", max_length=254)
    language: str = Field(max_length=5)
    version: int = 1
    created_at: datetime = Field(default_factory=now, sa_column=Column(Utc, nullable=False))


class EvidenceRequest(SQLModel, table=True):
    """A request to a partner or to a department, for one criterion and perhaps one item of its checklist.

    `forms` names the kinds that are welcome, with spaces between. `nonce` is in the partner's link: another one makes the old link
    useless. `expires_at` ends the link by itself, `public_advice_read_at` is when its reader read what it means to be quoted in public.
    `keeper_id` took it over from who made it.
    """

    __tablename__ = "evidence_request"
    id: int = Field(default=None, primary_key=True)
    city_id: int = Field(foreign_key="city.id", index=True)
    assessment_id: int = Field(foreign_key="assessment.id", index=True)
    criterion: str = Field(max_length=12)
    item: str = Field(default="", max_length=40)
    partner_id: int | None = Field(default=None, foreign_key="partner.id")
    department_id: int | None = Field(default=None, foreign_key="department.id")
    what: str = Field(sa_column=Column(Text, nullable=False))
    why: str = Field(sa_column=Column(Text, nullable=False))
    forms: str = Field(max_length=40)
    language: str = Field(max_length=5)
    due_on: date | None = None
    state: str = Field(default=RequestState.SENT.value, max_length=10)
    nonce: str = Field(default="", max_length=32)
    expires_at: datetime | None = Field(default=None, sa_column=Column(Utc))
    public_advice_read_at: datetime | None = Field(default=None, sa_column=Column(Utc))
    created_by: int | None = Field(default=None, foreign_key="person.id")
    keeper_id: int | None = Field(default=None, foreign_key="person.id")
    created_at: datetime = Field(default_factory=now, sa_column=Column(Utc, nullable=False))
    version: int = 1


class Contribution(SQLModel, table=True):
    """Something that a partner sent, until and after the data office decides on it. `entry` is the form as JSON."""

    id: int = Field(default=None, primary_key=True)
    city_id: int = Field(foreign_key="city.id", index=True)
    request_id: int = Field(foreign_key="evidence_request.id", index=True)
    kind: str = Field(max_length=10)
    title: str = Field(max_length=200)
    entry: str = Field(default="{}", sa_column=Column(Text, nullable=False))
    file_id: int | None = Field(default=None, foreign_key="stored_file.id")
    file_name: str = Field(default="", max_length=200)
    name: str = Field(max_length=120)
    role: str = Field(default="", max_length=120)
    may_quote: bool = False
    state: str = Field(default=ContributionState.WAITING.value, max_length=10)
    reason: str = Field(default="", sa_column=Column(Text, nullable=False))
    evidence_id: int | None = Field(default=None, foreign_key="evidence.id")
    decided_by: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = Field(default=None, sa_column=Column(Utc))
    at: datetime = Field(default_factory=now, sa_column=Column(Utc, nullable=False))


def add_partner(session: Session, partner: Partner) -> int:
    """Returns its id."""
    session.add(partner)
    session.flush()
    return partner.id


def delete_partner(session: Session, partner: Partner) -> None:
    """One that nothing names."""
    session.delete(partner)


def add_request(session: Session, request: EvidenceRequest) -> int:
    """Returns its id."""
    session.add(request)
    session.flush()
    return request.id


def add_contributions(session: Session, contributions: Iterable[Contribution]) -> None:
    session.add_all(contributions)


def count_files_since(session: Session, city_id: int, request_id: int, since: datetime) -> int:
    """How many files have come through the request's links since then."""
    query = (
        select(func.count()).select_from(Contribution).where(Contribution.city_id == city_id, Contribution.at >= since)
    )
    return session.exec(
        query.where(Contribution.request_id == request_id, col(Contribution.file_id).is_not(None))
    ).one()


def list_partners(session: Session, city_id: int) -> list[Partner]:
    return list(session.exec(select(Partner).where(Partner.city_id == city_id).order_by(Partner.name)))


def find_partner(session: Session, city_id: int, partner_id: int) -> Partner | None:
    return session.exec(select(Partner).where(Partner.city_id == city_id, Partner.id == partner_id)).first()


def list_requests(session: Session, city_id: int, assessment_id: int) -> list[EvidenceRequest]:
    """Those of an assessment and those of earlier ones that are not over, the newest first."""
    of_assessment = or_(
        col(EvidenceRequest.assessment_id) == assessment_id, col(EvidenceRequest.state).in_(("open", "sent"))
    )
    query = select(EvidenceRequest).where(EvidenceRequest.city_id == city_id, of_assessment)
    return list(session.exec(query.order_by(col(EvidenceRequest.id).desc())))


def list_partner_requests(session: Session, city_id: int) -> list[EvidenceRequest]:
    """Everything that partners were ever asked for."""
    query = select(EvidenceRequest).where(EvidenceRequest.city_id == city_id)
    return list(session.exec(query.where(col(EvidenceRequest.partner_id).is_not(None))))


def list_open_requests(session: Session, city_id: int, departments: Collection[int]) -> list[EvidenceRequest]:
    """The requests to these departments that wait for an answer."""
    query = select(EvidenceRequest).where(
        EvidenceRequest.city_id == city_id, EvidenceRequest.state == RequestState.SENT
    )
    return list(session.exec(query.where(col(EvidenceRequest.department_id).in_(departments))))


def list_unfinished_requests(session: Session, city_id: int, department_id: int) -> list[EvidenceRequest]:
    """The requests to a department that are written or wait for an answer."""
    query = select(EvidenceRequest).where(EvidenceRequest.city_id == city_id)
    unfinished = col(EvidenceRequest.state).in_((RequestState.OPEN, RequestState.SENT))
    return list(session.exec(query.where(col(EvidenceRequest.department_id) == department_id, unfinished)))


def find_request(session: Session, city_id: int, request_id: int) -> EvidenceRequest | None:
    query = select(EvidenceRequest).where(EvidenceRequest.city_id == city_id, EvidenceRequest.id == request_id)
    return session.exec(query).first()


def find_request_of_link(session: Session, request_id: int) -> EvidenceRequest | None:
    """The one query without a city: whoever holds the signed link has been asked for exactly this request."""
    return session.get(EvidenceRequest, request_id)


def list_contributions(session: Session, city_id: int, request_id: int | None = None) -> list[Contribution]:
    """Of one request or of all, the newest first."""
    query = select(Contribution).where(Contribution.city_id == city_id)
    if request_id is not None:
        query = query.where(Contribution.request_id == request_id)
    return list(session.exec(query.order_by(col(Contribution.id).desc())))


def list_waiting_contributions(session: Session, city_id: int) -> list[tuple[Contribution, EvidenceRequest]]:
    """What waits in the inbox with its request, the oldest first."""
    query = select(Contribution, EvidenceRequest).join(
        EvidenceRequest, col(EvidenceRequest.id) == Contribution.request_id
    )
    query = query.where(Contribution.city_id == city_id, Contribution.state == ContributionState.WAITING)
    return list(session.exec(query.order_by(col(Contribution.id))).all())


def count_waiting_contributions(session: Session, city_id: int) -> int:
    query = select(func.count()).select_from(Contribution)
    return session.exec(
        query.where(Contribution.city_id == city_id, Contribution.state == ContributionState.WAITING)
    ).one()


def list_file_names(session: Session, city_id: int, file_id: int) -> list[str]:
    """How those who sent this file through a request called it."""
    query = select(Contribution.file_name).where(Contribution.city_id == city_id, Contribution.file_id == file_id)
    return list(session.exec(query.distinct().order_by(Contribution.file_name)))


def hold_contribution(session: Session, city_id: int, contribution_id: int) -> Contribution | None:
    """Locked until the end of the transaction where the database locks rows, so that it is decided once."""
    query = select(Contribution).where(Contribution.city_id == city_id, Contribution.id == contribution_id)
    return session.exec(query.with_for_update()).first()


def save_request(session: Session, city_id: int, request_id: int, version: int, **values: object) -> bool:
    """Write the columns if nobody changed the row since `version`; False when someone did, and then nothing is written."""
    return _save_row(session, EvidenceRequest, city_id, request_id, version, values)


def save_partner(session: Session, city_id: int, partner_id: int, version: int, **values: object) -> bool:
    """As `save_request`."""
    return _save_row(session, Partner, city_id, partner_id, version, values)


def _save_row(
    session: Session,
    table: type[EvidenceRequest | Partner],
    city_id: int,
    row_id: int,
    version: int,
    values: Mapping[str, object],
) -> bool:
    changed = (
        update(table)
        .where(col(table.city_id) == city_id, col(table.id) == row_id, col(table.version) == version)
        .values(**values, version=version + 1)
        .execution_options(synchronize_session="evaluate")
    )
    return session.exec(changed).rowcount == 1
