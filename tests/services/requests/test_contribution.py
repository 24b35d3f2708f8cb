"""What a partner sends without an account, and what becomes of it: links, limits, nothing half written, and where a piece is from."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from operator import attrgetter
from typing import Any

import pytest
from sqlmodel import col, select

from app.rules.criteria.edition import EvidenceKind
from app.rules.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from app.rules.evidence.entry import EvidenceEntry
from app.rules.installation.job import JobKind
from app.rules.installation.network import Caller
from app.rules.review.moves import RenewalState
from app.services.account.security_record import called_by
from app.services.account.tries import TooManyAttempts
from app.services.assessment.overview import load_overview
from app.services.desk import Desk, Who
from app.services.evidence import adding, opening
from app.services.evidence import page as evidence
from app.services.evidence.adding import IncomingFile
from app.services.requests import asking as request_asking
from app.services.requests import contribution, inbox
from app.services.requests import page as request
from app.services.requests.asking import RequestEntry
from app.services.requests.contribution import MOST_FORMS, ContributionForm
from app.services.requests.page import PartnerEntry
from app.services.site import Site
from app.store import job
from app.store.assessment import Assessment
from app.store.evidence.pieces import Evidence
from app.store.history.events import HistoryEvent
from app.store.job import Job
from app.store.request import Contribution, EvidenceRequest, Partner
from tests import world
from tests.conftest import Box, WhoIs
from tests.world import World

PDF = b"%PDF-1.7\nThe agreement of March.\n%%EOF\n"
NOTE = EvidenceEntry(EvidenceKind.NOTE, title="We meet weekly.", note="We meet weekly.")
LINK = EvidenceEntry(EvidenceKind.LINK, url="https://partner.example/plan")


def token_of(site: Site, request_id: int) -> str:
    with site.database.reading() as session:
        return request.request_link(site, session.get_one(EvidenceRequest, request_id)).rpartition("/")[2]


@pytest.fixture
def token(site: Site, seeded: World) -> str:
    return token_of(site, seeded.alpha.requests["partner"])


def sending(
    *entries: EvidenceEntry, files: dict[str, bytes] | None = None, name: str = "Ana Souza"
) -> ContributionForm:
    uploads = tuple(IncomingFile(known, BytesIO(content)) for known, content in (files or {}).items())
    return ContributionForm(name, "Director", True, entries, uploads, advised=True)


def contributions(site: Site, seeded: World) -> list[Contribution]:
    """Those after the one that the world has."""
    with site.database.reading() as session:
        query = select(Contribution).where(Contribution.city_id == seeded.alpha.id).order_by(col(Contribution.id))
        return list(session.exec(query))[1:]


def kept(site: Site) -> set[str]:
    """What is in storage."""
    return set(map(attrgetter("key"), site.storage.list_files()))


def decide(site: Site, by: Who, row: Contribution, decision: str, reason: str = "") -> str:
    with site.database.writing() as session:
        return inbox.decide_contribution(Desk(session, site, by), row.id, decision, reason)


def change(site: Site, request_id: int, **values: object) -> None:
    with site.database.writing() as session:
        row = session.get_one(EvidenceRequest, request_id)
        for name, value in values.items():
            setattr(row, name, value)
        session.add(row)


def verbs(site: Site, seeded: World) -> list[str]:
    with site.database.reading() as session:
        query = select(HistoryEvent.verb).where(HistoryEvent.city_id == seeded.alpha.id).order_by(col(HistoryEvent.id))
        return list(session.exec(query))


# the link


def test_the_link_shows_its_request_and_nothing_else(site: Site, token: str) -> None:
    with site.database.reading() as session:
        page = contribution.load_partner_page(session, site, token)
    assert (page.partner, page.what, page.language) == ("The Collaborative", "Your agreement.", "es")
    assert [line.title for line in page.sent] == ["We meet monthly."]


def test_a_link_of_one_city_never_shows_the_other(site: Site, seeded: World) -> None:
    found = []
    for city in (seeded.alpha, seeded.beta):
        with site.database.reading() as session:
            found.append(contribution.load_partner_page(session, site, token_of(site, city.requests["partner"])).city)
    assert found == ["Alpha City", "Beta Town"]


@pytest.mark.parametrize("wrong", ["", "nonsense", "{token}x", "x{token}"])
def test_a_forged_link_opens_nothing(site: Site, seeded: World, token: str, wrong: str) -> None:
    forged = wrong.format(token=token)
    with site.database.reading() as session, pytest.raises(NotFound):
        contribution.load_partner_page(session, site, forged)
    with pytest.raises(NotFound):
        contribution.receive_contribution(site, forged, sending(NOTE))
    assert contributions(site, seeded) == []


@pytest.mark.parametrize(
    "ended",
    [
        {"state": "closed"},
        {"nonce": "another"},
        {"expires_at": datetime(2026, 1, 1, tzinfo=UTC)},
        {"partner_id": None},
    ],
)
def test_a_link_that_has_ended_opens_nothing(site: Site, seeded: World, token: str, ended: dict[str, object]) -> None:
    change(site, seeded.alpha.requests["partner"], **ended)
    with pytest.raises(NotFound):
        contribution.receive_contribution(site, token, sending(NOTE))
    assert contributions(site, seeded) == []


def test_a_request_to_a_department_has_no_link_that_opens(site: Site, seeded: World) -> None:
    inside = seeded.alpha.requests["department"]
    with site.database.reading() as session, pytest.raises(NotFound):
        contribution.load_partner_page(session, site, token_of(site, inside))


def test_a_new_link_ends_the_old_one(site: Site, seeded: World, token: str, who: WhoIs) -> None:
    reviewer, number = who("reviewer"), seeded.alpha.requests["partner"]
    with site.database.writing() as session:
        request_asking.renew_link(Desk(session, site, reviewer), number, 1)
    fresh = token_of(site, number)
    with site.database.reading() as session:
        assert contribution.load_partner_page(session, site, fresh).partner == "The Collaborative"
        with pytest.raises(NotFound):
            contribution.load_partner_page(session, site, token)
    with site.database.writing() as session, pytest.raises(Conflict):
        request_asking.renew_link(Desk(session, site, reviewer), number, 1)


# sending


def test_all_that_came_with_one_form_waits_in_the_inbox(site: Site, seeded: World, token: str, who: WhoIs) -> None:
    assert contribution.receive_contribution(site, token, sending(NOTE, LINK, files={"agreement.pdf": PDF})) == ()
    rows = contributions(site, seeded)
    assert [(row.kind, row.title, row.state) for row in rows] == [
        ("note", "We meet weekly.", "waiting"),
        ("link", "partner.example/plan", "waiting"),
        ("file", "agreement", "waiting"),
    ]
    assert {(row.name, row.role, row.may_quote) for row in rows} == {("Ana Souza", "Director", True)}
    with site.database.reading() as session:
        waiting = inbox.load_inbox(Desk(session, site, who("reviewer"))).waiting
        assert session.exec(select(Evidence).where(Evidence.city_id == seeded.alpha.id)).all()[-1].title != "agreement"
    assert [one.contribution.title for one in waiting][1:] == [row.title for row in rows]
    assert verbs(site, seeded)[-1] == "contribution_received"


MANY = sending(files={f"{number}.txt": b"A word." for number in range(11)})


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        (sending(), {""}),
        (sending(name=" "), {"", "name"}),
        (sending(EvidenceEntry(EvidenceKind.LINK, url="javascript:alert(1)"), NOTE, name=" "), {"name", "url"}),
        (
            sending(NOTE, EvidenceEntry(EvidenceKind.FIGURE, title="Visits", source="Our count")),
            {"current_value"},
        ),
        (MANY, {"file"}),
    ],
)
def test_where_something_is_wrong_all_of_it_is_said_and_nothing_is_kept(
    site: Site, seeded: World, token: str, wrong: ContributionForm, fields: set[str]
) -> None:
    with pytest.raises(Invalid) as problem:
        contribution.receive_contribution(site, token, wrong)
    assert set(problem.value.fields) >= fields
    assert contributions(site, seeded) == []


def test_a_file_that_cannot_be_kept_takes_none_of_the_others_away(site: Site, seeded: World, token: str) -> None:
    came = sending(NOTE, files={"a.pdf": PDF, "run.exe": b"MZ\x90\x00", "empty.txt": b""})
    refused = contribution.receive_contribution(site, token, came)
    assert [str(one).partition(":")[0] for one in refused] == ["run.exe", "empty.txt"]
    assert [row.title for row in contributions(site, seeded)] == ["We meet weekly.", "a"]


def test_where_no_file_can_be_kept_the_record_says_nothing(site: Site, seeded: World, token: str) -> None:
    before = verbs(site, seeded)
    assert len(contribution.receive_contribution(site, token, sending(files={"run.exe": b"MZ\x90\x00"}))) == 1
    assert verbs(site, seeded) == before


def test_what_was_not_asked_for_is_not_taken(site: Site, seeded: World, token: str) -> None:
    change(site, seeded.alpha.requests["partner"], forms="note")
    with pytest.raises(Invalid):
        contribution.receive_contribution(site, token, sending(NOTE, LINK))
    assert contributions(site, seeded) == []


def test_a_request_that_ends_while_files_come_leaves_no_file_behind(
    site: Site, seeded: World, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The end falls between the storing and the rows, where a slow file leaves it time."""
    before = kept(site)
    stored = contribution._store_files

    def end_after(*given: Any) -> Any:
        done = stored(*given)
        change(site, seeded.alpha.requests["partner"], state="closed")
        return done

    monkeypatch.setattr(contribution, "_store_files", end_after)
    with pytest.raises(NotFound):
        contribution.receive_contribution(site, token, sending(files={"agreement.pdf": PDF}))
    assert kept(site) == before


