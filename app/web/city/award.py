"""The awards that a city really holds."""

from contextlib import AbstractContextManager

from fastapi import APIRouter
from starlette.responses import Response

from app.rules.city.award import AWARD_NAMES, AwardEntry
from app.services import award
from app.web.access import Ask, RowId, reads, writes
from app.web.forms import TypedForm, typed_form
from app.web.page_cache import show_kept_page
from app.web.steps import form_again
from app.web.templating import redirect_to

router = APIRouter()


def _awards_path(ask: Ask) -> str:
    return f"/{ask.who.city.slug}/awards"


def _awards_again(ask: Ask, form: TypedForm, edited: str = "") -> AbstractContextManager[None]:
    return form_again(
        ask, form, "award/index.html", lambda: award.load_awards(ask.desk, edited), level_names=AWARD_NAMES
    )


def _read_entry(form: TypedForm) -> AwardEntry:
    return AwardEntry(
        level=form.text("level"),
        announced_on=form.day("announced_on"),
        source_url=form.text("source_url"),
        valid_until=form.day("valid_until"),
        note=form.text("note"),
    )


@router.get("/{city}/awards")
async def show_awards(ask: Ask = reads("award.read"), edit: str = "") -> Response:
    build = lambda: award.load_awards(ask.desk, edit)  # noqa: E731
    return show_kept_page(ask, "award/index.html", build, level_names=AWARD_NAMES)


@router.post("/{city}/awards")
def enter_award(ask: Ask = writes("award.write"), form: TypedForm = typed_form()) -> Response:
    with _awards_again(ask, form):
        award.enter_award(ask.desk, _read_entry(form))
    return redirect_to(ask, _awards_path(ask), "award-entered")


@router.post("/{city}/awards/{award_id}")
def change_award(award_id: RowId, ask: Ask = writes("award.write"), form: TypedForm = typed_form()) -> Response:
    with _awards_again(ask, form, str(award_id)):
        award.change_award(ask.desk, award_id, _read_entry(form), form.version())
    return redirect_to(ask, _awards_path(ask), "saved")


@router.post("/{city}/awards/{award_id}/remove")
def remove_award(award_id: RowId, ask: Ask = writes("award.write"), form: TypedForm = typed_form()) -> Response:
    with _awards_again(ask, form):
        award.remove_award(ask.desk, award_id, form.version())
    return redirect_to(ask, _awards_path(ask), "award-removed")


@router.post("/{city}/awards/{award_id}/restore")
def restore_award(award_id: RowId, ask: Ask = writes("award.write"), form: TypedForm = typed_form()) -> Response:
    with _awards_again(ask, form):
        award.restore_award(ask.desk, award_id, form.version())
    return redirect_to(ask, _awards_path(ask), "saved")
