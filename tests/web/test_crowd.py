"""Many who save one text through two servers: everyone is answered, and what was confirmed is there."""

import pytest

from tests.crowd import crowd

pytestmark = pytest.mark.on_both


def test_of_many_who_save_at_once_through_two_servers_nobody_is_turned_away(backend: str) -> None:
    happened = crowd(backend, saves=150, writers=30, servers=2, busy=0)
    assert (happened["lost"], happened["failed"]) == (0, 0), happened
    assert happened["answers"][409] > 0, "nobody collided, so this showed nothing"
