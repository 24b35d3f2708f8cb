"""Every page in every language, on a phone and on a desk: no violation that axe knows, and nothing that scrolls sideways."""

import io
import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page
from sqlmodel import Session, col, select

from app.rules.criteria import EvidenceKind
from app.rules.evidence.entry import EvidenceEntry
from app.rules.first_hour import QUESTIONS
from app.rules.handover import HeldWork, write_held
from app.services.account import email_change, passphrase, sessions
from app.services.account.email_change import EmailChange
from app.services.evidence import adding, reading
from app.services.evidence.adding import IncomingFile
from app.services.outbox import writing
from app.services.people import invitation
from app.services.report import making
from app.services.requests import page as request
from app.settings import LANGUAGES, ROOT
from app.store import bulk
from app.store.assessment import Assessment
from app.store.bulk import BulkSave
from app.store.city import City, Department, city_values
from app.store.database.engine import now
from app.store.evidence.files import StoredFile
from app.store.evidence.pieces import Evidence
from app.store.handover import Handover
from app.store.letter import Letter, LetterEntry
from app.store.monthly import MonthlyIssue, MonthlyReport
from app.store.people import Membership, Person
from app.store.planning import Scenario
from app.store.report import Report
from app.store.request import Contribution, EvidenceRequest, Partner
from app.store.response import Response
from app.store.review import ReviewComment, Verdict, load_latest_verdicts
from tests import world
from tests.conftest import BrowserPage, Live

AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"runOnly": RULES, "resultTypes": ["violations"]}
"""Of what a page does well, axe writes down one example a rule: to describe every element costs twice as much as to look at it."""
WIDTHS = (320, 1280)

PAGES = {
    None: [
        "/sign-in",
        "/nowhere/board",
        "/verify",
        "/offline",
        "/verify?code=12",
        "/verify/{code}",
        "/verify/{code}/report",
        "/verify/{summary}/report",
        "/welcome/{invitation}",
        "/passphrase/forgot",
        "/passphrase/{forgotten}",
        "/account/email/{new_email}",
        "/account/email/{new_email}",
        "/contribute/{link}",
        "/letters/stop/{letter}",
    ],
    "lead@newark.example": [
        "/cities",
        "/account",
        "/account/second-step",
        "/devices",
        "/passphrase",
        "/confirm",
        "/newark/my-work",
        "/newark/board/month",
        "/newark/letters",
        "/newark/criteria",
        "/newark/criteria?q=nothing+has+this",
        "/newark/criteria/DM1",
        "/newark/criteria/DM1/verdicts/{verdict}",
        "/newark/criteria/DM7",
        "/newark/criteria/DM9",
        "/newark/criteria/DM4/submitted",
        "/newark/criteria/DM9/evidence/{personal}/questions",
        "/newark/criteria/DM9/evidence/{personal}/questions?at=period",
        "/newark/criteria/DM9/evidence/{personal}/questions?at=items",
        "/newark/criteria/DM9/evidence/{personal}/questions?at=done",
        "/newark/criteria/DM9/evidence/new?kind=file",
        "/newark/criteria/DM9/evidence/new?kind=link",
        "/newark/criteria/DM9/evidence/new?kind=figure",
        "/newark/criteria/DM9/evidence/new?kind=note",
        "/newark/criteria/DM9/evidence/new?kind=library",
        "/newark/evidence",
        "/newark/evidence/{evidence}",
        "/newark/claims",
        "/newark/glossary",
        "/newark/search?q=data",
        "/newark/first-hour?" + "&".join(f"{area}=partly" for area in QUESTIONS),
        "/newark/program",
        "/newark/program/copy-sheet?only=met",
        "/newark/evidence/{document}",
        "/newark/evidence/{workbook}",
        "/newark/evidence/{personal}",
    ],
    "official@newark.example": [
        "/newark/board",
        "/newark/readiness",
        "/newark/scoring",
        "/newark/scoring?as_of=2028-01-01",
        "/newark/reports",
        "/newark/reports/1",
        "/newark/reports/1/page",
        "/newark/board?view=tiles",
    ],
    "admin@newark.example": [
        "/newark/review",
        "/newark/review?tab=returned",
        "/newark/review?tab=decided",
        "/newark/review?tab=renewals",
        "/newark/review/PA3",
        "/newark/review/DM1",
        "/newark/planning?by=2028-06-30",
        "/newark/planning?level=platinum&by=2026-11-30",
        "/newark/planning/tiles?pick=DM4&pick=LC7",
        "/newark/planning/estimates?edit=DM4",
        "/newark/planning/scenarios/1",
        "/newark/planning/compare?scenario=1&scenario=2",
        "/newark/history?by=people",
        "/newark/people/assignments?core=1",
        "/newark/requests",
        "/newark/requests/new?code=CI3",
        "/newark/requests/{request}",
        "/newark/requests/{unanswered}/change",
        "/newark/inbox",
        "/newark/partners",
        "/newark/retention",
        "/newark/portal",
        "/newark/people",
        "/newark/people/assignments",
        "/newark/people/bulk",
        "/newark/people/assignments/table",
        "/newark/people/bulk/{saved}",
        "/newark/people/{member}",
        "/newark/people/{former}",
        "/newark/people/{member}/absence",
        "/newark/people/{member}/end",
        "/newark/people/{former}/end",
        "/newark/people/unowned",
        "/newark/people/departments/{department}",
        "/newark/my-work/leaving",
        "/newark/my-work/pass-on",
        "/newark/my-work/handovers/{handover}",
        "/newark/my-work/absence",
        "/newark/people/{former}/scrub",
        "/newark/people/{member}/second-step",
        "/newark/security",
        "/newark/letters/waiting",
        "/newark/letters/preview",
        "/newark/history",
        "/newark/history/verify",
        "/newark/criteria/DM1/wording",
        "/newark/reports/monthly",
        "/newark/reports/monthly/{monthly}",
        "/newark/awards",
        "/newark/awards?edit=1",
        "/newark/settings",
        "/newark/settings/wordings",
        "/newark/cycle",
        "/newark/cycle/new",
        "/newark/cycle/new?edition=wwc-2018",
        "/newark/cycle/compare",
        "/newark/cycle/confirm",
        "/newark/cycle/{closed}",
        "/newark/cycle/{closed}/criteria/DM1",
        "/newark/cycle/{closed}/program",
    ],
    "admin@riverton.example": [
        "/riverton/my-work",
        "/riverton/board",
        "/riverton/readiness",
        "/riverton/evidence",
        "/riverton/portal",
        "/riverton/review",
        "/riverton/people",
        "/riverton/criteria/DM1",
    ],
}


