"""The record of each city: is it complete and unaltered, and anchors to keep outside."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.terminal import app, open_installation, print_message
from app.rules.errors import Invalid
from app.rules.message import say

if TYPE_CHECKING:
    from app.rules.history.anchor import Anchor
    from app.services.history.verifying import HistoryCheck

history_commands = typer.Typer(no_args_is_help=True, help="Check the record of what happened, and keep anchors of it.")
app.add_typer(history_commands, name="history")

MOST_BYTES = 1_000_000
CitySlug = Annotated[str | None, typer.Option("--city", help="Only this city, by its slug.")]


@history_commands.command("verify")
def verify_history(
    city: CitySlug = None,
    anchor: Annotated[
        list[str] | None,
        typer.Option(
            help="An anchor such as 214:9f86d0..., or a file of them as `history anchors` writes it; may be repeated."
        ),
    ] = None,
) -> None:
    """Compare each city's record with itself, its reports, its rows and your anchors. Exit status 1 when something does not fit."""
    from app.services.history.verifying import verify_all

    anchors = [read for given in anchor or [] for read in _read_anchors(given)]
    with open_installation() as site, site.database.snapshot() as session:
        checks = list(verify_all(session, city, anchors))
    for slug, check in checks:
        _print_check(slug, check)
    if not all(check.whole for _, check in checks):
        raise typer.Exit(1)


def _read_anchors(given: str) -> "tuple[Anchor, ...]":
    from app.rules.history.anchor import read_anchors

    file = Path(given)
    if ":" in given and not file.exists():
        return read_anchors(given)
    if not file.is_file() or file.stat().st_size > MOST_BYTES:
        raise Invalid({"anchor": say("“%(given)s” is neither an anchor nor a file of anchors.", given=given[:80])})
    return read_anchors(file.read_text(encoding="utf-8", errors="replace"))


def _print_check(slug: str, check: "HistoryCheck") -> None:
    for problem in check.problems:
        typer.echo(f"{slug}: {problem}")
    if check.more:
        typer.echo(f"{slug}: {check.more} more like these.")
    compared = f"{check.events} events, {check.rows} rows, {check.reports} reports, {check.anchors} anchors"
    result = "Nothing is missing or altered" if check.whole else f"{check.count} things do not fit"
    print_message(f"{slug}: {result}. Compared: {compared}.")


@history_commands.command("anchors")
def print_anchors(
    city: CitySlug = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Add the lines to this file instead of printing them.")
    ] = None,
) -> None:
    """Print the number and hash of the newest event of each city: one line each, to be kept where nobody of this installation can write."""
    from app.services.history.verifying import newest_anchors

    with open_installation() as site, site.database.snapshot() as session:
        lines = newest_anchors(session, city)
    if output is None:
        typer.echo("".join(f"{line}\n" for line in lines), nl=False)
        return
    with output.open("a", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)
    print_message(
        f"Added to {output}: {len(lines)}. Keep it elsewhere, and check with: cityready history verify --anchor {output}"
    )
