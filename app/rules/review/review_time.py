"""How long a review usually takes in a city, from what its record says."""

from collections.abc import Iterable
from datetime import datetime
from statistics import median_high

FEWEST_REVIEWS = 3
"""Of fewer nobody can say what is usual."""
SECONDS_A_DAY = 86_400


def usual_review_days(events: Iterable[tuple[datetime, str, bool]]) -> int | None:
    """The days within which half of the reviews ended, at least 1; None where too few did.

    `events` are moment, criterion and whether it was decided (or else submitted), oldest first. A review begins when its criterion
    was submitted last; a verdict on what was not seen being submitted tells nothing.
    """
    submitted: dict[str, datetime] = {}
    days = []
    for at, code, is_decided in events:
        if not is_decided:
            submitted[code] = at
        elif code in submitted:
            days.append(max(1, -int(-(at - submitted.pop(code)).total_seconds() // SECONDS_A_DAY)))
    return median_high(days) if len(days) >= FEWEST_REVIEWS else None
