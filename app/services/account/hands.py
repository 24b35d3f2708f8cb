"""Who counts as one person in a city, and what ends when an account may have got into other hands."""

from typing import Any

from sqlmodel import Session

from app.rules.account.hands import Hands
from app.rules.history.verbs import Verb
from app.store import people
from app.store.evidence import pieces as evidence
from app.store.evidence.pieces import Evidence
from app.store.history import events
from app.store.report import keeping

NO_APPROVAL: dict[str, object] = {"approved_by": None, "approved_at": None}
NO_PROPOSAL: dict[str, object] = {"disposal_by": None, "disposal_at": None}


def load_hands(session: Session, city_id: int) -> Hands:
    """One query."""
    return Hands(people.load_links_shown(session, city_id))


def end_approvals(session: Session, person_id: int, shown_to: int) -> None:
    """End what the person has approved or proposed and what stands yet, with an event that says who was shown the link."""
    for city_id in people.list_city_ids_of_person(session, person_id):
        pieces = evidence.list_pieces_decided_by(session, city_id, person_id)
        for piece in pieces:
            evidence.save_piece(session, city_id, piece.id, piece.version, **_ended_columns(piece, person_id))
        reports = keeping.list_reports_proposed_by(session, city_id, person_id)
        for known_report in reports:
            keeping.save_keeping(session, known_report, known_report.version, **NO_PROPOSAL, disposal_reason="")
        details: dict[str, Any] = {
            "person": person_id,
            "shown_to": shown_to,
            "evidence": [piece.id for piece in pieces],
            "reports": [known_report.number for known_report in reports],
        }
        events.record_event(session, city_id, None, Verb.STANDING_ENDED, **details)


def _ended_columns(piece: Evidence, person_id: int) -> dict[str, object]:
    approval = NO_APPROVAL if piece.approved_by == person_id else {}
    return approval | (NO_PROPOSAL if piece.disposal_by == person_id else {})
