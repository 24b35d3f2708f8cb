"""Why no set of criteria reaches a level by a date: the core, the count, what comes too late, and what waits for it."""

from collections.abc import Iterator

from app.rules.message import Said, counted, say
from app.rules.planning.question import Question, after, open_needs
from app.rules.scoring.score import LEVEL_NAMES


def why_unreachable(question: Question) -> tuple[Said, ...]:
    """One sentence for each thing that stands in the way, for a question that everything available does not answer."""
    best = question.score_with([one.code for one in question.available])
    core = [_too_late_core(question, code) for code in best.core_open]
    count = [_too_few(question, best.met)] if best.met < question.needed else []
    return (*core, *count, *_too_late(question), *_waiting(question))


def _too_late_core(question: Question, code: str) -> Said:
    """A core criterion has its own date, or where it is met but blocked, that of the last one it waits for."""
    waits_for = [code] if code in question.by_code else open_needs(question.edition, question.met, code)
    days = max(question.by_code[need].finish_days for need in waits_for)
    return say("Core criterion %(code)s cannot be done before %(date)s.", code=code, date=after(question.today, days))


def _too_few(question: Question, most: int) -> Said:
    now = question.score_with([]).met
    values = {"level": LEVEL_NAMES[question.level.id], "date": question.target, "possible": most - now}
    missing = question.needed - now
    if question.target is None:
        return counted(
            "%(level)s needs %(count)s more criterion, but this edition has only %(possible)s.",
            "%(level)s needs %(count)s more criteria, but this edition has only %(possible)s.",
            missing,
            **values,
        )
    return counted(
        "%(level)s needs %(count)s more criterion, but only %(possible)s can be done by %(date)s.",
        "%(level)s needs %(count)s more criteria, but only %(possible)s can be done by %(date)s.",
        missing,
        **values,
    )


def _too_late(question: Question) -> Iterator[Said]:
    late = [one for one in question.candidates if one not in question.available]
    if late:
        dated = ", ".join(f"{one.code} ({question.finishes_on(one)})" for one in late)
        yield say("Too late, with the earliest date of each: %(codes)s.", codes=dated)


def _waiting(question: Question) -> Iterator[Said]:
    """What would be in time by itself, but not after what it builds on."""
    for one in question.candidates:
        alone = after(question.today, one.lead_days)
        if question.target and alone <= question.target < question.finishes_on(one):
            yield say(
                "%(code)s alone could be done by %(date)s, but it counts only after %(needs)s.",
                code=one.code,
                date=alone,
                needs=", ".join(one.needs),
            )
    for code, needs in question.returns.items():
        late = [one.code for one in question.candidates if one.code in needs and one not in question.available]
        if late:
            yield say("%(code)s is met, but it counts only with %(needs)s.", code=code, needs=", ".join(late))
