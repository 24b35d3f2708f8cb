"""What a page asks of the database does not grow with what is in it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlmodel import Session, select

from app.rules.criteria.edition import EvidenceKind
from app.rules.evidence.entry import EvidenceEntry
from app.rules.history.verbs import Verb
from app.services.kept import KeptResults
from app.services.site import Site
from app.store.assessment import LocalCriterion, find_current_assessment
from app.store.award import Award
from app.store.city import Department
from app.store.evidence.files import StoredFile
from app.store.evidence.pieces import Evidence, EvidenceSupport
from app.store.history import events
from app.store.monthly import MonthlyIssue, MonthlyReader, MonthlyReport
from app.store.people import Membership, MembershipDepartment, Person
from app.store.planning import Scenario
from app.store.portal import PortalFact
from app.store.program import ProgramAnswer, ProgramQuestion
from app.store.report.reports import Report
from app.store.request import Contribution, EvidenceRequest, Partner
from app.store.response import ChecklistAnswer, NarrativeVersion, Response
from app.store.review import ReviewComment, Verdict
from tests.conftest import ClientFor
from tests.world import AREAS, EDITION, CityWorld, World

pytestmark = pytest.mark.on_both

CODES = [f"{prefix}{number}" for prefix, count in AREAS.items() for number in range(1, count + 1)]
MOST = {
    "board": 13,
    "board/month": 11,
    "criteria": 10,
    "criteria/LC1": 14,
    "my-work": 14,
    "review": 12,
    "review/LC1": 23,
    "scoring": 15,
    "planning": 13,
    "planning/tiles": 11,
    "planning/estimates": 10,
    "reports": 4,
    "reports/monthly": 7,
    "readiness": 17,
    "awards": 3,
    "cycle/1/program": 9,
    "program/copy-sheet": 15,
    "cycle": 8,
    "people": 8,
    "people/assignments": 6,
    "people/assignments/table": 8,
    "people/unowned": 16,
    "evidence": 9,
    "criteria/LC1/evidence/new?kind=library": 20,
    "history": 4,
    "requests": 8,
    "requests/new?code=LC1": 8,
    "inbox": 8,
    "partners": 8,
    "claims": 4,
    "search?q=department": 28,
    "retention": 8,
    "portal": 7,
}
"""Statements that each page may need, the one that finds out who asks among them."""
MENU = 1
"""The counts of the menu, which a city's pages share until something has changed."""


@contextmanager
def counting(engine: Engine) -> Iterator[list[str]]:
    """Collects the statements that are sent while the block runs, without those that only begin a transaction."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def _keeping_nothing(served: Any) -> Site:
    """The app's installation, where everything that a page needs is asked for anew."""
    site: Site = served.state.site
    site.kept = KeptResults(site.database, most=0)
    return site


def test_every_page_needs_the_same_few_statements_for_few_rows_and_for_many(
    client_for: ClientFor, seeded: World
) -> None:
    client = client_for("reviewer")
    served: Any = client.app
    site: Site = _keeping_nothing(served)
    problems = _faults_of_pages(client, site, seeded.alpha, MOST)
    assert not problems, "\n".join(problems)


def test_the_page_of_a_piece_needs_few_statements(client_for: ClientFor, seeded: World) -> None:
    client = client_for("reviewer")
    served: Any = client.app
    seen, text = _statements(client, served.state.site, f"evidence/{seeded.alpha.evidence['file']}")
    assert "Page 1 of 12" in text
    assert len(seen) <= 19 + MENU, "\n".join(seen)


SAME_EVERYWHERE = {"glossary": 3, "program": 3}
"""Pages that show nothing of the city, so that no row can change them."""


@pytest.mark.parametrize("page", SAME_EVERYWHERE)
def test_a_page_that_is_the_same_for_every_city_only_asks_who_asks(
    page: str, client_for: ClientFor, seeded: World
) -> None:
    client = client_for("reviewer")
    served: Any = client.app
    seen, text = _statements(client, _keeping_nothing(served), page)
    assert "<h1>" in text
    assert len(seen) <= SAME_EVERYWHERE[page] + MENU, "\n".join(seen)


