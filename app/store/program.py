"""What the programme said of an assessment: its application as a whole, questions, and an official answer for each criterion."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import Column, Text, UniqueConstraint
from sqlalchemy import select as select_rows
from sqlmodel import Field, Session, SQLModel, col, select, update

from app.store.assessment import Assessment
from app.store.response import Response
from app.store.review import Verdict


class ProgramApplication(SQLModel, table=True):
    """One assessment as it was handed to the programme. `official_level` is empty until it is known, `none` for no level.

    `outcome` is what the city chose to show beside the criteria, `outcome_text` its own words for it, and `outcome_evidence_id` the figure.
    """

    __tablename__ = "program_application"
    __table_args__ = (UniqueConstraint("assessment_id"),)
    id: int = Field(default=None, primary_key=True)
    city_id: int = Field(foreign_key="city.id", index=True)
    assessment_id: int = Field(foreign_key="assessment.id")
    submitted_on: date | None = None
    official_level: str = Field(default="", max_length=10)
    outcome: str = Field(default="", max_length=12)
    outcome_text: str = Field(default="", max_length=500)
    outcome_evidence_id: int | None = Field(default=None, foreign_key="evidence.id")
    version: int = 1


class ProgramQuestion(SQLModel, table=True):
    """What the programme asked, and what the city answered; `criterion` is empty where it is about no one criterion."""

    __tablename__ = "program_question"
    id: int = Field(default=None, primary_key=True)
    city_id: int = Field(foreign_key="city.id", index=True)
    assessment_id: int = Field(foreign_key="assessment.id", index=True)
    criterion: str = Field(default="", max_length=12)
    asked_on: date
    question: str = Field(sa_column=Column(Text, nullable=False))
    answered_on: date | None = None
    answer: str = Field(default="", sa_column=Column(Text, nullable=False))
    version: int = 1


class ProgramAnswer(SQLModel, table=True):
    """The programme's answer on one criterion: met, not_met or unknown."""

    __tablename__ = "program_answer"
    __table_args__ = (UniqueConstraint("assessment_id", "criterion"),)
    id: int = Field(default=None, primary_key=True)
    city_id: int = Field(foreign_key="city.id", index=True)
    assessment_id: int = Field(foreign_key="assessment.id", index=True)
    criterion: str = Field(max_length=12)
    answer: str = Field(max_length=10)
    note: str = Field(default="", max_length=500)
    version: int = 1


def add_row(session: Session, row: ProgramApplication | ProgramQuestion | ProgramAnswer) -> int:
    """Returns its id."""
    session.add(row)
    session.flush()
    return row.id


def find_application(session: Session, city_id: int, assessment_id: int) -> ProgramApplication | None:
    query = select(ProgramApplication).where(ProgramApplication.city_id == city_id)
    return session.exec(query.where(ProgramApplication.assessment_id == assessment_id)).first()


def list_questions(session: Session, city_id: int, assessment_id: int) -> list[ProgramQuestion]:
    """In the order in which they were asked."""
    query = select(ProgramQuestion).where(ProgramQuestion.city_id == city_id)
    query = query.where(ProgramQuestion.assessment_id == assessment_id)
    return list(session.exec(query.order_by(col(ProgramQuestion.asked_on), col(ProgramQuestion.id))))


def find_question(session: Session, city_id: int, assessment_id: int, question_id: int) -> ProgramQuestion | None:
    query = select(ProgramQuestion).where(ProgramQuestion.city_id == city_id, ProgramQuestion.id == question_id)
    return session.exec(query.where(ProgramQuestion.assessment_id == assessment_id)).first()


def load_answers(session: Session, city_id: int, assessment_id: int) -> dict[str, ProgramAnswer]:
    """The programme's answers by criterion code."""
    query = select(ProgramAnswer).where(ProgramAnswer.city_id == city_id)
    return {row.criterion: row for row in session.exec(query.where(ProgramAnswer.assessment_id == assessment_id))}


class AnswerBesideOurs(NamedTuple):
    """The programme's answer on a criterion of an assessment of this edition, and the decision of ours that counted, if there was one."""

    edition: str
    criterion: str
    answer: str
    decision: str | None


def list_answers_beside_ours(session: Session, city_id: int) -> list[AnswerBesideOurs]:
    """Of every assessment of the city, in one query."""
    of_response = (col(Response.assessment_id) == ProgramAnswer.assessment_id) & (
        col(Response.criterion) == ProgramAnswer.criterion
    )
    that_counts = (col(Verdict.response_id) == Response.id) & col(Verdict.withdrawn_at).is_(None)
    query = select_rows(
        col(ProgramAnswer.id), col(Assessment.edition), col(ProgramAnswer.criterion), col(ProgramAnswer.answer),
        col(Verdict.decision),
    )  # fmt: skip
    query = query.join(Assessment, col(Assessment.id) == ProgramAnswer.assessment_id)
    query = query.outerjoin(Response, of_response).outerjoin(Verdict, that_counts)
    rows = session.execute(query.where(col(ProgramAnswer.city_id) == city_id).order_by(col(Verdict.id)))
    return list({values[0]: AnswerBesideOurs(*values[1:]) for values in rows}.values())


def save_row(
    session: Session, row: ProgramApplication | ProgramQuestion | ProgramAnswer, version: int, **values: object
) -> bool:
    """Write the columns if nobody changed the row since `version`; False when someone did."""
    table = type(row)
    changed = update(table).where(col(table.city_id) == row.city_id, col(table.id) == row.id)
    changed = changed.where(col(table.version) == version).values(**values, version=version + 1)
    return session.exec(changed).rowcount == 1
