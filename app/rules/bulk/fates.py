"""What would become of a line: the word for it, what it changes, or why it cannot be used."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.rules.bulk.columns import Column, SheetKind
from app.rules.message import Message, say
from app.rules.people.permissions import Role


class Fate(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    UNUSABLE = "unusable"


FATE_NAMES: dict[Fate, Message] = {
    Fate.NEW: say("New"),
    Fate.CHANGED: say("Changed"),
    Fate.SAME: say("Same as now"),
    Fate.UNUSABLE: say("Cannot be used"),
}


@dataclass(frozen=True)
class PersonStep:
    """A person to be invited or changed. `name`, `role` and so on are as they shall be; departments are names."""

    email: str
    name: str
    role: Role
    departments: frozenset[str]
    language: str
    new_email: str = ""


@dataclass(frozen=True)
class DepartmentStep:
    name: str


@dataclass(frozen=True)
class PartnerStep:
    name: str
    contact: str
    email: str
    language: str


@dataclass(frozen=True)
class AssignmentStep:
    """A criterion's owner as it shall be; the person and the deputy by address, empty for anyone of the department and for none."""

    code: str
    department: str
    email: str
    deputy: str
    due_on: date | None


Step = PersonStep | DepartmentStep | PartnerStep | AssignmentStep


@dataclass(frozen=True)
class PlannedLine:
    """`said` explains the fate; `step` is what saving does, None where nothing is to be done."""

    number: int
    values: Mapping[Column, str]
    fate: Fate
    said: tuple[Message, ...] = ()
    step: Step | None = None


@dataclass(frozen=True)
class PlannedSheet:
    """A table with the fate of each line."""

    kind: SheetKind
    columns: tuple[Column, ...]
    lines: tuple[PlannedLine, ...]
    notes: tuple[Message, ...] = ()

    def count(self, fate: Fate) -> int:
        return sum(line.fate is fate for line in self.lines)


class LineTrouble(Exception):
    """Why a line cannot be used."""

    def __init__(self, said: Message) -> None:
        super().__init__(str(said))
        self.said = said
