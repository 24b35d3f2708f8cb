"""Lines of assignments: which criterion goes to whom, and by when."""

import re
from dataclasses import dataclass, field

from app.rules.bulk.cells import fold_words
from app.rules.bulk.columns import Column
from app.rules.bulk.fates import AssignmentStep, Fate, LineTrouble, PlannedLine
from app.rules.bulk.register import CityRegister, RegisteredPerson, RegisteredTask
from app.rules.bulk.sheets import SheetLine
from app.rules.bulk.values import nearest_word, read_address, read_due_day
from app.rules.message import Message, say
from app.rules.people.permissions import STAFF


@dataclass
class AssignmentPlan:
    """Plans line after line; `seen` are the lines that named a criterion before, with what they said."""

    register: CityRegister
    seen: dict[str, tuple[int, AssignmentStep]] = field(default_factory=dict)

    def plan_line(self, line: SheetLine) -> PlannedLine:
        code = self._find_code(line.cell(Column.CRITERION))
        now = self.register.tasks.get(code, RegisteredTask())
        person = self._find_person(line.cell(Column.PERSON), line.cell(Column.DEPARTMENT))
        department, said = self._find_department(line, now, person)
        due_on = read_due_day(line.cell(Column.DUE), self.register.today) or now.due_on
        email = person.email if person else now.email if department == now.department else ""
        deputy = self._find_deputy(line, now.deputy if email == now.email else "", email)
        step = AssignmentStep(code, department, email, deputy, due_on)
        if code in self.seen:
            number, before = self.seen[code]
            if before != step:
                raise LineTrouble(
                    say("Line %(number)s has the same criterion and says something else. Keep one.", number=number)
                )
            return PlannedLine(
                line.number, line.values, Fate.SAME, (say("Line %(number)s says the same.", number=number),)
            )
        self.seen[code] = (line.number, step)
        if now == RegisteredTask(department, email, deputy, due_on):
            return PlannedLine(line.number, line.values, Fate.SAME)
        said = (*self._check_outsider(person, department), *said)
        if not now.department:
            return PlannedLine(line.number, line.values, Fate.NEW, said, step)
        return PlannedLine(line.number, line.values, Fate.CHANGED, (*self._list_changes(now, step), *said), step)

    def _find_code(self, written: str) -> str:
        """By its code, however it is written (dm-1), or by its title."""
        plain = re.sub(r"[^A-Z0-9]", "", written.upper())
        if plain in self.register.titles:
            return plain
        folded = fold_words(written)
        by_title = next((code for code, title in self.register.titles.items() if fold_words(title) == folded), None)
        begins = re.match(r"\s*([A-Za-z]{2,5}[ -]?[0-9]{1,2})\b", written)
        by_beginning = re.sub(r"[^A-Z0-9]", "", begins[1].upper()) if begins else ""
        code = by_title or (by_beginning if by_beginning in self.register.titles else None)
        if code is None:
            raise LineTrouble(say("There is no criterion “%(code)s” in this edition.", code=written[:60]))
        return code

    def _find_person(self, written: str, department: str) -> RegisteredPerson | None:
        """By the address, or by a name that only one person has, or only one in the department."""
        if not written:
            return None
        if "@" in written:
            email, _ = read_address(written)
            chosen = self.register.people.get(email)
            if chosen is None:
                raise LineTrouble(
                    say(
                        "Nobody here has the address %(email)s. Add the person first, or in the same workbook.",
                        email=email,
                    )
                )
        else:
            chosen = self._find_by_name(written, department)
        if chosen.has_left:
            raise LineTrouble(say("%(name)s has no access any more.", name=chosen.name))
        if chosen.role not in STAFF:
            raise LineTrouble(say("%(name)s is an official, who reads but does not write responses.", name=chosen.name))
        return chosen

    def _find_deputy(self, line: SheetLine, now: str, email: str) -> str:
        """The address of who stands in for the person; as it is now where nothing is written."""
        chosen = self._find_person(line.cell(Column.DEPUTY), line.cell(Column.DEPARTMENT))
        if chosen is None:
            return now
        if not email:
            raise LineTrouble(say("Choose the person too: a deputy stands in for someone."))
        if chosen.email == email:
            raise LineTrouble(say("The deputy is the person who answers for it. Choose someone else."))
        return chosen.email

    def _find_by_name(self, written: str, department: str) -> RegisteredPerson:
        namesakes = self.register.namesakes(written)
        inside = [person for person in namesakes if fold_words(department) in map(fold_words, person.departments)]
        if len(namesakes) == 1 or len(inside) == 1:
            return (namesakes if len(namesakes) == 1 else inside)[0]
        if namesakes:
            addresses = ", ".join(person.email for person in namesakes)
            raise LineTrouble(
                say(
                    "%(count)s people are called %(name)s. Write the address: %(addresses)s.",
                    count=len(namesakes),
                    name=written,
                    addresses=addresses,
                )
            )
        near = nearest_word(written, (person.name for person in self.register.people.values()))
        if near:
            raise LineTrouble(say("Nobody here is called “%(name)s”. Is “%(near)s” meant?", name=written, near=near))
        raise LineTrouble(say("Nobody here is called “%(name)s”.", name=written))

    def _find_department(
        self, line: SheetLine, now: RegisteredTask, person: RegisteredPerson | None
    ) -> tuple[str, tuple[Message, ...]]:
        """As written; where nothing is, the person's only one, or the one that the criterion has."""
        written = line.cell(Column.DEPARTMENT)
        if written:
            return self.register.find_department(written), ()
        if person and len(person.departments) == 1:
            name = next(iter(person.departments))
            return name, (say("Department of %(name)s: %(department)s.", name=person.name, department=name),)
        if now.department:
            return now.department, ()
        raise LineTrouble(say("There is no department. The criterion stays with it, whoever the person is."))

    def _check_outsider(self, person: RegisteredPerson | None, department: str) -> tuple[Message, ...]:
        """Raises LineTrouble for a person of another department, unless that was ticked; then it says so."""
        if person is None or department in person.departments:
            return ()
        self.register.outsiders += 1
        said = say("%(name)s does not belong to %(department)s.", name=person.name, department=department)
        if not self.register.choices.takes_outsiders:
            raise LineTrouble(said)
        return (said,)

    def _list_changes(self, now: RegisteredTask, step: AssignmentStep) -> tuple[Message, ...]:
        pairs = (
            (now.department, step.department),
            (self._name(now.email), self._name(step.email)),
            (self._name(now.deputy), self._name(step.deputy)),
            (now.due_on, step.due_on),
        )
        return tuple(
            say("%(was)s → %(becomes)s", was=was or "–", becomes=becomes or "–")
            for was, becomes in pairs
            if was != becomes
        )

    def _name(self, email: str) -> str:
        person = self.register.people.get(email)
        return person.name if person else email
