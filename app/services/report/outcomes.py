"""The outcomes in the council summary: what the city reports of its results, each with its source and what it does not show."""

from collections.abc import Iterable

from sqlmodel import Session

from app.adapters.translations import Translator
from app.rules.city.naming import CityValues
from app.rules.evidence.claim import Claim, claim_sentence, undated_sentence
from app.rules.message import Message, say
from app.rules.report.summary import SummaryOutcome
from app.services.evidence.pieces import build_figure
from app.store.evidence import pieces
from app.store.evidence.pieces import Evidence


def list_outcomes(session: Session, t: Translator, city: CityValues) -> tuple[SummaryOutcome, ...]:
    """Every public figure in use, by title."""
    figures = pieces.list_public_figures(session, city.id)
    return tuple(_outcome(t, city, figure) for figure in figures)


def _outcome(t: Translator, city: CityValues, row: Evidence) -> SummaryOutcome:
    claim = Claim(row.title, row.source, build_figure(row))
    is_dated = bool(claim.figure.current_period)
    sentence = claim_sentence(claim, t.number, t.percent) if is_dated else undated_sentence(claim, t.number, t.percent)
    notes = list(_notes(t, claim, row))
    closing = say("An example, not the city’s own submission.") if city.illustrative else NOT_PROOF
    return SummaryOutcome(
        t.say(sentence),
        (*(t.say(note) for note, _ in notes), t.say(closing)),
        (*(told for _, told in notes), ""),
        row.language,
    )


NOT_PROOF = say("It is no proof that a criterion is met.")


def _notes(t: Translator, claim: Claim, row: Evidence) -> Iterable[tuple[Message, str]]:
    """Source, period, how the change was worked out, method, caveat, and whether it may be said to the press; each with what of it the city wrote."""
    figure = claim.figure
    source = claim.source.rstrip(".")
    yield say("Source: %(text)s.", text=source) if source else say("No source is given."), source
    yield _period(claim), ""
    if figure.change and figure.change.as_published:
        yield say("The change is given as published; the source gives no values."), ""
    elif figure.baseline_value is not None and figure.current_value is not None:
        now = f"{t.number(figure.current_value)} {figure.unit}".strip()
        yield say("From %(before)s to %(now)s.", before=t.number(figure.baseline_value), now=now), ""
    if figure.method:
        method = figure.method.rstrip(".")
        yield say("Method: %(text)s.", text=method), method
    if figure.caveat:
        caveat = figure.caveat.rstrip(".")
        yield say("To keep in mind: %(text)s.", text=caveat), caveat
    yield (
        say("Approved as a public sentence.") if row.approved_at else say("Not yet approved as a public sentence."),
        "",
    )


def _period(claim: Claim) -> Message:
    figure = claim.figure
    if figure.baseline_period and figure.current_period:
        return say("Period: %(now)s against %(before)s.", now=figure.current_period, before=figure.baseline_period)
    if figure.current_period:
        return say("Period: %(now)s; what it is compared with is not given.", now=figure.current_period)
    return say("The period is not given.")
