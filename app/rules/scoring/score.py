"""The score: one point per criterion that a reviewer found met, levels by share of all criteria, and the core check.

Source of the thresholds and of the core list: the edition's own files. Only integers are compared
(`met * 100 >= percent * total`), so no rounding question can arise; 29 of 43 is 67.44 % and Silver, because 68 % begins at 30.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum

from app.rules.criteria.edition import Edition, Level
from app.rules.criteria.prerequisites import codes_that_count
from app.rules.message import Message, NamedCriteria, counted, say

NO_LEVEL = "none"

LEVEL_NAMES = {
    NO_LEVEL: say("below the Silver range"),
    "silver": say("Silver range"),
    "gold": say("Gold range"),
    "platinum": say("Platinum range"),
}
"""Always a range: only the program gives a level."""

RANGE_PHRASES = {
    NO_LEVEL: say("below the Silver range"),
    "silver": say("the Silver range"),
    "gold": say("the Gold range"),
    "platinum": say("the Platinum range"),
}
"""The same in the middle of a sentence."""


class VerdictKind(StrEnum):
    """What a verdict says. `changes asked` sends the response back and earns nothing."""

    MET = "met"
    NOT_MET = "not_met"
    CHANGES_ASKED = "changes_asked"


VERDICT_NAMES: dict[VerdictKind, Message] = {
    VerdictKind.MET: say("Met"),
    VerdictKind.NOT_MET: say("Not met"),
    VerdictKind.CHANGES_ASKED: say("Changes requested"),
}

REVIEWED_NAMES: dict[VerdictKind, Message] = {**VERDICT_NAMES, VerdictKind.MET: say("Met (our own review)")}
"""Beside what a department says of itself, where it must be plain who found it met."""

VERDICT_HEADINGS: dict[VerdictKind, Message] = {
    **VERDICT_NAMES,
    VerdictKind.MET: say("Verdict: met"),
    VerdictKind.NOT_MET: say("Verdict: not met"),
}


class SelfRating(StrEnum):
    """The department's own rating; it never counts as met."""

    MET = "met"
    NOT_MET = "not_met"


RATING_NAMES: dict[SelfRating | None, Message] = {
    SelfRating.MET: say("met"),
    SelfRating.NOT_MET: say("not met"),
    None: say("not given"),
}

RATING_CLAIMS: dict[SelfRating, Message] = {
    SelfRating.MET: say("Department says: met"),
    SelfRating.NOT_MET: say("Department says: not met"),
}
"""Where the rating stands beside a verdict."""


def percent_of(met: int, total: int) -> Decimal:
    """Share of `total` (> 0) in percent with two decimals, for showing; never for comparing."""
    return (Decimal(met) * 100 / Decimal(total)).quantize(Decimal("0.01"), rounding=ROUND_HALF_EVEN)


