"""What an administrator does with an installation."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.terminal import app, print_message
from app.settings import Settings


@app.command()
def migrate() -> None:
    """Bring the database to the newest tables, or leave it as it is. Prints the revisions applied."""
    from app.adapters import logs, private_files
    from app.store.migrating import upgrade_database

    logs.log_to_standard_error()
    settings = Settings()
    settings.data_dir.mkdir(0o700, parents=True, exist_ok=True)
    private_files.narrow_rights(settings)
    applied = upgrade_database(settings.database)
    for revision in applied:
        typer.echo(revision)
    print_message("The database is up to date.")


@app.command()
def doctor() -> None:
    """Look at everything the app needs: what is right, what is wrong, and what to do. Exit status 1 when something is wrong."""
    from app.services.doctor.surroundings import examine_installation

    findings = examine_installation(Settings())
    for finding in findings:
        typer.echo(finding.line())
    if not all(finding.well for finding in findings):
        raise typer.Exit(1)


@app.command()
def verify(
    quick: Annotated[
        bool, typer.Option("--quick", help="Look whether files are there and have their size, without reading them.")
    ] = False,
    backup: Annotated[
        Path | None, typer.Option(help="Look at this backup instead: whether it is as it was written.")
    ] = None,
) -> None:
    """Look whether nothing is lost or changed: database, files, the record of each city. One line a fault; exit status 1 with any."""
    from contextlib import closing

    from app.adapters.backup import BackupFolder
    from app.services.installation.backup import find_damages
    from app.services.installation.wholeness import find_faults
    from app.services.site import open_site

    count = 0
    if backup:
        for line in find_damages(BackupFolder(backup)):
            typer.echo(f"damaged  {line}")
            count += 1
    else:
        with closing(open_site(Settings())) as site:
            for fault in find_faults(site, quick=quick, progress=print_message):
                typer.echo(fault.line())
                count += 1
    if count:
        print_message(f"Faults: {count}.")
        raise typer.Exit(1)
    print_message("Nothing is missing or changed.")
