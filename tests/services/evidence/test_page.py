"""What happens to evidence below the web: rights, states, versions, files and links, on both databases."""

import hashlib
import os
from dataclasses import replace
from datetime import date
from io import BytesIO
from threading import Thread
from typing import Any, TypeVar

import pytest
from sqlalchemy import event
from sqlmodel import col, select

from app.adapters.storage.keys import new_key
from app.rules.criteria.edition import EvidenceKind
from app.rules.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from app.rules.evidence.entry import EvidenceEntry
from app.services.desk import Desk, Who
from app.services.evidence import adding, changing, finding, links, opening, removing, search_words, sweep
from app.services.evidence import library as evidence_library
from app.services.evidence import page as evidence
from app.services.evidence.adding import IncomingFile
from app.services.evidence.pieces import list_response_pieces
from app.services.evidence.shelf import LibrarySearch
from app.services.kept import KeptResults
from app.services.site import Site
from app.store.city import City
from app.store.evidence.files import StoredFile
from app.store.evidence.pieces import Evidence, EvidenceSupport
from app.store.history.events import HistoryEvent
from app.store.response import Response
from tests import world
from tests.conftest import WhoIs
from tests.world import World

PDF = b"%PDF-1.7\nMinutes of the meeting of March.\n%%EOF\n"
NOTE = EvidenceEntry(EvidenceKind.NOTE, title="Who attends", note="Eleven people, by name.")
LINK = EvidenceEntry(EvidenceKind.LINK, url="https://data.example/plan/")
FILE = EvidenceEntry(EvidenceKind.FILE)
T = TypeVar("T")


def upload(name: str = "minutes.pdf", content: bytes = PDF) -> IncomingFile:
    return IncomingFile(name, BytesIO(content))


def rows(site: Site, table: type[T], *conditions: Any) -> list[T]:
    with site.database.reading() as session:
        return list(session.exec(select(table).where(*conditions).order_by(col(table.id))))  # type: ignore[attr-defined]


def newest(site: Site) -> Evidence:
    return rows(site, Evidence)[-1]


def stored(site: Site, evidence_id: int) -> Evidence:
    return rows(site, Evidence, Evidence.id == evidence_id)[0]


def items_of(site: Site, piece: Evidence) -> list[tuple[int, str]]:
    return sorted(
        (row.response_id, row.item) for row in rows(site, EvidenceSupport, EvidenceSupport.evidence_id == piece.id)
    )


def events(site: Site, seeded: World) -> list[HistoryEvent]:
    return rows(site, HistoryEvent, HistoryEvent.city_id == seeded.alpha.id)


def set_state(site: Site, seeded: World, code: str, state: str) -> None:
    with site.database.writing() as session:
        response = session.get_one(Response, seeded.alpha.responses[code])
        response.state = state
        session.add(response)


def also_supports(site: Site, seeded: World, kind: str, code: str, item: str = "", *, guest: bool = False) -> None:
    with site.database.writing() as session:
        session.add(
            EvidenceSupport(
                city_id=seeded.alpha.id,
                evidence_id=seeded.alpha.evidence[kind],
                response_id=seeded.alpha.responses[code],
                item=item,
                guest=guest,
            )
        )


# files


def test_a_file_is_kept_whole_under_its_own_name_and_begins_the_response(site: Site, seeded: World, who: WhoIs) -> None:
    lead = who("lead")
    outcomes = adding.add_files(site, lead, "LC6", FILE, [upload("Minutes of March.pdf")])
    assert [(outcome.name, outcome.problem, outcome.known) for outcome in outcomes] == [
        ("Minutes of March.pdf", None, False)
    ]
    piece = newest(site)
    assert piece.title == "Minutes of March"
    with site.database.reading() as session:
        file = opening.download_file(Desk(session, site, lead), piece.id)
    assert b"".join(file.chunks) == PDF
    assert (file.name, file.media_type, file.size_bytes) == ("Minutes of March.pdf", "application/pdf", len(PDF))
    assert rows(site, Response, Response.id == seeded.alpha.responses["LC6"])[0].state == "in_progress"


