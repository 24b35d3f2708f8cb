"""Versions of a piece of evidence: what belongs to one, its fingerprint, and what changed between two."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

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
    "page_pointer": say("Where to look in it"),
    "period_from": say("Covers the time from"),
    "period_to": say("Covers the time until"),
    "effective_on": say("In force since"),
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


def changed_fields(before: str, after: str) -> tuple[Message, ...]:
    """Which fields differ between two contents, in the order of the form."""
    old_values, new_values = json.loads(before), json.loads(after)
    return tuple(
        message for name, message in VERSION_FIELDS.items() if old_values.get(name, "") != new_values.get(name, "")
    )
