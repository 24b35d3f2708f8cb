"""What an administrator does with the files that are kept."""

from app.cli.terminal import file_commands, opened, tell


@file_commands.callback()
def files() -> None:
    """Look after the files that are kept."""


@file_commands.command("adopt")
def adopt() -> None:
    """Use the files in the store with this database, although they are marked as those of another. Removes nothing."""
    from app.services import installation

    with opened(any_files=True) as site:
        installation.adopt(site)
        tell(f"The files in {site.settings.storage} belong to this database now. Look at it with: cityready doctor")
