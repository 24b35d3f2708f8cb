"""The sentences that may be said in public, to read and to take along as text."""

from fastapi import APIRouter
from starlette.responses import PlainTextResponse, Response

from app.adapters.translations import load_translator
from app.rules.evidence.public_advice import PUBLIC_ADVICE
from app.services.evidence import claims
from app.web.access import Ask, RowId, reads, writes
from app.web.evidence.paths import piece_path
from app.web.evidence.piece import piece_again
from app.web.forms import TypedForm, typed_form
from app.web.page_cache import show_kept_page
from app.web.steps import rename_fields
from app.web.templating import redirect_to

router = APIRouter()


@router.get("/{city}/claims")
async def show_claims(ask: Ask = reads("claim.read")) -> Response:
    return show_kept_page(ask, "claim/index.html", lambda: claims.list_claims(ask.desk))


@router.get("/{city}/claims.txt")
async def download_claims(ask: Ask = reads("claim.read")) -> Response:
    """Each sentence with its number, then the footnotes and the notice, in the reader's language."""
    say, page = load_translator(ask.language).say, claims.list_claims(ask.desk)
    sentences = [f"{say(line.sentence)} [{number}]" for number, line in enumerate(page.lines, 1)]
    footnotes = [f"[{number}] {' '.join(map(say, line.footnote))}" for number, line in enumerate(page.lines, 1)]
    headers = {"Content-Disposition": 'attachment; filename="claims.txt"'}
    return PlainTextResponse("\n".join([*sentences, "", *footnotes, "", *map(say, page.notice), ""]), headers=headers)


@router.post("/{city}/evidence/{evidence_id}/approval")
def approve_claim(evidence_id: RowId, form: TypedForm = typed_form(), ask: Ask = writes("claim.approve")) -> Response:
    with piece_again(ask, {}, evidence_id), rename_fields({PUBLIC_ADVICE: "advice_on_approval"}):
        claims.approve_claim(ask.desk, evidence_id, form.version(), advised=form.ticked(PUBLIC_ADVICE))
    return redirect_to(ask, piece_path(ask, evidence_id), "claim-approved")


@router.post("/{city}/evidence/{evidence_id}/approval/withdraw")
def withdraw_approval(
    evidence_id: RowId, form: TypedForm = typed_form(), ask: Ask = writes("claim.approve")
) -> Response:
    with piece_again(ask, {}, evidence_id):
        claims.withdraw_claim(ask.desk, evidence_id, form.version())
    return redirect_to(ask, piece_path(ask, evidence_id), "claim-withdrawn")
