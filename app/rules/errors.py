"""The named errors of the app. `web/errors` turns each into a page, by the table in `web/statuses`."""

from collections.abc import Callable, Mapping
from typing import Any

from app.rules.message import Message


class CityReadyError(Exception):
    """Something that a person can be told in one sentence."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.said = message


class NotAllowed(CityReadyError):
    """The person is known but has no right to this."""


class NotFound(CityReadyError):
    """There is no such thing in this city (also when it exists in another)."""


class LinkOver(NotFound):
    """The link of a letter that was used, is too old, or was never ours."""


class CorrectableProblem(CityReadyError):
    """Something that whoever asked can put right: the page is shown again with it."""


class Invalid(CorrectableProblem):
    """What was entered cannot be taken; `fields` has one sentence per field name."""

    def __init__(self, fields: Mapping[str, Message]) -> None:
        super().__init__(next(iter(fields.values())))
        self.fields = dict(fields)


class Refused(CorrectableProblem):
    """The move does not fit the state of the thing, such as a verdict on something not submitted."""


class Conflict(CorrectableProblem):
    """Someone else changed the same thing first."""


class OutsideUnavailable(CityReadyError):
    """Something that the app needs from outside (storage, PDF, mail) does not work now."""


class FieldGatherer:
    """What several steps found, so that one wrong field does not hide the next."""

    def __init__(self, problems: Mapping[str, Message] | None = None) -> None:
        self._found: dict[str, Any] = {}
        self._problems = dict(problems or {})

    def take(self, step: Callable[..., Mapping[str, Any] | None], *arguments: Any) -> None:
        """Run a step; what it returns joins what was found, what it finds wrong waits for `whole`."""
        try:
            self._found |= step(*arguments) or {}
        except Invalid as problem:
            self._problems.update(problem.fields)

    def whole(self) -> dict[str, Any]:
        """All that was found. Raises Invalid with a sentence for every field that was wrong."""
        if self._problems:
            raise Invalid(self._problems)
        return self._found


def reason_in_line(problem: Exception) -> str:
    """What lies behind a trouble, in one line: the first of its cause, or of itself where it has none."""
    return str(problem.__cause__ or problem).strip().partition("\n")[0]
