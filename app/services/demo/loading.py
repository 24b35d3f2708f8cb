"""The demo: invented cities that show every state, loaded only into an empty database so that nothing real stands beside them."""

import hashlib
import io
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from app.adapters import passwords
from app.adapters.catalogs.reading import read_catalog_file
from app.adapters.demo.content import DemoCity, DemoEvidence, DemoResponse, load_demo_catalog, load_demo_cities
from app.adapters.demo.files import make_demo_file
from app.adapters.storage import new_key
from app.rules.criteria import EvidenceKind
from app.rules.database_trouble import DatabaseBusy
from app.rules.errors import Refused
from app.rules.files.kinds import BY_EXTENSION
from app.rules.history.verbs import Verb
from app.rules.message import say
from app.rules.permissions import Role
from app.rules.portal.facts import facts_of
from app.rules.request import LINK_DAYS
from app.rules.review import ResponseState
from app.rules.scoring.score import Decision
from app.services.account.sessions import today_in
from app.services.city import add_city, open_assessment
from app.services.evidence import search_words
from app.services.evidence.adding import for_the_record
from app.services.portal import reading
from app.services.site import Site
from app.store import city, file_reading, people
from app.store.assessment import Assignment
from app.store.city import City, Department
from app.store.database.engine import now
from app.store.evidence.pieces import Evidence, EvidenceSupport, StoredFile
from app.store.history import events
from app.store.history.events import Happened
from app.store.people import Membership, MembershipDepartment, Person
from app.store.portal import Portal
from app.store.request import EvidenceRequest, Partner
from app.store.response import ChecklistAnswer, Response
from app.store.review import ReviewComment, Verdict

PASS_PHRASE = "harbor lantern council 43"  # noqa: S105  (of the demo accounts; shown at every start)

DECIDED = {"met": Decision.MET, "not_met": Decision.NOT_MET, "returned": Decision.CHANGES_ASKED}
"""The verdict behind a state of the content."""
WRITTEN, SUBMITTED, DECIDED_ON, WAITING = 40, 26, 12, 3
"""About how many days ago the demo's narratives were written, submitted, decided, or handed in and are still waiting."""
SPREAD_DAYS = 9
STARTS_WAIT = 10
"""How many times a start waits for its turn while another one loads the demo."""


def load(site: Site) -> None:
    """Load the demo cities, all or none. Raises Refused when the database has a city."""
    if not _loaded(site):
        raise Refused(
            say(
                "There are cities here already. The demo is loaded only into an empty database, never beside real data."
            )
        )


def load_when_empty(site: Site) -> None:
    """Load the demo cities unless there is a city. Of several processes that start at once, one loads and the others wait for it."""
    for _ in range(STARTS_WAIT):
        with site.database.reading() as session, suppress(DatabaseBusy):
            if not city.all_cities(session):
                session.rollback()
                _loaded(site)
            return


def _loaded(site: Site) -> bool:
    """Load them, unless a city is there when the turn to write has come."""
    pass_phrase_hash = passwords.hash_passphrase(PASS_PHRASE)
    with site.database.writing() as session:
        site.database.wait_for_others(session)
        if city.all_cities(session):
            return False
        for content in load_demo_cities():
            _Loading(site, session, content, pass_phrase_hash).run()
    return True


def sign_ins(session: Session) -> list[str]:
    """The e-mail addresses to try the demo with, one a role in each city; empty where the demo is not loaded."""
    roles = list(Role)
    named = [email.partition("@") for email in people.demo_emails(session)]
    found = [(domain, roles.index(Role(login)), login) for login, _, domain in named if login in roles]
    return [f"{login}@{domain}" for domain, _, login in sorted(found)]


