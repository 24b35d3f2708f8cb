"""The app among those of a phone: how it looks there, and that without a line nothing typed is lost."""

import json
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.settings import ROOT
from app.web.cookies import SESSION_COOKIE
from tests import world
from tests.conftest import MOST_PATIENCE, ClientFor, Live
from tests.world import World

MOST_SCRIPT_BYTES = 18_605 + 10_000
"""Of our own scripts: as much as there was before phones could install the app, and ten kilobytes."""


@pytest.mark.only_sqlite
def test_a_phone_is_told_name_and_icons_and_each_icon_is_as_large_as_it_says(client_for: ClientFor) -> None:
    client = client_for("lead")
    told = json.loads(client.get("/manifest.webmanifest").text)
    assert (told["name"], told["display"], told["start_url"]) == ("CityReady", "standalone", "/")
    for icon in told["icons"]:
        answer = client.get(icon["src"])
        assert answer.headers["content-type"] == icon["type"]
        with Image.open(BytesIO(answer.content)) as picture:
            assert "{}x{}".format(*picture.size) == icon["sizes"]
            assert len(picture.getcolors(1 << 20) or []) > 3, "something is drawn on it"
    assert client.get("/app-icon/99.png").status_code == 404


def test_our_scripts_have_grown_by_ten_kilobytes_at_most() -> None:
    """The one that draws boxes is on the page for redacted copies alone, and has a bound of its own."""
    sizes = {path.name: path.stat().st_size for path in (ROOT / "static").glob("*.js")}
    assert sizes.pop("redact.js") <= 3_000
    assert sum(sizes.values()) <= MOST_SCRIPT_BYTES, sizes


def test_without_a_line_what_was_typed_is_on_the_page_and_goes_when_the_line_is_back(
    browser: Browser, live: Live, seeded: World
) -> None:
    context = browser.new_context(base_url=live.url, locale="es")
    token = world.sign_in(live.site, seeded.alpha.people["admin"])
    context.add_cookies([
        {"name": SESSION_COOKIE, "value": token, "url": live.url},
        {"name": "cityready_language", "value": "es", "url": live.url},
    ])  # fmt: skip
    page = context.new_page()
    page.set_default_timeout(MOST_PATIENCE)
    page.goto("/alpha/criteria/LC1/evidence/new?kind=note")
    page.evaluate("navigator.serviceWorker.ready")
    page.reload()
    page.fill("#title", "Who <attends> & decides")
    page.fill("#note", "Eleven people came.\nSix decide.")
    context.set_offline(True)
    page.locator(".evidence-send button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sin conexión")
    expect(page.locator("main")).to_contain_text("Who <attends> & decides")
    expect(page.locator("main")).to_contain_text("Six decide.")
    context.set_offline(False)
    page.locator("main form button").click()
    page.wait_for_url("**/alpha/criteria/LC1?done=evidence-added")
    expect(page.locator("main")).to_contain_text("Who <attends> & decides")
    _send_files_without_a_line(page, context)
    context.close()


def _send_files_without_a_line(page: Page, context: BrowserContext) -> None:
    """Of a form with files the texts are there as well, and it is said that the files are not."""
    page.goto("/alpha/people/bulk")
    page.fill("textarea[name=text]", "Department\nGardens & Parks")
    page.set_input_files("input[type=file]", {"name": "a.csv", "mimeType": "text/csv", "buffer": b"Department\nRoads"})
    context.set_offline(True)
    page.locator("main form button").click()
    expect(page.locator("main")).to_contain_text("Gardens & Parks")
    expect(page.locator("[data-files]")).to_be_visible()
    context.set_offline(False)
    page.locator("main form button").click()
    expect(page.locator("main")).to_contain_text("Gardens & Parks")
    expect(page.locator("main")).not_to_contain_text("Roads")
