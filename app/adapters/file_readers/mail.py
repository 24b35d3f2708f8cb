"""Reads e-mail messages, and those that are attached to them."""

import email
import email.policy
from collections.abc import Iterator
from datetime import date
from email.message import EmailMessage, MIMEPart
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import cast

from app.adapters.encodings import decode_safely
from app.adapters.file_readers.notes import ReadingNotes
from app.adapters.web_text import visible_text
from app.rules.files.file_text import CHECK_LIMIT, TextPlace, UnreadKind

MOST_BYTES = 30_000_000
HEADS = ("From", "To", "Cc", "Date", "Subject")
DEEPEST = 10
"""Messages attached to messages attached to messages."""


def read_email(path: Path, notes: ReadingNotes) -> None:
    """The subject as title, the day that it was sent, and the texts; attachments that are no text are only named."""
    with path.open("rb") as file:
        message = email.message_from_bytes(file.read(MOST_BYTES), policy=email.policy.default)
    notes.note(title=str(message.get("subject", "")), made_on=_sent_on(message))
    _add_message(message, notes, TextPlace.BODY, "", 0)
    notes.end_texts()


def _sent_on(message: EmailMessage) -> date | None:
    """The day that the writer's clock showed; None for a date that nobody can read."""
    try:
        return parsedate_to_datetime(str(message["date"])).date() if message["date"] else None
    except (ValueError, TypeError, IndexError):
        return None


def _add_message(message: EmailMessage, notes: ReadingNotes, place: TextPlace, name: str, depth: int) -> None:
    heads = [f"{head}: {message[head]}" for head in HEADS if message[head]]
    names = [f"[{part.get_filename()}]" for part in _list_attachments(message) if part.get_filename()]
    notes.add_text("\n".join([*heads, *names, "", _body_text(message)]), place, name)
    for part in _list_attachments(message):
        _add_attachment(part, notes, depth)


def _list_attachments(message: EmailMessage) -> Iterator[EmailMessage]:
    body = message.get_body(("plain", "html"))
    for part in message.iter_attachments() if message.is_multipart() else ():
        if part is not body:
            yield part


def _add_attachment(part: EmailMessage, notes: ReadingNotes, depth: int) -> None:
    name = part.get_filename() or part.get_content_type()
    if part.get_content_type() == "message/rfc822" and depth < DEEPEST:
        inner = cast(EmailMessage, part.get_payload(0))
        _add_message(inner, notes, TextPlace.ATTACHMENT, str(inner.get("subject", name)), depth + 1)
    elif part.get_content_maintype() == "text":
        notes.add_text(_part_text(part), TextPlace.ATTACHMENT, name)
    elif part.get_content_maintype() != "multipart":
        notes.leave_unread(UnreadKind.ATTACHMENTS, name)


def _body_text(message: EmailMessage) -> str:
    part = message.get_body(("plain", "html"))
    return _part_text(part) if part is not None else ""


def _part_text(part: MIMEPart) -> str:
    payload = cast(bytes, part.get_payload(decode=True) or b"")
    content = decode_safely(payload, part.get_content_charset("utf-8")).replace("\r\n", "\n")
    return visible_text(content, CHECK_LIMIT) if part.get_content_subtype() == "html" else content
