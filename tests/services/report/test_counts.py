"""Every count from 0 to 43 in every situation, and the figures read back out of what is printed, sent and shown."""

import io
import json
import re
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import date
from urllib.parse import urlsplit

import docx
import pypdfium2 as pdfium
import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from app.adapters.docx.summary import write_summary_docx
from app.adapters.pdf.report_html import render_report_html
from app.rules.criteria.prerequisites import BLOCK, codes_that_count
from app.rules.cycle.confirming import Confirmation
from app.rules.report.matrix import TileState
from app.rules.report.page import ReportPage
from app.rules.report.parts import ReportLength, ReportParts
from app.rules.report.schema import write_report_json
from app.rules.report.stated import state_figures
from app.rules.report.summary import ReportSummary
from app.rules.review.moves import RenewalState, ResponseState
from app.services.assessment.figures import Readiness, read_figures
from app.services.assessment.overview import load_overview
from app.services.report import content, making
from app.services.report.document import read_kept_page
from app.services.site import Site, open_site
from app.settings import Settings
from app.store.city import load_city
from app.store.database.engine import now
from app.store.migrating import upgrade_database
from app.store.report import reports
from app.store.report.reports import Report
from app.web.cookies import SESSION_COOKIE
from tests import world
from tests.conftest import running
from tests.printed_words import words_by_sheet
from tests.qr_reader import read_qr
from tests.web.test_report_figures import CORE, OTHERS, CityRows, make_core_expired, plain
from tests.world import World

ORDER = [*CORE, *OTHERS]
RANGES = {0: "below the Silver range", 22: "Silver range", 30: "Gold range", 37: "Platinum range"}
EDGES = (0, 2, 22, 30, 43)
"""Counts at which something is told in another way."""
WHOLE = {"core expired"}
LENGTHS = (ReportLength.FULL, ReportLength.ONE_PAGE)


def leave(_rows: CityRows, _codes: list[str]) -> None:
    """Met and nothing else."""


def submit_others(rows: CityRows, codes: list[str]) -> None:
    """Reopened: with the reviewer again, while what was decided still counts."""
    for code in codes[3:6]:
        rows.open_response(code).state = ResponseState.SUBMITTED.value


def ask_confirmation(rows: CityRows, codes: list[str]) -> None:
    for code in set(ORDER) - set(codes):
        rows.open_response(code).confirmation = Confirmation.ASKED.value


def renew_core(rows: CityRows, _codes: list[str]) -> None:
    rows.open_response("DM1").renewal = RenewalState.WAITING.value


def expire_core(rows: CityRows) -> None:
    rows.prove_item("DM1", "meetings", date(2025, 1, 20))


def tick_only(rows: CityRows) -> None:
    for item in ("named", "duty"):
        rows.tick_item("LC6", item)


def do_nothing(_rows: CityRows) -> None:
    pass


Prepare = Callable[[CityRows], None]
Arrange = Callable[[CityRows, list[str]], None]
SITUATIONS: dict[str, tuple[Prepare, Arrange, list[str]]] = {
    "fresh": (do_nothing, leave, ORDER),
    "core expired": (expire_core, leave, ORDER),
    "renewed": (expire_core, renew_core, ORDER),
    "reopened": (do_nothing, submit_others, ORDER),
    "carried over": (do_nothing, ask_confirmation, ORDER),
    "ticked only": (tick_only, leave, ORDER),
    "core open": (do_nothing, leave, [*OTHERS, *CORE]),
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, World]]:
    with closing(open_site(Settings(data_dir=tmp_path_factory.mktemp("counts")))) as site:
        upgrade_database(site.settings.database)
        with site.database.writing() as session:
            ids = world.build(session, site.storage)
        yield site, ids


class Undone(Exception):
    """Takes back whatever a session has written."""


@contextmanager
def undone(site: Site) -> Iterator[Session]:
    with suppress(Undone), site.database.writing() as session:
        yield session
        raise Undone


