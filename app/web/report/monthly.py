"""Reports that go out by mail each month."""

from contextlib import AbstractContextManager

from fastapi import APIRouter
from starlette.responses import Response

from app.services.monthly import page, setting
from app.services.monthly.setting import TypedMonthly
from app.web.access import Ask, RowId, reads, writes
from app.web.forms import TypedForm, typed_form
from app.web.steps import form_again
from app.web.templating import redirect_to, show_page

router = APIRouter()


def _read_typed(form: TypedForm) -> TypedMonthly:
    return TypedMonthly(
        length=form.text("length"),
        audience=form.text("audience"),
        language=form.text("language"),
        day=form.integer("day"),
        is_attached=form.ticked("attached"),
        staff=form.all("staff"),
        addresses=form.text("addresses"),
        until=form.day("until"),
    )


def _page_again(ask: Ask, form: TypedForm, monthly_id: int) -> AbstractContextManager[None]:
    return form_again(ask, form, "monthly/show.html", lambda: page.load_page(ask.desk, monthly_id))


def _show_saved(ask: Ask, monthly_id: int, done: str) -> Response:
    return redirect_to(ask, f"/{ask.who.city.slug}/reports/monthly/{monthly_id}", done)


@router.get("/{city}/reports/monthly")
async def show_monthly_list(ask: Ask = reads("report.send")) -> Response:
    return show_page(ask, "monthly/index.html", page.load_list(ask.desk))


@router.post("/{city}/reports/monthly")
def add_monthly(ask: Ask = writes("report.send"), form: TypedForm = typed_form()) -> Response:
    with form_again(ask, form, "monthly/index.html", lambda: page.load_list(ask.desk)):
        monthly_id = setting.add_monthly(ask.desk, _read_typed(form))
    return _show_saved(ask, monthly_id, "monthly-set")


@router.get("/{city}/reports/monthly/{monthly_id}")
async def show_monthly(monthly_id: RowId, ask: Ask = reads("report.send")) -> Response:
    return show_page(ask, "monthly/show.html", page.load_page(ask.desk, monthly_id))


@router.post("/{city}/reports/monthly/{monthly_id}")
def change_monthly(monthly_id: RowId, ask: Ask = writes("report.send"), form: TypedForm = typed_form()) -> Response:
    with _page_again(ask, form, monthly_id):
        setting.change_monthly(ask.desk, monthly_id, _read_typed(form), form.version())
    return _show_saved(ask, monthly_id, "saved")


@router.post("/{city}/reports/monthly/{monthly_id}/pause")
def pause_monthly(monthly_id: RowId, ask: Ask = writes("report.send"), form: TypedForm = typed_form()) -> Response:
    with _page_again(ask, form, monthly_id):
        setting.pause_monthly(ask.desk, monthly_id, form.version())
    return _show_saved(ask, monthly_id, "monthly-paused")


@router.post("/{city}/reports/monthly/{monthly_id}/resume")
def resume_monthly(monthly_id: RowId, ask: Ask = writes("report.send"), form: TypedForm = typed_form()) -> Response:
    with _page_again(ask, form, monthly_id):
        setting.resume_monthly(ask.desk, monthly_id, form.version())
    return _show_saved(ask, monthly_id, "monthly-resumed")


@router.post("/{city}/reports/monthly/{monthly_id}/end")
def end_monthly(monthly_id: RowId, ask: Ask = writes("report.send"), form: TypedForm = typed_form()) -> Response:
    with _page_again(ask, form, monthly_id):
        setting.end_monthly(ask.desk, monthly_id, form.version())
    return redirect_to(ask, f"/{ask.who.city.slug}/reports/monthly", "monthly-ended")


@router.post("/{city}/reports/monthly/{monthly_id}/again")
def send_monthly_again(monthly_id: RowId, ask: Ask = writes("report.send"), form: TypedForm = typed_form()) -> Response:
    with _page_again(ask, form, monthly_id):
        setting.send_again(ask.desk, monthly_id, form.text("month"), form.version())
    return _show_saved(ask, monthly_id, "monthly-again")
