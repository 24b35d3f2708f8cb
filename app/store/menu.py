"""What waits in a city, for the counts of the menu."""

from functools import cache

from sqlalchemy import Executable, String, bindparam, literal_column, null, or_
from sqlalchemy import select as select_rows
from sqlmodel import Session, col

from app.rules.assessment import AssessmentState
from app.rules.menu import Waiting, WaitingItem
from app.rules.request import ContributionState
from app.rules.review.moves import RenewalState, ResponseState
from app.store.assessment import Assessment, Assignment
from app.store.database.rows import read_rows
from app.store.request import Contribution
from app.store.response import Response
from app.store.review import ReviewComment, is_question

WAITING_STATES = {ResponseState.SUBMITTED: Waiting.SUBMITTED, ResponseState.RETURNED: Waiting.RETURNED}
WAITING_RENEWALS = {RenewalState.WAITING: Waiting.RENEWAL, RenewalState.RETURNED: Waiting.RETURNED}


def list_waiting(session: Session, city_id: int) -> tuple[WaitingItem, ...]:
    """What waits for the office or came back to departments, in one query."""
    rows = read_rows(session, _waiting(), {"city": city_id})
    return tuple(_waiting_item(*values) for values in rows)


def _waiting_item(
    state: str | None,
    renewal: str | None,
    department: int | None,
    person: int | None,
    deputy: int | None,
    asked: str | None,
) -> WaitingItem:
    if asked:
        return WaitingItem(Waiting.QUESTION, department, person, deputy, asked)
    if state is None:
        return WaitingItem(Waiting.CONTRIBUTION)
    by_renewal = WAITING_RENEWALS.get(RenewalState(renewal or ""))
    return WaitingItem(by_renewal or WAITING_STATES[ResponseState(state)], department, person, deputy)


@cache
def _waiting() -> Executable:
    waits = or_(col(Response.state).in_(list(WAITING_STATES)), col(Response.renewal).in_(list(WAITING_RENEWALS)))
    columns = (
        col(Response.state), col(Response.renewal), col(Assignment.department_id), col(Assignment.person_id),
        col(Assignment.deputy_id),
    )  # fmt: skip
    nobody = literal_column("''", String).label("asked")
    of_response = (col(Assignment.assessment_id) == Response.assessment_id) & (
        col(Assignment.criterion) == Response.criterion
    )
    responses = select_rows(*columns, nobody).join(Assessment, col(Assessment.id) == Response.assessment_id)
    responses = responses.join(Assignment, of_response, isouter=True)
    is_open = col(Assessment.state) == AssessmentState.OPEN
    responses = responses.where(col(Response.city_id) == bindparam("city"), is_open, waits)
    questions = select_rows(*columns, col(ReviewComment.asked)).join(
        Response, col(Response.id) == ReviewComment.response_id
    )
    questions = questions.join(Assessment, col(Assessment.id) == Response.assessment_id)
    questions = questions.join(Assignment, of_response, isouter=True).where(
        col(ReviewComment.city_id) == bindparam("city"), is_open, *is_question()
    )
    nothing = (
        null().label("renewal"),
        null().label("department"),
        null().label("person"),
        null().label("deputy"),
        nobody,
    )
    contributions = select_rows(null().label("state"), *nothing).where(
        col(Contribution.city_id) == bindparam("city"), col(Contribution.state) == ContributionState.WAITING
    )
    everything: Executable = responses.union_all(questions, contributions)
    return everything
