"""Saving what was looked at: all of it or nothing, in one transaction, each row with its event, and what was there before kept for undoing."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from app.rules.bulk.cells import fold_words
from app.rules.bulk.fates import AssignmentStep, DepartmentStep, PartnerStep, PersonStep, PlannedLine
from app.rules.errors import Conflict, CorrectableProblem, Invalid, Refused
from app.rules.history.verbs import Verb
from app.rules.message import say
from app.services.assigning.assignment import AssignmentChoice, save_choice, stored_choice
from app.services.bulk.loading import DEPUTY, PERSON, RegisterRows, load_rows
from app.services.bulk.page import BulkPreview, build_preview
from app.services.departments import changing
from app.services.desk import Desk
from app.services.people import identity, invitation, members
from app.services.people.identity import PersonFacts
from app.services.people.invitation import Invited, PersonalLink
from app.services.requests import page as partners
from app.services.requests.page import PartnerEntry
from app.store import assessment, bulk, people
from app.store.account.invitation import Invitation
from app.store.bulk import BulkSave

LOOK_AGAIN = say("Something in the city changed since this page was made. Look at it again, then save.")
LEAVE_OUT = say("Some lines cannot be used. Correct them, or tick that they are left out.")


@dataclass(frozen=True)
class BulkSaved:
    """What came of it; `links` are invitations with their links, where they were asked for, and `mailed` were sent."""

    save_id: int
    lines: int
    links: tuple[PersonalLink, ...]
    mailed: int
    waiting: int


@dataclass
class _Saving:
    """One saving on its way: the rows as they are by now, and the steps that were taken."""

    desk: Desk
    rows: RegisterRows
    steps: list[dict[str, Any]] = field(default_factory=list)
    invited: list[Invitation] = field(default_factory=list)

    def take(self, line: PlannedLine) -> None:
        try:
            self._take(line)
        except CorrectableProblem as problem:
            raise Refused(
                say("Line %(number)s: %(problem)s Nothing was saved.", number=line.number, problem=problem.said)
            ) from problem

    def _take(self, line: PlannedLine) -> None:
        step = line.step
        if isinstance(step, DepartmentStep):
            self._add_department(step.name)
        elif isinstance(step, PersonStep):
            self._save_person(step)
        elif isinstance(step, PartnerStep):
            self._save_partner(step)
        elif isinstance(step, AssignmentStep):
            self._save_task(step)

    def _add_department(self, name: str) -> None:
        department_id = changing.add_department(self.desk, name)
        self.rows.departments[fold_words(name)] = department_id
        self.steps.append({"do": "department", "id": department_id, "name": name, "version": 1})

    def _department_ids(self, names: frozenset[str]) -> frozenset[int]:
        return frozenset(self.rows.departments[fold_words(name)] for name in names)

    def _save_person(self, step: PersonStep) -> None:
        chosen = self._department_ids(step.departments)
        if step.email in self.rows.members:
            self._change_member(step, chosen)
        elif step.email in self.rows.invited:
            self._change_invitation(self.rows.invited[step.email], step, chosen)
        else:
            wanted = Invited(step.name, step.email, step.role, chosen, step.language)
            added = invitation.add_invitation(self.desk.session, self.desk.city_id, self.desk.who.person_id, wanted)
            self.rows.invited[step.email] = added
            self.invited.append(added)
            self.steps.append({"do": "invited", "id": added.id, "name": step.name})

    def _change_member(self, step: PersonStep, chosen: frozenset[int]) -> None:
        member, person = self.rows.members[step.email]
        session, before_departments = (
            self.desk.session,
            people.load_department_ids(self.desk.session, self.desk.city_id, member.id),
        )
        before = {"role": member.role, "departments": sorted(before_departments), "name": person.name,
                  "email": person.email, "language": person.language or ""}  # fmt: skip
        version = member.version
        facts = PersonFacts(step.name, step.new_email or step.email, step.language)
        if (person.name, person.email, person.language or "") != (facts.name, facts.email, facts.language):
            identity.change_identity(self.desk, member.id, facts, version)
            version += 1
        if (before["role"], before_departments) != (step.role, chosen):
            members.change_member(self.desk, member.id, step.role, list(map(str, chosen)), version)
            version += 1
        session.refresh(member)
        self.rows.members[person.email] = (member, person)
        self.steps.append({"do": "member", "id": member.id, "version": version, "name": step.name, "before": before})

    def _change_invitation(self, pending: Invitation, step: PersonStep, chosen: frozenset[int]) -> None:
        before = invitation_state(pending)
        pending.name, pending.role, pending.language = step.name, step.role, step.language or None
        pending.departments = " ".join(map(str, sorted(chosen)))
        self.desk.record(Verb.INVITATION_CHANGED, invitation=pending.id)
        self.steps.append(
            {
                "do": "invitation",
                "id": pending.id,
                "name": step.name,
                "before": before,
                "after": invitation_state(pending),
            }
        )

    def _save_partner(self, step: PartnerStep) -> None:
        known, entry = self.rows.partners.get(fold_words(step.name)), PartnerEntry(**asdict(step))
        if known is None:
            partner_id = partners.add_partner(self.desk, entry)
            self.steps.append({"do": "partner", "id": partner_id, "name": step.name, "version": 1})
            return
        before = {name: getattr(known, name) for name in asdict(step)}
        version = known.version
        partners.change_partner(self.desk, known.id, entry, version)
        self.steps.append(
            {"do": "partner", "id": known.id, "name": step.name, "version": version + 1, "before": before}
        )

    def _save_task(self, step: AssignmentStep) -> None:
        cycle = self.rows.cycle
        if cycle is None:
            raise Conflict(LOOK_AGAIN)
        stored = assessment.find_assignment(self.desk.session, self.desk.city_id, cycle.id, step.code)
        before = stored_choice(stored) if stored else None
        version = stored.version if stored else 0
        choice = AssignmentChoice(
            self.rows.departments[fold_words(step.department)],
            self._member_id(step.email),
            self._member_id(step.deputy),
            step.due_on,
        )
        save_choice(self.desk, cycle, step.code, choice, version)
        waits = self._let_wait(step)
        written = version + 1 if before != choice else version
        kept = [*before[:3], before.due_on.isoformat() if before.due_on else None] if before else None
        self.steps.append(
            {"do": "task", "name": step.code, "cycle": cycle.id, "version": written, "before": kept, "waits": waits}
        )

    def _member_id(self, email: str) -> int | None:
        return self.rows.members[email][1].id if email in self.rows.members else None

    def _let_wait(self, step: AssignmentStep) -> list[tuple[int, str]]:
        """Who is invited gets the criterion when the invitation is accepted; whom it waited for before, does not any more."""
        waits = []
        for email, pending in self.rows.invited.items():
            tasks = json.loads(pending.tasks)
            was = tasks.pop(step.code, None)
            part = PERSON if email == step.email else DEPUTY if email == step.deputy else None
            if part:
                tasks[step.code] = part
            if part != was:
                waits.append((pending.id, was or ""))
                pending.tasks = json.dumps(tasks)
        return waits


def invitation_state(pending: Invitation) -> dict[str, Any]:
    """What saving may change of an invitation."""
    return {
        "name": pending.name,
        "role": pending.role,
        "departments": pending.departments,
        "language": pending.language,
    }


def save_preview(desk: Desk, preview: BulkPreview, mark: str, *, leaves_out: bool, invites: str) -> BulkSaved:
    """Save every line that can be used. `mark` is that of the plan which was looked at; `invites` is "mail", "show" or "later".

    Raises Conflict where the plan is another by now, Invalid, Refused; then nothing is saved.
    """
    people.lock_memberships(desk.session, desk.city_id)
    fresh = build_preview(desk, preview.texts, preview.choices)
    if fresh.plan.mark != mark:
        raise Conflict(LOOK_AGAIN)
    if fresh.unusable and not leaves_out:
        raise Invalid({"leaves_out": LEAVE_OUT})
    if not fresh.plan.changes:
        raise Refused(say("Nothing here would change anything."))
    saving = _Saving(desk, load_rows(desk))
    for line in fresh.plan.steps:
        saving.take(line)
    save = BulkSave(
        city_id=desk.city_id, saved_by=desk.who.person_id, lines=len(saving.steps), steps=json.dumps(saving.steps)
    )
    save_id = bulk.add_bulk_save(desk.session, save)
    desk.record(Verb.BULK_SAVED, str(len(saving.steps)), save=save_id)
    return _tell_invited(saving, save_id, invites)


def _tell_invited(saving: _Saving, save_id: int, invites: str) -> BulkSaved:
    """Nobody hears of it but as it was chosen."""
    desk = saving.desk
    told = [
        invitation.deliver_link(desk.session, desk.site, pending, desk.who.person_id)
        for pending in (saving.invited if invites in {"mail", "show"} else ())
    ]
    links = tuple(link for link in told if link.link)
    mailed = sum(link.mailed for link in told)
    return BulkSaved(save_id, len(saving.steps), links, mailed, len(saving.invited) - len(told))
