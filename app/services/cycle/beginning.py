"""Beginning the next assessment from the open one: first as a preview that writes nothing, then all at once."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from itertools import chain
from typing import Any

from sqlmodel import Session, SQLModel

from app.adapters.criteria.editions import list_edition_ids
from app.rules.criteria import Area, Edition
from app.rules.cycle.carrying import Answer, Carried, Totals, carry, totals
from app.rules.cycle.confirming import Confirmation, next_name
from app.rules.editions import KIND_NAMES, Move, MoveKind, moves, stay
from app.rules.errors import Conflict, Invalid
from app.rules.history.verbs import Verb
from app.rules.message import Said, say
from app.rules.review import ResponseState
from app.services.assessment import with_local
from app.services.assignment import check_due, staff
from app.services.city import check_assessment, open_assessment
from app.services.cycle.page import hold
from app.services.desk import Desk, Who
from app.services.people.members import CHANGED_MEANWHILE
from app.services.site import NEWEST_EDITION, Site
from app.store import assessment, city, cycle, people, response
from app.store.assessment import Assessment, Assignment, Task
from app.store.evidence.pieces import EvidenceSupport
from app.store.response import ChecklistAnswer, NarrativeVersion, Response
from app.store.review import ReviewComment


@dataclass(frozen=True)
class Line:
    """What would happen to one criterion: `code` is the new one, or the old one of a criterion that is retired."""

    code: str
    title: str
    carried: Carried
    department: str
    person: str

    @property
    def kind(self) -> MoveKind:
        return self.carried.move.kind

    @property
    def kind_name(self) -> Said:
        return KIND_NAMES[self.kind]


@dataclass(frozen=True)
class EditionChoice:
    """An edition that answers can get to; `complete` as in `Edition`."""

    id: str
    label: str
    complete: bool


@dataclass(frozen=True)
class Preview:
    """What beginning the next assessment would do; nothing is written by looking.

    `closing` is the open assessment, None where the city has none and the first one begins empty. `version` is for the form,
    `inferred` when no public source says how the editions follow one another.
    """

    closing: Assessment | None
    name: str
    edition: str
    choices: tuple[EditionChoice, ...]
    areas: tuple[tuple[Area, tuple[Line, ...]], ...]
    retired: tuple[Line, ...]
    totals: Totals | None
    inferred: bool

    @property
    def is_complete(self) -> bool:
        return all(choice.complete for choice in self.choices if choice.id == self.edition)

    @property
    def version(self) -> int:
        return self.closing.version if self.closing else 0


def preview(desk: Desk, edition: str = "", name: str = "") -> Preview:
    """The page before beginning; an edition that cannot be reached is taken for the one that is proposed."""
    run = assessment.current(desk.session, desk.city_id)
    choices = _choices(desk.site, desk.who, run)
    chosen = edition if edition in {choice.id for choice in choices} else _proposed(choices, run)
    if run is None:
        return Preview(None, name, chosen, choices, (), (), None, False)
    plan = _plan(desk, run, chosen)
    lines = _lines(desk, plan)
    return Preview(
        closing=run,
        name=name or next_name(run.name),
        edition=chosen,
        choices=choices,
        areas=tuple((area, tuple(lines[code] for code in area.criteria)) for area in plan.new.areas),
        retired=tuple(line for line in lines.values() if line.kind is MoveKind.RETIRED),
        totals=totals(plan.carried),
        inferred=plan.inferred,
    )


def _choices(site: Site, who: Who, run: Assessment | None) -> tuple[EditionChoice, ...]:
    found = (
        site.edition(one, who.language)
        for one in list_edition_ids()
        if run is None or site.succession(run.edition, one)
    )
    return tuple(EditionChoice(edition.id, edition.label, edition.complete) for edition in found)


def _proposed(choices: Collection[EditionChoice], run: Assessment | None) -> str:
    """The newest edition, or the present one where no way leads there."""
    reachable = {choice.id for choice in choices}
    return NEWEST_EDITION if run is None or NEWEST_EDITION in reachable else run.edition


def _lines(desk: Desk, plan: "_Plan") -> dict[str, Line]:
    """A line for each move; a retired code that the new edition uses for something else is told apart by a mark that no code has."""
    departments = {row.id: row.name for row in city.departments(desk.session, desk.city_id)}
    names = people.names(desk.session, desk.city_id)
    found = {}
    for one in plan.carried:
        code, task = one.move.new or one.move.old[0], plan.owner(one.move)
        edition = plan.new if one.move.new else plan.old
        department = departments.get(task.department_id, "") if task else ""
        person = names.get(task.person_id or 0, "") if task else ""
        key = code if one.move.new else f"-{code}"
        found[key] = Line(code, edition.criteria[code].title, one, department, person)
    return found


@dataclass(frozen=True)
class _Plan:
    """All that the open assessment `run` has to give, by criterion code, and what each criterion gets of it, in the order of the moves."""

    run: Assessment
    old: Edition
    new: Edition
    inferred: bool
    responses: Mapping[str, Response]
    comments: Mapping[str, list[ReviewComment]]
    tasks: Mapping[str, Task]
    here: Collection[int]
    carried: tuple[Carried, ...]

    def owner(self, move: Move) -> Task | None:
        """Who answers for it from now on: the first of those who did, without a person who works here no more."""
        task = next((self.tasks[code] for code in move.old if code in self.tasks), None)
        return replace(task, person_id=None) if task and task.person_id not in self.here else task


def _plan(desk: Desk, run: Assessment, edition: str) -> _Plan:
    """Raises Invalid where no way leads to the edition."""
    old = _as_asked(desk, run.edition)
    new = old if edition == run.edition else _as_asked(desk, edition)
    succession = stay(new) if new is old else desk.site.succession(old.id, new.id)
    if succession is None:
        raise Invalid({"edition": say("Nothing says how the answers would get to this edition. Choose another one.")})
    city_id, run_id = desk.city_id, run.id
    responses = {row.criterion: row for row in response.all_of(desk.session, city_id, run_id)}
    comments = cycle.comments(desk.session, city_id, run_id)
    answers = _answers(desk.session, run, responses, comments)
    return _Plan(
        run=run,
        old=old,
        new=new,
        inferred=succession.inferred,
        responses=responses,
        comments=comments,
        tasks=assessment.assignments(desk.session, city_id, run_id),
        here=staff(desk),
        carried=tuple(carry(move, old, new, answers) for move in moves(old, new, succession)),
    )


def _as_asked(desk: Desk, edition_id: str) -> Edition:
    """The edition with the city's own checklists in place of ours."""
    edition = desk.site.edition(edition_id, desk.who.language)
    own = assessment.local_criteria(desk.session, desk.city_id, edition_id)
    criteria = {code: with_local(criterion, own.get(code)) for code, criterion in edition.criteria.items()}
    return replace(edition, criteria=criteria)


