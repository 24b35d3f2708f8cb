"""A city's settings: a page of sections, each with a form of its own."""

from contextlib import AbstractContextManager

from fastapi import APIRouter
from starlette.responses import Response

from app.rules.files.typed_data import MAY_STAND
from app.rules.report.foreword import ForewordText
from app.services import city
from app.services.city_settings import (
    about,
    contact,
    emblem,
    foreword,
    group_roles,
    looks,
    page,
    sign_in_rules,
    single_sign_on,
    small_office,
)
from app.services.city_settings.about import CityFacts
from app.services.city_settings.contact import OfficeContact
from app.services.city_settings.group_roles import TypedGroups
from app.services.city_settings.looks import CityLooks
from app.services.city_settings.single_sign_on import TypedProvider
from app.web.access import Ask, RowId, reads, receives, works, writes
from app.web.download import FILE_HEADERS
from app.web.forms import TypedForm, typed_form
from app.web.page_cache import show_kept_page
from app.web.steps import form_again
from app.web.templating import redirect_to

router = APIRouter()
TEMPLATE = "city/settings.html"


@router.get("/{city}/settings")
async def show_settings(ask: Ask = reads("city.write")) -> Response:
    return show_kept_page(ask, TEMPLATE, lambda: page.load_settings(ask.desk), form="")


def settings_again(ask: Ask, form: TypedForm, section: str) -> AbstractContextManager[None]:
    """The page with the form of this section as typed, and what is wrong with it."""
    return form_again(ask, form, TEMPLATE, lambda: page.load_settings(ask.desk), form=section)


def show_saved(ask: Ask, done: str) -> Response:
    """The page again, with what was done."""
    return redirect_to(ask, f"/{ask.who.city.slug}/settings", done)


@router.post("/{city}/settings")
def change_city(ask: Ask = writes("city.write"), form: TypedForm = typed_form()) -> Response:
    with settings_again(ask, form, "about"):
        typed = CityFacts(
            name=form.text("name"),
            country=form.text("country"),
            language=form.text("language"),
            time_zone=form.text("time_zone"),
            population=form.integer("population"),
        )
        about.change_city(ask.desk, typed, form.version())
    return show_saved(ask, "saved-about")


@router.post("/{city}/settings/contact")
def change_contact(ask: Ask = writes("city.write"), form: TypedForm = typed_form()) -> Response:
    with settings_again(ask, form, "contact"):
        typed = OfficeContact(form.text("contact_name"), form.text("contact_phone"), form.text("contact_email"))
        contact.change_contact(ask.desk, typed, form.version())
    return show_saved(ask, "saved-contact")


@router.post("/{city}/settings/assessment")
def change_cycle(ask: Ask = writes("city.write"), form: TypedForm = typed_form()) -> Response:
    with settings_again(ask, form, "cycle"):
        about.change_cycle(ask.desk, form.text("name"), form.day("due_on"), form.version())
    return show_saved(ask, "saved-cycle")


@router.post("/{city}/settings/sign-in")
def change_sign_in(ask: Ask = writes("city.write", fresh=True), form: TypedForm = typed_form()) -> Response:
    with settings_again(ask, form, "sign-in"):
        passkeys = form.ticked("passkeys")
        sign_in_rules.change_rules(ask.desk, form.all("role"), form.version(), passkeys=passkeys)
    return show_saved(ask, "saved-sign-in")


@router.post("/{city}/settings/small-office")
def set_small_office(ask: Ask = writes("city.write"), form: TypedForm = typed_form()) -> Response:
    with settings_again(ask, form, "small-office"):
        small_office.set_small_office(ask.desk, is_small=bool(form.text("small")), version=form.version())
    return show_saved(ask, "small-office")


@router.post("/{city}/settings/looks")
def change_looks(ask: Ask = writes("city.write", fresh=True), form: TypedForm = typed_form()) -> Response:
    with settings_again(ask, form, "looks"):
        typed = CityLooks(form.text("color"), form.text("sender_name"), form.text("reply_to"))
        looks.change_looks(ask.desk, typed, form.version())
    return show_saved(ask, "saved-looks")


