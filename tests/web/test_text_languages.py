"""The language of what people write: guessed from the page, changed by choice, and said to whoever listens to it on a page or a report."""

import re

from sqlmodel import select

from app.adapters.pdf.report_html import render_report_html
from app.rules.report.parts import ReportAudience
from app.services.history.verifying import verify_city
from app.services.report import content
from app.services.site import Site
from app.store.city import city_values, find_city
from app.store.evidence.pieces import Evidence
from app.store.report.reports import Report
from app.store.response import Response
from app.store.review import ReviewComment
from tests.conftest import ClientFor
from tests.web.test_cycle import begin
from tests.world import World

SAID = "Publicamos el presupuesto cada mes."
TITLE = "Acta de marzo"


def printed_in(site: Site, seeded: World, language: str) -> str:
    """The full report in this language, as HTML."""
    with site.database.reading() as session:
        row = find_city(session, "alpha")
        assert row
        asked = Report(
            city_id=row.id,
            assessment_id=seeded.alpha.assessment_id,
            number=1,
            language=language,
            length="full",
            code="AAAA-BBBB-CCCC",
            audience=ReportAudience.INTERNAL,
        )
        page = content.build_page(session, site, city_values(row), asked, "https://a.example/verify/AAAA-BBBB-CCCC")
    return re.sub(r"\s+", " ", render_report_html(page))


def test_a_text_is_read_with_its_own_voice_wherever_it_stands(client_for: ClientFor, site: Site, seeded: World) -> None:
    lead = client_for("lead")
    narrative = {"narrative": SAID, "narrative_version": "0"}
    lead.post("/alpha/criteria/LC6/narrative", data=narrative, headers={"Accept-Language": "es"})
    with site.database.reading() as session:
        written = session.exec(select(Response).where(Response.criterion == "LC6", Response.narrative == SAID)).one()
    assert written.narrative_language == "es"
    note = {"kind": "note", "title": TITLE, "note": SAID, "visibility": "public", "language": "es"}
    assert lead.post("/alpha/criteria/LC6/evidence", data=note).status_code == 303
    with site.database.reading() as session:
        assert session.exec(select(Evidence.language).where(Evidence.title == TITLE)).one() == "es"
    page = lead.get("/alpha/criteria/LC6").text
    assert re.search(r'<textarea[^>]*id="narrative"[^>]* lang="es"', page)
    assert f'<bdi lang="es">{TITLE}</bdi>' in page
    assert re.search(r'<option value="es" lang="es" selected>', page)
    english, spanish = printed_in(site, seeded, "en"), printed_in(site, seeded, "es")
    assert f'<div lang="es"><p class="narrative">{SAID}</p>' in english
    assert f'<b lang="es">{TITLE}</b>' in english
    assert f'<div><p class="narrative">{SAID}</p>' in spanish
    assert '<div lang="en"><p class="narrative">How the city does' in spanish, "what was there before is the city's"


def test_choosing_another_language_alone_is_kept_and_the_same_again_changes_nothing(
    client_for: ClientFor, site: Site, seeded: World
) -> None:
    lead = client_for("lead")
    for language, version in (("en", 0), ("es", 1), ("es", 2)):
        typed = {"narrative": SAID, "narrative_version": str(version), "narrative_language": language}
        lead.post("/alpha/criteria/LC6/narrative", data=typed)
    with site.database.reading() as session:
        row = session.exec(select(Response).where(Response.criterion == "LC6", Response.narrative == SAID)).one()
    assert (row.narrative_language, row.narrative_version) == ("es", 2)
    with site.database.snapshot() as session:
        assert verify_city(session, seeded.alpha.id).problems == ()


def test_a_comment_is_read_with_the_voice_of_whoever_wrote_it(client_for: ClientFor, site: Site, seeded: World) -> None:
    lead = client_for("lead")
    lead.post("/alpha/criteria/LC2/comments", data={"text": SAID}, headers={"Accept-Language": "es"})
    assert f'<p class="prose" lang="es">{SAID}</p>' in lead.get("/alpha/criteria/LC2").text
    begin(client_for("admin"))
    closed = client_for("official").get(f"/alpha/cycle/{seeded.alpha.assessment_id}/criteria/LC2").text
    assert f'<span class="prose block" lang="es">{SAID}</span>' in closed
    with site.database.reading() as session:
        kept = session.exec(select(ReviewComment.language).where(ReviewComment.text == SAID)).all()
    assert set(kept) == {"es"}, "also where it came along into the next assessment"