def test_the_same_file_again_is_linked_and_not_stored_twice(site: Site, seeded: World, who: WhoIs) -> None:
    lead = who("lead")
    adding.add_files(site, lead, "LC1", FILE, [upload("first.pdf")])
    (outcome,) = adding.add_files(site, lead, "LC3", FILE, [upload("second name.pdf")])
    assert outcome.known
    assert len(rows(site, StoredFile, StoredFile.sha256 == hashlib.sha256(PDF).hexdigest())) == 1
    piece = newest(site)
    assert piece.title == "first"
    assert [response for response, _ in items_of(site, piece)] == [
        seeded.alpha.responses["LC1"], seeded.alpha.responses["LC3"],
    ]  # fmt: skip


def test_the_same_file_twice_for_one_criterion_adds_items_and_takes_none_away(
    site: Site, seeded: World, who: WhoIs
) -> None:
    lead = who("lead")
    first, second = checklist(site, lead, "LC1")[:2]
    for items in ((first,), (second,), ()):
        adding.add_files(site, lead, "LC1", replace(FILE, items=items), [upload()])
    here = seeded.alpha.responses["LC1"]
    assert items_of(site, newest(site)) == sorted([(here, first), (here, second)])


def test_the_same_file_in_another_city_is_a_file_of_that_city(site: Site, who: WhoIs) -> None:
    adding.add_files(site, who("lead"), "LC1", FILE, [upload()])
    (outcome,) = adding.add_files(site, who("lead", "beta"), "LC1", FILE, [upload()])
    assert not outcome.known
    assert len(rows(site, StoredFile, StoredFile.sha256 == hashlib.sha256(PDF).hexdigest())) == 2


def test_one_bad_file_does_not_cost_the_good_ones_and_each_is_told_why(site: Site, who: WhoIs) -> None:
    sent = [
        upload("good.pdf"),
        upload("empty.pdf", b""),
        upload("run.exe", b"MZ" + bytes(80)),
        upload("lies.pdf", b"\x89PNG\r\n\x1a\n" + bytes(60)),
        upload("also good.txt", b"Agenda of May"),
    ]
    before = len(rows(site, Evidence))
    outcomes = adding.add_files(site, who("lead"), "LC1", FILE, sent)
    said = {outcome.name: str(outcome.problem) if outcome.problem else "" for outcome in outcomes}
    assert said["good.pdf"] == said["also good.txt"] == ""
    assert "empty" in said["empty.pdf"]
    assert ".exe" in said["run.exe"]
    assert "PNG image" in said["lies.pdf"]
    assert [piece.title for piece in rows(site, Evidence)][-2:] == ["good", "also good"]
    assert len(rows(site, Evidence)) == before + 2


def test_a_file_over_the_limit_is_refused_with_the_limit(site: Site, who: WhoIs) -> None:
    site.settings.upload_mb = 1
    before = len(rows(site, Evidence))
    (outcome,) = adding.add_files(site, who("lead"), "LC1", FILE, [upload("long.txt", b"a" * 1_000_001)])
    assert "larger than 1 MB" in str(outcome.problem)
    assert len(rows(site, Evidence)) == before


def test_a_typed_title_is_for_one_file_and_several_take_their_names(site: Site, who: WhoIs) -> None:
    lead, entry = who("lead"), replace(FILE, title="Council minutes")
    adding.add_files(site, lead, "LC1", entry, [upload("a.pdf")])
    assert newest(site).title == "Council minutes"
    adding.add_files(site, lead, "LC1", entry, [upload("b.txt", b"b"), upload("c.txt", b"c")])
    assert [piece.title for piece in rows(site, Evidence)][-2:] == ["b", "c"]


