"""What the groups of a sign-in service give at a sign-in, what they take, and what they leave alone."""

from collections.abc import Callable, Collection
from typing import Any

import pytest
from sqlmodel import select

from app.rules.account.group_roles import GroupRole, write_table
from app.rules.account.sign_on import SignOnIdentity, SignOnRefused, SignOnTrouble
from app.rules.people.permissions import Role
from app.services.account import provider_access
from app.services.account.provider_access import ProviderDesk
from app.services.site import Site
from app.store.account.sign_on import SignInProvider, remove_provider
from app.store.database.engine import now
from app.store.history.event import HistoryEvent
from app.store.people import Membership, load_department_ids
from tests import world
from tests.conftest import Box
from tests.world import World

SignIn = Callable[..., Any]


@pytest.fixture
def provider(site: Site, seeded: World) -> int:
    water = next(iter(seeded.alpha.departments.values()))
    table = (GroupRole("water", Role.LEAD, water), GroupRole("office", Role.REVIEWER), GroupRole("it", Role.ADMIN))
    with site.database.writing() as session:
        row = SignInProvider(
            city_id=seeded.alpha.id, name="Alpha account", issuer="https://id.example", client_id="1", sealed_secret="",
            domains="alpha.example", groups_claim="groups", group_roles=write_table(table), creates_accounts=True,
        )  # fmt: skip
        session.add(row)
        session.flush()
        return row.id


@pytest.fixture
def sign_in(site: Site, seeded: World, provider: int) -> SignIn:
    """`sign_in("lead", {"water"})`: what comes of it, and the membership then."""

    def enter(who: str, groups: Collection[str] | None) -> tuple[SignOnTrouble | None, Membership]:
        person_id = seeded.alpha.people[who]
        named = None if groups is None else frozenset(groups)
        with site.database.writing() as session:
            desk = ProviderDesk(session, site, session.get_one(SignInProvider, provider))
            trouble = provider_access.settle_access(desk, person_id, SignOnIdentity("1", "", "", True, named))
        with site.database.reading() as session:
            return trouble, session.get_one(Membership, seeded.alpha.memberships[who])

    return enter


def _events(site: Site, seeded: World) -> list[str]:
    with site.database.reading() as session:
        rows = session.exec(select(HistoryEvent).where(HistoryEvent.city_id == seeded.alpha.id))
        return [row.verb for row in rows if '"service"' in row.details]


def test_a_group_gives_a_role_and_with_the_group_the_access_ends_and_comes_back(
    site: Site, seeded: World, sign_in: SignIn, provider: int, box: Box
) -> None:
    trouble, member = sign_in("lead", {"office", "choir"})
    assert (trouble, member.role, member.given_by) == (None, "reviewer", provider)
    assert sign_in("lead", {"office"})[1].version == member.version, "nothing new is not written again"
    trouble, member = sign_in("lead", {"choir"})
    assert (trouble, member.ended_at is None) == (SignOnTrouble.NO_GROUP, False)
    world.run_jobs(site)
    assert "lists" in box.mails["admin@alpha.example"]
    assert "/alpha/people/unowned" in box.mails["admin@alpha.example"]
    trouble, member = sign_in("lead", {"water"})
    assert (trouble, member.role, member.ended_at) == (None, "lead", None)
    with site.database.reading() as session:
        assert len(load_department_ids(session, seeded.alpha.id, member.id)) == 1
    assert _events(site, seeded) == ["person_changed", "person_ended", "person_restored", "person_changed"]


@pytest.mark.only_sqlite
def test_what_the_office_gave_and_took_by_hand_no_group_takes_or_gives(
    site: Site, seeded: World, sign_in: SignIn
) -> None:
    assert sign_in("lead", set())[0] is None
    assert sign_in("admin", {"water"})[1].role == "admin"
    with site.database.writing() as session:
        session.get_one(Membership, seeded.alpha.memberships["lead"]).ended_at = now()
    assert sign_in("lead", {"water"})[0] is SignOnTrouble.NO_ACCOUNT
    with pytest.raises(SignOnRefused, match="did not say which groups"):
        sign_in("reviewer", None)
    assert _events(site, seeded) == []


@pytest.mark.only_sqlite
def test_the_last_administrator_stays_whatever_the_groups_say(
    site: Site, seeded: World, sign_in: SignIn, provider: int
) -> None:
    assert sign_in("reviewer", {"it"})[1].role == "admin"
    with site.database.writing() as session:
        session.get_one(Membership, seeded.alpha.memberships["admin"]).ended_at = now()
    for groups in (set[str](), {"water"}):
        trouble, member = sign_in("reviewer", groups)
        assert (trouble, member.role, member.ended_at) == (None, "admin", None)
    with site.database.writing() as session:
        session.get_one(Membership, seeded.alpha.memberships["admin"]).ended_at = None
    assert sign_in("reviewer", {"water"})[1].role == "lead"
    with site.database.writing() as session:
        remove_provider(session, session.get_one(SignInProvider, provider))
    with site.database.reading() as session:
        assert session.get_one(Membership, seeded.alpha.memberships["reviewer"]).given_by is None


@pytest.mark.only_sqlite
def test_an_account_is_made_where_the_city_says_so_for_who_is_in_a_group(
    site: Site, seeded: World, provider: int
) -> None:
    def come(groups: set[str]) -> int | None:
        identity = SignOnIdentity("9", "new@alpha.example", "New Colleague", True, frozenset(groups))
        with site.database.writing() as session:
            desk = ProviderDesk(session, site, session.get_one(SignInProvider, provider))
            return provider_access.make_account(desk, identity)

    assert come({"choir"}) is None
    with site.database.writing() as session:
        session.get_one(SignInProvider, provider).creates_accounts = False
    assert come({"water"}) is None
    with site.database.writing() as session:
        session.get_one(SignInProvider, provider).creates_accounts = True
    person_id = come({"water"})
    assert person_id
    with site.database.reading() as session:
        member = session.exec(select(Membership).where(Membership.person_id == person_id)).one()
    assert (member.role, member.given_by) == ("lead", provider)
    assert _events(site, seeded) == ["person_added"]
