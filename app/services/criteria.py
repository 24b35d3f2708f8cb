"""The list of criteria, and the page of one: what is asked, where the response stands, what is missing."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.rules.checklist import text as checklist_text
from app.rules.checklist.stand import Checklist, ItemStand
from app.rules.criteria import Area, ChecklistItem, Criterion
from app.rules.cycle.confirming import ANSWERS, MEANINGS, Confirmation
from app.rules.errors import Conflict
from app.rules.freshness import DUE_SOON_DAYS
from app.rules.history.verbs import Verb
from app.rules.message import Said
from app.rules.prerequisites import BLOCK, counting, missing_for
from app.rules.review import Move
from app.rules.scoring.score import Decision, met_codes
from app.services import response
from app.services.assessment import Overview, Stand, current, overview
from app.services.desk import Desk
from app.services.evidence import page as pieces
from app.services.response import OpenedResponse
from app.store import city, people, review
from app.store import response as responses
from app.store.assessment import LocalCriterion


@dataclass(frozen=True)
class CriteriaPage:
    """Every criterion by practice area; `mine` marks those that the person may write."""

    overview: Overview
    groups: tuple[tuple[Area, tuple[Stand, ...]], ...]
    mine: frozenset[str]
    query: str
    total: int


def index(desk: Desk, query: str = "") -> CriteriaPage:
    """The list, narrowed to those whose code, title or words contain every word of `query`."""
    whole = overview(desk.session, desk.site, desk.who.city, desk.who.language)
    words = query.casefold().split()

    def fits(stand: Stand) -> bool:
        text = f"{stand.code} {stand.criterion.title} {stand.criterion.statement} {stand.department}".casefold()
        return all(word in text for word in words)

    groups = tuple((area, tuple(filter(fits, stands))) for area, stands in whole.by_area)
    mine = {
        s.code for s in whole.stands if s.department_id in desk.who.departments or s.person_id == desk.who.person_id
    }
    return CriteriaPage(whole, tuple(group for group in groups if group[1]), frozenset(mine), query, len(whole.stands))


@dataclass(frozen=True)
class ItemLine:
    """A checklist item as it stands today; `version` is that of the answer, 0 before the first."""

    stand: ItemStand
    version: int

    @property
    def item(self) -> ChecklistItem:
        return self.stand.item


@dataclass(frozen=True)
class Linked:
    """Another criterion that this one needs or unlocks."""

    code: str
    title: str
    met: bool


@dataclass(frozen=True)
class VerdictLine:
    decision: Decision
    reason: str
    by: str
    at: datetime
    withdrawn: bool


@dataclass(frozen=True)
class CommentLine:
    text: str
    by: str
    at: datetime


@dataclass(frozen=True)
class TextLine:
    """A narrative as it once stood."""

    text: str
    by: str
    at: datetime


@dataclass(frozen=True)
class CriterionPage:
    """Everything on the page of one criterion."""

    opened: OpenedResponse
    criterion: Criterion
    area: Area
    official_wording: str
    own_checklist: bool
    needs: tuple[Linked, ...]
    unlocks: tuple[Linked, ...]
    items: tuple[ItemLine, ...]
    checklist: Checklist
    evidence: tuple[pieces.Piece, ...]
    verdicts: tuple[VerdictLine, ...]
    comments: tuple[CommentLine, ...]
    earlier_texts: tuple[TextLine, ...]
    saved_by: str
    stops: tuple[Said, ...]
    warnings: tuple[Said, ...]
    today: date
    waits_for: tuple[str, ...]
    blocked: bool
    prerequisites_block: bool
    department: str
    person: str
    due_on: date | None
    before: str | None
    after: str | None

    @property
    def moves(self) -> bool:
        """Whether the page changes by itself."""
        return any(piece.moves for piece in self.evidence)

    @property
    def verdict(self) -> VerdictLine | None:
        """The verdict that counts."""
        return next((line for line in self.verdicts if not line.withdrawn), None)

    @property
    def confirmation_meaning(self) -> Said | None:
        """What was said of an answer that came along, and what follows from it; None where it did not come along."""
        return MEANINGS[self.opened.confirmation] if self.opened.confirmation else None

    @property
    def confirmation_answers(self) -> dict[Confirmation, Said]:
        return ANSWERS

    @property
    def at_risk_from(self) -> date | None:
        """From when lapsed evidence puts a met criterion at risk, where that is soon or already so."""
        day = self.checklist.at_risk_from if self.verdict and self.verdict.decision is Decision.MET else None
        return day if day and day <= self.today + timedelta(days=DUE_SOON_DAYS) else None

    @property
    def can_write(self) -> bool:
        return response.may_take_action(self.opened, Move.WRITE)

    @property
    def can_submit(self) -> bool:
        return response.may_take_action(self.opened, Move.SUBMIT) or response.may_take_action(self.opened, Move.WRITE)

    @property
    def can_take_back(self) -> bool:
        return response.may_take_action(self.opened, Move.TAKE_BACK)


def show(desk: Desk, code: str) -> CriterionPage:
    """The page of one criterion. Raises NotFound for a code that the edition does not have."""
    opened = response.load_response(desk, code)
    edition = desk.site.edition(opened.assessment.edition, desk.who.language)
    local, task = opened.local, opened.task
    names = people.names(desk.session, desk.city_id)
    departments = {row.id: row.name for row in city.departments(desk.session, desk.city_id)}
    decisions = review.latest_decisions(desk.session, desk.city_id, opened.assessment.id)
    evidence = pieces.of_response(desk, opened.id)
    answers = responses.answers(desk.session, desk.city_id, opened.id)
    ticked = {key for key, answer in answers.items() if answer.ticked}
    codes = list(edition.criteria)
    met = met_codes({code: Decision(decisions[code]) for code in codes if code in decisions})
    examined = response.examine_response(desk, opened, ticked)
    place = codes.index(code)

    def linked(others: tuple[str, ...]) -> tuple[Linked, ...]:
        return tuple(
            Linked(other, edition.criteria[other].title, decisions.get(other) == Decision.MET) for other in others
        )

    return CriterionPage(
        opened=opened,
        criterion=opened.criterion,
        area=edition.area_of(code),
        official_wording=local.official_wording if local else "",
        own_checklist=bool(local and local.checklist),
        needs=linked(opened.criterion.prerequisites),
        unlocks=linked(edition.unlocked_by(code)),
        items=tuple(
            ItemLine(item, answers[item.item.id].version if item.item.id in answers else 0)
            for item in examined.checklist.items
        ),
        checklist=examined.checklist,
        evidence=evidence,
        verdicts=tuple(
            VerdictLine(
                Decision(row.decision),
                row.reason,
                names.get(row.reviewer_id, "?"),
                row.at,
                row.withdrawn_at is not None,
            )
            for row in review.of_response(desk.session, desk.city_id, opened.id)
        ),
        comments=tuple(
            CommentLine(row.text, names.get(row.person_id, "?"), row.at)
            for row in review.comments(desk.session, desk.city_id, opened.id)
        ),
        earlier_texts=tuple(
            TextLine(row.text, names.get(row.person_id or 0, "?"), row.at)
            for row in responses.earlier_texts(desk.session, desk.city_id, opened.id)
            if row.text != opened.response.narrative
        ),
        saved_by=names.get(opened.response.narrative_by or 0, ""),
        stops=examined.stops,
        warnings=examined.warnings,
        today=desk.who.today,
        waits_for=missing_for(edition, met).get(code, ()),
        blocked=code in met - counting(edition, met),
        prerequisites_block=edition.prerequisites == BLOCK,
        department=departments.get(task.department_id, "") if task else "",
        person=names.get(task.person_id or 0, "") if task else "",
        due_on=task.due_on if task else None,
        before=codes[place - 1] if place else None,
        after=codes[place + 1] if place + 1 < len(codes) else None,
    )


@dataclass(frozen=True)
class WordingPage:
    """A city's own words for one criterion, to be edited; `version` is 0 before the first."""

    criterion: Criterion
    official_wording: str
    checklist: str
    needed: int
    version: int


