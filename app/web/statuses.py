"""The table of errors: the status of each, what its page is headed with, and what else its answer says to programs."""

from app.rules.account.passkey import PasskeyRefused
from app.rules.account.sign_on import SignOnRefused
from app.rules.errors import (
    CityReadyError,
    Conflict,
    Invalid,
    LinkOver,
    NotAllowed,
    NotFound,
    OutsideUnavailable,
    Refused,
)
from app.rules.installation.database_trouble import DatabaseFull, DatabaseTrouble, OutcomeUnknown
from app.rules.message import Message, say
from app.services.account.sessions import ConfirmationRequired, SecondStepRequired, SignInRequired
from app.services.account.tries import TooManyAttempts

ERROR_STATUSES: dict[type[CityReadyError], int] = {
    SignInRequired: 401,
    ConfirmationRequired: 401,
    SecondStepRequired: 403,
    SignOnRefused: 403,
    PasskeyRefused: 422,
    NotAllowed: 403,
    NotFound: 404,
    LinkOver: 404,
    Refused: 409,
    Conflict: 409,
    Invalid: 422,
    TooManyAttempts: 429,
    DatabaseFull: 507,
    OutsideUnavailable: 503,
}
"""The status of each named error. Those of app.rules.errors and of signing in; a subclass has that of its kind."""
TITLES: dict[type[CityReadyError], Message] = {
    DatabaseFull: say("No room left"),
    LinkOver: say("This link no longer works"),
    OutcomeUnknown: say("Look whether it was saved"),
}
NOT_NOW = say("Not possible now")
"""What heads a step that does not fit the state of things; nobody has changed anything meanwhile."""
HTTP_SENTENCES: dict[int, Message] = {
    404: say("This page does not exist, or it belongs to a city that you are not a member of."),
    405: say("This address cannot be used that way. Go back and use the buttons of the page."),
    413: say("What you sent is too large. Choose smaller files, or fewer at a time."),
    400: say("The browser sent something that could not be read. Go back, load the page again and repeat the step."),
}
SOMETHING_WRONG = say(
    "Something went wrong on our side. Nothing was changed; please try again. If it happens again, tell your data office."
)
RETRY_SECONDS = 10
"""After how long it is worth asking a database in trouble again."""


def status_of(problem: CityReadyError) -> int:
    return next(code for kind, code in ERROR_STATUSES.items() if isinstance(problem, kind))


def headers_of(problem: CityReadyError) -> dict[str, str]:
    """What else an answer says to programs: when to try again."""
    if isinstance(problem, TooManyAttempts):
        return {"Retry-After": str(problem.seconds)}
    return {"Retry-After": str(RETRY_SECONDS)} if isinstance(problem, DatabaseTrouble) else {}
