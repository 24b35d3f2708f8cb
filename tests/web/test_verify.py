"""Checking a report: by its code as people type it, by its file in the browser, and beside the reports before and after it."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect
from starlette.testclient import TestClient

from app.services.report import verifying
from app.services.site import Site
from app.store.database.engine import now
from app.store.report import reports
from app.store.report.reports import Report
from tests import world
from tests.conftest import BrowserPage, ClientFor
from tests.world import FILE, REPORTS, World


def add_report(site: Site, seeded: World, number: int, code: str, language: str = "en") -> None:
    """A ready one of Alpha that was made after the others."""
    alpha = seeded.alpha
    with site.database.writing() as session:
        about: dict[str, Any] = {
            "city_id": alpha.id,
            "assessment_id": alpha.assessment_id,
            "state": "ready",
            "length": "full",
            "audience": "public",
        }
        made: dict[str, Any] = {"file_key": "x", "content": "{}", "sha256": "0" * 64, "made_at": now()}
        session.add(Report(**about, number=number, code=code, language=language, **made))


def test_the_field_takes_the_code_in_any_dress_and_leads_to_its_page(client: TestClient, seeded: World) -> None:
    code = seeded.alpha.report_code
    for typed in (code, code.replace("-", "").lower(), f" http://x.example/verify/{code} "):
        answer = client.get("/verify", params={"code": typed}, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/verify/{code}")
    assert client.get(f"/verify/{code.replace('-', '').lower()}").status_code == 200


@pytest.mark.parametrize("typed", ["", "12", "x" * 5000, "\u202e\u0301"])
def test_what_is_no_code_is_said_beside_the_field(client: TestClient, seeded: World, typed: str) -> None:
    answer = client.get("/verify", params={"code": typed})
    assert answer.status_code == 422
    assert "A code has twelve letters and digits" in answer.text


def test_a_wrong_code_leaves_the_field_there_to_try_again_but_not_without_end(
    client: TestClient, seeded: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verifying, "MOST_MISSES", 2)
    for _ in range(2):
        missed = client.get("/verify/2222-2222-2222")
        assert missed.status_code == 404
        assert 'value="2222-2222-2222"' in missed.text
    assert client.get("/verify/3333-2222-2222").status_code == 429
    assert client.get(f"/verify/{seeded.alpha.report_code}").status_code == 429, "guessing right is no way past it"


def test_right_codes_are_not_counted(client: TestClient, seeded: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifying, "MOST_MISSES", 1)
    for _ in range(3):
        assert client.get(f"/verify/{seeded.alpha.report_code}").status_code == 200


def test_the_page_says_what_came_before_and_after(client: TestClient, site: Site, seeded: World) -> None:
    first = client.get(f"/verify/{seeded.alpha.report_code}").text
    assert "Supersed" not in first
    assert "This is not the city’s last report" not in first
    add_report(site, seeded, 2, "2222-2222-2222")
    add_report(site, seeded, 3, "3333-3333-3333", "es")
    first, second, third = (
        " ".join(client.get(f"/verify/{code}").text.split())
        for code in (seeded.alpha.report_code, "2222-2222-2222", "3333-3333-3333")
    )
    assert "the newest is no. 3" in first
    assert "<dt>Superseded by</dt> <dd>no. 2" in first, "the third is in another language"
    assert f"<dt>Supersedes</dt> <dd>no. {REPORTS['alpha']}" in second
    assert "Superseded by" not in second
    assert "Supersed" not in third


def test_the_report_s_own_page_leads_to_the_one_before_and_after(
    client_for: ClientFor, site: Site, seeded: World
) -> None:
    add_report(site, seeded, 2, "2222-2222-2222")
    official = client_for("official")
    first = " ".join(official.get(f"/alpha/reports/{REPORTS['alpha']}").text.split())
    second = " ".join(official.get("/alpha/reports/2").text.split())
    assert 'Superseded by <a href="/alpha/reports/2">' in first
    assert "Supersedes" not in first
    assert f'Supersedes <a href="/alpha/reports/{REPORTS["alpha"]}">' in second


def test_a_public_report_says_what_it_said_and_another_only_that_it_exists(
    client_for: ClientFor, site: Site, seeded: World
) -> None:
    official, codes = client_for("official"), {}
    for audience in ("public", "council", "internal"):
        form = {"language": "en", "length": "one-page", "audience": audience, "draft": "1"}
        number = int(official.post("/alpha/reports", data=form).headers["location"].rsplit("/", 1)[1])
        world.run_jobs(site)
        with site.database.reading() as session:
            made = reports.find_report(session, seeded.alpha.id, number)
        assert made
        assert made.state == "ready"
        codes[audience] = made
    official.cookies.clear()
    texts = {audience: " ".join(official.get(f"/verify/{made.code}").text.split()) for audience, made in codes.items()}
    for audience, made in codes.items():
        assert made.sha256 in texts[audience]
        told = audience == "public"
        assert ("<dd>2 of 43</dd>" in texts[audience]) is told
        assert ("One page" in texts[audience]) is told
        assert ("This report is a draft." in texts[audience]) is told
        assert (json.loads(made.stated)["headline"] in texts[audience]) is told
    with site.database.writing() as session:
        session.get_one(Report, codes["public"].id).stated = ""  # as of a report made before
    assert "Not kept" in official.get(f"/verify/{codes['public'].code}").text


def test_the_browser_compares_the_file_and_sends_nothing(
    browser_page: BrowserPage, seeded: World, tmp_path: Path
) -> None:
    page = browser_page(None)
    page.goto(f"/verify/{seeded.alpha.report_code}")
    sent: list[str] = []
    page.on("request", lambda asked: sent.append(f"{asked.method} {urlsplit(asked.url).path} {asked.post_data or ''}"))
    same, changed = tmp_path / "report.pdf", tmp_path / "changed.pdf"
    same.write_bytes(FILE)
    changed.write_bytes(bytes([FILE[0] ^ 1]) + FILE[1:])
    status = page.get_by_role("status").last
    page.get_by_label("Choose your file").set_input_files(same)
    expect(status).to_contain_text("not one byte of it was changed")
    page.get_by_label("Choose your file").set_input_files(changed)
    expect(status).to_contain_text("This is not the file as it was made")
    assert [asked for asked in sent if not asked.startswith("GET /static/")] == [], (
        "pictures of the app, and nothing else"
    )


def test_without_javascript_the_hash_is_there_with_how_to_compare_it(browser_page: BrowserPage, seeded: World) -> None:
    page = browser_page(None, javascript=False)
    page.goto("/verify")
    page.get_by_label("Code of the report").fill(seeded.alpha.report_code)
    page.get_by_role("button", name="Check the report").click()
    expect(page.locator("main")).to_contain_text("work out the SHA-256 of your file")
    assert page.get_by_label("Choose your file").count() == 0 or not page.get_by_label("Choose your file").is_visible()