def test_too_many_sendings_of_one_request_within_an_hour_are_refused(site: Site, seeded: World, token: str) -> None:
    for _ in range(MOST_FORMS):
        contribution.receive_contribution(site, token, sending(NOTE))
    with called_by(Caller("198.51.100.9")):
        for same in (token, token_of(site, seeded.alpha.requests["partner"])):
            with pytest.raises(TooManyAttempts, match="Try again in 60 minutes"):
                contribution.receive_contribution(site, same, sending(NOTE))
    other = token_of(site, seeded.beta.requests["partner"])
    contribution.receive_contribution(site, other, sending(NOTE))  # behind one address sit many partners
    assert len(contributions(site, seeded)) == MOST_FORMS


def test_what_is_refused_counts_too(site: Site, token: str) -> None:
    for _ in range(MOST_FORMS):
        contribution.receive_contribution(site, token, sending(files={"run.exe": b"MZ\x90\x00"}))
    with pytest.raises(TooManyAttempts):
        contribution.receive_contribution(site, token, sending(NOTE))


# deciding


def test_what_is_accepted_becomes_evidence_that_says_where_it_is_from(
    site: Site, seeded: World, token: str, who: WhoIs
) -> None:
    contribution.receive_contribution(site, token, sending(files={"agreement.pdf": PDF}))
    reviewer = who("reviewer")
    decide(site, reviewer, contributions(site, seeded)[0], "accepted")
    (row,) = contributions(site, seeded)
    with site.database.reading() as session:
        page = evidence.load_piece_page(Desk(session, site, reviewer), row.evidence_id or 0)
        asked = session.get_one(EvidenceRequest, seeded.alpha.requests["partner"])
        assert b"".join(opening.download_file(Desk(session, site, reviewer), row.evidence_id or 0).chunks) == PDF
    assert (page.partner, page.piece.contributed_by) == ("The Collaborative", "Ana Souza, Director")
    assert page.piece.contributed_on is not None
    assert page.piece.may_quote
    assert [support.criterion.code for support in page.supports] == ["BF3"]
    assert asked.state == "fulfilled"
    assert verbs(site, seeded)[-1] == "contribution_decided"


