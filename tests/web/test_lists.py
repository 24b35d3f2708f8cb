"""Lists that answer: what is found, what is on as a link that takes it off, and what a person last had."""

import re

import pytest
from playwright.sync_api import expect

from tests.conftest import BrowserPage, ClientFor
from tests.world import World

pytestmark = pytest.mark.on_both

LISTED = re.compile(r'class="criteria-line__link" href="/alpha/criteria/(\w+)"')
CHIPS = re.compile(r'class="list-chip" href="([^"]*)"')


def _codes(html: str) -> list[str]:
    return LISTED.findall(html)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("EXÉCUTIVE commit", "LC1"),
        ("leadership capac", "LC1"),
        ("finance", "LC1"),
        ("adopted plan", "LC1"),
        ("chief officer decides", "LC1"),
    ],
    ids=["title whatever its accents", "area", "department", "title of evidence", "note"],
)
def test_a_criterion_is_found_by_any_word_of_it(typed: str, code: str, client_for: ClientFor) -> None:
    page = client_for("lead").get("/alpha/criteria", params={"q": typed}).text
    assert code in _codes(page)
    assert len(_codes(page)) < 43


def test_words_in_evidence_that_is_closed_to_someone_find_nothing(client_for: ClientFor) -> None:
    assert _codes(client_for("reviewer").get("/alpha/criteria?q=informants").text) == ["DM2"]
    assert _codes(client_for("lead").get("/alpha/criteria?q=informants").text) == []


def test_each_filter_is_in_the_address_and_a_link_takes_it_off(client_for: ClientFor) -> None:
    lead = client_for("lead")
    page = lead.get("/alpha/criteria?mine=1&state=returned&area=leadership-and-capacity&due=nonsense").text
    assert _codes(page) == ["LC3"]
    assert "<b>1 of 43</b>" in page
    assert CHIPS.findall(page) == [
        "/alpha/criteria?state=returned&amp;area=leadership-and-capacity",
        "/alpha/criteria?mine=1&amp;area=leadership-and-capacity",
        "/alpha/criteria?mine=1&amp;state=returned",
    ]


def test_an_empty_list_says_what_to_take_away(client_for: ClientFor) -> None:
    page = client_for("lead").get("/alpha/criteria?state=returned&q=open+data+policy").text
    assert "Nothing fits these filters" in page
    assert re.search(r"State: Changes requested.*?then [1-9]\d* fit", page, re.DOTALL)


def test_the_last_filter_of_a_person_is_on_again_until_all_is_asked_for(client_for: ClientFor) -> None:
    lead, elsewhere, colleague = client_for("lead"), client_for("lead"), client_for("colleague")
    lead.get("/alpha/criteria?mine=1&q=plan")
    again = elsewhere.get("/alpha/criteria?done=saved")
    assert again.headers["location"] == "/alpha/criteria?mine=1&again=1&done=saved"
    assert "As you last had it" in elsewhere.get(again.headers["location"]).text
    assert colleague.get("/alpha/criteria").status_code == 200
    assert elsewhere.get("/alpha/evidence").status_code == 200
    assert len(_codes(lead.get("/alpha/criteria?all=1").text)) == 43
    assert lead.get("/alpha/criteria").status_code == 200


def test_another_order_comes_in_pages(client_for: ClientFor) -> None:
    lead = client_for("lead")
    pages = [_codes(lead.get(f"/alpha/criteria?sort=title&page={page}").text) for page in (1, 2, 3, 4)]
    assert [len(codes) for codes in pages] == [20, 20, 3, 0]
    assert len({code for codes in pages for code in codes}) == 43


def test_the_list_follows_what_is_typed_and_the_address_follows_the_list(browser_page: BrowserPage) -> None:
    page = browser_page("lead", width=320)
    page.goto("/alpha/criteria")
    assert page.evaluate("document.documentElement.scrollHeight") <= 5 * 844
    page.fill("#list-words", "restore trust")
    page.fill("#list-words", "executive commitment")
    expect(page.get_by_role("status").first).to_have_text(re.compile(r"1 of 43|2 of 43"))
    expect(page.locator(".criteria-line__link").first).to_be_visible()
    expect(page).to_have_url(re.compile(r"q=executive\+commitment"))


def test_people_assignments_and_requests_are_found_by_name(client_for: ClientFor, seeded: World) -> None:
    admin = client_for("admin")
    people = admin.get("/alpha/people?q=LEAD%40alpha&role=lead").text
    assert (people.count('class="person__name"'), "<b>1 of 5</b>" in people) == (1, True)
    works = seeded.alpha.departments["works"]
    assert (
        len(re.findall('class="tasks__title"', admin.get(f"/alpha/people/assignments?department={works}").text)) == 12
    )
    asked = admin.get("/alpha/requests?to=partner").text
    assert "BF3 " in asked
    assert "LC1 " not in asked
    assert re.findall('class="tasks__title"', admin.get("/alpha/requests?q=nobody+asked+this").text) == []


def test_a_saved_row_stays_in_view_and_the_list_narrowed(client_for: ClientFor, seeded: World) -> None:
    admin = client_for("admin")
    page = admin.get("/alpha/people/assignments?core=1&edit=LC1").text
    action = re.search(r'action="(/alpha/people/assignments/LC1[^"]*)"', page)
    assert action
    form = {"department": str(seeded.alpha.departments["works"]), "person": "", "deputy": "", "due_on": ""}
    saved = admin.post(action[1].replace("&amp;", "&"), data={**form, "version": "1"})
    assert saved.headers["location"] == "/alpha/people/assignments?core=1&done=assigned#LC1"


def test_the_library_says_kind_criterion_and_who_added_a_piece_in_words(client_for: ClientFor) -> None:
    page = client_for("lead").get("/alpha/evidence?show=note").text
    row = page[page.index("Who decides") :]
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", row[: row.index("</li>")]))
    assert "Note · added by Lead of Alpha City" in words
    assert "LC1 Executive commitment to using data" in words
    mine = client_for("colleague").get("/alpha/evidence?mine=1").text
    assert "Who decides" not in mine


def test_the_board_is_a_list_for_those_who_do_not_know_the_codes(client_for: ClientFor) -> None:
    official, admin = client_for("official"), client_for("admin")
    page = official.get("/alpha/board").text
    assert (page.count('class="board-line"'), page.count('class="tile ')) == (43, 0)
    assert 'class="board-line"' not in admin.get("/alpha/board").text
    official.get("/alpha/board?view=tiles")
    assert official.get("/alpha/board?state=met").headers["location"] == "/alpha/board?view=tiles&again=1&state=met"
