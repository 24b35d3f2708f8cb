"""An upload in parts: which size may begin, and which part comes next."""

from dataclasses import dataclass

from app.rules.errors import Conflict, Invalid
from app.rules.message import Message, say


@dataclass(frozen=True)
class Sender:
    """Who sends a file: a person of the city, or a partner through a request."""

    city_id: int
    person_id: int | None = None
    request_id: int | None = None


def check_size(size_bytes: int, limit_bytes: int) -> None:
    """Raises Invalid for the field `file` for an empty file, and for one of more than `limit_bytes`."""
    if size_bytes <= 0:
        raise Invalid({"file": empty_file_message()})
    if size_bytes > limit_bytes:
        raise Invalid({"file": too_large_message(limit_bytes)})


def check_part(received_bytes: int, size_bytes: int, begins_at: int, part_bytes: int) -> None:
    """Raises Conflict for a part that does not begin where the last one ended, and Invalid for one that goes beyond the end."""
    if begins_at != received_bytes:
        raise Conflict(say("This part of the file does not follow what has come so far. Go on from there."))
    if part_bytes <= 0 or begins_at + part_bytes > size_bytes:
        raise Invalid({"file": say("More arrived than the file’s announced size. Send the file again.")})


def empty_file_message() -> Message:
    return say("This file is empty. Open it to see that it has content, then choose it again.")


def too_large_message(limit_bytes: int) -> Message:
    return say(
        "This file is larger than %(limit)s MB. Make it smaller, split it, or add a link to it instead.",
        limit=f"{limit_bytes / 1_000_000:g}",
    )
