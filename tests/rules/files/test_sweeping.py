"""When a file that no row knows may go."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.rules.files.sweeping import StorageCount, is_deletion_due, is_trashing_due, reason_to_keep

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
BEFORE, AFTER = NOON - timedelta(minutes=1), NOON + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("seen", "why"),
    [
        (StorageCount(100, 95, 5, BEFORE, NOON), None),
        (StorageCount(100, 94, 6, BEFORE, NOON), "6 of 100 files are more than one in 20"),
        (StorageCount(19, 18, 1, BEFORE, NOON), "1 of 19 files are more than one in 20"),
        (StorageCount(94, 0, 94, BEFORE, None), "the database knows no file at all"),
        (StorageCount(100, 99, 1, AFTER, NOON), "the database is older than the files"),
        (StorageCount(100, 99, 1, BEFORE, None), "the database is older than the files"),
    ],
)
def test_in_doubt_every_file_stays(seen: StorageCount, why: str | None) -> None:
    found = reason_to_keep(seen)
    assert (str(found) if found else None) == why


def test_a_file_goes_at_the_second_look_a_day_later() -> None:
    assert not is_trashing_due(None, NOON)
    assert not is_trashing_due(NOON - timedelta(hours=22), NOON)
    assert is_trashing_due(NOON - timedelta(hours=24), NOON)


def test_the_trash_keeps_thirty_days() -> None:
    assert not is_deletion_due(date(2026, 10, 29), date(2026, 11, 28))
    assert is_deletion_due(date(2026, 10, 28), date(2026, 11, 28))
