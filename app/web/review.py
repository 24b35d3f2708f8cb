"""The review queue, the panel with the verdict, and comments on a response."""

from contextlib import AbstractContextManager

from fastapi import APIRouter
from starlette.responses import Response

from app.adapters.translations import load_translator
from app.rules.listing.query import ListName, ListQuery
from app.rules.review.moves import REASON_OPENINGS
from app.services.history.page import criterion_titles
from app.services.review import asking, deciding, panel, queue, renewing, undoing
from app.services.review.queue import TABS, ReviewFilters
from app.services.review.undoing import GivenMark
from app.services.review.viewing import PieceChoice
from app.web.access import Ask, RowId, reads, writes
from app.web.forms import TypedForm, typed_form
from app.web.lists import read_list_query, show_list
from app.web.page_cache import IS_CHANGING, show_kept_page
from app.web.steps import form_again
from app.web.templating import redirect_to, wants_fragment

router = APIRouter()


def _read_filters(ask: Ask) -> ReviewFilters:
    return _filters_of(ask, read_list_query(ask, ListName.REVIEW))


def _filters_of(ask: Ask, query: ListQuery) -> ReviewFilters:
    tab = ask.request.query_params.get("tab", "waiting")
    names = ("area", "department", "claimed", "core")
    return ReviewFilters(
        tab=tab if tab in TABS else "waiting",
        words=query.typed,
        sort=query.sort,
        is_again=query.is_again,
        page=query.page,
        **{name: query.value(name) for name in names},
    )


def _review_address(ask: Ask, code: str = "") -> str:
    return f"/{ask.who.city.slug}/review{f'/{code}' if code else ''}{_read_filters(ask).query()}"


@router.get("/{city}/review")
async def show_review_queue(ask: Ask = reads("review.read")) -> Response:
    """`undo` in the address names the verdict that was given a moment ago."""

    def build(query: ListQuery) -> queue.ReviewQueue:
        return queue.list_review_queue(ask.desk, _filters_of(ask, query), _read_mark(ask))

    return show_list(ask, ListName.REVIEW, "review/index.html", build)


@router.get("/{city}/review/{code}")
async def show_review_panel(code: str, ask: Ask = reads("review.read")) -> Response:
    """`piece` and `page` name what is to be seen; htmx, which asks for another piece, gets only the evidence and the checklist."""
    template = "review/_look.html" if wants_fragment(ask.request) else "review/show.html"
    return show_kept_page(ask, template, lambda: _load_panel(ask, code), IS_CHANGING, reasons=REASON_OPENINGS)


def _load_panel(ask: Ask, code: str) -> panel.ReviewPanel:
    return panel.load_panel(ask.desk, code, _read_filters(ask), _read_choice(ask), _read_mark(ask))


def _read_choice(ask: Ask) -> PieceChoice:
    texts = (ask.request.query_params.get(name, "") for name in ("piece", "page"))
    piece, page = (int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0 for text in texts)
    return PieceChoice(piece, page)


def _read_mark(ask: Ask) -> GivenMark | None:
    return GivenMark.read(ask.request.query_params.get("undo", ""))


def _panel_again(ask: Ask, form: TypedForm, code: str) -> AbstractContextManager[None]:
    return form_again(ask, form, "review/show.html", lambda: _load_panel(ask, code), reasons=REASON_OPENINGS)


@router.post("/{city}/review/{code}/verdict")
def record_verdict(code: str, ask: Ask = writes("review.decide"), form: TypedForm = typed_form()) -> Response:
    with _panel_again(ask, form, code):
        upcoming = deciding.give_verdict(
            ask.desk,
            code,
            form.text("decision"),
            _read_reason(ask, form),
            form.version(),
            _read_filters(ask),
        )
    return redirect_to(ask, _after_verdict(ask, upcoming or "", GivenMark(code, form.version() + 1)), "decided")


def _after_verdict(ask: Ask, code: str, mark: GivenMark) -> str:
    address = _review_address(ask, code)
    return f"{address}{'&' if '?' in address else '?'}undo={mark}"


@router.post("/{city}/review/{code}/undo")
def undo_verdict(code: str, ask: Ask = writes("review.decide"), form: TypedForm = typed_form()) -> Response:
    with _panel_again(ask, form, code):
        undoing.undo_verdict(ask.desk, code, form.version())
    return redirect_to(ask, _review_address(ask, code), "verdict-undone")


