"""My work as a browser receives it."""

import re

from sqlmodel import select

from app.services.site import Site
from app.store import review
from app.store.people import MembershipDepartment
from app.store.review import Verdict
from tests.conftest import ClientFor
from tests.world import ROLES, World


def test_a_lead_reads_first_what_the_reviewer_asked_for_and_goes_there_in_one_step(client_for: ClientFor) -> None:
    page = client_for("lead").get("/alpha/my-work").text
    headings = re.findall(r'class="work-heading">([\w ]+?) <', page)
    assert headings == ["You were asked for", "Needs you now", "To do", "With the reviewer", "Done"]
    assert page.index("The plan does not name who is responsible.") < page.index(">To do")
    strong = re.findall(r'<a\s+class="usa-button"\s+href="([^"]+)"', page)
    assert strong == ["/alpha/criteria/LC3"]


def test_what_a_reviewer_said_in_another_language_is_read_in_that_one(
    client_for: ClientFor, site: Site, seeded: World
) -> None:
    reason = "El plan no dice quién responde."
    with site.database.writing() as session:
        verdict = session.exec(select(Verdict).where(Verdict.response_id == seeded.alpha.responses["LC3"])).one()
        verdict.reason, verdict.language = reason, "es"
    assert re.search(rf'<blockquote\s+lang="es">{reason}', client_for("lead").get("/alpha/my-work").text)


def test_every_criterion_of_the_list_can_be_opened(client_for: ClientFor) -> None:
    page = client_for("lead").get("/alpha/my-work").text
    opened = set(re.findall(r'href="/alpha/criteria/(\w+)"', page))
    assert opened == {*(f"LC{n}" for n in range(1, 8)), "BF1", "BF2", "BF3", *(f"EVAL{n}" for n in range(1, 5))}


def test_progress_is_a_bar_with_words(client_for: ClientFor) -> None:
    page = client_for("lead").get("/alpha/my-work").text
    assert '<progress max="14" value="2"' in page
    assert "Decided: 2 of 14." in page


def _leave(site: Site, world: World, role: str) -> None:
    """Take the person's department away."""
    key = (world.alpha.memberships[role], world.alpha.departments[ROLES[role] or ""])
    with site.database.writing() as session:
        session.delete(session.get_one(MembershipDepartment, key))


def test_a_reviewer_without_a_department_is_led_to_the_review_queue(
    client_for: ClientFor, site: Site, seeded: World
) -> None:
    _leave(site, seeded, "reviewer")
    page = client_for("reviewer").get("/alpha/my-work").text
    assert "your work is in the review queue" in page
    assert 'href="/alpha/review">Open the review queue' in page


def test_a_lead_without_a_department_reads_what_to_do_first(client_for: ClientFor, site: Site, seeded: World) -> None:
    _leave(site, seeded, "colleague")
    page = client_for("colleague").get("/alpha/my-work").text
    assert "Nothing is assigned to you yet" in page
    assert 'href="/alpha/criteria">Look through the criteria' in page


def test_an_official_has_no_work_here(client_for: ClientFor) -> None:
    assert client_for("official").get("/alpha/my-work").status_code == 403


def test_what_a_reviewer_wrote_is_shown_as_text(client_for: ClientFor, site: Site, seeded: World) -> None:
    with site.database.writing() as session:
        verdict = review.find_newest_verdict(session, seeded.alpha.id, seeded.alpha.responses["LC3"])
        assert verdict
        verdict.reason = "<script>alert(1)</script>"
        session.add(verdict)
    page = client_for("lead").get("/alpha/my-work").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page
