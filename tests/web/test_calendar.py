"""The calendar of a person: read by its address alone, as the library that programs use reads it, until that address ends."""

import re
from datetime import date

import pytest
from icalendar import Calendar
from sqlalchemy import update
from sqlmodel import col
from starlette.testclient import TestClient

from app.rules.calendar import CalendarDay, CriterionDays, DayKind, list_days
from app.rules.review.moves import ResponseState
from app.services.site import Site
from app.store.assessment import Assignment
from app.store.database.engine import now
from app.store.people import Membership
from tests.conftest import ClientFor
from tests.world import World

DUE = date(2030, 3, 1)


def give_date(site: Site, seeded: World, code: str = "LC1") -> None:
    with site.database.writing() as session:
        here = update(Assignment).where(col(Assignment.city_id) == seeded.alpha.id)
        session.exec(here.where(col(Assignment.criterion) == code).values(due_on=DUE))


def open_calendar(client: TestClient, state: str = "on") -> str:
    """Switch it, and give the path of its address; empty for none."""
    client.post("/alpha/letters/calendar", data={"calendar": state})
    found = re.search(r'value="https?://[^/"]+(/calendar/[^"]+)"', client.get("/alpha/letters").text)
    return found[1] if found else ""


def read_days(client: TestClient, path: str) -> dict[str, date]:
    reply = client.get(path)
    assert reply.headers["content-type"] == "text/calendar; charset=utf-8"
    events = Calendar.from_ical(reply.content).walk("VEVENT")
    return {str(event["summary"]): event.decoded("dtstart") for event in events}


def test_whoever_has_the_address_reads_the_days_without_signing_in(
    site: Site, seeded: World, client: TestClient, client_for: ClientFor
) -> None:
    give_date(site, seeded)
    path = open_calendar(client_for("lead"))
    days = read_days(client, path)
    assert [day for title, day in days.items() if title.startswith("LC1 is due")] == [DUE]
    assert client.head(path).status_code == 200


@pytest.mark.only_sqlite
def test_an_address_ends_with_the_next_one_the_switch_and_the_access(
    site: Site, seeded: World, client: TestClient, client_for: ClientFor
) -> None:
    lead = client_for("lead")
    first, second = open_calendar(lead), open_calendar(lead)
    assert (client.get(first).status_code, client.get(second).status_code) == (404, 200)
    assert open_calendar(lead, "off") == ""
    third = open_calendar(lead)
    assert [client.get(path).status_code for path in (first, second, third)] == [404, 404, 200]
    with site.database.writing() as session:
        session.get_one(Membership, seeded.alpha.memberships["lead"]).ended_at = now()
    assert client.get(third).status_code == 404


@pytest.mark.only_sqlite
@pytest.mark.parametrize("token", ["x", "x" * 5_000, "WzEsMSwxXQ.aa.bb"])
def test_no_other_address_opens_anything(client: TestClient, seeded: World, token: str) -> None:
    assert client.get(f"/calendar/{token}").status_code == 404


@pytest.mark.only_sqlite
def test_one_day_comes_as_a_file(site: Site, seeded: World, client_for: ClientFor) -> None:
    lead = client_for("lead")
    give_date(site, seeded)
    assert "/alpha/criteria/LC1/due.ics" in lead.get("/alpha/criteria/LC1").text
    assert list(read_days(lead, "/alpha/criteria/LC1/due.ics").values()) == [DUE]
    assert lead.get("/alpha/criteria/LC9/due.ics").status_code == 404


def test_what_waits_for_the_reviewer_is_not_due_and_evidence_expires_all_the_same() -> None:
    later = date(2030, 5, 1)
    criteria = [
        CriterionDays("DM1", "Govern", ResponseState.SUBMITTED, DUE, later),
        CriterionDays("LC1", "Lead", ResponseState.RETURNED, DUE, None),
        CriterionDays("LC2", "Plan", ResponseState.NOT_STARTED, None, None),
    ]
    assert list_days(criteria) == [
        CalendarDay(DayKind.DUE, "LC1", "Lead", DUE),
        CalendarDay(DayKind.EXPIRES, "DM1", "Govern", later),
    ]


def test_the_month_shows_what_is_due_with_its_title_for_all_for_oneself_and_for_a_department(
    site: Site, seeded: World, client_for: ClientFor
) -> None:
    give_date(site, seeded)
    lead = client_for("lead")
    page = lead.get("/alpha/board/month?month=2030-03").text
    assert '<h2 id="month">March 2030</h2>' in page
    shown = re.findall(r'href="/alpha/criteria/(\w+)">LC1 (.{9})', page)
    assert len(shown) == 2, "once in the table, once in the list of a narrow screen"
    assert shown[0][0] == "LC1"
    for whose, is_there in (("mine", True), (str(seeded.alpha.departments["works"]), False), ("nonsense", True)):
        page = lead.get(f"/alpha/board/month?month=2030-03&whose={whose}").text
        assert (">LC1 " in page) == is_there, whose
    assert "month=2030-03" in lead.get("/alpha/board/month?month=2028-01").text, "the next date is one click away"
    assert "The whole assessment is due: 2026 cycle" in read_days(lead, "/alpha/board/days.ics")
    days = read_days(lead, f"/alpha/board/days.ics?whose={seeded.alpha.departments['works']}")
    assert days
    assert not any(title.startswith("LC1") for title in days)