def build(session: Session, site: Site, ids: World, length: ReportLength) -> tuple[ReportPage, Readiness]:
    """A report of that length, and what the readiness page shows."""
    city = load_city(session, ids.alpha.id)
    asked = Report(
        city_id=city.id, assessment_id=ids.alpha.assessment_id, number=3, language="en", audience="internal",
        code="AAAA-BBBB-CCCC", parts=ReportParts(now().date()).write(), length=length.value,
    )  # fmt: skip
    page = content.build_page(session, site, city, asked, "https://x.example")
    seen = load_overview(session, site, city, "en", now().date())
    return page, read_figures(seen, seen.day)


def expect_level(count: int, *, certifiable: bool) -> str:
    """By the rule of the domain: ranges from 22, 30 and 37, and none without every core criterion."""
    told = RANGES[max(first for first in RANGES if first <= count)]
    return told if certifiable or count < 22 else "not certifiable"


WAITING = "newer evidence waits for our own review"


@pytest.mark.parametrize("situation", SITUATIONS)
def test_every_count_is_told_in_every_length(house: tuple[Site, World], situation: str) -> None:
    site, ids = house
    prepare, arrange, order = SITUATIONS[situation]
    with undone(site) as session:
        rows = CityRows(session, ids)
        prepare(rows)
        for count in range(44) if situation in WHOLE else EDGES:
            rows.decide_all(order[:count])
            arrange(rows, order[:count])
            session.flush()
            check_count(session, site, ids, situation, count)


def check_count(session: Session, site: Site, ids: World, situation: str, count: int) -> None:
    aged = 1 if situation in {"core expired", "renewed"} and count else 0
    open_core = set(CORE) - set((SITUATIONS[situation][2])[:count])
    for length in (ReportLength.SUMMARY, *([LENGTHS[count % 2]] if count in EDGES else [])):
        page, shown = build(session, site, ids, length)
        data, words = json.loads(write_report_json(page)), plain(render_report_html(page))
        figures = (shown.figures.verified, shown.figures.claimed, shown.figures.possible)
        assert tuple(data["figures"][name] for name in ("met", "claimed", "possible")) == figures, count
        assert [line["met"] for line in data["results"]] == [count, count - aged], count
        stated = state_figures(page)
        assert (stated.met, stated.fresh, stated.claimed, stated.possible) == (count, count - aged, *figures[1:])
        for line in page.results:
            assert f"{line.met} of 43, {line.level}" in words, (count, length)
        for number in figures[1:]:
            assert f"{number} of 43" in words, (count, length)
        levels = [
            expect_level(count, certifiable=not open_core),
            expect_level(count - aged, certifiable=not (open_core or aged)),
        ]
        if situation == "renewed" and levels[1] == "not certifiable":
            levels[1] = WAITING
        assert [line.level for line in page.results] == levels, count
        if aged and situation != "renewed":
            said = "1 criterion that is met is out of date" if open_core else "not certifiable until it is renewed"
            assert said in first_words(page), (count, length)
        assert not (page.outlook and page.outlook.at_risk and "no level is lost" in words), count
        assert len(page.gaps) == 43 - count
        assert sum(area.met for area in page.areas) == count
        if page.summary:
            check_summary(page, page.summary, count, aged)


