"""Files that no row knows, as a crash between storage and database leaves them: found, put into the trash, deleted after a month."""

from dataclasses import dataclass

import structlog

from app.adapters.storage.file_store import StorageEntry
from app.adapters.trash import TrashedFile
from app.rules.errors import NotFound, Refused
from app.rules.files.sweeping import SETTLED_AFTER, StorageCount, is_deletion_due, is_trashing_due, reason_to_keep
from app.rules.message import Message, say
from app.services.installation.belonging import Belonging, check_belonging, compare_marks
from app.services.site import Site
from app.store import unclaimed_file
from app.store.database.engine import now
from app.store.installation import installation
from app.store.installation.wholeness import load_known_files

log = structlog.get_logger()

AWAY = say("the file storage does not answer")
MOST_NAMED = 20
"""Keys in one line of the log."""


@dataclass(frozen=True)
class SweepPlan:
    """What a sweep would do now, and with `kept_because` why it does nothing of the first two.

    `unclaimed`: keys without a row; `due`: those of them that go to the trash; `over`: what is deleted from it for good; `missed`: what is
    in it although a row knows it, and goes back.
    """

    unclaimed: tuple[str, ...] = ()
    due: tuple[str, ...] = ()
    over: tuple[TrashedFile, ...] = ()
    missed: tuple[TrashedFile, ...] = ()
    kept_because: Message | None = None


def plan_sweep(site: Site) -> SweepPlan:
    """Changes nothing. Raises OutsideUnavailable, and Refused for files of another database."""
    belonging = compare_marks(site)
    if belonging is Belonging.STORE_IS_AWAY:
        return SweepPlan(kept_because=AWAY)
    known, settled_before = (
        _known_keys(site),
        now() - SETTLED_AFTER,
    )  # rows before files: what comes in meanwhile is young
    stored = list(site.storage.list_files())
    unclaimed = [each for each in stored if each.key not in known and each.last_modified < settled_before]
    why = say("the database is older than the files") if belonging is Belonging.DATABASE_IS_OLDER else None
    why = why or _reason_not_to_sweep(site, stored, known, unclaimed)
    trashed = list(site.trash.list_files())
    missed = tuple(file for file in trashed if file.key in known)
    keys = tuple(each.key for each in unclaimed)
    if why or not known:
        return SweepPlan(keys, missed=missed, kept_because=why)
    over = tuple(file for file in trashed if file.key not in known and is_deletion_due(file.day, now().date()))
    return SweepPlan(keys, _due_keys(site, keys), over, missed)


def sweep_storage(site: Site) -> SweepPlan:
    """Do what `plan_sweep` says, and tell the log in how many files. Raises as it does."""
    plan = plan_sweep(site) if check_belonging(site) is not Belonging.STORE_IS_AWAY else SweepPlan(kept_because=AWAY)
    if plan.kept_because is AWAY:
        return plan
    for file in plan.missed:
        _restore_file(site, file)
    for file in plan.over:
        site.trash.delete(file)
    _move_to_trash(site, plan.due)
    left = site.storage.clear_leftovers(now() - SETTLED_AFTER)
    remembered = [] if plan.kept_because else [key for key in plan.unclaimed if key not in plan.due]
    with site.database.writing() as session:
        unclaimed_file.replace_keys(session, remembered, now())
    _log_sweep(plan, len(left))
    return plan


def discard_unclaimed(site: Site) -> tuple[str, ...]:
    """Put every file without a row into the trash at once, on the word of whoever runs the installation; returns their keys.

    Raises OutsideUnavailable, and Refused where the database may be the wrong one.
    """
    plan = plan_sweep(site)
    if check_belonging(site) is not Belonging.TOGETHER or not _known_keys(site):
        raise Refused(say("Nothing was put into the trash: %(reason)s.", reason=plan.kept_because or ""))
    _move_to_trash(site, plan.unclaimed)
    return plan.unclaimed


def bring_back_files(site: Site, keys: list[str]) -> list[str]:
    """Take files out of the trash: these, or where none is named all that a row knows; returns the keys of those that came.

    Raises NotFound for a key that is not there.
    """
    trashed = {file.key: file for file in sorted(site.trash.list_files(), key=lambda file: file.day)}
    if missing := [key for key in keys if key not in trashed]:
        raise NotFound(say("%(key)s is not in the trash.", key=missing[0]))
    known = _known_keys(site)
    wanted = keys or [key for key in trashed if key in known]
    for key in wanted:
        _restore_file(site, trashed[key])
    return wanted


def _known_keys(site: Site) -> set[str]:
    with site.database.reading() as session:
        return set(load_known_files(session))


def _reason_not_to_sweep(
    site: Site, stored: list[StorageEntry], known: set[str], unclaimed: list[StorageEntry]
) -> Message | None:
    if not unclaimed:
        return None
    with site.database.reading() as session:
        newest = installation.find_newest_moment(session)
    youngest = max(each.last_modified for each in unclaimed)
    return reason_to_keep(StorageCount(len(stored), len(known), len(unclaimed), youngest, newest))


def _due_keys(site: Site, keys: tuple[str, ...]) -> tuple[str, ...]:
    with site.database.reading() as session:
        seen = unclaimed_file.load_seen_keys(session)
    return tuple(key for key in keys if is_trashing_due(seen.get(key), now()))


def _move_to_trash(site: Site, keys: tuple[str, ...]) -> None:
    for key in keys:
        try:
            site.trash.discard(key, now().date())
        except NotFound:
            continue  # another process was quicker


def _restore_file(site: Site, file: TrashedFile) -> None:
    try:
        site.trash.restore(file)
    except NotFound:
        return


def _log_sweep(plan: SweepPlan, leftovers: int) -> None:
    counts = {
        "without_row": len(plan.unclaimed),
        "to_trash": len(plan.due),
        "deleted_after_a_month": len(plan.over),
        "brought_back": len(plan.missed),
        "half_written_removed": leftovers,
    }
    if any(counts.values()):
        why = {"kept_because": str(plan.kept_because)} if plan.kept_because else {}
        log.warning("storage swept", **counts, **why, keys=list(plan.unclaimed[:MOST_NAMED]))
