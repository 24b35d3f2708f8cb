"""What was expected to go wrong with a command, in a sentence and an exit status."""

from typing import NamedTuple

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from app.rules.errors import CityReadyError, Invalid
from app.settings import Settings

NOT_DONE, UNUSABLE = 1, 2
SECRETS = ("key", "password", "url", "token")
"""Settings with such a word in their name are not repeated: there may be a password in them."""


class Refusal(NamedTuple):
    sentence: str
    status: int


def find_refusal(problem: Exception) -> Refusal | None:
    """What to tell of it; None for what nobody expected."""
    if isinstance(problem, CityReadyError):
        return Refusal(str(problem), UNUSABLE if isinstance(problem, Invalid) else NOT_DONE)
    if isinstance(problem, ValidationError) and problem.title == Settings.__name__:
        return Refusal("\n".join(map(_describe_setting, problem.errors(include_url=False))), UNUSABLE)
    if isinstance(problem, OSError) and problem.filename:
        return Refusal(f"{problem.filename} cannot be used: {problem.strerror}.", NOT_DONE)
    return _database_refusal(problem)


def _describe_setting(fault: ErrorDetails) -> str:
    name = f"CITYREADY_{'.'.join(map(str, fault['loc'])).upper()}"
    given = "" if any(word in name.lower() for word in SECRETS) else f" is “{fault['input']}”"
    return f"{name}{given}: {fault['msg'].removeprefix('Value error, ')}."


def _database_refusal(problem: Exception) -> Refusal | None:
    """A database that cannot be reached, or whose address names nothing; without the address, which holds a password."""
    from sqlalchemy.exc import ArgumentError, OperationalError

    if isinstance(problem, ArgumentError):
        return Refusal("CITYREADY_DATABASE_URL cannot be read as the address of a database.", UNUSABLE)
    if isinstance(problem, OperationalError):
        reason = str(problem.orig).strip().partition("\n")[0]
        return Refusal(
            f"The database does not answer: {reason}. Start it, or correct CITYREADY_DATABASE_URL.", NOT_DONE
        )
    return None
