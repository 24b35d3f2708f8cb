"""The tables of a new database, made at once.

Step by step, an empty database goes through every table that there ever was, and SQLite copies a table for nearly each step. So the
tables of one revision are kept as the statements that describe them, in a file for each kind of database: `whole/sqlite_0060.sql`. What
came after that revision is done by its own steps. A test compares both ways; `python -m tests.whole_tables` writes the files anew.
"""

from pathlib import Path

from sqlalchemy import Connection, inspect

STATEMENT_END = ";\n\n"


def make_tables_at_once(connection: Connection, folder: Path, target: str) -> str | None:
    """Make the tables in an empty database that is to be at the revision `target`; returns the revision that it is at then.

    None, and nothing done, where there are tables already or only newer ones are kept in `folder`.
    """
    kept = next(folder.glob(f"{connection.dialect.name}_*.sql"), None)
    revision = kept.stem.partition("_")[2] if kept else ""
    if not kept or revision > target or inspect(connection).get_table_names():
        return None
    for statement in kept.read_text("utf-8").removesuffix(STATEMENT_END).split(STATEMENT_END):
        connection.exec_driver_sql(statement)
    return revision
