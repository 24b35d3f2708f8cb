"""k of n: how a checklist stands on a day, what is easiest to add to it, and from when a met criterion is at risk.

An item is in place when the department ticked it, evidence supports it, and that evidence has not lapsed. This decides whether a
criterion is ready for review, never whether it is met: only a reviewer's verdict does.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.rules.criteria.edition import ChecklistItem, Criterion, Window
from app.rules.days.freshness import Freshness, item_freshness, item_lapses_on
from app.rules.days.quarters import pair_freshness, pair_lapses_on
from app.rules.message import Message, say

NOT_IN_PLACE = (Freshness.INCOMPLETE, Freshness.LAPSED)


@dataclass(frozen=True)
class ItemSupport:
    """A piece of evidence behind an item: its id, and the last and first day that it covers, if they are known."""

    evidence_id: int
    period_to: date | None
    period_from: date | None = None


class ItemLack(StrEnum):
    """What an item lacks to be in place, the easiest to mend first."""

    TICK = "tick"
    EVIDENCE = "evidence"
    QUARTER = "quarter"
    RENEWAL = "renewal"
    EVERYTHING = "everything"


EASIEST_STEPS: dict[ItemLack, Message] = {
    ItemLack.TICK: say("tick “%(item)s”, since its evidence is here"),
    ItemLack.EVIDENCE: say("add evidence for “%(item)s”"),
    ItemLack.QUARTER: say("add evidence from one more quarter for “%(item)s”"),
    ItemLack.RENEWAL: say("renew the evidence for “%(item)s”"),
    ItemLack.EVERYTHING: say("“%(item)s”"),
}


@dataclass(frozen=True)
class ItemStand:
    """One item on the day asked for; `freshness` is None without evidence, `lapses_on` None for never or unknown."""

    item: ChecklistItem
    ticked: bool
    backing: tuple[ItemSupport, ...]
    freshness: Freshness | None
    lapses_on: date | None

    @property
    def counts(self) -> bool:
        """Whether it is ticked with evidence behind it, lapsed or not."""
        return self.ticked and bool(self.backing)

    @property
    def last_day(self) -> date | None:
        """The last day on which its evidence counts, where that is known."""
        return self.lapses_on - timedelta(days=1) if self.lapses_on else None

    @property
    def in_place(self) -> bool:
        return self.counts and self.freshness not in NOT_IN_PLACE

    @property
    def lack(self) -> ItemLack | None:
        if self.in_place:
            return None
        if self.freshness is Freshness.LAPSED:
            return ItemLack.RENEWAL
        if self.ticked and self.freshness is Freshness.INCOMPLETE:
            return ItemLack.QUARTER
        if self.backing:
            return ItemLack.TICK
        return ItemLack.EVIDENCE if self.ticked else ItemLack.EVERYTHING


@dataclass(frozen=True)
class Checklist:
    """A criterion's checklist on a day: `needed` of its items must be in place, the required ones among them."""

    items: tuple[ItemStand, ...]
    needed: int

    @property
    def total(self) -> int:
        return len(self.items)

    @property
    def ticked(self) -> int:
        return sum(stand.ticked for stand in self.items)

    @property
    def in_place(self) -> int:
        return sum(stand.in_place for stand in self.items)

    @property
    def required_open(self) -> tuple[str, ...]:
        return tuple(stand.item.id for stand in self.items if stand.item.required and not stand.in_place)

    @property
    def lacks_only_required(self) -> bool:
        """Whether enough is in place, but not what must be among it."""
        return self.in_place >= self.needed and bool(self.required_open)

    @property
    def holds(self) -> bool:
        return self.in_place >= self.needed and not self.required_open

    @property
    def done(self) -> int:
        """How far it is, 0..`needed`: all of it only when the checklist holds, so not while a required item is missing."""
        return max(0, self.needed - max(self.needed - self.in_place, len(self.required_open)))

    @property
    def easiest(self) -> ItemStand | None:
        """The open item to begin with: a required one first, then the one that lacks least. None when the checklist holds."""
        order = list(ItemLack)
        lacking = [(not stand.item.required, order.index(lack), stand) for stand in self.items if (lack := stand.lack)]
        return None if self.holds else min(lacking, key=lambda candidate: candidate[:2])[2]

    @property
    def period_unknown(self) -> bool:
        """Whether an item that counts has evidence of which nobody knows how long it counts."""
        return any(stand.counts and stand.freshness is Freshness.UNKNOWN for stand in self.items)

    @property
    def at_risk_from(self) -> date | None:
        """The first day on which lapsed evidence leaves less in place than is needed, or a required item without; None for never.

        Where a reviewer found the criterion met with fewer items than needed, losing any one of them puts it at risk.
        """
        held = [stand for stand in self.items if stand.counts]
        spare = len(held) - min(self.needed, len(held))
        lapses = sorted(stand.lapses_on for stand in held if stand.lapses_on)
        required = [stand.lapses_on for stand in held if stand.item.required and stand.lapses_on]
        return min([*lapses[spare : spare + 1], *required], default=None)

    def lapsed_by(self, day: date) -> frozenset[int]:
        """Ids of the newest piece behind each item that has lapsed by then: renewing these brings every item back."""
        lapsed = [stand for stand in self.items if stand.counts and stand.lapses_on and stand.lapses_on <= day]
        return frozenset(max(stand.backing, key=_covered_until).evidence_id for stand in lapsed)


def _covered_until(support: ItemSupport) -> tuple[date, int]:
    return support.period_to or date.min, support.evidence_id


def evaluate_checklist(
    criterion: Criterion, ticked: Collection[str], supports: Mapping[str, Sequence[ItemSupport]], day: date
) -> Checklist:
    """How the checklist stands on `day`. Ids that the criterion does not have are ignored, since a city may have replaced its list."""
    stands = (
        _item_stand(item, item.id in ticked, tuple(supports.get(item.id, ())), day) for item in criterion.checklist
    )
    return Checklist(tuple(stands), criterion.needed)


def _item_stand(item: ChecklistItem, ticked: bool, supports: tuple[ItemSupport, ...], day: date) -> ItemStand:
    if item.window is Window.NONE:
        return ItemStand(item, ticked, supports, Freshness.FRESH if supports else None, None)
    if item.window is Window.EACH_QUARTER:
        periods = [(support.period_from, support.period_to) for support in supports]
        return ItemStand(item, ticked, supports, pair_freshness(periods, day), pair_lapses_on(periods))
    ends = [support.period_to for support in supports]
    return ItemStand(item, ticked, supports, item_freshness(ends, item.window, day), item_lapses_on(ends, item.window))


def explain_checklist(stand: Checklist) -> Message:
    """How many are needed and in place and, where that is not enough, the easiest thing to add."""
    values = {"needed": stand.needed, "total": stand.total, "have": stand.in_place}
    if stand.easiest is None or stand.easiest.lack is None:
        return say("%(needed)s of %(total)s items needed, %(have)s in place.", **values)
    easiest = say(EASIEST_STEPS[stand.easiest.lack].text, item=stand.easiest.item.text.rstrip("."))
    if stand.lacks_only_required:
        return say(
            "%(needed)s of %(total)s items needed, %(have)s in place, but a required one is missing: %(easiest)s.",
            **values,
            easiest=easiest,
        )
    return say(
        "%(needed)s of %(total)s items needed, %(have)s in place. Easiest to add: %(easiest)s.",
        **values,
        easiest=easiest,
    )
