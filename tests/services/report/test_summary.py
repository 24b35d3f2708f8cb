"""The council summary of the demo: a reader who knows nothing finds the answers on its first three pages."""

import re
from dataclasses import replace
from html import escape
from io import BytesIO
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from docx.table import _Cell

from app.adapters.docx.summary import write_summary_docx
from app.adapters.pdf.report_html import render_report_html
from app.adapters.pdf.report_job import report_job
from app.adapters.translations import load_translator
from app.rules.city.naming import CityValues
from app.rules.report.page import ReportPage
from app.rules.report.parts import ReportAudience, ReportLength
from app.rules.report.schema import write_report_json
from app.rules.report.summary import ReportSummary
from app.services.account.sessions import today_in
from app.services.assessment.figures import compute_readiness
from app.services.assessment.overview import Overview, load_overview
from app.services.desk import Desk
from app.services.evidence.claims import list_claims
from app.services.report import content, making
from app.services.site import Site
from app.store.city import city_values, find_city
from app.store.people import find_person_by_email
from app.store.report.reports import Report, find_report
from app.web.cookies import SESSION_COOKIE
from tests.conftest import running
from tests.printed_words import words_by_sheet
from tests.report_layout import list_layout_faults
from tests.report_sample import broken_rules, hold
from tests.services.report.test_counts import read_docx
from tests.services.report.test_pasted import give_reasons
from tests.web.test_report_figures import plain
from tests.world import identify, sign_in

pytestmark = pytest.mark.usefixtures("files")  # reports no. 1 and 2, which `load_newark` looks up
LONG_NAME = "Municipalidad Metropolitana de la Ciudad Heroica de San Fernando del Valle de Catamarca y Nuestra Señora"

FIRST_PAGE: dict[str, Any] = {
    "headline": "Estimated: Silver range", "has_award": True, "has_high_head": False, "illustrative": True, "is_withholding": True,
}  # fmt: skip


@pytest.fixture(scope="module")
def files(demo: Site) -> dict[str, bytes]:
    return {
        language: making.make_report_file(demo, "newark", language, "summary", audience="council")
        for language in ("en", "es")
    }


@pytest.fixture(scope="module")
def papers(files: dict[str, bytes]) -> dict[str, list[str]]:
    """The words of each sheet, by language."""
    return {language: words_by_sheet(file) for language, file in files.items()}


def read_pages(paper: list[str], first: int = 1, last: int | None = None) -> str:
    """Their text with single blanks, as a reader sees it."""
    return " ".join(paper[first - 1 : last])


def load_newark(site: Site, language: str) -> tuple[CityValues, Overview, Report]:
    with site.database.reading() as session:
        row = find_city(session, "newark")
        assert row
        city = city_values(row)
        report = find_report(session, city.id, 1 if language == "en" else 2)
        assert report
        return city, load_overview(session, site, city, language), report


def load_page(site: Site, language: str) -> ReportPage:
    city, _, report = load_newark(site, language)
    with site.database.reading() as session:
        return content.build_page(session, site, city, report, "https://example.org/verify")


def load_summary(site: Site, language: str) -> ReportSummary:
    summary = load_page(site, language).summary
    assert summary
    return summary


@pytest.mark.parametrize("language", ["en", "es"])
def test_eight_questions_are_answered_on_the_first_three_pages(
    demo: Site, papers: dict[str, list[str]], language: str
) -> None:
    t, (_, seen, report) = load_translator(language), load_newark(demo, language)
    text, paper = read_pages(papers[language], 1, 3), papers[language]
    assert 6 <= len(paper) <= 8
    level = {"en": "Estimated: Silver range.", "es": "Estimación: rango Plata."}[language]
    certified = {
        "en": "Can it be certified? Nothing that we know stands against it",
        "es": "¿Se puede certificar? Nada que sepamos lo impide",
    }
    renew = {"en": "To renew: “Notes of the last two meetings", "es": "Para renovar: «Notes of the last two meetings"}[
        language
    ]
    changed = {
        "en": "This is the first report of this self-assessment.",
        "es": "En el resultado no cambió nada de lo que muestra este informe.",
    }
    assert level in text
    assert certified[language] in text
    risk = seen.next_drop
    assert risk
    assert t.say(risk) in text
    assert t.day(seen.timeline[0].day) in text
    assert renew in text
    assert changed[language] in text
    tile = re.search(r"DM6 (Begun|Empezado) (?:[^0-9]+?) Information Technology", text)
    assert tile, "who owns DM6"
    assert f"{report.code} " in f"{text} "
    asked = {"en": "Which decisions are asked for?", "es": "¿Qué decisiones se piden?"}[language]
    assert f"DM6 {seen.edition.criteria['DM6'].title}" in read_pages(paper, 1, 1).partition(asked)[2]
    with demo.database.reading() as session:
        row = find_city(session, "newark")
        assert row
        city = city_values(row)
        decisions = compute_readiness(session, demo, city, language, today_in(city)).decisions
    assert len(decisions) == 7
    assert [line.text for line in decisions if line.text not in text] == []


