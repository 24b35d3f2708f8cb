"""The result on a day: verdicts as they stood that evening in the city, and what must be renewed, as far as the reader may know it."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlmodel import Session, select

from app.services.desk import Desk
from app.services.scoring import page
from app.services.site import Site
from app.store.evidence.pieces import Evidence, EvidenceSupport
from app.store.response import ChecklistAnswer, Response
from app.store.review import Verdict
from tests.conftest import WhoIs
from tests.world import AREAS, World

TODAY = date(2026, 11, 25)


def set_verdicts(site: Site, seeded: World, at: datetime, withdrawn_at: datetime | None = None) -> None:
    with site.database.writing() as session:
        for verdict in session.exec(select(Verdict).where(Verdict.city_id == seeded.alpha.id)):
            verdict.at, verdict.withdrawn_at = at, withdrawn_at
            session.add(verdict)


def met_on(site: Site, seeded: World, who: WhoIs, day: date) -> int:
    with site.database.reading() as session:
        return page.load_scoring(Desk(session, site, who("reviewer", today=TODAY)), day).verified.met


def test_a_verdict_of_late_evening_counts_on_its_day_in_the_city_though_it_is_tomorrow_in_utc(
    site: Site, seeded: World, who: WhoIs
) -> None:
    set_verdicts(site, seeded, datetime(2026, 3, 2, 4, 30, tzinfo=UTC))  # 23:30 on 1 March in New York
    assert [met_on(site, seeded, who, date(2026, day[0], day[1])) for day in ((2, 28), (3, 1), (3, 2))] == [0, 2, 2]


def test_a_withdrawn_verdict_counted_until_it_was_withdrawn(site: Site, seeded: World, who: WhoIs) -> None:
    set_verdicts(site, seeded, datetime(2026, 3, 2, 15, tzinfo=UTC), datetime(2026, 3, 5, 15, tzinfo=UTC))
    assert [met_on(site, seeded, who, date(2026, 3, day)) for day in (1, 2, 4, 5, 6)] == [0, 2, 2, 0, 0]


@pytest.fixture
def silver(site: Site, seeded: World) -> None:
    """Everything is met; of DM1 the restricted notes of its meetings, which it cannot do without, lapse on 1 July 2027."""
    with site.database.writing() as session:
        _meet_all(session, seeded)
        response = seeded.alpha.responses["DM1"]
        for item in ("roles", "meetings", "purpose"):
            session.add(ChecklistAnswer(city_id=seeded.alpha.id, response_id=response, item=item, ticked=True))
            piece = Evidence(
                city_id=seeded.alpha.id, kind="note", title=f"The {item}", note="x", visibility="restricted",
                period_to=date(2027, 2, 1),
            )  # fmt: skip
            session.add(piece)
            session.flush()
            support: dict[str, Any] = {"evidence_id": piece.id, "response_id": response, "item": item}
            session.add(EvidenceSupport(city_id=seeded.alpha.id, **support))
    set_verdicts(site, seeded, datetime(2026, 11, 1, 15, tzinfo=UTC))


def _meet_all(session: Session, seeded: World) -> None:
    known = dict(seeded.alpha.responses)
    for prefix, count in AREAS.items():
        for code in (f"{prefix}{number}" for number in range(1, count + 1)):
            if code not in known:
                row = Response(
                    city_id=seeded.alpha.id, assessment_id=seeded.alpha.assessment_id, criterion=code, state="decided"
                )
                session.add(row)
                session.flush()
                known[code] = row.id
            reviewer = seeded.alpha.people["reviewer"]
            session.add(Verdict(city_id=seeded.alpha.id, response_id=known[code], decision="met", reviewer_id=reviewer))


def test_the_drop_names_what_to_renew_to_the_office_and_hides_restricted_titles_from_others(
    site: Site, seeded: World, who: WhoIs, silver: None
) -> None:
    told = {}
    for role in ("reviewer", "official"):
        with site.database.reading() as session:
            (line,) = page.load_scoring(Desk(session, site, who(role, today=TODAY))).timeline
        assert str(line.drop) == (
            "If nothing is renewed: on 2027-07-01 your estimate falls from the Platinum range to not certifiable, "
            "because evidence for DM1 is too old then. Renewing 1 document keeps it."
        )
        told[role] = [piece.title for piece in line.renewals]
    assert told == {"reviewer": ["The meetings"], "official": [""]}
