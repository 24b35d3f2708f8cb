"""What the programme said of an assessment, beside what our own review said: where we were too kind or too strict, and what that is worth."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from app.rules.city.award import AWARD_NAMES
from app.rules.criteria.edition import OutcomeChoice
from app.rules.errors import Invalid
from app.rules.message import Message, counted, say
from app.rules.scoring.score import VerdictKind

TEXT_LIMIT = 2_000
NOTE_LIMIT = 500


class OfficialAnswer(StrEnum):
    """What the programme decided on a criterion; unknown until it has said so."""

    UNKNOWN = "unknown"
    MET = "met"
    NOT_MET = "not_met"


@dataclass(frozen=True)
class ApplicationValues:
    """What was written down of an assessment as it was handed to the programme; empty before that."""

    submitted_on: date | None = None
    official_level: str = ""
    outcome: str = ""
    outcome_text: str = ""
    outcome_evidence_id: int | None = None
    version: int = 0


@dataclass(frozen=True)
class QuestionValues:
    """What the programme asked and what the city answered."""

    id: int
    criterion: str
    asked_on: date
    question: str
    answered_on: date | None
    answer: str
    version: int


OFFICIAL_NAMES: dict[OfficialAnswer, Message] = {
    OfficialAnswer.UNKNOWN: say("Not known"),
    OfficialAnswer.MET: say("Met"),
    OfficialAnswer.NOT_MET: say("Not met"),
}
OFFICIAL_LEVELS: dict[str, Message] = {
    "": say("Not known yet"),
    "none": say("No level"),
    **{level.value: name for level, name in AWARD_NAMES.items()},
}
OUTCOME_NAMES: dict[OutcomeChoice, Message] = {
    OutcomeChoice.AIR: say("Clean air"),
    OutcomeChoice.BROADBAND: say("Households with fast broadband"),
    OutcomeChoice.OWN: say("One of our own choice, tied to the goals of the United Nations"),
}
DAY_TO_COME = say("This day is still to come. Enter what has happened already.")


class AnswerComparison(StrEnum):
    """How our verdict and the programme's answer compare, in the order in which people ask."""

    TOO_KIND = "too_kind"
    TOO_STRICT = "too_strict"
    AGREED = "agreed"


COMPARISON_NAMES: dict[AnswerComparison, Message] = {
    AnswerComparison.TOO_KIND: say("Where we were too kind"),
    AnswerComparison.TOO_STRICT: say("Where we were too strict"),
    AnswerComparison.AGREED: say("Where both say the same"),
}
COMPARISON_MEANINGS: dict[AnswerComparison, Message] = {
    AnswerComparison.TOO_KIND: say("Met by our own review, and not by the program."),
    AnswerComparison.TOO_STRICT: say("Met by the program, and not by our own review."),
    AnswerComparison.AGREED: say("Met by both, or by neither."),
}


def compare_answer(ours: VerdictKind | None, official: OfficialAnswer) -> AnswerComparison | None:
    """None while the programme's answer is not known. Without a verdict of ours a criterion is not met."""
    if official is OfficialAnswer.UNKNOWN:
        return None
    met_by_us, met_officially = ours is VerdictKind.MET, official is OfficialAnswer.MET
    if met_by_us == met_officially:
        return AnswerComparison.AGREED
    return AnswerComparison.TOO_KIND if met_by_us else AnswerComparison.TOO_STRICT


@dataclass(frozen=True)
class ConfirmedShare:
    """How many of the criteria that we found met, and of which the programme's answer is known, it confirmed; 0..`known`."""

    confirmed: int
    known: int

    @property
    def percent(self) -> int:
        """Rounded down, since it says what to count on."""
        return self.confirmed * 100 // self.known if self.known else 0

    def expected(self, met: int) -> int:
        """How many of so many criteria would count if the programme confirmed the same share again; rounded down."""
        return met * self.confirmed // self.known if self.known else met


def confirmed_share(answers: Iterable[tuple[VerdictKind | None, OfficialAnswer]]) -> ConfirmedShare:
    """The share of our "met" that the programme confirmed, from our verdict and its answer for each criterion."""
    known = [official for ours, official in answers if ours is VerdictKind.MET and official != OfficialAnswer.UNKNOWN]
    return ConfirmedShare(known.count(OfficialAnswer.MET), len(known))


def share_in_words(share: ConfirmedShare) -> Message | None:
    """How far the programme agreed with our "met" before, with the count; None where it said nothing yet."""
    if not share.known:
        return None
    return counted(
        "Of %(count)s criterion that we found met, the program has confirmed %(confirmed)s so far (%(percent)s %%).",
        "Of %(count)s criteria that we found met, the program has confirmed %(confirmed)s so far (%(percent)s %%).",
        share.known,
        confirmed=share.confirmed,
        percent=share.percent,
    )


