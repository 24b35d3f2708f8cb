"""What a whole installation has: a file for each key that a row knows, and a database that fits together."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, inspect
from sqlmodel import Session, SQLModel, col, select

from app.store.city import City
from app.store.database.engine import sqlite_module
from app.store.evidence.files import StoredFile
from app.store.file_reading import FileReading
from app.store.report.reports import Report
from app.store.upload import UploadPart

MOST_FAULTS = 20
"""As many lines does SQLite say of a broken database before it stops."""


class KnownFile(NamedTuple):
    """A file that a row knows. `owner` is the row, such as "stored_file 17"; the size is None and the hash empty where it keeps none."""

    key: str
    owner: str
    size_bytes: int | None = None
    sha256: str = ""


def load_known_files(session: Session) -> dict[str, KnownFile]:
    """Every file of every city by its key. The one place that names all columns with keys: what it leaves out is swept away."""
    return load_lasting_files(session) | {known.key: known for known in _list_upload_parts(session)}


def load_lasting_files(session: Session) -> dict[str, KnownFile]:
    """The same without the parts of uploads on their way, which come and go by the minute."""
    return {
        known.key: known
        for list_files in (_list_stored_files, _list_report_files, _list_pictures, _list_emblems)
        for known in list_files(session)
    }


def _list_stored_files(session: Session) -> Iterator[KnownFile]:
    query = select(StoredFile.id, StoredFile.key, StoredFile.size_bytes, StoredFile.sha256)
    for file_id, key, size_bytes, sha256 in session.exec(query):
        yield KnownFile(key, f"stored_file {file_id}", size_bytes, sha256)


def _list_report_files(session: Session) -> Iterator[KnownFile]:
    query = select(Report.id, Report.file_key, Report.size_bytes, Report.sha256).where(
        col(Report.file_key).is_not(None)
    )
    for report_id, key, size_bytes, sha256 in session.exec(query):
        if key:
            yield KnownFile(key, f"report {report_id}", size_bytes, sha256)


def _list_upload_parts(session: Session) -> Iterator[KnownFile]:
    for part_id, key, size_bytes in session.exec(select(UploadPart.id, UploadPart.key, UploadPart.size_bytes)):
        yield KnownFile(key, f"upload_part {part_id}", size_bytes)


def _list_pictures(session: Session) -> Iterator[KnownFile]:
    query = select(FileReading.id, FileReading.picture_keys).where(FileReading.picture_keys != "[]")
    for reading_id, keys in session.exec(query):
        for key in json.loads(keys):
            yield KnownFile(key, f"file_reading {reading_id}")


def _list_emblems(session: Session) -> Iterator[KnownFile]:
    for city_id, key in session.exec(select(City.id, City.logo_key).where(col(City.logo_key).is_not(None))):
        if key:
            yield KnownFile(key, f"city {city_id}")


def list_database_faults(connection: Connection, *, quick: bool = False) -> list[str]:
    """What SQLite finds wrong with its own file and with the references between rows; PostgreSQL sees to both itself.

    `quick` leaves the indexes out. A file that cannot be read at all raises sqlalchemy.exc.DatabaseError.
    """
    if connection.dialect.name != "sqlite":
        return []
    check = "quick_check" if quick else "integrity_check"
    faults = connection.exec_driver_sql(f"PRAGMA {check}({MOST_FAULTS})").scalars().all()
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(MOST_FAULTS)
    return [str(line) for line in faults if line != "ok"] + [
        f"{table} {number} points to a {parent} that is not there" for table, number, parent, _ in broken
    ]


def list_missing_tables(connection: Connection) -> set[str]:
    """Tables of this version that are not there."""
    return set(SQLModel.metadata.tables) - set(inspect(connection).get_table_names())


def is_database_readable(path: Path) -> bool:
    """Whether SQLite can read the whole file; through a connection of its own, because one that is in use answers from its memory."""
    driver = sqlite_module()
    try:
        connection = driver.connect(path)
        try:
            outcome = connection.execute("PRAGMA quick_check(1)").fetchall()
        finally:
            connection.close()
    except driver.DatabaseError:
        return False
    return bool(outcome == [("ok",)])
