"""What the programme said of an assessment: the page, and writing it down."""

from contextlib import AbstractContextManager
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from app.rules.program import OFFICIAL_LEVELS, OFFICIAL_NAMES, OUTCOME_NAMES, ApplicationEntry, QuestionEntry
from app.services.program import page, writing
from app.web.access import Ask, RowId, reads, writes
from app.web.forms import TypedForm, typed_form
from app.web.page_cache import show_kept_page
from app.web.steps import form_again
from app.web.templating import redirect_to

router = APIRouter()
WORDS: dict[str, Any] = {
    "official_names": OFFICIAL_NAMES,
    "official_levels": OFFICIAL_LEVELS,
    "outcome_names": OUTCOME_NAMES,
}


def _program_path(ask: Ask, assessment_id: int) -> str:
    return f"/{ask.who.city.slug}/cycle/{assessment_id}/program"


def _program_again(
    ask: Ask, form: TypedForm, assessment_id: int, which: str, edited: str = ""
) -> AbstractContextManager[None]:
    """The page with the form `which` as typed: `application`, `question` or `answers`."""
    build = lambda: page.load_program_page(ask.desk, assessment_id, edited)  # noqa: E731
    return form_again(ask, form, "program/index.html", build, form=which, **WORDS)


@router.get("/{city}/cycle/{assessment_id}/program")
async def show_program(assessment_id: RowId, ask: Ask = reads("program.read"), edit: str = "") -> Response:
    build = lambda: page.load_program_page(ask.desk, assessment_id, edit)  # noqa: E731
    return show_kept_page(ask, "program/index.html", build, form="", **WORDS)


@router.post("/{city}/cycle/{assessment_id}/program")
def save_application(
    assessment_id: RowId, ask: Ask = writes("program.write"), form: TypedForm = typed_form()
) -> Response:
    with _program_again(ask, form, assessment_id, "application"):
        entry = ApplicationEntry(
            form.day("submitted_on"),
            form.text("official_level"),
            form.text("outcome"),
            form.text("outcome_text"),
            form.integer("outcome_evidence"),
        )
        writing.save_application(ask.desk, assessment_id, entry, form.version())
    return redirect_to(ask, _program_path(ask, assessment_id), "saved")


def _read_question(form: TypedForm) -> QuestionEntry:
    return QuestionEntry(
        form.text("code"), form.day("asked_on"), form.text("question"), form.day("answered_on"), form.text("answer")
    )


@router.post("/{city}/cycle/{assessment_id}/program/questions")
def add_question(assessment_id: RowId, ask: Ask = writes("program.write"), form: TypedForm = typed_form()) -> Response:
    with _program_again(ask, form, assessment_id, "question"):
        writing.add_question(ask.desk, assessment_id, _read_question(form))
    return redirect_to(ask, _program_path(ask, assessment_id), "saved")


@router.post("/{city}/cycle/{assessment_id}/program/questions/{question_id}")
def change_question(
    assessment_id: RowId, question_id: RowId, ask: Ask = writes("program.write"), form: TypedForm = typed_form()
) -> Response:
    with _program_again(ask, form, assessment_id, "question", str(question_id)):
        writing.change_question(ask.desk, assessment_id, question_id, _read_question(form), form.version())
    return redirect_to(ask, _program_path(ask, assessment_id), "saved")


@router.post("/{city}/cycle/{assessment_id}/program/answers")
def save_answers(assessment_id: RowId, ask: Ask = writes("program.write"), form: TypedForm = typed_form()) -> Response:
    """`answer.CODE`, `note.CODE` and `version.CODE` for each criterion."""
    with _program_again(ask, form, assessment_id, "answers"):
        codes = [name.removeprefix("answer.") for name in form.kept if name.startswith("answer.")]
        answers = {code: (form.text(f"answer.{code}"), form.text(f"note.{code}")) for code in codes}
        versions = {code: form.version(f"version.{code}") for code in codes}
        writing.save_answers(ask.desk, assessment_id, answers, versions)
    return redirect_to(ask, _program_path(ask, assessment_id), "saved")
