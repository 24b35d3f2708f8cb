"""The named errors of the app. `web/errors` turns each into a status and a sentence from one table."""

from collections.abc import Mapping

from app.rules.wording import Said


class CityReadyError(Exception):
    """Something that a person can be told in one sentence."""

    def __init__(self, said: Said) -> None:
        super().__init__(str(said))
        self.said = said


class NotAllowed(CityReadyError):
    """The person is known but has no right to this."""


class NotFound(CityReadyError):
    """There is no such thing in this city (also when it exists in another)."""


class Problem(CityReadyError):
    """Something that whoever asked can put right: the page is shown again with it."""


class Invalid(Problem):
    """What was entered cannot be taken; `fields` has one sentence per field name."""

    def __init__(self, fields: Mapping[str, Said]) -> None:
        super().__init__(next(iter(fields.values())))
        self.fields = dict(fields)


class Refused(Problem):
    """The move does not fit the state of the thing, such as a verdict on something not submitted."""


class Conflict(Problem):
    """Somebody else changed the same thing first."""


class OutsideUnavailable(CityReadyError):
    """Something that the app needs from outside (storage, PDF, mail) does not work now."""
