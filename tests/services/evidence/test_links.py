"""Links that work: visits, copies, soft failures, moves, a rhythm, and who is told, against a real server."""

import json
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from sqlmodel import col, select, update

from app.adapters import links
from app.adapters.storage.local import LocalStorage
from app.rules.criteria.edition import EvidenceKind
from app.rules.errors import Conflict, NotAllowed, NotFound, Refused
from app.rules.evidence.entry import EvidenceEntry
from app.services import retention
from app.services.desk import Desk
from app.services.evidence import adding, opening, page, removing
from app.services.evidence import links as evidence_links
from app.services.site import Site
from app.store import people
from app.store.assessment import Assignment
from app.store.database.engine import now
from app.store.evidence.links import LinkCopy
from app.store.evidence.pieces import Evidence
from app.store.history.events import HistoryEvent
from app.store.job import Job
from app.store.people import Membership
from tests import world
from tests.conftest import Box, WhoIs
from tests.services.evidence.test_page import changed, events, newest, rows
from tests.world import World

HTML = {"Content-Type": "text/html; charset=utf-8"}
PLAN = "<title>Plan für das Jahr 🏙</title><script>alert(1)</script><h1>Goals</h1><p>Fewer fires.</p>".encode()
PDF = b"%PDF-1.7\nThe plan.\n%%EOF\n"


class Pages(BaseHTTPRequestHandler):
    """Answers what `found` says for a path as (status, headers, body), anything else with 404."""

    found: dict[str, tuple[int, dict[str, str], bytes]]

    def do_GET(self) -> None:
        status, headers, body = self.found.get(self.path) or (404, HTML, b"<title>Gone</title>")
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def pages(site: Site) -> Iterator[str]:
    site.settings.links_may_be_private = True
    Pages.found = {"/plan": (200, HTML, PLAN), "/plan/": (200, HTML, PLAN)}
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_link_is_visited_afterwards_and_lends_its_title(site: Site, seeded: World, pages: str, who: WhoIs) -> None:
    adding.add_evidence(site, who("lead"), "LC1", EvidenceEntry(EvidenceKind.LINK, url=f"{pages}/plan/"))
    piece = newest(site)
    assert (piece.title, piece.link_state) == ("127.0.0.1/plan", "")
    assert world.run_jobs(site) == 1
    piece = newest(site)
    assert (piece.title, piece.link_state, piece.version) == ("Plan für das Jahr 🏙", "ok", 2)
    assert piece.link_checked_at
    visited = events(site, seeded)[-1]
    assert (visited.verb, visited.subject, visited.person_id) == ("link_checked", "LC1", None)


def test_a_form_that_was_open_while_the_title_was_found_gets_a_conflict(
    site: Site, seeded: World, pages: str, who: WhoIs
) -> None:
    lead = who("lead")
    adding.add_evidence(site, lead, "LC1", EvidenceEntry(EvidenceKind.LINK, url=f"{pages}/plan"))
    opened = newest(site)
    world.run_jobs(site)
    entry = EvidenceEntry(EvidenceKind.LINK, title=opened.title, url=opened.url, source="The city")
    with pytest.raises(Conflict):
        changed(site, lead, opened.id, entry, opened.version)
    changed(site, lead, opened.id, replace(entry, title=newest(site).title), newest(site).version)
    with site.database.reading() as session:
        versions = page.load_piece_page(Desk(session, site, lead), opened.id).versions
    said = [(one.by, [str(field) for field in one.changed]) for one in versions]
    assert said == [
        ("Lead of Alpha City", ["Source"]),
        ("", ["Title"]),
        ("Lead of Alpha City", []),
    ], "nobody is blamed for the title"
    found = json.loads([event for event in events(site, seeded) if event.verb == "link_checked"][-1].details)
    assert found["sha256"] == versions[1].sha256


