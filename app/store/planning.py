"""Scenarios: saved answers to "what if these criteria were met"."""

import json
from datetime import date, datetime

from sqlalchemy import Column, Text
from sqlmodel import Field, Session, SQLModel, col, select, update

from app.store.database.engine import Utc, now


class Scenario(SQLModel, table=True):
    """A named set of criteria that would be met, on the way to a level (an id of the edition) by a day.

    `criteria` is a JSON list of codes. `before` is empty until the scenario is adopted, then JSON of the due dates that it replaced.
    `withdrawn_at` takes it out of the lists, undoably.
    """

    id: int = Field(default=None, primary_key=True)
    city_id: int = Field(foreign_key="city.id", index=True)
    assessment_id: int = Field(foreign_key="assessment.id", index=True)
    name: str = Field(max_length=120)
    level: str = Field(max_length=24)
    target_on: date | None = None
    criteria: str = Field(default="[]", sa_column=Column(Text, nullable=False))
    shared: bool = False
    adopted_at: datetime | None = Field(default=None, sa_column=Column(Utc))
    before: str = Field(default="", sa_column=Column(Text, nullable=False))
    created_by: int | None = Field(default=None, foreign_key="person.id")
    created_at: datetime = Field(default_factory=now, sa_column=Column(Utc, nullable=False))
    withdrawn_at: datetime | None = Field(default=None, sa_column=Column(Utc))
    version: int = 1

    @property
    def codes(self) -> tuple[str, ...]:
        codes: list[str] = json.loads(self.criteria)
        return tuple(codes)


def add_scenario(session: Session, scenario: Scenario) -> int:
    """Returns its id."""
    session.add(scenario)
    session.flush()
    return scenario.id


def list_scenarios(session: Session, city_id: int, assessment_id: int) -> list[Scenario]:
    """The scenarios in use, newest first."""
    query = select(Scenario).where(Scenario.city_id == city_id, Scenario.assessment_id == assessment_id)
    return list(session.exec(query.where(col(Scenario.withdrawn_at).is_(None)).order_by(col(Scenario.id).desc())))


def find_scenario(session: Session, city_id: int, scenario_id: int) -> Scenario | None:
    """Also one that was taken out of use."""
    return session.exec(select(Scenario).where(Scenario.city_id == city_id, Scenario.id == scenario_id)).first()


def save_scenario(session: Session, city_id: int, scenario_id: int, version: int, **values: object) -> bool:
    """Write the columns if nobody changed the row since `version`; False when someone did, and then nothing is written."""
    changed = (
        update(Scenario)
        .where(col(Scenario.city_id) == city_id, col(Scenario.id) == scenario_id, col(Scenario.version) == version)
        .values(**values, version=version + 1)
        .execution_options(synchronize_session="evaluate")
    )
    return session.exec(changed).rowcount == 1
