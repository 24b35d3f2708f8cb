"""The page with what the programme said of one assessment, open or closed, beside what our own review said."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.rules.assessment import AssessmentState, AssessmentValues
from app.rules.criteria.edition import Area, Edition
from app.rules.errors import NotFound
from app.rules.message import Message, say
from app.rules.program import (
    COMPARISON_MEANINGS,
    COMPARISON_NAMES,
    OFFICIAL_NAMES,
    AnswerComparison,
    ApplicationValues,
    OfficialAnswer,
    QuestionValues,
    compare_answer,
)
from app.rules.scoring.score import VerdictKind
from app.services.desk import Desk
from app.services.program.outcome import OutcomeLine, describe_outcome
from app.store import assessment, program, review
from app.store.assessment import Assessment, assessment_values
from app.store.evidence import pieces
from app.store.program import ProgramAnswer
from app.store.values import frozen_values


@dataclass(frozen=True)
class AnswerLine:
    """One criterion: our verdict, the programme's answer and its note; `version` is that of the answer, 0 before the first."""

    code: str
    title: str
    ours: VerdictKind | None
    official: OfficialAnswer
    note: str
    version: int

    @property
    def is_known(self) -> bool:
        return self.official is not OfficialAnswer.UNKNOWN

    @property
    def official_name(self) -> Message:
        return OFFICIAL_NAMES[self.official]

    @property
    def comparison(self) -> AnswerComparison | None:
        return compare_answer(self.ours, self.official)


@dataclass(frozen=True)
class ComparedAnswers:
    """The criteria of one comparison."""

    comparison: AnswerComparison
    lines: tuple[AnswerLine, ...]

    @property
    def name(self) -> Message:
        return COMPARISON_NAMES[self.comparison]

    @property
    def meaning(self) -> Message:
        return COMPARISON_MEANINGS[self.comparison]


@dataclass(frozen=True)
class ProgramPage:
    """Everything that the programme said. `figures` are the public ones that may be named for the outcome, `edited` the question whose
    form is open."""

    assessment: AssessmentValues
    edition: Edition
    application: ApplicationValues
    outcome: OutcomeLine | None
    figures: tuple[tuple[int, str], ...]
    questions: tuple[QuestionValues, ...]
    edited: QuestionValues | None
    areas: tuple[tuple[Area, tuple[AnswerLine, ...]], ...]
    compared: tuple[ComparedAnswers, ...]
    today: date

    @property
    def version(self) -> int:
        """Of the application; 0 before it was first written down."""
        return self.application.version


def find_assessment(desk: Desk, assessment_id: int) -> Assessment:
    """An assessment of the city, open or closed. Raises NotFound."""
    listed = assessment.find_assessment(desk.session, desk.city_id, assessment_id)
    if listed is None or listed.state == AssessmentState.UNDONE:
        raise NotFound(say("We could not find that assessment."))
    return listed


def load_program_page(desk: Desk, assessment_id: int, edited: str = "") -> ProgramPage:
    """Raises NotFound."""
    listed = find_assessment(desk, assessment_id)
    edition = desk.site.edition(listed.edition, desk.who.language)
    stored = program.find_application(desk.session, desk.city_id, assessment_id)
    asked_questions = program.list_questions(desk.session, desk.city_id, assessment_id)
    questions = tuple(frozen_values(QuestionValues, question) for question in asked_questions)
    lines = _answer_lines(desk, listed, edition)
    return ProgramPage(
        assessment=assessment_values(listed),
        edition=edition,
        application=frozen_values(ApplicationValues, stored) if stored else ApplicationValues(),
        outcome=describe_outcome(desk.session, edition, stored),
        figures=tuple((piece.id, piece.title) for piece in pieces.list_public_figures(desk.session, desk.city_id)),
        questions=questions,
        edited=next((question for question in questions if str(question.id) == edited), None),
        areas=tuple((area, tuple(lines[code] for code in area.criteria)) for area in edition.areas),
        compared=_compare_lines(lines),
        today=desk.who.today,
    )


def _answer_lines(desk: Desk, listed: Assessment, edition: Edition) -> dict[str, AnswerLine]:
    ours = review.load_verdict_kinds(desk.session, desk.city_id, listed.id)
    official = program.load_answers(desk.session, desk.city_id, listed.id)
    return {
        code: _answer_line(code, criterion.title, ours.get(code), official.get(code))
        for code, criterion in edition.criteria.items()
    }


def _answer_line(code: str, title: str, decision: str | None, stored: ProgramAnswer | None) -> AnswerLine:
    ours = VerdictKind(decision) if decision else None
    if stored is None:
        return AnswerLine(code, title, ours, OfficialAnswer.UNKNOWN, "", 0)
    return AnswerLine(code, title, ours, OfficialAnswer(stored.answer), stored.note, stored.version)


def _compare_lines(lines: Mapping[str, AnswerLine]) -> tuple[ComparedAnswers, ...]:
    """Empty where the programme has said nothing yet."""
    groups = [
        ComparedAnswers(comparison, tuple(line for line in lines.values() if line.comparison is comparison))
        for comparison in AnswerComparison
    ]
    return tuple(groups) if any(group.lines for group in groups) else ()
