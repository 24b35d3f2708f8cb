"""What the database can be in trouble with, each in a sentence. None of it is the fault of whoever asked."""

from typing import ClassVar

from app.rules.errors import OutsideUnavailable
from app.rules.message import Message, say


class DatabaseTrouble(OutsideUnavailable):
    """The database could not do what it was asked. Nothing was changed, but for OutcomeUnknown."""

    sentence: ClassVar[Message] = say(
        "The database does not answer now, so nothing was changed. Please try again in a moment."
    )

    def __init__(self) -> None:
        super().__init__(self.sentence)


class DatabaseAway(DatabaseTrouble):
    """It cannot be reached, or went away before anything was committed."""


class DatabaseBusy(DatabaseTrouble):
    """The turn to write, or a connection, did not come in time."""

    sentence = say("Too many people are saving at this moment, so nothing was changed. Please try again in a moment.")


class DatabaseFull(DatabaseTrouble):
    """The disk has no room for another row."""

    sentence = say(
        "There is no room left on the server’s disk, so nothing can be saved now. Pages can still be read. "
        "Tell whoever runs CityReady."
    )


class DatabaseClosed(DatabaseTrouble):
    """It can be read but not written: a disk that the system has made read-only, or a standby."""

    sentence = say(
        "The server’s disk cannot be written to, so nothing can be saved now. Pages can still be read. "
        "Tell whoever runs CityReady."
    )


class OutcomeUnknown(DatabaseTrouble):
    """It went away while it was committing, and never said whether it had."""

    sentence = say(
        "The database went away in the moment of saving, so we cannot tell whether this was saved. "
        "Look at the page first, and send it again only if it is not there."
    )
