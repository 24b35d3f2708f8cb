"""The demo: what it shows, what it must never claim, and that nothing of it leaks or harms."""

import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import Session, select

from app.adapters.demo.content import DemoEvidence, load_demo_cities
from app.adapters.files import inspect_file
from app.rules.errors import Conflict, Refused
from app.rules.review.moves import ResponseState
from app.rules.review.response import NARRATIVE_LIMIT, SupportingPiece, check_before_submitting
from app.rules.scoring.score import VerdictKind, score_headline
from app.services.account.sign_in import ComingIn, SignedIn, sign_in
from app.services.assessment.overview import Overview, load_overview
from app.services.assessment.stand import Stand
from app.services.city import add_city, find_city
from app.services.demo import loading
from app.services.site import Site, open_site
from app.settings import Settings
from app.store import city, people, response, review
from app.store.city import city_values
from app.store.database.engine import now
from app.store.evidence import pieces as evidence
from app.store.evidence.files import StoredFile
from app.store.evidence.pieces import Evidence
from app.store.history import events as history
from app.store.job import Job
from app.store.request import EvidenceRequest
from tests.conftest import CopyOfDemo

MET_BY_AREA = {"DM": 5, "LC": 5, "OD": 3, "PA": 3, "BF": 2, "RDC": 2, "CI": 2, "EVAL": 2}
PUBLISHED = {"Homicides": -25, "Auto thefts": -36, "Hotspots": -55}


@pytest.fixture(scope="module")
def loaded(copy_of_demo: CopyOfDemo) -> Iterator[Site]:
    """The demo, only read by the tests that take it."""
    with closing(open_site(Settings(data_dir=copy_of_demo("demo")))) as site:
        yield site


@pytest.fixture
def session(loaded: Site) -> Iterator[Session]:
    with loaded.database.reading() as session:
        yield session


@pytest.fixture
def newark(loaded: Site, session: Session) -> Overview:
    return load_overview(session, loaded, city_values(find_city(session, "newark")), "en")


def pieces(session: Session) -> list[Evidence]:
    return list(session.exec(select(Evidence)))


def test_twenty_four_are_met_as_planned_in_each_area(newark: Overview) -> None:
    met = Counter(re.sub(r"\d", "", stand.code) for stand in newark.stands if stand.met)
    assert met == MET_BY_AREA
    assert newark.score.met == 24


def test_the_core_is_met_and_six_more_are_needed_for_gold(newark: Overview) -> None:
    assert newark.score.core_open == ()
    assert str(score_headline(newark.score)) == "Estimated: Silver range"
    assert (newark.score.next_level, newark.score.needed_for_next) == ("gold", 6)


def test_every_state_can_be_seen(newark: Overview) -> None:
    states = Counter((stand.state, stand.decision) for stand in newark.stands)
    assert {state for state, _ in states} == set(ResponseState)
    assert states[ResponseState.DECIDED, VerdictKind.NOT_MET] == 2
    assert states[ResponseState.RETURNED, VerdictKind.CHANGES_ASKED] == 2
    assert states[ResponseState.SUBMITTED, None] >= 3
    assert len(newark.stands) == 43


def test_every_criterion_is_assigned_to_somebody_of_its_department(session: Session, newark: Overview) -> None:
    of = find_city(session, "newark").id
    members = {person.id: membership.id for membership, person in people.list_members(session, of)}
    departments = people.load_departments_by_member(session, of)
    for stand in newark.stands:
        assert stand.department_id in departments[members[stand.person_id or 0] or 0], stand.code
        assert stand.due_on is not None


def test_the_cities_are_labelled_illustrative_and_every_account_as_demo(session: Session) -> None:
    assert all(each.illustrative for each in city.list_cities(session))
    every = [person for each in city.list_cities(session) for _, person in people.list_members(session, each.id)]
    assert all(person.demo and person.email.endswith(".example") for person in every)


def test_only_the_change_was_published_so_no_figure_has_a_baseline(session: Session) -> None:
    figures = [piece for piece in pieces(session) if piece.kind == "figure"]
    assert all(piece.baseline_value is None and piece.baseline_period == "" for piece in figures)
    published = {piece.title: piece.published_percent for piece in figures if piece.published_percent}
    assert published == PUBLISHED
    assert all(piece.current_value is None for piece in figures if piece.published_percent)
    assert all("26 February 2025" in piece.source for piece in figures)


def test_every_piece_says_whether_it_was_published_or_is_invented(session: Session) -> None:
    marks = Counter(
        "invented"
        if piece.source.startswith("Invented example")
        else "published"
        if "(published)" in piece.source
        else ""
        for piece in pieces(session)
    )
    assert set(marks) == {"invented", "published"}
    published = [piece for piece in pieces(session) if "(published)" in piece.source]
    assert all(piece.kind != "file" for piece in published)
    notes = [piece for piece in pieces(session) if piece.kind == "note" and piece not in published]
    assert all(piece.note.endswith("Invented example.") for piece in notes)


