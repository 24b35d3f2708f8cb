"""The planner's pages: the cheapest ways to a level by a date, and what any set picked by hand would give."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlmodel import Session

from app.adapters.solver import cheapest
from app.rules.board import STATUS_NAMES, Status, status_of
from app.rules.criteria import Area, Effort, Level
from app.rules.errors import Invalid, NotFound
from app.rules.gaps import EFFORT_NAMES
from app.rules.message import Said, counted, say
from app.rules.permissions import OFFICE
from app.rules.planning.options import Option, Plan, plan
from app.rules.planning.outcome import Outcome, check_date, details, outcome, warnings
from app.rules.planning.question import Candidate, Facts, Question, ask
from app.rules.scoring import score as scoring
from app.rules.scoring.score import LEVEL_NAMES, Score
from app.services.assessment import Overview, Stand, overview
from app.services.desk import Desk, Who
from app.services.levels import LevelMark, levels_of
from app.store import assessment, planning
from app.store.assessment import Assessment, LocalCriterion
from app.store.planning import Scenario


@dataclass(frozen=True)
class Asked:
    """What is aimed at: a level of the edition by a date, or at any time. `question` has everything that could get there."""

    seen: Overview
    level: Level
    by: date | None
    question: Question
    locals: dict[str, LocalCriterion]

    @cached_property
    def stands(self) -> dict[str, Stand]:
        return {stand.code: stand for stand in self.seen.stands}

    @property
    def assessment(self) -> Assessment:
        return self.seen.assessment

    @property
    def levels(self) -> tuple[LevelMark, ...]:
        return levels_of(self.seen.edition)

    @property
    def level_name(self) -> Said:
        return LEVEL_NAMES[self.level.id]


def asked(desk: Desk, level: str = "", by: date | None = None, *, past: bool = False) -> Asked:
    """The question for a level (the next one when empty) by a date (any time when None). Raises Invalid, NotFound."""
    seen = overview(desk.session, desk.site, desk.who.city, desk.who.language)
    return asked_in(desk.session, seen, level, check_date(by, desk.who.today))


def asked_in(session: Session, seen: Overview, level: str, by: date | None) -> Asked:
    """The question within an overview, from its day on. Raises Invalid for a level that the edition does not have."""
    found, run = _level(seen, level), seen.assessment
    locals_ = assessment.local_criteria(session, run.city_id, run.edition)
    return Asked(seen, found, by, ask(seen.edition, found, seen.met, seen.day, by, _facts(seen, locals_)), locals_)


def _level(seen: Overview, wanted: str) -> Level:
    rising = sorted(seen.edition.levels, key=lambda level: level.percent)
    wanted = wanted or seen.score.next_level or rising[-1].id
    found = next((level for level in rising if level.id == wanted), None)
    if found is None:
        raise Invalid({"level": say("Choose one of the levels of this edition.")})
    return found


def _facts(seen: Overview, locals_: dict[str, LocalCriterion]) -> Facts:
    return Facts(
        efforts={code: Effort(row.effort) for code, row in locals_.items() if row.effort},
        lead_days={code: row.lead_days for code, row in locals_.items() if row.lead_days is not None},
        owners={stand.code: stand.department for stand in seen.stands if stand.department},
        states={stand.code: stand.state for stand in seen.stands},
        lapses=seen.risks,
    )


@dataclass(frozen=True)
class Line:
    """A criterion of an option, in the order to begin in."""

    code: str
    title: str
    owner: str
    effort: Said
    core: bool
    finishes_on: date
    reason: Said


@dataclass(frozen=True)
class Card:
    """One of the cheapest sets; `instead` are the codes that the first one lacks, `without` those that only the first one has."""

    number: int
    option: Option
    lines: tuple[Line, ...]
    instead: tuple[str, ...]
    without: tuple[str, ...]


@dataclass(frozen=True)
class ScenarioLine:
    """A saved scenario in a list."""

    id: int
    name: str
    level: Said
    target_on: date | None
    count: int
    shared: bool
    adopted: bool

    @property
    def public(self) -> bool:
        """Whether everybody in the city may read it."""
        return self.shared or self.adopted


@dataclass(frozen=True)
class PlanningPage:
    """The planner's answer: a sentence, the options, or why there are none; and the scenarios that the reader may see."""

    asked: Asked
    sentence: Said
    cards: tuple[Card, ...]
    unreachable_because: tuple[Said, ...]
    scenarios: tuple[ScenarioLine, ...]


def index(desk: Desk, level: str = "", by: date | None = None) -> PlanningPage:
    """Find the cheapest ways. Without a date that of the assessment is not taken: any time is asked for. Raises Invalid, NotFound."""
    found = asked(desk, level, by)
    answer = plan(found.question, cheapest)
    cards = tuple(_card(found, answer, number) for number in range(1, len(answer.options) + 1))
    lines = scenarios(desk, found.assessment)
    return PlanningPage(found, _sentence(found, answer), cards, answer.unreachable_because, lines)


