"""Newer evidence beside a verdict that stands: brought by the department, confirmed or returned by a reviewer, and counted only then."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from sqlmodel import select

from app.rules.criteria.edition import EvidenceKind
from app.rules.errors import Conflict, Invalid, NotAllowed, Refused
from app.rules.evidence.entry import EvidenceEntry
from app.rules.my_work import WorkNeed
from app.rules.review.moves import RenewalState, ResponseState
from app.services import my_work
from app.services.assessment.overview import Overview, load_overview
from app.services.desk import Desk, Who
from app.services.evidence import adding, changing, finding, new_file, removing
from app.services.evidence.adding import IncomingFile
from app.services.response import answering, submission
from app.services.review import deciding, renewing
from app.services.review.panel import ReviewPanel, load_panel
from app.services.review.queue import ReviewFilters, list_review_queue
from app.services.site import Site
from app.store.judged_response import JudgedResponse
from app.store.response import Response
from app.store.review import Verdict
from tests import world
from tests.services.evidence.test_page import events, newest, stored
from tests.services.test_judging import judged, member
from tests.world import World

CODE = "DM1"
RENEWALS = ReviewFilters(tab="renewals")


@pytest.fixture
def lead(site: Site, seeded: World) -> Who:
    """The lead of the department that answers for DM1: a member of the data office's department."""
    return member(site, seeded, "admin")


@pytest.fixture
def reviewer(site: Site, seeded: World) -> Who:
    return member(site, seeded, "reviewer")


def window_item(site: Site) -> str:
    checklist = site.edition("wwc-2022", "en").criteria[CODE].checklist
    return next(item.id for item in checklist if item.window.value != "none")


def row_of(site: Site, code: str = CODE) -> Response:
    with site.database.reading() as session:
        return session.exec(select(Response).where(Response.city_id == 1, Response.criterion == code)).one()


def bring(site: Site, by: Who, title: str, last_day: date, code: str = CODE) -> int:
    """A file about the quarter that ends then, for the item with a window; returns the piece's id."""
    items = (window_item(site),) if code == CODE else ()
    first_day = last_day - timedelta(days=170)
    entry = EvidenceEntry(EvidenceKind.FILE, title=title, items=items, period_from=first_day, period_to=last_day)
    outcomes = adding.add_files(site, by, code, entry, [IncomingFile(f"{title}.txt", BytesIO(title.encode()))])
    assert [outcome.problem for outcome in outcomes] == [None]
    return newest(site).id


def decide_as_met(site: Site, lead: Who, reviewer: Who, last_day: date) -> int:
    """DM1 answered, with every item ticked and minutes until then, and found met; returns the id of the minutes."""
    with site.database.writing() as session:
        deciding.reopen_response(Desk(session, site, reviewer), CODE, "Begin anew.", row_of(site).version)
    with site.database.writing() as session:
        submission.take_back_submission(Desk(session, site, lead), CODE, row_of(site).version)
    minutes = bring(site, lead, "Minutes of spring", last_day)
    with site.database.writing() as session:
        desk = Desk(session, site, lead)
        for item in site.edition("wwc-2022", "en").criteria[CODE].checklist:
            world.tick_item(desk, CODE, item.id, True, 0)
        others = [i.id for i in site.edition("wwc-2022", "en").criteria[CODE].checklist if i.id != window_item(site)]
    entry = EvidenceEntry(EvidenceKind.NOTE, title="Charter", note="In force.", items=tuple(others))
    adding.add_evidence(site, lead, CODE, entry)
    with site.database.writing() as session:
        submission.submit_response(Desk(session, site, lead), CODE, row_of(site).version)
    with site.database.writing() as session:
        deciding.give_verdict(
            Desk(session, site, reviewer), CODE, "met", "Seen.", row_of(site).version, ReviewFilters()
        )
    return minutes


