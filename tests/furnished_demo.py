"""The demo city with something in every state: what is pictured, and what is looked at for those who cannot see.

The demo itself shows a city at work; what comes seldom, such as a report that failed or an assessment that is closed, is added here.
"""

import io
import json
from dataclasses import asdict, replace
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session, col, select

from app.adapters.storage.local import LocalStorage
from app.rules.criteria.edition import EvidenceKind
from app.rules.evidence.entry import EvidenceEntry
from app.rules.installation.job import JobKind
from app.rules.people.handover import HeldWork, read_held, write_held
from app.rules.report.state import UNFINISHED_STATES, ReportState
from app.services.account import email_change, passphrase, sessions
from app.services.account.email_change import EmailChange
from app.services.evidence import adding, reading
from app.services.evidence.adding import IncomingFile
from app.services.outbox import writing
from app.services.people import invitation
from app.services.report import making
from app.services.requests import page as request
from app.services.site import Site
from app.store import bulk, job
from app.store.account.second_step import AuthenticatorApp, RecoveryCode
from app.store.assessment import Assessment, Assignment
from app.store.bulk import BulkSave
from app.store.city import City, Department, city_values
from app.store.database.engine import now
from app.store.evidence.files import StoredFile
from app.store.evidence.pieces import Evidence, EvidenceSupport
from app.store.handover import Handover
from app.store.letter import Letter, LetterEntry
from app.store.monthly import MonthlyIssue, MonthlyReport
from app.store.people import Membership, MembershipDepartment, Person
from app.store.planning import Scenario
from app.store.report.reports import Report
from app.store.request import Contribution, EvidenceRequest, Partner
from app.store.response import Response
from app.store.review import ReviewComment, Verdict, load_latest_verdicts
from tests import world
from tests.small_files import pdf_of

LETTER = b"Dear Ana Soto,\nyour number is 123-45-6789; call 973-733-6400.\n"
"""What is in a file that a lead has added."""


def furnish_demo(site: Site) -> dict[str, Any]:
    """Adds to the loaded demo what its pages need to be in every state; returns what stands in their addresses."""
    with site.database.writing() as session:
        city = session.exec(select(City).where(City.slug == "newark")).one()
        person = session.exec(select(Person).where(Person.email == "official@newark.example")).one()
        given: dict[str, Any] = {"name": "Nora", "email": "nora@newark.example", "role": "lead", "departments": []}
        invited = invitation.invite_person(session, site, city_values(city), person.id, **given).link or ""
        forgotten = passphrase.passphrase_link(site, person, None)
        new_email = email_change.confirmation_link(site, EmailChange(person.id, person.email, "new@city.gov"))
        run = session.exec(select(Assessment).where(Assessment.city_id == city.id)).one()
        of: dict[str, Any] = {"city_id": city.id, "assessment_id": run.id, "level": "gold"}
        for number in (1, 2):
            codes = json.dumps(["DM4", "LC7", "RDC7"][:number])
            session.add(Scenario(**of, name=f"Way {number}", criteria=codes, target_on=date(2028, 6, 30), shared=True))
        closed = _close_one(session, city.id, run, person.id)
        members = _members(session, city.id)
        members["saved"] = bulk.add_bulk_save(session, BulkSave(city_id=city.id, saved_by=person.id, lines=12))
        monthly = _send_monthly(session, city.id, person.id)
        letter = _write_letter(site, session, city.id, person.id)
        link, asked, unanswered = _ask_a_partner(site, session, city.id, run.id)
        _hand_over(session, members["handover"], (asked, unanswered))
        piece = session.exec(select(Evidence).where(Evidence.city_id == city.id, Evidence.kind == "figure")).first()
        verdict = load_latest_verdicts(session, city.id, run.id)["DM1"].id
        long = _name_at_length(session, city.id, run.id)
    read = _read_files(site, city)
    for length in ("full", "summary"):
        making.make_report_file(site, "newark", "en", length, forecast=True)
    with site.database.writing() as session:
        made = {report.length: report for report in session.exec(select(Report).order_by(col(Report.id)))}
        reports = _list_reports(session, made["full"])
    more = {
        "link": link.rsplit("/", 1)[1],
        "request": asked,
        "unanswered": unanswered,
        "forgotten": forgotten.rsplit("/", 1)[1],
    }
    return {
        "code": made["full"].code,
        "summary": made["summary"].code,
        "invitation": invited.rsplit("/", 1)[1],
        "forgotten": forgotten.rsplit("/", 1)[1],
        "new_email": new_email.rsplit("/", 1)[1],
        "evidence": piece.id if piece else 0,
        "closed": closed,
        "verdict": verdict,
        "letter": letter,
        "monthly": monthly,
        "long": long,
        **reports,
        **more,
        **members,
        **read,
    }


