"""A file sent alone: what is asked about it one question at a time, without a script, until it is with the reviewer."""

import re

import pytest
from sqlmodel import col, select
from starlette.testclient import TestClient

from app.services.site import Site
from app.store.evidence.pieces import Evidence, EvidenceSupport
from app.store.response import ChecklistAnswer
from tests import world
from tests.conftest import ClientFor
from tests.small_files import pack_office
from tests.world import World

pytestmark = pytest.mark.only_sqlite

PROPERTIES = """<p xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:t="http://purl.org/dc/terms/">
<dc:title>Attendance at data courses</dc:title><t:created>2025-06-30T10:00:00Z</t:created></p>"""
TEXT = """<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r>
<w:t>Attendance by department and by year: more than one department took part.</w:t></w:r></w:p></w:body></w:document>"""
DOCUMENT = pack_office("word/document.xml", TEXT, {}, properties=PROPERTIES)
QUICK = {"kind": "file", "visibility": "internal", "ask": "1", "hint": "use"}


def send(client: TestClient, content: bytes = DOCUMENT, code: str = "LC3") -> str:
    """Returns the address of the first question."""
    answer = client.post(f"/alpha/criteria/{code}/evidence", data=QUICK, files={"file": ("scan12.docx", content)})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def fields(page: str, question: str) -> dict[str, str]:
    assert f'name="at" value="{question}"' in page
    form = page[page.index('name="at"') - 400 :].partition("</form>")[0]
    inputs = (re.findall(r'(\S+)="([^"]*)"', tag) for tag in re.findall(r"<input\b[^>]*>", form))
    sent = [dict(pairs) for pairs in inputs]
    return {tag["name"]: tag["value"] for tag in sent if "name" in tag and tag.get("type") != "checkbox"}


def stored(site: Site) -> tuple[Evidence, list[str], dict[str, bool]]:
    """The newest piece, the items that it supports, and the answers of its response."""
    with site.database.reading() as session:
        piece = session.exec(select(Evidence).order_by(col(Evidence.id).desc())).first()
        assert piece
        ties = session.exec(select(EvidenceSupport).where(EvidenceSupport.evidence_id == piece.id)).all()
        answers = session.exec(select(ChecklistAnswer).where(ChecklistAnswer.response_id == ties[0].response_id))
        known = {answer.item: answer.ticked for answer in answers if answer.item in {"attendance", "use"}}
        return piece, [tie.item for tie in ties], known


def test_from_a_file_to_the_reviewer_with_a_yes_to_each_question(client_for: ClientFor, site: Site) -> None:
    lead = client_for("lead")
    address = send(lead)
    assert "Reading it" in lead.get(address).text, "nothing is proposed before the file has been read"
    world.run_jobs(site)

    page = lead.get(address).text
    assert "Attendance at data courses" in page
    assert stored(site)[0].title == "scan12", "what the file calls itself is a proposal"
    path = address.partition("?")[0]
    answer = lead.post(path, data=fields(page, "title"))
    assert stored(site)[0].title == "Attendance at data courses"

    page = lead.get(answer.headers["location"]).text
    assert "Does it cover the time until June 30, 2025?" in page
    answer = lead.post(path, data=fields(page, "period"))
    assert str(stored(site)[0].period_to) == "2025-06-30"

    page = lead.get(answer.headers["location"]).text
    proposed = re.findall(r'name="item" value="(\w+)" checked', page)
    assert proposed == ["attendance", "use"], "what its words are near to, and what was asked for"
    answer = lead.post(path, data=fields(page, "items") | {"item": "attendance"})
    assert stored(site)[1:] == (["attendance"], {"attendance": True})

    page = lead.get(answer.headers["location"]).text
    assert "Item 2 done" in page
    assert "1 of 3 done." in page
    undone = lead.post("/alpha/criteria/LC3/checklist", data=fields_of_undo(page))
    assert undone.status_code == 303
    assert stored(site)[1:] == (["attendance"], {"attendance": False}), (
        "the evidence stays where its tick is taken back"
    )

    (version,) = re.findall(r'/LC3/submit">\s*<input type="hidden" name="version" value="(\d+)"', page)
    submitted = lead.post("/alpha/criteria/LC3/submit", data={"version": version})
    assert submitted.headers["location"] == "/alpha/criteria/LC3/submitted?done=submitted"
    told = lead.get(submitted.headers["location"]).text
    assert "Your data office looks at it: Admin of Alpha City, Reviewer of Alpha City." in told
    assert "How long that takes here is not known yet." in told
    assert lead.get(address).status_code == 409, "what is with the reviewer is asked about no more"


def fields_of_undo(page: str) -> dict[str, str]:
    form = page.partition('action="/alpha/criteria/LC3/checklist"')[2].partition("</form>")[0]
    return dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form))


def test_a_question_may_be_left_open_and_a_wrong_answer_is_asked_again(client_for: ClientFor, site: Site) -> None:
    lead = client_for("lead")
    path = send(lead).partition("?")[0]
    world.run_jobs(site)
    page = lead.get(f"{path}?at=period").text
    wrong = lead.post(path, data=fields(page, "period") | {"period_from": "June", "period_to": "2025-06-30"})
    assert wrong.status_code == 422
    assert "is not a date" in wrong.text
    assert 'value="June"' in wrong.text
    later = lead.post(path, data=fields(page, "period") | {"later": "1"})
    assert "at=items" in later.headers["location"]
    assert stored(site)[0].period_to is None
    old = lead.post(path, data=fields(lead.get(f"{path}?at=title").text, "title") | {"version": "7", "title": "Other"})
    assert old.status_code == 409
    assert "Other" in old.text


def test_a_file_that_the_library_has_keeps_its_title_and_is_only_asked_what_it_supports(
    client_for: ClientFor, site: Site, seeded: World
) -> None:
    lead = client_for("lead")
    send(lead, code="LC1")
    lead.post(f"/alpha/criteria/BF1/evidence/{stored(site)[0].id}", data={})
    page = lead.get(send(lead)).text
    assert "The library has this file already" in page
    assert 'name="at" value="items"' in page
    path = f"/alpha/criteria/LC3/evidence/{stored(site)[0].id}/questions"
    assert lead.post(path, data={"at": "title", "title": "Mine", "version": "1"}).status_code == 303
    assert stored(site)[0].title == "scan12"
    assert client_for("lead").get(path.replace("LC3", "LC6")).status_code == 404, "it supports nothing there"


def test_ticks_of_the_whole_form_are_told_with_a_way_back(client_for: ClientFor, site: Site) -> None:
    lead = client_for("lead")
    note = {"kind": "note", "title": "Who attends", "note": "Eleven.", "visibility": "internal", "item": "use"}
    answer = lead.post("/alpha/criteria/LC3/evidence", data=note)
    page = lead.get(answer.headers["location"]).text
    assert "Item 4 is ticked now." in page
    assert lead.post("/alpha/criteria/LC3/checklist", data=fields_of_undo(page)).status_code == 303
    assert stored(site)[2] == {"use": False}
    assert "is ticked now" not in lead.get(answer.headers["location"]).text
