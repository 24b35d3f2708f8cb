"""How one criterion stands in an assessment."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from app.rules.checklist.stand import Checklist, ItemSupport, evaluate_checklist
from app.rules.criteria.edition import Criterion
from app.rules.cycle.confirming import Confirmation, confirmation_needed
from app.rules.message import Message
from app.rules.review.judged_response import read_content
from app.rules.review.moves import RenewalState, ResponseState
from app.rules.review.response import missing_for_report, next_thing_missing
from app.rules.scoring.confidence import Confidence
from app.rules.scoring.score import SelfRating, VerdictKind
from app.store import response
from app.store.assessment import AssignmentBrief
from app.store.evidence.pieces import SupportRow
from app.store.response import ItemAnswer, ResponseBrief


@dataclass(frozen=True)
class Stand:
    """How one criterion stands, without its texts; its checklist on the overview's day.

    With a `confirmation` it came along from the assessment called `previous`. With a `renewal` its checklist counts only the evidence that a
    reviewer has accepted, and `present` all that is there.
    """

    criterion: Criterion
    state: ResponseState
    decision: VerdictKind | None
    self_rating: SelfRating | None
    confidence: Confidence | None
    checklist: Checklist
    written: bool
    evidence_count: int
    dead_links: int
    department_id: int | None
    department: str
    person_id: int | None
    person: str
    due_on: date | None
    submitted_at: datetime | None
    claimed_by: int | None
    updated_at: datetime | None
    confirmation: Confirmation | None = None
    previous: str = ""
    submitted_by: int | None = None
    renewal: RenewalState = RenewalState.NONE
    renewed_by: int | None = None
    present: Checklist | None = None
    deputy_id: int | None = None

    @property
    def renewed_until(self) -> date | None:
        """From when on what waits to be confirmed would be out of date in its turn; None for never, and where nothing waits."""
        return self.present.at_risk_from if self.present and self.renewal is RenewalState.WAITING else None

    @property
    def wants_renewal_from(self) -> date | None:
        """From when on a met criterion needs newer evidence of its department; None where such waits for the reviewer."""
        return None if self.renewal is RenewalState.WAITING else self.at_risk_from

    def is_renewed(self, day: date) -> bool:
        """Whether only a renewal that nobody has looked at yet keeps a met criterion fresh on the day."""
        lapsed, until = self.at_risk_from, self.renewed_until
        is_waiting = self.renewal is RenewalState.WAITING
        return is_waiting and lapsed is not None and lapsed <= day and (until is None or until > day)

    def items_to_renew(self, until: date) -> tuple[str, ...]:
        """Ids of the items of a met criterion whose evidence is out of date by then, in the checklist's order."""
        if not self.met:
            return ()
        lapsing = (line for line in self.checklist.items if line.counts and line.lapses_on and line.lapses_on <= until)
        return tuple(line.item.id for line in lapsing)

    @property
    def code(self) -> str:
        return self.criterion.code

    @property
    def met(self) -> bool:
        return self.decision is VerdictKind.MET

    @property
    def at_risk_from(self) -> date | None:
        """From when lapsed evidence puts a met criterion at risk; None for never, and for what is not met."""
        return self.checklist.at_risk_from if self.met else None

    @property
    def missing(self) -> Message | None:
        """The one thing to do next, or None when it is ready to submit."""
        unconfirmed = confirmation_needed(self.confirmation, self.previous)
        return unconfirmed or next_thing_missing(self.written, self.checklist, self.evidence_count)

    @property
    def lacking(self) -> Message | None:
        """The same in the words of a report."""
        unconfirmed = self.previous if confirmation_needed(self.confirmation, self.previous) else ""
        return missing_for_report(self.written, self.checklist, self.evidence_count, unconfirmed)


class StandRows(NamedTuple):
    """All that a criterion's stand is made from, besides the day; `criterion` as the city asks it."""

    criterion: Criterion
    brief: ResponseBrief | None
    task: AssignmentBrief | None
    department: str
    person: str
    previous: str
    answers: Mapping[str, ItemAnswer]
    pieces: Sequence[SupportRow]
    decision: str
    accepted: str


def make_stand(given: StandRows, day: date) -> Stand:
    """How the criterion stands on the day."""
    has, task, pieces, accepted = given.brief, given.task, given.pieces, given.accepted
    ticked, present = response.ticked_in(given.answers), _group_by_item(pieces)
    counted = read_content(accepted).supports if accepted else present
    return Stand(
        criterion=given.criterion,
        state=ResponseState(has.state) if has else ResponseState.NOT_STARTED,
        decision=VerdictKind(given.decision) if given.decision else None,
        self_rating=SelfRating(has.self_rating) if has and has.self_rating else None,
        confidence=Confidence(has.confidence) if has and has.confidence else None,
        checklist=evaluate_checklist(given.criterion, ticked, counted, day),
        present=evaluate_checklist(given.criterion, ticked, present, day) if accepted else None,
        renewal=RenewalState(has.renewal) if has else RenewalState.NONE,
        written=bool(has and has.written),
        evidence_count=len({piece.evidence_id for piece in pieces}),
        dead_links=len({piece.evidence_id for piece in pieces if piece.link_dead}),
        department_id=task.department_id if task else None,
        department=given.department,
        person_id=task.person_id if task else None,
        person=given.person,
        due_on=task.due_on if task else None,
        submitted_at=has.submitted_at if has else None,
        claimed_by=has.claimed_by if has else None,
        updated_at=has.updated_at if has else None,
        confirmation=Confirmation(has.confirmation) if has and has.confirmation else None,
        previous=given.previous,
        submitted_by=has.submitted_by if has else None,
        renewed_by=has.renewed_by if has else None,
        deputy_id=task.deputy_id if task else None,
    )


def _group_by_item(supports: Iterable[SupportRow]) -> dict[str, list[ItemSupport]]:
    supports_by_item: dict[str, list[ItemSupport]] = {}
    for support in supports:
        item_support = ItemSupport(support.evidence_id, support.period_to, support.period_from)
        supports_by_item.setdefault(support.item, []).append(item_support)
    return supports_by_item
