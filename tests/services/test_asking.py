"""Questions in comments, until they are answered, and requests to reopen what is decided."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import select

from app.rules.errors import CityReadyError, Invalid, NotAllowed, NotFound, Refused
from app.rules.history.verbs import Verb
from app.rules.review.moves import ResponseState
from app.services.assessment.overview import load_overview
from app.services.desk import Desk, Who
from app.services.menu import load_counts
from app.services.review import asking, deciding
from app.services.review.given import ReviewCommentLine, load_talk
from app.services.review.queue import QUESTIONS, ReviewFilters, list_review_queue
from app.services.site import Site
from app.store.history import events
from app.store.response import Response
from app.store.review import Verdict
from tests.conftest import WhoIs
from tests.world import World


@pytest.fixture
def lead(who: WhoIs) -> Who:
    return who("lead")


@pytest.fixture
def reviewer(who: WhoIs) -> Who:
    return who("reviewer")


def do(site: Site, who: Who, step: Callable[..., Any], *args: Any, **more: Any) -> Any:
    with site.database.writing() as session:
        return step(Desk(session, site, who), *args, **more)


def talk(site: Site, who: Who, response_id: int) -> tuple[ReviewCommentLine, ...]:
    with site.database.reading() as session:
        seen = load_overview(session, site, who.city, "en")
        return load_talk(Desk(session, site, who), response_id, seen.names).comments


def waiting(site: Site, who: Who, place: str) -> list[str]:
    """The texts of what the person is asked, as a page lists them; the menu's count says as many."""
    with site.database.reading() as session:
        desk = Desk(session, site, who)
        questions = asking.list_questions(desk, load_overview(session, site, who.city, "en"), place)
        everything = dict(load_counts(site.kept.seen_by(session, who.city), who)).get(place, 0)
        usual = sum(
            row.state == "submitted" for row in session.exec(select(Response).where(Response.city_id == who.city_id))
        )
        assert everything - len(questions) == (usual if place == "review" else everything - len(questions))
        return [question.text for question in questions]


def stored(site: Site, response_id: int) -> Response:
    with site.database.reading() as session:
        return session.get_one(Response, response_id)


def test_what_the_department_asks_the_office_waits_under_review_until_someone_replies(
    site: Site, seeded: World, lead: Who, reviewer: Who, who: WhoIs
) -> None:
    assert do(site, lead, asking.add_comment, "LC1", "Does a draft count?", to="office")
    assert waiting(site, reviewer, "review") == ["Does a draft count?"]
    assert waiting(site, lead, "my-work") == []
    (question,) = talk(site, lead, seeded.alpha.responses["LC1"])
    do(site, lead, asking.add_comment, "LC1", "I mean the one of May.", reply_to=question.id)
    assert waiting(site, who("admin"), "review") == ["Does a draft count?"]
    do(site, reviewer, asking.add_comment, "LC1", "No.", reply_to=question.id)
    assert waiting(site, reviewer, "review") == []
    (thread,) = talk(site, lead, seeded.alpha.responses["LC1"])
    assert [reply.text for reply in thread.replies] == ["I mean the one of May.", "No."]
    assert (thread.is_open, thread.answered_by) == (False, "Reviewer of Alpha City")


def test_whom_a_comment_names_and_the_department_find_it_under_my_work(
    site: Site, lead: Who, reviewer: Who, who: WhoIs
) -> None:
    do(site, reviewer, asking.add_comment, "LC1", "Which year?", to="department")
    do(site, reviewer, asking.add_comment, "LC1", "@colleague do you know?")
    assert not do(site, reviewer, asking.add_comment, "LC1", "@somebody else?")
    assert waiting(site, lead, "my-work") == ["Which year?"]
    assert waiting(site, who("colleague"), "my-work") == ["@colleague do you know?"]
    assert waiting(site, who("reviewer", city="beta"), "my-work") == []


def test_a_question_is_marked_as_answered_once(site: Site, seeded: World, lead: Who, reviewer: Who) -> None:
    do(site, reviewer, asking.add_comment, "LC1", "Which year?", to="department")
    (question,) = talk(site, lead, seeded.alpha.responses["LC1"])
    for _ in range(2):
        do(site, lead, asking.mark_answered, "LC1", question.id)
    assert waiting(site, lead, "my-work") == []
    with site.database.reading() as session:
        told = [event.verb for event in events.list_events(session, lead.city_id)]
    assert told.count(Verb.QUESTION_ANSWERED) == 1
    with pytest.raises(NotFound):
        do(site, lead, asking.mark_answered, "LC2", question.id)


def test_a_request_to_reopen_is_accepted_and_goes_back_to_the_department(
    site: Site, seeded: World, lead: Who, reviewer: Who
) -> None:
    response_id = seeded.alpha.responses["LC4"]
    do(site, lead, asking.ask_reopening, "LC4", "The text names the wrong year.")
    with site.database.reading() as session:
        found = list_review_queue(Desk(session, site, reviewer), ReviewFilters(tab=QUESTIONS))
    assert [(question.code, question.asks_reopening) for question in found.questions] == [("LC4", True)]
    assert found.counts[QUESTIONS] == 1
    with pytest.raises(Refused, match="already"):
        do(site, lead, asking.ask_reopening, "LC4", "Once more.")
    do(site, reviewer, asking.accept_reopening, "LC4", 1)
    row = stored(site, response_id)
    assert (row.state, row.submitted_at, row.renewal) == (ResponseState.IN_PROGRESS, None, "")
    with site.database.reading() as session:
        verdict = session.exec(select(Verdict).where(Verdict.response_id == response_id)).one()
    assert verdict.withdrawn_at is not None
    assert waiting(site, reviewer, "review") == []
    with pytest.raises(Refused, match="Nobody asks"):
        do(site, reviewer, asking.accept_reopening, "LC4", 2)


def test_a_declined_request_leaves_the_verdict_and_says_why(
    site: Site, seeded: World, lead: Who, reviewer: Who
) -> None:
    do(site, lead, asking.ask_reopening, "LC4", "A new year.")
    with pytest.raises(Invalid):
        do(site, reviewer, asking.decline_reopening, "LC4", " ")
    (*_, request) = talk(site, lead, seeded.alpha.responses["LC4"])
    with pytest.raises(Refused, match="accepted or declined"):
        do(site, reviewer, asking.mark_answered, "LC4", request.id)
    do(site, reviewer, asking.decline_reopening, "LC4", "Add the evidence of that year.")
    assert stored(site, seeded.alpha.responses["LC4"]).state == ResponseState.DECIDED
    (*_, request) = talk(site, lead, seeded.alpha.responses["LC4"])
    assert [reply.text for reply in request.replies] == ["Add the evidence of that year."]
    assert not request.is_open


def test_a_reviewer_who_reopens_by_themselves_answers_the_request(site: Site, lead: Who, reviewer: Who) -> None:
    do(site, lead, asking.ask_reopening, "LC4", "A new year.")
    do(site, reviewer, deciding.reopen_response, "LC4", "As you asked.", 1)
    assert waiting(site, reviewer, "review") == []


@pytest.mark.parametrize(
    ("code", "reason", "problem"),
    [
        ("LC4", " ", Invalid),
        ("LC5", "Once more.", Refused),
        ("LC1", "Open it.", Refused),
        ("DM1", "Not mine.", NotAllowed),
    ],
)
def test_only_what_was_met_is_asked_for_and_by_whoever_answers_for_it(
    site: Site, lead: Who, code: str, reason: str, problem: type[CityReadyError]
) -> None:
    with pytest.raises(problem):
        do(site, lead, asking.ask_reopening, code, reason)
