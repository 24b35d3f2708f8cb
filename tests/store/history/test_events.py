"""The record: one event per change, in the same transaction; nobody edits it, and whoever does is found."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session, col, select, update

from app.rules.history.verbs import Verb
from app.services.site import Site
from app.store import city, response
from app.store.city import City
from app.store.history import events as history
from app.store.history.events import HistoryEvent
from tests.world import World


def _end(site: Site, slug: str) -> tuple[int, str]:
    with site.database.reading() as session:
        found = city.find_city(session, slug)
        assert found
        return found.history_count, found.history_head


def _broken(site: Site, city_id: int) -> list[int]:
    """Numbers of the events that do not follow from the one before, or do not hash to what they say."""
    with site.database.reading() as session:
        events = history.list_chain(session, city_id)
    heads = ["", *(event.hash for event in events)]
    return [
        event.number
        for place, event in enumerate(events)
        if (event.number, event.previous_hash, event.hash) != (place + 1, heads[place], history.hash_event(event))
    ]


def _change(session: Session, world: World) -> None:
    city_id, person = world.alpha.id, world.alpha.people["lead"]
    assert response.save_narrative(session, city_id, world.alpha.responses["LC1"], 1, "Changed.", person)
    history.record_event(session, city_id, person, Verb.NARRATIVE_WRITTEN, "LC1", characters=8)


def _change_and_fail(site: Site, world: World) -> None:
    with site.database.writing() as session:
        _change(session, world)
        raise InterruptedError


def test_a_change_and_its_event_are_kept_together(site: Site, seeded: World) -> None:
    count, head = _end(site, "alpha")
    with site.database.writing() as session:
        _change(session, seeded)
    with site.database.reading() as session:
        newest = history.list_events(session, seeded.alpha.id, limit=1)[0]
        changed = response.find_response_by_id(session, seeded.alpha.id, seeded.alpha.responses["LC1"])
    assert changed
    assert changed.narrative == "Changed."
    assert (newest.number, newest.verb, newest.subject, newest.details) == (
        count + 1, "narrative_written", "LC1", '{"characters": 8}',
    )  # fmt: skip
    assert newest.previous_hash == head
    assert _end(site, "alpha") == (count + 1, newest.hash)


def test_a_change_that_fails_leaves_neither_itself_nor_an_event_nor_a_gap(site: Site, seeded: World) -> None:
    before = _end(site, "alpha")
    with pytest.raises(InterruptedError):
        _change_and_fail(site, seeded)
    with site.database.reading() as session:
        stored = response.find_response_by_id(session, seeded.alpha.id, seeded.alpha.responses["LC1"])
    assert stored
    assert stored.narrative == "How the city does LC1."
    assert _end(site, "alpha") == before
    with site.database.writing() as session:
        _change(session, seeded)
    assert _end(site, "alpha")[0] == before[0] + 1
    assert _broken(site, seeded.alpha.id) == []


def test_each_city_counts_its_own_events(site: Site, seeded: World) -> None:
    beta = _end(site, "beta")
    with site.database.writing() as session:
        _change(session, seeded)
    assert _end(site, "beta") == beta
    assert _broken(site, seeded.beta.id) == []


def test_events_hash_to_the_same_after_a_round_trip_whatever_is_in_them(site: Site, seeded: World) -> None:
    with site.database.writing() as session:
        history.record_event(
            session, seeded.alpha.id, None, Verb.EVIDENCE_ADDED, "Größe “é” שלום 🏙", note='"\\\n', number=1.5
        )
    assert _broken(site, seeded.alpha.id) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE history_event SET verb = 'nothing_happened' WHERE number = 1",
        "UPDATE history_event SET number = number + 1000",
        "DELETE FROM history_event WHERE number = 1",
        "DELETE FROM history_event",
    ],
)
def test_the_database_itself_refuses_to_edit_or_remove_an_event(site: Site, seeded: World, statement: str) -> None:
    with pytest.raises(DatabaseError, match="history only grows"), site.database.writing() as session:
        session.execute(text(statement))
    assert _broken(site, seeded.alpha.id) == []


def test_no_way_around_the_refusal_that_the_database_offers(site: Site, seeded: World, backend: str) -> None:
    around = {
        "postgresql": "TRUNCATE history_event",
        "sqlite": "INSERT OR REPLACE INTO history_event (id, city_id, number, at, verb, subject, details, previous_hash, hash) "
        "SELECT id, city_id, number, at, 'nothing_happened', subject, details, previous_hash, hash FROM history_event",
    }
    with pytest.raises(DatabaseError, match="history only grows"), site.database.writing() as session:
        session.execute(text(around[backend]))
    assert _broken(site, seeded.alpha.id) == []


TAMPERINGS = {
    "verb": "nothing_happened",
    "subject": "DM9",
    "details": '{"characters": 0}',
    "person_id": None,
    "previous_hash": "0" * 64,
    "hash": "0" * 64,
}


def _without_triggers(session: Session, backend: str) -> None:
    """What someone with full access to the database would do first."""
    if backend == "postgresql":
        session.execute(text("ALTER TABLE history_event DISABLE TRIGGER ALL"))
        return
    for name in session.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all():
        session.execute(text(f"DROP TRIGGER {name}"))


@pytest.mark.parametrize("column", TAMPERINGS)
def test_an_event_edited_behind_the_triggers_is_found(site: Site, seeded: World, backend: str, column: str) -> None:
    with site.database.writing() as session:
        _without_triggers(session, backend)
        victim = session.exec(
            select(HistoryEvent.id)
            .where(HistoryEvent.city_id == seeded.alpha.id, HistoryEvent.verb == "narrative_written")
            .limit(1)
        ).one()
        session.exec(update(HistoryEvent).where(col(HistoryEvent.id) == victim).values({column: TAMPERINGS[column]}))
    assert _broken(site, seeded.alpha.id)
    assert _broken(site, seeded.beta.id) == []


def test_a_cut_tail_shows_against_the_count_and_head_that_the_city_keeps(
    site: Site, seeded: World, backend: str
) -> None:
    with site.database.writing() as session:
        _without_triggers(session, backend)
        last = session.exec(select(City.history_count).where(City.id == seeded.alpha.id)).one()
        session.execute(text(f"DELETE FROM history_event WHERE city_id = {seeded.alpha.id} AND number > {last - 3}"))
    count, head = _end(site, "alpha")
    with site.database.reading() as session:
        newest = history.list_events(session, seeded.alpha.id, limit=1)[0]
    assert newest.number == count - 3
    assert newest.hash != head
