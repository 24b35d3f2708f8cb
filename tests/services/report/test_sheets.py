"""A council summary has at most 8 sheets, however much is missing and however much the mayor says."""

from collections.abc import Collection
from dataclasses import replace

import pytest
from sqlmodel import Session, select

from app.adapters.pdf.report_job import report_job
from app.rules.report.foreword import TEXT_LIMIT, ForewordText, ReportForeword, check_foreword
from app.rules.report.page import ReportPage
from app.rules.report.parts import ReportParts
from app.rules.report.summary import MOST_SHEETS
from app.rules.review.moves import ResponseState
from app.services.report import content
from app.services.site import Site
from app.store.city import city_values, find_city
from app.store.database.engine import now
from app.store.report.reports import Report
from app.store.response import Response
from app.store.review import Verdict
from tests.adapters.pdf.test_layout import LONG_NAME, draw_emblem
from tests.printed_words import words_by_sheet
from tests.report_layout import list_layout_faults, read_sheets
from tests.services.report.test_counts import undone
from tests.web.test_report_figures import CODES, CORE, OTHERS

MET = {"0": [], "24": [*CORE, *OTHERS[:21]], "31, core open": [*CORE[1:], *OTHERS[:29]], "43": CODES}
LONGEST = "Decidimos con datos. " * (TEXT_LIMIT // 21)
LEFT_OUT = "No hay lugar aquí para los motivos de la persona revisora; están en el informe completo."


def decide_just(session: Session, city_id: int, assessment_id: int, met: Collection[str]) -> None:
    """Those are met. What was met and is not among them is found not met, with the reviewer's reason."""
    rows = {row.criterion: row for row in session.exec(select(Response).where(Response.city_id == city_id))}
    verdicts = {line.response_id: line for line in session.exec(select(Verdict).where(Verdict.city_id == city_id))}
    reviewer = next(iter(verdicts.values())).reviewer_id
    for code in CODES:
        row = rows.get(code) or Response(city_id=city_id, assessment_id=assessment_id, criterion=code)
        session.add(row)
        session.flush()
        verdict = verdicts.get(row.id)
        if code in met:
            row.state = ResponseState.DECIDED.value
            verdict = verdict or Verdict(city_id=city_id, response_id=row.id, decision="met", reviewer_id=reviewer)
            verdict.decision = "met"
            session.add(verdict)
        elif verdict and verdict.decision == "met":
            verdict.decision, verdict.reason = "not_met", "The plan is sound and nobody has adopted it yet. " * 4
    session.flush()


def build_summary(session: Session, site: Site, met: Collection[str]) -> ReportPage:
    """A summary in Spanish, which is the longer of the languages, with the longest foreword that may be typed."""
    row = find_city(session, "newark")
    assert row
    city = city_values(row)
    assessment_id = max(session.exec(select(Response.assessment_id).where(Response.city_id == city.id)))
    decide_just(session, city.id, assessment_id, met)
    asked = Report(
        city_id=city.id, assessment_id=assessment_id, number=9, language="es", audience="council", code="AAAA-BBBB-CCCC",
        parts=ReportParts(now().date()).write(), length="summary",
    )  # fmt: skip
    page = content.build_page(session, site, city, asked, "https://x.example/verify")
    said = check_foreword(ForewordText(LONGEST, "Ada Bell", "Alcaldesa"))
    return replace(page, foreword=ReportForeword(said.text, said.name, said.office))


@pytest.mark.parametrize("kind", MET)
def test_a_summary_has_at_most_eight_sheets(demo: Site, kind: str) -> None:
    with undone(demo) as session:
        page = build_summary(session, demo, MET[kind])
    assert page.figures.met == len(MET[kind])
    pdf = demo.pdf.make(report_job(page))
    sheets = words_by_sheet(pdf)
    assert 6 <= len(sheets) <= MOST_SHEETS
    assert kind != "0" or list_layout_faults(pdf) == []
    assert page.summary
    words = " ".join(sheets[3:])
    assert [task.code for group in page.summary.groups for task in group.tasks if task.code not in words] == []
    left_out = kind in ("0", "24")
    assert (LEFT_OUT in words) is left_out, "reasons of the greatest length give way last"
    assert ("nobody has adopted it" in words) is (kind != "43" and not left_out)


@pytest.mark.parametrize("has_emblem", [False, True])
def test_the_first_sheet_shows_as_many_decisions_as_fit_with_a_core_criterion_open(
    demo: Site, has_emblem: bool
) -> None:
    """What does not fit is counted there, and no quarter of the sheet is left free."""
    waiting = demo.edition("wwc-2022", "es").leaders_decide
    with undone(demo) as session:
        page = build_summary(session, demo, [code for code in CODES if code not in {*waiting, "DM1"}])
    name = LONG_NAME if has_emblem else page.city.name
    page = replace(page, foreword=None, city=replace(page.city, name=name, has_logo=has_emblem))
    assert (page.tone, page.summary is not None) == ("hold", True)
    pdf = demo.pdf.make(report_job(page, logo=draw_emblem((500, 100)) if has_emblem else b""))
    first, second = words_by_sheet(pdf)[:2]
    decisions = page.summary.decisions if page.summary else ()
    shown = [decision for decision in decisions if decision.text in first]
    assert 3 < len(shown) < len(decisions)
    assert shown == list(decisions[: len(shown)])
    assert f"{len(decisions) - len(shown)} decisiones más" in first
    assert "¿Cómo está cada criterio" in second, "what is said first has one sheet"
    assert read_sheets(pdf)[0].filled > 0.8
