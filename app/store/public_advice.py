"""Who has read what it means to make something public."""

from sqlmodel import Session, col, update

from app.store.database.engine import now
from app.store.people import Person


def keep_public_advice(session: Session, person_id: int) -> bool:
    """Keep that the person has read what it means to make something public. False where that was known."""
    unread = update(Person).where(col(Person.id) == person_id, col(Person.public_advice_read_at).is_(None))
    return session.exec(unread.values(public_advice_read_at=now())).rowcount == 1
