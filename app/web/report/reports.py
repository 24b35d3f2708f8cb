"""Asking for a report, watching it being made, downloading it, and checking one by its code."""

from dataclasses import replace

from fastapi import APIRouter
from starlette.responses import Response, StreamingResponse

from app.rules.errors import Invalid, NotFound, Refused
from app.rules.report.opening import ReportFile
from app.rules.report.parts import ReportAudience
from app.rules.report.state import UNFINISHED_STATES
from app.services import readiness
from app.services.account.tries import TooManyAttempts
from app.services.report import document, edition, mailing, opening, reports, shelf, verifying
from app.web.access import Ask, RowId, Visit, reads, visits, works, writes
from app.web.forms import TypedForm, typed_form
from app.web.history import whole_number
from app.web.steps import form_again
from app.web.templating import redirect_to, show_page, wants_fragment

router = APIRouter()
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@router.post("/{city}/reports")
def create_report(ask: Ask = writes("report.make"), form: TypedForm = typed_form()) -> Response:
    with form_again(ask, form, "readiness/show.html", lambda: readiness.load_readiness(ask.desk), Invalid):
        number, existed = reports.order_report(
            ask.desk,
            form.text("language"),
            form.text("length"),
            audience=form.text("audience") or ReportAudience.PUBLIC,
            is_draft=form.ticked("draft"),
            forecast=form.ticked("forecast"),
            scenario=form.integer("scenario"),
            department_id=form.integer("department"),
        )
    return redirect_to(ask, f"/{ask.who.city.slug}/reports/{number}", "report-kept" if existed else "")


@router.get("/{city}/reports")
async def show_reports(ask: Ask = reads("report.read")) -> Response:
    return show_page(ask, "report/index.html", shelf.load_shelf(ask.desk, _read_filters(ask)))


def _read_filters(ask: Ask) -> shelf.ReportFilters:
    asked = ask.request.query_params
    names = {name: asked.get(name, "") for name in ("length", "language", "audience")}
    return shelf.ReportFilters(**names, before=whole_number(asked.get("before", "")))


@router.get("/{city}/reports/{number}")
async def show_report(number: RowId, ask: Ask = reads("report.read")) -> Response:
    """The report's page; htmx asks for its changing part until it is made and then for all of it, for what else stands there then.

    Without JavaScript the page loads itself again.
    """
    line = reports.load_report(ask.desk, number)
    if not wants_fragment(ask.request):
        return show_page(ask, "report/show.html", line)
    if line.state not in UNFINISHED_STATES:
        return redirect_to(ask, f"/{ask.who.city.slug}/reports/{number}")
    return show_page(ask, "report/_state.html", line)


@router.post("/{city}/reports/{number}/again")
def create_report_again(number: RowId, ask: Ask = writes("report.make"), form: TypedForm = typed_form()) -> Response:
    new_number = reports.order_again(ask.desk, number, is_shortened=form.ticked("shortened"))
    return redirect_to(ask, f"/{ask.who.city.slug}/reports/{new_number}")


@router.post("/{city}/reports/{number}/mail")
def mail_report(number: RowId, ask: Ask = writes("report.send"), form: TypedForm = typed_form()) -> Response:
    with form_again(ask, form, "report/show.html", lambda: reports.load_report(ask.desk, number), (Invalid, Refused)):
        mailing.mail_report(ask.desk, number, form.all("staff"), form.text("addresses"))
    return redirect_to(ask, f"/{ask.who.city.slug}/reports/{number}", "report-mailed")


@router.get("/{city}/reports/{number}/file")
def download_report(number: RowId, ask: Ask = works("report.read")) -> Response:
    chunks, name, size_bytes = reports.open_report_file(ask.desk, number)
    opening.note_opening(ask.desk, number, ReportFile.PDF)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Length": str(size_bytes)}
    return StreamingResponse(chunks, media_type="application/pdf", headers=headers)


@router.get("/{city}/reports/{number}/document")
def download_document(number: RowId, ask: Ask = works("report.read")) -> Response:
    content, name = document.open_document(ask.desk, number)
    opening.note_opening(ask.desk, number, ReportFile.WORD)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=DOCX, headers=headers)


@router.get("/{city}/reports/{number}/page")
def show_edition(number: RowId, ask: Ask = works("report.read")) -> Response:
    """The web edition in the report's language, for the city's own people."""
    read_edition = edition.open_edition(ask.desk, number)
    opening.note_opening(ask.desk, number, ReportFile.WEB)
    return show_page(replace(ask, language=read_edition.language), "report/edition.html", read_edition)


@router.get("/verify/{code}/report", name="edition")
def show_public_edition(code: str, visit: Visit = visits()) -> Response:
    """The web edition of a report for the public, in its language; wrong codes are counted as where one is checked."""
    if verifying.verify_report(visit.session, visit.site, code).disposed_at:
        return redirect_to(visit, f"/verify/{code}")
    read_edition = edition.open_public_edition(visit.session, code)
    opening.note_public_opening(visit.session, visit.site, code)
    return show_page(replace(visit, language=read_edition.language), "report/edition.html", read_edition)


@router.get("/verify", name="verify_form")
async def show_verify_form(visit: Visit = visits()) -> Response:
    """The field for a code; with one, the page of its report."""
    typed = visit.request.query_params.get("code")
    if typed is None:
        return show_page(visit, "report/verify_form.html", None)
    with form_again(visit, {"code": typed}, "report/verify_form.html", lambda: None, Invalid):
        code = verifying.find_typed_code(typed)
    return redirect_to(visit, f"/verify/{code}")


@router.get("/verify/{code}", name="verify")
def verify_report(code: str, visit: Visit = visits()) -> Response:
    problems = (NotFound, TooManyAttempts)
    with form_again(visit, {"code": code}, "report/verify_form.html", lambda: None, problems):
        verified = verifying.verify_report(visit.session, visit.site, code)
    return show_page(visit, "report/verify.html", verified)
