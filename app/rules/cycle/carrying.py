"""What of an assessment's answers comes along into the next one, which may be of another edition.

Texts, evidence, comments and ticks come along. Self-ratings, verdicts and whatever is bound to a time do not: they have to be
given anew. Of several criteria that become one everything comes together; of one that is split each part gets everything, since
only people can tell what belongs where.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.rules.criteria.edition import ChecklistItem, Edition, Window
from app.rules.criteria.edition_change import CriterionSuccession, SuccessionItem
from app.rules.review.response import NARRATIVE_LIMIT


@dataclass(frozen=True)
class PreviousResponse:
    """What there is for one criterion: `pieces` are the items that each piece of evidence in use supports, by its id.

    `guests` are the pieces among them that belong to others.
    """

    code: str
    narrative: str
    ticked: frozenset[str]
    pieces: Mapping[int, tuple[str, ...]]
    comments: int
    guests: Collection[int] = ()


@dataclass(frozen=True)
class CarriedCriterion:
    """What happens to one criterion.

    `ticks` are ids of the new checklist, `emptied` the items that were ticked and are not any more because they are bound to a time.
    `pieces` and `guests` are as in a `PreviousResponse`; no items means the criterion as a whole. `set_aside` are texts that would make the
    narrative too long, each with the code that it comes from, to be kept beside it.
    """

    move: CriterionSuccession
    answers: tuple[PreviousResponse, ...]
    ticks: tuple[str, ...]
    emptied: tuple[ChecklistItem, ...]
    pieces: Mapping[int, tuple[str, ...]]
    narrative: str
    set_aside: tuple[tuple[str, str], ...]
    guests: frozenset[int] = frozenset()

    @property
    def comments(self) -> int:
        return sum(answer.comments for answer in self.answers)

    @property
    def is_answer(self) -> bool:
        """Whether there is anything to confirm; comments alone are no answer."""
        return bool(self.narrative or self.set_aside or self.ticks or self.pieces)


def carry_criterion(
    succession: CriterionSuccession, old: Edition, new: Edition, responses: Mapping[str, PreviousResponse]
) -> CarriedCriterion:
    """What comes along in a move; of a retired criterion, what stays behind. The editions have the city's own checklists in them."""
    sources = tuple(responses[code] for code in succession.old if code in responses)
    ticked = {SuccessionItem(source.code, item) for source in sources for item in source.ticked}
    pairs = [(pair.old, items) for pair in succession.items if (items := _match_items(pair, old, new))]
    lasting = {key: after.id for key, (before, after) in pairs if _is_lasting(before) and _is_lasting(after)}
    narrative, set_aside = join_narratives([(source.code, source.narrative) for source in sources])
    return CarriedCriterion(
        move=succession,
        answers=sources,
        ticks=tuple(item for key, item in lasting.items() if key in ticked),
        emptied=tuple(after for key, (_, after) in pairs if key in ticked and key not in lasting),
        pieces=_carry_pieces(sources, lasting),
        narrative=narrative,
        set_aside=set_aside,
        guests=_carry_guests(sources),
    )


def _match_items(
    pair: Iterable[SuccessionItem], old: Edition, new: Edition
) -> tuple[ChecklistItem, ChecklistItem] | None:
    """Both items, or None where a city's own checklist has replaced one of them."""
    items = [_find_item(edition, item) for edition, item in zip((old, new), pair, strict=True)]
    before, after = items
    return (before, after) if before and after else None


def _find_item(edition: Edition, wanted: SuccessionItem) -> ChecklistItem | None:
    return next((item for item in edition.criteria[wanted.code].checklist if item.id == wanted.id), None)


def _is_lasting(item: ChecklistItem) -> bool:
    return item.window is Window.NONE


def _carry_pieces(
    sources: Sequence[PreviousResponse], lasting: Mapping[SuccessionItem, str]
) -> dict[int, tuple[str, ...]]:
    """Each piece with the items that it goes on supporting; with none left, the criterion as a whole, so that no piece is lost."""
    supported: dict[int, set[str]] = {}
    for source in sources:
        for piece, items in source.pieces.items():
            keys = (SuccessionItem(source.code, item) for item in items)
            supported.setdefault(piece, set()).update(lasting[key] for key in keys if key in lasting)
    return {piece: tuple(sorted(items)) for piece, items in sorted(supported.items())}


def _carry_guests(sources: Sequence[PreviousResponse]) -> frozenset[int]:
    """Pieces that belong to none of the criteria that come together."""
    own = {piece for source in sources for piece in source.pieces if piece not in source.guests}
    return frozenset(piece for source in sources for piece in source.guests) - own


def join_narratives(texts: Iterable[tuple[str, str]]) -> tuple[str, tuple[tuple[str, str], ...]]:
    """One narrative from texts by code, and those that do not fit into NARRATIVE_LIMIT characters any more.

    Several texts follow one another, each headed by the code that it comes from; a single one stays as it is.
    """
    written = [(code, text) for code, text in texts if text.strip()]
    if len(written) == 1:
        return written[0][1], ()
    parts: list[str] = []
    set_aside: list[tuple[str, str]] = []
    for code, text in written:
        longer = [*parts, f"{code}\n\n{text}"]
        if len("\n\n".join(longer)) <= NARRATIVE_LIMIT:
            parts = longer
        else:
            set_aside.append((code, text))
    return "\n\n".join(parts), tuple(set_aside)


@dataclass(frozen=True)
class CarriedTotals:
    """What comes along in all, and how many criteria of either edition are without a counterpart. A piece counts once."""

    answers: int
    narratives: int
    pieces: int
    comments: int
    emptied: int
    new: int
    retired: int


def total_carried(carried: Iterable[CarriedCriterion]) -> CarriedTotals:
    """Count what goes into the new assessment; what stays behind is only counted as retired."""
    everything = list(carried)
    coming = [criterion for criterion in everything if criterion.move.new]
    return CarriedTotals(
        answers=sum(criterion.is_answer for criterion in coming),
        narratives=sum(bool(criterion.narrative) for criterion in coming),
        pieces=len({piece for criterion in coming for piece in criterion.pieces}),
        comments=sum(criterion.comments for criterion in coming),
        emptied=sum(len(criterion.emptied) for criterion in coming),
        new=sum(not criterion.move.old for criterion in coming),
        retired=len(everything) - len(coming),
    )
