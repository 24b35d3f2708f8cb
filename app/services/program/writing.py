"""Writing down what the programme said. Nobody's entry replaces another's unseen: every row has its version."""

from collections.abc import Mapping

from app.rules.errors import Conflict, Invalid, NotFound
from app.rules.history.verbs import Verb
from app.rules.message import say
from app.rules.program import (
    ApplicationEntry,
    OfficialAnswer,
    QuestionEntry,
    check_answers,
    check_application,
    check_question,
)
from app.services.desk import Desk
from app.services.people.members import CHANGED_MEANWHILE
from app.services.program.page import find_assessment
from app.store import program
from app.store.assessment import Assessment
from app.store.city import lock_city
from app.store.evidence import pieces
from app.store.program import ProgramAnswer, ProgramApplication, ProgramQuestion


def save_application(desk: Desk, assessment_id: int, entry: ApplicationEntry, version: int) -> None:
    """Day, official level and outcome; `version` is 0 before the first. Raises Invalid, Conflict, NotFound."""
    listed = find_assessment(desk, assessment_id)
    edition = desk.site.edition(listed.edition, desk.who.language)
    columns = check_application(entry, edition.outcome.choices, desk.who.today)
    figures = {piece.id for piece in pieces.list_public_figures(desk.session, desk.city_id)}
    if columns["outcome_evidence_id"] and columns["outcome_evidence_id"] not in figures:
        raise Invalid({"outcome_evidence": say("Choose one of the public figures of your city.")})
    lock_city(desk.session, desk.city_id)
    stored = program.find_application(desk.session, desk.city_id, assessment_id)
    if (stored.version if stored else 0) != version:
        raise Conflict(CHANGED_MEANWHILE)
    if stored is None:
        first = ProgramApplication(city_id=desk.city_id, assessment_id=assessment_id, **columns)
        program.add_row(desk.session, first)
    elif not program.save_row(desk.session, stored, version, **columns):
        raise Conflict(CHANGED_MEANWHILE)
    desk.record(Verb.APPLICATION_SAVED, listed.name, assessment=assessment_id, level=columns["official_level"])


def add_question(desk: Desk, assessment_id: int, entry: QuestionEntry) -> None:
    """Raises Invalid, NotFound."""
    listed = find_assessment(desk, assessment_id)
    columns = check_question(entry, _codes(desk, listed), desk.who.today)
    question = ProgramQuestion(city_id=desk.city_id, assessment_id=assessment_id, **columns)
    question_id = program.add_row(desk.session, question)
    desk.record(Verb.PROGRAM_ASKED, columns["criterion"] or listed.name, question=question_id)


def change_question(desk: Desk, assessment_id: int, question_id: int, entry: QuestionEntry, version: int) -> None:
    """Also its answer. Raises Invalid, Conflict, NotFound."""
    listed = find_assessment(desk, assessment_id)
    question = program.find_question(desk.session, desk.city_id, assessment_id, question_id)
    if question is None:
        raise NotFound(say("We could not find that question."))
    columns = check_question(entry, _codes(desk, listed), desk.who.today)
    if not program.save_row(desk.session, question, version, **columns):
        raise Conflict(CHANGED_MEANWHILE)
    desk.record(Verb.PROGRAM_QUESTION_CHANGED, columns["criterion"] or listed.name, question=question_id)


def save_answers(
    desk: Desk, assessment_id: int, answers: Mapping[str, tuple[str, str]], versions: Mapping[str, int]
) -> None:
    """Answer and note by code, of which only what differs is written. Raises Invalid, Conflict, NotFound; then nothing is written."""
    listed = find_assessment(desk, assessment_id)
    checked = check_answers(answers, _codes(desk, listed))
    lock_city(desk.session, desk.city_id)
    stored = program.load_answers(desk.session, desk.city_id, assessment_id)
    for code, (answer, note) in checked.items():
        _save_answer(desk, assessment_id, code, (answer, note), stored.get(code), versions.get(code, 0))


def _save_answer(
    desk: Desk,
    assessment_id: int,
    code: str,
    said: tuple[OfficialAnswer, str],
    stored: ProgramAnswer | None,
    version: int,
) -> None:
    answer, note = said
    before = (stored.answer, stored.note) if stored else (OfficialAnswer.UNKNOWN.value, "")
    if (answer.value, note) == before:
        return
    if (stored.version if stored else 0) != version:
        raise Conflict(CHANGED_MEANWHILE)
    if stored is None:
        first = ProgramAnswer(
            city_id=desk.city_id, assessment_id=assessment_id, criterion=code, answer=answer, note=note
        )
        program.add_row(desk.session, first)
    elif not program.save_row(desk.session, stored, version, answer=answer.value, note=note):
        raise Conflict(CHANGED_MEANWHILE)
    desk.record(Verb.OFFICIAL_ANSWER_SET, code, assessment=assessment_id, official=answer.value)


def _codes(desk: Desk, listed: Assessment) -> frozenset[str]:
    return frozenset(desk.site.edition(listed.edition, desk.who.language).criteria)
