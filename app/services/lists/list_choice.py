"""How each person last narrowed each list: kept for the next time, on whatever device that is."""

import json

from app.rules.listing.query import ListName
from app.services.desk import Who
from app.services.site import Site
from app.store import people

MOST_CHOICES = 40
"""Lists of which something is kept for one person; one who works in several cities loses the oldest."""
LONGEST_CHOICE = 400


def _choice_key(who: Who, name: ListName) -> str:
    return f"{who.city_id}/{name}"


def _read_choices(who: Who) -> dict[str, str]:
    return json.loads(who.list_choices) if who.list_choices else {}


def find_choice(who: Who, name: ListName) -> str:
    """How the person last narrowed the list, as an address asks it; empty for not at all."""
    return _read_choices(who).get(_choice_key(who, name), "")


def changed_choices(who: Who, name: ListName, choice: str) -> str | None:
    """All choices of the person with this one among them, as they are kept; None where nothing changes by it."""
    choices, key = _read_choices(who), _choice_key(who, name)
    if choices.get(key, "") == choice or len(choice) > LONGEST_CHOICE:
        return None
    choices.pop(key, None)
    if choice:
        choices[key] = choice
    return json.dumps(dict(list(choices.items())[-MOST_CHOICES:]))


def keep_choices(site: Site, person_id: int, choices: str) -> None:
    """Keep what `changed_choices` gave, in a transaction of its own."""
    with site.database.writing() as session:
        people.keep_list_choices(session, person_id, choices)
