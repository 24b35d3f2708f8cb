"""Organizations of outside in the council summary: by name for the council and the inside, counted for the public."""

from dataclasses import replace

from sqlmodel import Session

from app.adapters.docx.summary import write_summary_docx
from app.rules.report.contents import list_parts
from app.rules.report.page import ReportPage
from app.rules.report.parts import ReportAudience
from app.rules.report.schema import write_report_json
from app.rules.request import RequestState
from app.services.report import content, making
from app.services.report.edition import WebEdition
from app.services.site import Site
from app.store.city import city_values, find_city
from app.store.report.reports import Report
from app.store.request import Contribution, list_partner_requests, list_partners
from app.web.templating import render_template
from tests.printed_words import words_by_sheet
from tests.services.report.test_counts import read_docx, undone
from tests.web.test_report_figures import plain

SAID = {
    "en": ("5 partner organizations have not answered yet.", "Also asked: 2 partner organizations."),
    "es": (
        "5 organizaciones aliadas no han respondido todavía.",
        "También se pidió a: 2 organizaciones aliadas.",
    ),
}


def build_page(session: Session, site: Site, language: str, audience: ReportAudience) -> ReportPage:
    row = find_city(session, "newark")
    assert row
    asked = Report(
        city_id=row.id, assessment_id=1, number=3, language=language, length="summary", code="AAAA-BBBB-CCCC",
        audience=audience.value,
    )  # fmt: skip
    return content.build_page(session, site, city_values(row), asked, "https://example.org/verify")


def read_edition(page: ReportPage) -> str:
    edition = WebEdition(page.origin.verification_code, page.language, page, list_parts(page))
    around: dict[str, object] = {
        "who": None,
        "done": None,
        "here": "/",
        "there": "/",
        "typed": {},
        "errors": {},
        "sent": [],
        "counts": (),
    }
    html = render_template(page.language, "report/edition.html", page=edition, **around)
    return plain(html)


def test_the_public_learns_how_many_have_not_answered_and_the_council_which(demo: Site) -> None:
    for language, said in SAID.items():
        with demo.database.reading() as session:
            row = find_city(session, "newark")
            assert row
            names = [partner.name for partner in list_partners(session, row.id)]
            pages = {audience: build_page(session, demo, language, audience) for audience in ReportAudience}
        shown = {audience: write_report_json(page).decode() for audience, page in pages.items()}
        asked = [name for name in names if name in shown[ReportAudience.COUNCIL]]
        assert len(asked) == 5
        assert [name for name in asked if name not in shown[ReportAudience.INTERNAL]] == []
        assert "no han respondido" not in shown[ReportAudience.COUNCIL]
        assert "have not answered" not in shown[ReportAudience.COUNCIL]
        public = pages[ReportAudience.PUBLIC]
        assert public.summary
        forms = {
            "paper": " ".join(words_by_sheet(making.make_report_file(demo, "newark", language, "summary"))),
            "web": read_edition(public),
            "word": " ".join(read_docx(write_summary_docx(public, public.summary)).split()),
        }
        assert [(form, words) for form, text in forms.items() for words in said if words not in text] == []
        forms["data"] = write_report_json(replace(public, areas=(), index=())).decode()
        assert [(form, name) for form, text in forms.items() for name in asked if name in text] == []


def test_who_sent_something_that_waits_in_the_inbox_has_answered(demo: Site) -> None:
    with undone(demo) as session:
        before = build_page(session, demo, "en", ReportAudience.PUBLIC).summary
        assert before
        row = find_city(session, "newark")
        assert row
        asked = next(asked for asked in list_partner_requests(session, row.id) if asked.state == RequestState.SENT)
        sent = Contribution(city_id=row.id, request_id=asked.id, kind="note", title="Minutes", name="Ada Bell")
        session.add(sent)
        session.flush()
        after = build_page(session, demo, "en", ReportAudience.PUBLIC).summary
        assert after
        for audience in (ReportAudience.COUNCIL, ReportAudience.INTERNAL):
            page = build_page(session, demo, "en", audience)
            assert page.summary
            line = next(line for line in page.summary.partners if line.answered)
            assert (line.code, line.overdue) == (asked.criterion, False)
            for shown in (read_edition(page), " ".join(read_docx(write_summary_docx(page, page.summary)).split())):
                assert shown.count("an answer waits to be read") == 1
                assert f"{line.partner} · overdue" not in shown
        assert (before.partners_said, after.partners_said) == (
            "5 partner organizations have not answered yet.", "4 partner organizations have not answered yet.",
        )  # fmt: skip
