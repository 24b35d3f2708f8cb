"""What a person still has to do: the criteria of the own departments, and those assigned by name."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from urllib.parse import urlencode

from app.rules.assessment import AssessmentValues
from app.rules.cycle.confirming import Confirmation
from app.rules.days import freshness
from app.rules.message import Message
from app.rules.my_work import (
    GROUPS,
    RENEWAL_RETURNED,
    NeedGroup,
    WorkNeed,
    due_in_words,
    expiring_in_words,
    need_of,
    progress_in_words,
    urgency_key,
)
from app.rules.people.permissions import OFFICE
from app.rules.review.moves import RenewalState, ResponseState
from app.services.assessment.overview import Overview, load_overview
from app.services.assessment.stand import Stand
from app.services.desk import Desk, Who
from app.services.handover.page import HandoverLine, list_own_handovers
from app.services.requests.page import RequestLine, list_department_requests, with_title
from app.services.review.asking import OpenQuestion, list_questions
from app.store import review
from app.store.review import WrittenReason


@dataclass(frozen=True)
class WorkCard:
    """One criterion in the list. `due` says the date in words while the department can still act on it.

    `next` is the one thing to do, None when it is ready to submit. `reason` is what the reviewer last said, where it was returned or
    decided as not met, in `reason_language` where that is known; otherwise empty. `for_whom` is the person whose work it is where this one
    does it in place of someone, who `is_away` or named this one as deputy.
    """

    stand: Stand
    need: WorkNeed
    due_on: date | None
    due: Message | None
    reason: str
    next: Message | None
    to_renew: tuple[str, ...] = ()
    for_whom: str = ""
    is_away: bool = False
    reason_language: str = ""

    @property
    def renewal_path(self) -> str:
        """Below the criterion's own page: the form for newer evidence, with the items that want it chosen. Empty where none does."""
        if self.need is not WorkNeed.EXPIRING:
            return ""
        return "/evidence/new?" + urlencode([("kind", "file"), *(("item", item) for item in self.to_renew)])


@dataclass(frozen=True)
class WorkGroup:
    group: NeedGroup
    cards: tuple[WorkCard, ...]


@dataclass(frozen=True)
class MyWork:
    """`groups` has only those with cards, in order. `office` says that the person belongs to the data office."""

    assessment: AssessmentValues
    groups: tuple[WorkGroup, ...]
    total: int
    decided: int
    progress: Message
    office: bool
    requests: tuple[RequestLine, ...]
    questions: tuple[OpenQuestion, ...] = ()
    stands_in_for: tuple[str, ...] = ()
    handovers: tuple[HandoverLine, ...] = ()

    @property
    def asked(self) -> tuple[WorkCard, ...]:
        """Those with an answer from an earlier assessment that nobody has confirmed yet."""
        cards = (card for group in self.groups for card in group.cards)
        return tuple(card for card in cards if card.stand.confirmation is Confirmation.ASKED)

    @property
    def next_code(self) -> str | None:
        """The criterion to begin with, or None when everything is with the reviewer or decided."""
        first = self.groups[0] if self.groups else None
        return first.cards[0].stand.code if first and first.group in {NeedGroup.NOW, NeedGroup.TO_DO} else None


def load_my_work(desk: Desk) -> MyWork:
    """The person's own criteria, what needs them now first. Raises NotFound without an open assessment."""
    seen = load_overview(desk.session, desk.site, desk.who.city, desk.who.language)
    reasons = _find_reasons(desk, seen.assessment.id)
    cards = sorted(
        (
            _work_card(seen, stand, reasons.get(stand.code), desk.who)
            for stand in seen.stands
            if desk.who.is_assigned(stand)
        ),
        key=lambda card: urgency_key(card.need, card.due_on),
    )
    groups = groupby(cards, key=lambda card: GROUPS[card.need])
    return MyWork(
        assessment=seen.assessment,
        groups=tuple(WorkGroup(group, tuple(within)) for group, within in groups),
        total=len(cards),
        decided=sum(card.need is WorkNeed.DECIDED for card in cards),
        progress=progress_in_words([card.need for card in cards]),
        office=desk.who.role in OFFICE,
        requests=tuple(with_title(seen.edition, line) for line in list_department_requests(desk)),
        questions=list_questions(desk, seen, "my-work"),
        stands_in_for=tuple(seen.ground.names.get(person_id, "") for person_id in sorted(desk.who.stand_in.away)),
        handovers=list_own_handovers(desk, seen.ground.names),
    )


def _find_reasons(desk: Desk, assessment_id: int) -> dict[str, WrittenReason]:
    """The reason of each verdict that counts, read again only after one was given or withdrawn."""
    about, kinds = ("reasons", assessment_id), frozenset({"response", "verdict"})
    return desk.kept.find(about, lambda: review.load_reasons(desk.session, desk.city_id, assessment_id), kinds)


def _work_card(seen: Overview, stand: Stand, said: WrittenReason | None, who: Who) -> WorkCard:
    today, other = who.today, who.acts_for(stand) or 0
    due_on = seen.find_due_day(stand)
    need = need_of(stand.state, due_on, today, stand.at_risk_from, stand.renewal)
    due_on = stand.at_risk_from if need is WorkNeed.EXPIRING else due_on
    acts = GROUPS[need] in {NeedGroup.NOW, NeedGroup.TO_DO}
    explains = stand.state is ResponseState.RETURNED or (need is WorkNeed.DECIDED and not stand.met)
    return WorkCard(
        stand=stand,
        need=need,
        due_on=due_on if acts else None,
        due=due_in_words(due_on, today) if acts and due_on else None,
        reason=said.text if said and explains else "",
        next=_next_step(stand, need, today),
        to_renew=stand.items_to_renew(today + timedelta(days=freshness.DUE_SOON_DAYS)),
        for_whom=seen.ground.names.get(other, ""),
        is_away=other in who.stand_in.away,
        reason_language=said.language if said else "",
    )


def _next_step(stand: Stand, need: WorkNeed, today: date) -> Message | None:
    if stand.renewal is RenewalState.RETURNED:
        return RENEWAL_RETURNED
    if need is WorkNeed.EXPIRING and stand.at_risk_from:
        return expiring_in_words(stand.at_risk_from, today)
    return stand.missing
