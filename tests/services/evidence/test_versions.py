"""Versions, redacted copies, and who opened what is restricted."""

import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from sqlmodel import select

from app.adapters.receiving import receive_file
from app.rules.criteria.edition import EvidenceKind
from app.rules.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from app.rules.evidence.entry import EvidenceEntry
from app.rules.files.kinds import TEXT
from app.services.desk import Desk, Who
from app.services.evidence import adding, changing, new_file, opening, reading_answers
from app.services.evidence import library as evidence_library
from app.services.evidence import page as evidence
from app.services.evidence.adding import IncomingFile
from app.services.evidence.page import PiecePage
from app.services.evidence.shelf import LibrarySearch
from app.services.site import Site
from app.store import retention
from app.store.evidence.files import StoredFile, find_file_by_hash
from app.store.evidence.pieces import Evidence
from app.store.evidence.version import EvidenceOpening
from tests import world
from tests.conftest import WhoIs
from tests.services.evidence.test_page import events, newest, restrict, set_state, stored, use
from tests.world import World

NOTE = EvidenceEntry(EvidenceKind.NOTE, title="Who attends", note="Eleven people.")
SIGNED = b"The signed plan."


def show(site: Site, reader: Who, number: int) -> PiecePage:
    with site.database.reading() as session:
        return evidence.load_piece_page(Desk(session, site, reader), number)


def change(site: Site, by: Who, number: int, entry: EvidenceEntry, version: int, why: str = "") -> None:
    with site.database.writing() as session:
        changing.change_piece(Desk(session, site, by), number, entry, version, why)


def replace_file(site: Site, by: Who, number: int, version: int, content: bytes = SIGNED, why: str = "") -> None:
    new_file.replace_file(site, by, number, version, why, [IncomingFile("signed.txt", BytesIO(content))])


@pytest.fixture
def lead(site: Site, who: WhoIs) -> Who:
    return who("lead")


def test_each_change_is_a_version_with_who_why_and_a_fingerprint_that_the_record_has_too(
    site: Site, seeded: World, lead: Who, who: WhoIs
) -> None:
    adding.add_evidence(site, lead, "LC1", NOTE)
    number = newest(site).id
    change(site, lead, number, replace(NOTE, note="Twelve people."), 1, "One joined")
    change(site, lead, number, replace(NOTE, note="Twelve people."), 2)
    page = show(site, who("official"), number)
    assert [(one.number, one.why, [str(said) for said in one.changed]) for one in page.versions] == [
        (2, "One joined", ["Note"]),
        (1, "", []),
    ]
    assert {one.by for one in page.versions} == {lead.name}
    assert json.loads(events(site, seeded)[-1].details)["sha256"] == page.versions[0].sha256


def test_a_piece_from_before_versions_keeps_what_it_said(site: Site, seeded: World, lead: Who) -> None:
    number = seeded.alpha.evidence["note"]
    assert show(site, lead, number).versions == ()
    change(site, lead, number, replace(NOTE, title="Who decides"), 1)
    assert [one.number for one in show(site, lead, number).versions] == [2, 1]


def test_a_newer_file_takes_the_place_and_the_old_one_can_still_be_opened(
    site: Site, seeded: World, lead: Who, who: WhoIs
) -> None:
    adding.add_files(
        site, lead, "LC1", EvidenceEntry(EvidenceKind.FILE), [IncomingFile("draft.txt", BytesIO(b"The draft."))]
    )
    number = newest(site).id
    replace_file(site, lead, number, 1, why="Signed by the mayor")
    with site.database.reading() as session:
        now = b"".join(opening.download_file(Desk(session, site, lead), number).chunks)
        before = b"".join(new_file.download_version(Desk(session, site, lead), number, 1).chunks)
        assert b"".join(new_file.download_version(Desk(session, site, lead), number, 2).chunks) == now
    assert (now, before) == (SIGNED, b"The draft.")
    official = who("official")
    with site.database.reading() as session:
        assert b"".join(new_file.download_version(Desk(session, site, official), number, 2).chunks) == SIGNED
        with pytest.raises(NotAllowed):
            new_file.download_version(Desk(session, site, official), number, 1)
    assert events(site, seeded)[-1].verb == "evidence_replaced"
    with pytest.raises(Conflict):
        replace_file(site, lead, number, 1, b"Another one.")
    with pytest.raises(Invalid, match="same file"):
        replace_file(site, lead, number, 2)


