"""What is in a file, as a browser shows it: pictures, tables and text that run nothing, a warning, and a proposed date."""

import io
from datetime import date
from functools import partial
from typing import Any

import pytest
from openpyxl import Workbook
from playwright.sync_api import expect
from sqlmodel import col, select
from starlette.testclient import TestClient

from app.services.evidence import reading
from app.services.site import Site
from app.store.database.engine import now
from app.store.evidence.files import StoredFile
from app.store.evidence.pieces import Evidence
from app.store.file_reading import FileReading
from app.store.history.events import HistoryEvent
from app.store.request import Contribution
from tests import world
from tests.conftest import BrowserPage, ClientFor, Live, note_dialog
from tests.small_files import pdf_of
from tests.world import PICTURE, World

ADD = "/alpha/criteria/LC1/evidence"
HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script>{{7*7}}"


def add(client: TestClient, name: str, content: bytes) -> str:
    """The address of a new piece with the file, which was read."""
    served: Any = client.app
    site: Site = served.state.site
    form = {"kind": "file", "title": "", "visibility": "internal"}
    answer = client.post(ADD, data=form, files=[("file", (name, content, "application/octet-stream"))])
    assert answer.status_code == 303
    world.run_jobs(site)
    with site.database.reading() as session:
        newest = session.exec(select(Evidence.id).order_by(col(Evidence.id).desc())).first()
    return f"/alpha/evidence/{newest}"


def workbook(*rows: list[object], sheet: str = "Budget") -> bytes:
    book = Workbook(write_only=True)
    page = book.create_sheet(sheet)
    for row in rows:
        page.append(row)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def test_a_picture_is_sent_so_that_it_can_only_be_looked_at(client_for: ClientFor, seeded: World) -> None:
    answer = client_for("official").get(f"/alpha/evidence/{seeded.alpha.evidence['file']}/preview/1")
    assert (answer.status_code, answer.content) == (200, PICTURE)
    assert answer.headers["content-type"] == "image/webp"
    assert answer.headers["content-disposition"].startswith('inline; filename="page-1.webp"')
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("page", ["2", "0", "-1", "x", "99999999999"])
def test_a_picture_that_is_not_there_is_not_found(client_for: ClientFor, seeded: World, page: str) -> None:
    answer = client_for("lead").get(f"/alpha/evidence/{seeded.alpha.evidence['file']}/preview/{page}")
    assert answer.status_code == 404


def test_a_restricted_preview_is_refused_to_those_who_may_not_open_the_file(
    client_for: ClientFor, seeded: World
) -> None:
    address = f"/alpha/evidence/{seeded.alpha.evidence['restricted']}"
    assert client_for("reviewer").get(f"{address}/preview/1").status_code == 200
    page = client_for("reviewer").get(address).text
    assert "Page 1 of 12" not in page, "who looks into it opens it, and that is recorded"
    assert "Whoever opens it is recorded." in page
    for role in ("lead", "colleague", "official"):
        client = client_for(role)
        assert client.get(f"{address}/preview/1").status_code == 403
        for part in (client.get(address), client.get(f"{address}?part=inside", headers={"HX-Request": "true"})):
            assert "preview/1" not in part.text
            assert "A plan that was adopted" not in part.text


def test_while_it_is_being_read_the_part_asks_again_by_itself(client_for: ClientFor, site: Site) -> None:
    lead = client_for("lead")
    form = {"kind": "file", "title": "", "visibility": "internal"}
    lead.post(ADD, data=form, files=[("file", ("new.txt", b"Something new.", "text/plain"))])
    with site.database.reading() as session:
        newest = session.exec(select(Evidence.id).order_by(col(Evidence.id).desc())).first()
    page = lead.get(f"/alpha/evidence/{newest}").text
    assert "The file is being read" in page
    assert f'hx-get="/alpha/evidence/{newest}?part=inside" hx-trigger="every 2s"' in page
    world.run_jobs(site)
    part = lead.get(f"/alpha/evidence/{newest}?part=inside", headers={"HX-Request": "true"}).text
    assert "Something new." in part
    assert "hx-trigger" not in part
    assert "<html" not in part


def test_after_a_while_the_page_says_that_the_file_was_not_read_and_asks_no_more(
    client_for: ClientFor, site: Site
) -> None:
    lead = client_for("lead")
    form = {"kind": "file", "title": "", "visibility": "internal"}
    lead.post(ADD, data=form, files=[("file", ("new.txt", b"Something new.", "text/plain"))])
    with site.database.reading() as session:
        piece = session.exec(select(Evidence).order_by(col(Evidence.id).desc()).limit(1)).one()
    address, htmx = f"/alpha/evidence/{piece.id}", {"HX-Request": "true"}
    for page in (lead.get(address).text, lead.get(f"{address}?part=inside", headers=htmx).text):
        assert "The file is being read" in page
    with site.database.writing() as session:
        session.get_one(StoredFile, piece.file_id).created_at = now() - reading.LONGEST_WAIT
    for page in (lead.get(address).text, lead.get(f"{address}?part=inside", headers=htmx).text):
        assert "The file has not been read yet." in page
        assert "The file is being read" not in page
        assert 'hx-trigger="every 2s"' not in page
    world.run_jobs(site)
    assert "Something new." in lead.get(address).text


