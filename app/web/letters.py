"""Letters: one's own with what one chose, those that wait, previews, and the link that ends a kind."""

from fastapi import APIRouter
from starlette.responses import Response

from app.services.outbox import choosing, listing
from app.services.people import members, stopped_letters
from app.settings import LANGUAGES
from app.web.access import Ask, RowId, Visit, reads, visits, visits_writing, writes
from app.web.forms import TypedForm, typed_form
from app.web.steps import form_again
from app.web.templating import redirect_to, show_page

router = APIRouter()
LETTER_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; form-action 'none'"
"""A letter brings its style along in each line, as mail programs want it, and nothing else."""


@router.get("/letters/stop/{token}", name="stop_letters")
async def show_stop_page(token: str, visit: Visit = visits(), kind: str = "") -> Response:
    """Ends nothing by itself: scanners of mail open every link."""
    return show_page(visit, "letters/stop.html", choosing.load_stop_page(visit.session, visit.site, token, kind))


@router.post("/letters/stop/{token}", name="stop_letters_post")
def stop_letters(token: str, visit: Visit = visits_writing(), kind: str = "") -> Response:
    choosing.stop_kinds(visit.session, visit.site, token, kind)
    return show_page(visit, "letters/stop.html", choosing.load_stop_page(visit.session, visit.site, token, kind))


@router.get("/{city}/letters", name="letters")
async def show_my_letters(ask: Ask = reads("letter.read")) -> Response:
    return show_page(ask, "letters/index.html", listing.load_my_letters(ask.desk))


@router.post("/{city}/letters")
def choose_letters(ask: Ask = writes("letter.read"), form: TypedForm = typed_form()) -> Response:
    with form_again(ask, form, "letters/index.html", lambda: listing.load_my_letters(ask.desk)):
        choosing.choose_letters(
            ask.desk,
            on=form.all("kinds"),
            pace=form.text("pace"),
            quiet_days=form.all("quiet_days"),
            time_zone=form.text("time_zone"),
            version=form.version(),
        )
    return redirect_to(ask, f"/{ask.who.city.slug}/letters", "saved")


@router.get("/{city}/letters/waiting")
async def show_letters_to_send(ask: Ask = reads("letter.send")) -> Response:
    return show_page(ask, "letters/waiting.html", listing.load_letters_to_send(ask.desk))


@router.post("/{city}/letters/waiting/{letter_id}")
def mark_letter_sent(letter_id: RowId, ask: Ask = writes("letter.send")) -> Response:
    listing.mark_letter_sent(ask.desk, letter_id)
    return redirect_to(ask, f"/{ask.who.city.slug}/letters/waiting", "letter-sent")


@router.get("/{city}/letters/preview")
async def show_previews(ask: Ask = reads("letter.send"), language: str = "") -> Response:
    chosen = language if language in LANGUAGES else ask.language
    return show_page(ask, "letters/preview.html", listing.load_previews(ask.desk, chosen))


@router.get("/{city}/letters/preview/{kind}")
async def show_preview(kind: str, ask: Ask = reads("letter.send"), language: str = "") -> Response:
    chosen = language if language in LANGUAGES else ask.language
    html = listing.load_preview_html(ask.desk, kind, chosen)
    return Response(html, media_type="text/html", headers={"Content-Security-Policy": LETTER_POLICY})


@router.post("/{city}/people/{membership_id}/letters")
def resume_letters(membership_id: RowId, ask: Ask = writes("people.write")) -> Response:
    member = members.load_person(ask.desk, membership_id).member
    stopped_letters.resume_letters(ask.desk, member.person_id)
    return redirect_to(ask, f"/{ask.who.city.slug}/people/{membership_id}", "letters-resumed")