def _close_one(session: Session, city: int, run: Assessment, person: int) -> int:
    """An assessment of before with one verdict; its id."""
    before = Assessment(
        city_id=city, edition="wwc-2022", name="The year before", state="closed", created_at=now() - timedelta(days=400)
    )
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


def _list_reports(session: Session, made: Report) -> dict[str, int]:
    """The numbers of reports that are not ready, by their state. No worker comes to the two that have a job."""
    states = (ReportState.WAITING, ReportState.MAKING, ReportState.FAILED, ReportState.DISPOSED)
    numbers = {state.value: 90 + place for place, state in enumerate(states)}
    for state, number in numbers.items():
        about = made.model_dump(exclude={"id", "number", "state", "code", "file_key", "step"})
        report = Report(**about, number=number, state=state, code=f"STAT-E000-00{number}", step="laying_out")
        report.disposed_at = now() if state == ReportState.DISPOSED else None
        session.add(report)
        session.flush()
        if state in UNFINISHED_STATES:
            job.enqueue_job(session, report.city_id, JobKind.MAKE_REPORT, after=timedelta(days=1), report=report.id)
    return numbers


UNBROKEN = "Datengovernancerahmenrichtlinienfortschreibungsverfahren_v12_final.final" + "x" * 40
"""What no line has room for: no page may become wider than its screen for it."""


def _name_at_length(session: Session, city: int, run: int) -> int:
    """A department, a person, a partner, a plan and a piece of evidence with such a name; the id of the piece."""
    department = Department(city_id=city, name=UNBROKEN)
    person = Person(email=f"{UNBROKEN[:60]}@{UNBROKEN[:60]}.example", name=UNBROKEN)
    about: dict[str, Any] = {"city_id": city, "assessment_id": run}
    plan = Scenario(**about, name=UNBROKEN, level="gold", criteria='["DM4"]', shared=True)
    piece = Evidence(city_id=city, kind="note", title=UNBROKEN, note=UNBROKEN * 3, source=UNBROKEN)
    for thing in (department, person, plan, piece, Partner(city_id=city, name=UNBROKEN, language="en")):
        session.add(thing)
    session.flush()
    member = Membership(city_id=city, person_id=person.id, role="lead")
    session.add(member)
    session.flush()
    session.add(MembershipDepartment(city_id=city, membership_id=member.id, department_id=department.id))
    answers = {row.criterion: row for row in session.exec(select(Response).where(Response.assessment_id == run))}
    for code in ("DM7", "PA3", "DM1"):
        session.add(EvidenceSupport(city_id=city, evidence_id=piece.id, response_id=answers[code].id))
        session.add(ReviewComment(city_id=city, response_id=answers[code].id, text=UNBROKEN, person_id=person.id))
    owned = select(Assignment).where(Assignment.assessment_id == run, Assignment.criterion == "DM9")
    session.exec(owned).one().department_id = department.id
    return piece.id


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
    session.add(AuthenticatorApp(person_id=lead.person_id, sealed_secret="sealed"))
    session.add(RecoveryCode(person_id=lead.person_id, code_hash="hash"))
    department = session.exec(select(Department).where(Department.city_id == city)).first()
    assert department
    department.head_id = session.exec(select(Person.id).where(Person.email == "admin@newark.example")).one()
    held = write_held(HeldWork(criteria=("DM1", "DM9"), departments=(department.id,)))
    about: dict[str, Any] = {"person_id": left.id, "successor_id": lead.person_id, "by_id": left.id}
    handed = Handover(city_id=city, **about, content=held, notes="The key is in the drawer.")
    session.add(handed)
    session.flush()
    return {"member": lead.id, "former": former.id, "department": department.id, "handover": handed.id}


