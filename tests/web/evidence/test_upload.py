"""Large files over bad lines: the protocol, and what a person sees of it in a real browser, also when the server is restarted."""

import base64
import hashlib
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Browser, Page, Route, expect
from sqlmodel import col, select

from app.services.site import Site
from app.settings import ROOT, Settings
from app.store.evidence.files import StoredFile
from app.store.evidence.pieces import Evidence
from app.store.upload import Upload, UploadPart
from app.web.cookies import SESSION_COOKIE
from tests import world
from tests.conftest import BrowserPage, ClientFor
from tests.world import World

NEW = "/alpha/criteria/LC1/evidence/new?kind=file"
PART = {"Content-Type": "application/offset+octet-stream"}
PART_BYTES = 2_000_000
MEGABYTE = 1_000_000


def begins(name: str, size: int) -> dict[str, str]:
    return {"Upload-Length": str(size), "Upload-Metadata": f"filename {base64.b64encode(name.encode()).decode()}"}


# the protocol


def test_a_file_goes_in_parts_and_is_added_by_the_form(client_for: ClientFor, site: Site) -> None:
    lead = client_for("lead")
    made = lead.post("/alpha/uploads", headers=begins("Año 2026.txt", 11))
    assert made.status_code == 201
    place = made.headers["location"]
    for at, part in ((0, b"Hello "), (6, b"world")):
        answer = lead.patch(place, content=part, headers={**PART, "Upload-Offset": str(at)})
        assert (answer.status_code, answer.headers["upload-offset"]) == (204, str(at + len(part)))
    found = lead.head(place)
    assert (found.headers["upload-offset"], found.headers["upload-length"]) == ("11", "11")
    assert found.headers["tus-resumable"] == "1.0.0"

    form = {"kind": "file", "title": "", "visibility": "internal", "upload": place.rsplit("/", 1)[1]}
    answer = lead.post("/alpha/criteria/LC1/evidence", data=form)
    assert answer.status_code == 303
    with site.database.reading() as session:
        file = session.exec(select(StoredFile).order_by(col(StoredFile.id).desc())).first()
    assert file
    assert (file.name, b"".join(site.storage.open(file.key))) == ("Año 2026.txt", b"Hello world")
    assert lead.head(place).status_code == 404, "what was added is not kept twice"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 400),
        ({"Upload-Length": "-5", "Upload-Metadata": "filename YS50eHQ="}, 400),
        ({"Upload-Length": "5", "Upload-Metadata": "filename %%%"}, 400),
        ({"Upload-Length": "5", "Upload-Metadata": "filename /w=="}, 400),
        ({"Upload-Length": "5"}, 422),
        (begins("film.mp4", 5), 422),
        (begins("plan.pdf", 0), 422),
        (begins("plan.pdf", 10**12), 422),
        (begins("../../etc/passwd", 5), 422),
    ],
)
def test_what_cannot_begin_is_refused(client_for: ClientFor, headers: dict[str, str], status: int) -> None:
    answer = client_for("lead").post("/alpha/uploads", headers=headers)
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("headers", "content", "status"),
    [
        ({"Upload-Offset": "0"}, b"Hello", 415),
        (PART, b"Hello", 400),
        ({**PART, "Upload-Offset": "3"}, b"Hello", 409),
        ({**PART, "Upload-Offset": "0"}, b"Hello and more", 422),
        ({**PART, "Upload-Offset": "0"}, b"", 422),
        ({**PART, "Upload-Offset": "0"}, bytes(20_000_001), 413),
    ],
)
def test_a_part_that_does_not_fit_is_refused(
    client_for: ClientFor, headers: dict[str, str], content: bytes, status: int
) -> None:
    lead = client_for("lead")
    place = lead.post("/alpha/uploads", headers=begins("plan.txt", 5)).headers["location"]
    assert lead.patch(place, content=content, headers=headers).status_code == status
    assert lead.head(place).headers["upload-offset"] == "0"


# in a browser


