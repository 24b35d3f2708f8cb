"""That database, files and keys are for the account alone that runs the app: 0600 under 0700."""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from glob import escape
from pathlib import Path

import structlog
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from app.settings import Settings

log = structlog.get_logger()

RIGHTS_OF_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def narrow_rights(settings: Settings) -> None:
    """Take away what others may do with what was kept with wider rights, and tell the log.

    A folder of files that is private already is not walked through: that would make each start slow.
    """
    wide_paths = list(_find_wide_paths(settings, everything=False))
    denied = [path for path in wide_paths if not _narrow_path(path)]
    if changed := len(wide_paths) - len(denied):
        log.warning("others could read the data; now only this account can", places=changed)
    if denied:
        log.warning("others can read the data, and this account cannot change that", place=str(denied[0]))


def list_wide_paths(settings: Settings) -> list[Path]:
    """What others than this account may read, write or list."""
    return list(_find_wide_paths(settings, everything=True))


def _find_wide_paths(settings: Settings, *, everything: bool) -> Iterator[Path]:
    """Folders after what is in them, so that a walk that was cut off begins again."""
    if not settings.storage.startswith("s3://"):
        folder = Path(settings.storage)
        if everything or _is_wide(folder):
            yield from (path for path in _walk_folder(folder) if _is_wide(path))
        if _is_wide(folder):
            yield folder
    yield from (path for path in _list_data_files(settings) if _is_wide(path))
    if _is_wide(settings.data_dir):
        yield settings.data_dir


def _list_data_files(settings: Settings) -> Iterator[Path]:
    """The secret key, the database, and what is called after it: of SQLite, of those who wait for their turn, and copies."""
    yield settings.data_dir / "secret-key"
    with suppress(ArgumentError):
        place = make_url(settings.database)
        if place.get_backend_name() == "sqlite" and place.database:
            database = Path(place.database)
            yield from database.parent.glob(f"{escape(database.name)}*")
            yield from database.parent.glob(f"{escape(database.stem)}-at-*.db")


def _walk_folder(folder: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(folder, topdown=False):
        yield from (Path(place, name) for name in (*files, *folders))


def _is_wide(path: Path) -> bool:
    """Not for a folder that is everyone's on purpose, such as a temporary one."""
    try:
        mode = path.lstat().st_mode
    except OSError:
        return False
    shared = stat.S_ISDIR(mode) and mode & stat.S_ISVTX
    return bool(mode & RIGHTS_OF_OTHERS) and not shared and not stat.S_ISLNK(mode)


def _narrow_path(path: Path) -> bool:
    try:
        path.chmod(stat.S_IMODE(path.stat().st_mode) & ~RIGHTS_OF_OTHERS)
    except OSError:
        return False
    return True
