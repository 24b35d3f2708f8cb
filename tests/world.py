"""A small world of two cities for tests, built straight through the tables, so that no service is needed to stand on it.

Each city has three departments, five people, one open assessment with all criteria assigned, and in the lead's own
department one response in every state.
"""

import hashlib
import io
import json
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlmodel import Session, select

from app.adapters import tokens
from app.adapters.storage.file_store import Storage
from app.adapters.storage.keys import new_key
from app.rules.criteria.edition import EvidenceKind
from app.rules.evidence.entry import EvidenceEntry
from app.rules.history.verbs import Verb
from app.rules.text.search_words import words_of
from app.services.account.sessions import identify_member
from app.services.desk import Desk, Who
from app.services.jobs import handlers
from app.services.response.answering import tick_changed_items
from app.services.site import Site
from app.store import search
from app.store.account.sign_in import SignInSession
from app.store.assessment import Assessment, Assignment
from app.store.award import Award
from app.store.city import City, Department
from app.store.database.engine import now
from app.store.evidence.files import StoredFile
from app.store.evidence.links import LinkCopy
from app.store.evidence.pieces import Evidence, EvidenceSupport
from app.store.evidence.version import EvidenceVersion
from app.store.file_reading import FileReading
from app.store.history import events
from app.store.people import Membership, MembershipDepartment, Person
from app.store.planning import Scenario
from app.store.portal import Portal, PortalFact, PortalReading
from app.store.program import ProgramQuestion
from app.store.report.reports import Report
from app.store.request import Contribution, EvidenceRequest, Partner
from app.store.response import ChecklistAnswer, Response
from app.store.retention import RetentionClass
from app.store.review import ReviewComment, Verdict

EDITION = "wwc-2022"
AREAS = {"DM": 9, "LC": 7, "OD": 4, "PA": 5, "BF": 3, "RDC": 8, "CI": 3, "EVAL": 4}
DEPARTMENTS = {"data": "Data Office", "finance": "Finance", "works": "Public Works"}
OWNERS = dict(zip(AREAS, ["data", "finance", "works", "data", "finance", "works", "data", "finance"], strict=True))
ROLES = {"lead": "finance", "colleague": "works", "reviewer": "data", "official": None, "admin": "data"}
"""Everyone of a city with their department; `colleague` is the lead of another department than `lead`."""

STATES = {
    "LC1": "in_progress", "LC2": "submitted", "LC3": "returned", "LC4": "decided", "LC5": "decided", "LC6": "not_started",
    "DM1": "decided", "DM2": "submitted", "PA1": "in_progress",
}  # fmt: skip
"""Stored responses; LC and BF and EVAL are the lead's, DM and PA are not. LC7 and the others were never opened."""

VERDICTS = {"LC3": "changes_asked", "LC4": "met", "LC5": "not_met", "DM1": "met"}
REPORTS = {"alpha": 1, "beta": 7}
"""The number of each city's one report; different, so that one city's does not pass for the other's."""

PICTURE = b"RIFF of the first page, as WEBP"
FILE = b"%PDF-1.7\nA plan that was adopted.\n%%EOF\n"
FILE_SHA256 = hashlib.sha256(FILE).hexdigest()


@dataclass(frozen=True)
class CityWorld:
    """One city's rows by name: `people` and `memberships` by role, `evidence` by kind, `responses` and `verdicts` by code."""

    slug: str
    id: int
    departments: dict[str, int]
    people: dict[str, int]
    memberships: dict[str, int]
    assessment_id: int
    responses: dict[str, int]
    verdicts: dict[str, int]
    evidence: dict[str, int]
    classes: dict[str, int]
    file_id: int
    scenario_id: int
    partner_id: int
    requests: dict[str, int]
    """One to the partner, for BF3, and one to the department Finance, for LC1."""
    contribution_id: int
    reading_id: int
    fact_id: int
    """Of the city's open-data catalog: the share of datasets with a license, proposed for OD3."""
    award_id: int
    question_id: int
    """Of the programme, about DM2."""
    report_number: int
    report_code: str
    """Evidence `file`, `link`, `figure` and `note` support LC1; `restricted` is a file that supports DM2 only.

    `removed` and `proposed` (to be disposed of) are taken out of use and support nothing; both have the retention class `drafts`, whose
    time is over for them. No piece has the class `unused`.
    """

    @property
    def in_use(self) -> set[int]:
        """Ids of the pieces in use."""
        return {one for kind, one in self.evidence.items() if kind not in {"removed", "proposed"}}


@dataclass(frozen=True)
class World:
    alpha: CityWorld
    beta: CityWorld

    def city(self, slug: str) -> CityWorld:
        return self.alpha if slug == "alpha" else self.beta


