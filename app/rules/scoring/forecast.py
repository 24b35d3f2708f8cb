"""What the score would be on a day: verdicts stay as they are, and met criteria whose evidence has lapsed by then do not count.

Lapsed evidence never changes a verdict. It marks the criterion as at risk, and lowers nothing but a forecast that says so.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.rules.criteria.edition import Edition
from app.rules.message import Message, NamedCriteria, counted, say
from app.rules.scoring.score import RANGE_PHRASES, Score, compute_score, fewest_for

Risks = Mapping[str, date]
"""By criterion code, the first day on which lapsed evidence puts it at risk; codes that nothing threatens are left out."""


def criteria_at_risk(met: Collection[str], risks: Risks, day: date) -> frozenset[str]:
    """The met criteria whose evidence has lapsed by `day`."""
    return frozenset(code for code in met if code in risks and risks[code] <= day)


def forecast_score(edition: Edition, met: Collection[str], risks: Risks, day: date) -> Score:
    """The score of the criteria that are met and not at risk on `day`."""
    return compute_score(edition, set(met) - criteria_at_risk(met, risks, day))


@dataclass(frozen=True)
class Lapse:
    """A day on which met criteria become at risk, and what that does to the score: `criteria_at_risk` are all those at risk by then, and
    `drops` says that a level is lost.
    """

    day: date
    codes: tuple[str, ...]
    at_risk: frozenset[str]
    before: Score
    after: Score
    drops: bool


def list_lapses(edition: Edition, met: Collection[str], risks: Risks, today: date) -> tuple[Lapse, ...]:
    """The days after today on which met criteria become at risk, in order. What is at risk already is in the first `before`."""
    days = sorted({risks[code] for code in met if code in risks and risks[code] > today})
    lapses: list[Lapse] = []
    before = forecast_score(edition, met, risks, today)
    for day in days:
        after = forecast_score(edition, met, risks, day)
        codes = tuple(code for code in edition.criteria if code in met and risks.get(code) == day)
        drops = _criteria_needed(edition, after.level) < _criteria_needed(edition, before.level)
        lapses.append(Lapse(day, codes, criteria_at_risk(met, risks, day), before, after, drops))
        before = after
    return tuple(lapses)


def renewals_to_keep(edition: Edition, lapse: Lapse, documents: Mapping[str, frozenset[int]]) -> frozenset[int]:
    """Ids of documents whose renewal keeps the result of the day before: those of core criteria, then of the criteria that need
    fewest, until the count is reached. `documents` are the lapsed ones of each criterion at risk.
    """
    core = [code for code in lapse.after.core_open if code in lapse.at_risk]
    others = sorted((code for code in lapse.at_risk if code not in core), key=lambda code: (len(documents[code]), code))
    short = max(_criteria_needed(edition, lapse.before.level_by_count) - lapse.after.met - len(core), 0)
    return frozenset().union(*(documents[code] for code in [*core, *others[:short]]))


def _criteria_needed(edition: Edition, level_id: str) -> int:
    """How many criteria the level takes; 0 for no level."""
    return next((fewest_for(level, edition.total) for level in edition.levels if level.id == level_id), 0)


def score_name(result: Score) -> Message:
    """What a result is called in the middle of a sentence."""
    return say("not certifiable") if result.core_open else RANGE_PHRASES[result.level_by_count]


def drop_in_words(lapse: Lapse, documents: int) -> Message:
    """What happens to the estimate if nothing is renewed; `documents` is how many renewals would keep it."""
    return counted(
        "If nothing is renewed: on %(day)s your estimate falls from %(before)s to %(after)s, because evidence for %(codes)s is too old "
        "then. Renewing %(count)s document keeps it.",
        "If nothing is renewed: on %(day)s your estimate falls from %(before)s to %(after)s, because evidence for %(codes)s is too old "
        "then. Renewing %(count)s documents keeps it.",
        documents,
        day=lapse.day,
        before=score_name(lapse.before),
        after=score_name(lapse.after),
        codes=NamedCriteria(lapse.before.edition, lapse.codes),
    )


def lapses_until(lapses: Sequence[Lapse], end: date) -> tuple[tuple[Lapse, ...], int]:
    """The lapses up to a day, and how many come after it."""
    near = tuple(lapse for lapse in lapses if lapse.day <= end)
    return near, len(lapses) - len(near)


def explain_outlook(at_risk: NamedCriteria, drop: Message | None, *, has_level: bool) -> tuple[Message, ...]:
    """What time does to the result, in sentences. That no level is lost is said only where nothing met is out of date."""
    if not at_risk.codes:
        return (drop or (NO_LEVEL_LOST if has_level else NO_LEVEL_YET),)
    aged = counted(
        "%(count)s criterion is met, but its evidence is out of date: %(codes)s.",
        "%(count)s criteria are met, but their evidence is out of date: %(codes)s.",
        len(at_risk.codes),
        codes=at_risk,
    )
    return (aged, drop) if drop else (aged,)


NO_LEVEL_LOST = say("By the dates that are known, no level is lost if nothing is renewed.")


NO_LEVEL_YET = say("No level is reached yet, so none can be lost.")


NO_AWARD_MEANT = say("This says nothing about a certification that your city holds.")
"""Goes with every forecast: awards are the program's."""
