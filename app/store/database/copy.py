"""A copy of an SQLite database as it was before its tables changed, kept beside it for whoever has to go back."""

import os
from datetime import datetime
from pathlib import Path
from sqlite3 import Error as SqliteError
from types import ModuleType

from app.rules.errors import Refused
from app.rules.message import say

COPIES_KEPT = 3
"""Copies beside a database; older ones go."""


def copy_aside(driver: ModuleType, database: Path, revision: str, at: datetime) -> Path:
    """Copy what is committed to `cityready-at-0017-20261128-021739.db` beside it; returns that path.

    It is whole and safe from a power cut when it has its name. Raises Refused where it cannot be made, because of a full disk mostly.
    """
    target = database.with_name(f"{database.stem}-at-{revision}-{at:%Y%m%d-%H%M%S}.db")
    draft = target.with_suffix(".part")
    try:
        _write_copy(driver, database, draft)
        draft.replace(target)
        _sync_folder(target.parent)
    except (OSError, SqliteError, driver.Error) as problem:
        draft.unlink(missing_ok=True)
        raise Refused(
            say(
                "The database was left as it is: before its tables change it is copied to %(folder)s, and that failed (%(reason)s). Make "
                "room there, and start again.",
                folder=target.parent,
                reason=problem,
            )
        ) from problem
    for old_copy in list_copies(database)[:-COPIES_KEPT]:
        old_copy.unlink(missing_ok=True)
    return target


def list_copies(database: Path) -> list[Path]:
    """Those that are beside the database, oldest first."""
    return sorted(database.parent.glob(f"{database.stem}-at-*-*-*.db"), key=lambda path: path.stem.split("-")[-2:])


def _write_copy(driver: ModuleType, database: Path, draft: Path) -> None:
    draft.unlink(missing_ok=True)
    os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))  # SQLite takes an empty file as it is
    connection = driver.connect(database)
    try:
        connection.execute("VACUUM INTO ?", (str(draft),))
    finally:
        connection.close()
    with draft.open("rb") as file:
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