def test_what_is_accepted_after_the_end_leaves_the_link_shut(site: Site, seeded: World, token: str, who: WhoIs) -> None:
    contribution.receive_contribution(site, token, sending(NOTE))
    reviewer = who("reviewer")
    with site.database.writing() as session:
        request_asking.close_request(Desk(session, site, reviewer), seeded.alpha.requests["partner"], 1)
    decide(site, reviewer, contributions(site, seeded)[0], "accepted")
    assert contributions(site, seeded)[0].evidence_id
    with site.database.reading() as session, pytest.raises(NotFound):
        contribution.load_partner_page(session, site, token)


def test_it_is_decided_once(site: Site, seeded: World, token: str, who: WhoIs) -> None:
    contribution.receive_contribution(site, token, sending(NOTE))
    reviewer = who("reviewer")
    (row,) = contributions(site, seeded)
    decide(site, reviewer, row, "rejected", "It is of another city.")
    with pytest.raises(Refused):
        decide(site, reviewer, row, "accepted")
    with site.database.reading() as session:
        page = contribution.load_partner_page(session, site, token)
    assert [str(line.word) for line in page.sent][-1] == "Not used"
    assert page.sent[-1].reason == "It is of another city."


@pytest.mark.parametrize("decision", ["", "waiting", "deleted"])
def test_only_the_three_decisions_exist(site: Site, seeded: World, token: str, decision: str, who: WhoIs) -> None:
    contribution.receive_contribution(site, token, sending(NOTE))
    with pytest.raises(Invalid):
        decide(site, who("reviewer"), contributions(site, seeded)[0], decision, "Because.")


