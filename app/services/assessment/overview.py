"""The whole assessment at a glance: what board, lists, readiness and report are all made from, in a fixed number of queries."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from functools import cached_property, partial
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlmodel import Session

from app.rules.assessment import AssessmentValues
from app.rules.city.naming import CityValues
from app.rules.criteria.edition import Area, Criterion, Edition
from app.rules.message import Message
from app.rules.scoring import forecast
from app.rules.scoring import score as scoring
from app.rules.scoring.begun import BegunAssessment
from app.rules.scoring.confidence import LevelRange, estimate_levels
from app.rules.scoring.forecast import Lapse, Risks
from app.rules.scoring.results import TwoResults, compute_results
from app.rules.scoring.score import Score, SelfRating, Standing, VerdictKind
from app.services.account.sessions import today_in
from app.services.assessment.begun import find_begun
from app.services.assessment.ground import AssessmentGround, no_criterion, read_ground, with_local_checklist
from app.services.assessment.stand import Stand, StandRows, make_stand
from app.services.kept import CityResults
from app.services.site import Site
from app.store import judged_response, response, review
from app.store.evidence import pieces as evidence
from app.store.evidence.pieces import SupportRow
from app.store.response import ItemAnswer, ResponseBrief
from app.store.review import VerdictMark

Part = TypeVar("Part")


@dataclass(frozen=True)
class Overview:
    """One assessment on `day`: its edition in the reader's language, and a `Stand` for every criterion in the edition's order.

    `answers` are those to the items of the checklists, by code and item. `made_from` is for the one that comes after it.
    """

    ground: AssessmentGround
    edition: Edition
    day: date
    stands: tuple[Stand, ...]
    answers: Mapping[str, Mapping[str, ItemAnswer]]
    is_today: bool = True
    self_decided: frozenset[str] = frozenset()
    begun: BegunAssessment | None = None
    made_from: Mapping[str, StandRows] = field(default_factory=dict, repr=False)

    @property
    def assessment(self) -> AssessmentValues:
        return self.ground.assessment

    @property
    def departments(self) -> dict[int, str]:
        return self.ground.departments

    def find_due_day(self, stand: Stand) -> date | None:
        """The day a criterion is due: its assignment's, else that of the whole assessment."""
        return stand.due_on or self.assessment.due_on

    @property
    def names(self) -> dict[int, str]:
        return self.ground.names

    @property
    def previous(self) -> str:
        return self.ground.previous

    @cached_property
    def _by_code(self) -> dict[str, Stand]:
        return {stand.code: stand for stand in self.stands}

    def stand_of(self, code: str) -> Stand:
        """How this criterion stands. Raises NotFound for a code that the edition does not have."""
        if code not in self._by_code:
            raise no_criterion(code)
        return self._by_code[code]

    @cached_property
    def decisions(self) -> dict[str, VerdictKind]:
        return {stand.code: stand.decision for stand in self.stands if stand.decision}

    @property
    def score(self) -> Score:
        """By the verdicts alone."""
        return self.results.reviewed

    @cached_property
    def met(self) -> frozenset[str]:
        return scoring.met_codes(self.decisions)

    @cached_property
    def risks(self) -> Risks:
        return {stand.code: stand.at_risk_from for stand in self.stands if stand.at_risk_from}

    @cached_property
    def results(self) -> TwoResults:
        """By the verdicts, and of what of it is still fresh on the day."""
        return compute_results(
            self.edition,
            self.met,
            self.risks,
            self.day,
            is_today=self.is_today,
            self_decided=self.self_decided,
            renewed=self.renewed,
            begun=self.begun,
        )

    @property
    def forecast(self) -> Score:
        """The score without the criteria that are at risk on the day."""
        return self.results.fresh

    @cached_property
    def at_risk(self) -> frozenset[str]:
        return frozenset(self.results.out_of_date)

    @cached_property
    def renewed(self) -> tuple[str, ...]:
        """The criteria at risk on the day for which newer evidence waits to be looked at."""
        return tuple(stand.code for stand in self.stands if stand.is_renewed(self.day))

    @cached_property
    def timeline(self) -> tuple[Lapse, ...]:
        """The days after this one on which something lapses."""
        return forecast.list_lapses(self.edition, self.met, self.risks, self.day)

    def to_keep(self, lapse: Lapse) -> frozenset[int]:
        """Ids of the pieces of evidence whose renewal would keep the level of the day before."""
        lapsed = {code: self.stand_of(code).checklist.lapsed_by(lapse.day) for code in lapse.at_risk}
        return forecast.renewals_to_keep(self.edition, lapse, lapsed)

    @property
    def next_drop(self) -> Message | None:
        """The next day on which a level is lost if nothing is renewed, in one sentence; None where none is."""
        lapse = next((lapse for lapse in self.timeline if lapse.drops), None)
        return forecast.drop_in_words(lapse, len(self.to_keep(lapse))) if lapse else None

    @cached_property
    def level_range(self) -> LevelRange:
        """Between which levels the result lies if the departments are right."""
        confidences = {stand.code: stand.confidence for stand in self.stands if stand.self_rating is SelfRating.MET}
        not_met = {code for code, decision in self.decisions.items() if decision is VerdictKind.NOT_MET}
        return estimate_levels(self.edition, self.met, confidences, not_met)

    @cached_property
    def standing(self) -> Standing:
        ratings = {stand.code: stand.self_rating for stand in self.stands if stand.self_rating}
        return scoring.compute_standing(self.edition, self.decisions, ratings)

    @cached_property
    def by_area(self) -> tuple[tuple[Area, tuple[Stand, ...]], ...]:
        """The stands in groups, in the order of the practice areas."""
        return tuple((area, tuple(self.stand_of(code) for code in area.criteria)) for area in self.edition.areas)


