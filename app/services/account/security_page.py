"""The security record as an administrator of a city reads it, and as a table for whoever runs the installation."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from app.rules.account.security_record import SENTENCES, SecurityKind, sentence
from app.rules.errors import NotFound
from app.rules.message import Said, say
from app.rules.network import device_name
from app.rules.people import ROLE_NAMES
from app.rules.permissions import Role
from app.rules.spreadsheet import safe_cell
from app.services.desk import Desk
from app.services.site import Site
from app.store import city, people, security_record
from app.store.security_record import SecurityEvent

LINES = 50
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
    said: Said
    role: Said | None
    address: str
    device: Said | None


@dataclass(frozen=True)
class SecurityPage:
    """The newest entries first; `older` is the number to go on below, 0 at the end. `people` are (id, name)."""

    lines: tuple[SecurityLine, ...]
    older: int
    before: int
    person: int
    people: tuple[tuple[int, str], ...]
    days: int


def index(desk: Desk, *, person: int, before: int) -> SecurityPage:
    """The entries of this city alone; `person` and `before` narrow them, 0 narrows nothing."""
    names = people.names(desk.session, desk.city_id)
    rows = security_record.of_city(
        desk.session, desk.city_id, before=before or None, person_id=person or None, limit=LINES + 1
    )
    shown = rows[:LINES]
    return SecurityPage(
        lines=tuple(_line(row, names) for row in shown),
        older=shown[-1].id if len(rows) > LINES else 0,
        before=before,
        person=person,
        people=tuple(sorted(names.items(), key=lambda pair: pair[1].casefold())),
        days=desk.site.settings.security_record_days,
    )


def _line(row: SecurityEvent, names: Mapping[int, str]) -> SecurityLine:
    return SecurityLine(
        at=row.at,
        said=_said(row, names),
        role=ROLE_NAMES[Role(row.detail)] if row.detail in set(Role) else None,
        address=row.address,
        device=device_name(row.agent) if row.agent else None,
    )


def _said(row: SecurityEvent, names: Mapping[int, str]) -> Said:
    if row.kind not in SENTENCES:
        return say("Something that this version does not know (%(kind)s).", kind=row.kind)
    return sentence(SecurityKind(row.kind), row.person_id, row.by_id, names)


def table(site: Site, slug: str | None, since: datetime | None, until: datetime | None) -> Iterator[str]:
    """The lines of a CSV file, the oldest entry first: of one city, or with None of the whole installation. Raises NotFound."""
    yield _csv(COLUMNS)
    with site.database.reading() as session:
        of = city.find(session, slug) if slug else None
        if slug and of is None:
            raise NotFound(say("There is no city “%(slug)s”.", slug=slug))
        slugs = {row.id: row.slug for row in city.all_cities(session)}
        names = people.all_names(session)
        for row in security_record.everything(session, since, until):
            if of is None or row.city_id == of.id:
                yield _csv(_cells(row, slugs, names))


def _cells(row: SecurityEvent, slugs: Mapping[int, str], names: Mapping[int, str]) -> tuple[str, ...]:
    return (
        str(row.id),
        row.at.astimezone(UTC).isoformat(timespec="seconds"),
        slugs.get(row.city_id, "") if row.city_id else "",
        row.kind,
        str(_said(row, names)),
        str(row.person_id or ""),
        names.get(row.person_id or 0, ""),
        str(row.by_id or ""),
        names.get(row.by_id or 0, ""),
        row.detail,
        row.address,
        row.agent,
    )


def _csv(cells: tuple[str, ...]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow([safe_cell(cell) for cell in cells])
    return line.getvalue()
