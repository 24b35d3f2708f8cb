"""The planner's pages: the cheapest ways to a level by a date, and what any set picked by hand would give."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from app.adapters.solver import find_cheapest_sets
from app.rules.assessment import AssessmentValues
from app.rules.board import STATUS_NAMES, CriterionStatus, status_of
from app.rules.criteria.edition import EFFORT_NAMES, Area, Effort, Level
from app.rules.errors import Invalid, NotFound
from app.rules.message import Message, counted, say
from app.rules.people.permissions import OFFICE
from app.rules.planning.options import Plan, PlanOption, make_plan
from app.rules.planning.outcome import PlanOutcome, check_plan_date, compute_outcome, outcome_details, outcome_warnings
from app.rules.planning.question import Candidate, PlanningFacts, PlanningQuestion, pose_question
from app.rules.scoring import score as scoring
from app.rules.scoring.score import LEVEL_NAMES, RANGE_PHRASES, Score
from app.services.assessment.levels import LevelThreshold, list_levels
from app.services.assessment.overview import Overview, load_overview
from app.services.assessment.stand import Stand
from app.services.desk import Desk, Who
from app.services.program.trust import PlannerTrust, load_trust
from app.store import assessment, planning
from app.store.planning import Scenario


@dataclass(frozen=True)
class PlanningAim:
    """What is aimed at: a level of the edition by a date, or at any time. `question` has everything that could get there."""

    seen: Overview
    level: Level
    by: date | None
    question: PlanningQuestion

    @cached_property
    def stands(self) -> dict[str, Stand]:
        return {stand.code: stand for stand in self.seen.stands}

    @property
    def assessment(self) -> AssessmentValues:
        return self.seen.assessment

    @property
    def levels(self) -> tuple[LevelThreshold, ...]:
        return list_levels(self.seen.edition)

    @property
    def level_name(self) -> Message:
        return LEVEL_NAMES[self.level.id]

    @property
    def range_phrase(self) -> Message:
        return RANGE_PHRASES[self.level.id]


def load_aim(desk: Desk, level: str = "", by: date | None = None, *, past: bool = False) -> PlanningAim:
    """The question for a level (the next one when empty) by a date (any time when None). Raises Invalid, NotFound."""
    seen = load_overview(desk.session, desk.site, desk.who.city, desk.who.language)
    return aim_within(seen, level, check_plan_date(by, desk.who.today))


def aim_within(seen: Overview, level: str, by: date | None) -> PlanningAim:
    """The question within an overview, from its day on. Raises Invalid for a level that the edition does not have."""
    target_level = _find_level(seen, level)
    question = pose_question(seen.edition, target_level, seen.met, seen.day, by, _planning_facts(seen))
    return PlanningAim(seen, target_level, by, question)


def _find_level(seen: Overview, wanted: str) -> Level:
    rising = sorted(seen.edition.levels, key=lambda level: level.percent)
    wanted = wanted or seen.score.next_level or rising[-1].id
    chosen_level = next((level for level in rising if level.id == wanted), None)
    if chosen_level is None:
        raise Invalid({"level": say("Choose one of the levels of this edition.")})
    return chosen_level


def _planning_facts(seen: Overview) -> PlanningFacts:
    own = seen.ground.own
    return PlanningFacts(
        efforts={code: Effort(words.effort) for code, words in own.items() if words.effort},
        lead_days={code: words.lead_days for code, words in own.items() if words.lead_days is not None},
        owners={stand.code: stand.department for stand in seen.stands if stand.department},
        states={stand.code: stand.state for stand in seen.stands},
        lapses=seen.risks,
    )


@dataclass(frozen=True)
class OptionLine:
    """A criterion of an option, in the order to begin in."""

    code: str
    title: str
    owner: str
    effort: Message
    core: bool
    finishes_on: date
    reason: Message


@dataclass(frozen=True)
class OptionCard:
    """One of the cheapest sets; `instead` are the codes that the first one lacks, `without` those that only the first one has."""

    number: int
    option: PlanOption
    lines: tuple[OptionLine, ...]
    instead: tuple[str, ...]
    without: tuple[str, ...]


@dataclass(frozen=True)
class ScenarioLine:
    """A saved scenario in a list."""

    id: int
    name: str
    level: Message
    target_on: date | None
    count: int
    shared: bool
    adopted: bool

    @property
    def public(self) -> bool:
        """Whether everyone in the city may read it."""
        return self.shared or self.adopted


@dataclass(frozen=True)
class PlanningPage:
    """The planner's answer: a sentence, the options, or why there are none; and the scenarios that the reader may see."""

    asked: PlanningAim
    sentence: Message
    cards: tuple[OptionCard, ...]
    unreachable_because: tuple[Message, ...]
    scenarios: tuple[ScenarioLine, ...]
    trust: PlannerTrust | None


def find_options(desk: Desk, level: str = "", by: date | None = None) -> PlanningPage:
    """Find the cheapest ways. Without a date that of the assessment is not taken: any time is asked for. Raises Invalid, NotFound."""
    aim = load_aim(desk, level, by)
    plan_found = make_plan(aim.question, find_cheapest_sets)
    cards = tuple(_option_card(aim, plan_found, number) for number in range(1, len(plan_found.options) + 1))
    lines = list_scenarios(desk, aim.assessment)
    return PlanningPage(
        aim, _plan_sentence(aim, plan_found), cards, plan_found.unreachable_because, lines, load_trust(desk, aim.seen)
    )


