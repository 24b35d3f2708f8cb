"""Reports: numbered, frozen, asked for twice and made once, checked by their code, and honest when they cannot be made."""

import errno
import hashlib
import html
import json
import re
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import docx
import pytest
from sqlmodel import select, update

from app.adapters.pdf.child import PdfResult
from app.adapters.pdf.maker import WHY_NOT, PdfMaker
from app.adapters.storage.file_store import named_errors
from app.adapters.translations import load_translator
from app.rules.errors import Invalid
from app.services.report import making
from app.services.site import Site
from app.store.history import events
from app.store.job import Job
from app.store.report import reports
from app.store.report.reports import Report
from tests import world
from tests.conftest import ClientFor
from tests.letter_box import letter_box
from tests.printed_words import words_by_sheet
from tests.world import World


def ask(client: object, language: str = "en", length: str = "one-page") -> str:
    """Ask for a report; returns the address of its page."""
    answer = client.post("/alpha/reports", data={"language": language, "length": length})  # type: ignore[attr-defined]
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def test_a_report_is_made_kept_and_says_what_the_page_says(client_for: ClientFor, site: Site, seeded: World) -> None:
    official = client_for("official")
    page = ask(official)
    assert "Waiting for its turn" in official.get(page).text
    world.run_jobs(site)
    ready = official.get(page).text
    assert "Download the PDF" in ready
    pdf = official.get(page + "/file")
    assert pdf.headers["content-type"] == "application/pdf"
    assert hashlib.sha256(pdf.content).hexdigest() in ready
    text = " ".join(words_by_sheet(pdf.content))
    assert "found 2 of 43 criteria met" in text
    assert "found 2 of 43 criteria met" in official.get("/alpha/readiness").text


def test_the_waiting_page_is_loaded_whole_once_the_report_is_made(
    client_for: ClientFor, site: Site, seeded: World
) -> None:
    office, asked = client_for("reviewer"), {"HX-Request": "true"}
    page = ask(office)
    waiting = office.get(page, headers=asked)
    assert "Waiting for its turn" in waiting.text
    assert "hx-get" in waiting.text
    assert "<h1" not in waiting.text
    world.run_jobs(site)
    made = office.get(page, headers=asked)
    assert (made.status_code, made.headers["hx-redirect"], made.text) == (204, page, "")
    whole = office.get(page).text
    assert [part for part in ("Download the PDF", 'id="mail"', 'id="keeping"') if part not in whole] == []


def test_nothing_new_gives_the_same_report_and_a_change_gives_a_new_one(
    client_for: ClientFor, site: Site, seeded: World
) -> None:
    official, lead = client_for("official"), client_for("lead")
    first = ask(official)
    world.run_jobs(site)
    assert ask(official) == first + "?done=report-kept"
    assert ask(official, language="es") != first
    lead.post("/alpha/criteria/LC6/narrative", data={"narrative": "Something new.", "narrative_version": "0"})
    assert ask(official) not in {first, first + "?done=report-kept"}


def test_a_frozen_report_stays_as_it_was_when_the_record_goes_on(
    client_for: ClientFor, site: Site, seeded: World
) -> None:
    official, lead = client_for("official"), client_for("lead")
    page = ask(official)
    world.run_jobs(site)
    before = official.get(page + "/file").content
    lead.post("/alpha/criteria/LC6/narrative", data={"narrative": "Later words.", "narrative_version": "0"})
    world.run_jobs(site)
    assert official.get(page + "/file").content == before


def test_anyone_with_the_code_can_check_an_internal_report_and_learns_nothing_else(
    client_for: ClientFor, site: Site, seeded: World
) -> None:
    official = client_for("official")
    form = {"language": "en", "length": "one-page", "audience": "internal"}
    page = official.post("/alpha/reports", data=form).headers["location"]
    world.run_jobs(site)
    with site.database.reading() as session:
        made = reports.find_report(session, seeded.alpha.id, int(page.rsplit("/", 1)[1]))
    assert made
    official.cookies.clear()
    public = official.get(f"/verify/{made.code}")
    assert public.status_code == 200
    assert made.sha256 in public.text
    assert "Alpha City" in public.text
    assert json.loads(made.stated)["headline"] not in public.text
    assert "2 of 43" not in public.text
    assert official.get("/verify/AAAA-BBBB-CCCC").status_code == 404


