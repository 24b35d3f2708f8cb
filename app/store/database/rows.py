"""Rows of columns, asked for past the session's bookkeeping.

A session keeps account of the entities that it loads; for a query of columns that costs three times the query itself, and pages ask
little else.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import CursorResult, Executable
from sqlmodel import Session


def read_rows(
    session: Session, query: Executable, given: Mapping[str, object] | None = None
) -> CursorResult[*tuple[Any, ...]]:
    """The rows of a query of columns alone. What the session has yet to write is written first, as it does itself."""
    if session.autoflush:
        session.flush()
    return session.connection().execute(query, given)
