"""What the app tells whoever runs it: a line per event on standard error, as JSON where no terminal reads it.

A line may say what happened, where, and under which number of a request. It never holds what people wrote: not the values of variables, not
the parameters of a query, and of an error's message only the beginning of its first line.
"""

import logging
import sys
import traceback
from collections.abc import Callable, Iterator
from time import monotonic
from typing import Any

import structlog
from structlog.typing import EventDict

REPEATED_AFTER_SECONDS = 60
MOST_TROUBLES = 500
"""Kinds of trouble that are told apart; there are about twenty."""
MESSAGE_CHARACTERS = 200
TROUBLE = {"warning", "error", "critical"}
SAID_ELSEWHERE = "Exception in ASGI application"
"""The server's own word for what `web.errors` has told already, with the request's number."""


def log_to_standard_error() -> None:
    """Write what our own code and the libraries tell to standard error."""
    renderer = _format_line if sys.stderr.isatty() else structlog.processors.JSONRenderer(ensure_ascii=False)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper("iso"),
            RepeatedTroubles(),
            _add_trace,
            renderer,
        ],
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )
    logging.basicConfig(level=logging.WARNING, handlers=[LibraryLines()], force=True)


class LibraryLines(logging.Handler):
    """Passes on what libraries log, such as the server that speaks HTTP."""

    def emit(self, record: logging.LogRecord) -> None:
        if record.getMessage().startswith(SAID_ELSEWHERE):
            return
        problem = record.exc_info[1] if record.exc_info else None
        log = structlog.get_logger().bind(library=record.name)
        write = log.error if record.levelno >= logging.ERROR else log.warning
        write(record.getMessage().partition("\n")[0][:MESSAGE_CHARACTERS], exc_info=problem)


class RepeatedTroubles:
    """Lets the same trouble through once a minute, and then says how often it came between.

    What has the number of a request is never left out, because a person may ask about it; it loses its traceback only.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._last: dict[tuple[str, str, str], tuple[float, int]] = {}

    def __call__(self, _logger: Any, _name: str, event: EventDict) -> EventDict:
        """The event, or with less. Raises DropEvent where it is to be left out."""
        if event["level"] not in TROUBLE:
            return event
        key = (event["event"], str(event.get("kind", "")), type(event.get("exc_info")).__name__)
        told_at, since = self._last.get(key, (float("-inf"), 0))
        if self._clock() - told_at < REPEATED_AFTER_SECONDS:
            self._last[key] = (told_at, since + 1)
            return _shorten_event(event)
        if len(self._last) >= MOST_TROUBLES:
            self._last.clear()
        self._last[key] = (self._clock(), 0)
        return {**event, "repeated": since} if since else event


def _shorten_event(event: EventDict) -> EventDict:
    if "request" not in event:
        raise structlog.DropEvent
    return {name: value for name, value in event.items() if name != "exc_info"}


def _add_trace(_logger: Any, _name: str, event: EventDict) -> EventDict:
    problem = event.pop("exc_info", None)
    return {**event, "exception": format_trace(problem)} if isinstance(problem, BaseException) else event


def format_trace(problem: BaseException) -> str:
    """Where it went wrong, the cause first, without what was being worked on."""
    return "\n".join(part for link in reversed(list(_list_causes(problem))) for part in _describe_problem(link))


def _list_causes(problem: BaseException | None) -> Iterator[BaseException]:
    """Each once: an error that is raised again while its own successor is handled leads back to itself."""
    told = set[int]()
    while problem is not None and id(problem) not in told:
        told.add(id(problem))
        yield problem
        problem = problem.__cause__ or (None if problem.__suppress_context__ else problem.__context__)


def _describe_problem(problem: BaseException) -> Iterator[str]:
    """The places, then the kind of the error and the beginning of its message; databases name the row on the lines below it."""
    yield "".join(traceback.format_tb(problem.__traceback__)).rstrip()
    kind = type(problem)
    yield f"{kind.__module__}.{kind.__qualname__}: {str(problem).partition(chr(10))[0][:MESSAGE_CHARACTERS]}"


def _format_line(_logger: Any, _name: str, event: EventDict) -> str:
    """Time, level, what happened and its facts; a traceback below. Ours, because the library's loads a terminal toolkit at start."""
    time, level, what = event.pop("timestamp"), event.pop("level"), event.pop("event")
    trace = event.pop("exception", "")
    facts = "".join(f" {name}={value!r}" for name, value in event.items())
    return f"{time} [{level}] {what}{facts}" + (f"\n{trace}" if trace else "")
