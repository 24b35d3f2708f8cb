"""The assessments of a city one after another: which there are, and taking back the beginning of the newest."""

import json
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from app.rules.assessment import AssessmentState
from app.rules.cycle.confirming import UNTOUCHED_BY, confirmed_in_words, tally_confirmations, why_beginning_stays
from app.rules.errors import Conflict, Refused
from app.rules.history.sentences import event_sentence
from app.rules.history.verbs import Verb
from app.rules.message import Message, say
from app.rules.scoring import score as scoring
from app.rules.scoring.score import Score, VerdictKind
from app.services.account.sessions import today_in
from app.services.assessment.ground import load_open_assessment
from app.services.desk import Desk, Who
from app.services.people.members import CHANGED_MEANWHILE
from app.services.site import Site
from app.store import assessment, cycle, people, response
from app.store.assessment import Assessment
from app.store.evidence import support
from app.store.history import events
from app.store.history.events import HistoryEvent

NOTHING_TO_UNDO = say("There is no start that could be undone.")


@dataclass(frozen=True)
class AssessmentSummary:
    """One assessment and its score by verdict. `ended_on` is the day on which the next one was begun from it."""

    id: int
    name: str
    edition: str
    is_open: bool
    score: Score
    headline: Message
    due_on: date | None
    begun_on: date
    ended_on: date | None


@dataclass(frozen=True)
class CyclePage:
    """All assessments, newest first.

    `carried` says how many answers of the open one are confirmed, where answers came along. `undoable` when its beginning can be taken
    back, with `version` in the form; `why_not` says why it cannot, and both are empty where it did not begin from another.
    """

    runs: tuple[AssessmentSummary, ...]
    carried: Message | None
    undoable: bool
    why_not: Message | None
    version: int

    @property
    def open(self) -> AssessmentSummary | None:
        return next((summary for summary in self.runs if summary.is_open), None)


def load_cycle_page(desk: Desk) -> CyclePage:
    """The assessments of the city; seven queries, whatever their number."""
    assessments = cycle.list_assessments(desk.session, desk.city_id)
    open_assessment = assessment.find_current_assessment(desk.session, desk.city_id)
    why_not = _reason_against_undo(desk, open_assessment) if open_assessment and open_assessment.previous_id else None
    return CyclePage(
        runs=summarize_assessments(desk, assessments),
        carried=_count_confirmed(desk, open_assessment, assessments) if open_assessment else None,
        undoable=bool(open_assessment and open_assessment.previous_id) and why_not is None,
        why_not=why_not,
        version=open_assessment.version if open_assessment else 0,
    )


def summarize_assessments(desk: Desk, assessments: list[Assessment]) -> tuple[AssessmentSummary, ...]:
    """The assessments with their scores, in one query."""
    decisions = cycle.load_all_verdict_kinds(desk.session, desk.city_id)
    end_days = {
        listed.previous_id: today_in(desk.who.city, listed.created_at) for listed in assessments if listed.previous_id
    }
    return tuple(
        _summarize_assessment(desk.site, desk.who, listed, decisions.get(listed.id, {}), end_days.get(listed.id))
        for listed in assessments
    )


def _summarize_assessment(
    site: Site, who: Who, listed: Assessment, decisions: dict[str, str], ended_on: date | None
) -> AssessmentSummary:
    edition = site.edition(listed.edition, who.language)
    met = scoring.met_codes({code: VerdictKind(decision) for code, decision in decisions.items()})
    result = scoring.compute_score(edition, met)
    return AssessmentSummary(
        id=listed.id,
        name=listed.name,
        edition=edition.label,
        is_open=listed.state == AssessmentState.OPEN,
        score=result,
        headline=scoring.score_headline(result),
        due_on=listed.due_on,
        begun_on=today_in(who.city, listed.created_at),
        ended_on=ended_on,
    )


def _count_confirmed(desk: Desk, open_assessment: Assessment, assessments: list[Assessment]) -> Message | None:
    briefs = response.load_briefs(desk.session, desk.city_id, open_assessment.id).values()
    name = next((listed.name for listed in assessments if listed.id == open_assessment.previous_id), "")
    return confirmed_in_words(tally_confirmations(brief.confirmation for brief in briefs), name)


def undo_beginning(desk: Desk, version: int) -> None:
    """Take the beginning of the open assessment back: what came along is gone from it, and the one before is open again.

    Raises NotFound, Conflict when it is another one by now, Refused when work on it has begun.
    """
    open_assessment = load_open_assessment(desk.session, desk.who.city)
    lock_assessment(desk.session, open_assessment, version)
    previous = (
        assessment.find_assessment(desk.session, desk.city_id, open_assessment.previous_id)
        if open_assessment.previous_id
        else None
    )
    if previous is None:
        raise Refused(NOTHING_TO_UNDO)
    if why_not := _reason_against_undo(desk, open_assessment):
        raise Refused(why_not)
    name = open_assessment.name
    cycle.delete_assessment(desk.session, desk.city_id, open_assessment)
    previous.state, previous.version, previous.own_words = AssessmentState.OPEN.value, previous.version + 1, ""
    desk.record(Verb.CYCLE_UNDONE, name, was=previous.name)


def lock_assessment(session: Session, open_assessment: Assessment, version: int) -> None:
    """Keep everyone else out of the open assessment until the transaction ends. Raises Conflict when someone changed it before."""
    support.lock_assessment(session, open_assessment.id)
    session.refresh(open_assessment)
    if (open_assessment.state, open_assessment.version) != (AssessmentState.OPEN, version):
        raise Conflict(CHANGED_MEANWHILE)
    cycle.outdate_responses(session, open_assessment.city_id, open_assessment.id)


def _reason_against_undo(desk: Desk, open_assessment: Assessment) -> Message | None:
    """Why the beginning of this assessment cannot be taken back; None when it can."""
    beginnings = events.list_events(desk.session, desk.city_id, verbs=[Verb.CYCLE_BEGUN], limit=1)
    if not beginnings or json.loads(beginnings[0].details).get("assessment") != open_assessment.id:
        return NOTHING_TO_UNDO
    first_change = events.find_first_event_after(desk.session, desk.city_id, beginnings[0].number, but=UNTOUCHED_BY)
    return why_beginning_stays(open_assessment.name, _describe_event(desk, first_change)) if first_change else None


def _describe_event(desk: Desk, event: HistoryEvent) -> Message:
    names = people.load_names(desk.session, desk.city_id)
    return event_sentence(event.verb, event.subject, json.loads(event.details), event.person_id, names)
