"""What two installations hold, so that they can be compared: every table's count and hash, and every file's."""

from typing import NamedTuple

from sqlmodel import Session

from app.rules.backup import TableMark
from app.rules.history.verbs import Verb
from app.services.installation.backup import PASSING_TABLES
from app.services.installation.wholeness import digest_of
from app.services.site import Site
from app.store.city import City
from app.store.history import events
from app.store.table_rows import list_tables, mark_table

COUNTS_ON = {"installation", "backup_record"}
"""Tables that a backup or a move itself adds to."""


class Content(NamedTuple):
    tables: dict[str, TableMark]
    files: dict[str, str]


def content(site: Site, *, but: set[str] = COUNTS_ON | PASSING_TABLES) -> Content:
    """Of an installation that nobody writes to."""
    with site.database.snapshot() as session:
        connection = session.connection()
        marks = {
            table.name: mark_table(connection, table) for table in list_tables(connection) if table.name not in but
        }
    keys = [stored.key for stored in site.storage.list_files()]
    return Content(marks, {key: digest_of(site.storage.open(key)) for key in sorted(keys)})


def write_something(session: Session, number: int) -> None:
    """A change with its event, as every service makes them."""
    city = session.get_one(City, 1)
    city.population = number
    session.add(city)
    events.record_event(session, 1, None, Verb.NARRATIVE_WRITTEN, "LC1", note=f"change {number} ✓")
