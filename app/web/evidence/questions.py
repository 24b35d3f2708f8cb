"""The questions about a file that was just added, one at a time."""

from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import Response

from app.rules.criteria.edition import EvidenceKind
from app.services.evidence import questions
from app.services.evidence.questions import FileQuestionsPage
from app.web.access import Ask, RowId, reads, writes
from app.web.evidence.form import read_entry
from app.web.evidence.paths import criterion_path
from app.web.forms import TypedForm, typed_form
from app.web.steps import form_again
from app.web.templating import commit_step, redirect_to, show_page, wants_fragment

router = APIRouter()
HINT_LIMIT = 40


def questions_path(ask: Ask, code: str, evidence_id: int, at: str = "", hint: str = "") -> str:
    """Where a question is asked; the first one, without `at`. `hint` is the item that evidence was asked for."""
    query = urlencode({name: text for name, text in (("at", at), ("item", hint)) if text})
    return f"{criterion_path(ask, code)}/evidence/{evidence_id}/questions" + (f"?{query}" if query else "")


def _template(ask: Ask) -> str:
    return "evidence/_question.html" if wants_fragment(ask.request) else "evidence/questions.html"


@router.get("/{city}/criteria/{code}/evidence/{evidence_id}/questions")
async def show_questions(code: str, evidence_id: RowId, ask: Ask = reads("evidence.write")) -> Response:
    """With `wait=no` in the address the file is asked about before it has been read."""
    query_params = ask.request.query_params
    at, hint = query_params.get("at", ""), query_params.get("item", "")[:HINT_LIMIT]
    page = questions.load_questions(ask.desk, code, evidence_id, at, hint)
    return show_page(ask, _template(ask), page, waits=query_params.get("wait") != "no")


@router.post("/{city}/criteria/{code}/evidence/{evidence_id}/questions")
def answer_question(
    code: str, evidence_id: RowId, form: TypedForm = typed_form(), ask: Ask = writes("evidence.write")
) -> Response:
    """With `later` the question is left open."""
    at, hint = form.text("at"), form.text("hint")[:HINT_LIMIT]

    def load(at: str) -> FileQuestionsPage:
        return questions.load_questions(ask.desk, code, evidence_id, at, hint)

    with form_again(ask, form, _template(ask), lambda: load(at), waits=False):
        if form.text("later"):
            following = questions.question_to_follow(ask.desk, code, evidence_id, at)
        else:
            entry = read_entry(form, EvidenceKind.FILE, ask.language)
            following = questions.answer_question(ask.desk, code, evidence_id, at, entry, form.version())
    address = questions_path(ask, code, evidence_id, following, hint)
    if not wants_fragment(ask.request):
        return redirect_to(ask, address)
    commit_step(ask)
    return show_page(ask, _template(ask), load(following), waits=False)