def test_while_storage_is_away_a_visit_is_tried_again(site: Site, pages: str, who: WhoIs) -> None:
    lead = who("lead")
    kept, site.storage = site.storage, LocalStorage(Path("/dev/null/nowhere"))
    assert add(site, lead, f"{pages}/plan").link_state == ""
    site.storage = kept
    with site.database.writing() as session:
        (again,) = session.exec(select(Job).where(Job.kind == "link.look", Job.state == "later"))
        again.run_after = now()
    world.run_jobs(site)
    assert newest(site).link_state == "ok"
    assert content(site, lead, newest(site).id)


def test_a_typed_title_stays_and_a_dead_link_is_kept_and_said(site: Site, pages: str, who: WhoIs) -> None:
    entry = EvidenceEntry(EvidenceKind.LINK, title="The old plan", url=f"{pages}/gone")
    adding.add_evidence(site, who("lead"), "LC1", entry)
    world.run_jobs(site)
    piece = newest(site)
    assert (piece.title, piece.link_state, piece.url) == ("The old plan", "dead", f"{pages}/gone")


def test_a_name_that_nobody_knows_is_another_trouble_than_a_page_that_is_gone(
    site: Site, monkeypatch: pytest.MonkeyPatch, who: WhoIs
) -> None:
    def nobody(_host: str) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "no such name")

    monkeypatch.setattr(links, "visit_page", partial(links.visit_page, resolve=nobody))
    entry = EvidenceEntry(EvidenceKind.LINK, title="The old plan", url="https://nobody.example/plan")
    adding.add_evidence(site, who("lead"), "LC1", entry)
    world.run_jobs(site)
    assert newest(site).link_state == "no_site"


def test_a_changed_address_is_visited_anew(site: Site, pages: str, who: WhoIs) -> None:
    lead = who("lead")
    adding.add_evidence(site, lead, "LC1", EvidenceEntry(EvidenceKind.LINK, title="Plan", url=f"{pages}/gone"))
    world.run_jobs(site)
    changed(site, lead, newest(site).id, EvidenceEntry(EvidenceKind.LINK, title="Plan", url=f"{pages}/plan"))
    assert newest(site).link_state == ""
    world.run_jobs(site)
    assert newest(site).link_state == "ok"


def test_checking_again_asks_for_another_visit(site: Site, pages: str, who: WhoIs) -> None:
    lead = who("lead")
    adding.add_evidence(site, lead, "LC1", EvidenceEntry(EvidenceKind.LINK, title="Plan", url=f"{pages}/gone"))
    world.run_jobs(site)
    with site.database.writing() as session:
        evidence_links.check_link(Desk(session, site, lead), newest(site).id)
    assert [job.state for job in rows(site, Job, col(Job.kind) == "link.look")] == ["done", "waiting"]
    assert newest(site).link_state == ""
    world.run_jobs(site)
    assert newest(site).link_state == "dead"


def test_clicking_twice_asks_for_one_visit(site: Site, seeded: World, pages: str, who: WhoIs) -> None:
    lead = who("lead")
    piece = add(site, lead, f"{pages}/plan")
    for _ in range(2):
        with site.database.writing() as session:
            evidence_links.check_link(Desk(session, site, lead), piece.id)
    assert [job.state for job in rows(site, Job, col(Job.kind) == "link.look")] == ["done", "waiting"]
    assert [event.verb for event in events(site, seeded)].count("link_check_asked") == 1


def _remove(site: Site, lead: Any, piece: Evidence) -> None:
    with site.database.writing() as session:
        removing.withdraw_piece(Desk(session, site, lead), piece.id, newest(site).version)


