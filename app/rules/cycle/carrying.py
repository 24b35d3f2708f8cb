"""What of an assessment's answers comes along into the next one, which may be of another edition.

Texts, evidence, comments and ticks come along. Self-ratings, verdicts and whatever is bound to a time do not: they have to be
given anew. Of several criteria that become one everything comes together; of one that is split each part gets everything, since
only people can tell what belongs where.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.rules.criteria import ChecklistItem, Edition, Window
from app.rules.editions import Item, Move
from app.rules.response import NARRATIVE_LIMIT


@dataclass(frozen=True)
class Answer:
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
class Carried:
    """What happens to one criterion.

    `ticks` are ids of the new checklist, `emptied` the items that were ticked and are not any more because they are bound to a time.
    `pieces` and `guests` are as in an `Answer`; no items means the criterion as a whole. `set_aside` are texts, each with the code that it comes
    from, that would make the narrative too long, to be kept beside it.
    """

    move: Move
    answers: tuple[Answer, ...]
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


def carry(move: Move, old: Edition, new: Edition, answers: Mapping[str, Answer]) -> Carried:
    """What comes along in a move; of a retired criterion, what stays behind. The editions have the city's own checklists in them."""
    found = tuple(answers[code] for code in move.old if code in answers)
    ticked = {Item(answer.code, item) for answer in found for item in answer.ticked}
    pairs = [(pair.old, items) for pair in move.items if (items := _pair(pair, old, new))]
    lasting = {key: after.id for key, (before, after) in pairs if _is_lasting(before) and _is_lasting(after)}
    narrative, set_aside = join_texts([(answer.code, answer.narrative) for answer in found])
    return Carried(
        move=move,
        answers=found,
        ticks=tuple(item for key, item in lasting.items() if key in ticked),
        emptied=tuple(after for key, (_, after) in pairs if key in ticked and key not in lasting),
        pieces=_pieces(found, lasting),
        narrative=narrative,
        set_aside=set_aside,
        guests=_guests(found),
    )


def _pair(pair: Iterable[Item], old: Edition, new: Edition) -> tuple[ChecklistItem, ChecklistItem] | None:
    """Both items, or None where a city's own checklist has replaced one of them."""
    found = [_item(edition, item) for edition, item in zip((old, new), pair, strict=True)]
    before, after = found
    return (before, after) if before and after else None


def _item(edition: Edition, wanted: Item) -> ChecklistItem | None:
    return next((item for item in edition.criteria[wanted.code].checklist if item.id == wanted.id), None)


def _is_lasting(item: ChecklistItem) -> bool:
    return item.window is Window.NONE


def _pieces(found: Sequence[Answer], lasting: Mapping[Item, str]) -> dict[int, tuple[str, ...]]:
    """Each piece with the items that it goes on supporting; with none left, the criterion as a whole, so that no piece is lost."""
    kept: dict[int, set[str]] = {}
    for answer in found:
        for piece, items in answer.pieces.items():
            keys = (Item(answer.code, item) for item in items)
            kept.setdefault(piece, set()).update(lasting[key] for key in keys if key in lasting)
    return {piece: tuple(sorted(items)) for piece, items in sorted(kept.items())}


def _guests(found: Sequence[Answer]) -> frozenset[int]:
    """Pieces that belong to none of the criteria that come together."""
    own = {piece for answer in found for piece in answer.pieces if piece not in answer.guests}
    return frozenset(piece for answer in found for piece in answer.guests) - own


def join_texts(texts: Iterable[tuple[str, str]]) -> tuple[str, tuple[tuple[str, str], ...]]:
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
class Totals:
    """What comes along in all, and how many criteria of either edition are without a counterpart. A piece counts once."""

    answers: int
    narratives: int
    pieces: int
    comments: int
    emptied: int
    new: int
    retired: int


def totals(carried: Iterable[Carried]) -> Totals:
    """Count what goes into the new assessment; what stays behind is only counted as retired."""
    everything = list(carried)
    coming = [one for one in everything if one.move.new]
    return Totals(
        answers=sum(one.is_answer for one in coming),
        narratives=sum(bool(one.narrative) for one in coming),
        pieces=len({piece for one in coming for piece in one.pieces}),
        comments=sum(one.comments for one in coming),
        emptied=sum(len(one.emptied) for one in coming),
        new=sum(not one.move.old for one in coming),
        retired=len(everything) - len(coming),
    )
