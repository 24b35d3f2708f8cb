"""The outcome beside count and core: what the edition says of it, and what the city chose to show."""

from dataclasses import dataclass

from sqlmodel import Session

from app.rules.criteria.edition import Edition, OutcomeChoice
from app.rules.evidence.piece import Visibility
from app.rules.message import Message, say
from app.rules.program import OUTCOME_NAMES
from app.store import program
from app.store.evidence import pieces
from app.store.program import ProgramApplication

ASKED_WORDS: dict[str, Message] = {
    "yes": say("The program asks for it."),
    "no": say("The program does not ask for it any more."),
    "unknown": say("It is unknown whether the program still asks for it: ask the program."),
}


@dataclass(frozen=True)
class OutcomeLine:
    """The third line beside count and core. Without a `chosen` one the city has not said what it would show; `figure` is the title of the
    figure named for it, with its `evidence_id`."""

    asked: Message
    source: str
    chosen: Message | None
    text: str
    figure: str
    evidence_id: int | None


def load_outcome(session: Session, city_id: int, assessment_id: int, edition: Edition) -> OutcomeLine | None:
    """At most two queries; None where the edition speaks of no outcome."""
    if not edition.outcome.choices:
        return None
    return describe_outcome(session, edition, program.find_application(session, city_id, assessment_id))


def describe_outcome(session: Session, edition: Edition, application: ProgramApplication | None) -> OutcomeLine | None:
    """The same of an application that someone has read already."""
    rule = edition.outcome
    if not rule.choices:
        return None
    asked = ASKED_WORDS[rule.asked]
    if application is None or not application.outcome:
        return OutcomeLine(asked, rule.source, None, "", "", None)
    chosen = OUTCOME_NAMES[OutcomeChoice(application.outcome)]
    figure_id = application.outcome_evidence_id
    figure = pieces.find_piece(session, application.city_id, figure_id) if figure_id else None
    is_public = figure is not None and figure.visibility == Visibility.PUBLIC and figure.withdrawn_at is None
    title = figure.title if figure and is_public else ""
    return OutcomeLine(asked, rule.source, chosen, application.outcome_text, title, figure_id if title else None)
