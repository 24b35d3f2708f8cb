"""What a person is told after submitting: who looks at it, when that usually is, and how they hear of it."""

from dataclasses import dataclass
from datetime import timedelta

from app.rules.criteria.edition import Criterion
from app.rules.history.verbs import Verb
from app.rules.outbox.kinds import LetterKind
from app.rules.people.permissions import OFFICE
from app.rules.review.moves import ResponseState, ReviewAction
from app.rules.review.review_time import usual_review_days
from app.services.desk import Desk
from app.services.outbox.ground import read_wish
from app.services.response.answering import list_open_actions, load_response
from app.store import letter, people
from app.store.database.engine import now
from app.store.history import events

LOOKED_BACK = timedelta(days=400)
MOST_EVENTS = 200


@dataclass(frozen=True)
class SubmittedPage:
    """`reviewers` are names, of the one person who took it where someone has; `usual_days` is None where too little is known.

    `mailed` says whether a letter comes by mail, `wants_letters` whether the person has left them on.
    """

    criterion: Criterion
    reviewers: tuple[str, ...]
    taken: bool
    usual_days: int | None
    mailed: bool
    wants_letters: bool
    email: str
    version: int
    can_take_back: bool


def load_submitted_page(desk: Desk, code: str) -> SubmittedPage | None:
    """None where the criterion does not wait for a reviewer now. Raises NotFound for an unknown one."""
    opened = load_response(desk, code)
    if opened.state is not ResponseState.SUBMITTED:
        return None
    names = people.load_names(desk.session, desk.city_id)
    taken_by = opened.response.claimed_by
    office = people.list_people_with_role(desk.session, desk.city_id, OFFICE)
    reviewers = [taken_by] if taken_by else [person for person in office if person != desk.who.person_id]
    wish = read_wish(letter.find_choice(desk.session, desk.city_id, desk.who.person_id))
    return SubmittedPage(
        criterion=opened.criterion,
        reviewers=tuple(sorted(names[person] for person in reviewers if person in names)),
        taken=taken_by is not None,
        usual_days=_find_usual_days(desk),
        mailed=bool(desk.site.settings.smtp_host),
        wants_letters={LetterKind.DECIDED, LetterKind.RETURNED}.isdisjoint(wish.off),
        email=desk.who.email,
        version=opened.response.version,
        can_take_back=ReviewAction.TAKE_BACK in list_open_actions(opened),
    )


def _find_usual_days(desk: Desk) -> int | None:
    verbs = {Verb.SUBMITTED, Verb.VERDICT_GIVEN}
    news = events.list_news(desk.session, desk.city_id, verbs, now() - LOOKED_BACK, MOST_EVENTS)
    return usual_review_days((row.at, row.subject, row.verb == Verb.VERDICT_GIVEN) for row in reversed(news))
