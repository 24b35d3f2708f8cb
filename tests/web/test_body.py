"""What a request may bring, by who sends it: strangers little, whoever has the right much, and nobody waits for it but the sender."""

import inspect
import io
import json
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import anyio
import httpx2
import pytest
from fastapi.routing import iter_route_contexts
from sqlalchemy import Engine
from sqlmodel import col, select
from starlette.testclient import TestClient

from app.services.requests import page as request
from app.services.site import Site
from app.store.database.engine import now
from app.store.people import Membership
from app.store.request import Contribution, EvidenceRequest
from app.web.cookies import SESSION_COOKIE
from app.web.statuses import HTTP_SENTENCES
from tests import world
from tests.conftest import ClientFor, Live
from tests.world import World

MULTIPART = "multipart/form-data; boundary=B"
HUGE = 790_000_000
KIND = b'--B\r\nContent-Disposition: form-data; name="kind"\r\n\r\nfile\r\n'
FORM = KIND + b'--B\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
PIECE = b"a" * 65_536

FILE_ROUTES = [
    "/alpha/criteria/LC1/evidence",
    "/alpha/evidence/{file}/file",
    "/alpha/evidence/{file}/redacted",
    "/alpha/portal/file",
]
LARGE = b"[" + b" " * 3_000_000 + b"]"
"""A file that a form without files could not bring; a text, and a catalog."""


def path_of(seeded: World, route: str) -> str:
    return route.format(file=seeded.alpha.evidence["file"])


# over a socket, so that what has not been sent cannot be waited for


@contextmanager
def knocking(live: Live, path: str, *headers: str) -> Iterator[socket.socket]:
    """A connection on which the head of a POST of many megabytes has been sent."""
    place = urlsplit(live.url)
    lines = [
        f"POST {path} HTTP/1.1",
        f"Host: {place.netloc}",
        "Sec-Fetch-Site: same-origin",
        f"Content-Type: {MULTIPART}",
    ]
    with socket.create_connection((place.hostname, place.port), timeout=20) as line:
        line.sendall("\r\n".join([*lines, *headers, "", ""]).encode())
        yield line


def answer(line: socket.socket) -> tuple[int, str]:
    """Status and page, as far as it says how long it is. Fails when the server waits for more."""
    with line.makefile("rb") as incoming:
        status = int(incoming.readline().split()[1])
        headers = dict(entry.decode().lower().split(": ", 1) for entry in iter(incoming.readline, b"\r\n"))
        return status, incoming.read(int(headers["content-length"])).decode()


@pytest.mark.only_sqlite
@pytest.mark.parametrize(
    ("route", "status"),
    [
        ("/sign-in", 413),
        ("/welcome/nobody-has-this", 413),
        ("/alpha/criteria/LC1/narrative", 413),
        ("/alpha/no/such/page", 404),
        ("/contribute/nobody-has-this", 404),
        ("/alpha/uploads", 401),
        *((route, 401) for route in FILE_ROUTES),
    ],
)
def test_a_stranger_is_answered_before_a_large_body_is_taken(
    live: Live, seeded: World, route: str, status: int
) -> None:
    with knocking(live, path_of(seeded, route), f"Content-Length: {HUGE}") as line:
        line.sendall(FORM + PIECE)
        found, page = answer(line)
    assert found == status
    assert "<h1" in page
    assert (str(HTTP_SENTENCES[413]) in page) == (status == 413)


