"""Forms that a city meets seldom, each in the state of things in which it stands on its page, sent in a browser on a small phone.

As in test_forms.py what was done is read and spoken, and stands in view with what it was done to.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session, select

from app.rules.criteria.edition import EvidenceKind
from app.rules.evidence.entry import EvidenceEntry
from app.rules.history.verbs import Verb
from app.services.evidence import adding, reading
from app.services.evidence.adding import IncomingFile
from app.store.assessment import Assignment
from app.store.city import City
from app.store.database.engine import now
from app.store.evidence.files import StoredFile
from app.store.evidence.pieces import Evidence
from app.store.history import events
from app.store.monthly import MonthlyIssue, MonthlyReport
from app.store.people import Membership
from app.store.portal import PortalFact
from app.store.report.reports import Report
from app.store.request import Partner
from app.store.response import Response
from app.store.retention import RetentionClass
from tests import world
from tests.conftest import BrowserPage, Live
from tests.form_scripts import FILL, FIND
from tests.small_files import pdf_of
from tests.web.test_forms import SELDOM, faults_in_place, faults_in_saying, on_a_small_phone
from tests.world import CityWorld, World

Arrange = Callable[[Session, CityWorld], object]


def _leave_the_period_open(session: Session, city: CityWorld) -> None:
    session.get_one(Evidence, city.evidence["file"]).period_to = None


def _put_a_number_off(session: Session, city: CityWorld) -> None:
    session.get_one(PortalFact, city.fact_id).state = "rejected"


def _unassign_one(session: Session, city: CityWorld) -> None:
    assigned = select(Assignment).where(Assignment.city_id == city.id, Assignment.criterion == "OD1")
    session.delete(session.exec(assigned).one())


def _give_the_partner_an_address(session: Session, city: CityWorld) -> None:
    session.get_one(Partner, city.partner_id).email = "ana@partner.example"


def _let_its_time_end(session: Session, city: CityWorld) -> None:
    session.get_one(RetentionClass, city.classes["drafts"]).for_reports = True
    report = session.exec(select(Report).where(Report.city_id == city.id)).one()
    report.made_at = now() - timedelta(days=9_000)


def _lose_an_issue(session: Session, city: CityWorld) -> None:
    about: dict[str, Any] = {"length": "summary", "audience": "public", "language": "en", "day": 5}
    row = MonthlyReport(city_id=city.id, **about, set_by=city.people["admin"], starts_on=date(2026, 1, 1))
    session.add(row)
    session.flush()
    month = f"{now():%Y-%m}"
    session.add(MonthlyIssue(city_id=city.id, monthly_id=row.id, month=month, state="failed", problem="nobody"))


def _become_a_small_office(session: Session, city: CityWorld) -> None:
    """Nobody else could decide any more on what the administrator has handed in."""
    session.get_one(City, city.id).small_office = True
    session.get_one(Membership, city.memberships["reviewer"]).ended_at = now()
    session.get_one(Response, city.responses["LC2"]).submitted_by = city.people["admin"]


def _as_it_is(_session: Session, _city: CityWorld) -> None:
    """Nothing has to be arranged."""


@dataclass(frozen=True)
class SeldomForm:
    """Where the form is and what is typed; `arrange` brings about that it is there. `leads_on` where another page comes."""

    person: str
    page: str
    fields: dict[str, str] = field(default_factory=dict)
    arrange: Arrange = _as_it_is
    leads_on: bool = False
    piece: str = "file"


FORMS = {
    "POST /{city}/evidence/{evidence_id}/day": SeldomForm(
        "lead", "/evidence/{evidence_id}", {"answer": "yes"}, _leave_the_period_open
    ),
    "POST /{city}/evidence/{evidence_id}/redact": SeldomForm(
        "lead", "/evidence/{evidence_id}/redact", {"words": "Ana", "title": "Copy"}, leads_on=True, piece="paper"
    ),
    "POST /{city}/portal/facts/{fact_id}": SeldomForm("admin", "/portal", {"decision": "proposed"}, _put_a_number_off),
    "POST /{city}/requests/{request_id}/reminder": SeldomForm(
        "admin", "/requests/{request_id}", arrange=_give_the_partner_an_address
    ),
    "POST /{city}/reports/{number}/mail": SeldomForm("admin", "/reports/{number}", {"addresses": "clerk@city.example"}),
    "POST /{city}/reports/{number}/disposal": SeldomForm(
        "admin", "/reports/{number}", {"disposal_reason": "By the schedule"}, _let_its_time_end
    ),
    "POST /{city}/reports/monthly/{monthly_id}/again": SeldomForm(
        "admin", "/reports/monthly/1", arrange=_lose_an_issue
    ),
    "POST /{city}/board/first-steps": SeldomForm("admin", "/board", arrange=_unassign_one, leads_on=True),
    "POST /{city}/criteria/{code}/own-decision": SeldomForm(
        "admin", "/criteria/LC2", {"decision": "met", "reason": "All of it is there."}, _become_a_small_office
    ),
    "POST /{city}/criteria/{code}/own-decision/undo": SeldomForm("admin", "/criteria/LC2"),
}
"""In this order; pages are below the address of the city."""


def _add_paper(live: Live, city: CityWorld) -> int:
    """A file that can be drawn, and was read; its piece."""
    who = world.identify(live.site, city.people["lead"])
    sent = [IncomingFile("letter.pdf", io.BytesIO(pdf_of("Dear Ana Soto, thank you.")))]
    adding.add_files(live.site, who, "LC1", EvidenceEntry(EvidenceKind.FILE), sent)
    with live.site.database.reading() as session:
        of_paper = select(Evidence.id, Evidence.file_id).join(StoredFile).where(StoredFile.name == "letter.pdf")
        piece, file = session.exec(of_paper).one()
    reading.read_file(live.site, city.id, {"file": file})
    return piece


def test_forms_that_come_seldom_say_what_was_done_and_keep_it_in_view(
    live: Live, browser_page: BrowserPage, seeded: World
) -> None:
    city = seeded.alpha
    live.site.settings = live.site.settings.model_copy(update={"smtp_host": "127.0.0.1", "smtp_port": 1})
    pieces = {"file": city.evidence["file"], "paper": _add_paper(live, city)}
    ids = {"city": "alpha", "code": "LC2", "fact_id": city.fact_id, "request_id": city.requests["partner"]}
    ids |= {"number": city.report_number, "monthly_id": 1}
    pages = {person: on_a_small_phone(browser_page(person, width=320)) for person in ("lead", "admin")}
    faults = []
    for route, sent in FORMS.items():
        with live.site.database.writing() as session:
            sent.arrange(session, city)
            events.record_event(session, city.id, None, Verb.CITY_CHANGED, "Alpha")  # so that no kept page is shown
        page, named = pages[sent.person], ids | {"evidence_id": pieces[sent.piece]}
        page.goto(f"/alpha{sent.page.format(**named)}")
        path = route.partition(" ")[2].format(**named)
        if not page.evaluate(FIND, {"path": path, "names": list(sent.fields)}):
            faults.append(f"{page.url} has no form for {route}")
            continue
        page.locator("form[data-tried]").evaluate(FILL, {"path": path, "fields": list(sent.fields.items())})
        with page.expect_navigation():
            page.locator("[data-pressed]").click()
        if page.locator("#problems").count():
            faults.append(f"{route} was not taken: {page.locator('#problems').inner_text()}")
        elif sent.leads_on:
            faults += faults_in_saying(page, route)
        else:
            faults += faults_in_saying(page, route) + faults_in_place(page, route)
    assert not faults, "\n".join(faults)
    assert FORMS.keys() == SELDOM
