"""Room for files: what may still come, and how it is said."""

import pytest

from app.rules.errors import Invalid
from app.rules.files.quota import Room, RoomOwner, check_room, format_size, left_in_words

MB = 1_000_000
CITY = Room(RoomOwner.CITY, 50_000 * MB, 0, 0, 200 * MB)


def link(kept: int = 0, coming: int = 0, most: int = 1000) -> Room:
    return Room(RoomOwner.LINK, most * MB, kept * MB, coming * MB, 200 * MB)


@pytest.mark.parametrize(
    ("room", "left"),
    [
        (link(), 500),  # at most half on its way
        (link(coming=400), 100),
        (link(kept=900), 100),
        (link(kept=300, coming=500), 0),
        (link(kept=900, coming=400), 0),
        (link(most=300), 200),  # one file of the largest size always
        (link(most=100), 100),
    ],
)
def test_what_is_left_counts_what_is_kept_and_what_is_on_its_way(room: Room, left: int) -> None:
    assert room.left_bytes == left * MB
    check_room((room, CITY), left * MB)
    with pytest.raises(Invalid, match=f"{left} MB more can be sent through this link"):
        check_room((room, CITY), left * MB + 1)


def test_the_tightest_room_is_told() -> None:
    full = Room(RoomOwner.CITY, 1000 * MB, 990 * MB, 0, 200 * MB)
    assert str(left_in_words((link(), CITY))) == "Through this link 500 MB more can be sent."
    assert str(left_in_words((link(), full))) == "The city has room for 10 MB more."
    with pytest.raises(Invalid, match="the city has room for 10 MB more"):
        check_room((link(), full), 11 * MB)
    assert (CITY.is_low, full.is_low) == (False, True)


def test_what_is_left_is_rounded_down_and_what_is_needed_up() -> None:
    assert (format_size(1_999_999), format_size(1_000_001, up=True), format_size(25_900_000_000)) == (
        "1 MB",
        "2 MB",
        "25 GB",
    )
