"""The anchor: the same pages by hand, as quick as a Python page can reasonably be.

Starlette alone, `async def`, SQL written by hand and run in the loop, one template compiled beforehand. It knows no languages and no
roles, and asks who someone is only where the page is about that; the app has to pay for all of it.
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
from tests.bench.bare_saving import Saving, who

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

MINE = f"""{STANDS} AND (a.person_id = ? OR a.department_id IN (
  SELECT n.department_id FROM membership_department n JOIN membership m ON m.id = n.membership_id WHERE m.person_id = ?))"""
REASONS = """
SELECT r.criterion, v.reason FROM verdict v JOIN response r ON r.id = v.response_id
WHERE r.assessment_id = ? AND v.withdrawn_at IS NULL ORDER BY v.id"""
QUEUE = """
SELECT r.criterion, s.name, t.name FROM response r LEFT JOIN person s ON s.id = r.submitted_by
LEFT JOIN person t ON t.id = r.claimed_by WHERE r.assessment_id = ? AND r.state = 'submitted'"""
CHOICES = "SELECT id, name FROM department WHERE city_id = ? ORDER BY name"
PIECES = """
SELECT e.id, e.kind, e.title, e.visibility, e.period_from, e.period_to, e.link_state,
  (SELECT group_concat(DISTINCT r.criterion) FROM evidence_support s JOIN response r ON r.id = s.response_id
   WHERE s.evidence_id = e.id AND r.assessment_id = ?)
FROM evidence e WHERE e.city_id = ? AND e.withdrawn_at IS NULL ORDER BY e.id DESC LIMIT 50"""
PIECES_COUNT = "SELECT count(*) FROM evidence WHERE city_id = ? AND withdrawn_at IS NULL"

KEYS = {
    "city": "id slug name assessment_id assessment due_on",
    "response": "id state narrative narrative_version narrative_at narrative_by self_rating version department person due_on",
    "evidence": "id kind title period_from period_to page_pointer source visibility url link_state note unit baseline_value "
    "current_value published_percent file size_bytes items",
    "verdict": "decision reason at by",
    "comment": "text at by",
    "piece": "id kind title visibility period_from period_to link_state codes",
}


def _named(kind: str, row: tuple[Any, ...]) -> dict[str, Any]:
    return dict(zip(KEYS[kind].split(), row, strict=True))


PAGES = ("board", "list", "criterion", "work", "review", "library")


class Pages:
    """The pages over one connection."""

    def __init__(self, database: str) -> None:
        self._connection = sqlite3.connect(database, isolation_level=None)
        environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, auto_reload=False)
        self._templates = {name: environment.get_template(f"{name}.html") for name in PAGES}
        self.saving = Saving(self._connection)
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

    async def work(self, request: Request) -> HTMLResponse:
        city, person = self._city(request), who(self._connection, request)
        mine = [rows.row(*stand) for stand in self._all(MINE, city["assessment_id"], person[0], person[0])]
        page = rows.work(mine, dict(self._all(REASONS, city["assessment_id"])))
        return HTMLResponse(self._templates["work"].render(city=city, who=person[1], **page))

    async def review(self, request: Request) -> HTMLResponse:
        city = self._city(request)
        names = {code: tuple(of) for code, *of in self._all(QUEUE, city["assessment_id"])}
        page = rows.queue(self._stands(city), names, self._all(CHOICES, city["id"]))
        return HTMLResponse(self._templates["review"].render(city=city, **page))

    async def library(self, request: Request) -> HTMLResponse:
        city = self._city(request)
        pieces = [_named("piece", piece) for piece in self._all(PIECES, city["assessment_id"], city["id"])]
        (total,) = self._all(PIECES_COUNT, city["id"])[0]
        page = {
            "pieces": pieces,
            "total": total,
            "departments": self._all(CHOICES, city["id"]),
            "areas": rows.edition().areas,
        }
        return HTMLResponse(self._templates["library"].render(city=city, **page))


def create() -> Starlette:
    pages = Pages(os.environ["BENCH_DATABASE"])
    changes = {
        "/{city}/criteria/{code}/checklist": pages.saving.tick,
        "/{city}/criteria/{code}/narrative": pages.saving.text,
        "/{city}/criteria/{code}/evidence": pages.saving.piece,
        "/{city}/review/{code}/verdict": pages.saving.verdict,
        "/{city}/review/{code}/reopen": pages.saving.reopen,
    }
    return Starlette(
        routes=[
            Route("/{city}/board", pages.board),
            Route("/{city}/criteria", pages.list),
            Route("/{city}/criteria/{code}", pages.criterion),
            Route("/{city}/my-work", pages.work),
            Route("/{city}/review", pages.review),
            Route("/{city}/evidence", pages.library),
            *(Route(path, change, methods=["POST"]) for path, change in changes.items()),
        ]
    )
