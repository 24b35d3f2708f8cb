"""Which installation a database belongs to, so that it is never taken for that of other files."""

import secrets
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, func, select

from app.store.evidence.files import StoredFile
from app.store.history.events import HistoryEvent

ONLY_NUMBER = 1


class Installation(SQLModel, table=True):
    """The one row: the same `identity` stands in the file store. `beat` grows while the app runs, here first and there after.

    So a store that has seen a later beat than its database says that the database is an older copy.
    """

    number: int = Field(default=ONLY_NUMBER, primary_key=True)
    identity: str = Field(max_length=32)
    beat: int = 0


def find_installation(session: Session) -> Installation | None:
    """None in a database that has not met its file store yet."""
    return session.get(Installation, ONLY_NUMBER)


def add_installation(session: Session, identity: str = "", beat: int = 0) -> Installation:
    """Give the database this identity, or a new one. The database refuses a second row."""
    installation = Installation(identity=identity or secrets.token_hex(16), beat=beat)
    session.add(installation)
    session.flush()
    return installation


def advance_beat(session: Session, after: int = 0) -> int:
    """Count on, to a number larger than `after`; returns it."""
    installation = session.exec(select(Installation).where(Installation.number == ONLY_NUMBER).with_for_update()).one()
    installation.beat = max(installation.beat, after) + 1
    session.add(installation)
    return installation.beat


def find_newest_moment(session: Session) -> datetime | None:
    """When the youngest file or event that a row tells of came; None in an empty database."""
    moments = (
        session.exec(select(func.max(col(StoredFile.created_at)))).one(),
        session.exec(select(func.max(col(HistoryEvent.at)))).one(),
    )
    return max((moment for moment in moments if moment), default=None)