def test_every_figure_of_the_readiness_page_stands_in_the_summary(demo: Site, papers: dict[str, list[str]]) -> None:
    with demo.database.reading() as session:
        row = find_city(session, "newark")
        assert row
        city = city_values(row)
        now = compute_readiness(session, demo, city, "en", today_in(city))
    text, summary = read_pages(papers["en"]), load_summary(demo, "en")
    assert f"By our reviews {now.figures.verified} of {now.figures.total}, Silver range" in text
    assert f"{now.results.fresh.met} of {now.figures.total}, Silver range" in text
    assert {code for code, _, _ in _tiles(summary)} == {gap.code for gap in now.gaps} | {
        strength.code for strength in now.strengths
    } | {code for code, name, _ in _tiles(summary) if name == "Met"}
    assert sum(count for _, _, count in summary.legend) == now.figures.total
    assert {name: count for _, name, count in summary.legend}["Met"] == now.figures.verified
    for area in now.areas:
        assert f"{area.met} of {area.total} met" in text
    assert summary.missing == len(now.gaps)
    assert {task.code for group in summary.groups for task in group.tasks} == {gap.code for gap in now.gaps}
    assert "5 of the 6 criteria needed for the Gold range wait only for our own reviewer." in text


def test_the_first_page_takes_as_many_decisions_as_have_room_under_what_is_said_before(demo: Site) -> None:
    summary = load_summary(demo, "en")
    assert summary.count_first_decisions(**FIRST_PAGE) == len(summary.decisions) == 7
    assert summary.shared_unlock == "One of the 6 criteria needed for the Gold range."
    first, *others = summary.decisions
    different = replace(summary, decisions=(replace(first, unlocks="Core criterion. " * 40), *others))
    assert different.shared_unlock == ""
    long_risk = replace(summary, risk=replace(summary.risk, text=summary.risk.text * 3))
    counts = [each.count_first_decisions(**FIRST_PAGE) for each in (different, long_risk)]
    assert all(0 < count < 7 for count in counts), counts
    assert replace(summary, decisions=()).count_first_decisions(**FIRST_PAGE) == 0


def _tiles(summary: ReportSummary) -> list[tuple[str, str, str]]:
    return [(tile.code, tile.name, tile.owner) for area in summary.matrix for tile in area.tiles]


def test_what_is_missing_names_owner_date_reason_and_the_shortest_way(demo: Site) -> None:
    _, seen, _ = load_newark(demo, "en")
    groups = load_summary(demo, "en").groups
    assert [group.name for group in groups[:3]] == ["Our own reviewer", "Leadership", "Procurement"]
    tasks = {task.code: task for group in groups for task in group.tasks}
    for code, task in tasks.items():
        stand = seen.stand_of(code)
        assert task.owner == f"{stand.department}, {stand.person}"
        assert task.due == load_translator("en").day(seen.find_due_day(stand))
        assert task.way
        assert task.title == stand.criterion.title
    assert "a summary of findings" in tasks["DM7"].reason
    assert tasks["DM6"].way == seen.edition.leaders_decide["DM6"].text
    assert "threshold" in tasks["RDC2"].way


def test_what_to_renew_names_the_documents_their_owner_and_the_day(demo: Site, papers: dict[str, list[str]]) -> None:
    summary, text = load_summary(demo, "en"), read_pages(papers["en"])
    first = summary.renewals[0]
    assert (first.codes, first.drops) == (("DM1", "PA2"), True)
    assert [(line.codes, line.owner) for line in first.documents] == [
        (("DM1",), "Data and Analytics Office"),
        (("PA2",), "Office of the Mayor"),
    ]
    assert [line.codes for line in summary.risk.documents] == [("DM1",)]
    for line in summary.renewals:
        assert line.day in text
        assert [document.title for document in line.documents if document.title not in text] == []
    assert "EVAL2" in summary.later
    assert len(summary.months) == 13


