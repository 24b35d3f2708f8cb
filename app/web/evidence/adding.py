"""Adding evidence to a criterion: what a form holds, files, or a piece that is there already."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from app.rules.criteria.edition import EvidenceKind
from app.rules.errors import CityReadyError, NotFound
from app.rules.files.kinds import safe_name
from app.rules.message import say
from app.services.evidence import adding, library, removing, upload
from app.services.evidence.adding import FileOutcome
from app.services.evidence.library import AddEvidencePage
from app.web.access import Ask, RowId, reads, receives, writes
from app.web.evidence.form import read_entry, read_uploads
from app.web.evidence.library import read_search
from app.web.evidence.paths import criterion_path
from app.web.evidence.questions import HINT_LIMIT, questions_path
from app.web.forms import TypedForm, typed_form
from app.web.page_cache import show_kept_page
from app.web.statuses import status_of
from app.web.steps import answer_problems, form_again
from app.web.templating import redirect_to, show_page, wants_fragment

router = APIRouter()


@router.get("/{city}/criteria/{code}/evidence/new")
async def show_add_page(code: str, ask: Ask = reads("evidence.write")) -> Response:
    query_params = ask.request.query_params
    build = lambda: library.load_add_page(  # noqa: E731
        ask.desk, code, query_params.get("kind", ""), read_search(ask)
    )
    return show_kept_page(ask, "evidence/new.html", build, chosen=query_params.getlist("item"))


@router.get("/{city}/criteria/{code}/evidence")
async def redirect_to_add_page(code: str, ask: Ask = reads("evidence.write")) -> Response:
    """A form that came back with an error stands at this address; whoever loads that anew gets the empty form."""
    library.load_add_page(ask.desk, code, "", read_search(ask))
    query = ask.request.url.query
    return RedirectResponse(f"{criterion_path(ask, code)}/evidence/new" + (f"?{query}" if query else ""), 303)


@router.post("/{city}/criteria/{code}/evidence")
def add_piece(code: str, ask: Ask = receives("evidence.write"), form: TypedForm = typed_form()) -> Response:
    """Add what the form holds."""
    kind = _read_kind(form.text("kind"))
    with _add_page_again(ask, form, code, kind):
        if kind is EvidenceKind.FILE:
            return _add_files(code, form, ask)
        adding.add_evidence(ask.site, ask.who, code, read_entry(form, kind, ask.language))
    return redirect_to(ask, criterion_with_ticks(ask, code, "evidence-added", form.all("item")))


def _read_kind(text: str) -> EvidenceKind:
    if text not in set(EvidenceKind):
        raise NotFound(say("We do not know that kind of evidence."))
    return EvidenceKind(text)


def _add_files(code: str, form: TypedForm, ask: Ask) -> Response:
    tokens = form.all("upload")
    sender = upload.sender_of_person(ask.who)
    uploads = read_uploads(form)
    uploads += [upload.assemble_file(ask.site, sender, token) for token in tokens]
    outcomes = adding.add_files(ask.site, ask.who, code, read_entry(form, EvidenceKind.FILE, ask.language), uploads)
    status = 422 if any(outcome.problem for outcome in outcomes) else 200
    for token in tokens if status == 200 else ():
        upload.remove_upload(ask.site, sender, token)
    following = _path_after_adding(ask, code, form, outcomes)
    if wants_fragment(ask.request):
        return show_page(ask, "evidence/_outcomes.html", {"outcomes": outcomes}, status=status, following=following)
    if status == 422:
        page = _load_add_page(ask, code, EvidenceKind.FILE, outcomes)
        errors = {"outcomes": say("Not every file could be kept.")}
        return show_page(ask, "evidence/new.html", page, status=status, typed=form.kept, errors=errors, chosen=[])
    return redirect_to(ask, following)


def _path_after_adding(ask: Ask, code: str, form: TypedForm, outcomes: Sequence[FileOutcome]) -> str:
    """To the questions about the file where it came alone; from the whole form, where all was asked, to the criterion."""
    if form.text("ask"):
        return questions_path(ask, code, outcomes[0].evidence_id, hint=form.text("hint")[:HINT_LIMIT])
    are_all_known = all(outcome.known for outcome in outcomes)
    return criterion_with_ticks(ask, code, "evidence-known" if are_all_known else "evidence-added", form.all("item"))


def criterion_with_ticks(ask: Ask, code: str, done: str, items: Sequence[str]) -> str:
    """The criterion's page, saying what was done, with a way back from what that ticked."""
    return f"{criterion_path(ask, code)}?{urlencode([('done', done), *(('ticked', item) for item in items)])}"


def _load_add_page(ask: Ask, code: str, kind: str, outcomes: tuple[FileOutcome, ...] = ()) -> AddEvidencePage:
    return library.build_add_page(ask.desk, code, kind, outcomes=outcomes)


def _add_page_again(ask: Ask, form: TypedForm, code: str, kind: str) -> AbstractContextManager[None]:
    """The page once more; to the script that sends one file at a time, only the sentence about it."""
    names = [upload.name for upload in read_uploads(form)]
    names = names or [safe_name(form.text("upload_name"))] * bool(form.all("upload"))

    def show_outcomes(problem: CityReadyError) -> Response:
        outcomes = [FileOutcome(name, problem=problem.said) for name in names]
        return show_page(
            ask, "evidence/_outcomes.html", {"outcomes": outcomes}, status=status_of(problem), following=""
        )

    if names and wants_fragment(ask.request):
        return answer_problems(show_outcomes)
    return form_again(ask, form, "evidence/new.html", lambda: _load_add_page(ask, code, kind), chosen=[])


@router.post("/{city}/criteria/{code}/evidence/{evidence_id}")
def add_existing_piece(
    code: str, evidence_id: RowId, form: TypedForm = typed_form(), ask: Ask = writes("evidence.write")
) -> Response:
    with form_again(ask, form, "evidence/new.html", lambda: _load_add_page(ask, code, library.LIBRARY), chosen=[]):
        removing.use_for_criterion(ask.desk, code, evidence_id, form.all("item"), form.text("page_pointer"))
    return redirect_to(ask, criterion_with_ticks(ask, code, "evidence-added", form.all("item")))
