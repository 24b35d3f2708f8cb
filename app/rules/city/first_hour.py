"""Eight questions for a first picture in ten minutes. The answers count nowhere and are kept nowhere: they stand in the page's address alone."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.rules.criteria.edition import Area, Criterion
from app.rules.message import Message, counted, say

PLANNED = 3


class FirstAnswer(StrEnum):
    """What someone says of a practice area, the nearest to done first; nothing is said before it is answered."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    UNKNOWN = "unknown"


ANSWER_NAMES: dict[FirstAnswer, Message] = {
    FirstAnswer.YES: say("Yes, and it is written down"),
    FirstAnswer.PARTLY: say("In part, or not written down"),
    FirstAnswer.NO: say("No"),
    FirstAnswer.UNKNOWN: say("I do not know"),
}
PICTURE_WORDS: dict[FirstAnswer, Message] = {
    FirstAnswer.YES: say("Probably there: find the documents."),
    FirstAnswer.PARTLY: say("Begun: write down what is done."),
    FirstAnswer.NO: say("Still to begin."),
    FirstAnswer.UNKNOWN: say("Ask someone who knows."),
}
REASONS: dict[FirstAnswer, Message] = {
    FirstAnswer.YES: say("You said yes: what is missing is probably only the document that shows it."),
    FirstAnswer.PARTLY: say("You said in part: the smallest step from here is to write down what you do already."),
    FirstAnswer.NO: say("You said no: begin early, since this takes the longest."),
    FirstAnswer.UNKNOWN: say(
        "You did not know: one conversation with whoever usually owns it tells you where you are."
    ),
}

QUESTIONS: dict[str, Message] = {
    "data-management": say(
        "Does the city know which data it holds, who looks after them, and whether they can be trusted?"
    ),
    "leadership-and-capacity": say("Do the mayor or manager say in public how data decide, and is there staff for it?"),
    "open-data": say("Does the city publish data for everyone under a policy, and keep it up to date?"),
    "performance-and-analytics": say("Do leaders meet regularly over measures, and change something because of them?"),
    "data-driven-budget-and-finance": say("Do data on needs and results decide where money goes in the budget?"),
    "results-driven-contracting": say(
        "Are large contracts planned, bought and managed for the result they should bring?"
    ),
    "community-impact": say("Do residents and organizations help to decide what is measured and what is done?"),
    "evaluations": say("Does the city test whether its programs work, and act on what it learns?"),
}
"""By the practice area's id, in our own words; they follow no form of the program."""


@dataclass(frozen=True)
class PlannedCriterion:
    """One of the first to do, and why."""

    criterion: Criterion
    why: Message


def read_answers(typed: Mapping[str, str]) -> dict[str, FirstAnswer]:
    """Answers by practice area; what is no answer to one of the questions is left out."""
    return {area: FirstAnswer(typed[area]) for area in QUESTIONS if typed.get(area) in set(FirstAnswer)}


_NEARNESS = {answer: place for place, answer in enumerate(FirstAnswer)}


def plan_first(
    criteria: Sequence[Criterion], answers: Mapping[str, FirstAnswer], done: Collection[str]
) -> tuple[PlannedCriterion, ...]:
    """Two core criteria and one other, of each the nearest to done by the answers and with the fewest before it; what is `done` is left out."""
    open_criteria = [each for each in criteria if each.code not in done and each.area in answers]
    ordered = sorted(open_criteria, key=lambda each: (_NEARNESS[answers[each.area]], len(each.prerequisites)))
    core = [each for each in ordered if each.core][: PLANNED - 1]
    others = [each for each in ordered if not each.core]
    chosen = [*core, *others][:PLANNED]
    return tuple(PlannedCriterion(each, REASONS[answers[each.area]]) for each in chosen)


def picture_in_words(areas: Sequence[Area], answers: Mapping[str, FirstAnswer]) -> Message:
    """How many practice areas have something to show, of those that were answered for."""
    given = [answers[area.id] for area in areas if area.id in answers]
    count = sum(answer in {FirstAnswer.YES, FirstAnswer.PARTLY} for answer in given)
    return counted(
        "There is something to build on in %(count)s of %(total)s practice areas.",
        "There is something to build on in %(count)s of %(total)s practice areas.",
        count,
        total=len(given),
    )
