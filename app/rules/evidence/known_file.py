"""A file that the library has already, sent once more: what was typed about it that is otherwise there.

A piece keeps what it says, since others may use it; but what a person typed is never dropped without a word. Where to look in it belongs
to each use of a piece, so that is kept with the use, and differs from nothing.
"""

from collections.abc import Mapping
from functools import reduce
from typing import Any

from app.rules.evidence.piece import Visibility
from app.rules.message import Message, say

FACTS: tuple[tuple[Message, tuple[str, ...]], ...] = (
    (say("the period"), ("period_from", "period_to", "effective_on")),
    (say("the source"), ("source",)),
    (say("who may see it"), ("visibility",)),
)
"""What a form says of a piece besides its title, which stays what it is in the library."""


def facts_that_differ(typed: Mapping[str, Any], stored: Mapping[str, Any]) -> Message | None:
    """The names of what was typed and is otherwise, or nothing, in the library; None where all agrees.

    Of who may see it "internal" is what the form says by itself, so only another choice was meant.
    """
    meant = {
        name: value
        for name, value in typed.items()
        if value and (name, value) != ("visibility", Visibility.INTERNAL.value)
    }
    names = [
        name for name, fields in FACTS if any(meant.get(field, stored[field]) != stored[field] for field in fields)
    ]
    return reduce(lambda first, rest: say("%(first)s, %(rest)s", first=first, rest=rest), names) if names else None


def ask_about_facts(title: str, facts: Message, piece_id: int) -> Message:
    """What a person decides; `piece` among its values is the id of the piece, for a link to its page."""
    return say(
        "The library has this file already, as “%(title)s”. Different there: %(facts)s. Open it to change that, or choose it as it is under "
        "“From the library”. Nothing was linked yet.",
        title=title,
        facts=facts,
        piece=piece_id,
    )
