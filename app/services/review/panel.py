"""The reviewer's panel of one response: what the department says, and what was said of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.rules.checklist.stand import Checklist
from app.rules.criteria.edition import ChecklistItem, Criterion
from app.rules.days.freshness import is_outside_window
from app.rules.errors import CityReadyError
from app.rules.message import Message
from app.rules.review.moves import (
    RenewalState,
    ResponseState,
    ReviewAction,
    allows_action,
)
from app.rules.review.response import ResponseValues
from app.services.assessment.overview import load_overview
from app.services.assessment.stand import Stand
from app.services.desk import Desk, Who
from app.services.evidence.pieces import ShownPiece, shown_pieces
from app.services.response.answering import OpenedResponse, load_within
from app.services.response.submission import examine_response
from app.services.review.deciding import check_may_decide
from app.services.review.given import GivenVerdict, ReviewCommentLine, find_reopening, load_talk
from app.services.review.queue import RENEWALS, TABS, ReviewFilters, filter_stands
from app.services.review.renewing import Renewal, load_renewal
from app.services.review.undoing import GivenMark, JustDecided, name_just_decided
from app.services.review.viewing import ListedEvidence, OpenPiece, PieceChoice, list_evidence, open_piece
from app.store.evidence.pieces import list_supporting_pieces
from app.store.values import frozen_values

NO_CHOICE = PieceChoice()


@dataclass(frozen=True)
class ReviewSupport:
    """The place of a piece in the list of evidence; `outside_window` when it ended before the time that the item asks about."""

    place: int
    outside_window: bool


@dataclass(frozen=True)
class ReviewItem:
    """A checklist item: its number from 1, whether the department ticked it, and what supports it."""

    number: int
    item: ChecklistItem
    ticked: bool
    supports: tuple[ReviewSupport, ...]


@dataclass(frozen=True)
class ReviewPanel:
    """One response before its reviewer. `why_not` is the sentence that keeps this person from deciding, if any."""

    criterion: Criterion
    response: ResponseValues
    state: ResponseState
    stand: Stand
    checklist: Checklist
    items: tuple[ReviewItem, ...]
    evidence: tuple[ListedEvidence, ...]
    opened: OpenPiece | None
    verdicts: tuple[GivenVerdict, ...]
    remarks: tuple[ReviewCommentLine, ...]
    submitted_by: str
    claimed_by: str
    why_not: Message | None
    renewal: Renewal | None
    filters: ReviewFilters
    previous: str | None
    next: str | None
    place: int
    length: int
    decided: JustDecided | None

    @property
    def is_changing(self) -> bool:
        """Whether the page changes by itself."""
        is_reading = self.opened is not None and self.opened.is_changing
        return is_reading or any(entry.piece.is_changing for entry in self.evidence)

    @property
    def verdict(self) -> GivenVerdict | None:
        """The verdict that counts."""
        return next((given for given in self.verdicts if given.withdrawn_at is None), None)

    @property
    def reopening(self) -> ReviewCommentLine | None:
        """The request of the department to reopen it, that waits for a decision."""
        return find_reopening(self.remarks)

    @property
    def may_reopen(self) -> bool:
        return allows_action(self.state, ReviewAction.REOPEN)


def load_panel(
    desk: Desk,
    code: str,
    filters: ReviewFilters,
    choice: PieceChoice = NO_CHOICE,
    mark: GivenMark | None = None,
) -> ReviewPanel:
    """Everything that a reviewer needs to decide on one response, and the verdict that was given before. Raises NotFound."""
    seen = load_overview(desk.session, desk.site, desk.who.city, desk.who.language)
    opened = load_within(desk, seen, code)
    names, stand = seen.names, seen.stand_of(code)
    ticked = frozenset(item.item.id for item in stand.checklist.items if item.ticked)
    rows = list_supporting_pieces(desk.session, desk.city_id, opened.id) if opened.id else []
    pieces, talk = shown_pieces(desk, rows), load_talk(desk, opened.id, names)
    filters = replace(filters, tab=_tab_of(opened, filters))
    queue_codes = [stand.code for stand in filter_stands(seen, desk.who, filters)]
    place = queue_codes.index(code) if code in queue_codes else -1
    return ReviewPanel(
        criterion=opened.criterion,
        response=frozen_values(ResponseValues, opened.response),
        state=opened.state,
        stand=stand,
        checklist=examine_response(desk, opened, ticked, rows).checklist,
        items=_review_items(opened, ticked, pieces, desk.who),
        evidence=list_evidence(pieces, opened.criterion.checklist),
        opened=open_piece(desk, rows, pieces, choice),
        verdicts=talk.verdicts,
        remarks=talk.comments,
        submitted_by=names.get(opened.response.submitted_by or 0, ""),
        claimed_by=names.get(opened.response.claimed_by or 0, ""),
        why_not=_why_not_decide(desk, opened),
        renewal=load_renewal(desk, seen, opened, pieces),
        filters=filters,
        previous=queue_codes[place - 1] if place > 0 else None,
        next=queue_codes[place + 1] if 0 <= place < len(queue_codes) - 1 else None,
        place=place + 1,
        length=len(queue_codes),
        decided=name_just_decided(seen, mark),
    )


def _tab_of(opened: OpenedResponse, filters: ReviewFilters) -> str:
    """The tab that the response stands under; a decided one with a renewal stands under two, and comes first from that of renewals."""
    if opened.renewal is RenewalState.WAITING:
        return filters.tab if filters.tab == "decided" else RENEWALS
    return next((tab for tab, state in TABS.items() if state is opened.state), "")


def _review_items(
    opened: OpenedResponse, ticked: frozenset[str], pieces: Sequence[ShownPiece], who: Who
) -> tuple[ReviewItem, ...]:
    def item_supports(item: ChecklistItem) -> tuple[ReviewSupport, ...]:
        return tuple(
            ReviewSupport(place, is_outside_window(piece.period_to, item.window, who.today))
            for place, piece in enumerate(pieces, start=1)
            if item.id in piece.items
        )

    return tuple(
        ReviewItem(number, item, item.id in ticked, item_supports(item))
        for number, item in enumerate(opened.criterion.checklist, start=1)
    )


def _why_not_decide(desk: Desk, opened: OpenedResponse) -> Message | None:
    try:
        check_may_decide(desk, opened, ReviewAction.DECIDE_MET)
    except CityReadyError as problem:
        return problem.said
    return None
