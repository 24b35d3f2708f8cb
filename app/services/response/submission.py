"""A department's answer handed to review, and taken back."""

from collections.abc import Collection
from dataclasses import dataclass

from app.rules.checklist.stand import Checklist, evaluate_checklist
from app.rules.cycle.confirming import confirmation_needed
from app.rules.errors import Refused
from app.rules.evidence.links import DEAD
from app.rules.files.file_text import TextPlace, TextSpot
from app.rules.files.personal_data import find_strong_data
from app.rules.history.verbs import Verb
from app.rules.message import Message
from app.rules.review.moves import ResponseState, ReviewAction, next_response_state
from app.rules.review.response import SupportingPiece, check_before_submitting, supports_by_item, warn_of_personal_data
from app.services.desk import Desk, Who
from app.services.personal_data import find_exposed_pieces
from app.services.response.answering import OpenedResponse, load_response, need_writer, save_response, write_narrative
from app.store import response
from app.store.database.engine import now
from app.store.evidence import pieces as evidence
from app.store.evidence.pieces import Supporting


@dataclass(frozen=True)
class ExaminedResponse:
    """How the checklist of a response stands today, what stops it from being submitted, and what a reviewer will probably ask."""

    checklist: Checklist
    stops: tuple[Message, ...]
    warnings: tuple[Message, ...]


def examine_response(
    desk: Desk, opened: OpenedResponse, ticked: Collection[str], pieces: Supporting | None = None
) -> ExaminedResponse:
    """Look at a response before someone submits or decides it; `ticked` are the items that the department says hold.

    `pieces` are those of `store.evidence.pieces.list_supporting_pieces`, where someone has asked for them already.
    """
    supports = _load_supports(desk, opened, pieces)
    checklist = evaluate_checklist(opened.criterion, ticked, supports_by_item(supports), desk.who.today)
    stops, warnings = check_before_submitting(
        opened.criterion, opened.response.narrative, ticked, supports, desk.who.today
    )
    warnings = (
        *warnings,
        *warn_of_personal_data(
            find_strong_data({TextSpot(TextPlace.BODY): opened.response.narrative}, desk.who.city.country)
        ),
    )
    confirmation_missing = confirmation_needed(opened.confirmation, opened.previous)
    return ExaminedResponse(checklist, (confirmation_missing, *stops) if confirmation_missing else stops, warnings)


def _load_supports(desk: Desk, opened: OpenedResponse, pieces: Supporting | None) -> list[SupportingPiece]:
    if pieces is None:
        pieces = evidence.list_supporting_pieces(desk.session, desk.city_id, opened.id) if opened.response.id else []
    exposed = find_exposed_pieces(
        desk.session,
        desk.city_id,
        desk.who.city.country,
        [row.piece for row in pieces],
        {
            row.piece.id: {opened.criterion.code: row.page_pointer}
            for row in pieces
            if row.page_pointer != row.piece.page_pointer
        },
    )
    return [
        SupportingPiece(
            piece.id,
            piece.title,
            items,
            piece.period_to,
            piece.link_state in DEAD,
            exposed.get(piece.id, ()),
            piece.period_from,
        )
        for piece, items, *_ in pieces
    ]


def submit_response(
    desk: Desk,
    code: str,
    version: int,
    narrative: str | None = None,
    narrative_version: int = 0,
    language: str = "",
) -> None:
    """Hand the response to review, with the narrative as it stands in the field where one is given.

    A second click on the same page changes nothing. Raises Refused with the first thing that stops it, Conflict when the page is
    out of date, and what `write_narrative` raises.
    """
    opened = load_response(desk, code)
    need_writer(opened)
    if _was_this_click(opened, desk.who, version):
        return
    if narrative is not None:
        write_narrative(desk, code, narrative, narrative_version, language)
        opened = load_response(desk, code)
    state = next_response_state(opened.state, ReviewAction.SUBMIT)
    stops = examine_response(desk, opened, response.load_ticked_items(desk.session, desk.city_id, opened.id)).stops
    if stops:
        raise Refused(stops[0])
    response.archive_narrative(desk.session, opened.response)
    save_response(
        desk,
        opened,
        version,
        state=state.value,
        submitted_at=now(),
        submitted_by=desk.who.person_id,
        claimed_by=None,
    )
    desk.record(Verb.SUBMITTED, code)


def _was_this_click(opened: OpenedResponse, who: Who, version: int) -> bool:
    stored = opened.response
    return (
        opened.state is ResponseState.SUBMITTED
        and stored.submitted_by == who.person_id
        and stored.version == version + 1
    )


def take_back_submission(desk: Desk, code: str, version: int) -> None:
    """Undo a submission that nobody has decided yet."""
    opened = load_response(desk, code)
    need_writer(opened)
    save_response(
        desk,
        opened,
        version,
        state=next_response_state(opened.state, ReviewAction.TAKE_BACK).value,
        submitted_at=None,
        claimed_by=None,
    )
    desk.record(Verb.TAKEN_BACK, code)
