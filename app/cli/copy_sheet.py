"""The copy sheet for the programme's form, as the city's page has it."""

import json
from pathlib import Path
from typing import Annotated

import typer

from app.cli.terminal import LANGUAGE_CODES, app, open_installation, write_output
from app.rules.errors import Invalid
from app.rules.message import say
from app.settings import LANGUAGES


@app.command("copy-sheet")
def print_copy_sheet(
    city: Annotated[str, typer.Option(help="The city's slug, as in its addresses.")],
    output: Annotated[
        Path | None, typer.Option(help="The workbook (XLSX) to write; without it the sheet is printed as JSON.")
    ] = None,
    language: Annotated[str, typer.Option(help=LANGUAGE_CODES)] = "en",
    met_only: Annotated[bool, typer.Option("--met-only", help="Only what our review found met.")] = False,
) -> None:
    """Print every answer with its documents, in the order of the codes, to be copied into the program's form."""
    from app.rules.copy_sheet import sheet_as_data
    from app.services.city import find_city
    from app.services.copy_sheet import build_copy_sheet, write_copy_sheet
    from app.store.city import city_values

    if language not in LANGUAGES:
        raise Invalid({"language": say("Choose a language that the app has: %(all)s.", all=", ".join(LANGUAGES))})
    with open_installation() as site, site.database.reading() as session:
        known_city = city_values(find_city(session, city))
        sheet = build_copy_sheet(session, site, known_city, language, met_only=met_only)
    if output is None:
        typer.echo(json.dumps(sheet_as_data(sheet), indent=2, ensure_ascii=False))
        return
    write_output(output, write_copy_sheet(sheet, language))
