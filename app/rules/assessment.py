"""An assessment of a city: its states, and what its pages show of it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class AssessmentState(StrEnum):
    """`undone` is one whose beginning was undone."""

    OPEN = "open"
    CLOSED = "closed"
    UNDONE = "undone"


@dataclass(frozen=True)
class AssessmentValues:
    """One city's run at one edition, as its pages show it."""

    id: int
    city_id: int
    edition: str
    name: str
    due_on: date | None
    state: str
    previous_id: int | None
    version: int


@dataclass(frozen=True)
class OwnCriterion:
    """What a city says of a criterion in place of us; `checklist` is None, or its own as JSON."""

    official_wording: str = ""
    checklist: str | None = None
    needed: int | None = None
    effort: str | None = None
    lead_days: int | None = None
    version: int = 0
