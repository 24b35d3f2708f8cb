"""A scan is read in its pictures after the file, and until then, and where it cannot be, that is said beside who may see it."""

import io
from pathlib import Path

import pytest
from sqlmodel import col, select

from app.adapters.pictured_pages import tesseract
from app.adapters.pictured_pages.reading import is_reader_here
from app.rules.criteria.edition import EvidenceKind
from app.rules.evidence.entry import EvidenceEntry
from app.services.desk import Desk, Who
from app.services.evidence import adding, library, pictured_pages
from app.services.evidence import page as evidence
from app.services.evidence import reading as file_reading
from app.services.evidence.adding import IncomingFile
from app.services.evidence.reading import FilePreview
from app.services.evidence.shelf import LibrarySearch
from app.services.jobs import waiting
from app.services.personal_data import find_exposed_pieces
from app.services.site import Site
from app.store.evidence.pieces import Evidence
from app.store.file_reading import FileReading
from app.store.history.events import HistoryEvent
from tests import world
from tests.conftest import WhoIs
from tests.small_files import scanned_pdf_of

needs_reader = pytest.mark.skipif(not is_reader_here(), reason="Tesseract is not installed (Debian: tesseract-ocr)")
NUMBER = "219-63-4812"
SCAN = scanned_pdf_of(f"Quillmoss\nSocial security number {NUMBER}")


def add_scan(site: Site, person: Who) -> Evidence:
    entry = EvidenceEntry(EvidenceKind.FILE, visibility="public")
    (outcome,) = adding.add_files(site, person, "LC1", entry, [IncomingFile("scan.pdf", io.BytesIO(SCAN))])
    assert outcome.problem is None
    world.run_jobs(site)
    with site.database.reading() as session:
        newest = session.exec(select(Evidence).order_by(col(Evidence.id).desc())).first()
    assert newest
    return newest


def preview(site: Site, person: Who, piece: Evidence) -> FilePreview:
    with site.database.reading() as session:
        shown = evidence.load_piece_page(Desk(session, site, person), piece.id).preview
    assert shown
    return shown


@needs_reader
def test_a_number_in_a_scan_is_searched_warned_of_and_said_to_be_read_from_the_picture(site: Site, who: WhoIs) -> None:
    lead = who("lead")
    piece = add_scan(site, lead)
    shown = preview(site, lead, piece)
    assert [str(mention.words) for mention in shown.warned] == ["1 social security number"]
    assert [str(spot) for spot in shown.warned[0].spots] == ["in the picture of page 1"]
    assert [(str(part.head), part.text) for part in shown.beside] == [
        ("Read from the picture, may contain mistakes", f"Quillmoss\nSocial security number {NUMBER}")
    ]
    assert (shown.unread, shown.pictures_wait) == ((), False)
    assert str(shown.from_pictures).startswith("1 page was read from its picture by a program")
    with site.database.reading() as session:
        rows = library.search_library(Desk(session, site, lead), LibrarySearch(word="quillmoss")).rows
        assert [row.id for row in rows] == [piece.id]
        assert find_exposed_pieces(session, lead.city_id, "US", [piece]).keys() == {piece.id}
        last = session.exec(select(HistoryEvent).order_by(col(HistoryEvent.id).desc())).first()
    assert last
    assert (last.verb, last.subject) == ("pictures_read", "LC1")


@needs_reader
def test_what_was_read_in_pictures_stays_when_the_file_is_read_anew(site: Site, who: WhoIs) -> None:
    lead = who("lead")
    piece = add_scan(site, lead)
    before = preview(site, lead, piece)
    with site.database.writing() as session:
        reading = session.exec(select(FileReading).where(FileReading.file_id == piece.file_id)).one()
        reading.reader = 0
        session.add(reading)
    file_reading.read_file(site, lead.city_id, {"file": piece.file_id})
    assert preview(site, lead, piece) == before


def test_without_a_reader_it_is_said_and_the_scan_is_read_once_there_is_one(
    site: Site, who: WhoIs, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead = who("lead")
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(tesseract, "DATA_FOLDERS", ())
        piece = add_scan(site, lead)
        sentences = [str(sentence) for sentence in preview(site, lead, piece).unread]
        assert sentences[0].startswith("There are no words in it, as in a scan")
        assert sentences[1].startswith("The program that reads words in pictures (Tesseract) is not installed here.")
        pictured_pages.read_pictures(site, lead.city_id, {"file": piece.file_id})
        assert waiting.recover_lost_files(site) == 0
    monkeypatch.setattr(tesseract, "DATA_FOLDERS", (str(_pretend_data(site)),))
    monkeypatch.setattr(tesseract, "LIBRARY_FOLDERS", (str(_pretend_data(site)),))
    monkeypatch.setattr(waiting, "LATE_AFTER", -waiting.LATE_AFTER)
    assert waiting.recover_lost_files(site) == 1
    assert [str(sentence) for sentence in preview(site, lead, piece).unread] == [
        "1 page is a picture. Its words are still being read: 1."
    ]


def _pretend_data(site: Site) -> Path:
    """A folder that looks as if Tesseract were installed, of which only that is asked."""
    folder = site.settings.data_dir / "tessdata"
    folder.mkdir(exist_ok=True)
    for name in ("eng.traineddata", tesseract.LIBRARIES[0]):
        (folder / name).touch()
    return folder
