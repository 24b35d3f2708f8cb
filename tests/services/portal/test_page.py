"""The open-data catalog below the web: what a reading writes, what becomes of proposals, and whom they belong to; on both databases."""

import json
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlmodel import col, select

from app.adapters.catalogs import reading as catalogs
from app.adapters.storage.local import LocalStorage
from app.rules.criteria.edition import EvidenceKind
from app.rules.errors import Conflict, Invalid, NotFound, Refused
from app.rules.portal.counting import FACT_TITLES, FactKey, FactState
from app.rules.portal.trouble import CatalogTrouble
from app.services.account.sessions import today_in
from app.services.desk import Desk, Who
from app.services.evidence import opening
from app.services.evidence.adding import IncomingFile
from app.services.history import page as history
from app.services.history.page import HistoryFilters
from app.services.portal import deciding, reading
from app.services.portal import page as portal
from app.services.site import Site
from app.store.assessment import LocalCriterion
from app.store.city import City
from app.store.database.engine import now
from app.store.evidence.files import StoredFile
from app.store.evidence.pieces import Evidence, EvidenceSupport
from app.store.history.events import HistoryEvent
from app.store.job import Job
from app.store.portal import Portal, PortalFact, PortalReading
from app.store.response import Response
from tests import portals, world
from tests.conftest import WhoIs
from tests.portals import Server
from tests.world import World

T = TypeVar("T")


@pytest.fixture
def server(site: Site) -> Iterator[Server]:
    site.settings.links_may_be_private = True
    with portals.serving() as server:
        portals.be_dcat_1(server)
        yield server


@pytest.fixture
def reviewer(who: WhoIs) -> Who:
    return who("reviewer")


def rows(site: Site, table: type[T], *conditions: Any) -> list[T]:
    with site.database.reading() as session:
        return list(session.exec(select(table).where(*conditions).order_by(col(table.id))))  # type: ignore[attr-defined]


def row_of(site: Site, who: Who) -> Portal:
    return rows(site, Portal, Portal.city_id == who.city_id)[0]


def page_of(site: Site, who: Who) -> portal.PortalPage:
    with site.database.reading() as session:
        return portal.load_portal_page(Desk(session, site, who))


def read(site: Site, who: Who, url: str) -> portal.PortalPage:
    with site.database.writing() as session:
        portal.set_address(Desk(session, site, who), url, row_of(site, who).version)
    world.run_jobs(site)
    return page_of(site, who)


def decide(site: Site, who: Who, fact_id: int, decision: str) -> FactState:
    with site.database.writing() as session:
        return deciding.decide_fact(Desk(session, site, who), fact_id, decision)


def newest_facts(site: Site, who: Who) -> dict[str, PortalFact]:
    found = rows(site, PortalFact, PortalFact.city_id == who.city_id)
    last = max(one.reading_id for one in found)
    return {one.key: one for one in found if one.reading_id == last}


def newest_event(site: Site, who: Who) -> tuple[str, str, dict[str, Any], int | None]:
    event = rows(site, HistoryEvent, HistoryEvent.city_id == who.city_id)[-1]
    return event.verb, event.subject, json.loads(event.details), event.person_id


def test_a_reading_counts_keeps_the_json_and_plans_the_next(site: Site, reviewer: Who, server: Server) -> None:
    page = read(site, reviewer, server.url)
    assert page.reading
    assert (page.reading.url, page.reading.datasets, page.reading.partial) == (f"{server.url}/data.json", 8, False)
    assert page.reading.unmatched == ("Parks & Recreation", "Police")
    assert {line.criterion.code for line in page.waiting if line.criterion} == {"OD2", "OD3", "DM2", "RDC7"}
    assert (page.error, page.under_way, page.others) == (None, False, ())
    assert newest_event(site, reviewer)[:2] == ("portal_read", server.url)
    assert newest_event(site, reviewer)[3] is None, "nobody's doing"

    (kept,) = rows(site, StoredFile, StoredFile.media_type == "application/json")
    assert json.loads(b"".join(site.storage.open(kept.key))) == portals.dcat_1(server.url)
    assert page.next_read_on == today_in(reviewer.city) + timedelta(days=30)
    (waiting,) = rows(site, Job, Job.kind == "portal.read", Job.state == "later")
    assert waiting.run_after
    assert timedelta(days=29) < waiting.run_after - now() < timedelta(days=31)


