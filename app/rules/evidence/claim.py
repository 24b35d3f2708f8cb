"""Outcome claims: which figure may be said in public, and the sentence and the footnote that say it.

A claim is a figure that someone has approved. It says what a city reports; it shows of no criterion that it is met.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.rules.criteria.edition import EvidenceKind
from app.rules.errors import Refused
from app.rules.evidence.piece import Figure, Visibility
from app.rules.message import Message, say

NumberFormat = Callable[[Decimal], str]
"""How the reader's language writes a number, or a percentage."""


@dataclass(frozen=True)
class Claim:
    """A figure as it is said: `metric` is what is measured."""

    metric: str
    source: str
    figure: Figure


def check_approvable(kind: EvidenceKind, visibility: str, current_period: str) -> None:
    """Raises Refused for what is no figure, is not public, or does not say which time it is about."""
    if kind is not EvidenceKind.FIGURE:
        raise Refused(say("Only figures are approved as claims."))
    if visibility != Visibility.PUBLIC:
        raise Refused(say("A sentence for the press comes from a public figure only. Change who may see it first."))
    if not current_period:
        raise Refused(say("Say which period the value now is from; without it the sentence would mislead."))


def claim_sentence(claim: Claim, number: NumberFormat, percent: NumberFormat) -> Message:
    """The claim in one sentence."""
    figure, change = claim.figure, claim.figure.change
    if change is None:
        return say(
            "%(metric)s: %(value)s in %(now)s.",
            metric=claim.metric,
            value=_with_unit(figure, number),
            now=figure.current_period,
        )
    direction = "up" if change.percent > 0 else "down" if change.percent < 0 else "same"
    values = {
        "metric": claim.metric,
        "percent": percent(abs(change.percent)),
        "before": figure.baseline_period,
        "now": figure.current_period,
    }
    span = "between" if figure.baseline_period else "in"
    return Message(_SENTENCES[direction, span].text, values=values)


def undated_sentence(claim: Claim, number: NumberFormat, percent: NumberFormat) -> Message:
    """The same of a figure that does not say which time it is about, for where that is told beside it."""
    change = claim.figure.change
    if change is None:
        return say("%(metric)s: %(value)s.", metric=claim.metric, value=_with_unit(claim.figure, number))
    values = {"metric": claim.metric, "percent": percent(abs(change.percent))}
    if not change.percent:
        return say("%(metric)s did not change.", metric=claim.metric)
    return Message(_UNDATED[change.percent > 0].text, values=values)


_UNDATED = (say("%(metric)s went down by %(percent)s."), say("%(metric)s went up by %(percent)s."))


_SENTENCES: dict[tuple[str, str], Message] = {
    ("down", "between"): say("%(metric)s went down by %(percent)s from %(before)s to %(now)s."),
    ("up", "between"): say("%(metric)s went up by %(percent)s from %(before)s to %(now)s."),
    ("same", "between"): say("%(metric)s did not change from %(before)s to %(now)s."),
    ("down", "in"): say("%(metric)s went down by %(percent)s in %(now)s."),
    ("up", "in"): say("%(metric)s went up by %(percent)s in %(now)s."),
    ("same", "in"): say("%(metric)s did not change in %(now)s."),
}


def claim_footnote(claim: Claim, approver: str, approved_on: date, number: NumberFormat) -> tuple[Message, ...]:
    """What stands below the sentence: the source first, the approver last."""
    figure = claim.figure
    return tuple(
        message
        for is_given, message in (
            (True, say("Source: %(text)s.", text=claim.source.rstrip("."))),
            (figure.dataset, say("Dataset: %(text)s.", text=figure.dataset.rstrip("."))),
            (figure.baseline_value is not None, _both_values(figure, number)),
            (
                figure.change and figure.change.as_published,
                say("The change is given as published; the source gives no values."),
            ),
            (figure.method, say("Method: %(text)s.", text=figure.method.rstrip("."))),
            (figure.caveat, say("To keep in mind: %(text)s.", text=figure.caveat.rstrip("."))),
            (True, say("Approved by %(name)s on %(day)s.", name=approver, day=approved_on)),
        )
        if is_given
    )


def _both_values(figure: Figure, number: NumberFormat) -> Message:
    before, now = (number(value or Decimal(0)) for value in (figure.baseline_value, figure.current_value))
    return say("From %(before)s to %(now)s.", before=before, now=f"{now} {figure.unit}".strip())


def _with_unit(figure: Figure, number: NumberFormat) -> str:
    value = number(figure.current_value) if figure.current_value is not None else ""
    return f"{value} {figure.unit}".strip()
