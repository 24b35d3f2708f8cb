"""The link in a letter that ends a kind, and what someone chose of letters."""

from datetime import date
from typing import Any

from starlette.testclient import TestClient

from app.services.outbox import writing
from app.services.site import Site
from app.store.database.engine import now
from app.store.letter import Letter, LetterEntry, find_choice
from tests.conftest import ClientFor
from tests.world import World


def link_in_letter(site: Site, seeded: World) -> str:
    """Below the address of the app: where a letter about a comment and a due date is ended."""
    about: dict[str, Any] = {"city_id": seeded.alpha.id, "person_id": seeded.alpha.people["lead"]}
    with site.database.writing() as session:
        row = Letter(**about, message_id="<1@city.example>", day=date(2026, 12, 1))
        session.add(row)
        session.flush()
        for kind in ("commented", "due"):
            session.add(LetterEntry(**about, letter_id=row.id, kind=kind, key=kind, subject="LC1", at=now()))
    return "/letters/stop/" + writing.stop_address(site, row.id).rsplit("/", 1)[1]


def kinds_off(site: Site, seeded: World) -> str:
    with site.database.reading() as session:
        chosen = find_choice(session, seeded.alpha.id, seeded.alpha.people["lead"])
    return chosen.off if chosen else ""


def test_looking_at_the_link_ends_nothing_and_a_mail_programs_post_does(
    site: Site, seeded: World, client: TestClient
) -> None:
    link = link_in_letter(site, seeded)
    page = client.get(link).text
    assert "Stop these letters" in page
    assert kinds_off(site, seeded) == ""
    one_click = {"origin": "https://mail.example", "sec-fetch-site": "cross-site"}
    assert client.post(f"{link}?kind=due", headers=one_click).status_code == 200
    assert kinds_off(site, seeded) == "due"
    for _ in range(2):
        answer = client.post(link, data={"List-Unsubscribe": "One-Click"}, headers=one_click)
        assert "You get no more letters of this kind from Alpha City." in answer.text
    assert kinds_off(site, seeded) == "commented due"
    assert client.post(link[:-2] + "xx").status_code == 404


def test_what_someone_chose_is_kept_and_what_cannot_be_is_said(
    site: Site, seeded: World, client_for: ClientFor
) -> None:
    client = client_for("lead")
    every_day = {"pace": "weekly", "kinds": ["due"], "version": "0", "quiet_days": list("0123456"), "time_zone": "Mars"}
    answer = client.post("/alpha/letters", data=every_day)
    assert answer.status_code == 422
    assert "Leave one day of the week" in answer.text
    assert "Choose a time zone of the list." in answer.text
    assert client.post("/alpha/letters", data=every_day | {"quiet_days": ["6"], "time_zone": ""}).status_code == 303
    assert "due" not in kinds_off(site, seeded).split()
    assert "late" in kinds_off(site, seeded).split()
    assert client.post("/alpha/letters", data=every_day | {"quiet_days": ["6"], "time_zone": ""}).status_code == 409
