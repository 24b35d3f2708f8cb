"""Cities, their people, and the demo."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from app.cli.terminal import (
    LANGUAGE_CODES,
    city_commands,
    demo_commands,
    open_installation,
    people_commands,
    print_message,
)
from app.rules.people.permissions import Role


@demo_commands.callback(invoke_without_command=True)
def load_demo(context: typer.Context) -> None:
    """Load the demo cities into an empty database and print their sign-ins. Refuses to stand beside real cities."""
    if context.invoked_subcommand:
        return
    from app.services.demo import loading as demo_cities

    with open_installation() as site:
        demo_cities.load_demo(site)
        with site.database.reading() as session:
            announce_demo(demo_cities.list_sign_ins(session))


@demo_commands.command("remove")
def remove_demo(
    with_guests: Annotated[
        bool, typer.Option("--with-guests", help="Also where real people tried it out; their accounts stay.")
    ] = False,
) -> None:
    """Remove the demo cities, their accounts and files. Real cities and accounts stay as they are."""
    from app.services.demo import removing as demo_removing

    with open_installation() as site:
        files = demo_removing.remove_demo(site, with_guests=with_guests)
    print_message(f"The demo is removed, with {files} files.")


def announce_demo(emails: list[str]) -> None:
    from app.services.demo.loading import PASS_PHRASE

    if emails:
        print_message(f"Demo sign-ins, all with the passphrase: {PASS_PHRASE}")
        for email in emails:
            print_message(f"  {email}")


@people_commands.command("reset-second-step")
def reset_second_step(email: Annotated[str, typer.Argument(help="The account's e-mail address.")]) -> None:
    """Let someone sign in with the passphrase alone who has lost phone and recovery codes. Recorded, and told by letter."""
    from app.rules.account.sign_up import normalize_email
    from app.services.people import lost_second_step

    with open_installation() as site, site.database.writing() as session:
        lost_second_step.reset_at_command_line(session, site, normalize_email(email))
    print_message("The second step is reset, and every device of the account is signed out.")


@city_commands.command("open-passphrases")
def open_passphrases(slug: Annotated[str, typer.Argument(help="The city's slug.")]) -> None:
    """Let people sign in with a passphrase again, where a city allows its sign-in service only and has lost it."""
    from app.services.city_settings import single_sign_on

    with open_installation() as site:
        single_sign_on.open_passphrases(site, slug)
    print_message("People of the city can sign in with a passphrase again.")


@city_commands.command("add-sign-on")
def add_sign_on(
    slug: Annotated[str, typer.Argument(help="The city's slug.")],
    name: Annotated[str, typer.Option(help="As people know the service.")],
    issuer: Annotated[str, typer.Option(help="Its address, which begins with https://.")],
    client_id: Annotated[str, typer.Option(help="As the service gave it.")],
    domains: Annotated[str, typer.Option(help="Of the city's e-mail addresses, with spaces between.")],
    secret: Annotated[
        str,
        typer.Option(
            envvar="CITYREADY_SIGN_ON_SECRET",
            prompt=True,
            hide_input=True,
            help="The client secret; asked for, or from the environment, so that no list of processes shows it.",
        ),
    ],
    trusted: Annotated[
        bool, typer.Option("--trusted", help="Addresses are confirmed though it does not say so.")
    ] = False,
) -> None:
    """Let people of a city sign in through its own service, by OpenID Connect. Recorded in the city's history."""
    from app.services.account.sign_on import answer_address
    from app.services.city_settings import single_sign_on

    typed = single_sign_on.TypedProvider(name, issuer, client_id, secret, domains, trusted)
    with open_installation() as site:
        single_sign_on.add_at_command_line(site, slug, typed)
        address = answer_address(site)
    print_message(f"The service is added. Enter there, as redirect address: {address}")


@city_commands.command("add")
def add_city(
    slug: Annotated[str, typer.Argument(help="First word of all its addresses, such as san-juan.")],
    name: Annotated[str, typer.Option(help="As people write it.")],
    country: Annotated[str, typer.Option(help="Two letters: US, CA, MX, BR ...")],
    language: Annotated[str, typer.Option(help=LANGUAGE_CODES)] = "en",
    time_zone: Annotated[str, typer.Option(help="Region and city.")] = "America/New_York",
    population: Annotated[int | None, typer.Option(min=1)] = None,
    assessment: Annotated[str, typer.Option(help="Name of its first assessment.")] = "First self-assessment",
) -> None:
    """Add a city and open its first assessment. Next: people add."""
    from app.services import city

    _offer_to_remove_demo()
    with open_installation() as site, site.database.writing() as session:
        added = city.add_city(
            session,
            slug=slug,
            name=name,
            country=country,
            language=language,
            time_zone=time_zone,
            population=population,
        )
        city.add_assessment(session, added.id, assessment)
    print_message(f"Added: {name}. Next: cityready people add EMAIL --city {slug} --name NAME --role admin")


