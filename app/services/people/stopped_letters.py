"""Addresses that the mail server did not take: shown at the person, and tried again when an administrator says so."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.rules.history.verbs import Verb
from app.services.desk import Desk
from app.store import letter


@dataclass(frozen=True)
class StoppedAddress:
    """That letters to someone are stopped, since the server did not take the address, and what it said."""

    reason: str
    at: datetime | None


def find_stopped_address(session: Session, city_id: int, person_id: int, email: str) -> StoppedAddress | None:
    """None while letters to the person's address go out."""
    chosen = letter.find_choice(session, city_id, person_id)
    if chosen is None or not chosen.refused_address or chosen.refused_address != email:
        return None
    return StoppedAddress(chosen.refused_reason, chosen.refused_at)


def resume_letters(desk: Desk, person_id: int) -> None:
    """Let letters to the person's address be tried again, also those that were refused."""
    chosen = letter.hold_choice(desk.session, desk.city_id, person_id)
    if not chosen.refused_address:
        return
    chosen.refused_address, chosen.refused_reason, chosen.refused_at = "", "", None
    chosen.version += 1
    letter.retry_letters(desk.session, desk.city_id, person_id)
    desk.record(Verb.LETTERS_RESUMED, person=person_id)