def overview(site: Site, by: Who, day: date | None = None) -> Overview:
    with site.database.reading() as session:
        return load_overview(session, site, by.city, "en", day)


def panel(site: Site, by: Who, code: str = CODE) -> ReviewPanel:
    with site.database.reading() as session:
        return load_panel(Desk(session, site, by), code, RENEWALS)


def waiting(site: Site, by: Who) -> list[str]:
    with site.database.reading() as session:
        queue = list_review_queue(Desk(session, site, by), RENEWALS)
    assert queue.counts["renewals"] == len(queue.rows)
    return [row.stand.code for row in queue.rows]


def confirm(site: Site, by: Who, version: int | None = None) -> None:
    with site.database.writing() as session:
        renewing.confirm_renewal(Desk(session, site, by), CODE, version or row_of(site).version, RENEWALS)


def send_back(site: Site, by: Who, reason: str = "It is not signed.", version: int | None = None) -> None:
    with site.database.writing() as session:
        renewing.return_renewal(Desk(session, site, by), CODE, reason, version or row_of(site).version, RENEWALS)


def verdict_ids(site: Site) -> list[int]:
    with site.database.reading() as session:
        return [row.id for row in session.exec(select(Verdict).where(Verdict.response_id == row_of(site).id))]


def test_newer_evidence_waits_beside_the_verdict_and_counts_once_it_is_confirmed(
    site: Site, seeded: World, lead: Who, reviewer: Who
) -> None:
    today = reviewer.today
    decide_as_met(site, lead, reviewer, today - timedelta(days=5))
    before = overview(site, reviewer).stand_of(CODE).at_risk_from
    assert before
    bring(site, lead, "Minutes of summer", today + timedelta(days=200))

    assert waiting(site, reviewer) == [CODE]
    row = row_of(site)
    assert (row.state, row.renewal, row.renewed_by) == (ResponseState.DECIDED, RenewalState.WAITING, lead.person_id)
    stand = overview(site, reviewer).stand_of(CODE)
    assert (stand.met, stand.at_risk_from) == (True, before), "what nobody has looked at does not count"
    later = overview(site, reviewer, before)
    assert (CODE in later.at_risk, later.renewed) == (True, (CODE,)), "it is told apart from what is simply out of date"
    shown = panel(site, reviewer).renewal
    assert shown
    [line] = shown.lines
    assert [piece.title for piece in line.accepted] == ["Minutes of spring"]
    assert [piece.title for piece in line.present if piece.id in line.new] == ["Minutes of summer"]

    confirm(site, reviewer)
    assert waiting(site, reviewer) == []
    stand = overview(site, reviewer).stand_of(CODE)
    assert stand.met
    assert stand.at_risk_from
    assert stand.at_risk_from > before
    assert overview(site, reviewer, before).renewed == ()
    assert events(site, seeded)[-1].verb == "renewal_confirmed"


def test_each_step_is_one_event_and_the_verdict_keeps_what_it_judged(
    site: Site, seeded: World, lead: Who, reviewer: Who
) -> None:
    minutes = decide_as_met(site, lead, reviewer, reviewer.today)
    verdict = verdict_ids(site)[-1]
    copy, told = judged(site, reviewer, verdict, CODE), len(events(site, seeded))
    new_file.replace_file(
        site, lead, minutes, stored(site, minutes).version, "", [IncomingFile("s.txt", BytesIO(b"Summer."))]
    )
    assert row_of(site).renewal == RenewalState.WAITING
    send_back(site, reviewer)
    with site.database.writing() as session:
        desk = Desk(session, site, lead)
        entry = changing.build_entry(finding.find_piece(desk, minutes), title="Minutes, signed")
        changing.change_piece(desk, minutes, entry, stored(site, minutes).version)
    confirm(site, reviewer)
    verbs = [event.verb for event in events(site, seeded)[told:]]
    assert verbs == ["evidence_replaced", "renewal_returned", "evidence_changed", "renewal_confirmed"]
    assert judged(site, reviewer, verdict, CODE) == copy
    assert verdict_ids(site)[-1] == verdict, "no other verdict was given"
    with site.database.reading() as session:
        copies = session.exec(select(JudgedResponse).where(JudgedResponse.verdict_id == verdict)).all()
    assert [(kept.occasion, kept.reason) for kept in copies] == [
        ("", ""),
        ("returned", "It is not signed."),
        ("confirmed", ""),
    ]


