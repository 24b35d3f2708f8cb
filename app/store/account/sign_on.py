"""Sign-in services of cities, and the identities that people have there."""

from datetime import datetime

from sqlalchemy import Column, Text, UniqueConstraint, delete, update
from sqlmodel import Field, Session, SQLModel, col, select

from app.store.city import City
from app.store.database.engine import Utc, now
from app.store.people import Membership


class SignInProvider(SQLModel, table=True):
    """An OpenID Connect service that vouches for people of the `domains`, which have spaces between.

    `is_trusted` where it does not say whether an address was verified, and the city knows that it was.
    `group_roles` is the table of `rules.account.group_roles` as JSON, for groups that stand in `groups_claim`; empty, groups say nothing.
    With `creates_accounts` someone in one of them needs no invitation.
    """

    __tablename__ = "sign_in_provider"
    id: int = Field(default=None, primary_key=True)
    city_id: int = Field(foreign_key="city.id", index=True)
    name: str = Field(max_length=60)
    issuer: str = Field(max_length=300)
    client_id: str = Field(max_length=200)
    sealed_secret: str = Field(max_length=800)
    domains: str = Field(max_length=500)
    is_trusted: bool = False
    groups_claim: str = Field(default="", max_length=60)
    group_roles: str = Field(default="[]", sa_column=Column(Text, nullable=False))
    creates_accounts: bool = False
    version: int = 1
    created_at: datetime = Field(default_factory=now, sa_column=Column(Utc, nullable=False))


class PersonIdentity(SQLModel, table=True):
    """Who a person is at a provider: the subject stays the same, whatever becomes of the address."""

    __tablename__ = "person_identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)
    id: int = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    issuer: str = Field(max_length=300)
    subject: str = Field(max_length=255)
    created_at: datetime = Field(default_factory=now, sa_column=Column(Utc, nullable=False))


def list_providers(session: Session, city_id: int | None = None) -> list[tuple[SignInProvider, str]]:
    """Those of the city, or of all cities, each with the city's name."""
    query = select(SignInProvider, City.name).join(City, col(City.id) == SignInProvider.city_id)
    if city_id is not None:
        query = query.where(SignInProvider.city_id == city_id)
    return list(session.exec(query.order_by(City.name, SignInProvider.name)))


def find_provider(session: Session, provider_id: int, city_id: int | None = None) -> SignInProvider | None:
    provider = session.get(SignInProvider, provider_id)
    return provider if provider and city_id in {None, provider.city_id} else None


def find_provider_name(session: Session, city_id: int, provider_id: int | None) -> str:
    """Empty where there is none."""
    provider = find_provider(session, provider_id, city_id) if provider_id else None
    return provider.name if provider else ""


def add_provider(session: Session, provider: SignInProvider) -> None:
    session.add(provider)
    session.flush()


def save_provider(session: Session, provider_id: int, version: int, **values: object) -> bool:
    """Write the columns if nobody changed the row since `version`."""
    row = update(SignInProvider).where(col(SignInProvider.id) == provider_id, col(SignInProvider.version) == version)
    return session.exec(row.values(**values, version=version + 1)).rowcount == 1


def remove_provider(session: Session, provider: SignInProvider) -> None:
    """What it gave is the city's own from now on."""
    for membership in session.exec(select(Membership).where(Membership.given_by == provider.id)):
        membership.given_by, membership.version = None, membership.version + 1
    session.delete(provider)
    session.flush()


def find_identity(session: Session, issuer: str, subject: str) -> PersonIdentity | None:
    return session.exec(
        select(PersonIdentity).where(PersonIdentity.issuer == issuer, PersonIdentity.subject == subject)
    ).first()


def add_identity(session: Session, identity: PersonIdentity) -> None:
    session.add(identity)
    session.flush()


def remove_identities(session: Session, person_id: int) -> None:
    session.exec(delete(PersonIdentity).where(col(PersonIdentity.person_id) == person_id))