def _card(found: Asked, answer: Plan, number: int) -> Card:
    option, first = answer.options[number - 1], answer.options[0]
    return Card(
        number=number,
        option=option,
        lines=tuple(_line(found, pick.candidate, pick.reason) for pick in option.picks),
        instead=tuple(code for code in option.criteria if code not in first.criteria),
        without=tuple(code for code in first.criteria if code not in option.criteria),
    )


def _line(found: Asked, one: Candidate, reason: Said) -> Line:
    stand = found.stands[one.code]
    effort, ends = EFFORT_NAMES[one.effort], found.question.finishes_on(one)
    return Line(one.code, stand.criterion.title, stand.department, effort, one.core, ends, reason)


def _sentence(found: Asked, answer: Plan) -> Said:
    if not answer.options:
        return say("%(level)s is out of reach like this.", level=found.level_name)
    first = answer.options[0]
    if not first.picks:
        return say("%(level)s is reached already. Nothing has to be added.", level=found.level_name)
    return counted(
        "%(count)s criterion is enough for the %(level)s range. The cheapest way costs %(cost)s points.",
        "%(count)s criteria are enough for the %(level)s range. The cheapest way costs %(cost)s points.",
        len(first.picks),
        level=found.level_name,
        cost=first.cost,
    )


def may_see(who: Who, scenario: Scenario) -> bool:
    """The data office sees every scenario, others those that it has shared or adopted."""
    return who.role in OFFICE or scenario.shared or scenario.adopted_at is not None


def scenarios(desk: Desk, run: Assessment) -> tuple[ScenarioLine, ...]:
    """Those that the reader may see, newest first."""
    rows = planning.scenarios(desk.session, desk.city_id, run.id)
    return tuple(scenario_line(row) for row in rows if may_see(desk.who, row))


def scenario_line(row: Scenario) -> ScenarioLine:
    """A saved scenario for a list."""
    level = LEVEL_NAMES[row.level]
    return ScenarioLine(row.id, row.name, level, row.target_on, len(row.codes), row.shared, row.adopted_at is not None)


def find(desk: Desk, scenario_id: int) -> Scenario:
    """The scenario of the open assessment, if the person may see it. Raises NotFound."""
    row = planning.by_id(desk.session, desk.city_id, scenario_id)
    run = assessment.current(desk.session, desk.city_id)
    if row is None or run is None or row.assessment_id != run.id or not may_see(desk.who, row):
        raise NotFound(say("There is no such scenario here."))
    return row


@dataclass(frozen=True)
class Choice:
    """A criterion to be switched by hand; `candidate` is None where it is met at the date and need not be picked."""

    stand: Stand
    status: Status
    word: Said
    picked: bool
    candidate: Candidate | None
    late: bool

    @property
    def lapses(self) -> bool:
        return self.candidate is not None and self.candidate.renewal


@dataclass(frozen=True)
class TilesPage:
    """All criteria by practice area, and what the picked ones would give; `scenario` is the saved one that they are picked for."""

    asked: Asked
    areas: tuple[tuple[Area, tuple[Choice, ...]], ...]
    picked: tuple[str, ...]
    outcome: Outcome
    headline: Said
    details: Said
    warnings: tuple[Said, ...]
    scenario: Scenario | None

    @property
    def score(self) -> Score:
        return self.outcome.score


def tiles(
    desk: Desk,
    level: str,
    by: date | None,
    picked: Collection[str],
    scenario: int | None = None,
) -> TilesPage:
    """What the picked criteria would give; `scenario` is the id of the one that they are picked for. Raises Invalid, NotFound."""
    kept = find(desk, scenario) if scenario else None
    found = asked(desk, level, by)
    result = outcome(found.question, picked)
    codes = frozenset(one.code for one in result.picked)
    return TilesPage(
        asked=found,
        areas=tuple(
            (area, tuple(_choice(found, stand, codes) for stand in stands)) for area, stands in found.seen.by_area
        ),
        picked=tuple(one.code for one in result.picked),
        outcome=result,
        headline=scoring.headline(result.score),
        details=details(result),
        warnings=warnings(result),
        scenario=kept,
    )


def _choice(found: Asked, stand: Stand, picked: Collection[str]) -> Choice:
    status = status_of(stand.state, stand.decision)
    candidate = found.question.by_code.get(stand.code)
    late = candidate is not None and candidate not in found.question.available
    return Choice(stand, status, STATUS_NAMES[status], stand.code in picked, candidate, late)