def test_what_was_submitted_stays_as_it_is(site: Site, seeded: World, lead: Who) -> None:
    number = seeded.alpha.evidence["file"]
    set_state(site, seeded, "LC1", "submitted")
    with pytest.raises(Refused):
        replace_file(site, lead, number, 1)
    with pytest.raises(Refused):
        change(site, lead, number, NOTE, 1)
    assert len(show(site, lead, number).versions) == 1


@pytest.mark.parametrize("role", ["colleague", "official"])
def test_nobody_else_replaces_a_file(site: Site, seeded: World, role: str, who: WhoIs) -> None:
    with pytest.raises(NotAllowed):
        replace_file(site, who(role), seeded.alpha.evidence["file"], 1)


def test_who_uses_the_file_of_another_department_neither_replaces_it_nor_reads_what_was_before(
    site: Site, seeded: World, lead: Who, who: WhoIs
) -> None:
    number, colleague = seeded.alpha.evidence["file"], who("colleague")
    replace_file(site, lead, number, 1)
    use(site, colleague, "OD1", number)
    with pytest.raises(NotAllowed):
        replace_file(site, colleague, number, 3, b"Mine.")
    with pytest.raises(NotAllowed):
        redact(site, colleague, number)
    page = show(site, colleague, number)
    assert (page.may_write, page.may_use, page.may_see_former) == (False, True, False)
    with site.database.reading() as session:
        with pytest.raises(NotAllowed):
            new_file.download_version(Desk(session, site, colleague), number, 1)
        assert b"".join(new_file.download_version(Desk(session, site, lead), number, 1).chunks) == world.FILE
    replace_file(site, lead, number, 3, b"The newest plan.")


def test_only_files_are_replaced_and_versions_of_another_city_are_not_found(
    site: Site, seeded: World, lead: Who
) -> None:
    for number in (seeded.alpha.evidence["note"], seeded.beta.evidence["file"]):
        with pytest.raises(NotFound):
            replace_file(site, lead, number, 1)
    with site.database.reading() as session:
        for number, version in ((seeded.beta.evidence["file"], 1), (seeded.alpha.evidence["file"], 9)):
            with pytest.raises(NotFound):
                new_file.download_version(Desk(session, site, lead), number, version)


@pytest.mark.parametrize("content", [b"MZ\x90\x00", b""])
def test_a_file_that_cannot_be_kept_changes_nothing(site: Site, seeded: World, lead: Who, content: bytes) -> None:
    number = seeded.alpha.evidence["file"]
    with pytest.raises(Invalid):
        replace_file(site, lead, number, 1, content)
    assert stored(site, number).version == 1


# redacted copies


def redact(site: Site, by: Who, number: int, content: bytes = b"Without names.", *, version: int = 1) -> int:
    return new_file.add_redacted_copy(site, by, number, version, [IncomingFile("plan, redacted.txt", BytesIO(content))])


def test_a_redacted_copy_is_public_and_supports_the_same(site: Site, seeded: World, lead: Who, who: WhoIs) -> None:
    original = restrict(site, seeded, "file")
    twin = redact(site, lead, original)
    official = who("official")
    page = show(site, official, twin)
    assert (page.piece.title, page.piece.visibility, page.original) == ("plan, redacted", "public", original)
    assert [support.criterion.code for support in page.supports] == ["LC1"]
    hidden = show(site, official, original)
    assert hidden.piece.title == ""
    assert [(one.id, one.title) for one in hidden.twins] == [(twin, "plan, redacted")]
    with site.database.writing() as session:
        session.get_one(Evidence, twin).visibility = "restricted"
    assert show(site, official, original).twins == (), "nobody reads the name of what they may not open"
    with site.database.writing() as session:
        session.get_one(Evidence, twin).visibility = "public"
    with site.database.reading() as session:
        assert b"".join(opening.download_file(Desk(session, site, official), twin).chunks) == b"Without names."
        with pytest.raises(NotAllowed):
            opening.download_file(Desk(session, site, official), original)
    last = events(site, seeded)[-1]
    assert last.verb == "evidence_redacted"
    assert "Adopted plan" not in last.details


def test_the_original_itself_is_no_redacted_copy(site: Site, seeded: World, lead: Who) -> None:
    adding.add_files(
        site, lead, "LC1", EvidenceEntry(EvidenceKind.FILE), [IncomingFile("names.txt", BytesIO(b"Ann and Bob."))]
    )
    with pytest.raises(Invalid, match="original"):
        redact(site, lead, newest(site).id, b"Ann and Bob.")


