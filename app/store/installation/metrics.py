"""What a monitor wants to know of the database: how much is in it, and what waits."""

from datetime import datetime

from sqlmodel import Session, col, func, select, text

from app.store.job import Job


def count_jobs(session: Session) -> list[tuple[str, str, int, datetime]]:
    """Lane, state, how many there are, and when the oldest of them was asked for."""
    query = select(Job.lane, Job.state, func.count(), func.min(col(Job.created_at))).group_by(Job.lane, Job.state)
    return [tuple(line) for line in session.exec(query)]  # type: ignore[misc]


SIZE_QUERIES = {
    "sqlite": "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
    "postgresql": "SELECT pg_database_size(current_database())",
}


def measure_database(session: Session) -> int:
    connection = session.connection()
    return int(connection.execute(text(SIZE_QUERIES[connection.dialect.name])).scalar_one())
