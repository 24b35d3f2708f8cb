"""The menu: two groups, and what waits at each entry."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from app.rules.message import Message, say
from app.rules.people.permissions import Role, has_right
from app.rules.people.standing_in import OwnedTask, is_named
from app.rules.review.comment import places_asked


@dataclass(frozen=True)
class MenuEntry:
    """A page with its name and the right that it takes; `path` is its place below the city's address."""

    path: str
    label: Message
    right: str


@dataclass(frozen=True)
class MenuGroup:
    label: Message
    entries: tuple[MenuEntry, ...]


MENU = (
    MenuGroup(
        say("My work"),
        (
            MenuEntry("my-work", say("My work"), "work.read"),
            MenuEntry("criteria", say("Criteria"), "criteria.read"),
            MenuEntry("evidence", say("Evidence"), "evidence.read"),
        ),
    ),
    MenuGroup(
        say("The office’s work"),
        (
            MenuEntry("review", say("Review"), "review.read"),
            MenuEntry("requests", say("Requests"), "request.read"),
            MenuEntry("board", say("Board"), "board.read"),
            MenuEntry("planning", say("Planning"), "planning.read"),
            MenuEntry("readiness", say("Readiness"), "readiness.read"),
            MenuEntry("people", say("People"), "people.read"),
            MenuEntry("history", say("History"), "history.read"),
        ),
    ),
)


LARGE_ONLY = frozenset({"review", "requests", "planning", "history"})
"""Entries that a small office reaches from the page of its work instead: it needs them seldom, or not under these words."""
SMALL_LABELS = {"The office’s work": say("The city")}


def menu_for(role: Role, *, small: bool = False) -> tuple[MenuGroup, ...]:
    """What a role finds in the menu; a shorter one where the office is `small`."""
    groups = (MenuGroup(g.label, tuple(e for e in g.entries if has_right(role, e.right))) for g in MENU)
    if small:
        groups = (_shorten_group(group) for group in groups)
    return tuple(group for group in groups if group.entries)


def _shorten_group(group: MenuGroup) -> MenuGroup:
    label = SMALL_LABELS.get(group.label.text, group.label)
    return MenuGroup(label, tuple(entry for entry in group.entries if entry.path not in LARGE_ONLY))


class Waiting(StrEnum):
    """Why something waits."""

    SUBMITTED = "submitted"
    RENEWAL = "renewal"
    RETURNED = "returned"
    CONTRIBUTION = "contribution"
    QUESTION = "question"


WAITS_AT = {
    Waiting.SUBMITTED: "review",
    Waiting.RENEWAL: "review",
    Waiting.RETURNED: "my-work",
    Waiting.CONTRIBUTION: "requests",
}


@dataclass(frozen=True)
class WaitingItem:
    """Something that waits, with whose it is: ids of department, person and deputy; and whom it asks, where it is a question."""

    why: Waiting
    department_id: int | None = None
    person_id: int | None = None
    deputy_id: int | None = None
    asked: str = ""


def count_waiting(
    items: Iterable[WaitingItem], person_id: int, departments: Collection[int], away: Collection[int]
) -> dict[str, int]:
    """How much waits at each entry of the menu for someone: returns of the own criteria, what is to be reviewed, partners' answers, questions."""

    def is_own(task: OwnedTask) -> bool:
        return is_named(task, person_id, away) or task.department_id in departments

    counts: dict[str, int] = {}
    for item in items:
        for path in _places_of(item, is_own=is_own(item), names={person_id, *away}):
            counts[path] = counts.get(path, 0) + 1
    return counts


def _places_of(item: WaitingItem, *, is_own: bool, names: Collection[int]) -> Iterable[str]:
    if item.why is Waiting.QUESTION:
        return places_asked(item.asked, names, is_own=is_own)
    return (WAITS_AT[item.why],) if item.why is not Waiting.RETURNED or is_own else ()


PAGE_NAMES: dict[str, Message] = {
    **{entry.path: entry.label for group in MENU for entry in group.entries},
    "awards": say("Awards"),
    "claims": say("Press-ready figures"),
    "cycle": say("All assessments"),
    "glossary": say("Glossary"),
    "inbox": say("Inbox"),
    "letters": say("Letters to you"),
    "partners": say("Partners"),
    "portal": say("Open-data catalog"),
    "program": say("The program and this tool"),
    "reports": say("Reports"),
    "retention": say("Retention"),
    "scoring": say("How the result comes about"),
    "search": say("Search"),
    "security": say("Security record"),
    "settings": say("City settings"),
    "account": say("My account"),
    "devices": say("Signed-in devices"),
    "passphrase": say("Passphrase"),
    "cities": say("Your cities"),
}
"""The pages that stand at the top of a part of the app, by the first step of their address: the table that breadcrumbs come from."""
