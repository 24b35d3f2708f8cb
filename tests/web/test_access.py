"""Who may open which door: every route of the app, for every role, in the own city and in another's, asserted one by one.

`DOORS` says it anew, from what each person does in the city and not from the app's table of rights, so that a wrong edit there is
seen here. A route that is not in it fails the test until someone has decided who may use it.
"""

import hashlib
import inspect
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import get_dependant
from fastapi.routing import iter_route_contexts
from sqlalchemy import Connection, event, select, update
from starlette.testclient import TestClient

from app.rules.bulk.cells import read_rows
from app.rules.bulk.columns import SheetKind
from app.rules.bulk.plan import plan_sheets
from app.rules.bulk.register import CityRegister
from app.rules.bulk.sheets import read_sheet
from app.rules.history.verbs import Verb
from app.rules.people import permissions
from app.rules.people.permissions import RIGHTS, Role
from app.services.assigning import assignment
from app.services.evidence import pieces
from app.services.handover import page as handover_page
from app.services.history.verifying import verify_city
from app.services.requests import asking
from app.services.response import answering
from app.services.site import Site
from app.store import bulk, people, review
from app.store.account.invitation import Invitation
from app.store.account.sign_in import SignInSession
from app.store.account.sign_on import SignInProvider
from app.store.assessment import Assessment
from app.store.bulk import BulkSave
from app.store.city import City, Department
from app.store.database.engine import now
from app.store.evidence import support
from app.store.evidence.pieces import Evidence
from app.store.handover import Handover
from app.store.history import events
from app.store.letter import Letter, LetterChoice, LetterEntry
from app.store.monthly import MonthlyReport
from app.store.people import Membership, Person
from app.store.report.reports import Report
from app.store.response import Response
from app.store.retention import RetentionClass
from app.store.tables import metadata
from app.web.access import reads, writes
from tests.conftest import ClientFor
from tests.small_files import picture_of
from tests.world import CityWorld, World

EVERYBODY = {"lead", "colleague", "reviewer", "official", "admin"}
STAFF = {"lead", "colleague", "reviewer", "admin"}
OFFICE = {"reviewer", "admin"}
ADMIN = {"admin"}
OWNERS = {"lead", "reviewer", "admin"}
"""Who may write for the lead's department, Finance; `colleague` leads another one."""

STRANGERS = ("nobody", "foreigner", "former")
"""Signed out; administrator of the other city; someone whose access ended."""

Form = Callable[[CityWorld], dict[str, Any]]


@dataclass(frozen=True)
class Door:
    """Who may use a route, on which criterion and piece, and a form that the first of them sends with success.

    `lost` stands for the report that could not be made. `answers` is the status where looking needs a choice that nobody makes here.
    """

    opens: set[str]
    form: Form = field(default=lambda ids: {})
    code: str = "LC1"
    piece: str = "note"
    member: str = "colleague"
    department: str = "works"
    asked: str = "partner"
    headers: dict[str, str] = field(default_factory=dict)
    number: int = 0
    lost: bool = False
    file: tuple[str, bytes] | None = None
    answers: int = 200


def always(form: dict[str, Any]) -> Form:
    """This one form, whatever the city."""
    return lambda ids: form


MONTHLY = {"audience": "public", "length": "summary", "language": "en", "day": "5"}


def _sends(**fields: Any) -> Form:
    return lambda ids: {name.replace("__", "."): value for name, value in fields.items()}


def _confirms(ids: CityWorld) -> dict[str, Any]:
    """An answer that came along to the lead's department, as the page with several of them sends it."""
    return {"answer.EVAL2": "yes", "version.EVAL2": "1"}


def _is_away(ids: CityWorld, version: int) -> dict[str, Any]:
    """Until tomorrow, as the form of an absence sends it."""
    first, last = now().date() - timedelta(days=1), now().date() + timedelta(days=1)
    return {"away_from": first, "away_until": last, "stand_in": ids.people["reviewer"], "version": str(version)}


GARDENS = "Department\nGardens"
PASTED = "RDC8: Leaders say in public what data are for."
MARK_OF_PASTED = hashlib.sha256(repr([("RDC8", "Leaders say in public what data are for.", 0)]).encode()).hexdigest()
MARK_OF_GARDENS = plan_sheets(
    {SheetKind.DEPARTMENTS: read_sheet(SheetKind.DEPARTMENTS, read_rows(GARDENS, ""), "")}, CityRegister()
).mark


