"""The security record: what is written, for whom, said in the log once it is kept, and forgotten in time."""

import json
from datetime import timedelta

import pytest
from sqlmodel import select, update

from app.adapters import logs
from app.rules.account.security_record import SENTENCES, SecurityKind
from app.rules.installation.network import Caller
from app.services.account import security_record
from app.services.account.security_record import called_by, note_event
from app.services.site import Site
from app.store.account.security_record import SecurityEvent
from app.store.database.engine import now
from app.store.people import Membership
from tests.world import World

HERE = Caller("192.0.2.7", "Firefox")


def _written(site: Site) -> list[SecurityEvent]:
    with site.database.reading() as session:
        return list(session.exec(select(SecurityEvent).order_by(SecurityEvent.id)))  # type: ignore[arg-type]


def test_what_happens_to_an_account_is_for_every_city_of_the_person_and_a_step_in_a_city_for_that_one_alone(
    site: Site, seeded: World
) -> None:
    person = seeded.alpha.people["lead"]
    with site.database.writing() as session:
        session.add(Membership(city_id=seeded.beta.id, person_id=person, role="official"))
        session.flush()
        with called_by(HERE):
            note_event(session, SecurityKind.SIGNED_IN, person)
            note_event(
                session, SecurityKind.ROLE_CHANGED, person, city_id=seeded.beta.id, by_id=seeded.beta.people["admin"]
            )
        note_event(session, SecurityKind.SIGN_IN_FAILED, None)
    found = [(row.kind, row.city_id, row.address, row.agent) for row in _written(site)]
    assert sorted(found, key=str) == sorted(
        [
            ("signed_in", seeded.alpha.id, "192.0.2.7", "Firefox"),
            ("signed_in", seeded.beta.id, "192.0.2.7", "Firefox"),
            ("role_changed", seeded.beta.id, "192.0.2.7", "Firefox"),
            ("sign_in_failed", None, "", ""),
        ],
        key=str,
    )


def test_a_city_that_the_person_has_left_learns_nothing_more(site: Site, seeded: World) -> None:
    person = seeded.alpha.people["lead"]
    with site.database.writing() as session:
        session.exec(update(Membership).where(Membership.person_id == person).values(ended_at=now()))  # type: ignore[arg-type]
        note_event(session, SecurityKind.SIGNED_IN, person)
    assert [row.city_id for row in _written(site)] == [None]


def test_the_log_says_what_is_kept_and_nothing_that_was_rolled_back(
    site: Site, seeded: World, capfd: pytest.CaptureFixture[str]
) -> None:
    logs.log_to_standard_error()
    person = seeded.alpha.people["lead"]
    with site.database.writing() as session, called_by(HERE):
        note_event(session, SecurityKind.SIGN_IN_FAILED, person)
        session.rollback()
        note_event(session, SecurityKind.SIGNED_IN, person)
        assert "signed_in" not in capfd.readouterr().err, "said before it is kept"
    said = capfd.readouterr().err
    (line,) = [told for told in map(json.loads, said.splitlines()) if told["event"] == "security"]
    assert (line["kind"], line["person"], line["address"], line["agent"]) == (
        "signed_in",
        person,
        "192.0.2.7",
        "Firefox",
    )
    assert "lead@alpha.example" not in said
    assert len(_written(site)) == 1


def test_old_entries_go_and_young_ones_stay(site: Site, seeded: World) -> None:
    with site.database.writing() as session:
        for days in (1, 179, 181, 400):
            session.add(SecurityEvent(kind="signed_in", at=now() - timedelta(days=days), detail=str(days)))
    assert security_record.forget_old_events(site) == 2
    assert {row.detail for row in _written(site)} == {"1", "179"}


def test_every_kind_has_a_sentence() -> None:
    assert SENTENCES.keys() == set(SecurityKind)
