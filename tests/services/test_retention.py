"""Disposing of evidence: two people, nothing held or in use, and nothing of it left, while everything else stays."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any, get_args

import pytest
from sqlalchemy import Table
from sqlmodel import SQLModel, col, select

from app.rules.criteria.edition import EvidenceKind
from app.rules.errors import Conflict, Invalid, NotFound, Refused
from app.rules.evidence.entry import EvidenceEntry
from app.services import retention
from app.services.desk import Desk, Who
from app.services.evidence import adding, changing, library, new_file, opening, removing
from app.services.evidence import page as evidence
from app.services.evidence.adding import IncomingFile
from app.services.evidence.shelf import LibrarySearch
from app.services.site import Site
from app.store.evidence.files import StoredFile
from app.store.evidence.pieces import Evidence
from app.store.evidence.version import EvidenceVersion
from app.store.file_reading import FileReading, FileReadingAnswer
from app.store.request import Contribution
from app.store.retention import RetentionClass
from tests import world
from tests.conftest import WhoIs
from tests.services.evidence.test_page import events, newest, stored
from tests.world import World

SECRET = b"Names of people who have moved away long ago."


@pytest.fixture
def reviewer(site: Site, who: WhoIs) -> Who:
    return who("reviewer")


@pytest.fixture
def admin(site: Site, who: WhoIs) -> Who:
    return who("admin")


def add_file(site: Site, by: Who, content: bytes = SECRET, code: str = "LC1") -> int:
    uploads = [IncomingFile("names.txt", BytesIO(content))]
    adding.add_files(site, by, code, EvidenceEntry(EvidenceKind.FILE, title="Old names"), uploads)
    return newest(site).id


def remove(site: Site, by: Who, number: int) -> None:
    with site.database.writing() as session:
        removing.withdraw_piece(Desk(session, site, by), number, stored(site, number).version)


def let_its_time_end(site: Site, seeded: World, number: int) -> None:
    with site.database.writing() as session:
        piece = session.get_one(Evidence, number)
        piece.retention_id, piece.period_to = seeded.alpha.classes["drafts"], date(2019, 1, 1)
        session.add(piece)


def propose(site: Site, by: Who, number: int) -> None:
    with site.database.writing() as session:
        retention.propose_disposal(Desk(session, site, by), number, stored(site, number).version)


def dispose(site: Site, by: Who, number: int) -> None:
    retention.dispose_of_piece(site, by, number, stored(site, number).version)


def keys(site: Site) -> set[str]:
    return {one.key for one in site.storage.list_files()}


def test_two_people_dispose_of_a_removed_piece_and_nothing_of_it_is_left(
    site: Site, seeded: World, reviewer: Who, admin: Who
) -> None:
    before = keys(site)
    number = add_file(site, reviewer)
    new_file.replace_file(site, reviewer, number, 1, "", [IncomingFile("n.txt", BytesIO(b"Other old names."))])
    assert len(keys(site)) == len(before) + 2
    world.run_jobs(site)
    assert len(keys(site)) == len(before) + 2, "a text has no pictures"
    remove(site, reviewer, number)
    let_its_time_end(site, seeded, number)
    propose(site, reviewer, number)
    with pytest.raises(Refused, match="Someone else"):
        dispose(site, reviewer, number)
    dispose(site, admin, number)

    assert keys(site) == before, "both files are gone"
    row = stored(site, number)
    assert (row.title, row.note, row.file_id) == ("", "", None)
    assert row.disposed_at
    with site.database.reading() as session:
        assert session.exec(select(EvidenceVersion).where(EvidenceVersion.evidence_id == number)).all() == []
        assert session.exec(select(StoredFile).where(StoredFile.name == "names.txt")).all() == []
        assert session.exec(select(FileReading).where(col(FileReading.text).contains("old names"))).all() == []
        page = evidence.load_piece_page(Desk(session, site, reviewer), number)
        found = library.search_library(Desk(session, site, reviewer), LibrarySearch(kind="removed", word="names"))
        with pytest.raises(NotFound):
            opening.download_file(Desk(session, site, reviewer), number)
    assert (page.disposed, page.versions, found.rows) == (True, (), ())
    last = events(site, seeded)[-1]
    assert (last.verb, last.person_id) == ("disposed", admin.person_id)
    assert '"sha256": "' in last.details
    assert "Old names" not in last.details


SAID: dict[type, Any] = {
    str: "9", int: 9, Decimal: Decimal(9), date: date(2019, 9, 9), datetime: datetime(2019, 9, 9, tzinfo=UTC), bool: True,
}  # fmt: skip
STAYS = {
    "evidence": {
        "id", "city_id", "kind", "visibility", "twin_of", "partner_id", "contributed_on", "retention_id", "disposal_by",
        "disposal_at", "disposed_at", "created_by", "created_at", "withdrawn_at", "version",
    },
    "contribution": {
        "id", "city_id", "request_id", "kind", "may_quote", "state", "evidence_id", "decided_by", "decided_at", "at",
    },
}  # fmt: skip
"""What may be known of a piece when its content is gone: that it was there, who brought and removed it, and when."""
TAKEN_WHOLE = {"evidence_version", "link_copy", "search_word", "file_reading_answer"}
STAYS_WHOLE = {"evidence_support", "evidence_opening", "portal_fact", "program_application"}
"""What it supported, who opened it, what the city's catalog says, and that it was named for the outcome: nothing of its content."""


