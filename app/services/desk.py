"""The desk that every use case works at: a session of the database, the installation, and who asks."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from app.rules.city.naming import CityValues
from app.rules.errors import NotAllowed
from app.rules.history.verbs import FOR_OTHERS, Verb
from app.rules.message import say
from app.rules.people.permissions import Role, has_right
from app.rules.people.standing_in import ONLY_SELF, OwnedTask, StandIn, acted_for, is_named
from app.services.kept import CityResults
from app.services.site import Site
from app.store import assessment
from app.store.history import events
from app.store.history.event import HistoryEvent


@dataclass(frozen=True)
class Who:
    """The person who asks, in one city. `language` is the one in use; `today` is the date in the city's time zone.

    `departments` are all that the person may write for; `own_departments` those without what comes from standing in for others.
    `list_choices` is how the person last narrowed each list, see `app.services.lists.list_choice`.
    `has_read_public_advice` says whether what it means to make something public was read before.
    `in_small_office` where this one does everything, so that no words of a large hall are needed.
    `confirmed_at` is when the passphrase was last typed in this session, `seen_at` when its use was last written down.
    """

    person_id: int
    name: str
    email: str
    role: Role
    membership_id: int
    departments: frozenset[int]
    city: CityValues
    language: str
    today: date
    confirmed_at: datetime | None = None
    seen_at: datetime | None = None
    by_service: bool = False
    own_departments: frozenset[int] = frozenset()
    stand_in: StandIn = ONLY_SELF
    list_choices: str = ""
    has_read_public_advice: bool = False
    in_small_office: bool = False

    @property
    def city_id(self) -> int:
        return self.city.id

    def may(self, action: str) -> bool:
        return has_right(self.role, action)

    def is_assigned(self, task: OwnedTask) -> bool:
        """Whether a criterion that is assigned so is this person's, by name, as a deputy, or through a department."""
        return is_named(task, self.person_id, self.stand_in.away) or task.department_id in self.departments

    def acts_for(self, task: OwnedTask) -> int | None:
        """The person whose work a criterion is that this one does; None for the own."""
        return acted_for(task, self.person_id, self.own_departments, self.stand_in)

    def need(self, action: str) -> None:
        """Raises NotAllowed where the role lacks the right."""
        if not self.may(action):
            raise NotAllowed(say("Your role in this city does not include this. Ask your data office if you need it."))


@dataclass(frozen=True)
class Desk:
    """What a use case needs to begin: its transaction, the installation it runs in, and the person on whose behalf it acts."""

    session: Session
    site: Site
    who: Who

    @property
    def city_id(self) -> int:
        return self.who.city_id

    @property
    def kept(self) -> CityResults:
        """What was worked out for the city before, as this session sees it now."""
        return self.site.kept.seen_by(self.session, self.who.city)

    def record(self, verb: Verb, subject: str = "", **details: object) -> HistoryEvent:
        """Append an event of what the person did to the city's history, in this transaction.

        `subject` names what it was done to, such as a criterion's code; `details` are kept with the event as JSON. Work on a criterion
        that is another person's says for whom it was done.
        """
        if self.who.stand_in.is_for_someone and verb in FOR_OTHERS:
            task = assessment.find_open_assignment(self.session, self.city_id, subject)
            if task and (person_id := self.who.acts_for(task)):
                details["for_person"] = person_id
        return events.record_event(self.session, self.city_id, self.who.person_id, verb, subject, **details)
