"""A report as data: everything that the PDF says, and nothing of how it looks."""

from dataclasses import dataclass

from app.rules import charts
from app.rules.report.annex import DepartmentAnnex
from app.rules.report.chapter import IndexEntry, ReportArea, ReportCriterion
from app.rules.report.foreword import ReportForeword
from app.rules.report.parts import ReportAudience
from app.rules.report.summary import ReportSummary, SummaryChange
from app.rules.scoring.results import CoreState, worst_core_state

REPORT_FORMAT = 2
"""Which form the data has: raised whenever a part of it is taken out or means something else."""


@dataclass(frozen=True)
class ReportCity:
    """`has_logo` says that the picture itself comes along as the asset `logo`; `color` is the city's own, empty for none."""

    name: str
    country: str
    has_logo: bool = False
    color: str = ""


@dataclass(frozen=True)
class ReportEdition:
    id: str
    label: str
    source: str


@dataclass(frozen=True)
class ReportOrigin:
    """Which report this is and how to check it: `history_number` and `history_hash` are the head of the city's history then.

    `made_on` is an ISO date, `made_on_text` the same date as people read it.
    """

    number: int
    made_on: str
    made_on_text: str
    verification_code: str
    verification_address: str
    history_number: int
    history_hash: str


@dataclass(frozen=True)
class ReportLevel:
    """A level of the edition: reached from `needed` criteria, which is `percent` of all, rounded up."""

    title: str
    needed: int
    percent: int


@dataclass(frozen=True)
class ReportFigures:
    """The three figures that are always shown apart, each 0..total; `met_percent` is text such as `55.81 %`."""

    met: int
    claimed: int
    possible: int
    total: int
    met_percent: str


@dataclass(frozen=True)
class LevelDistance:
    """How far the next level is: `needed` criteria more, 1 or above."""

    level: str
    needed: int
    percent: int


@dataclass(frozen=True)
class ReportCoreLine:
    """A core criterion with its state of the day, and that in words."""

    code: str
    title: str
    state: CoreState
    name: str


@dataclass(frozen=True)
class ReportGap:
    """A criterion not yet met. `why` is why it counts as a gap; `missing` names what would close it; `effort` is a word.

    `owner` is the office whose it is, empty where it is nobody's yet.
    """

    code: str
    title: str
    why: str
    missing: tuple[str, ...]
    core: bool
    effort: str
    owner: str = ""


@dataclass(frozen=True)
class ReportResult:
    """One of the two results: by the verdicts, or what of it is still fresh; `met` of `total`, and the level in words."""

    name: str
    met: int
    total: int
    level: str
    is_aged: bool


@dataclass(frozen=True)
class ReportDecision:
    """Something only leaders can decide, which an open criterion waits for: our suggestion."""

    code: str
    title: str
    kind: str
    text: str
    core: bool


@dataclass(frozen=True)
class ReportOutlook:
    """What time does to the result: the met criteria out of date on the day, and the sentences that say so and what comes next.

    `sentences` are never empty; they say that nothing is lost only where nothing is out of date.
    """

    at_risk: tuple[str, ...]
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class ReportStrength:
    code: str
    title: str
    text: str


@dataclass(frozen=True)
class ForecastLine:
    """A day on which something lapses: what, and what the result is then."""

    day: str
    codes: str
    then: str


@dataclass(frozen=True)
class ReportForecast:
    """`drops` are warnings, the next first; `at_risk` and `unknown` name met criteria, and may be empty.

    `later` says how much lapses after the last of `lines`, which end after twelve months.
    """

    drops: tuple[str, ...]
    lines: tuple[ForecastLine, ...]
    at_risk: str
    unknown: str
    later: str = ""


@dataclass(frozen=True)
class PlanStep:
    """A criterion of the plan; `begin` and `due` are empty where the plan has no date."""

    code: str
    title: str
    owner: str
    effort: str
    begin: str
    due: str


@dataclass(frozen=True)
class ReportPlan:
    """A scenario: `aim` such as `Gold by 1 March 2027`, `gives` what it would give, and its steps."""

    name: str
    aim: str
    gives: str
    steps: tuple[PlanStep, ...]


