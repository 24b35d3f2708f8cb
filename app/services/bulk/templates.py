"""Tables to download, with headings in the reader's language and what the city has by now: to be filled in, changed, and brought back."""

from collections.abc import Sequence

from app.adapters.tables.writing import write_csv, write_workbook
from app.adapters.translations import load_translator
from app.rules.bulk.columns import COLUMN_NAMES, COLUMNS, KIND_NAMES, Column, SheetKind
from app.rules.bulk.register import BulkChoices, CityRegister
from app.rules.message import Message, say
from app.rules.people.roles import ROLE_NAMES
from app.services.bulk.loading import build_register, load_rows
from app.services.desk import Desk
from app.services.site import NEWEST_EDITION

TITLE, OWNER = say("Title"), say("Usual owner")
Rows = list[list[str]]


def write_table(desk: Desk, kind: SheetKind) -> bytes:
    """One table as CSV."""
    return write_csv(_build_rows(desk, _load_register(desk), kind), desk.who.language)


def write_all_tables(desk: Desk) -> bytes:
    """All of them as the sheets of a workbook."""
    register, tongue = _load_register(desk), load_translator(desk.who.language)
    return write_workbook({tongue.say(KIND_NAMES[kind]): _build_rows(desk, register, kind) for kind in SheetKind})


def _load_register(desk: Desk) -> CityRegister:
    return build_register(desk, load_rows(desk), BulkChoices())


def _build_rows(desk: Desk, register: CityRegister, kind: SheetKind) -> Rows:
    tongue = load_translator(desk.who.language)
    say_all: list[Message] = [COLUMN_NAMES[column] for column in COLUMNS[kind]]
    if kind is SheetKind.ASSIGNMENTS:
        say_all += [TITLE, OWNER]
    if kind is SheetKind.PEOPLE:
        say_all.append(COLUMN_NAMES[Column.NEW_EMAIL])
    return [[tongue.say(said) for said in say_all], *_LISTS[kind](desk, register)]


def _list_departments(_desk: Desk, register: CityRegister) -> Rows:
    return [[name] for name in sorted(register.departments.values())]


def _list_people(desk: Desk, register: CityRegister) -> Rows:
    tongue = load_translator(desk.who.language)
    staying = [person for person in register.people.values() if not person.has_left]
    return [
        [person.name, person.email, "; ".join(sorted(person.departments)), tongue.say(ROLE_NAMES[person.role]), person.language]
        for person in sorted(staying, key=lambda person: person.name.casefold())
    ]  # fmt: skip


def _list_partners(_desk: Desk, register: CityRegister) -> Rows:
    return [[partner.name, partner.contact, partner.email, partner.language] for partner in register.partners.values()]


def _list_assignments(desk: Desk, register: CityRegister) -> Rows:
    rows = load_rows(desk)
    edition = desk.site.edition(rows.cycle.edition if rows.cycle else NEWEST_EDITION, desk.who.language)
    lines: Rows = []
    for code, criterion in edition.criteria.items():
        task = register.tasks.get(code)
        owner: Sequence[str] = (
            [task.department, task.email, task.deputy, task.due_on.isoformat() if task.due_on else ""]
            if task
            else [""] * 4
        )
        lines.append([code, *owner, criterion.title, criterion.owner])
    return lines


_LISTS = {
    SheetKind.DEPARTMENTS: _list_departments,
    SheetKind.PEOPLE: _list_people,
    SheetKind.PARTNERS: _list_partners,
    SheetKind.ASSIGNMENTS: _list_assignments,
}
