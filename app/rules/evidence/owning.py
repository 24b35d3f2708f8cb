"""Whose a piece of evidence is: of those who brought it, not of those who use it too."""

from collections.abc import Collection, Iterable
from typing import Protocol

from app.rules.permissions import OFFICE, Role


class Tie(Protocol):
    """That a piece supports a criterion; as a `guest` when somebody tied it who did not answer for the piece."""

    @property
    def criterion(self) -> str: ...

    @property
    def guest(self) -> bool: ...


def owners(ties: Iterable[Tie]) -> frozenset[str]:
    """The criteria that the piece was brought for. Who may write for one of them owns it; nobody does where none is left."""
    return frozenset(tie.criterion for tie in ties if not tie.guest)


def keepers(ties: Collection[Tie]) -> frozenset[str]:
    """The criteria whose people may change the piece: its owners', and where nobody owns it any more, all that use it."""
    return owners(ties) or frozenset(tie.criterion for tie in ties)


def may_change(role: Role, mine: Collection[str], ties: Collection[Tie]) -> bool:
    """Whether somebody who may write for the criteria `mine` may change, narrow, replace and remove the piece."""
    return role in OFFICE or not keepers(ties).isdisjoint(mine)


def may_see_closed(role: Role, mine: Collection[str], ties: Iterable[Tie]) -> bool:
    """Whether somebody may see a restricted piece, or what a piece was before.

    For those who only use it that stays closed, also when its owners have stopped using it: that was no decision to show it.
    """
    return role in OFFICE or not owners(ties).isdisjoint(mine)


def is_guest(role: Role, mine: Collection[str], ties: Iterable[Tie]) -> bool:
    """Whether a tie that somebody makes now between the piece and a further criterion is a guest's."""
    return not may_see_closed(role, mine, ties)


def used_by_others(role: Role, mine: Collection[str], ties: Iterable[Tie]) -> tuple[str, ...]:
    """The criteria of the piece that somebody may not write for, in their order."""
    return () if role in OFFICE else tuple(tie.criterion for tie in ties if tie.criterion not in mine)