def test_every_text_and_verdict_says_so_too(session: Session, newark: Overview) -> None:
    of, run = find_city(session, "newark").id, newark.assessment.id
    texts = [row.narrative for row in response.list_responses(session, of, run) if row.narrative]
    assert len(texts) > 30
    assert all(text.splitlines()[-1].startswith("Invented example.") for text in texts)
    assert len([text for text in texts if "Published in it:" in text]) == 11
    verdicts = review.load_latest_verdicts(session, of, run).values()
    assert all(verdict.reason.endswith("Invented example.") for verdict in verdicts)


def test_what_was_published_has_no_year_of_ours(session: Session) -> None:
    by_title = {piece.title: piece for piece in pieces(session)}
    coalition, hotspots = by_title["More than 50 organizations in the coalition"], by_title["Hotspots"]
    assert "more than 50" in coalition.note
    assert (coalition.period_from, coalition.period_to, coalition.current_value) == (None, None, None)
    assert (hotspots.current_period, hotspots.period_to, hotspots.approved_by) == ("", None, None)
    assert by_title["Homicides"].current_period == "2024"


def test_one_weak_piece_is_returned_with_what_to_do_instead(session: Session, newark: Overview) -> None:
    verdict = review.load_latest_verdicts(session, find_city(session, "newark").id, newark.assessment.id)["DM7"]
    assert verdict.decision == "changes_asked"
    assert "sign-in sheet is too weak" in verdict.reason
    assert "replace it with a summary of findings" in verdict.reason
    assert "Sign-in sheet of one ward meeting" in {piece.title for piece in pieces(session)}


def test_partners_stand_for_the_public_programs_and_are_marked(session: Session) -> None:
    newark = next(city for city in load_demo_cities() if city.slug == "newark")
    assert [name for name in newark.partners if not name.endswith("(example)")] == [
        "Newark Public Safety Collaborative"
    ]
    assert {request.to for request in newark.requests} >= set(newark.partners)
    sent = list(session.exec(select(EvidenceRequest)))
    assert len(sent) == len(newark.requests)
    assert all(request.why.endswith("Invented example.") for request in sent)


def test_there_is_evidence_of_every_kind_and_visibility(session: Session) -> None:
    assert {piece.kind for piece in pieces(session)} == {"file", "link", "figure", "note"}
    assert {piece.visibility for piece in pieces(session)} == {"public", "internal", "restricted"}
    assert all(piece.url and piece.source for piece in pieces(session) if piece.kind == "link")
    assert all(piece.note for piece in pieces(session) if piece.kind == "note")


def test_every_file_opens_is_what_its_name_says_and_has_its_hash(loaded: Site, session: Session) -> None:
    files = list(session.exec(select(StoredFile)))
    assert {Path(row.name).suffix for row in files} == {".pdf", ".csv", ".txt", ".png", ".xlsx"}
    for row in files:
        content = b"".join(loaded.storage.open(row.key))
        assert hashlib.sha256(content).hexdigest() == row.sha256
        assert len(content) == row.size_bytes
        assert inspect_file(row.name, io.BytesIO(content)).media_type == row.media_type


def test_what_is_met_or_submitted_would_pass_its_own_checks_today(
    loaded: Site, session: Session, newark: Overview
) -> None:
    of, run = find_city(session, "newark").id, newark.assessment.id
    done = [stand for stand in newark.stands if stand.met or stand.state is ResponseState.SUBMITTED]
    assert len(done) == 29
    for stand in done:
        found = response.find_response(session, of, run, stand.code)
        assert found
        supports = [
            SupportingPiece(piece.id, piece.title, items, piece.period_to, period_from=piece.period_from)
            for piece, items, *_ in evidence.list_supporting_pieces(session, of, found.id)
        ]
        ticked = response.load_ticked_items(session, of, found.id)
        told = check_before_submitting(stand.criterion, found.narrative, ticked, supports, date.today())  # noqa: DTZ011
        assert told == ((), ()), stand.code


def test_narratives_of_finished_responses_are_worth_reading(session: Session, newark: Overview) -> None:
    of = find_city(session, "newark").id
    for row in response.list_responses(session, of, newark.assessment.id):
        words = len(row.narrative.split())
        assert (60 if row.submitted_at else 10) <= words <= 120, row.criterion
        assert len(row.narrative) < NARRATIVE_LIMIT


def test_every_verdict_has_a_reason_and_a_reviewer(session: Session, newark: Overview) -> None:
    of = find_city(session, "newark").id
    verdicts = review.load_latest_verdicts(session, of, newark.assessment.id)
    assert len(verdicts) == 28
    roles = {person.id: membership.role for membership, person in people.list_members(session, of)}
    assert all(verdict.reason and roles[verdict.reviewer_id] == "reviewer" for verdict in verdicts.values())


def test_no_period_lies_ahead_and_those_that_move_end_within_two_years(loaded: Site) -> None:
    for day in (date(2026, 1, 1), date(2027, 3, 31), date(2028, 2, 29)):
        moving = [piece for content in load_demo_cities() for piece in content.evidence if piece.months_ago]
        assert len(moving) > 20
        for piece in moving:
            first, last = piece.days_covered(day)
            assert first
            assert last
            assert first <= last, piece.title
            assert (day - last).days < 730