def a_text(path: Path, size: int) -> Path:
    """A text file of so many bytes, no two of its parts alike."""
    lines = (f"{number:09d} a line of the minutes\n".encode() for number in range(size // 32 + 1))
    path.write_bytes(b"".join(lines)[:size])
    return path


class Line:
    """The line between browser and server: parts that go through are counted; from `cut_after` on the next ones wait or are cut."""

    def __init__(self, page: Page, *, hold_after: int = 10**6, cut: int = 0, cut_after: int = 0) -> None:
        self.passed, self.hold_after, self.cut, self.cut_after = 0, hold_after, cut, cut_after
        page.route("**/uploads/*", self._part)

    def _part(self, route: Route) -> None:
        if route.request.method != "PATCH":
            route.continue_()
        elif self.passed >= self.cut_after and self.cut:
            self.cut -= 1
            route.abort()
        elif self.passed < self.hold_after:
            self.passed += 1
            route.continue_()


def added(page: Page) -> None:
    page.wait_for_url("**/alpha/criteria/LC1?done=evidence-added", timeout=60_000)


def content_of_newest(site: Site) -> bytes:
    with site.database.reading() as session:
        piece = session.exec(select(Evidence).order_by(col(Evidence.id).desc())).first()
        file = session.get_one(StoredFile, piece.file_id if piece else 0)
    return b"".join(site.storage.open(file.key))


def send(page: Page, file: Path) -> None:
    page.goto(NEW)
    page.set_input_files("#file", file)
    page.get_by_role("button", name="Add evidence").click()


def test_a_file_chosen_while_the_script_is_still_on_its_way_is_sent(
    browser_page: BrowserPage, site: Site, tmp_path: Path
) -> None:
    page, file = browser_page("lead", width=320), a_text(tmp_path / "minutes.txt", 100)

    def choose_before_it_comes(script: Route) -> None:
        page.set_input_files("#file", file)
        script.continue_()

    page.route("**/evidence.js*", choose_before_it_comes)
    page.goto(NEW)
    expect(page.locator(".evidence-row")).to_contain_text("minutes.txt")
    page.get_by_role("button", name="Add evidence").click()
    added(page)
    assert content_of_newest(site) == file.read_bytes()


def test_a_cut_line_costs_one_part_and_nobody_has_to_do_anything(
    browser_page: BrowserPage, site: Site, tmp_path: Path
) -> None:
    page, file = browser_page("lead"), a_text(tmp_path / "minutes.txt", 7 * MEGABYTE)
    line = Line(page, cut=2, cut_after=2)
    send(page, file)
    added(page)
    assert line.passed == 4
    assert content_of_newest(site) == file.read_bytes()


def test_a_file_that_was_deleted_since_it_was_chosen_is_to_be_chosen_again(
    browser_page: BrowserPage, site: Site, tmp_path: Path
) -> None:
    """The line is not cut, so trying again would never help."""
    page, file = browser_page("lead"), a_text(tmp_path / "minutes.txt", 5 * MEGABYTE)
    page.goto(NEW)
    page.set_input_files("#file", file)
    file.unlink()
    page.get_by_role("button", name="Add evidence").click()
    row = page.locator(".evidence-row")
    expect(row).to_contain_text("This file was changed or moved since you chose it.")
    expect(row.get_by_role("button", name="Try again")).to_be_hidden()
    row.get_by_role("button", name="Remove").click()
    send_again = a_text(tmp_path / "minutes.txt", MEGABYTE)
    page.set_input_files("#file", send_again)
    page.get_by_role("button", name="Add evidence").click()
    added(page)
    assert content_of_newest(site) == send_again.read_bytes()


def test_an_upload_waits_while_it_is_paused_and_goes_on(browser_page: BrowserPage, site: Site, tmp_path: Path) -> None:
    page, file = browser_page("lead", width=320), a_text(tmp_path / "minutes.txt", 7 * MEGABYTE)
    line = Line(page, hold_after=2)
    send(page, file)
    row = page.locator(".evidence-row")
    expect(row).to_contain_text("57%")
    row.get_by_role("button", name="Pause").click()
    expect(row).to_contain_text("Paused.")
    expect(row.get_by_role("button", name="Pause")).to_be_hidden()
    line.hold_after = 10**6
    row.get_by_role("button", name="Continue").click()
    added(page)
    assert line.passed == 4
    assert content_of_newest(site) == file.read_bytes()


def test_the_same_file_chosen_again_after_the_page_was_closed_goes_on(
    browser_page: BrowserPage, site: Site, tmp_path: Path
) -> None:
    page, file = browser_page("lead"), a_text(tmp_path / "minutes.txt", 7 * MEGABYTE)
    line = Line(page, hold_after=3)
    send(page, file)
    expect(page.locator(".evidence-row")).to_contain_text("85%")
    page.on("dialog", lambda dialog: dialog.accept())
    line.hold_after = 10**6
    send(page, file)
    added(page)
    assert line.passed == 4
    assert content_of_newest(site) == file.read_bytes()


def test_cancelling_takes_away_what_was_sent(browser_page: BrowserPage, site: Site, tmp_path: Path) -> None:
    page = browser_page("lead")
    Line(page, hold_after=2)
    send(page, a_text(tmp_path / "minutes.txt", 7 * MEGABYTE))
    expect(page.locator(".evidence-row")).to_contain_text("57%")
    with page.expect_response(lambda answer: answer.request.method == "DELETE"):
        page.locator(".evidence-row").get_by_role("button", name="Cancel").click()
    expect(page.locator(".evidence-row")).to_contain_text("Cancelled")
    with site.database.reading() as session:
        assert session.exec(select(Upload)).all() == []
        assert session.exec(select(UploadPart)).all() == []


# a server of its own, that is stopped and started


class Server:
    """The app as a process; `restart` kills it and starts it again on the same port."""

    def __init__(self, settings: Settings) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._env = {
            **os.environ,
            "CITYREADY_DATA_DIR": str(settings.data_dir),
            "CITYREADY_DATABASE_URL": settings.database_url,
            "CITYREADY_PUBLIC_URL": self.url,
            "PORT": str(self.port),
        }
        self._process = self._start()

    def _start(self) -> "subprocess.Popen[bytes]":
        process = subprocess.Popen(
            [sys.executable, "-m", "app", "serve"],
            cwd=ROOT,
            env=self._env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while process.poll() is None:
            try:
                httpx2.get(f"{self.url}/health", timeout=5)
            except httpx2.TransportError:
                continue
            return process
        raise RuntimeError("the app did not start")

    def restart(self) -> None:
        self.stop()
        self._process = self._start()

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()

    @property
    def most_memory_bytes(self) -> int:
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) * 1024


@pytest.fixture
def server(settings: Settings) -> Iterator[Server]:
    running = Server(settings)
    yield running
    running.stop()


@contextmanager
def signed_in(browser: Browser, server: Server, token: str) -> Iterator[Page]:
    with browser.new_context(base_url=server.url) as context:
        context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": server.url}])
        yield context.new_page()


@pytest.fixture
def token(site: Site, seeded: World) -> str:
    return world.sign_in(site, seeded.alpha.people["lead"])


def test_an_upload_goes_on_after_the_server_was_killed_and_started_again(
    browser: Browser, server: Server, site: Site, token: str, tmp_path: Path
) -> None:
    file = a_text(tmp_path / "minutes.txt", 9 * MEGABYTE)
    with signed_in(browser, server, token) as page:
        line = Line(page, hold_after=2)
        send(page, file)
        expect(page.locator(".evidence-row")).to_contain_text("44%")
        page.locator(".evidence-row").get_by_role("button", name="Pause").click()
        server.restart()
        line.hold_after = 10**6
        page.locator(".evidence-row").get_by_role("button", name="Continue").click()
        added(page)
    assert line.passed == 5
    assert content_of_newest(site) == file.read_bytes()


@pytest.mark.only_sqlite
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read as Linux gives it")
def test_200_megabytes_take_less_than_100_of_memory_and_survive_a_restart(
    server: Server, site: Site, token: str
) -> None:
    part = os.urandom(PART_BYTES // 4).hex().encode()[:PART_BYTES]
    size = 200 * MEGABYTE
    digest = hashlib.sha256()
    with httpx2.Client(
        base_url=server.url, headers={"Sec-Fetch-Site": "same-origin"}, cookies={SESSION_COOKIE: token}, timeout=60
    ) as client:
        client.get("/alpha/board")
        place = client.post("/alpha/uploads", headers=begins("figures.csv", size)).headers["location"]
        before = server.most_memory_bytes
        for at in range(0, size, len(part)):
            if at == size // 2:
                server.restart()
                client.get("/alpha/board")
                before = server.most_memory_bytes
                assert client.head(place).headers["upload-offset"] == str(at)
            answer = client.patch(place, content=part, headers={**PART, "Upload-Offset": str(at)})
            assert answer.status_code == 204
            digest.update(part)
        form: dict[str, Any] = {"kind": "file", "visibility": "internal", "upload": place.rsplit("/", 1)[1]}
        answer = client.post("/alpha/criteria/LC1/evidence", data=form)
        assert answer.status_code == 303
    assert server.most_memory_bytes - before < 100 * MEGABYTE
    with site.database.reading() as session:
        file = session.exec(select(StoredFile).order_by(col(StoredFile.id).desc())).first()
    assert file
    assert (file.size_bytes, file.sha256) == (size, digest.hexdigest())
