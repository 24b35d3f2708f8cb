"""400 people pasted with 37 kinds of mistakes: each is read as it was meant, or said at its line, and none spoils another."""

from datetime import date

import pytest

from app.rules.bulk.cells import MOST_CHARACTERS, MOST_ROWS, read_rows
from app.rules.bulk.columns import Column, SheetKind
from app.rules.bulk.fates import Fate, PersonStep
from app.rules.bulk.plan import BulkPlan, plan_sheets
from app.rules.bulk.register import BulkChoices, CityRegister, RegisteredPartner, RegisteredPerson, RegisteredTask
from app.rules.bulk.sheets import read_sheet
from app.rules.errors import Invalid
from app.rules.people.permissions import Role

HEAD = "Name\tE-mail\tDepartment\tRole\tLanguage\n"
PEOPLE, ASSIGNMENTS, PARTNERS = SheetKind.PEOPLE, SheetKind.ASSIGNMENTS, SheetKind.PARTNERS


def city(**choices: bool) -> CityRegister:
    """A city with two departments, five people of whom one is invited, one has left and one asks, and two criteria."""
    finance = frozenset({"Finance"})
    everyone = [
        RegisteredPerson("ana@city.gov", "Ana Ruiz", Role.LEAD, finance, "es"),
        RegisteredPerson("bo@city.gov", "Bo Lee", Role.OFFICIAL, frozenset()),
        RegisteredPerson("left@city.gov", "Lou Left", Role.LEAD, finance, has_left=True),
        RegisteredPerson("me@city.gov", "Me Myself", Role.ADMIN, frozenset(), is_me=True),
        RegisteredPerson("two@city.gov", "Two Cities", Role.LEAD, finance, is_fixed=True),
        RegisteredPerson("soon@city.gov", "Sol Soon", Role.LEAD, finance, is_invited=True),
        RegisteredPerson("ana@else.gov", "Ana Ruiz", Role.LEAD, frozenset({"Public Works"})),
    ]
    register = CityRegister(
        people={person.email: person for person in everyone},
        partners={"harbor trust": RegisteredPartner("Harbor Trust", "Jo", "jo@trust.example", "en")},
        tasks={"DM1": RegisteredTask("Finance", "ana@city.gov", due_on=date(2026, 12, 1))},
        titles={"DM1": "Run data strategy", "DM2": "Keep an inventory"},
        today=date(2026, 11, 28),
        choices=BulkChoices(**choices),
    )
    register.add_departments(["Finance", "Public Works"])
    return register


def planned(kind: SheetKind, text: str, **choices: bool) -> BulkPlan:
    return plan_sheets({kind: read_sheet(kind, read_rows(text, "text"), "text")}, city(**choices))


