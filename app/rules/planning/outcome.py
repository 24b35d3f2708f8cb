"""What a set picked by hand would give: switching criteria one by one and watching the level."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from app.rules.days.typed_day import check_day_between, years_after
from app.rules.errors import Invalid
from app.rules.message import Message, NamedCriteria, counted, say
from app.rules.planning.options import set_cost
from app.rules.planning.question import Candidate, PlanningQuestion, owner_load
from app.rules.scoring.score import Score, explain_core, explain_distance
from app.rules.text.bounds import check_name

NAME_LIMIT = 120


@dataclass(frozen=True)
class PlanOutcome:
    """`picked` are the candidates of the set; what is met already is left out of them.

    `score` is what the set would give at the date, `late` what cannot be done by then, `waits` what the set leaves open that it builds on.
    """

    picked: tuple[Candidate, ...]
    score: Score
    reached: bool
    cost: int
    load: int
    finishes_on: date
    late: tuple[str, ...]
    waits: tuple[str, ...]


def compute_outcome(question: PlanningQuestion, codes: Collection[str]) -> PlanOutcome:
    """Raises Invalid for codes that the edition does not have."""
    unknown = sorted(set(codes) - set(question.edition.criteria))
    if unknown:
        raise Invalid({"pick": say("There is no criterion %(codes)s in this edition.", codes=", ".join(unknown)[:60])})
    picked = tuple(candidate for candidate in question.candidates if candidate.code in codes)
    in_time = [candidate.code for candidate in picked if candidate in question.available]
    needs = {need for candidate in picked for need in candidate.needs} - {candidate.code for candidate in picked}
    return PlanOutcome(
        picked=picked,
        score=question.score_with(in_time),
        reached=question.reached_with(in_time),
        cost=set_cost(picked),
        load=owner_load(candidate.owner for candidate in picked),
        finishes_on=max((question.finishes_on(candidate) for candidate in picked), default=question.today),
        late=tuple(candidate.code for candidate in picked if candidate.code not in in_time),
        waits=tuple(code for code in question.edition.criteria if code in needs),
    )


def outcome_details(outcome: PlanOutcome) -> Message:
    """What the set would give: how many count, the core check, the distance."""
    result = outcome.score
    return say(
        "%(met)s of %(total)s criteria would count. %(core)s %(distance)s",
        met=result.met,
        total=result.total,
        core=explain_core(result),
        distance=explain_distance(result),
    )


def outcome_warnings(outcome: PlanOutcome) -> tuple[Message, ...]:
    """What someone should know before adopting the set."""
    messages = (
        counted(
            "%(codes)s cannot be done by the date and is not counted.",
            "%(codes)s cannot be done by the date and are not counted.",
            len(outcome.late),
            codes=NamedCriteria(outcome.score.edition, tuple(outcome.late)),
        ),
        counted(
            "The set builds on %(codes)s, which it leaves open.",
            "The set builds on %(codes)s, which it leaves open.",
            len(outcome.waits),
            codes=NamedCriteria(outcome.score.edition, tuple(outcome.waits)),
        ),
        counted(
            "%(count)s criterion more than one department should carry at a time.",
            "%(count)s criteria more than departments should carry at a time.",
            outcome.load,
        ),
    )
    return tuple(message for message in messages if message.count)


def check_scenario_name(name: str) -> str:
    """The name of a scenario with single spaces. Raises Invalid when empty or over NAME_LIMIT characters."""
    return check_name("name", name, NAME_LIMIT, say("Give the scenario a name, such as “Gold range by spring”."))


def check_plan_date(by: date | None, today: date) -> date | None:
    """The date of a plan. Raises Invalid for one that is past, or more than ten years ahead."""
    problem = say("Choose a date from today on, within the next ten years.")
    check_day_between("by", by, today, years_after(today, 10), problem)
    return by
