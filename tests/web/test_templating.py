"""What every page does with a form that could not be taken, and where people go on who could not take a step."""

import re
from typing import cast

import pytest
from jinja2 import Environment
from jinja2.meta import find_undeclared_variables
from playwright.sync_api import expect
from starlette.testclient import TestClient

from app.adapters.templates import make_environment
from app.settings import LANGUAGES, ROOT
from app.web.constants import FoldingEnvironment
from app.web.templating import template_environment
from tests.conftest import BrowserPage, ClientFor
from tests.world import World

ADD = "/alpha/criteria/LC1/evidence"
FIGURE = {"kind": "figure", "title": "", "source": "", "visibility": "public"}


def summary(page: str) -> str:
    found = re.search(r'id="problems".*?</div>\s*</div>', page, re.DOTALL)
    return found[0] if found else ""


def test_a_form_that_comes_back_says_first_what_it_needs_and_leads_to_each_field(client_for: ClientFor) -> None:
    answer = client_for("lead").post(ADD, data=FIGURE)
    assert answer.status_code == 422
    assert "<title>Error: Add evidence to LC1" in answer.text
    said = summary(answer.text)
    assert "Fix 3 things" in said
    places = re.findall(r'href="#([^"]+)"', said)
    assert places == ["title", "source", "current_value"]
    assert answer.text.index("Fix 3 things") < answer.text.index("<h1")
    for place in places:
        assert f' id="{place}"' in answer.text


def test_a_sentence_about_no_field_of_the_page_leads_nowhere(client_for: ClientFor) -> None:
    admin = client_for("admin")
    answer = admin.post("/alpha/people/departments", data={"name": ""})
    assert answer.status_code == 422
    assert ' id="name"' in answer.text, "the field of another form on the page"
    assert "Enter a name." in summary(answer.text)
    assert "href" not in summary(answer.text)


def test_a_conflict_is_said_once(client_for: ClientFor, seeded: World) -> None:
    lead = client_for("lead")
    piece = f"/alpha/evidence/{seeded.alpha.evidence['note']}"
    form = {"title": "Mine", "note": "Text", "visibility": "internal", "version": "99"}
    page = lead.post(piece, data=form).text
    sentence = re.search(r'usa-alert__text">([^<]+)<', summary(page))
    assert sentence
    assert page.count(sentence[1]) == 1


def test_what_was_done_before_is_not_said_beside_an_error(client_for: ClientFor) -> None:
    lead = client_for("lead")
    assert "Evidence added." in lead.get("/alpha/criteria/LC1?done=evidence-added").text
    page = lead.post(f"{ADD}?done=evidence-added", data=FIGURE).text
    assert summary(page)
    assert "Evidence added." not in page


def test_the_language_switch_keeps_what_the_address_asks_for_but_not_what_was_done(client_for: ClientFor) -> None:
    lead = client_for("lead")
    page = lead.get(f"{ADD}/new?kind=note&done=saved").text
    assert f'/language?page={ADD}/new%3Fkind%3Dnote"' in page
    page = lead.post(
        ADD, data={**FIGURE, "kind": "note"}, headers={"Referer": f"http://testserver{ADD}?kind=note"}
    ).text
    assert f'/language?page={ADD}%3Fkind%3Dnote"' in page
    again = lead.get(f"{ADD}?kind=note")
    assert (again.status_code, again.headers["location"]) == (303, f"{ADD}/new?kind=note")


@pytest.mark.parametrize("javascript", [True, False])
def test_on_a_phone_the_error_is_what_one_sees_and_where_the_keyboard_is(
    javascript: bool, browser_page: BrowserPage
) -> None:
    page = browser_page("lead", width=320, javascript=javascript)
    page.goto(f"{ADD}/new?kind=link")
    page.fill("#url", "javascript:alert(1)")
    page.click(".evidence-send button")
    expect(page).to_have_title(re.compile("^Error: "))
    expect(page.locator("#problems")).to_be_focused()
    expect(page.locator("#problems")).to_be_in_viewport()
    page.locator("#problems a").click()
    expect(page.locator("#url")).to_be_in_viewport()


