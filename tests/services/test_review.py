"""Reviewing: who may decide on what, and what stays as the department wrote it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlmodel import col, select, update

from app.rules.errors import CityReadyError, Conflict, Invalid, NotFound, Refused
from app.rules.review.moves import ResponseState
from app.rules.scoring.score import VerdictKind
from app.services.desk import Desk, Who
from app.services.response.answering import load_response
from app.services.review import asking, deciding
from app.services.review.panel import ReviewPanel, load_panel
from app.services.review.queue import ReviewFilters, ReviewQueue, list_review_queue
from app.services.review.undoing import undo_verdict
from app.services.review.viewing import OpenPiece, PieceChoice
from app.services.site import Site
from app.store.database.engine import now
from app.store.evidence.pieces import Evidence, EvidenceSupport
from app.store.history import events
from app.store.people import Membership
from app.store.response import Response
from app.store.review import ReviewComment, Verdict
from tests.conftest import WhoIs
from tests.world import World

EVERYTHING = ReviewFilters()


@pytest.fixture
def reviewer(who: WhoIs) -> Who:
    return who("reviewer")


def queue(site: Site, who: Who, filters: ReviewFilters = EVERYTHING) -> ReviewQueue:
    with site.database.reading() as session:
        return list_review_queue(Desk(session, site, who), filters)


def codes(site: Site, who: Who, filters: ReviewFilters = EVERYTHING) -> list[str]:
    return [row.stand.code for row in queue(site, who, filters).rows]


def panel(site: Site, who: Who, code: str, filters: ReviewFilters = EVERYTHING) -> ReviewPanel:
    with site.database.reading() as session:
        return load_panel(Desk(session, site, who), code, filters)


def decide(site: Site, who: Who, code: str, decision: str, reason: str = "", version: int = 1) -> str | None:
    with site.database.writing() as session:
        return deciding.give_verdict(Desk(session, site, who), code, decision, reason, version, EVERYTHING)


def stored(site: Site, who: Who, code: str) -> Response:
    with site.database.reading() as session:
        return session.exec(select(Response).where(Response.city_id == who.city_id, Response.criterion == code)).one()


def verdicts(site: Site, who: Who, code: str) -> list[Verdict]:
    with site.database.reading() as session:
        query = select(Verdict).join(Response).where(Response.criterion == code, Verdict.city_id == who.city_id)
        return list(session.exec(query))


def verbs(site: Site, who: Who, code: str) -> list[str]:
    with site.database.reading() as session:
        return [event.verb for event in events.list_events(session, who.city_id, subject=code)]


def submit(site: Site, who: Who, code: str, by: int, hours_ago: int) -> None:
    with site.database.writing() as session:
        row = load_response(Desk(session, site, who), code).response
        row.state, row.submitted_by, row.submitted_at = "submitted", by, now() - timedelta(hours=hours_ago)
        session.add(row)


def test_the_oldest_submission_waits_in_front(site: Site, seeded: World, reviewer: Who) -> None:
    submit(site, reviewer, "EVAL4", seeded.alpha.people["lead"], hours_ago=50)
    submit(site, reviewer, "DM9", seeded.alpha.people["lead"], hours_ago=60)
    assert codes(site, reviewer)[:2] == ["DM9", "EVAL4"]
    assert {"LC2", "DM2"} == set(codes(site, reviewer)[2:])


def test_a_row_says_who_submitted_and_who_has_claimed_it(site: Site, reviewer: Who) -> None:
    with site.database.writing() as session:
        deciding.assign_to_me(Desk(session, site, reviewer), "LC2", 1)
    row = next(row for row in queue(site, reviewer).rows if row.stand.code == "LC2")
    assert (row.sent_by, row.claimed_by) == ("Lead of Alpha City", "Reviewer of Alpha City")
    assert row.area == "Leadership and Capacity"


def test_each_tab_has_its_responses_and_its_count(site: Site, reviewer: Who) -> None:
    assert codes(site, reviewer, ReviewFilters(tab="returned")) == ["LC3"]
    assert set(codes(site, reviewer, ReviewFilters(tab="decided"))) == {"LC4", "LC5", "DM1"}
    assert queue(site, reviewer).counts == {"waiting": 2, "returned": 1, "decided": 3, "renewals": 0, "questions": 0}


def test_filters_narrow_by_area_department_and_claim(site: Site, seeded: World, reviewer: Who) -> None:
    with site.database.writing() as session:
        deciding.assign_to_me(Desk(session, site, reviewer), "LC2", 1)
    area = panel(site, reviewer, "DM2").criterion.area
    assert codes(site, reviewer, ReviewFilters(area=area)) == ["DM2"]
    assert codes(site, reviewer, ReviewFilters(department=str(seeded.alpha.departments["finance"]))) == ["LC2"]
    assert codes(site, reviewer, ReviewFilters(department=str(seeded.beta.departments["finance"]))) == []
    assert codes(site, reviewer, ReviewFilters(claimed="me")) == ["LC2"]
    assert codes(site, reviewer, ReviewFilters(claimed="nobody")) == ["DM2"]
    assert len(codes(site, reviewer, ReviewFilters(claimed="everyone"))) == 2


def test_the_panel_leads_to_its_neighbors_under_the_same_filters(site: Site, reviewer: Who) -> None:
    first, second = codes(site, reviewer)
    assert (panel(site, reviewer, first).previous, panel(site, reviewer, first).next) == (None, second)
    assert (panel(site, reviewer, second).previous, panel(site, reviewer, second).next) == (first, None)
    alone = panel(site, reviewer, "DM2", ReviewFilters(area=panel(site, reviewer, "DM2").criterion.area))
    assert (alone.previous, alone.next, alone.place, alone.length) == (None, None, 1, 1)


def test_the_panel_of_something_never_opened_shows_that_there_is_nothing_to_decide(site: Site, reviewer: Who) -> None:
    found = panel(site, reviewer, "LC7")
    assert (found.verdicts, found.remarks, found.evidence, found.length) == ((), (), (), 0)
    assert "not submitted" in str(found.why_not)


def test_an_unknown_criterion_is_not_found(site: Site, reviewer: Who) -> None:
    with pytest.raises(NotFound):
        panel(site, reviewer, "XX1")


def test_evidence_stands_beside_the_item_that_it_supports(site: Site, seeded: World, reviewer: Who) -> None:
    items = [entry.item.id for entry in panel(site, reviewer, "LC1").items]
    with site.database.writing() as session:
        for item in items[1:3]:
            row = EvidenceSupport(
                city_id=reviewer.city_id,
                evidence_id=seeded.alpha.evidence["note"],
                response_id=seeded.alpha.responses["LC1"],
                item=item,
            )
            session.add(row)
    shown = panel(site, reviewer, "LC1")
    first, second, *_ = shown.items
    assert first.supports == ()
    assert [shown.evidence[support.place - 1].piece.title for support in second.supports] == ["Who decides"]
    assert [entry.items for entry in shown.evidence if entry.piece.title == "Who decides"] == [(2, 3)]


def open_piece(site: Site, who: Who, code: str, piece: int, page: int = 0) -> OpenPiece:
    with site.database.reading() as session:
        opened = load_panel(Desk(session, site, who), code, EVERYTHING, PieceChoice(piece, page)).opened
    assert opened is not None
    return opened


def point_to(site: Site, seeded: World, pointer: str) -> int:
    """Where to look in the file of twelve pages, of which the first has a picture; its id."""
    piece_id = seeded.alpha.evidence["file"]
    with site.database.writing() as session:
        session.get_one(Evidence, piece_id).page_pointer = pointer
    return piece_id


@pytest.mark.parametrize(
    ("pointer", "asked", "page", "pictured"),
    [("", 0, 1, True), ("Page 4", 0, 4, False), ("Page 4", 1, 1, True), ("Page 400", 0, 12, False)],
)
def test_a_file_opens_at_the_page_that_its_department_points_to(
    site: Site, seeded: World, reviewer: Who, pointer: str, asked: int, page: int, pictured: bool
) -> None:
    opened = open_piece(site, reviewer, "LC1", point_to(site, seeded, pointer), asked)
    assert (opened.page, opened.pages, opened.is_pictured) == (page, 12, pictured)


def test_one_goes_from_piece_to_piece_and_an_unknown_one_is_the_first(site: Site, seeded: World, reviewer: Who) -> None:
    ids = [entry.piece.id for entry in panel(site, reviewer, "LC1").evidence]
    second = open_piece(site, reviewer, "LC1", ids[1])
    assert (second.place, second.previous, second.next) == (2, ids[0], ids[2])
    elsewhere = open_piece(site, reviewer, "LC1", seeded.beta.evidence["file"])
    assert (elsewhere.piece.id, elsewhere.previous) == (ids[0], None)


def test_what_is_restricted_is_not_looked_into_beside_the_checklist(site: Site, seeded: World, reviewer: Who) -> None:
    opened = open_piece(site, reviewer, "DM2", seeded.alpha.evidence["restricted"])
    assert opened.is_closed
    assert opened.preview is None


def undo(site: Site, who: Who, code: str, version: int) -> None:
    with site.database.writing() as session:
        undo_verdict(Desk(session, site, who), code, version)


@pytest.mark.parametrize("decision", VerdictKind)
def test_a_verdict_is_undone_as_if_it_had_not_been_given_and_stays_readable(
    site: Site, reviewer: Who, decision: VerdictKind
) -> None:
    decide(site, reviewer, "LC2", decision, "Seen.")
    undo(site, reviewer, "LC2", 2)
    assert stored(site, reviewer, "LC2").state == ResponseState.SUBMITTED
    assert verdicts(site, reviewer, "LC2")[0].withdrawn_at is not None
    assert verbs(site, reviewer, "LC2")[0] == "verdict_undone"
    assert codes(site, reviewer) == ["LC2", "DM2"]


def test_a_verdict_is_undone_by_whoever_gave_it_and_only_until_something_happens(
    site: Site, who: WhoIs, reviewer: Who
) -> None:
    decide(site, reviewer, "LC2", "changes_asked", "Name the owner.")
    with pytest.raises(Refused, match="Only the person who gave"):
        undo(site, who("admin"), "LC2", 2)
    with pytest.raises(Conflict):
        undo(site, reviewer, "LC2", 1)
    with pytest.raises(Refused):
        undo(site, reviewer, "LC1", 1)
    assert stored(site, reviewer, "LC2").state == ResponseState.RETURNED


def test_a_verdict_changes_state_and_nothing_of_what_the_department_wrote(site: Site, reviewer: Who) -> None:
    before = stored(site, reviewer, "LC2")
    upcoming = decide(site, reviewer, "LC2", "met", "Seen on site.")
    after = stored(site, reviewer, "LC2")
    assert (after.state, after.version) == ("decided", before.version + 1)
    assert (after.narrative, after.narrative_version, after.self_rating) == (
        before.narrative,
        before.narrative_version,
        before.self_rating,
    )
    assert verbs(site, reviewer, "LC2")[0] == "verdict_given"
    assert upcoming == "DM2"
    found = panel(site, reviewer, "LC2")
    assert found.verdict is not None
    assert (found.verdict.decision, found.verdict.by) == (VerdictKind.MET, "Reviewer of Alpha City")


def test_after_the_last_response_nothing_is_next(site: Site, reviewer: Who) -> None:
    decide(site, reviewer, "LC2", "met", "Seen.")
    assert decide(site, reviewer, "DM2", "not_met", "There is no inventory.") is None


def test_asking_for_changes_sends_the_response_back(site: Site, reviewer: Who) -> None:
    decide(site, reviewer, "LC2", "changes_asked", "Name the owner.")
    assert stored(site, reviewer, "LC2").state == ResponseState.RETURNED
    assert codes(site, reviewer) == ["DM2"]


def test_met_against_the_checklist_is_refused_without_a_reason_and_nothing_is_written(
    site: Site, reviewer: Who
) -> None:
    with pytest.raises(Invalid, match="checklist"):
        decide(site, reviewer, "LC2", "met")
    assert (stored(site, reviewer, "LC2").state, verdicts(site, reviewer, "LC2")) == ("submitted", [])


def test_a_verdict_must_be_one_of_three(site: Site, reviewer: Who) -> None:
    with pytest.raises(Invalid) as problem:
        decide(site, reviewer, "LC2", "excellent", "Reason.")
    assert "decision" in problem.value.fields


@pytest.mark.parametrize("code", ["LC1", "LC3", "LC6", "LC7", "LC4"])
def test_a_verdict_on_something_that_does_not_wait_is_refused(site: Site, reviewer: Who, code: str) -> None:
    before = len(verdicts(site, reviewer, code))
    with pytest.raises(Refused):
        decide(site, reviewer, code, "met", "Reason.")
    assert len(verdicts(site, reviewer, code)) == before


def test_a_double_click_gives_one_verdict_and_a_clear_refusal(site: Site, reviewer: Who) -> None:
    decide(site, reviewer, "LC2", "met", "Seen.")
    with pytest.raises(Refused, match="decided already"):
        decide(site, reviewer, "LC2", "met", "Seen.")
    assert len(verdicts(site, reviewer, "LC2")) == 1
    assert verbs(site, reviewer, "LC2").count("verdict_given") == 1


def test_of_two_verdicts_at_the_same_moment_one_counts(site: Site, who: WhoIs) -> None:
    both, together = [who("reviewer"), who("admin")], Barrier(2)

    def attempt(who: Who) -> str:
        together.wait()
        try:
            decide(site, who, "LC2", "met", f"Reason of {who.name}.")
        except (Conflict, Refused):
            return "refused"
        return "decided"

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(attempt, both)) == ["decided", "refused"]
    assert len(verdicts(site, both[0], "LC2")) == 1
    assert verbs(site, both[0], "LC2").count("verdict_given") == 1


def test_a_page_that_is_out_of_date_decides_nothing(site: Site, reviewer: Who) -> None:
    with site.database.writing() as session:
        deciding.assign_to_me(Desk(session, site, reviewer), "LC2", 1)
    with pytest.raises(Conflict):
        decide(site, reviewer, "LC2", "met", "Seen.", version=1)
    assert verdicts(site, reviewer, "LC2") == []


def test_nobody_decides_on_the_own_submission_while_another_reviewer_is_there(site: Site, reviewer: Who) -> None:
    submit(site, reviewer, "LC2", reviewer.person_id, hours_ago=1)
    assert "yourself" in str(panel(site, reviewer, "LC2").why_not)
    with pytest.raises(Refused, match="yourself"):
        decide(site, reviewer, "LC2", "met", "Mine.")


def test_the_only_reviewer_of_a_city_may_decide_on_the_own_submission(site: Site, seeded: World, reviewer: Who) -> None:
    submit(site, reviewer, "LC2", reviewer.person_id, hours_ago=1)
    with site.database.writing() as session:
        session.exec(
            update(Membership).where(col(Membership.id) == seeded.alpha.memberships["admin"]).values(ended_at=now())
        )
    assert panel(site, reviewer, "LC2").why_not is None
    decide(site, reviewer, "LC2", "met", "Mine.")
    assert stored(site, reviewer, "LC2").state == "decided"


def test_a_claim_is_seen_and_can_be_given_back(site: Site, reviewer: Who, who: WhoIs) -> None:
    admin = who("admin")
    with site.database.writing() as session:
        deciding.assign_to_me(Desk(session, site, reviewer), "LC2", 1)
    with pytest.raises(Refused, match="Reviewer of Alpha City"), site.database.writing() as session:
        deciding.assign_to_me(Desk(session, site, admin), "LC2", 2)
    with site.database.writing() as session:
        deciding.unassign_reviewer(Desk(session, site, admin), "LC2", 2)
    assert stored(site, reviewer, "LC2").claimed_by is None
    assert verbs(site, reviewer, "LC2")[:2] == ["released", "claimed"]


def test_claiming_twice_is_recorded_once(site: Site, reviewer: Who) -> None:
    for _ in range(2):
        with site.database.writing() as session:
            deciding.assign_to_me(Desk(session, site, reviewer), "LC2", 1)
    assert verbs(site, reviewer, "LC2").count("claimed") == 1


@pytest.mark.parametrize("step", [deciding.assign_to_me, deciding.unassign_reviewer])
def test_only_what_waits_can_be_claimed_or_released(site: Site, reviewer: Who, step: Callable[..., None]) -> None:
    with pytest.raises(Refused, match="waits"), site.database.writing() as session:
        step(Desk(session, site, reviewer), "LC4", 1)


def test_opening_again_withdraws_the_verdict_and_keeps_it_readable(site: Site, reviewer: Who) -> None:
    with site.database.writing() as session:
        deciding.reopen_response(Desk(session, site, reviewer), "LC4", "New facts came up.", 1)
    found = panel(site, reviewer, "LC4")
    assert (found.state, found.verdict) == (ResponseState.SUBMITTED, None)
    assert found.verdicts[0].withdrawn_at is not None
    assert found.remarks[-1].text == "New facts came up."
    assert found.stand.met is False
    assert "LC4" in codes(site, reviewer)


def test_opening_again_asks_for_a_reason_and_a_verdict(site: Site, reviewer: Who) -> None:
    with pytest.raises(Invalid), site.database.writing() as session:
        deciding.reopen_response(Desk(session, site, reviewer), "LC4", "  ", 1)
    with pytest.raises(Refused), site.database.writing() as session:
        deciding.reopen_response(Desk(session, site, reviewer), "LC2", "Because.", 1)
    assert stored(site, reviewer, "LC4").state == "decided"


def test_a_comment_sent_twice_is_kept_once(site: Site, who: WhoIs) -> None:
    lead = who("lead")
    for _ in range(2):
        with site.database.writing() as session:
            asking.add_comment(Desk(session, site, lead), "LC2", " We are on it. ")
    assert [remark.text for remark in panel(site, lead, "LC2").remarks] == ["We are on it."]
    assert verbs(site, lead, "LC2").count("commented") == 1


def test_a_comment_may_be_the_first_thing_on_a_criterion_and_begins_nothing(site: Site, who: WhoIs) -> None:
    lead = who("lead")
    with site.database.writing() as session:
        asking.add_comment(Desk(session, site, lead), "LC7", "Who knows about this?")
    assert stored(site, lead, "LC7").state == "not_started"
    assert [remark.by for remark in panel(site, lead, "LC7").remarks] == ["Lead of Alpha City"]


def test_a_city_reviews_its_own_responses_only(site: Site, reviewer: Who, who: WhoIs) -> None:
    beta = who("reviewer", "beta")
    decide(site, reviewer, "LC2", "met", "Alpha's reason.")
    with site.database.writing() as session:
        asking.add_comment(Desk(session, site, reviewer), "DM2", "Alpha's comment.")
    assert stored(site, beta, "LC2").state == "submitted"
    assert panel(site, beta, "LC2").verdicts == ()
    assert "Alpha's comment." not in [remark.text for remark in panel(site, beta, "DM2").remarks]


def test_a_refused_step_leaves_no_event(site: Site, reviewer: Who) -> None:
    with site.database.reading() as session:
        before = len(events.list_chain(session, reviewer.city_id))
    refused: list[tuple[str, str, str, dict[str, Any]]] = [
        ("LC1", "met", "Reason.", {}),
        ("LC2", "met", "Reason.", {"version": 7}),
        ("LC2", "not_met", "", {}),
    ]
    for code, decision, reason, more in refused:
        with pytest.raises(CityReadyError):
            decide(site, reviewer, code, decision, reason, **more)
    with site.database.reading() as session:
        assert len(events.list_chain(session, reviewer.city_id)) == before
        comments = session.exec(select(ReviewComment).where(ReviewComment.city_id == reviewer.city_id)).all()
    assert len(comments) == 4