def build(session: Session, storage: Storage) -> World:
    """Two cities alike in everything but their ids."""
    return World(_city(session, storage, "alpha", "Alpha City"), _city(session, storage, "beta", "Beta Town"))


def sign_in(site: Site, person_id: int) -> str:
    """A session that lives for an hour, without the slow hash; returns the token for the cookie."""
    token, end = tokens.random_token(), now() + timedelta(hours=1)
    with site.database.writing() as session:
        row = SignInSession(token_hash=tokens.hash_token(token), person_id=person_id, expires_at=end, ends_at=end)
        session.add(row)
    return token


def identify(site: Site, person_id: int, city: str = "alpha") -> Who:
    """Who the app takes this person for, signed in to the city."""
    token = sign_in(site, person_id)
    with site.database.reading() as session:
        return identify_member(session, token, city, None)


MOST_JOBS = 2_000
"""More than any test asks for: a job that is due again at once is told by its kind, before it fills the memory."""


def run_jobs(site: Site) -> int:
    """Do every job that is due now, but for those that fail and are put off; returns how many there were."""
    handlers.queue_due_jobs(site)
    done = 0
    while lease := handlers.take_next_job(site):
        handlers.do_job(lease)
        done += 1
        assert done < MOST_JOBS, f"jobs without end, the last of them {lease.job.kind}"
    return done


def _city(session: Session, storage: Storage, slug: str, name: str) -> CityWorld:
    city = _kept(session, City(slug=slug, name=name, country="US", language="en", time_zone="America/New_York"))
    departments = {key: _kept(session, Department(city_id=city, name=title)) for key, title in DEPARTMENTS.items()}
    people = {role: _person(session, role, slug, name) for role in ROLES}
    memberships = {role: _membership(session, city, people[role], role, departments) for role in ROLES}
    run = _kept(session, Assessment(city_id=city, edition=EDITION, name="2026 cycle", due_on=date(2027, 6, 30)))
    _assign(session, city, run, departments, people["lead"])
    responses = {code: _response(session, city, run, code, state, people) for code, state in STATES.items()}
    verdicts = {code: _verdict_of(session, responses[code]) for code in VERDICTS}
    file_id = _file(session, storage, city, people["lead"])
    classes = {key: _kept(session, RetentionClass(city_id=city, name=key, years=1)) for key in ("drafts", "unused")}
    evidence = _evidence(session, city, people["lead"], responses, file_id, classes["drafts"])
    scenario = _scenario(session, city, run, people["reviewer"], shared=True)
    asked = _requests(session, city, run, people["reviewer"], departments["finance"])
    catalog = _portal(session, city, file_id)
    source = "https://news.example/award"
    award = _kept(session, Award(city_id=city, level="silver", announced_on=date(2024, 5, 2), source_url=source))
    about: dict[str, Any] = {"city_id": city, "assessment_id": run, "criterion": "DM2"}
    question = _kept(session, ProgramQuestion(**about, asked_on=date(2024, 3, 4), question="How old is the list?"))
    report_code = _report(session, storage, city, run, people["official"], REPORTS[slug])
    session.flush()
    return CityWorld(
        slug, city, departments, people, memberships, run, responses, verdicts, evidence, classes, file_id, scenario, *asked, *catalog,
        award, question, REPORTS[slug], report_code,
    )  # fmt: skip


def _kept(session: Session, row: object) -> int:
    session.add(row)
    session.flush()
    found: int = row.id  # type: ignore[attr-defined]
    return found


def _person(session: Session, role: str, slug: str, city: str) -> int:
    """One who has made things public before."""
    name = f"{role.capitalize()} of {city}"
    return _kept(session, Person(email=f"{role}@{slug}.example", name=name, public_advice_read_at=now()))


def _membership(session: Session, city: int, person: int, role: str, departments: dict[str, int]) -> int:
    kept_role = "lead" if role == "colleague" else role
    membership = _kept(session, Membership(city_id=city, person_id=person, role=kept_role))
    if department := ROLES[role]:
        session.add(MembershipDepartment(membership_id=membership, department_id=departments[department], city_id=city))
    events.record_event(session, city, None, Verb.PERSON_ADDED, f"{role}", role=kept_role)
    return membership


def _assign(session: Session, city: int, run: int, departments: dict[str, int], lead: int) -> None:
    for prefix, count in AREAS.items():
        for number in range(1, count + 1):
            code = f"{prefix}{number}"
            session.add(
                Assignment(
                    city_id=city,
                    assessment_id=run,
                    criterion=code,
                    department_id=departments[OWNERS[prefix]],
                    person_id=lead if code == "LC1" else None,
                    due_on=date(2027, 3, 31),
                )
            )


