"""Tries that are counted, and how long one waits after too many."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

MANY_BEHIND_ONE = 10
"""How many times as much one network may try as one person: a whole city hall may sit behind it."""


@dataclass(frozen=True)
class TryLimit:
    """`subject` is what tries are counted for, hashed; `most` how many of them there may be `within` a time."""

    subject: str
    most: int
    within: timedelta

    def free_at(self, tries: Sequence[datetime]) -> datetime | None:
        """When the next may be made, by those before, the newest first; None where it may be made now."""
        return tries[self.most - 1] + self.within if len(tries) >= self.most else None


def hash_subject(*parts: str) -> str:
    """What a try counts for, so that reading the table tells nobody's address."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def minutes_until(moment: datetime, at: datetime) -> int:
    """Whole minutes to wait, never too few."""
    return max(1, -(-int((moment - at).total_seconds() + 0.999) // 60))
