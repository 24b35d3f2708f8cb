"""What a form about evidence holds."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.adapters.translations import load_number_marks
from app.rules.criteria.edition import EvidenceKind
from app.rules.errors import Invalid
from app.rules.evidence.entry import DAY_FIELDS, NUMBER_FIELDS, TEXT_FIELDS, EvidenceEntry
from app.rules.evidence.public_advice import PUBLIC_ADVICE
from app.rules.message import Message
from app.rules.numbers.typed_number import settle_number
from app.services.evidence.adding import IncomingFile
from app.settings import LANGUAGES
from app.web.forms import TypedForm

POINTER = "pointer."
"""What the name of a field begins with that says where to look in a piece for one criterion, before its code."""


def read_entry(form: TypedForm, kind: EvidenceKind, language: str) -> EvidenceEntry:
    """What was typed on a page in this language."""
    unread: dict[str, Message] = {}
    texts: dict[str, Any] = {name: form.text(name) for name in TEXT_FIELDS}
    texts |= read_numbers({name: form.text(name) for name in NUMBER_FIELDS}, language, unread)
    days: dict[str, Any] = {name: _read_day(form, name, unread) for name in DAY_FIELDS}
    texts["language"] = chosen if (chosen := form.text("language")) in LANGUAGES else ""
    pointers = {name.removeprefix(POINTER): form.text(name) for name in form.kept if name.startswith(POINTER)}
    items, advised = tuple(form.all("item")), form.ticked(PUBLIC_ADVICE)
    return EvidenceEntry(kind=kind, items=items, advised=advised, pointers=pointers, unread=unread, **texts, **days)


def read_numbers(typed: Mapping[str, str], language: str, unread: dict[str, Message]) -> dict[str, str]:
    """Those of the texts that are numbers as this language writes them, told so that they can be read one way only.

    The sentence for one that has two readings is put into `unread`.
    """
    marks = load_number_marks(language)
    settled = {}
    for name, text in typed.items():
        try:
            settled[name] = settle_number(text, name, marks) if name in NUMBER_FIELDS else text
        except Invalid as problem:
            unread.update(problem.fields)
            settled[name] = text
    return settled


def _read_day(form: TypedForm, name: str, unread: dict[str, Message]) -> date | None:
    try:
        return form.day(name)
    except Invalid as problem:
        unread.update(problem.fields)
        return None


def read_uploads(form: TypedForm) -> list[IncomingFile]:
    return [IncomingFile(file.filename or "", file.file) for file in form.files("file")]
