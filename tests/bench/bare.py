"""The anchor: the same three pages by hand, as quick as a Python page can reasonably be.

Starlette alone, `async def`, SQL written by hand and run in the loop, one template compiled beforehand. It knows no languages, no
roles and no sign-in, all of which the app has to pay for.
"""

import os
import sqlite3
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from tests.bench import rows

TEMPLATES = Path(__file__).parent / "templates"

CITY = """
SELECT c.id, c.slug, c.name, a.id, a.name, a.due_on FROM city c JOIN assessment a ON a.city_id = c.id AND a.state = 'open'
WHERE c.slug = ? ORDER BY a.id DESC LIMIT 1"""

STANDS = """
SELECT a.criterion, r.state,
  (SELECT v.decision FROM verdict v WHERE v.response_id = r.id AND v.withdrawn_at IS NULL ORDER BY v.id DESC LIMIT 1),
  r.self_rating,
  (SELECT count(*) FROM checklist_answer k WHERE k.response_id = r.id AND k.ticked),
  (SELECT count(DISTINCT s.evidence_id) FROM evidence_support s JOIN evidence e ON e.id = s.evidence_id
   WHERE s.response_id = r.id AND e.withdrawn_at IS NULL),
  d.name, a.due_on, r.submitted_at
FROM assignment a LEFT JOIN response r ON r.assessment_id = a.assessment_id AND r.criterion = a.criterion
LEFT JOIN department d ON d.id = a.department_id
WHERE a.assessment_id = ?"""

DEPARTMENTS = "SELECT name FROM department WHERE city_id = ? ORDER BY name"
WEEK = "SELECT verb, count(*) FROM history_event WHERE city_id = ? AND at >= datetime('now', '-7 days') GROUP BY verb"

NEWS = """
SELECT h.verb, h.subject, h.details, h.at, p.name FROM history_event h LEFT JOIN person p ON p.id = h.person_id
WHERE h.city_id = ? AND h.verb IN ('submitted', 'taken_back', 'verdict_given', 'reopened', 'report_made')
ORDER BY h.number DESC LIMIT 4"""

RESPONSE = """
SELECT r.id, r.state, r.narrative, r.narrative_version, r.narrative_at, w.name, r.self_rating, r.version, d.name, p.name, a.due_on
FROM assignment a LEFT JOIN response r ON r.assessment_id = a.assessment_id AND r.criterion = a.criterion
LEFT JOIN department d ON d.id = a.department_id LEFT JOIN person p ON p.id = a.person_id
LEFT JOIN person w ON w.id = r.narrative_by WHERE a.assessment_id = ? AND a.criterion = ?"""

TICKED = "SELECT item, ticked, version FROM checklist_answer WHERE response_id = ?"
EVIDENCE = """
SELECT e.id, e.kind, e.title, e.period_from, e.period_to, e.page_pointer, e.source, e.visibility, e.url, e.link_state,
  e.note, e.unit, e.baseline_value, e.current_value, e.published_percent, f.name, f.size_bytes,
  group_concat(s.item, ' ')
FROM evidence_support s JOIN evidence e ON e.id = s.evidence_id LEFT JOIN stored_file f ON f.id = e.file_id
WHERE s.response_id = ? AND e.withdrawn_at IS NULL GROUP BY e.id ORDER BY e.id"""
VERDICTS = """
SELECT v.decision, v.reason, v.at, p.name FROM verdict v JOIN person p ON p.id = v.reviewer_id
WHERE v.response_id = ? ORDER BY v.id DESC"""
COMMENTS = """
SELECT k.text, k.at, p.name FROM review_comment k JOIN person p ON p.id = k.person_id WHERE k.response_id = ? ORDER BY k.id"""

EARLIER = """
SELECT n.text, n.at, p.name FROM narrative_version n LEFT JOIN person p ON p.id = n.person_id
WHERE n.response_id = ? ORDER BY n.number DESC"""
WORDING = "SELECT official_wording FROM local_criterion WHERE city_id = ? AND edition = 'wwc-2022' AND criterion = ?"
MET = """
SELECT r.criterion FROM response r WHERE r.assessment_id = ? AND r.state = 'decided'
  AND (SELECT v.decision FROM verdict v WHERE v.response_id = r.id AND v.withdrawn_at IS NULL ORDER BY v.id DESC LIMIT 1) = 'met'"""

KEYS = {
    "city": "id slug name assessment_id assessment due_on",
    "response": "id state narrative narrative_version narrative_at narrative_by self_rating version department person due_on",
    "evidence": "id kind title period_from period_to page_pointer source visibility url link_state note unit baseline_value "
    "current_value published_percent file size_bytes items",
    "verdict": "decision reason at by",
    "comment": "text at by",
}


def _named(kind: str, row: tuple[Any, ...]) -> dict[str, Any]:
    return dict(zip(KEYS[kind].split(), row, strict=True))


class Pages:
    """The three pages over one connection."""

    def __init__(self, database: str) -> None:
        self._connection = sqlite3.connect(database, isolation_level=None)
        environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, auto_reload=False)
        self._templates = {name: environment.get_template(f"{name}.html") for name in ("board", "list", "criterion")}
        rows.edition()

    def _all(self, statement: str, *values: Any) -> list[Any]:
        return self._connection.execute(statement, values).fetchall()

    def _city(self, request: Request) -> dict[str, Any]:
        return _named("city", self._all(CITY, request.path_params["city"])[0])

    def _stands(self, city: dict[str, Any]) -> list[rows.Row]:
        return [rows.row(*stand) for stand in self._all(STANDS, city["assessment_id"])]

    async def board(self, request: Request) -> HTMLResponse:
        city = self._city(request)
        departments = [name for (name,) in self._all(DEPARTMENTS, city["id"])]
        week, news = (self._all(statement, city["id"]) for statement in (WEEK, NEWS))
        page = rows.board(self._stands(city), departments, week, news)
        return HTMLResponse(self._templates["board"].render(city=city, **page))

    async def list(self, request: Request) -> HTMLResponse:
        city = self._city(request)
        groups = rows.groups(self._stands(city))
        return HTMLResponse(self._templates["list"].render(city=city, groups=groups, total=rows.edition().total))

    async def criterion(self, request: Request) -> HTMLResponse:
        city, code = self._city(request), request.path_params["code"]
        response = _named("response", self._all(RESPONSE, city["assessment_id"], code)[0])
        ticked = {item: (on, version) for item, on, version in self._all(TICKED, response["id"])}
        evidence = [_named("evidence", piece) for piece in self._all(EVIDENCE, response["id"])]
        html = self._templates["criterion"].render(
            city=city,
            criterion=rows.edition().criteria[code],
            response=response,
            look=rows.LOOKS.get(response["state"], rows.LOOKS["met"]),
            checklist=rows.checklist(code, ticked, [piece["items"] for piece in evidence]),
            evidence=evidence,
            verdicts=[_named("verdict", verdict) for verdict in self._all(VERDICTS, response["id"])],
            comments=[_named("comment", comment) for comment in self._all(COMMENTS, response["id"])],
            earlier=[_named("comment", text) for text in self._all(EARLIER, response["id"])],
            wording=self._all(WORDING, city["id"], code),
            linked=rows.linked(code, {met for (met,) in self._all(MET, city["assessment_id"])}),
        )
        return HTMLResponse(html)


def create() -> Starlette:
    pages = Pages(os.environ["BENCH_DATABASE"])
    return Starlette(
        routes=[
            Route("/{city}/board", pages.board),
            Route("/{city}/criteria", pages.list),
            Route("/{city}/criteria/{code}", pages.criterion),
        ]
    )