def _read_reason(ask: Ask, form: TypedForm) -> str:
    """The reason as typed, behind the opening chosen from the list by someone without JavaScript."""
    opening = REASON_OPENINGS.get(form.text("opening"))
    return (load_translator(ask.language).say(opening) if opening else "") + form.text("reason")


@router.post("/{city}/review/{code}/claim")
def assign_to_me(code: str, ask: Ask = writes("review.decide"), form: TypedForm = typed_form()) -> Response:
    with _panel_again(ask, form, code):
        deciding.assign_to_me(ask.desk, code, form.version())
    return redirect_to(ask, _review_address(ask, code), "claimed")


@router.post("/{city}/review/{code}/release")
def unassign_me(code: str, ask: Ask = writes("review.decide"), form: TypedForm = typed_form()) -> Response:
    with _panel_again(ask, form, code):
        deciding.unassign_reviewer(ask.desk, code, form.version())
    return redirect_to(ask, _review_address(ask, code), "released")


@router.post("/{city}/review/{code}/reopen")
def reopen_response(code: str, ask: Ask = writes("review.decide"), form: TypedForm = typed_form()) -> Response:
    with _panel_again(ask, form, code):
        deciding.reopen_response(ask.desk, code, form.text("why"), form.version())
    return redirect_to(ask, _review_address(ask, code), "reopened")


@router.post("/{city}/review/{code}/renewal")
def decide_renewal(code: str, ask: Ask = writes("review.decide"), form: TypedForm = typed_form()) -> Response:
    """One form with two buttons: `confirm`, or `return` with a reason. Goes on to the next renewal that waits."""
    with _panel_again(ask, form, code):
        if form.text("step") == "return":
            upcoming = renewing.return_renewal(
                ask.desk, code, form.text("return_reason"), form.version(), _read_filters(ask)
            )
        else:
            upcoming = renewing.confirm_renewal(ask.desk, code, form.version(), _read_filters(ask))
    done = "renewal-returned" if form.text("step") == "return" else "renewal-confirmed"
    return redirect_to(ask, _review_address(ask, upcoming or ""), done)


@router.post("/{city}/review/{code}/reopening")
def decide_reopening(code: str, ask: Ask = writes("review.decide"), form: TypedForm = typed_form()) -> Response:
    """One form with two buttons: `accept`, or `decline` with a reason."""
    declines = form.text("step") == "decline"
    with _panel_again(ask, form, code):
        if declines:
            asking.decline_reopening(ask.desk, code, form.text("decline_reason"))
        else:
            asking.accept_reopening(ask.desk, code, form.version())
    return redirect_to(ask, _review_address(ask, code), "reopening-declined" if declines else "reopening-accepted")


@router.post("/{city}/criteria/{code}/comments")
def add_comment(code: str, ask: Ask = writes("response.comment"), form: TypedForm = typed_form()) -> Response:
    """Answers to the page that the comment was written on: `back` is `review` on the reviewer's panel."""
    comment_again = form_again(
        ask, form, "review/comment.html", lambda: {"code": code, "title": criterion_titles(ask.desk).get(code, "")}
    )
    with _panel_again(ask, form, code) if _is_from_panel(ask, form) else comment_again:
        asks = asking.add_comment(
            ask.desk, code, form.text("text"), to=form.text("to"), reply_to=form.integer("reply_to") or 0
        )
    return redirect_to(ask, _talk_address(ask, form, code), "asked" if asks else "commented")


@router.post("/{city}/criteria/{code}/comments/{comment_id}/answered")
def mark_answered(
    code: str, comment_id: RowId, ask: Ask = writes("response.comment"), form: TypedForm = typed_form()
) -> Response:
    asking.mark_answered(ask.desk, code, comment_id)
    return redirect_to(ask, _talk_address(ask, form, code), "answered")


def _is_from_panel(ask: Ask, form: TypedForm) -> bool:
    return form.text("back") == "review" and ask.who.may("review.read")


def _talk_address(ask: Ask, form: TypedForm, code: str) -> str:
    return _review_address(ask, code) if _is_from_panel(ask, form) else f"/{ask.who.city.slug}/criteria/{code}"