def test_the_record_s_end_is_printed_on_the_report(client_for: ClientFor, site: Site, seeded: World) -> None:
    page = ask(client_for("official"))
    world.run_jobs(site)
    with site.database.reading() as session:
        made = reports.find_report(session, seeded.alpha.id, int(page.rsplit("/", 1)[1]))
        assert made
        chain = events.list_chain(session, seeded.alpha.id)
        pdf = b"".join(site.storage.open(made.file_key or ""))
    text = words_by_sheet(pdf)[0]
    assert chain[made.history_number - 1].hash == made.history_head
    assert made.history_head[:16] in text
    assert [event.verb for event in chain[-2:]] == ["report_requested", "report_made"]


def test_restricted_evidence_leaves_no_trace_in_the_report(client_for: ClientFor, site: Site, seeded: World) -> None:
    page = ask(client_for("official"), length="full")
    world.run_jobs(site)
    with site.database.reading() as session:
        made = reports.find_report(session, seeded.alpha.id, int(page.rsplit("/", 1)[1]))
        assert made
        pdf = b"".join(site.storage.open(made.file_key or ""))
    text = " ".join(words_by_sheet(pdf))
    assert "Restricted evidence" in text
    assert "Names of informants" not in text
    assert "Names of informants" not in made.content


def test_a_report_that_cannot_be_made_says_so_in_its_own_language(
    client_for: ClientFor, site: Site, seeded: World
) -> None:
    official = client_for("official")
    page = ask(official, language="es")

    site.__dict__["pdf"] = PdfMaker(seconds=60, memory_mb=24)  # far too little to lay out anything
    world.run_jobs(site)
    too_little = WHY_NOT[PdfResult.NO_ROOM_TO_START]
    assert load_translator("es").say(too_little) != str(too_little)
    assert load_translator("es").say(too_little) in official.get(page).text
    with site.database.reading() as session:
        assert session.exec(select(Job.state)).all()[-1] == "failed"
        assert session.exec(select(Report.state).where(Report.language == "es")).one() == "failed"


def test_a_report_that_takes_too_much_names_the_longest_texts_and_can_be_made_with_them_shortened(
    client_for: ClientFor, site: Site, seeded: World
) -> None:
    official, lead = client_for("official"), client_for("lead")
    text = "Word by word. " * 200
    lead.post("/alpha/criteria/LC6/narrative", data={"narrative": text, "narrative_version": "0"})
    page = ask(official, length="full")
    with site.database.writing() as session:
        session.exec(update(Report).values(audience="internal"))
    makers = site.pdf
    site.__dict__["pdf"] = PdfMaker(seconds=60, memory_mb=24)
    world.run_jobs(site)
    site.__dict__["pdf"] = makers
    failed = official.get(page).text
    assert failed.index('href="/alpha/criteria/LC6#narrative-title"') < failed.index("2800 characters")
    again = official.post(f"{page}/again", data={"shortened": "1"}).headers["location"]
    world.run_jobs(site)
    ready = official.get(again)
    assert "long texts shortened for print" in official.get("/alpha/readiness").text
    assert "Download the PDF" in ready.text
    printed = read(official, again)
    assert "Shortened for print; the whole text is in the app." in printed
    assert 50 < printed.count("Word by word.") < 150


def test_a_report_that_waits_says_how_many_come_before(client_for: ClientFor, seeded: World) -> None:
    official = client_for("official")
    first, second = ask(official), ask(official, length="full")
    assert "before yours" not in official.get(first).text
    assert "1 report before yours" in official.get(second).text


