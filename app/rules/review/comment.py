"""Comments on a response: whom one asks, and who of them sees that an answer is awaited."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

MOST_ASKED = 20
"""People that one comment can ask by name."""


class CommentKind(StrEnum):
    """`reopening` is what asks the data office to reopen a decided response; it is accepted or declined, and not just answered."""

    REMARK = ""
    REOPENING = "reopening"


class AskedGroup(StrEnum):
    """Whom a comment can ask without naming a person: who answers for the criterion, or the data office."""

    DEPARTMENT = "department"
    OFFICE = "office"


@dataclass(frozen=True)
class AskedParties:
    """Whom a comment asks; it is kept as `department office 12 15`. Nobody is asked by a comment that asks none of them."""

    groups: frozenset[AskedGroup] = frozenset()
    people: frozenset[int] = frozenset()

    @classmethod
    def read(cls, text: str) -> Self:
        """What is neither a group nor a person's number is left out."""
        words = text.split()
        return cls(
            frozenset(AskedGroup(word) for word in words if word in set(AskedGroup)),
            frozenset(int(word) for word in words if word.isascii() and word.isdecimal()),
        )

    def write(self) -> str:
        return " ".join([*sorted(self.groups), *map(str, sorted(self.people)[:MOST_ASKED])])

    def without(self, person_id: int) -> "AskedParties":
        """Nobody asks themselves."""
        return AskedParties(self.groups, self.people - {person_id})


def places_asked(text: str, names: Collection[int], *, is_own: bool) -> Iterable[str]:
    """Under which entries of the menu someone finds a comment that asks `text`: `names` are the person and those who are away, whose work
    the person does; `is_own` whether they answer for the criterion.
    """
    asked = AskedParties.read(text)
    if AskedGroup.OFFICE in asked.groups:
        yield "review"
    if not asked.people.isdisjoint(names) or (is_own and AskedGroup.DEPARTMENT in asked.groups):
        yield "my-work"


def list_named(text: str, names: Mapping[int, str]) -> frozenset[int]:
    """Whom a comment names, of these people by id: `@` and the whole name or its first part, where only one person has it."""
    said = text.casefold()
    if "@" not in said:
        return frozenset()
    first_names = [name.casefold().split()[0] for name in names.values() if name.strip()]
    return frozenset(key for key, name in names.items() if _is_named(said, name.casefold(), first_names))


def _is_named(said: str, name: str, first_names: Sequence[str]) -> bool:
    first = name.split()[0] if name.strip() else ""
    calls = [name] if first_names.count(first) > 1 else [name, first]
    return any(call and re.search(rf"(?<!\w)@{re.escape(call)}(?!\w)", said) for call in calls)
