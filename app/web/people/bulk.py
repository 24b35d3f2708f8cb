"""Many departments, people, partners and assignments at once: pasted or uploaded, looked at, saved, undone."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from app.adapters.tables.reading import read_upload
from app.rules.bulk.columns import COLUMN_NAMES, KIND_NAMES, SheetKind
from app.rules.bulk.fates import FATE_NAMES, Fate
from app.rules.bulk.register import BulkChoices
from app.rules.errors import Invalid, NotFound
from app.rules.files.kinds import CSV, XLSX
from app.rules.message import Message, say
from app.services.bulk import page, saving, templates, undoing
from app.services.bulk.page import BulkPreview, BulkText
from app.web.access import Ask, RowId, reads, receives, works, writes
from app.web.download import content_disposition
from app.web.forms import TypedForm, typed_form
from app.web.steps import form_again
from app.web.templating import redirect_to, show_page

router = APIRouter()
WORDS: dict[str, Any] = {
    "kind_names": KIND_NAMES,
    "column_names": COLUMN_NAMES,
    "fate_names": FATE_NAMES,
    "fates": Fate,
}


@router.get("/{city}/people/bulk")
async def show_bulk(ask: Ask = reads("people.write")) -> Response:
    return show_page(ask, "bulk/index.html", None, **WORDS)


@router.post("/{city}/people/bulk")
def look_at_tables(ask: Ask = receives("people.write"), form: TypedForm = typed_form()) -> Response:
    with form_again(ask, form, "bulk/index.html", lambda: None, **WORDS):
        texts, notes = _read_texts(form)
        preview = page.build_preview(ask.desk, texts, _read_choices(form), notes)
    return show_page(ask, "bulk/preview.html", preview, **WORDS)


def _read_texts(form: TypedForm) -> tuple[tuple[BulkText, ...], tuple[Message, ...]]:
    """The file where one was chosen, or what was pasted, or the tables of a preview that were corrected there."""
    kind = SheetKind(form.text("kind")) if form.text("kind") in set(SheetKind) else SheetKind.PEOPLE
    if files := form.files("file"):
        return page.texts_of_upload(read_upload(files[0].filename or "", files[0].file), kind)
    texts = [BulkText(each, form.text(each)) for each in SheetKind if form.text(each).strip()]
    pasted = form.text("text")
    if pasted.strip():
        texts.append(BulkText(kind, pasted))
    if not texts:
        raise Invalid({"text": say("Paste some lines first, or choose a file.")})
    return tuple(texts), ()


def _read_choices(form: TypedForm) -> BulkChoices:
    return BulkChoices(form.ticked("adds_departments"), form.ticked("takes_outsiders"))


def _preview_again(ask: Ask, form: TypedForm) -> BulkPreview:
    texts, notes = _read_texts(form)
    return page.build_preview(ask.desk, texts, _read_choices(form), notes)


@router.post("/{city}/people/bulk/save")
def save_tables(ask: Ask = writes("people.write", fresh=True), form: TypedForm = typed_form()) -> Response:
    with form_again(ask, form, "bulk/preview.html", lambda: _preview_again(ask, form), **WORDS):
        preview = _preview_again(ask, form)
        if preview.invited and form.text("invites") not in {"mail", "show", "later"}:
            raise Invalid({"invites": say("Choose what happens with the invitations.")})
        saved = saving.save_preview(
            ask.desk, preview, form.text("mark"), leaves_out=form.ticked("leaves_out"), invites=form.text("invites")
        )
    return show_page(ask, "bulk/saved.html", saved)


@router.get("/{city}/people/bulk/tables/{table}")
def download_table(table: str, ask: Ask = works("people.write")) -> Response:
    """All tables as a workbook, or one as CSV."""
    kind, _, extension = table.partition(".")
    if table == "cityready.xlsx":
        content, media_type = templates.write_all_tables(ask.desk), XLSX.media_type
    elif kind in set(SheetKind) and extension == "csv":
        content, media_type = templates.write_table(ask.desk, SheetKind(kind)), CSV.media_type
    else:
        raise NotFound(say("We could not find that table."))
    headers = {"Content-Disposition": content_disposition("attachment", f"{ask.who.city.slug}-{table}")}
    return Response(content, media_type=media_type, headers=headers)


@router.get("/{city}/people/bulk/{save_id}")
async def show_save(save_id: RowId, ask: Ask = reads("people.write")) -> Response:
    return show_page(ask, "bulk/undo.html", undoing.load_save(ask.desk, save_id))


@router.post("/{city}/people/bulk/{save_id}/undo")
def undo_save(
    save_id: RowId, ask: Ask = writes("people.write", fresh=True), form: TypedForm = typed_form()
) -> Response:
    with form_again(ask, form, "bulk/undo.html", lambda: undoing.load_save(ask.desk, save_id)):
        undoing.undo_save(ask.desk, save_id)
    return redirect_to(ask, f"/{ask.who.city.slug}/people/bulk/{save_id}", "bulk-undone")