def test_the_content_of_a_report_is_kept_beside_the_file(client_for: ClientFor, site: Site, seeded: World) -> None:
    page = ask(client_for("official"))
    world.run_jobs(site)
    with site.database.reading() as session:
        made = reports.find_report(session, seeded.alpha.id, int(page.rsplit("/", 1)[1]))
    assert made
    assert json.loads(made.content)["figures"]["met"] == 2


def test_the_command_line_makes_the_same_report(site: Site, seeded: World) -> None:
    pdf = making.make_report_file(site, "alpha", "es", "full")
    assert making.make_report_file(site, "alpha", "es", "full") == pdf
    assert "2 de 43" in words_by_sheet(pdf)[0]


def read(client: object, page: str) -> str:
    """The text of a report that is ready."""
    pdf = client.get(page.split("?")[0] + "/file").content  # type: ignore[attr-defined]
    return " ".join(words_by_sheet(pdf))


def test_the_method_names_the_public_sources_and_how_many_criteria_they_speak_of(
    client_for: ClientFor, site: Site, seeded: World
) -> None:
    lead = client_for("lead")
    page = ask(lead, length="full")
    world.run_jobs(site)
    text = read(lead, page)
    assert "Public source: What Works Cities, page about the assessment" in text
    assert "speaks of 43 criteria, seen on November 28, 2026." in text


def test_forecast_and_plan_are_in_the_report_when_asked_for_and_only_then(
    client_for: ClientFor, site: Site, seeded: World
) -> None:
    official = client_for("official")
    plain = ask(official, length="full")
    form = {"language": "en", "length": "full", "forecast": "1", "scenario": str(seeded.alpha.scenario_id)}
    ahead = official.post("/alpha/reports", data=form).headers["location"]
    assert ahead != plain, "a report with more in it is another report"
    world.run_jobs(site)
    text = read(official, ahead)
    assert "What to renew next" in text
    assert "The plan: Silver by summer" in text
    assert "hand in by June 16, 2027" in text
    assert "A plan is not a result." in text
    assert "The plan: Silver" not in read(official, plain)
    assert "What to renew next" not in read(official, plain)
    assert "with the forecast" in official.get("/alpha/readiness").text
    assert official.post("/alpha/reports", data=form).headers["location"] == ahead + "?done=report-kept"


def test_a_plan_that_is_not_shared_cannot_be_asked_for_by_an_official(
    client_for: ClientFor, site: Site, seeded: World
) -> None:
    client_for("reviewer").post(f"/alpha/planning/scenarios/{seeded.alpha.scenario_id}/share", data={"version": "1"})
    form = {"language": "en", "length": "full", "scenario": str(seeded.alpha.scenario_id)}
    answer = client_for("official").post("/alpha/reports", data=form)
    assert answer.status_code == 422
    assert "Choose one of the scenarios." in answer.text
    beta = form | {"scenario": str(seeded.beta.scenario_id)}
    assert client_for("reviewer").post("/alpha/reports", data=beta).status_code == 422


def test_a_summary_that_is_ready_is_taken_as_a_word_file_too_and_no_other_report(
    client_for: ClientFor, site: Site, seeded: World
) -> None:
    official = client_for("official")
    page, other = ask(official, length="summary"), ask(official)
    assert official.get(page + "/document").status_code == 409
    world.run_jobs(site)
    assert "Download as a Word file" in official.get(page).text
    assert "Download as a Word file" not in official.get(other).text
    file = official.get(page + "/document")
    assert file.status_code == 200
    assert file.headers["content-disposition"].endswith('-en-summary.docx"')
    words = " ".join(paragraph.text for paragraph in docx.Document(BytesIO(file.content)).paragraphs)
    assert "Where do we stand, and what must be decided?" in words
    assert official.get(page + "/document").content == file.content
    assert official.get(other + "/document").status_code == 409