def fill(row: SQLModel, but: set[str]) -> None:
    """Something in every column that points nowhere."""
    table: Table = row.__table__  # type: ignore[attr-defined]
    for column in table.columns:
        if column.name not in but and not column.foreign_keys:
            of = type(row).model_fields[column.name].annotation
            setattr(row, column.name, next(said for kind, said in SAID.items() if kind in {of, *get_args(of)}))


def left_in(row: SQLModel) -> set[str]:
    table: Table = row.__table__  # type: ignore[attr-defined]
    return {one.name for one in table.columns if getattr(row, one.name) not in (None, "", 0, "{}")}


def test_no_column_of_a_piece_or_of_what_a_partner_sent_keeps_any_of_the_content(
    site: Site, seeded: World, reviewer: Who, admin: Who
) -> None:
    number = seeded.alpha.evidence["removed"]
    with site.database.writing() as session:
        piece = session.get_one(Evidence, number)
        piece.file_id, piece.approved_by = seeded.alpha.file_id, reviewer.person_id
        fill(piece, STAYS["evidence"] | {"hold_reason"})
        came = session.get_one(Contribution, seeded.alpha.contribution_id)
        came.evidence_id, came.file_id = number, seeded.alpha.file_id
        fill(came, STAYS["contribution"])
        session.add_all([piece, came])
        session.add(FileReadingAnswer(city_id=seeded.alpha.id, evidence_id=number, about="period"))
    propose(site, reviewer, number)
    dispose(site, admin, number)
    with site.database.reading() as session:
        assert left_in(session.get_one(Evidence, number)) <= STAYS["evidence"]
        assert left_in(session.get_one(Contribution, seeded.alpha.contribution_id)) <= STAYS["contribution"]
        for name in TAKEN_WHOLE:
            table = SQLModel.metadata.tables[name]
            assert session.execute(table.select().where(table.c.evidence_id == number)).all() == [], name


def test_disposal_knows_every_table_that_points_to_a_piece() -> None:
    pointing = {
        table.name
        for table in SQLModel.metadata.sorted_tables
        if any(key.target_fullname == "evidence.id" for key in table.foreign_keys)
    }
    assert pointing == TAKEN_WHOLE | STAYS_WHOLE | set(STAYS)


def test_a_file_that_another_piece_needs_stays(site: Site, seeded: World, reviewer: Who, admin: Who) -> None:
    number = add_file(site, reviewer)
    with site.database.writing() as session:
        row = session.get_one(Evidence, number)
        session.add(Evidence(city_id=row.city_id, kind="file", title="The same again", file_id=row.file_id))
    other = newest(site).id
    remove(site, reviewer, number)
    let_its_time_end(site, seeded, number)
    propose(site, reviewer, number)
    dispose(site, admin, number)
    with site.database.reading() as session:
        assert b"".join(opening.download_file(Desk(session, site, reviewer), other).chunks) == SECRET


