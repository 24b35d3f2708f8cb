"""What a demo city has to show: answers, evidence, verdicts, requests and a catalog."""

import hashlib
import io
import secrets
from dataclasses import dataclass
from datetime import timedelta

from app.adapters.catalogs.reading import read_catalog_file
from app.adapters.demo.content import DemoEvidence, DemoResponse, load_demo_catalog, mark_source, mark_text
from app.adapters.demo.files import make_demo_file
from app.adapters.storage.keys import new_key
from app.rules.criteria.edition import EvidenceKind
from app.rules.files.kinds import BY_EXTENSION
from app.rules.history.verbs import Verb
from app.rules.portal.facts import count_facts
from app.rules.portal.trouble import CatalogState
from app.rules.request import LINK_DAYS
from app.rules.review.moves import ResponseState
from app.rules.scoring.score import VerdictKind
from app.services.demo.city_rows import CityRows
from app.services.evidence import search_words
from app.services.evidence.adding import piece_details
from app.services.portal import reading
from app.services.review.judging import keep_judged_response
from app.store import file_reading, request, response, review
from app.store.database.engine import now
from app.store.evidence import support
from app.store.evidence.files import StoredFile, add_file
from app.store.evidence.pieces import Evidence, add_piece
from app.store.history import events
from app.store.history.events import NewEvent
from app.store.portal import Portal, add_portal
from app.store.request import EvidenceRequest, Partner
from app.store.response import ChecklistAnswer, Response
from app.store.review import Verdict

DECISIONS_BY_STATE = {"met": VerdictKind.MET, "not_met": VerdictKind.NOT_MET, "returned": VerdictKind.CHANGES_ASKED}
"""The verdict behind a state of the content."""
WRITTEN, SUBMITTED, DECIDED_ON, WAITING = 40, 26, 12, 3
"""About how many days ago the demo's narratives were written, submitted, decided, or handed in and are still waiting."""