def test_what_people_wrote_in_another_language_is_told_and_marked_as_that(demo: Site) -> None:
    """In a Spanish summary of a city that writes in English: titles of documents, and reasons on paper and in Word."""
    page = load_page(demo, "es")
    assert page.summary
    html = render_report_html(page)
    titles = [line.title for day in page.summary.renewals for line in day.documents]
    assert len(titles) > 5
    assert [title for title in titles if f'«<span lang="en">{title}</span>»' not in html] == []
    reasons = [task for group in page.summary.groups for task in group.tasks if task.reason]
    assert len(reasons) > 3
    assert html.count("<b>Motivo de la persona revisora (en inglés):</b> <span lang=") == len(reasons)
    word = write_summary_docx(page, page.summary)
    assert read_docx(word).count("Motivo de la persona revisora (en inglés):") == len(reasons)
    runs = [run for cell in read_cells(word) for told in cell.paragraphs for run in told.runs]
    spoken = {run.text: [mark.get(qn("w:val")) for mark in run._element.iter(qn("w:lang"))] for run in runs}
    assert [task.code for task in reasons if spoken.get(task.reason) != ["en"]] == []


def test_departments_and_partners_are_named_in_the_language_of_the_city(demo: Site) -> None:
    """In a Spanish report of a city that writes in English; what stands where there is none is Spanish."""
    page = load_page(demo, "es")
    summary = page.summary
    assert summary
    html = render_report_html(page)
    offices = {tile.owner for area in summary.matrix for tile in area.tiles} - {"sin dependencia todavía"}
    partners = {line.partner for line in summary.partners}
    assert (len(offices) > 5, len(partners) > 3) == (True, True)
    for name in offices | partners:
        shown = re.findall(rf"(.{{15}})[>·;] *{re.escape(escape(name))}", html)
        assert shown.count('<span lang="en"') == len(shown) > 0, (name, shown)
    word = write_summary_docx(page, summary)
    runs = [run for cell in read_cells(word) for told in cell.paragraphs for run in told.runs]
    marks = [(run.text, [mark.get(qn("w:val")) for mark in run._element.iter(qn("w:lang"))]) for run in runs]
    assert [mark for mark in marks if mark[0] in offices | partners and mark[1] != ["en"]] == []
    assert {text for text, _ in marks} >= offices | partners
    full = render_report_html(replace(page, length=ReportLength.FULL))
    owners = {criterion.owner for area in page.areas for criterion in area.criteria} - {""}
    assert [name for name in owners if f'<td data-label="Dependencia"><span lang="en">{escape(name)}' not in full] == []
    assert [name for name in owners if f'<span class="fact"><span lang="en">{escape(name)}' not in full] == []
    english = render_report_html(load_page(demo, "en"))
    assert ('lang="en"' in english.partition("<body")[2], "<span lang" in english) == (False, False)


def read_cells(word: bytes) -> list[_Cell]:
    return [cell for table in docx.Document(BytesIO(word)).tables for row in table.rows for cell in row.cells]


def test_the_first_page_for_the_public_counts_what_it_does_not_name(demo: Site) -> None:
    for language, said in (
        ("en", "44 pieces of evidence count and are not named here: internal 41, restricted 3."),
        ("es", "44 evidencias cuentan y no se nombran aquí: internas 41, restringidas 3."),
    ):
        file = making.make_report_file(demo, "newark", language, "summary")
        first = read_pages(words_by_sheet(file), 1, 1)
        assert said in first
        assert "RDC4" in first or "1 decisión más" in first, "the decisions have left the first page"
        assert list_layout_faults(file) == []


def test_word_and_web_say_what_the_paper_says_beside_its_texts(demo: Site, papers: dict[str, list[str]]) -> None:
    """Award, share, how many are not met, what is late, where the estimate falls, the levels, and the head of the history."""
    page = load_page(demo, "en")
    assert page.summary
    assert page.award
    spoken = {
        "paper": read_pages(papers["en"]),
        "word": " ".join(read_docx(write_summary_docx(page, page.summary)).split()),
    }
    for words in (
        page.award.said,
        page.award.source,
        f"Silver range ({page.figures.met_percent})",
        "19 criteria are not met.",
        "overdue",
        "Also asked: Community oversight board (example), Reentry support network (example).",
        "The estimate falls.",
        "It says nothing about a certification that the city holds.",
        "Silver range: from 22 criteria (51%); Gold range: from 30 criteria (68%); Platinum range: from 37 criteria (85%).",
        f"entry {page.origin.history_number}, {page.origin.history_hash}",
    ):
        assert [form for form, text in spoken.items() if words not in text] == [], words


