"""What every command uses: the commands by name, messages to the person at the terminal, the installation opened."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.rules.errors import Invalid
from app.rules.independence import INDEPENDENCE
from app.rules.message import say
from app.settings import LANGUAGES, Settings

if TYPE_CHECKING:
    from app.services.site import Site

LANGUAGE_CODES = f"{' or '.join(LANGUAGES)}."
"""What the help says where a language is asked for."""

SOON = 0.01
"""Seconds until an end that was dropped is raised once more: long enough to be out of what dropped it."""

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Prepare a city for What Works Cities Certification, independently of the program.",
    epilog=f"{INDEPENDENCE} Settings come from the environment (CITYREADY_..., listed in the README). Results go to standard output, messages to "
    "standard error. Exit status: 0 done, 1 not done, 2 something given cannot be used.",
)
city_commands = typer.Typer(no_args_is_help=True, help="Add a city.")
demo_commands = typer.Typer(help="Load the demo, or remove it.")
people_commands = typer.Typer(no_args_is_help=True, help="Add people to a city.")
file_commands = typer.Typer(no_args_is_help=True, help="Look after the files that are kept.")
key_commands = typer.Typer(no_args_is_help=True, help="Renew the secret key.")
bulk_commands = typer.Typer(
    no_args_is_help=True, help="Add or change many people, departments, partners and assignments."
)
security_commands = typer.Typer(no_args_is_help=True, help="Read the security record.")
criteria_commands = typer.Typer(no_args_is_help=True, help="Check the files of the standard.")
app.add_typer(city_commands, name="city")
app.add_typer(demo_commands, name="demo")
app.add_typer(people_commands, name="people")
app.add_typer(bulk_commands, name="bulk")
app.add_typer(file_commands, name="files")
app.add_typer(key_commands, name="key")
app.add_typer(security_commands, name="security")
app.add_typer(criteria_commands, name="criteria")


def print_version(wanted: bool) -> None:
    if wanted:
        from app.adapters.release import release_name

        typer.echo(release_name())
        raise typer.Exit


@app.callback()
def handle_options(
    version: Annotated[
        bool, typer.Option("--version", callback=print_version, is_eager=True, help="Print the version and the commit.")
    ] = False,
) -> None:
    pass


def print_message(message: str) -> None:
    """A message to the person at the terminal, kept apart from results."""
    typer.echo(message, err=True)


def write_output(output: Path, content: bytes) -> None:
    """Write the file that was asked for, and say so. Raises Invalid where it cannot be written."""
    try:
        output.write_bytes(content)
    except OSError as problem:
        wrong = say("%(path)s cannot be written: %(reason)s.", path=output, reason=problem.strerror)
        raise Invalid({"output": wrong}) from None
    print_message(f"Written: {output}")


@contextmanager
def end_when_told() -> Iterator[None]:
    """Inside it SIGTERM and a terminal that is closed end the command as Ctrl-C does, so that it can say what became of its work.

    Python drops what is raised while it clears an object away, and the signal may come just then: it is raised once more.
    """
    told: list[int] = []

    def end(number: int, _frame: object) -> None:
        told.append(number)
        raise SystemExit(128 + told[0])

    def raise_again(dropped: "sys.UnraisableHookArgs") -> None:
        if told and isinstance(dropped.exc_value, SystemExit):
            signal.setitimer(signal.ITIMER_REAL, SOON)
        else:
            hook_before(dropped)

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGALRM)}
    hook_before, sys.unraisablehook = sys.unraisablehook, raise_again
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        sys.unraisablehook = hook_before
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def open_installation(settings: Settings | None = None, *, any_files: bool = False) -> Iterator["Site"]:
    """The installation, its database brought to the newest tables.

    Raises Refused where the files are those of another database, unless `any_files`.
    """
    from app.adapters import logs, private_files
    from app.cli.address import settings_here
    from app.services.installation import belonging
    from app.services.site import open_site
    from app.store import tables  # noqa: F401 (a command that uses one table needs those that it points to)
    from app.store.migrating import upgrade_database

    logs.log_to_standard_error()
    site = open_site(settings or settings_here())
    try:
        private_files.narrow_rights(site.settings)
        upgrade_database(site.settings.database)
        if not any_files:
            belonging.check_belonging(site)
        yield site
    finally:
        site.close()
