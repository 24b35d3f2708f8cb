"""Invitations: an account belongs to its person, whatever the administrators of cities do. And who counts as two people."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlmodel import Session, col, select

from app.adapters import passwords
from app.rules.account.invitation import OfferStep
from app.rules.errors import Invalid, NotFound, Refused
from app.rules.installation.job import MOST_ATTEMPTS, JobKind, JobLane, JobState
from app.rules.people.permissions import Role
from app.services import retention
from app.services.account import passphrase
from app.services.account.sessions import SignInRequired, identify_member
from app.services.desk import Desk, Who
from app.services.people import invitation, members
from app.services.people.invitation import PersonalLink
from app.services.people.offer import OfferPage, accept_invitation, create_account, decline_invitation, load_offer
from app.services.review import deciding
from app.services.review.queue import ReviewFilters
from app.services.site import Site
from app.store.account.invitation import Invitation
from app.store.evidence.pieces import Evidence
from app.store.history import events as history
from app.store.history.events import HistoryEvent
from app.store.job import Job
from app.store.people import Membership, Person, find_person_by_email
from app.store.response import Response
from tests import world
from tests.conftest import Box, WhoIs
from tests.world import CityWorld, World

WORDS = "ferry lantern onion bicycle"
OTHER_WORDS = "velvet pepper canyon walnut"


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    slow = passwords.hash_passphrase
    monkeypatch.setattr(passwords, "hash_passphrase", lambda text: slow(text, "quick"))


@pytest.fixture
def admin(who: WhoIs) -> Who:
    return who("admin")


@pytest.fixture
def foreign(who: WhoIs) -> Who:
    """The administrator of the other city."""
    return who("admin", "beta")


def invite(site: Site, who: Who, email: str = "new@alpha.example", role: str = "lead", **more: Any) -> PersonalLink:
    given = {"name": "Nora New", "email": email, "role": role, "departments": []} | more
    with site.database.writing() as session:
        return invitation.invite_person(session, site, who.city, who.person_id, **given)


def token_of(given: PersonalLink | str | None) -> str:
    link = given.link if isinstance(given, PersonalLink) else given
    assert link
    return link.rpartition("/")[2]


def offer(site: Site, token: str, session_token: str | None = None) -> OfferPage:
    with site.database.reading() as session:
        return load_offer(session, site, token, session_token)


def choose(site: Site, token: str, words: str = WORDS, name: str = "Nora New") -> None:
    create_account(site, token, name=name, pass_phrase=words, again=words)


def accept(site: Site, token: str, session_token: str | None) -> tuple[str, Role]:
    with site.database.writing() as session:
        return accept_invitation(session, site, token, session_token)


def person(site: Site, email: str) -> Person | None:
    with site.database.reading() as session:
        return find_person_by_email(session, email)


def has_account(site: Site, email: str, words: str = WORDS) -> Person:
    """Give the person of the world a passphrase."""
    with site.database.writing() as session:
        found = find_person_by_email(session, email)
        assert found
        found.pass_phrase_hash = passwords.hash_passphrase(words)
        session.add(found)
    return found


def emails(site: Site, who: Who) -> set[str]:
    with site.database.reading() as session:
        page = members.list_people(Desk(session, site, who))
    return {member.email for member in page.members + page.left}


def invited(site: Site, who: Who) -> dict[str, Any]:
    with site.database.reading() as session:
        return {line.email: line for line in members.list_people(Desk(session, site, who)).invited}


def events(site: Site, who: Who) -> list[HistoryEvent]:
    with site.database.reading() as session:
        return history.list_events(session, who.city_id)


def mails(site: Site) -> list[Job]:
    with site.database.reading() as session:
        return list(session.exec(select(Job).where(Job.kind == JobKind.SEND_INVITATION)))


def link_in(letter: str) -> str:
    found = re.search(r"http://testserver/\w+/(\S+)", letter)
    assert found
    return found[1]


def test_somebody_new_chooses_a_name_and_a_passphrase_and_joins(site: Site, admin: Who, seeded: World) -> None:
    works = seeded.alpha.departments["works"]
    token = token_of(invite(site, admin, email=" New@Alpha.Example ", departments=[str(works)]))
    page = offer(site, token)
    assert (page.step, page.name, page.email, page.role) == (
        OfferStep.CHOOSE,
        "Nora New",
        "new@alpha.example",
        Role.LEAD,
    )
    assert invited(site, admin)["new@alpha.example"].departments == ("Public Works",)
    choose(site, token, name="Nora  Nuñez")
    found = person(site, "new@alpha.example")
    assert found
    assert (found.name, passwords.verify_passphrase(found.pass_phrase_hash, WORDS, "quick")) == ("Nora Nuñez", True)
    with site.database.reading() as session:
        who = identify_member(session, world.sign_in(site, found.id), "alpha", None)
    assert (who.role, who.departments) == (Role.LEAD, frozenset({works}))
    assert invited(site, admin) == {}
    verbs = [event.verb for event in events(site, admin)]
    assert verbs[:2] == ["invitation_accepted", "invitation_shown"]
    with pytest.raises(NotFound):
        offer(site, token)
    with pytest.raises(NotFound):
        choose(site, token, OTHER_WORDS)


@pytest.mark.only_sqlite
def test_others_may_save_while_a_passphrase_is_being_hashed(
    site: Site, admin: Who, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, hash_it = token_of(invite(site, admin)), passwords.hash_passphrase

    def hash_while_others_save(text: str) -> str:
        with ThreadPoolExecutor(1) as others:
            others.submit(invite, site, admin, "meanwhile@alpha.example").result()
        return hash_it(text)

    monkeypatch.setattr(passwords, "hash_passphrase", hash_while_others_save)
    choose(site, token)
    assert "new@alpha.example" in emails(site, admin)


def test_inviting_somebody_twice_is_refused(site: Site, admin: Who) -> None:
    invite(site, admin)
    with pytest.raises(Invalid, match="invited already"):
        invite(site, admin)
    with pytest.raises(Invalid, match="belongs to the city already"):
        invite(site, admin, email="lead@alpha.example")


def test_of_two_clicks_at_the_same_moment_one_invites(site: Site, admin: Who) -> None:
    together = Barrier(2)

    def attempt(_: int) -> str:
        together.wait()
        try:
            invite(site, admin)
        except Invalid:
            return "refused"
        return "invited"

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(attempt, range(2))) == ["invited", "refused"]


def test_of_two_answers_at_the_same_moment_one_joins(site: Site, admin: Who, seeded: World) -> None:
    has_account(site, "lead@beta.example")
    token, together = token_of(invite(site, admin, email="lead@beta.example")), Barrier(2)
    sessions = [world.sign_in(site, seeded.beta.people["lead"]) for _ in range(2)]

    def attempt(session_token: str) -> str:
        together.wait()
        try:
            accept(site, token, session_token)
        except NotFound:
            return "refused"
        return "joined"

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(attempt, sessions)) == ["joined", "refused"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"email": "no address"}, "email"),
        ({"email": "a@b.example,c@d.example"}, "email"),
        ({"name": "  "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"role": "owner"}, "role"),
        ({"departments": ["999999"]}, "departments"),
        ({"departments": ["1; DROP"]}, "departments"),
    ],
)
def test_what_cannot_be_taken_is_said_at_its_field(site: Site, admin: Who, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as problem:
        invite(site, admin, **wrong)
    assert field in problem.value.fields
    assert invited(site, admin) == {}


def test_a_department_of_another_city_is_refused(site: Site, admin: Who, seeded: World) -> None:
    with pytest.raises(Invalid):
        invite(site, admin, departments=[str(seeded.beta.departments["finance"])])


def test_somebody_who_left_is_found_again_rather_than_invited(site: Site, seeded: World, admin: Who) -> None:
    with site.database.writing() as session:
        members.end_access(Desk(session, site, admin), seeded.alpha.memberships["lead"], 1)
    with pytest.raises(Invalid, match="before"):
        invite(site, admin, email="lead@alpha.example")


@pytest.mark.parametrize("mail", ["", "127.0.0.1"])
def test_an_administrator_learns_nothing_of_a_person_of_another_city(
    site: Site, admin: Who, foreign: Who, mail: str
) -> None:
    """The answers, the page, the record and the jobs are alike but for what was typed, whether there is an account or not."""
    site.settings = site.settings.model_copy(update={"smtp_host": mail})
    has_account(site, "lead@alpha.example")
    known = invite(site, foreign, email="lead@alpha.example", name="Typed Name")
    unknown = invite(site, foreign, email="mail@alpha.example", name="Typed Name")
    assert (known.name, known.mailed, known.link is None) == (unknown.name, unknown.mailed, unknown.link is None)
    lines = invited(site, foreign)
    first, second = lines["lead@alpha.example"], lines["mail@alpha.example"]
    assert (
        (first.name, first.role, first.is_old)
        == (second.name, second.role, second.is_old)
        == ("Typed Name", Role.LEAD, False)
    )
    assert "lead@alpha.example" not in emails(site, foreign)
    newest = events(site, foreign)[: 2 if mail else 4]
    assert {re.sub(r"\d+", "N", event.details) for event in newest if event.verb == "person_invited"} == {
        '{"departments": [], "invitation": N, "role": "lead"}'
    }
    assert [re.sub(r"\d+", "N", one.payload) for one in mails(site)] == (['{"invitation": N}'] * 2 if mail else [])


def test_a_link_never_sets_the_passphrase_of_an_account(site: Site, foreign: Who, seeded: World) -> None:
    """The take-over: a city invites a person of another city and opens the link that it was shown."""
    mine = has_account(site, "lead@alpha.example")
    session_token = world.sign_in(site, seeded.alpha.people["lead"])
    token = token_of(invite(site, foreign, email="lead@alpha.example", role="admin"))
    assert offer(site, token).step is OfferStep.SIGN_IN
    with pytest.raises(Refused, match="has an account"):
        choose(site, token, OTHER_WORDS, name="Mallory")
    with pytest.raises(Refused, match="Sign in"):
        accept(site, token, None)
    other = world.sign_in(site, seeded.beta.people["admin"])
    assert offer(site, token, other).signed_in_as == "admin@beta.example"
    with pytest.raises(Refused, match="Sign in"):
        accept(site, token, other)
    now = person(site, "lead@alpha.example")
    assert now
    assert (now.name, now.pass_phrase_hash, now.link_shown_to) == (mine.name, mine.pass_phrase_hash, None)
    with site.database.reading() as session:
        assert identify_member(session, session_token, "alpha", None).name == "Lead of Alpha City", (
            "nobody is signed out"
        )
    with pytest.raises(NotFound), site.database.reading() as session:
        identify_member(session, session_token, "beta", None)
    assert accept(site, token, session_token) == ("beta", Role.ADMIN)
    with site.database.reading() as session:
        assert identify_member(session, session_token, "beta", None).name == "Lead of Alpha City"
        assert identify_member(session, session_token, "alpha", None).role is Role.LEAD


def test_whoever_was_invited_first_elsewhere_is_nobodys_until_the_mailbox_says_so(
    site: Site, admin: Who, foreign: Who, box: Box
) -> None:
    """Each city has its own invitation; the first that is accepted begins the account, the second waits for its owner."""
    for who in (foreign, admin):
        invite(site, who, email="new@both.example", name=f"Typed in {who.city.name}")
        world.run_jobs(site)
        letter = box.mails["new@both.example"]
        assert who.city.name in letter
        if who is foreign:
            theirs = link_in(letter)
    ours = link_in(letter)
    assert person(site, "new@both.example") is None
    choose(site, ours, name="Nora of Both")
    assert "new@both.example" not in emails(site, foreign)
    found = person(site, "new@both.example")
    assert found
    with pytest.raises(Refused):
        choose(site, theirs, OTHER_WORDS)
    accept(site, theirs, world.sign_in(site, found.id))
    with site.database.reading() as session:
        names = {
            member.name
            for member in members.list_people(Desk(session, site, foreign)).members
            if member.email == "new@both.example"
        }
    assert names == {"Nora of Both"}


def test_a_link_that_was_shown_opens_no_account_that_another_city_has_begun(
    site: Site, foreign: Who, seeded: World
) -> None:
    """Someone of before invitations, who belongs to alpha and has no passphrase yet."""
    with site.database.writing() as session:
        waiting = session.get_one(Person, seeded.alpha.people["colleague"])
        waiting.pass_phrase_hash = None
    token = token_of(invite(site, foreign, email="colleague@alpha.example"))
    assert offer(site, token).step is OfferStep.ASK
    with pytest.raises(Refused):
        choose(site, token)
    with site.database.reading() as session:
        row = session.exec(select(Invitation)).one()
        mailed = token_of(invitation.invitation_link(site, row, None))
    assert offer(site, mailed).step is OfferStep.CHOOSE


def test_one_city_cannot_block_the_link_of_another(site: Site, admin: Who, foreign: Who) -> None:
    token = token_of(invite(site, admin, email="new@both.example"))
    theirs = invite(site, foreign, email="new@both.example")
    (waiting,) = invited(site, foreign).values()
    for _ in range(3):
        with site.database.writing() as session:
            theirs = invitation.renew_invitation(Desk(session, site, foreign), waiting.id)
    with site.database.writing() as session:
        invitation.withdraw_invitation(Desk(session, site, foreign), waiting.id)
    with pytest.raises(NotFound):
        offer(site, token_of(theirs))
    assert offer(site, token).step is OfferStep.CHOOSE
    with pytest.raises(NotFound), site.database.writing() as session:
        invitation.withdraw_invitation(Desk(session, site, foreign), invited(site, admin)["new@both.example"].id)


def test_a_new_link_ends_the_old_one_and_nothing_is_kept_of_who_declines(site: Site, admin: Who) -> None:
    old = token_of(invite(site, admin))
    with site.database.writing() as session:
        new = token_of(
            invitation.renew_invitation(Desk(session, site, admin), invited(site, admin)["new@alpha.example"].id)
        )
    with pytest.raises(NotFound):
        offer(site, old)
    with site.database.writing() as session:
        decline_invitation(session, site, new, None)
    with site.database.reading() as session:
        row = session.exec(select(Invitation)).one()
    assert (row.state, row.name, row.email) == ("declined", "", "")
    assert "Nora" not in "".join(event.details + event.subject for event in events(site, admin))


@pytest.mark.parametrize("forged", ["", "x", "a.b.c", "%00"])
def test_a_forged_link_opens_nothing(site: Site, seeded: World, forged: str) -> None:
    with pytest.raises(NotFound):
        offer(site, forged)


def test_with_a_mail_server_the_link_is_mailed_and_never_shown(site: Site, admin: Who, seeded: World) -> None:
    site.settings = site.settings.model_copy(update={"smtp_host": "mail.example"})
    given = invite(site, admin)
    with site.database.writing() as session:
        again = members.issue_link(Desk(session, site, admin), seeded.alpha.memberships["lead"])
    assert (given.link, given.mailed, again.link, again.mailed) == (None, True, None, True)
    with site.database.reading() as session:
        letters = select(Job.payload).where(Job.lane == JobLane.LETTERS).order_by(col(Job.id))
        payloads = list(session.exec(letters))
    assert [re.sub(r"\d+", "N", one) for one in payloads] == ['{"invitation": N}', '{"person": N}']


@pytest.mark.only_sqlite
def test_a_mail_that_the_server_does_not_take_is_tried_again_and_one_that_is_answered_is_not_sent(
    site: Site, admin: Who
) -> None:
    site.settings = site.settings.model_copy(update={"smtp_host": "127.0.0.1", "smtp_port": 9})
    invite(site, admin)
    world.run_jobs(site)
    (waiting,) = mails(site)
    assert (waiting.state, waiting.attempts) == (JobState.LATER, 1)
    assert MOST_ATTEMPTS > 1
    with site.database.writing() as session:
        invitation.withdraw_invitation(Desk(session, site, admin), invited(site, admin)["new@alpha.example"].id)
    invitation.send_invitation(site, admin.city_id, json.loads(waiting.payload))


# --- within one city: a link that was shown


def shown_link(site: Site, by: Who, alpha: CityWorld, role: str) -> str:
    with site.database.writing() as session:
        return token_of(members.issue_link(Desk(session, site, by), alpha.memberships[role]))


def stand(site: Site, alpha: CityWorld, by: int) -> None:
    """The person has proposed to dispose of a piece, and approved a figure."""
    with site.database.writing() as session:
        session.get_one(Evidence, alpha.evidence["proposed"]).disposal_by = by
        session.get_one(Evidence, alpha.evidence["figure"]).approved_by = by


def standing(session: Session, alpha: CityWorld) -> tuple[int | None, int | None]:
    proposed, figure = (session.get_one(Evidence, alpha.evidence[kind]) for kind in ("proposed", "figure"))
    return proposed.disposal_by, figure.approved_by


def test_a_link_that_was_shown_ends_what_its_person_has_approved_and_is_recorded(
    site: Site, admin: Who, seeded: World
) -> None:
    reviewer = seeded.alpha.people["reviewer"]
    has_account(site, "reviewer@alpha.example")
    stand(site, seeded.alpha, reviewer)
    session_token = world.sign_in(site, reviewer)
    passphrase.set_passphrase_by_link(site, shown_link(site, admin, seeded.alpha, "reviewer"), OTHER_WORDS, OTHER_WORDS)
    with site.database.reading() as session:
        assert standing(session, seeded.alpha) == (None, None)
    with pytest.raises(SignInRequired), site.database.reading() as session:
        identify_member(session, session_token, "alpha", None)
    ended, _, shown = events(site, admin)[:3]
    assert (ended.verb, shown.verb, shown.person_id) == ("standing_ended", "link_shown", admin.person_id)
    assert f'"shown_to": {admin.person_id}' in ended.details
    assert f'"person": {reviewer}' in shown.details


def test_through_the_mailbox_what_was_approved_stays(site: Site, admin: Who, seeded: World, box: Box) -> None:
    reviewer = seeded.alpha.people["reviewer"]
    has_account(site, "reviewer@alpha.example")
    stand(site, seeded.alpha, reviewer)
    passphrase.ask_for_link(site, "Reviewer@Alpha.example ")
    world.run_jobs(site)
    passphrase.set_passphrase_by_link(site, link_in(box.mails["reviewer@alpha.example"]), OTHER_WORDS, OTHER_WORDS)
    with site.database.reading() as session:
        assert standing(session, seeded.alpha) == (reviewer, reviewer)


def dispose(site: Site, by: Who, alpha: CityWorld) -> None:
    number = alpha.evidence["proposed"]
    with site.database.reading() as session:
        version = session.get_one(Evidence, number).version
    retention.dispose_of_piece(site, by, number, version)


def test_an_administrator_cannot_be_two_people_through_a_link(site: Site, admin: Who, seeded: World) -> None:
    """Proposes as the colleague whose link was shown, and approves as the administrator; or with two such colleagues."""
    has_account(site, "reviewer@alpha.example")
    passphrase.set_passphrase_by_link(site, shown_link(site, admin, seeded.alpha, "reviewer"), OTHER_WORDS, OTHER_WORDS)
    choose(site, token_of(invite(site, admin, email="made@up.example", role="reviewer")))
    made_up = person(site, "made@up.example")
    assert made_up
    reviewer = seeded.alpha.people["reviewer"]
    for proposer, approver in [
        (reviewer, admin.person_id),
        (admin.person_id, reviewer),
        (reviewer, made_up.id),
    ]:
        stand(site, seeded.alpha, proposer)
        with pytest.raises(Refused, match="count as one"):
            dispose(site, world.identify(site, approver), seeded.alpha)
    stand(site, seeded.alpha, reviewer)
    with site.database.writing() as session:
        session.get_one(Membership, seeded.alpha.memberships["colleague"]).role = "reviewer"
    dispose(site, world.identify(site, seeded.alpha.people["colleague"]), seeded.alpha)


def test_the_own_mailbox_makes_two_people_of_them_again(site: Site, admin: Who, seeded: World, box: Box) -> None:
    site.settings, with_mail = site.settings.model_copy(update={"smtp_host": ""}), site.settings
    passphrase.set_passphrase_by_link(site, shown_link(site, admin, seeded.alpha, "reviewer"), WORDS, WORDS)
    site.settings = with_mail
    stand(site, seeded.alpha, seeded.alpha.people["reviewer"])
    with pytest.raises(Refused):
        dispose(site, world.identify(site, admin.person_id), seeded.alpha)
    passphrase.ask_for_link(site, "reviewer@alpha.example")
    world.run_jobs(site)
    passphrase.set_passphrase_by_link(site, link_in(box.mails["reviewer@alpha.example"]), OTHER_WORDS, OTHER_WORDS)
    dispose(site, world.identify(site, admin.person_id), seeded.alpha)


def test_a_verdict_needs_other_hands_where_there_are_any(site: Site, admin: Who, seeded: World) -> None:
    """DM2 was submitted by the administrator, and the only other reviewer came in through a link that the administrator was shown."""
    passphrase.set_passphrase_by_link(site, shown_link(site, admin, seeded.alpha, "reviewer"), WORDS, WORDS)
    with site.database.writing() as session:
        waiting = session.get_one(Response, seeded.alpha.responses["DM2"])
        waiting.submitted_by = admin.person_id
        version = waiting.version
    reviewer = world.identify(site, seeded.alpha.people["reviewer"])
    given: dict[str, Any] = {
        "decision": "met",
        "reason": "Seen on paper.",
        "version": version,
        "filters": ReviewFilters(),
    }
    with site.database.writing() as session:
        session.get_one(Membership, seeded.alpha.memberships["colleague"]).role = "reviewer"
    with pytest.raises(Refused, match="count as one"), site.database.writing() as session:
        deciding.give_verdict(Desk(session, site, reviewer), "DM2", **given)
    with site.database.writing() as session:
        session.get_one(Membership, seeded.alpha.memberships["colleague"]).role = "lead"
    with site.database.writing() as session:
        deciding.give_verdict(Desk(session, site, reviewer), "DM2", **given)


def test_a_link_is_not_shown_for_somebody_who_works_in_another_city_too(site: Site, admin: Who, seeded: World) -> None:
    with site.database.writing() as session:
        session.add(Membership(city_id=seeded.beta.id, person_id=seeded.alpha.people["lead"], role="lead"))
    with pytest.raises(Refused, match="another city"):
        shown_link(site, admin, seeded.alpha, "lead")


# --- forgotten passphrases


def test_whoever_asks_for_a_link_is_told_the_same_and_only_the_mailbox_gets_it(
    site: Site, seeded: World, box: Box
) -> None:
    has_account(site, "lead@alpha.example")
    for email in (
        "lead@alpha.example",
        "nobody@alpha.example",
        "",
        "x" * 100_000,
        "lead@alpha.example\nBcc: x@y.example",
    ):
        passphrase.ask_for_link(site, email)
    world.run_jobs(site)
    assert set(box.mails) == {"lead@alpha.example"}
    token = link_in(box.mails["lead@alpha.example"])
    passphrase.set_passphrase_by_link(site, token, OTHER_WORDS, OTHER_WORDS)
    with pytest.raises(NotFound):
        passphrase.set_passphrase_by_link(site, token, WORDS, WORDS)
    with site.database.reading() as session:
        stored = session.get_one(Person, seeded.alpha.people["lead"]).pass_phrase_hash
    assert passwords.verify_passphrase(stored, OTHER_WORDS, "quick")


def test_no_mailbox_is_flooded(site: Site, seeded: World, box: Box) -> None:
    for _ in range(passphrase.MOST_MAILS + 4):
        passphrase.ask_for_link(site, "lead@alpha.example")
    with site.database.reading() as session:
        waiting = [one for one in session.exec(select(Job)) if one.kind == JobKind.SEND_PASSPHRASE_LINK]
    assert len(waiting) == passphrase.MOST_MAILS


def test_a_mailed_link_is_for_an_hour_and_a_shown_one_for_two_days(
    site: Site, admin: Who, seeded: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with site.database.reading() as session:
        lead = session.get_one(Person, seeded.alpha.people["lead"])
        mailed = token_of(passphrase.passphrase_link(site, lead, None))
    shown = shown_link(site, admin, seeded.alpha, "lead")
    import time

    later = time.time() + 3_700
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: later)
    with site.database.reading() as session:
        assert passphrase.find_link_owner(session, site, shown).person_id == lead.id
        with pytest.raises(NotFound):
            passphrase.find_link_owner(session, site, mailed)
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: later + 2 * 86_400)
    with pytest.raises(NotFound), site.database.reading() as session:
        passphrase.find_link_owner(session, site, shown)


def test_the_operator_prints_a_link_that_is_recorded_and_ends_what_was_approved(
    site: Site, admin: Who, seeded: World
) -> None:
    reviewer = seeded.alpha.people["reviewer"]
    has_account(site, "reviewer@alpha.example")
    stand(site, seeded.alpha, reviewer)
    with site.database.writing() as session:
        token = token_of(invitation.print_link(session, site, "reviewer@alpha.example"))
    passphrase.set_passphrase_by_link(site, token, OTHER_WORDS, OTHER_WORDS)
    with site.database.reading() as session:
        assert standing(session, seeded.alpha) == (None, None)
    assert [event.verb for event in events(site, admin)][:3] == ["standing_ended", "pass_phrase_set", "link_made"]
    with pytest.raises(NotFound), site.database.writing() as session:
        invitation.print_link(session, site, "nobody@alpha.example")
