"""What the app tells whoever runs it: a line per event on standard error."""

import sys

import structlog


def to_standard_error() -> None:
    """Tracebacks name places and errors but never the values of variables, which may be pass phrases or a city's own texts."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper("iso"),
            structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
        ],
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )
