"""A command that is told to end hears it, wherever it is just then."""

import signal
import threading

import pytest

from app.cli.terminal import end_when_told

LONGER_THAN_IT_TAKES = 20


class ToldWhileCleared:
    """Python drops what is raised in here."""

    def __del__(self) -> None:
        signal.raise_signal(signal.SIGTERM)


def clear_and_wait() -> None:
    ToldWhileCleared()
    threading.Event().wait(LONGER_THAN_IT_TAKES)


def test_an_end_that_comes_while_an_object_is_cleared_away_is_heard() -> None:
    with pytest.raises(SystemExit) as ended, end_when_told():
        clear_and_wait()
    assert ended.value.code == 128 + signal.SIGTERM