def test_when_storage_is_away_the_file_is_told_and_no_row_is_written(site: Site, who: WhoIs) -> None:
    folder = site.settings.data_dir / "files"
    folder.rename(folder.with_name("elsewhere"))
    folder.write_text("not a folder")
    before = len(rows(site, StoredFile))
    (outcome,) = adding.add_files(site, who("lead"), "LC1", FILE, [upload()])
    assert "storage does not work" in str(outcome.problem)
    assert len(rows(site, StoredFile)) == before


def test_a_file_is_in_storage_before_its_row_and_goes_when_the_row_is_never_written(site: Site, who: WhoIs) -> None:
    seen: list[bool] = []

    def look(_mapper: object, _connection: object, row: StoredFile) -> None:
        seen.append(b"".join(site.storage.open(row.key)) == PDF)
        raise RuntimeError("the process dies here")

    event.listen(StoredFile, "before_insert", look)
    try:
        with pytest.raises(RuntimeError):
            adding.add_files(site, who("lead"), "LC1", FILE, [upload()])
    finally:
        event.remove(StoredFile, "before_insert", look)
    assert seen == [True]
    known = {row.key for row in rows(site, StoredFile)}
    assert sweep.plan_sweep(site).unclaimed == (), "an upload may still be on its way"
    age(site)
    swept = sweep.plan_sweep(site).unclaimed
    assert len(swept) == 1
    assert known.isdisjoint(swept)


def test_the_sweep_keeps_files_reports_and_logos(site: Site, seeded: World, who: WhoIs) -> None:
    logo = new_key()
    site.storage.put(logo, BytesIO(b"logo"))
    with site.database.writing() as session:
        city = session.get_one(City, seeded.alpha.id)
        city.logo_key = logo
        session.add(city)
    age(site)
    before = kept_files(site)
    assert sweep.plan_sweep(site).unclaimed == ()
    assert kept_files(site) == before
    assert logo in before


def kept_files(site: Site) -> set[str]:
    return {kept.key for kept in site.storage.list_files()}


def age(site: Site) -> None:
    """Make every stored file look two hours old."""
    for path in (site.settings.data_dir / "files").rglob("*"):
        os.utime(path, (path.stat().st_mtime - 7200,) * 2)


