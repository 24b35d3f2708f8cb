"""A file that the library has already: what was typed about it is used, or asked about, and never dropped."""

import io
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from app.rules.criteria.edition import EvidenceKind
from app.rules.evidence.entry import EvidenceEntry
from app.rules.evidence.known_file import facts_that_differ
from app.services.criteria import criterion_page
from app.services.desk import Desk, Who
from app.services.evidence import adding, changing, removing
from app.services.evidence.adding import FileOutcome, IncomingFile
from app.services.evidence.finding import find_piece
from app.services.site import Site
from tests.conftest import WhoIs

MINUTES = b"%PDF-1.7\nMinutes of March.\n%%EOF\n"
STORED: Mapping[str, Any] = {
    "period_from": None, "period_to": date(2026, 3, 31), "effective_on": None, "source": "", "visibility": "internal",
}  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({}, None),
        ({"visibility": "internal"}, None),
        ({"period_to": date(2026, 3, 31)}, None),
        ({"period_to": date(2026, 6, 30)}, "the period"),
        ({"source": "City clerk", "visibility": "restricted"}, "the source, who may see it"),
    ],
)
def test_only_what_was_typed_otherwise_is_asked_about(typed: dict[str, Any], told: str | None) -> None:
    differing = facts_that_differ(typed, STORED)
    assert (str(differing) if differing else None) == told


def send(site: Site, lead: Who, code: str, **typed: Any) -> FileOutcome:
    entry = EvidenceEntry(EvidenceKind.FILE, **typed)
    (outcome,) = adding.add_files(site, lead, code, entry, [IncomingFile("minutes.pdf", io.BytesIO(MINUTES))])
    return outcome


def pointers(site: Site, lead: Who, code: str) -> list[str]:
    """Where the page of the criterion says to look in its newest piece."""
    with site.database.reading() as session:
        page = criterion_page.load_criterion_page(Desk(session, site, lead), code)
    return [piece.page_pointer for piece in page.evidence if piece.title == "minutes"]


def test_each_use_of_a_piece_says_where_to_look_in_it(site: Site, who: WhoIs) -> None:
    lead = who("lead")
    first = send(site, lead, "LC1", page_pointer="page 3")
    assert send(site, lead, "LC3", page_pointer="page 12").known
    assert (pointers(site, lead, "LC1"), pointers(site, lead, "LC3")) == (["page 3"], ["page 12"])
    with site.database.writing() as session:
        removing.use_for_criterion(Desk(session, site, lead), "LC6", first.evidence_id, (), " page  40 ")
    assert pointers(site, lead, "LC6") == ["page 40"]
    with site.database.writing() as session:
        desk = Desk(session, site, lead)
        piece = find_piece(desk, first.evidence_id)
        entry = changing.build_entry(piece, pointers={"LC3": "", "LC6": "page 41"})
        changing.change_piece(desk, first.evidence_id, entry, piece.row.version)
    assert (pointers(site, lead, "LC3"), pointers(site, lead, "LC6")) == (["page 3"], ["page 41"])
    assert send(site, lead, "LC3", page_pointer="page 12").known
    assert send(site, lead, "LC3").known
    assert pointers(site, lead, "LC3") == ["page 12"], "an empty field takes nothing away"


@pytest.mark.only_sqlite
def test_a_wish_for_restricted_is_asked_about_and_nothing_is_linked_before(site: Site, who: WhoIs) -> None:
    lead = who("lead")
    send(site, lead, "LC1")
    outcome = send(site, lead, "LC3", visibility="restricted")
    assert outcome.problem
    assert "as “minutes”" in str(outcome.problem)
    assert "who may see it" in str(outcome.problem)
    assert pointers(site, lead, "LC3") == []