@dataclass(frozen=True)
class ReportAward:
    """What the programme announced for the city, as the city entered it: sentences, and the address of the announcement."""

    said: str
    source: str
    valid: str
    not_checked: str


@dataclass(frozen=True)
class ReportPage:
    """A whole report. `length` is `one-page` or `full`; `paper` is `Letter` or `A4`.

    `illustrative` marks a demo. `tone` is how the head looks (`TwoResults.tone`); where a core criterion is open or out of date it is
    said before any percentage. `still_fresh` counts the criteria met that are not out of date on the report's day.
    `headline` is the estimate in a few words, `answer` the sentence that explains it. `gaps` and `areas` are in order.
    `forecast` and `plan` are there where they were asked for.
    `results` are both results side by side, as the readiness page shows them; `decisions` what leaders alone can decide.
    `award` is what the programme announced, where the city entered it; `outcome` the sentences on the line beside count and core.
    `carried` says what became of answers from the assessment before, empty where none came along.
    `withheld` says how many pieces of evidence count and are not named to this audience.
    `changes` says what is new since the last report and the assessment before, in a full report. `format` is the number of this form of the data.
    `foreword` is what the mayor or manager says, in a council summary and a full report.
    `text_language` is that of what people wrote, the city's, where it is not the report's.
    `method` and `notice` are paragraphs. `characters_replaced` says that some text has signs that no font here can draw;
    `adapters.pdf.fonts` finds out.
    """

    city: ReportCity
    language: str
    length: str
    audience: ReportAudience
    audience_name: str
    is_draft: bool
    paper: str
    illustrative: bool
    assessment: str
    edition: ReportEdition
    origin: ReportOrigin
    headline: str
    answer: str
    level_by_count: str
    tone: str
    still_fresh: int
    core: tuple[ReportCoreLine, ...]
    figures: ReportFigures
    levels: tuple[ReportLevel, ...]
    distance: LevelDistance | None
    strengths: tuple[ReportStrength, ...]
    gaps: tuple[ReportGap, ...]
    areas: tuple[ReportArea, ...]
    index: tuple[IndexEntry, ...]
    method: tuple[str, ...]
    notice: tuple[str, ...]
    characters_replaced: bool = False
    text_language: str = ""
    carried: str = ""
    forecast: ReportForecast | None = None
    plan: ReportPlan | None = None
    award: ReportAward | None = None
    outcome: tuple[str, ...] = ()
    withheld: str = ""
    results: tuple[ReportResult, ...] = ()
    decisions: tuple[ReportDecision, ...] = ()
    outlook: ReportOutlook | None = None
    summary: ReportSummary | None = None
    annex: DepartmentAnnex | None = None
    changes: tuple[SummaryChange, ...] = ()
    foreword: ReportForeword | None = None
    format: int = REPORT_FORMAT

    @property
    def sentence(self) -> str:
        """What the report says, for lists of reports."""
        return f"{self.annex.department}. {self.annex.said}" if self.annex else f"{self.headline}. {self.answer}"

    @property
    def titles(self) -> dict[str, str]:
        """Of the criteria in this report, by code."""
        return {criterion.code: criterion.title for area in self.areas for criterion in area.criteria}

    @property
    def out_of_date(self) -> tuple[ReportCriterion, ...]:
        """The criteria that are met and whose evidence is out of date on the day of the report, the core ones first."""
        aged = (criterion for area in self.areas for criterion in area.criteria if criterion.out_of_date)
        return tuple(sorted(aged, key=lambda criterion: not criterion.core))

    @property
    def core_check(self) -> CoreState:
        """The worst state among the core criteria."""
        return worst_core_state(line.state for line in self.core)

    def gauge(self, width: float = 700) -> charts.LevelGauge:
        figures = (self.figures.met, self.figures.claimed, self.figures.possible)
        return charts.draw_gauge(
            figures, self.figures.total, [(mark.title, mark.needed) for mark in self.levels], width
        )

    def area_bars(self, width: float = 700) -> charts.AreaBars:
        return charts.draw_area_bars([(area.title, area.met, area.claimed, area.total) for area in self.areas], width)
