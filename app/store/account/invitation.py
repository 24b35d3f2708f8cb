"""Invitations: what a city offers to whoever reads an e-mail address. Nothing of them is known to another city."""

from datetime import datetime

from sqlalchemy import Column, Text
from sqlmodel import Field, Session, SQLModel, col, select

from app.rules.account.invitation import InvitationState
from app.store.database.engine import Utc, now


class Invitation(SQLModel, table=True):
    """`name` and `email` are as an administrator typed them, and empty once it has ended; `departments` are ids with spaces between.

    `nonce` is in its link: another one makes the old link useless. `person_id` is who accepted. `language` is the one of its letter,
    None for the city's. `tasks` are criteria that wait for the person, as JSON: {"DM1": "person", "LC2": "deputy"}.
    """

    id: int = Field(default=None, primary_key=True)
    city_id: int = Field(foreign_key="city.id", index=True)
    email: str = Field(max_length=254, index=True)
    name: str = Field(max_length=120)
    role: str = Field(max_length=10)
    departments: str = Field(default="", max_length=1000)
    language: str | None = Field(default=None, max_length=5)
    tasks: str = Field(default="{}", sa_column=Column(Text, nullable=False))
    nonce: str = Field(max_length=64)
    invited_by: int | None = Field(default=None, foreign_key="person.id")
    sent_at: datetime = Field(default_factory=now, sa_column=Column(Utc, nullable=False))
    state: str = Field(default=InvitationState.WAITING, max_length=10)
    person_id: int | None = Field(default=None, foreign_key="person.id")
    ended_at: datetime | None = Field(default=None, sa_column=Column(Utc))

    @property
    def department_ids(self) -> frozenset[int]:
        return frozenset(map(int, self.departments.split()))


def add_invitation(session: Session, invitation: Invitation) -> None:
    session.add(invitation)
    session.flush()


def set_invited_departments(session: Session, invitation: Invitation, department_ids: frozenset[int]) -> None:
    """Make these the departments that the invited person will be in."""
    invitation.departments = " ".join(str(each) for each in sorted(department_ids))
    session.add(invitation)


def list_waiting_invitations(session: Session, city_id: int) -> list[Invitation]:
    """The city's invitations that nobody has answered, by name."""
    query = select(Invitation).where(Invitation.city_id == city_id, Invitation.state == InvitationState.WAITING)
    return list(session.exec(query.order_by(Invitation.name)))


def find_waiting_invitation(session: Session, city_id: int, email: str) -> Invitation | None:
    query = select(Invitation).where(Invitation.city_id == city_id, Invitation.email == email)
    return session.exec(query.where(Invitation.state == InvitationState.WAITING)).first()


def find_newest_invitation(session: Session, email: str) -> Invitation | None:
    """The last invitation of the address that waits, of whatever city; for the command line."""
    query = select(Invitation).where(Invitation.email == email, Invitation.state == InvitationState.WAITING)
    return session.exec(query.order_by(col(Invitation.id).desc()).limit(1)).first()


def find_invitation(session: Session, city_id: int, invitation_id: int) -> Invitation | None:
    query = select(Invitation).where(Invitation.city_id == city_id, Invitation.id == invitation_id)
    return session.exec(query).first()


def find_invitation_by_nonce(session: Session, invitation_id: int, nonce: str) -> Invitation | None:
    """The invitation that this link is for, whatever its city: the link is the only way in."""
    query = select(Invitation).where(Invitation.id == invitation_id, Invitation.nonce == nonce)
    return session.exec(query).first()
