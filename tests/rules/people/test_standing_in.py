"""For whom someone works, and how an absence is told."""

from dataclasses import dataclass
from datetime import date

import pytest

from app.rules.errors import Invalid
from app.rules.people.standing_in import (
    ONLY_SELF,
    PlannedAbsence,
    StandIn,
    acted_for,
    check_absence,
    check_no_overlap,
    is_away,
    is_named,
    read_absences,
    write_absences,
)

ANA, BEN, EVA = 1, 2, 3
FINANCE, WORKS = 10, 20
TODAY = date(2026, 11, 30)


@dataclass(frozen=True)
class Task:
    department_id: int | None = FINANCE
    person_id: int | None = ANA
    deputy_id: int | None = None


def test_a_task_is_the_persons_the_deputys_and_whose_who_stands_in() -> None:
    task = Task(deputy_id=BEN)
    assert is_named(task, ANA, ())
    assert is_named(task, BEN, ())
    assert is_named(task, EVA, {ANA})
    assert not is_named(task, EVA, ())
    assert not is_named(Task(person_id=None), EVA, ())


def test_nobody_acts_for_someone_on_the_own_work() -> None:
    away = StandIn(away=frozenset({BEN}), departments=frozenset({(WORKS, BEN)}))
    assert acted_for(Task(), ANA, {FINANCE}, away) is None
    assert acted_for(Task(), EVA, {FINANCE}, ONLY_SELF) is None, "a colleague of the same department"
    assert acted_for(Task(department_id=WORKS), EVA, (), StandIn(led=frozenset({WORKS}))) is None, "the head"


def test_a_deputy_and_a_stand_in_act_for_the_person() -> None:
    assert acted_for(Task(deputy_id=BEN), BEN, {FINANCE}, ONLY_SELF) == ANA
    assert acted_for(Task(), BEN, (), StandIn(away=frozenset({ANA}))) == ANA
    through_department = StandIn(away=frozenset({EVA}), departments=frozenset({(FINANCE, EVA)}))
    assert acted_for(Task(person_id=None), BEN, (), through_department) == EVA


def test_an_absence_lasts_from_its_first_day_to_its_last() -> None:
    first, last = check_absence(TODAY, date(2026, 12, 4), TODAY)
    days = [date(2026, 11, 29), TODAY, date(2026, 12, 4), date(2026, 12, 5)]
    assert [is_away(first, last, day) for day in days] == [False, True, True, False]
    assert not is_away(None, None, TODAY)


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (None, TODAY, "away_from"),
        (TODAY, None, "away_until"),
        (TODAY, date(2026, 11, 29), "away_until"),
        (date(2026, 11, 1), date(2026, 11, 29), "away_until"),
        (date(2026, 11, 1), date(2062, 11, 29), "away_until"),
    ],
)
def test_an_absence_that_cannot_be_is_refused_at_its_field(first: date | None, last: date | None, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_absence(first, last, TODAY)
    assert list(refused.value.fields) == [field]


def test_planned_absences_are_kept_as_text_and_have_no_day_in_common() -> None:
    may, june = (PlannedAbsence(date(2027, month, 3), date(2027, month, 9), BEN) for month in (5, 6))
    assert write_absences([may]) == "2027-05-03 2027-05-09 2;"
    assert read_absences(write_absences([may, june])) == [may, june]
    assert read_absences(None) == []
    check_no_overlap([may, june], date(2027, 5, 10), date(2027, 6, 2))
    for first, last in ((9, 12), (1, 3), (4, 5), (1, 30)):
        with pytest.raises(Invalid):
            check_no_overlap([june, may], date(2027, 5, first), date(2027, 5, last))
