"""Evidence that came after a verdict of met: compared with what the verdict stands on, confirmed with one key, or returned with a reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from app.rules.criteria.edition import ChecklistItem
from app.rules.history.verbs import Verb
from app.rules.review.judged_response import JudgedPiece, read_content
from app.rules.review.moves import (
    RenewalState,
    ReviewAction,
    check_returning,
    next_renewal,
    next_response_state,
)
from app.services.assessment.overview import Overview, load_overview
from app.services.desk import Desk
from app.services.evidence.pieces import ShownPiece
from app.services.response.answering import OpenedResponse, load_within, save_response
from app.services.review.deciding import check_independent, next_after
from app.services.review.judging import keep_judged_response
from app.services.review.queue import ReviewFilters, filter_stands
from app.store import judged_response, review
from app.store.evidence import version
from app.store.judged_response import JudgedResponse

Piece = TypeVar("Piece", JudgedPiece, ShownPiece)


@dataclass(frozen=True)
class RenewalLine:
    """One item of the checklist, or the criterion as a whole: what a reviewer accepted last beside what is there now.

    `new` are the ids of pieces that the accepted copy does not have, or has in another version.
    """

    number: int
    text: str
    accepted: tuple[JudgedPiece, ...]
    present: tuple[ShownPiece, ...]
    new: frozenset[int]


@dataclass(frozen=True)
class Renewal:
    """What waits, or was returned, on a criterion that is met. `fresh_until` is how long it would be fresh if it is confirmed.

    `accepted_at` is when a reviewer looked last; `reason` is why it was returned.
    """

    state: RenewalState
    lines: tuple[RenewalLine, ...]
    accepted_at: datetime | None
    fresh_until: date | None
    reason: str

    @property
    def is_waiting(self) -> bool:
        return self.state is RenewalState.WAITING


def load_renewal(desk: Desk, seen: Overview, opened: OpenedResponse, present: Sequence[ShownPiece]) -> Renewal | None:
    """The renewal of a response, None where there is none; two queries."""
    if opened.renewal is RenewalState.NONE:
        return None
    copies = judged_response.list_judged_responses(desk.session, desk.city_id, opened.id)
    accepted = next((copy for copy in copies if copy.occasion != RenewalState.RETURNED), None)
    is_returned = opened.renewal is RenewalState.RETURNED
    last = copies[0] if is_returned and copies else None
    versions = version.load_newest_numbers(desk.session, desk.city_id, [piece.id for piece in present])
    return Renewal(
        state=opened.renewal,
        lines=_renewal_lines(opened.criterion.checklist, accepted, present, versions),
        accepted_at=accepted.at if accepted else None,
        fresh_until=last_fresh_day(seen, opened.criterion.code),
        reason=last.reason if last else "",
    )


def last_fresh_day(seen: Overview, code: str) -> date | None:
    """The last day on which what is there now would be fresh; None for no end."""
    present = seen.stand_of(code).present
    lapses = present.at_risk_from if present else None
    return lapses - timedelta(days=1) if lapses else None


def _renewal_lines(
    checklist: Sequence[ChecklistItem],
    accepted: JudgedResponse | None,
    present: Sequence[ShownPiece],
    versions: Mapping[int, int],
) -> tuple[RenewalLine, ...]:
    """Only the items in which something differs."""
    judged = (read_content(accepted.content).pieces or ()) if accepted else ()
    numbered = [(number, item.id, item.text) for number, item in enumerate(checklist, start=1)]
    lines = (
        _renewal_line(number, text, _pieces_for(judged, item), _pieces_for(present, item), versions)
        for number, item, text in [*numbered, (0, "", "")]
    )
    return tuple(line for line in lines if line.new)


def _pieces_for(pieces: Sequence[Piece], item: str) -> tuple[Piece, ...]:
    """Those that support the item, or the criterion as a whole where no item is named."""
    return tuple(piece for piece in pieces if (item in piece.items if item else not piece.items))


def _renewal_line(
    number: int,
    text: str,
    accepted: tuple[JudgedPiece, ...],
    present: tuple[ShownPiece, ...],
    versions: Mapping[int, int],
) -> RenewalLine:
    known = {(piece.id, piece.version) for piece in accepted}
    new = {piece.id for piece in present if (piece.id, versions.get(piece.id, 1)) not in known}
    return RenewalLine(number, text, accepted, present, frozenset(new))


def confirm_renewal(desk: Desk, code: str, page_version: int, filters: ReviewFilters) -> str | None:
    """Still met: what is there now is what the verdict stands on from here on. Returns the next renewal that waits under the filters.

    Raises Refused (nothing waits, or one's own where someone else could look), Conflict when someone was quicker, NotFound.
    """
    return _decide_renewal(desk, code, page_version, filters, ReviewAction.CONFIRM_RENEWAL, "")


def return_renewal(desk: Desk, code: str, reason: str, page_version: int, filters: ReviewFilters) -> str | None:
    """Back to the department; the verdict stands on what it judged. Raises Invalid without a reason, and as `confirm_renewal`."""
    return _decide_renewal(desk, code, page_version, filters, ReviewAction.RETURN_RENEWAL, check_returning(reason))


OCCASIONS = {ReviewAction.CONFIRM_RENEWAL: "confirmed", ReviewAction.RETURN_RENEWAL: RenewalState.RETURNED.value}
VERBS = {
    ReviewAction.CONFIRM_RENEWAL: Verb.RENEWAL_CONFIRMED,
    ReviewAction.RETURN_RENEWAL: Verb.RENEWAL_RETURNED,
}


def _decide_renewal(
    desk: Desk, code: str, page_version: int, filters: ReviewFilters, action: ReviewAction, reason: str
) -> str | None:
    seen = load_overview(desk.session, desk.site, desk.who.city, desk.who.language)
    opened = load_within(desk, seen, code)
    state = next_response_state(opened.state, action)
    renewal = next_renewal(opened.renewal, action)
    check_independent(desk, opened.response.renewed_by)
    upcoming = next_after(code, filter_stands(seen, desk.who, filters))
    save_response(desk, opened, page_version, state=state.value, renewal=renewal.value)
    verdict = review.find_newest_verdict(desk.session, desk.city_id, opened.id)
    if verdict is None:
        raise RuntimeError(f"{code} is decided and has no verdict")
    occasion = OCCASIONS[action]
    about = {"person_id": desk.who.person_id, "reason": reason}
    copy_sha256 = keep_judged_response(desk.session, desk.site, opened.response, verdict, occasion, **about)
    until = last_fresh_day(seen, code)
    desk.record(VERBS[action], code, reason=reason, until=until, judged=copy_sha256)
    return upcoming if upcoming != code else None
