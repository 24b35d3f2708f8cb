"""The command line: `./run cityready COMMAND`. Results go to standard output, messages to standard error.

What a command needs is imported inside it, so that none waits for what only others need.
"""

import gc

from app.cli import backups, cities, figures, files, history, serving, upkeep  # noqa: F401 (each registers its commands)
from app.cli.terminal import app, tell
from app.rules.errors import CityReadyError, Invalid


def main(arguments: list[str] | None = None) -> None:
    """Run one command and exit; what was expected to go wrong is one sentence, never a traceback."""
    try:
        app(arguments, prog_name="cityready")
    except CityReadyError as problem:
        tell(str(problem))
        raise SystemExit(2 if isinstance(problem, Invalid) else 1) from None
    finally:
        gc.enable()
