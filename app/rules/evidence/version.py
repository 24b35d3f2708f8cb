"""Versions of a piece of evidence: what belongs to one, its fingerprint, and what changed between two."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol, TypeVar

from app.rules.message import Message, say

WHY_LIMIT = 300

VERSION_FIELDS: dict[str, Message] = {
    "title": say("Title"),
    "file": say("File"),
    "url": say("Address of the page"),
    "note": say("Note"),
    "unit": say("Unit"),
    "baseline_value": say("Value before"),
    "baseline_period": say("Period before"),
    "current_value": say("Value now"),
    "current_period": say("Period now"),
    "published_percent": say("Change in percent"),
    "dataset": say("Dataset"),
    "method": say("Method"),
    "caveat": say("To keep in mind"),
    "source": say("Source"),
    "page_pointer": say("Page or section"),
    "period_from": say("Covers the time from"),
    "period_to": say("Covers the time until"),
    "effective_on": say("In force from"),
    "visibility": say("Who may see it?"),
}
"""What a version holds, by name of its column (`file`: the hash of the stored file), with the words of the form."""


def version_content(values: Mapping[str, Any], file_sha256: str) -> str:
    """The version as text, always in the same order and writing, so that the same content has the same fingerprint."""
    texts = {name: "" if values.get(name) is None else str(values[name]) for name in VERSION_FIELDS if name != "file"}
    return json.dumps({**texts, "file": file_sha256}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def content_fingerprint(text: str) -> str:
    """SHA-256 of a version's content, in hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


DAY_COLUMNS = ("period_from", "period_to", "effective_on")
NUMBER_COLUMNS = ("baseline_value", "current_value", "published_percent")


def read_version(text: str) -> dict[str, Any]:
    """What `version_content` wrote, as values by the name of their column; the file is told by its row, not here."""
    values: dict[str, Any] = {name: value for name, value in json.loads(text).items() if name != "file"}
    values |= {name: date.fromisoformat(values[name]) if values.get(name) else None for name in DAY_COLUMNS}
    return values | {name: Decimal(values[name]) if values.get(name) else None for name in NUMBER_COLUMNS}


class DatedVersion(Protocol):
    @property
    def at(self) -> datetime: ...


Dated = TypeVar("Dated", bound=DatedVersion)


def version_in_force(versions: Sequence[Dated], moment: datetime) -> Dated | None:
    """Of versions, the oldest first, the one that said what the piece said at the moment; None where none was ever kept.

    The first one is often kept just before the first change, and holds what was there until then.
    """
    kept_by_then = [version for version in versions if version.at <= moment]
    return kept_by_then[-1] if kept_by_then else next(iter(versions), None)


def changed_fields(before: str, after: str) -> tuple[Message, ...]:
    """Which fields differ between two contents, in the order of the form."""
    old_values, new_values = json.loads(before), json.loads(after)
    return tuple(
        message for name, message in VERSION_FIELDS.items() if old_values.get(name, "") != new_values.get(name, "")
    )
