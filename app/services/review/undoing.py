"""The verdict that was given a moment ago, named on the page that follows it, with undo."""

from dataclasses import dataclass
from typing import Self

from app.rules.history.verbs import Verb
from app.rules.review.moves import ReviewAction, check_undoing, next_renewal, next_response_state
from app.rules.scoring.score import VerdictKind
from app.services.assessment.overview import Overview
from app.services.desk import Desk
from app.services.response.answering import load_response, save_response
from app.store import review
from app.store.database.engine import now


@dataclass(frozen=True)
class GivenMark:
    """What an address carries of a verdict that was just given, as `LC2-7`: the criterion and the response's version since."""

    code: str
    version: int

    @classmethod
    def read(cls, text: str) -> Self | None:
        code, _, version = text.partition("-")
        is_mark = code.isalnum() and version.isdecimal() and len(text) < 30
        return cls(code, int(version)) if is_mark else None

    def __str__(self) -> str:
        return f"{self.code}-{self.version}"


@dataclass(frozen=True)
class JustDecided:
    """A verdict to name after it was given, and to take back as long as the response has this version."""

    code: str
    title: str
    decision: VerdictKind
    version: int


def name_just_decided(seen: Overview, mark: GivenMark | None) -> JustDecided | None:
    """None also where the verdict is gone again."""
    stand = next((stand for stand in seen.stands if mark and stand.code == mark.code), None)
    if mark is None or stand is None or stand.decision is None:
        return None
    return JustDecided(stand.code, stand.criterion.title, stand.decision, mark.version)


def undo_verdict(desk: Desk, code: str, version: int) -> None:
    """Withdraw one's own verdict and put the response back in review, as if it had not been given; it stays readable.

    Raises Refused for another's verdict or where there is none, Conflict when the response was changed since, NotFound.
    """
    opened = load_response(desk, code)
    state = next_response_state(opened.state, ReviewAction.UNDO_VERDICT)
    verdict = review.find_newest_verdict(desk.session, desk.city_id, opened.id)
    check_undoing(is_own=verdict is not None and verdict.reviewer_id == desk.who.person_id)
    renewal = next_renewal(opened.renewal, ReviewAction.UNDO_VERDICT)
    save_response(desk, opened, version, state=state.value, renewal=renewal.value)
    if verdict:
        verdict.withdrawn_at = now()
    desk.record(Verb.VERDICT_UNDONE, code, decision=verdict.decision if verdict else "")
