"""A city in which one person does everything, as a browser receives it."""

import re

import pytest
from sqlmodel import col, select, update
from starlette.testclient import TestClient

from app.services.site import Site
from app.store.database.engine import now
from app.store.people import Membership
from app.store.response import Response
from app.store.review import Verdict
from tests.conftest import ClientFor
from tests.world import World

HALL_WORDS = re.compile(r"assign|queue|department lead|data office|reviewer", re.IGNORECASE)


def send_others_away(site: Site, world: World, keep: str = "admin") -> None:
    with site.database.writing() as session:
        others = col(Membership.id) != world.alpha.memberships[keep]
        of_city = col(Membership.city_id) == world.alpha.id
        session.exec(update(Membership).where(of_city, others).values(ended_at=now()))


@pytest.fixture
def alone(client_for: ClientFor, site: Site, seeded: World) -> TestClient:
    send_others_away(site, seeded)
    return client_for("admin")


def main_part(page: str) -> str:
    """What a person reads of it, without the tags."""
    return re.sub(r"<[^>]+>", " ", page[page.index("<main") : page.index("</main>")])


def response_of(site: Site, world: World, code: str) -> tuple[str, int, Verdict | None]:
    with site.database.reading() as session:
        kept = session.exec(
            select(Response).where(Response.city_id == world.alpha.id, Response.criterion == code)
        ).one()
        stands = col(Verdict.withdrawn_at).is_(None)
        verdict = session.exec(select(Verdict).where(Verdict.response_id == kept.id, stands)).first()
        return kept.state, kept.version, verdict


def test_one_page_has_everything_in_order_and_a_short_menu(alone: TestClient) -> None:
    page = alone.get("/alpha/my-work").text
    assert "<h1>Everything is yours</h1>" in page
    codes = re.findall(r'<span class="work-code">(\w+)</span>', page)
    assert (len(codes), len(set(codes)), codes[0]) == (43, 43, "LC3")
    assert not HALL_WORDS.search(main_part(page)), HALL_WORDS.findall(main_part(page))
    menu = re.findall(r'class="usa-nav-link[^>]*href="/alpha/([\w-]+)"', page, re.DOTALL)
    assert menu == ["my-work", "criteria", "evidence", "board", "readiness", "people"]
    for path in ("review", "requests", "planning", "history"):
        assert f'href="/alpha/{path}"' in page
    for path in ("criteria", "criteria/DM2", "review", "requests", "planning"):
        said = main_part(alone.get(f"/alpha/{path}").text).replace("Data Office", "")  # the name of a department there
        said = re.sub(r"Usually answered by: .*", "", said)
        assert not HALL_WORDS.search(said), (path, HALL_WORDS.findall(said))
    board = alone.get("/alpha/board").text
    assert 'href="/alpha/my-work">See what is next' in board
    assert ("Who has what" in board, "Waiting for" in board) == (False, False)


def test_an_answer_is_handed_in_and_decided_in_one_step_and_taken_back_in_one(
    alone: TestClient, site: Site, seeded: World
) -> None:
    page = alone.get("/alpha/criteria/LC1").text
    assert ("Met, by our own check" in page, "Submit for review" in page) == (True, False)
    form = {"version": "1", "narrative": "We adopted it in May.", "narrative_version": "1", "decision": "not_met"}
    wrong = alone.post("/alpha/criteria/LC1/own-decision", data=form)
    assert (wrong.status_code, 'id="own-reason-error"' in wrong.text) == (422, True)
    assert response_of(site, seeded, "LC1")[0] == "in_progress"
    form |= {"decision": "met", "reason": "The plan is in force."}
    for _ in range(2):
        assert alone.post("/alpha/criteria/LC1/own-decision", data=form).headers["location"].endswith("own-decided")
    state, version, verdict = response_of(site, seeded, "LC1")
    assert verdict
    assert (state, verdict.decision, verdict.reviewer_id) == ("decided", "met", seeded.alpha.people["admin"])
    assert "Undo the decision" in alone.get("/alpha/criteria/LC1").text
    assert re.search(r'"self_decided": ?\["LC1"\]', alone.get("/alpha/scoring.json").text)
    undone = alone.post("/alpha/criteria/LC1/own-decision/undo", data={"version": str(version)})
    assert undone.status_code == 303
    assert response_of(site, seeded, "LC1")[::2] == ("in_progress", None)
    assert alone.post("/alpha/criteria/LC1/own-decision/undo", data={"version": str(version)}).status_code == 409


def test_what_another_decided_before_is_not_undone_here(alone: TestClient) -> None:
    assert "Undo the decision" not in alone.get("/alpha/criteria/LC4").text
    assert alone.post("/alpha/criteria/LC4/own-decision/undo", data={"version": "1"}).status_code == 409


def test_with_colleagues_it_stays_two_steps(client_for: ClientFor, site: Site, seeded: World) -> None:
    admin, form = client_for("admin"), {"version": "1", "decision": "met", "reason": "It is in force."}
    assert "Met, by our own check" not in admin.get("/alpha/criteria/LC1").text
    assert admin.post("/alpha/criteria/LC1/own-decision", data=form).status_code == 409
    assert response_of(site, seeded, "LC1")[0] == "in_progress"


def test_a_city_may_call_itself_small_and_a_colleague_still_decides(
    client_for: ClientFor, site: Site, seeded: World
) -> None:
    admin = client_for("admin")
    saved = admin.post("/alpha/settings/small-office", data={"small": "yes", "version": "1"})
    assert saved.headers["location"] == "/alpha/settings?done=small-office"
    assert "your city says that it is a small office" in admin.get("/alpha/my-work").text
    assert "<h1>My work</h1>" in client_for("lead").get("/alpha/my-work").text
    assert "Met, by our own check" not in admin.get("/alpha/criteria/LC1").text
    form = {"version": "1", "decision": "met", "reason": "It is in force."}
    refused = admin.post("/alpha/criteria/LC1/own-decision", data=form)
    assert (refused.status_code, response_of(site, seeded, "LC1")[0]) == (409, "in_progress")
    assert admin.post("/alpha/settings/small-office", data={"version": "1"}).status_code == 409
