"""The command line: `./run cityready COMMAND`. Results go to standard output, messages to standard error.

What a command needs is imported inside it, so that none waits for what only others need.
"""

import gc
import signal

from app.cli import (  # noqa: F401 (each registers its commands)
    backups,
    bulk,
    cities,
    copy_sheet,
    figures,
    files,
    history,
    security,
    serving,
    upkeep,
)
from app.cli.refusals import find_refusal
from app.cli.terminal import app, print_message


def main(arguments: list[str] | None = None) -> None:
    """Run one command and exit; what was expected to go wrong is one sentence, never a traceback."""
    try:
        app(arguments, prog_name="cityready")
    except Exception as problem:
        told = find_refusal(problem)
        if told is None:
            raise
        print_message(told.sentence)
        raise SystemExit(told.status) from None
    except KeyboardInterrupt:  # while commands are put together: the library answers for what comes later
        raise SystemExit(128 + signal.SIGINT) from None
    finally:
        gc.enable()