def test_no_page_says_longer_than_it_is_true_that_a_file_is_being_checked(
    client_for: ClientFor, site: Site, seeded: World
) -> None:
    reviewer, ids = client_for("reviewer"), seeded.alpha
    pages = [f"/alpha/evidence/{ids.evidence['file']}", "/alpha/criteria/LC1", "/alpha/review/LC1", "/alpha/inbox"]
    with site.database.writing() as session:
        session.get_one(Contribution, ids.contribution_id).file_id = ids.file_id
        session.get_one(StoredFile, ids.file_id).scan = "waiting"
    assert [page for page in pages if "Being checked for viruses" not in reviewer.get(page).text] == []
    with site.database.writing() as session:
        session.get_one(StoredFile, ids.file_id).scan = "clean"
    assert [page for page in pages if "Being checked for viruses" in reviewer.get(page).text] == []
    assert reviewer.get(pages[0]).headers["etag"] == reviewer.get(pages[0]).headers["etag"], "at rest it is kept again"


def test_what_seems_to_be_personal_data_is_said_to_those_who_can_do_something(
    client_for: ClientFor, seeded: World
) -> None:
    address = f"/alpha/evidence/{seeded.alpha.evidence['file']}"
    lead = client_for("lead")
    page = lead.get(address).text
    for words in (
        "may contain personal data",
        "2 social security numbers",
        "***-**-6789",
        "Checked: fine to keep",
    ):
        assert words in page
    assert "It names 3 e-mail addresses." in page
    assert "seems to hold" not in client_for("official").get(address).text
    answer = lead.post(f"{address}/personal-data-seen", data={"version": "1"})
    assert answer.headers["location"] == f"{address}?done=personal-data-seen"
    page = lead.get(address).text
    assert "seems to hold" not in page
    assert "Lead of Alpha City has looked at the personal data in it" in page


def test_one_button_restricts_what_seems_to_hold_personal_data(
    client_for: ClientFor, site: Site, seeded: World
) -> None:
    address = f"/alpha/evidence/{seeded.alpha.evidence['file']}"
    lead = client_for("lead")
    assert "Make it restricted</button>" in lead.get(address).text
    old = lead.post(f"{address}/personal-data-seen", data={"version": "99", "answer": "restrict"})
    assert old.status_code == 409
    answer = lead.post(f"{address}/personal-data-seen", data={"version": "1", "answer": "restrict"})
    page = lead.get(answer.headers["location"]).text
    for words in ("Restricted now", "seems to hold"):
        assert (words in page) == (words == "Restricted now")
    assert 'value="restricted" checked' in page
    assert "2 versions" in page
    assert "Restricted evidence" in client_for("official").get(address).text


def test_the_checks_before_submitting_speak_of_it_and_stop_nothing(client_for: ClientFor, seeded: World) -> None:
    lead, words = (
        client_for("lead"),
        "“Adopted plan” may contain personal data, and nobody has said yet that it is fine: 2 social security numbers",
    )
    assert words in lead.get("/alpha/criteria/LC1").text
    lead.post(f"/alpha/evidence/{seeded.alpha.evidence['file']}/personal-data-seen", data={"version": "1"})
    assert words not in lead.get("/alpha/criteria/LC1").text
    letter = add(lead, "letter.txt", b"His number is 123-45-6789.")
    assert "“letter” may contain personal data" in lead.get("/alpha/criteria/LC1").text
    assert lead.post("/alpha/criteria/LC1/submit", data={"version": "1"}).status_code == 303
    assert "may contain personal data" in lead.get(letter).text


def test_an_old_page_says_that_it_is_old(client_for: ClientFor, seeded: World) -> None:
    address = f"/alpha/evidence/{seeded.alpha.evidence['file']}"
    lead = client_for("lead")
    for path, form in (
        ("personal-data-seen", {}),
        ("day", {"answer": "no"}),
        ("day", {"answer": "yes", "day": "2026-03-12"}),
    ):
        answer = lead.post(f"{address}/{path}", data=form | {"version": "7"})
        assert answer.status_code == 409, path
    assert "is not proposed any more" in answer.text
    assert lead.post(f"{address}/day", data={"version": "1", "answer": "yes", "day": "soon"}).status_code == 422
    assert lead.post(f"{address}/day", data={"version": "1"}).status_code == 422
    assert lead.post(f"{address}/day", data={"answer": "no"}).status_code == 422


