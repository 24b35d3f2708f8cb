"""The program's own words for all criteria at once: pasted or uploaded, looked at, saved."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from app.adapters.tables.reading import read_text
from app.rules.bulk.fates import FATE_NAMES, Fate
from app.rules.criteria.wordings import TextChange
from app.services.city_settings import wordings
from app.web.access import Ask, reads, receives, writes
from app.web.forms import TypedForm, typed_form
from app.web.steps import form_again
from app.web.templating import redirect_to, show_page

router = APIRouter()
INDEX, PREVIEW = "city/wordings.html", "city/wordings_preview.html"
WORDS: dict[str, Any] = {"fates": Fate, "fate_names": FATE_NAMES, "changes": TextChange}


@router.get("/{city}/settings/wordings")
async def show_wordings(ask: Ask = reads("city.write")) -> Response:
    return show_page(ask, INDEX, wordings.load_wordings(ask.desk))


@router.post("/{city}/settings/wordings")
def look_at_wordings(ask: Ask = receives("city.write"), form: TypedForm = typed_form()) -> Response:
    with form_again(ask, form, INDEX, lambda: wordings.load_wordings(ask.desk)):
        preview = wordings.preview_wordings(ask.desk, _read_pasted(form))
    return show_page(ask, PREVIEW, preview, **WORDS)


def _read_pasted(form: TypedForm) -> str:
    """The file where one was chosen, else what was pasted."""
    if files := form.files("file"):
        return read_text(files[0].filename or "", files[0].file)
    return form.text("text")


@router.post("/{city}/settings/wordings/save")
def save_wordings(ask: Ask = writes("city.write"), form: TypedForm = typed_form()) -> Response:
    pasted = form.text("text")
    with form_again(ask, form, PREVIEW, lambda: wordings.preview_wordings(ask.desk, pasted), **WORDS):
        save_id = wordings.save_wordings(ask.desk, pasted, form.text("mark"))
    return redirect_to(ask, f"/{ask.who.city.slug}/people/bulk/{save_id}", "wordings-saved")