def wording(desk: Desk, code: str) -> WordingPage:
    """What the city pasted or wrote; our own checklist stands in the field until it has one."""
    run = current(desk.session, desk.who.city)
    criterion, local = response.find_criterion(desk, run, code)
    text = checklist_text.write(criterion.checklist)
    return WordingPage(
        criterion, local.official_wording if local else "", text, criterion.needed, local.version if local else 0
    )


def set_wording(desk: Desk, code: str, *, official: str, text: str, needed: int | None, version: int) -> None:
    """Keep the city's own words. A checklist equal to ours, or none, means that ours stays. Raises Invalid, Conflict."""
    run = current(desk.session, desk.who.city)
    ours = desk.site.edition(run.edition, desk.who.language).criteria
    _, local = response.find_criterion(desk, run, code)
    items = checklist_text.parse(text)
    same = not items or (text.strip() == checklist_text.write(ours[code].checklist) and needed == ours[code].needed)
    if local:
        desk.session.refresh(local, with_for_update=True)
    if (local.version if local else 0) != version:
        raise Conflict(response.RESPONSE_CHANGED)
    local = local or LocalCriterion(city_id=desk.city_id, edition=run.edition, criterion=code, version=0)
    local.official_wording = official.strip()
    local.checklist = (
        None
        if same
        else json.dumps([{"id": i.id, "text": i.text, "required": i.required, "window": i.window} for i in items])
    )
    local.needed = None if same else checklist_text.check_needed(needed, items)
    local.version = version + 1
    desk.session.add(local)
    desk.record(Verb.WORDING_SET, code, own_checklist=not same)
