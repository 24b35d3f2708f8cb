"""Writes the files from which a new database is made at once: `python -m tests.whole_tables`, after a revision was added.

The tables are made step by step, in SQLite and in PostgreSQL, and described by the databases themselves.
"""

import re
import subprocess
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from app.store import migrating
from app.store.database.engine import sqlite_module
from app.store.migrating import newest_revision, upgrade_database
from app.store.whole_tables import STATEMENT_END
from tests.conftest import PostgreSql

FOLDER = migrating.MIGRATIONS_FOLDER / "whole"


def describe_sqlite(address: str) -> list[str]:
    """The statements that make tables, keys, indexes and triggers like those of the database at `address`."""
    path = address.removeprefix("sqlite:///")
    with closing(sqlite_module().connect(path)) as connection:
        query = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid"
        return [sql for (sql,) in connection.execute(query)]


def describe_postgresql(address: str, pg_dump: Path) -> list[str]:
    """As `describe_sqlite`; without what pg_dump says about the session and about who owns what."""
    command = [str(pg_dump), "--schema-only", "--no-owner", "--no-privileges", "--no-comments"]
    plain = address.replace("postgresql+psycopg:", "postgresql:")
    dump = subprocess.run([*command, plain], capture_output=True, text=True, check=True).stdout
    lines = [line for line in dump.splitlines() if not re.match(r"--|SET |\\|SELECT pg_catalog", line)]
    text = "\n".join(lines).replace("public.", "")
    return [statement.strip() for statement in re.split(r";\n\n+", text) if statement.strip()]


def write_tables(kind: str, statements: list[str]) -> None:
    mark = f"INSERT INTO alembic_version (version_num) VALUES ('{newest_revision()}')"
    (FOLDER / f"{kind}_{newest_revision()}.sql").write_text(
        "".join(statement + STATEMENT_END for statement in [*statements, mark]), "utf-8"
    )


def main() -> None:
    for old in FOLDER.glob("*.sql"):  # so that each table is made step by step
        old.unlink()
    with TemporaryDirectory() as folder:
        address = f"sqlite:///{Path(folder, 'tables.db')}"
        upgrade_database(address)
        write_tables("sqlite", describe_sqlite(address))
    server = PostgreSql()
    try:
        address = server.address(server.copy())
        upgrade_database(address)
        write_tables("postgresql", describe_postgresql(address, server.programs / "pg_dump"))
    finally:
        server.stop()


if __name__ == "__main__":
    main()
