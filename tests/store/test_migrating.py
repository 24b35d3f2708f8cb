"""Bringing a database to the newest tables: whole or not at all, whoever kills it and however many start at once."""

import shutil
import signal
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session
from structlog.testing import capture_logs

from app.rules.errors import Refused
from app.rules.review.judged_response import fingerprint_copy, read_content
from app.services.history.verifying import verify_city
from app.settings import ROOT
from app.store import migrating
from app.store.database.copy import copy_aside, list_copies
from app.store.database.engine import open_engine, sqlite_module
from app.store.migrating import MigrationLostRows, count_rows, upgrade_database
from app.store.tables import metadata
from tests.world import World

KILLED = """
import os, signal, sys
from sqlalchemy import Engine, event
from app.store.migrating import upgrade_database

address, left = sys.argv[1], int(sys.argv[2])

def count_down(*_):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)

event.listen(Engine, "before_cursor_execute", count_down)
upgrade_database(address)
"""
"""Upgrades the database and dies like in a power cut, before its n-th statement."""

TOGETHER = """
import os, sys
from app.store.migrating import upgrade_database

go, start = os.pipe()
children = []
for _ in range(int(sys.argv[2])):
    child = os.fork()
    if child == 0:
        os.close(start)
        os.read(go, 1)
        os.write(1, b"%d\\n" % len(upgrade_database(sys.argv[1])))  # in one piece, which print does not
        os._exit(0)
    children.append(child)
os.close(start)
sys.exit(max(abs(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])) for child in children))
"""
"""Processes that upgrade one database at the same moment; each prints how many revisions it applied."""


