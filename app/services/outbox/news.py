"""What an event of the history gives reason to write, and to whom: one table of verbs."""

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, NamedTuple

from sqlmodel import Session

from app.rules.history.verbs import Verb
from app.rules.outbox.kinds import LetterKind
from app.rules.outbox.readers import list_leads, list_mentioned, list_office
from app.rules.review.comment import AskedGroup, AskedParties
from app.rules.review.moves import RenewalState
from app.rules.scoring.score import VerdictKind
from app.services.evidence.links import has_died
from app.services.outbox.ground import LetterGround
from app.store import request, response, review
from app.store.evidence import pieces
from app.store.history.event import HistoryEvent

QUOTE_LIMIT = 600
"""Characters of a reason or a comment that a letter quotes; the rest stands on the page."""


class LetterNews(NamedTuple):
    """One thing to tell these people; `about` is what a letter says of it beside the criterion."""

    kind: LetterKind
    people: Collection[int]
    code: str
    key: str
    about: Mapping[str, Any] = {}


class NewsSource(NamedTuple):
    """An event with what it can be understood from."""

    session: Session
    ground: LetterGround
    event: HistoryEvent
    details: Mapping[str, Any]

    @property
    def codes(self) -> list[str]:
        """The criteria that the event is about, such as "DM1, CI3"."""
        return [code for code in self.event.subject.split(", ") if code in self.ground.criteria]

    @property
    def owners(self) -> frozenset[int]:
        return frozenset().union(*(self.ground.criteria[code].owners for code in self.codes))

    @property
    def office(self) -> frozenset[int]:
        return list_office(self.ground.readers)


def list_event_news(session: Session, ground: LetterGround, event: HistoryEvent) -> list[LetterNews]:
    """Whom the event is to be told; nobody is told of what they did themselves."""
    told = NewsSource(session, ground, event, json.loads(event.details))
    return [news._replace(people=set(news.people) - {event.person_id}) for news in NEWS[Verb(event.verb)](told)]


def _quote(text: str) -> str:
    return text if len(text) <= QUOTE_LIMIT else text[: QUOTE_LIMIT - 1].rstrip() + "…"


def _key(told: NewsSource) -> str:
    return f"event:{told.event.number}"


def _assigned(told: NewsSource) -> Iterable[LetterNews]:
    """Once per person while it stays with them: a new date alone is no news."""
    given = f"{told.details.get('department')}:{told.details.get('person')}"
    mark = hashlib.sha256(given.encode()).hexdigest()[:12]
    run = told.ground.overview.assessment.id if told.ground.overview else 0
    for code in told.codes:
        yield LetterNews(LetterKind.ASSIGNED, told.owners, code, f"assigned:{run}:{code}:{mark}")


def _decided(told: NewsSource) -> Iterable[LetterNews]:
    decision = told.details.get("decision")
    kind = LetterKind.RETURNED if decision == VerdictKind.CHANGES_ASKED else LetterKind.DECIDED
    about = {"decision": decision, "quote": _quote(told.details.get("reason", ""))}
    for code in told.codes:
        yield LetterNews(kind, told.owners, code, _key(told), about)


def _commented(told: NewsSource) -> Iterable[LetterNews]:
    """Those who answer for the criterion, who said something before, and who reviews it; whom it names gets another kind."""
    overview = told.ground.overview
    for code in told.codes if overview else ():
        row = (
            response.find_response(told.session, told.ground.city.id, overview.assessment.id, code)
            if overview
            else None
        )
        comments = review.list_comments(told.session, told.ground.city.id, row.id) if row else []
        written = [comment for comment in comments if comment.person_id == told.event.person_id]
        comment = min(written, key=lambda comment: abs(comment.at - told.event.at)) if written else None
        text = comment.text if comment else ""
        named = list_mentioned(text, told.ground.readers) | _list_asked(told, comment.asked if comment else "")
        here = {comment.person_id for comment in comments} | {row.claimed_by or 0 if row else 0} | told.owners
        about = {"quote": _quote(text)}
        yield LetterNews(LetterKind.MENTIONED, named, code, _key(told), about)
        yield LetterNews(LetterKind.COMMENTED, here - named, code, _key(told), about)


def _list_asked(told: NewsSource, asked: str) -> frozenset[int]:
    groups = AskedParties.read(asked).groups
    owners = told.owners if AskedGroup.DEPARTMENT in groups else frozenset[int]()
    return owners | (told.office if AskedGroup.OFFICE in groups else frozenset[int]())


