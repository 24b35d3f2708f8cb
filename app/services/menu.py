"""How much waits at each entry of the menu, made once for a city's number of changes."""

from app.rules.menu import WaitingItem, count_waiting
from app.services.desk import Who
from app.services.kept import CityResults
from app.store.menu import list_waiting

KINDS = frozenset({"review_comment", "response", "assignment", "assessment", "contribution"})


def load_counts(seen: CityResults, who: Who) -> tuple[tuple[str, int], ...]:
    """For the person who asks, by the entry's path; what does not wait is not told. One query after one of its rows has changed."""
    items: tuple[WaitingItem, ...] = seen.find("menu", lambda: list_waiting(seen.session, who.city_id), KINDS)
    return tuple(sorted(count_waiting(items, who.person_id, who.departments, who.stand_in.away).items()))