def test_broken_downloads_are_counted_in_a_sample(site: Site, reviewer: Who, server: Server) -> None:
    read(site, reviewer, server.url)
    found = newest_facts(site, reviewer)[FactKey.BROKEN]
    assert (found.value, found.total, found.unknown) == (1, 6, 1)
    assert (found.criterion, found.item) == ("OD3", "download")


def test_a_month_later_it_is_read_again_by_itself_and_once(site: Site, reviewer: Who, server: Server) -> None:
    read(site, reviewer, server.url)
    _let_a_month_pass(site)
    assert world.run_jobs(site) == 1
    assert len(rows(site, PortalReading, PortalReading.url == f"{server.url}/data.json")) == 2
    assert len(rows(site, Job, Job.kind == "portal.read", Job.state == "later")) == 1


def _let_a_month_pass(site: Site) -> None:
    with site.database.writing() as session:
        for job in session.exec(select(Job).where(Job.kind == "portal.read", Job.state == "later")):
            job.run_after = now()
            session.add(job)


def test_a_planned_reading_that_another_overtook_does_nothing(site: Site, reviewer: Who, server: Server) -> None:
    read(site, reviewer, server.url)
    with site.database.writing() as session:
        stored = session.exec(select(Portal).where(Portal.city_id == reviewer.city_id)).one()
        stored.next_read_on = today_in(reviewer.city) + timedelta(days=12)
        session.add(stored)
    _let_a_month_pass(site)
    before = len(server.asked)
    assert world.run_jobs(site) == 1
    assert len(server.asked) == before
    assert rows(site, Job, Job.kind == "portal.read", Job.state == "later") == []


def test_taking_the_address_away_ends_the_monthly_reading(site: Site, reviewer: Who, server: Server) -> None:
    read(site, reviewer, server.url)
    with site.database.writing() as session:
        assert portal.set_address(Desk(session, site, reviewer), "", row_of(site, reviewer).version) is False
    before = len(server.asked)
    _let_a_month_pass(site)
    world.run_jobs(site)
    assert len(server.asked) == before
    page = page_of(site, reviewer)
    assert (page.url, page.next_read_on) == ("", None)
    assert page.waiting, "what was counted stays"


def test_asking_twice_reads_once(site: Site, reviewer: Who, server: Server) -> None:
    read(site, reviewer, server.url)
    for _ in range(2):
        with site.database.writing() as session:
            portal.ask_for_reading(Desk(session, site, reviewer), row_of(site, reviewer).version)
    assert page_of(site, reviewer).under_way
    assert len(rows(site, Job, Job.kind == "portal.read", Job.state == "waiting")) == 1
    world.run_jobs(site)
    assert not page_of(site, reviewer).under_way


def test_a_reading_that_never_came_can_be_asked_for_again(site: Site, reviewer: Who) -> None:
    with site.database.writing() as session:
        stored = session.exec(select(Portal).where(Portal.city_id == reviewer.city_id)).one()
        stored.state, stored.asked_at = "asked", now() - portal.UNDER_WAY - timedelta(seconds=1)
        session.add(stored)
    assert not page_of(site, reviewer).under_way
    with site.database.writing() as session:
        portal.ask_for_reading(Desk(session, site, reviewer), row_of(site, reviewer).version)
    assert page_of(site, reviewer).under_way