def test_what_was_returned_does_not_count_and_asks_the_department_again(
    site: Site, seeded: World, lead: Who, reviewer: Who
) -> None:
    decide_as_met(site, lead, reviewer, reviewer.today - timedelta(days=5))
    before = overview(site, reviewer).stand_of(CODE).at_risk_from
    bring(site, lead, "Minutes of summer", reviewer.today + timedelta(days=200))
    send_back(site, reviewer)
    stand = overview(site, reviewer).stand_of(CODE)
    assert (stand.met, stand.renewal, stand.at_risk_from) == (True, RenewalState.RETURNED, before)
    assert waiting(site, reviewer) == []
    with site.database.reading() as session:
        cards = [card for group in my_work.load_my_work(Desk(session, site, lead)).groups for card in group.cards]
    [card] = [card for card in cards if card.stand.code == CODE]
    assert (card.need, "returned" in str(card.next)) == (WorkNeed.RETURNED, True)
    with pytest.raises(Refused, match="Nothing new waits"):
        confirm(site, reviewer)
    bring(site, lead, "Minutes of summer, signed", reviewer.today + timedelta(days=200))
    assert waiting(site, reviewer) == [CODE]


def test_two_reviewers_on_one_renewal_are_told_apart(site: Site, seeded: World, lead: Who, reviewer: Who) -> None:
    decide_as_met(site, lead, reviewer, reviewer.today)
    bring(site, lead, "Minutes of summer", reviewer.today)
    version = row_of(site).version
    confirm(site, reviewer, version)
    told = len(events(site, seeded))
    with pytest.raises(Refused, match="Someone may have decided on it"):
        send_back(site, reviewer, version=version)
    assert len(events(site, seeded)) == told
    assert row_of(site).renewal == RenewalState.NONE


def test_nothing_is_confirmed_that_came_while_the_page_was_open(
    site: Site, seeded: World, lead: Who, reviewer: Who
) -> None:
    decide_as_met(site, lead, reviewer, reviewer.today)
    bring(site, lead, "Minutes of summer", reviewer.today)
    version = row_of(site).version
    bring(site, lead, "A menu", reviewer.today)
    with pytest.raises(Conflict):
        confirm(site, reviewer, version)
    assert row_of(site).renewal == RenewalState.WAITING


def test_who_brought_it_does_not_confirm_it_where_somebody_else_could(
    site: Site, seeded: World, lead: Who, reviewer: Who
) -> None:
    decide_as_met(site, lead, reviewer, reviewer.today)
    bring(site, lead, "Minutes of summer", reviewer.today)
    with pytest.raises(Refused, match="yourself"):
        confirm(site, lead)


def test_a_reason_is_asked_for(site: Site, seeded: World, lead: Who, reviewer: Who) -> None:
    decide_as_met(site, lead, reviewer, reviewer.today)
    bring(site, lead, "Minutes of summer", reviewer.today)
    with pytest.raises(Invalid):
        send_back(site, reviewer, " ")
    assert row_of(site).renewal == RenewalState.WAITING


def test_reopening_withdraws_the_verdict_and_ends_the_renewal(
    site: Site, seeded: World, lead: Who, reviewer: Who
) -> None:
    decide_as_met(site, lead, reviewer, reviewer.today)
    bring(site, lead, "Minutes of summer", reviewer.today)
    with site.database.writing() as session:
        deciding.reopen_response(Desk(session, site, reviewer), CODE, "No longer true.", row_of(site).version)
    assert (row_of(site).state, row_of(site).renewal) == (ResponseState.SUBMITTED, RenewalState.NONE)
    stand = overview(site, reviewer).stand_of(CODE)
    assert (stand.met, stand.present) == (False, None)


