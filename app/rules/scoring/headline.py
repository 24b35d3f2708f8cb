"""Where the city stands on a day in a few words: the one sentence over every page and paper."""

from app.rules.message import Message, NamedCriteria, counted, say
from app.rules.scoring.begun import begun_headline
from app.rules.scoring.results import TwoResults
from app.rules.scoring.score import LEVEL_NAMES, score_headline


def results_headline(results: TwoResults) -> Message:
    """Where the city stands in a few words; where the two results differ, both, and what to renew."""
    if results.begun:
        return begun_headline(results.begun)
    head = score_headline(results.reviewed)
    if not results.differ:
        return head
    if results.core_out_of_date and not results.reviewed.core_open:
        return _core_out_of_date(results, head)
    if results.level_differs:
        return _level_out_of_date(results)
    return counted(
        "%(head)s. %(when)s, %(count)s criterion that is met is out of date; the range stays the same",
        "%(head)s. %(when)s, %(count)s criteria that are met are out of date; the range stays the same",
        len(results.out_of_date),
        head=head,
        when=_when(results),
    )


def _core_out_of_date(results: TwoResults, head: Message) -> Message:
    by_reviews = head
    if results.reviewed.certifiable:
        by_reviews = say("By our reviews: %(range)s", range=LEVEL_NAMES[results.reviewed.level_by_count])
        if not results.core_is_enough:
            return _more_than_core(results, by_reviews)
    if results.core_is_renewed:
        return counted(
            "%(reviewed)s. %(codes)s is renewed: the newer evidence waits for our own review",
            "%(reviewed)s. %(codes)s are renewed: the newer evidence waits for our own review",
            len(results.core_out_of_date),
            reviewed=by_reviews,
            codes=NamedCriteria(results.reviewed.edition, results.core_out_of_date),
        )
    return counted(
        "%(reviewed)s. %(when)s, %(codes)s is out of date, so as it stands: not certifiable until it is renewed",
        "%(reviewed)s. %(when)s, %(codes)s are out of date, so as it stands: not certifiable until they are renewed",
        len(results.core_out_of_date),
        reviewed=by_reviews,
        when=_when(results),
        codes=NamedCriteria(results.reviewed.edition, results.core_out_of_date),
    )


def _more_than_core(results: TwoResults, by_reviews: Message) -> Message:
    """Where renewing the core criteria alone brings no level back, all that is out of date is said."""
    return say(
        "%(reviewed)s. %(when)s, %(count)s criteria are out of date, %(codes)s among them, so as it stands: %(fresh)s until they are renewed",
        reviewed=by_reviews,
        count=len(results.out_of_date),
        when=_when(results),
        codes=NamedCriteria(results.reviewed.edition, results.core_out_of_date),
        fresh=LEVEL_NAMES[results.fresh.level_by_count],
    )


def _level_out_of_date(results: TwoResults) -> Message:
    return counted(
        "By our reviews: %(reviewed)s. %(when)s, %(count)s criterion is out of date, so as it stands: %(fresh)s until it is renewed",
        "By our reviews: %(reviewed)s. %(when)s, %(count)s criteria are out of date, so as it stands: %(fresh)s until they are renewed",
        len(results.out_of_date),
        reviewed=LEVEL_NAMES[results.reviewed.level_by_count],
        when=_when(results),
        fresh=LEVEL_NAMES[results.fresh.level_by_count],
    )


def _when(results: TwoResults) -> Message:
    return say("Today") if results.is_today else say("On %(day)s", day=results.day)