def _response(session: Session, city: int, run: int, code: str, state: str, people: dict[str, int]) -> int:
    written = state != "not_started"
    response = Response(city_id=city, assessment_id=run, criterion=code, state=state)
    if written:
        response.narrative, response.narrative_version = f"How the city does {code}.", 1
        response.narrative_by, response.narrative_at = people["lead"], now()
        response.self_rating = "met"
    if state in {"submitted", "decided", "returned"}:
        response.submitted_at, response.submitted_by = now(), people["lead"]
    response_id = _kept(session, response)
    if written:
        session.add(ChecklistAnswer(city_id=city, response_id=response_id, item="never-an-item", ticked=False))
        events.record_event(session, city, people["lead"], Verb.NARRATIVE_WRITTEN, code)
    if code in VERDICTS:
        _verdict(session, city, response_id, code, people["reviewer"])
    return response_id


def _verdict(session: Session, city: int, response_id: int, code: str, reviewer: int) -> None:
    """A verdict from before copies were kept of what it was given on."""
    decision = VERDICTS[code]
    reason = "" if decision == "met" else "The plan does not name who is responsible."
    session.add(Verdict(city_id=city, response_id=response_id, decision=decision, reason=reason, reviewer_id=reviewer))
    session.add(ReviewComment(city_id=city, response_id=response_id, text="Seen on paper too.", person_id=reviewer))
    events.record_event(session, city, reviewer, Verb.VERDICT_GIVEN, code, decision=decision)


def _verdict_of(session: Session, response_id: int) -> int:
    return session.exec(select(Verdict.id).where(Verdict.response_id == response_id)).one()


def _file(session: Session, storage: Storage, city: int, person: int) -> int:
    key = new_key()
    storage.put(key, io.BytesIO(FILE))
    row = StoredFile(
        city_id=city, key=key, sha256=FILE_SHA256, size_bytes=len(FILE), media_type="application/pdf",
        name="plan.pdf", created_by=person,
    )  # fmt: skip
    file_id = _kept(session, row)
    session.add(_reading(storage, city, file_id))
    return file_id


def _reading(storage: Storage, city: int, file_id: int) -> FileReading:
    """What was read in the file: one page, and something that someone should look at."""
    key = new_key()
    storage.put(key, io.BytesIO(PICTURE))
    found = [
        {"kind": "us_ssn", "count": 2, "example": "***-**-6789"},
        {"kind": "email", "count": 3, "example": "a***@b.example"},
    ]
    return FileReading(
        city_id=city, file_id=file_id, state="ok", pages=12, made_on=date(2026, 3, 12), text="A plan that was adopted.",
        findings=json.dumps(found), picture_keys=json.dumps([key]),
    )  # fmt: skip


def _evidence(
    session: Session, city: int, person: int, responses: dict[str, int], file_id: int, drafts: int
) -> dict[str, int]:
    common: dict[str, Any] = {"city_id": city, "created_by": person}
    over: dict[str, Any] = {
        "retention_id": drafts, "period_to": date(2019, 1, 1), "withdrawn_at": datetime(2026, 1, 1, tzinfo=UTC)
    }  # fmt: skip
    pieces = {
        "file": Evidence(**common, kind="file", title="Adopted plan", file_id=file_id, file_name="plan.pdf", period_to=date(2026, 9, 30)),
        "link": Evidence(
            **common, kind="link", title="Open data page", url="https://data.example/plan", link_state="ok",
            link_moved_to="https://data.example/plans/2026", link_next_at=datetime(2099, 1, 1, tzinfo=UTC),
        ),
        "figure": Evidence(
            **common, kind="figure", title="Response time", unit="minutes", baseline_value=Decimal(10), current_value=Decimal(8),
            baseline_period="2024", current_period="2025", source="Dispatch records", visibility="public",
        ),
        "note": Evidence(**common, kind="note", title="Who decides", note="The chief data officer decides."),
        "restricted": Evidence(**common, kind="file", title="Names of informants", file_id=file_id, file_name="plan.pdf", visibility="restricted"),
        "removed": Evidence(**common, kind="note", title="An old draft", note="Of no use now.", **over),
        "proposed": Evidence(
            **common, kind="note", title="An older draft", note="Of no use.", **over,
            disposal_by=person, disposal_at=datetime(2026, 2, 1, tzinfo=UTC),
        ),
    }  # fmt: skip
    found = {}
    for kind, piece in pieces.items():
        found[kind] = _kept(session, piece)
        if piece.withdrawn_at:
            continue
        search.index_piece(session, city, found[kind], words_of([piece.title, piece.note]))
        response = responses["DM2" if kind == "restricted" else "LC1"]
        session.add(EvidenceSupport(city_id=city, evidence_id=found[kind], response_id=response))
        events.record_event(session, city, person, Verb.EVIDENCE_ADDED, piece.title, kind=piece.kind)
    text = '{"file":"","title":"Adopted plan"}'
    of: dict[str, Any] = {
        "city_id": city,
        "evidence_id": found["file"],
        "file_id": file_id,
        "file_name": "plan.pdf",
        "person_id": person,
    }
    session.add(EvidenceVersion(**of, number=1, content=text, sha256="0" * 64))
    session.add(LinkCopy(city_id=city, evidence_id=found["link"], file_id=file_id, url="https://data.example/plan"))
    return found


