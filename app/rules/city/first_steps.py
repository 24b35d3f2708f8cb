"""Setting a city up: which steps are done, in the one order in which none waits for a later one."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.rules.message import Message, say


class FirstStep(StrEnum):
    """The order here is the order of the list: each needs only those before it."""

    DEPARTMENTS = "departments"
    PEOPLE = "people"
    ASSIGNMENTS = "assignments"
    EVIDENCE = "evidence"
    SUBMITTED = "submitted"


@dataclass(frozen=True)
class StepWords:
    """What to do, why, and the page for it below the city's address."""

    name: Message
    why: Message
    path: str


STEP_WORDS: dict[FirstStep, StepWords] = {
    FirstStep.DEPARTMENTS: StepWords(
        say("Add the departments"),
        say("Criteria are assigned to them, and people belong to them."),
        "/people#departments",
    ),
    FirstStep.PEOPLE: StepWords(
        say("Invite the people"),
        say("One for each department is enough to begin. Whoever does it all alone can leave this out."),
        "/people#add",
    ),
    FirstStep.ASSIGNMENTS: StepWords(
        say("Assign the criteria"), say("A whole practice area at once, or one by one."), "/people/assignments"
    ),
    FirstStep.EVIDENCE: StepWords(
        say("Add the first piece of evidence"),
        say("A document that you have already, for a core criterion."),
        "/criteria",
    ),
    FirstStep.SUBMITTED: StepWords(
        say("Submit the first response"),
        say("Then everyone knows how it goes, and the rest is repetition."),
        "/my-work",
    ),
}


@dataclass(frozen=True)
class StepLine:
    """A step with its words; `is_next` is the first that is not done."""

    words: StepWords
    is_done: bool
    is_next: bool


def list_steps(done: Mapping[FirstStep, bool]) -> tuple[StepLine, ...]:
    """The steps in order; empty where all are done."""
    following = next((step for step in FirstStep if not done[step]), None)
    if following is None:
        return ()
    return tuple(StepLine(STEP_WORDS[step], done[step], step is following) for step in FirstStep)
