"""The tiles of a board, or their list: all criteria by practice area, narrowed to a status and a department."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from app.rules.board import CALLS, STATUS_NAMES, BoardView, CriterionStatus
from app.rules.criteria.edition import Area
from app.rules.message import Message
from app.rules.people.permissions import Role
from app.services.assessment.overview import Overview
from app.services.assessment.tiles import BoardTile, build_tile
from app.services.desk import Desk


class AreaTiles(NamedTuple):
    """A practice area with the tiles that the filter lets through; `met` of `total` counts all of them.

    `others` counts what is in each other status, `at_risk` what is met on evidence that has lapsed. In a list the area is folded unless
    something in it waits for the reader (`is_open`).
    """

    id: str
    title: str
    tiles: tuple[BoardTile, ...]
    met: int
    total: int
    others: tuple[tuple[Message, int], ...]
    at_risk: int
    is_open: bool


@dataclass(frozen=True)
class BoardFilter:
    """What the criteria are narrowed to; None lets all through. `departments` are those to choose from, `view` how they are shown.

    `calls` is the status in which a criterion waits for the reader, of the departments `mine`, or of all where that is None.
    """

    status: CriterionStatus | None
    department_id: int | None
    departments: tuple[tuple[int, str], ...]
    view: BoardView = BoardView.TILES
    calls: CriterionStatus | None = None
    mine: frozenset[int] | None = None

    @property
    def is_list(self) -> bool:
        return self.view is BoardView.LIST

    @property
    def department_names(self) -> dict[int, str]:
        return dict(self.departments)

    @property
    def is_on(self) -> bool:
        return self.status is not None or self.department_id is not None

    def lets(self, tile: BoardTile) -> bool:
        by_status = self.status is None or tile.status is self.status
        return by_status and self.department_id in {None, tile.department_id}

    def is_called_by(self, tile: BoardTile) -> bool:
        return tile.status is self.calls and (self.mine is None or tile.department_id in self.mine)


@dataclass(frozen=True)
class BoardTiles:
    """The tiles by practice area. `shown` of `total` pass the filter; `legend` counts those of each status before it."""

    narrowed: BoardFilter
    areas: tuple[AreaTiles, ...]
    shown: int
    total: int
    legend: tuple[tuple[CriterionStatus, Message, int], ...]


def load_tiles(desk: Desk, overview: Overview, status: str, department: str, view: BoardView) -> BoardTiles:
    """All tiles of the overview, narrowed to a status and a department; an unknown one narrows nothing."""
    departments = tuple(overview.departments.items())
    chosen_status = CriterionStatus(status) if status in set(CriterionStatus) else None
    narrowed = BoardFilter(
        status=chosen_status,
        department_id=next((id for id, _ in departments if str(id) == department), None),
        departments=departments,
        view=view,
        calls=CALLS.get(desk.who.role),
        mine=desk.who.departments if desk.who.role is Role.LEAD else None,
    )
    return _build_tiles(overview, narrowed)


def _build_tiles(overview: Overview, narrowed: BoardFilter) -> BoardTiles:
    tiles = {stand.code: build_tile(overview, stand) for stand in overview.stands}
    areas = tuple(
        _area_tiles(area, [tiles[code] for code in area.criteria], narrowed) for area in overview.edition.areas
    )
    return BoardTiles(
        narrowed=narrowed,
        areas=tuple(area_tiles for area_tiles in areas if area_tiles.tiles),
        shown=sum(len(area_tiles.tiles) for area_tiles in areas),
        total=len(tiles),
        legend=_count_statuses(tiles.values()),
    )


def _area_tiles(area: Area, tiles: Sequence[BoardTile], narrowed: BoardFilter) -> AreaTiles:
    counts = Counter(tile.status for tile in tiles)
    met = counts.pop(CriterionStatus.MET, 0)
    return AreaTiles(
        id=area.id,
        title=area.title,
        tiles=tuple(filter(narrowed.lets, tiles)),
        met=met,
        total=len(tiles),
        others=tuple((STATUS_NAMES[status], counts[status]) for status in CriterionStatus if counts[status]),
        at_risk=sum(tile.at_risk for tile in tiles),
        is_open=narrowed.is_on or any(map(narrowed.is_called_by, tiles)),
    )


def _count_statuses(tiles: Iterable[BoardTile]) -> tuple[tuple[CriterionStatus, Message, int], ...]:
    counts = Counter(tile.status for tile in tiles)
    return tuple((status, STATUS_NAMES[status], counts[status]) for status in CriterionStatus)