@pytest.mark.parametrize(
    ("role", "page"), [("lead", "my-work"), ("official", "readiness"), ("reviewer", "board"), ("admin", "board")]
)
def test_a_city_s_address_leads_to_where_the_person_begins(client_for: ClientFor, role: str, page: str) -> None:
    assert client_for(role).get("/alpha").headers["location"] == f"/alpha/{page}"
    assert client_for(role).get("/alpha/", follow_redirects=True).status_code == 200


def test_a_city_s_address_asks_visitors_to_sign_in(client_for: ClientFor, client: TestClient) -> None:
    assert client.get("/alpha").headers["location"] == "/sign-in?next=/alpha"
    assert client_for("admin").get("/beta").status_code == 404


def test_a_step_that_is_not_possible_now_leads_back_to_its_criterion(client_for: ClientFor) -> None:
    """LC2 is with the reviewer."""
    answer = client_for("lead").get("/alpha/criteria/LC2/evidence/new")
    assert answer.status_code == 409
    assert "<h1>Not possible now</h1>" in answer.text
    assert '<a class="usa-button" href="/alpha/criteria/LC2">Go to the criterion</a>' in answer.text


def test_a_row_that_is_kept_under_its_values_sees_nothing_else_of_its_page() -> None:
    kept = [
        (path.name, name, text)
        for path in sorted((ROOT / "templates").rglob("*.html"))
        for text in [path.read_text(encoding="utf-8")]
        for name in re.findall(r"\bkept\(\s*(\w+)", text)
    ]
    assert {name for _, name, _ in kept} >= {"tile_of", "criterion_row", "piece_row"}
    for template, name, text in kept:
        imports = re.findall(rf"{{% from [^%]*\b{name}\b[^%]*%}}", text)
        assert imports, f"{template}: {name} is a macro of another file"
        assert "with context" not in imports[0], f"{template}: {name} must not see the page"


def test_a_macro_that_is_called_when_a_page_is_compiled_is_the_only_one_of_its_name() -> None:
    folded = cast(FoldingEnvironment, template_environment("en")).folded_macros
    macros = [
        (name, str(path.relative_to(ROOT / "templates")))
        for path in (ROOT / "templates").rglob("*.*")
        for name in re.findall(r"{%-? macro (\w+)", path.read_text(encoding="utf-8"))
    ]
    assert sorted(pair for pair in macros if pair[0] in folded) == sorted(folded.items())


@pytest.mark.parametrize("language", LANGUAGES)
def test_states_and_their_words_say_the_same_worked_out_early_or_late(language: str) -> None:
    source = (
        "{% for name in ['met', 'not_met'] %}{{ name == VerdictKind.MET }} {% endfor %}"
        "{{ verdict_names[VerdictKind.NOT_MET]|say }} {{ verdict_names[['not_met'][0]]|say }}"
    )
    folded = template_environment(language).from_string(source).render()
    assert folded == make_environment(language, Environment).from_string(source).render()
    assert folded.startswith("True False")
    assert "VerdictKind" not in str(template_environment(language).compile(source, raw=True))


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_that_a_template_calls_asks_where_it_is_called(language: str) -> None:
    """Pages hand nothing of that to what they call, and macros are made once for all who import them."""
    env = template_environment(language)
    asking = {name for name, called in env.globals.items() if hasattr(called, "jinja_pass_arg")}
    assert asking, "Jinja's own texts with a context, which no template has"
    pages = [name for name in env.list_templates() if not name.startswith("report/")]  # those are made elsewhere
    for name in pages:
        source = (ROOT / "templates" / name).read_text()
        assert not asking & find_undeclared_variables(env.parse(source)), name
        assert env.get_template(name).globals is env.globals, name