def test_what_is_public_needs_no_copy(site: Site, seeded: World, lead: Who) -> None:
    with site.database.writing() as session:
        row = session.get_one(Evidence, seeded.alpha.evidence["file"])
        row.visibility = "public"
        session.add(row)
    with pytest.raises(Refused):
        redact(site, lead, row.id)


# who opened it


def open_file(site: Site, by: Who, number: int) -> None:
    with site.database.reading() as session:
        opening.download_file(Desk(session, site, by), number)


def test_who_opens_a_restricted_file_is_recorded_and_of_others_nothing_is(
    site: Site, seeded: World, lead: Who, who: WhoIs
) -> None:
    number = seeded.alpha.evidence["file"]
    before = len(events(site, seeded))
    open_file(site, lead, number)
    assert len(events(site, seeded)) == before
    restrict(site, seeded, "file")
    with pytest.raises(NotAllowed):
        open_file(site, who("official"), number)
    assert len(events(site, seeded)) == before, "who may not open it opens nothing"
    open_file(site, lead, number)
    last = events(site, seeded)[-1]
    assert (last.verb, last.person_id) == ("restricted_opened", lead.person_id)
    assert [one.by for one in show(site, lead, number).openings] == [lead.name]
    assert show(site, who("official"), number).openings == ()


def test_nothing_is_recorded_where_nothing_is_opened(site: Site, seeded: World, lead: Who) -> None:
    number = restrict(site, seeded, "file")
    before = len(events(site, seeded))
    with site.database.reading() as session:
        with pytest.raises(NotFound):
            new_file.download_version(Desk(session, site, lead), number, 99)
        with pytest.raises(NotFound):
            reading_answers.open_picture(Desk(session, site, lead), number, 99)
    set_file(site, seeded, scan="infected")
    for step in (lambda: open_file(site, lead, number), lambda: open_picture(site, lead, number)):
        with pytest.raises(Refused, match="virus"):
            step()
    set_file(site, seeded, scan="clean", key="00/0000")
    with pytest.raises(NotFound):
        open_file(site, lead, number)
    assert len(events(site, seeded)) == before
    assert show(site, lead, number).openings == ()


def set_file(site: Site, seeded: World, **values: str) -> None:
    with site.database.writing() as session:
        row = session.get_one(StoredFile, seeded.alpha.file_id)
        for name, value in values.items():
            setattr(row, name, value)
        session.add(row)


def open_picture(site: Site, by: Who, number: int) -> bytes:
    with site.database.reading() as session:
        return b"".join(reading_answers.open_picture(Desk(session, site, by), number, 1).chunks)


def test_each_opening_of_a_file_is_recorded_and_pages_and_pictures_once_a_day(
    site: Site, seeded: World, lead: Who, who: WhoIs
) -> None:
    number = restrict(site, seeded, "file")
    for _ in range(2):
        opening.record_page_opening(site, lead, number)
        assert open_picture(site, lead, number) == world.PICTURE
        open_file(site, lead, number)
    opening.record_page_opening(site, who("official"), number)
    seen = [str(one.what) for one in reversed(show(site, lead, number).openings)]
    assert seen == ["looked at this page", "looked at pictures of the file", "opened the file", "opened the file"]
    with site.database.writing() as session:
        for row in session.exec(select(EvidenceOpening)):
            row.at -= timedelta(days=1)
            session.add(row)
    opening.record_page_opening(site, lead, number)
    assert len(show(site, lead, number).openings) == 5
    assert [row.verb for row in events(site, seeded)][-2:] == ["restricted_opened", "restricted_seen"]


def test_what_is_not_restricted_is_looked_at_without_a_trace(site: Site, seeded: World, lead: Who) -> None:
    before = len(events(site, seeded))
    opening.record_page_opening(site, lead, seeded.alpha.evidence["note"])
    assert len(events(site, seeded)) == before


# names of files

COMPLAINT = "Complaint-against-John-Doe-2026.txt"
FORM = b"Nothing to report."


@pytest.fixture
def complaint(site: Site, lead: Who) -> int:
    """A restricted file of the lead's department with a name that says too much."""
    entry = EvidenceEntry(EvidenceKind.FILE, visibility="restricted")
    adding.add_files(site, lead, "LC1", entry, [IncomingFile(COMPLAINT, BytesIO(FORM))])
    return newest(site).id