@pytest.fixture
def ids(newark: Live) -> dict[str, Any]:
    """The demo with one report, and what stands in addresses."""
    live = newark
    with live.site.database.writing() as session:
        city = session.exec(select(City).where(City.slug == "newark")).one()
        person = session.exec(select(Person).where(Person.email == "official@newark.example")).one()
        given: dict[str, Any] = {"name": "Nora", "email": "nora@newark.example", "role": "lead", "departments": []}
        invited = invitation.invite_person(session, live.site, city_values(city), person.id, **given).link or ""
        forgotten = passphrase.passphrase_link(live.site, person, None)
        new_email = email_change.confirmation_link(live.site, EmailChange(person.id, person.email, "new@city.gov"))
        run = session.exec(select(Assessment).where(Assessment.city_id == city.id)).one()
        of: dict[str, Any] = {"city_id": city.id, "assessment_id": run.id, "level": "gold"}
        for number in (1, 2):
            codes = json.dumps(["DM4", "LC7", "RDC7"][:number])
            session.add(Scenario(**of, name=f"Way {number}", criteria=codes, target_on=date(2028, 6, 30), shared=True))
        closed = _close_one(session, city.id, run, person.id)
        members = _members(session, city.id)
        members["saved"] = bulk.add_bulk_save(session, BulkSave(city_id=city.id, saved_by=person.id, lines=12))
        monthly = _send_monthly(session, city.id, person.id)
        letter = _write_letter(live, session, city.id, person.id)
        link, asked, unanswered = _ask_a_partner(live, session, city.id, run.id)
        piece = session.exec(select(Evidence).where(Evidence.city_id == city.id, Evidence.kind == "figure")).first()
        verdict = load_latest_verdicts(session, city.id, run.id)["DM1"].id
    read = _read_files(live, city)
    for length in ("full", "summary"):
        making.make_report_file(live.site, "newark", "en", length, forecast=True)
    with live.site.database.reading() as session:
        made = dict(session.exec(select(Report.length, Report.code)).all())
    more = {
        "link": link.rsplit("/", 1)[1],
        "request": asked,
        "unanswered": unanswered,
        "forgotten": forgotten.rsplit("/", 1)[1],
    }
    return {
        "code": made["full"],
        "summary": made["summary"],
        "invitation": invited.rsplit("/", 1)[1],
        "forgotten": forgotten.rsplit("/", 1)[1],
        "new_email": new_email.rsplit("/", 1)[1],
        "evidence": piece.id if piece else 0,
        "closed": closed,
        "verdict": verdict,
        "letter": letter,
        "monthly": monthly,
        **more,
        **members,
        **read,
    }


