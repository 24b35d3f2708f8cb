"""Where the city stands, and who has to do what: the data office's page, for everyone in the city to see."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.rules.assessment import AssessmentValues
from app.rules.board import CriterionStatus, NextActor, chosen_view, next_actor, status_of
from app.rules.city.first_steps import StepLine
from app.rules.city.naming import SizeNotice, size_notice
from app.rules.message import Message
from app.rules.my_work import WITH_THE_DEPARTMENT, due_in_words, is_overdue
from app.rules.scoring import score as scoring
from app.rules.scoring.confidence import range_in_words
from app.rules.scoring.headline import results_headline
from app.rules.scoring.results import TwoResults, core_in_words, distance_in_words, results_details
from app.rules.scoring.score import Score, Standing
from app.services.assessment.figures import Outlook, outlook_of
from app.services.assessment.levels import LevelScale, LevelThreshold, list_levels
from app.services.assessment.overview import Overview, load_overview
from app.services.assessment.stand import Stand
from app.services.award import HeldAward, find_kept_award
from app.services.board.tiles import BoardTiles, load_tiles
from app.services.board.week import WeekSummary, summarize_week
from app.services.desk import Desk
from app.services.first_steps import load_first_steps

DUE_SHOWN = 3
"""How many coming dates fit on the board without becoming a list to work through; that is what my-work is for."""


@dataclass(frozen=True)
class DepartmentRow:
    """How a department stands. `id` and an empty name: the criteria that no department has. `open` are not handed in yet."""

    id: int | None
    name: str
    assigned: int
    open: int
    submitted: int
    met: int
    returned: int
    overdue: int


@dataclass(frozen=True)
class DueCriterion:
    stand: Stand
    due_on: date
    words: Message


@dataclass(frozen=True)
class AwaitedParty:
    """Someone who has to move: how many criteria wait, since when (for the reviewer) and how many are late (for a department)."""

    whom: NextActor
    department: str
    department_id: int | None
    count: int
    oldest: datetime | None
    returned: int
    overdue: int


@dataclass(frozen=True)
class Board:
    """The whole board. What its larger parts are made from can be hashed, so that their HTML is kept under it.

    `outlook` says what is at risk, or when a level is lost; `claimed_range` between which levels the result lies if the departments
    are right.
    """

    assessment: AssessmentValues
    score: Score
    results: TwoResults
    headline: Message
    details: Message
    by_count: Message
    core: Message
    distance: Message
    outlook: Outlook
    claimed_range: Message
    figures: Standing
    levels: tuple[LevelThreshold, ...]
    tiles: BoardTiles
    departments: tuple[DepartmentRow, ...]
    week: WeekSummary
    due_next: tuple[DueCriterion, ...]
    waited: tuple[AwaitedParty, ...]
    award: HeldAward | None
    small: SizeNotice | None
    first_steps: tuple[StepLine, ...] = ()

    @property
    def scale(self) -> LevelScale:
        return LevelScale(self.figures, self.levels)

    @property
    def unassigned(self) -> int:
        return sum(row.assigned for row in self.departments if row.id is None)

    @property
    def to_review(self) -> int:
        return sum(row.submitted for row in self.departments)


def load_board(desk: Desk, *, status: str = "", department: str = "", view: str = "") -> Board:
    """The board of the open assessment, its tiles narrowed to a status and a department; an unknown one narrows nothing.

    `view` is how they are shown; empty for what suits the role.
    Raises NotFound without an open assessment.
    """
    overview = load_overview(desk.session, desk.site, desk.who.city, desk.who.language)
    departments = tuple(overview.departments.items())
    department_rows = _department_rows(overview, departments, desk.who.today)
    first_steps = load_first_steps(desk, overview)
    return Board(
        assessment=overview.assessment,
        score=overview.score,
        results=overview.results,
        headline=results_headline(overview.results),
        details=results_details(overview.results),
        by_count=scoring.LEVEL_NAMES[overview.score.level_by_count],
        core=core_in_words(overview.results),
        distance=distance_in_words(overview.results),
        outlook=outlook_of(overview),
        claimed_range=range_in_words(overview.level_range),
        figures=overview.standing,
        levels=list_levels(overview.edition),
        tiles=load_tiles(
            desk, overview, status, department, chosen_view(view, desk.who.role, is_new=bool(first_steps))
        ),
        departments=department_rows,
        week=summarize_week(desk, overview.edition, overview.names),
        due_next=tuple(_list_due_next(overview, desk.who.today)[:DUE_SHOWN]),
        waited=_list_awaited(overview, department_rows),
        award=find_kept_award(desk),
        small=size_notice(desk.who.city.population, overview.edition.population),
        first_steps=first_steps,
    )


def _department_rows(
    overview: Overview, departments: Sequence[tuple[int, str]], today: date
) -> tuple[DepartmentRow, ...]:
    department_rows = [_department_row(overview, id, name, today) for id, name in (*departments, (None, ""))]
    return tuple(
        department_row for department_row in department_rows if department_row.id is not None or department_row.assigned
    )


def _department_row(overview: Overview, id: int | None, name: str, today: date) -> DepartmentRow:
    stands = [stand for stand in overview.stands if stand.department_id == id]
    statuses = Counter(status_of(stand.state, stand.decision) for stand in stands)
    return DepartmentRow(
        id=id,
        name=name,
        assigned=len(stands),
        open=sum(stand.state in WITH_THE_DEPARTMENT for stand in stands),
        submitted=statuses[CriterionStatus.SUBMITTED],
        met=statuses[CriterionStatus.MET],
        returned=statuses[CriterionStatus.RETURNED],
        overdue=sum(is_overdue(stand.state, overview.find_due_day(stand), today) for stand in stands),
    )


def _list_due_next(overview: Overview, today: date) -> list[DueCriterion]:
    stands_by_day = [
        (overview.find_due_day(stand), stand) for stand in overview.stands if stand.state in WITH_THE_DEPARTMENT
    ]
    upcoming = [
        DueCriterion(stand, day, due_in_words(day, today)) for day, stand in stands_by_day if day and day >= today
    ]
    return sorted(upcoming, key=lambda due: due.due_on)


def _list_awaited(overview: Overview, department_rows: Sequence[DepartmentRow]) -> tuple[AwaitedParty, ...]:
    """The reviewer and the data office first, then the departments, the latest and most asked first."""
    waits = [(next_actor(stand.state, stand.department_id is not None), stand) for stand in overview.stands]
    submitted = [stand for whom, stand in waits if whom is NextActor.REVIEWER]
    oldest = min((stand.submitted_at for stand in submitted if stand.submitted_at), default=None)
    unassigned_count = sum(whom is NextActor.DATA_OFFICE for whom, _ in waits)
    office_parties = (
        AwaitedParty(NextActor.REVIEWER, "", None, len(submitted), oldest, 0, 0),
        AwaitedParty(NextActor.DATA_OFFICE, "", None, unassigned_count, None, 0, 0),
    )
    ordered_rows = sorted(
        (department_row for department_row in department_rows if department_row.id),
        key=lambda department_row: (-department_row.overdue, -department_row.returned, -department_row.open),
    )
    department_parties = (
        AwaitedParty(
            NextActor.DEPARTMENT,
            department_row.name,
            department_row.id,
            department_row.open,
            None,
            department_row.returned,
            department_row.overdue,
        )
        for department_row in ordered_rows
    )
    return tuple(party for party in (*office_parties, *department_parties) if party.count)
