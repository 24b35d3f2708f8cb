"""The result unfolded: what it is on any day, when it falls back and what would keep it, what blocks it, and every rule on the way."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from app.rules.assessment import AssessmentValues
from app.rules.city.naming import CityValues
from app.rules.criteria.prerequisites import PrerequisiteBranch, missing_for, prerequisite_trees
from app.rules.days.typed_day import check_year_between
from app.rules.message import Message, say
from app.rules.scoring import trace
from app.rules.scoring.as_data import results_as_data
from app.rules.scoring.forecast import Lapse, drop_in_words
from app.rules.scoring.headline import results_headline
from app.rules.scoring.results import TwoResults, results_details
from app.rules.scoring.score import Score, VerdictKind
from app.rules.scoring.trace import RULE_MEANINGS, Trace, TraceStep
from app.services.assessment.overview import Overview, load_overview
from app.services.assessment.stand import Stand
from app.services.desk import Desk
from app.services.evidence.pieces import load_reach
from app.services.program.outcome import OutcomeLine, load_outcome
from app.services.site import Site
from app.store.evidence import pieces, support

YEARS_AHEAD = 10


@dataclass(frozen=True)
class EvidenceRenewal:
    """A piece of evidence to renew; a restricted one that the reader may not open has no title."""

    evidence_id: int
    title: str


@dataclass(frozen=True)
class LapseLine:
    """A day on which something lapses. `drop` is the warning where a level is lost, with what to renew to keep it."""

    lapse: Lapse
    stands: tuple[Stand, ...]
    drop: Message | None
    renewals: tuple[EvidenceRenewal, ...]


@dataclass(frozen=True)
class PrerequisiteWait:
    """A criterion whose own prerequisites are not there yet; `counts` is False where it is met and does not count for that. `needs` names them."""

    stand: Stand
    needs: str
    counts: bool


@dataclass(frozen=True)
class TraceStepLine:
    step: TraceStep
    meaning: Message


@dataclass(frozen=True)
class ScoringPage:
    """The result on `day`: `verified` by the verdicts alone, `forecast` without what has lapsed by then.

    `at_risk` and `unknown` are met criteria whose evidence has lapsed, or of which nobody knows how long it counts.
    """

    assessment: AssessmentValues
    edition_label: str
    day: date
    is_today: bool
    is_past: bool
    verified: Score
    forecast: Score
    results: TwoResults
    headline: Message
    details: Message
    at_risk: tuple[Stand, ...]
    unknown: tuple[Stand, ...]
    timeline: tuple[LapseLine, ...]
    blocks: bool
    waits: tuple[PrerequisiteWait, ...]
    graph: tuple[PrerequisiteBranch, ...]
    stands: dict[str, Stand]
    trace: Trace
    steps: tuple[TraceStepLine, ...]
    outcome: OutcomeLine | None


def check_day(day: date | None, today: date) -> date:
    """The day asked for, today when none was. Raises Invalid for a year that cannot be meant."""
    problem = say("This year cannot be right. Choose a date within the next ten years.")
    check_year_between("as_of", day, 2000, today.year + YEARS_AHEAD, problem)
    return day or today


def load_scoring(desk: Desk, as_of: date | None = None) -> ScoringPage:
    """Raises Invalid for a day that cannot be meant, NotFound without an open assessment."""
    day = check_day(as_of, desk.who.today)
    seen = load_overview(desk.session, desk.site, desk.who.city, desk.who.language, day)
    stands = {stand.code: stand for stand in seen.stands}
    result_trace = trace_of(seen)
    return ScoringPage(
        assessment=seen.assessment,
        edition_label=seen.edition.label,
        day=day,
        is_today=day == desk.who.today,
        is_past=day < desk.who.today,
        verified=seen.score,
        forecast=seen.forecast,
        results=seen.results,
        headline=results_headline(seen.results),
        details=results_details(seen.results),
        at_risk=tuple(stand for stand in seen.stands if stand.code in seen.at_risk),
        unknown=tuple(stand for stand in seen.stands if stand.met and stand.checklist.period_unknown),
        timeline=_lapse_timeline(desk, seen, stands),
        blocks=bool(seen.score.blocked) or seen.edition.prerequisites == "block",
        waits=_list_waits(seen, stands),
        graph=prerequisite_trees(seen.edition),
        stands=stands,
        trace=result_trace,
        steps=tuple(TraceStepLine(step, RULE_MEANINGS[step.rule]) for step in result_trace.steps),
        outcome=load_outcome(desk.session, desk.city_id, seen.assessment.id, seen.edition),
    )


def trace_of(seen: Overview) -> Trace:
    """Every step of the result on the overview's day. A verdict that asks for changes earns nothing and is left out."""
    verdicts = {
        code: decision for code, decision in seen.decisions.items() if decision is not VerdictKind.CHANGES_ASKED
    }
    return trace.trace_score(seen.edition, verdicts, seen.day, seen.risks)


def trace_data(desk: Desk, as_of: date | None = None) -> dict[str, object]:
    """Both results, and the trace of the one on the day, as plain data for the interface. Raises Invalid, NotFound."""
    day = check_day(as_of, desk.who.today)
    seen = load_overview(desk.session, desk.site, desk.who.city, desk.who.language, day)
    return trace.trace_as_data(trace_of(seen)) | {"results": results_as_data(seen.results)}


def trace_of_city(session: Session, site: Site, city: CityValues, as_of: date | None) -> tuple[Trace, TwoResults]:
    """The trace for the command line, which asks for nobody, and both results as pages show them. Raises NotFound."""
    seen = load_overview(session, site, city, "en", as_of)
    return trace_of(seen), seen.results


def _list_waits(seen: Overview, stands: dict[str, Stand]) -> tuple[PrerequisiteWait, ...]:
    missing = missing_for(seen.edition, seen.met)
    return tuple(
        PrerequisiteWait(stands[code], seen.edition.name_criteria(missing[code]), code not in seen.score.blocked)
        for code in missing
        if stands[code].met
    )


def _lapse_timeline(desk: Desk, seen: Overview, stands: dict[str, Stand]) -> tuple[LapseLine, ...]:
    keeping = [seen.to_keep(lapse) if lapse.drops else frozenset() for lapse in seen.timeline]
    titles = _readable_titles(desk, frozenset().union(*keeping))
    return tuple(
        LapseLine(
            lapse=lapse,
            stands=tuple(stands[code] for code in lapse.codes),
            drop=drop_in_words(lapse, len(to_renew)) if lapse.drops else None,
            renewals=tuple(
                EvidenceRenewal(evidence_id, titles.get(evidence_id, "")) for evidence_id in sorted(to_renew)
            ),
        )
        for lapse, to_renew in zip(seen.timeline, keeping, strict=True)
    )


def _readable_titles(desk: Desk, evidence_ids: Collection[int]) -> dict[int, str]:
    """Titles by id, without those that the reader may not see."""
    if not evidence_ids:
        return {}
    reader_reach = load_reach(desk)
    titles = pieces.load_titles(desk.session, desk.city_id, evidence_ids)
    supports = support.load_supported_responses(desk.session, desk.city_id, reader_reach.assessment_id, evidence_ids)
    return {
        evidence_id: title
        for evidence_id, (title, visibility) in titles.items()
        if reader_reach.opens(visibility, supports.get(evidence_id, ()))
    }
