"""Who may read what: words put into every field, and looked for in the report of each audience."""

import hashlib
import io

import pytest
from pypdf import PdfReader
from sqlmodel import select

from app.rules.report.parts import ReportAudience, ReportLength
from app.rules.review.moves import ResponseState
from app.services.report import making
from app.services.site import Site
from app.store.evidence.pieces import Evidence
from app.store.people import Person
from app.store.report.foreword import Foreword, save_foreword
from app.store.report.reports import Report
from app.store.response import Response
from app.store.review import Verdict
from tests.printed_words import words_by_sheet
from tests.world import World

PUBLIC_WORDS = {"titlepublic", "notepublic", "methodpublic", "caveatpublic", "forewordword"}
INTERNAL_WORDS = {"titleinternal", "noteinternal", "methodinternal", "caveatinternal"}
SEEN: dict[ReportAudience, set[str]] = {
    ReportAudience.PUBLIC: {*PUBLIC_WORDS, "textdecided", "textsubmitted"},
    ReportAudience.COUNCIL: {*PUBLIC_WORDS, *INTERNAL_WORDS, "textdecided", "textsubmitted", "reasonword", "staffword"},
    ReportAudience.INTERNAL: {
        *PUBLIC_WORDS, *INTERNAL_WORDS, "addressinside", "addresskey", "reasonword", "staffword",
        *(f"text{state.value.replace('_', '')}" for state in ResponseState),
    },
}  # fmt: skip
"""The words that a full report has for each audience; every other marker must be in nothing that leaves the house."""


@pytest.fixture
def marked(site: Site, seeded: World) -> set[str]:
    """Every marker that was put into the city's rows."""
    markers = {"titlerestricted", "addressinside", "addresskey", "reasonword", "staffword", "forewordword"}
    with site.database.writing() as session:
        save_foreword(
            session,
            Foreword(
                city_id=seeded.alpha.id, language="en", name="Ada Bell", office="Mayor",
                text="forewordword: see http://addressinside/plan",
            ),
        )  # fmt: skip
        pieces = session.exec(select(Evidence).where(Evidence.city_id == seeded.alpha.id)).all()
        for place, piece in enumerate(pieces):
            piece.visibility = ("public", "internal")[place % 2] if piece.visibility != "restricted" else "restricted"
            piece.title = f"title{piece.visibility}"
            piece.url = ("http://addressinside/x", "https://example.org/x?token=addresskey")[place // 2 % 2]
            piece.note, piece.method, piece.caveat = (
                f"{part}{piece.visibility}" for part in ("note", "method", "caveat")
            )
            piece.source = "Kept at https://files.city.local/addressinside"
            markers |= {piece.title, piece.note, piece.method, piece.caveat}
        responses = session.exec(select(Response).where(Response.city_id == seeded.alpha.id)).all()
        for response, state in zip(responses, [*ResponseState] * len(responses), strict=False):
            response.state = state.value
            word = f"text{state.value.replace('_', '')}"
            response.narrative = f"{word} (https://example.org/x?token=addresskey)."
            markers.add(word)
        for verdict in session.exec(select(Verdict).where(Verdict.city_id == seeded.alpha.id)):
            verdict.reason = "reasonword"
        for person in session.exec(select(Person)):
            person.name = "staffword"
    assert {"titlepublic", "titleinternal", "titlerestricted"} <= markers
    assert len([marker for marker in markers if marker.startswith("text")]) == len(ResponseState)
    return markers


@pytest.mark.parametrize("audience", ReportAudience)
def test_no_audience_finds_what_is_not_for_it(
    site: Site, seeded: World, marked: set[str], audience: ReportAudience
) -> None:
    pdf = making.make_report_file(site, "alpha", "en", ReportLength.FULL, audience=audience)
    with site.database.reading() as session:
        content = session.exec(select(Report.content).where(Report.sha256 == hashlib.sha256(pdf).hexdigest())).one()
    reader = PdfReader(io.BytesIO(pdf))
    printed = " ".join(words_by_sheet(pdf))
    linked = " ".join(
        str(mark.get_object().get("/A", {}).get("/URI", ""))
        for page in reader.pages
        for mark in page.get("/Annots", [])
    )
    for whole in (content, f"{printed} {linked}"):
        assert {marker for marker in marked if marker in whole} == SEEN[audience]
    attached = b" ".join(part for parts in reader.attachments.values() for part in parts)
    assert {marker for marker in marked if marker.encode() in attached} <= SEEN[audience]


def test_the_cover_counts_what_it_does_not_name(site: Site, seeded: World, marked: set[str]) -> None:
    pdf = making.make_report_file(site, "alpha", "en", ReportLength.FULL)
    cover = words_by_sheet(pdf)[0]
    assert "pieces of evidence count and are not named here: internal" in cover
    assert "For: The public" in cover


def test_every_sheet_of_a_draft_says_so(site: Site, seeded: World) -> None:
    sheets = {
        is_draft: words_by_sheet(making.make_report_file(site, "alpha", "en", ReportLength.FULL, is_draft=is_draft))
        for is_draft in (True, False)
    }
    assert all("Draft" in words for words in sheets[True])
    assert not any("Draft" in words for words in sheets[False])
