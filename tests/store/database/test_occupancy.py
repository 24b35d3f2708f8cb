"""Who has a database open: many together, or one alone."""

import os
import signal
import subprocess
import sys
from contextlib import closing

import pytest
from sqlalchemy import text

from app.rules.errors import OutsideUnavailable, Refused
from app.settings import ROOT
from app.store.database.engine import Database


def test_many_have_a_database_open_together_and_then_one_alone(database_url: str) -> None:
    with closing(Database(database_url)) as one, closing(Database(database_url)) as other:
        for database in (one, other):
            with database.reading() as session:
                session.execute(text("SELECT 1"))
        with pytest.raises(Refused, match="in use"):
            Database(database_url, alone=True)
    Database(database_url, alone=True).close()
    Database(database_url).close()


def test_nobody_comes_in_while_one_is_alone(database_url: str) -> None:
    with closing(Database(database_url, alone=True)) as alone:
        with pytest.raises(Refused, match="in use"):
            Database(database_url, alone=True)
        with pytest.raises(OutsideUnavailable, match="restore or a move"):
            _look(database_url)
        with alone.writing() as session:
            session.execute(text("SELECT 1"))
    _look(database_url)


def _look(address: str) -> None:
    with closing(Database(address)) as database, database.reading() as session:
        session.execute(text("SELECT 1"))


HOLDER = """
import sys
from sqlalchemy import text
from app.store.database.engine import Database
database = Database(sys.argv[1])
with database.reading() as session:
    session.execute(text("SELECT 1"))
print("in", flush=True)
sys.stdin.read()
"""


def test_a_killed_process_is_out(database_url: str) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, database_url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert holder.stdout
    assert holder.stdout.readline() == b"in\n"
    with pytest.raises(Refused):
        Database(database_url, alone=True)
    holder.send_signal(signal.SIGKILL)
    holder.communicate()
    Database(database_url, alone=True).close()
