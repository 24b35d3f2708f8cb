"""What the app tells whoever runs it: a line per event on standard error."""

import sys
from typing import Any

import structlog
from structlog.typing import EventDict


def to_standard_error() -> None:
    """Tracebacks name places and errors but never the values of variables, which may be pass phrases or a city's own texts."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper("iso"),
            structlog.processors.format_exc_info,
            _line,
        ],
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )


def _line(_logger: Any, _name: str, event: EventDict) -> str:
    """Time, level, what happened and its facts; a traceback below. Ours, because the library's loads a terminal toolkit at start."""
    time, level, what = event.pop("timestamp"), event.pop("level"), event.pop("event")
    trace = event.pop("exception", "")
    facts = "".join(f" {name}={value!r}" for name, value in event.items())
    return f"{time} [{level}] {what}{facts}" + (f"\n{trace}" if trace else "")
