"""Lines of people: who would be invited, who changed, and whose line cannot be used."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from app.rules.bulk.cells import fold_words
from app.rules.bulk.columns import Column
from app.rules.bulk.fates import Fate, LineTrouble, PersonStep, PlannedLine
from app.rules.bulk.register import CityRegister, RegisteredPerson
from app.rules.bulk.sheets import SheetLine
from app.rules.bulk.values import read_address, read_language, read_role
from app.rules.message import Message, say
from app.rules.people.permissions import Role
from app.rules.people.roles import NAME_LIMIT, ROLE_NAMES

SEPARATORS = re.compile(r"\s*[;|]\s*")
LEFT_BEFORE = say("This person was here before. Give access again on the person’s page.")
OWN_LINE = say("This is you. Change your own name and address under your account.")
FIXED_PERSON = say("Only this person can change name, address and language, under the own account.")
NOT_ACCEPTED = say("This person has not accepted the invitation yet. Withdraw it and invite the new address.")
NOBODY_THERE = say("Nobody here has this address, so it cannot be changed.")


@dataclass
class PeoplePlan:
    """Plans line after line; `seen` are the lines that named an address before, `taken` the new addresses that lines give."""

    register: CityRegister
    seen: dict[str, tuple[int, PersonStep]] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def plan_line(self, line: SheetLine) -> PlannedLine:
        email, shown_name = read_address(line.cell(Column.EMAIL))
        known = self.register.people.get(email)
        known = None if known and known.is_planned else known
        step = self._build_step(line, email, shown_name, known)
        if email in self.seen:
            return _repeat_line(line, step, *self.seen[email])
        self._check_new_address(step, known)
        said = self._explain(step, known)
        self.seen[email] = (line.number, step)
        if known is None:
            self._register(step)
            return PlannedLine(line.number, line.values, Fate.NEW, said, step)
        changes = _list_changes(step, known)
        _check_changes(step, known)
        if not changes:
            return PlannedLine(line.number, line.values, Fate.SAME)
        self._register(step, known)
        return PlannedLine(line.number, line.values, Fate.CHANGED, (*changes, *said), step)

    def _build_step(self, line: SheetLine, email: str, shown_name: str, known: RegisteredPerson | None) -> PersonStep:
        name = " ".join(filter(None, [line.cell(Column.NAME), line.cell(Column.LAST_NAME)]))
        if "@" in name:
            raise LineTrouble(say("The name is an e-mail address. Write the person’s name."))
        name = name or (known.name if known else shown_name)
        if not name:
            raise LineTrouble(say("There is no name."))
        if len(name) > NAME_LIMIT:
            raise LineTrouble(say("The name may have at most %(limit)s characters.", limit=NAME_LIMIT))
        role = read_role(line.cell(Column.ROLE)) or (known.role if known else Role.LEAD)
        language = read_language(line.cell(Column.LANGUAGE)) or (known.language if known else "")
        written = line.cell(Column.DEPARTMENT)
        departments = self._find_departments(written) if written else known.departments if known else frozenset()
        new_email = line.cell(Column.NEW_EMAIL)
        address = read_address(new_email)[0] if new_email else ""
        return PersonStep(email, name, role, departments, language, address if address != email else "")

    def _find_departments(self, written: str) -> frozenset[str]:
        """One name whole, or several with semicolons or bars between."""
        if fold_words(written) in self.register.departments:
            return frozenset({self.register.find_department(written)})
        return frozenset(self.register.find_department(name) for name in SEPARATORS.split(written) if name)

    def _check_new_address(self, step: PersonStep, known: RegisteredPerson | None) -> None:
        if not step.new_email:
            return
        if known is None:
            raise LineTrouble(NOBODY_THERE)
        if step.new_email in self.taken or step.new_email in self.register.people:
            raise LineTrouble(say("%(email)s is the address of someone else.", email=step.new_email))
        self.taken.add(step.new_email)

    def _explain(self, step: PersonStep, known: RegisteredPerson | None) -> tuple[Message, ...]:
        others = [person for person in self.register.namesakes(step.name) if person.email != step.email]
        if others and (known is None or fold_words(known.name) != fold_words(step.name)):
            return (say("%(email)s has the same name. They are told apart by their addresses.", email=others[0].email),)
        return ()

    def _register(self, step: PersonStep, known: RegisteredPerson | None = None) -> None:
        planned = known or RegisteredPerson(step.email, step.name, step.role, step.departments, is_planned=True)
        self.register.people[step.new_email or step.email] = replace(
            planned, email=step.new_email or step.email, name=step.name, role=step.role, departments=step.departments
        )


def _repeat_line(line: SheetLine, step: PersonStep, number: int, before: PersonStep) -> PlannedLine:
    """The second line of an address: nothing to do where it says the same as the first."""
    if step == before or (
        replace(step, name=before.name) == before and fold_words(step.name) == fold_words(before.name)
    ):
        said = say("Line %(number)s says the same.", number=number)
        return PlannedLine(line.number, line.values, Fate.SAME, (said,))
    raise LineTrouble(
        say(
            "Line %(number)s has the same address and says something else. Keep one; several departments can stand in one line, with ; between.",
            number=number,
        )
    )


def _check_changes(step: PersonStep, known: RegisteredPerson) -> None:
    """Raises LineTrouble for a change that is not an administrator's to make."""
    own = (step.name, step.new_email, step.language) != (known.name, "", known.language)
    if known.has_left:
        raise LineTrouble(LEFT_BEFORE)
    if known.is_invited and step.new_email:
        raise LineTrouble(NOT_ACCEPTED)
    if known.is_me and own:
        raise LineTrouble(OWN_LINE)
    if known.is_fixed and own:
        raise LineTrouble(FIXED_PERSON)


def _list_changes(step: PersonStep, known: RegisteredPerson) -> tuple[Message, ...]:
    """What would be another, each as it is and as it shall be."""
    pairs: Mapping[str, tuple[object, object]] = {
        "name": (known.name, step.name),
        "email": (known.email, step.new_email or known.email),
        "role": (ROLE_NAMES[known.role], ROLE_NAMES[step.role]),
        "departments": (_join(known.departments), _join(step.departments)),
        "language": (known.language or "–", step.language or "–"),
    }
    return tuple(
        say("%(what)s: %(was)s → %(becomes)s", what=_WHAT[name], was=was, becomes=becomes)
        for name, (was, becomes) in pairs.items()
        if was != becomes
    )


_WHAT: dict[str, Message] = {
    "name": say("Name"),
    "email": say("E-mail"),
    "role": say("Role"),
    "departments": say("Departments"),
    "language": say("Language"),
}


def _join(names: frozenset[str]) -> str:
    return ", ".join(sorted(names)) or "–"