def _close_one(session: Session, city: int, run: Assessment, person: int) -> int:
    """An assessment of before with one verdict; its id."""
    before = Assessment(city_id=city, edition="wwc-2022", name="The year before", state="closed")
    session.add(before)
    session.flush()
    run.previous_id = before.id
    row = Response(city_id=city, assessment_id=before.id, criterion="DM1", state="decided", narrative="We met.")
    session.add(row)
    session.flush()
    about: dict[str, Any] = {"city_id": city, "response_id": row.id}
    session.add(Verdict(**about, decision="not_met", reason="No minutes.", reviewer_id=person))
    session.add(ReviewComment(**about, text="Where are they?", person_id=person))
    return before.id


def _send_monthly(session: Session, city: int, person: int) -> int:
    """A monthly report that could not be made in one month."""
    about: dict[str, Any] = {"length": "summary", "audience": "public", "language": "en", "day": 5, "set_by": person}
    row = MonthlyReport(city_id=city, **about, starts_on=date(2026, 1, 1))
    session.add(row)
    session.flush()
    session.add(MonthlyIssue(city_id=city, monthly_id=row.id, month="2026-01", state="failed", problem="nobody"))
    return row.id


def _members(session: Session, city: int) -> dict[str, int]:
    """The memberships of the lead, who has a second step, and of a person whose access has ended."""
    left = Person(email="left@newark.example", name="Lia")
    session.add(left)
    session.flush()
    former = Membership(city_id=city, person_id=left.id, role="lead", ended_at=now())
    session.add(former)
    session.flush()
    people = select(Membership).join(Person, col(Membership.person_id) == col(Person.id))
    lead = session.exec(people.where(Person.email == "lead@newark.example")).one()
    session.get_one(Person, lead.person_id).second_step_at = now()
    department = session.exec(select(Department).where(Department.city_id == city)).first()
    assert department
    department.head_id = session.exec(select(Person.id).where(Person.email == "admin@newark.example")).one()
    held = write_held(HeldWork(criteria=("DM1", "DM9"), departments=(department.id,)))
    about: dict[str, Any] = {"person_id": left.id, "successor_id": lead.person_id, "by_id": left.id}
    handed = Handover(city_id=city, **about, content=held, notes="The key is in the drawer.")
    session.add(handed)
    session.flush()
    return {"member": lead.id, "former": former.id, "department": department.id, "handover": handed.id}


def _write_letter(live: Live, session: Session, city: int, person: int) -> str:
    """A letter that waits to be sent; returns the token of the link in it."""
    row = Letter(city_id=city, person_id=person, message_id="<one@city.example>", day=date(2026, 12, 1))
    session.add(row)
    session.flush()
    about: dict[str, Any] = {"city_id": city, "person_id": person, "letter_id": row.id, "subject": "DM1", "at": now()}
    session.add(LetterEntry(**about, kind="commented", key="1", about='{"quote": "Where are the minutes?"}'))
    return writing.stop_address(live.site, row.id).rsplit("/", 1)[1]


def _ask_a_partner(live: Live, session: Session, city: int, run: int) -> tuple[str, int, int]:
    """A request that a partner has answered with a note: its link and its id; and the id of one that nobody has answered."""
    partner = Partner(city_id=city, name="A coalition", language="en")
    session.add(partner)
    session.flush()
    of: dict[str, Any] = {
        "city_id": city,
        "assessment_id": run,
        "criterion": "CI3",
        "partner_id": partner.id,
        "language": "en",
    }
    asked = EvidenceRequest(**of, what="Your agreement.", why="It shows it.", forms="file link figure note", nonce="n")
    session.add(asked)
    session.flush()
    entry = json.dumps(asdict(EvidenceEntry(EvidenceKind.NOTE, title="We meet", note="We meet monthly.")))
    about: dict[str, Any] = {"city_id": city, "request_id": asked.id, "kind": "note", "title": "We meet", "name": "Ana"}
    session.add(Contribution(**about, entry=entry))
    unanswered = EvidenceRequest(**of, what="Your minutes.", why="They show it.", forms="file", nonce="m", state="open")
    session.add(unanswered)
    session.flush()
    return request.request_link(live.site, asked), asked.id, unanswered.id


