"""Whom a report may be mailed to."""

import pytest

from app.rules.errors import Invalid
from app.rules.report.mailing import check_recipients, read_addresses


def test_addresses_are_read_however_they_are_parted_and_each_once() -> None:
    assert read_addresses(" A@city.example,b@city.example;\na@city.example ", "public") == (
        "a@city.example",
        "b@city.example",
    )
    assert read_addresses("", "internal") == ()


@pytest.mark.parametrize(
    ("typed", "audience"),
    [("clerk", "public"), ("a@city.example b@", "public"), ("a" * 99_999, "public"), ("a@city.example", "council")],
)
def test_what_may_not_be_is_refused_at_its_field(typed: str, audience: str) -> None:
    with pytest.raises(Invalid) as problem:
        read_addresses(typed, audience)
    assert set(problem.value.fields) == {"addresses"}


@pytest.mark.parametrize("count", [0, 51])
def test_nobody_and_too_many_are_refused(count: int) -> None:
    check_recipients(50)
    with pytest.raises(Invalid):
        check_recipients(count)
