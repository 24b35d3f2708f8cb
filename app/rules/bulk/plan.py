"""What would become of all tables together: each may name what those before it add."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.rules.bulk.assignments import AssignmentPlan
from app.rules.bulk.columns import SheetKind
from app.rules.bulk.fates import DepartmentStep, Fate, LineTrouble, PlannedLine, PlannedSheet, Step
from app.rules.bulk.others import DepartmentPlan, PartnerPlan
from app.rules.bulk.people import PeoplePlan
from app.rules.bulk.register import CityRegister
from app.rules.bulk.sheets import ReadSheet, SheetLine

PLANS = {
    SheetKind.DEPARTMENTS: DepartmentPlan,
    SheetKind.PEOPLE: PeoplePlan,
    SheetKind.PARTNERS: PartnerPlan,
    SheetKind.ASSIGNMENTS: AssignmentPlan,
}


@dataclass(frozen=True)
class BulkPlan:
    """All tables with their fates; `added` are departments that are not in the table of departments and were ticked to be added."""

    sheets: tuple[PlannedSheet, ...]
    added: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    outsiders: int = 0

    def count(self, fate: Fate) -> int:
        return sum(sheet.count(fate) for sheet in self.sheets)

    @property
    def changes(self) -> int:
        """How many lines save something; a department that is only named counts as one."""
        return self.count(Fate.NEW) + self.count(Fate.CHANGED) + len(self.added)

    @property
    def steps(self) -> list[PlannedLine]:
        """Every line that does something, in the order in which they are saved."""
        added = [PlannedLine(0, {}, Fate.NEW, (), DepartmentStep(name)) for name in self.added]
        return added + [line for sheet in self.sheets for line in sheet.lines if line.step]

    @property
    def mark(self) -> str:
        """What the plan does, to be recognized: the same as on the preview, or not any more."""
        said = [(line.number, line.fate.value, _plain(line.step)) for line in self.steps]
        return hashlib.sha256(repr(said).encode()).hexdigest()[:32]


def _plain(step: Step | None) -> list[object]:
    """The step's values, with sets in an order that is always the same."""
    values = [getattr(step, name) for name in step.__dataclass_fields__] if step else []
    return [sorted(value) if isinstance(value, frozenset) else str(value) for value in values]


def plan_sheets(sheets: Mapping[SheetKind, ReadSheet], register: CityRegister) -> BulkPlan:
    """The fate of every line, in the order of SheetKind; the register grows by what they add."""
    planned = []
    for kind in SheetKind:
        if sheet := sheets.get(kind):
            planner = PLANS[kind](register)
            lines = tuple(_plan_line(planner.plan_line, line) for line in sheet.lines)
            planned.append(PlannedSheet(kind, sheet.columns, lines, sheet.notes))
    adds = register.choices.adds_departments
    missing = tuple(register.missing.values())
    return BulkPlan(tuple(planned), missing if adds else (), () if adds else missing, register.outsiders)


def _plan_line(plan: Callable[[SheetLine], PlannedLine], line: SheetLine) -> PlannedLine:
    """The line's fate; one with a trouble of its own cannot be used, and the others are none the worse."""
    try:
        return plan(line)
    except LineTrouble as trouble:
        return PlannedLine(line.number, line.values, Fate.UNUSABLE, (trouble.said,))