def _answers(
    session: Session, run: Assessment, responses: Mapping[str, Response], comments: Mapping[str, list[ReviewComment]]
) -> dict[str, Answer]:
    ticked = response.ticked_by_criterion(session, run.city_id, run.id)
    pieces, guests = cycle.pieces(session, run.city_id, run.id)
    return {
        code: Answer(
            code=code,
            narrative=row.narrative,
            ticked=frozenset(ticked.get(code, ())),
            pieces=pieces.get(code, {}),
            comments=len(comments.get(code, ())),
            guests=guests.get(code, ()),
        )
        for code, row in responses.items()
    }


def begin(desk: Desk, *, name: str, due_on: date | None, edition: str, shown: str, version: int) -> None:
    """Close the open assessment and begin the next one with its answers; the first one of a city begins empty.

    `shown` is the edition that the preview was for, `version` that of the open assessment, 0 for none. Raises Invalid, Conflict.
    """
    name = check_assessment(name, edition)
    check_due(due_on, desk.who.today)
    run = assessment.current(desk.session, desk.city_id)
    if run is None:
        _begin_first(desk, name, due_on, edition)
        return
    if edition != shown:
        raise Invalid({"edition": say("Look first at what would happen with this edition: it is shown below now.")})
    hold(desk.session, run, version)
    plan = _plan(desk, run, edition)
    fresh = _close_and_open(
        desk.session, run, Assessment(city_id=run.city_id, edition=edition, name=name, due_on=due_on)
    )
    _bring(desk.session, plan, fresh)
    details = {
        "assessment": fresh.id,
        "from": run.id,
        "was": run.name,
        "edition": edition,
        **asdict(totals(plan.carried)),
    }
    desk.record(Verb.CYCLE_BEGUN, name, **details)


