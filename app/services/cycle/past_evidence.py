"""The pieces of a closed assessment as they were when it was closed, whatever has become of them since."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.rules.evidence.piece import Visibility
from app.rules.evidence.version import read_version, version_in_force
from app.rules.history.verbs import Verb
from app.services.desk import Desk
from app.services.evidence.pieces import ShownPiece, describe_piece, load_reach
from app.store.evidence import files, past, support
from app.store.evidence.pieces import Evidence
from app.store.evidence.version import EvidenceVersion
from app.store.history import events

MOST_REMOVALS = 5_000
"""Events that take evidence out of use or put it back, of which a city has a few dozen."""


@dataclass(frozen=True)
class PastPiece:
    """A piece as it was; `number` is the version that said so, where the piece says something else today, and 0 otherwise.

    `disposed` when nothing of its content is left.
    """

    piece: ShownPiece
    number: int
    disposed: bool

    @property
    def changed_since(self) -> bool:
        return self.number > 0


@dataclass(frozen=True)
class ClosingPoint:
    """When an assessment was closed, and the number of the event that closed it; 0 where the record does not say."""

    at: datetime
    number: int


@dataclass(frozen=True)
class UsedSupport:
    """The support of a piece that was in use: `piece` is its row today, `then` what it said, as a row that is in no session.

    `number` is as in a `PastPiece`.
    """

    criterion: str
    item: str
    piece: Evidence
    then: Evidence
    number: int


def list_used_supports(desk: Desk, assessment_id: int, closing: ClosingPoint) -> list[UsedSupport]:
    """What supported the assessment and was in use when it was closed; three queries."""
    removed = _removed_before(desk, closing.number)
    used = [
        used_support
        for used_support in past.list_past_supports(desk.session, desk.city_id, assessment_id)
        if not removed.get(used_support.piece.id, _was_removed(used_support.piece, closing.at))
    ]
    versions = past.load_versions(desk.session, desk.city_id, {used_support.piece.id for used_support in used})
    return [
        UsedSupport(
            used_support.criterion,
            used_support.item,
            used_support.piece,
            *_piece_then(used_support.piece, versions, closing),
        )
        for used_support in used
    ]


def _was_removed(piece: Evidence, moment: datetime) -> bool:
    return piece.withdrawn_at is not None and piece.withdrawn_at <= moment


def _removed_before(desk: Desk, number: int) -> dict[int, bool]:
    """Whether a piece was out of use then, by its id, where the record tells of it."""
    verbs: list[str] = [Verb.EVIDENCE_WITHDRAWN, Verb.EVIDENCE_RESTORED]
    if not number:
        return {}
    told = events.list_events(desk.session, desk.city_id, before=number, limit=MOST_REMOVALS, verbs=verbs)
    return {
        json.loads(event.details).get("evidence", 0): event.verb == Verb.EVIDENCE_WITHDRAWN for event in reversed(told)
    }


def _piece_then(
    piece: Evidence, versions: Mapping[int, Sequence[EvidenceVersion]], closing: ClosingPoint
) -> tuple[Evidence, int]:
    """What the piece said, and the version that says so where it says something else today. What is restricted today stays so."""
    known = versions.get(piece.id, ())
    version = version_in_force(known, closing.at)
    if version is None or version.content == known[-1].content:
        return piece, 0
    then: dict[str, Any] = read_version(version.content) | {"file_id": version.file_id, "file_name": version.file_name}
    if piece.visibility == Visibility.RESTRICTED:
        then["visibility"] = Visibility.RESTRICTED.value
    return Evidence(**piece.model_dump() | then), version.number


def describe_past_pieces(desk: Desk, supports: Sequence[UsedSupport]) -> tuple[PastPiece, ...]:
    """The pieces of one criterion, the oldest first. What a piece said before it was changed is for those who answer for it."""
    by_piece: dict[int, list[UsedSupport]] = {}
    for used_support in supports:
        by_piece.setdefault(used_support.piece.id, []).append(used_support)
    owned = _owned_ids(desk, by_piece)
    file_ids = {used_support.then.file_id for used_support in supports if used_support.then.file_id}
    kept = files.load_files(desk.session, desk.city_id, file_ids)

    def describe(supports: Sequence[UsedSupport]) -> PastPiece:
        first, then = supports[0], supports[0].then
        closed = first.number > 0 or Visibility.RESTRICTED in (first.piece.visibility, then.visibility)
        items = tuple(used_support.item for used_support in supports if used_support.item)
        hidden = closed and first.piece.id not in owned
        shown = describe_piece(then, kept.get(then.file_id or 0), hidden=hidden, items=items)
        return PastPiece(shown, first.number, first.piece.disposed_at is not None)

    return tuple(map(describe, by_piece.values()))


def _owned_ids(desk: Desk, evidence_ids: Collection[int]) -> set[int]:
    """Those of the pieces of which the reader may also see what is closed to others, by who answers for them today."""
    reach = load_reach(desk)
    supports = support.load_supported_responses(desk.session, desk.city_id, reach.assessment_id, evidence_ids)
    return {evidence_id for evidence_id in evidence_ids if reach.owns(supports.get(evidence_id, ()))}
