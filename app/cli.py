"""The command line: `./run cityready COMMAND`. Results go to standard output, messages to standard error.

What a command needs is imported inside it, so that none waits for what only others need.
"""

import gc
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.rules.errors import CityReadyError, Invalid, Refused
from app.rules.permissions import Role
from app.rules.wording import Said, say
from app.settings import LANGUAGES, ROOT, Settings

if TYPE_CHECKING:
    from datetime import date

    from app.rules.trace import Trace
    from app.services.site import Site

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Prepare a city for What Works Cities Certification, independently of the program.",
    epilog="Settings come from the environment (CITYREADY_..., listed in the README). Results go to standard output, messages to "
    "standard error. Exit status: 0 done, 1 not done, 2 something given cannot be used.",
)
city_commands = typer.Typer(no_args_is_help=True, help="Add a city.")
people_commands = typer.Typer(no_args_is_help=True, help="Add people to a city.")
criteria_commands = typer.Typer(no_args_is_help=True, help="Check the files of the standard.")
app.add_typer(city_commands, name="city")
app.add_typer(people_commands, name="people")
app.add_typer(criteria_commands, name="criteria")

BUSY_AT = 1_000
"""Requests at once above which further ones are answered 503 rather than all becoming slow."""
KEEP_ALIVE_SECONDS = 30


def main(arguments: list[str] | None = None) -> None:
    """Run one command and exit; what was expected to go wrong is one sentence, never a traceback."""
    try:
        app(arguments, prog_name="cityready")
    except CityReadyError as problem:
        tell(str(problem))
        raise SystemExit(2 if isinstance(problem, Invalid) else 1) from None
    finally:
        gc.enable()


def tell(message: str) -> None:
    """A message to the person at the terminal, kept apart from results."""
    typer.echo(message, err=True)


@contextmanager
def opened(settings: Settings | None = None) -> Iterator["Site"]:
    """The installation, its database brought to the newest tables."""
    from app.adapters import logs
    from app.services.site import open_site
    from app.store import tables  # noqa: F401 (a command that uses one table needs those that it points to)
    from app.store.migrating import upgrade

    logs.to_standard_error()
    site = open_site(settings or Settings())
    try:
        upgrade(site.settings.database)
        yield site
    finally:
        site.close()


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

    settings = served_at(host, port)
    with listen(host, port) as door:
        with opened(settings) as site:
            read_criteria(site)
            prepare(site, demo_when_empty)
        config = uvicorn.Config(
            create_app(settings),
            log_level="warning",
            access_log=False,
            server_header=False,
            limit_concurrency=BUSY_AT,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=10,
        )
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[door])


def served_at(host: str, port: int) -> Settings:
    """The settings, with the address that is served here where none was set for people to use."""
    settings = Settings()
    if "public_url" in settings.model_fields_set:
        return settings
    name = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return settings.model_copy(update={"public_url": f"http://{name}:{port}"})


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises Invalid where the address cannot be had, mostly because another program has it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as problem:
        reason = (problem.strerror or str(problem)).partition(" (while")[0]  # Python adds what it was doing
        sentence = say(
            "Port %(port)s cannot be used: %(reason)s. Choose another, as in PORT=8001.", port=port, reason=reason
        )
        raise Invalid({"port": sentence}) from None


def read_criteria(site: "Site") -> None:
    """Raises Refused with every fault in the criteria files: better no start than a page that misleads."""
    from app.adapters.criteria_files import BrokenCriteria
    from app.services.site import NEWEST_EDITION

    try:
        for language in LANGUAGES:
            site.edition(NEWEST_EDITION, language)
    except BrokenCriteria as problem:
        raise Refused(Said("%(faults)s", values={"faults": problem})) from None


def prepare(site: "Site", demo_when_empty: bool) -> None:
    """Load the demo if wanted, and say where the app is and how to sign in to the demo."""
    from app.services import demo

    if demo_when_empty:
        demo.load_when_empty(site)
    tell(f"CityReady: {site.settings.public_url}   (Ctrl-C stops it)")
    with site.database.reading() as session:
        announce_demo(demo.sign_ins(session))


def announce_demo(emails: list[str]) -> None:
    from app.services.demo import PASS_PHRASE

    if emails:
        tell(f"Demo sign-ins, all with the pass phrase: {PASS_PHRASE}")
        for email in emails:
            tell(f"  {email}")


