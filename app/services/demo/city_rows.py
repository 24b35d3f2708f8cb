"""The first rows of a demo city: departments, people, assignments, and the events that tell of them."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from app.adapters.demo.content import DemoCity
from app.rules.history.verbs import Verb
from app.services.account.sessions import today_in
from app.services.city import add_assessment, add_city
from app.services.site import Site
from app.store import award, people
from app.store.assessment import Assignment, save_assignment
from app.store.award import Award
from app.store.city import City, add_department, city_values
from app.store.history.events import NewEvent
from app.store.people import Membership, Person

SPREAD_DAYS = 9


@dataclass
class CityRows:
    """A city on its way in: its departments, its people and who answers for what; ids by the names that the content uses."""

    site: Site
    session: Session
    content: DemoCity
    pass_phrase_hash: str
    departments: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    responses: dict[str, int] = field(default_factory=dict)
    happened: list[NewEvent] = field(default_factory=list)

    def add_city_row(self) -> None:
        content = self.content
        self.city: City = add_city(
            self.session,
            slug=content.slug,
            name=content.name,
            country=content.country,
            language=content.language,
            time_zone=content.time_zone,
            population=content.population,
            illustrative=True,
        )
        self.city_id = self.city.id
        self.today: date = today_in(city_values(self.city))
        due_on = self.today + timedelta(days=content.due_in_days)
        self.run_id = add_assessment(self.session, self.city_id, content.assessment, due_on=due_on).id

    def record_event(self, login: str, verb: Verb, subject: str, **details: object) -> None:
        self.happened.append(NewEvent(self.people.get(login), verb, subject, details))

    def pick_moment(self, days_ago: int, code: str) -> datetime:
        """A working hour that many days ago or some days before, another for each criterion."""
        number = list(self.content.answers).index(code)
        day = self.today - timedelta(days=days_ago + number % SPREAD_DAYS)
        return datetime.combine(day, time(9 + number % 8, number * 7 % 60), ZoneInfo(self.content.time_zone))

    def add_departments(self) -> None:
        for name in self.content.departments:
            department = add_department(self.session, self.city_id, name)
            self.session.flush()
            self.departments[name] = department.id
            self.record_event("", Verb.DEPARTMENT_ADDED, name)

    def add_people(self) -> None:
        for demo_person in self.content.people:
            person = Person(
                email=f"{demo_person.login}@{self.content.slug}.example",
                name=demo_person.name,
                pass_phrase_hash=self.pass_phrase_hash,
                demo=True,
            )
            self.people[demo_person.login] = people.add_person(self.session, person)
            membership = Membership(city_id=self.city_id, person_id=person.id, role=demo_person.role)
            membership_id = people.add_membership(self.session, membership)
            departments = [self.departments[name] for name in demo_person.departments]
            people.set_departments(self.session, self.city_id, membership_id, frozenset(departments))
            self.record_event(
                "", Verb.PERSON_ADDED, "", person=person.id, role=demo_person.role, departments=departments
            )

    def enter_awards(self) -> None:
        for published in self.content.awards:
            entered = Award(city_id=self.city_id, **published.model_dump())
            award.add_award(self.session, entered)
            details = {"award": entered.id, "level": entered.level, "source": entered.source_url}
            self.record_event("admin", Verb.AWARD_ENTERED, entered.announced_on.isoformat(), **details)

    def assign_criteria(self) -> None:
        due_on = self.today + timedelta(days=self.content.due_in_days - 14)
        for code, demo_response in self.content.answers.items():
            assignment = Assignment(
                city_id=self.city_id,
                assessment_id=self.run_id,
                criterion=code,
                department_id=self.departments[demo_response.department],
                person_id=self.people[demo_response.by],
                due_on=due_on,
            )
            save_assignment(self.session, assignment, 0)
            person = self.people[demo_response.by]
            self.record_event(
                "reviewer", Verb.ASSIGNED, code, department=demo_response.department, person=person, due_on=due_on
            )
