"""Reads plain text, CSV tables and e-mail messages."""

import csv
import email
import email.policy
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import cast

from app.adapters.encodings import decode_safely
from app.adapters.file_readers.notes import ReadingNotes, SheetCollector
from app.adapters.web_text import visible_text
from app.rules.file_reading import TEXT_LIMIT

MOST_BYTES = 4_000_000
"""Of a longer text the rest is not looked at: it holds many times the characters that are kept."""
DELIMITERS = ",;\t|"


def read_text(path: Path, notes: ReadingNotes) -> None:
    notes.note(text=_decode_file(path))


def read_csv(path: Path, notes: ReadingNotes) -> None:
    """The delimiter is the one that stands most often in the first line."""
    text = _decode_file(path)
    notes.note(text=text)
    first = text[:10_000].partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    tables = SheetCollector()
    tables.add_sheet("", _parse_rows(text, delimiter))
    notes.note(text=tables.text or text, sheets=tuple(tables.sheets))


def _parse_rows(text: str, delimiter: str) -> Iterator[list[str]]:
    """Lines as rows; one that no reader of CSV takes ends the table."""
    try:
        yield from csv.reader(text.splitlines(), delimiter=delimiter)
    except csv.Error:
        return


def read_email(path: Path, notes: ReadingNotes) -> None:
    """The subject as title, the day that it was sent, and its text; attachments are only named."""
    with path.open("rb") as file:
        message = email.message_from_bytes(file.read(MOST_BYTES), policy=email.policy.default)
    notes.note(text=_body_text(message), title=str(message.get("subject", "")))
    names = [name for part in message.walk() if (name := part.get_filename())]
    heads = [f"{name}: {message[name]}" for name in ("From", "To", "Cc", "Date", "Subject") if message[name]]
    notes.note(text="\n".join([*heads, *(f"[{name}]" for name in names), "", notes.facts.text]))
    notes.note(made_on=parsedate_to_datetime(str(message["date"])).date() if message["date"] else None)


def _body_text(message: EmailMessage) -> str:
    part = message.get_body(("plain", "html"))
    if part is None:
        return ""
    content = decode_safely(cast(bytes, part.get_payload(decode=True)), part.get_content_charset("utf-8"))[
        : TEXT_LIMIT * 5
    ]
    if part.get_content_subtype() != "html":
        return content
    return visible_text(content, TEXT_LIMIT)


def _decode_file(path: Path) -> str:
    with path.open("rb") as file:
        content = file.read(MOST_BYTES)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        cut_in_a_letter = len(content) == MOST_BYTES and problem.start > MOST_BYTES - 4
        return content.decode("utf-8-sig" if cut_in_a_letter else "cp1252", "replace")