@app.command()
def demo() -> None:
    """Load the demo cities into an empty database and print their sign-ins. Refuses to stand beside real cities."""
    from app.services import demo as demo_cities

    with opened() as site:
        demo_cities.load(site)
        with site.database.reading() as session:
            announce_demo(demo_cities.sign_ins(session))


@app.command()
def migrate() -> None:
    """Bring the database to the newest tables, or leave it as it is. Prints the revisions applied."""
    from app.store.migrating import upgrade

    settings = Settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    applied = upgrade(settings.database)
    for revision in applied:
        typer.echo(revision)
    tell("The database is up to date.")


@app.command()
def work() -> None:
    """Do jobs (reports, link checks, mail) until stopped: for installations with CITYREADY_WORKER=none."""
    import signal
    import threading

    from app.services import jobs

    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    with opened() as site:
        worker = jobs.start_embedded(site)
        tell("Working. Ctrl-C stops after the job in hand.")
        stopping.wait()
        worker.stop()


@criteria_commands.command("check")
def check_criteria(
    folder: Annotated[Path | None, typer.Argument(help="An edition's folder; all in criteria/ when left out.")] = None,
) -> None:
    """Check every file of the standard and its translations. Prints one line a mistake: file, line, what to write instead."""
    from app.adapters.criteria_files import check, editions

    folders = [folder] if folder else [ROOT / "criteria" / name for name in editions()]
    mistakes = [line for each in folders for line in check(each)]
    for line in mistakes:
        typer.echo(line)
    if mistakes:
        raise typer.Exit(1)
    tell("No mistakes found.")


@app.command()
def score(
    answers: Annotated[
        Path | None,
        typer.Option(
            help='JSON: {"verdicts": {"DM1": "met", "DM2": "not_met"}}, with a date also "lapses"; - is standard input.'
        ),
    ] = None,
    city: Annotated[str | None, typer.Option(help="Score this city’s open assessment instead of a file.")] = None,
    replay: Annotated[Path | None, typer.Option(help="Do a trace again and check that it gives the same.")] = None,
    as_of: Annotated[
        str | None, typer.Option(help="The day to score for, as in 2027-03-01: what has lapsed by then does not count.")
    ] = None,
    trace: Annotated[
        bool, typer.Option("--trace", help="Print every rule with what went in and what came out.")
    ] = False,
    edition: Annotated[str, typer.Option(help="Edition of the standard, a folder of criteria/.")] = "wwc-2022",
) -> None:
    """Score verdicts and print the result as JSON. A criterion that is left out counts as not reviewed."""
    from app.services import scoring
    from app.services.answers import read_day

    if len([given for given in (answers, city, replay) if given is not None]) != 1:
        raise Invalid({"answers": say("Give exactly one of --answers, --city and --replay.")})
    if answers and not trace and as_of is None:
        typer.echo(json.dumps(scoring.score_answers(edition, answers), indent=2, ensure_ascii=False))
        return
    day = read_day(as_of)
    found = _traced(answers, city, replay, day, edition)
    result = scoring.with_trace(found) if trace else scoring.as_data(found.score)
    typer.echo(json.dumps(result, indent=2, ensure_ascii=False))


def _traced(answers: Path | None, city: str | None, replay: Path | None, day: "date | None", edition: str) -> "Trace":
    from app.services import scoring

    if answers:
        return scoring.trace_answers(edition, answers, day)
    if replay:
        return scoring.replay(replay)
    from app.services import scoring_page
    from app.services.city import find_city

    with opened() as site, site.database.reading() as session:
        return scoring_page.trace_of_city(session, site, find_city(session, city or ""), day)