def test_a_period_counts_whole_months_back() -> None:
    piece = DemoEvidence.model_validate(
        {"title": "x", "kind": "note", "by": "lead", "supports": {}, "months_ago": (3, 1)}
    )
    assert piece.days_covered(date(2026, 5, 31)) == (date(2026, 2, 1), date(2026, 4, 30))
    assert piece.days_covered(date(2026, 1, 15)) == (date(2025, 10, 1), date(2025, 12, 31))


def test_the_record_is_whole_in_order_and_has_an_event_for_every_change(session: Session, newark: Overview) -> None:
    of = find_city(session, "newark")
    events = history.list_chain(session, of.id)
    assert [event.number for event in events] == list(range(1, of.history_count + 1))
    assert events[-1].hash == of.history_head
    assert all(history.hash_event(event) == event.hash for event in events)
    counts = Counter(event.verb for event in events)
    assert counts["verdict_given"] == 28
    assert counts["submitted"] == 33
    assert counts["evidence_added"] == len(pieces(session))
    assert counts["assigned"] == 43
    for stand in newark.stands:
        assert _order_holds([event.verb for event in events if event.subject == stand.code]), stand.code


def test_what_was_submitted_was_written_before_and_decided_after(session: Session, newark: Overview) -> None:
    of, run = find_city(session, "newark").id, newark.assessment.id
    verdicts = review.load_latest_verdicts(session, of, run)
    submitted = [row for row in response.list_responses(session, of, run) if row.submitted_at]
    assert len({row.submitted_at for row in submitted}) > 20
    for row in submitted:
        assert row.narrative_at
        assert row.submitted_at
        assert row.narrative_at < row.submitted_at
        assert row.submitted_at < (verdicts[row.criterion].at if row.criterion in verdicts else now()) <= now()


def _order_holds(verbs: list[str]) -> bool:
    order = ["assigned", "narrative_written", "evidence_added", "submitted", "verdict_given"]
    places = [verbs.index(verb) for verb in order if verb in verbs]
    return places == sorted(places)


def test_the_starter_city_is_partly_assigned_and_empty_of_answers(loaded: Site, session: Session) -> None:
    found = load_overview(session, loaded, city_values(find_city(session, "riverton")), "en")
    assigned = [stand for stand in found.stands if stand.department_id]
    assert 0 < len(assigned) < 43
    assert {stand.state for stand in found.stands} == {ResponseState.NOT_STARTED}
    assert not any(_has_anything(stand) for stand in found.stands)
    assert found.score.met == 0


def _has_anything(stand: Stand) -> bool:
    return stand.written or stand.evidence_count > 0 or stand.checklist.ticked > 0


def test_nobody_of_one_demo_city_belongs_to_the_other(session: Session) -> None:
    for each in city.list_cities(session):
        members = [person.email for _, person in people.list_members(session, each.id)]
        assert all(email.endswith(f"@{each.slug}.example") for email in members)


def test_one_sign_in_for_each_role_and_city_is_offered(session: Session) -> None:
    roles = ["lead", "reviewer", "official", "admin"]
    wanted = [f"{role}@{slug}.example" for slug in ("newark", "riverton") for role in roles]
    assert loading.list_sign_ins(session) == wanted
    for slug in ("newark", "riverton"):
        has = {person.email: m.role for m, person in people.list_members(session, find_city(session, slug).id)}
        assert all(has[f"{role}@{slug}.example"] == role for role in roles)


def test_no_job_waits_so_that_loading_visits_nobody(session: Session) -> None:
    assert {job.kind for job in session.exec(select(Job))} == {"file.read"}


def test_the_demo_loads_into_either_database_and_its_pass_phrase_opens(site: Site) -> None:
    loading.load_demo(site)
    coming = ComingIn(device=None, old_token=None)
    signed_in = sign_in(site, email="lead@newark.example", pass_phrase=loading.PASS_PHRASE, coming=coming)
    assert isinstance(signed_in, SignedIn)
    assert [slug for slug, _, _ in signed_in.cities] == ["newark"]


def test_the_demo_never_stands_beside_a_real_city(site: Site) -> None:
    with site.database.writing() as session:
        add_city(session, slug="real", name="Real", country="US", language="en", time_zone="America/New_York")
    with pytest.raises(Refused, match="empty database"):
        loading.load_demo(site)
    loading.load_demo_when_empty(site)
    with site.database.reading() as session:
        assert [each.slug for each in city.list_cities(session)] == ["real"]
        assert loading.list_sign_ins(session) == []


def test_a_demo_that_fails_half_way_leaves_nothing_behind(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "load_demo_cities", lambda: load_demo_cities()[-1:] * 2)
    with pytest.raises(Conflict):
        loading.load_demo(site)
    with site.database.reading() as session:
        assert city.list_cities(session) == []
        assert people.load_demo_emails(session) == set()
