"""A redacted copy is made beside the original: nobody sees in it what was covered, and the original stays as it was."""

import io

import pypdfium2
import pytest
from sqlmodel import col, select

from app.rules.criteria.edition import EvidenceKind
from app.rules.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from app.rules.evidence.entry import EvidenceEntry
from app.rules.redaction import RedactionOrder
from app.services.desk import Desk, Who
from app.services.evidence import adding, opening, redacting
from app.services.evidence import page as evidence
from app.services.evidence.adding import IncomingFile
from app.services.evidence.redacting import RedactionPage
from app.services.site import Site
from app.store.evidence.pieces import Evidence
from app.store.history.events import HistoryEvent
from tests import world
from tests.conftest import WhoIs
from tests.small_files import pdf_of

NUMBER = "219-63-4812"
LETTER = pdf_of(f"Dear Ana Quillmoss,\nyour number is {NUMBER}.")
WORDS = RedactionOrder(words=("Quillmoss",))


@pytest.fixture
def piece(site: Site, who: WhoIs) -> int:
    """A restricted letter that has been read."""
    return _add_file(site, who("lead"), "letter.pdf", LETTER)


def _add_file(site: Site, person: Who, name: str, content: bytes, visibility: str = "restricted") -> int:
    entry = EvidenceEntry(EvidenceKind.FILE, visibility=visibility)
    (outcome,) = adding.add_files(site, person, "LC1", entry, [IncomingFile(name, io.BytesIO(content))])
    assert outcome.problem is None
    world.run_jobs(site)
    return outcome.evidence_id


def _load_page(site: Site, person: Who, piece: int) -> RedactionPage:
    with site.database.reading() as session:
        return redacting.load_redaction_page(Desk(session, site, person), piece)


def _make(
    site: Site, person: Who, piece: int, order: RedactionOrder, version: int = 1, visibility: str = "public"
) -> int:
    return redacting.make_redacted_copy(site, person, piece, version, order, "Letter of May", visibility)


def test_the_copy_is_public_without_what_was_covered_and_the_original_stays_restricted(
    site: Site, who: WhoIs, piece: int
) -> None:
    lead, official = who("lead"), who("official")
    page = _load_page(site, lead, piece)
    assert (page.title, page.pages, page.page_count) == ("", (1,), 1), "the title of what is restricted is not proposed"
    assert [(data.kind, str(data.mention.spots[0]), data.proposed) for data in page.found] == [
        ("us_ssn", "on page 1", True)
    ]
    order = redacting.read_order(page, {1: ""}, "ana quillmoss", ["us_ssn"])
    copy = _make(site, lead, piece, order)
    world.run_jobs(site)
    with site.database.reading() as session:
        download = opening.download_file(Desk(session, site, official), copy)
        document = pypdfium2.PdfDocument(b"".join(download.chunks))
        assert [page.get_textpage().get_text_bounded() for page in document] == [""]
        shown = evidence.load_piece_page(Desk(session, site, official), copy)
        assert (download.name, shown.piece.title, shown.piece.visibility, shown.original) == (
            "Letter of May.pdf", "Letter of May", "public", piece,
        )  # fmt: skip
        assert not (shown.preview and shown.preview.warned), "what was covered is not read in the picture either"
        with pytest.raises(NotAllowed):
            opening.download_file(Desk(session, site, official), piece)
        verbs = session.exec(select(HistoryEvent.verb).order_by(col(HistoryEvent.id))).all()
    assert "evidence_redacted" in verbs
    assert "restricted_opened" in verbs


def test_what_cannot_be_found_makes_no_copy(site: Site, who: WhoIs, piece: int) -> None:
    with pytest.raises(Invalid) as refused:
        _make(site, who("lead"), piece, RedactionOrder(words=("Quillmoss", "Lambrigg")))
    assert str(refused.value.fields["words"]).startswith("Not found on any page: “Lambrigg”.")
    with site.database.reading() as session:
        assert session.exec(select(Evidence).where(Evidence.twin_of == piece)).all() == []


def test_an_order_names_every_field_that_cannot_be_read(site: Site, who: WhoIs, piece: int) -> None:
    page = _load_page(site, who("lead"), piece)
    with pytest.raises(Invalid) as refused:
        redacting.read_order(page, {1: "10 20"}, "x", [])
    assert set(refused.value.fields) == {"areas-1", "words"}
    with pytest.raises(Invalid, match="Nothing is covered yet"):
        redacting.read_order(page, {1: " "}, "", ["telephone"])


def test_a_copy_of_something_changed_meanwhile_is_not_made(site: Site, who: WhoIs, piece: int) -> None:
    with pytest.raises(Conflict):
        _make(site, who("lead"), piece, WORDS, version=2)


@pytest.mark.parametrize(
    ("title", "visibility", "field"), [(" ", "public", "title"), ("Letter", "restricted", "visibility")]
)
def test_a_copy_has_a_name_and_readers(
    site: Site, who: WhoIs, piece: int, title: str, visibility: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        redacting.make_redacted_copy(site, who("lead"), piece, 1, WORDS, title, visibility)
    assert list(refused.value.fields) == [field]


def test_only_files_that_can_be_drawn_and_are_not_public_get_a_copy(site: Site, who: WhoIs) -> None:
    lead = who("lead")
    text, public = _add_file(site, lead, "note.txt", b"Quillmoss"), _add_file(site, lead, "open.pdf", LETTER, "public")
    with pytest.raises(NotFound, match="of PDF files and pictures"):
        _load_page(site, lead, text)
    with pytest.raises(Refused, match="public already"):
        _load_page(site, lead, public)