def test_an_address_changed_during_the_reading_is_read_anew(
    site: Site, reviewer: Who, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = catalogs.visit_catalog

    def meanwhile(url: str, **options: Any) -> Any:
        found = seen(url, **options)
        if url == server.url:
            with site.database.writing() as session:
                portal.set_address(
                    Desk(session, site, reviewer), f"{server.url}/data.json", row_of(site, reviewer).version
                )
        return found

    monkeypatch.setattr(catalogs, "visit_catalog", meanwhile)
    read(site, reviewer, server.url)
    assert len(rows(site, PortalReading, PortalReading.city_id == reviewer.city_id)) == 2, "the seeded one and one more"
    assert row_of(site, reviewer).url == f"{server.url}/data.json"
    assert row_of(site, reviewer).state == "read"


def test_a_file_and_an_address_that_wait_at_the_same_time_are_both_read(
    site: Site, reviewer: Who, server: Server
) -> None:
    raw = json.dumps(portals.dcat_3("https://city.example")).encode()
    for first, second in ((upload, place), (place, upload)):
        before = len(rows(site, PortalReading, PortalReading.city_id == reviewer.city_id))
        first(site, reviewer, server.url, raw)
        second(site, reviewer, server.url, raw)
        world.run_jobs(site)
        made = rows(site, PortalReading, PortalReading.city_id == reviewer.city_id)[before:]
        assert {one.url for one in made} == {"data.json", f"{server.url}/data.json"}, first.__name__


def upload(site: Site, who: Who, _url: str, raw: bytes) -> None:
    portal.upload_catalog(site, who, [IncomingFile("data.json", BytesIO(raw))])


def place(site: Site, who: Who, url: str, _raw: bytes) -> None:
    with site.database.writing() as session:
        portal.set_address(Desk(session, site, who), url, row_of(site, who).version)


def test_while_only_a_file_waits_the_address_can_be_asked_for_too(site: Site, reviewer: Who, server: Server) -> None:
    read(site, reviewer, server.url)
    before = len(rows(site, PortalReading, PortalReading.url == f"{server.url}/data.json"))
    upload(site, reviewer, "", json.dumps(portals.dcat_3("https://city.example")).encode())
    with site.database.writing() as session:
        portal.ask_for_reading(Desk(session, site, reviewer), row_of(site, reviewer).version)
    world.run_jobs(site)
    assert len(rows(site, PortalReading, PortalReading.url == f"{server.url}/data.json")) == before + 1


def test_while_storage_is_away_a_reading_is_tried_again_and_lost_by_nobody(
    site: Site, reviewer: Who, server: Server
) -> None:
    kept = site.storage
    site.storage = LocalStorage(Path("/dev/null/nowhere"))
    read(site, reviewer, server.url)
    assert page_of(site, reviewer).under_way
    site.storage = kept
    _let_a_month_pass(site)
    world.run_jobs(site)
    assert row_of(site, reviewer).state == "read"


def test_an_uploaded_catalog_waits_for_storage_too(site: Site, reviewer: Who) -> None:
    upload(site, reviewer, "", json.dumps(portals.dcat_3("https://city.example")).encode())
    kept, site.storage = site.storage, LocalStorage(Path("/dev/null/nowhere"))
    world.run_jobs(site)
    site.storage = kept
    _let_a_month_pass(site)
    world.run_jobs(site)
    assert (row_of(site, reviewer).state, row_of(site, reviewer).error) == ("read", "")


def test_a_reading_that_failed_for_the_last_time_says_so_and_the_next_month_is_planned(
    site: Site, reviewer: Who, server: Server
) -> None:
    site.storage = LocalStorage(Path("/dev/null/nowhere"))
    read(site, reviewer, server.url)
    for _ in range(2):
        assert page_of(site, reviewer).under_way
        _let_a_month_pass(site)
        world.run_jobs(site)
    _ended_badly(site, reviewer)


def _ended_badly(site: Site, who: Who) -> None:
    page = page_of(site, who)
    assert not page.under_way
    assert "could not be written down" in str(page.error)
    assert newest_event(site, who)[0] == "portal_unread"
    (planned,) = rows(site, Job, Job.kind == "portal.read", Job.state == "later")
    assert json.loads(planned.payload) == {"due": (today_in(who.city) + timedelta(days=30)).isoformat()}
    assert page.next_read_on == today_in(who.city) + timedelta(days=30)


def test_when_nothing_can_be_written_down_for_another_reason_the_page_says_so_too(
    site: Site, reviewer: Who, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any) -> None:
        raise UnicodeEncodeError("utf-8", "\ud800", 0, 1, "half of a letter")

    monkeypatch.setattr(reading, "save_reading", fails)
    read(site, reviewer, server.url)
    for _ in range(2):
        _let_a_month_pass(site)
        world.run_jobs(site)
    _ended_badly(site, reviewer)


def test_half_a_letter_in_a_catalog_is_left_out(site: Site, reviewer: Who, server: Server) -> None:
    catalog = portals.dcat_1(server.url)
    catalog["dataset"][0] |= {"title": "Half \ud800", "keyword": ["\udfff"], "publisher": {"name": "Po\ud800lice"}}
    server.pages["/data.json"] = portals.gives(catalog)
    page = read(site, reviewer, server.url)
    assert page.reading
    assert (page.error, page.reading.datasets) == (None, 8)
    assert "Police" in page.reading.unmatched


WRONG = {
    CatalogTrouble.ANSWERS: portals.fails(500),
    CatalogTrouble.NOT_JSON: portals.gives(b"<!doctype html>"),
    CatalogTrouble.NO_CATALOG: portals.gives({"hello": "world"}),
    CatalogTrouble.EMPTY: portals.gives({"dataset": []}),
    CatalogTrouble.BROKEN_OFF: portals.breaks_off(b'{"dataset": [{"ti'),
}


@pytest.mark.parametrize("trouble", WRONG)
def test_a_failure_is_told_and_takes_nothing_away(
    site: Site, reviewer: Who, server: Server, trouble: CatalogTrouble
) -> None:
    before = page_of(site, reviewer)
    server.pages["/data.json"] = WRONG[trouble]
    page = read(site, reviewer, f"{server.url}/data.json")
    assert row_of(site, reviewer).error.partition(" ")[0] == trouble
    assert page.error
    assert page.reading == before.reading
    assert page.next_read_on, "it is tried again by itself"
    assert newest_event(site, reviewer)[0] == "portal_unread"


def test_a_failure_that_nobody_thought_of_is_told_too(
    site: Site, reviewer: Who, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any, **__: Any) -> None:
        raise KeyError("something new")

    monkeypatch.setattr(catalogs, "visit_catalog", fails)
    assert read(site, reviewer, server.url).error
    assert row_of(site, reviewer).error == CatalogTrouble.BROKE
    assert page_of(site, reviewer).next_read_on


def test_a_partial_reading_says_so_and_its_facts_have_low_confidence(site: Site, reviewer: Who, server: Server) -> None:
    whole = json.dumps(portals.dcat_1(server.url)).encode()
    server.pages["/data.json"] = portals.breaks_off(whole[:-400])
    page = read(site, reviewer, server.url)
    assert page.reading
    assert page.reading.partial
    assert {line.sureness.value for line in page.waiting} == {"low"}


def test_an_accepted_fact_is_evidence_with_source_time_and_the_file(site: Site, reviewer: Who, server: Server) -> None:
    read(site, reviewer, server.url)
    fact = newest_facts(site, reviewer)[FactKey.LICENSE]
    assert decide(site, reviewer, fact.id, "accepted") is FactState.ACCEPTED

    piece = rows(site, Evidence)[-1]
    (support,) = rows(site, EvidenceSupport, EvidenceSupport.evidence_id == piece.id)
    response = rows(site, Response, Response.id == support.response_id)[0]
    assert (response.criterion, response.state, support.item) == ("OD3", "in_progress", "terms")
    assert (piece.kind, piece.visibility, piece.current_value, piece.unit) == (
        EvidenceKind.FIGURE,
        "public",
        Decimal(5),
        "of 8 datasets",
    )
    assert (piece.source, piece.period_to) == (f"{server.url}/data.json", today_in(reviewer.city))
    kept = rows(site, StoredFile, StoredFile.id == piece.file_id)[0]
    assert "5 of 8 datasets state a license or terms of use. Unknown: 2 datasets do not say." in piece.note
    assert kept.sha256 in piece.note
    assert "(America/New_York)" in piece.note
    with site.database.reading() as session:
        assert (
            b"".join(opening.download_file(Desk(session, site, reviewer), piece.id).chunks)
            == json.dumps(portals.dcat_1(server.url)).encode()
        )
    stored = newest_facts(site, reviewer)[FactKey.LICENSE]
    assert (stored.state, stored.evidence_id, stored.decided_by) == ("accepted", piece.id, reviewer.person_id)
    verb, subject, details, person = newest_event(site, reviewer)
    assert (verb, subject, details["decision"], person) == ("fact_decided", "OD3", "accepted", reviewer.person_id)


def test_the_newest_change_is_accepted_as_a_note(site: Site, reviewer: Who, server: Server) -> None:
    _free(site, "DM2")
    read(site, reviewer, server.url)
    assert decide(site, reviewer, newest_facts(site, reviewer)[FactKey.NEWEST].id, "accepted") is FactState.ACCEPTED
    piece = rows(site, Evidence)[-1]
    assert (piece.kind, piece.title) == (EvidenceKind.NOTE, "Newest change in the catalog")
    assert (
        piece.note.splitlines()[0]
        == "The newest change in the catalog is of May 19, 2026. Unknown: 1 dataset does not say."
    )


def _free(site: Site, code: str) -> None:
    with site.database.writing() as session:
        for response in session.exec(select(Response).where(Response.criterion == code)):
            response.state = "in_progress"
            session.add(response)


def test_every_fact_can_be_accepted_where_the_responses_are_open(site: Site, reviewer: Who, server: Server) -> None:
    _free(site, "DM2")
    portals.be_socrata(server)
    page = read(site, reviewer, f"{server.url}/api/catalog/v1")
    for line in page.waiting:
        assert decide(site, reviewer, line.id, "accepted") is FactState.ACCEPTED
    page = page_of(site, reviewer)
    assert page.waiting == ()
    assert len(page.decided) == len(FactKey)


def test_a_fact_for_a_criterion_that_is_with_the_reviewer_is_refused_and_stays_open(
    site: Site, reviewer: Who, server: Server
) -> None:
    read(site, reviewer, server.url)
    fact = newest_facts(site, reviewer)[FactKey.DEPARTMENTS]
    before = len(rows(site, Evidence))
    with pytest.raises(Refused):
        decide(site, reviewer, fact.id, "accepted")
    assert newest_facts(site, reviewer)[FactKey.DEPARTMENTS].state == "proposed"
    assert len(rows(site, Evidence)) == before


def test_a_fact_is_decided_once(site: Site, reviewer: Who, seeded: World) -> None:
    decide(site, reviewer, seeded.alpha.fact_id, "accepted")
    for again in ("accepted", "rejected", "never", "proposed"):
        with pytest.raises(Refused):
            decide(site, reviewer, seeded.alpha.fact_id, again)
    with pytest.raises(Invalid):
        decide(site, reviewer, seeded.alpha.fact_id, "perhaps")


def test_a_rejection_is_for_this_reading_and_can_be_taken_back(site: Site, reviewer: Who, server: Server) -> None:
    read(site, reviewer, server.url)
    fact = newest_facts(site, reviewer)[FactKey.LICENSE]
    decide(site, reviewer, fact.id, "rejected")
    assert [line.id for line in page_of(site, reviewer).decided] == [fact.id]
    decide(site, reviewer, fact.id, "proposed")
    assert page_of(site, reviewer).decided == ()
    assert newest_event(site, reviewer)[2]["decision"] == "proposed"
    decide(site, reviewer, fact.id, "rejected")
    assert read(site, reviewer, server.url).decided == (), "the next reading proposes it again"


def test_a_rejection_for_good_holds_in_later_readings_and_in_this_city_alone(
    site: Site, reviewer: Who, server: Server, who: WhoIs
) -> None:
    read(site, reviewer, server.url)
    decide(site, reviewer, newest_facts(site, reviewer)[FactKey.LICENSE].id, "never")
    for _ in range(2):
        page = read(site, reviewer, server.url)
        assert [line.title for line in page.decided] == [FACT_TITLES[FactKey.LICENSE]]
        assert not _proposes_licenses(page)
    theirs = read(site, who("reviewer", "beta"), server.url)
    assert theirs.decided == ()
    assert _proposes_licenses(theirs)

    decide(site, reviewer, newest_facts(site, reviewer)[FactKey.LICENSE].id, "proposed")
    for page in (page_of(site, reviewer), read(site, reviewer, server.url)):
        assert page.decided == ()
        assert _proposes_licenses(page), "again, in this reading and in the next"


def _proposes_licenses(page: portal.PortalPage) -> bool:
    return FACT_TITLES[FactKey.LICENSE] in [line.title for line in page.waiting]


def test_an_older_reading_is_not_decided_on(site: Site, reviewer: Who, server: Server, seeded: World) -> None:
    read(site, reviewer, server.url)
    with pytest.raises(Refused):
        decide(site, reviewer, seeded.alpha.fact_id, "accepted")


def test_another_citys_facts_files_and_addresses_are_not_there(site: Site, reviewer: Who, seeded: World) -> None:
    with pytest.raises(NotFound):
        decide(site, reviewer, seeded.beta.fact_id, "accepted")
    with site.database.reading() as session, pytest.raises(NotFound):
        portal.open_snapshot(Desk(session, site, reviewer), seeded.beta.reading_id)
    with site.database.reading() as session:
        assert (
            b"".join(portal.open_snapshot(Desk(session, site, reviewer), seeded.alpha.reading_id).chunks) == world.FILE
        )


def test_the_address_is_checked_and_its_version_too(site: Site, reviewer: Who, seeded: World) -> None:
    with site.database.writing() as session:
        with pytest.raises(Invalid):
            portal.set_address(Desk(session, site, reviewer), "not an address", 1)
        for version in (0, 7):
            with pytest.raises(Conflict):
                portal.set_address(Desk(session, site, reviewer), "data.city.gov", version)
    with site.database.writing() as session:
        session.delete(session.exec(select(Portal).where(Portal.city_id == reviewer.city_id)).one())
    assert page_of(site, reviewer).version == 0
    with site.database.writing() as session:
        with pytest.raises(Invalid):
            portal.set_address(Desk(session, site, reviewer), " ", 0)
        with pytest.raises(Refused):
            portal.ask_for_reading(Desk(session, site, reviewer), 0)
        assert portal.set_address(Desk(session, site, reviewer), "data.city.gov", 0)
    assert row_of(site, reviewer).url == "https://data.city.gov"


def test_an_empty_address_is_asked_for_where_none_was_given(site: Site, reviewer: Who) -> None:
    with site.database.writing() as session:
        stored = session.exec(select(Portal).where(Portal.city_id == reviewer.city_id)).one()
        stored.url = ""
        session.add(stored)
    with site.database.writing() as session, pytest.raises(Invalid):
        portal.set_address(Desk(session, site, reviewer), " ", stored.version)


def test_the_citys_own_checklist_decides_what_has_a_place(site: Site, reviewer: Who, server: Server) -> None:
    own = json.dumps([{"id": "own", "text": "Our own item."}])
    with site.database.writing() as session:
        session.add(LocalCriterion(city_id=reviewer.city_id, edition="wwc-2022", criterion="OD3", checklist=own))
    page = read(site, reviewer, server.url)
    titles = [line.title for line in page.others]
    assert FACT_TITLES[FactKey.LICENSE] in titles
    assert FACT_TITLES[FactKey.RECENT] not in titles, "it speaks of the criterion as a whole"
    with pytest.raises(Refused):
        decide(site, reviewer, newest_facts(site, reviewer)[FactKey.LICENSE].id, "accepted")


def test_an_uploaded_catalog_is_kept_and_read_without_an_address(site: Site, reviewer: Who, seeded: World) -> None:
    raw = json.dumps(portals.dcat_3("https://city.example")).encode()
    with site.database.writing() as session:
        session.delete(session.exec(select(Portal).where(Portal.city_id == reviewer.city_id)).one())
    portal.upload_catalog(site, reviewer, [IncomingFile("our data.json", BytesIO(raw))])
    assert page_of(site, reviewer).under_way
    world.run_jobs(site)
    page = page_of(site, reviewer)
    assert page.reading
    assert (page.reading.url, page.reading.datasets, page.next_read_on) == ("our data.json", 8, None)
    with site.database.reading() as session:
        assert b"".join(portal.open_snapshot(Desk(session, site, reviewer), page.reading.id).chunks) == raw
    portal.upload_catalog(site, reviewer, [IncomingFile("our data.json", BytesIO(raw))])
    world.run_jobs(site)
    assert len(rows(site, StoredFile, StoredFile.media_type == "application/json")) == 1


@pytest.mark.parametrize("content", [b"a,b\n1,2\n", b"", b"%PDF-1.7", "a,b\n1,2\n".encode("utf-16-le")])
def test_a_file_that_is_no_json_is_not_kept(site: Site, reviewer: Who, seeded: World, content: bytes) -> None:
    before = len(rows(site, StoredFile))
    with pytest.raises(Invalid) as caught:
        portal.upload_catalog(site, reviewer, [IncomingFile("data.json", BytesIO(content))])
    assert "file" in caught.value.fields
    assert len(rows(site, StoredFile)) == before


def test_a_city_without_departments_or_an_open_assessment_is_read_as_well(site: Site, seeded: World) -> None:
    with site.database.writing() as session:
        bare = City(slug="bare", name="Bare", country="US", language="en", time_zone="UTC")
        session.add(bare)
        session.flush()
        session.add(Portal(city_id=bare.id, url="", state="asked", asked_at=now()))
        raw = json.dumps(portals.dcat_1("https://city.example")).encode()
        site.storage.put("aa/bare", BytesIO(raw))
        file = StoredFile(
            city_id=bare.id, key="aa/bare", sha256="1", size_bytes=len(raw), media_type="x", name="data.json"
        )
        session.add(file)
        session.flush()
        city_id, file_id = bare.id, file.id
    reading.read_catalog(site, city_id, {"file": file_id})
    found = rows(site, PortalFact, PortalFact.city_id == city_id)
    assert FactKey.DEPARTMENTS not in {one.key for one in found}
    assert {one.criterion for one in found} == {""}


def test_the_history_tells_every_step_in_a_sentence(site: Site, reviewer: Who, server: Server) -> None:
    read(site, reviewer, server.url)
    decide(site, reviewer, newest_facts(site, reviewer)[FactKey.LICENSE].id, "never")
    with site.database.reading() as session:
        shown = history.list_events(Desk(session, site, reviewer), HistoryFilters())
    said = " ".join(str(line.said) for line in shown.lines)
    for words in (
        "said where the open-data catalog is",
        "CityReady read the open-data catalog",
        "“Datasets that state a license”",
    ):
        assert words in said
