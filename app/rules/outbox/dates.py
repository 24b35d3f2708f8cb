"""What the calendar gives reason to write about: days on which something is due, late or expires."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from app.rules.outbox.kinds import LetterKind
from app.rules.outbox.staleness import CriterionFacts
from app.rules.review.moves import ResponseState

WARNED_DAYS_BEFORE = (1, 7, 30)
EXPIRES_SOON_DAYS = 30
CLOSED = {ResponseState.SUBMITTED, ResponseState.DECIDED}


@dataclass(frozen=True)
class DatedNews:
    """Something to write to a person about; `key` is the same on every day on which it is found again, so that it is written once."""

    person_id: int
    kind: LetterKind
    code: str
    day: date | None
    key: str


def list_dated_news(
    criteria: Iterable[tuple[str, CriterionFacts]], office: Iterable[int], today: date
) -> list[DatedNews]:
    """Everything that today gives reason to write about, whether it was written before or not.

    Where the days before passed without a worker, only the nearest of the warnings is given. That nobody answers for a criterion is no
    news before most of them have someone.
    """
    listed = list(criteria)
    is_set_up = 2 * sum(facts.assigned for _, facts in listed) > len(listed)
    informed = sorted(office) if is_set_up else []
    return [
        news
        for code, facts in listed
        for news in (*_owner_news(code, facts, today), *_office_news(code, facts, informed))
    ]


def _owner_news(code: str, facts: CriterionFacts, today: date) -> Iterator[DatedNews]:
    found = [*_due_news(code, facts, today), *_expiry_news(code, facts, today)]
    for person_id in sorted(facts.owners):
        for kind, day, key in found:
            yield DatedNews(person_id, kind, code, day, key)


def _due_news(code: str, facts: CriterionFacts, today: date) -> Iterator[tuple[LetterKind, date, str]]:
    due = facts.due_on
    if due is None or facts.state in CLOSED:
        return
    left = (due - today).days
    if left < 0:
        yield LetterKind.LATE, due, f"late:{code}:{due}"
    elif warned := next((days for days in WARNED_DAYS_BEFORE if left <= days), 0):
        yield LetterKind.DUE, due, f"due:{code}:{due}:{warned}"


def _expiry_news(code: str, facts: CriterionFacts, today: date) -> Iterator[tuple[LetterKind, date, str]]:
    end = facts.at_risk_from
    if end and (end - today).days <= EXPIRES_SOON_DAYS:
        yield LetterKind.EXPIRING, end, f"expiring:{code}:{end}"


def _office_news(code: str, facts: CriterionFacts, office: Iterable[int]) -> Iterator[DatedNews]:
    if not facts.assigned:
        for person_id in office:
            yield DatedNews(person_id, LetterKind.UNOWNED, code, None, f"unowned:{code}")
