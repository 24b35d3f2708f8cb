"""What a virus scanner makes of a kept file."""

from enum import StrEnum


class ScanState(StrEnum):
    """`unscanned` where no scanner is set; `asked` for one from before the scanner that it will look at."""

    UNSCANNED = ""
    WAITING = "waiting"
    ASKED = "asked"
    CLEAN = "clean"
    INFECTED = "infected"


LOCKING = frozenset({ScanState.WAITING, ScanState.INFECTED})
"""The states in which nobody is given the file."""
