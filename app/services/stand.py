"""How one criterion stands in an assessment."""

from dataclasses import dataclass
from datetime import date, datetime

from app.rules.checklist.stand import Checklist
from app.rules.criteria import Criterion
from app.rules.cycle.confirming import Confirmation, confirmation_needed
from app.rules.message import Message
from app.rules.response import missing_for_report, next_thing_missing
from app.rules.review import RenewalState, ResponseState
from app.rules.scoring.confidence import Confidence
from app.rules.scoring.score import SelfRating, VerdictKind


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
    present: Checklist | None = None

    @property
    def renewed_until(self) -> date | None:
        """From when on what waits to be confirmed would be out of date in its turn; None for never, and where nothing waits."""
        return self.present.at_risk_from if self.present and self.renewal is RenewalState.WAITING else None

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
