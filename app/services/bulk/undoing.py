"""Undoing what was saved in bulk, row by row as long as nobody has changed it since; and saying which rows cannot be undone."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.rules.account.invitation import InvitationState
from app.rules.errors import NotFound, Refused
from app.rules.history.verbs import Verb
from app.rules.message import Message, say
from app.services.assigning.assignment import AssignmentChoice, save_choice
from app.services.bulk.saving import invitation_state
from app.services.criteria.wording import set_official
from app.services.desk import Desk
from app.services.people import identity, members
from app.services.people.identity import PersonFacts
from app.services.people.invitation import end_invitation
from app.services.requests import page as partners
from app.services.requests.page import PartnerEntry
from app.store import assessment, bulk, city, people, request
from app.store.account import invitation
from app.store.bulk import BulkSave
from app.store.database.engine import now
from app.store.references import is_named_elsewhere

CHANGED_SINCE = say("changed since")
IN_USE = say("in use by now")
ACCEPTED = say("the invitation was accepted, declined or withdrawn")
Step = dict[str, Any]


@dataclass(frozen=True)
class StuckRow:
    """A row that stays as it is, and why."""

    name: str
    why: Message


@dataclass(frozen=True)
class BulkSavePage:
    """A saving, who did it, and what undoing it would leave; `undoable` rows can go back."""

    save_id: int
    lines: int
    saved_by: str
    saved_at: datetime
    undone_at: datetime | None
    undoable: int
    stuck: tuple[StuckRow, ...]


def load_save(desk: Desk, save_id: int) -> BulkSavePage:
    """Raises NotFound."""
    save = _find_save(desk, save_id)
    steps: list[Step] = json.loads(save.steps)
    stuck = [(step, _why_stuck(desk, step, steps)) for step in steps] if save.undone_at is None else []
    names = people.load_names(desk.session, desk.city_id)
    return BulkSavePage(
        save.id,
        save.lines,
        names.get(save.saved_by or 0, ""),
        save.saved_at,
        save.undone_at,
        sum(why is None for _, why in stuck),
        tuple(StuckRow(step["name"], why) for step, why in stuck if why),
    )


def _find_save(desk: Desk, save_id: int) -> BulkSave:
    save = bulk.find_bulk_save(desk.session, desk.city_id, save_id)
    if save is None:
        raise NotFound(say("We could not find that table."))
    return save


def undo_save(desk: Desk, save_id: int) -> None:
    """Take back every row that nobody has changed since, in one transaction. Raises NotFound, Refused where there is none."""
    people.lock_memberships(desk.session, desk.city_id)
    save = _find_save(desk, save_id)
    steps: list[Step] = json.loads(save.steps)
    if save.undone_at is not None:
        raise Refused(say("This is undone already."))
    taken_back = 0
    for step in reversed(steps):  # assignments before people, people before departments: what is named goes last
        if _why_stuck(desk, step, ()) is None:
            _UNDO[step["do"]](desk, step)
            desk.session.flush()
            taken_back += 1
    if not taken_back:
        raise Refused(say("Nothing can be undone any more: every row was changed since, or is in use."))
    save.undone_at, save.steps = now(), "[]"
    desk.record(Verb.BULK_UNDONE, str(taken_back), save=save_id)


def _why_stuck(desk: Desk, step: Step, together: list[Step] | tuple[()]) -> Message | None:
    """Why a row cannot go back; None where it can. `together` are the steps that would be undone before it."""
    session, city_id = desk.session, desk.city_id
    what = step["do"]
    if what == "task":
        stored = assessment.find_assignment(session, city_id, step["cycle"], step["name"])
        current = assessment.find_current_assessment(session, city_id)
        fits = (stored.version if stored else 0) == step["version"] and current and current.id == step["cycle"]
        return None if fits else CHANGED_SINCE
    if what == "wording":
        local = assessment.find_own_criterion(session, city_id, step["edition"], step["name"])
        return None if local.version == step["version"] else CHANGED_SINCE
    if what == "member":
        member = people.find_member(session, city_id, step["id"])
        return None if member and member[0].version == step["version"] else CHANGED_SINCE
    if what in ("invited", "invitation"):
        return _why_invitation_stuck(desk, step)
    if what == "partner":
        partner = request.find_partner(session, city_id, step["id"])
        if partner is None or partner.version != step["version"]:
            return CHANGED_SINCE
        return IN_USE if "before" not in step and is_named_elsewhere(session, "partner", step["id"]) else None
    return _why_department_stuck(desk, step, together)


def _why_department_stuck(desk: Desk, step: Step, together: list[Step] | tuple[()]) -> Message | None:
    department = city.find_department(desk.session, desk.city_id, step["id"])
    if department is None or department.version != step["version"]:
        return CHANGED_SINCE
    if together:  # on the page: what the same undoing frees is no hindrance
        return None
    waiting = invitation.list_waiting_invitations(desk.session, desk.city_id)
    is_used = is_named_elsewhere(desk.session, "department", step["id"])
    return IN_USE if is_used or any(step["id"] in pending.department_ids for pending in waiting) else None


def _why_invitation_stuck(desk: Desk, step: Step) -> Message | None:
    pending = invitation.find_invitation(desk.session, desk.city_id, step["id"])
    if pending is None or pending.state != InvitationState.WAITING:
        return ACCEPTED
    return CHANGED_SINCE if "after" in step and invitation_state(pending) != step["after"] else None


def _undo_task(desk: Desk, step: Step) -> None:
    run = assessment.find_current_assessment(desk.session, desk.city_id)
    before, version = step["before"], step["version"]
    due_on = date.fromisoformat(before[3]) if before and before[3] else None
    department, person, deputy = before[:3] if before else (None, None, None)
    choice = AssignmentChoice(department, person, deputy, due_on)
    if run:
        save_choice(desk, run, step["name"], choice, version)
    for invitation_id, was in step["waits"]:
        pending = invitation.find_invitation(desk.session, desk.city_id, invitation_id)
        if pending and pending.state == InvitationState.WAITING:
            tasks = json.loads(pending.tasks)
            tasks.pop(step["name"], None)
            pending.tasks = json.dumps(tasks | ({step["name"]: was} if was else {}))


def _undo_member(desk: Desk, step: Step) -> None:
    before, version = step["before"], step["version"]
    member = people.find_member(desk.session, desk.city_id, step["id"])
    if member is None:
        return
    person = member[1]
    if (person.name, person.email, person.language or "") != (before["name"], before["email"], before["language"]):
        facts = PersonFacts(before["name"], before["email"], before["language"])
        identity.change_identity(desk, step["id"], facts, version)
        version += 1
    members.change_member(desk, step["id"], before["role"], list(map(str, before["departments"])), version)


def _undo_invited(desk: Desk, step: Step) -> None:
    pending = invitation.find_invitation(desk.session, desk.city_id, step["id"])
    if pending:
        end_invitation(desk.session, pending, InvitationState.WITHDRAWN)
        desk.record(Verb.INVITATION_WITHDRAWN, invitation=pending.id)


def _undo_invitation(desk: Desk, step: Step) -> None:
    pending = invitation.find_invitation(desk.session, desk.city_id, step["id"])
    if pending:
        for name, value in step["before"].items():
            setattr(pending, name, value)
        desk.record(Verb.INVITATION_CHANGED, invitation=pending.id)


def _undo_partner(desk: Desk, step: Step) -> None:
    if "before" in step:
        partners.change_partner(desk, step["id"], PartnerEntry(**step["before"]), step["version"])
        return
    partner = request.find_partner(desk.session, desk.city_id, step["id"])
    if partner:
        request.delete_partner(desk.session, partner)
        desk.record(Verb.PARTNER_REMOVED, step["name"])


def _undo_department(desk: Desk, step: Step) -> None:
    department = city.find_department(desk.session, desk.city_id, step["id"])
    if department:
        city.delete_department(desk.session, department)
        desk.record(Verb.DEPARTMENT_REMOVED, step["name"])


def _undo_wording(desk: Desk, step: Step) -> None:
    set_official(desk, step["edition"], step["name"], step["before"])


_UNDO = {
    "wording": _undo_wording,
    "task": _undo_task,
    "member": _undo_member,
    "invited": _undo_invited,
    "invitation": _undo_invitation,
    "partner": _undo_partner,
    "department": _undo_department,
}
