"""When the next try may be made, and what a try counts for."""

from datetime import UTC, datetime, timedelta

import pytest

from app.rules.account.sign_in import sign_in_limits
from app.rules.account.tries import TryLimit, hash_subject, minutes_until

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
THREE = TryLimit(hash_subject("x"), 3, timedelta(minutes=15))


def _before(*minutes: int) -> list[datetime]:
    return [NOON - timedelta(minutes=each) for each in minutes]


def test_the_pause_ends_when_the_oldest_try_that_counts_is_old_enough() -> None:
    assert THREE.free_at(_before(1, 2)) is None
    assert THREE.free_at(_before(1, 2, 14)) == NOON + timedelta(minutes=1)
    assert THREE.free_at(_before(0, 1, 2, 3, 4)) == NOON + timedelta(minutes=13)


@pytest.mark.parametrize(("seconds", "minutes"), [(0, 1), (1, 1), (60, 1), (60.5, 2), (61, 2), (719, 12), (900, 15)])
def test_nobody_is_told_too_few_minutes(seconds: float, minutes: int) -> None:
    assert minutes_until(NOON + timedelta(seconds=seconds), NOON) == minutes


def test_a_stranger_counts_for_account_and_network_together_and_for_each_with_a_higher_bound() -> None:
    counted = {
        limit.subject: limit.most for limit in sign_in_limits(email="a@b.gov", network="192.0.2.7", device="", most=10)
    }
    elsewhere = {
        limit.subject: limit.most for limit in sign_in_limits(email="a@b.gov", network="192.0.2.8", device="", most=10)
    }
    another = {
        limit.subject: limit.most for limit in sign_in_limits(email="c@b.gov", network="192.0.2.7", device="", most=10)
    }
    assert sorted(counted.values()) == [10, 100, 100]
    assert [counted[subject] for subject in counted.keys() & elsewhere.keys()] == [100]
    assert [counted[subject] for subject in counted.keys() & another.keys()] == [100]


def test_a_known_device_counts_for_itself_alone() -> None:
    (limit,) = sign_in_limits(email="a@b.gov", network="192.0.2.7", device="d:1", most=10)
    (other,) = sign_in_limits(email="a@b.gov", network="192.0.2.7", device="e:1", most=10)
    assert limit.most == 10
    assert limit.subject != other.subject
    assert not {limit.subject} & {
        each.subject for each in sign_in_limits(email="a@b.gov", network="192.0.2.7", device="", most=10)
    }


def test_no_address_can_be_read_from_what_is_counted() -> None:
    for limit in sign_in_limits(email="a@b.gov", network="192.0.2.7", device="", most=10):
        assert len(limit.subject) == 64
        assert "a@b.gov" not in limit.subject


def test_two_parts_are_not_mistaken_for_others_that_read_the_same() -> None:
    assert hash_subject("ab", "c") != hash_subject("a", "bc")
