"""The council summary as data: what is decided, who must act, what to renew, what changed. Every figure is the report's own."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import accumulate

from app.rules.report.acting import ActorGroup, PartnerRequest, SummaryDecision
from app.rules.report.matrix import SummaryArea, TileState
from app.rules.report.printed_lines import count_lines
from app.rules.report.renewing import RenewalDay, RenewalDocument, RenewalYear, SummaryRisk, draw_renewals

MOST_SHEETS = 8
"""What a council reads before a meeting."""


@dataclass(frozen=True)
class SummaryOutcome:
    """What the city reports of its results in one sentence, and what a reader must know of it.

    `told` is the part of each note that the city wrote, or empty; `language` is that of these, empty for that of most texts.
    """

    sentence: str
    notes: tuple[str, ...]
    told: tuple[str, ...] = ()
    language: str = ""

    @property
    def split_notes(self) -> tuple[tuple[str, str, str], ...]:
        """Each note as what stands before the city's words, these words, and what stands after them."""
        told = self.told or ("",) * len(self.notes)
        pairs = zip(self.notes, told, strict=True)
        return tuple(note.rpartition(words) if words else (note, "", "") for note, words in pairs)


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
class TextSetting:
    """How a kind of text is set on the first page: the width of its lines as a multiple of its size, the points of a line and of a gap."""

    width: float
    line: float
    gap: float

    def measure(self, text: str) -> float:
        """The points that the text takes as a paragraph, nothing without one."""
        return count_lines(text, self.width) * self.line + self.gap if text else 0


FIRST_PAGE_POINTS = 435.5
"""What the lower of both papers has for estimate, facts and decisions beside head, results and code."""
HEADLINE, FACT = TextSetting(27, 19.2, 0), TextSetting(34.2, 13.3, 2.6)
DECISION, ASIDE = TextSetting(36.2, 12.0, 1.2), TextSetting(38, 11.9, 2.6)
AWARD_POINTS, ILLUSTRATIVE_POINTS, WITHHELD_POINTS, HIGH_HEAD_POINTS = 26.0, 26.0, 15.0, 20.0


@dataclass(frozen=True)
class ReportSummary:
    """What the council summary has beyond the figures of the report.

    `certifiable` answers whether the city can be certified as it stands. `results` are both results, as (name, figure, level).
    `partners` are the open requests to outside organizations; `partners_said` counts these where the reader may not know which.
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
    partners_said: str = ""

    @property
    def first_changes(self) -> tuple[SummaryChange, ...]:
        """Those for the first page: since the last report, and since what came before where there is anything."""
        report, *others = self.changes
        return (report, *[change for change in others if not change.is_first])

    @property
    def shared_unlock(self) -> str:
        """What each decision unlocks, where it is the same of several: to be said once."""
        unlocked = [decision.unlocks for decision in self.decisions]
        return unlocked[0] if len(unlocked) > 1 and len(set(unlocked)) == 1 else ""

    def count_first_decisions(
        self, headline: str, *, has_award: bool, has_high_head: bool, illustrative: bool, is_withholding: bool
    ) -> int:
        """How many decisions have room on the first page under what is said before them, one line kept for where the others stand.

        `has_high_head` where an emblem or a long name makes lines of the head break.
        """
        renewed = "; ".join(f"“{line.title}” ({line.codes}; {line.owner})" for line in self.risk.documents[:3])
        changes = [f"{change.since}: {change.brief or ' '.join(change.lines)}" for change in self.first_changes]
        above = HEADLINE.measure(headline) + sum(
            map(FACT.measure, [self.certifiable, self.risk.text, renewed, *changes])
        )
        above += ASIDE.measure(self.shared_unlock) + AWARD_POINTS * has_award + WITHHELD_POINTS * is_withholding
        above += HIGH_HEAD_POINTS * has_high_head
        room = FIRST_PAGE_POINTS + ILLUSTRATIVE_POINTS * (not illustrative) - above
        taken = list(accumulate(DECISION.measure(self._first_text(decision)) for decision in self.decisions))
        if not taken or taken[-1] <= room:
            return len(taken)
        return sum(points + ASIDE.line <= room for points in taken)

    def _first_text(self, decision: SummaryDecision) -> str:
        unlocks = "" if self.shared_unlock else decision.unlocks
        return f"{decision.code} {decision.title}. {decision.kind}: {decision.text} {unlocks}"

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