@dataclass
class _Loading:
    """One city on its way in; ids by the names that the content uses."""

    site: Site
    session: Session
    content: DemoCity
    pass_phrase_hash: str
    departments: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    responses: dict[str, int] = field(default_factory=dict)
    happened: list[Happened] = field(default_factory=list)

    def run(self) -> None:
        self._begin()
        self._add_departments()
        self._add_people()
        self._assign()
        self._answer()
        for piece in self.content.evidence:
            self._add_evidence(piece)
        for code, answer in self.content.answers.items():
            self._hand_in(code, answer)
        self._decide()
        self._ask()
        self._read_catalog()
        events.record_all(self.session, self.city_id, self.happened)

    def _begin(self) -> None:
        given = self.content
        self.city: City = add_city(
            self.session,
            slug=given.slug,
            name=given.name,
            country=given.country,
            language=given.language,
            time_zone=given.time_zone,
            population=given.population,
            illustrative=True,
        )
        self.city_id = self.city.id
        self.today: date = today_in(self.city)
        due_on = self.today + timedelta(days=given.due_in_days)
        self.run_id = open_assessment(self.session, self.city, given.assessment, due_on=due_on).id

    def _record(self, login: str, verb: Verb, subject: str, **details: object) -> None:
        self.happened.append(Happened(self.people.get(login), verb, subject, details))

    def _moment(self, days_ago: int, code: str) -> datetime:
        """A working hour that many days ago or some days before, another for each criterion."""
        number = list(self.content.answers).index(code)
        day = self.today - timedelta(days=days_ago + number % SPREAD_DAYS)
        return datetime.combine(day, time(9 + number % 8, number * 7 % 60), ZoneInfo(self.content.time_zone))

    def _add_departments(self) -> None:
        for name in self.content.departments:
            self.departments[name] = self._id(Department(city_id=self.city_id, name=name))
            self._record("", Verb.DEPARTMENT_ADDED, name)

    def _add_people(self) -> None:
        for given in self.content.people:
            person = Person(
                email=f"{given.login}@{self.content.slug}.example",
                name=given.name,
                pass_phrase_hash=self.pass_phrase_hash,
                demo=True,
            )
            self.people[given.login] = self._id(person)
            member = self._id(Membership(city_id=self.city_id, person_id=person.id, role=given.role))
            self.session.add_all(
                MembershipDepartment(membership_id=member, department_id=self.departments[name], city_id=self.city_id)
                for name in given.departments
            )
            departments = [self.departments[name] for name in given.departments]
            self._record("", Verb.PERSON_ADDED, "", person=person.id, role=given.role, departments=departments)

    def _assign(self) -> None:
        due_on = self.today + timedelta(days=self.content.due_in_days - 14)
        for code, answer in self.content.answers.items():
            task = Assignment(
                city_id=self.city_id,
                assessment_id=self.run_id,
                criterion=code,
                department_id=self.departments[answer.department],
                person_id=self.people[answer.by],
                due_on=due_on,
            )
            self.session.add(task)
            person = self.people[answer.by]
            self._record("reviewer", Verb.ASSIGNED, code, department=answer.department, person=person, due_on=due_on)

    def _answer(self) -> None:
        for code, answer in self.content.answers.items():
            if answer.state != "not_started":
                self.responses[code] = self._id(self._response(code, answer))
                self._record(answer.by, Verb.NARRATIVE_WRITTEN, code, characters=len(answer.narrative))
                self._tick(code, answer)

    def _response(self, code: str, answer: DemoResponse) -> Response:
        return Response(
            city_id=self.city_id,
            assessment_id=self.run_id,
            criterion=code,
            narrative=answer.narrative.strip(),
            narrative_version=1,
            narrative_by=self.people[answer.by],
            narrative_at=self._moment(WRITTEN, code),
            self_rating=answer.rating,
            confidence=answer.confidence,
            state=ResponseState.IN_PROGRESS,
        )

    def _tick(self, code: str, answer: DemoResponse) -> None:
        for item in answer.ticked:
            self.session.add(
                ChecklistAnswer(city_id=self.city_id, response_id=self.responses[code], item=item, ticked=True)
            )
            self._record(answer.by, Verb.ITEM_TICKED, code, item=item)
        if answer.rating:
            self._record(answer.by, Verb.SELF_RATED, code, rating=answer.rating)

    def _add_evidence(self, piece: DemoEvidence) -> None:
        first, last = piece.days_covered(self.today)
        columns = {"pointer", "kind", "supports", "by", "period", "months_ago", "file", "text", "approved_by"}
        added = Evidence(
            **piece.model_dump(exclude=columns),
            city_id=self.city_id,
            kind=piece.kind,
            page_pointer=piece.pointer,
            period_from=first,
            period_to=last,
            file_id=self._keep_file(piece) if piece.kind is EvidenceKind.FILE else None,
            file_name=piece.file if piece.kind is EvidenceKind.FILE else "",
            note=piece.text.strip() if piece.kind is EvidenceKind.NOTE else "",
            created_by=self.people[piece.by],
            approved_by=self.people.get(piece.approved_by),
            approved_at=now() if piece.approved_by else None,
        )
        evidence_id = self._id(added)
        search_words.index(self.session, added)
        self.session.add_all(self._supports(evidence_id, piece))
        for number, code in enumerate(piece.supports):
            verb = Verb.EVIDENCE_LINKED if number else Verb.EVIDENCE_ADDED
            self._record(piece.by, verb, code, **for_the_record(added))
        if piece.approved_by:
            self._record(piece.approved_by, Verb.CLAIM_APPROVED, ", ".join(piece.supports), **for_the_record(added))

    def _supports(self, evidence_id: int, piece: DemoEvidence) -> Iterator[EvidenceSupport]:
        for code, items in piece.supports.items():
            for item in items or ("",):
                response_id = self.responses[code]
                yield EvidenceSupport(city_id=self.city_id, evidence_id=evidence_id, response_id=response_id, item=item)

    def _keep_file(self, piece: DemoEvidence) -> int:
        content = make_demo_file(piece.file, self._dated(piece))
        key = new_key()
        self.site.storage.put(key, io.BytesIO(content))
        file_id = self._id(
            StoredFile(
                city_id=self.city_id,
                key=key,
                sha256=hashlib.sha256(content).hexdigest(),
                size_bytes=len(content),
                media_type=BY_EXTENSION[piece.file.rpartition(".")[2]].media_type,
                name=piece.file,
                created_by=self.people[piece.by],
            )
        )
        file_reading.enqueue(self.session, self.city_id, file_id)
        return file_id

    def _dated(self, piece: DemoEvidence) -> str:
        """The text with the days of its period in place of `{first}` and `{last}`; prose says what it was made for."""
        first, last = piece.days_covered(self.today)
        text = piece.text.format(first=first, last=last)
        prose = piece.file.endswith((".pdf", ".txt"))
        return f"{text}\nMade for a demonstration. Not a document of the City of {self.city.name}." if prose else text

    def _hand_in(self, code: str, answer: DemoResponse) -> None:
        if answer.state in ("not_started", "in_progress"):
            return
        stored = self.session.get_one(Response, self.responses[code])
        stored.state = ResponseState.SUBMITTED
        stored.submitted_at = self._moment(SUBMITTED if answer.state in DECIDED else WAITING, code)
        stored.submitted_by = self.people[answer.by]
        stored.version += 1
        self._record(answer.by, Verb.SUBMITTED, code)

    def _decide(self) -> None:
        for code, answer in self.content.answers.items():
            if answer.state in DECIDED:
                self._give_verdict(code, answer, DECIDED[answer.state])
            if answer.comment:
                self._comment(code, answer)

    def _ask(self) -> None:
        """Partners, and what they and the departments are asked for. The links of requests to partners open for two months."""
        partners = {
            name: self._id(Partner(city_id=self.city_id, name=name, language="en")) for name in self.content.partners
        }
        for asked in self.content.requests:
            partner = partners.get(asked.to)
            row = EvidenceRequest(
                city_id=self.city_id,
                assessment_id=self.run_id,
                criterion=asked.criterion,
                partner_id=partner,
                department_id=None if partner else self.departments[asked.to],
                what=asked.what,
                why=asked.why,
                forms=" ".join(EvidenceKind),
                language="en",
                due_on=self.today + timedelta(days=asked.due_in_days),
                nonce=secrets.token_hex(8) if partner else "",
                expires_at=now() + timedelta(days=LINK_DAYS) if partner else None,
                created_by=self.people["reviewer"],
            )
            self._id(row)
            self._record("reviewer", Verb.REQUEST_SENT, asked.criterion, request=row.id, to=asked.to)

    def _read_catalog(self) -> None:
        """A reading as if the catalog had been uploaded: its site is invented, so nothing is fetched."""
        raw = load_demo_catalog(self.content.slug, self.today)
        if not raw:
            return
        found = read_catalog_file(raw, f"https://data.{self.content.slug}.example/data.json")
        facts = facts_of(found.datasets, self.content.departments, self.today)
        reading.save_reading(self.session, self.city_id, found, facts, self.content.departments, None)
        self.session.add(Portal(city_id=self.city_id, kind=found.kind.value, state="read", read_at=now()))
        self.happened.append(Happened(None, Verb.PORTAL_READ, found.url, {"datasets": len(found.datasets)}))

    def _give_verdict(self, code: str, answer: DemoResponse, decision: Decision) -> None:
        stored = self.session.get_one(Response, self.responses[code])
        stored.state = ResponseState.RETURNED if decision is Decision.CHANGES_ASKED else ResponseState.DECIDED
        stored.version += 1
        verdict = Verdict(
            city_id=self.city_id,
            response_id=self.responses[code],
            decision=decision,
            reason=answer.reason.strip(),
            reviewer_id=self.people[answer.reviewer],
            at=self._moment(DECIDED_ON, code),
        )
        self.session.add(verdict)
        self._record(answer.reviewer, Verb.VERDICT_GIVEN, code, decision=decision, reason=verdict.reason)

    def _comment(self, code: str, answer: DemoResponse) -> None:
        remark = ReviewComment(
            city_id=self.city_id,
            response_id=self.responses[code],
            text=answer.comment.strip(),
            person_id=self.people[answer.reviewer],
        )
        self.session.add(remark)
        self._record(answer.reviewer, Verb.COMMENTED, code)

    def _id(
        self,
        row: City | Department | Person | Membership | Response | Evidence | StoredFile | Partner | EvidenceRequest,
    ) -> int:
        self.session.add(row)
        self.session.flush()
        return row.id
