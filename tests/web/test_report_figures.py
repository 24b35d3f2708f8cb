"""One place for every figure: the readiness page is read back, and each length and the data must say the same."""

import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from html import unescape
from typing import Any

import docx
import pytest
from sqlmodel import Session, select

from app.adapters.docx.summary import write_summary_docx
from app.adapters.pdf.report_html import render_report_html
from app.rules.cycle.confirming import Confirmation
from app.rules.report.page import ReportPage
from app.rules.report.parts import ReportAudience, ReportLength, ReportParts
from app.rules.report.schema import write_report_json
from app.rules.review.moves import RenewalState, ResponseState
from app.services.report import content
from app.services.site import Site
from app.store.city import load_city
from app.store.database.engine import now
from app.store.evidence.pieces import Evidence, EvidenceSupport
from app.store.report.reports import Report
from app.store.response import ChecklistAnswer, Response
from app.store.review import Verdict
from tests.conftest import ClientFor
from tests.world import AREAS, World

CODES = [f"{area}{number}" for area, count in AREAS.items() for number in range(1, count + 1)]
CORE = ["DM1", "LC1", "PA1"]
OTHERS = [code for code in CODES if code not in CORE]


@dataclass(frozen=True)
class CityRows:
    """The rows of the city Alpha, to be brought into a state."""

    session: Session
    world: World

    def open_response(self, code: str) -> Response:
        alpha = self.world.alpha
        query = select(Response).where(Response.city_id == alpha.id, Response.criterion == code)
        row = self.session.exec(query).first()
        row = row or Response(city_id=alpha.id, assessment_id=alpha.assessment_id, criterion=code)
        self.session.add(row)
        self.session.flush()
        return row

    def decide_all(self, codes: list[str]) -> None:
        """Just these are met; whatever else was decided is open again."""
        alpha = self.world.alpha
        for verdict in self.session.exec(select(Verdict).where(Verdict.city_id == alpha.id)):
            self.session.delete(verdict)
        for row in self.session.exec(select(Response).where(Response.city_id == alpha.id)):
            row.state = ResponseState.IN_PROGRESS.value
        for code in codes:
            row = self.open_response(code)
            row.state, row.self_rating = ResponseState.DECIDED.value, "met"
            reviewer = alpha.people["reviewer"]
            self.session.add(Verdict(city_id=alpha.id, response_id=row.id, decision="met", reviewer_id=reviewer))

    def prove_item(self, code: str, item: str, last_day: date) -> None:
        """The item is ticked, with two pieces of evidence from two quarters, the later one up to that day."""
        row = self.open_response(code)
        self.tick_item(code, item)
        for days in (0, 95):
            self.support_item(row, item, last_day - timedelta(days=days))

    def support_item(self, row: Response, item: str, day: date) -> None:
        city_id = self.world.alpha.id
        piece = Evidence(city_id=city_id, kind="note", title=f"Notes of {day}", period_from=day, period_to=day)
        self.session.add(piece)
        self.session.flush()
        support = EvidenceSupport(city_id=city_id, evidence_id=piece.id, response_id=row.id, item=item)
        self.session.add(support)

    def tick_item(self, code: str, item: str) -> None:
        row = self.open_response(code)
        self.session.add(ChecklistAnswer(city_id=self.world.alpha.id, response_id=row.id, item=item, ticked=True))


def make_nothing(rows: CityRows) -> None:
    rows.decide_all([])
    for row in rows.session.exec(select(Response).where(Response.city_id == rows.world.alpha.id)):
        row.self_rating = None


def make_something(rows: CityRows) -> None:
    """As the world is: two are met."""


def make_silver(rows: CityRows) -> None:
    rows.decide_all([*CORE, *OTHERS[:21]])


def make_core_open(rows: CityRows) -> None:
    rows.decide_all(["LC1", "PA1", *OTHERS[:29]])


def make_everything(rows: CityRows) -> None:
    rows.decide_all(CODES)


