"""What becomes of a file after it was kept: read once, its findings shown to those who may see it, its date only proposed."""

import io
import json
import os
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import select

from app.adapters.file_readers import reading as reader
from app.adapters.files import inspect_file
from app.adapters.receiving import receive_file
from app.rules.criteria.edition import EvidenceKind
from app.rules.errors import Conflict, Invalid, NotAllowed, NotFound, OutsideUnavailable, Refused
from app.rules.evidence.entry import EvidenceEntry
from app.rules.files.file_reading import READER, FileFacts, FileTrouble
from app.rules.message import say
from app.services.desk import Desk, Who
from app.services.evidence import adding, changing, finding, library, reading_answers, sweep
from app.services.evidence import page as evidence
from app.services.evidence import reading as file_reading
from app.services.evidence.adding import IncomingFile
from app.services.evidence.reading import FilePreview
from app.services.evidence.shelf import LibrarySearch
from app.services.jobs import waiting
from app.services.personal_data import find_exposed_pieces
from app.services.requests import contribution, inbox
from app.services.requests.page import request_link
from app.services.site import Site
from app.store.evidence.files import StoredFile
from app.store.evidence.pieces import Evidence
from app.store.file_reading import FileReading, FileReadingAnswer
from app.store.history.events import HistoryEvent
from app.store.job import Job
from app.store.request import Contribution, EvidenceRequest
from tests import world
from tests.conftest import WhoIs
from tests.small_files import pdf_of, picture_of
from tests.world import PICTURE, World

FILE = EvidenceEntry(EvidenceKind.FILE)
LETTER = b"Dear Ana, your number is 123-45-6789, mine is 123-45-6780. Write to ben@alpha.example about xylophones."


def rows(site: Site, table: Any, *conditions: Any) -> list[Any]:
    with site.database.reading() as session:
        return list(session.exec(select(table).where(*conditions).order_by(table.id)))


def add(site: Site, person: Who, name: str, content: bytes, code: str = "LC1", **form: Any) -> Evidence:
    """A piece with the file, read already."""
    entry = EvidenceEntry(EvidenceKind.FILE, **form)
    (outcome,) = adding.add_files(site, person, code, entry, [IncomingFile(name, io.BytesIO(content))])
    assert outcome.problem is None
    world.run_jobs(site)
    newest: Evidence = rows(site, Evidence)[-1]
    return newest


def piece_of(site: Site, seeded: World, kind: str = "file") -> Evidence:
    piece: Evidence = rows(site, Evidence, Evidence.id == seeded.alpha.evidence[kind])[0]
    return piece


def preview(site: Site, person: Who, piece: Evidence) -> FilePreview:
    with site.database.reading() as session:
        found = evidence.load_piece_page(Desk(session, site, person), piece.id).preview
    assert found
    return found


def verbs(site: Site, seeded: World) -> list[str]:
    return [event.verb for event in rows(site, HistoryEvent, HistoryEvent.city_id == seeded.alpha.id)]


def _everything_is_old(site: Site) -> None:
    for path in (site.settings.data_dir / "files").rglob("*"):
        os.utime(path, (1, 1))


# reading


def test_a_new_file_is_read_soon_and_everything_found_is_shown(site: Site, seeded: World, who: WhoIs) -> None:
    lead = who("lead")
    adding.add_files(site, lead, "LC1", FILE, [IncomingFile("letter.txt", io.BytesIO(LETTER))])
    piece = rows(site, Evidence)[-1]
    assert preview(site, lead, piece).state == "reading"
    world.run_jobs(site)
    found = preview(site, lead, piece)
    assert (found.state, found.text, found.trouble) == ("ok", LETTER.decode(), None)
    assert [(str(one.words), one.example) for one in found.warned] == [("2 social security numbers", "***-**-6789")]
    assert [str(one.words) for one in found.mentioned] == ["1 e-mail address"]
    event = rows(site, HistoryEvent, HistoryEvent.city_id == seeded.alpha.id)[-1]
    assert (event.verb, event.subject) == ("file_read", "LC1"), "so that the criterion's history shows it"


def test_a_file_that_was_kept_unread_is_read_when_it_becomes_evidence(site: Site, who: WhoIs) -> None:
    """Such as the copy of a page or a catalog's answer, which someone hands in by itself later."""
    lead = who("lead")
    with receive_file(io.BytesIO(LETTER), 1_000_000) as received:
        kind = inspect_file("letter.txt", received.file, site.kinds)
        stored = adding.store_file(site, lead.city_id, None, received, kind, "letter.txt")
    with site.database.writing() as session:
        adding.ensure_file_row(session, stored, read=False)
    world.run_jobs(site)
    adding.add_files(site, lead, "LC1", FILE, [IncomingFile("letter.txt", io.BytesIO(LETTER))])
    world.run_jobs(site)
    assert preview(site, lead, rows(site, Evidence)[-1]).text == LETTER.decode()


