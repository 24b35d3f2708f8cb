"""What a verdict was given on: kept in its transaction, the same whatever comes later, and shown to whom it may be shown."""

import json
from dataclasses import replace
from io import BytesIO

import pytest
from sqlmodel import select

from app.rules.criteria.edition import EvidenceKind
from app.rules.errors import NotFound
from app.rules.evidence.entry import EvidenceEntry
from app.rules.history.verbs import Verb
from app.rules.review.judged_response import fingerprint_copy
from app.rules.scoring.results import count_in_words
from app.services import retention
from app.services.account.sessions import identify_member
from app.services.assessment.overview import load_overview
from app.services.criteria import wording
from app.services.desk import Desk, Who
from app.services.evidence import adding, changing, new_file, removing
from app.services.evidence.adding import IncomingFile
from app.services.evidence.finding import find_piece
from app.services.history.verifying import verify_city
from app.services.response import answering, submission
from app.services.review import deciding
from app.services.review.judging import JudgedPage, load_judged_page
from app.services.review.queue import ReviewFilters
from app.services.site import Site
from app.store.history.events import record_event
from app.store.judged_response import JudgedResponse
from app.store.response import Response
from app.store.review import Verdict
from tests import world
from tests.services.evidence.test_page import events, newest, stored
from tests.services.test_retention import let_its_time_end, propose
from tests.world import World

CODE = "LC7"


def member(site: Site, seeded: World, role: str) -> Who:
    """Someone of the first city, signed in."""
    token = world.sign_in(site, seeded.alpha.people[role])
    with site.database.reading() as session:
        return identify_member(session, token, seeded.alpha.slug, None)


@pytest.fixture
def lead(site: Site, seeded: World) -> Who:
    return member(site, seeded, "lead")


@pytest.fixture
def reviewer(site: Site, seeded: World) -> Who:
    return member(site, seeded, "reviewer")


def row_of(site: Site, code: str = CODE) -> Response:
    with site.database.reading() as session:
        return session.exec(select(Response).where(Response.city_id == 1, Response.criterion == code)).one()


def answer(site: Site, lead: Who, text: str = "As it was.", visibility: str = "internal") -> int:
    """An answer with a tick, a text and a file, handed to review; returns the id of the file's piece."""
    items = tuple(item.id for item in site.edition("wwc-2022", "en").criteria[CODE].checklist[:2])
    entry = EvidenceEntry(EvidenceKind.FILE, title="Minutes of March", visibility=visibility, items=items)
    adding.add_files(site, lead, CODE, entry, [IncomingFile("minutes.txt", BytesIO(b"Minutes of March."))])
    piece = newest(site)
    with site.database.writing() as session:
        desk = Desk(session, site, lead)
        world.tick_item(desk, CODE, items[0], True, 0)
        answering.write_narrative(desk, CODE, text, row_of(site).narrative_version)
    submit(site, lead)
    return piece.id


def submit(site: Site, lead: Who) -> None:
    with site.database.writing() as session:
        submission.submit_response(Desk(session, site, lead), CODE, row_of(site).version)


def decide(site: Site, reviewer: Who, decision: str = "not_met") -> int:
    """Returns the verdict's id."""
    with site.database.writing() as session:
        desk = Desk(session, site, reviewer)
        deciding.give_verdict(desk, CODE, decision, "It is not dated.", row_of(site).version, ReviewFilters())
    with site.database.reading() as session:
        return session.exec(select(Verdict.id).order_by(Verdict.id.desc())).first() or 0  # type: ignore[attr-defined]


def judged(site: Site, by: Who, verdict_id: int, code: str = CODE) -> JudgedPage:
    with site.database.reading() as session:
        return load_judged_page(Desk(session, site, by), code, verdict_id)


def assert_recorded(site: Site, seeded: World) -> None:
    """The copies say what the events led to."""
    with site.database.snapshot() as session:
        [kind] = [kind for kind in verify_city(session, seeded.alpha.id).kinds if kind.kind == "judged_response"]
    assert (kind.compared, kind.differing) == (1, 0)


