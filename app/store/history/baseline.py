"""The first states of a city whose record began before states were kept: one event, and under it every row as it is on that day."""

from collections.abc import Iterator

from sqlalchemy import Connection, insert, select, update

from app.rules.history.verbs import Verb
from app.store.city import City
from app.store.database.engine import now
from app.store.history import fingerprint
from app.store.history.event import HistoryEvent, RecordedState, StateDigest, digest
from app.store.history.fingerprint import WATCHED, Fingerprint, table_of

VERB = Verb.STATE_RECORDED


def record_first_states(connection: Connection) -> list[int]:
    """Write the event for each city that has no states yet, and return the ids of these cities. Doing it again does nothing.

    Rows are read and written some at a time, so that a large city takes no more memory than a small one.
    """
    cities, states = table_of(City), table_of(RecordedState)
    query = select(cities.c.id).where(~select(states.c.number).where(states.c.city_id == cities.c.id).exists())
    found = list(connection.execute(query.order_by(cities.c.id)).scalars())
    for city_id in found:
        _record(connection, city_id)
    return found


def _record(connection: Connection, city_id: int) -> None:
    city = table_of(City)
    moved = update(city).where(city.c.id == city_id).values(history_count=city.c.history_count + 1)
    number, previous = connection.execute(moved.returning(city.c.history_count, city.c.history_head)).one()
    states = StateDigest()
    for some in _batches(connection, city_id):
        _keep(connection, number, some, states)
    event = HistoryEvent(
        city_id=city_id, number=number, at=now(), verb=VERB, previous_hash=previous, hash="", state=states.read()
    )
    event.hash = digest(event)
    connection.execute(insert(HistoryEvent), event.model_dump(exclude={"id"}))
    connection.execute(update(city).where(city.c.id == city_id).values(history_head=event.hash))


def _batches(connection: Connection, city_id: int) -> Iterator[list[Fingerprint]]:
    for kind in WATCHED:
        batch: list[Fingerprint] = []
        for row in fingerprint.of_city(connection, kind, city_id):
            batch.append(row)
            if len(batch) == fingerprint.STREAMED:
                yield batch
                batch = []
        if batch:
            yield batch


def _keep(connection: Connection, number: int, rows: list[Fingerprint], states: StateDigest) -> None:
    kept = []
    for row in rows:
        states.take(row.kind, row.row_id, "", row.sha256)
        kept.append(
            {
                "city_id": row.city_id, "number": number, "place": states.count,
                "kind": row.kind, "row_id": row.row_id, "before": "", "after": row.sha256,
            }
        )  # fmt: skip
    connection.execute(insert(RecordedState), kept)
