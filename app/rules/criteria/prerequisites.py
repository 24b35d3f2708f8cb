"""Prerequisites: whether a criterion that is met counts, and what the others wait for.

An edition either only warns of what is missing, or blocks: then a criterion counts only if all it builds on count too.
"""

from collections.abc import Collection
from dataclasses import dataclass

from app.rules.criteria.edition import Edition

BLOCK = "block"


def codes_that_count(edition: Edition, met: Collection[str]) -> frozenset[str]:
    """Those of the met codes that count: all of them, or where the edition blocks, those whose prerequisites count."""
    counted = frozenset(met)
    if edition.prerequisites != BLOCK:
        return counted
    while blocked := {code for code in counted if not counted.issuperset(edition.criteria[code].prerequisites)}:
        counted -= blocked
    return counted


def missing_for(edition: Edition, met: Collection[str]) -> dict[str, tuple[str, ...]]:
    """By code, met or not, those of its own prerequisites that do not count now; codes that miss none are left out."""
    counted = codes_that_count(edition, met)
    missing = {
        code: tuple(need for need in criterion.prerequisites if need not in counted)
        for code, criterion in edition.criteria.items()
    }
    return {code: needs for code, needs in missing.items() if needs}


@dataclass(frozen=True)
class PrerequisiteBranch:
    """A criterion, and those that build on it."""

    code: str
    unlocks: tuple["PrerequisiteBranch", ...]


def prerequisite_trees(edition: Edition) -> tuple[PrerequisiteBranch, ...]:
    """The graph of prerequisites as trees, from the criteria that build on nothing; one that builds on several stands under each."""
    followers = {code: edition.unlocked_by(code) for code in edition.criteria}

    def branch(code: str) -> PrerequisiteBranch:
        return PrerequisiteBranch(code, tuple(map(branch, followers[code])))

    roots = (code for code, criterion in edition.criteria.items() if followers[code] and not criterion.prerequisites)
    return tuple(map(branch, roots))