def test_a_removed_or_disposed_link_is_not_visited_any_more(site: Site, seeded: World, pages: str, who: WhoIs) -> None:
    reviewer = who("reviewer")
    piece = add(site, reviewer, f"{pages}/plan")
    with site.database.writing() as session:
        evidence_links.check_link(Desk(session, site, reviewer), piece.id)
    _remove(site, reviewer, piece)
    for step in ("removed", "disposed"):
        if step == "disposed":
            with site.database.writing() as session:
                row = session.get_one(Evidence, piece.id)
                row.retention_id, row.period_to = seeded.alpha.classes["drafts"], date(2019, 1, 1)
                session.add(row)
                session.flush()
                retention.propose_disposal(Desk(session, site, reviewer), piece.id, newest(site).version)
            retention.dispose_of_piece(site, who("admin"), piece.id, newest(site).version)
        before = (newest(site), len(events(site, seeded)), len(rows(site, Job)))
        evidence_links.visit_link(site, seeded.alpha.id, {"evidence": piece.id, "keep": True})
        world.run_jobs(site)
        with site.database.writing() as session, pytest.raises(Refused):
            evidence_links.check_link(Desk(session, site, reviewer), piece.id)
        assert evidence_links.enqueue_due_visits(site) == 0
        assert (newest(site), len(events(site, seeded)), len(rows(site, Job))) == before, step
    assert rows(site, LinkCopy, LinkCopy.evidence_id == piece.id) == []


def test_what_is_disposed_of_during_a_visit_stays_empty(
    site: Site, pages: str, monkeypatch: pytest.MonkeyPatch, who: WhoIs
) -> None:
    reviewer = who("reviewer")
    adding.add_evidence(site, reviewer, "LC1", EvidenceEntry(EvidenceKind.LINK, title="Plan", url=f"{pages}/plan"))
    piece = newest(site)
    real = links.visit_page

    def meanwhile(url: str, **options: Any) -> Any:
        _remove(site, reviewer, piece)
        return real(url, **options)

    monkeypatch.setattr(links, "visit_page", meanwhile)
    world.run_jobs(site)
    assert newest(site).link_state == ""
    assert rows(site, LinkCopy, LinkCopy.evidence_id == piece.id) == []


def test_what_was_found_at_an_old_address_is_not_said_of_the_new_one(
    site: Site, seeded: World, pages: str, monkeypatch: pytest.MonkeyPatch, who: WhoIs
) -> None:
    lead = who("lead")
    adding.add_evidence(site, lead, "LC1", EvidenceEntry(EvidenceKind.LINK, title="Plan", url=f"{pages}/plan"))
    number = newest(site).id
    real = links.visit_page

    def meanwhile(url: str, **options: Any) -> Any:
        changed(site, lead, number, EvidenceEntry(EvidenceKind.LINK, title="Plan", url=f"{pages}/gone"))
        return real(url, **options)

    monkeypatch.setattr(links, "visit_page", meanwhile)
    evidence_links.visit_link(site, seeded.alpha.id, {"evidence": number})
    assert newest(site).link_state == ""


def test_a_visit_for_a_piece_of_another_city_does_nothing(site: Site, seeded: World) -> None:
    before = len(rows(site, HistoryEvent))
    evidence_links.visit_link(site, seeded.beta.id, {"evidence": seeded.alpha.evidence["link"]})
    assert len(rows(site, HistoryEvent)) == before


# copies


def content(site: Site, asking: Any, evidence_id: int) -> bytes:
    with site.database.reading() as session:
        return b"".join(opening.download_copy(Desk(session, site, asking), evidence_id).chunks)


def add(site: Site, asking: Any, url: str) -> Evidence:
    adding.add_evidence(site, asking, "LC1", EvidenceEntry(EvidenceKind.LINK, url=url))
    world.run_jobs(site)
    return newest(site)


def test_what_a_page_says_is_kept_without_its_programs(site: Site, pages: str, who: WhoIs) -> None:
    lead = who("lead")
    piece = add(site, lead, f"{pages}/plan")
    assert content(site, lead, piece.id).decode().splitlines()[-2:] == ["Goals", "Fewer fires."]
    assert b"alert" not in content(site, lead, piece.id)
    with site.database.reading() as session:
        shown = page.load_piece_page(Desk(session, site, lead), piece.id)
    assert shown.copied
    assert len(shown.copied.sha256) == 64


def test_a_document_is_kept_as_it_came(site: Site, pages: str, who: WhoIs) -> None:
    Pages.found["/get?id=7"] = (200, {"Content-Type": "application/pdf"}, PDF)
    lead = who("lead")
    piece = add(site, lead, f"{pages}/get?id=7")
    assert content(site, lead, piece.id) == PDF


