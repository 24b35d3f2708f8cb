"""What a page may hold of a row: its values, frozen and in no session."""

from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from sqlmodel import SQLModel

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Frozen = TypeVar("Frozen", bound="DataclassInstance")


def frozen_values(kind: type[Frozen], row: SQLModel) -> Frozen:
    """A `kind`, each of whose fields is called like a column of the row."""
    return kind(*[getattr(row, name) for name in _names_of(kind)])


@cache
def _names_of(kind: "type[DataclassInstance]") -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))
