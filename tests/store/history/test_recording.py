"""Each event keeps what it led to, however the rows were changed; and a record from before that begins to."""

from collections.abc import Callable

import pytest
from sqlalchemy import insert, text
from sqlmodel import Session, col, delete, select, update

from app.rules.history.state import ROW_KINDS
from app.rules.history.verbs import Verb
from app.services.history.verifying import HistoryCheck, verify_city
from app.services.site import Site
from app.store import city, people, response, tables
from app.store.city import City
from app.store.database.engine import now
from app.store.evidence.files import StoredFile
from app.store.history import baseline, recording
from app.store.history import events as history
from app.store.history.event import RecordedState
from app.store.history.fingerprint import PARTS, WATCHED, table_of
from app.store.judged_response import JudgedResponse
from app.store.people import Membership, MembershipDepartment, Person
from app.store.response import ChecklistAnswer, Response
from app.store.review import Verdict
from tests.world import World

APART = {
    "alembic_version", "authenticator_app", "backup_record", "bulk_save",
    "history_event", "installation", "invitation", "job", "known_device", "letter", "letter_choice",
    "letter_entry", "letter_mark", "monthly_issue", "monthly_reader", "monthly_report", "passkey", "passkey_challenge",
    "person_identity", "recorded_state", "recovery_code", "report_mail", "report_opening", "search_word",
    "security_event", "sign_in_attempt", "sign_in_provider", "sign_in_session", "unclaimed_file", "upload", "upload_part",
}  # fmt: skip
"""Tables that are not compared: the record itself, what comes and goes by itself, what has a record of its own, and what gives nothing
before a recorded step: an invitation becomes a membership, which is compared."""


def check(site: Site, city_id: int) -> HistoryCheck:
    with site.database.snapshot() as session:
        return verify_city(session, city_id)


def problems(site: Site, city_id: int) -> list[str]:
    return [str(problem) for problem in check(site, city_id).problems]


def states(site: Site, city_id: int) -> list[tuple[str, int, bool, bool]]:
    """Kind, row, and whether it was there before and after, of what the newest event led to."""
    with site.database.reading() as session:
        number = session.exec(select(City.history_count).where(City.id == city_id)).one()
        query = select(RecordedState).where(RecordedState.city_id == city_id, RecordedState.number == number)
        found = session.exec(query.order_by(col(RecordedState.place)))
        return [(state.kind, state.row_id, bool(state.before), bool(state.after)) for state in found]


def test_every_table_is_compared_or_named_here_as_one_that_is_not() -> None:
    known = {*WATCHED, *PARTS}
    assert set(tables.metadata.tables) - known - APART == set()
    assert WATCHED.keys() == ROW_KINDS.keys()


CHANGES: dict[str, Callable[[Session, World], object]] = {
    "an object": lambda session, world: _reword(session, world),
    "a statement": lambda session, world: response.save_narrative(
        session, world.alpha.id, world.alpha.responses["LC1"], 1, "Other.", world.alpha.people["lead"]
    ),
    "a statement about many": lambda session, world: session.exec(
        update(Response).where(col(Response.city_id) == world.alpha.id).values(self_rating="not_met")
    ),
    "a statement that removes": lambda session, world: session.exec(
        delete(ChecklistAnswer).where(col(ChecklistAnswer.city_id) == world.alpha.id)
    ),
    "an object removed": lambda session, world: session.delete(
        session.exec(select(Verdict).where(Verdict.city_id == world.alpha.id)).first()
    ),
    "a new object": lambda session, world: session.add(
        Verdict(city_id=world.alpha.id, response_id=world.alpha.responses["LC1"], decision="met", reviewer_id=2)
    ),
    "departments of a member": lambda session, world: people.set_departments(
        session, world.alpha.id, world.alpha.memberships["lead"], frozenset(world.alpha.departments.values())
    ),
    "a person's name": lambda session, world: _rename(session, world),
    "a person's name by a statement": lambda session, world: session.exec(
        update(Person).where(col(Person.email) == "lead@alpha.example").values(name="Another")
    ),
    "a file": lambda session, world: session.exec(
        update(StoredFile).where(col(StoredFile.id) == world.alpha.file_id).values(scan="infected")
    ),
    "before its event and after it": lambda session, world: _around(session, world),
}  # fmt: skip


