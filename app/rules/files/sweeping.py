"""When files that no row knows may go to the trash. What is in doubt stays: a file too many costs nothing, one too few is lost."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.rules.message import Message, say

SETTLED_AFTER = timedelta(hours=1)
"""How old a file must be before it counts as left behind; an upload's row is written within seconds."""
BETWEEN_LOOKS = timedelta(hours=23)
"""After how long a second look counts; the worker looks each day, and a day's look may come a little early."""
ONE_IN = 20
"""When more than one file in so many has no row, the database is in doubt and not the files."""
DAYS_IN_TRASH = 30


@dataclass(frozen=True)
class StorageCount:
    """What a look at storage found: files in it, how many of them no row knows, and the youngest on both sides."""

    stored: int
    known_to_rows: int
    unclaimed: int
    newest_unclaimed: datetime | None = None
    newest_row: datetime | None = None


def reason_to_keep(seen: StorageCount) -> Message | None:
    """Why nothing may go although there are files without a row; None when they may."""
    if not seen.known_to_rows:
        return say("the database knows no file at all")
    if seen.newest_unclaimed and (seen.newest_row is None or seen.newest_unclaimed > seen.newest_row):
        return say("the database is older than the files")
    if seen.unclaimed * ONE_IN > seen.stored:
        return say(
            "%(unclaimed)s of %(stored)s files are more than one in %(one_in)s",
            unclaimed=seen.unclaimed,
            stored=seen.stored,
            one_in=ONE_IN,
        )
    return None


def is_trashing_due(first_seen_at: datetime | None, at: datetime) -> bool:
    """Whether a file without a row goes now: it was without one a day ago too."""
    return first_seen_at is not None and at - first_seen_at >= BETWEEN_LOOKS


def is_deletion_due(trashed_on: date, today: date) -> bool:
    """Whether a file has been in the trash long enough."""
    return today - trashed_on > timedelta(days=DAYS_IN_TRASH)
