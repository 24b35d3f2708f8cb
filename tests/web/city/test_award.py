"""The award that a city holds, and its settings, as a browser receives them: apart from every estimate, and nothing is lost."""

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader
from starlette.testclient import TestClient

from app.services.report import making
from app.services.site import Site
from app.store.award import list_awards
from app.store.database.engine import now
from app.store.history import events
from tests.conftest import ClientFor
from tests.web.test_cycle import main
from tests.world import World

SILVER = {
    "level": "silver",
    "announced_on": "2025-02-26",
    "source_url": "https://news.example/silver",
    "valid_until": "",
    "note": "In the council chamber.",
}
GOLD = {**SILVER, "level": "gold", "announced_on": "2026-03-01", "source_url": "https://news.example/gold"}
NOT_CHECKED = "Entered by the city; this tool does not check it."


@pytest.fixture
def admin(client_for: ClientFor, seeded: World) -> TestClient:
    """Of a city without an award."""
    admin = client_for("admin")
    post(admin, f"/{seeded.alpha.award_id}/remove", version="1")
    return admin


def post(client: TestClient, below: str = "", **form: Any) -> Any:
    return client.post(f"/alpha/awards{below}", data=form)


def rows(client: TestClient, seeded: World) -> list[Any]:
    site: Site = client.app.state.site  # type: ignore[attr-defined]
    with site.database.reading() as session:
        return [row for row in list_awards(session, seeded.alpha.id) if row.id != seeded.alpha.award_id]


def test_board_readiness_and_report_show_the_newest_award_beside_the_estimate(
    admin: TestClient, client_for: ClientFor
) -> None:
    official = client_for("official")
    before = {page: main(official.get(f"/alpha/{page}").text) for page in ("board", "readiness")}
    assert post(admin, **GOLD).status_code == 303
    assert post(admin, **SILVER).status_code == 303
    for page, earlier in before.items():
        text = official.get(f"/alpha/{page}").text
        shown = main(text)
        assert "Alpha City holds Gold, announced on March 1, 2026." in shown
        assert NOT_CHECKED in shown
        assert 'href="https://news.example/gold"' in text
        assert "holds Silver" not in shown
        assert re.findall(r"Not certifiable yet|\d+ of 43", shown) == re.findall(
            r"Not certifiable yet|\d+ of 43", earlier
        )
    site: Site = admin.app.state.site  # type: ignore[attr-defined]
    for language, words in {"en": "holds Gold, announced on", "es": "Oro, anunciado el"}.items():
        report = PdfReader(BytesIO(making.make_report_file(site, "alpha", language, "one-page")))
        assert words in " ".join(report.pages[0].extract_text().split())


def test_the_list_goes_over_the_years_and_others_only_read(admin: TestClient, client_for: ClientFor) -> None:
    post(admin, **SILVER)
    post(admin, **GOLD)
    page = client_for("official").get("/alpha/awards").text
    assert main(page).index("Gold") < main(page).index("Silver , announced on February 26, 2025")
    assert "<form" not in page[page.index("<main") : page.index("</main>")]
    assert client_for("reviewer").post("/alpha/awards", data=SILVER).status_code == 403


def test_removing_is_undone_and_everything_is_told(admin: TestClient, seeded: World) -> None:
    post(admin, **SILVER)
    [row] = rows(admin, seeded)
    assert post(admin, f"/{row.id}/remove", version=str(row.version)).status_code == 303
    assert "holds Silver" not in admin.get("/alpha/readiness").text
    [row] = rows(admin, seeded)
    assert post(admin, f"/{row.id}/restore", version=str(row.version)).status_code == 303
    assert "holds Silver" in admin.get("/alpha/readiness").text
    site: Site = admin.app.state.site  # type: ignore[attr-defined]
    with site.database.reading() as session:
        told = [event.verb for event in events.list_events(session, seeded.alpha.id, limit=3)]
    assert told == ["award_restored", "award_removed", "award_entered"]


@pytest.mark.parametrize(("language", "said"), [("en", "This day is still to come."), ("es", "Este día aún no llega.")])
def test_a_day_to_come_is_refused_at_its_field_with_what_was_typed(
    language: str, said: str, admin: TestClient, seeded: World
) -> None:
    admin.cookies.set("cityready_language", language)
    tomorrow = (now() + timedelta(days=2)).date().isoformat()
    answer = post(admin, **{**SILVER, "announced_on": tomorrow})
    assert answer.status_code == 422
    assert re.search(rf'id="announced_on-error"[^>]*>{said}', answer.text)
    assert SILVER["note"] in answer.text
    assert SILVER["source_url"] in answer.text
    assert rows(admin, seeded) == []


def test_a_source_that_is_no_address_is_refused_at_its_field(admin: TestClient, seeded: World) -> None:
    answer = post(admin, **{**SILVER, "source_url": "the Ledger, page 3"})
    assert answer.status_code == 422
    assert 'id="source_url-error"' in answer.text
    assert "the Ledger, page 3" in answer.text
    assert rows(admin, seeded) == []


def test_the_same_award_is_not_entered_twice(admin: TestClient, seeded: World) -> None:
    post(admin, **SILVER)
    answer = post(admin, **{**SILVER, "note": "Once more."})
    assert answer.status_code == 422
    assert "This award is on the list already." in answer.text
    assert len(rows(admin, seeded)) == 1


def test_of_two_administrators_the_second_is_told_and_loses_nothing(admin: TestClient, seeded: World) -> None:
    post(admin, **SILVER)
    [row] = rows(admin, seeded)
    assert post(admin, f"/{row.id}", version="1", **{**SILVER, "note": "The first."}).status_code == 303
    late = post(admin, f"/{row.id}", version="1", **{**SILVER, "note": "The second, typed with care."})
    assert late.status_code == 409
    assert "Someone changed this while your page was open." in late.text
    assert "The second, typed with care." in late.text
    assert [kept.note for kept in rows(admin, seeded)] == ["The first."]


def test_a_small_city_reads_a_friendly_line_and_may_go_on(client_for: ClientFor) -> None:
    admin, line = client_for("admin"), "Your city has 28,000 people; the program takes cities of 30,000 or more."
    assert line not in admin.get("/alpha/board").text
    form = {"name": "Alpha City", "country": "US", "language": "en", "population": "28000"}
    form |= {"time_zone": "America/New_York", "version": "1"}
    assert admin.post("/alpha/settings", data=form).status_code == 303
    for page in ("board", "settings", "cycle/new"):
        assert line in main(admin.get(f"/alpha/{page}").text), page
    late = admin.post("/alpha/settings", data={**form, "name": "Alpha Township"})
    assert late.status_code == 409
    assert "Alpha Township" in late.text
    wrong = admin.post("/alpha/settings", data={**form, "population": "many", "version": "2"})
    assert (wrong.status_code, "This should be a whole number." in wrong.text) == (422, True)
    assert admin.post("/alpha/settings", data={**form, "population": "", "version": "2"}).status_code == 303
    assert line not in admin.get("/alpha/board").text