def test_what_waits_for_a_prerequisite_is_told_and_counts_in_no_length(
    house: tuple[Site, World], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where an edition blocks, a criterion that is met counts only when all it builds on count."""
    site, ids = house
    blocking = replace(site.edition("wwc-2022", "en"), prerequisites=BLOCK)
    monkeypatch.setitem(site._editions, ("wwc-2022", "en"), blocking)
    met = [code for code in ORDER if code != "DM2"]
    counted = codes_that_count(blocking, met)
    (blocked,) = set(met) - counted
    told = f"waits for a prerequisite: {blocked}"
    with undone(site) as session:
        CityRows(session, ids).decide_all(met)
        for length in (ReportLength.SUMMARY, *LENGTHS):
            page, shown = build(session, site, ids, length)
            data, words = json.loads(write_report_json(page)), plain(render_report_html(page))
            assert [line["met"] for line in data["results"]] == [len(counted)] * 2, length
            assert data["figures"]["met"] == shown.figures.verified == len(met), length
            assert told in data["answer"], length
            assert f"{len(counted)} of 43, {page.results[0].level}" in words, length
            assert told in first_words(page), length
            if page.summary:
                assert told in read_docx(write_summary_docx(page, page.summary))


def check_summary(page: ReportPage, summary: ReportSummary, count: int, aged: int) -> None:
    """The tiles, the tasks and the Word file count the same."""
    counts = {state: number for state, _, number in summary.legend}
    assert counts.get(TileState.MET, 0) == count - aged
    assert counts.get(TileState.AGED, 0) == aged
    assert sum(counts.values()) == 43
    assert summary.missing == 43 - count
    if count in {0, 22, 43}:
        words = read_docx(write_summary_docx(page, summary))
        for line in page.results:
            assert f"{line.met} of 43 {line.level}" in words, count


def read_docx(document: bytes) -> str:
    read = docx.Document(io.BytesIO(document))
    cells = [cell.text for table in read.tables for row in table.rows for cell in row.cells]
    return " ".join(" ".join([*(paragraph.text for paragraph in read.paragraphs), *cells]).split())


def first_words(page: ReportPage) -> str:
    """The words of the first sheet."""
    html = render_report_html(page)
    marks = {ReportLength.FULL: 'class="sheet', ReportLength.SUMMARY: "</section>"}
    mark = marks.get(ReportLength(page.length))
    return plain(html.split(mark, 1)[0] if mark else html)


def read_attached(pdf: bytes, name: str) -> bytes:
    with pdfium.PdfDocument(pdf) as document:
        files = [document.get_attachment(place) for place in range(document.count_attachments())]
        return next(bytes(file.get_data()) for file in files if file.get_name() == name)


def decode_cover(pdf: bytes) -> str:
    """What a telephone reads from the printed first sheet."""
    with pdfium.PdfDocument(pdf) as document:
        return read_qr(document[0].render(scale=300 / 72).to_pil())


def test_what_is_printed_sent_and_shown_says_what_the_page_says(house: tuple[Site, World]) -> None:
    """A core criterion is out of date: each length as a file, its data inside it, and the web page that its own QR code opens."""
    site, ids = house
    with site.database.writing() as session:
        make_core_expired(CityRows(session, ids))
    with running(site.settings) as client:
        scored = sign_in(client, site, ids).get("/alpha/scoring.json").json()["results"]
        shown = [scored[name]["met"] for name in ("by_reviews", "still_fresh")]
        assert shown == [24, 23]
        client.cookies.clear()
        for length in ("one-page", "summary", "full"):
            pdf = making.make_report_file(site, "alpha", "en", length, forecast=True)
            with site.database.reading() as session:
                made = reports.find_report(session, ids.alpha.id, reports.find_last_number(session, ids.alpha.id))
            assert made
            page, sheets = read_kept_page(made.content), words_by_sheet(pdf)
            assert page
            told = [f"{line.met} of 43, {line.level}" for line in page.results]
            assert told == ["24 of 43, Silver range", "23 of 43, not certifiable"]
            for said in (*told, "not certifiable until it is renewed"):
                assert said in sheets[0], (length, said)
            everywhere = " ".join(sheets)
            for code in (*(gap.code for gap in page.gaps), "DM1") if length != "one-page" else ("DM1",):
                assert re.search(rf"\b{code}\b", everywhere), (length, code)
            for count in (page.figures.claimed, page.figures.possible):
                assert re.search(rf"\b{count} of 43", everywhere), (length, count)
            assert json.loads(read_attached(pdf, "report.json")) == json.loads(write_report_json(page))
            address = urlsplit(decode_cover(pdf)).path if length == "full" else f"/verify/{made.code}"
            verified = client.get(address)
            assert (verified.status_code, made.code in verified.text) == (200, True)
            web = plain(client.get(f"{address}/report").text)
            for said in told:
                assert said in web, (length, said)


def sign_in(client: TestClient, site: Site, ids: World) -> TestClient:
    client.cookies.set(SESSION_COOKIE, world.sign_in(site, ids.alpha.people["official"]))
    return client