def expectation_in_words(share: ConfirmedShare, met: int) -> Message | None:
    """What to count on of the criteria that are met now; None where there is nothing to say of them."""
    if not (share.known and met):
        return None
    return say(
        "If it confirms the same share again, count on about %(expected)s of our %(met)s.",
        expected=share.expected(met),
        met=met,
    )


@dataclass(frozen=True)
class ApplicationEntry:
    """The form on the submission as a whole, as it was sent."""

    submitted_on: date | None
    official_level: str
    outcome: str
    outcome_text: str
    outcome_evidence: int | None


def check_application(entry: ApplicationEntry, choices: Iterable[OutcomeChoice], today: date) -> dict[str, Any]:
    """The columns of an application. Raises Invalid with a sentence at each field."""
    wrong: dict[str, Message] = {}
    if entry.submitted_on and entry.submitted_on > today:
        wrong["submitted_on"] = DAY_TO_COME
    if entry.official_level not in OFFICIAL_LEVELS:
        wrong["official_level"] = say("Choose one of the levels.")
    if entry.outcome not in {"", *choices}:
        wrong["outcome"] = say("Choose one of the outcomes.")
    if len(entry.outcome_text) > NOTE_LIMIT:
        wrong["outcome_text"] = say("Write at most %(limit)s characters.", limit=NOTE_LIMIT)
    if wrong:
        raise Invalid(wrong)
    return {
        "submitted_on": entry.submitted_on,
        "official_level": entry.official_level,
        "outcome": entry.outcome,
        "outcome_text": entry.outcome_text.strip() if entry.outcome else "",
        "outcome_evidence_id": entry.outcome_evidence if entry.outcome else None,
    }


@dataclass(frozen=True)
class QuestionEntry:
    """A question of the programme, as it was typed; `code` is empty where it is about no one criterion."""

    code: str
    asked_on: date | None
    question: str
    answered_on: date | None
    answer: str


def check_question(entry: QuestionEntry, codes: Iterable[str], today: date) -> dict[str, Any]:
    """The columns of a question. Raises Invalid with a sentence at each field."""
    wrong = _check_question_days(entry, today)
    if entry.code not in {"", *codes}:
        wrong["code"] = unknown_code(entry.code)
    if not 1 <= len(entry.question.strip()) <= TEXT_LIMIT:
        wrong["question"] = say("Write what was asked, in at most %(limit)s characters.", limit=TEXT_LIMIT)
    if len(entry.answer) > TEXT_LIMIT:
        wrong["answer"] = say("Write at most %(limit)s characters.", limit=TEXT_LIMIT)
    if wrong:
        raise Invalid(wrong)
    return {
        "criterion": entry.code,
        "asked_on": entry.asked_on,
        "question": entry.question.strip(),
        "answered_on": entry.answered_on,
        "answer": entry.answer.strip(),
    }


def _check_question_days(entry: QuestionEntry, today: date) -> dict[str, Message]:
    wrong: dict[str, Message] = {}
    if entry.asked_on is None:
        wrong["asked_on"] = say("Enter the day on which it was asked.")
    elif entry.asked_on > today:
        wrong["asked_on"] = DAY_TO_COME
    if entry.answered_on and entry.answered_on > today:
        wrong["answered_on"] = DAY_TO_COME
    elif entry.answered_on and entry.asked_on and entry.answered_on < entry.asked_on:
        wrong["answered_on"] = say("This is before the day on which it was asked.")
    return wrong


def check_answers(
    answers: Mapping[str, tuple[str, str]], codes: Iterable[str]
) -> dict[str, tuple[OfficialAnswer, str]]:
    """Answer and note by code. Raises Invalid with a sentence at the field of each that cannot be."""
    known, wrong, checked = set(codes), dict[str, Message](), dict[str, tuple[OfficialAnswer, str]]()
    for code, (answer, note) in answers.items():
        if code not in known:
            wrong[f"answer.{code}"] = unknown_code(code)
        elif answer not in set(OfficialAnswer):
            wrong[f"answer.{code}"] = say("Choose one of the answers.")
        elif len(note) > NOTE_LIMIT:
            wrong[f"note.{code}"] = say("Write at most %(limit)s characters.", limit=NOTE_LIMIT)
        else:
            checked[code] = (OfficialAnswer(answer), note.strip())
    if wrong:
        raise Invalid(wrong)
    return checked


def unknown_code(code: str) -> Message:
    return say("There is no criterion %(code)s in this edition.", code=code[:12])
