"""Tables of people, departments, partners and assignments, and the words of all criteria, as the pages for many at once take them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.terminal import bulk_commands, open_installation, print_message

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.rules.message import Message
    from app.services.bulk.page import BulkPreview
    from app.services.city_settings.wordings import WordingsPreview

AdministratorEmail = Annotated[
    str, typer.Option("--by", help="E-mail address of the administrator in whose name it is done.")
]
Saves = Annotated[bool, typer.Option("--save", help="Save it; without this it is only looked at.")]
NOT_SAVED = "Nothing is saved yet. Add --save to save it."


@bulk_commands.command("import")
def import_tables(
    table: Annotated[Path, typer.Argument(help="A workbook (XLSX) or a CSV file.", exists=True, dir_okay=False)],
    city: Annotated[str, typer.Option(help="The city's slug.")],
    by: AdministratorEmail,
    kind: Annotated[
        str, typer.Option(help="Of a file that does not say so: people, departments, partners ...")
    ] = "people",
    save: Saves = False,
    adds_departments: Annotated[
        bool, typer.Option("--add-departments", help="Also add those that are missing.")
    ] = False,
    takes_outsiders: Annotated[
        bool, typer.Option("--take-outsiders", help="Also people of other departments.")
    ] = False,
    leaves_out: Annotated[bool, typer.Option("--leave-out", help="Leave out lines that cannot be used.")] = False,
) -> None:
    """Say what would become of each line, and with --save do all of it or nothing. Nobody is written to: invite on the page of people."""
    from app.adapters.tables.reading import read_upload
    from app.adapters.translations import load_translator
    from app.rules.bulk.columns import SheetKind
    from app.rules.bulk.register import BulkChoices
    from app.rules.errors import Refused
    from app.rules.message import say
    from app.services.account.sessions import act_as
    from app.services.bulk import page, saving
    from app.services.desk import Desk

    if kind not in set(SheetKind):
        raise Refused(say("Choose one of these: %(all)s.", all=", ".join(SheetKind)))
    with table.open("rb") as source:
        texts, notes = page.texts_of_upload(read_upload(table.name, source), SheetKind(kind))
    choices = BulkChoices(adds_departments, takes_outsiders)
    with open_installation() as site, site.database.writing() as session:
        desk = Desk(session, site, act_as(session, city, by))
        desk.who.need("people.write")
        preview = page.build_preview(desk, texts, choices, notes)
        _print_preview(preview, load_translator("en").say)
        if not save:
            print_message(NOT_SAVED)
            return
        saved = saving.save_preview(desk, preview, preview.plan.mark, leaves_out=leaves_out, invites="later")
    print_message(
        f"Saved: {saved.lines}. Undo it at /{city}/people/bulk/{saved.save_id}. Not invited yet: {saved.waiting}."
    )


def _print_preview(preview: "BulkPreview", say_in: "Callable[[Message | str], str]") -> None:
    """The same words as on the page, a line for each line."""
    from app.rules.bulk.columns import KIND_NAMES
    from app.rules.bulk.fates import FATE_NAMES, Fate

    for note in preview.notes:
        print_message(say_in(note))
    for sheet in preview.plan.sheets:
        counts = ", ".join(f"{say_in(FATE_NAMES[fate])} {sheet.count(fate)}" for fate in Fate)
        typer.echo(f"{say_in(KIND_NAMES[sheet.kind])}: {counts}")
        for note in sheet.notes:
            typer.echo(f"  {say_in(note)}")
        for line in sheet.lines:
            if line.fate is not Fate.SAME:
                told = " ".join([say_in(FATE_NAMES[line.fate]) + ":", *map(say_in, line.said)]).rstrip(":")
                typer.echo(f"  {line.number} {' · '.join(filter(None, line.values.values()))} – {told}")


@bulk_commands.command("wordings")
def import_wordings(
    file: Annotated[Path, typer.Argument(help="A workbook (XLSX), CSV or text.", exists=True, dir_okay=False)],
    city: Annotated[str, typer.Option(help="The city's slug.")],
    by: AdministratorEmail,
    save: Saves = False,
) -> None:
    """Say which criteria get other official words, and with --save give them all or none."""
    from app.adapters.tables.reading import read_text
    from app.adapters.translations import load_translator
    from app.services.account.sessions import act_as
    from app.services.city_settings import wordings
    from app.services.desk import Desk

    with file.open("rb") as source:
        pasted = read_text(file.name, source)
    with open_installation() as site, site.database.writing() as session:
        desk = Desk(session, site, act_as(session, city, by))
        desk.who.need("city.write")
        preview = wordings.preview_wordings(desk, pasted)
        _print_wordings(preview, load_translator("en").say)
        if not save:
            print_message(NOT_SAVED)
            return
        saved = wordings.save_wordings(desk, pasted, preview.mark)
    print_message(f"Saved: {len(preview.changes)}. Undo it at /{city}/people/bulk/{saved}.")


def _print_wordings(preview: "WordingsPreview", say_in: "Callable[[Message | str], str]") -> None:
    """What becomes of each criterion that was read, and which have no official words afterwards."""
    from app.rules.bulk.fates import FATE_NAMES

    for line in preview.lines:
        typer.echo(f"{line.code} {line.title}: {say_in(FATE_NAMES[line.fate])}")
    if preview.unread:
        typer.echo(f"Before the first code, not read: {preview.unread}")
    if preview.missing:
        typer.echo(f"Without official words: {', '.join(preview.missing)}")