DOORS: dict[str, Door] = {
    "GET /{city}": Door(EVERYBODY),
    "GET /{city}/my-work": Door(STAFF),
    "GET /{city}/board/month": Door(EVERYBODY),
    "GET /{city}/board/days.ics": Door(EVERYBODY),
    "GET /{city}/criteria": Door(EVERYBODY),
    "GET /{city}/criteria/{code}": Door(EVERYBODY),
    "GET /{city}/criteria/{code}/wording": Door(ADMIN),
    "GET /{city}/criteria/{code}/verdicts/{verdict_id}": Door(EVERYBODY, code="LC4"),
    "GET /{city}/criteria/{code}/submitted": Door(STAFF, code="LC2"),
    "GET /{city}/criteria/{code}/evidence/new": Door(OWNERS),
    "GET /{city}/criteria/{code}/evidence/{evidence_id}/questions": Door(OWNERS),
    "GET /{city}/criteria/{code}/evidence": Door(OWNERS),
    "GET /{city}/evidence": Door(EVERYBODY),
    "GET /{city}/evidence/change": Door(STAFF),
    "GET /{city}/evidence/{evidence_id}": Door(EVERYBODY),
    "GET /{city}/evidence/{evidence_id}/file": Door(EVERYBODY, piece="file"),
    "GET /{city}/evidence/{evidence_id}/redact": Door(OWNERS, piece="file"),
    "GET /{city}/evidence/{evidence_id}/versions/{number}/file": Door(EVERYBODY, piece="file", number=1),
    "GET /{city}/evidence/{evidence_id}/copy": Door(EVERYBODY, piece="link"),
    "GET /{city}/retention": Door(OFFICE),
    "GET /{city}/first-hour": Door(EVERYBODY),
    "GET /{city}/search": Door(EVERYBODY),
    "GET /{city}/glossary": Door(EVERYBODY),
    "GET /{city}/program": Door(EVERYBODY),
    "GET /{city}/program/copy-sheet": Door(EVERYBODY),
    "GET /{city}/program/copy-sheet.xlsx": Door(EVERYBODY),
    "GET /{city}/claims": Door(EVERYBODY),
    "GET /{city}/claims.txt": Door(EVERYBODY),
    "GET /{city}/evidence/{evidence_id}/preview/{page}": Door(EVERYBODY, piece="file"),
    "GET /{city}/review": Door(OFFICE),
    "GET /{city}/review/{code}": Door(OFFICE),
    "GET /{city}/board": Door(EVERYBODY),
    "GET /{city}/readiness": Door(EVERYBODY),
    "GET /{city}/scoring": Door(EVERYBODY),
    "GET /{city}/cycle/{assessment_id}/program": Door(EVERYBODY),
    "GET /{city}/awards": Door(EVERYBODY),
    "GET /{city}/people/bulk": Door(ADMIN),
    "GET /{city}/people/assignments/table": Door(OFFICE),
    "GET /{city}/people/bulk/tables/{table}": Door(ADMIN),
    "GET /{city}/people/bulk/{save_id}": Door(ADMIN),
    "GET /{city}/settings": Door(ADMIN),
    "GET /{city}/settings/emblem": Door(ADMIN, answers=404),
    "GET /{city}/planning": Door(EVERYBODY),
    "GET /{city}/planning/tiles": Door(EVERYBODY),
    "GET /{city}/planning/compare": Door(EVERYBODY, answers=422),
    "GET /{city}/planning/estimates": Door(OFFICE),
    "GET /{city}/planning/scenarios/{scenario_id}": Door(EVERYBODY),
    "GET /{city}/scoring.json": Door(EVERYBODY),
    "GET /{city}/cycle": Door(EVERYBODY),
    "GET /{city}/cycle/new": Door(ADMIN),
    "GET /{city}/cycle/compare": Door(EVERYBODY),
    "GET /{city}/cycle/confirm": Door(STAFF),
    "GET /{city}/cycle/{assessment_id}": Door(EVERYBODY),
    "GET /{city}/cycle/{assessment_id}/criteria/{code}": Door(EVERYBODY),
    "GET /{city}/reports": Door(EVERYBODY),
    "GET /{city}/reports/monthly": Door(OFFICE),
    "GET /{city}/reports/monthly/{monthly_id}": Door(OFFICE),
    "GET /{city}/reports/{number}": Door(EVERYBODY),
    "GET /{city}/reports/{number}/page": Door(EVERYBODY, answers=404),
    "GET /{city}/reports/{number}/file": Door(EVERYBODY),
    "GET /{city}/reports/{number}/document": Door(EVERYBODY, answers=409),
    "GET /{city}/people": Door(OFFICE),
    "GET /{city}/people/assignments": Door(OFFICE),
    "GET /{city}/people/{membership_id}": Door(ADMIN),
    "GET /{city}/my-work/absence": Door(STAFF),
    "GET /{city}/my-work/leaving": Door(STAFF),
    "GET /{city}/my-work/pass-on": Door(STAFF),
    "GET /{city}/my-work/handovers/{handover_id}": Door({"lead", "reviewer", "admin"}),
    "GET /{city}/people/unowned": Door(OFFICE),
    "GET /{city}/people/departments/{department_id}": Door(ADMIN),
    "GET /{city}/people/{membership_id}/end": Door(ADMIN),
    "GET /{city}/people/{membership_id}/absence": Door(ADMIN),
    "GET /{city}/people/{membership_id}/scrub": Door(ADMIN, member="former"),
    "GET /{city}/people/{membership_id}/second-step": Door(ADMIN, member="stepped"),
    "GET /{city}/security": Door(ADMIN),
    "GET /{city}/letters": Door(EVERYBODY),
    "GET /{city}/criteria/{code}/due.ics": Door(EVERYBODY),
    "GET /{city}/letters/waiting": Door(ADMIN),
    "GET /{city}/letters/preview": Door(ADMIN),
    "GET /{city}/letters/preview/{kind}": Door(ADMIN),
    "GET /{city}/history": Door(OFFICE),
    "GET /{city}/requests": Door(OFFICE),
    "GET /{city}/requests/new": Door(OFFICE),
    "GET /{city}/requests/{request_id}": Door(OFFICE),
    "GET /{city}/requests/{request_id}/change": Door(OFFICE, asked="open"),
    "GET /{city}/partners": Door(OFFICE),
    "GET /{city}/inbox": Door(OFFICE),
    "GET /{city}/inbox/{contribution_id}/file": Door(OFFICE, answers=404),
    "GET /{city}/portal": Door(OFFICE),
    "GET /{city}/portal/readings/{reading_id}/file": Door(OFFICE),
    "GET /{city}/history/verify": Door(OFFICE),
    "GET /{city}/history.csv": Door(OFFICE),
    # From here on the order counts: each step finds what the ones before it left.
    "POST /{city}/criteria/{code}/narrative": Door(OWNERS, _sends(narrative="A new text.", narrative_version="1")),
    "POST /{city}/criteria/{code}/checklist": Door(
        OWNERS, _sends(was__messages="0", version__messages="0", item__messages="on")
    ),
    "POST /{city}/criteria/{code}/self-rating": Door(OWNERS, _sends(self_rating="not_met", version="1"), code="EVAL1"),
    "POST /{city}/criteria/{code}/evidence": Door(
        OWNERS, _sends(kind="note", title="A decision", note="It was so decided.", visibility="internal"), code="BF1"
    ),
    "POST /{city}/evidence/{evidence_id}": Door(
        OWNERS, _sends(title="Who decides", note="Someone else.", visibility="public", version="1")
    ),
    "POST /{city}/criteria/{code}/evidence/{evidence_id}/questions": Door(
        OWNERS, _sends(at="items", item="messages", version="2")
    ),
    "POST /{city}/criteria/{code}/evidence/{evidence_id}": Door(OWNERS, code="BF2"),
    "POST /{city}/evidence/{evidence_id}/withdraw": Door(OWNERS, _sends(version="1"), piece="file"),
    "POST /{city}/evidence/{evidence_id}/restore": Door(OWNERS, _sends(version="2"), piece="file"),
    "POST /{city}/reports/{number}/hold": Door(OFFICE, _sends(hold_reason="A lawsuit", version="1")),
    "POST /{city}/reports/{number}/disposal": Door(OFFICE, _sends(disposal_reason="By the schedule", version="1"), number=801),
    "POST /{city}/reports/{number}/disposal/refuse": Door(OFFICE, _sends(version="1"), number=802),
    "POST /{city}/reports/{number}/disposal/approve": Door(OFFICE, _sends(version="1"), number=803),
    "POST /{city}/retention/reports": Door(OFFICE, lambda ids: {"reports_class": "", "before": ids.classes["drafts"]}),
    "POST /{city}/retention/classes": Door(OFFICE, _sends(name="Minutes", years="7")),
    "POST /{city}/retention/classes/{class_id}": Door(OFFICE, _sends(name="Contracts", years="7", version="1")),
    "POST /{city}/retention/classes/{class_id}/remove": Door(OFFICE, _sends(version="2"), answers=404),  # to the second
    "POST /{city}/evidence/{evidence_id}/retention": Door(OFFICE, _sends(hold_reason="A lawsuit", version="1"), piece="restricted"),
    "POST /{city}/evidence/{evidence_id}/disposal": Door(OFFICE, _sends(version="1"), piece="removed"),
    "POST /{city}/evidence/{evidence_id}/disposal/refuse": Door(OFFICE, _sends(version="2"), piece="removed"),
    "POST /{city}/evidence/{evidence_id}/disposal/approve": Door(OFFICE, _sends(version="1"), piece="proposed"),
    "POST /{city}/evidence/{evidence_id}/approval": Door(OFFICE, _sends(version="1"), piece="figure"),
    "POST /{city}/evidence/{evidence_id}/approval/withdraw": Door(OFFICE, _sends(version="2"), piece="figure"),
    "POST /{city}/evidence/{evidence_id}/link-address": Door(OWNERS, _sends(version="1"), piece="link"),
    "POST /{city}/evidence/{evidence_id}/personal-data-seen": Door(OWNERS, _sends(version="3"), piece="file"),
    "POST /{city}/evidence/{evidence_id}/day": Door(OWNERS, _sends(answer="no", version="4"), piece="file"),
    "POST /{city}/evidence/{evidence_id}/file": Door(
        OWNERS, _sends(version="5"), piece="file", file=("newer.txt", b"A newer plan.")
    ),
    "POST /{city}/evidence/{evidence_id}/redact": Door(OWNERS, _sends(version="6", words="Ana"), piece="file", answers=404),
    "POST /{city}/evidence/{evidence_id}/redacted": Door(
        OWNERS, _sends(version="6"), piece="file", file=("redacted.txt", b"Without names.")
    ),
    "POST /{city}/evidence/{evidence_id}/link-check": Door(OWNERS, piece="other link"),
    "POST /{city}/uploads": Door(
        STAFF, answers=201, headers={"Upload-Length": "5", "Upload-Metadata": "filename cGxhbi5wZGY="}
    ),
    "PATCH /{city}/uploads/{token}": Door(
        STAFF, answers=404, headers={"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    ),
    "DELETE /{city}/uploads/{token}": Door(STAFF, answers=404),
    "POST /{city}/criteria/{code}/comments": Door(STAFF, _sends(text="Please look at this.")),
    "POST /{city}/criteria/{code}/comments/{comment_id}/answered": Door(STAFF, code="LC5"),
    "POST /{city}/criteria/{code}/submit": Door(OWNERS, _sends(version="1")),
    "POST /{city}/criteria/{code}/take-back": Door(OWNERS, _sends(version="1"), code="LC2"),
    "POST /{city}/criteria/{code}/wording": Door(
        ADMIN, _sends(official_wording="As the portal says.", checklist="", version="0")
    ),
    "POST /{city}/review/{code}/claim": Door(OFFICE, _sends(version="1"), code="DM2"),
    "POST /{city}/review/{code}/release": Door(OFFICE, _sends(version="2"), code="DM2"),
    "POST /{city}/review/{code}/verdict": Door(
        OFFICE, _sends(decision="not_met", reason="It is too old.", version="3"), code="DM2"
    ),
    "POST /{city}/criteria/{code}/again": Door(OWNERS, _sends(version="1"), code="LC5"),
    "POST /{city}/review/{code}/undo": Door(OFFICE, _sends(version="4"), code="DM2"),
    "POST /{city}/review/{code}/renewal": Door(OFFICE, _sends(step="confirm", version="1"), code="DM1"),
    "POST /{city}/criteria/{code}/reopening": Door(OWNERS, _sends(reopen_reason="The year is wrong."), code="LC4"),
    "POST /{city}/review/{code}/reopening": Door(OFFICE, _sends(step="decline", decline_reason="It is not."), code="LC4"),
    "POST /{city}/review/{code}/reopen": Door(OFFICE, _sends(why="New evidence came in.", version="1"), code="LC4"),
    "POST /{city}/planning/scenarios": Door(OFFICE, _sends(name="Gold", level="gold", by="", pick="LC1")),
    "POST /{city}/planning/scenarios/{scenario_id}": Door(
        OFFICE, _sends(name="Silver later", level="silver", by="2028-06-30", pick=["LC1", "LC2"], version="1")
    ),
    "POST /{city}/planning/scenarios/{scenario_id}/adopt": Door(OFFICE, _sends(version="2")),
    "POST /{city}/planning/scenarios/{scenario_id}/adopt/undo": Door(OFFICE, _sends(version="3")),
    "POST /{city}/planning/scenarios/{scenario_id}/withdraw": Door(OFFICE, _sends(version="4")),
    "POST /{city}/planning/scenarios/{scenario_id}/restore": Door(OFFICE, _sends(version="5")),
    "POST /{city}/planning/scenarios/{scenario_id}/share": Door(OFFICE, _sends(version="6")),
    "POST /{city}/planning/estimates/{code}": Door(OFFICE, _sends(effort="S", lead_days="30", version="0"), code="RDC1"),
    "POST /{city}/partners": Door(OFFICE, _sends(name="A new one", language="en")),
    "POST /{city}/partners/{partner_id}": Door(OFFICE, _sends(name="The Coalition", language="en", version="1")),
    "POST /{city}/requests": Door(
        OFFICE,
        lambda ids: {
            "code": "BF2", "to": f"partner-{ids.partner_id}", "what": "A figure.", "why": "To show it.", "forms": "figure",
            "language": "en",
        },
    ),
    "POST /{city}/inbox/{contribution_id}": Door(OFFICE, _sends(decision="accepted")),
    "POST /{city}/requests/{request_id}": Door(
        OFFICE,
        _sends(code="BF2", what="Two figures.", why="To show it.", forms="figure", language="en", version="1"),
        asked="open",
    ),
    "POST /{city}/requests/{request_id}/send": Door(OFFICE, _sends(version="2"), asked="open"),
    "POST /{city}/requests/{request_id}/reminder": Door(OFFICE, _sends(version="3"), asked="open"),
    "POST /{city}/requests/{request_id}/due": Door(OFFICE, _sends(due_on="", version="4"), asked="open"),
    "POST /{city}/requests/{request_id}/link": Door(OFFICE, _sends(version="2")),
    "POST /{city}/requests/{request_id}/done": Door(OWNERS, _sends(version="1"), asked="department"),
    "POST /{city}/requests/{request_id}/close": Door(OFFICE, _sends(version="3")),
    "POST /{city}/portal/reading": Door(OFFICE, _sends(version="1")),
    "POST /{city}/portal": Door(OFFICE, _sends(url="data.example/catalog", version="2")),
    "POST /{city}/portal/file": Door(OFFICE, file=("data.json", b'{"dataset": []}')),
    "POST /{city}/portal/facts/{fact_id}": Door(OFFICE, _sends(decision="accepted")),
    "POST /{city}/portal/facts": Door(OFFICE, lambda ids: {"decision": "undo", "fact": str(ids.fact_id)}),
    "POST /{city}/reports": Door(EVERYBODY, _sends(language="en", length="one-page")),
    "POST /{city}/reports/monthly": Door(
        OFFICE, _sends(**MONTHLY, addresses="clerk@city.example", until=str(now().date() + timedelta(days=90)))
    ),
    "POST /{city}/reports/monthly/{monthly_id}": Door(
        OFFICE, _sends(**MONTHLY, addresses="mayor@city.example", until=str(now().date() + timedelta(days=9)), version="1")
    ),
    "POST /{city}/reports/monthly/{monthly_id}/pause": Door(OFFICE, _sends(version="2")),
    "POST /{city}/reports/monthly/{monthly_id}/resume": Door(OFFICE, _sends(version="3")),
    "POST /{city}/reports/monthly/{monthly_id}/again": Door(OFFICE, _sends(month="2026-01", version="4"), answers=409),
    "POST /{city}/reports/monthly/{monthly_id}/end": Door(OFFICE, _sends(version="4")),
    "POST /{city}/reports/{number}/mail": Door(OFFICE, _sends(addresses="clerk@city.example"), answers=409),
    "POST /{city}/reports/{number}/again": Door(EVERYBODY, lost=True),
    "POST /{city}/people": Door(
        ADMIN,
        lambda ids: {"name": "New One", "email": "new@alpha.example", "role": "lead", "departments": [ids.departments["works"]]},
    ),
    "POST /{city}/people/assignments": Door(
        OFFICE, lambda ids: {"area": "open-data", "department-open-data": ids.departments["data"], "version": "4"}
    ),
    "POST /{city}/people/assignments/{code}": Door(
        OFFICE,
        lambda ids: {"department": ids.departments["data"], "person": ids.people["lead"], "version": "1"},
        code="CI1",
    ),
    "POST /{city}/people/departments": Door(ADMIN, _sends(name="Parks")),
    "POST /{city}/people/departments/{department_id}": Door(ADMIN, _sends(name="Public Works and Roads", version="1")),
    "POST /{city}/people/{membership_id}": Door(
        ADMIN, lambda ids: {"role": "lead", "departments": [ids.departments["works"]], "version": "1"}
    ),
    "POST /{city}/people/invitations/{invitation_id}/link": Door(ADMIN),
    "POST /{city}/people/invitations/{invitation_id}/withdraw": Door(ADMIN),
    "POST /{city}/people/{membership_id}/link": Door(ADMIN, member="spare"),
    "POST /{city}/people/{membership_id}/letters": Door(ADMIN, member="spare"),
    "POST /{city}/letters": Door(EVERYBODY, _sends(pace="daily", version="0")),
    "POST /{city}/letters/calendar": Door(EVERYBODY, _sends(calendar="on")),
    "POST /{city}/letters/waiting/{letter_id}": Door(ADMIN),
    "POST /{city}/people/{membership_id}/end": Door(ADMIN, _sends(version="1"), member="spare"),
    "POST /{city}/people/{membership_id}/restore": Door(ADMIN, _sends(version="2"), member="spare"),
    "POST /{city}/criteria/{code}/confirmation": Door(OWNERS, _sends(answer="changed", version="1"), code="BF3"),
    "POST /{city}/cycle/{assessment_id}/program": Door(
        OFFICE, _sends(submitted_on="2024-02-01", official_level="silver", version="0")
    ),
    "POST /{city}/cycle/{assessment_id}/program/questions": Door(
        OFFICE, _sends(code="DM1", asked_on="2024-03-01", question="Who meets?")
    ),
    "POST /{city}/cycle/{assessment_id}/program/questions/{question_id}": Door(
        OFFICE,
        _sends(code="DM2", asked_on="2024-03-04", question="How old is the list?", answer="A year.", version="1"),
    ),
    "POST /{city}/cycle/{assessment_id}/program/answers": Door(
        OFFICE, _sends(answer__DM1="met", note__DM1="Well done.", version__DM1="0")
    ),
    "POST /{city}/people/assignments/table": Door(
        OFFICE, lambda ids: {"row.RDC8": "1||||", "department.RDC8": ids.departments["data"]}
    ),
    "POST /{city}/people/bulk": Door(ADMIN, _sends(kind="departments", text=GARDENS)),
    "POST /{city}/people/bulk/save": Door(ADMIN, _sends(mark=MARK_OF_GARDENS, departments=GARDENS)),
    "POST /{city}/people/bulk/{save_id}/undo": Door(ADMIN),
    "POST /{city}/settings": Door(
        ADMIN, _sends(name="Alpha City", country="US", language="en", time_zone="America/New_York", version="1")
    ),
    "POST /{city}/settings/emblem": Door(ADMIN, _sends(version="2"), file=("emblem.png", picture_of(4, 4))),
    "POST /{city}/settings/emblem/remove": Door(ADMIN, _sends(version="3")),
    "POST /{city}/settings/sign-in": Door(ADMIN, _sends(version="4")),
    "POST /{city}/settings/foreword": Door(
        ADMIN, _sends(language="en", text="We decide with data.", name="Ada Bell", office="Mayor", version="0")
    ),
    "POST /{city}/settings/passphrases": Door(ADMIN, _sends(version="5")),
    "POST /{city}/settings/small-office": Door(ADMIN, _sends(version="6")),
    "GET /{city}/settings/wordings": Door(ADMIN),
    "POST /{city}/settings/wordings": Door(ADMIN, _sends(text=PASTED)),
    "POST /{city}/settings/wordings/save": Door(ADMIN, _sends(text=PASTED, mark=MARK_OF_PASTED[:32])),
    "POST /{city}/settings/looks": Door(ADMIN, _sends(color="#1b5e20", version="7")),
    "POST /{city}/settings/keeping": Door(ADMIN, _sends(version="8")),
    "POST /{city}/criteria/{code}/own-decision": Door(OFFICE, _sends(decision="met", version="1"), answers=409),
    "POST /{city}/criteria/{code}/own-decision/undo": Door(OFFICE, _sends(version="1"), answers=409),
    "POST /{city}/criteria/{code}/own-decision/newer": Door(OFFICE, _sends(version="1"), answers=409),
    "POST /{city}/settings/sign-on": Door(
        ADMIN, _sends(name="Okta", issuer="https://id.example", client_id="1", secret="x", domains="alpha.example")
    ),
    "POST /{city}/settings/sign-on/{provider_id}/groups": Door(
        ADMIN, _sends(version="1", claim="groups", group="staff", role="lead", department="", creates="on")
    ),
    "POST /{city}/settings/sign-on/{provider_id}/remove": Door(ADMIN),
    "POST /{city}/settings/contact": Door(ADMIN, _sends(contact_name="Ana", contact_phone="973 555 0100", version="9")),
    "POST /{city}/awards": Door(
        ADMIN, _sends(level="gold", announced_on="2025-02-26", source_url="https://news.example", valid_until="")
    ),
    "POST /{city}/awards/{award_id}": Door(
        ADMIN,
        _sends(level="gold", announced_on="2024-05-02", source_url="https://news.example", note="Late.", version="1"),
    ),
    "POST /{city}/awards/{award_id}/remove": Door(ADMIN, _sends(version="2")),
    "POST /{city}/awards/{award_id}/restore": Door(ADMIN, _sends(version="3")),
    "POST /{city}/cycle/confirm": Door(OWNERS, _confirms),
    "POST /{city}/cycle": Door(
        ADMIN, _sends(name="2027 cycle", edition="wwc-2022", shown="wwc-2022", due_on="", version="1")
    ),
    "POST /{city}/cycle/undo": Door(ADMIN, _sends(version="2")),
    "POST /{city}/settings/assessment": Door(ADMIN, _sends(name="2026 cycle", due_on="2026-12-01", version="3")),
    "POST /{city}/people/departments/{department_id}/heads": Door(
        ADMIN, lambda ids: {"head": ids.people["colleague"], "deputy": ids.people["admin"], "version": "2"}
    ),
    "POST /{city}/people/departments/{department_id}/split": Door(
        ADMIN, _sends(name="Roads", codes=["RDC1"], version="3")
    ),
    "POST /{city}/people/departments/{department_id}/merge": Door(
        ADMIN,
        lambda ids: {
            "into": ids.departments["finance"],
            f"version-{ids.departments['finance']}": "1",
            "version": "4",
        },
    ),
    "POST /{city}/people/departments/{department_id}/close": Door(ADMIN, _sends(version="1"), department="empty"),
    "POST /{city}/board/first-steps": Door(OFFICE),
    "POST /{city}/my-work/leaving": Door(STAFF, _sends(notes="In the drawer.", version="1")),
    "POST /{city}/my-work/handovers/{handover_id}/read": Door({"lead"}, _sends(version="1")),
    "POST /{city}/my-work/pass-on/{code}": Door(
        {"lead"}, lambda ids: {"person-LC7": ids.people["lead"], "version": "1"}, code="LC7"
    ),
    "POST /{city}/my-work/absence": Door(STAFF, lambda ids: _is_away(ids, version=2)),
    "POST /{city}/my-work/absence/end": Door(STAFF, _sends(version="3")),
    "POST /{city}/people/{membership_id}/absence": Door(ADMIN, lambda ids: _is_away(ids, version=3), member="spare"),
    "POST /{city}/people/{membership_id}/absence/end": Door(ADMIN, _sends(version="4"), member="spare"),
    "POST /{city}/people/{membership_id}/identity": Door(
        ADMIN, _sends(name="Spare", email="spare@moved.example", language="es", version="5"), member="spare"
    ),
    "POST /{city}/people/{membership_id}/second-step": Door(ADMIN, _sends(confirmed="on"), member="stepped"),
    "POST /{city}/people/{membership_id}/scrub": Door(ADMIN, _sends(version="1", confirmed="on"), member="former"),
}  # fmt: skip

OPEN = {
    "GET /manifest.webmanifest": 200,
    "GET /app-icon/{size}.png": 200,
    "GET /service-worker.js": 200,
    "GET /offline": 200,
    "GET /": 303,
    "GET /health": 200,
    "GET /metrics": 404,
    "GET /sign-in": 200,
    "POST /sign-in": 422,
    "POST /sign-out": 303,
    "GET /cities": 303,
    "GET /confirm": 303,
    "POST /confirm": 401,
    "GET /account": 303,
    "POST /account/name": 401,
    "POST /account/email": 401,
    "GET /account/email/{token}": 404,
    "POST /account/email/{token}": 404,
    "POST /sign-in/code": 422,
    "POST /sign-in/email": 200,
    "GET /sign-on/{provider_id}": 404,
    "GET /sign-on/answer": 403,
    "GET /account/second-step": 303,
    "POST /account/second-step": 401,
    "POST /account/second-step/remove": 401,
    "POST /account/recovery-codes": 401,
    "POST /account/passkeys": 401,
    "POST /account/passkeys/challenge": 401,
    "POST /account/passkeys/{passkey_id}/remove": 401,
    "POST /sign-in/passkey": 422,
    "POST /sign-in/passkey/challenge": 200,
    "POST /confirm/passkey": 401,
    "POST /confirm/passkey/challenge": 401,
    "GET /devices": 303,
    "POST /devices/{session_id}/end": 401,
    "POST /devices": 401,
    "GET /welcome/{token}": 404,
    "POST /welcome/{token}": 404,
    "GET /passphrase/forgot": 200,
    "POST /passphrase/forgot": 200,
    "GET /passphrase": 303,
    "POST /passphrase": 401,
    "GET /passphrase/{token}": 404,
    "POST /passphrase/{token}": 404,
    "POST /language": 303,
    "GET /verify": 200,
    "GET /verify/{code}": 200,
    "GET /verify/{code}/report": 404,
    "GET /letters/stop/{token}": 404,
    "GET /calendar/{token}": 404,
    "POST /letters/stop/{token}": 404,
    "GET /contribute/{token}": 404,
    "POST /contribute/{token}": 404,
    "POST /contribute/{token}/uploads": 404,
    "PATCH /contribute/{token}/uploads/{upload_token}": 404,
    "DELETE /contribute/{token}/uploads/{upload_token}": 404,
    "GET /static/{mark}/{name:path}": 200,
}
"""Doors without a lock, and what someone who is signed out gets there."""


ROWS = {table.name: select(table).order_by(*table.primary_key) for table in metadata.sorted_tables}
"""By table, what reads all of it in the order of its key."""


class House:
    """The app with someone at every door: a signed-in client for each person of `EVERYBODY` and of `STRANGERS`."""

    def __init__(self, client: TestClient, client_for: ClientFor, seeded: World) -> None:
        app: Any = client.app
        self.app = app
        self.site: Site = app.state.site
        self._commits, self._read_at = 0, -1
        self._rows: dict[str, list[Any]] = {}
        event.listen(self.site.database.engine, "commit", self._count_commit)
        self.alpha, self.beta = self._link_in(seeded.alpha), self._link_in(seeded.beta)
        self.invitations = {city.slug: self._invite(city) for city in (self.alpha, self.beta)}
        self.bulk_saves = {city.slug: self._save_in_bulk(city) for city in (self.alpha, self.beta)}
        self.monthly = {"alpha": self._set_monthly(self.alpha), "beta": self._set_monthly(self.beta)}
        self.lost_reports = {"alpha": self._lose_report(self.alpha, 101), "beta": self._lose_report(self.beta, 901)}
        self.old_reports = {
            "alpha": self._keep_old_reports(self.alpha, 0),
            "beta": self._keep_old_reports(self.beta, 10),
        }
        former = self._add("former", role="admin", ended_at=now())
        self._carry("BF3", "EVAL2")
        self._renew("DM1")
        self._add("spare", role="lead")
        self.providers = {city.slug: self._let_sign_on(city) for city in (self.alpha, self.beta)}
        self.handovers = {city.slug: self._hand_over(city) for city in (self.alpha, self.beta)}
        self._let_lead()
        stepped = self._add("stepped", role="lead")
        with self.site.database.writing() as session:
            session.get_one(Person, stepped).second_step_at = now()
        self.comments = {city.slug: self._ask_office(city) for city in (self.alpha, self.beta)}
        self.letters = {city.slug: self._write_letter(city) for city in (self.alpha, self.beta)}
        self._refuse_address("spare")
        self.clients = {name: client_for(name) for name in EVERYBODY} | {
            "nobody": client,
            "foreigner": client_for("admin", city="beta"),
            "former": client_for(former),
            "guest": self._guest(client_for),
        }

    def _add(self, name: str, **membership: Any) -> int:
        with self.site.database.writing() as session:
            person = Person(email=f"{name}@alpha.example", name=name)
            session.add(person)
            session.flush()
            row = Membership(city_id=self.alpha.id, person_id=person.id, **membership)
            session.add(row)
            session.flush()
            events.record_event(session, self.alpha.id, None, Verb.PERSON_ADDED, name)
        self.alpha = replace(self.alpha, memberships=self.alpha.memberships | {name: row.id})
        return person.id

    def _ask_office(self, city: CityWorld) -> int:
        """A question on LC5."""
        with self.site.database.writing() as session:
            about = (city.id, city.responses["LC5"], "Which year?", city.people["lead"])
            row = review.add_comment(session, *about, asked="office")
            session.flush()
            events.record_event(session, city.id, city.people["lead"], Verb.COMMENTED, "LC5")
        return row.id

    def _invite(self, city: CityWorld) -> int:
        with self.site.database.writing() as session:
            row = Invitation(city_id=city.id, email="waits@x.example", name="Waits", role="lead", nonce=city.slug)
            session.add(row)
            session.flush()
        return row.id

    def _let_sign_on(self, city: CityWorld) -> int:
        """A sign-in service of the city."""
        given: dict[str, Any] = {
            "name": "Id",
            "issuer": "https://id.example",
            "client_id": "1",
            "sealed_secret": "x",
            "domains": "a.gov",
        }
        with self.site.database.writing() as session:
            row = SignInProvider(city_id=city.id, **given)
            session.add(row)
            session.flush()
        return row.id

    def _hand_over(self, city: CityWorld) -> int:
        """What someone handed over to the lead."""
        lead, by = city.people["lead"], city.people["admin"]
        with self.site.database.writing() as session:
            row = Handover(city_id=city.id, person_id=by, successor_id=lead, by_id=by)
            session.add(row)
            session.flush()
            events.record_event(session, city.id, None, Verb.HANDED_OVER)
        return row.id

    def _let_lead(self) -> None:
        """The lead heads Finance, and a department has nothing to do."""
        with self.site.database.writing() as session:
            session.get_one(Department, self.alpha.departments["finance"]).head_id = self.alpha.people["lead"]
            empty = Department(city_id=self.alpha.id, name="Archives")
            session.add(empty)
            session.flush()
            events.record_event(session, self.alpha.id, None, Verb.DEPARTMENT_LED, "Finance")
        self.alpha = replace(self.alpha, departments=self.alpha.departments | {"empty": empty.id})

    def _save_in_bulk(self, city: CityWorld) -> int:
        """A department that came in a table and can be taken back."""
        with self.site.database.writing() as session:
            department = Department(city_id=city.id, name="In a table")
            session.add(department)
            session.flush()
            step = {"do": "department", "id": department.id, "name": department.name, "version": 1}
            save_id = bulk.add_bulk_save(session, BulkSave(city_id=city.id, lines=1, steps=json.dumps([step])))
            events.record_event(session, city.id, None, Verb.DEPARTMENT_ADDED, department.name)
        return save_id

    def _write_letter(self, city: CityWorld) -> int:
        """A letter that waits to be sent."""
        with self.site.database.writing() as session:
            about: dict[str, Any] = {"city_id": city.id, "person_id": city.people["lead"]}
            row = Letter(**about, message_id=f"<{city.slug}>", day=date(2026, 12, 1))
            session.add(row)
            session.flush()
            session.add(LetterEntry(**about, letter_id=row.id, kind="commented", key="x", subject="LC1", at=now()))
        return row.id

    def _refuse_address(self, name: str) -> None:
        email = f"{name}@alpha.example"
        with self.site.database.writing() as session:
            person = people.find_person_by_email(session, email)
            about: dict[str, Any] = {"city_id": self.alpha.id, "person_id": person.id if person else 0}
            session.add(LetterChoice(**about, refused_address=email, refused_reason="550 no"))

    def _set_monthly(self, city: CityWorld) -> int:
        """A report that goes out each month."""
        about: dict[str, Any] = {"length": "summary", "audience": "public", "language": "en", "day": 5}
        with self.site.database.writing() as session:
            row = MonthlyReport(city_id=city.id, **about, starts_on=date(2026, 1, 1), set_by=city.people["admin"])
            session.add(row)
            session.flush()
            return row.id

    def _lose_report(self, city: CityWorld, number: int) -> int:
        """A report that could not be made."""
        about: dict[str, Any] = {
            "city_id": city.id,
            "assessment_id": city.assessment_id,
            "language": "es",
            "length": "one-page",
        }
        with self.site.database.writing() as session:
            session.add(Report(**about, number=number, code=f"LOST-{number}", state="failed"))
            events.record_event(session, city.id, None, Verb.REPORT_REQUESTED, f"no. {number}")
        return number

    def _keep_old_reports(self, city: CityWorld, later: int) -> dict[int, int]:
        """The numbers of three whose time is over, two of them proposed to be disposed of by whoever may not approve that."""
        about: dict[str, Any] = {
            "city_id": city.id,
            "assessment_id": city.assessment_id,
            "language": "en",
            "length": "full",
        }
        about |= {"state": "ready", "made_at": now() - timedelta(days=9_000), "content": "{}"}
        with self.site.database.writing() as session:
            session.get_one(RetentionClass, city.classes["drafts"]).for_reports = True
            for number in (801, 802, 803):
                by = None if number == 801 else city.people["lead"]
                end = events.list_events(session, city.id, limit=1)[0]
                about |= {"history_number": end.number, "history_head": end.hash}
                session.add(Report(**about, number=number + later, code=f"OLD-{city.id}-{number}", disposal_by=by))
            events.record_event(session, city.id, None, Verb.REPORTS_CLASS_SET)
        return {number: number + later for number in (801, 802, 803)}

    def _link_in(self, city: CityWorld) -> CityWorld:
        """The city with one more link for LC1, for which no visit is on its way."""
        with self.site.database.writing() as session:
            row = Evidence(
                city_id=city.id, kind="link", title="Other page", url="https://data.example/other", link_state="ok"
            )
            session.add(row)
            session.flush()
            support.set_supported_items(session, city.id, row.id, city.responses["LC1"], (), guest=False)
            events.record_event(session, city.id, None, Verb.EVIDENCE_ADDED, "LC1")
        return replace(city, evidence=city.evidence | {"other link": row.id})

    def _carry(self, *codes: str) -> None:
        """Answers that came along from an assessment of before and wait to be confirmed."""
        about: dict[str, Any] = {
            "city_id": self.alpha.id,
            "assessment_id": self.alpha.assessment_id,
            "state": "in_progress",
        }
        with self.site.database.writing() as session:
            before = Assessment(city_id=self.alpha.id, edition="wwc-2022", name="2025 cycle", state="closed")
            session.add(before)
            session.flush()
            session.get_one(Assessment, self.alpha.assessment_id).previous_id = before.id
            session.add_all(Response(**about, criterion=code, confirmation="asked") for code in codes)
            events.record_event(session, self.alpha.id, None, Verb.CYCLE_BEGUN, "2026 cycle")

    def _renew(self, code: str) -> None:
        """Newer evidence that came after the verdict and waits to be confirmed."""
        with self.site.database.writing() as session:
            renewed = session.get_one(Response, self.alpha.responses[code])
            renewed.renewal, renewed.renewed_by = "waiting", self.alpha.people["colleague"]
            events.record_event(session, self.alpha.id, None, Verb.EVIDENCE_ADDED, code)

    def _guest(self, client_for: ClientFor) -> TestClient:
        """Only an official here, though a reviewer there."""
        with self.site.database.writing() as session:
            session.add(Membership(city_id=self.alpha.id, person_id=self.beta.people["reviewer"], role="official"))
            events.record_event(session, self.alpha.id, None, Verb.PERSON_ADDED, "guest")
        return client_for("reviewer", city="beta")

    def routes(self) -> list[str]:
        """`GET /{city}/board` and so on, as the app itself lists them."""
        return [
            f"{method} {route.path}"
            for route in iter_route_contexts(self.app.routes)
            for method in sorted((route.methods or set()) - {"HEAD"})
        ]

    def ask(self, person: str, route: str, door: Door, ids: CityWorld | None = None) -> Any:
        """What `person` is answered at alpha's door; with `ids` of another city, that city's things under alpha's address."""
        method, path = route.split(" ", 1)
        ids = ids or self.alpha
        form = door.form(ids) if method == "POST" else None
        files = {"file": door.file} if door.file and method == "POST" else None
        address = self.address(path, door, ids)
        return self.clients[person].request(method, address, data=form, files=files, headers=door.headers)

    def address(self, path: str, door: Door, ids: CityWorld) -> str:
        """The path of a route with alpha's slug and, for all else, the ids of what stands behind the door."""
        values = {
            "city": self.alpha.slug,
            "code": door.code,
            "evidence_id": ids.evidence[door.piece],
            "number": self.old_reports[ids.slug].get(door.number, door.number)
            or (self.lost_reports[ids.slug] if door.lost else ids.report_number),
            "membership_id": ids.memberships.get(door.member, ids.memberships["lead"]),
            "invitation_id": self.invitations[ids.slug],
            "department_id": ids.departments.get(door.department, ids.departments["works"]),
            "handover_id": self.handovers[ids.slug],
            "provider_id": self.providers[ids.slug],
            "scenario_id": ids.scenario_id,
            "request_id": ids.requests[door.asked],
            "partner_id": ids.partner_id,
            "contribution_id": ids.contribution_id,
            "token": "nobody-has-this",
            "page": 1,
            "kind": "due",
            "letter_id": self.letters[ids.slug],
            "reading_id": ids.reading_id,
            "fact_id": ids.fact_id,
            "class_id": ids.classes["unused"],
            "assessment_id": ids.assessment_id,
            "award_id": ids.award_id,
            "monthly_id": self.monthly[ids.slug],
            "verdict_id": ids.verdicts["LC4"],
            "comment_id": self.comments[ids.slug],
            "question_id": ids.question_id,
            "save_id": self.bulk_saves[ids.slug],
            "table": "people.csv",
        }
        for name, value in values.items():
            path = path.replace(f"{{{name}}}", str(value))
        assert "{" not in path, f"say in House.address what stands for the parameter in {path}"
        return path

    def history_count(self) -> int:
        """How many events the history of the city has."""
        with self.site.database.reading() as session:
            return session.get_one(City, self.alpha.id).history_count

    def _count_commit(self, _connection: Connection) -> None:
        self._commits += 1

    def rows(self) -> dict[str, list[Any]]:
        """Everything in the database, read without writing; anew when a transaction has committed since, for nothing else can have changed it."""
        if self._read_at != self._commits:
            self._read_at = self._commits
            with self.site.database.reading() as session:
                self._rows = {name: [tuple(row) for row in session.execute(rows)] for name, rows in ROWS.items()}
        return dict(self._rows)


@pytest.fixture
def house(client: TestClient, client_for: ClientFor, seeded: World) -> House:
    return House(client, client_for, seeded)


def shut_in(house: House, route: str) -> Iterator[str]:
    """Where a door of the table opens to someone whom it should not, shows another city's things, or is moved by knocking.

    One after the other: whoever takes the first has not asked for the rest.
    """
    door, before = DOORS[route], house.rows()
    for person in [*EVERYBODY - door.opens, *STRANGERS, *({"guest"} if "official" not in door.opens else ())]:
        if not _is_refusal(person, answer := house.ask(person, route, door)):
            yield f"{route} answers {answer.status_code} to {person}"
    if set(BELONGS_TO_A_CITY) & set(PARAMETER.findall(route)):
        for person in door.opens:
            if (answer := house.ask(person, route, door, house.beta)).status_code != 404:
                yield f"{route} answers {answer.status_code} to {person} for something of another city"
    if house.rows() != before:
        yield f"{route} changed something for someone who was refused"


PARAMETER = re.compile(r"{(\w+)")
BELONGS_TO_A_CITY = (
    "evidence_id",
    "number",
    "membership_id",
    "invitation_id",
    "department_id",
    "scenario_id",
    "request_id",
    "contribution_id",
    "partner_id",
    "reading_id",
    "fact_id",
    "class_id",
    "assessment_id",
    "award_id",
    "monthly_id",
    "verdict_id",
    "comment_id",
    "question_id",
    "handover_id",
    "save_id",
)


def _is_refusal(person: str, answer: Any) -> bool:
    """Nobody is asked to sign in; a stranger learns nothing, not even that the city exists; a member lacks the right."""
    if person == "nobody" and answer.request.method == "GET":
        return bool(answer.status_code == 303 and answer.headers["location"].startswith("/sign-in?next="))
    expected = {"nobody": 401, "foreigner": 404, "former": 404}.get(person, 403)
    return bool(answer.status_code == expected)


def open_to(house: House, route: str) -> list[str]:
    """Where a door of the table stays shut for someone whom it should let in, or where looking changes something."""
    door, before, told, found = DOORS[route], house.rows(), house.history_count(), []
    insiders = [person for person in IN_TURN if person in door.opens]
    for person in insiders:
        answer = house.ask(person, route, door)
        fine = {200, 303} if person == insiders[0] or answer.request.method == "GET" else {200, 303, 409, 422}
        if answer.status_code not in fine | {door.answers}:
            found.append(f"{route} answers {answer.status_code} to {person}")
    after = house.rows()
    if route in NOTED:
        before.pop(NOTED[route]), after.pop(NOTED[route])
    if route.startswith("GET") and after != before:
        found.append(f"{route} changed something, and a page that is only looked at must not")
    if route.startswith("POST") and (house.rows() == before) != (route in ONLY_LOOKS):
        found.append(f"{route} did nothing, so this shows nothing")
    if route.startswith("POST") and house.history_count() == told and route not in UNTOLD | ONLY_LOOKS:
        found.append(f"{route} changed something that the history does not tell of")
    return found


OWN_DECISION = "POST /{city}/criteria/{code}/own-decision"
ONLY_LOOKS = {
    "POST /{city}/evidence/{evidence_id}/redact",  # of a text, since no file of the world can be drawn
    "POST /{city}/people/bulk",
    "POST /{city}/settings/wordings",
    "POST /{city}/reports/{number}/mail",
    "POST /{city}/reports/monthly/{monthly_id}/again",
    OWN_DECISION,
    f"{OWN_DECISION}/undo",
    f"{OWN_DECISION}/newer",
}
"""A table is looked at before it is saved; its form is too long for an address. Without a mail server no report is mailed. Where others
work too, nobody decides alone."""
NOTED = {"GET /{city}/reports/{number}/file": "report_opening"}
"""Who takes a file is noted in this table, and nothing else changes."""
UNTOLD = {"POST /{city}/uploads"}
"""A file on its way is told of when it has become a piece of evidence."""


IN_TURN = ("lead", "colleague", "reviewer", "official", "admin")


def test_every_route_of_the_app_stands_in_the_table_and_nothing_else_does(house: House) -> None:
    routes = house.routes()
    unknown = [route for route in routes if route not in DOORS and route not in OPEN]
    assert not unknown, f"decide in DOORS of tests/web/test_access.py who may use {unknown}"
    assert DOORS.keys() | OPEN.keys() == set(routes), "the table has routes that the app has not"
    assert len(routes) >= 55


@pytest.mark.on_both
def test_each_door_is_shut_to_everybody_else_and_open_to_those_it_is_for(house: House) -> None:
    found = [problem for route in DOORS for check in (shut_in, open_to) for problem in check(house, route)]
    assert found == []
    assert unlike_the_record(house) == []


def unlike_the_record(house: House) -> list[str]:
    """What the record finds changed from outside, after every form of the app was sent."""
    with house.site.database.snapshot() as session:
        checks = [verify_city(session, ids.id) for ids in (house.alpha, house.beta)]
    return [str(problem) for check in checks for problem in check.problems]


FRESH = {
    "GET /{city}/history.csv",
    "GET /{city}/security",
    "POST /{city}/people",
    "POST /{city}/people/invitations/{invitation_id}/link",
    "POST /{city}/people/bulk/save",
    "POST /{city}/people/bulk/{save_id}/undo",
    "POST /{city}/people/{membership_id}",
    "POST /{city}/people/{membership_id}/end",
    "POST /{city}/people/{membership_id}/identity",
    "POST /{city}/people/{membership_id}/link",
    "POST /{city}/people/{membership_id}/restore",
    "POST /{city}/people/{membership_id}/scrub",
    "POST /{city}/people/{membership_id}/second-step",
    "POST /{city}/settings/looks",
    "POST /{city}/settings/passphrases",
    "POST /{city}/settings/sign-in",
    "POST /{city}/settings/sign-on",
    "POST /{city}/settings/sign-on/{provider_id}/groups",
    "POST /{city}/settings/sign-on/{provider_id}/remove",
    "POST /{city}/evidence/{evidence_id}/disposal/approve",
    "POST /{city}/reports/{number}/disposal/approve",
    "POST /{city}/requests/{request_id}/link",
}
"""Doors that ask for the passphrase once more: roles and access, links, disposal, and what leaves the city whole."""


GUARDED = {"people.write", "city.write", "security.read"}
CALM = {
    "GET /{city}/people/bulk": "shows an empty form",
    "GET /{city}/people/bulk/tables/{table}": "gives an empty table",
    "GET /{city}/people/bulk/{save_id}": "shows what was saved",
    "GET /{city}/people/departments/{department_id}": "shows it",
    "GET /{city}/people/{membership_id}": "shows it",
    "GET /{city}/people/{membership_id}/absence": "shows it",
    "GET /{city}/people/{membership_id}/end": "shows what would happen",
    "GET /{city}/people/{membership_id}/scrub": "shows what would happen",
    "GET /{city}/people/{membership_id}/second-step": "shows what would happen",
    "GET /{city}/settings": "shows them",
    "GET /{city}/settings/emblem": "a picture",
    "GET /{city}/criteria/{code}/wording": "shows it",
    "POST /{city}/people/bulk": "saves nothing: it shows what would be saved",
    "POST /{city}/people/invitations/{invitation_id}/withdraw": "gives nobody anything",
    "POST /{city}/people/departments": "gives nobody anything",
    "POST /{city}/people/departments/{department_id}": "a name",
    "POST /{city}/people/departments/{department_id}/heads": "a head passes work on, and has no other right",
    "POST /{city}/people/departments/{department_id}/merge": "moves work, and can be undone by splitting",
    "POST /{city}/people/departments/{department_id}/split": "moves work",
    "POST /{city}/people/departments/{department_id}/close": "moves work",
    "POST /{city}/people/{membership_id}/absence": "lends work to a colleague until a day",
    "POST /{city}/people/{membership_id}/absence/end": "takes it back",
    "POST /{city}/people/{membership_id}/letters": "tries an address again",
    "POST /{city}/settings": "name and place",
    "POST /{city}/settings/assessment": "name and date",
    "POST /{city}/settings/contact": "whom people ask, as they read it",
    "POST /{city}/settings/emblem": "a picture",
    "POST /{city}/settings/emblem/remove": "a picture",
    "POST /{city}/settings/foreword": "a text",
    "POST /{city}/settings/keeping": "for how long new evidence is kept",
    "POST /{city}/settings/small-office": "shorter pages, and no right",
    "GET /{city}/settings/wordings": "shows an empty form",
    "POST /{city}/settings/wordings": "saves nothing: it shows what would be saved",
    "POST /{city}/settings/wordings/save": "texts, which can be undone",
    "POST /{city}/criteria/{code}/wording": "a text",
}
"""Doors for administrators alone that do not ask for it, and why not: a new one stands here or in FRESH."""


def _doors_that(house: House, fits: Callable[[Any], bool]) -> set[str]:
    """The doors with a dependency that fits."""
    return {
        f"{method} {route.path}"
        for route in iter_route_contexts(house.app.routes)
        for method in (route.methods or set()) - {"HEAD"}
        for part in getattr(getattr(route.original_route, "dependant", None), "dependencies", [])
        if fits(part.call)
    }


def test_every_door_for_administrators_asks_for_the_passphrase_once_more_or_it_is_said_why_not(house: House) -> None:
    guarded = _doors_that(house, lambda ask: getattr(ask, "action", "") in GUARDED)
    assert guarded - FRESH == set(CALM)


def test_the_sensitive_doors_ask_for_the_passphrase_where_it_was_typed_long_ago(house: House) -> None:
    assert _doors_that(house, lambda ask: getattr(ask, "fresh", False)) == FRESH
    with house.site.database.writing() as session:
        session.execute(update(SignInSession).values(confirmed_at=now() - timedelta(minutes=11)))
    before = house.rows()
    for route in FRESH:
        answer = house.ask("admin", route, DOORS[route])
        if route.startswith("GET"):
            assert answer.headers["location"].startswith("/confirm?next=/alpha/"), route
        else:
            assert answer.status_code == 401, route
            assert "Confirm that it is you" in answer.text, route
        assert house.ask("foreigner", route, DOORS[route]).status_code == 404, route
    assert house.rows() == before
    for route in DOORS.keys() - FRESH:
        answer = house.ask("admin", route, DOORS[route])
        assert answer.status_code != 401, route
        assert not answer.headers.get("location", "").startswith("/confirm"), route


def test_the_open_doors_ask_nobody_who_they_are(house: House, seeded: World) -> None:
    values = {
        "token": "x", "code": "es", "mark": "x", "size": "192", "name:path": "app.css", "session_id": "1", "provider_id": "999",
        "passkey_id": "1",
    }  # fmt: skip
    for route, expected in OPEN.items():
        method, path = route.split(" ")
        path = path.replace("{code}", seeded.alpha.report_code) if "verify" in path else path
        for name, value in values.items():
            path = path.replace(f"{{{name}}}", value)
        assert house.clients["nobody"].request(method, path).status_code == expected, route


def test_ids_of_another_city_in_a_form_are_refused_and_change_nothing(house: House) -> None:
    """The form of the other city sent to this one by someone who may send such forms."""
    for route, sent in FOREIGN.items():
        before = house.rows()
        answer = house.ask("admin", route, replace(DOORS[route], form=always(sent(house.alpha, house.beta))))
        assert answer.status_code in {404, 422}, route
        assert house.rows() == before, route


FOREIGN: dict[str, Callable[[CityWorld, CityWorld], dict[str, Any]]] = {
    "POST /{city}/people": lambda mine, theirs: {
        "name": "New One", "email": "new@alpha.example", "role": "lead", "departments": [theirs.departments["works"]],
    },
    "POST /{city}/people/{membership_id}": lambda mine, theirs: {
        "role": "lead", "departments": [mine.departments["works"], theirs.departments["works"]], "version": "1",
    },
    "POST /{city}/people/assignments": lambda mine, theirs: {
        "area": "open-data", "department-open-data": theirs.departments["data"], "version": "4",
    },
    "POST /{city}/people/assignments/{code}": lambda mine, theirs: {
        "department": mine.departments["data"], "person": theirs.people["lead"], "version": "1",
    },
}  # fmt: skip


def test_restricted_evidence_opens_to_the_office_and_to_those_whose_it_is(house: House) -> None:
    door = Door(OFFICE, piece="restricted")
    for person in IN_TURN:
        status = house.ask(person, "GET /{city}/evidence/{evidence_id}/file", door).status_code
        assert status == (200 if person in OFFICE else 403), person
        picture = house.ask(person, "GET /{city}/evidence/{evidence_id}/preview/{page}", door).status_code
        assert picture == status, person
        page = house.ask(person, "GET /{city}/evidence/{evidence_id}", door)
        library = house.ask(person, "GET /{city}/evidence", door)
        for shown in (page, library):
            assert ("Names of informants" in shown.text) == (person in OFFICE), (person, shown.request.url)


@pytest.mark.only_sqlite
def test_no_form_is_taken_from_another_site(house: House) -> None:
    admin = house.clients["admin"]
    del admin.headers["Sec-Fetch-Site"]
    foreign = [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
    ]
    before = house.rows()
    for route in (route for route in DOORS if route.startswith("POST")):
        for headers in foreign:
            admin.headers.update(headers)
            assert house.ask("admin", route, DOORS[route]).status_code == 403, (route, headers)
            for name in headers:
                del admin.headers[name]
    assert house.rows() == before


@pytest.mark.only_sqlite
def test_an_intranet_without_tls_sends_only_an_origin_and_is_let_in(house: House) -> None:
    admin = house.clients["admin"]
    del admin.headers["Sec-Fetch-Site"]
    admin.headers["Origin"] = "http://testserver"
    assert (
        house.ask("admin", "POST /{city}/people/departments", DOORS["POST /{city}/people/departments"]).status_code
        == 303
    )


STRANGE = ["0", "-1", "7.5", "99999999999999999999", "abc", "dm1", "%00", "%2e%2e", "\U0001f3d9", "' OR 1=1", "a" * 300]


def test_no_strange_address_makes_the_app_fail_or_answer_in_code(house: House) -> None:
    form = {"version": "1", "was.a": "0", "item.a": "on"}
    for route in DOORS:
        method, path = route.split(" ", 1)
        if len(parts := re.split(r"{[^}]+}", path.replace("{city}", "alpha"))) == 1:
            continue
        for strange in STRANGE:
            answer = house.clients["admin"].request(method, strange.join(parts), data=form)
            assert answer.status_code in {403, 404, 405, 415, 422}, (route, strange, answer.status_code)
            assert answer.headers["content-type"].startswith("text/"), (route, strange, answer.text[:200])


RESTRICTING = [action for action, roles in RIGHTS.items() if roles != frozenset(Role)]


def _behind(house: House, action: str) -> list[tuple[str, Dependant, Dependant]]:
    """The routes that declare the action, each with what it depends on and the part of that which asks for it."""
    return [
        (f"{method} {route.path}", whole, part)
        for route in iter_route_contexts(house.app.routes)
        for method in (route.methods or set()) - {"HEAD"}
        for whole in [getattr(route.original_route, "dependant", None) or Dependant()]
        for part in whole.dependencies
        if getattr(part.call, "action", None) == action
    ]


@pytest.fixture
def no_second_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    """Takes away the check of the object, which would hide that the right is not asked for any more."""
    for module in (answering, pieces, asking):
        monkeypatch.setattr(module, "may_write_for", lambda *_, **__: True)
    monkeypatch.setattr(handover_page, "may_see_handover", lambda *_, **__: True)
    monkeypatch.setattr(assignment, "may_pass_on", lambda *_: True)


@pytest.mark.only_sqlite
@pytest.mark.parametrize("action", RESTRICTING)
def test_a_right_given_to_everybody_is_noticed(
    house: House, monkeypatch: pytest.MonkeyPatch, no_second_guard: None, action: str
) -> None:
    """Nobody is asked after the newcomer whose way in was noticed: what the others see is asked of each door as it is, above."""
    newcomer = next(role for role in Role if role not in RIGHTS[action])
    monkeypatch.setitem(permissions.RIGHTS, action, frozenset(Role))
    for route, *_ in _behind(house, action):
        assert any(problem.endswith(f"to {newcomer}") for problem in shut_in(house, route)), route


@pytest.mark.only_sqlite
@pytest.mark.parametrize("action", RESTRICTING)
def test_a_route_that_asks_for_no_right_is_noticed(
    house: House, monkeypatch: pytest.MonkeyPatch, no_second_guard: None, action: str
) -> None:
    """The first who comes in is enough to notice it, and nobody is asked after that."""
    for route, whole, part in _behind(house, action):
        weaker = (reads if inspect.isasyncgenfunction(part.call) else writes)("board.read").dependency
        instead = get_dependant(path=part.path or "", call=weaker, name=part.name, scope=part.scope)
        monkeypatch.setattr(whole, "dependencies", [instead if one is part else one for one in whole.dependencies])
        assert next(shut_in(house, route), None), f"{route} lost its guard and nobody saw"


@pytest.mark.only_sqlite
def test_a_lead_who_may_write_for_every_department_is_noticed(house: House, no_second_guard: None) -> None:
    route = "POST /{city}/criteria/{code}/narrative"
    assert list(shut_in(house, route)) == [
        f"{route} answers 303 to colleague",
        f"{route} changed something for someone who was refused",
    ]