IN_A_LATER_CYCLE = {
    "cycle/new": 14,
    "cycle/confirm": 13,
    "cycle/compare": 6,
    "criteria/LC1": 17,
    "my-work": 14,
    "board": 14,
}


def test_so_do_pages_of_an_assessment_that_began_from_another(client_for: ClientFor, seeded: World) -> None:
    client = client_for("admin")
    served: Any = client.app
    site: Site = _keeping_nothing(served)
    client.post("/alpha/cycle", data={"name": "2027", "edition": EDITION, "shown": EDITION, "version": "1"})
    with site.database.reading() as session:
        run = find_current_assessment(session, seeded.alpha.id)
    assert run
    _decide_one(site, seeded.alpha, run.id)  # until then the last result is looked up as well
    problems = _faults_of_pages(client, site, replace(seeded.alpha, assessment_id=run.id), IN_A_LATER_CYCLE)
    assert not problems, "\n".join(problems)


def _decide_one(site: Site, city: CityWorld, run: int) -> None:
    with site.database.writing() as session:
        row = session.exec(select(Response).where(Response.assessment_id == run, Response.criterion == "LC1")).one()
        about: dict[str, Any] = {"city_id": city.id, "response_id": row.id, "reviewer_id": city.people["reviewer"]}
        session.add(Verdict(**about, decision="met"))
        events.record_event(session, city.id, city.people["reviewer"], Verb.VERDICT_GIVEN, "LC1", decision="met")


def test_a_page_that_nothing_has_changed_needs_one_statement(client_for: ClientFor) -> None:
    client = client_for("reviewer")
    served: Any = client.app
    _statements(client, served.state.site, "board")
    again, _ = _statements(client, served.state.site, "board")
    assert len(again) == 1, "\n".join(again)


def _faults_of_pages(client: Any, site: Site, city: CityWorld, most: dict[str, int]) -> list[str]:
    """Opens every page, fills the city and opens each again: which of them shows nothing new, asks more or asks too much."""
    small = {page: _statements(client, site, page) for page in most}
    _crowd(site, city)
    problems = []
    for page, (few, before) in small.items():
        many, after = _statements(client, site, page)
        if after == before:
            problems.append(f"{page} shows nothing of what was added")
        if len(many) != len(few):
            problems.append("\n".join((f"{page} needed {len(few)} statements and needs {len(many)}:", *many)))
        if not 2 <= len(few) <= most[page] + MENU:
            problems.append("\n".join((f"{page} needs {len(few)} statements:", *few)))
    return problems


def _statements(client: Any, site: Site, page: str) -> tuple[list[str], str]:
    with counting(site.database.engine) as seen:
        answer = client.get(f"/alpha/{page}")
    assert answer.status_code == 200
    return seen, answer.text


def _crowd(site: Site, city: CityWorld) -> None:
    """Twenty more people and departments, a response to every criterion with five times of everything, and the history of it."""
    with site.database.writing() as session:
        for number in range(20):
            _add_person(session, city, number)
        found = {
            row.criterion: row
            for row in session.exec(select(Response).where(Response.assessment_id == city.assessment_id))
        }
        for code in CODES:
            _fill(session, city, code, found.get(code))
        for number in range(20):
            session.add(
                Award(
                    city_id=city.id,
                    level="gold",
                    announced_on=date(2020, 1, 1 + number),
                    source_url="https://a.example",
                )
            )
            about: dict[str, Any] = {"city_id": city.id, "assessment_id": city.assessment_id}
            session.add(ProgramQuestion(**about, asked_on=date(2026, 1, 1 + number), question="Why?"))
            session.add(ProgramAnswer(**about, criterion=CODES[number], answer="unknown", note="Asked again."))
            of: dict[str, Any] = {"city_id": city.id, "assessment_id": city.assessment_id, "level": "silver"}
            session.add(Scenario(**of, name=f"Scenario {number}", criteria=json.dumps(CODES)))
            _add_request(session, city, number)
            counted: dict[str, Any] = {"city_id": city.id, "reading_id": city.reading_id, "criterion": "OD3"}
            session.add(PortalFact(**counted, item="dates", key="dates", value=number, total=30))


