"""Reading the words in pictures of pages, as in a scan, in a lane of its own, since it takes seconds for every page."""

import json
from collections.abc import Sequence
from typing import Any

from sqlmodel import Session

from app.adapters.pictured_pages import reading as reader
from app.adapters.pictured_pages.reading import PicturedPagesRead
from app.adapters.storage.local_copy import copy_locally
from app.rules.files.file_text import TEXT_LIMIT
from app.rules.history.verbs import Verb
from app.rules.pictured_pages import add_picture_words, are_waiting, is_from_picture, load_pages, write_pages
from app.services.evidence import events, search_words
from app.services.evidence.reading import count_kinds, read_stretches, write_rows
from app.services.personal_data import read_findings
from app.services.site import Site
from app.store import file_reading
from app.store.city import load_city
from app.store.database.engine import now
from app.store.evidence import files
from app.store.file_reading import FileReading


def read_pictures(site: Site, city_id: int, payload: dict[str, Any]) -> None:
    """The job `file.pictures`: read the pages of file `payload["file"]` that wait, and ask for another job where some are left over.

    Raises OutsideUnavailable, and LeaseLost where the job is another worker's meanwhile.
    """
    with site.database.reading() as session:
        file = files.find_file(session, city_id, payload["file"])
        kept = file_reading.find_reading(session, city_id, payload["file"])
        reader_city = load_city(session, city_id)
    if file is None or kept is None or not kept.pictures_wait or not reader.is_reader_here():
        return
    with copy_locally(site.storage.open(file.key)) as path:
        pages = load_pages(kept.pictured)
        languages, country = (reader_city.language,), reader_city.country
        result = reader.read_pages(path, file.media_type, pages, languages, country, goes_on=lambda: _keep_lease(site))
    with site.database.writing() as session:
        _save_pages(session, city_id, file.id, result)


def _keep_lease(site: Site) -> None:
    """Whoever lost the job cannot write, and learns it here instead of after minutes."""
    with site.database.writing():
        pass


def _save_pages(session: Session, city_id: int, file_id: int, result: PicturedPagesRead) -> None:
    """Beside what is in the file otherwise; unless it went, or was read anew, in the meantime."""
    file = files.find_file(session, city_id, file_id)
    reading = file_reading.find_reading(session, city_id, file_id)
    if file is None or reading is None or _numbers(reading) != [page.number for page in result.pages]:
        return
    _put_words(reading, result)
    file_reading.add_reading(session, reading)
    for piece in file_reading.list_all_pieces_of_file(session, city_id, file_id):
        search_words.index_piece(session, piece)
    events.record_for_file(session, file, Verb.PICTURES_READ)
    if reading.pictures_wait:
        file_reading.enqueue_pictures(session, city_id, file_id)


def _put_words(reading: FileReading, result: PicturedPagesRead) -> None:
    before = read_findings(reading.findings)
    findings = tuple(finding for finding in before if not is_from_picture(finding)) + result.findings
    if count_kinds(before) != count_kinds(findings):
        reading.found_at = now()
    text, stretches = add_picture_words(reading.text, read_stretches(reading), result.pages, TEXT_LIMIT)
    reading.text, reading.stretches = text, write_rows(stretches)
    reading.findings, reading.pictured = write_rows(findings), write_pages(result.pages)
    reading.pictures_wait = are_waiting(result.pages)


def _numbers(reading: FileReading) -> Sequence[int]:
    return [row["number"] for row in json.loads(reading.pictured or "[]")]
