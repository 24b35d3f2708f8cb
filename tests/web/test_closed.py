"""A closed assessment as a browser receives it."""

import re
from typing import Any

from sqlmodel import select
from starlette.testclient import TestClient

from app.rules.history.verbs import Verb
from app.services.kept import KeptResults
from app.services.site import Site
from app.store.database.engine import now
from app.store.history import events
from app.store.response import NarrativeVersion, Response
from app.store.review import ReviewComment, Verdict
from tests.conftest import ClientFor
from tests.web.test_cycle import begin, main
from tests.web.test_statements import counting
from tests.world import World

CLOSED_LINE = "Nothing can be changed here."


def test_the_list_leads_to_it_and_every_page_says_that_it_is_closed(client_for: ClientFor, seeded: World) -> None:
    begin(client_for("admin"))
    closed = f"/alpha/cycle/{seeded.alpha.assessment_id}"
    for role in ("lead", "colleague", "reviewer", "official", "admin"):
        reader = client_for(role)
        assert f'href="{closed}"' in reader.get("/alpha/cycle").text
        page = reader.get(closed).text
        assert CLOSED_LINE in main(page)
        assert f'href="{closed}/criteria/LC5"' in page
        criterion = reader.get(f"{closed}/criteria/LC5").text
        assert CLOSED_LINE in main(criterion)
        assert "Verdict: not met" in main(criterion)
        assert "<form" not in criterion[criterion.index("<main") : criterion.index("</main>")]


def test_the_open_assessment_leads_to_its_own_pages(client_for: ClientFor, seeded: World) -> None:
    here = f"/alpha/cycle/{seeded.alpha.assessment_id}"
    assert client_for("official").get(here).headers["location"] == "/alpha/board"
    assert client_for("official").get(f"{here}/criteria/LC1").headers["location"] == "/alpha/criteria/LC1"


def test_a_restricted_piece_is_closed_to_the_same_people_as_elsewhere(client_for: ClientFor, seeded: World) -> None:
    begin(client_for("admin"))
    for role, sees in {"reviewer": True, "admin": True, "official": False, "lead": False}.items():
        page = client_for(role).get(f"/alpha/cycle/{seeded.alpha.assessment_id}/criteria/DM2").text
        assert "Restricted" in page
        assert ("Names of informants" in page) == sees, role


def test_last_time_and_the_trend_are_shown_from_the_second_assessment_on(client_for: ClientFor) -> None:
    official = client_for("official")
    assert "How has it changed?" not in official.get("/alpha/readiness").text
    assert "Last time" not in official.get("/alpha/criteria/LC5").text
    begin(client_for("admin"))
    readiness = official.get("/alpha/readiness").text
    assert "How has it changed?" in readiness
    assert "2026 cycle: 2 of 43. 2027 cycle: 0 of 43. It is still open." in readiness
    last = main(official.get("/alpha/criteria/LC5").text)
    assert "2026 cycle, LC5 : Not met" in last
    assert "no verdict was given" in main(official.get("/alpha/criteria/LC7").text)


def test_its_pages_need_the_same_few_statements_for_few_rows_and_for_many(client_for: ClientFor, seeded: World) -> None:
    official = client_for("official")
    here = f"/alpha/cycle/{seeded.alpha.assessment_id}"
    begin(client_for("admin"))
    few = [_count(official, page) for page in (here, f"{here}/criteria/LC1")]
    _fill(official, seeded)
    assert [_count(official, page) for page in (here, f"{here}/criteria/LC1")] == few
    assert max(few) <= 24


def _fill(client: TestClient, seeded: World) -> None:
    site: Site = client.app.state.site  # type: ignore[attr-defined]
    city = seeded.alpha
    with site.database.writing() as session:
        for row in session.exec(select(Response).where(Response.assessment_id == city.assessment_id)).all():
            about: dict[str, Any] = {"city_id": city.id, "response_id": row.id}
            for number in range(4):
                session.add(Verdict(**about, decision="changes_asked", reviewer_id=city.people["reviewer"]))
                session.add(ReviewComment(**about, text="Seen.", person_id=city.people["reviewer"]))
                session.add(NarrativeVersion(**about, number=50 + number, text="Once.", at=now()))
        events.record_event(session, city.id, None, Verb.VERDICT_GIVEN, "LC1")


def _count(client: TestClient, path: str) -> int:
    site: Site = client.app.state.site  # type: ignore[attr-defined]
    site.kept = KeptResults(site.database, most=0)
    with counting(site.database.engine) as seen:
        answer = client.get(path)
    assert (answer.status_code, bool(re.search(CLOSED_LINE, answer.text))) == (200, True)
    return len(seen)
