"""No address fails, whatever it is asked and whoever asks. `python -m tests.questions` asks more often."""

from typing import cast

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from tests.conftest import ClientFor
from tests.questions import described, failures
from tests.world import World

TIMES = 6
FEWEST_ADDRESSES = 100


@pytest.mark.only_sqlite
def test_no_address_fails_whatever_it_is_asked(client: TestClient, seeded: World) -> None:
    app = cast(FastAPI, client.app)
    assert len(described(app, seeded.alpha)["paths"]) >= FEWEST_ADDRESSES
    assert list(failures(app, seeded.alpha, TIMES)) == []


@pytest.mark.parametrize(
    ("query", "status"),
    [("", 200), ("from=1", 200), ("from=1&to=1", 200), ("to=1", 404), ("from=²&from=-1", 404)],
)
def test_one_assessment_is_compared_with_what_there_is(
    client_for: ClientFor, seeded: World, query: str, status: int
) -> None:
    query = query.replace("=1", f"={seeded.alpha.assessment_id}")
    assert client_for("lead").get(f"/alpha/cycle/compare?{query}").status_code == status