def fewest_for(level: Level, total: int) -> int:
    """The smallest number of criteria met, 0..total, that reaches the level."""
    return -(-level.percent * total // 100)


def level_by_count(met: int, total: int, levels: Collection[Level]) -> str:
    """The id of the highest level that `met` of `total` reaches, or `none`."""
    reached = [level for level in levels if met * 100 >= level.percent * total]
    return max(reached, key=lambda level: level.percent).id if reached else NO_LEVEL


def next_level(met: int, total: int, levels: Collection[Level]) -> Level | None:
    """The lowest level not yet reached by count, or None at the top."""
    ahead = [level for level in levels if met * 100 < level.percent * total]
    return min(ahead, key=lambda level: level.percent, default=None)


@dataclass(frozen=True)
class Score:
    """The result, always in two parts: the level by count, and the core check.

    `level` is what could be certified: `none` while a core criterion is open. `needed_for_next` counts criteria still to be met.
    `met` are those that count; `blocked` are met too, but wait for a prerequisite in an edition where that blocks.
    """

    edition: str
    total: int
    met: int
    percent: Decimal
    level_by_count: str
    core_required: tuple[str, ...]
    core_open: tuple[str, ...]
    level: str
    next_level: str | None
    needed_for_next: int
    blocked: tuple[str, ...]

    @property
    def certifiable(self) -> bool:
        """Whether the core check stands and a level is reached; still only the city's own estimate."""
        return not self.core_open and self.level_by_count != NO_LEVEL

    @property
    def held_by_core(self) -> bool:
        """Whether a level is reached by count and nothing but an open core criterion keeps it from being certified."""
        return bool(self.core_open) and self.level_by_count != NO_LEVEL

    @property
    def core_holds(self) -> bool:
        return not self.core_open


def compute_score(edition: Edition, met_codes: Collection[str]) -> Score:
    """Score the codes that a reviewer found met. Codes outside the edition raise ValueError: nothing is skipped silently."""
    unknown = set(met_codes) - set(edition.criteria)
    if unknown:
        raise ValueError(f"not in {edition.id}: {', '.join(sorted(unknown))}")
    counted_codes = codes_that_count(edition, met_codes)
    met = len(counted_codes)
    by_count = level_by_count(met, edition.total, edition.levels)
    required = edition.core.criteria if edition.core.required else ()
    still_open = tuple(code for code in required if code not in counted_codes)
    ahead = next_level(met, edition.total, edition.levels)
    return Score(
        edition=edition.id,
        total=edition.total,
        met=met,
        percent=percent_of(met, edition.total),
        level_by_count=by_count,
        core_required=required,
        core_open=still_open,
        level=NO_LEVEL if still_open else by_count,
        next_level=ahead.id if ahead else None,
        needed_for_next=fewest_for(ahead, edition.total) - met if ahead else 0,
        blocked=tuple(code for code in edition.criteria if code in met_codes and code not in counted_codes),
    )


def score_headline(result: Score) -> Message:
    """The estimate in a few words: `Estimated: Silver range`.

    Where the count reaches a level, an open core criterion comes first; below that it is one thing among many that are open.
    """
    if result.held_by_core:
        return say("Not certifiable yet: by count in %(level)s", level=RANGE_PHRASES[result.level_by_count])
    if result.met == 0:
        return say("No criterion is met yet")
    return say("Estimated: %(level)s", level=LEVEL_NAMES[result.level_by_count])


def range_reached(result: Score) -> Message:
    """The range by count, or that nothing can be certified where it is reached with a core criterion open."""
    if result.held_by_core:
        return say("not certifiable")
    return LEVEL_NAMES[result.level_by_count]


def explain_score(result: Score) -> Message:
    """The one sentence that answers "where do we stand": level, count, core check, distance."""
    return say("%(headline)s. %(details)s", headline=score_headline(result), details=score_details(result))


def score_details(result: Score) -> Message:
    """What follows the headline: count, core check, distance."""
    return say(
        "%(count)s %(core)s %(distance)s",
        count=explain_count(result),
        core=explain_core(result),
        distance=explain_distance(result),
    )


def explain_count(result: Score) -> Message:
    """How many criteria count, and which are met but blocked."""
    return add_blocked(
        say("Our own review found %(met)s of %(total)s criteria met.", met=result.met, total=result.total), result
    )


def add_blocked(said: Message, result: Score) -> Message:
    """What was said, and after it how many more are met and wait for a prerequisite, where there are any."""
    if not result.blocked:
        return said
    return counted(
        "%(counted)s %(count)s more is met, but waits for a prerequisite: %(codes)s.",
        "%(counted)s %(count)s more are met, but wait for a prerequisite: %(codes)s.",
        len(result.blocked),
        counted=said,
        codes=NamedCriteria(result.edition, result.blocked),
    )


def explain_core(result: Score) -> Message:
    """Whether every core criterion is met, and which are not. Where no headline says so, what that means."""
    if not result.core_required:
        return say("This edition has no core criteria.")
    if not result.core_open:
        return say("All core criteria are met.")
    if result.level_by_count == NO_LEVEL:
        return counted(
            "Not certifiable yet: core criterion %(codes)s is still open.",
            "Not certifiable yet: core criteria %(codes)s are still open.",
            len(result.core_open),
            codes=NamedCriteria(result.edition, result.core_open),
        )
    return counted(
        "Core criterion still open: %(codes)s.",
        "Core criteria still open: %(codes)s.",
        len(result.core_open),
        codes=NamedCriteria(result.edition, result.core_open),
    )


def explain_distance(result: Score) -> Message:
    """How many more criteria the next level takes by count."""
    if result.next_level is None:
        return say("This is the highest level.")
    return counted(
        "%(count)s more criterion for %(level)s.",
        "%(count)s more criteria for %(level)s.",
        result.needed_for_next,
        level=RANGE_PHRASES[result.next_level],
    )


@dataclass(frozen=True)
class Standing:
    """Three figures that are always shown apart.

    `verified`: a reviewer decided met. `claimed`: the department says met, reviewed or not. `possible`: everything
    not decided as not met, which is the most that this cycle could still give. Each is 0..total.
    """

    verified: int
    claimed: int
    possible: int
    total: int


def compute_standing(
    edition: Edition, verdicts: Mapping[str, VerdictKind], ratings: Mapping[str, SelfRating]
) -> Standing:
    """The three figures from the latest verdicts and the self-ratings, both by criterion code."""
    return Standing(
        verified=sum(decision is VerdictKind.MET for decision in verdicts.values()),
        claimed=sum(rating is SelfRating.MET for rating in ratings.values()),
        possible=edition.total - sum(decision is VerdictKind.NOT_MET for decision in verdicts.values()),
        total=edition.total,
    )


def met_codes(verdicts: Mapping[str, VerdictKind]) -> frozenset[str]:
    """The codes whose latest verdict is met."""
    return frozenset(code for code, decision in verdicts.items() if decision is VerdictKind.MET)
