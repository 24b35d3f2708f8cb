"""The pages of evidence as a browser gets them: forms that keep what was typed, files that cannot run, and rights on every route."""

import re
from decimal import Decimal
from urllib.parse import quote

import pytest
from playwright.sync_api import FilePayload, Page, expect
from sqlmodel import col, select
from starlette.testclient import TestClient

from app.services.site import Site
from app.store.database.engine import now
from app.store.evidence.files import StoredFile
from app.store.evidence.pieces import Evidence, EvidenceSupport
from app.store.evidence.version import EvidenceOpening
from app.store.people import Membership
from app.web.download import content_disposition
from tests.conftest import BrowserPage, ClientFor
from tests.world import FILE, World

PDF = b"%PDF-1.7\nMinutes of the meeting of March.\n%%EOF\n"
NEW = "/alpha/criteria/LC1/evidence/new"
ADD = "/alpha/criteria/LC1/evidence"
FIGURE = {
    "kind": "figure", "title": "Homicides", "source": "Police records", "visibility": "public",
    "baseline_value": "112", "baseline_period": "2023", "current_value": "84", "current_period": "2024",
}  # fmt: skip
NOTE = {"kind": "note", "title": "Who attends", "note": "Eleven people.", "visibility": "internal"}
FILE_FORM = {"kind": "file", "title": "", "visibility": "internal"}


def newest(site: Site) -> Evidence:
    with site.database.reading() as session:
        found = session.exec(select(Evidence).order_by(col(Evidence.id).desc())).first()
    assert found
    return found


def files(*sent: tuple[str, bytes]) -> list[tuple[str, tuple[str, bytes, str]]]:
    return [("file", (name, content, "application/octet-stream")) for name, content in sent]


# adding


@pytest.mark.parametrize("kind", ["file", "link", "figure", "note", "library", "nonsense"])
def test_the_page_offers_every_kind_and_the_items_of_the_criterion(client_for: ClientFor, kind: str) -> None:
    page = client_for("lead").get(f"{NEW.replace('LC1', 'LC3')}?kind={kind}")
    assert page.status_code == 200
    for words in ("Files or photos", "Link", "Figure", "Note", "From the library", "Which items does this support?"):
        assert words in page.text


def test_an_item_in_the_address_is_ticked_already(client_for: ClientFor) -> None:
    lead = client_for("lead")
    item = re.findall(r'name="item" value="([^"]+)"', lead.get(NEW).text)[1]
    assert re.findall(r'value="([^"]+)" checked', lead.get(f"{NEW}?item={item}").text) == [item, "internal"]


