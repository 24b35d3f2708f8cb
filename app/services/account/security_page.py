"""The security record as an administrator of a city reads it, and as a table for whoever runs the installation."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from app.rules.account.security_record import SENTENCES, SecurityKind, security_sentence
from app.rules.errors import NotFound
from app.rules.installation.network import device_name
from app.rules.message import Message, say
from app.rules.people.permissions import Role
from app.rules.people.roles import ROLE_NAMES
from app.rules.text.spreadsheet import safe_cell
from app.services.desk import Desk
from app.services.site import Site
from app.store import city, people
from app.store.account import security_record
from app.store.account.security_record import SecurityEvent

LINES_PER_PAGE = 50
COLUMNS = (
    "number",
    "at",
    "city",
    "kind",
    "what",
    "person",
    "person_name",
    "by",
    "by_name",
    "detail",
    "address",
    "agent",
)


@dataclass(frozen=True)
class SecurityLine:
    """One entry: what happened, from which network address and with which browser."""

    at: datetime
    said: Message
    role: Message | None
    address: str
    device: Message | None


@dataclass(frozen=True)
class SecurityPage:
    """The newest entries first; `older` is the number to go on below, 0 at the end. `people` are (id, name)."""

    lines: tuple[SecurityLine, ...]
    older: int
    before: int
    person: int
    people: tuple[tuple[int, str], ...]
    days: int


def list_security_events(desk: Desk, *, person: int, before: int) -> SecurityPage:
    """The entries of this city alone; `person` and `before` narrow them, 0 narrows nothing."""
    names = people.load_names(desk.session, desk.city_id)
    rows = security_record.list_city_events(
        desk.session, desk.city_id, before=before or None, person_id=person or None, limit=LINES_PER_PAGE + 1
    )
    shown = rows[:LINES_PER_PAGE]
    return SecurityPage(
        lines=tuple(_security_line(row, names) for row in shown),
        older=shown[-1].id if len(rows) > LINES_PER_PAGE else 0,
        before=before,
        person=person,
        people=tuple(sorted(names.items(), key=lambda pair: pair[1].casefold())),
        days=desk.site.settings.security_record_days,
    )


def _security_line(event: SecurityEvent, names: Mapping[int, str]) -> SecurityLine:
    return SecurityLine(
        at=event.at,
        said=_event_sentence(event, names),
        role=ROLE_NAMES[Role(event.detail)] if event.detail in set(Role) else None,
        address=event.address,
        device=device_name(event.agent) if event.agent else None,
    )


def _event_sentence(event: SecurityEvent, names: Mapping[int, str]) -> Message:
    if event.kind not in SENTENCES:
        return say("Something that this version does not know (%(kind)s).", kind=event.kind)
    return security_sentence(SecurityKind(event.kind), event.person_id, event.by_id, names)


def export_table(site: Site, slug: str | None, since: datetime | None, until: datetime | None) -> Iterator[str]:
    """The lines of a CSV file, the oldest entry first: of one city, or with None of the whole installation. Raises NotFound."""
    yield _csv_line(COLUMNS)
    with site.database.reading() as session:
        wanted_city = city.find_city(session, slug) if slug else None
        if slug and wanted_city is None:
            raise NotFound(say("There is no city “%(slug)s”.", slug=slug))
        slugs = {event.id: event.slug for event in city.list_cities(session)}
        names = people.load_all_names(session)
        for event in security_record.stream_security_events(session, since, until):
            if wanted_city is None or event.city_id == wanted_city.id:
                yield _csv_line(_event_cells(event, slugs, names))


def _event_cells(event: SecurityEvent, slugs: Mapping[int, str], names: Mapping[int, str]) -> tuple[str, ...]:
    return (
        str(event.id),
        event.at.astimezone(UTC).isoformat(timespec="seconds"),
        slugs.get(event.city_id, "") if event.city_id else "",
        event.kind,
        str(_event_sentence(event, names)),
        str(event.person_id or ""),
        names.get(event.person_id or 0, ""),
        str(event.by_id or ""),
        names.get(event.by_id or 0, ""),
        event.detail,
        event.address,
        event.agent,
    )


def _csv_line(cells: tuple[str, ...]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow([safe_cell(cell) for cell in cells])
    return line.getvalue()
