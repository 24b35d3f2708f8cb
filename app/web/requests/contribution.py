"""The page where a partner answers a request without an account, and sends what it has."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial, reduce
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from app.rules.criteria.edition import EvidenceKind
from app.rules.errors import CityReadyError, CorrectableProblem, Invalid, OutsideUnavailable
from app.rules.evidence.entry import EvidenceEntry
from app.rules.evidence.public_advice import PUBLIC_ADVICE
from app.rules.message import Message, say
from app.services.account.tries import TooManyAttempts
from app.services.evidence import upload
from app.services.evidence.adding import IncomingFile
from app.services.requests import contribution, personal_link
from app.services.requests.contribution import ContributionForm
from app.web import languages
from app.web.access import Visit, visits, visits_by_link
from app.web.evidence.form import read_numbers
from app.web.forms import TypedForm, typed_form
from app.web.steps import answer_problems
from app.web.templating import redirect_to, show_page, show_page_again

router = APIRouter()
CONTRIBUTE_TEMPLATE = "request/contribute.html"


@router.get("/contribute/{token}", name="contribute")
async def show_contribution_form(token: str, visit: Visit = visits()) -> Response:
    page = contribution.load_partner_page(visit.session, visit.site, token)
    return show_page(
        replace(visit, language=languages.chosen_language(visit.request) or page.language), CONTRIBUTE_TEMPLATE, page
    )


@router.post("/contribute/{token}", name="contribute_post")
def receive_contribution(token: str, visit: Visit = visits_by_link(), form: TypedForm = typed_form()) -> Response:
    """Files come with the form, or came before it in parts and are named in `upload`."""
    load_page = partial(contribution.load_partner_page, visit.session, visit.site, token)
    tokens = form.all("upload")
    sender = personal_link.load_sender(visit.site, token) if tokens else None

    def show_problem(problem: CityReadyError) -> Response:
        received = upload.list_completed(visit.site, sender, tokens) if sender else ()
        return show_page_again(visit, {**form.kept, "come": received}, CONTRIBUTE_TEMPLATE, load_page, problem)

    with answer_problems(show_problem, (CorrectableProblem, TooManyAttempts, OutsideUnavailable)):
        uploads = (
            tuple(upload.assemble_file(visit.site, sender, upload_token) for upload_token in tokens) if sender else ()
        )
        refused = contribution.receive_contribution(
            visit.site, token, _read_contribution(form, uploads, visit.language)
        )
    if sender:
        for upload_token in tokens:
            upload.remove_upload(visit.site, sender, upload_token)
    if refused:
        typed_values = {
            name: form.kept[name] for name in ("name", "role", "may_quote", PUBLIC_ADVICE) if name in form.kept
        }
        problem = Invalid({"file": _join_sentences(refused)})
        return show_page_again(visit, typed_values, CONTRIBUTE_TEMPLATE, load_page, problem)
    return redirect_to(visit, f"/contribute/{token}", "contribution-sent")


def _join_sentences(sentences: Sequence[Message]) -> Message:
    """Each sentence, and that the rest is kept."""
    ending = say("Everything else that you sent is kept.")
    return reduce(
        lambda after, sentence: say("%(one)s %(after)s", one=sentence, after=after), reversed(sentences), ending
    )


PART_FIELDS = {
    EvidenceKind.LINK: ("url",),
    EvidenceKind.NOTE: ("note",),
    EvidenceKind.FIGURE: (
        "title", "unit", "baseline_value", "baseline_period", "current_value", "current_period", "published_percent", "source",
    ),
}  # fmt: skip
"""The fields of each part of the partner's form. A part counts as filled in with any of them."""


def _read_contribution(form: TypedForm, uploads: tuple[IncomingFile, ...], language: str) -> ContributionForm:
    files = uploads + tuple(IncomingFile(file.filename or "", file.file) for file in form.files("file"))
    parts = {kind: {name: form.text(name) for name in names} for kind, names in PART_FIELDS.items()}
    entries = tuple(
        _read_entry(kind, part, language) for kind, part in parts.items() if any(text.strip() for text in part.values())
    )
    advised = form.ticked(PUBLIC_ADVICE)
    return ContributionForm(form.text("name"), form.text("role"), form.ticked("may_quote"), entries, files, advised)


def _read_entry(kind: EvidenceKind, part: Mapping[str, str], language: str) -> EvidenceEntry:
    """A note has no title of its own: it is called by its first words."""
    unread: dict[str, Message] = {}
    title = {"title": " ".join(part["note"].split())[:80]} if kind is EvidenceKind.NOTE else {}
    texts: dict[str, Any] = {**read_numbers(part, language, unread), **title}
    return EvidenceEntry(kind=kind, unread=unread, **texts)
