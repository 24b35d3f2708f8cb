"""The record and the rows that it led to are read page by page: whole and in order, however few stand on a page."""

import pytest

from app.services.history.verifying import verify_city
from app.services.site import Site
from app.store.history import fingerprint, recorded
from app.store.history.fingerprint import WATCHED, Fingerprint
from app.store.history.recorded import RowState
from tests.copies import write_something
from tests.world import World


def read_all(site: Site, city_id: int) -> tuple[list[list[Fingerprint]], list[list[RowState]], list[RowState]]:
    """The rows of each kind, what is kept of each, and all that is kept in the order of events."""
    with site.database.snapshot() as session:
        connection = session.connection()
        rows = [list(fingerprint.read_fingerprints_of_city(connection, kind, city_id)) for kind in WATCHED]
        states = [list(recorded.stream_states_of_kind(session, city_id, kind)) for kind in WATCHED]
        return rows, states, list(recorded.stream_states(session, city_id))


@pytest.mark.parametrize("most", [1, 2, 7])
def test_small_pages_hold_what_one_large_page_holds(
    site: Site, seeded: World, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    city_id = seeded.alpha.id
    for number in range(9):
        with site.database.writing() as session:
            write_something(session, number + 1)
    whole = read_all(site, city_id)
    monkeypatch.setattr(fingerprint, "ROWS_AT_ONCE", most)
    monkeypatch.setattr(recorded, "ROWS_AT_ONCE", most)
    assert read_all(site, city_id) == whole
    rows, states, in_order = whole
    assert min(max(map(len, rows)), max(map(len, states)), len(in_order)) > 7, "all of it stood on one page"
    assert [row.row_id for kind in rows for row in kind] == [
        row.row_id for kind in rows for row in sorted(kind, key=lambda row: row.row_id)
    ]
    assert [state.number for state in in_order] == sorted(state.number for state in in_order)
    with site.database.snapshot() as session:
        assert verify_city(session, city_id).whole
