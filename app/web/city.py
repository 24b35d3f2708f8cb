"""A city's address by itself leads to where the person begins; and its settings."""

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from app.services import city
from app.web.access import Ask, reads, writes
from app.web.forms import TypedForm, typed_form
from app.web.page_cache import show_kept_page
from app.web.steps import form_again
from app.web.templating import redirect_to

router = APIRouter()
STARTS = {"official": "readiness", "reviewer": "board", "admin": "board"}


def start_path(slug: str, role: str) -> str:
    """The page that someone in this role begins with."""
    return f"/{slug}/{STARTS.get(role, 'my-work')}"


@router.get("/{city}")
async def redirect_to_start(ask: Ask = reads("criteria.read")) -> Response:
    return RedirectResponse(start_path(ask.who.city.slug, ask.who.role), 303)


@router.get("/{city}/settings")
async def show_settings(ask: Ask = reads("city.write")) -> Response:
    return show_kept_page(ask, "city/settings.html", lambda: city.load_settings(ask.desk))


@router.post("/{city}/settings")
def change_city(ask: Ask = writes("city.write"), form: TypedForm = typed_form()) -> Response:
    with form_again(ask, form, "city/settings.html", lambda: city.load_settings(ask.desk)):
        values = form.text("name"), form.integer("population"), form.text("time_zone")
        city.change_city(ask.desk, *values, form.version())
    return redirect_to(ask, f"/{ask.who.city.slug}/settings", "saved")
