"""What was read in a file: its pictures, and what people answer to what was found."""

from fastapi import APIRouter
from starlette.responses import Response

from app.rules.errors import CityReadyError
from app.services import evidence, file_reading_answers
from app.web.access import Ask, Id, reads, writes
from app.web.evidence import FILE_HEADERS, PROBLEMS, disposition
from app.web.forms import Typed, typed
from app.web.templating import again, go

router = APIRouter()


def _piece(ask: Ask, evidence_id: int) -> str:
    return f"/{ask.who.city.slug}/evidence/{evidence_id}"


def _again(ask: Ask, evidence_id: int, problem: CityReadyError) -> Response:
    build = lambda: evidence.show(ask.session, ask.site, ask.who, evidence_id)  # noqa: E731
    return again(ask, "evidence/show.html", build, problem, {})


@router.get("/{city}/evidence/{evidence_id}/preview/{page}")
def preview(evidence_id: Id, page: Id, ask: Ask = reads("evidence.read")) -> Response:
    """One picture of what is in the file, made here, and sent as carefully as the file itself."""
    found = file_reading_answers.picture(ask.session, ask.site, ask.who, evidence_id, page)
    headers = {"Content-Disposition": disposition("inline", f"page-{page}.webp"), **FILE_HEADERS}
    return Response(b"".join(found.chunks), media_type=found.media_type, headers=headers)


@router.post("/{city}/evidence/{evidence_id}/personal-data-seen")
def personal_data_seen(evidence_id: Id, form: Typed = typed(), ask: Ask = writes("evidence.write")) -> Response:
    """It may be there as it is; or, with the answer `restrict`, only for those whose it is."""
    restrict = form.text("answer") == "restrict"
    try:
        if restrict:
            file_reading_answers.restrict(ask.session, ask.site, ask.who, evidence_id, form.version())
        else:
            file_reading_answers.personal_data_seen(ask.session, ask.who, evidence_id, form.version())
    except PROBLEMS as problem:
        return _again(ask, evidence_id, problem)
    return go(ask, _piece(ask, evidence_id), "evidence-restricted" if restrict else "personal-data-seen")


@router.post("/{city}/evidence/{evidence_id}/day")
def day(evidence_id: Id, form: Typed = typed(), ask: Ask = writes("evidence.write")) -> Response:
    """Take the day that the file gives as the end of the time that it covers, or refuse it."""
    answer = form.text("answer")
    try:
        file_reading_answers.answer_day(
            ask.session, ask.site, ask.who, evidence_id, answer, form.day("day"), form.version()
        )
    except PROBLEMS as problem:
        return _again(ask, evidence_id, problem)
    return go(ask, _piece(ask, evidence_id), "day-taken" if answer == "yes" else "day-refused")
