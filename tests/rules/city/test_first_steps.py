"""The steps of setting a city up stand in the one order in which none waits for a later one."""

from app.rules.city.first_steps import STEP_WORDS, FirstStep, list_steps


def test_departments_come_first_and_the_next_step_is_the_first_that_is_open() -> None:
    lines = list_steps(dict.fromkeys(FirstStep, False))
    assert [line.words.path for line in lines][:3] == ["/people#departments", "/people#add", "/people/assignments"]
    assert [line.is_next for line in lines] == [True, False, False, False, False]
    done = dict.fromkeys(FirstStep, False) | {FirstStep.DEPARTMENTS: True, FirstStep.ASSIGNMENTS: True}
    assert [line.is_done for line in list_steps(done)] == [True, False, True, False, False]
    assert [line.words for line in list_steps(done) if line.is_next] == [STEP_WORDS[FirstStep.PEOPLE]]


def test_the_list_goes_when_all_is_done() -> None:
    assert list_steps(dict.fromkeys(FirstStep, True)) == ()