def _asked_reopening(told: NewsSource) -> Iterable[LetterNews]:
    for code in told.codes:
        about = {"quote": _quote(told.details.get("reason", ""))}
        yield LetterNews(LetterKind.MENTIONED, told.office, code, _key(told), about)


def _answered_reopening(told: NewsSource) -> Iterable[LetterNews]:
    for code in told.codes:
        about = {"quote": _quote(told.details.get("reason", ""))}
        yield LetterNews(LetterKind.MENTIONED, told.owners, code, _key(told), about)


def _reopened(told: NewsSource) -> Iterable[LetterNews]:
    for code in told.codes:
        yield LetterNews(
            LetterKind.COMMENTED, told.owners, code, _key(told), {"quote": _quote(told.details.get("reason", ""))}
        )


def _returned_renewal(told: NewsSource) -> Iterable[LetterNews]:
    for code in told.codes:
        yield LetterNews(
            LetterKind.RENEWAL_RETURNED,
            told.owners,
            code,
            _key(told),
            {"quote": _quote(told.details.get("reason", ""))},
        )


def _asked(told: NewsSource) -> Iterable[LetterNews]:
    """A department; a partner has a letter of its own."""
    asked = request.find_request(told.session, told.ground.city.id, told.details.get("request", 0))
    if asked and asked.department_id:
        about = {
            "quote": _quote(asked.what),
            "request": asked.id,
            "due": asked.due_on.isoformat() if asked.due_on else "",
        }
        leads = list_leads(told.ground.readers, asked.department_id)
        yield LetterNews(LetterKind.ASKED, leads, asked.criterion, _key(told), about)


def _submitted(told: NewsSource) -> Iterable[LetterNews]:
    for code in told.codes:
        yield LetterNews(LetterKind.SUBMITTED, told.office, code, _key(told))


def _answered(told: NewsSource) -> Iterable[LetterNews]:
    about = {"title": told.details.get("title", ""), "request": told.details.get("request", 0)}
    yield LetterNews(LetterKind.ANSWER, told.office, told.event.subject, _key(told), about)


def _renewed(told: NewsSource) -> Iterable[LetterNews]:
    """Once a day for each criterion: whoever renews one adds several pieces."""
    for code in told.codes:
        if told.ground.criteria[code].renewal is RenewalState.WAITING:
            key = f"renewal:{code}:{told.event.at.date()}"
            yield LetterNews(LetterKind.RENEWAL, told.office, code, key)


def _link_died(told: NewsSource) -> Iterable[LetterNews]:
    """Once a trouble, as its owner is told."""
    piece = pieces.find_piece(told.session, told.ground.city.id, told.details.get("evidence", 0))
    if piece and piece.withdrawn_at is None and has_died(piece):
        about = {"title": told.details.get("title", ""), "evidence": piece.id}
        yield LetterNews(LetterKind.LINK, told.office, "", _key(told), about)


def _monthly_failed(told: NewsSource) -> Iterable[LetterNews]:
    about = {name: told.details.get(name, "") for name in ("monthly", "problem")}
    yield LetterNews(LetterKind.MONTHLY, told.office, "", _key(told), about)


NEWS: Mapping[Verb, Callable[[NewsSource], Iterable[LetterNews]]] = {
    Verb.ASSIGNED: _assigned,
    Verb.VERDICT_GIVEN: _decided,
    Verb.COMMENTED: _commented,
    Verb.REOPENED: _reopened,
    Verb.REOPENING_ASKED: _asked_reopening,
    Verb.REOPENING_ACCEPTED: _answered_reopening,
    Verb.REOPENING_DECLINED: _answered_reopening,
    Verb.RENEWAL_RETURNED: _returned_renewal,
    Verb.REQUEST_SENT: _asked,
    Verb.REQUEST_REMINDED: _asked,
    Verb.SUBMITTED: _submitted,
    Verb.CONTRIBUTION_RECEIVED: _answered,
    Verb.EVIDENCE_ADDED: _renewed,
    Verb.EVIDENCE_LINKED: _renewed,
    Verb.EVIDENCE_CHANGED: _renewed,
    Verb.EVIDENCE_REPLACED: _renewed,
    Verb.LINK_CHECKED: _link_died,
    Verb.MONTHLY_FAILED: _monthly_failed,
}
"""What is not here is told nobody."""