def test_nothing_is_decided_on_without_a_reason_or_by_another_city(
    site: Site, seeded: World, token: str, who: WhoIs
) -> None:
    contribution.receive_contribution(site, token, sending(NOTE))
    (row,) = contributions(site, seeded)
    with pytest.raises(Invalid) as problem:
        decide(site, who("reviewer"), row, "returned", " ")
    assert list(problem.value.fields) == ["reason"]
    with pytest.raises(NotFound):
        decide(site, who("admin", "beta"), row, "accepted")
    assert contributions(site, seeded)[0].state == "waiting"


@pytest.mark.parametrize("code", ["DM2", "LC5", "XX1"])
def test_what_its_criterion_cannot_take_in_now_waits_in_the_library(
    site: Site, seeded: World, token: str, code: str, who: WhoIs
) -> None:
    """In review, decided as not met, or not in this edition: the partner's answer is accepted all the same."""
    contribution.receive_contribution(site, token, sending(NOTE))
    reviewer = who("reviewer")
    change(site, seeded.alpha.requests["partner"], criterion=code)
    assert decide(site, reviewer, contributions(site, seeded)[0], "accepted") == "kept"
    (row,) = contributions(site, seeded)
    with site.database.reading() as session:
        page = evidence.load_piece_page(Desk(session, site, reviewer), row.evidence_id or 0)
    assert (row.state, page.piece.title, page.supports) == ("accepted", "We meet weekly.", ())
    assert "evidence_kept" in verbs(site, seeded)


def test_on_a_criterion_that_is_met_an_accepted_answer_is_a_renewal(
    site: Site, seeded: World, token: str, who: WhoIs
) -> None:
    contribution.receive_contribution(site, token, sending(NOTE))
    change(site, seeded.alpha.requests["partner"], criterion="LC4")
    assert decide(site, who("reviewer"), contributions(site, seeded)[0], "accepted") == "accepted"
    (row,) = contributions(site, seeded)
    with site.database.reading() as session:
        desk = Desk(session, site, who("reviewer"))
        supports = evidence.load_piece_page(desk, row.evidence_id or 0).supports
        stand = load_overview(session, site, desk.who.city, "en").stand_of("LC4")
    assert len(supports) == 1
    assert (stand.met, stand.renewal) == (True, RenewalState.WAITING)


