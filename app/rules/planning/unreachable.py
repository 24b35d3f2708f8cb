"""Why no set of criteria reaches a level by a date: the core, the count, what comes too late, and what waits for it."""

from collections.abc import Iterator

from app.rules.message import MOST_NAMED, Message, NamedCriteria, counted, say
from app.rules.planning.question import PlanningQuestion, add_days, open_needs
from app.rules.scoring.score import RANGE_PHRASES


def why_unreachable(question: PlanningQuestion) -> tuple[Message, ...]:
    """One sentence for each thing that stands in the way, for a question that everything available does not answer."""
    best = question.score_with([candidate.code for candidate in question.available])
    core = [_too_late_core(question, code) for code in best.core_open]
    count = [_too_few(question, best.met)] if best.met < question.needed else []
    return (*core, *count, *_too_late(question), *_explain_waits(question))


def _too_late_core(question: PlanningQuestion, code: str) -> Message:
    """A core criterion has its own date, or where it is met but blocked, that of the last one it waits for."""
    waits_for = [code] if code in question.by_code else open_needs(question.edition, question.met, code)
    days = max(question.by_code[need].finish_days for need in waits_for)
    return say(
        "Core criterion %(code)s cannot be done before %(date)s.",
        code=_named(question, code),
        date=add_days(question.today, days),
    )


def _too_few(question: PlanningQuestion, most: int) -> Message:
    now = question.score_with([]).met
    values = {"level": RANGE_PHRASES[question.level.id], "date": question.target, "possible": most - now}
    missing = question.needed - now
    if question.target is None:
        return counted(
            "For %(level)s you need %(count)s more criterion, but this edition has only %(possible)s.",
            "For %(level)s you need %(count)s more criteria, but this edition has only %(possible)s.",
            missing,
            **values,
        )
    return counted(
        "For %(level)s you need %(count)s more criterion, but only %(possible)s can be done by %(date)s.",
        "For %(level)s you need %(count)s more criteria, but only %(possible)s can be done by %(date)s.",
        missing,
        **values,
    )


def _too_late(question: PlanningQuestion) -> Iterator[Message]:
    """Those that come closest, each with its date, and how many come after them."""
    late = [candidate for candidate in question.candidates if candidate not in question.available]
    late.sort(key=question.finishes_on)
    for candidate in late[:MOST_NAMED]:
        yield say(
            "Too late: %(code)s can be done by %(date)s at the earliest.",
            code=_named(question, candidate.code),
            date=question.finishes_on(candidate),
        )
    if len(late) > MOST_NAMED:
        rest = len(late) - MOST_NAMED
        yield counted("%(count)s more comes later still.", "%(count)s more come later still.", rest)


def _explain_waits(question: PlanningQuestion) -> Iterator[Message]:
    """What would be in time by itself, but not after what it builds on."""
    for candidate in question.candidates:
        alone = add_days(question.today, candidate.lead_days)
        if question.target and alone <= question.target < question.finishes_on(candidate):
            yield say(
                "%(code)s alone could be done by %(date)s, but it counts only after %(needs)s.",
                code=_named(question, candidate.code),
                date=alone,
                needs=_named(question, *candidate.needs),
            )
    for code, needs in question.returns.items():
        late = [
            candidate.code
            for candidate in question.candidates
            if candidate.code in needs and candidate not in question.available
        ]
        if late:
            yield say(
                "%(code)s is met, but it counts only with %(needs)s.",
                code=_named(question, code),
                needs=_named(question, *late),
            )


def _named(question: PlanningQuestion, *codes: str) -> NamedCriteria:
    return NamedCriteria(question.edition.id, codes)