def _python(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def _newest() -> str | None:
    return ScriptDirectory.from_config(migrating.alembic_config()).get_current_head()


def _differences(connection: Connection) -> list[object]:
    return list(compare_metadata(MigrationContext.configure(connection), metadata))


def _look(address: str) -> tuple[str | None, dict[str, int], list[object]]:
    """The revision, the rows by table and what is missing to the models."""
    engine = open_engine(address)
    with engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision(), count_rows(connection)
        differences = _differences(connection)
    engine.dispose()
    return *found, differences


@pytest.mark.parametrize("begins_with", [None, "0001"])
def test_an_upgrade_killed_at_any_statement_can_simply_be_started_again(
    blank_url: str, begins_with: str | None
) -> None:
    """Of nothing, whose tables are made at once, and of an old database, which goes step by step."""
    if begins_with:
        upgrade_database(blank_url, begins_with)
    for statement in (1, 3, 20, 60):
        killed = _python(KILLED, blank_url, str(statement))
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        revision, _, _ = _look(blank_url)
        assert revision == begins_with, "something half done was kept"
    assert upgrade_database(blank_url)[-1] == _newest()
    revision, _, differences = _look(blank_url)
    assert (revision, differences) == (_newest(), [])


def test_eight_processes_that_start_at_once_upgrade_a_database_once(blank_url: str) -> None:
    together = _python(TOGETHER, blank_url, "8")
    assert together.returncode == 0, together.stderr
    applied = sorted(int(line) for line in together.stdout.split())
    revisions = len(list(ScriptDirectory.from_config(migrating.alembic_config()).walk_revisions()))
    assert applied == [0] * 7 + [revisions]
    assert _look(blank_url)[0] == _newest()


def test_a_database_that_is_up_to_date_is_left_alone(database_url: str) -> None:
    assert upgrade_database(database_url) == []


REVISION = '''"""{why}"""

import sqlalchemy as sa
from alembic import op

revision = "next"
down_revision = "{after}"


def upgrade() -> None:
{body}
'''


@pytest.fixture
def next_revision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The place for one more revision, in a copy of the migrations that the app now uses."""
    after = _newest()
    folder = Path(shutil.copytree(migrating.MIGRATIONS_FOLDER, tmp_path / "migrations"))
    monkeypatch.setattr(migrating, "MIGRATIONS_FOLDER", folder)
    return folder / "versions" / f"next_after_{after}.py"


def _write(path: Path, *lines: str) -> None:
    after = path.stem.removeprefix("next_after_")
    path.write_text(REVISION.format(why="a try", after=after, body="\n".join(f"    {line}" for line in lines)))


@pytest.mark.only_sqlite  # PostgreSQL alters tables where they stand
@pytest.mark.parametrize("table", ["city", "person", "response", "evidence", "assessment", "department"])
def test_a_table_that_is_made_anew_keeps_the_rows_that_point_to_it(
    database_url: str, seeded: World, next_revision: Path, table: str
) -> None:
    _write(
        next_revision,
        f'with op.batch_alter_table("{table}", recreate="always") as batch:',
        '    batch.add_column(sa.Column("mood", sa.String(length=10), nullable=True))',
    )
    _, before, _ = _look(database_url)
    assert upgrade_database(database_url) == ["next"]
    revision, after, _ = _look(database_url)
    assert (revision, after) == ("next", before)


def test_an_upgrade_that_would_lose_rows_stops_and_keeps_everything(
    database_url: str, seeded: World, next_revision: Path
) -> None:
    _write(
        next_revision,
        'op.execute("DELETE FROM checklist_answer")',
        'op.add_column("city", sa.Column("mood", sa.String(length=10), nullable=True))',
    )
    before = _look(database_url)
    with pytest.raises(MigrationLostRows, match="checklist_answer: 16 -> 0"):
        upgrade_database(database_url)
    assert _look(database_url) == before


def test_an_upgrade_that_leaves_a_reference_to_nothing_stops_and_keeps_everything(
    database_url: str, seeded: World, next_revision: Path
) -> None:
    _write(next_revision, 'op.execute("UPDATE assignment SET department_id = 999")')
    before = _look(database_url)
    with pytest.raises((MigrationLostRows, IntegrityError)):
        upgrade_database(database_url)
    assert _look(database_url) == before


def test_an_upgrade_that_fails_half_way_keeps_everything(database_url: str, seeded: World, next_revision: Path) -> None:
    _write(
        next_revision,
        'op.add_column("city", sa.Column("mood", sa.String(length=10), nullable=True))',
        'raise RuntimeError("a mistake in the revision")',
    )
    before = _look(database_url)
    with pytest.raises(RuntimeError, match="a mistake in the revision"):
        upgrade_database(database_url)
    assert _look(database_url) == before


@pytest.mark.only_sqlite
def test_a_database_with_something_in_it_is_copied_before_its_tables_change(
    database_url: str, seeded: World, next_revision: Path, data_dir: Path
) -> None:
    start = _newest()
    _, before, _ = _look(database_url)
    _write(next_revision, 'op.add_column("city", sa.Column("mood", sa.String(length=10), nullable=True))')
    assert upgrade_database(database_url) == ["next"]
    (copy,) = list_copies(data_dir / "cityready.db")
    assert copy.name.startswith(f"cityready-at-{start}-")
    assert copy.stat().st_mode & 0o777 == 0o600
    assert _look(f"sqlite:///{copy}")[:2] == (start, before)
    assert upgrade_database(database_url) == []
    assert len(list_copies(data_dir / "cityready.db")) == 1


def test_the_log_says_what_became_of_the_copy(
    database_url: str, seeded: World, next_revision: Path, backend: str
) -> None:
    _write(next_revision, 'op.add_column("city", sa.Column("mood", sa.String(length=10), nullable=True))')
    with capture_logs() as said:
        upgrade_database(database_url)
    expected = {"sqlite": "database copied before its tables change", "postgresql": "take a dump before each upgrade"}
    assert [line["log_level"] for line in said if expected[backend] in line["event"]] == ["warning"]


@pytest.mark.only_sqlite
def test_the_last_three_copies_stay(database_url: str, seeded: World, data_dir: Path) -> None:
    path = data_dir / "cityready.db"
    for minute in range(5):
        copy_aside(sqlite_module(), path, f"000{5 - minute}", datetime(2026, 11, 28, 2, minute, tzinfo=UTC))
    assert [copy.stem[-6:] for copy in list_copies(path)] == ["020200", "020300", "020400"]


@pytest.mark.only_sqlite
def test_an_empty_database_leaves_no_copy(blank_url: str, tmp_path: Path) -> None:
    upgrade_database(blank_url, "0001")
    upgrade_database(blank_url)
    assert list(tmp_path.glob("blank-at-*")) == []


@pytest.mark.only_sqlite
def test_what_cannot_be_copied_is_not_changed(
    database_url: str, seeded: World, next_revision: Path, monkeypatch: pytest.MonkeyPatch, data_dir: Path
) -> None:
    _write(next_revision, 'op.add_column("city", sa.Column("mood", sa.String(length=10), nullable=True))')
    before = _look(database_url)[:2]
    monkeypatch.setattr(migrating, "now", lambda: datetime(2026, 11, 28, tzinfo=UTC))
    (data_dir / f"cityready-at-{before[0]}-20261128-000000.db").mkdir()  # in the way
    with pytest.raises(Refused, match="was left as it is") as refused:
        upgrade_database(database_url)
    assert "start again" in str(refused.value)
    assert _look(database_url)[:2] == before
    assert list(data_dir.glob("*.part")) == []


def test_the_database_of_a_newer_version_is_a_sentence(database_url: str, backend: str, data_dir: Path) -> None:
    engine = open_engine(database_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    engine.dispose()
    with pytest.raises(Refused, match="made by a newer version of CityReady"):
        upgrade_database(database_url)
    if backend == "sqlite":
        copy = data_dir / f"cityready-at-{_newest()}-20261128-021739.db"
        copy.touch()
        (data_dir / "cityready-at-9998-20261129-021739.db").touch()  # of no use to this version
        with pytest.raises(Refused, match=copy.name):
            upgrade_database(database_url)


FIRST = """
INSERT INTO city VALUES (1, 'old', 'Old City', 'US', 'en', 'America/New_York', NULL, NULL, FALSE, 0, '', 1, '2026-01-01 00:00:00');
INSERT INTO person VALUES (1, 'a@old.example', 'A', NULL, NULL, FALSE, NULL, '2026-01-01 00:00:00');
INSERT INTO assessment VALUES (1, 1, 'wwc-2022', 'First', NULL, 'open', 1, '2026-01-01 00:00:00');
INSERT INTO local_criterion VALUES (1, 1, 'wwc-2022', 'DM1', 'As the portal says.', NULL, NULL, 1);
INSERT INTO response (id, city_id, assessment_id, criterion, narrative, narrative_version, state, version, updated_at)
  VALUES (1, 1, 1, 'DM1', 'How we do it.', 1, 'decided', 2, '2026-01-01 00:00:00');
INSERT INTO checklist_answer VALUES (1, 1, 1, 'roles', TRUE, 1);
INSERT INTO verdict VALUES (1, 1, 1, 'met', '', 1, '2026-01-02 00:00:00', NULL);
INSERT INTO report (id, city_id, assessment_id, number, language, length, state, step, error, code, shows_number, history_number,
  history_head, sentence, content, sha256, size_bytes, created_at)
  VALUES (1, 1, 1, 1, 'en', 'full', 'ready', '', '', 'AAAA-BBBB-CCCC', 0, 0, '', 'Estimated.', '{}', '', 0, '2026-01-02 00:00:00');
INSERT INTO stored_file (id, city_id, key, sha256, size_bytes, media_type, name, created_at)
  VALUES (7, 1, 'ab/abc', 'abc', 3, 'text/plain', 'plan.txt', '2026-01-02 00:00:00');
INSERT INTO evidence (id, city_id, kind, title, page_pointer, source, visibility, file_id, url, link_state, note, unit, baseline_period,
  current_period, created_at, version)
  VALUES (1, 1, 'file', 'Plan', '', '', 'internal', 7, '', '', '', '', '', '', '2026-01-02 00:00:00', 1),
         (2, 1, 'note', 'Note', '', '', 'internal', NULL, '', '', 'So it is.', '', '', '', '2026-01-02 00:00:00', 1);
INSERT INTO evidence_support VALUES (1, 1, 1, 1, '')
"""
"""What a city may have had under the first tables, in every table that a later revision alters."""


VERDICTS = """
INSERT INTO city VALUES (1, 'old', 'Old City', 'US', 'en', 'America/New_York', NULL, NULL, FALSE, 0, '', 1, '2026-01-01 00:00:00');
INSERT INTO person VALUES (1, 'a@old.example', 'A', NULL, NULL, FALSE, NULL, '2026-01-01 00:00:00');
INSERT INTO assessment VALUES (1, 1, 'wwc-2022', 'First', NULL, 'open', 1, '2026-01-01 00:00:00');
INSERT INTO response (id, city_id, assessment_id, criterion, narrative, narrative_version, narrative_at, state, version, updated_at)
  VALUES (1, 1, 1, 'DM1', 'How we do it.', 1, '2026-01-01 00:00:00', 'decided', 2, '2026-01-01 00:00:00'),
         (2, 1, 1, 'DM2', 'Written anew.', 2, '2026-01-09 00:00:00', 'in_progress', 4, '2026-01-09 00:00:00'),
         (3, 1, 1, 'DM3', 'Written anew.', 2, '2026-01-09 00:00:00', 'returned', 4, '2026-01-09 00:00:00');
INSERT INTO checklist_answer VALUES (1, 1, 1, 'roles', TRUE, 1), (2, 1, 2, 'roles', TRUE, 1);
INSERT INTO narrative_version VALUES (1, 1, 2, 1, 'As it was.', 1, '2026-01-01 00:00:00');
INSERT INTO verdict VALUES (1, 1, 1, 'met', '', 1, '2026-01-02 00:00:00', NULL),
  (2, 1, 2, 'not_met', 'No.', 1, '2026-01-02 00:00:00', '2026-01-08 00:00:00'),
  (3, 1, 3, 'changes_asked', 'More.', 1, '2026-01-02 00:00:00', NULL);
INSERT INTO evidence (id, city_id, kind, title, page_pointer, source, visibility, url, link_state, note, unit, baseline_period,
  current_period, period_to, created_at, version)
  VALUES (1, 1, 'note', 'Note', '', '', 'internal', '', '', 'So it is.', '', '', '', '2025-12-31', '2026-01-01 00:00:00', 1);
INSERT INTO evidence_support VALUES (1, 1, 1, 1, 'roles'), (2, 1, 1, 3, 'roles')
"""
"""A verdict that stands, one that was withdrawn, and one that asked for changes, under the first tables."""


def test_verdicts_of_before_get_the_copies_that_can_be_made_for_certain(blank_url: str) -> None:
    upgrade_database(blank_url, "0001")
    engine = open_engine(blank_url)
    with engine.begin() as connection:
        for statement in VERDICTS.strip().split(";"):
            connection.exec_driver_sql(statement)
    upgrade_database(blank_url, "0024")
    upgrade_database(blank_url)
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT content, sha256, rebuilt FROM judged_response ORDER BY verdict_id"
        ).all()
    with Session(engine) as session:
        problems = verify_city(session, 1).problems
    engine.dispose()
    whole, withdrawn, returned = (read_content(text) for text, _, _ in rows)
    assert whole.text == "How we do it."
    assert [(item.id, item.ticked) for item in whole.items or ()] == [("roles", True)]
    [piece] = whole.pieces or ()
    assert (piece.title, piece.items, piece.period_to, piece.version) == ("Note", ("roles",), date(2025, 12, 31), 1)
    assert (withdrawn.text, withdrawn.items, withdrawn.pieces) == ("As it was.", None, None)
    assert (returned.text, returned.items, returned.pieces) == (None, None, None), "what nobody kept is not made up"
    assert all(sha256 == fingerprint_copy(text) and rebuilt for text, sha256, rebuilt in rows)
    assert problems == (), "the copies are in the record"


PIECES = """
INSERT INTO city VALUES (1, 'old', 'Old City', 'US', 'en', 'America/New_York', NULL, NULL, FALSE, 0, '', 1, '2026-01-01 00:00:00');
INSERT INTO evidence (id, city_id, kind, title, page_pointer, source, visibility, url, link_state, link_moved_to, link_troubles, note, unit,
  baseline_period, current_period, dataset, method, caveat, contributed_by, hold_reason, period_to, disposed_at, created_at, version)
  VALUES (1, 1, 'figure', 'Response', '', '', 'public', '', '', '', 0, '', 'Minutes', '2024', '2025', 'Évaluation', '', '', '', '', '2025-12-31',
  NULL, '2026-01-01 00:00:00', 1),
  (2, 1, 'figure', '', '', '', 'public', '', '', '', 0, '', '', '2024', '2025', '', '', '', '', '', '2025-12-31', '2026-01-02 00:00:00',
  '2026-01-01 00:00:00', 1)
"""
"""One piece in use and one that was disposed of, under the tables of revision 0013."""


def test_a_figure_of_before_is_found_and_nothing_is_left_of_what_was_disposed_of(blank_url: str) -> None:
    upgrade_database(blank_url, "0013")
    engine = open_engine(blank_url)
    with engine.begin() as connection:
        for statement in PIECES.strip().split(";"):
            connection.exec_driver_sql(statement)
    upgrade_database(blank_url)
    with engine.connect() as connection:
        words = connection.exec_driver_sql("SELECT evidence_id, word FROM search_word ORDER BY word").all()
        left = connection.exec_driver_sql("SELECT current_period, period_to FROM evidence ORDER BY id").all()
    engine.dispose()
    assert words == [(1, "evaluation"), (1, "minutes")]
    assert [tuple(map(str, row)) for row in left] == [("2025", "2025-12-31"), ("", "None")]


def test_what_stood_in_the_first_tables_is_still_there_in_the_newest(blank_url: str) -> None:
    upgrade_database(blank_url, "0001")
    engine = open_engine(blank_url)
    with engine.begin() as connection:
        for statement in FIRST.strip().split(";"):
            connection.exec_driver_sql(statement)
    assert upgrade_database(blank_url)[-1] == _newest()
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT narrative, state, carried_from, confirmation FROM response").all()
        parts = connection.exec_driver_sql("SELECT sentence, parts FROM report").all()
        wording = connection.exec_driver_sql("SELECT official_wording, effort FROM local_criterion").all()
        jobs = connection.exec_driver_sql("SELECT city_id, kind, payload, state FROM job").all()
        named = connection.exec_driver_sql("SELECT file_name FROM evidence ORDER BY id").scalars().all()
        guests = connection.exec_driver_sql("SELECT guest FROM evidence_support").scalars().all()
        counts = count_rows(connection)
    engine.dispose()
    assert named == ["plan.txt", ""], "a piece's file is called what it was called"
    assert list(map(bool, guests)) == [False], "whoever used a piece before owns it"
    assert jobs == [(1, "file.read", '{"file": 7}', "waiting")], "a file of before is read soon after"
    assert rows == [("How we do it.", "decided", None, None)]
    assert parts == [("Estimated.", "")]
    assert wording == [("As the portal says.", None)]
    assert {counts[name] for name in ("city", "assessment", "checklist_answer", "verdict", "report")} == {1}
