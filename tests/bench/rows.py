"""What both anchors put on their pages, whichever way they read it, and the words and texts that stand in memory."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from app.adapters.criteria.editions import load_edition
from app.rules.criteria.edition import Area, Criterion, Edition
from app.settings import ROOT

LOOKS = {
    "met": ("met", "check_circle", "Met, verified"),
    "not_met": ("not-met", "cancel", "Not met"),
    "returned": ("returned", "undo", "Changes requested"),
    "submitted": ("submitted", "schedule", "In review"),
    "in_progress": ("in-progress", "edit", "In progress"),
    "not_started": ("not-started", "radio_button_unchecked", "Not started"),
}
WORK_LEFT = {"returned", "in_progress", "not_started"}


@cache
def edition() -> Edition:
    return load_edition(ROOT / "criteria" / "wwc-2022", "en")


class Row(NamedTuple):
    """A criterion in a list."""

    criterion: Criterion
    status: str
    look: tuple[str, str, str]
    rating: str | None
    ticked: int
    pieces: int
    department: str | None
    due_on: Any
    submitted_at: Any


class Group(NamedTuple):
    area: Area
    rows: list[Row]
    met: int


class Department(NamedTuple):
    name: str
    assigned: int
    open: int
    returned: int
    submitted: int
    met: int


def row(
    code: str, state: str | None, decision: str | None, rating: str | None, ticked: int, pieces: int,
    department: str | None, due_on: Any, submitted_at: Any,
) -> Row:  # fmt: skip
    status = (decision if state == "decided" else state) or "not_started"
    return Row(
        edition().criteria[code], status, LOOKS[status], rating, ticked, pieces, department, due_on, submitted_at
    )


def groups(rows: Iterable[Row]) -> list[Group]:
    found = {row.criterion.code: row for row in rows}
    areas = ((area, [found[code] for code in area.criteria if code in found]) for area in edition().areas)
    return [Group(area, rows, sum(row.status == "met" for row in rows)) for area, rows in areas]


def board(rows: Sequence[Row], departments: Iterable[str], week: Sequence[Any], news: Sequence[Any]) -> dict[str, Any]:
    counts = Counter(row.status for row in rows)
    left = sorted((row for row in rows if row.status in WORK_LEFT and row.due_on), key=lambda row: str(row.due_on))
    submitted = [row for row in rows if row.status == "submitted"]
    return {
        "groups": groups(rows),
        "legend": [(*look, counts[status]) for status, look in LOOKS.items()],
        "met": counts["met"],
        "percent": round(100 * counts["met"] / edition().total, 2),
        "claimed": sum(row.rating == "met" for row in rows),
        "possible": edition().total - counts["not_met"],
        "total": edition().total,
        "departments": [_department(name, rows) for name in departments],
        "due_next": left[:6],
        "to_review": len(submitted),
        "oldest": min((row.submitted_at for row in submitted), default=None),
        "week": week,
        "news": news,
    }


def _department(name: str, rows: Sequence[Row]) -> Department:
    own = Counter(row.status for row in rows if row.department == name)
    left = sum(own[status] for status in WORK_LEFT)
    return Department(name, own.total(), left, own["returned"], own["submitted"], own["met"])


def checklist(
    code: str, answers: Mapping[str, tuple[int, int]], supports: Iterable[str]
) -> list[tuple[Any, int, int, int]]:
    """Each item with whether it is ticked, the answer's version, and how many pieces support it."""
    counts = Counter(item for items in supports for item in set(items.split()))
    return [(item, *answers.get(item.id, (0, 0)), counts[item.id]) for item in edition().criteria[code].checklist]


def linked(code: str, met: Collection[str]) -> list[tuple[str, str, bool]]:
    """Code and title of what a criterion builds on and of what builds on it, and whether they are met."""
    codes = (*edition().criteria[code].prerequisites, *edition().unlocked_by(code))
    return [(other, edition().criteria[other].title, other in met) for other in codes]


def work(mine: Sequence[Row], reasons: Mapping[str, str]) -> dict[str, Any]:
    """Someone's own criteria in three groups, what is due first on top, each with what the reviewer has said last."""
    rank = {"returned": 0, "in_progress": 1, "not_started": 2}
    left = sorted((row for row in mine if row.status in WORK_LEFT), key=lambda row: (rank[row.status], str(row.due_on)))
    waiting = [row for row in mine if row.status == "submitted"]
    done = [row for row in mine if row.status in {"met", "not_met"}]
    named = (("To do", left), ("With the reviewer", waiting), ("Done", done))
    groups = [(name, [_card(row, reasons) for row in group]) for name, group in named if group]
    return {"groups": groups, "total": len(mine), "decided": len(done)}


def _card(row: Row, reasons: Mapping[str, str]) -> tuple[Row, str, int]:
    """With the reviewer's reason where it was not found met, and how many items are missing."""
    reason = "" if row.status == "met" else reasons.get(row.criterion.code, "")
    return row, reason, max(0, row.criterion.needed - row.ticked)


def queue(rows: Sequence[Row], names: Mapping[str, tuple[str, str]], departments: Sequence[Any]) -> dict[str, Any]:
    """What waits for review, the oldest first, with the names of who sent it and who has taken it."""
    waiting = sorted((row for row in rows if row.status == "submitted"), key=lambda row: str(row.submitted_at))
    areas = {area.id: area.title for area in edition().areas}
    counts = Counter(row.status for row in rows)
    return {
        "waiting": [(row, areas[row.criterion.area], *names.get(row.criterion.code, ("", ""))) for row in waiting],
        "counts": [
            ("Waiting", len(waiting)),
            ("Returned", counts["returned"]),
            ("Decided", counts["met"] + counts["not_met"]),
        ],
        "areas": list(areas.items()),
        "departments": departments,
    }
