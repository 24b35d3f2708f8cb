"""An installation with the demo and many files moved there and back, killed again and again: `python -m tests.proofs.moves --files 2000`.

There is PostgreSQL and a bucket. Each run is killed at a place that chance picks, and the same command is given again.
"""

import argparse
import os
import signal
import subprocess
import sys
from contextlib import closing
from random import Random

from app.services.demo import loading
from app.services.installation import belonging
from app.services.installation.wholeness import find_faults
from app.services.site import open_site
from app.settings import ROOT, Settings
from app.store.migrating import upgrade_database
from tests.copies import Content, content
from tests.proofs.places import add_file, bucket, folder, postgresql

NAMED = ("database_url", "storage_url", "storage_endpoint", "storage_access_key", "storage_secret_key")
LINES = 28
"""A move of the demo says some more than these, so that each kill hits it among its files or among its tables."""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--files", type=int, default=2000)
    options.add_argument("--kills", type=int, default=10)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    chance = Random(given.seed)
    with folder() as place, postgresql() as server, bucket(place / "s3") as store:
        old = Settings(data_dir=place / "old", secret_key="s" * 43)
        there = old.model_copy(update={"database_url": server.address(server.copy()), **store})
        back = old.model_copy(
            update={"database_url": f"sqlite:///{place / 'back.db'}", "storage_url": str(place / "back")}
        )
        before = _build(old, given.files, chance)
        kills = [
            _moved(old, there, given.kills // 2, chance),
            _moved(there, back, given.kills - given.kills // 2, chance),
        ]
        for settings in (there, back, old):
            _check(settings, before)
    rows = sum(table.rows for table in before.tables.values())
    print(
        f"{len(before.files)} files, {rows} rows: there and back with {sum(kills)} kills, equal by count and hash, nothing missing."
    )


def _build(settings: Settings, files: int, chance: Random) -> Content:
    with closing(open_site(settings)) as site:
        upgrade_database(settings.database)
        belonging.check_belonging(site)
        loading.load_demo(site)
        for _ in range(files):
            add_file(site, 1, chance)
        return content(site, but={"installation"})


def _moved(old: Settings, new: Settings, kills: int, chance: Random) -> int:
    """Run the command until it ends by itself; how often it was killed."""
    done = 0
    while True:
        status = _run(old, new, chance.randrange(1, LINES) if done < kills else 0)
        if status == 0 and done < kills:
            raise SystemExit(f"the move was done after {done} of {kills} kills")
        if status == 0:
            return done
        if status != -signal.SIGKILL:
            raise SystemExit(f"move ended with {status}")
        done += 1


def _run(old: Settings, new: Settings, lines: int) -> int:
    environment = {f"CITYREADY_TO_{name.upper()}": getattr(new, name) for name in NAMED if getattr(new, name)}
    environment |= {f"CITYREADY_{name.upper()}": getattr(old, name) for name in NAMED if getattr(old, name)}
    environment |= {"CITYREADY_DATA_DIR": str(old.data_dir), "CITYREADY_SECRET_KEY": old.secret_key}
    process = subprocess.Popen(
        [sys.executable, "-m", "app", "move"], stderr=subprocess.PIPE, cwd=ROOT, env=os.environ | environment
    )
    assert process.stderr
    for number, line in enumerate(process.stderr, start=1):
        if number == lines:
            process.send_signal(signal.SIGKILL)
            print(f"killed after: {line.decode().strip()}", file=sys.stderr)
    process.stderr.close()
    return process.wait()


def _check(settings: Settings, before: Content) -> None:
    with closing(open_site(settings)) as site:
        now = content(site, but={"installation"})
        differing = [name for name, mark in before.tables.items() if now.tables.get(name) != mark]
        faults = [fault.line() for fault in find_faults(site)]
        if differing or now.files != before.files or faults:
            raise SystemExit(f"{settings.database}: not equal: {differing or faults or 'files'}")


if __name__ == "__main__":
    main()
