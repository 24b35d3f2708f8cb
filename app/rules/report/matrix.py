"""The matrix of the council summary: a tile for each criterion, by practice area and state."""

from dataclasses import dataclass
from enum import StrEnum

from app.rules.message import Message, say
from app.rules.review.moves import ResponseState


class TileState(StrEnum):
    """How a criterion looks in the matrix of the summary, in the order of its legend."""

    MET = "met"
    AGED = "aged"
    SUBMITTED = "submitted"
    CHANGES_ASKED = "changes_asked"
    NOT_MET = "not_met"
    BEGUN = "begun"
    NOT_STARTED = "not_started"


TILE_NAMES: dict[TileState, Message] = {
    TileState.MET: say("Met"),
    TileState.AGED: say("Met, out of date"),
    TileState.SUBMITTED: say("With our reviewer"),
    TileState.CHANGES_ASKED: say("Changes requested"),
    TileState.NOT_MET: say("Not met"),
    TileState.BEGUN: say("Begun"),
    TileState.NOT_STARTED: say("Not started"),
}
_UNDECIDED: dict[ResponseState, TileState] = {
    ResponseState.NOT_STARTED: TileState.NOT_STARTED,
    ResponseState.IN_PROGRESS: TileState.BEGUN,
    ResponseState.SUBMITTED: TileState.SUBMITTED,
    ResponseState.RETURNED: TileState.CHANGES_ASKED,
}


def choose_tile_state(state: ResponseState, is_met: bool, is_aged: bool) -> TileState:
    """What counts as met looks so whatever is being done with it now."""
    if is_met:
        return TileState.AGED if is_aged else TileState.MET
    return _UNDECIDED.get(state, TileState.NOT_MET)


@dataclass(frozen=True)
class SummaryTile:
    """A criterion in the matrix: its `state` chooses the look, `name` is the word for it."""

    code: str
    title: str
    state: TileState
    name: str
    owner: str
    core: bool


@dataclass(frozen=True)
class SummaryArea:
    """A practice area as a row of the matrix; `said` is how many of its criteria are met."""

    title: str
    said: str
    tiles: tuple[SummaryTile, ...]