def test_text_and_ticks_stay_as_judged_and_evidence_stays_in_use(
    site: Site, seeded: World, lead: Who, reviewer: Who
) -> None:
    minutes = decide_as_met(site, lead, reviewer, reviewer.today)
    with site.database.writing() as session, pytest.raises(Refused):
        answering.write_narrative(Desk(session, site, lead), CODE, "Other.", row_of(site).narrative_version)
    with site.database.writing() as session, pytest.raises(Refused):
        world.tick_item(Desk(session, site, lead), CODE, window_item(site), False, 1)
    with site.database.writing() as session, pytest.raises(Refused, match="cannot be removed now"):
        removing.withdraw_piece(Desk(session, site, lead), minutes, stored(site, minutes).version)


def test_another_department_cannot_renew(site: Site, seeded: World, lead: Who, reviewer: Who) -> None:
    decide_as_met(site, lead, reviewer, reviewer.today)
    with pytest.raises(NotAllowed):
        bring(site, member(site, seeded, "lead"), "Minutes of summer", reviewer.today)


def test_what_was_not_met_is_answered_again_without_asking(site: Site, seeded: World, reviewer: Who) -> None:
    lead = member(site, seeded, "lead")
    with pytest.raises(Refused, match="Answer again"):
        bring(site, lead, "A plan", reviewer.today, "LC5")
    for code in ("LC4", "LC2"):  # met, and with the reviewer
        with site.database.writing() as session, pytest.raises(Refused):
            answering.answer_again(Desk(session, site, lead), code, row_of(site, code).version)
    with site.database.writing() as session, pytest.raises(NotAllowed):
        answering.answer_again(
            Desk(session, site, member(site, seeded, "colleague")), "LC5", row_of(site, "LC5").version
        )
    with site.database.writing() as session:
        answering.answer_again(Desk(session, site, lead), "LC5", row_of(site, "LC5").version)
    stand = overview(site, reviewer).stand_of("LC5")
    assert (stand.state, stand.decision) == (ResponseState.IN_PROGRESS, None)
    bring(site, lead, "A plan", reviewer.today, "LC5")
    assert row_of(site, "LC5").renewal == RenewalState.NONE
    assert judged(site, lead, seeded.alpha.verdicts["LC5"], "LC5").withdrawn_at


def test_saving_no_text_on_a_criterion_that_nobody_has_begun_changes_nothing(site: Site, seeded: World) -> None:
    lead, told = member(site, seeded, "lead"), len(events(site, seeded))
    with site.database.writing() as session:
        answering.write_narrative(Desk(session, site, lead), "LC7", "  ", 0)
    assert len(events(site, seeded)) == told
    with site.database.reading() as session:
        assert session.exec(select(Response).where(Response.city_id == 1, Response.criterion == "LC7")).all() == []


def test_the_queue_of_renewals_says_who_brought_what_since_when_and_asks_for_no_assignment(
    site: Site, seeded: World, lead: Who, reviewer: Who
) -> None:
    decide_as_met(site, lead, reviewer, reviewer.today)
    bring(site, lead, "Minutes of summer", reviewer.today)
    bring(site, member(site, seeded, "lead"), "A plan", reviewer.today, "LC4")
    with site.database.reading() as session:
        seen = list_review_queue(Desk(session, site, reviewer), ReviewFilters(tab="renewals", claimed="me"))
    told = [(row.stand.code, row.sent_by) for row in seen.rows]
    assert told == [(CODE, "Admin of Alpha City"), ("LC4", "Lead of Alpha City")], "the oldest first"
    assert not seen.bar.is_narrowed
