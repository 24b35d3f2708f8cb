"""Files wait in quarantine until a virus scanner has called them clean, where one is set. Without a clear answer they stay there.

That a clean file is let out changes nothing that anybody entered, so the city's record tells only of a virus.
"""

from datetime import timedelta
from typing import Any

from sqlmodel import Session

from app.adapters import virus
from app.rules.errors import OutsideUnavailable
from app.rules.history.verbs import Verb
from app.rules.job import JobKind
from app.services.evidence import events
from app.services.site import Site
from app.store import file_reading, job
from app.store.evidence import pieces
from app.store.evidence.pieces import StoredFile

TRY_AGAIN = timedelta(minutes=10)
BATCH = 500
APART = timedelta(seconds=2)
"""Between two files from before the scanner, so that what people wait for is done in between."""


def ask_about_old_files(site: Site) -> int:
    """Have the scanner look at every file that was kept before there was one; returns how many. Safe between processes.

    Such a file stays open until the scanner finds a virus in it: a whole library is not locked because a scanner was set.
    """
    if not site.settings.clamd:
        return 0
    asked = 0
    while batch := _ask_about(site, asked):
        asked += batch
    return asked


def _ask_about(site: Site, before: int) -> int:
    with site.database.writing() as session:
        rows = pieces.never_scanned(session, BATCH)
        for number, row in enumerate(rows, start=before):
            row.scan = "asked"
            session.add(row)
            job.enqueue(session, row.city_id, JobKind.SCAN_FILE, after=APART * number, file=row.id)
    return len(rows)


def scan(site: Site, city_id: int, payload: dict[str, Any]) -> None:
    """The job `file.scan`: ask about file `payload["file"]`, and let it out or keep it in; asks again later without a clear answer.

    `payload["read"]` says whether a clean file is read then.
    """
    wish = payload.get("read", True)
    with site.database.reading() as session:
        file = pieces.file_by_id(session, city_id, payload["file"])
    if file is None or file.scan not in {"waiting", "asked"}:
        return
    try:
        found = virus.scan(site.settings.clamd, site.storage.open(file.key))
    except OutsideUnavailable:
        with site.database.writing() as session:
            job.enqueue(session, city_id, JobKind.SCAN_FILE, after=TRY_AGAIN, file=file.id, read=wish)
        return
    with site.database.writing() as session:
        _write_down(session, file, found, read=wish)


def _write_down(session: Session, file: StoredFile, found: str | None, *, read: bool) -> None:
    row = session.get_one(StoredFile, file.id)
    row.scan = "infected" if found else "clean"
    session.add(row)
    session.flush()
    if found:
        events.of_file(session, row, Verb.VIRUS_FOUND, virus=found)
    elif read:
        file_reading.enqueue(session, row.city_id, row.id)