def load_overview(
    session: Session, site: Site, assessed_city: CityValues, language: str, day: date | None = None
) -> Overview:
    """Everything about the city's open assessment that lists need, today or on `day`.

    For a day in the past, the verdicts are those of its evening in the city; answers and evidence are as they are now. Worked out once
    after each change in the city, for everyone. Raises NotFound.
    """
    today = today_in(assessed_city)
    day = day or today
    seen = site.kept.seen_by(session, assessed_city)
    about = ("overview", language, day, today)
    return seen.find(about, lambda: _overview(seen, site, language, day, today, seen.find_earlier(about)))


def _overview(
    seen: CityResults, site: Site, language: str, day: date, today: date, earlier: Overview | None
) -> Overview:
    """Eight queries whatever the number of rows, nine where answers came along, eleven before the first verdict on such; fewer of what
    has changed since is only a part.
    """
    ground = read_ground(seen)
    run = ground.assessment
    briefs = _part(seen, run, response.load_briefs, "response")
    marks = _marks_on(seen, run, day) if day < today else _part(seen, run, review.load_verdict_marks, *DECIDING)
    is_renewing = any(brief.renewal for brief in briefs.values())
    rows = AssessmentRows(
        briefs=briefs,
        self_decided=frozenset(code for code, mark in marks.items() if mark.self_decided),
        accepted=_part(seen, run, judged_response.load_accepted_contents, *RENEWING) if is_renewing else {},
        answers=_part(seen, run, response.answers_by_criterion, "checklist_answer"),
        supports=_part(seen, run, evidence.load_support_rows, "evidence_support", "evidence"),
        decisions={code: mark.decision for code, mark in marks.items()},
    )
    overview = build_overview(
        ground, site.edition(run.edition, language), day, rows, is_today=day == today, earlier=earlier
    )
    return replace(overview, begun=None if marks else find_begun(seen, site, ground, briefs.values(), language))


@dataclass(frozen=True)
class AssessmentRows:
    """What an overview is made from, each by criterion code."""

    briefs: Mapping[str, ResponseBrief]
    answers: Mapping[str, Mapping[str, ItemAnswer]]
    supports: Mapping[str, Sequence[SupportRow]]
    decisions: Mapping[str, str]
    accepted: Mapping[str, str] = field(default_factory=dict)
    self_decided: frozenset[str] = frozenset()


def build_overview(
    ground: AssessmentGround,
    edition: Edition,
    day: date,
    rows: AssessmentRows,
    *,
    is_today: bool = False,
    earlier: Overview | None = None,
) -> Overview:
    """How every criterion of this edition stands on the day. What is made from the same as in an `earlier` one of that day is taken from it."""
    made_from = {code: _stand_rows(ground, criterion, rows) for code, criterion in edition.criteria.items()}
    known = earlier.made_from if earlier and earlier.day == day else {}
    stands = tuple(
        earlier.stand_of(code) if earlier and known.get(code) == given else make_stand(given, day)
        for code, given in made_from.items()
    )
    return Overview(ground, edition, day, stands, rows.answers, is_today, rows.self_decided, made_from=made_from)


def _stand_rows(ground: AssessmentGround, criterion: Criterion, rows: AssessmentRows) -> StandRows:
    code, task = criterion.code, ground.tasks.get(criterion.code)
    return StandRows(
        criterion=with_local_checklist(criterion, ground.own.get(code)),
        brief=rows.briefs.get(code),
        task=task,
        department=ground.departments.get(task.department_id, "") if task else "",
        person=ground.names.get(task.person_id, "") if task and task.person_id else "",
        previous=ground.previous,
        answers=rows.answers.get(code, {}),
        pieces=rows.supports.get(code, []),
        decision=rows.decisions.get(code, ""),
        accepted=rows.accepted.get(code, ""),
    )


RENEWING = ("response", "verdict", "judged_response")
DECIDING = ("response", "verdict")


def _marks_on(seen: CityResults, run: AssessmentValues, day: date) -> dict[str, VerdictMark]:
    """Those of the evening of a day that is over in the city."""
    evening = datetime.combine(day, time.max, ZoneInfo(seen.city.time_zone))
    return review.load_verdict_marks(seen.session, seen.city.id, run.id, evening)


def _part(seen: CityResults, run: AssessmentValues, read: Callable[[Session, int, int], Part], *kinds: str) -> Part:
    """What an overview reads of one assessment, read again only after a row of its kinds has changed.

    Which criterion a response answers, and in which assessment, never changes: an answer or a piece of evidence alone moves what is
    read of it.
    """
    work_out = partial(read, seen.session, seen.city.id, run.id)
    return seen.find((read.__qualname__, run.id), work_out, frozenset(kinds))
