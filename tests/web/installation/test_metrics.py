"""Figures for a monitor: true, of bounded size, and for nobody who should not see them."""

import pytest
from starlette.testclient import TestClient

from app.rules.installation.job import JobKind
from app.services.site import Site
from app.settings import Settings
from app.store import job
from tests.conftest import ClientFor, running
from tests.world import World

TOKEN = "a token of the monitor's own, long enough"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


def _lines(client: TestClient) -> dict[str, float]:
    answer = client.get("/metrics", headers=BEARER)
    assert answer.status_code == 200
    lines = [line for line in answer.text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"metrics_token": TOKEN})


def test_requests_jobs_backup_and_room_are_counted(client_for: ClientFor, site: Site, seeded: World) -> None:
    lead = client_for("lead")
    before = _lines(lead)
    assert lead.get("/alpha/board").status_code == 200
    assert lead.get("/no/such/page/anywhere").status_code == 404
    with site.database.writing() as session:
        job.enqueue_job(session, seeded.alpha.id, JobKind.LOOK_AT_LINK, link_id=1)
    after = _lines(lead)
    count = 'cityready_request_seconds_count{kind="read",route="/{city}/board",status="2xx"}'
    assert after[count] == before.get(count, 0) + 1
    waiting = 'cityready_jobs{lane="links",state="waiting"}'
    assert after[waiting] == before[waiting] + 1
    assert after["cityready_database_bytes"] > 100_000
    assert after["cityready_disk_free_bytes"] > 0
    assert 'cityready_letters{state="failed"}' in after
    assert "cityready_last_backup_seconds" not in after


@pytest.mark.only_sqlite
def test_strangers_make_no_figures_of_their_own(client: TestClient) -> None:
    client.get("/nowhere")
    size = len(_lines(client))
    for number in range(20):
        client.get(f"/city-{number}/board")
        client.get(f"/no/such/{number}")
        client.request(f"X{number}", "/sign-in")
        client.post(f"/city-{number}/review/DM1/verdict")
    assert len(_lines(client)) <= size + 60


@pytest.mark.only_sqlite
def test_without_the_token_there_is_no_such_page(client: TestClient, settings: Settings) -> None:
    assert client.get("/metrics").status_code == 404
    for sent in ("Bearer", "Bearer é", TOKEN):
        assert client.get("/metrics", headers={b"Authorization": sent.encode()}).status_code == 404
    with running(settings.model_copy(update={"metrics_token": ""})) as bare:
        assert bare.get("/metrics").status_code == 404, "the test client is not on this machine"
        near = TestClient(bare.app, client=("127.0.0.1", 5000))
        assert near.get("/metrics").status_code == 200
        for name in ("X-Forwarded-For", "Forwarded", "Via"):
            assert near.get("/metrics", headers={name: "203.0.113.1"}).status_code == 404
