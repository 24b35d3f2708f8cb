"""A city hall at work: 40 people with sessions of their own, who read four pages and then change something, so that hardly a page is as
it was.

30 answer for a criterion each and tick, write and add evidence to it; 10 review and give verdicts and take them back. Everyone's steps
are drawn once, so that ours, the one by hand and Django's do the very same, each over a copy of the same database.
"""

import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from statistics import median

from sqlmodel import Session, col, select

from app.rules.people.permissions import Role
from app.services.site import open_site
from app.store.assessment import Assignment
from app.store.people import Membership, MembershipDepartment, Person
from app.web.cookies import SESSION_COOKIE
from tests.bench import rows
from tests.bench.callers import Caller, Step, TakenRound, take_steps
from tests.bench.data import CITY, Made, demo_city, settings
from tests.bench.load import BARE, DJANGO, OURS, Server, all_serving
from tests.bench.table import Line
from tests.world import sign_in

WRITERS, REVIEWERS, PIECES = 30, 10, 3
READS, CHANGES, ROUNDS = 4, 4, 3
OF_BARE, OF_DJANGO = 0.35, 4
PAGES = {
    "board": f"/{CITY}/board",
    "criteria list": f"/{CITY}/criteria",
    "criterion": f"/{CITY}/criteria/{{code}}",
    "my work": f"/{CITY}/my-work",
    "library": f"/{CITY}/evidence",
    "review": f"/{CITY}/review",
}
OF_WRITERS = ("board", "criteria list", "criterion", "my work", "library")
OF_REVIEWERS = ("board", "criteria list", "criterion", "review", "review", "review")
WORDS = "The data office and the department agreed on this in the spring, and it has been done so every quarter since. "


@dataclass
class Clerk:
    """Someone at work on one criterion, and what they know of it; `item` is the one that they tick and untick."""

    token: str
    code: str
    item: str
    reviews: bool
    chance: random.Random
    versions: dict[str, int]
    ticked: bool = False
    decided: bool = False
    changes: int = 0
    codes: list[str] = field(default_factory=lambda: list(rows.edition().criteria))

    def caller(self) -> Caller:
        """The steps of one more round."""
        return Caller(self.cookie, tuple(self._steps()))

    @property
    def cookie(self) -> str:
        return f"{SESSION_COOKIE}={self.token}"

    def saving(self, times: int) -> Caller:
        """So many changes, and nothing read in between."""
        return Caller(self.cookie, tuple(self._change() for _ in range(times)))

    def new_pieces(self, words: str) -> Iterator[Step]:
        """Evidence without end."""
        for number in count():
            yield self._piece(f"{words}, {number}")

    def _change(self) -> Step:
        self.changes += 1
        if self.reviews:
            return self._verdict()
        kind = self.changes % 3
        return self._piece(f"{self.changes}") if kind == 2 else self._text() if kind else self._tick()

    def _steps(self) -> Iterator[Step]:
        for _ in range(CHANGES):
            for name in self.chance.choices(OF_REVIEWERS if self.reviews else OF_WRITERS, k=READS):
                yield Step(name, PAGES[name].format(code=self.chance.choice(self.codes)))
            yield self._change()

    def _next(self, name: str) -> str:
        self.versions[name] += 1
        return str(self.versions[name] - 1)

    def _tick(self) -> Step:
        form = {f"was.{self.item}": str(int(self.ticked)), f"version.{self.item}": self._next("tick")}
        self.ticked = not self.ticked
        form |= {f"item.{self.item}": "on"} if self.ticked else {}
        return Step("tick", f"/{CITY}/criteria/{self.code}/checklist", tuple(form.items()))

    def _text(self) -> Step:
        form = {"narrative": f"{WORDS * 4}{self.changes}", "narrative_version": self._next("text")}
        return Step("text", f"/{CITY}/criteria/{self.code}/narrative", tuple(form.items()))

    def _piece(self, words: str) -> Step:
        form = {
            "kind": "note",
            "title": f"Note {words} on {self.code}",
            "note": WORDS,
            "visibility": "internal",
            "item": self.item,
        }
        return Step("evidence", f"/{CITY}/criteria/{self.code}/evidence", tuple(form.items()))

    def _verdict(self) -> Step:
        self.decided = not self.decided
        version = self._next("response")
        if self.decided:
            form = {"decision": "met", "reason": "The plan and its figures show it.", "version": version}
            return Step("verdict", f"/{CITY}/review/{self.code}/verdict", tuple(form.items()))
        return Step(
            "verdict", f"/{CITY}/review/{self.code}/reopen", (("why", "One figure is new."), ("version", version))
        )


def city_hall(folder: Path) -> Made:
    """The demo's city with three pieces of evidence to each criterion, and everyone's work begun."""
    made = demo_city(folder, PIECES)
    with closing(sqlite3.connect(made.data_dir / "cityready.db")) as connection:
        for number, code in enumerate(_codes()):
            _begin(connection, code, waits=number >= WRITERS)
        connection.commit()
    return made


def _codes() -> list[str]:
    return list(rows.edition().criteria)[: WRITERS + REVIEWERS]