def test_a_request_of_an_earlier_assessment_is_answered_shown_and_ended(
    site: Site, seeded: World, token: str, who: WhoIs
) -> None:
    reviewer, number = who("reviewer"), seeded.alpha.requests["partner"]
    with site.database.writing() as session:
        old = session.get_one(Assessment, seeded.alpha.assessment_id)
        old.state = "closed"
        session.add(old)
        session.add(Assessment(city_id=seeded.alpha.id, edition=old.edition, name="The next one", previous_id=old.id))
    contribution.receive_contribution(site, token, sending(NOTE))
    with site.database.reading() as session:
        assert number in {line.request.id for line in request.list_requests(Desk(session, site, reviewer)).lines}
        assert request.load_request(Desk(session, site, reviewer), number).criterion.code == "BF3"
    with site.database.writing() as session:
        request_asking.close_request(Desk(session, site, reviewer), number, 1)
    with site.database.reading() as session:
        with pytest.raises(NotFound):
            contribution.load_partner_page(session, site, token)
        assert number not in {line.request.id for line in request.list_requests(Desk(session, site, reviewer)).lines}


def test_the_inbox_says_what_a_file_seems_to_hold(site: Site, token: str, who: WhoIs) -> None:
    letter = b"Dear Ana Soto,\nyour number is 123-45-6789.\n"
    contribution.receive_contribution(site, token, sending(files={"letter.txt": letter}))
    world.run_jobs(site)
    with site.database.reading() as session:
        waiting = inbox.load_inbox(Desk(session, site, who("reviewer"))).waiting
    assert [found.example for found in waiting[-1].personal] == ["***-**-6789"]
    assert waiting[0].personal == ()


# asking, and letters


def asking(**more: object) -> RequestEntry:
    given = {"code": "BF2", "item": "", "what": "A figure.", "why": "To show it.", "forms": ("figure",), "due_on": None}
    return RequestEntry(**{**given, "language": "es", **more})  # type: ignore[arg-type]


def ask(site: Site, by: Who, *to: str, sent: bool = True, **more: object) -> int:
    with site.database.writing() as session:
        return request_asking.write_requests(Desk(session, site, by), asking(**more), to, sent=sent)[0]


def test_a_link_ends_two_weeks_after_the_date(site: Site, seeded: World, who: WhoIs) -> None:
    reviewer = who("reviewer")
    due_on = reviewer.today + timedelta(days=10)
    number = ask(site, reviewer, f"partner-{seeded.alpha.partner_id}", due_on=due_on)
    with site.database.reading() as session:
        ends = session.get_one(EvidenceRequest, number).expires_at
    assert ends
    assert abs(ends.date() - due_on - timedelta(days=14)) <= timedelta(days=1)


@pytest.mark.parametrize("to", ["", "partner-", "partner-99999", "department-0", "partner-x", "{beta}"])
def test_nobody_of_another_city_is_asked(site: Site, seeded: World, to: str, who: WhoIs) -> None:
    named = to.format(beta=f"partner-{seeded.beta.partner_id}")
    with pytest.raises(Invalid) as problem:
        ask(site, who("reviewer"), named)
    assert list(problem.value.fields) == ["to"]


def test_a_department_says_that_it_has_answered_and_no_other_department_does(
    site: Site, seeded: World, who: WhoIs
) -> None:
    number = seeded.alpha.requests["department"]
    with site.database.writing() as session, pytest.raises(NotAllowed):
        request_asking.mark_done(Desk(session, site, who("colleague")), number, 1)
    with site.database.writing() as session:
        request_asking.mark_done(Desk(session, site, who("lead")), number, 1)
    with site.database.reading() as session:
        assert session.get_one(EvidenceRequest, number).state == "fulfilled"


def with_mail(site: Site, seeded: World) -> None:
    with site.database.writing() as session:
        row = session.get_one(Partner, seeded.alpha.partner_id)
        row.email = "ana@partner.example"
        session.add(row)


