"""Files wait in quarantine until a virus scanner has called them clean, where one is set. Without a clear answer they stay there.

That a clean file is let out changes nothing that anyone entered, so the city's record tells only of a virus.
"""

from datetime import timedelta
from typing import Any

from sqlmodel import Session

from app.adapters import virus
from app.rules.errors import OutsideUnavailable
from app.rules.files.scanning import ScanState
from app.rules.history.verbs import Verb
from app.rules.installation.job import JobKind
from app.services.evidence import events
from app.services.site import Site
from app.store import file_reading, job
from app.store.evidence.files import StoredFile, find_file, list_unscanned_files

TRY_AGAIN = timedelta(minutes=10)
BATCH_SIZE = 500
TIME_APART = timedelta(seconds=2)
"""Between two files from before the scanner, so that what people wait for is done in between."""


def enqueue_old_files(site: Site) -> int:
    """Have the scanner look at every file that was kept before there was one; returns how many. Safe between processes.

    Such a file stays open until the scanner finds a virus in it: a whole library is not locked because a scanner was set.
    """
    if not site.settings.clamd:
        return 0
    enqueued = 0
    while batch := _enqueue_batch(site, enqueued):
        enqueued += batch
    return enqueued


def _enqueue_batch(site: Site, first_number: int) -> int:
    with site.database.writing() as session:
        files = list_unscanned_files(session, BATCH_SIZE)
        for number, file in enumerate(files, start=first_number):
            file.scan = ScanState.ASKED.value
            job.enqueue_job(session, file.city_id, JobKind.SCAN_FILE, after=TIME_APART * number, file=file.id)
    return len(files)


def scan_file(site: Site, city_id: int, payload: dict[str, Any]) -> None:
    """The job `file.scan`: ask about file `payload["file"]`, and let it out or keep it in; asks again later without a clear answer.

    `payload["read"]` says whether a clean file is read then.
    """
    read_afterwards = payload.get("read", True)
    with site.database.reading() as session:
        file = find_file(session, city_id, payload["file"])
    if file is None or file.scan not in {ScanState.WAITING, ScanState.ASKED}:
        return
    try:
        virus_name = virus.find_virus(site.settings.clamd, site.storage.open(file.key))
    except OutsideUnavailable:
        with site.database.writing() as session:
            job.enqueue_job(session, city_id, JobKind.SCAN_FILE, after=TRY_AGAIN, file=file.id, read=read_afterwards)
        return
    with site.database.writing() as session:
        _save_scan_result(session, file, virus_name, read=read_afterwards)


def _save_scan_result(session: Session, file: StoredFile, virus_name: str | None, *, read: bool) -> None:
    stored_file = session.get_one(StoredFile, file.id)
    stored_file.scan = (ScanState.INFECTED if virus_name else ScanState.CLEAN).value
    session.flush()
    if virus_name:
        events.record_for_file(session, stored_file, Verb.VIRUS_FOUND, virus=virus_name)
    elif read:
        file_reading.enqueue_reading(session, stored_file.city_id, stored_file.id)
