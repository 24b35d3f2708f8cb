"""Responses and checklist answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import NamedTuple

from sqlalchemy import Column, ColumnElement, Executable, Text, UniqueConstraint, bindparam
from sqlalchemy import select as select_rows
from sqlmodel import Field, Session, SQLModel, col, select, update
from sqlmodel.sql.expression import SelectOfScalar

from app.rules.review.moves import ResponseState
from app.store.database.engine import Utc, now
from app.store.database.rows import read_rows


class Response(SQLModel, table=True):
    """The city's answer to one criterion in one assessment.

    `narrative_version` counts changes of the text alone, so that ticking a box never collides with someone's typing;
    `version` counts all the rest. `narrative_language` is empty where nobody knows.
    `claimed_by` is the reviewer who has taken it on. `confidence` is how sure the department is of
    its own rating. `carried_from` is the response of an earlier assessment that this one began as, and `confirmation` what the
    department says of it: `asked` until someone has answered, then `yes`, `changed` or `no_longer`. `renewal` says what became of
    evidence that came after a verdict of met, brought last by `renewed_by`.
    """

    __table_args__ = (UniqueConstraint("assessment_id", "criterion"),)
    id: int = Field(default=None, primary_key=True)
    city_id: int = Field(foreign_key="city.id", index=True)
    assessment_id: int = Field(foreign_key="assessment.id", index=True)
    criterion: str = Field(max_length=12)
    narrative: str = Field(default="", sa_column=Column(Text, nullable=False))
    narrative_language: str = Field(default="", max_length=5)
    narrative_version: int = 0
    narrative_by: int | None = Field(default=None, foreign_key="person.id")
    narrative_at: datetime | None = Field(default=None, sa_column=Column(Utc))
    self_rating: str | None = Field(default=None, max_length=10)
    confidence: str | None = Field(default=None, max_length=10)
    carried_from: int | None = Field(default=None, foreign_key="response.id")
    confirmation: str | None = Field(default=None, max_length=12)
    renewal: str = Field(default="", max_length=10)
    renewed_by: int | None = Field(default=None, foreign_key="person.id")
    state: str = Field(default=ResponseState.NOT_STARTED.value, max_length=12)
    version: int = 1
    submitted_at: datetime | None = Field(default=None, sa_column=Column(Utc))
    submitted_by: int | None = Field(default=None, foreign_key="person.id")
    claimed_by: int | None = Field(default=None, foreign_key="person.id")
    updated_at: datetime = Field(default_factory=now, sa_column=Column(Utc, nullable=False))


class ChecklistAnswer(SQLModel, table=True):
    """Whether an item holds; a row appears with the first answer."""

    __tablename__ = "checklist_answer"
    __table_args__ = (UniqueConstraint("response_id", "item"),)
    id: int = Field(default=None, primary_key=True)
    city_id: int = Field(foreign_key="city.id", index=True)
    response_id: int = Field(foreign_key="response.id", index=True)
    item: str = Field(max_length=40)
    ticked: bool = False
    version: int = 1


class NarrativeVersion(SQLModel, table=True):
    """A text as it stood before someone else wrote on, or when it was submitted: nothing that a person wrote is ever gone."""

    __tablename__ = "narrative_version"
    id: int = Field(default=None, primary_key=True)
    city_id: int = Field(foreign_key="city.id", index=True)
    response_id: int = Field(foreign_key="response.id", index=True)
    number: int
    text: str = Field(sa_column=Column(Text, nullable=False))
    person_id: int | None = Field(default=None, foreign_key="person.id")
    at: datetime = Field(sa_column=Column(Utc, nullable=False))


def add_response(session: Session, response: Response) -> int:
    """Returns its id."""
    session.add(response)
    session.flush()
    return response.id


def add_answer(session: Session, answer: ChecklistAnswer) -> ChecklistAnswer:
    session.add(answer)
    return answer


@cache
def _one() -> SelectOfScalar[Response]:
    return select(Response).where(*of_assessment(), col(Response.criterion) == bindparam("criterion"))


def find_response(session: Session, city_id: int, assessment_id: int, criterion: str) -> Response | None:
    given = {"city": city_id, "assessment": assessment_id, "criterion": criterion}
    return session.exec(_one(), params=given).first()


def find_response_by_id(session: Session, city_id: int, response_id: int) -> Response | None:
    return session.exec(select(Response).where(Response.city_id == city_id, Response.id == response_id)).first()


def list_responses(session: Session, city_id: int, assessment_id: int) -> list[Response]:
    """All responses of an assessment, narratives included: for the report. Lists take `load_briefs`."""
    query = select(Response).where(Response.city_id == city_id, Response.assessment_id == assessment_id)
    return list(session.exec(query))


def load_ticked_items(session: Session, city_id: int, response_id: int) -> frozenset[str]:
    query = select(ChecklistAnswer.item).where(
        ChecklistAnswer.city_id == city_id, ChecklistAnswer.response_id == response_id
    )
    return frozenset(session.exec(query.where(col(ChecklistAnswer.ticked).is_(True))))


def hold_answer(session: Session, city_id: int, response_id: int, item: str) -> ChecklistAnswer | None:
    """The answer to an item, locked until the end of the transaction where the database locks rows."""
    query = select(ChecklistAnswer).where(
        ChecklistAnswer.city_id == city_id, ChecklistAnswer.response_id == response_id, ChecklistAnswer.item == item
    )
    return session.exec(query.with_for_update()).first()


def save_response(session: Session, city_id: int, response_id: int, version: int, **values: object) -> bool:
    """Write the columns if nobody changed the row since `version`; False when someone did, and then nothing is written."""
    values |= {"version": version + 1, "updated_at": now()}
    changed = (
        update(Response)
        .where(col(Response.city_id) == city_id, col(Response.id) == response_id, col(Response.version) == version)
        .values(**values)
        .execution_options(synchronize_session="evaluate")
    )
    return session.exec(changed).rowcount == 1


def save_narrative(
    session: Session, city_id: int, response_id: int, version: int, narrative: str, person_id: int, language: str = ""
) -> bool:
    """Write the text if nobody changed it since `version` (of the narrative); False when someone did."""
    changed = (
        update(Response)
        .where(
            col(Response.city_id) == city_id,
            col(Response.id) == response_id,
            col(Response.narrative_version) == version,
        )
        .values(
            narrative=narrative,
            narrative_language=language,
            narrative_version=version + 1,
            narrative_by=person_id,
            narrative_at=now(),
            updated_at=now(),
        )
        .execution_options(synchronize_session="evaluate")
    )
    return session.exec(changed).rowcount == 1


def archive_narrative(session: Session, stored: Response) -> None:
    """Put the present text aside, once per version."""
    if not stored.narrative or stored.id is None:
        return
    versions = list_earlier_narratives(session, stored.city_id, stored.id)
    if not versions or versions[0].number != stored.narrative_version:
        session.add(
            NarrativeVersion(
                city_id=stored.city_id,
                response_id=stored.id,
                number=stored.narrative_version,
                text=stored.narrative,
                person_id=stored.narrative_by,
                at=stored.narrative_at or now(),
            )
        )


def list_earlier_narratives(session: Session, city_id: int, response_id: int) -> list[NarrativeVersion]:
    """Texts put aside, newest first."""
    return list(session.exec(_earlier_texts(), params={"city": city_id, "response": response_id}))


@cache
def _earlier_texts() -> SelectOfScalar[NarrativeVersion]:
    mine = (
        col(NarrativeVersion.city_id) == bindparam("city"),
        col(NarrativeVersion.response_id) == bindparam("response"),
    )
    return select(NarrativeVersion).where(*mine).order_by(col(NarrativeVersion.number).desc())


def load_answers(session: Session, city_id: int, response_id: int) -> dict[str, ChecklistAnswer]:
    """Checklist answers by item id."""
    return {
        answer.item: answer for answer in session.exec(_answers(), params={"city": city_id, "response": response_id})
    }


@cache
def _answers() -> SelectOfScalar[ChecklistAnswer]:
    mine = (
        col(ChecklistAnswer.city_id) == bindparam("city"),
        col(ChecklistAnswer.response_id) == bindparam("response"),
    )
    return select(ChecklistAnswer).where(*mine)


def begin_renewal(session: Session, city_id: int, response_id: int, renewal: str, person_id: int) -> None:
    """Note that something came after the verdict. The version moves, so that nobody confirms what came while their page was open."""
    renewed = update(Response).where(col(Response.city_id) == city_id, col(Response.id) == response_id)
    renewed = renewed.values(renewal=renewal, renewed_by=person_id, version=Response.version + 1, updated_at=now())
    session.exec(renewed.execution_options(synchronize_session="evaluate"))


def begin_response(session: Session, city_id: int, response_id: int) -> None:
    """From not started to in progress. The version stays: beginning is no change that a page could collide with."""
    begun = update(Response).where(col(Response.city_id) == city_id, col(Response.id) == response_id)
    begun = begun.where(col(Response.state) == ResponseState.NOT_STARTED).values(
        state=ResponseState.IN_PROGRESS.value, updated_at=now()
    )
    session.exec(begun.execution_options(synchronize_session="evaluate"))


@dataclass(frozen=True)
class ResponseBrief:
    """A response in a list: everything but its text."""

    id: int
    criterion: str
    state: str
    self_rating: str | None
    confidence: str | None
    written: bool
    submitted_at: datetime | None
    claimed_by: int | None
    updated_at: datetime
    confirmation: str | None
    submitted_by: int | None
    renewal: str
    renewed_by: int | None


@cache
def _briefs_query() -> Executable:
    query = select_rows(
        col(Response.id), col(Response.criterion), col(Response.state), col(Response.self_rating), col(Response.confidence),
        col(Response.narrative) != "", col(Response.submitted_at), col(Response.claimed_by), col(Response.updated_at),
        col(Response.confirmation), col(Response.submitted_by), col(Response.renewal), col(Response.renewed_by),
    )  # fmt: skip
    return query.where(*of_assessment())


def load_briefs(session: Session, city_id: int, assessment_id: int) -> dict[str, ResponseBrief]:
    """All responses of an assessment by criterion code, without their narratives."""
    rows = read_rows(session, _briefs_query(), {"city": city_id, "assessment": assessment_id})
    return {
        values[1]: ResponseBrief(values[0], values[1], values[2], values[3], values[4], bool(values[5]), *values[6:])
        for values in rows
    }


class ItemAnswer(NamedTuple):
    """Whether an item holds, and the version of that answer."""

    ticked: bool
    version: int


@cache
def _all_answers() -> Executable:
    answer = (col(ChecklistAnswer.item), col(ChecklistAnswer.ticked), col(ChecklistAnswer.version))
    query = select_rows(col(Response.criterion), *answer)
    return query.join(ChecklistAnswer, col(ChecklistAnswer.response_id) == Response.id).where(*of_assessment())


def answers_by_criterion(session: Session, city_id: int, assessment_id: int) -> dict[str, dict[str, ItemAnswer]]:
    """Answers by criterion code and item, for a whole assessment in one query."""
    rows = read_rows(session, _all_answers(), {"city": city_id, "assessment": assessment_id})
    found: dict[str, dict[str, ItemAnswer]] = {}
    for criterion, item, ticked, version in rows:
        found.setdefault(criterion, {})[item] = ItemAnswer(ticked, version)
    return found


def load_ticked_by_criterion(session: Session, city_id: int, assessment_id: int) -> dict[str, set[str]]:
    """Ids of the ticked items by criterion code, for a whole assessment in one query."""
    return {code: ticked_in(given) for code, given in answers_by_criterion(session, city_id, assessment_id).items()}


def ticked_in(answers: Mapping[str, ItemAnswer]) -> set[str]:
    return {item for item, answer in answers.items() if answer.ticked}


def of_assessment() -> tuple[ColumnElement[bool], ...]:
    """The condition of the queries that are built once: give them `city` and `assessment`."""
    return col(Response.city_id) == bindparam("city"), col(Response.assessment_id) == bindparam("assessment")