@dataclass
class CityLoading(CityRows):
    """The same city with what its departments answered, what was decided, and what was asked of others."""

    def load_city(self) -> None:
        self.add_city_row()
        self.add_departments()
        self.add_people()
        self.enter_awards()
        self.assign_criteria()
        self._add_responses()
        for piece in self.content.evidence:
            self._add_evidence(piece)
        for code, demo_response in self.content.answers.items():
            self._submit_response(code, demo_response)
        self._give_verdicts()
        self._send_requests()
        self._read_catalog()
        events.record_events(self.session, self.city_id, self.happened)

    def _add_responses(self) -> None:
        for code, demo_response in self.content.answers.items():
            if demo_response.state != ResponseState.NOT_STARTED.value:
                self.responses[code] = response.add_response(self.session, self._build_response(code, demo_response))
                self.record_event(
                    demo_response.by, Verb.NARRATIVE_WRITTEN, code, characters=len(demo_response.narrative)
                )
                self._tick_items(code, demo_response)

    def _build_response(self, code: str, demo_response: DemoResponse) -> Response:
        return Response(
            city_id=self.city_id,
            assessment_id=self.run_id,
            criterion=code,
            narrative=mark_text(demo_response.narrative, demo_response.published),
            narrative_version=1,
            narrative_by=self.people[demo_response.by],
            narrative_at=self.pick_moment(WRITTEN, code),
            self_rating=demo_response.rating,
            confidence=demo_response.confidence,
            state=ResponseState.IN_PROGRESS,
        )

    def _tick_items(self, code: str, demo_response: DemoResponse) -> None:
        for item in demo_response.ticked:
            answer = ChecklistAnswer(city_id=self.city_id, response_id=self.responses[code], item=item, ticked=True)
            response.add_answer(self.session, answer)
            self.record_event(demo_response.by, Verb.ITEM_TICKED, code, item=item)
        if demo_response.rating:
            self.record_event(demo_response.by, Verb.SELF_RATED, code, rating=demo_response.rating)

    def _add_evidence(self, piece: DemoEvidence) -> None:
        period_from, period_to = piece.days_covered(self.today)
        not_columns = {
            "pointer",
            "kind",
            "supports",
            "by",
            "period",
            "months_ago",
            "file",
            "text",
            "approved_by",
            "published",
            "source",
        }
        added = Evidence(
            **piece.model_dump(exclude=not_columns),
            city_id=self.city_id,
            kind=piece.kind,
            source=mark_source(piece),
            page_pointer=piece.pointer,
            period_from=period_from,
            period_to=period_to,
            file_id=self._store_file(piece) if piece.kind is EvidenceKind.FILE else None,
            file_name=piece.file if piece.kind is EvidenceKind.FILE else "",
            note=self._note_of(piece),
            created_by=self.people[piece.by],
            approved_by=self.people.get(piece.approved_by),
            approved_at=now() if piece.approved_by else None,
        )
        evidence_id = add_piece(self.session, added)
        search_words.index_piece(self.session, added)
        for code, items in piece.supports.items():
            support.set_supported_items(
                self.session, self.city_id, evidence_id, self.responses[code], items, guest=False
            )
        for number, code in enumerate(piece.supports):
            verb = Verb.EVIDENCE_LINKED if number else Verb.EVIDENCE_ADDED
            self.record_event(piece.by, verb, code, **piece_details(added))
        if piece.approved_by:
            self.record_event(piece.approved_by, Verb.CLAIM_APPROVED, ", ".join(piece.supports), **piece_details(added))

    def _note_of(self, piece: DemoEvidence) -> str:
        if piece.kind is not EvidenceKind.NOTE:
            return ""
        return piece.text.strip() if piece.published else mark_text(piece.text)

    def _store_file(self, piece: DemoEvidence) -> int:
        content = make_demo_file(piece.file, self._fill_in_days(piece))
        key = new_key()
        self.site.storage.put(key, io.BytesIO(content))
        file_id = add_file(
            self.session,
            StoredFile(
                city_id=self.city_id,
                key=key,
                sha256=hashlib.sha256(content).hexdigest(),
                size_bytes=len(content),
                media_type=BY_EXTENSION[piece.file.rpartition(".")[2]].media_type,
                name=piece.file,
                created_by=self.people[piece.by],
            ),
        )
        file_reading.enqueue_reading(self.session, self.city_id, file_id)
        return file_id

    def _fill_in_days(self, piece: DemoEvidence) -> str:
        """The text with the days of its period in place of `{first}` and `{last}`; prose says what it was made for."""
        first, last = piece.days_covered(self.today)
        text = piece.text.format(first=first, last=last)
        prose = piece.file.endswith((".pdf", ".txt"))
        return f"{text}\nMade for a demonstration. Not a document of the City of {self.city.name}." if prose else text

    def _submit_response(self, code: str, demo_response: DemoResponse) -> None:
        if demo_response.state in (ResponseState.NOT_STARTED.value, ResponseState.IN_PROGRESS.value):
            return
        stored = self.session.get_one(Response, self.responses[code])
        stored.state = ResponseState.SUBMITTED
        stored.submitted_at = self.pick_moment(
            SUBMITTED if demo_response.state in DECISIONS_BY_STATE else WAITING, code
        )
        stored.submitted_by = self.people[demo_response.by]
        stored.version += 1
        self.record_event(demo_response.by, Verb.SUBMITTED, code)

    def _give_verdicts(self) -> None:
        for code, demo_response in self.content.answers.items():
            if demo_response.state in DECISIONS_BY_STATE:
                self._give_verdict(code, demo_response, DECISIONS_BY_STATE[demo_response.state])
            if demo_response.comment:
                self._add_comment(code, demo_response)

    def _send_requests(self) -> None:
        """Partners, and what they and the departments are asked for. The links of requests to partners open for two months."""
        partners = {
            name: request.add_partner(self.session, Partner(city_id=self.city_id, name=name, language="en"))
            for name in self.content.partners
        }
        for demo_request in self.content.requests:
            partner = partners.get(demo_request.to)
            new_request = EvidenceRequest(
                city_id=self.city_id,
                assessment_id=self.run_id,
                criterion=demo_request.criterion,
                partner_id=partner,
                department_id=None if partner else self.departments[demo_request.to],
                what=demo_request.what,
                why=mark_text(demo_request.why),
                forms=" ".join(EvidenceKind),
                language="en",
                due_on=self.today + timedelta(days=demo_request.due_in_days),
                nonce=secrets.token_hex(8) if partner else "",
                expires_at=now() + timedelta(days=LINK_DAYS) if partner else None,
                created_by=self.people["reviewer"],
            )
            request.add_request(self.session, new_request)
            self.record_event(
                "reviewer", Verb.REQUEST_SENT, demo_request.criterion, request=new_request.id, to=demo_request.to
            )

    def _read_catalog(self) -> None:
        """A reading as if the catalog had been uploaded: its site is invented, so nothing is fetched."""
        raw = load_demo_catalog(self.content.slug, self.today)
        if not raw:
            return
        catalog = read_catalog_file(raw, f"https://data.{self.content.slug}.example/data.json")
        facts = count_facts(catalog.datasets, self.content.departments, self.today)
        reading.save_reading(self.session, self.site, self.city_id, catalog, facts, self.content.departments, None)
        add_portal(
            self.session,
            Portal(city_id=self.city_id, kind=catalog.kind.value, state=CatalogState.READ.value, read_at=now()),
        )
        self.happened.append(NewEvent(None, Verb.PORTAL_READ, catalog.url, {"datasets": len(catalog.datasets)}))

    def _give_verdict(self, code: str, demo_response: DemoResponse, decision: VerdictKind) -> None:
        stored = self.session.get_one(Response, self.responses[code])
        stored.state = ResponseState.RETURNED if decision is VerdictKind.CHANGES_ASKED else ResponseState.DECIDED
        stored.version += 1
        verdict = Verdict(
            city_id=self.city_id,
            response_id=self.responses[code],
            decision=decision,
            reason=mark_text(demo_response.reason),
            reviewer_id=self.people[demo_response.reviewer],
            at=self.pick_moment(DECIDED_ON, code),
        )
        review.add_verdict(self.session, verdict)
        copy_sha256 = keep_judged_response(self.session, self.site, stored, verdict)
        details = {"decision": decision, "reason": verdict.reason, "judged": copy_sha256}
        self.record_event(demo_response.reviewer, Verb.VERDICT_GIVEN, code, **details)

    def _add_comment(self, code: str, demo_response: DemoResponse) -> None:
        text, reviewer = mark_text(demo_response.comment), self.people[demo_response.reviewer]
        review.add_comment(self.session, self.city_id, self.responses[code], text, reviewer)
        self.record_event(demo_response.reviewer, Verb.COMMENTED, code)