def test_a_date_is_proposed_and_taken(client_for: ClientFor, seeded: World, site: Site) -> None:
    with site.database.writing() as session:
        session.get_one(Evidence, seeded.alpha.evidence["file"]).period_to = None
    address = f"/alpha/evidence/{seeded.alpha.evidence['file']}"
    lead = client_for("lead")
    assert "made on March 12, 2026. Does it cover the time until then?" in lead.get(address).text
    answer = lead.post(f"{address}/day", data={"version": "1", "answer": "yes", "day": "2026-03-12"})
    assert answer.headers["location"] == f"{address}?done=day-taken"
    page = lead.get(address).text
    assert "until March 12, 2026" in page
    assert "Does it cover" not in page
    with site.database.reading() as session:
        assert session.get_one(Evidence, seeded.alpha.evidence["file"]).period_to == date(2026, 3, 12)


def test_nothing_in_a_file_or_its_name_becomes_part_of_the_page(client_for: ClientFor) -> None:
    lead = client_for("lead")
    tables = workbook([HOSTILE, "b"], ["=1+1", HOSTILE], sheet="A '<b>&")
    for name, content in (
        ("t.xlsx", tables),
        ("c.csv", f'"{HOSTILE}",b\n1,2\n'.encode()),
        ("t.txt", f"x {HOSTILE}".encode()),
    ):
        page = lead.get(add(lead, name, content)).text
        assert "&lt;img src=x onerror=alert(1)&gt;" in page, name
        assert "<img src=x" not in page
        assert "<script>alert" not in page
        assert "{{7*7}}" in page


def test_a_table_has_heads_a_name_and_a_region_that_keys_can_scroll(client_for: ClientFor) -> None:
    lead = client_for("lead")
    page = lead.get(add(lead, "b.xlsx", workbook(["Fund", "Amount"], ["Parks", 12]))).text
    assert '<th scope="col">Fund</th><th scope="col">Amount</th>' in page
    assert "<caption>Budget</caption>" in page
    assert 'role="region" tabindex="0" aria-label="Table: Budget"' in page


# in a browser


def test_pages_are_shown_and_nothing_of_a_hostile_file_runs(
    browser_page: BrowserPage, live: Live, seeded: World
) -> None:
    page = browser_page("lead")
    dialogs: list[str] = []
    page.on("dialog", partial(note_dialog, dialogs))
    page.goto("/alpha/criteria/LC1/evidence/new?kind=file")
    sent = [
        {
            "name": "minutes'\"><img src=x onerror=alert(3)>.pdf",
            "mimeType": "application/pdf",
            "buffer": pdf_of("Minutes\n" * 90),
        },
        {"name": "t.csv", "mimeType": "text/csv", "buffer": f'"{HOSTILE}",b\n1,2\n'.encode()},
    ]
    form = page.locator("form.evidence-form, form:has(input[type=file])").first
    form.locator("input[type=file]").set_input_files(sent)  # type: ignore[arg-type]
    with live.site.database.reading() as session:
        before = session.exec(select(Evidence.id).order_by(col(Evidence.id).desc())).first() or 0
    form.locator("button:not([type=button])").last.click()
    page.wait_for_url("**done=*")
    page.goto(f"/alpha/evidence/{before + 1}")
    shown = page.get_by_role("img", name="Page 1 of 3")
    expect(shown).to_be_visible()
    expect(shown).to_have_js_property("naturalWidth", 901)
    page.goto(f"/alpha/evidence/{before + 2}")
    expect(page.get_by_role("columnheader", name="onerror=alert(1)")).to_be_visible()
    assert page.locator(".evidence-table img, .evidence-table script").count() == 0
    assert dialogs == []


def test_without_scripts_the_same_can_be_done(browser_page: BrowserPage, seeded: World) -> None:
    page = browser_page("lead", javascript=False, width=320)
    page.goto(f"/alpha/evidence/{seeded.alpha.evidence['file']}")
    page.get_by_role("button", name="Checked: fine to keep").click()
    expect(page.get_by_text("someone has looked at the personal data")).to_be_visible()
    expect(page.get_by_text("may contain personal data")).to_have_count(0)


def test_the_reading_of_a_file_of_another_city_does_nothing(site: Site, seeded: World) -> None:
    with site.database.writing() as session:
        of_alpha = session.exec(select(FileReading).where(FileReading.file_id == seeded.alpha.file_id)).one()
        session.delete(of_alpha)  # a file that was not read yet
    before = _known(site)
    reading.read_file(site, seeded.beta.id, {"file": seeded.alpha.file_id})
    assert _known(site) == before
    reading.read_file(site, seeded.alpha.id, {"file": seeded.alpha.file_id})
    assert [later - earlier for later, earlier in zip(_known(site), before, strict=True)] == [1, 2]


def _known(site: Site) -> tuple[int, int]:
    """How many readings and how many events there are, in both cities."""
    with site.database.reading() as session:
        return len(session.exec(select(FileReading)).all()), len(session.exec(select(HistoryEvent)).all())