@app.command()
def plan(
    answers: Annotated[
        Path,
        typer.Option(
            help='JSON: {"verdicts": {"DM1": "met"}}, and if you like "efforts" (S, M, L), "lead_days", "owners" and "lapses" '
            "(2027-03-01), each by code; - is standard input."
        ),
    ],
    target: Annotated[str, typer.Option(help="The level to reach: silver, gold or platinum.")],
    date: Annotated[
        str | None, typer.Option(help="The day by which, as in 2027-03-01; any time when left out.")
    ] = None,
    edition: Annotated[str, typer.Option(help="Edition of the standard, a folder of criteria/.")] = "wwc-2022",
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Find the cheapest sets of criteria that reach a level by a date, with the reasons."""
    from datetime import datetime

    from app.services.planning import as_data, as_lines, plan_answers

    found = plan_answers(edition, answers, target, date, datetime.now().astimezone().date())
    if as_json:
        typer.echo(json.dumps(as_data(found), indent=2, ensure_ascii=False))
    else:
        typer.echo("\n".join(str(line) for line in as_lines(found)))


@app.command()
def report(
    city: Annotated[str, typer.Option(help="The city's slug, as in its addresses.")],
    output: Annotated[Path, typer.Option(help="The PDF to write; one that exists is replaced.")],
    language: Annotated[str, typer.Option(help="en or es.")] = "en",
    length: Annotated[str, typer.Option(help="one-page or full.")] = "full",
    forecast: Annotated[bool, typer.Option("--forecast", help="Add what lapses when.")] = False,
) -> None:
    """Make the readiness report of a city, the same as the button on its page, and write it to a file."""
    from app.services.report import make_file

    with opened() as site:
        content = make_file(site, city, language, length, forecast=forecast)
    try:
        output.write_bytes(content)
    except OSError as problem:
        raise Invalid(
            {"output": say("%(path)s cannot be written: %(reason)s.", path=output, reason=problem.strerror)}
        ) from None
    tell(f"Written: {output}")


@city_commands.command("add")
def add_city(
    slug: Annotated[str, typer.Argument(help="First word of all its addresses, such as san-juan.")],
    name: Annotated[str, typer.Option(help="As people write it.")],
    country: Annotated[str, typer.Option(help="Two letters: US, CA, MX, BR ...")],
    language: Annotated[str, typer.Option(help="en or es.")] = "en",
    time_zone: Annotated[str, typer.Option(help="Region and city.")] = "America/New_York",
    population: Annotated[int | None, typer.Option(min=1)] = None,
    assessment: Annotated[str, typer.Option(help="Name of its first assessment.")] = "First self-assessment",
) -> None:
    """Add a city and open its first assessment. Next: people add."""
    from app.services import city

    with opened() as site, site.database.writing() as session:
        added = city.add_city(
            session,
            slug=slug,
            name=name,
            country=country,
            language=language,
            time_zone=time_zone,
            population=population,
        )
        city.open_assessment(session, added, assessment)
    tell(f"Added: {name}. Next: cityready people add EMAIL --city {slug} --name NAME --role admin")


@city_commands.command("emblem")
def set_emblem(
    slug: Annotated[str, typer.Argument(help="The city's slug.")],
    picture: Annotated[Path, typer.Argument(help="A PNG or JPEG file of at most 2 MB.", exists=True, dir_okay=False)],
) -> None:
    """Put the city's emblem on the cover of its reports."""
    from app.services import city

    with opened() as site, picture.open("rb") as file:
        city.set_emblem(site, slug, picture.name, file)
    tell(f"The next report of {slug} has it.")


@people_commands.command("add")
def add_person(
    email: Annotated[str, typer.Argument(help="The person signs in with it.")],
    city: Annotated[str, typer.Option(help="The city's slug.")],
    name: Annotated[str, typer.Option(help="As colleagues write it.")],
    role: Annotated[Role, typer.Option(help="What the person does in this city.")],
) -> None:
    """Add a person to a city and print the link where the person chooses a pass phrase."""
    from app.services import people
    from app.services.city import find_city

    with opened() as site, site.database.writing() as session:
        of = find_city(session, city)
        added = people.add(session, site, of, None, name=name, email=email, role=role, departments=[])
    if added.link:
        typer.echo(added.link)
        tell(f"The link works once, for {added.days} days. Whoever has it becomes {added.name}.")
    else:
        tell(f"{added.name} belongs to another city already and signs in here with the same account.")


@app.command()
def doctor() -> None:
    """Look at everything the app needs: what is right, what is wrong, and what to do. Exit status 1 when something is wrong."""
    from app.services.doctor import examine

    findings = examine(Settings())
    for finding in findings:
        typer.echo(finding.line())
    if not all(finding.well for finding in findings):
        raise typer.Exit(1)
