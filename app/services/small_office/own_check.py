"""What a small office may do by its own check on one criterion."""

from dataclasses import dataclass

from app.rules.errors import Refused
from app.rules.review.moves import ResponseState
from app.services.assessment.overview import Overview
from app.services.desk import Desk
from app.services.response.answering import OpenedResponse
from app.services.review.deciding import check_independent


@dataclass(frozen=True)
class OwnCheck:
    """`is_small` where the words of a large hall are left out; `decides` where handing in and deciding are one step, because nobody else
    could decide; `undoes` where the decision that stands is the person's own.
    """

    is_small: bool = False
    decides: bool = False
    undoes: bool = False


def load_own_check(desk: Desk, seen: Overview, opened: OpenedResponse) -> OwnCheck:
    """No query where the office is not small."""
    who = desk.who
    if not who.in_small_office:
        return OwnCheck()
    decides = _decides_alone(desk)
    is_own = opened.response.submitted_by == who.person_id and opened.criterion.code in seen.self_decided
    return OwnCheck(True, decides, decides and is_own and opened.state is ResponseState.DECIDED)


def _decides_alone(desk: Desk) -> bool:
    try:
        check_independent(desk, desk.who.person_id)
    except Refused:
        return False
    return True