def _scenario(session: Session, city: int, run: int, person: int, *, shared: bool) -> int:
    row = Scenario(
        city_id=city, assessment_id=run, name="Silver by summer", level="silver", target_on=date(2027, 6, 30),
        criteria='["LC1", "LC2", "PA1"]', shared=shared, created_by=person,
    )  # fmt: skip
    return _kept(session, row)


def _requests(session: Session, city: int, run: int, person: int, department: int) -> tuple[int, dict[str, int], int]:
    """A partner, a request to it for BF3, a note that it has sent, a request to a department, and one that is not sent yet."""
    partner = _kept(session, Partner(city_id=city, name="The Collaborative", contact="Ana", language="es"))
    asked = EvidenceRequest(
        city_id=city, assessment_id=run, criterion="BF3", partner_id=partner, what="Your agreement.", why="It shows who works with us.",
        forms="file link figure note", language="es", due_on=date(2027, 3, 31), nonce=f"nonce-{city}",
        expires_at=datetime(2099, 1, 1, tzinfo=UTC), created_by=person,
    )  # fmt: skip
    request = _kept(session, asked)
    inside = EvidenceRequest(
        city_id=city, assessment_id=run, criterion="LC1", department_id=department, what="The minutes.", why="To show the decision.",
        forms="file", language="en", created_by=person,
    )  # fmt: skip
    unsent = EvidenceRequest(
        city_id=city, assessment_id=run, criterion="BF2", partner_id=partner, what="A figure.", why="To show it.",
        forms="figure", language="es", state="open", created_by=person,
    )  # fmt: skip
    entry = json.dumps(
        {**asdict(EvidenceEntry(EvidenceKind.NOTE, title="We meet monthly.", note="We meet monthly.")), "unread": {}}
    )
    came = Contribution(
        city_id=city, request_id=request, kind="note", title="We meet monthly.", entry=entry, name="Ana", role="Director"
    )  # fmt: skip
    numbers = {"partner": request, "department": _kept(session, inside), "open": _kept(session, unsent)}
    return partner, numbers, _kept(session, came)


def _portal(session: Session, city: int, file_id: int) -> tuple[int, int]:
    """A catalog that was read once, and one fact of it."""
    session.add(Portal(city_id=city, url="https://data.example", kind="dcat", state="read", read_at=now()))
    reading = PortalReading(
        city_id=city, url="https://data.example/data.json", kind="dcat", datasets=10, file_id=file_id
    )
    about: dict[str, Any] = {
        "city_id": city,
        "reading_id": _kept(session, reading),
        "criterion": "OD3",
        "item": "terms",
    }
    fact = _kept(session, PortalFact(**about, key="license", value=8, total=10, unknown=1))
    return reading.id, fact


def _report(session: Session, storage: Storage, city: int, run: int, person: int, number: int) -> str:
    key, code = new_key(), f"ABCD-222{city + 1}-WXYZ"
    storage.put(key, io.BytesIO(FILE))
    events.seal_events(session)
    head = session.get_one(City, city, populate_existing=True)
    report = Report(
        city_id=city, assessment_id=run, number=number, language="en", length="full", audience="public", state="ready",
        code=code,
        history_number=head.history_count, history_head=head.history_head, sentence="Estimated below Silver.", content="{}",
        file_key=key, sha256=FILE_SHA256, size_bytes=len(FILE), requested_by=person, made_at=now(),
    )  # fmt: skip
    _kept(session, report)
    events.record_event(session, city, person, Verb.REPORT_MADE, str(number))
    return code


def tick_item(desk: Desk, code: str, item: str, ticked: bool, version: int) -> None:
    """Answer one item of the checklist, as the page of the criterion sends it; `version` is the answer's, 0 for the first."""
    typed = {f"was.{item}": "" if ticked else "1", f"version.{item}": str(version)}
    tick_changed_items(desk, code, typed | ({f"item.{item}": "1"} if ticked else {}))
