"""The two results of a day, always told together: what our reviews found, and what of it is still fresh.

A verdict is about the day on which it was given. What it judged grows old, so a result by verdicts alone would be told as true long
after it was. Source: the app's own duty never to say what was true on another day as if it were true today.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.rules.criteria.edition import Edition
from app.rules.message import Message, NamedCriteria, counted, say
from app.rules.scoring.begun import BegunAssessment, begun_details
from app.rules.scoring.forecast import Risks, criteria_at_risk
from app.rules.scoring.score import (
    NO_LEVEL,
    Score,
    compute_score,
    explain_core,
    explain_count,
    explain_distance,
    range_reached,
)


class CoreState(StrEnum):
    """How a core criterion stands on a day."""

    MET = "met"
    OUT_OF_DATE = "out_of_date"
    NOT_MET = "not_met"


CORE_STATE_NAMES: dict[CoreState, Message] = {
    CoreState.MET: say("Met (our own review)"),
    CoreState.OUT_OF_DATE: say("Met, but now out of date"),
    CoreState.NOT_MET: say("Not met yet"),
}


@dataclass(frozen=True)
class ResultLine:
    """One of the two results as every page and paper shows it: `met` of `total`, what that is called, and whether it is the lower one."""

    name: Message
    met: int
    total: int
    level: Message
    is_aged: bool


@dataclass(frozen=True)
class TwoResults:
    """Both results of `day`: `reviewed` by the verdicts, `fresh` without the met criteria whose evidence is out of date by then.

    `out_of_date` are those criteria, in the edition's order. `is_today` says whether the reader lives on that day. `self_decided` are
    the met criteria that were decided by the person who answered. `begun` where the assessment has just begun and nothing is decided in it.
    """

    day: date
    reviewed: Score
    fresh: Score
    out_of_date: tuple[str, ...]
    is_today: bool = True
    self_decided: tuple[str, ...] = ()
    renewed: tuple[str, ...] = ()
    begun: BegunAssessment | None = None

    @property
    def differ(self) -> bool:
        """Whether anything that was met is out of date on the day."""
        return bool(self.out_of_date)

    @property
    def level_differs(self) -> bool:
        """Whether what could be certified is another on the day than by the verdicts."""
        return self.reviewed.level != self.fresh.level

    @property
    def core_out_of_date(self) -> tuple[str, ...]:
        """The core criteria that are met and out of date."""
        return tuple(code for code in self.reviewed.core_required if code in self.out_of_date)

    def core_state(self, code: str) -> CoreState:
        """How a core criterion of the edition stands."""
        if code in self.reviewed.core_open:
            return CoreState.NOT_MET
        return CoreState.OUT_OF_DATE if code in self.out_of_date else CoreState.MET

    @property
    def core_check(self) -> CoreState:
        """The worst state among the core criteria; met where the edition has none."""
        return worst_core_state(self.core_state(code) for code in self.reviewed.core_required)

    @property
    def core_is_enough(self) -> bool:
        """Whether renewing the core criteria alone would bring a level back; each is one point."""
        lacking = self.fresh.needed_for_next if self.fresh.level_by_count == NO_LEVEL else 0
        return lacking <= len(self.core_out_of_date)

    @property
    def waits_for_renewal(self) -> bool:
        """Whether anything is out of date of which nobody has handed in newer evidence."""
        return not set(self.out_of_date) <= set(self.renewed)

    @property
    def core_is_renewed(self) -> bool:
        """Whether nothing but our own review of newer evidence stands between the core criteria and being fresh again."""
        aged = self.core_out_of_date
        return bool(aged) and not self.reviewed.core_open and set(aged) <= set(self.renewed)

    @property
    def lines(self) -> tuple[ResultLine, ResultLine]:
        """By the verdicts, then what of it is still fresh; of an assessment that has just begun, the last result and then its own."""
        if self.begun:
            return _begun_lines(self.begun, self.reviewed)
        fresh_name = say("Still fresh today") if self.is_today else say("Still fresh on %(day)s", day=self.day)
        return (
            _result_line(say("By our reviews"), self.reviewed, is_aged=False),
            _result_line(fresh_name, self.fresh, is_aged=self.differ, is_renewed=self.core_is_renewed),
        )

    @property
    def tone(self) -> str:
        """How the head of a page looks: `hold` where a level waits for a core criterion, `aging` where evidence is out of date and
        changes the level, else `plain`. Someone who has just begun is not alarmed.
        """
        if self.reviewed.held_by_core:
            return "hold"
        return "aging" if self.level_differs else "plain"


def worst_core_state(states: Iterable[CoreState]) -> CoreState:
    """The one that decides: not met, else out of date, else met."""
    return max(states, key=list(CoreState).index, default=CoreState.MET)


def _result_line(name: Message, result: Score, *, is_aged: bool, is_renewed: bool = False) -> ResultLine:
    level = (
        say("newer evidence waits for our own review") if is_renewed and result.held_by_core else range_reached(result)
    )
    return ResultLine(name, result.met, result.total, level, is_aged)


def _begun_lines(begun: BegunAssessment, now: Score) -> tuple[ResultLine, ResultLine]:
    last = _result_line(say("%(assessment)s, at its end", assessment=begun.previous), begun.last, is_aged=False)
    so_far = say("%(assessment)s so far", assessment=begun.name)
    return last, ResultLine(so_far, now.met, now.total, say("not reviewed yet"), is_aged=False)


def compute_results(
    edition: Edition,
    met: Collection[str],
    risks: Risks,
    day: date,
    *,
    is_today: bool = True,
    self_decided: Collection[str] = (),
    renewed: Collection[str] = (),
    begun: BegunAssessment | None = None,
) -> TwoResults:
    """Both results on `day` from the codes that a reviewer found met and the first days on which their evidence is out of date.

    `self_decided` are the codes decided by the person who answered, `renewed` those whose newer evidence nobody has looked at.
    """
    lapsed = criteria_at_risk(met, risks, day)
    return TwoResults(
        day,
        compute_score(edition, met),
        compute_score(edition, set(met) - lapsed),
        tuple(code for code in edition.criteria if code in lapsed),
        is_today,
        tuple(code for code in edition.criteria if code in met and code in self_decided),
        tuple(code for code in edition.criteria if code in lapsed and code in renewed),
        begun,
    )


def results_details(results: TwoResults) -> Message:
    """What follows the headline: how many are met and still fresh, the core check, the distance."""
    if results.begun:
        return begun_details(results.begun)
    return say(
        "%(count)s %(core)s %(distance)s",
        count=count_in_words(results),
        core=core_in_words(results),
        distance=distance_in_words(results),
    )


def distance_in_words(results: TwoResults) -> Message:
    """How far the next level is by the verdicts; what is out of date comes first, since nothing builds on it."""
    distance = explain_distance(results.reviewed)
    if not results.waits_for_renewal:
        return distance
    return say("Renew first what is out of date. %(distance)s", distance=distance)


def count_in_words(results: TwoResults) -> Message:
    """How many criteria are met, and how many of them are still fresh where some are not."""
    count = explain_self_decided(explain_count(results.reviewed), len(results.self_decided))
    if not results.differ:
        return count
    return say(
        "%(count)s Still fresh on %(day)s: %(fresh)s of %(total)s; out of date: %(codes)s.",
        count=count,
        day=results.day,
        fresh=results.fresh.met,
        total=results.fresh.total,
        codes=NamedCriteria(results.reviewed.edition, results.out_of_date),
    )


def explain_self_decided(count: Message, self_decided: int) -> Message:
    """The count, and how many of the criteria in it were decided by the person who answered: they count, and are marked."""
    if not self_decided:
        return count
    return counted(
        "%(count_in_words)s %(count)s of them was decided by the person who answered.",
        "%(count_in_words)s %(count)s of them were decided by the person who answered.",
        self_decided,
        count_in_words=count,
    )


def core_in_words(results: TwoResults) -> Message:
    """Whether every core criterion is met and fresh, and which are not."""
    if results.begun:
        return say("Not reviewed yet in this assessment.")
    aged = results.core_out_of_date
    if not aged:
        return explain_core(results.reviewed)
    said = counted(
        "Core criterion met, but out of date: %(codes)s.",
        "Core criteria met, but out of date: %(codes)s.",
        len(aged),
        codes=NamedCriteria(results.reviewed.edition, aged),
    )
    return (
        say("%(open)s %(aged)s", open=explain_core(results.reviewed), aged=said) if results.reviewed.core_open else said
    )
