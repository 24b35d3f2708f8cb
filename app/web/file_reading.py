"""What was read in a file: its pictures, and what people answer to what was found."""

from functools import partial

from fastapi import APIRouter
from starlette.responses import Response

from app.services.evidence import reading_answers
from app.web.access import Ask, Id, works, writes
from app.web.evidence import FILE_HEADERS, disposition, piece_step
from app.web.forms import Typed, typed

router = APIRouter()


@router.get("/{city}/evidence/{evidence_id}/preview/{page}")
def preview(evidence_id: Id, page: Id, ask: Ask = works("evidence.read")) -> Response:
    """One picture of what is in the file, made here, and sent as carefully as the file itself."""
    found = reading_answers.open_picture(ask.desk, evidence_id, page)
    headers = {"Content-Disposition": disposition("inline", found.name), **FILE_HEADERS}
    return Response(b"".join(found.chunks), media_type=found.media_type, headers=headers)


@router.post("/{city}/evidence/{evidence_id}/personal-data-seen")
def personal_data_seen(evidence_id: Id, form: Typed = typed(), ask: Ask = writes("evidence.write")) -> Response:
    """It may be there as it is; or, with the answer `restrict`, only for those whose it is."""
    if form.text("answer") == "restrict":
        take = partial(reading_answers.restrict_piece, ask.desk, evidence_id)
        return piece_step(ask, evidence_id, form, take, "evidence-restricted")
    take = partial(reading_answers.allow_personal_data, ask.desk, evidence_id)
    return piece_step(ask, evidence_id, form, take, "personal-data-seen")


@router.post("/{city}/evidence/{evidence_id}/day")
def day(evidence_id: Id, form: Typed = typed(), ask: Ask = writes("evidence.write")) -> Response:
    """Take the day that the file gives as the end of the time that it covers, or refuse it."""
    answer = form.text("answer")

    def take(version: int) -> None:
        reading_answers.answer_day(ask.desk, evidence_id, answer, form.day("day"), version)

    return piece_step(ask, evidence_id, form, take, "day-taken" if answer == "yes" else "day-refused")