@pytest.mark.parametrize(
    ("kind", "body"), [("application/pdf", b"MZ\x90\x00"), ("application/zip", b"PK\x03\x04"), ("text/html", b"")]
)
def test_what_is_of_no_kind_that_is_kept_leaves_no_copy(
    site: Site, pages: str, kind: str, body: bytes, who: WhoIs
) -> None:
    Pages.found["/thing"] = (200, {"Content-Type": kind}, body)
    lead = who("lead")
    piece = add(site, lead, f"{pages}/thing")
    assert piece.link_state == "ok"
    with pytest.raises(NotFound):
        content(site, lead, piece.id)


def test_a_copy_is_made_again_only_when_somebody_asks_and_the_page_says_something_else(
    site: Site, seeded: World, pages: str, who: WhoIs
) -> None:
    lead = who("lead")
    piece = add(site, lead, f"{pages}/plan")
    Pages.found["/plan"] = (200, HTML, PLAN + b"<p>New.</p>")
    evidence_links.visit_link(site, seeded.alpha.id, {"evidence": piece.id})
    assert b"New." not in content(site, lead, piece.id)
    for _ in range(2):
        with site.database.writing() as session:
            evidence_links.check_link(Desk(session, site, lead), piece.id)
        world.run_jobs(site)
    assert b"New." in content(site, lead, piece.id)
    assert len(rows(site, LinkCopy, LinkCopy.evidence_id == piece.id)) == 2


def test_the_copy_of_a_restricted_page_is_restricted_too(site: Site, pages: str, who: WhoIs) -> None:
    lead = who("lead")
    adding.add_evidence(
        site, lead, "LC1", EvidenceEntry(EvidenceKind.LINK, url=f"{pages}/plan", visibility="restricted")
    )
    world.run_jobs(site)
    number = newest(site).id
    assert content(site, who("reviewer"), number)
    with pytest.raises(NotAllowed):
        content(site, who("official"), number)
    with pytest.raises(NotFound):
        content(site, who("admin", "beta"), number)


# moves


def test_a_new_address_is_proposed_and_taken_with_one_click(site: Site, seeded: World, pages: str, who: WhoIs) -> None:
    Pages.found["/old"] = (301, {"Location": "/plan"}, b"")
    lead = who("lead")
    piece = add(site, lead, f"{pages}/old")
    assert (piece.link_state, piece.url, piece.link_moved_to) == ("ok", f"{pages}/old", f"{pages}/plan")
    with site.database.writing() as session, pytest.raises(Conflict):
        evidence_links.accept_address(Desk(session, site, lead), piece.id, piece.version + 1)
    with site.database.writing() as session:
        evidence_links.accept_address(Desk(session, site, lead), piece.id, piece.version)
    world.run_jobs(site)
    piece = newest(site)
    assert (piece.url, piece.link_moved_to, piece.link_state) == (f"{pages}/plan", "", "ok")
    assert [row.verb for row in events(site, seeded)][-2:] == ["link_address_accepted", "link_checked"]
    with site.database.writing() as session, pytest.raises(Refused):
        evidence_links.accept_address(Desk(session, site, lead), piece.id, piece.version)


@pytest.mark.parametrize(
    "address", ["https://me:secret@city.gov/plan", "javascript:alert(1)", "https://city.gov/\u202eplan"]
)
def test_an_address_that_could_not_be_typed_is_not_taken_with_a_click(
    site: Site, pages: str, address: str, who: WhoIs
) -> None:
    lead = who("lead")
    piece = add(site, lead, f"{pages}/plan")
    with site.database.writing() as session:
        session.get_one(Evidence, piece.id).link_moved_to = address
    with site.database.writing() as session, pytest.raises(Refused):
        evidence_links.accept_address(Desk(session, site, lead), piece.id, piece.version)
    assert newest(site).url == f"{pages}/plan"


# the rhythm


def due(site: Site, evidence_id: int, *, days: float) -> None:
    with site.database.writing() as session:
        row = session.get_one(Evidence, evidence_id)
        row.link_next_at = now() + timedelta(days=days)
        session.add(row)