def _begin(connection: sqlite3.Connection, code: str, *, waits: bool) -> None:
    """The response is under way, or waits for its reviewer, whatever the demo has made of it."""
    mine = "(SELECT r.id FROM response r JOIN city c ON c.id = r.city_id WHERE c.slug = :city AND r.criterion = :code)"
    given = {"city": CITY, "code": code, "state": "submitted" if waits else "in_progress", "words": WORDS * 4}
    for statement in (
        f"UPDATE verdict SET withdrawn_at = at WHERE response_id IN {mine}",
        f"""UPDATE response SET state = :state, narrative = :words, claimed_by = NULL, confirmation = NULL,
          submitted_at = CASE :state WHEN 'submitted' THEN updated_at END WHERE id IN {mine}""",
    ):
        connection.execute(statement, given)


def hire_clerks(made: Made) -> list[Clerk]:
    """Forty people of the city, signed in, each with a criterion."""
    with closing(open_site(settings(made.data_dir))) as site:
        with site.database.writing() as session:
            people = [_person(session, number, code) for number, code in enumerate(_codes())]
        tokens = [sign_in(site, person) for person in people]
    with closing(sqlite3.connect(made.data_dir / "cityready.db")) as connection:
        return [_clerk(connection, number, tokens[number], code) for number, code in enumerate(_codes())]


def _person(session: Session, number: int, code: str) -> int:
    """A lead of the department that answers for the criterion, assigned to it by name; or a reviewer."""
    task = session.exec(
        select(Assignment).where(Assignment.criterion == code).order_by(col(Assignment.city_id))
    ).first()
    assert task
    person = Person(email=f"clerk-{number}@{CITY}.example", name=f"Clerk {number}")
    session.add(person)
    session.flush()
    role = Role.LEAD if number < WRITERS else Role.REVIEWER
    member = Membership(city_id=task.city_id, person_id=person.id or 0, role=role)
    session.add(member)
    session.flush()
    if role is Role.LEAD:
        own = MembershipDepartment(membership_id=member.id, department_id=task.department_id, city_id=task.city_id)
        session.add(own)
        task.person_id = person.id
        session.add(task)
    return person.id or 0


def _clerk(connection: sqlite3.Connection, number: int, token: str, code: str) -> Clerk:
    query = """
    SELECT r.id, r.version, r.narrative_version FROM response r JOIN city c ON c.id = r.city_id
    WHERE c.slug = ? AND r.criterion = ? ORDER BY r.id DESC"""
    response, version, narrative = connection.execute(query, (CITY, code)).fetchone()
    item = rows.edition().criteria[code].checklist[0].id
    query = "SELECT ticked, version FROM checklist_answer WHERE response_id = ? AND item = ?"
    ticked, answered = connection.execute(query, (response, item)).fetchone() or (False, 0)
    versions = {"response": version, "text": narrative, "tick": answered}
    return Clerk(token, code, item, number >= WRITERS, random.Random(number), versions, bool(ticked))


def measure(folder: Path) -> list[Line]:
    made, ways = city_hall(folder / "hall"), {"ours": OURS, "bare": BARE, "Django": DJANGO}
    at_work = {name: copy_city(made, folder / f"hall-{name}") for name in ways}
    started = [(name, target, at_work[name].data_dir, "") for name, target in ways.items()]
    people = {name: hire_clerks(copy) for name, copy in at_work.items()}
    with all_serving(started) as servers:
        rounds = _take_turns(servers, people)
    return _lines(rounds)


def copy_city(made: Made, folder: Path) -> Made:
    shutil.copytree(made.data_dir, folder)
    return Made(folder, "")


def _take_turns(servers: list[Server], people: dict[str, list[Clerk]]) -> dict[str, list[TakenRound]]:
    """The first round is for warming up. Raises RuntimeError where anything was not answered as it should be."""
    rounds: dict[str, list[TakenRound]] = {server.name: [] for server in servers}
    for turn in range(1 + ROUNDS):
        for server in servers if turn % 2 else reversed(servers):
            taken = take_steps(server, [clerk.caller() for clerk in people[server.name]])
            if taken.failed:
                raise RuntimeError(f"{len(taken.failed)} steps failed, the first of them: {taken.failed[0]}")
            if turn:
                rounds[server.name].append(taken)
    return rounds


def _lines(rounds: dict[str, list[TakenRound]]) -> list[Line]:
    def rate(anchor: str, at_least: float) -> Line:
        ours, theirs = (median(taken.per_second for taken in rounds[name]) for name in ("ours", anchor))
        pairs = zip(rounds["ours"], rounds[anchor], strict=True)
        ratio = median(mine.per_second / other.per_second for mine, other in pairs)
        return Line("40 people at work", f"{ours:.0f}/s", f"{anchor} {theirs:.0f}/s", ratio, at_least=at_least)

    def spent(kind: str) -> Line:
        ours, bare = (median(taken.typical_ms(kind) for taken in rounds[name]) for name in ("ours", "bare"))
        return Line(f"{kind}, while 40 wait: median", f"{ours:.0f} ms", f"bare {bare:.0f} ms", ours / bare)

    kinds = sorted({kind for taken in rounds["ours"] for kind in taken.spent_ms})
    return [rate("bare", OF_BARE), rate("Django", OF_DJANGO), *map(spent, kinds)]
