"""A PostgreSQL that is stopped and started while people save: no text is lost, nothing is done twice, and the answer says what happened."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from html import unescape
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, event
from starlette.testclient import TestClient

from app.rules.installation.database_trouble import DatabaseAway, OutcomeUnknown
from app.services.site import Site, open_site
from app.settings import Settings
from app.store import review
from app.store.migrating import upgrade_database
from app.web.wire import once_more
from tests import world
from tests.conftest import PostgreSql, _client, _settings, running
from tests.world import World

pytestmark = pytest.mark.on_both

TYPED = "A long text that nobody wants\nto write <b>twice</b>."
COMMENTS = "/alpha/criteria/LC1/comments"


class Restartable(PostgreSql):
    """A server that can be stopped, and started over the same data."""

    def halt(self) -> None:
        self._connection.close()
        self._server.stop()

    def go_on(self) -> None:
        self._server.start()
        self._connection = psycopg.connect(self._server.get_uri(), autocommit=True)


@pytest.fixture(scope="module")
def server() -> Iterator[Restartable]:
    """A server of these tests alone."""
    server = Restartable()
    yield server
    server.stop()


@pytest.fixture
def installation(server: Restartable, tmp_path: Path) -> tuple[Settings, World]:
    settings = _settings(tmp_path, server.address(server.copy()))
    upgrade_database(settings.database)
    with closing(open_site(settings)) as site, site.database.writing() as session:
        return settings, world.build(session, site.storage)


@pytest.fixture
def lead(installation: tuple[Settings, World]) -> Iterator[TestClient]:
    settings, built = installation
    with running(settings, raises=False) as client:
        app: Any = client.app
        yield _client(app, world.sign_in(app.state.site, built.alpha.people["lead"]), raises=False)


def _site(client: TestClient) -> Site:
    app: Any = client.app
    site: Site = app.state.site
    return site


def _saved(client: TestClient, built: World) -> list[str]:
    with _site(client).database.reading() as session:
        return [comment.text for comment in review.list_comments(session, built.alpha.id, built.alpha.responses["LC1"])]


def _asked(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Happens as soon as someone who waits asks whether the database is back."""
    asked, database = threading.Event(), _site(client).database
    answers: Callable[[], bool] = database.answers

    def noticed() -> bool:
        asked.set()
        return answers()

    monkeypatch.setattr(database, "answers", noticed)
    return asked


def test_while_the_server_starts_again_a_save_waits_and_is_done_once(
    server: Restartable, installation: tuple[Settings, World], lead: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _saved(lead, installation[1])
    asked, answers = _asked(lead, monkeypatch), []
    server.halt()
    saving = threading.Thread(target=lambda: answers.append(lead.post(COMMENTS, data={"text": TYPED})))
    saving.start()
    assert asked.wait(60)
    server.go_on()
    saving.join(60)
    assert [answer.status_code for answer in answers] == [303]
    assert _saved(lead, installation[1]) == [*before, TYPED]


def test_where_the_server_stays_away_the_text_stays_on_the_page_and_can_be_sent_again_from_it(
    server: Restartable, installation: tuple[Settings, World], lead: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(once_more, "PATIENCE_SECONDS", 0)
    before = _saved(lead, installation[1])
    server.halt()
    answers = [lead.post(COMMENTS, data={"text": TYPED}), lead.get("/alpha/board"), lead.get("/health")]
    signing_in = lead.post("/sign-in", data={"email": "lead@alpha.example", "pass_phrase": "x", "kept.text": TYPED})
    server.go_on()
    assert [answer.status_code for answer in [*answers, signing_in]] == [503] * 4
    for answer in (answers[0], answers[1], signing_in):
        assert str(DatabaseAway.sentence) in answer.text
        assert int(answer.headers["Retry-After"]) > 0
    page = " ".join(unescape(answers[0].text).split())
    assert page.count(" ".join(TYPED.split())) == 2, "to read, and to send again"
    assert " ".join(TYPED.split()) in " ".join(unescape(signing_in.text).split())
    assert f'action="{COMMENTS}"' in answers[0].text
    assert lead.post(COMMENTS, data={"text": TYPED}).status_code == 303
    assert _saved(lead, installation[1]) == [*before, TYPED]


def _cut(client: TestClient, server: Restartable, when: str, matches: Callable[..., bool]) -> list[int]:
    """End the connection at the first event that matches, as a server that is stopped does; the ids of the connections ended."""
    ended: list[int] = []

    def cut(connection: Connection, *given: Any) -> None:
        if not ended and matches(connection, *given):
            raw: Any = connection.connection.dbapi_connection
            ended.append(raw.info.backend_pid)
            server.run(f"SELECT pg_terminate_backend({ended[0]}, 10000)")

    event.listen(_site(client).database.engine, when, cut)
    return ended


def test_a_connection_that_is_cut_before_the_commit_costs_nothing(
    server: Restartable, installation: tuple[Settings, World], lead: TestClient
) -> None:
    before = _saved(lead, installation[1])
    ended = _cut(
        lead, server, "before_cursor_execute", lambda _, __, statement, *___: "INTO review_comment" in statement
    )
    assert lead.post(COMMENTS, data={"text": TYPED}).status_code == 303
    assert ended
    assert _saved(lead, installation[1]) == [*before, TYPED]


def test_a_commit_that_nobody_knows_the_end_of_is_told_so_and_not_tried_again(
    server: Restartable, installation: tuple[Settings, World], lead: TestClient
) -> None:
    before = _saved(lead, installation[1])
    ended = _cut(lead, server, "commit", lambda *_: True)
    answer = lead.post(COMMENTS, data={"text": TYPED})
    assert ended
    assert (answer.status_code, str(OutcomeUnknown.sentence) in answer.text) == (503, True)
    assert " ".join(TYPED.split()) in " ".join(unescape(answer.text).split())
    assert 'href="/alpha/criteria/LC1"' in answer.text
    assert "It was not saved" not in answer.text
    assert _saved(lead, installation[1]) in (before, [*before, TYPED])