def make_core_expired(rows: CityRows) -> None:
    make_silver(rows)
    rows.prove_item("DM1", "meetings", date(2025, 1, 20))


def make_near_expiry(rows: CityRows) -> None:
    make_silver(rows)
    rows.prove_item("DM1", "meetings", now().date() - timedelta(days=60))


def make_renewed(rows: CityRows) -> None:
    make_core_expired(rows)
    rows.open_response("DM1").renewal = RenewalState.WAITING.value


def make_reopened(rows: CityRows) -> None:
    make_silver(rows)
    for code in OTHERS[:3]:
        rows.open_response(code).state = ResponseState.SUBMITTED.value


def make_carried_over(rows: CityRows) -> None:
    make_silver(rows)
    for code in OTHERS[21:24]:
        rows.open_response(code).confirmation = Confirmation.ASKED.value


def make_ticked_only(rows: CityRows) -> None:
    """Ticks with nothing behind them, and a note that is behind no item: the page counts none of them."""
    row = rows.open_response("LC6")
    row.state = ResponseState.IN_PROGRESS.value
    for item in ("named", "duty"):
        rows.tick_item("LC6", item)
    rows.support_item(row, "", now().date())


STATES: list[Callable[[CityRows], None]] = [
    make_nothing, make_something, make_silver, make_core_open, make_everything, make_core_expired, make_near_expiry,
    make_renewed, make_reopened, make_carried_over, make_ticked_only,
]  # fmt: skip


def plain(html: str) -> str:
    """What a reader sees of it, with single blanks."""
    body = re.sub(r"<(style|script|head)\b.*?</\1>", " ", html, flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split()).replace(" ,", ",").replace(" .", ".")


def build_reports(site: Site, world: World) -> dict[ReportLength, ReportPage]:
    """The page of each length that can be asked for, for the city's own offices."""
    with site.database.reading() as session:
        city = load_city(session, world.alpha.id)
        common: dict[str, Any] = {
            "city_id": city.id, "assessment_id": world.alpha.assessment_id, "number": 3, "language": "en",
            "audience": ReportAudience.INTERNAL.value, "code": "AAAA-BBBB-CCCC",
            "parts": ReportParts(now().date()).write(),
        }  # fmt: skip
        return {
            length: content.build_page(session, site, city, Report(**common, length=length.value), "https://x.example")
            for length in (ReportLength.ONE_PAGE, ReportLength.SUMMARY, ReportLength.FULL)
        }


