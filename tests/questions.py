"""Asks every address everything: missing, repeated, huge, negative and non-ASCII values, by everyone, and counts answers of 500 and above.

The tests ask a few hundred times. `python -m tests.questions 20000` asks as often as one likes and prints what failed.
"""

import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import schemathesis
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from httpx2 import QueryParams
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import Case
from starlette.testclient import TestClient

from app.main import create_app
from app.services.site import open_site
from app.settings import Settings
from app.store.migrating import upgrade_database
from app.web.cookies import SESSION_COOKIE
from tests import world
from tests.world import CityWorld

ROLES = ("admin", "reviewer", "lead", "official", "")
"""Who asks; the last is a stranger."""
ODD = ["", "0", "-1", "1", "01", "1.5", "1e9", "²", "٣", "999999999999999999999", "x" * 3000, "é\u0301" * 50, "true", "null",
    "2027-03-01", "0000-00-00", "9999-12-31", "%", "%00", "../..", "'\"><b>", "\u202eabc", "🙂", "a\tb\nc", "= 1+1", "met", "gold", "en"]  # fmt: skip
READ_FROM_ADDRESS = re.compile(r'(?:asked|query_params)\.get(?:list)?\(\s*"(\w+)"')
READ_FROM_FORM = re.compile(r'form\.(?:text|all|integer|day|ticked|version)\(\s*"(\w+)"')
MOST_SHOWN = 600
"""Characters of a question that are printed."""
LEFT_ALONE = {"sign_out_post"}
"""It ends the session of whoever asks, and the rest would be asked by a stranger."""


@dataclass(frozen=True)
class Failure:
    """An answer that no question should get."""

    asked: str
    status: int


def _value() -> dict[str, Any]:
    return {"anyOf": [{"enum": ODD}, {"type": "string", "maxLength": 40}]}


def _part(name: str, known: dict[str, str]) -> dict[str, Any]:
    """What stands in an address: always the city, since there is nothing behind another, and of other things every second time one that is there."""
    if name == "city":
        return {"const": known["city"]}
    return {"anyOf": [{"enum": [known[name]]}, {"enum": ODD}]} if name in known else _value()


def _repeated() -> dict[str, Any]:
    return {"type": "array", "items": _value(), "maxItems": 3}


def known_ids(city: CityWorld) -> dict[str, str]:
    """What stands in an address for something that is there."""
    return {
        "city": city.slug, "code": "LC1", "evidence_id": str(city.evidence["file"]), "number": "1", "page": "1",
        "membership_id": str(city.memberships["lead"]), "department_id": str(city.departments["works"]),
        "scenario_id": str(city.scenario_id), "request_id": str(min(city.requests.values())), "partner_id": str(city.partner_id),
        "contribution_id": str(city.contribution_id), "reading_id": str(city.reading_id), "fact_id": str(city.fact_id),
        "class_id": str(city.classes["unused"]), "mark": "x", "name": "app.css",
    }  # fmt: skip


def described(app: FastAPI, city: CityWorld) -> dict[str, Any]:
    """The app as an OpenAPI document: its addresses with what their modules read from the address and from forms."""
    known = known_ids(city)
    paths: dict[str, dict[str, Any]] = {}
    declared = {
        (path, method): {part["name"] for part in call.get("parameters", []) if part["in"] == "query"}
        for path, calls in app.openapi()["paths"].items()
        for method, call in calls.items()
    }
    for route in iter_route_contexts(app.routes):
        if route.name in LEFT_ALONE:
            continue
        source = Path(sys.modules[route.endpoint.__module__].__file__ or "").read_text("utf-8")
        queries = declared.get((route.path, "get"), set()) | set(READ_FROM_ADDRESS.findall(source)) | {"done"}
        path = re.sub(r":\w+}", "}", route.path or "")
        parts = [
            {"name": name, "in": "path", "required": True, "schema": _part(name, known)}
            for name in re.findall(r"{(\w+)}", path)
        ]
        asked = [{"name": name, "in": "query", "schema": _repeated()} for name in sorted(queries)]
        for method in (route.methods or set()) - {"HEAD"}:
            described_call: dict[str, Any] = {"parameters": parts + asked, "responses": {"200": {"description": ""}}}
            if method == "POST":
                described_call["requestBody"] = _form(sorted(set(READ_FROM_FORM.findall(source)) | {"version"}))
            paths.setdefault(path, {})[method.lower()] = described_call
    return {"openapi": "3.1.0", "info": {"title": "", "version": "1"}, "paths": paths}


