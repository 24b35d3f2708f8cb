"""What a board says of one criterion: its status as people tell them apart, and who has to move next."""

from collections.abc import Mapping
from enum import StrEnum

from app.rules.message import Message, counted
from app.rules.my_work import WITH_THE_DEPARTMENT
from app.rules.people.permissions import OFFICE, Role
from app.rules.review.moves import STATE_NAMES, ResponseState
from app.rules.scoring.score import VERDICT_NAMES, VerdictKind


class CriterionStatus(StrEnum):
    """State and verdict in one, since a board has one tile for both. The order is that of the legend."""

    MET = "met"
    NOT_MET = "not_met"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    IN_PROGRESS = "in_progress"
    NOT_STARTED = "not_started"


STATUS_NAMES = {
    CriterionStatus.MET: VERDICT_NAMES[VerdictKind.MET],
    CriterionStatus.NOT_MET: VERDICT_NAMES[VerdictKind.NOT_MET],
    CriterionStatus.SUBMITTED: STATE_NAMES[ResponseState.SUBMITTED],
    CriterionStatus.RETURNED: STATE_NAMES[ResponseState.RETURNED],
    CriterionStatus.IN_PROGRESS: STATE_NAMES[ResponseState.IN_PROGRESS],
    CriterionStatus.NOT_STARTED: STATE_NAMES[ResponseState.NOT_STARTED],
}


def status_of(state: ResponseState, decision: VerdictKind | None) -> CriterionStatus:
    """The status of a response. The verdict speaks only where it stands: after a new submission the old one is past."""
    if state is not ResponseState.DECIDED:
        return CriterionStatus(state.value)
    return CriterionStatus.MET if decision is VerdictKind.MET else CriterionStatus.NOT_MET


class BoardView(StrEnum):
    """How the criteria of a board are shown."""

    TILES = "tiles"
    LIST = "list"


def chosen_view(asked: str, role: Role, *, is_new: bool = False) -> BoardView:
    """The view that is asked for. Without one a list for those who do not know the codes, and in a city that `is_new`, where no tile
    tells of anything yet; tiles for the data office.
    """
    if asked in set(BoardView):
        return BoardView(asked)
    return BoardView.TILES if role in OFFICE and not is_new else BoardView.LIST


CALLS: Mapping[Role, CriterionStatus] = {
    Role.LEAD: CriterionStatus.RETURNED,
    Role.REVIEWER: CriterionStatus.SUBMITTED,
    Role.ADMIN: CriterionStatus.SUBMITTED,
}
"""In which status a criterion waits for a reader of the role, a lead only for what is their department's; officials decide nothing here."""


class NextActor(StrEnum):
    """Who is waited for."""

    REVIEWER = "reviewer"
    DEPARTMENT = "department"
    DATA_OFFICE = "data_office"
    NOBODY = "nobody"


def next_actor(state: ResponseState, assigned: bool) -> NextActor:
    """Who has to move next: without a department the data office has to choose one first."""
    if state is ResponseState.SUBMITTED:
        return NextActor.REVIEWER
    if state not in WITH_THE_DEPARTMENT:
        return NextActor.NOBODY
    return NextActor.DEPARTMENT if assigned else NextActor.DATA_OFFICE


NEWS_VERBS = ("submitted", "taken_back", "verdict_given", "reopened", "report_made")
"""Verbs of the record that change how the city stands; the steps in between are only counted."""


def week_in_words(counts: Mapping[str, int]) -> tuple[Message, ...]:
    """What moved in a week, from the number of events by verb; what did not happen is not told."""
    messages = (
        counted("%(count)s response submitted", "%(count)s responses submitted", counts.get("submitted", 0)),
        counted("%(count)s verdict given", "%(count)s verdicts given", counts.get("verdict_given", 0)),
        counted(
            "%(count)s piece of evidence added", "%(count)s pieces of evidence added", counts.get("evidence_added", 0)
        ),
        counted("%(count)s narrative saved", "%(count)s narratives saved", counts.get("narrative_written", 0)),
    )
    return tuple(message for message in messages if message.count)