@pytest.fixture
def bring(site: Site, seeded: World) -> Callable[[Callable[[CityRows], None]], None]:
    def bring_into(state: Callable[[CityRows], None]) -> None:
        with site.database.writing() as session:
            state(CityRows(session, seeded))

    return bring_into


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_every_length_says_what_the_readiness_page_says(
    client_for: ClientFor,
    site: Site,
    seeded: World,
    bring: Callable[[Callable[[CityRows], None]], None],
    state: Callable[[CityRows], None],
) -> None:
    bring(state)
    official = client_for("official")
    web, scored = official.get("/alpha/readiness").text, official.get("/alpha/scoring.json").json()["results"]
    shown = plain(web)
    figures = [int(number) for number in re.findall(r'figure__number">\s*(\d+)', web)[:3]]
    results = re.findall(r"(\d+) of 43, ([^0-9]+?) (?=Still fresh|Our own review)", shown)
    areas = re.findall(r"[\w -]+: \d+ of \d+ met by our own review, \d+ claimed by the department\.", shown)[:8]
    gaps = re.findall(r'class="gap__title">.*?/criteria/([A-Z]+\d+)', web, flags=re.S)
    assert len(figures) == 3, shown
    assert len(results) == 2, shown
    assert len(set(areas)) == (8 if any(figures[:2]) else 0), shown
    pages = build_reports(site, seeded)
    for length, page in pages.items():
        read = plain(render_report_html(page))
        data = json.loads(write_report_json(page))
        assert [data["figures"][name] for name in ("met", "claimed", "possible")] == figures, length
        assert [(str(line["met"]), line["level"]) for line in data["results"]] == results, length
        for met, level in results:
            assert f"{met} of 43, {level}" in read, (length, met, level)
        assert [scored[name]["met"] for name in ("by_reviews", "still_fresh")] == [
            line["met"] for line in data["results"]
        ], length
        assert scored["out_of_date"] == data["outlook"]["at_risk"], length
        assert scored["core"] == {line["code"]: line["state"] for line in data["core"]}, length
        assert [gap["code"] for gap in data["gaps"]] == gaps, length
        if length is not ReportLength.SUMMARY:
            assert all(area in read for area in areas), length
        assert f"{figures[1]} of 43" in read, length
        assert f"{figures[2]} of 43" in read, length
        for code in data["outlook"]["at_risk"]:
            assert re.search(rf"out of date: [A-Z0-9, ]*{code}", shown), code
        assert [decision["code"] for decision in data["decisions"]] == re.findall(
            r'class="leaders__kind">.*?/criteria/([A-Z]+\d+)', web, flags=re.DOTALL
        ), length
    full, summary = (plain(render_report_html(pages[length])) for length in (ReportLength.FULL, ReportLength.SUMMARY))
    for code in gaps:
        assert re.search(rf"\b{code}\b", full), code
        assert re.search(rf"\b{code}\b", summary.split("What is missing, and who must act?", 1)[1]), code
    council = pages[ReportLength.SUMMARY]
    assert council.summary
    words = " ".join(read_words(write_summary_docx(council, council.summary)).split())
    for told in (
        *(f"{met} of 43 {level}" for met, level in results),
        *(f"{number} of 43" for number in figures),
        *gaps,
    ):
        assert told in words, told


def read_words(document: bytes) -> str:
    """The words of a Word file, those in tables too."""
    read = docx.Document(io.BytesIO(document))
    cells = [cell.text for table in read.tables for row in table.rows for cell in row.cells]
    return " ".join([*(paragraph.text for paragraph in read.paragraphs), *cells])


def first_page(page: ReportPage) -> str:
    """The words of the first sheet."""
    html = render_report_html(page)
    if page.length == ReportLength.FULL:
        html = html.split('class="sheet', 1)[0]
    if page.length == ReportLength.SUMMARY:
        html = html.split("</section>", 1)[0]
    return plain(html)


def test_a_core_criterion_out_of_date_stands_on_the_first_page_of_each_length(
    site: Site, seeded: World, bring: Callable[[Callable[[CityRows], None]], None]
) -> None:
    bring(make_core_expired)
    for page in build_reports(site, seeded).values():
        read = first_page(page)
        assert "DM1 is out of date, so as it stands: not certifiable until it is renewed" in read, page.length
        assert "23 of 43, not certifiable" in read, page.length
        assert "no level is lost" not in plain(render_report_html(page)), page.length


def test_a_tick_without_evidence_counts_on_no_paper(
    client_for: ClientFor, site: Site, seeded: World, bring: Callable[[Callable[[CityRows], None]], None]
) -> None:
    """The page said 0 of them while the paper said 2: the paper counted ticks."""
    bring(make_ticked_only)
    page = build_reports(site, seeded)[ReportLength.FULL]
    (criterion,) = [line for area in page.areas for line in area.criteria if line.code == "LC6"]
    assert [line.ticked for line in criterion.checklist].count(True) == 2
    assert criterion.in_place == ()
    read = plain(render_report_html(page))
    total = len(criterion.checklist)
    assert f"Checklist: 0 of {total} in place, {criterion.checklist_needed} needed" in read
    assert read.count("(said to be in place, but without evidence)") == 2
    assert f"{criterion.checklist_needed} of {total} items needed, 0 in place" in plain(
        client_for("official").get("/alpha/readiness").text
    )