def test_the_end_of_a_long_file_is_found_though_only_its_beginning_is_shown(site: Site, who: WhoIs) -> None:
    lead = who("lead")
    words = " ".join(f"word{number}" for number in range(3_000))
    long = add(site, lead, "long.txt", f"{words} aardvark".encode())
    with site.database.reading() as session:
        found = library.search_library(Desk(session, site, lead), LibrarySearch(word="aardvark"))
    assert [row.id for row in found.rows] == [long.id]
    shown = preview(site, lead, long)
    assert (shown.text, shown.text_cut) == (words[:20_000], True)
    fitting = add(site, lead, "fitting.txt", ("x" * 19_999 + "y").encode())
    assert (len(preview(site, lead, fitting).text), preview(site, lead, fitting).text_cut) == (20_000, False)


def test_pictures_are_in_storage_before_the_row_and_the_sweep_keeps_them(site: Site, who: WhoIs) -> None:
    lead = who("lead")
    piece = add(site, lead, "plan.pdf", pdf_of("A plan\n" * 100))
    assert preview(site, lead, piece).pictures == (1, 2, 3)
    known = {key for row in rows(site, FileReading) for key in json.loads(row.picture_keys)}
    assert len(known) == 5, "three of this file, and one of each city of the world"
    _everything_is_old(site)
    assert sweep.plan_sweep(site).unclaimed == ()
    for key in known:
        assert b"".join(site.storage.open(key))
    with site.database.reading() as session:
        picture = reading_answers.open_picture(Desk(session, site, lead), piece.id, 3)
    assert b"".join(picture.chunks).startswith(b"RIFF")


def test_a_file_is_read_once(site: Site, seeded: World, monkeypatch: pytest.MonkeyPatch, who: WhoIs) -> None:
    lead = who("lead")
    piece = add(site, lead, "letter.txt", LETTER)
    before = rows(site, FileReading)
    monkeypatch.setattr(reader, "read_facts", lambda *_: pytest.fail("it was read again"))
    add(site, lead, "another name.txt", LETTER, "LC3")
    file_reading.read_file(site, seeded.alpha.id, {"file": piece.file_id})
    assert len(rows(site, FileReading)) == len(before)


def make_readings_old(site: Site, **values: object) -> None:
    """As if earlier readers had read everything, and seen this."""
    with site.database.writing() as session:
        session.exec(update(FileReading).values(reader=READER - 1, **values))
        session.exec(update(StoredFile).values(created_at=datetime(2026, 1, 1, tzinfo=UTC)))


def test_what_earlier_readers_read_is_read_again_and_what_they_missed_is_asked(
    site: Site, seeded: World, who: WhoIs
) -> None:
    """Someone said that the file is fine when less was found in it."""
    lead = who("lead")
    piece = add(site, lead, "letter.txt", LETTER)
    make_readings_old(site, text="", findings="[]")
    with site.database.writing() as session:
        reading_answers.allow_personal_data(Desk(session, site, lead), piece.id, piece.version)
    read_at = rows(site, FileReading, FileReading.file_id == piece.file_id)[0].read_at
    waiting.recover_lost_files(site)
    world.run_jobs(site)
    shown = preview(site, lead, piece)
    assert (shown.text, [str(one.words) for one in shown.warned]) == (LETTER.decode(), ["2 social security numbers"])
    assert rows(site, FileReading, FileReading.file_id == piece.file_id)[0].read_at > read_at
    assert {row.reader for row in rows(site, FileReading)} == {READER}


def test_what_is_found_again_is_not_asked_again(site: Site, who: WhoIs) -> None:
    lead = who("lead")
    piece = add(site, lead, "letter.txt", LETTER)
    with site.database.writing() as session:
        reading_answers.allow_personal_data(Desk(session, site, lead), piece.id, piece.version)
    make_readings_old(site)
    waiting.recover_lost_files(site)
    world.run_jobs(site)
    assert preview(site, lead, piece).warned == ()


def test_where_it_stands_and_what_was_not_looked_into_are_said(site: Site, who: WhoIs) -> None:
    lead = who("lead")
    table = "Name,Number\nAna,123-45-6789\n"
    (warned,) = preview(site, lead, add(site, lead, "people.csv", table.encode())).warned
    assert [str(spot) for spot in warned.spots] == ["in row 2"]
    photo = preview(site, lead, add(site, lead, "sheet.png", picture_of(60, 40)))
    assert [str(sentence) for sentence in photo.unread] == [
        "There are no words in it, as in a scan, so neither the search nor the check for personal data saw anything."
    ]


