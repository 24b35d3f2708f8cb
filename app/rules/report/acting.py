"""Who must act next on what is missing, which decisions that takes, and what they unlock."""

from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate

from app.rules.message import Message, NamedCriteria, counted, say
from app.rules.report.blocks import TextBlock, read_text
from app.rules.review.moves import ResponseState


class Actor(StrEnum):
    """Who must act next on an unmet criterion, in the order in which a summary names them."""

    REVIEWER = "reviewer"
    LEADERSHIP = "leadership"
    DEPARTMENT = "department"
    OFFICE = "office"


ACTOR_NAMES: dict[Actor, Message] = {
    Actor.REVIEWER: say("Our own reviewer"),
    Actor.LEADERSHIP: say("Leadership"),
    Actor.OFFICE: say("The data office"),
}
"""A department goes by its own name."""


def choose_actor(state: ResponseState, needs_decision: bool, department: str) -> Actor:
    """The one who must act next. What is with the reviewer waits for nobody else; what nobody owns waits for being assigned."""
    if state is ResponseState.SUBMITTED:
        return Actor.REVIEWER
    if needs_decision:
        return Actor.LEADERSHIP
    return Actor.DEPARTMENT if department else Actor.OFFICE


def explain_wait(waiting: int, needed: int, level: Message | None) -> Message:
    """How far the reviewer alone could bring the city: `needed` more criteria reach `level`, and `waiting` are with the reviewer."""
    if not waiting:
        return say("Nothing waits for our own reviewer.")
    if level is None or not needed:
        return counted(
            "%(count)s criterion waits only for our own reviewer.",
            "%(count)s criteria wait only for our own reviewer.",
            waiting,
        )
    return counted(
        "%(count)s of the %(needed)s criteria needed for %(level)s waits only for our own reviewer.",
        "%(count)s of the %(needed)s criteria needed for %(level)s wait only for our own reviewer.",
        min(waiting, needed),
        needed=needed,
        level=level,
    )


def explain_unlock(core: bool, builds: NamedCriteria, needed: int, level: Message | None) -> Message:
    """What a decision of the leadership opens: the core check first, else a step to the next level; then what builds on it."""
    if core:
        step = say("Core criterion: without it no level is given.")
    elif level is not None and needed:
        step = counted(
            "The %(count)s criterion needed for %(level)s.",
            "One of the %(count)s criteria needed for %(level)s.",
            needed,
            level=level,
        )
    else:
        step = say("One more criterion in the count.")
    if not builds.codes:
        return step
    return say("%(step)s It opens the way to %(codes)s.", step=step, codes=builds)


def cut_reason(text: str, limit: int = 240) -> str:
    """A reason in one paragraph, ended after a whole sentence, or else a whole word, where it is longer than `limit` characters.

    A pasted list or table keeps its lines, as many whole ones as twice that holds.
    """
    if any(not block.is_paragraph for block in read_text(text)):
        return _cut_lines(text, 2 * limit)
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    sentence = line[:limit].rfind(". ") + 1
    end = sentence if sentence > limit // 3 else line[:limit].rfind(" ")
    return f"{line[: max(end, 1)].rstrip(' .,;:')} …"


def _cut_lines(text: str, limit: int) -> str:
    lines = [line.strip(" \n") for line in text.splitlines() if line.strip()]
    sizes = accumulate(len(line) for line in lines)
    kept = [line for line, size in zip(lines, sizes, strict=True) if size <= limit]
    if not kept:
        return cut_reason(" ".join(lines), limit // 2)
    return "\n".join(kept if len(kept) == len(lines) else [*kept, "…"])


@dataclass(frozen=True)
class SummaryDecision:
    """A decision that only leaders can take: its `kind` such as `Policy`, and what it `unlocks`."""

    code: str
    title: str
    kind: str
    text: str
    unlocks: str
    core: bool


@dataclass(frozen=True)
class SummaryTask:
    """An unmet criterion and the shortest `way` to it. `reason` is the reviewer's, where the reader may see it; `asked` whom else it waits for."""

    code: str
    title: str
    core: bool
    owner: str
    due: str
    overdue: bool
    why: str
    reason: str
    way: str
    effort: str
    asked: str = ""
    language: str = ""

    @property
    def reason_blocks(self) -> tuple[TextBlock, ...]:
        return read_text(self.reason)


@dataclass(frozen=True)
class ActorGroup:
    """Everything that waits for one actor; `said` tells what that means for the result, and may be empty."""

    actor: Actor
    name: str
    said: str
    tasks: tuple[SummaryTask, ...]

    @property
    def is_review(self) -> bool:
        """Whether nothing but a verdict is missing, which is then said once."""
        return self.actor == Actor.REVIEWER


@dataclass(frozen=True)
class PartnerRequest:
    """A request to an outside organization that is open: `answered` where its answer waits in the inbox, and then nothing is `overdue`."""

    code: str
    partner: str
    due: str
    overdue: bool
    title: str = ""
    answered: bool = False
