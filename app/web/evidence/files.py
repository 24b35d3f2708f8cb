"""The way of a piece's files in and out: copies, versions, and what is kept of a link."""

from fastapi import APIRouter
from starlette.responses import Response

from app.rules.evidence.public_advice import PUBLIC_ADVICE
from app.services.evidence import new_file, opening
from app.web.access import Ask, RowId, receives, works
from app.web.download import stream_file
from app.web.evidence.form import read_uploads
from app.web.evidence.paths import piece_path
from app.web.evidence.piece import piece_again
from app.web.forms import TypedForm, typed_form
from app.web.steps import rename_fields
from app.web.templating import redirect_to

router = APIRouter()


@router.get("/{city}/evidence/{evidence_id}/copy")
def download_copy(evidence_id: RowId, ask: Ask = works("evidence.read")) -> Response:
    """What the linked page said when it was visited."""
    download = opening.download_copy(ask.desk, evidence_id)
    return stream_file(download, view=ask.request.query_params.get("view") == "1")


@router.get("/{city}/evidence/{evidence_id}/file")
def download_file(evidence_id: RowId, ask: Ask = works("evidence.read")) -> Response:
    """The file as it was kept, to be saved; with `?view=1` shown, where a browser does that by itself."""
    download = opening.download_file(ask.desk, evidence_id)
    return stream_file(download, view=ask.request.query_params.get("view") == "1")


@router.post("/{city}/evidence/{evidence_id}/file")
def replace_file(evidence_id: RowId, ask: Ask = receives("evidence.write"), form: TypedForm = typed_form()) -> Response:
    """A new version."""
    with piece_again(ask, form, evidence_id):
        why, files = form.text("why"), read_uploads(form)
        new_file.replace_file(ask.site, ask.who, evidence_id, form.version(), why, files)
    return redirect_to(ask, piece_path(ask, evidence_id), "evidence-replaced")


@router.post("/{city}/evidence/{evidence_id}/redacted")
def add_redacted_copy(
    evidence_id: RowId, ask: Ask = receives("evidence.write"), form: TypedForm = typed_form()
) -> Response:
    with piece_again(ask, {}, evidence_id), rename_fields({"file": "redacted", PUBLIC_ADVICE: "advice_on_copy"}):
        copy_id = new_file.add_redacted_copy(
            ask.site, ask.who, evidence_id, form.version(), read_uploads(form), advised=form.ticked(PUBLIC_ADVICE)
        )
    return redirect_to(ask, piece_path(ask, copy_id), "evidence-redacted")


@router.get("/{city}/evidence/{evidence_id}/versions/{number}/file")
def download_version(evidence_id: RowId, number: RowId, ask: Ask = works("evidence.read")) -> Response:
    return stream_file(new_file.download_version(ask.desk, evidence_id, number), view=False)
