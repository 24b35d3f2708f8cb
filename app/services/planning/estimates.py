"""A city's own estimates for planning: how much work a criterion is, and how many days it takes."""

from dataclasses import dataclass

from app.rules.criteria.edition import EFFORT_NAMES, Effort
from app.rules.errors import Conflict, Invalid
from app.rules.history.verbs import Verb
from app.rules.message import Message, say
from app.services.assessment.ground import load_open_assessment
from app.services.desk import Desk
from app.services.planning.page import load_aim
from app.services.response.answering import RESPONSE_CHANGED, find_criterion
from app.store.assessment import hold_local_criterion, save_local_criterion

MOST_DAYS = 1_500
"""About four years: longer than any cycle."""


@dataclass(frozen=True)
class CriterionEstimate:
    """What is planned with for a criterion; `effort` and `lead_days` in use, and the city's own where it has some."""

    code: str
    title: str
    effort: Message
    lead_days: int
    own_effort: str
    own_days: int | None
    version: int


@dataclass(frozen=True)
class EstimatesPage:
    """The estimates of everything that is not met; `editing` is the code whose row is open."""

    lines: tuple[CriterionEstimate, ...]
    editing: str


def list_estimates(desk: Desk, editing: str = "") -> EstimatesPage:
    """Raises NotFound without an open assessment."""
    aim = load_aim(desk)
    lines = tuple(
        CriterionEstimate(
            candidate.code,
            aim.stands[candidate.code].criterion.title,
            EFFORT_NAMES[candidate.effort],
            candidate.lead_days,
            (own_estimate.effort or "") if own_estimate else "",
            own_estimate.lead_days if own_estimate else None,
            own_estimate.version if own_estimate else 0,
        )
        for candidate in aim.question.candidates
        for own_estimate in [aim.seen.ground.own.get(candidate.code)]
    )
    return EstimatesPage(lines, editing)


def set_estimate(desk: Desk, code: str, *, effort: str, lead_days: int | None, version: int) -> None:
    """Keep the city's own estimates; empty ones mean ours. Raises Invalid, Conflict, NotFound."""
    if effort not in {"", *Effort}:
        raise Invalid({"effort": say("Choose small, medium or large.")})
    if lead_days is not None and not 1 <= lead_days <= MOST_DAYS:
        raise Invalid({"lead_days": say("Write the days as a whole number from 1 to %(most)s.", most=MOST_DAYS)})
    open_assessment = load_open_assessment(desk.session, desk.who.city)
    find_criterion(desk, open_assessment.edition, code)
    local = hold_local_criterion(desk.session, desk.city_id, open_assessment.edition, code)
    if local.version != version:
        raise Conflict(RESPONSE_CHANGED)
    local.effort, local.lead_days, local.version = effort or None, lead_days, version + 1
    save_local_criterion(desk.session, local)
    desk.record(Verb.ESTIMATE_SET, code, effort=effort, lead_days=lead_days)
