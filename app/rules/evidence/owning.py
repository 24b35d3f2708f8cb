"""Whose a piece of evidence is: of those who brought it, not of those who use it too."""

from collections.abc import Collection, Iterable
from typing import Protocol

from app.rules.people.permissions import OFFICE, Role


class CriterionSupport(Protocol):
    """That a piece supports a criterion; as a `guest` when someone tied it who did not answer for the piece."""

    @property
    def criterion(self) -> str: ...

    @property
    def guest(self) -> bool: ...


def owning_criteria(supports: Iterable[CriterionSupport]) -> frozenset[str]:
    """The criteria that the piece was brought for. Who may write for one of them owns it; nobody does where none is left."""
    return frozenset(support.criterion for support in supports if not support.guest)


def keeping_criteria(supports: Collection[CriterionSupport]) -> frozenset[str]:
    """The criteria whose people may change the piece: its owners', and where nobody owns it any more, all that use it."""
    return owning_criteria(supports) or frozenset(support.criterion for support in supports)


def may_change_piece(role: Role, own_criteria: Collection[str], supports: Collection[CriterionSupport]) -> bool:
    """Whether someone who may write for the criteria `own_criteria` may change, narrow, replace and remove the piece."""
    return role in OFFICE or not keeping_criteria(supports).isdisjoint(own_criteria)


def may_see_closed(role: Role, own_criteria: Collection[str], supports: Iterable[CriterionSupport]) -> bool:
    """Whether someone may see a restricted piece, or what a piece was before.

    For those who only use it that stays closed, also when its owners have stopped using it: that was no decision to show it.
    """
    return role in OFFICE or not owning_criteria(supports).isdisjoint(own_criteria)


def is_guest_support(role: Role, own_criteria: Collection[str], supports: Iterable[CriterionSupport]) -> bool:
    """Whether a tie that someone makes now between the piece and a further criterion is a guest's."""
    return not may_see_closed(role, own_criteria, supports)


def criteria_of_others(
    role: Role, own_criteria: Collection[str], supports: Iterable[CriterionSupport]
) -> tuple[str, ...]:
    """The criteria of the piece that someone may not write for, in their order."""
    return (
        ()
        if role in OFFICE
        else tuple(support.criterion for support in supports if support.criterion not in own_criteria)
    )
