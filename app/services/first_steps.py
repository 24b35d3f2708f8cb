"""The list of first steps on the board: it ticks itself, until all is done or someone puts it away."""

from app.rules.city.first_steps import FirstStep, StepLine, list_steps
from app.rules.history.verbs import Verb
from app.rules.people.permissions import OFFICE
from app.rules.review.moves import ResponseState
from app.services.assessment.overview import Overview
from app.services.desk import Desk
from app.store import city, people
from app.store.account import invitation
from app.store.history import events


def load_first_steps(desk: Desk, seen: Overview) -> tuple[StepLine, ...]:
    """For the data office; empty for others, where all is done or put away, and in a later cycle. Nothing is asked where all is done."""
    if desk.who.role not in OFFICE or seen.previous:
        return ()
    later = {
        FirstStep.ASSIGNMENTS: all(stand.department_id for stand in seen.stands),
        FirstStep.EVIDENCE: any(stand.evidence_count for stand in seen.stands),
        FirstStep.SUBMITTED: any(stand.submitted_at or stand.state is ResponseState.DECIDED for stand in seen.stands),
    }
    if all(later.values()) or events.has_verb(desk.session, desk.city_id, Verb.FIRST_STEPS_PUT_AWAY):
        return ()
    return list_steps(
        {
            FirstStep.DEPARTMENTS: bool(city.list_departments(desk.session, desk.city_id)),
            FirstStep.PEOPLE: _are_others_here(desk) or later[FirstStep.ASSIGNMENTS],
            **later,
        }
    )


def _are_others_here(desk: Desk) -> bool:
    if invitation.list_waiting_invitations(desk.session, desk.city_id):
        return True
    return len(people.load_active_people(desk.session, desk.city_id)) > 1


def put_away(desk: Desk) -> None:
    """Show the list no more, to nobody in the city; nothing happens where it is put away already."""
    if not events.has_verb(desk.session, desk.city_id, Verb.FIRST_STEPS_PUT_AWAY):
        desk.record(Verb.FIRST_STEPS_PUT_AWAY)
