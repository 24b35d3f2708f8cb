"""Backups, restores, and moves to another database or file storage."""

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from app.cli.terminal import app, print_message
from app.settings import Settings

DEFAULT_FOLDER = "backups"
DAMAGED_TOO_HELP = "Go on although files are missing or changed; what is missing stays so."


@app.command()
def backup(
    to: Annotated[
        Path | None,
        typer.Option(help="Folder in which each backup gets a folder of its own; backups in the data folder."),
    ] = None,
    keep: Annotated[int, typer.Option(min=1, help="How many whole backups stay there, the new one among them.")] = 7,
) -> None:
    """Back up database, files and secret key while people work, and read it all back. Prints the new folder.

    Exit status 1 when something is missing or changed in the installation itself; then what there is is backed up and nothing older removed.
    """
    from app.services.installation.backup import make_backup
    from app.services.site import open_site

    settings = Settings()
    with closing(open_site(settings)) as site:
        made = make_backup(site, to or settings.data_dir / DEFAULT_FOLDER, keep, print_message)
    typer.echo(made.folder)
    for line in made.faults:
        print_message(line)
    for name in made.removed:
        print_message(f"Removed: {name}")
    print_message(f"{made.file_count} files, {made.linked} of them linked from the backup before.")
    if made.faults:
        print_message("Something is missing or changed. See cityready verify.")
        raise typer.Exit(1)


@app.command()
def restore(
    folder: Annotated[Path, typer.Argument(help="A backup, such as backups/cityready-2026-11-28T0130Z.")],
    damaged_too: Annotated[bool, typer.Option("--damaged-too", help=DAMAGED_TOO_HELP)] = False,
) -> None:
    """Put a backup into the empty database and the empty file storage that the settings name, then verify it all.

    Never writes over anything and never under a running app. One that was cut off goes on with the same command.
    """
    from app.services.installation.restoring import restore_backup

    done = restore_backup(Settings(), folder, print_message, damaged_too=damaged_too)
    for fault in done.faults:
        typer.echo(fault.line())
    print_message(f"Restored, as it was at {done.made_at}: {done.rows} rows, {done.files} files.")
    if done.faults:
        print_message("Something is missing or changed. See the lines above.")
        raise typer.Exit(1)
    print_message("Nothing is missing or changed. Next: cityready doctor, then start: cityready serve")


@app.command()
def move(
    database_url: Annotated[
        str, typer.Option(envvar="CITYREADY_TO_DATABASE_URL", help="The new database, as in CITYREADY_DATABASE_URL.")
    ] = "",
    storage_url: Annotated[
        str, typer.Option(envvar="CITYREADY_TO_STORAGE_URL", help="The new file storage, as in CITYREADY_STORAGE_URL.")
    ] = "",
    storage_endpoint: Annotated[
        str, typer.Option(envvar="CITYREADY_TO_STORAGE_ENDPOINT", help="How to reach it.")
    ] = "",
    storage_region: Annotated[str, typer.Option(envvar="CITYREADY_TO_STORAGE_REGION", help="How to reach it.")] = "",
    storage_access_key: Annotated[
        str, typer.Option(envvar="CITYREADY_TO_STORAGE_ACCESS_KEY", help="Better in the environment than here.")
    ] = "",
    storage_secret_key: Annotated[
        str, typer.Option(envvar="CITYREADY_TO_STORAGE_SECRET_KEY", help="Better in the environment than here.")
    ] = "",
    damaged_too: Annotated[bool, typer.Option("--damaged-too", help=DAMAGED_TOO_HELP)] = False,
) -> None:
    """Copy everything to another database, another file storage, or both, and compare both sides. What is not named stays where it is.

    The app must be stopped. The old place is left as it is; the same command goes on after a run that was cut off.
    """
    from app.services.installation.moving import move_installation

    settings = Settings()
    named = {
        "database_url": database_url,
        "storage_url": storage_url,
        "storage_endpoint": storage_endpoint,
        "storage_region": storage_region,
        "storage_access_key": storage_access_key,
        "storage_secret_key": storage_secret_key,
    }
    target = Settings(**(settings.model_dump() | {name: value for name, value in named.items() if value}))
    moved = move_installation(settings, target, print_message, damaged_too=damaged_too)
    for key in moved.missing:
        typer.echo(f"missing  {key}")
    rows = sum(table.rows for table in moved.tables)
    print_message(
        f"Moved: {len(moved.tables)} tables with {rows} rows, {len(moved.files)} files. Counts and hashes are the same on both sides."
    )
    changed = ", ".join(f"CITYREADY_{name.upper()}" for name, value in named.items() if value)
    print_message(
        f"Next: set {changed} to the new values, then: cityready doctor, cityready serve. The old place is as it was; keep it a while."
    )
