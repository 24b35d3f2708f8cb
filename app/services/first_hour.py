"""A first picture from eight answers, and the first three criteria to do. Nothing of it is stored."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.rules.city.first_hour import (
    PICTURE_WORDS,
    QUESTIONS,
    FirstAnswer,
    PlannedCriterion,
    picture_in_words,
    plan_first,
    read_answers,
)
from app.rules.criteria.edition import Area
from app.rules.message import Message
from app.services.assessment.overview import load_overview
from app.services.desk import Desk


@dataclass(frozen=True)
class AreaQuestion:
    """A question about a practice area, the answer so far, and what that means; both None and empty where nothing is answered."""

    area: Area
    question: Message
    answer: FirstAnswer | None
    picture: Message | None


@dataclass(frozen=True)
class FirstHourPage:
    """`picture` and `plan` are None and empty until all questions are answered; `missing` counts those that are not."""

    questions: tuple[AreaQuestion, ...]
    missing: int
    picture: Message | None
    plan: tuple[PlannedCriterion, ...]

    @property
    def is_begun(self) -> bool:
        return any(each.answer for each in self.questions)


def load_first_hour(desk: Desk, typed: Mapping[str, str]) -> FirstHourPage:
    """The questions, with what follows from the answers in `typed`. Raises NotFound without an open assessment."""
    seen = load_overview(desk.session, desk.site, desk.who.city, desk.who.language)
    answers = read_answers(typed)
    questions = tuple(
        AreaQuestion(
            area,
            QUESTIONS[area.id],
            answers.get(area.id),
            PICTURE_WORDS[answers[area.id]] if area.id in answers else None,
        )
        for area in seen.edition.areas
        if area.id in QUESTIONS
    )
    missing = sum(each.answer is None for each in questions)
    if missing:
        return FirstHourPage(questions, missing, None, ())
    met = {stand.code for stand in seen.stands if stand.met}
    return FirstHourPage(
        questions,
        0,
        picture_in_words(seen.edition.areas, answers),
        plan_first([stand.criterion for stand in seen.stands], answers, met),
    )
