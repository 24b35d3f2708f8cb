"""The four changes of a city hall by hand: each one durable transaction with its event in the record, run in the loop."""

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import RedirectResponse

from app.web.cookies import SESSION_COOKIE
from tests.bench.blanks import write_insert

WHO = """
SELECT p.id, p.name FROM sign_in_session s JOIN person p ON p.id = s.person_id WHERE s.token_hash = ? AND s.expires_at > ?"""
RESPONSE = """
SELECT r.id, r.city_id FROM response r JOIN assessment a ON a.id = r.assessment_id AND a.state = 'open'
JOIN city c ON c.id = r.city_id WHERE c.slug = ? AND r.criterion = ?"""
TOLD = "UPDATE city SET history_count = history_count + 1 WHERE id = ? RETURNING history_count, history_head"
EVENT = write_insert(
    "history_event", "city_id", "number", "at", "person_id", "verb", "subject", "details", "previous_hash", "hash"
)
HEAD = "UPDATE city SET history_head = ? WHERE id = ?"
TICK = (
    "UPDATE checklist_answer SET ticked = ?, version = version + 1 WHERE response_id = ? AND item = ? AND version = ?"
)
FIRST_TICK = write_insert("checklist_answer", "city_id", "response_id", "item", "ticked", version=1)
TEXT = """
UPDATE response SET narrative = ?, narrative_version = narrative_version + 1, narrative_by = ?, narrative_at = ?, updated_at = ?
WHERE id = ? AND narrative_version = ?"""
PIECE = write_insert(
    "evidence", "city_id", "title", "note", "created_by", "created_at", kind="note", version=1, visibility="internal"
)
SUPPORT = write_insert("evidence_support", "city_id", "evidence_id", "response_id", "item")
STATE = "UPDATE response SET state = ?, version = version + 1, updated_at = ? WHERE id = ? AND version = ?"
VERDICT = write_insert("verdict", "city_id", "response_id", "decision", "reason", "reviewer_id", "at")
WITHDRAW = "UPDATE verdict SET withdrawn_at = ? WHERE response_id = ? AND withdrawn_at IS NULL"
COMMENT = write_insert("review_comment", "city_id", "response_id", "text", "person_id", "at")


def moment() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def who(connection: sqlite3.Connection, request: Request) -> tuple[int, str]:
    """Id and name of whoever holds the cookie."""
    token = hashlib.sha256(request.cookies[SESSION_COOKIE].encode()).hexdigest()
    person: tuple[int, str] = connection.execute(WHO, (token, moment())).fetchone()
    return person


class Saving:
    """The changes over one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @contextmanager
    def _saving(self, request: Request, verb: str) -> Iterator[tuple[int, int, int]]:
        """A transaction around a change of one response: its id, its city, and who changes it."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            person, code = who(self._connection, request)[0], request.path_params["code"]
            response, city = self._connection.execute(RESPONSE, (request.path_params["city"], code)).fetchone()
            yield response, city, person
            self._record(city, person, verb, code)
            self._connection.execute("COMMIT")
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise

    def _record(self, city: int, person: int, verb: str, code: str) -> None:
        number, previous = self._connection.execute(TOLD, (city,)).fetchone()
        told = (city, number, moment(), person, verb, code, "{}", previous)
        head = hashlib.sha256(json.dumps(told).encode()).hexdigest()
        self._connection.execute(EVENT, (*told, head))
        self._connection.execute(HEAD, (head, city))

    def _change(self, statement: str, *values: object) -> bool:
        return self._connection.execute(statement, values).rowcount == 1

    def _must(self, statement: str, *values: object) -> None:
        if not self._change(statement, *values):
            raise RuntimeError("someone else was first")

    async def tick(self, request: Request) -> RedirectResponse:
        form = await _form(request)
        item = next(name.removeprefix("was.") for name in form if name.startswith("was."))
        with self._saving(request, "item_ticked") as (response, city, _):
            ticked = f"item.{item}" in form
            if not self._change(TICK, ticked, response, item, form[f"version.{item}"]):
                self._must(FIRST_TICK, city, response, item, ticked)
        return _back(request)

    async def text(self, request: Request) -> RedirectResponse:
        form, at = await _form(request), moment()
        with self._saving(request, "narrative_written") as (response, _, person):
            self._must(TEXT, form["narrative"], person, at, at, response, form["narrative_version"])
        return _back(request)

    async def piece(self, request: Request) -> RedirectResponse:
        form = await _form(request)
        with self._saving(request, "evidence_added") as (response, city, person):
            given = (city, form["title"], form["note"], person, moment())
            added = self._connection.execute(PIECE, given).lastrowid
            self._must(SUPPORT, city, added, response, form["item"])
        return _back(request)

    async def verdict(self, request: Request) -> RedirectResponse:
        form, at = await _form(request), moment()
        with self._saving(request, "verdict_given") as (response, city, person):
            self._must(STATE, "decided", at, response, form["version"])
            self._must(VERDICT, city, response, form["decision"], form["reason"], person, at)
        return _back(request)

    async def reopen(self, request: Request) -> RedirectResponse:
        form, at = await _form(request), moment()
        with self._saving(request, "reopened") as (response, city, person):
            self._must(STATE, "submitted", at, response, form["version"])
            self._must(WITHDRAW, at, response)
            self._must(COMMENT, city, response, form["why"], person, at)
        return _back(request)


async def _form(request: Request) -> dict[str, str]:
    return dict(parse_qsl((await request.body()).decode()))


def _back(request: Request) -> RedirectResponse:
    return RedirectResponse(request.url.path.rsplit("/", 1)[0], 303)