def _add_person(session: Session, city: CityWorld, number: int) -> None:
    department = _kept(session, Department(city_id=city.id, name=f"Department {number}"))
    _kept(session, Department(city_id=city.id, name=f"Department {number} without people"))
    person = _kept(session, Person(email=f"more-{number}@alpha.example", name=f"Person {number}"))
    membership = _kept(session, Membership(city_id=city.id, person_id=person, role="lead"))
    session.add(MembershipDepartment(membership_id=membership, department_id=department, city_id=city.id))
    events.record_event(session, city.id, None, Verb.PERSON_ADDED, f"Person {number}")


def _fill(session: Session, city: CityWorld, code: str, stored: Response | None) -> None:
    row = stored or Response(
        city_id=city.id, assessment_id=city.assessment_id, criterion=code, state="submitted", narrative="Done."
    )
    response = _kept(session, row)
    session.add(
        LocalCriterion(city_id=city.id, edition=EDITION, criterion=code, official_wording="As the portal says.")
    )
    for number in range(5):
        _add_one_of_everything(session, city, code, response, number)


def _add_one_of_everything(session: Session, city: CityWorld, code: str, response: int, number: int) -> None:
    lead, reviewer = city.people["lead"], city.people["reviewer"]
    about: dict[str, Any] = {"city_id": city.id, "response_id": response}
    name = f"{code}-{number}"
    file = _kept(
        session,
        StoredFile(city_id=city.id, key=name, sha256=name, size_bytes=1, media_type="text/csv", name="a.csv"),
    )
    piece = Evidence(city_id=city.id, kind="file", title=f"Plan {name}", file_id=file, period_to=date(2026, 9, 30))
    session.add(EvidenceSupport(**about, evidence_id=_kept(session, piece)))
    session.add(
        Evidence(
            city_id=city.id, kind="figure", title=f"Figure {name}", visibility="public", approved_at=piece.created_at
        )
    )
    session.add(Evidence(city_id=city.id, kind="note", title=f"Held {name}", hold_reason="A lawsuit"))
    session.add(ChecklistAnswer(**about, item=f"item-{number}", ticked=True))
    session.add(NarrativeVersion(**about, number=100 + number, text="Once.", person_id=lead, at=piece.created_at))
    session.add(Verdict(**about, decision="changes_asked", reason="More, please.", reviewer_id=reviewer))
    session.add(ReviewComment(**about, text="Seen.", person_id=reviewer))
    events.record_event(session, city.id, lead, Verb.EVIDENCE_ADDED, code)
    if code == "DM1":
        _add_report(session, city, name, 100 + number)


def _add_request(session: Session, city: CityWorld, number: int) -> None:
    of: dict[str, Any] = {
        "city_id": city.id,
        "assessment_id": city.assessment_id,
        "criterion": "DM1",
        "language": "en",
        "forms": "note",
    }
    partner = _kept(session, Partner(city_id=city.id, name=f"Partner {number}", language="en"))
    asked = _kept(session, EvidenceRequest(**of, partner_id=partner, what=f"A thing {number}", why="Because."))
    entry = json.dumps(asdict(EvidenceEntry(EvidenceKind.NOTE, title=f"Sent {number}", note="Here.")))
    about: dict[str, Any] = {
        "city_id": city.id,
        "request_id": asked,
        "kind": "note",
        "title": f"Sent {number}",
        "name": "Ana",
    }
    session.add(Contribution(**about, entry=entry))


def _add_report(session: Session, city: CityWorld, code: str, number: int) -> None:
    session.add(
        Report(
            city_id=city.id,
            assessment_id=city.assessment_id,
            number=number,
            language="en",
            length="full",
            code=code,
            state="ready",
            file_key=f"report of {code}",
        )
    )
    monthly: dict[str, Any] = {"length": "full", "audience": "public", "language": "en", "day": 5}
    row = MonthlyReport(city_id=city.id, **monthly, starts_on=date(2026, 1, 1), set_by=city.people["admin"])
    about: dict[str, Any] = {"city_id": city.id, "monthly_id": _kept(session, row)}
    session.add(MonthlyReader(**about, person_id=city.people["lead"]))
    session.add(MonthlyIssue(**about, month=f"2026-{number % 12 + 1:02}", state="failed"))


def _kept(session: Session, row: Any) -> int:
    session.add(row)
    session.flush()
    found: int = row.id
    return found
