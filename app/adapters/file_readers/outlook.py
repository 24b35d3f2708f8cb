"""Reads messages that were saved from Outlook, whose properties are streams named by their numbers ([MS-OXMSG] 2.1 to 2.4)."""

import struct
from datetime import datetime
from pathlib import Path
from typing import Any

import olefile

from app.adapters.encodings import decode_bytes, decode_safely
from app.adapters.file_readers.notes import ReadingNotes
from app.adapters.file_readers.property_sets import code_page_name, filetime_moment
from app.adapters.file_readers.rich_text import read_packed_rtf
from app.adapters.file_readers.text import TEXT_ENDINGS
from app.adapters.web_text import visible_text
from app.rules.files.file_text import CHECK_LIMIT, TextPlace, UnreadKind

PROPERTIES = "__properties_version1.0"
VALUE, RECIPIENT, ATTACHMENT = "__substg1.0_", "__recip_version1.0_", "__attach_version1.0_"
WIDE_TEXT, TEXT, BYTES, STORAGE = "001F", "001E", "0102", "000D"
SUBJECT, BODY, HTML, RTF = "0037", "1000", "1013", "1009"
SENDER, SENDER_ADDRESSES = "0C1A", ("5D01", "0C1F")
SHOWN_NAME, ADDRESSES, RECIPIENT_KIND = "3001", ("39FE", "3003"), 0x0C15
RECIPIENT_HEADS = {1: "To", 2: "Cc", 3: "Bcc"}
LISTED = {"To": "0E04", "Cc": "0E03", "Bcc": "0E02"}
SENT_AT, RECEIVED_AT = 0x0039, 0x0E06
CODE_PAGES = (0x3FDE, 0x3FFD)
"""Of the letters of the formatted text, or else of all."""
FILE_DATA, FILE_NAMES = "3701", ("3707", "3704", "3001")
WORDED = ("3A", "80", "81")
"""How the numbers of other properties begin in which people write words: of a contact, and those that have names of their own."""
HEADS_BYTES = {True: 32, False: 24}
"""Before the properties of the message itself, and of one attached to it; before those of what belongs to it stand 8."""
DEEPEST = 10
MOST_PARTS = 2_000


class MessageFolder:
    """A message, a recipient or an attachment: a storage with properties, in the file or in another."""

    def __init__(self, file: Any, place: tuple[str, ...], head_bytes: int) -> None:
        self._file, self.place = file, place
        self._numbers = self._read_numbers(head_bytes)
        page = next((self._numbers[key] for key in CODE_PAGES if key in self._numbers), 0)
        self.encoding = code_page_name(page & 0xFFFF)

    def _read_numbers(self, head_bytes: int) -> dict[int, int]:
        """Properties that are one number each, by their own."""
        content = self._read_stream(PROPERTIES)
        entries = (content[at : at + 16] for at in range(head_bytes, len(content) - 15, 16))
        return {number: value for _, number, _, value in (struct.unpack("<HHIQ", entry) for entry in entries)}

    def _read_stream(self, name: str) -> bytes:
        place = [*self.place, name]
        if not self._file.exists(place) or self._file.get_type(place) != olefile.STGTY_STREAM:
            return b""
        content: bytes = self._file.openstream(place).read()
        return content

    def read_number(self, number: int) -> int:
        return self._numbers.get(number, 0)

    def read_moment(self, number: int) -> datetime | None:
        return filetime_moment(self._numbers[number]) if number in self._numbers else None

    def read_bytes(self, number: str) -> bytes:
        return self._read_stream(VALUE + number + BYTES)

    def read_text(self, *numbers: str) -> str:
        """The first of the texts that is there."""
        return next(filter(None, map(self._read_one_text, numbers)), "")

    def _read_one_text(self, number: str) -> str:
        wide = self._read_stream(VALUE + number + WIDE_TEXT)
        text = wide.decode("utf-16-le", "replace") or decode_safely(
            self._read_stream(VALUE + number + TEXT), self.encoding
        )
        return text.rstrip("\0").replace("\r\n", "\n").strip()

    def list_names(self, beginning: str) -> list[str]:
        """The names of what is right in it and begins so."""
        depth = len(self.place)
        listed = self._file.listdir(streams=True, storages=True)
        here = (entry[depth] for entry in listed if len(entry) == depth + 1 and tuple(entry[:depth]) == self.place)
        return sorted({name for name in here if name.startswith(beginning)})[:MOST_PARTS]

    def open_part(self, name: str, head_bytes: int = 8) -> "MessageFolder":
        return MessageFolder(self._file, (*self.place, name), head_bytes)


