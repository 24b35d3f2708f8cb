"""How much may be kept and be on its way: of a city, of a person, and of a partner's link."""

from dataclasses import dataclass
from enum import StrEnum

from app.rules.errors import Invalid
from app.rules.message import Message, say

LOW_PART = 10
"""Less than one in so many is left: whoever can make room is told."""


class RoomOwner(StrEnum):
    LINK = "link"
    PERSON = "person"
    CITY = "city"


@dataclass(frozen=True)
class Room:
    """What one of them may keep in all, what is kept, and the declared sizes of what is on its way, in bytes.

    At most half may be on its way at a time, but always one file of the largest size.
    """

    whose: RoomOwner
    most_bytes: int
    kept_bytes: int
    coming_bytes: int
    largest_file_bytes: int

    @property
    def left_bytes(self) -> int:
        """How much more may begin to come now."""
        coming_most = max(self.most_bytes // 2, self.largest_file_bytes)
        in_all = self.most_bytes - self.kept_bytes - self.coming_bytes
        return max(0, min(in_all, coming_most - self.coming_bytes))

    @property
    def used(self) -> str:
        return format_size(self.kept_bytes + self.coming_bytes, up=True)

    @property
    def most(self) -> str:
        return format_size(self.most_bytes)

    @property
    def is_low(self) -> bool:
        return (self.most_bytes - self.kept_bytes) * LOW_PART < self.most_bytes


REFUSALS: dict[RoomOwner, Message] = {
    RoomOwner.LINK: say(
        "This file has %(size)s, and %(left)s more can be sent through this link now. Send a smaller file, or the address of a page."
    ),
    RoomOwner.PERSON: say(
        "This file has %(size)s, and you can send %(left)s more now. Finish or cancel what is on its way, choose a smaller file, or add a link."
    ),
    RoomOwner.CITY: say(
        "This file has %(size)s, and the city has room for %(left)s more now. Choose a smaller file, or ask whoever runs this app for more room."
    ),
}


def check_room(rooms: tuple[Room, ...], size_bytes: int) -> None:
    """Raises Invalid for the field `file` where one of them has no room for a file of this size."""
    tight = min(rooms, key=lambda room: room.left_bytes)
    if size_bytes > tight.left_bytes:
        values = {"size": format_size(size_bytes, up=True), "left": format_size(tight.left_bytes)}
        raise Invalid({"file": Message(REFUSALS[tight.whose].text, values=values)})


def left_in_words(rooms: tuple[Room, ...]) -> Message:
    """What stands beside the field for files, so that nobody is surprised later."""
    tight = min(rooms, key=lambda room: room.left_bytes)
    return Message(LEFT[tight.whose].text, values={"left": format_size(tight.left_bytes)})


LEFT: dict[RoomOwner, Message] = {
    RoomOwner.LINK: say("Through this link %(left)s more can be sent."),
    RoomOwner.PERSON: say("You can send %(left)s more."),
    RoomOwner.CITY: say("The city has room for %(left)s more."),
}


def format_size(size_bytes: int, *, up: bool = False) -> str:
    """Whole megabytes, or gigabytes from ten on; what is left is rounded down, and with `up` what is needed is not."""
    unit, name = (1_000_000_000, "GB") if size_bytes >= 10_000_000_000 else (1_000_000, "MB")
    return f"{-(-size_bytes // unit) if up else size_bytes // unit} {name}"
