"""The page of a criterion: what is asked, where the response stands, what is missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from app.rules.checklist.stand import Checklist, ItemStand
from app.rules.criteria.edition import Area, ChecklistItem, Criterion
from app.rules.criteria.prerequisites import BLOCK, codes_that_count, missing_for
from app.rules.cycle.confirming import CONFIRMATION_MEANINGS, CONFIRMATION_NAMES, Confirmation
from app.rules.days.freshness import DUE_SOON_DAYS
from app.rules.files.offered import FileChoice, offer_files
from app.rules.message import Message
from app.rules.review.moves import ResponseState, ReviewAction
from app.rules.review.response import ResponseValues
from app.rules.scoring.score import VerdictKind
from app.rules.sources import list_unchecked
from app.services.assessment.overview import Overview, load_overview
from app.services.criteria.guide import AskedTexts, link_asked
from app.services.cycle.last_time import LastVerdict, load_last_verdicts
from app.services.desk import Desk
from app.services.evidence import pieces
from app.services.response import answering, submission
from app.services.review.given import (
    EarlierText,
    GivenVerdict,
    ResponseTalk,
    ReviewCommentLine,
    find_reopening,
    load_talk,
)
from app.services.review.renewing import Renewal, load_renewal
from app.services.small_office.own_check import OwnCheck, load_own_check
from app.store.evidence.pieces import list_supporting_pieces
from app.store.response import ItemAnswer, ticked_in
from app.store.values import frozen_values


@dataclass(frozen=True)
class ItemLine:
    """A checklist item as it stands today; `version` is that of the answer, 0 before the first."""

    stand: ItemStand
    version: int

    @property
    def item(self) -> ChecklistItem:
        return self.stand.item


@dataclass(frozen=True)
class RelatedCriterion:
    """Another criterion that this one needs or unlocks."""

    code: str
    title: str
    met: bool


@dataclass(frozen=True)
class CriterionPage:
    """Everything on the page of one criterion. `actions` are the moves that the person may make now, `previous` names the assessment
    that the response came along from, `unchecked_since` the day on which its newest public source was seen,
    where that is long ago."""

    response: ResponseValues
    state: ResponseState
    confirmation: Confirmation | None
    previous: str
    actions: frozenset[ReviewAction]
    criterion: Criterion
    area: Area
    official_wording: str
    own_checklist: bool
    needs: tuple[RelatedCriterion, ...]
    unlocks: tuple[RelatedCriterion, ...]
    items: tuple[ItemLine, ...]
    checklist: Checklist
    accepted: Checklist
    renewal: Renewal | None
    evidence: tuple[pieces.ShownPiece, ...]
    verdicts: tuple[GivenVerdict, ...]
    comments: tuple[ReviewCommentLine, ...]
    earlier_texts: tuple[EarlierText, ...]
    saved_by: str
    stops: tuple[Message, ...]
    warnings: tuple[Message, ...]
    today: date
    waits_for: tuple[str, ...]
    blocked: bool
    prerequisites_block: bool
    department: str
    person: str
    due_on: date | None
    before: Criterion | None
    after: Criterion | None
    last_verdicts: tuple[LastVerdict, ...]
    asked: AskedTexts
    files: FileChoice
    own_check: OwnCheck
    unchecked_since: date | None

    @property
    def is_changing(self) -> bool:
        """Whether the page changes by itself."""
        return any(piece.is_changing for piece in self.evidence)

    @property
    def verdict(self) -> GivenVerdict | None:
        """The verdict that counts."""
        return next((line for line in self.verdicts if line.withdrawn_at is None), None)

    @property
    def confirmation_meaning(self) -> Message | None:
        """What was said of an answer that came along, and what follows from it; None where it did not come along."""
        return CONFIRMATION_MEANINGS[self.confirmation] if self.confirmation else None

    @property
    def confirmation_answers(self) -> dict[Confirmation, Message]:
        return CONFIRMATION_NAMES

    @property
    def at_risk_from(self) -> date | None:
        """From when lapsed evidence puts a met criterion at risk, where that is soon or already so."""
        day = self.accepted.at_risk_from if self.verdict and self.verdict.decision is VerdictKind.MET else None
        return day if day and day <= self.today + timedelta(days=DUE_SOON_DAYS) else None

    @property
    def can_write(self) -> bool:
        return ReviewAction.WRITE in self.actions

    @property
    def can_renew(self) -> bool:
        """Whether the person may bring newer evidence now, beside a verdict of met."""
        is_met = self.verdict is not None and self.verdict.decision is VerdictKind.MET
        return is_met and ReviewAction.RENEW in self.actions

    @property
    def can_answer_again(self) -> bool:
        is_not_met = self.verdict is not None and self.verdict.decision is VerdictKind.NOT_MET
        return is_not_met and ReviewAction.ANSWER_AGAIN in self.actions

    @property
    def reopening(self) -> ReviewCommentLine | None:
        """The request to reopen it that waits for the data office."""
        return find_reopening(self.comments)

    @property
    def can_ask_reopening(self) -> bool:
        is_met = self.verdict is not None and self.verdict.decision is VerdictKind.MET
        return is_met and self.reopening is None and ReviewAction.ASK_REOPENING in self.actions

    @property
    def can_submit(self) -> bool:
        return not self.actions.isdisjoint({ReviewAction.SUBMIT, ReviewAction.WRITE})

    @property
    def can_take_back(self) -> bool:
        return ReviewAction.TAKE_BACK in self.actions


def _related_criteria(seen: Overview, codes: tuple[str, ...]) -> tuple[RelatedCriterion, ...]:
    return tuple(RelatedCriterion(code, seen.edition.criteria[code].title, code in seen.met) for code in codes)


def _item_lines(checklist: Checklist, answers: Mapping[str, ItemAnswer]) -> tuple[ItemLine, ...]:
    return tuple(
        ItemLine(stand, answers[stand.item.id].version if stand.item.id in answers else 0) for stand in checklist.items
    )


def load_criterion_page(desk: Desk, code: str) -> CriterionPage:
    """The page of one criterion. Raises NotFound for a code that the edition does not have."""
    seen = load_overview(desk.session, desk.site, desk.who.city, desk.who.language)
    opened = answering.load_within(desk, seen, code)
    edition, names, met, local_criterion, assignment = seen.edition, seen.names, seen.met, opened.local, opened.task
    rows = list_supporting_pieces(desk.session, desk.city_id, opened.id) if opened.id else []
    answers = seen.answers.get(code, {})
    before, after = edition.neighbors_of(code)
    examined = submission.examine_response(desk, opened, ticked_in(answers), rows)
    evidence = pieces.shown_pieces(desk, rows)
    talk = load_talk(desk, opened.id, names) if opened.id else ResponseTalk()
    return CriterionPage(
        response=frozen_values(ResponseValues, opened.response),
        state=opened.state,
        confirmation=opened.confirmation,
        previous=opened.previous,
        actions=answering.list_open_actions(opened),
        criterion=opened.criterion,
        area=edition.area_of(code),
        official_wording=local_criterion.official_wording if local_criterion else "",
        own_checklist=bool(local_criterion and local_criterion.checklist),
        needs=_related_criteria(seen, opened.criterion.prerequisites),
        unlocks=_related_criteria(seen, edition.unlocked_by(code)),
        items=_item_lines(examined.checklist, answers),
        checklist=examined.checklist,
        accepted=seen.stand_of(code).checklist,
        renewal=load_renewal(desk, seen, opened, evidence),
        evidence=evidence,
        verdicts=talk.verdicts,
        comments=talk.comments,
        earlier_texts=tuple(line for line in talk.earlier_texts if line.text != opened.response.narrative),
        saved_by=names.get(opened.response.narrative_by or 0, ""),
        stops=examined.stops,
        warnings=examined.warnings,
        today=desk.who.today,
        waits_for=missing_for(edition, met).get(code, ()),
        blocked=code in met - codes_that_count(edition, met),
        prerequisites_block=edition.prerequisites == BLOCK,
        department=seen.departments.get(assignment.department_id, "") if assignment else "",
        person=names.get(assignment.person_id or 0, "") if assignment else "",
        due_on=assignment.due_on if assignment else None,
        before=edition.criteria.get(before or ""),
        after=edition.criteria.get(after or ""),
        last_verdicts=load_last_verdicts(desk, seen.assessment, code, names),
        asked=link_asked(desk, edition, opened.criterion),
        files=offer_files(desk.site.kinds, desk.site.settings.upload_mb),
        own_check=load_own_check(desk, seen, opened),
        unchecked_since=list_unchecked(edition, desk.who.today).get(code),
    )