def _reword(session: Session, world: World) -> None:
    stored = session.get_one(Response, world.alpha.responses["LC1"])
    stored.narrative = "Other."
    session.add(stored)


def _rename(session: Session, world: World) -> None:
    person = session.get_one(Person, world.alpha.people["lead"])
    person.name = "Another"
    session.add(person)


def _around(session: Session, world: World) -> None:
    _reword(session, world)
    history.record_event(session, world.alpha.id, None, Verb.NARRATIVE_WRITTEN, "LC1")
    stored = session.get_one(Response, world.alpha.responses["LC2"])
    stored.narrative = "Other too."


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_kept_with_its_event_however_it_is_made(site: Site, seeded: World, change: str) -> None:
    with site.database.writing() as session:
        CHANGES[change](session, seeded)
        history.record_event(session, seeded.alpha.id, None, Verb.COMMENTED, "LC1")
    assert states(site, seeded.alpha.id) != []
    assert problems(site, seeded.alpha.id) == []
    assert problems(site, seeded.beta.id) == []


def test_what_says_nothing_is_not_kept(site: Site, seeded: World) -> None:
    with site.database.writing() as session:
        session.exec(
            update(Response).where(col(Response.city_id) == seeded.alpha.id).values(version=Response.version + 1)
        )
        history.record_event(session, seeded.alpha.id, None, Verb.COMMENTED, "LC1")
    assert states(site, seeded.alpha.id) == []


def test_what_came_and_went_in_one_transaction_is_not_kept(site: Site, seeded: World) -> None:
    with site.database.writing() as session:
        brief = Verdict(
            city_id=seeded.alpha.id, response_id=seeded.alpha.responses["LC1"], decision="met", reviewer_id=2
        )
        session.add(brief)
        session.flush()
        session.delete(brief)
        history.record_event(session, seeded.alpha.id, None, Verb.COMMENTED, "LC1")
    assert states(site, seeded.alpha.id) == []
    assert problems(site, seeded.alpha.id) == []


def test_what_came_before_a_rollback_is_not_kept(site: Site, seeded: World) -> None:
    with site.database.writing() as session:
        _around(session, seeded)
        session.rollback()
        city.find_city(session, "alpha")
    assert problems(site, seeded.alpha.id) == []
    assert check(site, seeded.alpha.id).events == 23


def test_a_change_without_an_event_gets_one_that_says_so(
    site: Site, seeded: World, monkeypatch: pytest.MonkeyPatch, unnamed_changes: Callable[..., None]
) -> None:
    monkeypatch.setattr(recording, "record_unnamed_change", unnamed_changes)
    with site.database.writing() as session:
        _rename(session, seeded)
    with site.database.reading() as session:
        newest = history.list_events(session, seeded.alpha.id, limit=1)[0]
    assert (newest.verb, newest.subject) == (recording.UNNAMED_VERB, "membership")
    assert problems(site, seeded.alpha.id) == []


def test_rows_are_not_added_past_the_record(site: Site, seeded: World) -> None:
    with pytest.raises(TypeError, match="one by one"), site.database.writing() as session:
        session.execute(insert(MembershipDepartment), [{"membership_id": 1, "department_id": 2, "city_id": 1}])


def test_an_event_needs_a_session_that_the_record_takes_notice_of(site: Site, seeded: World) -> None:
    with pytest.raises(TypeError, match="writing"), Session(site.database.engine) as session:
        history.record_event(session, seeded.alpha.id, None, Verb.COMMENTED, "LC1")


def test_a_change_from_outside_stays_found_when_the_app_writes_over_it(site: Site, seeded: World) -> None:
    with site.database.writing() as session:
        session.connection().execute(
            text("UPDATE response SET narrative = 'Nobody wrote this.' WHERE city_id = 1 AND criterion = 'LC1'")
        )
    assert len(problems(site, seeded.alpha.id)) == 1
    with site.database.writing() as session:
        stored = session.get_one(Response, seeded.alpha.responses["LC1"])
        stored.self_rating = "not_met"
        history.record_event(session, seeded.alpha.id, None, Verb.SELF_RATED, "LC1", rating="not_met")
    assert problems(site, seeded.alpha.id) == [
        "The answer on LC1 (narrative, own rating or state) was changed from outside this app some time before event 24."
    ]


