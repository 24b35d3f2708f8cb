"""The narratives of a whole assessment, for what looks for words in them."""

from functools import cache

from sqlalchemy import Executable
from sqlalchemy import select as select_rows
from sqlmodel import Session, col

from app.store.database.rows import read_rows
from app.store.response import Response, of_assessment


def load_narratives(session: Session, city_id: int, assessment_id: int) -> dict[str, str]:
    """By code, those in which something is written."""
    rows = read_rows(session, _narratives(), {"city": city_id, "assessment": assessment_id})
    return {code: narrative for code, narrative in rows}  # noqa: C416  (rows are no pairs)


@cache
def _narratives() -> Executable:
    query = select_rows(col(Response.criterion), col(Response.narrative))
    return query.where(*of_assessment(), col(Response.narrative) != "")
