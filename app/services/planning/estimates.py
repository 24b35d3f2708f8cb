"""A city's own estimates for planning: how much work a criterion is, and how many days it takes."""

from dataclasses import dataclass

from app.rules.criteria import Effort
from app.rules.errors import Conflict, Invalid
from app.rules.gaps import EFFORT_NAMES
from app.rules.history.verbs import Verb
from app.rules.message import Said, say
from app.services.assessment import current
from app.services.desk import Desk
from app.services.planning.page import asked
from app.services.response import CHANGED_MEANWHILE, find_criterion
from app.store.assessment import LocalCriterion

MOST_DAYS = 1_500
"""About four years: longer than any cycle."""


@dataclass(frozen=True)
class Estimate:
    """What is planned with for a criterion; `effort` and `lead_days` in use, and the city's own where it has some."""

    code: str
    title: str
    effort: Said
    lead_days: int
    own_effort: str
    own_days: int | None
    version: int


@dataclass(frozen=True)
class EstimatesPage:
    """The estimates of everything that is not met; `editing` is the code whose row is open."""

    lines: tuple[Estimate, ...]
    editing: str


def index(desk: Desk, editing: str = "") -> EstimatesPage:
    """Raises NotFound without an open assessment."""
    found = asked(desk)
    lines = tuple(
        Estimate(
            one.code,
            found.stands[one.code].criterion.title,
            EFFORT_NAMES[one.effort],
            one.lead_days,
            (row.effort or "") if row else "",
            row.lead_days if row else None,
            row.version if row else 0,
        )
        for one in found.question.candidates
        for row in [found.locals.get(one.code)]
    )
    return EstimatesPage(lines, editing)


def change(desk: Desk, code: str, *, effort: str, lead_days: int | None, version: int) -> None:
    """Keep the city's own estimates; empty ones mean ours. Raises Invalid, Conflict, NotFound."""
    if effort not in {"", *Effort}:
        raise Invalid({"effort": say("Choose small, medium or large.")})
    if lead_days is not None and not 1 <= lead_days <= MOST_DAYS:
        raise Invalid({"lead_days": say("Write the days as a whole number from 1 to %(most)s.", most=MOST_DAYS)})
    run = current(desk.session, desk.who.city)
    _, local = find_criterion(desk, run, code)
    if local:
        desk.session.refresh(local, with_for_update=True)
    if (local.version if local else 0) != version:
        raise Conflict(CHANGED_MEANWHILE)
    local = local or LocalCriterion(city_id=desk.city_id, edition=run.edition, criterion=code, version=0)
    local.effort, local.lead_days, local.version = effort or None, lead_days, version + 1
    desk.session.add(local)
    desk.record(Verb.ESTIMATE_SET, code, effort=effort, lead_days=lead_days)
