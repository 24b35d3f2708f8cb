"""Second steps of accounts: authenticator apps and recovery codes, beside passkeys. They belong to a person, and so to no city."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Column, delete, update
from sqlmodel import Field, Session, SQLModel, col, func, select

from app.store.account.passkey import count_passkeys, remove_all_passkeys
from app.store.database.engine import Utc, now
from app.store.people import Person


class AuthenticatorApp(SQLModel, table=True):
    """`sealed_secret` is what the app and we have in common; `last_step` is the step of the clock whose code was taken last."""

    __tablename__ = "authenticator_app"
    id: int = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", unique=True)
    sealed_secret: str = Field(max_length=300)
    last_step: int = 0
    created_at: datetime = Field(default_factory=now, sa_column=Column(Utc, nullable=False))


class RecoveryCode(SQLModel, table=True):
    """Only its hash is kept; it goes when it is used."""

    __tablename__ = "recovery_code"
    id: int = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    code_hash: str = Field(max_length=64)


def find_app(session: Session, person_id: int) -> AuthenticatorApp | None:
    return session.exec(select(AuthenticatorApp).where(AuthenticatorApp.person_id == person_id)).first()


def add_app(session: Session, app: AuthenticatorApp, at: datetime) -> None:
    """The account asks for a code from now on."""
    session.add(app)
    session.flush()
    settle_second_step(session, app.person_id, at)


def take_step(session: Session, person_id: int, step: int) -> bool:
    """Whether the code of this step is taken now: of two who bring it at once, one."""
    statement = update(AuthenticatorApp).where(
        col(AuthenticatorApp.person_id) == person_id, col(AuthenticatorApp.last_step) < step
    )
    return session.exec(statement.values(last_step=step)).rowcount == 1


def replace_recovery_codes(session: Session, person_id: int, hashes: Iterable[str]) -> None:
    """These and no others open the account from now on."""
    session.exec(delete(RecoveryCode).where(col(RecoveryCode.person_id) == person_id))
    session.add_all(RecoveryCode(person_id=person_id, code_hash=code_hash) for code_hash in hashes)


def use_recovery_code(session: Session, person_id: int, code_hash: str) -> bool:
    """Whether there was such a code; it is gone now."""
    theirs = delete(RecoveryCode).where(
        col(RecoveryCode.person_id) == person_id, col(RecoveryCode.code_hash) == code_hash
    )
    return session.exec(theirs).rowcount == 1


def count_recovery_codes(session: Session, person_id: int) -> int:
    return session.exec(select(func.count(col(RecoveryCode.id))).where(RecoveryCode.person_id == person_id)).one()


def remove_app(session: Session, person_id: int) -> bool:
    """Whether the account had one."""
    theirs = delete(AuthenticatorApp).where(col(AuthenticatorApp.person_id) == person_id)
    return session.exec(theirs).rowcount > 0


def settle_second_step(session: Session, person_id: int, at: datetime) -> bool:
    """Whether the account asks for a second step, by an app or a passkey, after one came or went; without one its recovery codes go."""
    person = session.get_one(Person, person_id)
    if find_app(session, person_id) or count_passkeys(session, person_id):
        person.second_step_at = person.second_step_at or at
        return True
    session.exec(delete(RecoveryCode).where(col(RecoveryCode.person_id) == person_id))
    person.second_step_at = None
    return False


def remove_second_step(session: Session, person_id: int) -> bool:
    """Whether the account had any; it asks for none now."""
    had_app, had_passkeys = remove_app(session, person_id), remove_all_passkeys(session, person_id) > 0
    settle_second_step(session, person_id, now())
    return had_app or had_passkeys


def list_apps(session: Session) -> list[AuthenticatorApp]:
    """Those of the whole installation, for a new key."""
    return list(session.exec(select(AuthenticatorApp).order_by(col(AuthenticatorApp.id))))