def test_a_figure_is_added_and_its_change_is_shown(client_for: ClientFor, site: Site) -> None:
    lead = client_for("lead")
    answer = lead.post(ADD, data=FIGURE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/alpha/criteria/LC1?done=evidence-added")
    page = lead.get(answer.headers["location"]).text
    assert "Evidence added." in page
    assert "\u221225% (2023 → 2024)" in page
    assert newest(site).title == "Homicides"


def test_only_a_published_change_is_shown_as_published(client_for: ClientFor) -> None:
    lead = client_for("lead")
    lead.post(
        ADD,
        data={
            "kind": "figure",
            "title": "Auto thefts",
            "source": "City release",
            "published_percent": "-36",
            "visibility": "public",
        },
    )
    assert "\u221236%, change as published" in lead.get("/alpha/criteria/LC1").text


@pytest.mark.parametrize(
    ("form", "field", "words"),
    [
        (FIGURE | {"baseline_value": "0"}, "baseline_value", "baseline of zero"),
        (FIGURE | {"current_value": "eighty"}, "current_value", "is not a number"),
        (FIGURE | {"source": ""}, "source", "where this figure comes from"),
        (NOTE | {"period_from": "2026-05-01", "period_to": "2026-04-01"}, "period_to", "ends before it begins"),
        (NOTE | {"period_to": "soon"}, "period_to", "is not a date"),
        (NOTE | {"title": ""}, "title", "name"),
        (NOTE | {"note": "n" * 10_001}, "note", "at most 10,000"),
        (NOTE | {"visibility": "all"}, "visibility", "who may see"),
        (NOTE | {"item": ["gone"]}, "item", "checklist has changed"),
        ({"kind": "link", "url": "javascript:alert(1)", "visibility": "public"}, "url", "http:// or https://"),
        (FILE_FORM | {"page_pointer": "page 3"}, "file", "at least one file"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_the_field_and_what_was_typed_stays(
    client_for: ClientFor, site: Site, form: dict[str, str], field: str, words: str
) -> None:
    before = newest(site).id
    answer = client_for("lead").post(ADD, data=form)
    assert answer.status_code == 422
    said = re.search(rf'id="{field}-error" role="alert">([^<]+)<', answer.text)
    assert said
    assert words in said[1]
    for name in ("title", "source", "page_pointer", "baseline_value", "current_value", "url"):
        if form.get(name):
            assert re.search(rf'name="{name}" type="text" value="{re.escape(form[name])}"', answer.text)
    assert form.get("note", "") in answer.text
    assert newest(site).id == before


def test_what_was_typed_stays_when_the_response_went_to_review_meanwhile(client_for: ClientFor) -> None:
    answer = client_for("lead").post("/alpha/criteria/LC2/evidence", data=NOTE)
    assert answer.status_code == 409
    assert "with the reviewer" in answer.text
    assert "Eleven people." in answer.text


@pytest.mark.parametrize(
    "words", ["<script>alert(1)</script>", "الميزانية 2024", "🏙️ Büro", "'; DROP TABLE evidence; --"]
)
def test_any_text_is_kept_and_shown_as_text(client_for: ClientFor, site: Site, words: str) -> None:
    lead = client_for("lead")
    lead.post(ADD, data=NOTE | {"title": words, "note": words, "page_pointer": words})
    assert newest(site).title == words
    page = lead.get(f"/alpha/evidence/{newest(site).id}").text
    assert "<script>alert" not in page
    assert words.replace("<", "&lt;").replace(">", "&gt;").replace("'", "&#39;") in page


@pytest.mark.parametrize(
    ("before", "now", "value", "change"), [("1250", "2.500", 2500, "+100"), ("999", "1.001", 1001, "+0,2")]
)
def test_on_a_spanish_page_a_number_is_what_the_page_writes(
    client_for: ClientFor, site: Site, before: str, now: str, value: int, change: str
) -> None:
    lead, figure = client_for("lead"), FIGURE | {"baseline_value": before, "current_value": now}
    assert lead.post(ADD, data=figure, headers={"Accept-Language": "es"}).status_code == 303
    assert (newest(site).baseline_value, newest(site).current_value) == (Decimal(before), Decimal(value))
    assert (
        f"{change}\N{NO-BREAK SPACE}% (2023 → 2024)"
        in lead.get("/alpha/criteria/LC1", headers={"Accept-Language": "es"}).text
    )


def test_an_unknown_kind_is_not_found(client_for: ClientFor) -> None:
    assert client_for("lead").post(ADD, data={"kind": "poem"}).status_code == 404


def test_two_clicks_on_the_same_form_add_one_piece(client_for: ClientFor, site: Site) -> None:
    lead = client_for("lead")
    answers = [lead.post(ADD, data=NOTE) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert lead.get("/alpha/criteria/LC1").text.count(">Who attends</bdi>") == 1


# files without scripts


def test_several_files_are_added_by_a_plain_form(client_for: ClientFor) -> None:
    lead = client_for("lead")
    answer = lead.post(ADD, data=FILE_FORM, files=files(("March.pdf", PDF), ("Abril ñ.txt", "Año".encode())))
    assert (answer.status_code, answer.headers["location"]) == (303, "/alpha/criteria/LC1?done=evidence-added")
    page = lead.get("/alpha/criteria/LC1").text
    assert ">March</bdi>" in page
    assert ">Abril ñ</bdi>" in page


def test_a_file_that_is_known_is_said_to_be_known(client_for: ClientFor, site: Site) -> None:
    lead = client_for("lead")
    lead.post(ADD, data=FILE_FORM, files=files(("March.pdf", PDF)))
    answer = lead.post("/alpha/criteria/LC3/evidence", data=FILE_FORM, files=files(("again.pdf", PDF)))
    assert answer.headers["location"] == "/alpha/criteria/LC3?done=evidence-known"
    page = lead.get(answer.headers["location"]).text
    assert "nothing is stored twice" in page
    assert ">March</bdi>" in page


def test_a_bad_file_among_good_ones_is_named_and_the_form_stays(client_for: ClientFor, site: Site) -> None:
    answer = client_for("lead").post(
        ADD,
        data=FILE_FORM | {"page_pointer": "page 7"},
        files=files(
            ("good.pdf", PDF),
            ("empty.pdf", b""),
            ("../../etc/run\u202egpj.exe", b"MZ" + bytes(70)),
            ("lies.pdf", b"PK\x03\x04rest"),
        ),
    )
    assert answer.status_code == 422
    told = dict(re.findall(r"<bdi>([^<]+)</bdi>:</strong>\s+([^<]+?)\s*</span>", answer.text))
    assert told["good.pdf"] == "Added."
    assert "empty" in told["empty.pdf"]
    assert ".exe" in told["rungpj.exe"]
    assert "damaged" in told["lies.pdf"]
    assert 'name="page_pointer" type="text" value="page 7"' in answer.text
    assert newest(site).title == "good"


def test_a_script_gets_a_fragment_for_its_file(client_for: ClientFor) -> None:
    lead, headers = client_for("lead"), {"HX-Request": "true"}
    good = lead.post(ADD, data=FILE_FORM, files=files(("a.pdf", PDF)), headers=headers)
    known = lead.post(ADD, data=FILE_FORM, files=files(("a.pdf", PDF)), headers=headers)
    bad = lead.post(ADD, data=FILE_FORM, files=files(("a.pdf", b"")), headers=headers)
    form = lead.post(ADD, data=FILE_FORM | {"period_to": "x"}, files=files(("a.pdf", PDF)), headers=headers)
    assert [answer.status_code for answer in (good, known, bad, form)] == [200, 200, 422, 422]
    assert 'data-next="/alpha/criteria/LC1?done=evidence-added"' in good.text
    assert 'data-next="/alpha/criteria/LC1?done=evidence-known"' in known.text
    assert "empty" in bad.text
    assert "is not a date" in form.text
    for answer in (good, known, bad, form):
        assert "<html" not in answer.text


# files on their way out


def link_of(client: TestClient, site: Site, name: str, content: bytes) -> str:
    client.post(ADD, data=FILE_FORM, files=files((name, content)))
    return f"/alpha/evidence/{newest(site).id}/file"


def test_a_file_leaves_as_an_attachment_that_cannot_run(client_for: ClientFor, site: Site) -> None:
    lead = client_for("lead")
    answer = lead.get(link_of(lead, site, "Übersicht 🏙 2024.pdf", PDF))
    assert answer.content == PDF
    assert answer.headers["content-disposition"].startswith('attachment; filename="_bersicht _ ')
    assert answer.headers["content-disposition"].endswith(f"filename*=UTF-8''{quote('Übersicht 🏙 2024.pdf')}")
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-length"] == str(len(PDF))


def test_a_file_name_cannot_end_the_header_that_carries_it() -> None:
    value = content_disposition("inline", 'a"; x=\\"b%41.pdf')
    assert value == "inline; filename=\"a_; x=__b_41.pdf\"; filename*=UTF-8''a%22%3B%20x%3D%5C%22b%2541.pdf"


@pytest.mark.parametrize(
    ("name", "content", "shown"),
    [
        ("a.pdf", PDF, True),
        ("a.txt", b"plain", True),
        ("a.csv", b"a,b\n1,2\n", False),
        ("a.eml", b"Subject: x\n\ny", False),
    ],
)
def test_only_what_a_browser_shows_by_itself_is_shown(
    client_for: ClientFor, site: Site, name: str, content: bytes, shown: bool
) -> None:
    lead = client_for("lead")
    address = link_of(lead, site, name, content)
    for query in ("", "?view=0"):
        assert lead.get(address + query).headers["content-disposition"].startswith("attachment")
    view = lead.get(f"{address}?view=1")
    assert view.headers["content-disposition"].startswith("inline" if shown else "attachment")
    assert view.headers["content-security-policy"] == "sandbox; default-src 'none'"


def test_a_file_that_storage_lost_is_not_found(client_for: ClientFor, site: Site, seeded: World) -> None:
    with site.database.reading() as session:
        key = session.get_one(StoredFile, seeded.alpha.file_id).key
    site.storage.delete(key)
    answer = client_for("lead").get(f"/alpha/evidence/{seeded.alpha.evidence['file']}/file")
    assert answer.status_code == 404
    assert "not in the file storage" in answer.text


def test_a_piece_without_a_file_has_none_to_send(client_for: ClientFor, seeded: World) -> None:
    assert client_for("lead").get(f"/alpha/evidence/{seeded.alpha.evidence['note']}/file").status_code == 404


# rights


@pytest.mark.parametrize(
    ("role", "status"), [("official", 403), ("colleague", 403), ("lead", 303), ("reviewer", 303), ("admin", 303)]
)
def test_only_those_who_answer_for_a_criterion_add_to_it(client_for: ClientFor, role: str, status: int) -> None:
    assert client_for(role).post(ADD, data=NOTE).status_code == status
    assert client_for(role).get(NEW).status_code == (200 if status == 303 else 403)


def test_the_page_for_adding_is_refused_while_the_reviewer_has_the_response(client_for: ClientFor) -> None:
    assert client_for("lead").get("/alpha/criteria/LC2/evidence/new").status_code == 409


@pytest.mark.parametrize("path", ["", "/file"])
def test_evidence_of_another_city_is_not_found(client_for: ClientFor, seeded: World, path: str) -> None:
    lead = client_for("lead")
    assert lead.get(f"/alpha/evidence/{seeded.beta.evidence['file']}{path}").status_code == 404
    assert lead.get(f"/beta/evidence/{seeded.beta.evidence['file']}{path}").status_code == 404
    assert lead.get(f"/alpha/evidence/{10**30}{path}").status_code == 404
    assert lead.get(f"/alpha/evidence/{'9' * 5000}{path}").status_code == 404


@pytest.mark.parametrize("step", ["", "/withdraw", "/restore", "/link-check"])
def test_steps_on_evidence_of_another_city_are_not_found(client_for: ClientFor, seeded: World, step: str) -> None:
    form = NOTE | {"version": "1", "code": "LC1"}
    assert (
        client_for("lead").post(f"/alpha/evidence/{seeded.beta.evidence['link']}{step}", data=form).status_code == 404
    )
    assert (
        client_for("colleague").post(f"/alpha/evidence/{seeded.alpha.evidence['link']}{step}", data=form).status_code
        == 403
    )


def test_restricted_evidence_says_only_that_it_is_there(client_for: ClientFor, seeded: World) -> None:
    address = f"/alpha/evidence/{seeded.alpha.evidence['restricted']}"
    for role in ("lead", "official"):
        hidden = client_for(role)
        for page in (address, "/alpha/criteria/DM2", "/alpha/evidence"):
            text = hidden.get(page).text
            assert "Restricted evidence" in text
            assert "informants" not in text
        assert "Restricted evidence" not in hidden.get("/alpha/evidence?q=informants").text
        assert hidden.get(f"{address}/file").status_code == 403
    assert "Names of informants" in client_for("reviewer").get(address).text
    assert client_for("reviewer").get(f"{address}/file").content == FILE


# changing


def test_a_piece_is_changed_and_a_second_person_is_told(client_for: ClientFor, site: Site, seeded: World) -> None:
    lead, address = client_for("lead"), f"/alpha/evidence/{seeded.alpha.evidence['note']}"
    form = NOTE | {"version": "1"}
    assert lead.post(address, data=form).headers["location"] == f"{address}?done=evidence-changed"
    answer = client_for("admin").post(address, data=form | {"title": "My own title"})
    assert answer.status_code == 409
    assert "What you typed is kept" in answer.text
    assert 'value="My own title"' in answer.text
    assert "<bdi>Who attends</bdi>" in answer.text
    assert 'name="version" value="2"' in answer.text


def test_a_form_without_a_version_is_not_saved(client_for: ClientFor, seeded: World) -> None:
    answer = client_for("lead").post(f"/alpha/evidence/{seeded.alpha.evidence['note']}", data=NOTE)
    assert answer.status_code == 422
    assert "out of date" in answer.text


def test_removed_evidence_can_be_put_back(client_for: ClientFor, seeded: World) -> None:
    lead, number = client_for("lead"), seeded.alpha.evidence["note"]
    address = f"/alpha/evidence/{number}"
    answer = lead.post(f"{address}/withdraw", data={"version": "1", "code": "LC1"})
    assert answer.headers["location"] == f"/alpha/criteria/LC1?undo={number}&done=evidence-withdrawn"
    page = lead.get(answer.headers["location"]).text
    assert "Evidence removed." in page
    assert ">Who decides</bdi>" not in page
    removed = lead.get(address).text
    assert "This evidence is removed" in removed
    assert "Restore" in removed
    assert ">Who decides</bdi>" in lead.get("/alpha/evidence?show=removed").text
    version = re.search(r'/restore">\s*<input type="hidden" name="version" value="(\d+)"', removed)
    assert version
    answer = lead.post(f"{address}/restore", data={"version": version[1]})
    assert answer.headers["location"] == f"{address}?done=evidence-restored"
    assert ">Who decides</bdi>" in lead.get("/alpha/criteria/LC1").text


def test_a_piece_of_the_library_is_used_for_another_criterion(client_for: ClientFor, seeded: World) -> None:
    lead, number = client_for("lead"), seeded.alpha.evidence["figure"]
    assert (
        f'action="/alpha/criteria/LC3/evidence/{number}"'
        in lead.get("/alpha/criteria/LC3/evidence/new?kind=library").text
    )
    assert lead.post(f"/alpha/criteria/LC3/evidence/{number}", data={}).status_code == 303
    assert "Response time" in lead.get("/alpha/criteria/LC3").text
    page = lead.get(f"/alpha/evidence/{number}").text
    assert "Remove from LC3 only" in page
    answer = lead.post(f"/alpha/evidence/{number}/withdraw", data={"version": "2", "code": "LC3"})
    assert answer.headers["location"] == "/alpha/criteria/LC3?done=evidence-unlinked"
    assert "Response time" in lead.get("/alpha/criteria/LC1").text


def test_a_dead_link_is_kept_and_can_be_checked_again(client_for: ClientFor, site: Site, seeded: World) -> None:
    number = seeded.alpha.evidence["link"]
    with site.database.writing() as session:
        piece = session.get_one(Evidence, number)
        piece.link_state = "dead"
        session.add(piece)
    lead, address = client_for("lead"), f"/alpha/evidence/{number}"
    assert "Link does not open" in lead.get("/alpha/criteria/LC1").text
    page = lead.get(address).text
    assert "The site says that this page is not there any more" in page
    assert "Check again" in page
    assert lead.post(f"{address}/link-check").headers["location"] == f"{address}?done=link-asked"
    asked = lead.get(address, headers={"HX-Request": "true"}).text
    assert "Link is being checked" in asked
    assert 'hx-trigger="every 2s"' in asked
    assert "<html" not in asked


def test_a_link_whose_site_was_not_found_could_not_be_opened_from_here(
    client_for: ClientFor, site: Site, seeded: World
) -> None:
    with site.database.writing() as session:
        piece = session.get_one(Evidence, seeded.alpha.evidence["link"])
        piece.link_state = "no_site"
        session.add(piece)
    lead = client_for("lead")
    page = lead.get(f"/alpha/evidence/{seeded.alpha.evidence['link']}").text
    assert "This page could not be opened from here" in page
    assert "not there any more" not in page
    assert "Link does not open" in lead.get("/alpha/criteria/LC1").text
    assert "Open data page" in lead.get("/alpha/evidence?state=dead").text


def test_no_link_leads_to_changing_what_a_reviewer_has_before_them(
    client_for: ClientFor, site: Site, seeded: World
) -> None:
    """The note of LC1 supports LC2 as well, which is with the reviewer."""
    alpha, edits = seeded.alpha, '<a class="act" href="/alpha/evidence/{}">Edit<'
    with site.database.writing() as session:
        tie = {"evidence_id": alpha.evidence["note"], "response_id": alpha.responses["LC2"]}
        session.add(EvidenceSupport.model_validate({"city_id": alpha.id, **tie}))
    page = client_for("lead").get("/alpha/criteria/LC1").text
    assert edits.format(alpha.evidence["note"]) not in page
    assert page.count('href="/alpha/criteria/LC2">With the reviewer for another criterion<') == 1
    assert edits.format(alpha.evidence["link"]) in page


def test_a_locked_piece_says_who_can_mend_its_dead_link_and_how(
    client_for: ClientFor, site: Site, seeded: World
) -> None:
    with site.database.writing() as session:
        piece = session.get_one(Evidence, seeded.alpha.evidence["link"])
        piece.link_state = "dead"
        session.add(piece)
    lead, address = client_for("lead"), f"/alpha/evidence/{seeded.alpha.evidence['link']}"
    assert "Find its new address" in lead.get(address).text
    lead.post("/alpha/criteria/LC1/submit", data={"version": "1"})
    page = lead.get(address).text
    assert "Find its new address" not in page
    assert "make it possible to change first" in page
    assert "Withdraw that from review first." in page
    assert 'href="/alpha/criteria/LC1#checks">Withdraw LC1 Executive commitment to using data from review</a>' in page
    assert "your data office, can give its new address" in client_for("official").get(address).text


def test_the_change_is_computed_while_typing(client_for: ClientFor) -> None:
    lead = client_for("lead")
    change = "/alpha/evidence/change"
    assert "\u221225%" in lead.get(change, params={"baseline_value": "112", "current_value": "84"}).text
    assert "as published" in lead.get(change, params={"published_percent": "-25"}).text
    assert "baseline of zero" in lead.get(change, params={"baseline_value": "0", "current_value": "84"}).text
    assert lead.get(change).text.strip() == ""


# in a browser


def choose(page: Page, *sent: tuple[str, bytes]) -> None:
    unknown = "application/octet-stream"
    page.set_input_files("#file", [FilePayload(name=name, mimeType=unknown, buffer=content) for name, content in sent])


def test_files_are_sent_one_by_one_and_the_criterion_shows_them(browser_page: BrowserPage) -> None:
    page = browser_page("lead")
    page.goto(NEW)
    choose(page, ("March.pdf", PDF), ("April.txt", b"Minutes of April"))
    expect(page.locator(".evidence-row")).to_have_count(2)
    page.get_by_role("button", name="Add evidence").click()
    page.wait_for_url("**/alpha/criteria/LC1?done=evidence-added")
    expect(page.get_by_role("link", name="March", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="April", exact=True)).to_be_visible()


def test_a_bad_file_says_why_in_its_row_and_the_good_one_is_kept(browser_page: BrowserPage) -> None:
    page = browser_page("lead")
    page.goto(NEW)
    page.fill("#page_pointer", "page 9")
    choose(page, ("good.pdf", PDF), ("bad.pdf", b"<html><script>alert(1)</script>"))
    page.get_by_role("button", name="Add evidence").click()
    bad = page.locator(".evidence-row", has_text="bad.pdf")
    expect(bad).to_contain_text("web page")
    expect(page.locator(".evidence-row", has_text="good.pdf")).to_contain_text("Added.")
    expect(page.locator("#page_pointer")).to_have_value("page 9")
    expect(bad.get_by_role("button", name="Cancel")).to_be_hidden()
    bad.get_by_role("button", name="Remove").click()
    expect(page.get_by_role("link", name="good", exact=True)).to_be_visible()


def test_a_lost_connection_is_said_and_the_file_goes_on_by_itself_when_the_line_is_back(
    browser_page: BrowserPage,
) -> None:
    page = browser_page("lead")
    page.goto(NEW)
    page.fill("#source", "City clerk")
    choose(page, ("March.pdf", PDF))
    page.context.set_offline(True)
    page.get_by_role("button", name="Add evidence").click()
    expect(page.locator(".evidence-row")).to_contain_text("connection was lost")
    expect(page.locator("#source")).to_have_value("City clerk")
    page.context.set_offline(False)
    page.wait_for_url("**/alpha/criteria/LC1?done=evidence-added")
    expect(page.locator("main")).to_contain_text("City clerk")


def test_an_upload_can_be_cancelled_and_nothing_of_it_is_kept(browser_page: BrowserPage, site: Site) -> None:
    before = newest(site).id
    page = browser_page("lead")
    page.goto(NEW)
    page.route("**/uploads", lambda route: None if route.request.method == "POST" else route.continue_())
    choose(page, ("March.pdf", PDF))
    page.get_by_role("button", name="Add evidence").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator(".evidence-row")).to_contain_text("Cancelled")
    assert newest(site).id == before


def test_a_session_that_ended_is_said_in_the_row_and_the_form_stays(browser_page: BrowserPage) -> None:
    page = browser_page("lead")
    page.goto(NEW)
    choose(page, ("March.pdf", PDF))
    page.context.clear_cookies()
    page.get_by_role("button", name="Add evidence").click()
    expect(page.locator(".evidence-row")).to_contain_text("signed out")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()


def test_a_file_over_the_limit_is_not_even_sent(browser_page: BrowserPage) -> None:
    page = browser_page("lead")
    page.goto(NEW)
    page.locator("#file").evaluate(
        """(input) => { const sent = new DataTransfer(); sent.items.add(new File([new ArrayBuffer(200000001)], "film.pdf"));
        input.files = sent.files; input.dispatchEvent(new Event("change", { bubbles: true })); }"""
    )
    expect(page.locator(".evidence-row")).to_contain_text("larger than 200 MB")


def test_files_can_be_dropped(browser_page: BrowserPage) -> None:
    page = browser_page("lead")
    page.goto(NEW)
    page.locator("#drop").evaluate(
        """(drop) => { const sent = new DataTransfer(); sent.items.add(new File(["Minutes of May"], "May.txt"));
        drop.dispatchEvent(new DragEvent("drop", { dataTransfer: sent, bubbles: true, cancelable: true })); }"""
    )
    expect(page.locator(".evidence-row")).to_contain_text("May.txt")
    page.get_by_role("button", name="Add evidence").click()
    expect(page.get_by_role("link", name="May", exact=True)).to_be_visible()


def test_without_scripts_the_form_sends_files_too(browser_page: BrowserPage) -> None:
    page = browser_page("lead", javascript=False, width=320)
    page.goto(NEW)
    choose(page, ("March.pdf", PDF), ("April.txt", b"Minutes of April"))
    page.get_by_role("button", name="Add evidence").click()
    expect(page.get_by_role("link", name="April", exact=True)).to_be_visible()


def test_the_change_appears_while_typing(browser_page: BrowserPage) -> None:
    page = browser_page("lead")
    page.goto(f"{NEW}?kind=figure")
    page.locator("#baseline_value").press_sequentially("112")
    page.locator("#current_value").press_sequentially("84")
    expect(page.locator("#change")).to_contain_text("\u221225%")


@pytest.mark.parametrize("path", [
    NEW, f"{NEW}?kind=link", f"{NEW}?kind=figure", f"{NEW}?kind=note", f"{NEW}?kind=library",
    "/alpha/evidence", "/alpha/evidence/1", "/alpha/evidence/3", "/alpha/criteria/LC1",
])  # fmt: skip
def test_nothing_scrolls_sideways_on_a_phone(browser_page: BrowserPage, path: str) -> None:
    page = browser_page("lead", width=320)
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_piece_of_the_library_is_chosen_with_its_items_beside_the_button(
    browser_page: BrowserPage, site: Site, seeded: World
) -> None:
    page = browser_page("lead", width=320, javascript=False)
    page.goto("/alpha/criteria/LC3/evidence/new?kind=library")
    piece = page.locator(".evidence-piece", has_text="Response time")
    piece.locator("summary").click()
    piece.locator("label").first.click()
    piece.get_by_role("button", name="Use it here").click()
    expect(page).to_have_url(re.compile("/alpha/criteria/LC3.done=evidence-added&ticked=\\w+$"))
    expect(page.locator("#main")).to_contain_text("Supports item 1")


def test_paper_shows_what_was_said_and_nothing_to_press_or_fill_in(browser_page: BrowserPage, seeded: World) -> None:
    page = browser_page("lead")
    page.goto(f"/alpha/evidence/{seeded.alpha.evidence['figure']}")
    expect(page.get_by_role("heading", name="Change it")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator(".evidence-figure").first).to_be_visible()
    for hidden in ("form", "button", "details:not([open])", "#edit", ".site-header"):
        expect(page.locator(f"{hidden} >> visible=true")).to_have_count(0)


def test_files_that_are_refused_look_alike_and_the_sum_stands_above_them(browser_page: BrowserPage) -> None:
    page = browser_page("lead", width=320)
    page.goto(NEW)
    page.set_input_files("#file", [
        FilePayload(name="minutes.txt", mimeType="text/plain", buffer=b"Held in March."),
        FilePayload(name="program.exe", mimeType="application/octet-stream", buffer=b"MZ\x90"),
    ])  # fmt: skip
    page.get_by_role("button", name="Add evidence").click()
    total = page.locator("#total")
    expect(total).to_contain_text("1 added.")
    expect(total).to_be_focused()
    expect(total.get_by_role("link", name="Go to LC1")).to_have_attribute("href", "/alpha/criteria/LC1")
    refused = page.locator('.evidence-row[data-state="refused"]')
    expect(refused.locator(".evidence-outcome--bad svg")).to_have_count(1)
    above, below = total.bounding_box(), refused.bounding_box()
    assert above
    assert below
    assert above["y"] < below["y"]


def test_of_several_files_what_was_added_is_said_first_and_what_was_not_below(client_for: ClientFor) -> None:
    sent = files(("minutes.pdf", PDF), ("virus.exe", b"MZ"))
    answer = client_for("lead").post(ADD, data=FILE_FORM, files=sent)
    assert answer.status_code == 422
    assert "<title>Error: " in answer.text
    place = answer.text.index("1 added.")
    assert '<a href="/alpha/criteria/LC1">Go to LC1 Executive commitment to using data</a>' in answer.text[place:]
    assert place < answer.text.index("virus.exe")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_newer_file_is_put_in_place_and_the_one_before_is_there(
    browser_page: BrowserPage, seeded: World, javascript: bool
) -> None:
    page = browser_page("lead", javascript=javascript, width=320)
    page.goto(f"/alpha/evidence/{seeded.alpha.evidence['file']}")
    page.get_by_text("A newer file, or a redacted copy").click()
    page.set_input_files("#file", [FilePayload(name="signed.txt", mimeType="text/plain", buffer=b"Signed.")])
    page.fill("#why-file", "Signed by the mayor")
    page.get_by_role("button", name="Put it in place").click()
    expect(page.locator("body")).to_contain_text("The new file is in place.")
    page.get_by_text("2 versions").click()
    expect(page.locator("main")).to_contain_text("Signed by the mayor")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the file of version 1").click()
    assert download.value.path().read_bytes() == FILE


@pytest.mark.parametrize("javascript", [True, False])
def test_a_redacted_copy_is_added_beside_the_original(
    browser_page: BrowserPage, seeded: World, javascript: bool
) -> None:
    page = browser_page("lead", javascript=javascript)
    page.goto(f"/alpha/evidence/{seeded.alpha.evidence['file']}")
    page.get_by_text("A newer file, or a redacted copy").click()
    page.get_by_role("button", name="Add the copy").click()
    expect(page.locator("#redacted-error")).to_have_text("Choose at least one file.")
    expect(page.locator("#redacted-error")).to_be_visible()
    expect(page.locator("#file-error")).to_have_count(0)
    page.set_input_files("#redacted", [FilePayload(name="public.txt", mimeType="text/plain", buffer=b"No names.")])
    page.get_by_role("button", name="Add the copy").click()
    expect(page.locator("body")).to_contain_text("The redacted copy is added.")
    expect(page.get_by_role("link", name="The original")).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_link_that_moved_takes_its_new_address_with_one_click(
    browser_page: BrowserPage, seeded: World, javascript: bool
) -> None:
    page = browser_page("lead", javascript=javascript, width=320)
    page.goto(f"/alpha/evidence/{seeded.alpha.evidence['link']}")
    expect(page.get_by_role("link", name="Copy of the page")).to_be_visible()
    expect(page.locator("main")).to_contain_text("The site says that this page has moved to:")
    page.get_by_role("button", name="Use the new address").click()
    expect(page.locator("body")).to_contain_text("The new address is kept")
    expect(page.locator(".evidence-url").first).to_contain_text("https://data.example/plans/2026")


def test_evidence_outlives_who_added_it(client_for: ClientFor, site: Site, seeded: World) -> None:
    with site.database.writing() as session:
        gone = session.get_one(Membership, seeded.alpha.memberships["lead"])
        gone.ended_at = now()
        session.add(gone)
    reviewer, number = client_for("reviewer"), seeded.alpha.evidence["file"]
    page = reviewer.get(f"/alpha/evidence/{number}").text
    assert "Adopted plan" in page
    assert "added by" in page
    assert reviewer.get(f"/alpha/evidence/{number}/file").content == FILE
    assert client_for("official").get(f"/alpha/evidence/{number}/file").content == FILE


# whose it is


def used_by_another(client_for: ClientFor, seeded: World, kind: str) -> tuple[TestClient, str]:
    """Someone of Public Works who uses a piece of Finance, and its address."""
    guest, number = client_for("colleague"), seeded.alpha.evidence[kind]
    assert guest.post(f"/alpha/criteria/OD1/evidence/{number}", data={}).status_code == 303
    return guest, f"/alpha/evidence/{number}"


def test_whoever_uses_a_piece_does_not_get_to_read_what_was_replaced_in_it(
    client_for: ClientFor, seeded: World
) -> None:
    lead, address = client_for("lead"), f"/alpha/evidence/{seeded.alpha.evidence['file']}"
    lead.post(f"{address}/file", data={"version": "1"}, files=files(("new.txt", b"Without names.")))
    guest, _ = used_by_another(client_for, seeded, "file")
    assert guest.get(f"{address}/versions/1/file").status_code == 403
    assert "versions/1/file" not in guest.get(address).text
    assert "versions/1/file" in lead.get(address).text
    assert lead.get(f"{address}/versions/1/file").content == FILE


def test_its_owner_restricts_a_piece_that_another_department_uses_and_it_closes_there(
    client_for: ClientFor, seeded: World
) -> None:
    guest, address = used_by_another(client_for, seeded, "note")
    page = guest.get(address).text
    assert "Who decides" in page
    assert "belongs to those who brought it" in page
    assert "Remove it everywhere" not in page
    lead = client_for("lead")
    refused = lead.post(f"{address}/withdraw", data={"version": "2"})
    assert refused.status_code == 409
    assert "Other departments use this evidence too, for OD1" in refused.text
    form = NOTE | {"visibility": "restricted", "version": "2"}
    assert lead.post(address, data=form).status_code == 303
    for path in (address, "/alpha/criteria/OD1", "/alpha/evidence"):
        shown = guest.get(path).text
        assert "Restricted evidence" in shown
        assert "Who attends" not in shown
    assert "Who attends" in lead.get(address).text
    assert guest.post(f"{address}/withdraw", data={"version": "3", "code": "OD1"}).status_code == 303
    assert "Restricted evidence" not in guest.get("/alpha/criteria/OD1").text


@pytest.mark.parametrize("javascript", [True, False])
def test_a_guest_ticks_the_items_that_a_piece_supports(
    browser_page: BrowserPage, client_for: ClientFor, seeded: World, javascript: bool
) -> None:
    _, address = used_by_another(client_for, seeded, "figure")
    page = browser_page("colleague", javascript=javascript, width=320)
    page.goto(address)
    page.locator("#use ~ form .usa-checkbox__label").first.click()
    page.get_by_role("button", name="Save changes").click()
    expect(page.locator("body")).to_contain_text("Evidence changed.")
    expect(page.locator("#use ~ form").get_by_role("checkbox").first).to_be_checked()


# who looked at what is restricted


def seen(site: Site) -> list[tuple[int, str]]:
    """Who saw what is restricted, and what of it, in order."""
    with site.database.reading() as session:
        rows = session.exec(select(EvidenceOpening).order_by(col(EvidenceOpening.id)))
        return [(row.person_id, row.what) for row in rows]


def test_who_looks_at_a_restricted_note_is_recorded_once_a_day_also_when_the_page_is_a_kept_one(
    client_for: ClientFor, site: Site, seeded: World
) -> None:
    lead, address = client_for("lead"), f"/alpha/evidence/{seeded.alpha.evidence['note']}"
    assert seen(site) == []
    lead.post(address, data=NOTE | {"visibility": "restricted", "version": "1"})
    for role in ("official", "colleague"):
        assert "Who attends" not in client_for(role).get(address).text
    assert seen(site) == []
    assert "recorded who looks at this page" in lead.get(address).text
    mine = [(seeded.alpha.people["lead"], "page")]
    assert seen(site) == mine
    assert "looked at this page" in lead.get(address).text
    assert lead.get(address).status_code == 200
    assert seen(site) == mine
    client_for("reviewer").get(address)
    assert seen(site) == [*mine, (seeded.alpha.people["reviewer"], "page")]


def test_a_form_that_is_shown_again_is_a_look_at_a_restricted_piece_too(
    client_for: ClientFor, site: Site, seeded: World
) -> None:
    reviewer, address = client_for("reviewer"), f"/alpha/evidence/{seeded.alpha.evidence['restricted']}"
    for form in ({"version": "1"}, NOTE | {"version": "9"}):
        assert "Names of informants" in reviewer.post(address, data=form).text
    assert seen(site) == [(seeded.alpha.people["reviewer"], "page")]


def test_a_list_names_a_restricted_note_and_leaves_what_it_says_to_its_page(
    client_for: ClientFor, seeded: World
) -> None:
    lead, address = client_for("lead"), f"/alpha/evidence/{seeded.alpha.evidence['note']}"
    lead.post(address, data=NOTE | {"visibility": "restricted", "version": "1"})
    text = lead.get("/alpha/criteria/LC1").text
    assert "Who attends" in text
    assert "Eleven people." not in text
    assert "Eleven people." in lead.get(address).text


@pytest.mark.parametrize(
    ("step", "form"),
    [
        ("withdraw", {"version": "9"}),
        ("personal-data-seen", {"version": "9"}),
        ("day", {"version": "9", "answer": "no"}),
        ("file", {"version": "2", "why": "A newer one"}),
        ("redacted", {}),
        ("retention", {"version": "9", "hold_reason": "A lawsuit", "retention": ""}),
    ],
)
def test_a_step_that_fails_leaves_the_form_for_changing_the_piece_as_it_is_stored(
    client_for: ClientFor, seeded: World, step: str, form: dict[str, str]
) -> None:
    address = f"/alpha/evidence/{seeded.alpha.evidence['file']}"
    reviewer = client_for("reviewer")
    item = re.findall(r'name="item" value="([^"]+)"', reviewer.get(address).text)[0]
    reviewer.post(address, data={"version": "1", "title": "Adopted plan", "visibility": "internal", "item": item})
    answer = reviewer.post(f"{address}/{step}", data=form)
    assert answer.status_code in {409, 422}
    assert f'name="item" value="{item}" checked' in answer.text
    assert 'id="why" name="why" type="text" value=""' in answer.text
    assert "usa-error-message" in answer.text or "usa-alert--error" in answer.text


def test_what_is_wrong_with_another_file_is_said_at_its_own_form(client_for: ClientFor, seeded: World) -> None:
    lead, address = client_for("lead"), f"/alpha/evidence/{seeded.alpha.evidence['file']}"
    newer = lead.post(f"{address}/file", data={"version": "1", "why": "A newer one"}).text
    assert 'id="file-error"' in newer.partition(f'action="{address}/file#content"')[2].partition("</form>")[0]
    assert 'name="why" maxlength="300" value="A newer one"' in newer
    edited = lead.post(
        address, data={"version": "1", "title": "A plan", "visibility": "internal", "why": "w" * 301}
    ).text
    assert edited.count('id="why-error"') == 1
    assert 'name="why" maxlength="300" value=""' in edited, "the reason stands in the form that it was typed into"
