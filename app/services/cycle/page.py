"""The assessments of a city one after another: which there are, and taking back the beginning of the newest."""

import json
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from app.rules.cycle.confirming import UNTOUCHED_BY, how_many_confirmed, tally, why_not_undone
from app.rules.errors import Conflict, Refused
from app.rules.history.sentences import sentence
from app.rules.history.verbs import Verb
from app.rules.message import Said, say
from app.rules.scoring import score as scoring
from app.rules.scoring.score import Decision, Score
from app.services.account.sessions import today_in
from app.services.assessment import current
from app.services.desk import Desk, Who
from app.services.people.members import CHANGED_MEANWHILE
from app.services.site import Site
from app.store import assessment, cycle, people, response
from app.store.assessment import Assessment
from app.store.evidence import support
from app.store.history import events
from app.store.history.events import HistoryEvent

NOTHING_TO_UNDO = say("There is no beginning that could be taken back.")


@dataclass(frozen=True)
class Run:
    """One assessment and its score by verdict. `ended_on` is the day on which the next one was begun from it."""

    id: int
    name: str
    edition: str
    is_open: bool
    score: Score
    headline: Said
    due_on: date | None
    begun_on: date
    ended_on: date | None


@dataclass(frozen=True)
class CyclePage:
    """All assessments, newest first.

    `carried` says how many answers of the open one are confirmed, where answers came along. `undoable` when its beginning can be taken
    back, with `version` in the form; `why_not` says why it cannot, and both are empty where it did not begin from another.
    """

    runs: tuple[Run, ...]
    carried: Said | None
    undoable: bool
    why_not: Said | None
    version: int

    @property
    def open(self) -> Run | None:
        return next((run for run in self.runs if run.is_open), None)


def index(desk: Desk) -> CyclePage:
    """The assessments of the city; seven queries, whatever their number."""
    rows = cycle.runs(desk.session, desk.city_id)
    open_one = assessment.current(desk.session, desk.city_id)
    why_not = _why_not(desk, open_one) if open_one and open_one.previous_id else None
    return CyclePage(
        runs=runs(desk, rows),
        carried=_confirmed(desk, open_one, rows) if open_one else None,
        undoable=bool(open_one and open_one.previous_id) and why_not is None,
        why_not=why_not,
        version=open_one.version if open_one else 0,
    )


def runs(desk: Desk, rows: list[Assessment]) -> tuple[Run, ...]:
    """The assessments with their scores, in one query."""
    decisions = cycle.decisions(desk.session, desk.city_id)
    ended = {row.previous_id: today_in(desk.who.city, row.created_at) for row in rows if row.previous_id}
    return tuple(_run(desk.site, desk.who, row, decisions.get(row.id, {}), ended.get(row.id)) for row in rows)


def _run(site: Site, who: Who, row: Assessment, decided: dict[str, str], ended_on: date | None) -> Run:
    edition = site.edition(row.edition, who.language)
    met = scoring.met_codes({code: Decision(decision) for code, decision in decided.items()})
    result = scoring.score(edition, met)
    return Run(
        id=row.id,
        name=row.name,
        edition=edition.label,
        is_open=row.state == "open",
        score=result,
        headline=scoring.headline(result),
        due_on=row.due_on,
        begun_on=today_in(who.city, row.created_at),
        ended_on=ended_on,
    )


def _confirmed(desk: Desk, run: Assessment, rows: list[Assessment]) -> Said | None:
    briefs = response.brief(desk.session, desk.city_id, run.id).values()
    name = next((row.name for row in rows if row.id == run.previous_id), "")
    return how_many_confirmed(tally(brief.confirmation for brief in briefs), name)


def undo(desk: Desk, version: int) -> None:
    """Take the beginning of the open assessment back: what came along is gone from it, and the one before is open again.

    Raises NotFound, Conflict when it is another one by now, Refused when work on it has begun.
    """
    run = current(desk.session, desk.who.city)
    hold(desk.session, run, version)
    before = assessment.by_id(desk.session, desk.city_id, run.previous_id) if run.previous_id else None
    if before is None:
        raise Refused(NOTHING_TO_UNDO)
    if why_not := _why_not(desk, run):
        raise Refused(why_not)
    name = run.name
    cycle.erase(desk.session, desk.city_id, run)
    before.state, before.version = "open", before.version + 1
    desk.session.add(before)
    desk.record(Verb.CYCLE_UNDONE, name, was=before.name)


def hold(session: Session, run: Assessment, version: int) -> None:
    """Keep everybody else out of the open assessment until the transaction ends. Raises Conflict when somebody changed it before."""
    support.one_at_a_time(session, run.id)
    session.refresh(run)
    if (run.state, run.version) != ("open", version):
        raise Conflict(CHANGED_MEANWHILE)
    cycle.freeze(session, run.city_id, run.id)


def _why_not(desk: Desk, run: Assessment) -> Said | None:
    """Why the beginning of this assessment cannot be taken back; None when it can."""
    begun = events.events(desk.session, desk.city_id, verbs=[Verb.CYCLE_BEGUN], limit=1)
    if not begun or json.loads(begun[0].details).get("assessment") != run.id:
        return NOTHING_TO_UNDO
    first = events.first_after(desk.session, desk.city_id, begun[0].number, but=UNTOUCHED_BY)
    return why_not_undone(run.name, _told(desk, first)) if first else None


def _told(desk: Desk, event: HistoryEvent) -> Said:
    names = people.names(desk.session, desk.city_id)
    return sentence(event.verb, event.subject, json.loads(event.details), event.person_id, names)