def _form(names: list[str]) -> dict[str, Any]:
    fields = {name: _repeated() for name in names}
    return {
        "content": {"application/x-www-form-urlencoded": {"schema": {"type": "object", "properties": fields}}},
        "required": True,
    }


def clients(app: FastAPI, city: CityWorld) -> dict[str, TestClient]:
    """A client for each of ROLES, which is answered as a browser is."""
    made = {}
    for role in ROLES:
        token = world.sign_in(app.state.site, city.people[role]) if role else ""
        made[role] = TestClient(
            app,
            headers={"Sec-Fetch-Site": "same-origin"},
            cookies={SESSION_COOKIE: token} if token else None,
            follow_redirects=False,
            raise_server_exceptions=False,
        )
    return made


def failures(app: FastAPI, city: CityWorld, times: int, *, start: int = 0) -> Iterator[Failure]:
    """Ask each address `times` times as each of ROLES, values being chosen from the seed `start` on; yields what failed."""
    schema = schemathesis.openapi.from_dict(described(app, city))
    everyone = clients(app, city)
    asked = product(schema.get_all_operations(), everyone.items())
    for number, (operation, (role, client)) in enumerate(asked, start):
        yield from _failures_of(operation.ok(), role, client, times, number)


def _failures_of(operation: Any, role: str, client: TestClient, times: int, start: int) -> list[Failure]:
    found = []

    @seed(start)
    @settings(
        max_examples=times,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def ask(case: Case[Any]) -> None:
        status = _asked(client, case)
        if status >= 500:
            what = f"{role or 'a stranger'}: {case.method} {case.formatted_path} {case.query} {case.body!r}"
            found.append(Failure(what[:MOST_SHOWN], status))

    ask()
    return found


def _asked(client: TestClient, case: Case[Any]) -> int:
    query = QueryParams([(name, each) for name, values in (case.query or {}).items() for each in _listed(values)])
    form = {name: _listed(values) for name, values in case.body.items()} if isinstance(case.body, dict) else None
    return client.request(case.method, case.formatted_path, params=query, data=form).status_code


def _listed(values: Any) -> list[str]:
    return [str(each) for each in (values if isinstance(values, list) else [values])]


def main(cases: int) -> int:
    """Ask about `cases` times in an installation that is thrown away; 1 when an answer was 500 or above."""
    with tempfile.TemporaryDirectory(prefix="cityready-questions-") as folder:
        given = Settings(
            data_dir=Path(folder),
            secret_key="a secret of the tests alone",
            public_url="http://testserver",
            worker="none",
        )
        upgrade_database(given.database)
        with closing(open_site(given)) as site, site.database.writing() as session:
            made = world.build(session, site.storage)
        app = create_app(given)
        with TestClient(app):
            calls = sum(len(methods) for methods in described(app, made.alpha)["paths"].values())
            times = -(-cases // (calls * len(ROLES)))
            print(f"{calls} addresses and methods, {len(ROLES)} kinds of people, {times} times each", flush=True)
            found = list(failures(app, made.alpha, times))
    print("\n".join(f"{failure.status} {failure.asked}" for failure in found))
    print(f"{calls * len(ROLES) * times} questions, {len(found)} answers of 500 or above")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000))
