"""An error is answered with a page that can be read, whatever is broken, and with the text that was typed."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import unquote

import pytest
from jinja2 import DictLoader, FileSystemLoader
from starlette.testclient import TestClient

from app.adapters import translations
from app.settings import LANGUAGES, ROOT
from app.web import templating
from app.web.last_resort import WORDS, render_last_resort
from app.web.wire.security import SECURITY_HEADERS
from tests.conftest import ClientFor
from tests.world import World

TYPED = "A long text with\n</textarea> and <b>more</b> in it."
NARRATIVE = {"narrative": TYPED, "narrative_version": "1"}
BROKEN = "{{ nothing.of.that.kind }}"


@pytest.fixture(params=["base/page.html", "errors/show.html", "account/sign_in.html", "criteria/show.html"])
def broken_template(request: pytest.FixtureRequest) -> Iterator[str]:
    """One template fails, as after an update that went wrong."""
    templating.template_environment.cache_clear()
    for language in LANGUAGES:
        environment = templating.template_environment(language)
        environment.loader = _OneBroken(request.param)
    yield request.param
    templating.template_environment.cache_clear()


class _OneBroken(FileSystemLoader):
    def __init__(self, name: str) -> None:
        super().__init__(ROOT / "templates")
        self.broken = DictLoader({name: BROKEN})

    def get_source(self, environment: Any, template: str) -> Any:
        if template in self.broken.mapping:
            return self.broken.get_source(environment, template)
        return super().get_source(environment, template)


def _errors(client_for: ClientFor, client: TestClient) -> dict[str, Any]:
    """An answer of every kind of error that the app has a page for."""
    lead, official = client_for("lead", raises=False), client_for("official", raises=False)
    nobody = TestClient(client.app, headers=dict(client.headers), follow_redirects=False, raise_server_exceptions=False)
    post = "/alpha/criteria/LC1/narrative"
    return {
        "no session": nobody.post(post, data=NARRATIVE),
        "not allowed": official.post(post, data=NARRATIVE),
        "conflict": lead.post(post, data=NARRATIVE | {"narrative_version": "0"}),
        "not allowed any more": lead.post("/alpha/criteria/LC4/narrative", data=NARRATIVE),
        "no such page": lead.get("/alpha/nothing/at/all"),
        "no such way": lead.post("/alpha/board", data={}),
        "another city": lead.post("/beta/criteria/LC1/narrative", data=NARRATIVE),
        "no such row": lead.post("/alpha/evidence/0", data={"note": TYPED, "version": "1"}),
        "link ended": nobody.get("/contribute/nothing"),
        "too large": lead.post(post, data={"narrative": "a" * 2_100_000}),
        "unreadable": lead.post(post, content=b"a=%ff", headers={"Content-Type": "application/x-www-form-urlencoded; charset=utf-7"}),
    }  # fmt: skip


@pytest.mark.only_sqlite
def test_with_a_broken_template_every_error_still_answers_with_a_page_that_can_be_read(
    broken_template: str, seeded: World, client_for: ClientFor, client: TestClient
) -> None:
    for name, answer in _errors(client_for, client).items():
        page = unescape(answer.text)
        assert answer.status_code >= 400, name
        assert answer.text.count("<h1") == 1, (name, page[:300])
        assert answer.headers["content-type"].startswith("text/html"), name
        for header, value in SECURITY_HEADERS.items():
            assert answer.headers.get(header) == value, (name, header)


@pytest.mark.only_sqlite
def test_what_was_typed_stands_on_the_page_of_every_error(
    broken_template: str, seeded: World, client_for: ClientFor, client: TestClient
) -> None:
    answers = _errors(client_for, client)
    for name in ("no session", "not allowed", "conflict", "not allowed any more", "another city"):
        page = " ".join(unescape(answers[name].text).split())
        assert " ".join(TYPED.split()) in page, name


@pytest.mark.only_sqlite
def test_htmx_is_answered_too_where_even_the_alert_is_broken(seeded: World, client_for: ClientFor) -> None:
    templating.template_environment.cache_clear()
    templating.template_environment("en").loader = _OneBroken("errors/_alert.html")
    answer = client_for("official").post(
        "/alpha/criteria/LC1/narrative", data=NARRATIVE, headers={"HX-Request": "true"}
    )
    templating.template_environment.cache_clear()
    assert (answer.status_code, answer.text.count("<h1")) == (403, 1)


@pytest.mark.only_sqlite
def test_the_last_words_exist_in_every_language_and_take_nothing_as_markup(client: TestClient) -> None:
    assert WORDS.keys() == LANGUAGES.keys()
    assert len({tuple(sorted(words)) for words in WORDS.values()}) == 1
    for language in LANGUAGES:
        page = render_last_resort(language, 500, [TYPED])
        assert "<b>" not in page
        assert f'lang="{language}"' in page
        assert WORDS[language]["ours"] in page
    assert WORDS["en"]["asked"] in render_last_resort("xx", 404)


@pytest.mark.parametrize(
    "referer",
    [
        "http://testserver/sign-in", "http://testserver", "http://testserver/", "http://testserver/alpha", "", "/", "x", "http://[",
        "http://testserver//evil.example", "http://testserver/beta/board", "http://testserver/alpha/criteria/LC1/narrative",
        "http://testserver/alpha/\\evil", "javascript:alert(1)", "http://evil.example/alpha/board?x=" + "a" * 3000,
    ],
)  # fmt: skip
@pytest.mark.only_sqlite
def test_no_page_that_a_form_is_said_to_come_from_makes_the_answer_fail(
    seeded: World, client_for: ClientFor, referer: str
) -> None:
    lead = client_for("lead")
    for path, form in {
        "/alpha/criteria/LC1/narrative": NARRATIVE | {"narrative_version": "0"},
        "/alpha/evidence/0/withdraw": {"version": "1"},
        "/alpha/board": {},
        "/alpha": {},
        "/": {},
        "/nothing": {},
    }.items():
        answer = lead.post(path, data=form, headers={"Referer": referer})
        assert answer.status_code in {403, 404, 405, 409}, (path, answer.status_code)
        assert answer.text.count("<h1") == 1
        back = unquote(re.findall(r'action="/language\?page=([^"]*)"', answer.text)[0])
        assert lead.get(back).status_code in {200, 303, 404}, (path, back)
        assert "evil" not in back


@pytest.mark.only_sqlite
def test_a_language_that_cannot_be_found_out_is_no_reason_to_fail(
    seeded: World, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(translations, "load_translator", lambda language: 1 / 0)
    templating.template_environment.cache_clear()
    answer = client_for("lead", raises=False).get("/alpha/nothing")
    templating.template_environment.cache_clear()
    assert (answer.status_code, WORDS["en"]["asked"] in answer.text) == (404, True)