def _offer_to_remove_demo() -> None:
    """Anyone may sign in to the demo with a passphrase that is published, so it does not stay beside a real city unsaid."""
    from app.services.demo import removing as demo_removing

    with open_installation() as site:
        if not demo_removing.has_demo_accounts(site):
            return
        print_message("The demo is here, with accounts whose passphrase is published.")
        if sys.stdin.isatty() and typer.confirm("Remove the demo now?", default=False, err=True):
            demo_removing.remove_demo(site)
        else:
            print_message("Remove it before others can reach this installation: cityready demo remove")


@city_commands.command("set")
def set_city(
    slug: Annotated[str, typer.Argument(help="The city's slug.")],
    name: Annotated[str | None, typer.Option(help="As people write it.")] = None,
    country: Annotated[str | None, typer.Option(help="Two letters: US, CA, MX, BR ...")] = None,
    language: Annotated[str | None, typer.Option(help=LANGUAGE_CODES)] = None,
    time_zone: Annotated[str | None, typer.Option(help="Region and city.")] = None,
    population: Annotated[int | None, typer.Option(min=1)] = None,
    assessment: Annotated[str | None, typer.Option(help="Name of the open assessment.")] = None,
    due: Annotated[datetime | None, typer.Option(help="When it is due.", formats=["%Y-%m-%d"])] = None,
    color: Annotated[str | None, typer.Option(help="Such as #1b5e20; empty for none.")] = None,
    letter_sender: Annotated[str | None, typer.Option(help="Whom letters come from; empty for the city.")] = None,
    reply_to: Annotated[str | None, typer.Option(help="Where answers to letters go; empty for nowhere.")] = None,
) -> None:
    """Change what the page of settings has: what is not given stays as it is."""
    from app.services.account.sessions import today_in
    from app.services.assessment.ground import load_open_assessment
    from app.services.city import find_city
    from app.services.city_settings.about import CityFacts, CycleFacts, write_city, write_cycle
    from app.services.city_settings.looks import CityLooks, write_looks
    from app.store.city import city_values

    with open_installation() as site, site.database.writing() as session:
        now = city_values(find_city(session, slug))
        facts = CityFacts(
            name=name or now.name,
            country=country or now.country,
            language=language or now.language,
            time_zone=time_zone or now.time_zone,
            population=population or now.population,
        )
        write_city(session, now.id, None, facts, now.version)
        if (color, letter_sender, reply_to) != (None, None, None):
            given = zip((color, letter_sender, reply_to), (now.color, now.sender_name, now.reply_to), strict=True)
            looks = CityLooks(*(was or "" if typed is None else typed for typed, was in given))
            write_looks(session, now.id, None, looks, now.version + 1)
        if assessment or due:
            run = load_open_assessment(session, now)
            cycle = CycleFacts(assessment or run.name, due.date() if due else run.due_on, run.version)
            write_cycle(session, now, None, today_in(now), cycle)
    print_message(f"The settings of {slug} are changed.")


@city_commands.command("emblem")
def set_emblem(
    slug: Annotated[str, typer.Argument(help="The city's slug.")],
    picture: Annotated[Path, typer.Argument(help="A PNG or JPEG file of at most 2 MB.", exists=True, dir_okay=False)],
) -> None:
    """Put the city's emblem on the cover of its reports."""
    from app.services import city

    with open_installation() as site, picture.open("rb") as file:
        city.set_emblem(site, slug, picture.name, file)
    print_message(f"The next report of {slug} has it.")


@people_commands.command("add")
def add_person(
    email: Annotated[str, typer.Argument(help="The person signs in with it.")],
    city: Annotated[str, typer.Option(help="The city's slug.")],
    name: Annotated[str, typer.Option(help="As colleagues write it.")],
    role: Annotated[Role, typer.Option(help="What the person does in this city.")],
) -> None:
    """Invite a person to a city and print the link where the person accepts and chooses a passphrase."""
    from app.services.city import find_city
    from app.services.people import invitation
    from app.store.city import city_values

    with open_installation() as site, site.database.writing() as session:
        city_row = city_values(find_city(session, city))
        added = invitation.invite_person(
            session, site, city_row, None, name=name, email=email, role=role, departments=[]
        )
    typer.echo(added.link)
    print_message(
        f"The link works once, for {added.days} days. Whoever has it becomes {added.name}, unless the address has an account."
    )


@people_commands.command("link")
def link_person(email: Annotated[str, typer.Argument(help="The address that the person signs in with.")]) -> None:
    """Print a link with which a person chooses a passphrase, where no mail gets there."""
    from app.services.account.passphrase import SHOWN_DAYS
    from app.services.people import invitation

    with open_installation() as site, site.database.writing() as session:
        link = invitation.print_link(session, site, email)
    typer.echo(link)
    print_message(
        f"The link works once, for {SHOWN_DAYS} days. Whoever has it becomes that person: hand it over safely."
    )
