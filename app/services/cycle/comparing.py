"""Two assessments of a city side by side: what was gained and lost, also from one edition to another."""

from dataclasses import dataclass

from sqlmodel import Session

from app.rules.cycle.confirming import CHANGE_MEANINGS, CHANGE_NAMES, Change, change_of
from app.rules.editions import Move, moves
from app.rules.errors import NotFound, Refused
from app.rules.message import Said, say
from app.rules.scoring.score import Decision
from app.services.cycle.page import Run, runs
from app.services.desk import Desk
from app.store import cycle, review
from app.store.assessment import Assessment


@dataclass(frozen=True)
class Compared:
    """One criterion; `code` is the later one, or the earlier one where it is retired, and `before` are codes that differ from it."""

    code: str
    title: str
    before: tuple[str, ...]


@dataclass(frozen=True)
class ChangeGroup:
    change: Change
    criteria: tuple[Compared, ...]

    @property
    def name(self) -> Said:
        return CHANGE_NAMES[self.change]

    @property
    def meaning(self) -> Said:
        return CHANGE_MEANINGS[self.change]


@dataclass(frozen=True)
class ComparePage:
    """`runs` can be chosen from. `earlier` and `later` are None while there are not two; `groups` has every change, also empty ones."""

    runs: tuple[Run, ...]
    earlier: Run | None
    later: Run | None
    groups: tuple[ChangeGroup, ...]


def compare(desk: Desk, earlier: str = "", later: str = "") -> ComparePage:
    """The assessments with these ids as text; without them, the two newest.

    Raises NotFound, also for one of another city, and Refused where nothing says how their editions follow one another.
    """
    rows = cycle.runs(desk.session, desk.city_id)
    known = {str(row.id): row for row in rows}
    if len(rows) < 2 and not (earlier or later):
        return ComparePage(runs(desk, rows), None, None, ())
    newest = [str(row.id) for row in rows] + ["", ""]
    first, second = _chosen(known, earlier or newest[1]), _chosen(known, later or newest[0])
    lines = {run.id: run for run in runs(desk, rows)}
    return ComparePage(
        runs=tuple(lines.values()),
        earlier=lines[first.id],
        later=lines[second.id],
        groups=_groups(desk, first, second),
    )


def _chosen(known: dict[str, Assessment], wanted: str) -> Assessment:
    found = known.get(wanted)
    if found is None:
        raise NotFound(say("There is no such assessment in this city."))
    return found


def _groups(desk: Desk, first: Assessment, second: Assessment) -> tuple[ChangeGroup, ...]:
    old, new = (desk.site.edition(row.edition, desk.who.language) for row in (first, second))
    succession = desk.site.succession(old.id, new.id)
    if succession is None:
        raise Refused(say("Nothing says how the editions of these two follow one another, so they cannot be compared."))
    was, now = (_decisions(desk.session, row) for row in (first, second))
    found: dict[Change, list[Compared]] = {change: [] for change in Change}
    for move in moves(old, new, succession):
        edition = new if move.new else old
        code = move.new or move.old[0]
        found[change_of(move, was, now)].append(Compared(code, edition.criteria[code].title, _others(move)))
    return tuple(ChangeGroup(change, tuple(criteria)) for change, criteria in found.items())


def _others(move: Move) -> tuple[str, ...]:
    return tuple(code for code in move.old if move.new and move.old != (move.new,))


def _decisions(session: Session, row: Assessment) -> dict[str, Decision]:
    found = review.latest_decisions(session, row.city_id, row.id)
    return {code: Decision(decision) for code, decision in found.items()}
