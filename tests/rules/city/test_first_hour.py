"""A first picture from eight answers, and which criteria to begin with."""

import pytest

from app.adapters.criteria.editions import load_edition
from app.rules.city.first_hour import QUESTIONS, REASONS, FirstAnswer, picture_in_words, plan_first, read_answers
from app.rules.criteria.edition import Edition
from app.settings import ROOT


@pytest.fixture(scope="module")
def edition() -> Edition:
    return load_edition(ROOT / "criteria" / "wwc-2022")


def codes(edition: Edition, answers: dict[str, FirstAnswer], done: tuple[str, ...] = ()) -> list[str]:
    return [each.criterion.code for each in plan_first(list(edition.criteria.values()), answers, done)]


def test_there_is_one_question_for_each_practice_area(edition: Edition) -> None:
    assert QUESTIONS.keys() == {area.id for area in edition.areas}
    assert read_answers({"open-data": "yes", "evaluations": "perhaps", "x": "no"}) == {"open-data": FirstAnswer.YES}


def test_the_plan_has_two_core_criteria_and_the_nearest_other(edition: Edition) -> None:
    answers = dict.fromkeys(QUESTIONS, FirstAnswer.NO)
    answers |= {"performance-and-analytics": FirstAnswer.YES, "open-data": FirstAnswer.PARTLY}
    first, second, third = codes(edition, answers)
    assert first == "PA1"
    assert edition.criteria[second].core
    assert not edition.criteria[third].core
    assert edition.criteria[third].area == "performance-and-analytics"
    plan = plan_first(list(edition.criteria.values()), answers, ())
    assert plan[0].why == REASONS[FirstAnswer.YES]


def test_what_is_met_already_is_not_planned(edition: Edition) -> None:
    answers = dict.fromkeys(QUESTIONS, FirstAnswer.UNKNOWN)
    assert not {"LC1", "DM1", "PA1"} & set(codes(edition, answers, ("LC1", "DM1", "PA1")))
    assert codes(edition, answers, tuple(edition.criteria)) == []


def test_the_picture_counts_what_there_is_to_build_on(edition: Edition) -> None:
    answers = dict.fromkeys(QUESTIONS, FirstAnswer.NO) | {"open-data": FirstAnswer.PARTLY}
    assert str(picture_in_words(edition.areas, answers)).endswith("in 1 of 8 practice areas.")