MISTAKES = {
    "no address": ("Nia New\t\tFinance\tlead\t", Fate.UNUSABLE, "no e-mail address"),
    "an address without a domain": ("Nia New\tnia@city\tFinance\tlead\t", Fate.UNUSABLE, "is not an e-mail address"),
    "a comma for a dot": ("Nia New\tnia@city,gov\tFinance\tlead\t", Fate.UNUSABLE, "is not an e-mail address"),
    "an accent in the address": ("Nia New\tniñá@city.gov\tFinance\tlead\t", Fate.UNUSABLE, "is not an e-mail address"),
    "a space in the address": ("Nia New\tnia new@city.gov\tFinance\tlead\t", Fate.UNUSABLE, "is not an e-mail address"),
    "two addresses in one cell": ("Nia New\tnia@city.gov, n@city.gov\tFinance\tlead\t", Fate.UNUSABLE, "more than one"),
    "a display name around it": ("\tNia New <nia@city.gov>\tFinance\tlead\t", Fate.NEW, ""),
    "a display name in quotes": ('\t"""New, Nia"" <nia@city.gov>"\tFinance\tlead\t', Fate.NEW, ""),
    "mailto before it": ("Nia New\tmailto:nia@city.gov\tFinance\tlead\t", Fate.NEW, ""),
    "a bracket left over": ("Nia New\t<nia@city.gov>;\tFinance\tlead\t", Fate.NEW, ""),
    "capital letters": ("Ana Ruiz\tANA@City.GOV\tFinance\tlead\tes", Fate.SAME, ""),
    "no name": ("\tnia@city.gov\tFinance\tlead\t", Fate.UNUSABLE, "There is no name"),
    "the address as name": ("nia@city.gov\tnia@city.gov\tFinance\tlead\t", Fate.UNUSABLE, "The name is an e-mail address"),
    "a name too long": (f"{'N' * 121}\tnia@city.gov\tFinance\tlead\t", Fate.UNUSABLE, "at most 120 characters"),
    "a cell far too long": (f"{'N' * 9000}\tnia@city.gov\tFinance\tlead\t", Fate.UNUSABLE, "at most 120 characters"),
    "spaces that do not break": ("Nia\u00a0\u00a0New\tnia@city.gov\u2003\tFinance\tlead\t", Fate.NEW, ""),
    "letters that nobody sees": ("\u200bNia\u00ad New\tnia@\u200bcity.gov\tFin\ufeffance\tlead\t", Fate.NEW, ""),
    "a department that is not there": ("Nia New\tnia@city.gov\tParks\tlead\t", Fate.UNUSABLE, "no department “Parks” yet"),
    "a department misspelled": ("Nia New\tnia@city.gov\tFinanse\tlead\t", Fate.UNUSABLE, "Is “Finance” meant?"),
    "a department in other letters": ("Nia New\tnia@city.gov\tFINÁNCE\tlead\t", Fate.NEW, ""),
    "two departments in one cell": ("Nia New\tnia@city.gov\tFinance; Public Works\tlead\t", Fate.NEW, ""),
    "a role that is none": ("Nia New\tnia@city.gov\tFinance\tboss\t", Fate.UNUSABLE, "“boss” is no role"),
    "a role in Spanish": ("Nia New\tnia@city.gov\tFinance\tPersona revisora\t", Fate.NEW, ""),
    "no role": ("Nia New\tnia@city.gov\tFinance\t\t", Fate.NEW, ""),
    "a language that is none": ("Nia New\tnia@city.gov\tFinance\tlead\tKlingon", Fate.UNUSABLE, "is no language"),
    "a language by its name": ("Nia New\tnia@city.gov\tFinance\tlead\tEspañol", Fate.NEW, ""),
    "someone who has left": ("Lou Left\tleft@city.gov\tPublic Works\tlead\t", Fate.UNUSABLE, "was here before"),
    "the person who pastes": ("Me Renamed\tme@city.gov\t\tadmin\t", Fate.UNUSABLE, "This is you"),
    "someone of two cities renamed": ("Too Cities\ttwo@city.gov\t\tlead\t", Fate.UNUSABLE, "Only this person"),
    "someone there already": ("Ana Ruiz\tana@city.gov\tFinance\tlead\tes", Fate.SAME, ""),
    "someone with another role": ("Ana Ruiz\tana@city.gov\tFinance\treviewer\tes", Fate.CHANGED, "Role"),
    "the name of someone else": ("Bo Lee\tbo.lee@city.gov\tFinance\tlead\t", Fate.NEW, "told apart by their addresses"),
    "only some of the cells": ("Nia New\tnia@city.gov", Fate.NEW, ""),
    "more cells than headings": ("Nia New\tnia@city.gov\tFinance\tlead\ten\t\t\tx", Fate.NEW, ""),
    "a formula for a name": ("=HYPERLINK(1)\tnia@city.gov\tFinance\tlead\t", Fate.NEW, ""),
}  # fmt: skip


def test_there_are_thirty_seven_kinds() -> None:
    in_several_lines = {"the same line twice", "two lines of one address that differ"}
    assert len(MISTAKES) + len(in_several_lines) == 37


@pytest.mark.parametrize("mistake", MISTAKES)
def test_each_mistake_is_read_as_meant_or_said_at_its_line(mistake: str) -> None:
    text, fate, said = MISTAKES[mistake]
    [sheet] = planned(PEOPLE, f"{HEAD}{text}\nRia Right\tria@city.gov\tFinance\tlead\ten").sheets
    wrong, right = sheet.lines
    assert (wrong.number, wrong.fate) == (2, fate)
    assert said in " ".join(map(str, wrong.said))
    assert (right.number, right.fate) == (3, Fate.NEW)
    if fate is Fate.NEW:
        assert isinstance(wrong.step, PersonStep)
        assert "@" not in wrong.step.name
        assert wrong.step.email.endswith("@city.gov")


def test_the_same_line_twice_is_one_and_two_that_differ_are_said() -> None:
    line = "Nia New\tnia@city.gov\tFinance\tlead\t\n"
    [sheet] = planned(PEOPLE, HEAD + line + line + line.replace("Finance", "Public Works")).sheets
    assert [planned_line.fate for planned_line in sheet.lines] == [Fate.NEW, Fate.SAME, Fate.UNUSABLE]
    assert "Line 2 has the same address" in str(sheet.lines[2].said[0])


