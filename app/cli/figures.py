"""Scores, plans, reports, and the files of the standard."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.terminal import (
    LANGUAGE_CODES,
    app,
    criteria_commands,
    end_when_told,
    open_installation,
    print_message,
    write_output,
)
from app.rules.errors import Invalid
from app.rules.message import say
from app.settings import LANGUAGES, ROOT

if TYPE_CHECKING:
    from datetime import date

    from app.rules.scoring.results import TwoResults
    from app.rules.scoring.trace import Trace


@criteria_commands.command("check")
def check_criteria(
    folder: Annotated[Path | None, typer.Argument(help="An edition's folder; all in criteria/ when left out.")] = None,
    as_of: Annotated[
        str | None, typer.Option(help="The day, as in 2027-03-01, for which to say what was last checked long ago.")
    ] = None,
) -> None:
    """Check every file of the standard and its translations. Prints one line a mistake: file, line, what to write instead.

    Then says which criteria have no public source that was checked in the last 12 months, which is no mistake.
    """
    from app.adapters.criteria.editions import check_edition, list_edition_ids
    from app.services.planning.answers_file import parse_day_option

    day = parse_day_option(as_of)

    folders = [folder] if folder else [ROOT / "criteria" / name for name in list_edition_ids()]
    mistakes = [line for each in folders for line in check_edition(each, LANGUAGES)]
    for line in mistakes:
        typer.echo(line)
    if mistakes:
        raise typer.Exit(1)
    print_message("No mistakes found.")
    for each in folders:
        _print_unchecked(each, day)


def _print_unchecked(folder: Path, day: "date | None") -> None:
    from datetime import datetime

    from app.adapters.criteria.editions import load_edition
    from app.rules.sources import unchecked_in_words

    edition = load_edition(folder)
    told = unchecked_in_words(edition, day or datetime.now().astimezone().date())
    if told:
        print_message(f"{edition.id}: {told}")


@criteria_commands.command("sets")
def print_minimal_sets(
    code: Annotated[str, typer.Argument(help="One criterion, such as DM1; all of them when left out.")] = "",
    edition: Annotated[str, typer.Option(help="Edition of the standard, a folder of criteria/.")] = "wwc-2022",
    language: Annotated[str, typer.Option(help="Language of the texts.")] = "en",
) -> None:
    """Print the smallest sets of items with which each checklist holds, beside what is asked and what is weak, for a person to read."""
    from app.adapters.criteria.editions import load_edition
    from app.rules.checklist.sets import explain_sets

    criteria = load_edition(ROOT / "criteria" / edition, language).criteria
    if code and code not in criteria:
        raise Invalid({"code": say("This edition has no criterion %(code)s.", code=code)})
    for criterion in [criteria[code]] if code else criteria.values():
        typer.echo("\n".join(explain_sets(criterion)) + "\n")


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
    from app.services.planning.answers_file import parse_day_option
    from app.services.scoring import result as scoring

    if len([given for given in (answers, city, replay) if given is not None]) != 1:
        raise Invalid({"answers": say("Give exactly one of --answers, --city and --replay.")})
    if answers and not trace and as_of is None:
        typer.echo(json.dumps(scoring.score_answers(edition, answers), indent=2, ensure_ascii=False))
        return
    day = parse_day_option(as_of)
    traced, results = _trace_input(answers, city, replay, day, edition)
    result = scoring.trace_result(traced, results, with_steps=trace)
    typer.echo(json.dumps(result, indent=2, ensure_ascii=False))


def _trace_input(
    answers: Path | None, city: str | None, replay: Path | None, day: "date | None", edition: str
) -> "tuple[Trace, TwoResults | None]":
    from app.services.scoring import result as scoring

    if answers:
        return scoring.trace_answers(edition, answers, day), None
    if replay:
        return scoring.replay_trace(replay), None
    from app.services.city import find_city
    from app.services.scoring import page
    from app.store.city import city_values

    with open_installation() as site, site.database.reading() as session:
        return page.trace_of_city(session, site, city_values(find_city(session, city or "")), day)


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

    from app.services.planning.plan import plan_answers, plan_as_data, plan_as_lines

    planned = plan_answers(edition, answers, target, date, datetime.now().astimezone().date())
    if as_json:
        typer.echo(json.dumps(plan_as_data(planned), indent=2, ensure_ascii=False))
    else:
        typer.echo("\n".join(str(line) for line in plan_as_lines(planned)))


@app.command()
def report(
    city: Annotated[str, typer.Option(help="The city's slug, as in its addresses.")],
    output: Annotated[Path, typer.Option(help="The PDF to write; one that exists is replaced.")],
    language: Annotated[str, typer.Option(help=LANGUAGE_CODES)] = "en",
    length: Annotated[str, typer.Option(help="one-page, summary, full or annex.")] = "full",
    audience: Annotated[str, typer.Option(help="public, council or internal: what may stand in it.")] = "public",
    draft: Annotated[bool, typer.Option("--draft", help="Say on every sheet that it is a draft.")] = False,
    forecast: Annotated[bool, typer.Option("--forecast", help="Add what lapses when.")] = False,
    plan: Annotated[int | None, typer.Option(help="Add a saved plan, by the number in its page’s address.")] = None,
    department: Annotated[str, typer.Option(help="Whose annex it is, by the department’s name.")] = "",
) -> None:
    """Make the readiness report of a city, the same as the button on its page, and write it to a file."""
    from app.rules.report.printed_address import is_address_of_machine, warn_of_address
    from app.services.report.annex import find_annex_department
    from app.services.report.making import make_report_file

    with open_installation() as site, end_when_told():
        if is_address_of_machine(site.settings.public_url):
            print_message(str(warn_of_address(site.settings.public_url)))
        content = make_report_file(
            site,
            city,
            language,
            length,
            audience=audience,
            is_draft=draft,
            forecast=forecast,
            scenario=plan,
            department_id=find_annex_department(site, city, department) if department else None,
        )
    write_output(output, content)
