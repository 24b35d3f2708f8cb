"""The one page of a small office: everything that wants something next, over all criteria."""

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from app.rules.assessment import AssessmentValues
from app.rules.city.small_office import order_key, step_in_words
from app.rules.days import freshness
from app.rules.message import Message
from app.rules.my_work import GROUPS, NeedGroup, WorkNeed, due_in_words, need_of
from app.rules.review.moves import RenewalState, ResponseState
from app.services.assessment.overview import Overview, load_overview
from app.services.assessment.stand import Stand
from app.services.desk import Desk, Who
from app.services.handover.page import HandoverLine, list_own_handovers


@dataclass(frozen=True)
class OwnTask:
    """One criterion that wants something. `due_on` is when, `due` the same in words; `to_renew` are the items whose evidence lapses."""

    stand: Stand
    need: WorkNeed
    due_on: date | None
    due: Message | None
    step: Message
    to_renew: tuple[str, ...]

    @property
    def path(self) -> str:
        """Below the list of criteria: the criterion's page, or the form for newer evidence with the items that want it."""
        if self.need is not WorkNeed.EXPIRING or self.has_newer:
            return self.stand.code
        chosen = urlencode([("kind", "file"), *(("item", item) for item in self.to_renew)])
        return f"{self.stand.code}/evidence/new?{chosen}"

    @property
    def is_late(self) -> bool:
        return self.need is WorkNeed.OVERDUE

    @property
    def has_newer(self) -> bool:
        """Whether evidence came after the decision that nobody has looked at."""
        return self.stand.renewal is RenewalState.WAITING


@dataclass(frozen=True)
class SmallOffice:
    """Everything of the open assessment: `tasks` want something, in order, and `done` are decided and fresh.

    `is_alone` where nobody else answers or decides; otherwise the city called itself a small office.
    """

    assessment: AssessmentValues
    tasks: tuple[OwnTask, ...]
    done: tuple[Stand, ...]
    met: int
    total: int
    is_alone: bool
    handovers: tuple[HandoverLine, ...]

    @property
    def open_count(self) -> int:
        return self.total - self.decided

    @property
    def decided(self) -> int:
        """How many have a decision, also where their evidence wants to be renewed."""
        return len(self.done) + sum(task.stand.state is ResponseState.DECIDED for task in self.tasks)


def load_small_office(desk: Desk) -> SmallOffice:
    """What needs the person next, first of all. Raises NotFound without an open assessment."""
    seen = load_overview(desk.session, desk.site, desk.who.city, desk.who.language)
    needs = [(stand, _need_of_stand(seen, stand, desk.who.today)) for stand in seen.stands]
    tasks = [_own_task(seen, stand, need, desk.who) for stand, need in needs if GROUPS[need] is not NeedGroup.DONE]
    return SmallOffice(
        assessment=seen.assessment,
        tasks=tuple(sorted(tasks, key=lambda task: order_key(task.need, task.due_on))),
        done=tuple(stand for stand, need in needs if GROUPS[need] is NeedGroup.DONE),
        met=sum(stand.met for stand in seen.stands),
        total=len(seen.stands),
        is_alone=not desk.who.city.small_office,
        handovers=list_own_handovers(desk, seen.ground.names),
    )


def _need_of_stand(seen: Overview, stand: Stand, today: date) -> WorkNeed:
    return need_of(stand.state, seen.find_due_day(stand), today, stand.at_risk_from, stand.renewal)


def _own_task(seen: Overview, stand: Stand, need: WorkNeed, who: Who) -> OwnTask:
    due_on = stand.at_risk_from if need is WorkNeed.EXPIRING else seen.find_due_day(stand)
    step = step_in_words(
        need, missing=stand.missing, renewal=stand.renewal, at_risk_from=stand.at_risk_from, today=who.today
    )
    return OwnTask(
        stand=stand,
        need=need,
        due_on=due_on,
        due=due_in_words(due_on, who.today) if due_on and need is not WorkNeed.EXPIRING else None,
        step=step,
        to_renew=stand.items_to_renew(who.today + timedelta(days=freshness.DUE_SOON_DAYS)),
    )
