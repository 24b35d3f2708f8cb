"""Whatever day it is, page, paper, JSON and command line tell the same two results."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from starlette.testclient import TestClient

from app.adapters.pdf.report_html import render_report_html
from app.adapters.translations import load_translator
from app.cli import main
from app.rules.people.permissions import Role
from app.rules.report.page import ReportPage
from app.rules.scoring.as_data import results_as_data
from app.rules.scoring.headline import results_headline
from app.rules.scoring.results import TwoResults
from app.rules.sources import checked_on
from app.services.account import sessions
from app.services.account.sessions import identify_member
from app.services.assessment.ground import load_open_assessment
from app.services.assessment.overview import load_overview
from app.services.board import page as board
from app.services.city import find_city
from app.services.desk import Desk, Who
from app.services.readiness import load_readiness
from app.services.report.content import build_page
from app.services.scoring import page as scoring
from app.services.scoring.result import trace_result
from app.services.site import Site, open_site
from app.settings import Settings
from app.store import people
from app.store.report.reports import Report
from app.web.cookies import LANGUAGE_COOKIE, SESSION_COOKIE
from tests import world
from tests.conftest import CopyOfDemo, running

DAYS = [timedelta(days=number) for number in range(-100, 300)]
"""Around the day on which the demo was loaded, from which its own dates count."""
ON_PAPER = DAYS[::25]
ON_PAGES = [DAYS[0], DAYS[99], DAYS[101], DAYS[225], DAYS[399]]


@dataclass(frozen=True)
class Demo:
    """The demo city, with someone signed in to it."""

    site: Site
    token: str
    who: Who


@pytest.fixture(scope="module")
def demo(copy_of_demo: CopyOfDemo) -> Iterator[Demo]:
    with closing(open_site(Settings(data_dir=copy_of_demo("demo"), worker="none"))) as site:
        with site.database.reading() as session:
            city = find_city(session, "newark")
            director = people.list_people_with_role(session, city.id, {Role.REVIEWER})[0]
        token = world.sign_in(site, director)
        with site.database.reading() as session:
            who = identify_member(session, token, "newark", "en")
        yield Demo(site, token, who)


@pytest.fixture
def live_on(monkeypatch: pytest.MonkeyPatch) -> Callable[[date], datetime]:
    """From now on it is noon of that day, for everything that asks which day it is."""

    def begin(day: date) -> datetime:
        noon = datetime.combine(day, time(12), ZoneInfo("America/New_York")).astimezone(UTC)
        monkeypatch.setattr(sessions, "present_moment", lambda: noon)
        return noon

    return begin


def numbers_of(results: TwoResults) -> dict[str, object]:
    """What has to be the same everywhere; a sentence says "today" to one reader and the day to another."""
    return {name: value for name, value in results_as_data(results).items() if name != "explanation"}


def paper_of(desk: Desk, noon: datetime) -> ReportPage:
    seen = load_open_assessment(desk.session, desk.who.city)
    report = Report(city_id=desk.city_id, assessment_id=seen.id, number=1, language="en", length="one-page",
        code="abc", created_at=noon)  # fmt: skip
    return build_page(desk.session, desk.site, desk.who.city, report, "https://example.org")


@pytest.mark.only_sqlite
def test_on_each_of_400_days_all_tell_the_same_two_results(demo: Demo, live_on: Callable[[date], datetime]) -> None:
    told = set()
    for number in DAYS:
        day = demo.who.today + number
        noon = live_on(day)
        with demo.site.database.reading() as session:
            desk = Desk(session, demo.site, replace(demo.who, today=day))
            data = scoring.trace_data(desk)["results"]
            assert isinstance(data, dict)
            trace, results = scoring.trace_of_city(session, demo.site, desk.who.city, None)
            assert trace_result(trace, results, with_steps=False)["results"] == data
            assert data["day"] == day.isoformat()
            assert scoring.load_scoring(desk).results == results
            if number in ON_PAPER:
                _check_papers(desk, noon, results)
        told.add(data["explanation"])
    assert len(told) >= 5, "the results change on the way, so that there is something to differ in"


def _check_papers(desk: Desk, noon: datetime, results: TwoResults) -> None:
    assert board.load_board(desk).results == results
    assert load_readiness(desk).now.results == results
    page = paper_of(desk, noon)
    assert (page.figures.met, page.still_fresh) == (results.reviewed.met, results.fresh.met)
    on_paper = load_translator("en").say_briefly(results_headline(replace(results, is_today=False)))
    paper = unescape(render_report_html(page))
    assert on_paper in paper
    assert ("Renew first</h2>" in paper) == results.differ


@pytest.mark.only_sqlite
def test_a_day_that_is_asked_for_is_told_as_if_it_had_come(demo: Demo, live_on: Callable[[date], datetime]) -> None:
    """But for the verdicts, which a day in the past has as they were then."""
    for number in [each for each in ON_PAPER if each >= timedelta()]:
        day = demo.who.today + number
        with demo.site.database.reading() as session:
            city = demo.who.city
            live_on(demo.who.today)
            asked = load_overview(session, demo.site, city, "en", day).results
            live_on(day)
            come = load_overview(session, demo.site, city, "en").results
        assert numbers_of(asked) == numbers_of(come)


@pytest.mark.only_sqlite
def test_the_real_pages_and_the_command_tell_it_too(
    demo: Demo,
    live_on: Callable[[date], datetime],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("CITYREADY_DATA_DIR", str(demo.site.settings.data_dir))
    with running(demo.site.settings) as client:
        client.cookies.set(SESSION_COOKIE, demo.token)
        client.cookies.set(LANGUAGE_COOKIE, "en")
        for number in ON_PAGES:
            day = demo.who.today + number
            live_on(day)
            data = client.get("/newark/scoring.json").json()["results"]
            assert data["day"] == day.isoformat()
            with pytest.raises(SystemExit):
                main(["score", "--city", "newark", "--as-of", day.isoformat()])
            assert json.loads(capsys.readouterr().out)["results"] == data
            with demo.site.database.reading() as session:
                results = load_overview(session, demo.site, demo.who.city, "en").results
            _check_pages(client, results)


def _check_pages(client: TestClient, results: TwoResults) -> None:
    headline = load_translator("en").say(results_headline(results))
    for path in ("board", "readiness", "scoring"):
        page = unescape(client.get(f"/newark/{path}").text)
        assert headline in page, path
        shown = re.findall(r'<dl class="two-results">(.*?)</dl>', page, re.DOTALL)[0]
        assert re.findall(r"(\d+) of 43", shown) == [str(results.reviewed.met), str(results.fresh.met)], path


@pytest.mark.only_sqlite
def test_page_and_paper_say_which_sources_nobody_has_looked_at_for_a_year(
    demo: Demo, live_on: Callable[[date], datetime]
) -> None:
    seen_on = checked_on(demo.site.edition("wwc-2022", "en"), "DM1")
    told: dict[int, tuple[bool, bool]] = {}
    with running(demo.site.settings) as client:
        client.cookies.set(SESSION_COOKIE, demo.token)
        client.cookies.set(LANGUAGE_COOKIE, "en")
        for days in (300, 400):
            noon = live_on(seen_on + timedelta(days=days))
            page = client.get("/newark/criteria/DM1").text
            with demo.site.database.reading() as session:
                desk = Desk(session, demo.site, replace(demo.who, today=noon.date()))
                method = " ".join(paper_of(desk, noon).method)
            told[days] = ("more than 12 months ago.</strong>" in page, "checked more than 12 months ago" in method)
    assert told == {300: (False, False), 400: (True, True)}