def _write_letter(site: Site, session: Session, city: int, person: int) -> str:
    """A letter that waits to be sent; returns the token of the link in it."""
    row = Letter(city_id=city, person_id=person, message_id="<one@city.example>", day=date(2026, 12, 1))
    session.add(row)
    session.flush()
    about: dict[str, Any] = {"city_id": city, "person_id": person, "letter_id": row.id, "subject": "DM1", "at": now()}
    session.add(LetterEntry(**about, kind="commented", key="1", about='{"quote": "Where are the minutes?"}'))
    return writing.stop_address(site, row.id).rsplit("/", 1)[1]


def _ask_a_partner(site: Site, session: Session, city: int, run: int) -> tuple[str, int, int]:
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
    asked.expires_at = unanswered.expires_at = now() + timedelta(days=30)
    session.add(unanswered)
    session.flush()
    return request.request_link(site, asked), asked.id, unanswered.id


def _hand_over(session: Session, handover: int, requests: tuple[int, ...]) -> None:
    """Requests with a link that is out, and two pieces that are not named, go along with what the handover has."""
    row = session.get_one(Handover, handover)
    restricted = [Evidence(city_id=row.city_id, kind="note", visibility="restricted", title="Names") for _ in range(2)]
    session.add_all(restricted)
    session.flush()
    held = replace(read_held(row.content), requests=requests, pieces=tuple(piece.id for piece in restricted))
    row.content = write_held(held)


def _read_files(site: Site, city: City) -> dict[str, int]:
    """Pieces whose files were read: with pictures of pages, with a table, and with something that should not be handed out."""
    with site.database.reading() as session:
        person = session.exec(select(Person).where(Person.email == "lead@newark.example")).one()
    token = world.sign_in(site, person.id)
    with site.database.reading() as session:
        who = sessions.identify_member(session, token, "newark", None)
    papers = {name: pdf_of(f"{LETTER.decode()}{name}") for name in ("scanned letter.pdf", "lost letter.pdf")}
    sent = [IncomingFile(name, io.BytesIO(content)) for name, content in {"letter.txt": LETTER, **papers}.items()]
    adding.add_files(site, who, "DM9", EvidenceEntry(EvidenceKind.FILE), sent)
    with site.database.reading() as session:
        query = select(Evidence.id, StoredFile).join(StoredFile, col(StoredFile.id) == Evidence.file_id)
        query = query.where(Evidence.city_id == city.id).order_by(col(Evidence.id))
        kinds = {"document": "notes.pdf", "workbook": ".xlsx", "personal": "letter.txt", "paper": "scanned letter.pdf"}
        kinds["unreadable"] = "lost letter.pdf"
        found = session.exec(query).all()
    chosen = {name: next(one for one in found if one[1].name.endswith(end)) for name, end in kinds.items()}
    for _, file in chosen.values():
        reading.read_file(site, city.id, {"file": file.id})
    _spoil_file(site, chosen["unreadable"][1].key)
    with site.database.writing() as session:
        own = col(EvidenceSupport.evidence_id) == chosen["personal"][0]
        answer = session.exec(select(EvidenceSupport.response_id).where(own)).one()
        session.add(EvidenceSupport(city_id=city.id, evidence_id=chosen["document"][0], response_id=answer))
    return {name: piece or 0 for name, (piece, _) in chosen.items()}


def _spoil_file(site: Site, key: str) -> None:
    """The disk gives nothing of the file any more."""
    assert isinstance(site.storage, LocalStorage)
    place = site.storage.folder / key
    place.unlink()
    place.mkdir()