def test_links_are_visited_every_week_and_less_often_while_they_are_dead(site: Site, pages: str, who: WhoIs) -> None:
    lead = who("lead")
    piece = add(site, lead, f"{pages}/plan")
    assert piece.link_next_at
    assert (piece.link_next_at - now()).days in {6, 7}
    assert evidence_links.enqueue_due_visits(site) == 0
    Pages.found = {}
    pauses = []
    for _ in range(7):
        due(site, piece.id, days=-1)
        assert evidence_links.enqueue_due_visits(site) == 1
        assert evidence_links.enqueue_due_visits(site) == 0, "it is asked for once"
        world.run_jobs(site)
        again = newest(site).link_next_at
        assert again
        pauses.append(round((again - now()).total_seconds() / 86_400))
    assert pauses == [1, 2, 4, 8, 16, 28, 28]
    assert newest(site).link_state == "dead"


def test_a_removed_link_is_left_alone(site: Site, pages: str, who: WhoIs) -> None:
    lead = who("lead")
    piece = add(site, lead, f"{pages}/plan")
    due(site, piece.id, days=-1)
    with site.database.writing() as session:
        removing.withdraw_piece(Desk(session, site, lead), piece.id, piece.version)
    assert evidence_links.enqueue_due_visits(site) == 0


# who is told


@pytest.mark.only_sqlite
def test_who_added_a_link_is_told_once_that_it_died(
    site: Site, seeded: World, pages: str, box: Box, who: WhoIs
) -> None:
    piece = add(site, who("lead"), f"{pages}/plan")
    assert box.mails == {}
    Pages.found = {}
    for told in ([], ["lead@alpha.example"], ["lead@alpha.example"]):
        evidence_links.visit_link(site, seeded.alpha.id, {"evidence": piece.id})
        world.run_jobs(site)
        assert list(box.mails) == told, "after the second time in a row"
    assert f"/alpha/evidence/{piece.id}" in box.mails["lead@alpha.example"]
    assert len(rows(site, Job, col(Job.kind) == "link.tell")) == 1


@pytest.mark.only_sqlite
def test_a_link_that_is_dead_and_unclear_in_turn_is_told_once_until_it_opens_again(
    site: Site, seeded: World, pages: str, box: Box, who: WhoIs
) -> None:
    piece = add(site, who("lead"), f"{pages}/plan")
    unclear: dict[str, tuple[int, dict[str, str], bytes]] = {"/plan": (403, {}, b"")}
    answers = {"dead": {}, "unclear": unclear, "opens": Pages.found}
    for answer, told in (
        ("dead", 0),
        ("unclear", 0),
        ("dead", 1),
        ("unclear", 1),
        ("dead", 1),
        ("opens", 1),
        ("dead", 1),
        ("dead", 2),
    ):
        Pages.found = answers[answer]
        evidence_links.visit_link(site, seeded.alpha.id, {"evidence": piece.id})
        assert len(rows(site, Job, col(Job.kind) == "link.tell")) == told


@pytest.mark.only_sqlite
def test_when_its_author_has_left_the_department_is_told(
    site: Site, seeded: World, pages: str, box: Box, who: WhoIs
) -> None:
    piece = add(site, who("reviewer"), f"{pages}/plan")
    with site.database.writing() as session:
        gone = session.get_one(Membership, seeded.alpha.memberships["reviewer"])
        gone.ended_at = now()
        session.add(gone)
    Pages.found["/plan"] = (301, {"Location": "/plans/2026"}, b"")
    Pages.found["/plans/2026"] = (200, HTML, PLAN)
    evidence_links.visit_link(site, seeded.alpha.id, {"evidence": piece.id})
    world.run_jobs(site)
    assert list(box.mails) == ["lead@alpha.example"]
    assert "has moved" in box.mails["lead@alpha.example"]


