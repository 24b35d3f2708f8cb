"""The council summary as data: what is decided, who must act, what to renew, what changed. Every figure is the report's own."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from app.rules.report.acting import ActorGroup, PartnerRequest, SummaryDecision
from app.rules.report.matrix import SummaryArea, TileState
from app.rules.report.renewing import RenewalDay, RenewalDocument, RenewalYear, SummaryRisk, draw_renewals

MOST_SHEETS = 8
"""What a council reads before a meeting."""


@dataclass(frozen=True)
class SummaryOutcome:
    """What the city reports of its results in one sentence, and what a reader must know of it."""

    sentence: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class SummaryChange:
    """What is new since something earlier: `since` names it, `lines` say what, and are never empty. `brief` is the same for the first page.

    `is_first`: there is nothing earlier.
    """

    since: str
    lines: tuple[str, ...]
    brief: str = ""
    is_first: bool = False


@dataclass(frozen=True)
class SummaryTerm:
    term: str
    meaning: str


@dataclass(frozen=True)
class ReportSummary:
    """What the council summary has beyond the figures of the report.

    `certifiable` answers whether the city can be certified as it stands. `results` are both results, as (name, figure, level).
    `expired` are the documents out of date already; `later` says what expires after the twelve months that `months` names.
    """

    certifiable: str
    matrix: tuple[SummaryArea, ...]
    results: tuple[tuple[str, str, str], ...]
    risk: SummaryRisk
    decisions: tuple[SummaryDecision, ...]
    wait: str
    groups: tuple[ActorGroup, ...]
    partners: tuple[PartnerRequest, ...]
    expired: tuple[RenewalDocument, ...]
    renewals: tuple[RenewalDay, ...]
    later: str
    unknown: str
    months: tuple[str, ...]
    outcomes: tuple[SummaryOutcome, ...]
    changes: tuple[SummaryChange, ...]
    terms: tuple[SummaryTerm, ...]
    contact: tuple[str, ...]
    checking: str

    @property
    def first_changes(self) -> tuple[SummaryChange, ...]:
        """Those for the first page: since the last report, and since what came before where there is anything."""
        report, *others = self.changes
        return (report, *[change for change in others if not change.is_first])

    @property
    def core_codes(self) -> frozenset[str]:
        return frozenset(tile.code for area in self.matrix for tile in area.tiles if tile.core)

    def renewal_year(self, width: float = 700) -> RenewalYear:
        return draw_renewals(self.months, self.renewals, self.core_codes, width)

    def renewal_halves(self, width: float) -> tuple[RenewalYear, RenewalYear]:
        """The time line in two, for where twelve months side by side are too narrow for a code."""
        half = len(self.months) // 2
        first = draw_renewals(self.months[:half], self.renewals, self.core_codes, width)
        return first, draw_renewals(self.months[half:], self.renewals, self.core_codes, width, first_month=half)

    @property
    def missing(self) -> int:
        return sum(len(group.tasks) for group in self.groups)

    @property
    def legend(self) -> tuple[tuple[TileState, str, int], ...]:
        """The states that occur, in order, each with its word and how many criteria are in it."""
        tiles = [tile for area in self.matrix for tile in area.tiles]
        names = {tile.state: tile.name for tile in tiles}
        counts = Counter(tile.state for tile in tiles)
        return tuple((state, names[state], counts[state]) for state in TileState if state in names)


def changed_codes(before: dict[str, str], now: dict[str, str], status: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The criteria that have come to this status and those that have left it, from their statuses then and now by code."""
    came = tuple(code for code, is_now in now.items() if is_now == status and before.get(code, status) != status)
    left = tuple(code for code, is_now in now.items() if is_now != status and before.get(code) == status)
    return came, left


def pick_terms(texts: Collection[str], forms: Sequence[tuple[str, ...]]) -> tuple[int, ...]:
    """Places of the glossary's entries whose words stand in the texts."""
    words = " ".join(texts).casefold()
    return tuple(place for place, spelled in enumerate(forms) if any(form.casefold() in words for form in spelled))
