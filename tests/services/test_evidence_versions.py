"""Versions, redacted copies, and who opened what is restricted."""

import hashlib
import json
from dataclasses import replace
from io import BytesIO

import pytest

from app.rules.criteria import EvidenceKind
from app.rules.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from app.rules.evidence_entry import Entry
from app.services import evidence, evidence_adding, evidence_files
from app.services.account import Who
from app.services.evidence import PiecePage
from app.services.evidence_adding import Upload
from app.services.site import Site
from app.store.evidence import Evidence, file_by_hash
from tests import world
from tests.services.test_evidence import events, newest, restrict, set_state, stored, use, who
from tests.world import World

NOTE = Entry(EvidenceKind.NOTE, title="Who attends", note="Eleven people.")
SIGNED = b"The signed plan."


def show(site: Site, reader: Who, number: int) -> PiecePage:
    with site.database.reading() as session:
        return evidence.show(session, site, reader, number)


def change(site: Site, by: Who, number: int, entry: Entry, version: int, why: str = "") -> None:
    with site.database.writing() as session:
        evidence.change(session, site, by, number, entry, version, why)


def replace_file(site: Site, by: Who, number: int, version: int, content: bytes = SIGNED, why: str = "") -> None:
    evidence_files.replace_file(site, by, number, version, why, [Upload("signed.txt", BytesIO(content))])


@pytest.fixture
def lead(site: Site, seeded: World) -> Who:
    return who(site, seeded, "lead")


def test_each_change_is_a_version_with_who_why_and_a_fingerprint_that_the_record_has_too(
    site: Site, seeded: World, lead: Who
) -> None:
    evidence_adding.add(site, lead, "LC1", NOTE)
    number = newest(site).id or 0
    change(site, lead, number, replace(NOTE, note="Twelve people."), 1, "One joined")
    change(site, lead, number, replace(NOTE, note="Twelve people."), 2)
    page = show(site, who(site, seeded, "official"), number)
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


def test_a_newer_file_takes_the_place_and_the_old_one_can_still_be_opened(site: Site, seeded: World, lead: Who) -> None:
    evidence_adding.add_files(
        site, lead, "LC1", Entry(EvidenceKind.FILE), [Upload("draft.txt", BytesIO(b"The draft."))]
    )
    number = newest(site).id or 0
    replace_file(site, lead, number, 1, why="Signed by the mayor")
    with site.database.reading() as session:
        now = b"".join(evidence.download(session, site, lead, number).chunks)
        before = b"".join(evidence_files.download_version(session, site, lead, number, 1).chunks)
        assert b"".join(evidence_files.download_version(session, site, lead, number, 2).chunks) == now
    assert (now, before) == (SIGNED, b"The draft.")
    official = who(site, seeded, "official")
    with site.database.reading() as session:
        assert b"".join(evidence_files.download_version(session, site, official, number, 2).chunks) == SIGNED
        with pytest.raises(NotAllowed):
            evidence_files.download_version(session, site, official, number, 1)
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
def test_nobody_else_replaces_a_file(site: Site, seeded: World, role: str) -> None:
    with pytest.raises(NotAllowed):
        replace_file(site, who(site, seeded, role), seeded.alpha.evidence["file"], 1)


def test_who_uses_the_file_of_another_department_neither_replaces_it_nor_reads_what_was_before(
    site: Site, seeded: World, lead: Who
) -> None:
    number, colleague = seeded.alpha.evidence["file"], who(site, seeded, "colleague")
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
            evidence_files.download_version(session, site, colleague, number, 1)
        assert b"".join(evidence_files.download_version(session, site, lead, number, 1).chunks) == world.FILE
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
                evidence_files.download_version(session, site, lead, number, version)


@pytest.mark.parametrize("content", [b"MZ\x90\x00", b""])
def test_a_file_that_cannot_be_kept_changes_nothing(site: Site, seeded: World, lead: Who, content: bytes) -> None:
    number = seeded.alpha.evidence["file"]
    with pytest.raises(Invalid):
        replace_file(site, lead, number, 1, content)
    assert stored(site, number).version == 1


# redacted copies


def redact(site: Site, by: Who, number: int, content: bytes = b"Without names.") -> int:
    return evidence_files.add_redacted(site, by, number, [Upload("plan, redacted.txt", BytesIO(content))])


def test_a_redacted_copy_is_public_and_supports_the_same(site: Site, seeded: World, lead: Who) -> None:
    original = restrict(site, seeded, "file")
    twin = redact(site, lead, original)
    official = who(site, seeded, "official")
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
        assert b"".join(evidence.download(session, site, official, twin).chunks) == b"Without names."
        with pytest.raises(NotAllowed):
            evidence.download(session, site, official, original)
    last = events(site, seeded)[-1]
    assert last.verb == "evidence_redacted"
    assert "Adopted plan" not in last.details


def test_the_original_itself_is_no_redacted_copy(site: Site, seeded: World, lead: Who) -> None:
    evidence_adding.add_files(
        site, lead, "LC1", Entry(EvidenceKind.FILE), [Upload("names.txt", BytesIO(b"Ann and Bob."))]
    )
    with pytest.raises(Invalid, match="original"):
        redact(site, lead, newest(site).id or 0, b"Ann and Bob.")


def test_what_is_public_needs_no_copy(site: Site, seeded: World, lead: Who) -> None:
    with site.database.writing() as session:
        row = session.get_one(Evidence, seeded.alpha.evidence["file"])
        row.visibility = "public"
        session.add(row)
    with pytest.raises(Refused):
        redact(site, lead, row.id or 0)


# who opened it


def open_file(site: Site, by: Who, number: int) -> None:
    with site.database.reading() as session:
        evidence.download(session, site, by, number)


def test_who_opens_a_restricted_file_is_recorded_and_of_others_nothing_is(site: Site, seeded: World, lead: Who) -> None:
    number = seeded.alpha.evidence["file"]
    before = len(events(site, seeded))
    open_file(site, lead, number)
    assert len(events(site, seeded)) == before
    restrict(site, seeded, "file")
    with pytest.raises(NotAllowed):
        open_file(site, who(site, seeded, "official"), number)
    assert len(events(site, seeded)) == before, "who may not open it opens nothing"
    open_file(site, lead, number)
    last = events(site, seeded)[-1]
    assert (last.verb, last.person_id) == ("restricted_opened", lead.person_id)
    assert [one.by for one in show(site, lead, number).openings] == [lead.name]
    assert show(site, who(site, seeded, "official"), number).openings == ()


def test_the_same_content_in_two_cities_stays_two_files(site: Site, seeded: World, lead: Who) -> None:
    replace_file(site, lead, seeded.alpha.evidence["file"], 1)
    sha256 = hashlib.sha256(SIGNED).hexdigest()
    with site.database.reading() as session:
        assert file_by_hash(session, seeded.alpha.id, sha256)
        assert file_by_hash(session, seeded.beta.id, sha256) is None
