"""A criterion as a tile, on the board and in a closed assessment."""

from typing import NamedTuple

from app.rules.board import STATUS_NAMES, CriterionStatus, status_of
from app.rules.message import Message
from app.services.assessment.overview import Overview
from app.services.assessment.stand import Stand


class BoardTile(NamedTuple):
    """A criterion on the board; `at_risk` when it is met and its evidence has lapsed, `blocked` when it waits for a prerequisite."""

    code: str
    title: str
    core: bool
    department_id: int | None
    status: CriterionStatus
    at_risk: bool
    blocked: bool

    @property
    def word(self) -> Message:
        return STATUS_NAMES[self.status]


def build_tile(overview: Overview, stand: Stand) -> BoardTile:
    """How a criterion looks on the overview's day."""
    criterion, code = stand.criterion, stand.criterion.code
    at_risk, blocked = code in overview.at_risk, code in overview.score.blocked
    status = status_of(stand.state, stand.decision)
    return BoardTile(code, criterion.title, criterion.core, stand.department_id, status, at_risk, blocked)