def test_what_is_in_use_or_kept_or_held_cannot_be_proposed(site: Site, seeded: World, reviewer: Who) -> None:
    number = add_file(site, reviewer)
    with pytest.raises(Refused, match="LC1"):
        propose(site, reviewer, number)
    remove(site, reviewer, number)
    with pytest.raises(Refused, match="No retention class"):
        propose(site, reviewer, number)
    kind = seeded.alpha.classes["drafts"]
    with site.database.writing() as session:
        retention.set_retention(Desk(session, site, reviewer), number, kind, "", stored(site, number).version)
    with pytest.raises(Refused, match="kept until"):
        propose(site, reviewer, number)
    with site.database.writing() as session:
        session.get_one(Evidence, number).period_to = date(2010, 1, 1)
    propose(site, reviewer, number)
    with site.database.writing() as session:
        retention.set_retention(Desk(session, site, reviewer), number, kind, "A lawsuit", stored(site, number).version)
    assert stored(site, number).disposal_by is None, "a hold ends the proposal"
    with pytest.raises(Refused, match="legal hold"):
        propose(site, reviewer, number)


def test_what_came_into_use_again_is_not_disposed_of(site: Site, seeded: World, reviewer: Who, admin: Who) -> None:
    number = add_file(site, reviewer)
    remove(site, reviewer, number)
    let_its_time_end(site, seeded, number)
    propose(site, reviewer, number)
    with site.database.writing() as session:
        removing.restore_piece(Desk(session, site, reviewer), number, stored(site, number).version)
    with pytest.raises(Refused, match="LC1"):
        dispose(site, admin, number)
    with site.database.reading() as session:
        assert b"".join(opening.download_file(Desk(session, site, admin), number).chunks) == SECRET


def test_somebody_decides_to_keep_it(site: Site, seeded: World, reviewer: Who, admin: Who) -> None:
    number = seeded.alpha.evidence["proposed"]
    with site.database.writing() as session, pytest.raises(Conflict):
        retention.refuse_disposal(Desk(session, site, admin), number, 9)
    with site.database.writing() as session:
        retention.refuse_disposal(Desk(session, site, admin), number, 1)
    with pytest.raises(Refused, match="Nobody"):
        dispose(site, admin, number)


def test_after_disposal_nothing_more_happens_to_a_piece(site: Site, seeded: World, reviewer: Who) -> None:
    number = seeded.alpha.evidence["proposed"]
    dispose(site, reviewer, number)
    version = stored(site, number).version
    with site.database.writing() as session:
        with pytest.raises(Refused):
            removing.restore_piece(Desk(session, site, reviewer), number, version)
        with pytest.raises(Refused):
            retention.propose_disposal(Desk(session, site, reviewer), number, version)
        with pytest.raises(Refused):
            changing.change_piece(
                Desk(session, site, reviewer), number, EvidenceEntry(EvidenceKind.NOTE, title="x", note="y"), version
            )


def test_the_page_sorts_pieces_by_what_can_be_done(site: Site, seeded: World, reviewer: Who, who: WhoIs) -> None:
    with site.database.writing() as session:
        row = session.get_one(Evidence, seeded.alpha.evidence["note"])
        row.hold_reason = "A lawsuit"
        unsorted = Evidence(city_id=seeded.alpha.id, kind="note", title="Left over", withdrawn_at=row.created_at)
        session.add_all([row, unsorted])
    with site.database.reading() as session:
        page = retention.list_retention(Desk(session, site, reviewer))
        other = retention.list_retention(Desk(session, site, who("reviewer", "beta")))
    assert [line.id for line in page.due] == [seeded.alpha.evidence["removed"]]
    assert [line.id for line in page.proposed] == [seeded.alpha.evidence["proposed"]]
    assert [(line.id, line.hold_reason) for line in page.held] == [(seeded.alpha.evidence["note"], "A lawsuit")]
    assert [line.title for line in page.unsorted] == ["Left over"]
    assert [(one.name, one.pieces) for one in page.classes] == [("drafts", 2), ("unused", 0)]
    assert page.disposed == ()
    assert (other.held, other.unsorted) == ((), ())


