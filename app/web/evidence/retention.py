"""How long evidence and reports are kept, and disposing of them."""

from contextlib import AbstractContextManager

from fastapi import APIRouter
from starlette.responses import Response

from app.services import retention
from app.services.report import keeping, reports
from app.web.access import Ask, RowId, reads, works, writes
from app.web.evidence.piece import piece_again
from app.web.forms import TypedForm, typed_form
from app.web.page_cache import show_kept_page
from app.web.steps import form_again
from app.web.templating import redirect_to

router = APIRouter()


def _retention_path(ask: Ask) -> str:
    return f"/{ask.who.city.slug}/retention"


def _load_page(ask: Ask) -> retention.RetentionPage:
    return retention.list_retention(ask.desk)


def _list_again(ask: Ask) -> AbstractContextManager[None]:
    return form_again(ask, {}, "retention/index.html", lambda: _load_page(ask), form="")


def _save_class(ask: Ask, form: TypedForm, class_id: int | None) -> Response:
    """Keep the class; else show its form again, which the page knows by the class's id, or by `new`."""
    shown_form = str(class_id or "new")
    with form_again(ask, form, "retention/index.html", lambda: _load_page(ask), form=shown_form):
        version = form.version() if class_id else 0
        retention.set_class(ask.desk, class_id, form.text("name"), form.integer("years"), version)
    return redirect_to(ask, _retention_path(ask), "retention-set")


@router.get("/{city}/retention")
async def show_retention(ask: Ask = reads("retention.read")) -> Response:
    return show_kept_page(ask, "retention/index.html", lambda: _load_page(ask), form="")


@router.post("/{city}/retention/classes")
def add_class(ask: Ask = writes("retention.write"), form: TypedForm = typed_form()) -> Response:
    return _save_class(ask, form, None)


@router.post("/{city}/retention/classes/{class_id}")
def change_class(class_id: RowId, ask: Ask = writes("retention.write"), form: TypedForm = typed_form()) -> Response:
    return _save_class(ask, form, class_id)


@router.post("/{city}/retention/classes/{class_id}/remove")
def remove_class(class_id: RowId, ask: Ask = writes("retention.write"), form: TypedForm = typed_form()) -> Response:
    with _list_again(ask):
        retention.remove_class(ask.desk, class_id, form.version())
    return redirect_to(ask, _retention_path(ask), "retention-class-removed")


@router.post("/{city}/evidence/{evidence_id}/retention")
def set_retention(evidence_id: RowId, ask: Ask = writes("retention.write"), form: TypedForm = typed_form()) -> Response:
    with piece_again(ask, form, evidence_id):
        chosen, reason = form.integer("retention"), form.text("hold_reason")
        retention.set_retention(ask.desk, evidence_id, chosen, reason, form.version())
    return redirect_to(ask, f"/{ask.who.city.slug}/evidence/{evidence_id}", "retention-set")


@router.post("/{city}/evidence/{evidence_id}/disposal")
def propose_disposal(
    evidence_id: RowId, ask: Ask = writes("retention.write"), form: TypedForm = typed_form()
) -> Response:
    with _list_again(ask):
        retention.propose_disposal(ask.desk, evidence_id, form.version())
    return redirect_to(ask, _retention_path(ask), "disposal-proposed")


@router.post("/{city}/evidence/{evidence_id}/disposal/refuse")
def refuse_disposal(
    evidence_id: RowId, ask: Ask = writes("retention.write"), form: TypedForm = typed_form()
) -> Response:
    with _list_again(ask):
        retention.refuse_disposal(ask.desk, evidence_id, form.version())
    return redirect_to(ask, _retention_path(ask), "disposal-refused")


@router.post("/{city}/evidence/{evidence_id}/disposal/approve")
def approve_disposal(
    evidence_id: RowId, form: TypedForm = typed_form(), ask: Ask = works("retention.write", fresh=True)
) -> Response:
    with _list_again(ask):
        retention.dispose_of_piece(ask.site, ask.who, evidence_id, form.version())
    return redirect_to(ask, _retention_path(ask), "disposed")


@router.post("/{city}/retention/reports")
def choose_reports_class(ask: Ask = writes("retention.write"), form: TypedForm = typed_form()) -> Response:
    with form_again(ask, form, "retention/index.html", lambda: _load_page(ask), form="reports"):
        keeping.choose_class(ask.desk, form.integer("reports_class"), form.integer("before") or 0)
    return redirect_to(ask, _retention_path(ask), "reports-class-set")


def _report_again(ask: Ask, form: TypedForm, number: int) -> AbstractContextManager[None]:
    return form_again(ask, form, "report/show.html", lambda: reports.load_report(ask.desk, number))


@router.post("/{city}/reports/{number}/hold")
def hold_report(number: RowId, ask: Ask = writes("retention.write"), form: TypedForm = typed_form()) -> Response:
    with _report_again(ask, form, number):
        keeping.hold_report(ask.desk, number, form.text("hold_reason"), form.version())
    return redirect_to(ask, f"/{ask.who.city.slug}/reports/{number}", "retention-set")


@router.post("/{city}/reports/{number}/disposal")
def propose_report_disposal(
    number: RowId, ask: Ask = writes("retention.write"), form: TypedForm = typed_form()
) -> Response:
    with _report_again(ask, form, number):
        keeping.propose_disposal(ask.desk, number, form.text("disposal_reason"), form.version())
    return redirect_to(ask, _retention_path(ask), "disposal-proposed")


@router.post("/{city}/reports/{number}/disposal/refuse")
def refuse_report_disposal(
    number: RowId, ask: Ask = writes("retention.write"), form: TypedForm = typed_form()
) -> Response:
    with _list_again(ask):
        keeping.refuse_disposal(ask.desk, number, form.version())
    return redirect_to(ask, _retention_path(ask), "disposal-refused")


@router.post("/{city}/reports/{number}/disposal/approve")
def approve_report_disposal(
    number: RowId, form: TypedForm = typed_form(), ask: Ask = works("retention.write", fresh=True)
) -> Response:
    with _list_again(ask):
        keeping.dispose_of_report(ask.site, ask.who, number, form.version())
    return redirect_to(ask, _retention_path(ask), "report-disposed")
