"""A report to lay out: the size and the mix of a real one, every word of it invented."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from page import validate_pdf_bytes

from app.adapters.pdf.maker import PdfMaker
from app.adapters.pdf.report_job import report_job
from app.rules.report.chapter import (
    ChecklistLine,
    EvidenceLine,
    IndexEntry,
    ReportArea,
    ReportCriterion,
    ReportVerdict,
)
from app.rules.report.page import (
    ForecastLine,
    LevelDistance,
    PlanStep,
    ReportCity,
    ReportCoreLine,
    ReportEdition,
    ReportFigures,
    ReportForecast,
    ReportGap,
    ReportLevel,
    ReportOrigin,
    ReportOutlook,
    ReportPage,
    ReportPlan,
    ReportResult,
    ReportStrength,
)
from app.rules.report.parts import ReportAudience
from app.rules.scoring.results import CoreState
from app.settings import ROOT

MET_BY_AREA = {"DM": 5, "LC": 5, "OD": 3, "PA": 3, "BF": 2, "RDC": 2, "CI": 2, "EVAL": 2}
"""24 of 43 with every core criterion among them."""

STATUS_WORDS = {
    "met": "Met", "open": "In progress", "submitted": "With the reviewer", "changes_asked": "Changes requested", "not_met": "Not met",
}  # fmt: skip

WORDS = (
    "The data office and the departments meet every second month to agree who keeps which records, who may see them and how "
    "errors are put right. Notes of each meeting are kept where every department finds them, with the names of those who "
    "follow up. In the past year the group settled eleven questions, among them how addresses are written and who answers "
    "requests from residents. Two departments changed their forms because of it, and the time to answer a request fell from "
    "nine days to four. The next step is to bring the smaller departments in, which have no one for this work so far; the "
    "budget for the coming year has a place for that."
)

Text = Callable[[str], str]


def sample_page(
    evidence: int = 3, length: str = "full", paper: str = "A4", text: Text = lambda words: words
) -> ReportPage:
    """24 of 43 met, a narrative of about 120 words and `evidence` pieces for each criterion; `text` changes every text that a person writes."""
    areas = tuple(_areas(evidence, text))
    criteria = [criterion for area in areas for criterion in area.criteria]
    return ReportPage(
        city=ReportCity(text("Newark"), "US"),
        language="en",
        length=length,
        audience=ReportAudience.PUBLIC,
        audience_name="The public",
        is_draft=False,
        paper=paper,
        illustrative=True,
        assessment=text("Assessment 2026"),
        edition=ReportEdition("wwc-2022", "43-criteria standard, in force since August 2022 (as seen May 2026)", "Drawn from public pages."),
        origin=ReportOrigin(3, "2026-05-18", "May 18, 2026", "K7QX-2M4D", "http://127.0.0.1:8000/newark/reports/K7QX-2M4D", 412, "9f2c1b7ae04d"),
        headline="Estimated: Silver range",
        answer="Our own review found 24 of 43 criteria met. All core criteria are met. 6 more criteria for the Gold range.",
        level_by_count="silver",
        tone="plain",
        still_fresh=24,
        core=tuple(ReportCoreLine(one.code, one.title, CoreState.MET, "Met (our own review)") for one in criteria if one.core),
        figures=ReportFigures(24, 27, 38, 43, "55.81 %"),
        levels=(ReportLevel("Silver range", 22, 51), ReportLevel("Gold range", 30, 68), ReportLevel("Platinum range", 37, 85)),
        distance=LevelDistance("the Gold range", 6, 68),
        strengths=tuple(ReportStrength(one.code, one.title, text("Verified with evidence of the past year.")) for one in criteria[:3]),
        gaps=tuple(_gap(one, text) for one in criteria if one.status != "met"),
        areas=areas,
        index=tuple(IndexEntry(line, (one.code,)) for one in criteria for line in one.evidence),
        method=(text("One point for each criterion that the city's reviewer found met, none for any other."),),
        notice=(
            "Independent preparation tool. Not made, endorsed or checked by Bloomberg Philanthropies, Results for America or "
            "the program. Levels shown are the city's own estimate; only the program grants certification.",
        ),
        results=(
            ReportResult("By our reviews", 24, 43, "Silver range", is_aged=False),
            ReportResult("Still fresh on May 18, 2026", 24, 43, "Silver range", is_aged=False),
        ),
        outlook=ReportOutlook((), (text("By the dates that are known, no level is lost if nothing is renewed."),)),
        carried=text("31 answers were carried over."),
        forecast=ReportForecast(
            (
                text(
                    "If nothing is renewed: on March 1, 2027 your estimate falls from the Silver range to not certifiable, because "
                    "evidence for DM1 is too old then. Renewing 3 documents keeps it."
                ),
            ),
            tuple(ForecastLine(f"March {day}, 2027", "DM1, PA2", text("22 of 43 count then.")) for day in range(1, 9)),
            "DM2", "LC1, LC2",
        ),
        plan=ReportPlan(
            text("Gold by spring"), "Gold range by March 1, 2027", "Estimated: Gold range.",
            tuple(PlanStep(one.code, one.title, text("Finance"), "small", "January 4, 2027", "February 15, 2027") for one in criteria),
        ),
    )  # fmt: skip


@cache
def _read_yaml(file: Path) -> Any:
    return yaml.safe_load(file.read_text())


def _areas(evidence: int, text: Text) -> list[ReportArea]:
    edition = _read_yaml(ROOT / "criteria/wwc-2022/edition.yml")
    areas: list[ReportArea] = []
    for about in edition["areas"]:
        met = MET_BY_AREA[about["prefix"]]
        first = sum(len(area.criteria) for area in areas)
        criteria = tuple(
            _criterion(ROOT / f"criteria/wwc-2022/{about['id']}/{code}.yml", place, place < met, first, evidence, text)
            for place, code in enumerate(about["criteria"])
        )
        areas.append(ReportArea(about["id"], about["title"], about["about"], met, met + 1, len(criteria), criteria))
    return areas


def _criterion(file: Path, place: int, met: bool, first: int, evidence: int, text: Text) -> ReportCriterion:
    read = _read_yaml(file)
    status = "met" if met else ("open", "submitted", "changes_asked", "not_met")[place % 4]
    verdict = None
    if status in ("met", "not_met", "changes_asked"):
        verdict = ReportVerdict(
            "Met" if met else "Changes requested",
            text("The notes and the table of roles agree with each other."),
            "March 12, 2026",
            text("R. Alvarez"),
        )
    return ReportCriterion(
        code=read["code"],
        title=read["title"],
        statement=read["statement"],
        core=read["core"],
        status=status,
        status_label=STATUS_WORDS[status],
        self_rating="Met" if met else "Not met",
        verdict=verdict,
        checklist=tuple(ChecklistLine(text(item["text"]), met or row == 0, met or row == 0) for row, item in enumerate(read["checklist"])),
        checklist_needed=read["needed"],
        narrative=(text(WORDS),),
        narrative_cut=False,
        evidence=tuple(_evidence((first + place) * evidence + row + 1, row, text) for row in range(evidence)),
    )  # fmt: skip


def _evidence(number: int, row: int, text: Text) -> EvidenceLine:
    kind = ("File", "Link", "Figure")[row % 3]
    return EvidenceLine(
        number=number,
        kind=kind,
        title=text(("Notes of the data group, first quarter", "Open data portal, catalog", "Auto thefts in the city")[row % 3]),
        period=("January to March 2026", "2025", "2024 against 2023")[row % 3],
        source=text(("Data office", "Office of innovation", "Announcement of the city, February 26, 2025")[row % 3]),
        pointer=text("pages 2 to 4") if row % 3 == 0 else "",
        figure=text("36 % fewer (change as published)") if kind == "Figure" else "",
        visibility="Public",
        restricted=number % 17 == 0,
        address=text("https://data.example.org/catalog/group-notes") if kind == "Link" else "",
    )  # fmt: skip


def _gap(one: ReportCriterion, text: Text) -> ReportGap:
    return ReportGap(
        one.code,
        one.title,
        text("Not met yet."),
        tuple(line.text for line in one.still_open)[:2],
        one.core,
        "medium",
    )


def report_pdf(maker: PdfMaker, page: ReportPage) -> bytes:
    """The page as it is printed: characters replaced, fonts added."""
    return maker.make(report_job(page))


def sample_pdf(maker: PdfMaker, **options: Any) -> bytes:
    """What is printed of `sample_page(**options)`, made once for all that look at it."""
    page = sample_page(**options)
    if page not in _printed:
        _printed[page] = report_pdf(maker, page)
    return _printed[page]


_printed: dict[ReportPage, bytes] = {}


def hold(page: ReportPage) -> ReportPage:
    """The same city with one core criterion open: nothing can be certified, whatever the count."""
    core = (replace(page.core[0], state=CoreState.NOT_MET, name="Not met yet"), *page.core[1:])
    return replace(
        page, tone="hold", core=core, headline="Not certifiable yet: by count in the Silver range",
        answer="Our own review found 24 of 43 criteria met. Core criterion still open: DM1. 6 more criteria for the Gold range.",
    )  # fmt: skip


RULES = {"ua1": 104, "3a": 156}
"""How many rules of PDF/UA-1 and of PDF/A-3a the validator looks at."""


def broken_rules(pdf: bytes) -> list[str]:
    """What the file breaks of both standards."""
    reports = [validate_pdf_bytes(pdf, profile=profile) for profile in RULES]
    assert [report.rules.total for report in reports] == list(RULES.values())
    return [f"{failure.rule_id}: {failure.message}" for report in reports for failure in report.failures]