def test_two_workers_write_one_reading(site: Site, seeded: World, monkeypatch: pytest.MonkeyPatch, who: WhoIs) -> None:
    lead = who("lead")
    adding.add_files(site, lead, "LC1", FILE, [IncomingFile("letter.txt", io.BytesIO(LETTER))])
    file_id = rows(site, Evidence)[-1].file_id
    whole = reader.read_facts

    def meanwhile(*given: Any) -> FileFacts:
        monkeypatch.setattr(reader, "read_facts", whole)
        file_reading.read_file(site, seeded.alpha.id, {"file": file_id})
        return whole(*given)

    monkeypatch.setattr(reader, "read_facts", meanwhile)
    file_reading.read_file(site, seeded.alpha.id, {"file": file_id})
    assert len(rows(site, FileReading, FileReading.file_id == file_id)) == 1


def test_a_file_that_cannot_be_read_says_why_and_is_not_tried_again(site: Site, who: WhoIs) -> None:
    lead = who("lead")
    piece = add(site, lead, "broken.pdf", b"%PDF-1.7\n" + bytes(range(256)))
    found = preview(site, lead, piece)
    assert found.state == "failed"
    assert "could not be read" in str(found.trouble)
    assert [job.state for job in rows(site, Job, Job.kind == "file.read")] == ["done"]


def test_when_storage_is_away_the_job_is_tried_again(site: Site, monkeypatch: pytest.MonkeyPatch, who: WhoIs) -> None:
    def away(_self: object, _key: str) -> None:
        raise OutsideUnavailable(say("The file storage does not work now. Try again in a few minutes."))

    lead = who("lead")
    adding.add_files(site, lead, "LC1", FILE, [IncomingFile("letter.txt", io.BytesIO(LETTER))])
    with monkeypatch.context() as patch:
        patch.setattr(type(site.storage), "open", away)
        world.run_jobs(site)
    (job,) = rows(site, Job, Job.kind == "file.read")
    assert (job.state, job.attempts) == ("later", 1)


def test_what_was_found_before_a_limit_is_shown_with_the_reason(
    site: Site, monkeypatch: pytest.MonkeyPatch, who: WhoIs
) -> None:
    facts = FileFacts(text="The first page.", trouble=FileTrouble.TOO_LONG)
    monkeypatch.setattr(reader, "read_facts", lambda *_: facts)
    lead = who("lead")
    found = preview(site, lead, add(site, lead, "slow.txt", b"slow"))
    assert (found.state, found.text) == ("ok", "The first page.")
    assert "took too long" in str(found.trouble)


def test_a_piece_is_found_by_the_words_in_its_file(site: Site, who: WhoIs) -> None:
    lead = who("lead")
    piece = add(site, lead, "letter.txt", LETTER)
    with site.database.reading() as session:
        found = library.search_library(Desk(session, site, lead), LibrarySearch(word="xylophones"))
    assert [one.id for one in found.rows] == [piece.id]


def test_a_piece_without_a_file_has_nothing_to_show(site: Site, seeded: World, who: WhoIs) -> None:
    with site.database.reading() as session:
        page = evidence.load_piece_page(Desk(session, site, who("lead")), seeded.alpha.evidence["note"])
    assert page.preview is None


# who may see it


def test_of_a_restricted_piece_nothing_is_shown_until_somebody_who_may_opens_it(
    site: Site, seeded: World, who: WhoIs
) -> None:
    hidden = seeded.alpha.evidence["restricted"]
    for role, may in (("lead", False), ("official", False), ("reviewer", True)):
        person = who(role)
        with site.database.reading() as session:
            page = evidence.load_piece_page(Desk(session, site, person), hidden)
            assert page.preview is None
            if may:
                picture = reading_answers.open_picture(Desk(session, site, person), hidden, 1)
                assert b"".join(picture.chunks) == PICTURE
            else:
                with pytest.raises(NotAllowed):
                    reading_answers.open_picture(Desk(session, site, person), hidden, 1)


@pytest.mark.parametrize("number", [0, 2, 99, -1])
def test_a_picture_that_is_not_there_is_not_found(site: Site, seeded: World, number: int, who: WhoIs) -> None:
    with site.database.reading() as session, pytest.raises(NotFound):
        reading_answers.open_picture(Desk(session, site, who("lead")), seeded.alpha.evidence["file"], number)