@pytest.mark.only_sqlite
def test_the_partner_gets_a_letter_a_receipt_and_an_answer_in_its_own_language(
    site: Site, seeded: World, box: Box, who: WhoIs
) -> None:
    with_mail(site, seeded)
    reviewer = who("reviewer")
    number = ask(site, reviewer, f"partner-{seeded.alpha.partner_id}", forms=("note",))
    world.run_jobs(site)
    letter = box.mails["ana@partner.example"]
    assert "Hola, Ana:" in letter or "Hola Ana" in letter
    assert letter.rstrip().endswith("solo el programa otorga la certificación.")
    link = next(line for line in letter.splitlines() if "/contribute/" in line).rpartition("/")[2]
    assert link.partition(".")[0] == token_of(site, number).partition(".")[0], (
        "the same request, though signed a second later"
    )

    contribution.receive_contribution(site, link, sending(NOTE))
    world.run_jobs(site)
    assert "ha recibido" in box.mails["ana@partner.example"]

    (row,) = contributions(site, seeded)
    decide(site, reviewer, row, "returned", "¿De qué año es?")
    world.run_jobs(site)
    assert "¿De qué año es?" in box.mails["ana@partner.example"]


@pytest.mark.only_sqlite
def test_a_request_that_was_ended_meanwhile_sends_no_letter(site: Site, seeded: World, box: Box, who: WhoIs) -> None:
    with_mail(site, seeded)
    reviewer = who("reviewer")
    number = ask(site, reviewer, f"partner-{seeded.alpha.partner_id}")
    with site.database.writing() as session:
        request_asking.close_request(Desk(session, site, reviewer), number, 1)
    world.run_jobs(site)
    assert box.mails == {}
    with site.database.reading() as session:
        assert [row.state for row in session.exec(select(Job).where(Job.kind == "request.mail"))] == ["done"]


def test_one_form_asks_several_and_each_gets_a_link_of_its_own(site: Site, seeded: World, who: WhoIs) -> None:
    reviewer = who("reviewer")
    with site.database.writing() as session:
        other = request.add_partner(Desk(session, site, reviewer), PartnerEntry("The Library Friends", "", "", "en"))
    to = (
        f"partner-{seeded.alpha.partner_id}",
        f"partner-{other}",
        f"partner-{other}",
        f"department-{seeded.alpha.departments['works']}",
    )
    with site.database.writing() as session:
        made = request_asking.write_requests(Desk(session, site, reviewer), asking(), to, sent=True)
    with site.database.reading() as session:
        rows = [session.get_one(EvidenceRequest, number) for number in made]
    assert [bool(row.partner_id) for row in rows] == [True, True, False]
    assert len({row.nonce for row in rows}) == 3
    assert rows[2].nonce == "", "a department needs no link"


@pytest.mark.only_sqlite
def test_an_open_request_is_seen_by_nobody_until_it_is_sent(site: Site, seeded: World, box: Box, who: WhoIs) -> None:
    with_mail(site, seeded)
    reviewer, lead = who("reviewer"), who("lead")
    number = ask(site, reviewer, f"partner-{seeded.alpha.partner_id}", sent=False)
    inside = ask(site, reviewer, f"department-{min(lead.departments)}", sent=False)
    early = token_of(site, number)
    world.run_jobs(site)
    assert box.mails == {}
    with site.database.reading() as session:
        assert inside not in {line.request.id for line in request.list_department_requests(Desk(session, site, lead))}
        with pytest.raises(NotFound):
            contribution.load_partner_page(session, site, early)

    with site.database.writing() as session:
        request_asking.change_request(Desk(session, site, reviewer), number, asking(what="Two figures."), 1)
        request_asking.send_request(Desk(session, site, reviewer), number, 2)
        request_asking.send_request(Desk(session, site, reviewer), inside, 1)
    world.run_jobs(site)
    assert "Two figures." in box.mails["ana@partner.example"]
    with site.database.reading() as session:
        assert contribution.load_partner_page(session, site, token_of(site, number)).what == "Two figures."
        with pytest.raises(NotFound):
            contribution.load_partner_page(session, site, early)
        assert inside in {line.request.id for line in request.list_department_requests(Desk(session, site, lead))}
    with site.database.writing() as session, pytest.raises(Refused):
        request_asking.change_request(Desk(session, site, reviewer), number, asking(what="Three figures."), 3)


