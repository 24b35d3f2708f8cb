"""An assessment that has just begun from another: until our reviews decide anything in it, what was reached before is told.

Nothing of a new assessment counts before it is reviewed again, so its own figures alone would read as a fall from the day it begins.
"""

from dataclasses import dataclass
from datetime import date

from app.rules.message import Message, counted, say
from app.rules.scoring.score import Score, range_reached


@dataclass(frozen=True)
class BegunAssessment:
    """The assessment `name` without a verdict, and the `last` score of the one before it, which ended on `ended_on`.

    `confirmed` of the `carried` answers are confirmed, 0..`carried`.
    """

    name: str
    previous: str
    last: Score
    ended_on: date
    confirmed: int
    carried: int


def begun_headline(begun: BegunAssessment) -> Message:
    """The last result with its day, and how far the new assessment is."""
    return counted(
        "%(last)s. %(name)s has begun: %(confirmed)s of %(count)s answer confirmed",
        "%(last)s. %(name)s has begun: %(confirmed)s of %(count)s answers confirmed",
        begun.carried,
        last=last_result_in_words(begun),
        name=begun.name,
        confirmed=begun.confirmed,
    )


def last_result_in_words(begun: BegunAssessment) -> Message:
    """What the assessment before had reached when it ended."""
    return say(
        "%(assessment)s ended on %(day)s: %(met)s of %(total)s met, %(range)s",
        assessment=begun.previous,
        day=begun.ended_on,
        range=range_reached(begun.last),
        met=begun.last.met,
        total=begun.last.total,
    )


def begun_details(begun: BegunAssessment) -> Message:
    """What has to happen before the new assessment has a result of its own."""
    return say(
        "Our reviews have not decided anything in %(name)s yet. What was met counts again when its department has "
        "confirmed it and a reviewer has looked at it.",
        name=begun.name,
    )