def _option_card(aim: PlanningAim, plan_found: Plan, number: int) -> OptionCard:
    option, first = plan_found.options[number - 1], plan_found.options[0]
    return OptionCard(
        number=number,
        option=option,
        lines=tuple(_option_line(aim, pick.candidate, pick.reason) for pick in option.picks),
        instead=tuple(code for code in option.criteria if code not in first.criteria),
        without=tuple(code for code in first.criteria if code not in option.criteria),
    )


def _option_line(aim: PlanningAim, candidate: Candidate, reason: Message) -> OptionLine:
    stand = aim.stands[candidate.code]
    effort, ends = EFFORT_NAMES[candidate.effort], aim.question.finishes_on(candidate)
    return OptionLine(candidate.code, stand.criterion.title, stand.department, effort, candidate.core, ends, reason)


def _plan_sentence(aim: PlanningAim, plan_found: Plan) -> Message:
    if not plan_found.options:
        return say("You cannot reach %(level)s like this.", level=aim.range_phrase)
    first = plan_found.options[0]
    if not first.picks:
        return say("You are in %(level)s already. Nothing has to be added.", level=aim.range_phrase)
    return counted(
        "%(count)s criterion is enough for %(level)s. The least work is %(cost)s points.",
        "%(count)s criteria are enough for %(level)s. The least work is %(cost)s points.",
        len(first.picks),
        level=aim.range_phrase,
        cost=first.cost,
    )


def may_see_scenario(who: Who, scenario: Scenario) -> bool:
    """The data office sees every scenario, others those that it has shared or adopted."""
    return who.role in OFFICE or scenario.shared or scenario.adopted_at is not None


def list_scenarios(desk: Desk, open_assessment: AssessmentValues) -> tuple[ScenarioLine, ...]:
    """Those that the reader may see, newest first."""
    rows = planning.list_scenarios(desk.session, desk.city_id, open_assessment.id)
    return tuple(scenario_line(scenario) for scenario in rows if may_see_scenario(desk.who, scenario))


def scenario_line(scenario: Scenario) -> ScenarioLine:
    """A saved scenario for a list."""
    level = LEVEL_NAMES[scenario.level]
    return ScenarioLine(
        scenario.id,
        scenario.name,
        level,
        scenario.target_on,
        len(scenario.codes),
        scenario.shared,
        scenario.adopted_at is not None,
    )


def find_scenario(desk: Desk, scenario_id: int) -> Scenario:
    """The scenario of the open assessment, if the person may see it. Raises NotFound."""
    scenario = planning.find_scenario(desk.session, desk.city_id, scenario_id)
    open_assessment = assessment.find_current_assessment(desk.session, desk.city_id)
    if (
        scenario is None
        or open_assessment is None
        or scenario.assessment_id != open_assessment.id
        or not may_see_scenario(desk.who, scenario)
    ):
        raise NotFound(say("We could not find that scenario."))
    return scenario


@dataclass(frozen=True)
class CriterionTile:
    """A criterion to be switched by hand; `candidate` is None where it is met at the date and need not be picked."""

    stand: Stand
    status: CriterionStatus
    word: Message
    picked: bool
    candidate: Candidate | None
    late: bool

    @property
    def lapses(self) -> bool:
        return self.candidate is not None and self.candidate.renewal


@dataclass(frozen=True)
class TilesPage:
    """All criteria by practice area, and what the picked ones would give; `scenario` is the saved one that they are picked for."""

    asked: PlanningAim
    areas: tuple[tuple[Area, tuple[CriterionTile, ...]], ...]
    picked: tuple[str, ...]
    outcome: PlanOutcome
    headline: Message
    details: Message
    warnings: tuple[Message, ...]
    scenario: ScenarioLine | None
    version: int

    @property
    def score(self) -> Score:
        return self.outcome.score


def load_tiles(
    desk: Desk,
    level: str,
    by: date | None,
    picked: Collection[str],
    scenario: int | None = None,
) -> TilesPage:
    """What the picked criteria would give; `scenario` is the id of the one that they are picked for. Raises Invalid, NotFound."""
    saved_scenario = find_scenario(desk, scenario) if scenario else None
    aim = load_aim(desk, level, by)
    result = compute_outcome(aim.question, picked)
    codes = frozenset(candidate.code for candidate in result.picked)
    return TilesPage(
        asked=aim,
        areas=tuple(
            (area, tuple(_criterion_tile(aim, stand, codes) for stand in stands)) for area, stands in aim.seen.by_area
        ),
        picked=tuple(candidate.code for candidate in result.picked),
        outcome=result,
        headline=scoring.score_headline(result.score),
        details=outcome_details(result),
        warnings=outcome_warnings(result),
        scenario=scenario_line(saved_scenario) if saved_scenario else None,
        version=saved_scenario.version if saved_scenario else 0,
    )


def _criterion_tile(aim: PlanningAim, stand: Stand, picked: Collection[str]) -> CriterionTile:
    status = status_of(stand.state, stand.decision)
    candidate = aim.question.by_code.get(stand.code)
    late = candidate is not None and candidate not in aim.question.available
    return CriterionTile(stand, status, STATUS_NAMES[status], stand.code in picked, candidate, late)