def test_an_open_request_whose_date_is_over_is_not_sent(site: Site, seeded: World, who: WhoIs) -> None:
    reviewer = who("reviewer")
    number = ask(site, reviewer, f"partner-{seeded.alpha.partner_id}", sent=False)
    change(site, number, due_on=date(2020, 1, 1))
    with site.database.writing() as session, pytest.raises(Refused, match="another one"):
        request_asking.send_request(Desk(session, site, reviewer), number, 1)


def test_an_ended_request_is_asked_again_with_a_new_link(site: Site, seeded: World, token: str, who: WhoIs) -> None:
    reviewer, number = who("reviewer"), seeded.alpha.requests["partner"]
    with site.database.writing() as session:
        request_asking.close_request(Desk(session, site, reviewer), number, 1)
    with site.database.reading() as session, pytest.raises(NotFound):
        contribution.load_partner_page(session, site, token)
    due_on = reviewer.today + timedelta(days=30)
    with site.database.writing() as session:
        request_asking.ask_until(Desk(session, site, reviewer), number, due_on, 2)
    with site.database.reading() as session:
        assert contribution.load_partner_page(session, site, token_of(site, number)).due_on == due_on
        with pytest.raises(NotFound):
            contribution.load_partner_page(session, site, token)


def test_a_later_date_keeps_the_link_and_lets_it_open_longer(site: Site, seeded: World, token: str, who: WhoIs) -> None:
    reviewer, number = who("reviewer"), seeded.alpha.requests["partner"]
    due_on = reviewer.today + timedelta(days=300)
    with site.database.writing() as session:
        request_asking.ask_until(Desk(session, site, reviewer), number, due_on, 1)
    with site.database.reading() as session:
        assert contribution.load_partner_page(session, site, token).due_on == due_on
        ends = session.get_one(EvidenceRequest, number).expires_at
    assert ends
    assert due_on < ends.date() < due_on + timedelta(days=30)


def test_a_date_that_is_over_is_no_new_date(site: Site, seeded: World, who: WhoIs) -> None:
    reviewer, number = who("reviewer"), seeded.alpha.requests["partner"]
    with site.database.writing() as session, pytest.raises(Invalid):
        request_asking.ask_until(Desk(session, site, reviewer), number, reviewer.today - timedelta(days=1), 1)


@pytest.mark.only_sqlite
def test_a_reminder_brings_the_same_link(site: Site, seeded: World, box: Box, token: str, who: WhoIs) -> None:
    with_mail(site, seeded)
    with site.database.writing() as session:
        request_asking.send_reminder(Desk(session, site, who("reviewer")), seeded.alpha.requests["partner"], 1)
    world.run_jobs(site)
    link = next(line for line in box.mails["ana@partner.example"].splitlines() if "/contribute/" in line)
    with site.database.reading() as session:
        assert contribution.load_partner_page(session, site, token).what == "Your agreement."
        assert contribution.load_partner_page(session, site, link.rpartition("/")[2]).what == "Your agreement."


# thanks


def test_partners_are_listed_with_what_was_accepted_from_them(
    site: Site, seeded: World, token: str, who: WhoIs
) -> None:
    reviewer = who("reviewer")
    contribution.receive_contribution(site, token, sending(NOTE, LINK))
    for row, decision in zip(contributions(site, seeded), ("accepted", "rejected"), strict=True):
        decide(site, reviewer, row, decision, "Because.")
    with site.database.reading() as session:
        (line,) = request.list_partners(Desk(session, site, reviewer)).lines
    assert (line.partner.name, line.accepted, line.asked) == ("The Collaborative", (("We meet weekly.", "BF3"),), 2)


