"""A department's own annex: who may make one, and that it holds nothing of another department."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from app.rules.errors import Invalid, NotAllowed
from app.rules.report.annex import NO_CRITERION, DepartmentAnnex, count_annex
from app.rules.report.page import ReportPage
from app.rules.report.schema import write_report_json
from app.services.assessment.overview import Overview, load_overview
from app.services.desk import Desk
from app.services.report import content, making, reports
from app.services.report.annex import find_annex_department, list_annex_departments
from app.services.site import Site
from app.store.city import city_values, find_city, list_departments
from app.store.report.reports import Report, find_report
from tests.conftest import WhoIs
from tests.report_layout import list_layout_faults
from tests.report_sample import broken_rules
from tests.world import World


def load_annex(site: Site, department: str, audience: str = "council") -> tuple[ReportPage, DepartmentAnnex, Overview]:
    with site.database.reading() as session:
        row = find_city(session, "newark")
        assert row
        city, ids = city_values(row), {each.name: each.id for each in list_departments(session, row.id)}
        asked = Report(
            city_id=city.id, assessment_id=1, number=1, language="en", length="annex", code="AAAA-BBBB-CCCC",
            audience=audience, department_id=ids[department],
        )  # fmt: skip
        page = content.build_page(session, site, city, asked, "https://example.org/verify")
        assert page.annex
        return page, page.annex, load_overview(session, site, city, "en")


def test_it_holds_the_criteria_of_the_department_with_what_is_missing_and_when_evidence_expires(demo: Site) -> None:
    page, annex, seen = load_annex(demo, "Data and Analytics Office")
    mine = [stand for stand in seen.stands if stand.department == "Data and Analytics Office"]
    assert [line.tile.code for line in annex.criteria] == [stand.code for stand in mine]
    assert [task.code for task in annex.missing] == [stand.code for stand in mine if not stand.met]
    assert annex.said == "Criteria of this department: 11; met by our own review: 8."
    assert page.sentence == f"Data and Analytics Office. {annex.said}"
    expiring = {line.tile.code: line.expires for line in annex.criteria if line.expires}
    assert expiring["DM1"] == "March 31, 2027"
    pieces = {
        piece.title: piece.expires for line in annex.criteria if line.tile.code == "DM1" for piece in line.evidence
    }
    assert pieces["Notes of the last two meetings of the data governance group"] == "March 31, 2027"
    assert [(line.codes, [document.codes for document in line.documents]) for line in annex.renewals] == [
        (("DM1",), [("DM1",)]), (("DM2",), [("DM2",)]),
    ]  # fmt: skip
    assert [(line.code, bool(line.text)) for line in annex.requests] == [("DM9", True)]


def test_it_holds_nothing_of_another_department_not_even_in_its_data(demo: Site) -> None:
    page, _, seen = load_annex(demo, "Information Technology")
    others = [stand for stand in seen.stands if stand.department != "Information Technology"]
    data = write_report_json(page).decode()
    assert {line.code for area in page.areas for line in area.criteria} == {"DM5", "DM6", "PA4"}
    titles = [stand.criterion.title for stand in others]
    core = {line.title for line in page.core}
    assert [title for title in titles if title in data and title not in core] == []
    assert len(titles) > 30


def test_an_annex_for_the_public_says_no_request_no_reason_and_no_inside_title(demo: Site) -> None:
    _, annex, _ = load_annex(demo, "Data and Analytics Office", "public")
    assert [line.text for line in annex.requests] == [""]
    assert {task.reason for task in annex.missing} == {""}
    titles = [piece.title for line in annex.criteria for piece in line.evidence]
    assert "Notes of the last two meetings of the data governance group" not in titles
    assert "Internal evidence" in titles


@pytest.mark.parametrize("department", ["Human Resources", "Information Technology", "Procurement"])
def test_what_it_counts_and_does_not_name_is_the_departments_own(demo: Site, department: str) -> None:
    page, annex, _ = load_annex(demo, department, "public")
    inside = {
        (entry.evidence.number, entry.evidence.title)
        for entry in page.index
        if entry.evidence.title in ("Internal evidence", "Restricted evidence")
    }
    named = sum(not piece.told for line in annex.criteria for piece in line.evidence)
    assert 0 < len(inside) <= named < 44
    assert page.withheld.startswith(f"{len(inside)} piece")


def test_its_pdf_answers_its_three_questions(demo: Site) -> None:
    with demo.database.reading() as session:
        row = find_city(session, "newark")
        assert row
        ids = {each.name: each.id for each in list_departments(session, row.id)}
    department = ids["Information Technology"]
    file = making.make_report_file(demo, "newark", "en", "annex", audience="council", department_id=department)
    assert (list_layout_faults(file), broken_rules(file)) == ([], [])
    paper = PdfReader(BytesIO(file))
    text = " ".join(" ".join(page.extract_text() for page in paper.pages).split())
    for words in (
        "Information Technology",
        "What is missing, and by when? 2",
        "No request waits for this department.",
        "DM6",
    ):
        assert words in text
    with demo.database.reading() as session:
        kept = find_report(session, row.id, 1)
        assert kept
        assert (kept.department_id, kept.sentence[:22]) == (department, "Information Technology")


def test_the_command_line_names_the_department(demo: Site) -> None:
    with demo.database.reading() as session:
        row = find_city(session, "newark")
        assert row
        ids = {each.name: each.id for each in list_departments(session, row.id)}
    assert find_annex_department(demo, "newark", "Procurement") == ids["Procurement"]
    with pytest.raises(Invalid, match="Human Resources"):
        find_annex_department(demo, "newark", "Parks")


def order_annex(site: Site, world: World, who: WhoIs, role: str, department: int) -> None:
    with site.database.writing() as session:
        desk = Desk(session, site, who(role))
        reports.order_report(desk, "en", "annex", audience="internal", department_id=department)


@pytest.mark.parametrize(
    ("role", "department", "may"),
    [
        ("lead", "finance", True), ("lead", "works", False), ("colleague", "works", True), ("official", "finance", False),
        ("reviewer", "finance", True), ("reviewer", "works", True), ("admin", "works", True),
    ],
)  # fmt: skip
def test_a_lead_makes_the_annex_of_the_own_department_and_the_office_any(
    site: Site, seeded: World, who: WhoIs, role: str, department: str, may: bool
) -> None:
    department_id = seeded.alpha.departments[department]
    with site.database.reading() as session:
        offered = [id for id, _ in list_annex_departments(Desk(session, site, who(role)))]
    assert (department_id in offered) is may
    if may:
        order_annex(site, seeded, who, role, department_id)
    else:
        with pytest.raises(NotAllowed):
            order_annex(site, seeded, who, role, department_id)


def test_an_annex_needs_a_department_of_this_city(site: Site, seeded: World, who: WhoIs) -> None:
    with pytest.raises(Invalid) as problem:
        order_annex(site, seeded, who, "admin", seeded.beta.departments["finance"])
    assert list(problem.value.fields) == ["department"]
    with pytest.raises(Invalid), site.database.writing() as session:
        reports.order_report(Desk(session, site, who("admin")), "en", "annex")


def test_a_department_without_criteria_gets_an_annex_that_says_so() -> None:
    assert count_annex(()) is NO_CRITERION
