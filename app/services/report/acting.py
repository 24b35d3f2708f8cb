"""Who must act in the council summary: unmet criteria by the one they wait for, decisions of the leadership, requests to partners."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from app.adapters.translations import Translator
from app.rules.criteria.edition import DECISION_NAMES, EFFORT_NAMES
from app.rules.message import Message, NamedCriteria, counted, say
from app.rules.planning import gaps
from app.rules.report.acting import (
    ACTOR_NAMES,
    Actor,
    ActorGroup,
    PartnerRequest,
    SummaryDecision,
    SummaryTask,
    choose_actor,
    cut_reason,
    explain_unlock,
    explain_wait,
)
from app.rules.report.chapter import ReportCriterion
from app.rules.request import RequestState
from app.rules.scoring.score import RANGE_PHRASES
from app.services.assessment.overview import Overview
from app.services.assessment.stand import Stand
from app.store import request
from app.store.request import EvidenceRequest


@dataclass(frozen=True)
class ActingView:
    """What the lines are made from: the overview, the criteria as this report may show them, and who of outside is asked.

    `answered` are the requests with something that waits in the inbox.
    """

    t: Translator
    seen: Overview
    chapters: dict[str, ReportCriterion]
    requests: tuple[EvidenceRequest, ...]
    partners: dict[int, str]
    shows_inside: bool
    names_partners: bool
    answered: frozenset[int]

    @property
    def next_level(self) -> Message | None:
        level = self.seen.score.next_level
        return RANGE_PHRASES[level] if level else None


def list_partner_requests(session: Session, city_id: int, seen: Overview) -> tuple[EvidenceRequest, ...]:
    """The open ones to outside organizations, what is due first first."""
    asked = request.list_requests(session, city_id, seen.assessment.id)
    waiting = (sent for sent in asked if sent.partner_id and sent.state == RequestState.SENT)
    return tuple(sorted(waiting, key=lambda sent: (sent.due_on or date.max, sent.criterion, sent.id)))


def leaders_decisions(view: ActingView) -> tuple[SummaryDecision, ...]:
    """Those of the readiness page, each with what it unlocks."""
    t, seen = view.t, view.seen
    open_codes = {stand.code for stand in seen.stands if not stand.met}
    return tuple(
        SummaryDecision(
            code=stand.code,
            title=stand.criterion.title,
            kind=t.say(DECISION_NAMES[decision.kind]),
            text=decision.text,
            unlocks=t.say(
                explain_unlock(
                    stand.criterion.core,
                    NamedCriteria(
                        seen.edition.id,
                        tuple(code for code in seen.edition.unlocked_by(stand.code) if code in open_codes),
                    ),
                    seen.score.needed_for_next,
                    view.next_level,
                )
            ),
            core=stand.criterion.core,
        )
        for stand, decision in gaps.list_leaders_decisions(seen.edition, seen.stands)
    )


def wait_sentence(view: ActingView) -> str:
    waiting = sum(choose_for(view, stand) is Actor.REVIEWER for stand in view.seen.stands if not stand.met)
    return view.t.say(explain_wait(waiting, view.seen.score.needed_for_next, view.next_level))


def choose_for(view: ActingView, stand: Stand) -> Actor:
    return choose_actor(stand.state, stand.code in view.seen.edition.leaders_decide, stand.department)


def group_tasks(view: ActingView) -> tuple[ActorGroup, ...]:
    """Every unmet criterion once, in the order of the gaps; departments by the number of theirs, most first."""
    tasks: dict[tuple[Actor, str], list[SummaryTask]] = {}
    for stand in gaps.order_gaps(view.seen.stands):
        actor = choose_for(view, stand)
        name = stand.department if actor is Actor.DEPARTMENT else view.t.say(ACTOR_NAMES[actor])
        tasks.setdefault((actor, name), []).append(make_task(view, stand))
    order = list(Actor)
    ranked = sorted(tasks.items(), key=lambda group: (order.index(group[0][0]), -len(group[1]), group[0][1]))
    return tuple(ActorGroup(actor, name, _group_words(view, actor), tuple(lines)) for (actor, name), lines in ranked)


def _group_words(view: ActingView, actor: Actor) -> str:
    if actor is Actor.REVIEWER:
        return view.t.say(say("Submitted, and not decided yet. The shortest way is the verdict."))
    if actor is Actor.LEADERSHIP:
        return view.t.say(say("The decisions stand at the beginning; the departments named here do the rest."))
    if actor is Actor.OFFICE:
        return view.t.say(say("Nobody answers for these yet. The first step is to name a department."))
    return ""


def make_task(view: ActingView, stand: Stand) -> SummaryTask:
    """What an unmet criterion needs, from whom and by when."""
    t, due = view.t, view.seen.find_due_day(stand)
    verdict = view.chapters[stand.code].verdict
    decision = view.seen.edition.leaders_decide.get(stand.code)
    is_decision = decision and choose_for(view, stand) is Actor.LEADERSHIP
    return SummaryTask(
        code=stand.code,
        title=stand.criterion.title,
        core=stand.criterion.core,
        owner=_owner(view, stand),
        due=t.day(due) if due else "",
        overdue=bool(due and due < view.seen.day),
        why=t.say(gaps.explain_gap(stand, view.seen.day)),
        reason=cut_reason(verdict.reason) if verdict else "",
        way=decision.text if decision and is_decision else t.say(gaps.lacks_for_report(stand)),
        effort=t.say(EFFORT_NAMES[stand.criterion.effort]),
        asked=_asked_partners(view, stand.code),
        language=verdict.language if verdict else "",
    )


def _owner(view: ActingView, stand: Stand) -> str:
    person = stand.person if view.shows_inside else ""
    return ", ".join(part for part in (stand.department, person) if part) or view.t.say(say("no department yet"))


def _asked_partners(view: ActingView, code: str) -> str:
    """Whom of outside a criterion waits for: by name, or how many."""
    ids = dict.fromkeys(sent.partner_id or 0 for sent in view.requests if sent.criterion == code)
    known = [view.partners[partner_id] for partner_id in ids if view.partners.get(partner_id)]
    if view.names_partners or not known:
        return ", ".join(dict.fromkeys(known))
    return view.t.say(
        counted("%(num)s partner organization", "%(num)s partner organizations", len(known), num=len(known))
    )


def count_partners(view: ActingView) -> str:
    """How many outside organizations have not answered, for those who may not know which; empty for none."""
    waiting = len({sent.partner_id for sent in view.requests if sent.id not in view.answered})
    if view.names_partners or not waiting:
        return ""
    return view.t.say(
        counted(
            "%(num)s partner organization has not answered yet.",
            "%(num)s partner organizations have not answered yet.",
            waiting,
            num=waiting,
        )
    )


def partner_lines(view: ActingView) -> tuple[PartnerRequest, ...]:
    """What is asked of outside organizations, for those who may know which; what was asked stands in the request itself."""
    if not view.names_partners:
        return ()
    return tuple(
        PartnerRequest(
            code=sent.criterion,
            partner=view.partners.get(sent.partner_id or 0, ""),
            due=view.t.day(sent.due_on) if sent.due_on else "",
            overdue=bool(sent.due_on and sent.due_on < view.seen.day) and sent.id not in view.answered,
            title=view.seen.stand_of(sent.criterion).criterion.title,
            answered=sent.id in view.answered,
        )
        for sent in view.requests
    )