def test_a_partner_is_added_once(site: Site, who: WhoIs) -> None:
    with site.database.writing() as session, pytest.raises(Invalid):
        request.add_partner(Desk(session, site, who("reviewer")), PartnerEntry("the collaborative", "", "", "en"))


def test_a_partner_s_address_is_mended_and_its_name_stays_its_own(site: Site, seeded: World, who: WhoIs) -> None:
    reviewer, number = who("reviewer"), seeded.alpha.partner_id
    with site.database.writing() as session:
        request.change_partner(
            Desk(session, site, reviewer), number, PartnerEntry("The Collaborative", "Ana", "ana@new.example", "es"), 1
        )
    with site.database.reading() as session:
        assert session.get_one(Partner, number).email == "ana@new.example"
    with site.database.writing() as session, pytest.raises(Conflict):
        request.change_partner(Desk(session, site, reviewer), number, PartnerEntry("Another", "", "", "es"), 1)
    with site.database.writing() as session, pytest.raises(Invalid) as problem:
        request.change_partner(Desk(session, site, reviewer), number, PartnerEntry("", "", "nonsense", "xx"), 2)
    assert set(problem.value.fields) == {"name", "email", "language"}
    with site.database.writing() as session, pytest.raises(NotFound):
        request.change_partner(
            Desk(session, site, reviewer), seeded.beta.partner_id, PartnerEntry("Ours", "", "", "es"), 1
        )


def test_a_late_request_comes_first_and_says_so(site: Site, seeded: World, who: WhoIs) -> None:
    change(site, seeded.alpha.requests["department"], due_on=date(2020, 1, 1))
    with site.database.reading() as session:
        lines = request.list_requests(Desk(session, site, who("reviewer"))).lines
    assert [(line.to, line.late) for line in lines] == [
        ("Finance", True),
        ("The Collaborative", False),
        ("The Collaborative", False),
    ]
    assert [line.state for line in lines] == ["sent", "sent", "open"]


def test_what_a_partner_sends_keeps_its_name_whoever_had_the_same_content(
    site: Site, seeded: World, token: str, who: WhoIs
) -> None:
    lead, reviewer = who("lead"), who("reviewer")
    entry = EvidenceEntry(EvidenceKind.FILE, visibility="restricted")
    adding.add_files(site, lead, "LC1", entry, [IncomingFile("About Ann.pdf", BytesIO(PDF))])
    contribution.receive_contribution(site, token, sending(files={"agreement.pdf": PDF}))
    (row,) = contributions(site, seeded)
    with site.database.reading() as session:
        assert inbox.open_contribution_file(Desk(session, site, reviewer), row.id).name == "agreement.pdf"
        assert row.file_name == "agreement.pdf"
    decide(site, reviewer, row, "accepted")
    (row,) = contributions(site, seeded)
    with site.database.reading() as session:
        assert opening.download_file(Desk(session, site, reviewer), row.evidence_id or 0).name == "agreement.pdf"


def test_of_many_files_through_a_link_the_first_are_read_ahead_and_the_others_as_evidence(
    site: Site, seeded: World, token: str, monkeypatch: pytest.MonkeyPatch, who: WhoIs
) -> None:
    monkeypatch.setattr(contribution, "READ_AHEAD", 3)
    for number in range(3):
        files = {f"{number}-{each}.txt": f"Minutes {number} {each}".encode() for each in range(2)}
        contribution.receive_contribution(site, token, sending(files=files))
    with site.database.reading() as session:
        read = job.load_open_values(session, JobKind.READ_FILE, "file")
    rows = contributions(site, seeded)
    assert [row.file_id in read for row in rows] == [True] * 3 + [False] * 3
    decide(site, who("reviewer"), rows[-1], "accepted")
    with site.database.reading() as session:
        assert rows[-1].file_id in job.load_open_values(session, JobKind.READ_FILE, "file")
