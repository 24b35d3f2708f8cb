"""What is logged: enough to find a trouble again, nothing that people wrote, and no trouble a thousand times."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.adapters import logs
from app.adapters.logs import REPEATED_AFTER_SECONDS, RepeatedTroubles, format_trace
from app.store.database.engine import Database

SECRET = "123-45-6789"


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Iterator[list[dict[str, object]]]:
    """Fills with the lines when it is read at the end of a test: see `written`."""
    logs.log_to_standard_error()
    yield []
    structlog.reset_defaults()
    logging.basicConfig(force=True)


def written(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


@pytest.mark.usefixtures("lines")
def test_a_line_is_json_where_no_terminal_reads_it(capsys: pytest.CaptureFixture[str]) -> None:
    structlog.get_logger().info("swept", removed=3)
    (line,) = written(capsys)
    assert (line["event"], line["level"], line["removed"]) == ("swept", "info", 3)
    assert str(line["timestamp"]).endswith("Z")


@pytest.mark.usefixtures("lines")
def test_a_failing_query_is_logged_without_what_was_to_be_written(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    add = text("INSERT INTO city (id, slug, name) VALUES (:id, :slug, :name)")
    with pytest.raises(DBAPIError) as raised, database.writing() as session:
        session.execute(add, {"id": 1, "slug": SECRET, "name": SECRET})
    assert SECRET not in str(raised.value).partition("\n")[0]
    structlog.get_logger().error("unexpected", exc_info=raised.value)
    out = capsys.readouterr().err
    assert SECRET not in out
    assert "IntegrityError" in out or "NotNullViolation" in out
    assert "test_logs.py" in out, "where it went wrong is told"


@pytest.mark.usefixtures("lines")
def test_a_message_is_cut_and_its_cause_comes_first(capsys: pytest.CaptureFixture[str]) -> None:
    message = "first\nsecond line"
    try:
        try:
            raise ValueError(message)
        except ValueError as cause:
            raise RuntimeError("x" * 5_000) from cause
    except RuntimeError as problem:
        structlog.get_logger().error("unexpected", exc_info=problem)
    (line,) = written(capsys)
    trace = str(line["exception"])
    assert trace.index("ValueError: first") < trace.index("RuntimeError: xxx")
    assert "second line" not in trace
    assert "x" * 300 not in trace


@pytest.mark.usefixtures("lines")
def test_what_a_library_tells_is_a_line_too_and_not_told_twice(capsys: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("uvicorn.error").error("Exception in ASGI application\n", exc_info=ValueError(SECRET))
    logging.getLogger("uvicorn.error").warning("Invalid HTTP request received.")
    (line,) = written(capsys)
    assert (line["event"], line["library"]) == ("Invalid HTTP request received.", "uvicorn.error")


def test_the_same_trouble_is_told_once_a_minute_and_then_how_often_it_came() -> None:
    moment = [0.0]
    only = RepeatedTroubles(clock=lambda: moment[0])
    trouble = {"event": "worker could not look for jobs", "level": "error", "exc_info": ValueError("away")}
    assert only(None, "", dict(trouble))["exc_info"]
    for _ in range(20):
        with pytest.raises(structlog.DropEvent):
            only(None, "", dict(trouble))
    other = only(None, "", {**trouble, "exc_info": KeyError("another")})
    assert "repeated" not in other, "another kind of error is another trouble"
    moment[0] = REPEATED_AFTER_SECONDS
    assert only(None, "", dict(trouble))["repeated"] == 20


def test_a_trouble_with_the_number_of_a_request_is_always_told_and_loses_its_traceback_only() -> None:
    only = RepeatedTroubles(clock=lambda: 0.0)
    trouble = {"event": "unexpected", "level": "error", "exc_info": ValueError("x")}
    assert "exc_info" in only(None, "", {**trouble, "request": "aa"})
    assert only(None, "", {**trouble, "request": "bb"}) == {"event": "unexpected", "level": "error", "request": "bb"}


def test_what_is_no_trouble_is_told_every_time() -> None:
    only = RepeatedTroubles(clock=lambda: 0.0)
    told = [only(None, "", {"event": "signed in", "level": "info"}) for _ in range(3)]
    assert len(told) == 3


def test_a_chain_of_errors_that_leads_back_to_itself_is_told_once() -> None:
    """Such a chain filled the memory of the worker that wrote it down."""
    first, second = ValueError("first"), KeyError("second")
    first.__cause__, second.__cause__ = second, first
    trace = format_trace(first)
    assert (trace.count("first"), trace.count("second")) == (1, 1)