def test_the_newest_of_two_changes_of_a_row_counts(site: Site, seeded: World) -> None:
    for words in ("One.", "Two.", "One."):
        with site.database.writing() as session:
            session.get_one(Response, seeded.alpha.responses["LC1"]).narrative = words
            history.record_event(session, seeded.alpha.id, None, Verb.NARRATIVE_WRITTEN, "LC1")
    assert problems(site, seeded.alpha.id) == []


def _forget_states(session: Session) -> None:
    """A record as it was before states were kept."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL session_replication_role = replica"))
    else:
        for name in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all():
            connection.execute(text(f"DROP TRIGGER {name}"))
    connection.execute(text("DELETE FROM recorded_state"))
    for row in session.exec(select(City)).all():
        previous = ""
        for event in history.list_chain(session, row.id):
            event.state, event.previous_hash = None, previous
            event.hash = previous = history.hash_event(event)
        row.history_head = previous
        reports = text("UPDATE report SET history_head = (SELECT hash FROM history_event AS e WHERE e.city_id = report.city_id "
                       "AND e.number = history_number)")  # fmt: skip
        session.flush()
        connection.execute(reports)


def test_a_record_from_before_begins_with_every_row_as_it_is_and_only_once(site: Site, seeded: World) -> None:
    with site.database.writing() as session:
        _forget_states(session)
    assert not check(site, seeded.alpha.id).whole
    with site.database.writing() as session:
        assert baseline.record_first_states(session.connection()) == [seeded.alpha.id, seeded.beta.id]
    with site.database.writing() as session:
        assert baseline.record_first_states(session.connection()) == []
    found = check(site, seeded.alpha.id)
    assert (found.problems, found.baseline, found.events) == ((), 24, 24)
    with site.database.reading() as session:
        events = history.list_events(session, seeded.alpha.id, limit=1)
        kept = session.exec(select(RecordedState).where(RecordedState.city_id == seeded.alpha.id)).all()
    assert events[0].verb == baseline.BASELINE_VERB
    assert len(kept) == found.rows > 90
    with site.database.writing() as session:
        session.connection().execute(
            update(table_of(Membership)).where(table_of(Membership).c.id == 1).values(role="admin")
        )
    assert problems(site, seeded.alpha.id) == [
        "The access of Lead of Alpha City (role, departments, name or e-mail address) is not as event 24 recorded it."
    ]


def test_what_an_upgrade_puts_into_a_new_table_is_told_once(site: Site, seeded: World) -> None:
    alpha = seeded.alpha
    values = {"city_id": alpha.id, "response_id": alpha.responses["LC4"], "verdict_id": alpha.verdicts["LC4"],
              "content": "{}", "sha256": "", "rebuilt": True, "reason": "", "at": now()}  # fmt: skip
    with site.database.writing() as session:
        session.connection().execute(insert(table_of(JudgedResponse)).values(**values))
    assert problems(site, alpha.id) == [
        "The copy of what a verdict on LC4 was given on is in no event: it was added from outside this app."
    ]
    with site.database.writing() as session:
        assert baseline.record_new_tables(session.connection(), {"verdict", "job"}) == [], (
            "a table of before tells by itself"
        )
        assert baseline.record_new_tables(session.connection(), {"judged_response", "job"}) == [alpha.id]
    with site.database.writing() as session:
        assert baseline.record_new_tables(session.connection(), {"judged_response"}) == []
    assert problems(site, alpha.id) == []
    with site.database.reading() as session:
        assert history.list_events(session, alpha.id, limit=1)[0].verb == "tables_filled"


def test_models_that_are_compared_have_an_id_and_a_city() -> None:
    for watched in WATCHED.values():
        assert {"id"} <= set(watched.table.columns.keys()), watched.kind
        assert watched.kind == "city" or "city_id" in watched.table.columns, watched.kind
