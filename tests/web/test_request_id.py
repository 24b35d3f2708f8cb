"""Every request has a number, in the answer and in what is logged on the way."""

import json
import re

import pytest
from starlette.testclient import TestClient

from app.services.board import page as board
from app.web.wire.request_id import REQUEST_ID_HEADER
from tests.conftest import ClientFor
from tests.world import World


@pytest.mark.only_sqlite
def test_every_answer_has_a_number_of_its_own_and_takes_none(client: TestClient) -> None:
    first, second = (
        client.get("/sign-in", headers={REQUEST_ID_HEADER: "given"}).headers[REQUEST_ID_HEADER] for _ in range(2)
    )
    assert re.fullmatch("[0-9a-f]{8}", first)
    assert first != second


@pytest.mark.only_sqlite
def test_an_error_page_shows_the_number_under_which_the_log_has_it(
    client_for: ClientFor, seeded: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(*_: object) -> None:
        raise KeyError("a narrative that nobody should read in a log" * 20)

    lead = client_for("lead", raises=False)
    monkeypatch.setattr(board, "load_board", fails)
    capsys.readouterr()
    answer = lead.get("/alpha/board")
    assert answer.status_code == 500
    logged = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    (number,) = {line["request"] for line in logged if line["event"] == "unexpected"}
    assert number in answer.text
