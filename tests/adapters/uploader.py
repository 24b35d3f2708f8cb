"""A program that uploads files and is killed at a chosen step: `python -m tests.adapters.uploader STEPS LOG`.

Settings come from the environment. For each step from 1 to STEPS a child process begins to upload three files; at that step, just
before or after something is kept, it kills itself as a power cut would. A line in LOG, on disk before the next step, says which file
was acknowledged to its sender: its hash.
"""

import hashlib
import os
import signal
import sys
import traceback
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import event
from sqlmodel import select

from app.adapters.storage.file_store import Storage
from app.rules.criteria.edition import EvidenceKind
from app.rules.evidence.entry import EvidenceEntry
from app.rules.people.permissions import Role
from app.services.desk import Who
from app.services.evidence import adding, upload
from app.services.site import Site, open_site
from app.settings import Settings
from app.store import tables
from app.store.city import City, city_values
from app.store.people import Person

PART = 40_000


class Countdown:
    """Counts steps down, and ends the process at the last."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def __call__(self, *_: Any) -> None:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


class Stepping:
    """The storage, with a step before and after each object put or deleted."""

    def __init__(self, storage: Storage, step: Countdown) -> None:
        self._storage, self._step = storage, step

    def put(self, key: str, source: BinaryIO) -> None:
        self._step()
        self._storage.put(key, source)
        self._step()

    def delete(self, key: str) -> None:
        self._step()
        self._storage.delete(key)
        self._step()

    def open(self, key: str) -> Iterator[bytes]:
        return self._storage.open(key)


def watch(site: Site, step: Countdown) -> None:
    """Steps around what storage does, and before and after each transaction ends."""
    site.__dict__["storage"] = Stepping(site.storage, step)
    event.listen(site.database.engine, "commit", step)
    event.listen(site.database.engine, "checkin", step)


def upload_all(site: Site, who: Who, seed: str, log: int) -> None:
    for number in range(3):
        content = f"{seed} {number} ".encode() * 9_000
        token = upload.begin_upload(site, upload.sender_of_person(who), f"minutes-{number}.txt", len(content))
        for begin in range(0, len(content), PART):
            part = content[begin : begin + PART]
            upload.receive_part(site, upload.sender_of_person(who), token, begin, len(part), BytesIO(part))
        whole = upload.assemble_file(site, upload.sender_of_person(who), token)
        (outcome,) = adding.add_files(site, who, "LC1", EvidenceEntry(EvidenceKind.FILE), [whole])
        assert outcome.problem is None, outcome
        os.write(log, f"{hashlib.sha256(content).hexdigest()}\n".encode())
        upload.remove_upload(site, upload.sender_of_person(who), token)


def run(step: int, log: int) -> None:
    site = open_site(Settings())
    with site.database.reading() as session:
        city = city_values(session.exec(select(City).where(City.slug == "alpha")).one())
        person = session.exec(select(Person).where(Person.email == "lead@alpha.example")).one()
    who = Who(person.id, person.name, person.email, Role.ADMIN, 0, frozenset(), city, "en", date(2026, 11, 26))
    watch(site, Countdown(step))
    upload_all(site, who, f"step {step}", log)


def main() -> None:
    assert tables.metadata.tables, "every table is known before the first row is written"
    log = os.open(Path(sys.argv[2]), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for step in range(1, int(sys.argv[1]) + 1):
        child = os.fork()
        if child == 0:
            try:
                run(step, log)
            except BaseException:
                traceback.print_exc()
            os._exit(1)
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status), f"step {step} was not reached: {status}"


if __name__ == "__main__":
    main()
