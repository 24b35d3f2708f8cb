"""What was read in a file: its pictures, and what people answer to what was found."""

from fastapi import APIRouter
from starlette.responses import Response

from app.services.evidence import reading_answers
from app.web.access import Ask, RowId, works, writes
from app.web.download import FILE_HEADERS, content_disposition
from app.web.evidence.paths import piece_path
from app.web.evidence.piece import piece_again
from app.web.forms import TypedForm, typed_form
from app.web.templating import redirect_to

router = APIRouter()


@router.get("/{city}/evidence/{evidence_id}/preview/{page}")
def show_preview(evidence_id: RowId, page: RowId, ask: Ask = works("evidence.read")) -> Response:
    """One picture of what is in the file, made here, and sent as carefully as the file itself."""
    picture = reading_answers.open_picture(ask.desk, evidence_id, page)
    headers = {"Content-Disposition": content_disposition("inline", picture.name), **FILE_HEADERS}
    return Response(b"".join(picture.chunks), media_type=picture.media_type, headers=headers)


@router.post("/{city}/evidence/{evidence_id}/personal-data-seen")
def decide_on_personal_data(
    evidence_id: RowId, form: TypedForm = typed_form(), ask: Ask = writes("evidence.write")
) -> Response:
    """It may be there as it is; or, with the answer `restrict`, only for those whose it is."""
    restricts = form.text("answer") == "restrict"
    decide = reading_answers.restrict_piece if restricts else reading_answers.allow_personal_data
    with piece_again(ask, {}, evidence_id):
        decide(ask.desk, evidence_id, form.version())
    return redirect_to(ask, piece_path(ask, evidence_id), "evidence-restricted" if restricts else "personal-data-seen")


@router.post("/{city}/evidence/{evidence_id}/day")
def decide_on_day(evidence_id: RowId, form: TypedForm = typed_form(), ask: Ask = writes("evidence.write")) -> Response:
    """Take the day that the file gives as the end of the time that it covers, or refuse it."""
    decision = form.text("answer")

    with piece_again(ask, {}, evidence_id):
        reading_answers.answer_day(ask.desk, evidence_id, decision, form.day("day"), form.version())
    return redirect_to(ask, piece_path(ask, evidence_id), "day-taken" if decision == "yes" else "day-refused")