@router.post("/{city}/settings/keeping")
def set_retention_default(ask: Ask = writes("city.write"), form: TypedForm = typed_form()) -> Response:
    with settings_again(ask, form, "keeping"):
        looks.set_retention_default(ask.desk, form.integer("retention_default"), form.version())
    return show_saved(ask, "saved-keeping")


@router.post("/{city}/settings/sign-on")
def add_provider(ask: Ask = writes("city.write", fresh=True), form: TypedForm = typed_form()) -> Response:
    with settings_again(ask, form, "single-sign-on"):
        texts = {name: form.text(name) for name in ("name", "issuer", "client_id", "secret", "domains")}
        typed = TypedProvider(**texts, is_trusted=bool(form.text("trusted")))
        single_sign_on.add_provider(ask.desk, typed)
    return show_saved(ask, "sign-on-added")


@router.post("/{city}/settings/sign-on/{provider_id}/remove")
def remove_provider(
    provider_id: RowId, ask: Ask = writes("city.write", fresh=True), form: TypedForm = typed_form()
) -> Response:
    with settings_again(ask, form, "single-sign-on"):
        single_sign_on.remove_provider(ask.desk, provider_id)
    return show_saved(ask, "sign-on-removed")


@router.post("/{city}/settings/sign-on/{provider_id}/groups")
def save_group_roles(
    provider_id: RowId, ask: Ask = writes("city.write", fresh=True), form: TypedForm = typed_form()
) -> Response:
    with settings_again(ask, form, "single-sign-on"):
        lines = zip(form.all("group"), form.all("role"), form.all("department"), strict=False)
        typed = TypedGroups(form.text("claim"), list(lines), form.ticked("creates"))
        group_roles.save_group_roles(ask.desk, provider_id, typed, form.version())
    return show_saved(ask, "groups-saved")


@router.post("/{city}/settings/passphrases")
def close_passphrases(ask: Ask = writes("city.write", fresh=True), form: TypedForm = typed_form()) -> Response:
    with settings_again(ask, form, "single-sign-on"):
        is_closed, by_service = bool(form.text("closed")), ask.who.by_service
        single_sign_on.close_passphrases(ask.desk, form.version(), closed=is_closed, by_service=by_service)
    return show_saved(ask, "saved-sign-in")


@router.get("/{city}/settings/emblem")
def show_emblem(ask: Ask = works("city.write")) -> Response:
    picture = emblem.load_emblem(ask.desk)
    return Response(picture.content, media_type=picture.media_type, headers=FILE_HEADERS)


@router.post("/{city}/settings/emblem")
def set_emblem(ask: Ask = receives("city.write"), form: TypedForm = typed_form()) -> Response:
    with settings_again(ask, form, "emblem"):
        emblem.check_emblem_version(ask.desk, form.version())
        file = emblem.need_file(form.files("file"))
        city.set_emblem(ask.site, ask.who.city.slug, file.filename or "", file.file, ask.who.person_id)
    return show_saved(ask, "saved-emblem")


@router.post("/{city}/settings/emblem/remove")
def remove_emblem(ask: Ask = writes("city.write"), form: TypedForm = typed_form()) -> Response:
    with settings_again(ask, form, "emblem"):
        emblem.remove_emblem(ask.desk, form.version())
    return show_saved(ask, "removed-emblem")


@router.post("/{city}/settings/foreword")
def write_foreword(ask: Ask = writes("city.write"), form: TypedForm = typed_form()) -> Response:
    with settings_again(ask, form, "foreword"):
        typed = ForewordText(form.text("text"), form.text("name"), form.text("office"))
        foreword.write_foreword(
            ask.desk, form.text("language"), typed, form.version(), may_stand=form.ticked(MAY_STAND)
        )
    return show_saved(ask, "saved-foreword")
