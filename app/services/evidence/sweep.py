"""Files that no row knows, as a crash between storage and database leaves them: found, put into the trash, deleted after a month."""

from dataclasses import dataclass

import structlog

from app.adapters.storage import Stored
from app.adapters.trash import Trashed
from app.rules.errors import NotFound, Refused
from app.rules.files.sweeping import SETTLED_AFTER, StorageSeen, is_due, is_over, reason_to_keep
from app.rules.message import Said, say
from app.services.installation.belonging import Belonging, check, compare
from app.services.site import Site
from app.store import installation, unclaimed_file
from app.store.database.engine import now
from app.store.wholeness import known_files

log = structlog.get_logger()

AWAY = say("the file storage does not answer")
MOST_NAMED = 20
"""Keys in one line of the log."""


@dataclass(frozen=True)
class StorageLook:
    """What a sweep would do now, and with `kept_because` why it does nothing of the first two.

    `unclaimed`: keys without a row; `due`: those of them that go to the trash; `over`: what is deleted from it for good; `missed`: what is
    in it although a row knows it, and goes back.
    """

    unclaimed: tuple[str, ...] = ()
    due: tuple[str, ...] = ()
    over: tuple[Trashed, ...] = ()
    missed: tuple[Trashed, ...] = ()
    kept_because: Said | None = None


def look(site: Site) -> StorageLook:
    """Changes nothing. Raises OutsideUnavailable, and Refused for files of another database."""
    belonging = compare(site)
    if belonging is Belonging.STORE_IS_AWAY:
        return StorageLook(kept_because=AWAY)
    known, settled_before = _known(site), now() - SETTLED_AFTER  # rows before files: what comes in meanwhile is young
    stored = list(site.storage.keys())
    unclaimed = [each for each in stored if each.key not in known and each.last_modified < settled_before]
    why = say("the database is older than the files") if belonging is Belonging.DATABASE_IS_OLDER else None
    why = why or _reason(site, stored, known, unclaimed)
    trashed = list(site.trash.files())
    missed = tuple(file for file in trashed if file.key in known)
    keys = tuple(each.key for each in unclaimed)
    if why or not known:
        return StorageLook(keys, missed=missed, kept_because=why)
    over = tuple(file for file in trashed if file.key not in known and is_over(file.day, now().date()))
    return StorageLook(keys, _due(site, keys), over, missed)


def sweep(site: Site) -> StorageLook:
    """Do what `look` says, and tell the log in how many files. Raises as it does."""
    found = look(site) if check(site) is not Belonging.STORE_IS_AWAY else StorageLook(kept_because=AWAY)
    if found.kept_because is AWAY:
        return found
    for file in found.missed:
        _give_back(site, file)
    for file in found.over:
        site.trash.delete(file)
    _discard(site, found.due)
    left = site.storage.clear_leftovers(now() - SETTLED_AFTER)
    remembered = [] if found.kept_because else [key for key in found.unclaimed if key not in found.due]
    with site.database.writing() as session:
        unclaimed_file.replace(session, remembered, now())
    _tell(found, len(left))
    return found


def discard(site: Site) -> tuple[str, ...]:
    """Put every file without a row into the trash at once, on the word of whoever runs the installation; returns their keys.

    Raises OutsideUnavailable, and Refused where the database may be the wrong one.
    """
    found = look(site)
    if check(site) is not Belonging.TOGETHER or not _known(site):
        raise Refused(say("Nothing was put into the trash: %(reason)s.", reason=found.kept_because or ""))
    _discard(site, found.unclaimed)
    return found.unclaimed


def bring_back(site: Site, keys: list[str]) -> list[str]:
    """Take files out of the trash: these, or where none is named all that a row knows; returns the keys of those that came.

    Raises NotFound for a key that is not there.
    """
    trashed = {file.key: file for file in sorted(site.trash.files(), key=lambda file: file.day)}
    if missing := [key for key in keys if key not in trashed]:
        raise NotFound(say("%(key)s is not in the trash.", key=missing[0]))
    known = _known(site)
    wanted = keys or [key for key in trashed if key in known]
    for key in wanted:
        _give_back(site, trashed[key])
    return wanted


def _known(site: Site) -> set[str]:
    with site.database.reading() as session:
        return set(known_files(session))


def _reason(site: Site, stored: list[Stored], known: set[str], unclaimed: list[Stored]) -> Said | None:
    if not unclaimed:
        return None
    with site.database.reading() as session:
        newest = installation.newest_moment(session)
    youngest = max(each.last_modified for each in unclaimed)
    return reason_to_keep(StorageSeen(len(stored), len(known), len(unclaimed), youngest, newest))


def _due(site: Site, keys: tuple[str, ...]) -> tuple[str, ...]:
    with site.database.reading() as session:
        seen = unclaimed_file.seen(session)
    return tuple(key for key in keys if is_due(seen.get(key), now()))


def _discard(site: Site, keys: tuple[str, ...]) -> None:
    for key in keys:
        try:
            site.trash.take(key, now().date())
        except NotFound:
            continue  # another process was quicker


def _give_back(site: Site, file: Trashed) -> None:
    try:
        site.trash.give_back(file)
    except NotFound:
        return


def _tell(found: StorageLook, leftovers: int) -> None:
    counts = {
        "without_row": len(found.unclaimed),
        "to_trash": len(found.due),
        "deleted_after_a_month": len(found.over),
        "brought_back": len(found.missed),
        "half_written_removed": leftovers,
    }
    if any(counts.values()):
        why = {"kept_because": str(found.kept_because)} if found.kept_because else {}
        log.warning("storage swept", **counts, **why, keys=list(found.unclaimed[:MOST_NAMED]))
