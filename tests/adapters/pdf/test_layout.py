"""Reports looked at by program: nothing lies over anything, nothing stands where a printer does not print.

Forty kinds, with the summaries and the annex of the demo in tests/services/report.
"""

import io
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageDraw

from app.adapters.pdf.job import PdfJob
from app.adapters.pdf.maker import PdfMaker
from app.adapters.pdf.report_job import report_job
from app.rules.report.acting import SummaryTask
from app.rules.report.annex import AnnexCriterion, AnnexEvidence, AnnexRequest, DepartmentAnnex
from app.rules.report.chapter import ReportArea, ReportCriterion, ReportVerdict
from app.rules.report.foreword import ReportForeword
from app.rules.report.matrix import SummaryTile, TileState
from app.rules.report.page import ReportAward, ReportCity, ReportPage
from tests.report_layout import LEAST_FILLED, PrintedSheet, list_layout_faults, read_sheets
from tests.report_sample import hold, sample_page, sample_pdf

LONG_NAME = "Municipalidad Metropolitana de la Ciudad Heroica de San Fernando del Valle de Catamarca y Nuestra Señora del Socorro"
UNBROKEN_NAME = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"
EMBLEMS = {"none": None, "tall": (100, 500), "wide": (500, 100)}
COVERS = [*product([LONG_NAME, UNBROKEN_NAME, "Ica"], EMBLEMS, ["Letter"]), (LONG_NAME, "tall", "A4")]
"""Letter is the lower sheet: what fits it fits A4, of which one is tried."""
NO_BODY: dict[str, Any] = {"areas": (), "index": (), "gaps": (), "plan": None, "forecast": None, "method": ()}
"""What a cover does not need, and takes most of the time."""
COUNTS = {
    0: "Estimated: below the Silver range",
    24: "Estimated: Silver range",
    31: "",
    43: "Estimated: Platinum range",
}


@pytest.fixture(scope="module")
def maker() -> Iterator[PdfMaker]:
    pdf_maker = PdfMaker(seconds=120, memory_mb=1024)
    yield pdf_maker
    pdf_maker.close()


def draw_emblem(size: tuple[int, int]) -> bytes:
    picture, file = Image.new("RGB", size, "#7a1f3d"), io.BytesIO()
    ImageDraw.Draw(picture).ellipse((0, 0, size[0] - 1, size[1] - 1), fill="#f0c040")
    picture.save(file, "PNG")
    return file.getvalue()


def print_page(maker: PdfMaker, page: ReportPage, emblem: tuple[int, int] | None = None) -> bytes:
    return maker.make(report_job(page, logo=draw_emblem(emblem) if emblem else b""))


def dress_page(page: ReportPage, name: str, *, has_logo: bool) -> ReportPage:
    """The page of a city with everything that a cover may have to hold: an award, an outcome, answers carried over."""
    return replace(
        page,
        city=ReportCity(name, page.city.country, has_logo),
        assessment="Evaluación 2026-2027, con vista a la postulación de la primavera",
        award=ReportAward(
            "The program announced the Silver range for the city on February 26, 2025.",
            "https://www.example.org/announcements/2025/twenty-one-new-cities-and-what-they-do-with-data",
            "It is not known until when.",
            "Entered by the city, not checked by this app.",
        ),
        outcome=("Air: fine particles below the guide value.", "Whether it is still asked for is unknown.", "Source."),
    )


@pytest.mark.parametrize(("name", "emblem", "paper"), COVERS)
def test_a_cover_holds_every_name_and_emblem(maker: PdfMaker, name: str, emblem: str, paper: str) -> None:
    page = replace(hold(sample_page(paper=paper)), language="es", **NO_BODY)
    pdf = print_page(maker, dress_page(page, name, has_logo=emblem != "none"), EMBLEMS[emblem])
    assert [fault for fault in list_layout_faults(pdf) if fault.startswith("sheet 1:")] == []
    cover = " ".join(text.text for text in read_sheets(pdf)[0].texts)
    assert page.origin.verification_code in cover
    assert "certification" in cover.split("tool.")[-1]
    assert name.split()[-1][-12:] in cover


@pytest.mark.parametrize(("name", "emblem", "paper"), COVERS)
def test_one_page_holds_every_name_and_emblem(maker: PdfMaker, name: str, emblem: str, paper: str) -> None:
    page = replace(hold(sample_page(length="one-page", paper=paper)), language="es")
    pdf = print_page(maker, dress_page(page, name, has_logo=emblem != "none"), EMBLEMS[emblem])
    assert list_layout_faults(pdf) == []
    sheets = read_sheets(pdf)
    words = " ".join(text.text for text in sheets[0].texts)
    assert len(sheets) == 1
    assert page.origin.verification_code in words
    assert page.areas[-1].title in words.replace(" ", ""), "the last bar of the chart is cut off"
    assert name.split()[-1][-12:] in words


