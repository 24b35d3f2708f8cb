"""The secret key, and the record of who got in."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated

import typer

from app.cli.terminal import key_commands, open_installation, print_message, security_commands
from app.rules.errors import Invalid, Refused
from app.rules.message import say
from app.settings import Settings


@key_commands.command("rotate")
def rotate_key(
    forget_old: Annotated[
        bool,
        typer.Option("--forget-old", help="End every link that was given out and every known device, after a leak."),
    ] = False,
) -> None:
    """Sign with a new secret key from now on; what older keys signed stays valid. No process needs a restart."""
    from app.adapters import tokens

    settings = Settings()
    if settings.secret_key:
        raise Refused(
            say(
                "The key comes from CITYREADY_SECRET_KEY. Put a new one there before it, with a comma between, and restart "
                "every process; run “cityready key reseal”; take the old one out when what it signed may end. A new one: %(key)s",
                key=tokens.random_token(),
            )
        )
    older_keys = tokens.rotate_key(settings, forget_old=False)
    reseal_secrets()
    if forget_old:
        older_keys = tokens.forget_old_keys(settings)
    print_message(f"New links are signed with a new key. Older keys that still open what they signed: {older_keys}.")


@key_commands.command("reseal")
def reseal_secrets() -> None:
    """Seal secrets that are kept (of authenticator apps) with the newest key, so that an older one can go."""
    from app.services.account import second_step

    with open_installation() as site:
        lost = second_step.reseal_secrets(site)
    if lost:
        print_message(
            f"Secrets that no key opens, of second steps to be reset and of sign-in services to be entered again: {lost}."
        )


@security_commands.command("export")
def export_security(
    city: Annotated[str | None, typer.Option(help="The city's slug; the whole installation when left out.")] = None,
    since: Annotated[str | None, typer.Option(help="The first day, as in 2026-11-01, in UTC.")] = None,
    until: Annotated[str | None, typer.Option(help="The last day, in UTC.")] = None,
) -> None:
    """Print the security record as CSV: sign-ins, failures, pauses, links, changes of access, with address and browser."""
    from app.services.account import security_page

    first = _parse_midnight(since) if since else None
    end = _parse_midnight(until) + timedelta(days=1) if until else None
    with open_installation() as site:
        for line in security_page.export_table(site, city, first, end):
            typer.echo(line, nl=False)


def _parse_midnight(text: str) -> datetime:
    """Raises Invalid for what is not a day."""
    try:
        return datetime.combine(date.fromisoformat(text), time(), UTC)
    except ValueError:
        raise Invalid(
            {"day": say("“%(text)s” is not a date. Write it as year-month-day, such as 2026-03-31.", text=text[:20])}
        ) from None