def test_four_hundred_people_with_all_of_it_keep_their_lines_apart() -> None:
    kinds = [text for text, _, _ in MISTAKES.values()]
    lines = [kinds[number % len(kinds)].replace("nia@", f"nia{number}@") for number in range(400)]
    [sheet] = planned(PEOPLE, HEAD + "\n".join(lines)).sheets
    assert len(sheet.lines) == 400
    assert [line.number for line in sheet.lines] == list(range(2, 402))
    again = planned(PEOPLE, HEAD + "\n".join(lines))
    assert again.mark == planned(PEOPLE, HEAD + "\n".join(lines)).mark
    assert sum(map(again.count, Fate)) == 400


@pytest.mark.parametrize(
    "text",
    [
        "Nombre;Correo electrónico;Dependencia;Rol\nNia New;nia@city.gov;Finance;Responsable",
        "sep=;\nNombre;Correo;Dependencia;Rol\nNia New;nia@city.gov;Finance;responsable",
        'Name,Email,Department,Role\r\n"Nia New",nia@city.gov,Finance,Lead\r\n',
        "\ufeffSTAFF LIST 2026\n\nName\tE-mail\tDepartment\tRole\nNia New\tnia@city.gov\tFinance\tlead",
        "First name,Last name,E-mail address,Dept,Shoe size\nNia,New,nia@city.gov,Finance,44",
        "Apellidos;Nombre;Mail;Área;Función\nNew;Nia;nia@city.gov;Finance;Responsable",
        "Nia New\tnia@city.gov\tFinance\tlead",
        "nia@city.gov,Nia New,Finance,lead",
    ],
)
def test_headings_are_known_in_both_languages_and_may_be_missing(text: str) -> None:
    [sheet] = planned(PEOPLE, text).sheets
    [line] = sheet.lines
    assert isinstance(line.step, PersonStep)
    assert (line.step.name, line.step.email) == ("Nia New", "nia@city.gov")
    assert (line.step.departments, line.step.role) == (frozenset({"Finance"}), Role.LEAD)


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        (PEOPLE, "Name,Department\nNia,Finance", "no column with e-mail addresses"),
        (PEOPLE, "", "no column with e-mail addresses"),
        (PEOPLE, "Name,E-mail,Mail\nNia,n@city.gov,m@city.gov", "Two columns have the heading"),
        (ASSIGNMENTS, "Department,Person\nFinance,Ana", "no column with criteria"),
        (PARTNERS, "E-mail\na@b.example", "no column with names"),
    ],
)
def test_a_table_without_what_it_hangs_on_is_refused_in_one_sentence(kind: SheetKind, text: str, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        planned(kind, text)


def test_more_than_can_be_taken_is_refused_before_it_is_looked_at() -> None:
    with pytest.raises(Invalid, match="too long"):
        read_rows("a" * (MOST_CHARACTERS + 1), "text")
    with pytest.raises(Invalid, match="At most 2000 lines"):
        read_rows("a@b.c\n" * (MOST_ROWS + 5), "text")
    with pytest.raises(Invalid, match="more than 40 columns"):
        read_rows(",".join("abc" * 20), "text")


def test_a_quotation_mark_that_is_never_closed_swallows_no_other_line() -> None:
    [sheet] = planned(
        PEOPLE, f'{HEAD}"Nia New\tnia@city.gov\tFinance\tlead\t\nRia Right\tria@city.gov\tFinance\tlead\t'
    ).sheets
    assert [line.number for line in sheet.lines] == [2, 3]


def test_departments_that_are_not_there_are_offered_and_added_only_when_ticked() -> None:
    text = HEAD + "Nia New\tnia@city.gov\tParks\tlead\t\nRia Right\tria@city.gov\tparks\tlead\t"
    asked = planned(PEOPLE, text)
    assert (asked.missing, asked.count(Fate.UNUSABLE), asked.changes) == (("Parks",), 2, 0)
    ticked = planned(PEOPLE, text, adds_departments=True)
    assert (ticked.added, ticked.missing, ticked.changes) == (("Parks",), (), 3)


def test_forty_addresses_move_in_one_go() -> None:
    moved = planned(
        PEOPLE,
        "E-mail\tNew e-mail\nana@city.gov\tana@newcity.gov\nbo@city.gov\tana@newcity.gov\nsoon@city.gov\ts@x.gov",
    )
    first, second, third = moved.sheets[0].lines
    assert (first.fate, str(first.said[0])) == (Fate.CHANGED, "E-mail: ana@city.gov → ana@newcity.gov")
    assert (second.fate, "address of someone else" in str(second.said[0])) == (Fate.UNUSABLE, True)
    assert (third.fate, "not accepted" in str(third.said[0])) == (Fate.UNUSABLE, True)


TASKS = {
    "by code and name": ("dm-2\tPublic Works\tAna Ruiz\t2026-12-31", Fate.NEW, ""),
    "by title and address": ("Keep an inventory\tFinance\tana@city.gov\t31/12/2026", Fate.NEW, ""),
    "by code and title": ("DM2: Keep an inventory\tFinance\tana@city.gov\t", Fate.NEW, ""),
    "no such criterion": ("DM99\tFinance\t\t", Fate.UNUSABLE, "no criterion “DM99”"),
    "two of one name": ("DM2\t\tAna Ruiz\t", Fate.UNUSABLE, "2 people are called Ana Ruiz"),
    "a name misspelled": ("DM2\tFinance\tSol Sooon\t", Fate.UNUSABLE, "Is “Sol Soon” meant?"),
    "nobody of that address": ("DM2\tFinance\tx@city.gov\t", Fate.UNUSABLE, "Nobody here has the address"),
    "someone who has left": ("DM2\tFinance\tleft@city.gov\t", Fate.UNUSABLE, "no access any more"),
    "an official": ("DM2\tFinance\tbo@city.gov\t", Fate.UNUSABLE, "does not write responses"),
    "of another department": ("DM2\tPublic Works\tana@city.gov\t", Fate.UNUSABLE, "does not belong to Public Works"),
    "no department": ("DM2\t\tsoon@city.gov\t", Fate.NEW, "Department of Sol Soon: Finance"),
    "nothing at all": ("DM2\t\t\t", Fate.UNUSABLE, "There is no department"),
    "two dates in one": ("DM2\tFinance\t\t01/12/2026", Fate.UNUSABLE, "can be two dates"),
    "a date that is none": ("DM2\tFinance\t\tsoon", Fate.UNUSABLE, "is not a date"),
    "a year that cannot be": ("DM2\tFinance\t\t2062-01-01", Fate.UNUSABLE, "year cannot be right"),
    "a deputy": ("DM2\tFinance\tana@city.gov\t\tSol Soon", Fate.NEW, ""),
    "a deputy of nobody": ("DM2\tFinance\t\t\tSol Soon", Fate.UNUSABLE, "Choose the person too"),
    "a deputy of the same person": ("DM2\tFinance\tsoon@city.gov\t\tSol Soon", Fate.UNUSABLE, "Choose someone else"),
    "the same as now": ("DM1\tFinance\tana@city.gov\t2026-12-01", Fate.SAME, ""),
    "another date": ("DM1\t\t\t2027-01-31", Fate.CHANGED, "2026-12-01 → 2027-01-31"),
}  # fmt: skip


@pytest.mark.parametrize("task", TASKS)
def test_assignments_are_matched_and_never_given_in_silence(task: str) -> None:
    text, fate, said = TASKS[task]
    [sheet] = planned(ASSIGNMENTS, "Criterion\tDepartment\tPerson\tDue date\tDeputy\n" + text).sheets
    [line] = sheet.lines
    assert line.fate is fate, line.said
    assert said in " ".join(map(str, line.said))


def test_a_person_of_another_department_is_assigned_once_it_was_ticked() -> None:
    text = "Criterion\tDepartment\tPerson\nDM2\tPublic Works\tana@city.gov"
    asked, ticked = planned(ASSIGNMENTS, text), planned(ASSIGNMENTS, text, takes_outsiders=True)
    assert (asked.outsiders, asked.changes, ticked.changes) == (1, 0, 1)
    assert "does not belong" in str(ticked.sheets[0].lines[0].said[0])


def test_partners_are_added_changed_and_left_as_they_are() -> None:
    [sheet] = planned(
        PARTNERS,
        "Organización;Contacto;Correo\nHARBOR TRUST;Jo;jo@trust.example\nPort Lab;Pat;pat@lab.example\nPort Lab;;x\n;;a@b.example",
    ).sheets
    assert [line.fate for line in sheet.lines] == [Fate.SAME, Fate.NEW, Fate.UNUSABLE, Fate.UNUSABLE]


def test_each_table_may_name_what_those_before_it_add() -> None:
    tables = {
        SheetKind.DEPARTMENTS: "Department\nParks",
        PEOPLE: HEAD + "Nia New\tnia@city.gov\tParks\tlead\t",
        ASSIGNMENTS: "Criterion\tDepartment\tPerson\nDM2\tParks\tNia New",
    }
    read = {kind: read_sheet(kind, read_rows(text, "text"), "text") for kind, text in tables.items()}
    plan = plan_sheets(read, city())
    assert (plan.changes, plan.count(Fate.UNUSABLE)) == (3, 0)
    assert [line.number for line in plan.steps] == [2, 2, 2]
    assert Column.PERSON in plan.sheets[2].columns
