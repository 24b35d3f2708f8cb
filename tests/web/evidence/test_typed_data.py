"""Every text that someone can type and that others may come to read is looked through for numbers of people, and said with its place."""

import re
from collections.abc import Mapping
from dataclasses import fields

import pytest
from sqlmodel import col, select
from starlette.testclient import TestClient

from app.rules.evidence.entry import SHORT_TEXT_FIELDS, TEXT_FIELDS
from app.rules.files.file_text import TYPED_NAMES
from app.rules.report.foreword import ForewordText
from app.services.requests import page as request
from app.services.requests.asking import RequestEntry
from app.services.site import Site
from app.store.evidence.pieces import Evidence
from app.store.report.foreword import Foreword
from app.store.request import Contribution, EvidenceRequest
from tests.conftest import ClientFor
from tests.world import World

NUMBER = "219-63-4812"
FOUND = "1 social security number"
FIGURE = {
    "kind": "figure",
    "title": "Response time",
    "source": "Dispatch",
    "current_value": "8",
    "current_period": "2025",
    "unit": "min",
}
KINDS: dict[str, Mapping[str, str]] = {
    "note": {"kind": "note", "title": "How we decide", "note": "By vote."},
    "link": {"kind": "link", "title": "Plan", "url": "https://city.example/plan"},
    "figure": FIGURE,
    "file": {"kind": "file", "title": "Minutes"},
}
KIND_OF = {"note": "note", "url": "link"} | dict.fromkeys(
    ("unit", "dataset", "method", "caveat", "baseline_period", "current_period"), "figure"
)
"""The kind of piece that has the field; all have the others."""
FIELDS = (*(name for name in TEXT_FIELDS if name != "visibility"), "file_name", "pointer")
HARMLESS = ("code", "item", "language", "due_on", "forms", "may_stand")
"""Of a request: choices and no texts."""


def test_no_text_of_a_form_is_left_out() -> None:
    """A new field has to be looked through, or its test here fails."""
    assert set(TYPED_NAMES) >= {*TEXT_FIELDS, *SHORT_TEXT_FIELDS} - {"visibility"}
    assert {field.name for field in fields(RequestEntry)} == {"what", "why", *HARMLESS}
    assert {field.name for field in fields(ForewordText)} == {"text", "name", "office"}


def with_number(name: str) -> dict[str, str]:
    kind = KINDS[KIND_OF.get(name, "file" if name == "file_name" else "note")]
    return {**kind, name: f"https://city.example/?of={NUMBER}" if name == "url" else f"of {NUMBER}"}


def add(client: TestClient, form: Mapping[str, str], visibility: str, file_name: str = "minutes.txt") -> None:
    files = [("file", (file_name, b"Nothing in it.", "text/plain"))] if form["kind"] == "file" else []
    answer = client.post("/alpha/criteria/LC1/evidence", data={**form, "visibility": visibility}, files=files)
    assert answer.status_code == 303


def newest(site: Site) -> Evidence:
    with site.database.reading() as session:
        return session.exec(select(Evidence).order_by(col(Evidence.id).desc()).limit(1)).one()


@pytest.mark.only_sqlite
@pytest.mark.parametrize("visibility", ["public", "internal"])
@pytest.mark.parametrize("name", FIELDS)
def test_a_number_in_any_text_of_a_piece_is_said_with_its_place_before_submitting_and_beside_who_may_see_it(
    client_for: ClientFor, site: Site, seeded: World, name: str, visibility: str
) -> None:
    lead = client_for("lead")
    if name == "pointer":
        add(lead, KINDS["note"], visibility)
        lead.post(f"/alpha/criteria/LC6/evidence/{newest(site).id}", data={"page_pointer": f"line of {NUMBER}"})
        code, place = "LC6", "in where to look for LC6"
    else:
        add(lead, with_number(name), visibility, f"case {NUMBER}.txt" if name == "file_name" else "minutes.txt")
        code, place = "LC1", str(TYPED_NAMES[name])
    said = f"{FOUND} ({place})"
    assert said in _checks(lead.get(f"/alpha/criteria/{code}").text)
    page = lead.get(f"/alpha/evidence/{newest(site).id}").text
    beside = page[page.index("Who may see it?") : page.index('id="visibility-public"')]
    assert FOUND in beside
    assert place in beside


def _checks(page: str) -> str:
    """What is said where one submits."""
    return page[page.index('id="checks"') :].partition("</section>")[0]


def test_what_a_partner_types_is_said_with_its_place_before_it_is_accepted(
    client: TestClient, client_for: ClientFor, site: Site, seeded: World
) -> None:
    with site.database.reading() as session:
        asked = session.get_one(EvidenceRequest, seeded.alpha.requests["partner"])
        address = request.request_link(site, asked).removeprefix("http://testserver")
    sent = {"name": "Ana Souza", "role": f"Case {NUMBER}", "note": "We meet."}
    assert client.post(address, data=sent).status_code == 303
    inbox = client_for("reviewer").get("/alpha/inbox").text
    assert re.search(rf"{FOUND}[^<]*<?.*in who sent it", inbox)


def rows_with_number(site: Site) -> int:
    with site.database.reading() as session:
        texts = [
            *(text for row in session.exec(select(EvidenceRequest)) for text in (row.what, row.why)),
            *(text for row in session.exec(select(Foreword)) for text in (row.text, row.name, row.office)),
            *(row.reason for row in session.exec(select(Contribution))),
        ]
    return sum(NUMBER in text for text in texts)


@pytest.mark.only_sqlite
@pytest.mark.parametrize(
    ("door", "name"),
    [
        ("request", "what"), ("request", "why"), ("inbox", "reason"),
        ("foreword", "text"), ("foreword", "name"), ("foreword", "office"),
    ],
)  # fmt: skip
def test_a_text_that_leaves_as_it_is_typed_is_taken_once_its_writer_says_that_the_number_may_stand(
    client_for: ClientFor, site: Site, seeded: World, door: str, name: str
) -> None:
    address, form = {
        "request": (
            "/alpha/requests",
            {"code": "BF2", "to": f"partner-{seeded.alpha.partner_id}", "what": "The plan.", "why": "It helps.", "forms": "note", "language": "en"},
        ),
        "inbox": (f"/alpha/inbox/{seeded.alpha.contribution_id}", {"decision": "returned", "reason": "Which year?"}),
        "foreword": (
            "/alpha/settings/foreword",
            {"language": "en", "version": "0", "text": "Dear neighbors.", "name": "Ana Ruiz", "office": "Mayor"},
        ),
    }[door]  # fmt: skip
    form = {**form, name: f"{form[name]} {NUMBER}"}
    admin = client_for("admin")
    refused = admin.post(address, data=form)
    assert refused.status_code == 422
    assert f"it may contain personal data: {FOUND}.</span>" in refused.text
    assert form[name] in refused.text
    assert 'name="may_stand"' in refused.text
    assert rows_with_number(site) == 0
    assert admin.post(address, data=form | {"may_stand": "1"}).status_code == 303
    assert rows_with_number(site) == 1


def test_a_number_in_the_narrative_is_said_before_it_is_submitted(client_for: ClientFor, seeded: World) -> None:
    lead = client_for("lead")
    typed = {"narrative": f"Led by {NUMBER}.", "narrative_version": "1"}
    lead.post("/alpha/criteria/LC1/narrative", data=typed)
    assert FOUND in _checks(lead.get("/alpha/criteria/LC1").text)
