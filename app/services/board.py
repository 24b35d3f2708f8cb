"""Where the city stands, and who has to do what: the data office's page, for everybody in the city to see."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.rules import charts
from app.rules.board import NEWS, STATUS_NAMES, Status, Waiting, status_of, waits_for, week_in_words
from app.rules.criteria import Area
from app.rules.history.sentences import sentence
from app.rules.message import Said
from app.rules.my_work import WITH_THE_DEPARTMENT, due_in_words, is_overdue
from app.rules.scoring import score as scoring
from app.rules.scoring.confidence import range_in_words
from app.rules.scoring.score import Score, Standing
from app.services.assessment import Overview, Stand, overview
from app.services.desk import Desk
from app.services.levels import LevelThreshold, level_gauge, list_levels
from app.services.readiness import Outlook, outlook_of
from app.store.assessment import Assessment
from app.store.history import events as history

WEEK = timedelta(days=7)
DUE_NEXT = 6
"""How many coming dates fit on the board without becoming a list to work through; that is what my-work is for."""
NEWS_SHOWN = 4


@dataclass(frozen=True)
class Tile:
    """A criterion on the board; `at_risk` when it is met and its evidence has lapsed, `blocked` when it waits for a prerequisite."""

    stand: Stand
    status: Status
    at_risk: bool
    blocked: bool

    @property
    def word(self) -> Said:
        return STATUS_NAMES[self.status]


@dataclass(frozen=True)
class AreaTiles:
    """A practice area with the tiles that the filter lets through; `met` of `total` counts all of them."""

    area: Area
    tiles: tuple[Tile, ...]
    met: int
    total: int


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
class DueNext:
    stand: Stand
    due_on: date
    words: Said


@dataclass(frozen=True)
class Waited:
    """Somebody who has to move: how many criteria wait, since when (for the reviewer) and how many are late (for a department)."""

    whom: Waiting
    department: str
    department_id: int | None
    count: int
    oldest: datetime | None
    returned: int
    overdue: int


@dataclass(frozen=True)
class News:
    """Something of the past days that changed how the city stands."""

    at: datetime
    said: Said


@dataclass(frozen=True)
class Week:
    """The past seven days: how much of what was done, and the newest news, newest first."""

    counts: tuple[Said, ...]
    news: tuple[News, ...]


@dataclass(frozen=True)
class Filter:
    """What the tiles are narrowed to; None lets all through. `departments` are those to choose from."""

    status: Status | None
    department_id: int | None
    departments: tuple[tuple[int, str], ...]

    @property
    def is_on(self) -> bool:
        return self.status is not None or self.department_id is not None

    def lets(self, tile: Tile) -> bool:
        by_status = self.status is None or tile.status is self.status
        return by_status and self.department_id in {None, tile.stand.department_id}


@dataclass(frozen=True)
class Board:
    """The whole board. `shown` counts the tiles after the filter; `legend` the tiles of each status before it.

    `outlook` says what is at risk, or when a level is lost; `claimed_range` between which levels the result lies if the departments
    are right.
    """

    assessment: Assessment
    score: Score
    headline: Said
    by_count: Said
    core: Said
    distance: Said
    outlook: Outlook
    claimed_range: Said
    figures: Standing
    levels: tuple[LevelThreshold, ...]
    narrowed: Filter
    areas: tuple[AreaTiles, ...]
    shown: int
    legend: tuple[tuple[Status, Said, int], ...]
    departments: tuple[DepartmentRow, ...]
    week: Week
    due_next: tuple[DueNext, ...]
    waited: tuple[Waited, ...]

    @property
    def unassigned(self) -> int:
        return sum(row.assigned for row in self.departments if row.id is None)

    @property
    def to_review(self) -> int:
        return sum(row.submitted for row in self.departments)

    def gauge(self, titles: Sequence[str], width: float = 700) -> charts.Gauge:
        """The level scale; `titles` are the names of `levels` in the reader's language."""
        marks = tuple((title, level.needed) for title, level in zip(titles, self.levels, strict=True))
        return level_gauge(self.figures, marks, width)


def show(desk: Desk, *, status: str = "", department: str = "") -> Board:
    """The board of the open assessment, its tiles narrowed to a status and a department; an unknown one narrows nothing.

    Raises NotFound without an open assessment.
    """
    seen = overview(desk.session, desk.site, desk.who.city, desk.who.language)
    known = tuple(seen.departments.items())
    narrowed = _filter(known, status, department)
    tiles = {stand.code: _tile(seen, stand) for stand in seen.stands}
    areas = tuple(_area(area, [tiles[code] for code in area.criteria], narrowed) for area in seen.edition.areas)
    rows = _departments(seen, known, desk.who.today)
    return Board(
        assessment=seen.assessment,
        score=seen.score,
        headline=scoring.headline(seen.score),
        by_count=scoring.LEVEL_NAMES[seen.score.level_by_count],
        core=scoring.explain_core(seen.score),
        distance=scoring.explain_distance(seen.score),
        outlook=outlook_of(seen),
        claimed_range=range_in_words(seen.level_range),
        figures=seen.standing,
        levels=list_levels(seen.edition),
        narrowed=narrowed,
        areas=tuple(row for row in areas if row.tiles),
        shown=sum(len(row.tiles) for row in areas),
        legend=_legend(tiles.values()),
        departments=rows,
        week=_week(desk, seen.names),
        due_next=tuple(_due_next(seen, desk.who.today)[:DUE_NEXT]),
        waited=_waited(seen, rows),
    )