def test_the_same_content_under_another_name_says_nothing_of_the_first(site: Site, complaint: int, who: WhoIs) -> None:
    colleague = who("colleague")
    entry = EvidenceEntry(EvidenceKind.FILE)
    (outcome,) = adding.add_files(site, colleague, "OD1", entry, [IncomingFile("form.txt", BytesIO(FORM))])
    assert not outcome.known
    piece = newest(site)
    page = show(site, colleague, piece.id)
    assert page.piece.file
    assert (page.piece.title, page.piece.file.name) == ("form", "form.txt")
    with site.database.reading() as session:
        assert opening.download_file(Desk(session, site, colleague), piece.id).name == "form.txt"
        assert new_file.download_version(Desk(session, site, colleague), piece.id, 1).name == "form.txt"
        assert opening.download_file(Desk(session, site, who("reviewer")), complaint).name == COMPLAINT
        for searcher, found in ((colleague, []), (who("reviewer"), [complaint])):
            library = evidence_library.search_library(Desk(session, site, searcher), LibrarySearch(word="complaint"))
            assert [row.id for row in library.rows] == found


def test_a_redacted_copy_is_called_as_its_sender_calls_it(
    site: Site, seeded: World, lead: Who, complaint: int, who: WhoIs
) -> None:
    twin = redact(site, lead, seeded.alpha.evidence["file"], FORM)
    official = who("official")
    page = show(site, official, twin)
    assert page.piece.file
    assert (page.piece.title, page.piece.file.name) == ("plan, redacted", "plan, redacted.txt")
    with site.database.reading() as session:
        assert opening.download_file(Desk(session, site, official), twin).name == "plan, redacted.txt"


def test_a_file_that_takes_the_place_of_another_brings_its_own_name(
    site: Site, seeded: World, lead: Who, complaint: int
) -> None:
    number = seeded.alpha.evidence["file"]
    replace_file(site, lead, number, 1, FORM)
    with site.database.reading() as session:
        assert opening.download_file(Desk(session, site, lead), number).name == "signed.txt"
        assert new_file.download_version(Desk(session, site, lead), number, 2).name == "signed.txt"
        assert new_file.download_version(Desk(session, site, lead), number, 1).name == "plan.pdf"
        assert [
            row.id
            for row in evidence_library.search_library(Desk(session, site, lead), LibrarySearch(word="signed")).rows
        ] == [number]
    change(site, lead, number, EvidenceEntry(EvidenceKind.FILE), 2)
    assert stored(site, number).title == "signed"


# two at once


def test_a_second_click_on_a_redacted_copy_adds_none(site: Site, seeded: World, lead: Who) -> None:
    number = seeded.alpha.evidence["file"]
    redact(site, lead, number)
    with pytest.raises(Conflict):
        redact(site, lead, number, b"Another copy.")
    with pytest.raises(Invalid, match="here already"):
        redact(site, lead, number, version=2)
    assert len(show(site, lead, number).twins) == 1


def test_content_that_is_disposed_of_while_it_comes_in_again_is_asked_for_once_more(site: Site, lead: Who) -> None:
    """`put` finds the content there; before its row is used, disposal has taken row and file away."""
    adding.add_files(site, lead, "LC1", EvidenceEntry(EvidenceKind.FILE), [IncomingFile("a.txt", BytesIO(FORM))])
    with receive_file(BytesIO(FORM), 1000) as received:
        there = adding.store_file(site, lead.city_id, lead.person_id, received, TEXT, "a.txt")
    with site.database.writing() as session:
        piece = session.get_one(Evidence, newest(site).id)
        retention.remove_content(session, piece)
    with site.database.writing() as session, pytest.raises(Conflict):
        adding.ensure_file_row(session, there)
    (outcome,) = adding.add_files(
        site, lead, "LC1", EvidenceEntry(EvidenceKind.FILE), [IncomingFile("a.txt", BytesIO(FORM))]
    )
    assert outcome.problem is None


def test_the_same_content_in_two_cities_stays_two_files(site: Site, seeded: World, lead: Who) -> None:
    replace_file(site, lead, seeded.alpha.evidence["file"], 1)
    sha256 = hashlib.sha256(SIGNED).hexdigest()
    with site.database.reading() as session:
        assert find_file_by_hash(session, seeded.alpha.id, sha256)
        assert find_file_by_hash(session, seeded.beta.id, sha256) is None
