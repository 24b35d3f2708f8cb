"""What an administrator does with the files that are kept."""

from typing import Annotated

import typer

from app.cli.terminal import file_commands, open_installation, print_message


@file_commands.command("adopt")
def adopt_files() -> None:
    """Use the files in the store with this database, although they are marked as those of another. Removes nothing."""
    from app.services.installation import belonging

    with open_installation(any_files=True) as site:
        belonging.adopt_files(site)
        print_message(
            f"The files in {site.settings.storage} belong to this database now. Look at it with: cityready doctor"
        )


@file_commands.command("trash")
def print_trash() -> None:
    """Print what is in the trash, a line a file: since which day, its key, its bytes. It is deleted after 30 days."""
    with open_installation() as site:
        for file in sorted(site.trash.list_files(), key=lambda file: (file.day, file.key)):
            typer.echo(f"{file.day}  {file.key}  {file.size_bytes}")


@file_commands.command("bring-back")
def bring_back_files(
    keys: Annotated[list[str] | None, typer.Argument(help="Keys, as `files trash` prints them.")] = None,
) -> None:
    """Take files out of the trash: those named, or all that the database knows. Prints their keys."""
    from app.services.evidence import sweep as sweeping

    with open_installation() as site:
        for key in sweeping.bring_back_files(site, keys or []):
            typer.echo(key)


@file_commands.command("discard")
def discard_files() -> None:
    """Put every file that the database does not know into the trash now, where it stays for 30 days. Prints their keys."""
    from app.services.evidence import sweep as sweeping

    with open_installation() as site:
        for key in sweeping.discard_unclaimed(site):
            typer.echo(key)