def meet(page: ReportPage, count: int) -> ReportPage:
    """The page of a city with so many criteria met; with 31 a core criterion is open."""
    page = hold(page) if count == 31 else replace(page, headline=COUNTS[count])
    figures = replace(page.figures, met=count, claimed=min(43, count + 3), met_percent=f"{count / 43:.2%}")
    results = tuple(replace(line, met=count) for line in page.results)
    return replace(page, figures=figures, results=results, gaps=page.gaps if count < 43 else ())


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("length", ["one-page", "full"])
def test_the_first_sheet_holds_every_count(maker: PdfMaker, length: str, count: int) -> None:
    page = meet(sample_page(length=length, paper="Letter"), count)
    pdf = print_page(maker, replace(page, **NO_BODY) if length == "full" else page)
    assert [fault for fault in list_layout_faults(pdf) if fault.startswith("sheet 1:")] == []
    assert f"{count} of 43" in " ".join(text.text for text in read_sheets(pdf)[0].texts)


def make_annex(name: str, tasks: int) -> DepartmentAnnex:
    """Of a department with so many criteria, all of them missing, each with a table as the reviewer's reason."""
    lines = tuple(
        AnnexCriterion(
            SummaryTile(f"DM{number}", "Run data strategy", TileState.NOT_MET, "Not met", name, core=number == 1),
            SummaryTask(
                f"DM{number}", "Run data strategy", number == 1, name, "March 1, 2027", True, "Not met yet.",
                "Please add:\nItem\tPage\nMinutes of March\t4", "Evidence.", "small",
            ),
            (AnnexEvidence("Notes of the data group, first quarter", "2026", "March 1, 2027"),) * 2,
            "March 1, 2027",
        )
        for number in range(1, tasks + 1)
    )  # fmt: skip
    requests = tuple(
        AnnexRequest(f"DM{number}", "- the minutes\n- the list", "", overdue=True) for number in range(tasks)
    )
    return DepartmentAnnex(name, "Criteria of this department.", lines, requests, (), ())


@pytest.mark.parametrize(("name", "tasks", "paper"), [("Finance", 0, "A4"), (LONG_NAME, 9, "Letter"), ("Ica", 3, "A4")])
def test_an_annex_holds_every_name_and_number_of_tasks(maker: PdfMaker, name: str, tasks: int, paper: str) -> None:
    page = replace(sample_page(length="annex", paper=paper), annex=make_annex(name, tasks))
    pdf = print_page(maker, dress_page(page, name, has_logo=True), EMBLEMS["tall"])
    assert list_layout_faults(pdf) == []


def test_text_over_text_is_seen(maker: PdfMaker) -> None:
    html = "<!doctype html><html lang=en><title>x</title><p>one<p{}>other"
    apart, over = html.format(""), html.format(" style='margin-top: -1.9em'")
    assert list_layout_faults(maker.make(PdfJob(apart, {}))) == []
    assert len(list_layout_faults(maker.make(PdfJob(over, {})))) == 1


def test_the_emblem_is_printed_in_its_box(maker: PdfMaker) -> None:
    page = replace(sample_page(length="one-page"), city=ReportCity("Ica", "PE", has_logo=True))
    with pdfium.PdfDocument(print_page(maker, page, EMBLEMS["tall"])) as document:
        left, bottom, right, top = next(
            part.get_bounds() for part in document[0].get_objects() if part.type == pdfium.raw.FPDF_PAGEOBJ_IMAGE
        )
    assert (right - left) * 5 == pytest.approx(top - bottom, rel=0.01)
    assert top - bottom <= 22 * 72 / 25.4 + 0.5


def name_states_long(area: ReportArea) -> ReportArea:
    label = "Cumplido (nuestra propia revisión)"
    return replace(area, criteria=tuple(replace(criterion, status_label=label) for criterion in area.criteria))


def name_owners_in_one_word(area: ReportArea) -> ReportArea:
    named = [replace(one, owner=UNBROKEN_NAME, person=UNBROKEN_NAME[::-1]) for one in area.criteria]
    return replace(area, criteria=tuple(named))


@pytest.mark.parametrize(("paper", "evidence"), [("Letter", 3), ("A4", 1)])
def test_a_full_report_fills_its_sheets(maker: PdfMaker, paper: str, evidence: int) -> None:
    """No text over text, nothing in the edge, and no sheet nearly empty but the last; with the longest word for a state."""
    page = sample_page(evidence=evidence, paper=paper)
    pdf = print_page(maker, replace(page, areas=tuple(map(name_states_long, page.areas))))
    sheets = read_sheets(pdf)
    assert len(sheets) > 30
    assert list_layout_faults(pdf) == []
    assert [sheet.number for sheet in sheets[:-1] if sheet.filled < LEAST_FILLED] == []