def _read_files(live: Live, city: City) -> dict[str, int]:
    """Pieces whose files were read: with pictures of pages, with a table, and with something that should not be handed out."""
    letter = b"Dear Ana Soto,\nyour number is 123-45-6789; call 973-733-6400.\n"
    with live.site.database.reading() as session:
        person = session.exec(select(Person).where(Person.email == "lead@newark.example")).one()
    token = world.sign_in(live.site, person.id)
    with live.site.database.reading() as session:
        who = sessions.identify_member(session, token, "newark", None)
    sent = [IncomingFile("letter.txt", io.BytesIO(letter))]
    adding.add_files(live.site, who, "DM9", EvidenceEntry(EvidenceKind.FILE), sent)
    with live.site.database.reading() as session:
        query = select(Evidence.id, StoredFile).join(StoredFile, col(StoredFile.id) == Evidence.file_id)
        query = query.where(Evidence.city_id == city.id).order_by(col(Evidence.id))
        kinds = {"document": "notes.pdf", "workbook": ".xlsx", "personal": "letter.txt"}
        found = session.exec(query).all()
    chosen = {name: next(one for one in found if one[1].name.endswith(end)) for name, end in kinds.items()}
    for _, file in chosen.values():
        reading.read_file(live.site, city.id, {"file": file.id})
    return {name: piece or 0 for name, (piece, _) in chosen.items()}


def _visited(
    open_page: BrowserPage, live: Live, ids: dict[str, Any], **options: Any
) -> Iterator[tuple[str, Page, int]]:
    for email, paths in PAGES.items():
        page = open_page(**options)
        page.add_init_script(AXE)
        if email:
            with live.site.database.reading() as session:
                person = session.exec(select(Person).where(Person.email == email)).one()
            token = world.sign_in(live.site, person.id)
            page.context.add_cookies([{"name": "cityready_session", "value": token, "url": live.url}])
        for path in paths:
            page.set_viewport_size({"width": WIDTHS[0], "height": 900})
            answer = page.goto(path.format(**ids))
            page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
            yield f"{path} as {email or 'a visitor'}", page, answer.status if answer else 0


REFUSED = "/newark/history as official@newark.example"
"""Says that it is not for this person, and belongs to no part of the menu."""
STATUSES = {REFUSED: 403, "/verify?code=12 as a visitor": 422}
"""Pages that are errors, and are looked at as such; every other one opens."""


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_every_page_can_be_used_by_everybody_and_fits_its_screen(
    language: str, live: Live, ids: dict[str, Any], visitor_page: BrowserPage
) -> None:
    """Words of one length or another have the same colours, so one language is looked at by day and the other by night."""
    problems = []
    for name, page, status in _visited(
        visitor_page, live, ids, language=language, width=WIDTHS[0], dark=language != "en"
    ):
        if status != STATUSES.get(name, 200) or page.locator("h1").all_inner_texts() in ([], [""]):
            problems.append(f"{name}: answers {status}, and not with its heading")
        for width in WIDTHS:
            problems += [f"{name}, {width} px: {problem}" for problem in _find_problems(page, width)]
        if name.startswith("/newark/") and name != REFUSED and page.locator(".usa-breadcrumb").count() != 1:
            problems.append(f"{name}: does not say where one is")
    assert not problems, "\n".join(problems)


def _find_problems(page: Page, width: int) -> list[str]:
    """What axe finds on the page where the screen is that wide, and whether it scrolls sideways."""
    page.set_viewport_size({"width": width, "height": 900})
    found = page.evaluate("options => axe.run(document, options)", OPTIONS)
    problems = [f"{one['id']}: {one['help']}: {one['nodes'][0]['html'][:200]}" for one in found["violations"]]
    wide = page.evaluate("document.documentElement.scrollWidth")
    return [*problems, f"{wide} px wide"] if wide > width else problems


def test_a_form_that_came_back_can_be_used_by_everybody_too(browser_page: BrowserPage) -> None:
    page = browser_page("lead", width=WIDTHS[0])
    page.add_init_script(AXE)
    page.goto("/alpha/criteria/LC1/evidence/new?kind=figure")
    page.locator("form.evidence-form").evaluate("form => { form.noValidate = true; form.requestSubmit(); }")
    page.get_by_text("Fix 3 things").wait_for()
    for width in WIDTHS:
        assert _find_problems(page, width) == []
