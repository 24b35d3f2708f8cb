"""Lines of departments and of partners."""

from dataclasses import dataclass, field

from app.rules.bulk.cells import fold_words
from app.rules.bulk.columns import Column
from app.rules.bulk.fates import DepartmentStep, Fate, LineTrouble, PartnerStep, PlannedLine
from app.rules.bulk.register import CityRegister, RegisteredPartner
from app.rules.bulk.sheets import SheetLine
from app.rules.bulk.values import read_address, read_language
from app.rules.message import say
from app.rules.people.roles import NAME_LIMIT

NO_NAME = say("There is no name.")


def _read_name(line: SheetLine) -> str:
    name = line.cell(Column.NAME)
    if not fold_words(name):
        raise LineTrouble(NO_NAME)
    if len(name) > NAME_LIMIT:
        raise LineTrouble(say("The name may have at most %(limit)s characters.", limit=NAME_LIMIT))
    return name


@dataclass
class DepartmentPlan:
    """Plans line after line; `seen` are the lines that named a department before."""

    register: CityRegister
    seen: dict[str, int] = field(default_factory=dict)

    def plan_line(self, line: SheetLine) -> PlannedLine:
        name = _read_name(line)
        folded = fold_words(name)
        if folded in self.seen:
            said = say("Line %(number)s says the same.", number=self.seen[folded])
            return PlannedLine(line.number, line.values, Fate.SAME, (said,))
        self.seen[folded] = line.number
        if folded in self.register.departments:
            return PlannedLine(line.number, line.values, Fate.SAME)
        self.register.add_departments([name])
        return PlannedLine(line.number, line.values, Fate.NEW, (), DepartmentStep(name))


@dataclass
class PartnerPlan:
    """Plans line after line; `seen` are the lines that named a partner before, with what they said."""

    register: CityRegister
    seen: dict[str, tuple[int, PartnerStep]] = field(default_factory=dict)

    def plan_line(self, line: SheetLine) -> PlannedLine:
        name = _read_name(line)
        known = self.register.partners.get(fold_words(name))
        step = self._build_step(line, name, known)
        if fold_words(name) in self.seen:
            number, before = self.seen[fold_words(name)]
            if step != before:
                raise LineTrouble(
                    say("Line %(number)s has the same name and says something else. Keep one.", number=number)
                )
            return PlannedLine(
                line.number, line.values, Fate.SAME, (say("Line %(number)s says the same.", number=number),)
            )
        self.seen[fold_words(name)] = (line.number, step)
        if known is None:
            return PlannedLine(line.number, line.values, Fate.NEW, (), step)
        if step == PartnerStep(known.name, known.contact, known.email, known.language):
            return PlannedLine(line.number, line.values, Fate.SAME)
        said = [
            say("%(was)s → %(becomes)s", was=was or "–", becomes=becomes or "–")
            for was, becomes in (
                (known.contact, step.contact),
                (known.email, step.email),
                (known.language, step.language),
            )
            if was != becomes
        ]
        return PlannedLine(line.number, line.values, Fate.CHANGED, tuple(said), step)

    def _build_step(self, line: SheetLine, name: str, known: RegisteredPartner | None) -> PartnerStep:
        email, shown_name = read_address(line.cell(Column.EMAIL)) if line.cell(Column.EMAIL) else ("", "")
        contact = line.cell(Column.CONTACT) or shown_name
        if len(contact) > NAME_LIMIT:
            raise LineTrouble(say("The name may have at most %(limit)s characters.", limit=NAME_LIMIT))
        language = read_language(line.cell(Column.LANGUAGE))
        if known is None:
            return PartnerStep(name, contact, email, language or self.register.language)
        return PartnerStep(known.name, contact or known.contact, email or known.email, language or known.language)
