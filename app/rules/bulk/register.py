"""What a city has already, and what earlier lines of the same tables would add to it: what every line is compared with."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from app.rules.bulk.cells import fold_words
from app.rules.bulk.fates import LineTrouble
from app.rules.bulk.values import nearest_word
from app.rules.message import say
from app.rules.people.permissions import Role


@dataclass(frozen=True)
class RegisteredPerson:
    """A person of the city, or one who is invited (`is_invited`), or planned to be by an earlier line (`is_planned`).

    `is_fixed`: only the person may change name, address and language. `has_left`: the access has ended. `is_me` asks.
    """

    email: str
    name: str
    role: Role
    departments: frozenset[str]
    language: str = ""
    is_invited: bool = False
    is_planned: bool = False
    is_fixed: bool = False
    has_left: bool = False
    is_me: bool = False


@dataclass(frozen=True)
class RegisteredPartner:
    name: str
    contact: str
    email: str
    language: str


@dataclass(frozen=True)
class RegisteredTask:
    """Who answers for a criterion now: department, and addresses of the person and the deputy, empty where nobody does."""

    department: str = ""
    email: str = ""
    deputy: str = ""
    due_on: date | None = None


@dataclass(frozen=True)
class BulkChoices:
    """What a person ticked on the preview: to add departments that are missing, to assign people of other departments."""

    adds_departments: bool = False
    takes_outsiders: bool = False


@dataclass
class CityRegister:
    """The city as it is, growing by what lines add. Departments, partners and titles are found whatever their case and accents."""

    departments: dict[str, str] = field(default_factory=dict)
    people: dict[str, RegisteredPerson] = field(default_factory=dict)
    partners: dict[str, RegisteredPartner] = field(default_factory=dict)
    tasks: dict[str, RegisteredTask] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    today: date = date.min
    language: str = "en"
    choices: BulkChoices = BulkChoices()
    missing: dict[str, str] = field(default_factory=dict)
    outsiders: int = 0

    def add_departments(self, names: Iterable[str]) -> None:
        self.departments |= {fold_words(name): name for name in names}

    def find_department(self, written: str) -> str:
        """The name of the department that is meant. One that is not there is noted, and raises LineTrouble unless it shall be added."""
        folded = fold_words(written)
        if folded in self.departments:
            return self.departments[folded]
        self.missing.setdefault(folded, written)
        if self.choices.adds_departments:
            self.departments[folded] = self.missing[folded]
            return self.departments[folded]
        near = nearest_word(written, self.departments.values())
        if near:
            raise LineTrouble(say("There is no department “%(name)s”. Is “%(near)s” meant?", name=written, near=near))
        raise LineTrouble(say("There is no department “%(name)s” yet.", name=written))

    def namesakes(self, name: str) -> list[RegisteredPerson]:
        """Everyone of this name who is here, invited, or planned."""
        folded = fold_words(name)
        return [person for person in self.people.values() if not person.has_left and fold_words(person.name) == folded]
