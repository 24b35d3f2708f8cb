"""When a letter leaves."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.rules.outbox.bundling import LetterWish, Pace, WaitingEntry, is_time
from app.rules.outbox.kinds import LetterKind

TUESDAY = datetime(2027, 3, 2, 10, 0, tzinfo=UTC)
YESTERDAY = date(2027, 3, 1)


def waiting(kind: LetterKind = LetterKind.ASSIGNED, **ago: int) -> WaitingEntry:
    return WaitingEntry(kind, TUESDAY - timedelta(**ago))


@pytest.mark.parametrize(
    ("said", "entries", "last_on", "leaves"),
    [
        ("nothing waits", [], None, False),
        ("it has settled", [waiting(minutes=15)], None, True),
        ("more may come in a moment", [waiting(minutes=16), waiting(minutes=14)], None, False),
        ("it never settles", [waiting(hours=2), waiting(minutes=1)], None, True),
        ("there was one today", [waiting(minutes=15)], TUESDAY.date(), False),
        ("there was one yesterday", [waiting(minutes=15)], YESTERDAY, True),
        ("it is not prompt and came today", [waiting(LetterKind.COMMENTED, minutes=90)], None, False),
        ("it is not prompt and came yesterday", [waiting(LetterKind.COMMENTED, hours=12)], YESTERDAY, True),
    ],
)
def test_at_most_one_letter_a_day(said: str, entries: list[WaitingEntry], last_on: date | None, leaves: bool) -> None:
    assert is_time(TUESDAY, LetterWish(), entries, last_on) is leaves, said


@pytest.mark.parametrize("hour", [6, 19, 23])
def test_none_at_night(hour: int) -> None:
    assert not is_time(TUESDAY.replace(hour=hour), LetterWish(), [waiting(hours=40)], None)


def test_none_on_a_quiet_day_and_all_of_it_on_the_next() -> None:
    saturday, monday = datetime(2027, 3, 6, 10, tzinfo=UTC), datetime(2027, 3, 8, 7, tzinfo=UTC)
    entries = [WaitingEntry(LetterKind.RETURNED, saturday - timedelta(hours=12))]
    assert not is_time(saturday, LetterWish(), entries, None)
    assert is_time(saturday, LetterWish(quiet_days=frozenset()), entries, None)
    assert is_time(monday, LetterWish(), entries, date(2027, 3, 5))


def test_whoever_wants_them_at_once_gets_several_a_day_but_not_one_for_each_click() -> None:
    wish = LetterWish(pace=Pace.AT_ONCE)
    assert is_time(TUESDAY, wish, [waiting(minutes=15)], TUESDAY.date())
    assert not is_time(TUESDAY, wish, [waiting(minutes=5)], TUESDAY.date())


def test_whoever_wants_one_a_week_gets_no_second_one() -> None:
    wish, entries = LetterWish(pace=Pace.WEEKLY), [waiting(hours=30)]
    assert is_time(TUESDAY, wish, entries, date(2027, 2, 28)), "the last one was on Sunday, in the week before"
    assert not is_time(TUESDAY, wish, entries, YESTERDAY)
