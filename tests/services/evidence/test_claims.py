"""Approving figures: who may, what ends it, and that nothing else is ever said in public."""

import pytest

from app.rules.criteria.edition import EvidenceKind
from app.rules.errors import Conflict, NotFound, Refused
from app.rules.evidence.entry import EvidenceEntry
from app.services.desk import Desk, Who
from app.services.evidence import claims, removing
from app.services.site import Site
from app.store.evidence.pieces import Evidence
from tests.conftest import WhoIs
from tests.services.evidence.test_page import changed, events, stored
from tests.world import World

FIGURE = EvidenceEntry(
    EvidenceKind.FIGURE,
    title="Response time",
    unit="minutes",
    baseline_value="10",
    baseline_period="2024",
    current_value="8",
    current_period="2025",
    source="Dispatch records",
    visibility="public",
)


def approve(site: Site, by: Who, number: int, version: int = 1) -> None:
    with site.database.writing() as session:
        claims.approve_claim(Desk(session, site, by), number, version)


def sentences(site: Site, reader: Who) -> list[str]:
    with site.database.reading() as session:
        return [str(line.sentence) for line in claims.list_claims(Desk(session, site, reader)).lines]


def test_an_approved_figure_becomes_a_sentence_for_everybody(site: Site, seeded: World, who: WhoIs) -> None:
    reviewer, official = who("reviewer"), who("official")
    number = seeded.alpha.evidence["figure"]
    assert sentences(site, official) == []
    with site.database.reading() as session:
        assert claims.list_claims(Desk(session, site, reviewer)).waiting == ((number, "Response time"),)
        assert claims.list_claims(Desk(session, site, official)).waiting == ()
    approve(site, reviewer, number)
    assert sentences(site, official) == ["Response time went down by 20% from 2024 to 2025."]
    assert sentences(site, who("admin", "beta")) == []
    assert events(site, seeded)[-1].verb == "claim_approved"


def test_a_change_of_the_figure_ends_its_approval(site: Site, seeded: World, who: WhoIs) -> None:
    reviewer, number = who("reviewer"), seeded.alpha.evidence["figure"]
    approve(site, reviewer, number)
    changed(site, reviewer, number, FIGURE, 2)
    assert stored(site, number).approved_at, "the same values again are no change"
    version = stored(site, number).version
    changed(site, reviewer, number, EvidenceEntry(**{**FIGURE.__dict__, "current_value": "7"}), version)
    assert stored(site, number).approved_at is None
    assert sentences(site, reviewer) == []


def test_an_approval_is_taken_back(site: Site, seeded: World, who: WhoIs) -> None:
    reviewer, number = who("reviewer"), seeded.alpha.evidence["figure"]
    approve(site, reviewer, number)
    with site.database.writing() as session, pytest.raises(Conflict):
        claims.withdraw_claim(Desk(session, site, reviewer), number, 1)
    with site.database.writing() as session:
        claims.withdraw_claim(Desk(session, site, reviewer), number, 2)
    assert sentences(site, reviewer) == []


def test_what_is_removed_or_not_public_any_more_is_not_said(site: Site, seeded: World, who: WhoIs) -> None:
    reviewer, number = who("reviewer"), seeded.alpha.evidence["figure"]
    approve(site, reviewer, number)
    with site.database.writing() as session:
        removing.withdraw_piece(Desk(session, site, reviewer), number, 2)
    assert sentences(site, reviewer) == []
    with site.database.writing() as session, pytest.raises(Refused):
        claims.approve_claim(Desk(session, site, reviewer), number, 3)
    with site.database.writing() as session:
        row = session.get_one(Evidence, number)
        row.withdrawn_at, row.visibility = None, "internal"
        session.add(row)
    assert sentences(site, reviewer) == []


@pytest.mark.parametrize("kind", ["note", "link", "restricted"])
def test_only_figures_are_approved(site: Site, seeded: World, kind: str, who: WhoIs) -> None:
    with pytest.raises(Refused):
        approve(site, who("reviewer"), seeded.alpha.evidence[kind])


def test_a_figure_of_another_city_is_not_found(site: Site, seeded: World, who: WhoIs) -> None:
    with pytest.raises(NotFound):
        approve(site, who("reviewer"), seeded.beta.evidence["figure"])