def test_a_proposal_says_when_nobody_can_approve_it_any_more(site: Site, seeded: World, reviewer: Who) -> None:
    drafts = seeded.alpha.classes["drafts"]
    with site.database.writing() as session:
        retention.set_class(Desk(session, site, reviewer), drafts, "drafts", 100, 1)
    with site.database.reading() as session:
        page = retention.list_retention(Desk(session, site, reviewer))
    assert page.due == ()
    assert [str(line.why_not) for line in page.proposed] == ["It is kept until 2119-01-01."]


def test_classes_are_of_one_city_and_have_names_of_their_own(
    site: Site, seeded: World, reviewer: Who, who: WhoIs
) -> None:
    beta = who("reviewer", "beta")
    with site.database.writing() as session:
        retention.set_class(Desk(session, site, reviewer), None, "Minutes", 7, 0)
        with pytest.raises(Invalid):
            retention.set_class(Desk(session, site, reviewer), None, "minutes", 5, 0)
        retention.set_class(Desk(session, site, beta), None, "Minutes", 3, 0)
    with site.database.reading() as session:
        mine, theirs = (
            next(one for one in retention.list_retention(Desk(session, site, person)).classes if one.name == "Minutes")
            for person in (reviewer, beta)
        )
    with site.database.writing() as session:
        with pytest.raises(NotFound):
            retention.set_class(Desk(session, site, reviewer), theirs.id, "Mine now", 1, 1)
        with pytest.raises(Invalid):
            retention.set_retention(Desk(session, site, reviewer), seeded.alpha.evidence["note"], theirs.id, "", 1)
        with pytest.raises(Conflict):
            retention.set_class(Desk(session, site, reviewer), mine.id, "Minutes", 8, 9)
        retention.set_class(Desk(session, site, reviewer), mine.id, "Minutes", 8, 1)


def test_a_class_goes_when_no_piece_has_it(site: Site, seeded: World, reviewer: Who, admin: Who) -> None:
    drafts, unused = seeded.alpha.classes["drafts"], seeded.alpha.classes["unused"]
    dispose(site, admin, seeded.alpha.evidence["proposed"])
    with site.database.writing() as session:
        retention.set_retention(Desk(session, site, reviewer), seeded.alpha.evidence["removed"], unused, "", 1)
    with site.database.writing() as session:
        for number, version, problem in (
            (drafts, 1, Refused),  # what was disposed of still has it
            (unused, 1, Refused),
            (seeded.beta.classes["unused"], 1, NotFound),
        ):
            with pytest.raises(problem):
                retention.remove_class(Desk(session, site, reviewer), number, version)
        retention.set_retention(Desk(session, site, reviewer), seeded.alpha.evidence["removed"], None, "", 2)
        with pytest.raises(Conflict):
            retention.remove_class(Desk(session, site, reviewer), unused, 9)
        retention.remove_class(Desk(session, site, reviewer), unused, 1)
    with site.database.reading() as session:
        assert [one.name for one in retention.list_retention(Desk(session, site, reviewer)).classes] == ["drafts"]
        left = [one.city_id for one in session.exec(select(RetentionClass).where(RetentionClass.name == "unused"))]
    assert left == [seeded.beta.id]
    last = events(site, seeded)[-1]
    assert (last.verb, last.subject) == ("retention_class_removed", "unused")


def test_an_entry_is_not_touched_by_keeping(site: Site, seeded: World, reviewer: Who) -> None:
    number = seeded.alpha.evidence["note"]
    before = stored(site, number)
    with site.database.writing() as session:
        retention.set_retention(Desk(session, site, reviewer), number, None, "A lawsuit", 1)
    after = stored(site, number)
    assert (after.title, after.note, after.visibility) == (before.title, before.note, before.visibility)
