"""Whether the database answers."""

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from app.rules.errors import CityReadyError
from app.store.migrating import current_revision, newest_revision


def database(session: Session) -> str:
    """`ok`, `not migrated`, or `unreachable`."""
    try:
        revision = current_revision(session.connection())
    except (CityReadyError, SQLAlchemyError):
        return "unreachable"
    return "ok" if revision == newest_revision() else "not migrated"
