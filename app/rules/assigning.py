"""A table in which all criteria are assigned at once: what a row says, and which department its usual owner may be."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.rules.bulk.cells import fold_words

HARDLY_TELLING = frozenset(
    {
        "a", "and", "chief", "city", "de", "del", "department", "dependencia", "each", "head", "in", "la", "las", "lead",
        "los", "of", "office", "oficina", "or", "secretaria", "staff", "team", "the", "with",
    }
)  # fmt: skip
"""Words that stand in the names of many departments and owners."""


@dataclass(frozen=True)
class RowOwner:
    """Who answers for a criterion, by ids, and by when. `invited` is an invitation whose person gets it on joining."""

    department: int | None = None
    person: int | None = None
    invited: int | None = None
    due_on: date | None = None


def write_row(owner: RowOwner, version: int) -> str:
    """A row as it was shown, for the form to carry along."""
    parts = (version, owner.department, owner.person, owner.invited, owner.due_on)
    return "|".join("" if part is None else str(part) for part in parts)


def read_row(text: str) -> tuple[RowOwner, int] | None:
    """The row as it was shown, with its version; None for what no form of ours carries."""
    try:
        version, *ids, due_on = text.split("|")
        department, person, invited = (int(part) if part else None for part in ids)
        return RowOwner(department, person, invited, date.fromisoformat(due_on) if due_on else None), int(version)
    except ValueError:
        return None


def propose_department(usual_owner: str, departments: Mapping[int, str]) -> int | None:
    """The one department whose name has most of its telling words in the usual owner; None where no or several have."""
    words = set(fold_words(usual_owner).split())
    shares = {}
    for department_id, name in departments.items():
        telling = set(fold_words(name).split()) - HARDLY_TELLING
        if telling & words:
            shares[department_id] = len(telling & words) / len(telling)
    best = max(shares.values(), default=0.0)
    chosen = [department_id for department_id, share in shares.items() if share == best]
    return chosen[0] if len(chosen) == 1 and best >= 0.5 else None
