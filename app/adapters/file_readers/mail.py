"""Reads e-mail messages, and those that are attached to them."""

import email
import email.policy
from collections.abc import Iterator
from datetime import UTC, date, datetime
from email.message import EmailMessage, MIMEPart
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import cast

from app.adapters.encodings import decode_bytes, decode_safely
from app.adapters.file_readers.notes import ReadingNotes
from app.adapters.file_readers.text import TEXT_ENDINGS
from app.adapters.web_text import visible_text
from app.rules.files.file_text import CHECK_LIMIT, TextPlace, UnreadKind

MOST_BYTES = 30_000_000
HEADS = ("From", "To", "Cc", "Bcc", "Reply-To", "Date", "Subject")
DEEPEST = 10
"""Messages attached to messages attached to messages."""
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
NO_ENCODING = ("us-ascii", "ascii", "unknown-8bit")
"""What a part is in that does not say more; one with other letters is in what the program had."""
SIGNATURES = ("application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature")
"""Which hold no words."""


def read_email(path: Path, notes: ReadingNotes) -> None:
    """The subject as title, the day that it was sent, and the texts; attachments that are no text are only named."""
    with path.open("rb") as file:
        content = file.read(MOST_BYTES).removeprefix(BYTE_ORDER_MARK)
    message = email.message_from_bytes(content, policy=email.policy.default)
    notes.note(title=_read_head(message, "Subject"), made_on=_sent_on(message))
    _add_message(message, notes, TextPlace.BODY, "", 0)
    notes.end_texts()


def _read_head(message: EmailMessage, name: str) -> str:
    """The head, also where its letters stand there as they are, which no program should write and many do."""
    raw = next((str(value) for head, value in message.raw_items() if head.lower() == name.lower()), "")
    written = raw.encode("utf-8", "surrogateescape")
    if any(0xDC80 <= ord(letter) <= 0xDCFF for letter in raw):
        return " ".join(decode_bytes(written).split())
    return str(message.get(name, ""))


def _sent_on(message: EmailMessage) -> date | None:
    """The day that the writer's clock showed, or a moment in universal time; None for a date that nobody can read."""
    try:
        sent = parsedate_to_datetime(str(message["date"])) if message["date"] else None
    except (ValueError, TypeError, IndexError):
        return None
    return sent and (sent.date() if sent.utcoffset() else datetime.combine(sent.date(), sent.time(), UTC))


def _add_message(message: EmailMessage, notes: ReadingNotes, place: TextPlace, name: str, depth: int) -> None:
    heads = [f"{head}: {text}" for head in HEADS if (text := _read_head(message, head))]
    bodies, attachments = _sort_parts(message)
    attachments = [part for part in attachments if part.get_content_type() not in SIGNATURES]
    names = [f"[{part.get_filename()}]" for part in attachments if part.get_filename()]
    notes.add_text("\n".join([*heads, *names, "", _join_bodies(bodies)]), place, name)
    for part in attachments:
        _add_attachment(part, notes, depth)


def _sort_parts(message: EmailMessage) -> tuple[list[EmailMessage], list[EmailMessage]]:
    """The parts that are the message itself, in each of its forms, and those that come with it, however deep they lie."""
    bodies: list[EmailMessage] = []
    attachments: list[EmailMessage] = []
    for part in _walk_parts(message):
        is_body = part.get_content_type() in ("text/plain", "text/html") and not part.get_filename()
        (bodies if is_body and part.get_content_disposition() != "attachment" else attachments).append(part)
    return bodies, attachments


def _walk_parts(message: EmailMessage) -> Iterator[EmailMessage]:
    """Every part that is no list of parts; a message that is attached is one part."""
    if message.get_content_maintype() != "multipart" or not message.is_multipart():
        yield message
        return
    for part in message.iter_parts():
        yield from _walk_parts(cast(EmailMessage, part))


def _join_bodies(bodies: list[EmailMessage]) -> str:
    """The plain texts, and those lines of the other form that have words which are in none of them."""
    pages = [_part_text(part) for part in bodies if part.get_content_subtype() == "html"]
    texts = [_part_text(part) for part in bodies if part.get_content_subtype() != "html"]
    words = {word for text in texts for word in text.split()}
    for page in pages:
        new = [line for line in page.splitlines() if set(line.split()) - words]
        texts += ["\n".join(new)] if new and words else []
    return "\n\n".join(texts if words else pages)


def _add_attachment(part: EmailMessage, notes: ReadingNotes, depth: int) -> None:
    name = part.get_filename() or part.get_content_type()
    if part.get_content_type() == "message/rfc822" and depth < DEEPEST and part.is_multipart():
        inner = cast(EmailMessage, part.get_payload(0))
        _add_message(inner, notes, TextPlace.ATTACHMENT, _read_head(inner, "Subject") or name, depth + 1)
    elif part.get_content_maintype() == "text" or name.lower().endswith(TEXT_ENDINGS):
        notes.add_text(_part_text(part), TextPlace.ATTACHMENT, name)
    else:
        notes.leave_unread(UnreadKind.ATTACHMENTS, name)


def _part_text(part: MIMEPart) -> str:
    payload = cast(bytes, part.get_payload(decode=True) or b"")
    encoding = part.get_content_charset("us-ascii")
    text = decode_bytes(payload) if encoding in NO_ENCODING else decode_safely(payload, encoding)
    content = text.replace("\r\n", "\n")
    is_page = part.get_content_subtype() == "html" or str(part.get_filename()).lower().endswith((".htm", ".html"))
    return visible_text(content, CHECK_LIMIT) if is_page else content
