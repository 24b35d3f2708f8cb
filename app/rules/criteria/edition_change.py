"""How a city's answers get from one edition to another: per criterion, what becomes of what.

Source: the files in `from/` of an edition, which also serve to go back. Nothing is skipped silently: every criterion of both
editions is either part of a step, or named as new or as retired.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from app.rules.criteria.edition import Edition
from app.rules.message import say


class SuccessionKind(StrEnum):
    """What happens to a criterion, in the order in which a person can trust the result."""

    SAME = "same"
    RENAMED = "renamed"
    MERGED = "merged"
    SPLIT = "split"
    NEW = "new"
    RETIRED = "retired"


SUCCESSION_NAMES = {
    SuccessionKind.SAME: say("Same"),
    SuccessionKind.RENAMED: say("Renamed"),
    SuccessionKind.MERGED: say("Merged"),
    SuccessionKind.SPLIT: say("Split"),
    SuccessionKind.NEW: say("New"),
    SuccessionKind.RETIRED: say("Retired"),
}


class SuccessionItem(NamedTuple):
    """A checklist item by the code of its criterion and its own id."""

    code: str
    id: str


class ItemPair(NamedTuple):
    """Two checklist items that ask for the same thing."""

    old: SuccessionItem
    new: SuccessionItem


@dataclass(frozen=True)
class SuccessionStep:
    """Codes that become codes: one one, several one, or one several; with one side empty, a code that is new or retired."""

    old: tuple[str, ...]
    new: tuple[str, ...]
    items: tuple[ItemPair, ...] = ()

    @property
    def kind(self) -> SuccessionKind:
        """Raises ValueError where several codes become several, since no answer could tell where it belongs."""
        if len(self.old) == len(self.new) == 1:
            return SuccessionKind.SAME if self.old == self.new else SuccessionKind.RENAMED
        if not self.old or not self.new:
            return self._one_sided()
        if len(self.old) > 1 < len(self.new):
            raise ValueError(f"several codes become several: {', '.join(self.old)} to {', '.join(self.new)}")
        return SuccessionKind.MERGED if len(self.new) == 1 else SuccessionKind.SPLIT

    def _one_sided(self) -> SuccessionKind:
        if len(self.old) + len(self.new) != 1:
            raise ValueError("a step without an old or a new side has exactly one code")
        return SuccessionKind.NEW if self.new else SuccessionKind.RETIRED

    def inverse(self) -> "SuccessionStep":
        """The step back: what was merged is split, what was new is retired."""
        return SuccessionStep(self.new, self.old, tuple(ItemPair(pair.new, pair.old) for pair in self.items))


@dataclass(frozen=True)
class Succession:
    """How one edition, by its id, follows another, in steps of any order; `inferred` where no public source says so."""

    old: str
    new: str
    inferred: bool
    steps: tuple[SuccessionStep, ...]

    def inverse(self) -> "Succession":
        """The way back, to undo a move or to compare."""
        return Succession(self.new, self.old, self.inferred, tuple(step.inverse() for step in self.steps))


@dataclass(frozen=True)
class CriterionSuccession:
    """What becomes of one criterion: `new` is its code in the edition moved to, None when it is retired.

    `old` has the codes that its answers come from, in their edition's order; `items` which ticks correspond.
    """

    kind: SuccessionKind
    old: tuple[str, ...]
    new: str | None
    items: tuple[ItemPair, ...] = ()


def succeed_by_itself(edition: Edition) -> Succession:
    """From one cycle to the next in the same edition: every criterion and every item becomes itself."""
    steps = []
    for code, criterion in edition.criteria.items():
        items = (SuccessionItem(code, item.id) for item in criterion.checklist)
        steps.append(SuccessionStep((code,), (code,), tuple(ItemPair(item, item) for item in items)))
    return Succession(edition.id, edition.id, False, tuple(steps))


def derive_successions(old: Edition, new: Edition, succession: Succession) -> tuple[CriterionSuccession, ...]:
    """One move for each criterion of the new edition, in its order, then one for each that is retired, in the old order.

    A new code stands in exactly one move; an old code too, except that a split one stands in the move of each part.
    Raises ValueError when the succession is not one of these editions, or does not name each of their codes once.
    """
    if (succession.old, succession.new) != (old.id, new.id):
        raise ValueError(f"leads from {succession.old} to {succession.new}, not from {old.id} to {new.id}")
    _check_each_once(old, (code for step in succession.steps for code in step.old))
    _check_each_once(new, (code for step in succession.steps for code in step.new))
    order = list(old.criteria)
    by_new = {code: _derive_succession(step, code, order) for step in succession.steps for code in step.new}
    retired = {
        step.old[0]: _derive_succession(step, None, order)
        for step in succession.steps
        if step.kind is SuccessionKind.RETIRED
    }
    return (*(by_new[code] for code in new.criteria), *(retired[code] for code in order if code in retired))


def _check_each_once(edition: Edition, codes: Iterable[str]) -> None:
    counts = Counter(codes)
    counts.subtract(edition.criteria.keys())
    if names := [code for code, times in counts.items() if times]:
        raise ValueError(f"unknown to {edition.id}, missing or used twice: {', '.join(sorted(names))}")


def _derive_succession(step: SuccessionStep, new: str | None, order: list[str]) -> CriterionSuccession:
    pairs = sorted(pair for pair in step.items if pair.new.code == new)
    return CriterionSuccession(step.kind, tuple(sorted(step.old, key=order.index)), new, tuple(pairs))