def _begin_first(desk: Desk, name: str, due_on: date | None, edition: str) -> None:
    city.lock(desk.session, desk.city_id)
    if assessment.current(desk.session, desk.city_id):
        raise Conflict(CHANGED_MEANWHILE)
    open_assessment(desk.session, desk.who.city, name, due_on=due_on, edition=edition, by=desk.who.person_id)


def _close_and_open(session: Session, run: Assessment, fresh: Assessment) -> Assessment:
    run.state, run.version = "closed", run.version + 1
    fresh.previous_id, fresh.version = run.id, run.version  # so that a form from before never fits
    cycle.add_all(session, [run, fresh])
    return fresh


def _bring(session: Session, plan: _Plan, fresh: Assessment) -> None:
    coming = [one for one in plan.carried if one.move.new]
    rows = {one.move.new: _response(plan, fresh, one) for one in coming if one.is_answer or one.comments}
    cycle.add_all(session, rows.values())
    parts = (_parts(plan, one, rows[one.move.new]) for one in coming if one.move.new in rows)
    cycle.add_all(session, chain.from_iterable(parts))
    cycle.add_all(session, _assignments(plan, fresh, coming))


def _response(plan: _Plan, fresh: Assessment, one: Carried) -> Response:
    """Its versions go on from those that holding has raised, so that no page from before passes for one of the new assessment."""
    before = [plan.responses[answer.code] for answer in one.answers]
    written = [row for row in before if row.narrative and row.narrative_at]
    last = max(written, key=lambda row: str(row.narrative_at), default=None)
    return Response(
        city_id=fresh.city_id,
        assessment_id=fresh.id,
        criterion=one.move.new or "",
        narrative=one.narrative,
        narrative_version=max(row.narrative_version for row in before) + len(one.set_aside),
        narrative_by=last.narrative_by if last else None,
        narrative_at=last.narrative_at if last else None,
        carried_from=before[0].id,
        confirmation=Confirmation.ASKED if one.is_answer else None,
        state=ResponseState.IN_PROGRESS if one.is_answer else ResponseState.NOT_STARTED,
        version=max(row.version for row in before),
    )


def _parts(plan: _Plan, one: Carried, row: Response) -> Iterator[SQLModel]:
    """What belongs to a response that came along."""
    of: dict[str, Any] = {"city_id": row.city_id, "response_id": row.id}
    yield from (ChecklistAnswer(**of, item=item, ticked=True) for item in one.ticks)
    for piece, items in one.pieces.items():
        tie = of | {"evidence_id": piece, "guest": piece in one.guests}
        yield from (EvidenceSupport(**tie, item=item) for item in items or ("",))
    for number, (code, text) in enumerate(one.set_aside, start=row.narrative_version - len(one.set_aside)):
        yield _set_aside(plan.responses[code], NarrativeVersion(**of, number=number, text=text, at=row.updated_at))
    said = [comment for answer in one.answers for comment in plan.comments.get(answer.code, ())]
    for comment in sorted(said, key=lambda comment: (comment.at, comment.id)):
        yield ReviewComment(**of, text=comment.text, person_id=comment.person_id, at=comment.at)


def _set_aside(written: Response, kept: NarrativeVersion) -> NarrativeVersion:
    kept.text = f"{written.criterion}\n\n{kept.text}"
    kept.person_id, kept.at = written.narrative_by, written.narrative_at or kept.at
    return kept


def _assignments(plan: _Plan, fresh: Assessment, coming: Collection[Carried]) -> Iterator[Assignment]:
    """The due date is that of the new assessment."""
    owners = ((one.move.new, plan.owner(one.move)) for one in coming)
    for code, task in owners:
        if code and task:
            yield Assignment(
                city_id=fresh.city_id,
                assessment_id=fresh.id,
                criterion=code,
                department_id=task.department_id,
                person_id=task.person_id,
                due_on=fresh.due_on,
            )