def test_an_outcome_says_its_source_and_that_it_proves_nothing(demo: Site, papers: dict[str, list[str]]) -> None:
    summary, text = load_summary(demo, "en"), read_pages(papers["en"])
    assert [outcome.sentence for outcome in summary.outcomes] == [
        "Auto thefts went down by 36% in 2024.", "Homicides went down by 25% in 2024.", "Hotspots went down by 55%.",
    ]  # fmt: skip
    for outcome in summary.outcomes:
        assert outcome.notes[0].startswith("Source: City announcement, 26 February 2025 (published)")
        assert "The change is given as published; the source gives no values." in outcome.notes
        assert outcome.notes[-1] == "An example, not the city’s own submission."
        assert outcome.sentence in text
    assert "The period is not given." in summary.outcomes[2].notes
    assert "Not yet approved as a public sentence." in summary.outcomes[2].notes


def test_every_public_sentence_of_the_claims_stands_in_each_form(demo: Site, papers: dict[str, list[str]]) -> None:
    with demo.database.reading() as session:
        official = find_person_by_email(session, "official@newark.example")
    assert official
    who = identify(demo, official.id, "newark")
    with demo.database.reading() as session:
        claims = list_claims(Desk(session, demo, who)).lines
    page = load_page(demo, "en")
    assert page.summary
    with running(demo.settings) as client:
        client.cookies.set(SESSION_COOKIE, sign_in(demo, official.id))
        edition = client.get(f"/newark/reports/{load_newark(demo, 'en')[2].number}/page")
    assert edition.status_code == 200
    forms = {
        "paper": read_pages(papers["en"]),
        "web": plain(edition.text),
        "word": " ".join(read_docx(write_summary_docx(page, page.summary)).split()),
        "data": write_report_json(page).decode(),
    }
    sentences = [str(line.sentence) for line in claims]
    assert len(sentences) == 2
    assert {name for name, words in forms.items() for sentence in sentences if sentence not in words} == set()


def test_the_second_report_says_what_changed_since_the_first(demo: Site) -> None:
    changes = load_summary(demo, "es").changes
    assert changes[0].since.startswith("Desde el informe n.º 1 del ")
    assert changes[0].lines == ("En el resultado no cambió nada de lo que muestra este informe.",)
    assert changes[1].is_first


def test_a_summary_for_the_public_names_no_person_no_inside_title_and_no_reason(demo: Site) -> None:
    city, seen, report = load_newark(demo, "en")
    names = {stand.person for stand in seen.stands if stand.person and not stand.met}
    inside = [
        *names,
        "Notes of the last two meetings of the data governance group",
        "a summary of findings",
    ]
    texts = {}
    for audience in ReportAudience:
        report.audience = audience.value
        with demo.database.reading() as session:
            page = content.build_page(session, demo, city, report, "")
        texts[audience] = write_report_json(replace(page, areas=(), index=())).decode()
    assert len(names) > 3
    assert [text for text in inside if text in texts[ReportAudience.PUBLIC]] == []
    assert [text for text in inside if text not in texts[ReportAudience.COUNCIL]] == []
    assert "Internal evidence, no. " in texts[ReportAudience.PUBLIC]


@pytest.mark.parametrize("language", ["en", "es"])
def test_its_sheets_are_full_enough_nothing_lies_over_anything_and_no_rule_of_the_archive_is_broken(
    files: dict[str, bytes], language: str
) -> None:
    assert list_layout_faults(files[language]) == []
    assert broken_rules(files[language]) == []


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize("kind", ["nothing missing", "core open", "pasted tables and a long name"])
def test_every_kind_of_summary_lies_well(demo: Site, kind: str) -> None:
    page = load_page(demo, "es")
    assert page.summary
    kinds = {
        "nothing missing": replace(
            page, summary=replace(page.summary, groups=(), renewals=(), decisions=(), partners=(), outcomes=())
        ),
        "core open": hold(page),
        "pasted tables and a long name": replace(
            give_reasons(page), city=replace(page.city, name=LONG_NAME), paper="A4"
        ),
    }
    assert list_layout_faults(demo.pdf.make(report_job(kinds[kind]))) == []