def _tile(seen: Overview, stand: Stand) -> Tile:
    status = status_of(stand.state, stand.decision)
    return Tile(stand, status, stand.code in seen.at_risk, stand.code in seen.score.blocked)


def _filter(known: tuple[tuple[int, str], ...], status: str, department: str) -> Filter:
    found = Status(status) if status in set(Status) else None
    return Filter(found, next((id for id, _ in known if str(id) == department), None), known)


def _area(area: Area, tiles: Sequence[Tile], narrowed: Filter) -> AreaTiles:
    met = sum(tile.status is Status.MET for tile in tiles)
    return AreaTiles(area, tuple(filter(narrowed.lets, tiles)), met, len(tiles))


def _legend(tiles: Iterable[Tile]) -> tuple[tuple[Status, Said, int], ...]:
    counts = Counter(tile.status for tile in tiles)
    return tuple((status, STATUS_NAMES[status], counts[status]) for status in Status)


def _departments(seen: Overview, known: Sequence[tuple[int, str]], today: date) -> tuple[DepartmentRow, ...]:
    rows = [_department(seen, id, name, today) for id, name in (*known, (None, ""))]
    return tuple(row for row in rows if row.id is not None or row.assigned)


def _department(seen: Overview, id: int | None, name: str, today: date) -> DepartmentRow:
    stands = [stand for stand in seen.stands if stand.department_id == id]
    statuses = Counter(status_of(stand.state, stand.decision) for stand in stands)
    return DepartmentRow(
        id=id,
        name=name,
        assigned=len(stands),
        open=sum(stand.state in WITH_THE_DEPARTMENT for stand in stands),
        submitted=statuses[Status.SUBMITTED],
        met=statuses[Status.MET],
        returned=statuses[Status.RETURNED],
        overdue=sum(is_overdue(stand.state, due_on(seen, stand), today) for stand in stands),
    )


def due_on(seen: Overview, stand: Stand) -> date | None:
    """The day a criterion is due: its assignment's, else that of the whole assessment."""
    return stand.due_on or seen.assessment.due_on


def _due_next(seen: Overview, today: date) -> list[DueNext]:
    dated = [(due_on(seen, stand), stand) for stand in seen.stands if stand.state in WITH_THE_DEPARTMENT]
    coming = [DueNext(stand, day, due_in_words(day, today)) for day, stand in dated if day and day >= today]
    return sorted(coming, key=lambda due: due.due_on)


def _waited(seen: Overview, rows: Sequence[DepartmentRow]) -> tuple[Waited, ...]:
    """The reviewer and the data office first, then the departments, the latest and most asked first."""
    moves = [(waits_for(stand.state, stand.department_id is not None), stand) for stand in seen.stands]
    submitted = [stand for whom, stand in moves if whom is Waiting.REVIEWER]
    oldest = min((stand.submitted_at for stand in submitted if stand.submitted_at), default=None)
    homeless = sum(whom is Waiting.DATA_OFFICE for whom, _ in moves)
    office = (
        Waited(Waiting.REVIEWER, "", None, len(submitted), oldest, 0, 0),
        Waited(Waiting.DATA_OFFICE, "", None, homeless, None, 0, 0),
    )
    asked = sorted((row for row in rows if row.id), key=lambda row: (-row.overdue, -row.returned, -row.open))
    departments = (
        Waited(Waiting.DEPARTMENT, row.name, row.id, row.open, None, row.returned, row.overdue) for row in asked
    )
    return tuple(waited for waited in (*office, *departments) if waited.count)


def _week(desk: Desk, names: dict[int, str]) -> Week:
    since = datetime.combine(desk.who.today - WEEK, time(), ZoneInfo(desk.who.city.time_zone))
    events = history.events(desk.session, desk.city_id, limit=NEWS_SHOWN, verbs=list(NEWS))
    news = (
        News(event.at, sentence(event.verb, event.subject, json.loads(event.details), event.person_id, names))
        for event in events
        if event.at >= since
    )
    return Week(week_in_words(history.counts_since(desk.session, desk.city_id, since)), tuple(news))