def test_a_picture_of_another_city_is_not_found(site: Site, seeded: World, who: WhoIs) -> None:
    with site.database.reading() as session, pytest.raises(NotFound):
        reading_answers.open_picture(Desk(session, site, who("admin")), seeded.beta.evidence["file"], 1)


def test_the_title_of_a_restricted_piece_stays_out_of_the_record(site: Site, who: WhoIs) -> None:
    add(site, who("lead"), "names of informants.txt", b"Names.", visibility="restricted")
    event = rows(site, HistoryEvent, HistoryEvent.verb == "file_read")[-1]
    assert "informants" not in event.details


# personal data


def seen(site: Site, person: Who, piece: Evidence, version: int) -> None:
    with site.database.writing() as session:
        reading_answers.allow_personal_data(Desk(session, site, person), piece.id, version)


def test_who_has_looked_is_kept_and_the_warning_is_gone(site: Site, seeded: World, who: WhoIs) -> None:
    lead, piece = who("lead"), piece_of(site, seeded)
    assert [str(one.words) for one in preview(site, lead, piece).warned] == ["2 social security numbers"]
    seen(site, lead, piece, piece.version)
    found = preview(site, lead, piece)
    assert (found.warned, found.mentioned, found.seen_by) == ((), (), lead.person_id)
    with site.database.reading() as session:
        assert evidence.load_piece_page(Desk(session, site, lead), piece.id).seen_by == "Lead of Alpha City"
    assert verbs(site, seeded)[-1] == "personal_data_seen"


def test_what_people_typed_is_looked_at_as_a_file_is_and_asked_again_when_it_changes(
    site: Site, seeded: World, who: WhoIs
) -> None:
    """A title, a note, a file's name: pages and reports repeat them."""
    lead = who("lead")
    piece = add(site, lead, "case of 123-45-6789.txt", b"Nothing in it.")

    def load_page() -> evidence.PiecePage:
        with site.database.reading() as session:
            return evidence.load_piece_page(Desk(session, site, lead), piece.id)

    def exposes() -> bool:
        with site.database.reading() as session:
            row = session.get_one(Evidence, piece.id)
            return bool(find_exposed_pieces(session, seeded.alpha.id, "US", [row]))

    assert [str(found.words) for found in load_page().typed_data] == ["1 social security number"]
    assert exposes()
    seen(site, lead, piece, piece.version)
    assert (load_page().typed_data, exposes()) == ((), False)
    with site.database.writing() as session:
        desk = Desk(session, site, lead)
        entry = changing.build_entry(finding.find_piece(desk, piece.id), source="Also about 123-45-6780.")
        changing.change_piece(desk, piece.id, entry, session.get_one(Evidence, piece.id).version)
    assert [str(found.words) for found in load_page().typed_data] == ["2 social security numbers"]
    assert exposes(), "what is new was seen by nobody"


def test_a_piece_that_more_people_can_see_later_is_asked_about_again(site: Site, seeded: World, who: WhoIs) -> None:
    lead, piece = who("lead"), piece_of(site, seeded)
    seen(site, lead, piece, piece.version)
    for visibility, warned in (("public", True), ("internal", False)):
        with site.database.writing() as session:
            session.get_one(Evidence, piece.id).visibility = visibility
        assert bool(preview(site, lead, piece_of(site, seeded)).warned) == warned, visibility
    with site.database.writing() as session:
        session.get_one(Evidence, piece.id).visibility = "public"
    seen(site, lead, piece, piece_of(site, seeded).version)
    assert not preview(site, lead, piece_of(site, seeded)).warned
    assert len(rows(site, FileReadingAnswer)) == 1


def test_an_answer_needs_the_right_and_the_version_that_was_seen(site: Site, seeded: World, who: WhoIs) -> None:
    piece = piece_of(site, seeded)
    before = verbs(site, seeded)
    with pytest.raises(NotAllowed):
        seen(site, who("colleague"), piece, piece.version)
    with pytest.raises(Conflict):
        seen(site, who("lead"), piece, piece.version + 1)
    with pytest.raises(NotFound):
        seen(site, who("lead"), piece_of(site, seeded, "note"), 1)
    assert verbs(site, seeded) == before
    assert rows(site, FileReadingAnswer) == []


# the day that the file gives


def undated(site: Site, seeded: World) -> Evidence:
    with site.database.writing() as session:
        session.get_one(Evidence, seeded.alpha.evidence["file"]).period_to = None
    return piece_of(site, seeded)


