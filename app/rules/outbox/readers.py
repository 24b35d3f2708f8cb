"""Who is written to: the people of a city as a letter sees them, and which of them answer for a criterion."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from app.rules.outbox.kinds import KINDS, LetterKind, Readers
from app.rules.people.permissions import OFFICE, STAFF, Role
from app.rules.review.comment import list_named


@dataclass(frozen=True)
class LetterReader:
    """Someone with access to the city now."""

    person_id: int
    name: str
    role: Role
    departments: frozenset[int]


def list_owners(readers: Sequence[LetterReader], department_id: int | None, *named_ids: int | None) -> frozenset[int]:
    """Who answers for a criterion: those named, a person and a deputy, while here; else the leads of the department."""
    named = {reader.person_id for reader in readers if reader.person_id in named_ids and reader.role in STAFF}
    return frozenset(named or list_leads(readers, department_id))


def list_leads(readers: Sequence[LetterReader], department_id: int | None) -> frozenset[int]:
    """The leads of a department."""
    if department_id is None:
        return frozenset()
    return frozenset(
        reader.person_id for reader in readers if reader.role is Role.LEAD and department_id in reader.departments
    )


def list_office(readers: Sequence[LetterReader]) -> frozenset[int]:
    """The data office."""
    return frozenset(reader.person_id for reader in readers if reader.role in OFFICE)


def list_heads(readers: Sequence[LetterReader]) -> frozenset[int]:
    """Who gets the week in numbers: the data office, and the leads of departments."""
    leads = {reader.person_id for reader in readers if reader.role is Role.LEAD and reader.departments}
    return list_office(readers) | leads


def is_kind_for(kind: LetterKind, reader: LetterReader) -> bool:
    """Whether someone in this role gets letters of the kind at all, so that there is something to switch."""
    wanted = KINDS[kind].readers
    if wanted is Readers.OFFICE:
        return reader.role in OFFICE
    return reader.role in STAFF


def list_mentioned(text: str, readers: Collection[LetterReader]) -> frozenset[int]:
    """Whom a comment names."""
    return list_named(text, {reader.person_id: reader.name for reader in readers})


FOR_ABSENT = frozenset({Readers.OWNERS, Readers.TALK, Readers.HEADS})
"""Kinds that whoever stands in gets in place of someone away; what is for the data office stays with those who belong to it."""


def add_stand_ins(people: Collection[int], stand_ins: Mapping[int, int]) -> frozenset[int]:
    """These people, and whoever stands in for one of them today; `stand_ins` by the one who is away."""
    return frozenset(people) | {stand_ins[person] for person in people if person in stand_ins}


def find_absent(person_id: int, people: Collection[int], stand_ins: Mapping[int, int]) -> int | None:
    """For whom someone gets what is for these people; None for oneself."""
    if person_id in people:
        return None
    return next((away for away in sorted(people) if stand_ins.get(away) == person_id), None)