def test_a_name_in_one_long_word_pushes_nothing_off_the_sheet(maker: PdfMaker) -> None:
    page = sample_page(evidence=0, paper="A4")
    areas = tuple(map(name_owners_in_one_word, page.areas))
    pdf = print_page(maker, replace(page, areas=areas, index=(), gaps=(), plan=None, forecast=None))
    name_in_lines = f"one word a line: {UNBROKEN_NAME[:20]} / "
    assert [
        fault
        for fault in list_layout_faults(pdf)
        if name_in_lines not in fault and UNBROKEN_NAME[::-1][:9] not in fault
    ] == []
    with pdfium.PdfDocument(pdf) as document:
        words = "".join("".join(sheet.get_textpage().get_text_range().split()) for sheet in document)
    assert words.replace("\u200b", "").count(UNBROKEN_NAME) == 2 * 43, "in the table and beside the criterion"


def test_no_line_ends_with_the_dot_before_what_follows(maker: PdfMaker) -> None:
    with pdfium.PdfDocument(sample_pdf(maker, paper="Letter")) as document:
        lines = [line.rstrip() for sheet in document for line in sheet.get_textpage().get_text_range().splitlines()]
    assert any(line.startswith("·") for line in lines), "no line breaks at a dot, so this showed nothing"
    assert [line for line in lines if line.endswith("·")] == []


def test_the_head_of_a_sheet_says_area_and_criterion(maker: PdfMaker) -> None:
    """On each sheet that begins within an area: the area alone where it begins, else with the criterion that goes on."""
    sheets = read_sheets(sample_pdf(maker, paper="Letter"))
    heads = [max(sheet.texts, key=lambda text: text.top).text for sheet in sheets]
    areas = sample_page(paper="Letter").areas
    for area in areas:
        within = [head for head in heads if head.startswith(area.title)]
        going_on = [
            head
            for head in within
            if head.startswith(tuple(f"{area.title} · {c.code} {c.title}" for c in area.criteria))
        ]
        assert going_on, heads
    assert [head for head in heads if head.startswith(tuple(c.code for area in areas for c in area.criteria))] == []


@pytest.mark.parametrize("length", ["one-page", "full"])
def test_what_stands_in_three_ends_where_the_frame_above_ends(maker: PdfMaker, length: str) -> None:
    with pdfium.PdfDocument(sample_pdf(maker, length=length, paper="Letter")) as document:
        boxes = [part.get_bounds() for part in document[0].get_objects() if part.type == pdfium.raw.FPDF_PAGEOBJ_PATH]
    frame = max(right for left, _, right, _ in boxes if left > 20)
    thirds = [box for box in boxes if left_third(box, frame)]
    assert len(thirds) >= 2 if length == "one-page" else len(thirds) >= 1
    assert [box for box in thirds if box[2] != pytest.approx(frame, abs=1)] == []


def left_third(box: tuple[float, float, float, float], frame: float) -> bool:
    """Whether a box begins in the last third of the sheet and is as wide as one of three."""
    left, _, right, _ = box
    return left > frame * 0.64 and right - left > frame * 0.25


VERDICT = ReportVerdict("Met", "", "March 12, 2026", "R. Alvarez")


def test_no_sheet_begins_with_the_last_line_of_a_text(maker: PdfMaker) -> None:
    """Reasons of one paragraph more from criterion to criterion, so that sheets end at every place of one."""
    page = sample_page(1, paper="Letter")
    count = iter(range(200))

    def reason_at_length(criterion: ReportCriterion) -> ReportCriterion:
        lines = (*["The notes agree."] * (next(count) % 6 + 2), "Last words.")
        verdict = replace(criterion.verdict or VERDICT, reason="\n\n".join(lines))
        return replace(criterion, narrative=lines, verdict=verdict)

    areas = tuple(replace(area, criteria=tuple(map(reason_at_length, area.criteria))) for area in page.areas)
    pdf = print_page(maker, replace(page, areas=areas, index=()))
    firsts = [_first_line(sheet) for sheet in read_sheets(pdf)]
    assert any(line == "The notes agree." for line in firsts), "no sheet begins within a text, so this showed nothing"
    assert "Last words." not in firsts


def _first_line(sheet: PrintedSheet) -> str:
    """The highest below the running head."""
    body = [text for text in sheet.texts if text.top < sheet.height * 0.94]
    return max(body, key=lambda text: text.top).text


FOREWORDS = "Decidimos con datos. " * 85, "Decidimos con datos, y lo mostramos.", "\n".join(["Palabra."] * 20)


@pytest.mark.parametrize("text", FOREWORDS)
def test_a_foreword_fills_one_sheet_and_no_more(maker: PdfMaker, text: str) -> None:
    said = ReportForeword(
        text, LONG_NAME[:80], LONG_NAME[:80], "es", "In Spanish, the language in which it was written."
    )
    page = replace(sample_page(1, paper="Letter"), foreword=said, areas=(), index=())
    pdf = print_page(maker, page)
    assert not list_layout_faults(pdf)
    sheets = read_sheets(pdf)
    places = [sheet.number for sheet in sheets if any("Municipalidad" in part.text for part in sheet.texts)]
    assert places == [2]
    assert sheets[1].filled > LEAST_FILLED
