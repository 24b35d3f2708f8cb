"""The page on which a redacted copy is made."""

from fastapi import APIRouter
from starlette.responses import Response

from app.rules.evidence.public_advice import PUBLIC_ADVICE
from app.rules.redaction import RedactionOrder
from app.services.evidence import opening, redacting
from app.web.access import Ask, RowId, works
from app.web.evidence.paths import piece_path
from app.web.forms import TypedForm, typed_form
from app.web.steps import form_again
from app.web.templating import redirect_to, show_page

router = APIRouter()
TEMPLATE = "evidence/redact.html"


@router.get("/{city}/evidence/{evidence_id}/redact")
def show_redaction(evidence_id: RowId, ask: Ask = works("evidence.write")) -> Response:
    opening.record_page_opening(ask.site, ask.who, evidence_id)
    return show_page(ask, TEMPLATE, redacting.load_redaction_page(ask.desk, evidence_id))


@router.post("/{city}/evidence/{evidence_id}/redact")
def make_copy(evidence_id: RowId, ask: Ask = works("evidence.write"), form: TypedForm = typed_form()) -> Response:
    """Waits until the copy is made."""

    def build() -> redacting.RedactionPage:
        return redacting.load_redaction_page(ask.desk, evidence_id)

    with form_again(ask, form, TEMPLATE, build):
        order = _read_order(form, build())
        copy_id = redacting.make_redacted_copy(
            ask.site,
            ask.who,
            evidence_id,
            form.version(),
            order,
            form.text("title"),
            form.text("visibility"),
            advised=form.ticked(PUBLIC_ADVICE),
        )
    return redirect_to(ask, piece_path(ask, copy_id), "evidence-redaction-made")


def _read_order(form: TypedForm, page: redacting.RedactionPage) -> RedactionOrder:
    areas = {number: form.text(f"areas-{number}") for number in (*page.pages, redacting.OTHER_PAGES)}
    return redacting.read_order(page, areas, form.text("words"), form.all("kinds"))