def dead(site: Site, seeded: World, pages: str, visibility: str = "internal") -> Evidence:
    """A link of the lead's that was found dead twice, so that the lead is about to be told."""
    entry = EvidenceEntry(EvidenceKind.LINK, title="Names", url=f"{pages}/gone", visibility=visibility)
    adding.add_evidence(site, world.identify(site, seeded.alpha.people["lead"]), "LC1", entry)
    world.run_jobs(site)
    evidence_links.visit_link(site, seeded.alpha.id, {"evidence": newest(site).id})
    return newest(site)


@pytest.mark.only_sqlite
def test_every_owner_is_told_by_a_job_of_their_own(site: Site, seeded: World, pages: str, box: Box, who: WhoIs) -> None:
    with site.database.writing() as session:
        member = seeded.alpha.memberships["colleague"]
        people.set_departments(session, seeded.alpha.id, member, frozenset({seeded.alpha.departments["finance"]}))
    piece = add(site, who("reviewer"), f"{pages}/plan")
    with site.database.writing() as session:
        session.get_one(Membership, seeded.alpha.memberships["reviewer"]).ended_at = now()
    Pages.found = {}
    for _ in range(2):
        evidence_links.visit_link(site, seeded.alpha.id, {"evidence": piece.id})
    told = [json.loads(job.payload)["person"] for job in rows(site, Job, col(Job.kind) == "link.tell")]
    assert sorted(told) == sorted(seeded.alpha.people[role] for role in ("lead", "colleague"))
    world.run_jobs(site)
    assert sorted(box.mails) == ["colleague@alpha.example", "lead@alpha.example"]


@pytest.mark.only_sqlite
@pytest.mark.parametrize("change", [{"link_state": "ok"}, {"withdrawn_at": now()}, {"link_state": ""}])
def test_old_news_is_not_told(site: Site, seeded: World, pages: str, box: Box, change: dict[str, Any]) -> None:
    piece = dead(site, seeded, pages)
    with site.database.writing() as session:
        session.get_one(Evidence, piece.id).sqlmodel_update(change)
    world.run_jobs(site)
    assert [job.state for job in rows(site, Job, col(Job.kind) == "link.tell")] == ["done"]
    assert box.mails == {}


@pytest.mark.only_sqlite
@pytest.mark.parametrize(("visibility", "told"), [("internal", True), ("restricted", False)])
def test_who_may_not_open_a_restricted_link_any_more_is_not_told_its_address(
    site: Site, seeded: World, pages: str, box: Box, visibility: str, told: bool
) -> None:
    dead(site, seeded, pages, visibility)
    with site.database.writing() as session:
        member = seeded.alpha.memberships["lead"]
        people.set_departments(session, seeded.alpha.id, member, frozenset({seeded.alpha.departments["works"]}))
        session.exec(update(Assignment).where(col(Assignment.city_id) == seeded.alpha.id).values(person_id=None))
    world.run_jobs(site)
    assert (box.mails != {}) == told


@pytest.mark.only_sqlite
def test_who_has_left_or_belongs_to_another_city_is_not_told(site: Site, seeded: World, pages: str, box: Box) -> None:
    piece = dead(site, seeded, pages)
    with site.database.writing() as session:
        session.get_one(Membership, seeded.alpha.memberships["lead"]).ended_at = now()
    world.run_jobs(site)
    for person in (seeded.beta.people["lead"], None):
        evidence_links.notify_owner(site, seeded.alpha.id, {"evidence": piece.id, "person": person})
    evidence_links.notify_owner(site, seeded.beta.id, {"evidence": piece.id, "person": seeded.beta.people["lead"]})
    assert box.mails == {}


@pytest.mark.only_sqlite
def test_a_letter_that_cannot_be_sent_now_is_tried_again(site: Site, seeded: World, pages: str, box: Box) -> None:
    dead(site, seeded, pages)
    right, site.settings = site.settings, site.settings.model_copy(update={"smtp_port": 1})
    world.run_jobs(site)
    assert [job.state for job in rows(site, Job, col(Job.kind) == "link.tell")] == ["later"]
    site.settings = right
    with site.database.writing() as session:
        for job in session.exec(select(Job).where(Job.kind == "link.tell")):
            job.run_after = now()
    world.run_jobs(site)
    assert list(box.mails) == ["lead@alpha.example"]