def test_two_people_sending_the_same_file_at_once_store_it_once(site: Site, who: WhoIs) -> None:
    people = [who("lead"), who("reviewer"), who("admin")]
    problems: list[BaseException] = []
    before = len(rows(site, Evidence))

    def send(person: Who) -> None:
        try:
            (outcome,) = adding.add_files(site, person, "LC7", FILE, [upload()])
            assert outcome.problem is None
        except BaseException as problem:
            problems.append(problem)

    threads = [Thread(target=send, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert len(rows(site, StoredFile, StoredFile.sha256 == hashlib.sha256(PDF).hexdigest())) == 1
    assert len(rows(site, Evidence)) == before + 1


# links, figures, notes


def checklist(site: Site, asking: Who, code: str) -> list[str]:
    return [item.id for item in site.edition(world.EDITION, asking.language).criteria[code].checklist]


def test_a_second_click_adds_nothing_but_another_note_does(site: Site, who: WhoIs) -> None:
    lead = who("lead")
    before = len(rows(site, Evidence))
    adding.add_evidence(site, lead, "LC1", NOTE)
    adding.add_evidence(site, lead, "LC1", NOTE)
    assert len(rows(site, Evidence)) == before + 1
    adding.add_evidence(site, lead, "LC1", replace(NOTE, note="Twelve people."))
    adding.add_evidence(site, lead, "LC3", NOTE)
    assert len(rows(site, Evidence)) == before + 3


def test_a_second_click_on_a_figure_and_on_a_link_adds_nothing(site: Site, who: WhoIs) -> None:
    lead = who("lead")
    figure = EvidenceEntry(
        EvidenceKind.FIGURE, title="Homicides", source="Police records", baseline_value="112", baseline_period="2023",
        current_value="84", current_period="2024", period_to=date(2024, 12, 31),
    )  # fmt: skip
    before = len(rows(site, Evidence))
    for entry in (figure, figure, LINK, LINK):
        adding.add_evidence(site, lead, "LC1", entry)
    assert len(rows(site, Evidence)) == before + 2


def test_items_are_linked_and_an_item_that_is_not_in_the_checklist_is_refused(
    site: Site, seeded: World, who: WhoIs
) -> None:
    lead = who("lead")
    item = checklist(site, lead, "LC1")[0]
    adding.add_evidence(site, lead, "LC1", replace(NOTE, items=(item,)))
    assert items_of(site, newest(site)) == [(seeded.alpha.responses["LC1"], item)]
    with pytest.raises(Invalid, match="checklist has changed"):
        adding.add_evidence(site, lead, "LC1", replace(NOTE, title="Other", items=("gone",)))
    with pytest.raises(Invalid, match="checklist has changed"):
        adding.add_files(site, lead, "LC1", replace(FILE, items=("gone",)), [upload()])


@pytest.mark.parametrize("code", ["LC2", "LC5"])
def test_nothing_is_added_to_what_is_in_review_or_was_not_met(site: Site, seeded: World, code: str, who: WhoIs) -> None:
    lead = who("lead")
    with pytest.raises(Refused):
        adding.add_evidence(site, lead, code, NOTE)
    with pytest.raises(Refused):
        adding.add_files(site, lead, code, FILE, [upload()])
    with site.database.writing() as session, pytest.raises(Refused):
        removing.use_for_criterion(Desk(session, site, lead), code, seeded.alpha.evidence["note"], [])


def test_another_department_adds_nothing(site: Site, who: WhoIs) -> None:
    colleague, before = who("colleague"), kept_files(site)
    with pytest.raises(NotAllowed):
        adding.add_evidence(site, colleague, "LC1", NOTE)
    with pytest.raises(NotAllowed):
        adding.add_files(site, colleague, "LC1", FILE, [upload()])
    assert kept_files(site) == before, "nothing was put into storage"


# changing and removing


def changed(site: Site, asking: Who, evidence_id: int, entry: EvidenceEntry, version: int = 1) -> None:
    with site.database.writing() as session:
        changing.change_piece(Desk(session, site, asking), evidence_id, entry, version)


def test_a_change_is_kept_with_the_names_of_what_changed(site: Site, seeded: World, who: WhoIs) -> None:
    lead, note = who("lead"), seeded.alpha.evidence["note"]
    item = checklist(site, lead, "LC1")[1]
    changed(site, lead, note, replace(NOTE, visibility="public", items=(f"LC1:{item}",)))
    piece = stored(site, note)
    assert (piece.id, piece.title, piece.note, piece.visibility, piece.version) == (
        note, "Who attends", "Eleven people, by name.", "public", 2,
    )  # fmt: skip
    assert items_of(site, piece) == [(seeded.alpha.responses["LC1"], item)]
    last = events(site, seeded)[-1]
    assert (last.verb, last.subject, last.person_id) == ("evidence_changed", "LC1", lead.person_id)
    assert '"item"' in last.details


def test_saving_what_is_stored_already_changes_nothing(site: Site, seeded: World, who: WhoIs) -> None:
    lead, note = who("lead"), seeded.alpha.evidence["note"]
    changed(site, lead, note, NOTE)
    before = len(events(site, seeded))
    changed(site, lead, note, NOTE, version=2)
    assert len(events(site, seeded)) == before
    assert stored(site, note).version == 2


def test_of_two_people_changing_one_piece_the_second_is_told(site: Site, seeded: World, who: WhoIs) -> None:
    note = seeded.alpha.evidence["note"]
    changed(site, who("lead"), note, NOTE)
    with pytest.raises(Conflict):
        changed(site, who("admin"), note, replace(NOTE, title="Mine"))
    assert stored(site, note).title == "Who attends"


def test_linking_a_piece_makes_an_open_form_about_it_out_of_date(site: Site, seeded: World, who: WhoIs) -> None:
    lead, note = who("lead"), seeded.alpha.evidence["note"]
    with site.database.writing() as session:
        removing.use_for_criterion(Desk(session, site, lead), "LC3", note, [])
    with pytest.raises(Conflict):
        changed(site, lead, note, NOTE)


@pytest.mark.parametrize("role", ["colleague", "official"])
def test_a_piece_is_changed_only_by_those_who_answer_for_what_it_supports(
    site: Site, seeded: World, role: str, who: WhoIs
) -> None:
    asking, note = who(role), seeded.alpha.evidence["note"]
    with pytest.raises(NotAllowed):
        changed(site, asking, note, NOTE)
    for step in (removing.withdraw_piece, removing.restore_piece):
        with site.database.writing() as session, pytest.raises(NotAllowed):
            step(Desk(session, site, asking), note, 1)
    with site.database.writing() as session, pytest.raises(NotAllowed):
        links.check_link(Desk(session, site, asking), seeded.alpha.evidence["link"])


def test_what_a_reviewer_has_before_them_stays_as_it_is(site: Site, seeded: World, who: WhoIs) -> None:
    also_supports(site, seeded, "note", "DM2")
    lead, note = who("lead"), seeded.alpha.evidence["note"]
    with pytest.raises(Refused, match="DM2"):
        changed(site, lead, note, NOTE)
    with site.database.writing() as session, pytest.raises(Refused, match="DM2"):
        removing.withdraw_piece(Desk(session, site, lead), note, 1)


def test_a_piece_that_supports_two_criteria_is_taken_out_of_one_only(site: Site, seeded: World, who: WhoIs) -> None:
    also_supports(site, seeded, "note", "DM2")
    lead, note = who("lead"), seeded.alpha.evidence["note"]
    with site.database.writing() as session:
        assert not removing.withdraw_piece(Desk(session, site, lead), note, 1, "LC1")
    assert stored(site, note).withdrawn_at is None
    assert items_of(site, stored(site, note)) == [(seeded.alpha.responses["DM2"], "")]
    assert events(site, seeded)[-1].verb == "evidence_unlinked"


def test_nobody_takes_a_piece_out_of_the_criterion_of_another_department(site: Site, seeded: World, who: WhoIs) -> None:
    set_state(site, seeded, "DM2", "in_progress")
    also_supports(site, seeded, "note", "DM2")
    with site.database.writing() as session, pytest.raises(NotAllowed):
        removing.withdraw_piece(Desk(session, site, who("lead")), seeded.alpha.evidence["note"], 1, "DM2")


def test_nobody_removes_a_piece_that_another_department_uses_too_and_its_owner_is_told_who(
    site: Site, seeded: World, who: WhoIs
) -> None:
    lead, note = who("lead"), seeded.alpha.evidence["note"]
    use(site, who("colleague"), "OD1", note)
    with site.database.writing() as session, pytest.raises(Refused, match="for OD1,"):
        removing.withdraw_piece(Desk(session, site, lead), note, 2)
    with site.database.writing() as session, pytest.raises(NotAllowed):
        removing.withdraw_piece(Desk(session, site, who("colleague")), note, 2)
    with site.database.writing() as session:
        assert removing.withdraw_piece(Desk(session, site, who("admin")), note, 2)


# whose it is


def use(site: Site, by: Who, code: str, number: int, *items: str) -> None:
    with site.database.writing() as session:
        removing.use_for_criterion(Desk(session, site, by), code, number, items)


def ties(site: Site, number: int) -> list[bool]:
    """Whether each tie of the piece is a guest's, in the order in which they were made."""
    return [row.guest for row in rows(site, EvidenceSupport, EvidenceSupport.evidence_id == number)]


def test_who_uses_the_piece_of_another_department_is_a_guest_and_its_owner_and_the_office_are_none(
    site: Site, seeded: World, who: WhoIs
) -> None:
    note = seeded.alpha.evidence["note"]
    use(site, who("lead"), "LC3", note)
    use(site, who("colleague"), "OD1", note)
    use(site, who("reviewer"), "PA1", note)
    assert ties(site, note) == [False, False, True, False]


def test_a_guest_says_which_items_it_supports_and_changes_nothing_else(site: Site, seeded: World, who: WhoIs) -> None:
    colleague, note = who("colleague"), seeded.alpha.evidence["note"]
    use(site, colleague, "OD1", note)
    item = checklist(site, colleague, "OD1")[0]
    with site.database.writing() as session:
        as_it_is = changing.build_entry(
            finding.find_piece(Desk(session, site, colleague), note), items=(f"OD1:{item}",)
        )
    changed(site, colleague, note, as_it_is, version=2)
    assert item in {one for _, one in items_of(site, stored(site, note))}
    assert ties(site, note) == [False, True], "a guest stays one"
    with pytest.raises(NotAllowed):
        changed(site, colleague, note, replace(as_it_is, visibility="public"), version=3)
    with site.database.writing() as session, pytest.raises(NotAllowed):
        removing.restore_piece(Desk(session, site, colleague), note, 3)


def test_its_owner_goes_on_changing_a_piece_that_others_use(site: Site, seeded: World, who: WhoIs) -> None:
    lead, note = who("lead"), seeded.alpha.evidence["note"]
    use(site, who("colleague"), "OD1", note)
    changed(site, lead, note, replace(NOTE, title="Renamed", visibility="restricted"), version=2)
    assert (stored(site, note).title, stored(site, note).visibility) == ("Renamed", "restricted")


def test_a_restricted_piece_closes_to_a_guest_who_can_still_stop_using_it(
    site: Site, seeded: World, who: WhoIs
) -> None:
    colleague, note = who("colleague"), seeded.alpha.evidence["note"]
    use(site, colleague, "OD1", note)
    restrict(site, seeded, "note")
    here = items_of(site, stored(site, note))[-1][0]
    with site.database.reading() as session:
        assert evidence.load_piece_page(Desk(session, site, colleague), note).piece.hidden
        assert [piece.title for piece in list_response_pieces(Desk(session, site, colleague), here)] == [""]
        library = evidence_library.search_library(Desk(session, site, colleague), LibrarySearch())
        assert [row.title for row in library.rows if row.id == note] == [""]
        assert evidence_library.search_library(Desk(session, site, colleague), LibrarySearch(word="decides")).rows == ()
        assert evidence_library.search_library(Desk(session, site, who("lead")), LibrarySearch(word="decides")).rows
    with site.database.writing() as session:
        assert not removing.withdraw_piece(Desk(session, site, colleague), note, 2, "OD1")
    assert ties(site, note) == [False]


def test_when_its_owner_stops_using_it_a_guest_may_change_it_but_sees_nothing_that_was_closed(
    site: Site, seeded: World, who: WhoIs
) -> None:
    lead, colleague, note = who("lead"), who("colleague"), seeded.alpha.evidence["note"]
    use(site, colleague, "OD1", note)
    with site.database.writing() as session:
        assert not removing.withdraw_piece(Desk(session, site, lead), note, 2, "LC1")
    changed(site, colleague, note, replace(NOTE, title="Ours now"), version=3)
    assert stored(site, note).title == "Ours now"
    restrict(site, seeded, "note")
    with site.database.reading() as session:
        assert evidence.load_piece_page(Desk(session, site, colleague), note).piece.hidden


def test_two_who_change_a_piece_at_the_same_moment_do_not_pass_each_other_unseen(
    site: Site, seeded: World, who: WhoIs
) -> None:
    lead, note = who("lead"), seeded.alpha.evidence["note"]
    old = stored(site, note)
    changed(site, lead, note, NOTE)
    with site.database.writing() as session:
        opened = adding.open_for_adding(Desk(session, site, lead), "LC3", ())
        with pytest.raises(Conflict):
            adding.add_support(Desk(session, site, lead), opened, old, ())


def test_a_removed_piece_counts_nowhere_and_comes_back_whole(site: Site, seeded: World, who: WhoIs) -> None:
    lead, note = who("lead"), seeded.alpha.evidence["note"]
    here = seeded.alpha.responses["LC1"]
    with site.database.writing() as session:
        assert removing.withdraw_piece(Desk(session, site, lead), note, 1, "LC1")
    with site.database.writing() as session:
        assert removing.withdraw_piece(Desk(session, site, lead), note, 1), "a second click changes nothing"
        assert "Who decides" not in {piece.title for piece in list_response_pieces(Desk(session, site, lead), here)}
        with pytest.raises(NotFound):
            removing.use_for_criterion(Desk(session, site, lead), "LC3", note, [])
        with pytest.raises(Refused, match="Restore it"):
            changing.change_piece(Desk(session, site, lead), note, NOTE, 2)
    with site.database.writing() as session:
        removing.restore_piece(Desk(session, site, lead), note, 2)
        assert "Who decides" in {piece.title for piece in list_response_pieces(Desk(session, site, lead), here)}
    assert [row.verb for row in events(site, seeded)][-2:] == ["evidence_withdrawn", "evidence_restored"]


def test_a_file_that_was_removed_and_is_sent_again_becomes_a_new_piece(site: Site, who: WhoIs) -> None:
    lead = who("lead")
    adding.add_files(site, lead, "LC1", FILE, [upload()])
    with site.database.writing() as session:
        removing.withdraw_piece(Desk(session, site, lead), newest(site).id, 1)
    (outcome,) = adding.add_files(site, lead, "LC1", FILE, [upload()])
    assert not outcome.known
    assert newest(site).withdrawn_at is None
    assert len(rows(site, StoredFile, StoredFile.sha256 == hashlib.sha256(PDF).hexdigest())) == 1


@pytest.mark.parametrize("evidence_id", [10**6, 10**30])
def test_a_piece_of_another_city_or_none_is_not_found(site: Site, seeded: World, evidence_id: int, who: WhoIs) -> None:
    lead = who("lead")
    with site.database.writing() as session:
        for number in (evidence_id, seeded.beta.evidence["note"]):
            with pytest.raises(NotFound):
                evidence.load_piece_page(Desk(session, site, lead), number)
            with pytest.raises(NotFound):
                removing.withdraw_piece(Desk(session, site, lead), number, 1)
            with pytest.raises(NotFound):
                removing.use_for_criterion(Desk(session, site, lead), "LC1", number, [])


# restricted


def restrict(site: Site, seeded: World, kind: str) -> int:
    with site.database.writing() as session:
        piece = session.get_one(Evidence, seeded.alpha.evidence[kind])
        piece.visibility = "restricted"
        session.add(piece)
    return seeded.alpha.evidence[kind]


@pytest.mark.parametrize(("role", "sees"), [
    ("lead", True), ("reviewer", True), ("admin", True), ("colleague", False), ("official", False),
])  # fmt: skip
def test_restricted_evidence_opens_for_the_data_office_and_those_who_answer(
    site: Site, seeded: World, role: str, sees: bool, who: WhoIs
) -> None:
    asking, number = who(role), restrict(site, seeded, "file")
    with site.database.reading() as session:
        listed = list_response_pieces(Desk(session, site, asking), seeded.alpha.responses["LC1"])
        page = evidence.load_piece_page(Desk(session, site, asking), number)
        library = evidence_library.search_library(Desk(session, site, asking), LibrarySearch())
        found = evidence_library.search_library(Desk(session, site, asking), LibrarySearch(word="ADOPTED"))
    piece = next(piece for piece in listed if piece.id == number)
    row = next(row for row in library.rows if row.id == number)
    for title in (piece.title, page.piece.title, row.title):
        assert title == ("Adopted plan" if sees else "")
    assert (piece.file is not None, bool(page.values), bool(found.rows)) == (sees, sees, sees)
    with site.database.reading() as session:
        if sees:
            assert b"".join(opening.download_file(Desk(session, site, asking), number).chunks) == world.FILE
        else:
            with pytest.raises(NotAllowed):
                opening.download_file(Desk(session, site, asking), number)


def test_sending_the_content_of_a_restricted_piece_does_not_open_the_piece(site: Site, who: WhoIs) -> None:
    adding.add_files(site, who("lead"), "LC1", replace(FILE, title="About Ann", visibility="restricted"), [upload()])
    hidden = newest(site)
    (outcome,) = adding.add_files(site, who("colleague"), "OD1", FILE, [upload("mine.pdf")])
    assert not outcome.known
    assert newest(site).title == "mine"
    assert len(items_of(site, hidden)) == 1


def test_somebody_who_cannot_open_a_piece_cannot_link_it(site: Site, seeded: World, who: WhoIs) -> None:
    number = restrict(site, seeded, "note")
    with site.database.writing() as session, pytest.raises(NotFound):
        removing.use_for_criterion(Desk(session, site, who("colleague")), "OD1", number, [])


def test_the_record_does_not_carry_the_title_of_restricted_evidence(site: Site, seeded: World, who: WhoIs) -> None:
    adding.add_evidence(site, who("lead"), "LC1", replace(NOTE, title="About Ann", visibility="restricted"))
    last = events(site, seeded)[-1]
    assert last.verb == "evidence_added"
    assert "Ann" not in last.details + last.subject


# the library


def test_the_library_shows_the_newest_first_fifty_at_a_time(site: Site, seeded: World, who: WhoIs) -> None:
    with site.database.writing() as session:
        session.add_all(
            Evidence(city_id=seeded.alpha.id, kind="note", title=f"Note {number}", note="x") for number in range(60)
        )
        session.flush()
        for piece in session.exec(select(Evidence).where(Evidence.city_id == seeded.alpha.id)):
            search_words.index_piece(session, piece)
    official = who("official")
    with site.database.reading() as session:
        first = evidence_library.search_library(Desk(session, site, official), LibrarySearch())
        second = evidence_library.search_library(Desk(session, site, official), LibrarySearch(page=2))
        figures = evidence_library.search_library(Desk(session, site, official), LibrarySearch(kind="figure"))
        word = evidence_library.search_library(Desk(session, site, official), LibrarySearch(word="nOTe 5"))
        percent = evidence_library.search_library(Desk(session, site, official), LibrarySearch(word="%"))
    assert [row.title for row in first.rows[:2]] == ["Note 59", "Note 58"]
    assert (len(first.rows), first.has_more) == (50, True)
    assert (len(second.rows), second.has_more) == (
        len(rows(site, Evidence, Evidence.city_id == seeded.alpha.id, col(Evidence.withdrawn_at).is_(None))) - 50,
        False,
    )
    assert [(row.title, row.codes) for row in figures.rows] == [("Response time", ("LC1",))]
    assert len(word.rows) == 11
    assert percent.rows == ()


class Counter:
    """How many SQL statements ran within the block."""

    def __init__(self, site: Site) -> None:
        self.engine, self.count = site.database.engine, 0

    def __enter__(self) -> "Counter":
        event.listen(self.engine, "before_cursor_execute", self._one)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(self.engine, "before_cursor_execute", self._one)

    def _one(self, *_: object) -> None:
        self.count += 1


def test_the_number_of_statements_does_not_grow_with_the_pieces(site: Site, seeded: World, who: WhoIs) -> None:
    official, here = who("official"), seeded.alpha.responses["LC1"]
    restrict(site, seeded, "note")
    site.kept = KeptResults(site.database, most=0)

    def count() -> tuple[int, int]:
        with site.database.reading() as session, Counter(site) as listed:
            list_response_pieces(Desk(session, site, official), here)
        with site.database.reading() as session, Counter(site) as library:
            evidence_library.search_library(Desk(session, site, official), LibrarySearch())
        return listed.count, library.count

    before = count()
    for number in range(20):
        visibility = "restricted" if number % 2 else "public"
        adding.add_evidence(site, who("lead"), "LC1", replace(NOTE, title=f"{number}", visibility=visibility))
        adding.add_files(site, who("lead"), "LC1", FILE, [upload(f"{number}.txt", f"{number}".encode())])
    assert count() == before
