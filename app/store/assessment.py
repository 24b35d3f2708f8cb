"""Assessments, assignments, and a city's own wording of a criterion."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from sqlalchemy import Column, Executable, Text, UniqueConstraint, bindparam, delete
from sqlalchemy import select as select_rows
from sqlmodel import Field, Session, SQLModel, col, select, update
from sqlmodel.sql.expression import SelectOfScalar

from app.rules.assessment import AssessmentState, AssessmentValues, OwnCriterion
from app.store.database.engine import Utc, now
from app.store.database.rows import read_rows
from app.store.values import frozen_values


class Assessment(SQLModel, table=True):
    """One city's run at one edition. `state` is open, closed, or undone for one whose beginning was taken back.

    `previous_id` is the assessment that its answers were carried from. `own_words` is what the city said of its criteria in its own words
    when this was closed, as JSON; empty while it is open, and for one that was closed before this was kept.
    """

    id: int = Field(default=None, primary_key=True)
    city_id: int = Field(foreign_key="city.id", index=True)
    edition: str = Field(max_length=40)
    name: str = Field(max_length=120)
    due_on: date | None = None
    state: str = Field(default=AssessmentState.OPEN.value, max_length=10)
    previous_id: int | None = Field(default=None, foreign_key="assessment.id")
    own_words: str = Field(default="", sa_column=Column(Text, nullable=False))
    version: int = 1
    created_at: datetime = Field(default_factory=now, sa_column=Column(Utc, nullable=False))


class Assignment(SQLModel, table=True):
    """Which department, and within it which person, answers for a criterion, who else does when that person cannot, and by when."""

    __table_args__ = (UniqueConstraint("assessment_id", "criterion"),)
    id: int = Field(default=None, primary_key=True)
    city_id: int = Field(foreign_key="city.id", index=True)
    assessment_id: int = Field(foreign_key="assessment.id", index=True)
    criterion: str = Field(max_length=12)
    department_id: int = Field(foreign_key="department.id")
    person_id: int | None = Field(default=None, foreign_key="person.id")
    deputy_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    due_on: date | None = None
    version: int = 1


class LocalCriterion(SQLModel, table=True):
    """What a city says of a criterion in place of us: official wording pasted from its portal, its own checklist, its own estimates.

    `checklist` is None, or a list of {"id", "text", "required", "window"}; `needed` goes with it. `effort` (S, M, L) and `lead_days`
    are for planning.
    """

    __tablename__ = "local_criterion"
    __table_args__ = (UniqueConstraint("city_id", "edition", "criterion"),)
    id: int = Field(default=None, primary_key=True)
    city_id: int = Field(foreign_key="city.id", index=True)
    edition: str = Field(max_length=40)
    criterion: str = Field(max_length=12)
    official_wording: str = ""
    checklist: str | None = None
    needed: int | None = None
    effort: str | None = Field(default=None, max_length=1)
    lead_days: int | None = None
    version: int = 1


def add_assessment(session: Session, assessment: Assessment) -> None:
    session.add(assessment)
    session.flush()


def assessment_values(run: Assessment) -> AssessmentValues:
    return frozen_values(AssessmentValues, run)


def find_current_assessment(session: Session, city_id: int) -> Assessment | None:
    """The newest open assessment of the city."""
    return session.exec(_current(), params={"city": city_id}).first()


@cache
def _current() -> SelectOfScalar[Assessment]:
    query = select(Assessment).where(
        col(Assessment.city_id) == bindparam("city"), Assessment.state == AssessmentState.OPEN
    )
    return query.order_by(col(Assessment.id).desc()).limit(1)


def find_assessment(session: Session, city_id: int, assessment_id: int) -> Assessment | None:
    """Also one that is closed."""
    return session.exec(select(Assessment).where(Assessment.city_id == city_id, Assessment.id == assessment_id)).first()


def find_assessment_name(session: Session, city_id: int, assessment_id: int | None) -> str:
    """The name of an assessment; empty, and nothing is asked, where there is none."""
    assessment = find_assessment(session, city_id, assessment_id) if assessment_id else None
    return assessment.name if assessment else ""


@dataclass(frozen=True)
class AssignmentBrief:
    """An assignment in a list."""

    criterion: str
    department_id: int
    person_id: int | None
    due_on: date | None
    version: int
    deputy_id: int | None = None


@cache
def _assignments_query() -> Executable:
    query = select_rows(
        col(Assignment.criterion), col(Assignment.department_id), col(Assignment.person_id), col(Assignment.due_on),
        col(Assignment.version), col(Assignment.deputy_id),
    )  # fmt: skip
    of_assessment = col(Assignment.assessment_id) == bindparam("assessment")
    return query.where(col(Assignment.city_id) == bindparam("city"), of_assessment)


def load_assignments(session: Session, city_id: int, assessment_id: int) -> dict[str, AssignmentBrief]:
    """Assignments by criterion code."""
    rows = read_rows(session, _assignments_query(), {"city": city_id, "assessment": assessment_id})
    return {values[0]: AssignmentBrief(*values) for values in rows}


def find_assignment(session: Session, city_id: int, assessment_id: int, criterion: str) -> Assignment | None:
    given = {"city": city_id, "assessment": assessment_id, "criterion": criterion}
    return session.exec(_assignment(), params=given).first()


@cache
def _assignment() -> SelectOfScalar[Assignment]:
    of_run = col(Assignment.assessment_id) == bindparam("assessment")
    query = select(Assignment).where(col(Assignment.city_id) == bindparam("city"), of_run)
    return query.where(col(Assignment.criterion) == bindparam("criterion"))


def find_open_assignment(session: Session, city_id: int, criterion: str) -> Assignment | None:
    """That of a criterion in the newest open assessment."""
    run = find_current_assessment(session, city_id)
    return find_assignment(session, city_id, run.id, criterion) if run else None


def list_department_assignments(
    session: Session, city_id: int, assessment_id: int, department_id: int
) -> list[Assignment]:
    """Those of a department in one assessment, by criterion."""
    query = select(Assignment).where(Assignment.city_id == city_id, Assignment.assessment_id == assessment_id)
    query = query.where(Assignment.department_id == department_id)
    return list(session.exec(query.order_by(Assignment.criterion)))


def load_own_criteria(session: Session, city_id: int, edition: str) -> dict[str, OwnCriterion]:
    """What the city says of its criteria in its own words, by code."""
    rows = session.exec(_local(), params={"city": city_id, "edition": edition})
    return {local.criterion: frozen_values(OwnCriterion, local) for local in rows}


def find_own_criterion(session: Session, city_id: int, edition: str, criterion: str) -> OwnCriterion:
    """The same of one criterion, empty where the city says nothing of it."""
    local = _find_local_criterion(session, city_id, edition, criterion)
    return frozen_values(OwnCriterion, local) if local else OwnCriterion()


def hold_local_criterion(session: Session, city_id: int, edition: str, criterion: str) -> LocalCriterion:
    """The row to be changed, which nobody else changes before the transaction ends; one that says nothing yet is version 0."""
    local = _find_local_criterion(session, city_id, edition, criterion)
    if local:
        session.refresh(local, with_for_update=True)
    return local or LocalCriterion(city_id=city_id, edition=edition, criterion=criterion, version=0)


def save_local_criterion(session: Session, local: LocalCriterion) -> None:
    session.add(local)


def _find_local_criterion(session: Session, city_id: int, edition: str, criterion: str) -> LocalCriterion | None:
    given = {"city": city_id, "edition": edition, "criterion": criterion}
    return session.exec(_local_criterion(), params=given).first()


@cache
def _local() -> SelectOfScalar[LocalCriterion]:
    of_edition = col(LocalCriterion.edition) == bindparam("edition")
    return select(LocalCriterion).where(col(LocalCriterion.city_id) == bindparam("city"), of_edition)


@cache
def _local_criterion() -> SelectOfScalar[LocalCriterion]:
    return _local().where(col(LocalCriterion.criterion) == bindparam("criterion"))


def save_assignment(session: Session, wanted: Assignment, version: int) -> bool:
    """Store the assignment if nobody changed it since `version` (0: there was none); False when someone did.

    The caller holds the city's row, so two first assignments cannot meet.
    """
    stored = find_assignment(session, wanted.city_id, wanted.assessment_id, wanted.criterion)
    if (stored.version if stored else 0) != version:
        return False
    if stored is None:
        session.add(wanted)
        session.flush()
        return True
    changed = update(Assignment).where(col(Assignment.id) == stored.id, col(Assignment.version) == version)
    changed = changed.values(
        department_id=wanted.department_id,
        person_id=wanted.person_id,
        deputy_id=wanted.deputy_id,
        due_on=wanted.due_on,
        version=version + 1,
    )
    return session.exec(changed).rowcount == 1


def delete_assignment(session: Session, city_id: int, assessment_id: int, criterion: str, version: int) -> bool:
    """Take the assignment away if nobody changed it since `version`; False when someone did."""
    gone = delete(Assignment).where(col(Assignment.city_id) == city_id, col(Assignment.assessment_id) == assessment_id)
    gone = gone.where(col(Assignment.criterion) == criterion, col(Assignment.version) == version)
    return session.exec(gone).rowcount == 1