def test_a_verdict_keeps_text_ticks_rating_and_pieces_and_its_event_holds_the_fingerprint(
    site: Site, seeded: World, lead: Who, reviewer: Who
) -> None:
    piece = answer(site, lead)
    page = judged(site, lead, decide(site, reviewer))
    content = page.content
    assert content
    assert (content.text, content.edition) == ("As it was.", "wwc-2022")
    assert [item.ticked for item in page.items][:3] == [True, True, False], "evidence for an item ticks it"
    assert page.items[0].text == site.edition("wwc-2022", "en").criteria[CODE].checklist[0].text
    [line] = page.pieces
    assert (line.piece.id, line.piece.title, line.numbers, line.in_use) == (piece, "Minutes of March", (1, 2), True)
    assert (line.piece.version, len(line.piece.sha256), len(line.piece.file_sha256)) == (1, 64, 64)
    assert (page.by, page.rebuilt, page.asked_otherwise) == ("Reviewer of Alpha City", False, False)
    with site.database.reading() as session:
        kept = session.exec(select(JudgedResponse)).one()
    assert kept.sha256 == page.sha256 == fingerprint_copy(kept.content)
    last = events(site, seeded)[-1]
    assert (last.verb, json.loads(last.details)["judged"]) == ("verdict_given", page.sha256)


def test_it_stays_as_it_was_when_everything_is_changed_afterwards(
    site: Site, seeded: World, lead: Who, reviewer: Who
) -> None:
    piece = answer(site, lead)
    verdict = decide(site, reviewer, "changes_asked")
    before = judged(site, lead, verdict)
    with site.database.writing() as session:
        desk = Desk(session, site, lead)
        answering.write_narrative(desk, CODE, "Quite another text.", row_of(site).narrative_version)
        world.tick_item(desk, CODE, before.items[0].id, False, 1)
    new_file.replace_file(site, lead, piece, 1, "newer", [IncomingFile("june.txt", BytesIO(b"Minutes of June."))])
    with site.database.writing() as session:
        desk = Desk(session, site, lead)
        entry = changing.build_entry(find_piece(desk, piece), title="Minutes of June", items=())
        changing.change_piece(desk, piece, entry, stored(site, piece).version)
    with site.database.writing() as session:
        removing.withdraw_piece(Desk(session, site, lead), piece, stored(site, piece).version)
    assert judged(site, lead, verdict) == before
    assert_recorded(site, seeded)


def test_each_verdict_on_a_response_has_its_own(site: Site, seeded: World, lead: Who, reviewer: Who) -> None:
    answer(site, lead)
    first = decide(site, reviewer, "changes_asked")
    with site.database.writing() as session:
        answering.write_narrative(Desk(session, site, lead), CODE, "Mended.", row_of(site).narrative_version)
    submit(site, lead)
    second = decide(site, reviewer, "met")
    texts = [page.content.text for one in (first, second) if (page := judged(site, lead, one)).content]
    assert texts == ["As it was.", "Mended."]


def test_a_restricted_piece_is_named_only_to_those_who_may_open_it(
    site: Site, seeded: World, lead: Who, reviewer: Who
) -> None:
    answer(site, lead, visibility="restricted")
    verdict = decide(site, reviewer)
    for role, hidden in [("lead", False), ("reviewer", False), ("colleague", True), ("official", True)]:
        [line] = judged(site, member(site, seeded, role), verdict).pieces
        assert (line.hidden, "March" in repr(line)) == (hidden, not hidden), role


def test_a_piece_that_was_restricted_since_is_not_named_either(
    site: Site, seeded: World, lead: Who, reviewer: Who
) -> None:
    piece = answer(site, lead)
    verdict = decide(site, reviewer, "changes_asked")
    with site.database.writing() as session:
        desk = Desk(session, site, lead)
        entry = changing.build_entry(find_piece(desk, piece), visibility="restricted")
        changing.change_piece(desk, piece, entry, stored(site, piece).version)
    [line] = judged(site, member(site, seeded, "colleague"), verdict).pieces
    assert line.hidden
    assert "March" not in repr(line)


