"""Comments on a response, whom they ask, and what waits for an answer; also the request to reopen what is decided."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.rules.errors import NotFound, Refused
from app.rules.history.verbs import Verb
from app.rules.message import say
from app.rules.people.permissions import OFFICE, STAFF
from app.rules.review.comment import AskedGroup, AskedParties, CommentKind, list_named, places_asked
from app.rules.review.moves import (
    RenewalState,
    ReviewAction,
    check_asking_reopening,
    check_comment,
    check_declining,
    check_reopening_reason,
    next_renewal,
    next_response_state,
)
from app.rules.scoring.score import VerdictKind
from app.services.assessment.overview import Overview
from app.services.desk import Desk
from app.services.response.answering import OpenedResponse, load_response, need_writer, save_response
from app.store import people, response, review
from app.store.database.engine import now
from app.store.review import OpenQuestionRow, ReviewComment


@dataclass(frozen=True)
class OpenQuestion:
    """A comment that waits for an answer, with the criterion that it stands at."""

    id: int
    code: str
    title: str
    text: str
    by: str
    at: datetime
    kind: CommentKind

    @property
    def asks_reopening(self) -> bool:
        return self.kind is CommentKind.REOPENING


def list_questions(desk: Desk, seen: Overview, place: str) -> tuple[OpenQuestion, ...]:
    """What the person is asked and finds under this entry of the menu, the oldest first. One query."""
    rows = review.list_open_questions(desk.session, desk.city_id, seen.assessment.id)
    return tuple(
        OpenQuestion(
            row.id, row.criterion, seen.edition.criteria[row.criterion].title, row.text, seen.names.get(row.person_id, "?"), row.at,
            CommentKind(row.kind),
        )
        for row in rows
        if row.criterion in seen.edition.criteria and place in _places_of(desk, seen, row)
    )  # fmt: skip


def _places_of(desk: Desk, seen: Overview, row: OpenQuestionRow) -> frozenset[str]:
    is_own = desk.who.is_assigned(seen.stand_of(row.criterion))
    return frozenset(places_asked(row.asked, _own_names(desk), is_own=is_own))


def _own_names(desk: Desk) -> frozenset[int]:
    return frozenset({desk.who.person_id, *desk.who.stand_in.away})


def add_comment(desk: Desk, code: str, text: str, *, to: str = "", reply_to: int = 0) -> bool:
    """Add a comment for department and reviewer; the same one sent twice is kept once. Returns whether it asks someone.

    `to` is a group that is asked, beside whom `@` and a name call. A reply of someone who was asked answers the question.
    Raises Invalid, NotFound.
    """
    text = check_comment(text)
    opened = load_response(desk, code)
    if opened.response.id is None:
        response.add_response(desk.session, opened.response)
    question = _find_comment(desk, opened, reply_to) if reply_to else None
    asked = _read_asked(desk, text, to)
    earlier = review.list_comments(desk.session, desk.city_id, opened.id)
    if earlier and (earlier[-1].text, earlier[-1].person_id) == (text, desk.who.person_id):
        return bool(asked)
    thread_id = (question.reply_to or question.id) if question else None
    _keep_comment(desk, opened, text, asked=asked, reply_to=thread_id)
    if question and question.kind == CommentKind.REMARK and _is_asked(desk, opened, question):
        _close_question(desk, question)
    desk.record(Verb.COMMENTED, code)
    return bool(asked)


def _keep_comment(desk: Desk, opened: OpenedResponse, text: str, **about: Any) -> None:
    """In the language of the page on which it was written."""
    by, language = desk.who.person_id, desk.who.language
    review.add_comment(desk.session, desk.city_id, opened.id, text, by, language=language, **about)


def _read_asked(desk: Desk, text: str, to: str) -> str:
    members = people.list_members(desk.session, desk.city_id) if "@" in text else []
    names = {person.id: person.name for member, person in members if not member.ended_at and member.role in STAFF}
    groups = frozenset({AskedGroup(to)} if to in set(AskedGroup) else ())
    return AskedParties(groups, list_named(text, names)).without(desk.who.person_id).write()


def _is_asked(desk: Desk, opened: OpenedResponse, question: ReviewComment) -> bool:
    is_own = opened.task is not None and desk.who.is_assigned(opened.task)
    places = set(places_asked(question.asked, _own_names(desk), is_own=is_own))
    return "my-work" in places or ("review" in places and desk.who.role in OFFICE)


def _find_comment(desk: Desk, opened: OpenedResponse, comment_id: int) -> ReviewComment:
    comment = review.find_comment(desk.session, desk.city_id, opened.id, comment_id)
    if comment is None:
        raise NotFound(say("We could not find that comment."))
    return comment


def _close_question(desk: Desk, question: ReviewComment) -> None:
    if question.asked and question.answered_at is None:
        question.answered_at, question.answered_by = now(), desk.who.person_id


def mark_answered(desk: Desk, code: str, comment_id: int) -> None:
    """Say that a question is answered, whoever asked it or was asked. Raises NotFound, Refused for a request to reopen."""
    question = _find_comment(desk, load_response(desk, code), comment_id)
    if question.kind == CommentKind.REOPENING:
        raise Refused(say("A request to reopen is accepted or declined by the data office."))
    if question.asked and question.answered_at is None:
        _close_question(desk, question)
        desk.record(Verb.QUESTION_ANSWERED, code)


def ask_reopening(desk: Desk, code: str, reason: str) -> None:
    """Ask the data office to reopen what was decided as met, for what newer evidence does not cover: text and ticks.

    Raises NotAllowed, Invalid without a reason, Refused where nothing is decided, was not met, or was asked already, NotFound.
    """
    opened = load_response(desk, code)
    need_writer(opened)
    next_response_state(opened.state, ReviewAction.ASK_REOPENING)
    verdict = review.find_newest_verdict(desk.session, desk.city_id, opened.id)
    is_asked = _find_reopening(desk, opened) is not None
    check_asking_reopening(VerdictKind(verdict.decision) if verdict else None, is_asked=is_asked)
    asked = AskedParties(frozenset({AskedGroup.OFFICE})).write()
    reason = check_reopening_reason(reason)
    _keep_comment(desk, opened, reason, asked=asked, kind=CommentKind.REOPENING.value)
    desk.record(Verb.REOPENING_ASKED, code, reason=reason)


def _find_reopening(desk: Desk, opened: OpenedResponse) -> ReviewComment | None:
    comments = review.list_comments(desk.session, desk.city_id, opened.id) if opened.id else []
    asking = (comment for comment in comments if comment.kind == CommentKind.REOPENING and not comment.answered_at)
    return next(asking, None)


def accept_reopening(desk: Desk, code: str, version: int) -> None:
    """Give a decided response back to its department to change; the verdict is withdrawn and stays readable.

    Raises Refused where nobody asks for it, Conflict, NotFound.
    """
    opened = load_response(desk, code)
    _need_reopening(desk, opened)
    state = next_response_state(opened.state, ReviewAction.ACCEPT_REOPENING)
    renewal = next_renewal(RenewalState(opened.renewal), ReviewAction.ACCEPT_REOPENING)
    changes = {"state": state.value, "renewal": renewal.value, "submitted_at": None, "claimed_by": None}
    save_response(desk, opened, version, **changes)
    verdict = review.find_newest_verdict(desk.session, desk.city_id, opened.id)
    if verdict:
        verdict.withdrawn_at = now()
    review.close_reopenings(desk.session, desk.city_id, opened.id, desk.who.person_id)
    desk.record(Verb.REOPENING_ACCEPTED, code)


def decline_reopening(desk: Desk, code: str, reason: str) -> None:
    """The verdict stays; the reason is a reply to the request. Raises Invalid without one, Refused where nobody asks, NotFound."""
    opened = load_response(desk, code)
    question = _need_reopening(desk, opened)
    reason = check_declining(reason)
    _keep_comment(desk, opened, reason, reply_to=question.id)
    review.close_reopenings(desk.session, desk.city_id, opened.id, desk.who.person_id)
    desk.record(Verb.REOPENING_DECLINED, code, reason=reason)


def _need_reopening(desk: Desk, opened: OpenedResponse) -> ReviewComment:
    question = _find_reopening(desk, opened)
    if question is None:
        raise Refused(say("Nobody asks to reopen this any more. Load the page again to see what was decided."))
    return question
