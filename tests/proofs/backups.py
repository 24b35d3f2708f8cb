"""Backups while several people write, each restored and compared: `python -m tests.proofs.backups --count 100`.

Writers change the city, keep files and dispose of some. Every backup is restored into an empty place, SQLite and PostgreSQL in turn, and must
be whole there, its record holding and its reports the same byte for byte.
"""

import argparse
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random

from sqlalchemy import text

from app.services.installation import belonging
from app.services.installation.backup import make_backup
from app.services.installation.restoring import restore_backup
from app.services.installation.wholeness import find_faults, no_progress
from app.services.site import Site, open_site
from app.settings import Settings
from app.store.installation.wholeness import load_known_files
from app.store.migrating import upgrade_database
from tests import world
from tests.copies import write_something
from tests.proofs.places import add_file, folder, postgresql


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=100)
    options.add_argument("--writers", type=int, default=4)
    options.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    given = options.parse_args()
    with folder() as place, postgresql() as server:
        url = server.address(server.copy()) if given.database == "postgresql" else ""
        settings = Settings(data_dir=place / "live", database_url=url, secret_key="s" * 43, worker="none")
        with closing(open_site(settings)) as site:
            reports = _build(site)
            with _load(site, given.writers) as written:
                for number in range(given.count):
                    made = make_backup(site, place / "backups", 3, no_progress)
                    name = server.copy() if number % 2 else ""
                    _prove(made.folder, place / "restored", server.address(name) if name else "", reports)
                    if name:
                        server.drop(name)
                    print(f"{number + 1}: {made.file_count} files, {made.linked} linked", file=sys.stderr)
            faults = [fault.line() for fault in find_faults(site)]
            if faults:
                raise SystemExit("\n".join(faults))
    print(
        f"{given.count} backups and restores while {written[0]} changes were written: all whole, all reports byte-equal."
    )


def _build(site: Site) -> dict[str, bytes]:
    """The two cities; returns their reports by key."""
    upgrade_database(site.settings.database)
    belonging.check_belonging(site)
    with site.database.writing() as session:
        world.build(session, site.storage)
    with site.database.reading() as session:
        keys = [file.key for file in load_known_files(session).values() if file.owner.startswith("report")]
    return {key: b"".join(site.storage.open(key)) for key in keys}


@contextmanager
def _load(site: Site, writers: int) -> Iterator[list[int]]:
    stop, written = threading.Event(), [0]

    def write(seed: int) -> None:
        chance, kept = Random(seed), []
        while not stop.is_set():
            written[0] += 1
            with site.database.writing() as session:
                write_something(session, written[0])
            if chance.random() < 0.2:
                kept.append(add_file(site, 1, chance))
            if len(kept) > 20:
                _dispose(site, kept.pop(0))
            stop.wait(0.02)

    threads = [threading.Thread(target=write, args=(seed,)) for seed in range(writers)]
    for thread in threads:
        thread.start()
    try:
        yield written
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _dispose(site: Site, key: str) -> None:
    with site.database.writing() as session:
        session.execute(text("DELETE FROM stored_file WHERE key = :key"), {"key": key})
    site.storage.delete(key)


def _prove(backup: Path, place: Path, url: str, reports: dict[str, bytes]) -> None:
    settings = Settings(data_dir=place, database_url=url)
    done = restore_backup(settings, backup, no_progress)
    with closing(open_site(settings)) as site:
        differing = [key for key, content in reports.items() if b"".join(site.storage.open(key)) != content]
    if done.faults or differing:
        raise SystemExit(f"{backup.name}: {[fault.line() for fault in done.faults]}, reports {differing}")
    shutil.rmtree(place)


if __name__ == "__main__":
    main()
