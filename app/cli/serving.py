"""Serve the pages, and do jobs."""

import gc
import resource
import socket
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.address import keep_address, served_address, served_at
from app.cli.cities import announce_demo
from app.cli.terminal import app, open_installation, print_message
from app.rules.errors import Invalid, Refused
from app.rules.installation.job import JobLane, check_lane
from app.rules.message import Message, say
from app.settings import LANGUAGES, Settings

if TYPE_CHECKING:
    from app.services.site import Site

BUSY_AT = 1_000
"""Requests at once above which further ones are answered 503 rather than all becoming slow."""
KEEP_ALIVE_SECONDS = 30


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 is every network.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(envvar="PORT", min=1, max=65535, help="Port to listen on.")] = 8000,
    demo_when_empty: Annotated[
        bool, typer.Option("--demo-when-empty", help="Load the demo where there is no city.")
    ] = False,
) -> None:
    """Migrate the database and serve the pages until stopped with Ctrl-C."""
    gc.disable()  # nothing of a start is garbage, and looking for some is a fifth of it; `create_app` switches it on again
    import uvicorn

    from app.main import create_app
    from app.web.wire.connection import BoundedConnection
    from app.web.wire.draining import DrainingServer

    settings = served_at(host, port)
    allow_many_connections()
    with open_listener(host, port, settings) as door:
        with open_installation(settings) as site:
            check_criteria_files(site)
            prepare_start(site, demo_when_empty)
        served = create_app(settings)
        config = uvicorn.Config(
            served,
            http=BoundedConnection,
            log_level="warning",
            access_log=False,
            server_header=False,
            limit_concurrency=BUSY_AT,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=10,
        )
        with keep_address(settings), suppress(KeyboardInterrupt):
            DrainingServer(config, served, settings.drain_seconds).run(sockets=[door])


def allow_many_connections() -> None:
    """Systems allow 1,024 open files at first, which files and databases of a thousand connections outgrow."""
    soft, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY:
        wanted = 4 * BUSY_AT if most == resource.RLIM_INFINITY else min(4 * BUSY_AT, most)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), most))


def open_listener(host: str, port: int, settings: Settings) -> socket.socket:
    """A listening socket. Raises Invalid where the address cannot be had: this installation has it already, or another program."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as problem:
        if served_address(settings) == settings.public_url:
            sentence = say("CityReady is already served here: %(url)s", url=settings.public_url)
            raise Invalid({"port": sentence}) from None
        reason = (problem.strerror or str(problem)).partition(" (while")[0]  # Python adds what it was doing
        sentence = say(
            "Port %(port)s cannot be used: %(reason)s. Choose another, as in PORT=8001.", port=port, reason=reason
        )
        raise Invalid({"port": sentence}) from None


def check_criteria_files(site: "Site") -> None:
    """Raises Refused with every fault in the criteria files: better no start than a page that misleads."""
    from app.adapters.criteria.editions import BrokenCriteria
    from app.services.site import NEWEST_EDITION

    try:
        for language in LANGUAGES:
            site.edition(NEWEST_EDITION, language)
    except BrokenCriteria as problem:
        raise Refused(Message("%(faults)s", values={"faults": problem})) from None


def prepare_start(site: "Site", demo_when_empty: bool) -> None:
    """Load the demo if wanted, and say where the app is and how to sign in to the demo."""
    from app.services.demo import loading, removing
    from app.store.city import list_cities

    if demo_when_empty and not site.settings.by_https:
        loading.load_demo_when_empty(site)
    removing.check_not_public(site)
    print_message(f"CityReady: {site.settings.public_url}   (Ctrl-C stops it)")
    with site.database.reading() as session:
        if not list_cities(session):
            print_message("There is no city yet. Add one and its first administrator, in the same data folder:")
            print_message(
                "  cityready city add --help, then cityready people add --help; docs/running.md has both in full"
            )
        announce_demo(loading.list_sign_ins(session))


@app.command()
def work(
    lane: Annotated[
        list[str] | None,
        typer.Option(
            help=f"Do only jobs of this lane: {', '.join(JobLane)}. May be given again; all of them when left out."
        ),
    ] = None,
) -> None:
    """Do jobs (letters, reports, readings, link checks, catalogs) until stopped: for installations with CITYREADY_WORKER=none."""
    import signal
    import threading

    from app.services.jobs.worker import Worker

    lanes = [check_lane(name) for name in lane or JobLane]
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    with open_installation() as site:
        worker = Worker(site, dict.fromkeys(lanes))
        print_message("Working. Ctrl-C stops; what is in hand then goes to another worker.")
        stopping.wait()
        worker.stop()
