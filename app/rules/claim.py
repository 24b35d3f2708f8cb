"""Outcome claims: which figure may be said in public, and the sentence and the footnote that say it.

A claim is a figure that somebody has approved. It says what a city reports; it shows of no criterion that it is met.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.rules.criteria import EvidenceKind
from app.rules.errors import Refused
from app.rules.evidence import Change, Visibility
from app.rules.wording import Said, say

Shown = Callable[[Decimal], str]
"""How the reader's language writes a number, or a percentage."""


@dataclass(frozen=True)
class Claim:
    """A figure as it is said: `metric` is what is measured, the periods are texts such as `2024`."""

    metric: str
    unit: str
    baseline_value: Decimal | None
    baseline_period: str
    current_value: Decimal | None
    current_period: str
    change: Change | None
    source: str
    dataset: str = ""
    method: str = ""
    caveat: str = ""


def check_approvable(kind: EvidenceKind, visibility: str, current_period: str) -> None:
    """Raises Refused for what is no figure, is not public, or does not say which time it is about."""
    if kind is not EvidenceKind.FIGURE:
        raise Refused(say("Only figures are approved as claims."))
    if visibility != Visibility.PUBLIC:
        raise Refused(say("A sentence for the press comes from a public figure only. Change who may see it first."))
    if not current_period:
        raise Refused(say("Say which period the value now is from; without it the sentence would mislead."))


def sentence(claim: Claim, number: Shown, percent: Shown) -> Said:
    """The claim in one sentence."""
    if claim.change is None:
        return say(
            "%(metric)s: %(value)s in %(now)s.",
            metric=claim.metric,
            value=_with_unit(claim, number),
            now=claim.current_period,
        )
    direction = "up" if claim.change.percent > 0 else "down" if claim.change.percent < 0 else "same"
    values = {
        "metric": claim.metric,
        "percent": percent(abs(claim.change.percent)),
        "before": claim.baseline_period,
        "now": claim.current_period,
    }
    since = "between" if claim.baseline_period else "in"
    return Said(_SENTENCES[direction, since].text, values=values)


_SENTENCES: dict[tuple[str, str], Said] = {
    ("down", "between"): say("%(metric)s went down by %(percent)s from %(before)s to %(now)s."),
    ("up", "between"): say("%(metric)s went up by %(percent)s from %(before)s to %(now)s."),
    ("same", "between"): say("%(metric)s did not change from %(before)s to %(now)s."),
    ("down", "in"): say("%(metric)s went down by %(percent)s in %(now)s."),
    ("up", "in"): say("%(metric)s went up by %(percent)s in %(now)s."),
    ("same", "in"): say("%(metric)s did not change in %(now)s."),
}


def footnote(claim: Claim, approver: str, approved_on: date, number: Shown) -> tuple[Said, ...]:
    """What stands below the sentence: the source first, the approver last."""
    return tuple(
        said
        for there, said in (
            (True, say("Source: %(text)s.", text=claim.source.rstrip("."))),
            (claim.dataset, say("Dataset: %(text)s.", text=claim.dataset.rstrip("."))),
            (claim.baseline_value is not None, _values(claim, number)),
            (
                claim.change and claim.change.as_published,
                say("The change is given as published; the source gives no values."),
            ),
            (claim.method, say("Method: %(text)s.", text=claim.method.rstrip("."))),
            (claim.caveat, say("To keep in mind: %(text)s.", text=claim.caveat.rstrip("."))),
            (True, say("Approved by %(name)s on %(day)s.", name=approver, day=approved_on)),
        )
        if there
    )


def _values(claim: Claim, number: Shown) -> Said:
    before, now = (number(value or Decimal(0)) for value in (claim.baseline_value, claim.current_value))
    return say("From %(before)s to %(now)s.", before=before, now=f"{now} {claim.unit}".strip())


def _with_unit(claim: Claim, number: Shown) -> str:
    value = number(claim.current_value) if claim.current_value is not None else ""
    return f"{value} {claim.unit}".strip()