def test_all_reports_stand_in_portions_and_can_be_narrowed(client_for: ClientFor, site: Site, seeded: World) -> None:
    about: dict[str, Any] = {"city_id": seeded.alpha.id, "assessment_id": seeded.alpha.assessment_id, "file_key": "x"}
    with site.database.writing() as session:
        for number in range(2, 61):
            language, audience = ("es", "council") if number % 10 == 0 else ("en", "public")
            kind: dict[str, Any] = {"length": "one-page", "language": language, "audience": audience}
            session.add(Report(**about, **kind, number=number, code=f"N-{number}", state="ready"))
    official = client_for("official")
    assert numbers_on(official.get("/alpha/readiness").text) == list(range(60, 50, -1))
    seen, address = list[int](), "/alpha/reports"
    while address:
        text = official.get(address).text
        seen += numbers_on(text)
        older = re.search(r'href="(/alpha/reports\?[^"]*)" rel="next"', text)
        address = html.unescape(older[1]) if older else ""
    assert seen == list(range(60, 0, -1))
    assert numbers_on(official.get("/alpha/reports?language=es&audience=council").text) == [60, 50, 40, 30, 20, 10]
    assert numbers_on(official.get("/alpha/reports?length=full").text) == [1]
    assert numbers_on(official.get("/alpha/reports?length=none&before=x").text) == list(range(60, 35, -1))


def numbers_on(text: str) -> list[int]:
    return [int(number) for number in re.findall(r'href="/alpha/reports/(\d+)"', text)]


def test_a_saved_plan_is_added_on_the_command_line_and_one_that_is_not_there_is_refused(
    site: Site, seeded: World
) -> None:
    pdf = making.make_report_file(site, "alpha", "en", "one-page", scenario=seeded.alpha.scenario_id)
    assert "The plan: Silver by summer" in words_by_sheet(pdf)[0]
    with pytest.raises(Invalid, match="no saved plan"):
        making.make_report_file(site, "alpha", "en", "one-page", scenario=seeded.beta.scenario_id)


def test_before_a_report_is_made_the_page_says_that_nobody_else_can_open_its_address(
    client_for: ClientFor, site: Site, seeded: World
) -> None:
    official = client_for("official")
    app: Any = official.app
    for address, warned in (("http://localhost:8000", True), ("https://ready.example", False)):
        app.state.site.settings = site.settings.model_copy(update={"public_url": address})
        assert ("it opens on this server only" in official.get("/alpha/readiness").text) is warned


def test_a_full_disk_is_told_as_one(client_for: ClientFor, site: Site, seeded: World) -> None:
    def put(*_: object) -> None:
        with named_errors():
            raise OSError(errno.ENOSPC, "No space left on device")

    official = client_for("official")
    page = ask(official)
    site.__dict__["storage"] = SimpleNamespace(put=put, open=site.storage.open)
    world.run_jobs(site)
    assert "There is no room left on the server’s disk" in official.get(page).text


def test_a_report_is_mailed_from_its_page_by_the_office_and_a_wrong_address_keeps_what_was_typed(
    client_for: ClientFor, site: Site, seeded: World
) -> None:
    office = client_for("reviewer")
    page = ask(office)
    world.run_jobs(site)
    assert "No mail server is set here" in office.get(page).text
    own_site = office.app.state.site  # type: ignore[attr-defined]
    address = own_site.settings.public_url
    with letter_box(own_site) as box:
        own_site.settings = own_site.settings.model_copy(update={"public_url": address})  # its cookies stay good
        wrong = office.post(f"{page}/mail", data={"addresses": "clerk@city.example nobody", "staff": "1"})
        assert (wrong.status_code, "clerk@city.example nobody" in wrong.text) == (422, True)
        assert "“nobody” is not an e-mail address." in wrong.text
        sent = office.post(f"{page}/mail", data={"addresses": "clerk@city.example"})
        assert sent.status_code == 303, sent.text
        world.run_jobs(own_site)
        assert len(box.to("clerk@city.example")) == 1
    assert "clerk@city.example: sent" in " ".join(office.get(page).text.split())
    assert "clerk@city.example" not in client_for("lead").get(page).text
