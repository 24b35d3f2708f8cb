"""Whether other rows point to a row."""

from sqlalchemy import Table, func, select
from sqlmodel import Session, SQLModel


def is_named_elsewhere(session: Session, table: str, row_id: int) -> bool:
    """Whether a row of any table has a key that names this one, so that it cannot go."""
    for other in SQLModel.metadata.tables.values():
        for column in _pointing_columns(other, table):
            query = select(func.count()).select_from(other).where(other.columns[column] == row_id)
            if session.connection().execute(query).scalar_one():
                return True
    return False


def _pointing_columns(other: Table, table: str) -> list[str]:
    return [key.parent.name for key in other.foreign_keys if key.target_fullname == f"{table}.id"]
