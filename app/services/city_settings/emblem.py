"""The emblem as its section shows it, and taking it away. Keeping one is `services.city.set_emblem`, which the command line uses too."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from app.rules.errors import Conflict, Invalid, NotFound
from app.rules.history.verbs import Verb
from app.rules.message import say
from app.services.desk import Desk
from app.services.people.members import CHANGED_MEANWHILE
from app.store import city

PNG_MARK = b"\x89PNG"
Chosen = TypeVar("Chosen")


@dataclass(frozen=True)
class EmblemPicture:
    """The picture as it is kept; at most EMBLEM_BYTES."""

    content: bytes
    media_type: str


def load_emblem(desk: Desk) -> EmblemPicture:
    """Raises NotFound where the city has none."""
    key = desk.who.city.logo_key
    if key is None:
        raise NotFound(say("This city has no emblem yet."))
    content = b"".join(desk.site.storage.open(key))
    return EmblemPicture(content, "image/png" if content.startswith(PNG_MARK) else "image/jpeg")


def need_file(chosen: Sequence[Chosen]) -> Chosen:
    """The one file of the form. Raises Invalid where none was chosen."""
    if not chosen:
        raise Invalid({"file": say("Choose a picture first.")})
    return chosen[0]


def check_emblem_version(desk: Desk, version: int) -> None:
    """Raises Conflict when someone changed the city's settings since the page was made."""
    if desk.who.city.version != version:
        raise Conflict(CHANGED_MEANWHILE)


def remove_emblem(desk: Desk, version: int) -> None:
    """Reports have no emblem from now on; the sweep removes the picture. Raises Conflict."""
    if not city.save_city(desk.session, desk.city_id, version, logo_key=None):
        raise Conflict(CHANGED_MEANWHILE)
    desk.record(Verb.EMBLEM_REMOVED, desk.who.city.name)
