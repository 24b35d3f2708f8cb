"""Names of backups, their order, and which of them may go."""

from datetime import UTC, datetime, timedelta, timezone

from app.rules.backup import backups_to_remove, name_backup, sort_backups

MOMENT = datetime(2026, 11, 28, 1, 30, 59, tzinfo=UTC)


def test_a_name_has_the_minute_in_utc_and_a_number_where_that_minute_has_one_already() -> None:
    first = name_backup(MOMENT, [])
    assert first == name_backup(MOMENT.astimezone(timezone(timedelta(hours=-5))), []) == "cityready-2026-11-28T0130Z"
    assert name_backup(MOMENT, [first]) == f"{first}-2"
    assert name_backup(MOMENT, [f"{first}-incomplete", f"{first}-2"]) == f"{first}-3"
    assert name_backup(MOMENT, [f"{first}-10"]) == f"{first}-11", (
        "a name that was removed is not given again: it would be the oldest"
    )


def test_the_tenth_of_a_minute_comes_after_the_second_and_strangers_are_left_out() -> None:
    base = "cityready-2026-11-28T0130Z"
    names = [f"{base}-10", "photos", base, f"{base}-2", "cityready-2026-11-27T2359Z-incomplete", f".{base}.unfinished"]
    assert sort_backups(names) == ["cityready-2026-11-27T2359Z-incomplete", base, f"{base}-2", f"{base}-10"]


def test_whole_backups_but_the_last_go_and_none_for_one_that_is_not_whole() -> None:
    whole = [f"cityready-2026-11-{day}T0000Z" for day in range(10, 15)]
    incomplete = [f"cityready-2026-11-{day}T0000Z-incomplete" for day in (12, 13, 16)]
    assert backups_to_remove([*whole, *incomplete[:2]], 2, whole[-1]) == whole[:3] + incomplete[:2]
    assert backups_to_remove([*whole, *incomplete], 2, incomplete[-1]) == incomplete[:2]
    assert backups_to_remove(whole, 7, whole[-1]) == []
    assert backups_to_remove(whole, 1, whole[-1]) == whole[:-1]


def test_the_new_backup_stays_although_the_clock_was_set_back() -> None:
    ahead = [f"cityready-2031-01-0{day}T0000Z" for day in (1, 2, 3)]
    made = "cityready-2026-11-28T0130Z"
    assert backups_to_remove([made, *ahead], 2, made) == ahead[:2]
    assert backups_to_remove([made, *ahead], 1, made) == ahead
