"""The smallest sets of items with which a checklist holds, for a person to read beside what is asked."""

from itertools import combinations

from app.rules.criteria.edition import ChecklistItem, Criterion


def minimal_sets(criterion: Criterion) -> tuple[tuple[ChecklistItem, ...], ...]:
    """Every set of items in place that is enough, and of which none can be left out; in the order of the checklist.

    All of them have `needed` items, because a checklist has no more required ones than that.
    """
    required = {item.id for item in criterion.checklist if item.required}
    return tuple(
        chosen
        for chosen in combinations(criterion.checklist, max(criterion.needed, len(required)))
        if required <= {item.id for item in chosen}
    )


def explain_sets(criterion: Criterion) -> tuple[str, ...]:
    """The sets in lines: what is asked, what is weak, every item with its mark, and each set by the ids of its items."""
    marks = {True: "*", False: " "}
    sets = minimal_sets(criterion)
    return (
        f"{criterion.code} {criterion.title} ({criterion.needed} of {len(criterion.checklist)})",
        f"  asked: {criterion.statement}",
        f"  weak:  {criterion.weak}",
        *(f"  {marks[item.required]} {item.id} [{item.window}]: {item.text}" for item in criterion.checklist),
        *(f"  = {' + '.join(item.id for item in chosen)}" for chosen in sets),
    )