def read_msg(path: Path, notes: ReadingNotes) -> None:
    """The subject as title, the day that it was sent, and the texts; attachments that are no text are only named."""
    with olefile.OleFileIO(path) as file:
        message = MessageFolder(file, (), HEADS_BYTES[True])
        sent = message.read_moment(SENT_AT) or message.read_moment(RECEIVED_AT)
        notes.note(title=message.read_text(SUBJECT), made_on=sent)
        _add_message(message, notes, TextPlace.BODY, "", 0)
        notes.end_texts(_read_other_words(message))


def _add_message(message: MessageFolder, notes: ReadingNotes, place: TextPlace, name: str, depth: int) -> None:
    parts = [message.open_part(part) for part in message.list_names(ATTACHMENT)]
    names = [f"[{part.read_text(*FILE_NAMES)}]" for part in parts if part.read_text(*FILE_NAMES)]
    notes.add_text("\n".join([*_list_heads(message), *names, "", _read_body(message, notes)]), place, name)
    for part in parts:
        _add_attachment(part, notes, depth)


def _list_heads(message: MessageFolder) -> list[str]:
    sent = message.read_moment(SENT_AT) or message.read_moment(RECEIVED_AT)
    people: dict[str, list[str]] = {head: [] for head in LISTED}
    for part in map(message.open_part, message.list_names(RECIPIENT)):
        head = RECIPIENT_HEADS.get(part.read_number(RECIPIENT_KIND), "To")
        people[head].append(_name_person(part.read_text(SHOWN_NAME), part.read_text(*ADDRESSES)))
    listed = {head: "; ".join(people[head]) or message.read_text(number) for head, number in LISTED.items()}
    heads = {
        "From": _name_person(message.read_text(SENDER), message.read_text(*SENDER_ADDRESSES)),
        **listed,
        "Date": f"{sent:%Y-%m-%d %H:%M} UTC" if sent else "",
        "Subject": message.read_text(SUBJECT),
    }
    return [f"{head}: {text}" for head, text in heads.items() if text]


def _name_person(name: str, address: str) -> str:
    return f"{name} <{address}>" if address and address not in name else name


def _read_body(message: MessageFolder, notes: ReadingNotes) -> str:
    """The plain text, or else the words of the formatted one; where that is damaged, it is said."""
    if plain := message.read_text(BODY):
        return plain
    if page := message.read_bytes(HTML):
        return visible_text(decode_safely(page, message.encoding), CHECK_LIMIT)
    if packed := message.read_bytes(RTF):
        try:
            return read_packed_rtf(packed, CHECK_LIMIT)
        except (ValueError, struct.error):
            notes.leave_unread(UnreadKind.FORMATTED_TEXT)
    return ""


def _add_attachment(part: MessageFolder, notes: ReadingNotes, depth: int) -> None:
    name = part.read_text(*FILE_NAMES) or "?"
    inner = part.list_names(VALUE + FILE_DATA + STORAGE)
    if inner and depth < DEEPEST:
        message = part.open_part(inner[0], HEADS_BYTES[False])
        _add_message(message, notes, TextPlace.ATTACHMENT, message.read_text(SUBJECT) or name, depth + 1)
    elif name.lower().endswith(TEXT_ENDINGS):
        text = decode_bytes(part.read_bytes(FILE_DATA))
        is_page = name.lower().endswith((".htm", ".html"))
        notes.add_text(visible_text(text, CHECK_LIMIT) if is_page else text, TextPlace.ATTACHMENT, name)
    else:
        notes.leave_unread(UnreadKind.ATTACHMENTS, name)


def _read_other_words(message: MessageFolder) -> str:
    """What stands in a contact, and in properties that someone made up."""
    names = (name.removeprefix(VALUE) for name in message.list_names(VALUE))
    worded = dict.fromkeys(number[:4] for number in names if number[4:] in (WIDE_TEXT, TEXT) and number[:2] in WORDED)
    return "\n".join(dict.fromkeys(filter(None, map(message.read_text, worded))))