def answer(site: Site, person: Who, piece: Evidence, given: str, day: date | None, version: int = 1) -> None:
    with site.database.writing() as session:
        reading_answers.answer_day(Desk(session, site, person), piece.id, given, day, version)


def test_a_day_is_proposed_only_where_no_period_was_entered_and_never_applied_by_itself(
    site: Site, seeded: World, who: WhoIs
) -> None:
    lead = who("lead")
    assert preview(site, lead, piece_of(site, seeded)).proposed is None
    piece = undated(site, seeded)
    proposed = preview(site, lead, piece).proposed
    assert proposed
    assert (proposed.day, proposed.made) == (date(2026, 3, 12), True)
    assert piece_of(site, seeded).period_to is None


def test_yes_fills_in_the_period_and_leaves_the_rest_as_it_was(site: Site, seeded: World, who: WhoIs) -> None:
    lead, piece = who("lead"), undated(site, seeded)
    answer(site, lead, piece, "yes", date(2026, 3, 12))
    after = piece_of(site, seeded)
    assert after.model_dump(exclude={"period_to", "version"}) == piece.model_dump(exclude={"period_to", "version"})
    assert (after.period_to, after.version) == (date(2026, 3, 12), 2)
    assert preview(site, lead, after).proposed is None
    assert verbs(site, seeded)[-1] == "evidence_changed"


def test_no_is_remembered(site: Site, seeded: World, who: WhoIs) -> None:
    lead, piece = who("lead"), undated(site, seeded)
    answer(site, lead, piece, "no", date(2026, 3, 12))
    assert preview(site, lead, piece_of(site, seeded)).proposed is None
    assert piece_of(site, seeded).period_to is None
    assert verbs(site, seeded)[-1] == "day_refused"


def test_only_the_day_that_is_proposed_now_can_be_taken(site: Site, seeded: World, who: WhoIs) -> None:
    lead, piece = who("lead"), undated(site, seeded)
    for given, day, version, error in (
        ("yes", date(2030, 1, 1), 1, Conflict),
        ("yes", None, 1, Conflict),
        ("yes", date(2026, 3, 12), 9, Conflict),
        ("no", None, 9, Conflict),
        ("perhaps", None, 1, Invalid),
    ):
        with pytest.raises(error):
            answer(site, lead, piece, given, day, version)
    with pytest.raises(NotAllowed):
        answer(site, who("colleague"), piece, "yes", date(2026, 3, 12))
    assert piece_of(site, seeded).period_to is None


def test_a_piece_that_is_with_the_reviewer_takes_no_day(site: Site, seeded: World, who: WhoIs) -> None:
    from app.store.response import Response

    lead, piece = who("lead"), undated(site, seeded)
    with site.database.writing() as session:
        session.get_one(Response, seeded.alpha.responses["LC1"]).state = "submitted"
    with pytest.raises(Refused):
        answer(site, lead, piece, "yes", date(2026, 3, 12))


def test_what_a_partner_sends_is_read_before_it_is_decided_on(site: Site, seeded: World, who: WhoIs) -> None:
    with site.database.writing() as session:
        asked = session.get_one(EvidenceRequest, seeded.alpha.requests["partner"])
        link = request_link(site, asked)
    upload = IncomingFile("agreement.txt", io.BytesIO(LETTER))
    contribution.receive_contribution(
        site, link.rsplit("/", 1)[1], contribution.ContributionForm("Ana", "", False, (), (upload,))
    )
    world.run_jobs(site)
    found = rows(site, FileReading)[-1]
    assert found.text == LETTER.decode()
    event = rows(site, HistoryEvent, HistoryEvent.verb == "file_read")[-1]
    assert "agreement.txt" in event.details
    sent = rows(site, Contribution)[-1]
    with site.database.writing() as session:
        inbox.decide_contribution(Desk(session, site, who("reviewer")), sent.id, "accepted", "")
    piece = rows(site, Evidence)[-1]
    assert preview(site, who("reviewer"), piece).text == LETTER.decode()


def test_a_number_in_where_to_look_for_a_criterion_is_warned_of(site: Site, seeded: World, who: WhoIs) -> None:
    piece = piece_of(site, seeded, "note")
    with site.database.reading() as session:
        desk = Desk(session, site, who("lead"))
        (mention,) = file_reading.warn_of_typed_data(desk, piece, {"LC1": "page 3", "DM2": "line of 219-63-4812"})
        assert str(mention.words) == "1 social security number"
        assert [str(spot) for spot in mention.spots] == ["in where to look for DM2"]
        assert file_reading.warn_of_typed_data(desk, piece, {"LC1": "page 3"}) == ()
