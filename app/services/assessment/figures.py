"""The figures of an assessment: worked out once here, and shown by readiness page, board and every report."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from app.rules import charts
from app.rules.assessment import AssessmentValues
from app.rules.city.naming import CityValues
from app.rules.criteria.edition import DECISION_NAMES, EFFORT_NAMES, Edition
from app.rules.cycle.confirming import confirmed_in_words, tally_confirmations
from app.rules.message import Message, NamedCriteria, counted, say
from app.rules.planning import gaps
from app.rules.scoring import score as scoring
from app.rules.scoring.forecast import NO_AWARD_MEANT, explain_outlook
from app.rules.scoring.headline import results_headline
from app.rules.scoring.results import (
    CORE_STATE_NAMES,
    CoreState,
    TwoResults,
    results_details,
)
from app.rules.scoring.score import Score, Standing
from app.services.assessment.levels import LevelScale, LevelThreshold, list_levels
from app.services.assessment.overview import Overview, load_overview
from app.services.assessment.stand import Stand
from app.services.site import Site


@dataclass(frozen=True)
class ReadinessCoreLine:
    code: str
    title: str
    state: CoreState
    name: Message


@dataclass(frozen=True)
class AreaFigures:
    """A practice area: `met` verified by review, `claimed` by departments, each 0..`total`."""

    id: str
    title: str
    met: int
    claimed: int
    total: int


@dataclass(frozen=True)
class ReadinessGap:
    """An unmet criterion: why it is one, the one thing that brings it forward, how much work it is, and whose it is (may be empty).

    `lacking` says what `missing` says, to people who do nothing in the app.
    """

    code: str
    title: str
    why: Message
    missing: Message
    lacking: Message
    core: bool
    effort: Message
    owner: str
    person: str


@dataclass(frozen=True)
class ReadinessStrength:
    code: str
    title: str
    text: Message


@dataclass(frozen=True)
class LeadersDecision:
    """Something only leaders can decide, which an open criterion waits for: our suggestion."""

    code: str
    title: str
    kind: Message
    text: str
    core: bool


@dataclass(frozen=True)
class Outlook:
    """What time does to the result: how many met criteria have lapsed evidence today, and the next drop if nothing is renewed.

    `sentences` say the same to a reader who has no page to look it up.
    """

    at_risk: tuple[str, ...]
    drop: Message | None
    sentences: tuple[Message, ...] = ()
    no_award_meant: Message = NO_AWARD_MEANT


@dataclass(frozen=True)
class Readiness:
    """The figures of one assessment on one day: `headline` is the estimate in a few words, `answer` what it rests on.

    `carried` says how many answers from the assessment before are confirmed, None where none came along.
    `gaps` and `levels` are in order, `strong_areas` (at most three) and `strengths` begin with the best.
    """

    assessment: AssessmentValues
    edition: Edition
    score: Score
    results: TwoResults
    headline: Message
    answer: Message
    outlook: Outlook
    figures: Standing
    levels: tuple[LevelThreshold, ...]
    core: tuple[ReadinessCoreLine, ...]
    areas: tuple[AreaFigures, ...]
    strong_areas: tuple[AreaFigures, ...]
    strengths: tuple[ReadinessStrength, ...]
    gaps: tuple[ReadinessGap, ...]
    decisions: tuple[LeadersDecision, ...]
    carried: Message | None = None

    @property
    def scale(self) -> LevelScale:
        return LevelScale(self.figures, self.levels)

    def area_bars(self, width: float = 700) -> charts.AreaBars:
        return charts.draw_area_bars([(area.title, area.met, area.claimed, area.total) for area in self.areas], width)


def compute_readiness(session: Session, site: Site, city: CityValues, language: str, today: date) -> Readiness:
    """The figures of the open assessment. `today` is the date in the city. Raises NotFound."""
    return read_figures(load_overview(session, site, city, language), today)


def read_figures(seen: Overview, today: date) -> Readiness:
    """What page and report both show, so that they cannot differ."""
    areas = tuple(AreaFigures(area.id, area.title, *_count_met(stands)) for area, stands in seen.by_area)
    return Readiness(
        assessment=seen.assessment,
        edition=seen.edition,
        score=seen.score,
        results=seen.results,
        headline=results_headline(seen.results),
        answer=results_details(seen.results),
        outlook=outlook_of(seen),
        figures=seen.standing,
        levels=list_levels(seen.edition),
        core=_core_lines(seen),
        areas=areas,
        strong_areas=tuple(_strongest_areas(areas)[:3]),
        strengths=tuple(_readiness_strength(stand) for stand in gaps.list_strengths(seen.stands)),
        gaps=tuple(_readiness_gap(stand, today) for stand in gaps.order_gaps(seen.stands)),
        decisions=tuple(
            LeadersDecision(
                stand.code, stand.criterion.title, DECISION_NAMES[decision.kind], decision.text, stand.criterion.core
            )
            for stand, decision in gaps.list_leaders_decisions(seen.edition, seen.stands)
        ),
        carried=confirmed_in_words(tally_confirmations(stand.confirmation for stand in seen.stands), seen.previous),
    )


def outlook_of(seen: Overview) -> Outlook:
    """What board and readiness both say of the time ahead."""
    at_risk, drop = seen.results.out_of_date, seen.next_drop
    has_level = seen.results.fresh.certifiable
    return Outlook(at_risk, drop, explain_outlook(NamedCriteria(seen.edition.id, at_risk), drop, has_level=has_level))


def _count_met(stands: Sequence[Stand]) -> tuple[int, int, int]:
    claimed = sum(stand.self_rating is scoring.SelfRating.MET for stand in stands)
    return sum(stand.met for stand in stands), claimed, len(stands)


def _strongest_areas(areas: Sequence[AreaFigures]) -> list[AreaFigures]:
    return sorted((area for area in areas if area.met), key=lambda area: (-area.met / area.total, -area.met))


def _core_lines(seen: Overview) -> tuple[ReadinessCoreLine, ...]:
    names = dict.fromkeys(CoreState, say("Not reviewed yet")) if seen.begun else CORE_STATE_NAMES
    states = {code: seen.results.core_state(code) for code in seen.score.core_required}
    return tuple(
        ReadinessCoreLine(code, seen.stand_of(code).criterion.title, state, names[state])
        for code, state in states.items()
    )


def _readiness_strength(stand: Stand) -> ReadinessStrength:
    text = counted("%(count)s piece of evidence", "%(count)s pieces of evidence", stand.evidence_count)
    return ReadinessStrength(stand.code, stand.criterion.title, text)


def _readiness_gap(stand: Stand, today: date) -> ReadinessGap:
    return ReadinessGap(
        code=stand.code,
        title=stand.criterion.title,
        why=gaps.explain_gap(stand, today),
        missing=gaps.what_closes(stand),
        lacking=gaps.lacks_for_report(stand),
        core=stand.criterion.core,
        effort=EFFORT_NAMES[stand.criterion.effort],
        owner=stand.department,
        person=stand.person,
    )
