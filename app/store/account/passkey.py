"""Passkeys of people, and the challenges that they were asked to sign. Both belong to a person, and so to no city."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, delete, update
from sqlmodel import Field, Session, SQLModel, col, func, select

from app.store.city import City
from app.store.database.engine import Utc, now
from app.store.people import Membership


class Passkey(SQLModel, table=True):
    """`key_id` is what its device calls it, `public_key` what checks its signatures, both as base64url; `sign_count` only grows."""

    id: int = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    name: str = Field(max_length=60)
    key_id: str = Field(max_length=1400, unique=True)
    public_key: str = Field(max_length=2000)
    sign_count: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    created_at: datetime = Field(default_factory=now, sa_column=Column(Utc, nullable=False))
    used_at: datetime | None = Field(default=None, sa_column=Column(Utc))


class PasskeyChallenge(SQLModel, table=True):
    """What was given out to be signed, hashed; it goes with the first answer. Without a person for whoever is not known yet."""

    __tablename__ = "passkey_challenge"
    id: int = Field(default=None, primary_key=True)
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    purpose: str = Field(max_length=20)
    challenge_hash: str = Field(max_length=64, unique=True)
    made_at: datetime = Field(sa_column=Column(Utc, nullable=False, index=True))


def list_passkeys(session: Session, person_id: int) -> list[Passkey]:
    """The person's, the oldest first."""
    return list(session.exec(select(Passkey).where(Passkey.person_id == person_id).order_by(col(Passkey.id))))


def count_passkeys(session: Session, person_id: int) -> int:
    return session.exec(select(func.count(col(Passkey.id))).where(Passkey.person_id == person_id)).one()


def find_passkey(session: Session, key_id: str) -> Passkey | None:
    return session.exec(select(Passkey).where(Passkey.key_id == key_id)).first()


def list_open_cities(session: Session, person_id: int) -> list[str]:
    """The names of the person's cities that a passkey alone opens."""
    theirs = select(City.name).join(Membership, col(Membership.city_id) == City.id)
    theirs = theirs.where(Membership.person_id == person_id, col(Membership.ended_at).is_(None))
    return list(session.exec(theirs.where(col(City.passkeys_open_at).is_not(None)).order_by(City.name)))


def is_entry_open(session: Session) -> bool:
    """Whether any city lets people in with a passkey alone."""
    return session.exec(select(City.id).where(col(City.passkeys_open_at).is_not(None)).limit(1)).first() is not None


def add_passkey(session: Session, passkey: Passkey) -> None:
    session.add(passkey)
    session.flush()


def note_passkey_use(session: Session, passkey_id: int, before: int, shown: int, at: datetime) -> bool:
    """Whether the count was still `before`: of two who bring one answer at once, one is let through where it counts."""
    statement = update(Passkey).where(col(Passkey.id) == passkey_id, col(Passkey.sign_count) == before)
    return session.exec(statement.values(sign_count=shown, used_at=at)).rowcount == 1


def remove_passkey(session: Session, person_id: int, passkey_id: int) -> bool:
    """Whether the person had it."""
    theirs = delete(Passkey).where(col(Passkey.person_id) == person_id, col(Passkey.id) == passkey_id)
    return session.exec(theirs).rowcount == 1


def remove_all_passkeys(session: Session, person_id: int) -> int:
    """All of the person's, with what was asked of them; returns how many there were."""
    session.exec(delete(PasskeyChallenge).where(col(PasskeyChallenge.person_id) == person_id))
    return session.exec(delete(Passkey).where(col(Passkey.person_id) == person_id)).rowcount


def add_challenge(session: Session, challenge: PasskeyChallenge, oldest: datetime) -> None:
    """Those made before `oldest` go, whoever they were for."""
    session.exec(delete(PasskeyChallenge).where(col(PasskeyChallenge.made_at) < oldest))
    session.add(challenge)
    session.flush()


def use_challenge(session: Session, challenge_hash: str, person_id: int | None, purpose: str, oldest: datetime) -> bool:
    """Whether it was given out for this, not before `oldest`; it is gone now, also where it was not."""
    theirs = (
        col(PasskeyChallenge.person_id).is_(None) if person_id is None else col(PasskeyChallenge.person_id) == person_id
    )
    fitting = select(PasskeyChallenge.id).where(
        PasskeyChallenge.challenge_hash == challenge_hash,
        theirs,
        PasskeyChallenge.purpose == purpose,
        col(PasskeyChallenge.made_at) >= oldest,
    )
    is_fitting = session.exec(fitting).first() is not None
    gone = delete(PasskeyChallenge).where(col(PasskeyChallenge.challenge_hash) == challenge_hash)
    return session.exec(gone).rowcount == 1 and is_fitting