def test_of_a_piece_that_is_disposed_of_the_copy_keeps_the_fingerprint(
    site: Site, seeded: World, lead: Who, reviewer: Who
) -> None:
    piece = answer(site, lead)
    verdict = decide(site, reviewer, "changes_asked")
    [before] = judged(site, lead, verdict).pieces
    with site.database.writing() as session:
        removing.withdraw_piece(Desk(session, site, lead), piece, stored(site, piece).version)
    let_its_time_end(site, seeded, piece)
    propose(site, reviewer, piece)
    retention.dispose_of_piece(site, member(site, seeded, "admin"), piece, stored(site, piece).version)
    [left] = judged(site, lead, verdict).pieces
    assert left.piece == before.piece.without_content()
    assert (left.in_use, left.piece.sha256) == (False, before.piece.sha256)
    with site.database.reading() as session:
        assert "Minutes" not in session.exec(select(JudgedResponse.content)).one()
    assert_recorded(site, seeded)


def test_another_checklist_since_is_said_and_the_old_words_stay(
    site: Site, seeded: World, lead: Who, reviewer: Who
) -> None:
    answer(site, lead)
    verdict = decide(site, reviewer)
    before = judged(site, lead, verdict)
    with site.database.writing() as session:
        desk = Desk(session, site, member(site, seeded, "admin"))
        wording.set_wording(desk, CODE, official="", checklist="* One thing only", needed=1, version=0)
    page = judged(site, replace(lead, language="es"), verdict)
    assert page.asked_otherwise
    assert page.items == before.items


def test_the_items_are_in_the_readers_language_while_they_are_the_same(
    site: Site, seeded: World, lead: Who, reviewer: Who
) -> None:
    answer(site, lead)
    page = judged(site, replace(lead, language="es"), decide(site, reviewer))
    checklist = site.edition("wwc-2022", "es").criteria[CODE].checklist
    assert [item.text for item in page.items] == [item.text for item in checklist]


def test_a_verdict_from_before_copies_has_a_page_that_says_so(site: Site, seeded: World, lead: Who) -> None:
    page = judged(site, lead, seeded.alpha.verdicts["LC4"], "LC4")
    assert (page.content, page.items, page.pieces) == (None, (), ())


def test_a_verdict_of_another_criterion_or_city_is_not_found(site: Site, seeded: World, lead: Who) -> None:
    for verdict, code in [(seeded.alpha.verdicts["LC4"], "LC5"), (seeded.beta.verdicts["LC4"], "LC4"), (9_999, "LC4")]:
        with pytest.raises(NotFound):
            judged(site, lead, verdict, code)


def test_a_verdict_that_fails_leaves_no_copy(
    site: Site, seeded: World, lead: Who, reviewer: Who, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(site, lead)

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(Desk, "record", fail)
    with pytest.raises(RuntimeError):
        decide(site, reviewer)
    with site.database.reading() as session:
        assert session.exec(select(JudgedResponse)).all() == []


def test_a_verdict_by_the_person_who_submitted_counts_and_is_marked(site: Site, seeded: World, reviewer: Who) -> None:
    def count() -> tuple[int, str]:
        with site.database.reading() as session:
            results = load_overview(session, site, reviewer.city, "en").results
        return results.reviewed.met, str(count_in_words(results))

    met, said = count()
    assert "of them" not in said
    with site.database.writing() as session:
        row = session.exec(select(Response).where(Response.city_id == 1, Response.criterion == "LC4")).one()
        row.submitted_by = reviewer.person_id
        record_event(session, 1, None, Verb.SUBMITTED, "LC4")
    assert count() == (met, f"{said} 1 of them was decided by the person who answered.")
