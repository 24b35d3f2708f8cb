"""The plain answers on the first page of the council summary: can the city be certified, and what is its biggest risk."""

from datetime import date

from app.rules.message import Message, NamedCriteria, counted, say
from app.rules.scoring.forecast import Lapse
from app.rules.scoring.results import TwoResults
from app.rules.scoring.score import NO_LEVEL, RANGE_PHRASES, add_blocked


def answer_certifiable(results: TwoResults) -> Message:
    """Whether anything that we know stands against a certification; never that there will be one, which only the program says.

    In an edition that blocks it also says which criteria are met and wait for a prerequisite.
    """
    return add_blocked(_answer_by_count(results), results.reviewed)


def _answer_by_count(results: TwoResults) -> Message:
    if results.reviewed.core_open:
        return counted(
            "Not yet. Core criterion still open: %(codes)s. Without it no level is given, whatever the count.",
            "Not yet. Core criteria still open: %(codes)s. Without them no level is given, whatever the count.",
            len(results.reviewed.core_open),
            codes=NamedCriteria(results.reviewed.edition, results.reviewed.core_open),
        )
    if results.core_out_of_date:
        return _core_aged(results)
    if results.fresh.level == NO_LEVEL:
        return say(
            "Not yet. %(fresh)s criteria are met and still fresh; %(needed)s more reach %(level)s.",
            fresh=results.fresh.met,
            needed=results.fresh.needed_for_next,
            level=RANGE_PHRASES[results.fresh.next_level or NO_LEVEL],
        )
    return say(
        "Nothing that we know stands against it: every core criterion is met and still fresh, and the count is in %(level)s. "
        "Only the program grants certification.",
        level=RANGE_PHRASES[results.fresh.level],
    )


def _core_aged(results: TwoResults) -> Message:
    aged = results.core_out_of_date
    if results.core_is_renewed:
        return say(
            "Not as it stands. Newer evidence for %(codes)s is here and waits for our own review.",
            codes=NamedCriteria(results.reviewed.edition, aged),
        )
    return counted(
        "Not as it stands. Core criterion met, but out of date: %(codes)s. Until it is renewed no level is given.",
        "Not as it stands. Core criteria met, but out of date: %(codes)s. Until they are renewed no level is given.",
        len(aged),
        codes=NamedCriteria(results.reviewed.edition, aged),
    )


def name_risk(
    results: TwoResults, next_drop: Message | None, first_lapse: Lapse | None, due_on: date | None
) -> Message:
    """The biggest risk on the day: what holds the level back already, else the next day on which it falls, else the first to expire."""
    now = _risk_now(results)
    if now and next_drop:
        return say("%(now)s %(then)s", now=now, then=next_drop)
    worst = now or next_drop
    if worst:
        return worst
    if results.fresh.level_by_count == NO_LEVEL:
        return _risk_of_time(due_on)
    if first_lapse:
        return say(
            "The first evidence expires on %(day)s, for %(codes)s; the range stays the same.",
            day=first_lapse.day,
            codes=NamedCriteria(first_lapse.before.edition, first_lapse.codes),
        )
    return say("Nothing that counts today has evidence with a known end.")


def _risk_of_time(due_on: date | None) -> Message:
    if due_on is None:
        return say("No level is reached yet, so none can be lost. The self-assessment has no date by which it is due.")
    return say("No level is reached yet, so none can be lost. The risk is time: all is due on %(day)s.", day=due_on)


def _risk_now(results: TwoResults) -> Message | None:
    if results.reviewed.held_by_core:
        return say(
            "On %(day)s no level is given, because a core criterion is open: %(codes)s.",
            day=results.day,
            codes=NamedCriteria(results.reviewed.edition, results.reviewed.core_open),
        )
    if results.core_out_of_date or results.level_differs:
        return say(
            "On %(day)s the result is already lower than by our reviews, because evidence is out of date for %(codes)s.",
            day=results.day,
            codes=NamedCriteria(results.reviewed.edition, results.out_of_date),
        )
    return None
