"""Which tables can come in bulk, which columns each may have, and by which words in English and Spanish they are known."""

from enum import StrEnum

from app.rules.bulk.cells import fold_words
from app.rules.message import Message, say


class SheetKind(StrEnum):
    """In the order in which they are saved, since each may name what is in those before."""

    DEPARTMENTS = "departments"
    PEOPLE = "people"
    PARTNERS = "partners"
    ASSIGNMENTS = "assignments"


class Column(StrEnum):
    NAME = "name"
    LAST_NAME = "last_name"
    EMAIL = "email"
    NEW_EMAIL = "new_email"
    DEPARTMENT = "department"
    ROLE = "role"
    LANGUAGE = "language"
    CONTACT = "contact"
    CRITERION = "criterion"
    PERSON = "person"
    DEPUTY = "deputy"
    DUE = "due"


KIND_NAMES: dict[SheetKind, Message] = {
    SheetKind.DEPARTMENTS: say("Departments"),
    SheetKind.PEOPLE: say("People"),
    SheetKind.PARTNERS: say("Partners"),
    SheetKind.ASSIGNMENTS: say("Assignments"),
}
COLUMN_NAMES: dict[Column, Message] = {
    Column.NAME: say("Name"),
    Column.LAST_NAME: say("Last name"),
    Column.EMAIL: say("E-mail"),
    Column.NEW_EMAIL: say("New e-mail"),
    Column.DEPARTMENT: say("Department"),
    Column.ROLE: say("Role"),
    Column.LANGUAGE: say("Language"),
    Column.CONTACT: say("Contact"),
    Column.CRITERION: say("Criterion"),
    Column.PERSON: say("Person"),
    Column.DEPUTY: say("Deputy"),
    Column.DUE: say("Due date"),
}
COLUMNS: dict[SheetKind, tuple[Column, ...]] = {
    SheetKind.DEPARTMENTS: (Column.NAME,),
    SheetKind.PEOPLE: (Column.NAME, Column.EMAIL, Column.DEPARTMENT, Column.ROLE, Column.LANGUAGE),
    SheetKind.PARTNERS: (Column.NAME, Column.CONTACT, Column.EMAIL, Column.LANGUAGE),
    SheetKind.ASSIGNMENTS: (Column.CRITERION, Column.DEPARTMENT, Column.PERSON, Column.DEPUTY, Column.DUE),
}
"""What a template has, in its order; a table without headings is read as if it had these."""
KEY_COLUMN: dict[SheetKind, Column] = {
    SheetKind.DEPARTMENTS: Column.NAME,
    SheetKind.PEOPLE: Column.EMAIL,
    SheetKind.PARTNERS: Column.NAME,
    SheetKind.ASSIGNMENTS: Column.CRITERION,
}
"""The column without which a table says nothing."""

_NAME = "name|full name|nombre|nombre completo|nombre y apellido|nombre y apellidos|apellido y nombre"
_EMAIL = (
    "email|e mail|mail|email address|e mail address|address|correo|correo electronico|direccion de correo|mail address"
)
_LANGUAGE = "language|lang|idioma|lengua"
_DEPARTMENT = "department|departments|dept|office|unit|dependencia|dependencias|departamento|departamentos|area|secretaria|oficina"
_WORDS: dict[SheetKind, dict[Column, str]] = {
    SheetKind.DEPARTMENTS: {Column.NAME: f"name|nombre|{_DEPARTMENT}"},
    SheetKind.PEOPLE: {
        Column.NAME: f"{_NAME}|person|employee|first name|given name|persona|nombres",
        Column.LAST_NAME: "last name|surname|family name|apellido|apellidos",
        Column.EMAIL: f"{_EMAIL}|old e mail|old email|correo anterior|correo actual",
        Column.NEW_EMAIL: "new e mail|new email|new address|new mail|nuevo correo|correo nuevo|nueva direccion|nuevo correo electronico",
        Column.DEPARTMENT: _DEPARTMENT,
        Column.ROLE: "role|rol|roles|function|funcion|papel",
        Column.LANGUAGE: _LANGUAGE,
    },
    SheetKind.PARTNERS: {
        Column.NAME: f"{_NAME}|organization|organisation|partner|organizacion|organizacion aliada|aliada|entidad",
        Column.CONTACT: "contact|contact person|contacto|persona de contacto|person|persona",
        Column.EMAIL: _EMAIL,
        Column.LANGUAGE: _LANGUAGE,
    },
    SheetKind.ASSIGNMENTS: {
        Column.CRITERION: "criterion|criteria|code|criterio|criterios|codigo|standard",
        Column.DEPARTMENT: _DEPARTMENT,
        Column.PERSON: f"person|owner|assigned to|assignee|persona|responsable|asignado a|asignada a|{_EMAIL}",
        Column.DEPUTY: "deputy|stand in|suplente|reemplazo|suplencia",
        Column.DUE: "due|due date|due on|deadline|date|fecha|fecha limite|vence|vencimiento|plazo|entrega",
    },
}  # fmt: skip
HEADINGS: dict[SheetKind, dict[str, Column]] = {
    kind: {word: column for column, words in columns.items() for word in words.split("|")}
    for kind, columns in _WORDS.items()
}
_SHEET_WORDS: dict[SheetKind, str] = {
    SheetKind.DEPARTMENTS: "departments|department|dependencias|dependencia|departamentos|areas",
    SheetKind.PEOPLE: "people|persons|staff|users|personas|equipo|usuarios",
    SheetKind.PARTNERS: "partners|partner|aliadas|organizaciones aliadas|organizaciones|socios",
    SheetKind.ASSIGNMENTS: "assignments|assignment|criteria|asignaciones|asignacion|criterios",
}


def find_sheet_kind(name: str) -> SheetKind | None:
    """Which table the sheet of this name is; None for a name that says nothing, such as Sheet1."""
    folded = fold_words(name)
    return next((kind for kind, words in _SHEET_WORDS.items() if folded in words.split("|")), None)