@pytest.mark.only_sqlite
@pytest.mark.parametrize("route", ["/sign-in", "/alpha/criteria/LC1/narrative", *FILE_ROUTES])
def test_a_body_that_does_not_tell_its_length_is_broken_off_after_two_megabytes(
    live: Live, seeded: World, route: str
) -> None:
    with knocking(live, path_of(seeded, route), "Transfer-Encoding: chunked") as line:
        for piece in (FORM, *[PIECE] * 32):  # and no end
            line.sendall(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
        assert answer(line)[0] in {401, 413}


@pytest.mark.only_sqlite
def test_a_form_from_another_site_is_refused_before_its_size_is_looked_at(client: TestClient) -> None:
    large = client.post("/sign-in", data={"email": "a" * 3_000_000}, headers={"Sec-Fetch-Site": "cross-site"})
    assert large.status_code == 403


# who may send much, and little


@pytest.mark.parametrize("route", FILE_ROUTES)
def test_whoever_may_add_files_may_send_large_ones(
    client_for: ClientFor, site: Site, seeded: World, route: str
) -> None:
    form = {"kind": "file", "visibility": "internal", "version": "1"}
    sent = client_for("admin").post(path_of(seeded, route), data=form, files={"file": ("large.txt", io.BytesIO(LARGE))})
    assert (sent.status_code, "done=" in sent.headers.get("location", "")) == (303, True), sent.text[-2000:]


def link(site: Site, seeded: World) -> str:
    with site.database.reading() as session:
        row = session.get_one(EvidenceRequest, seeded.alpha.requests["partner"])
        return urlsplit(request.request_link(site, row)).path


def test_a_partner_with_a_link_may_send_large_files(client: TestClient, site: Site, seeded: World) -> None:
    files = {"file": ("large.txt", io.BytesIO(LARGE))}
    assert client.post(link(site, seeded), data={"name": "Ana Souza"}, files=files).status_code == 303
    with site.database.reading() as session:
        assert session.exec(select(Contribution.title).order_by(col(Contribution.id).desc())).first() == "large"


@pytest.mark.only_sqlite
def test_the_longest_text_fits_whatever_its_letters(client_for: ClientFor) -> None:
    longest = "\U0001f3d9" * 20_000
    form = {"narrative": longest, "narrative_version": "1"}
    lead = client_for("lead")
    assert lead.post("/alpha/criteria/LC1/narrative", data=form).status_code == 303
    assert longest in lead.get("/alpha/criteria/LC1").text


@pytest.mark.only_sqlite
@pytest.mark.parametrize("route", FILE_ROUTES)
def test_a_session_that_ended_says_that_a_large_form_must_be_filled_in_again(
    client: TestClient, seeded: World, route: str
) -> None:
    lost = client.post(path_of(seeded, route), data={"title": "T"}, files={"file": ("a.txt", io.BytesIO(LARGE))})
    assert lost.status_code == 401
    assert "fill in the form once more" in lost.text


# while it comes in


def post(app: Any, path: str, token: str, pieces: Iterator[bytes | None]) -> int:
    """The status of a form whose pieces are made when the app asks for them; None is a line that is cut."""
    host = [(b"host", b"testserver"), (b"sec-fetch-site", b"same-origin"), (b"content-type", MULTIPART.encode())]
    headers = [*host, (b"cookie", f"{SESSION_COOKIE}={token}".encode())]
    scope = {"type": "http", "method": "POST", "path": path, "query_string": b"", "headers": headers}
    statuses: list[int | None] = []

    async def receive() -> dict[str, Any]:
        piece = next(pieces, b"")
        if piece is None:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": piece, "more_body": bool(piece)}

    async def send(message: dict[str, Any]) -> None:
        statuses.append(message.get("status"))

    anyio.run(app, scope, receive, send)
    return statuses[0] or 0


@pytest.mark.parametrize("route", FILE_ROUTES)
def test_a_right_that_ends_while_a_file_comes_in_has_ended(
    client: TestClient, site: Site, seeded: World, route: str
) -> None:
    def pieces() -> Iterator[bytes]:
        yield FORM + LARGE
        with site.database.writing() as session:
            for membership in session.exec(select(Membership)):
                membership.ended_at = now()
        yield b"\r\n--B--\r\n"

    token = world.sign_in(site, seeded.alpha.people["admin"])
    assert post(client.app, path_of(seeded, route), token, pieces()) == 404


@pytest.mark.only_sqlite
@pytest.mark.parametrize("route", ["/alpha/criteria/LC1/narrative", *FILE_ROUTES])
def test_a_cut_line_is_told_in_one_quiet_line(
    client: TestClient, site: Site, seeded: World, route: str, capfd: pytest.CaptureFixture[str]
) -> None:
    token = world.sign_in(site, seeded.alpha.people["admin"])
    path = path_of(seeded, route)
    post(client.app, path, token, iter([FORM + PIECE, None]))
    (told,) = capfd.readouterr().err.splitlines()
    assert json.loads(told)["level"] == "info"
    assert path in told


@contextmanager
def few_connections(engine: Engine, left: int) -> Iterator[None]:
    """All of the pool's connections but so many are in use elsewhere."""
    pool: Any = engine.pool
    used = [pool.connect() for _ in range(pool.size() + pool._max_overflow - left)]
    yield
    for connection in used:
        connection.close()


@pytest.mark.parametrize("route", FILE_ROUTES)
def test_a_file_goes_in_with_one_connection_to_the_database(client_for: ClientFor, seeded: World, route: str) -> None:
    admin = client_for("admin")
    served: Any = admin.app
    form = {"kind": "file", "visibility": "internal", "version": "1"}
    with few_connections(served.state.site.database.engine, 1):
        sent = admin.post(path_of(seeded, route), data=form, files={"file": ("a.txt", io.BytesIO(b"[]"))})
    assert sent.status_code == 303


def test_so_do_what_a_partner_sends_and_a_disposal(client_for: ClientFor, client: TestClient, seeded: World) -> None:
    served: Any = client.app
    site: Site = served.state.site
    files = {"file": ("a.txt", io.BytesIO(b"Here."))}
    disposal = f"/alpha/evidence/{seeded.alpha.evidence['proposed']}/disposal/approve"
    place, admin = link(site, seeded), client_for("admin")
    with few_connections(site.database.engine, 1):
        assert client.post(place, data={"name": "Ana Souza"}, files=files).status_code == 303
        assert admin.post(disposal, data={"version": "1"}).status_code == 303


def test_a_crowd_of_readers_does_not_use_up_the_connections(live: Live, seeded: World) -> None:
    """More at once than there are connections: those who wait for a thread must hold none."""
    cookies = {SESSION_COOKIE: world.sign_in(live.site, seeded.alpha.people["admin"])}
    paths = ["planning", "history.csv", "history/verify", f"evidence/{seeded.alpha.evidence['file']}/file"] * 10
    with (
        few_connections(live.site.database.engine, 8),
        httpx2.Client(base_url=live.url, cookies=cookies, timeout=20) as client,
        ThreadPoolExecutor(len(paths)) as people,
    ):
        statuses = people.map(lambda path: client.get(f"/alpha/{path}").status_code, paths)
        assert set(statuses) == {200}


@pytest.mark.only_sqlite
def test_what_works_in_a_thread_holds_no_connection_while_it_waits_for_one(client: TestClient) -> None:
    served: Any = client.app
    held = [
        route.path
        for route in iter_route_contexts(served.routes)
        for part in getattr(getattr(route.original_route, "dependant", None), "dependencies", [])
        if part.call.__qualname__.startswith("reads.") and not inspect.iscoroutinefunction(route.endpoint)
    ]
    assert held == []
