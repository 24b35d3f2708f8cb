"""A city's own checklist as people write it: one item a line, a star before what is required, a window in brackets at the end."""

import hashlib
import re

from app.rules.criteria.edition import ChecklistItem, Window
from app.rules.errors import Invalid
from app.rules.message import say

MOST_ITEMS = 12
ITEM_LIMIT = 300


def parse_checklist(text: str) -> tuple[ChecklistItem, ...]:
    """The items of a text; empty lines are skipped. Raises Invalid for too many, too long or equal lines.

    An item's id comes from its words, so that ticks stay with an item that is only moved.
    """
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    items = tuple(map(_parse_item, lines))
    if len(items) > MOST_ITEMS:
        raise Invalid({"checklist": say("A checklist may have at most %(limit)s items.", limit=MOST_ITEMS)})
    if any(not item.text or len(item.text) > ITEM_LIMIT for item in items):
        raise Invalid({"checklist": say("Each item needs between 1 and %(limit)s characters.", limit=ITEM_LIMIT)})
    if len({item.id for item in items}) < len(items):
        raise Invalid({"checklist": say("Two items say the same. Remove one of them.")})
    return items


def check_needed(needed: int | None, items: tuple[ChecklistItem, ...]) -> int:
    """How many items are needed, 1..their number. Raises Invalid."""
    if needed is None or not 1 <= needed <= len(items):
        raise Invalid({"needed": say("Choose how many items are needed: from 1 to %(count)s.", count=len(items))})
    return needed


def format_checklist(items: tuple[ChecklistItem, ...]) -> str:
    """The text that `parse_checklist` reads."""
    return "\n".join(f"{'* ' if item.required else ''}{item.text}{_window_mark(item.window)}" for item in items)


def _window_mark(window: Window) -> str:
    return "" if window is Window.NONE else f" [{window}]"


_WINDOW = re.compile(rf"\s*\[({'|'.join(window for window in Window)})\]$")


def _parse_item(line: str) -> ChecklistItem:
    match = _WINDOW.search(line)
    text = _WINDOW.sub("", line).lstrip("* ")
    window = Window(match[1]) if match else Window.NONE
    return ChecklistItem(_item_id(text), text, required=line.startswith("*"), window=window)


def _item_id(text: str) -> str:
    return "own-" + hashlib.sha256(text.casefold().encode()).hexdigest()[:12]
