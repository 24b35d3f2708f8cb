"""The first states of a city whose record began before states were kept: one event, and under it every row as it is on that day."""

from collections.abc import Collection, Iterator

from sqlalchemy import Connection, insert, select, update

from app.rules.history.verbs import Verb
from app.store.city import City
from app.store.database.engine import now
from app.store.history import fingerprint
from app.store.history.event import HistoryEvent, RecordedState, StateDigest, hash_event
from app.store.history.fingerprint import WATCHED, Fingerprint, table_of

BASELINE_VERB = Verb.STATE_RECORDED


def record_first_states(connection: Connection) -> list[int]:
    """Write the event for each city that has no states yet, and return the ids of these cities. Doing it again does nothing.

    Rows are read and written some at a time, so that a large city takes no more memory than a small one.
    """
    cities, states = table_of(City), table_of(RecordedState)
    query = select(cities.c.id).where(~select(states.c.number).where(states.c.city_id == cities.c.id).exists())
    city_ids = list(connection.execute(query.order_by(cities.c.id)).scalars())
    for city_id in city_ids:
        _record_city(connection, city_id)
    return city_ids


def record_new_tables(connection: Connection, kinds: Collection[str]) -> list[int]:
    """Let an event of each city tell of the rows with which an upgrade has filled tables that are new; returns the ids of these cities.

    Only for kinds that were not there before the upgrade: a row of another that no event tells of was added from outside.
    """
    new_kinds = [kind for kind in WATCHED if kind in kinds]
    holders = {city_id for kind in new_kinds for city_id in _list_holders(connection, kind)}
    for city_id in sorted(holders):
        _record_city(connection, city_id, new_kinds, Verb.TABLES_FILLED)
    return sorted(holders)


def _list_holders(connection: Connection, kind: str) -> list[int]:
    table, states = WATCHED[kind].table, table_of(RecordedState)
    is_told = select(states.c.number).where(states.c.city_id == table.c.city_id, states.c.kind == kind).exists()
    return list(connection.execute(select(table.c.city_id).where(~is_told).distinct()).scalars())


def _record_city(
    connection: Connection, city_id: int, kinds: Collection[str] = tuple(WATCHED), verb: Verb = BASELINE_VERB
) -> None:
    city = table_of(City)
    count_on = update(city).where(city.c.id == city_id).values(history_count=city.c.history_count + 1)
    number, previous = connection.execute(count_on.returning(city.c.history_count, city.c.history_head)).one()
    states = StateDigest()
    for batch in _batch_fingerprints(connection, city_id, kinds):
        _insert_states(connection, number, batch, states)
    event = HistoryEvent(
        city_id=city_id,
        number=number,
        at=now(),
        verb=verb,
        previous_hash=previous,
        hash="",
        state=states.read(),
    )
    event.hash = hash_event(event)
    connection.execute(insert(HistoryEvent), event.model_dump(exclude={"id"}))
    connection.execute(update(city).where(city.c.id == city_id).values(history_head=event.hash))


def _batch_fingerprints(connection: Connection, city_id: int, kinds: Collection[str]) -> Iterator[list[Fingerprint]]:
    for kind in kinds:
        batch: list[Fingerprint] = []
        for hashed_row in fingerprint.read_fingerprints_of_city(connection, kind, city_id):
            batch.append(hashed_row)
            if len(batch) == fingerprint.ROWS_AT_ONCE:
                yield batch
                batch = []
        if batch:
            yield batch


def _insert_states(connection: Connection, number: int, hashed_rows: list[Fingerprint], states: StateDigest) -> None:
    state_rows = []
    for hashed_row in hashed_rows:
        states.take(hashed_row.kind, hashed_row.row_id, "", hashed_row.sha256)
        state_rows.append(
            {
                "city_id": hashed_row.city_id, "number": number, "place": states.count,
                "kind": hashed_row.kind, "row_id": hashed_row.row_id, "before": "", "after": hashed_row.sha256,
            }
        )  # fmt: skip
    connection.execute(insert(RecordedState), state_rows)
