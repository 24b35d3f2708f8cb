"""What a form about evidence holds."""

from datetime import date
from typing import Any

from app.rules.criteria import EvidenceKind
from app.rules.errors import Invalid
from app.rules.evidence.entry import DAY_FIELDS, NUMBER_FIELDS, TEXT_FIELDS, EvidenceEntry
from app.rules.message import Message
from app.services.evidence.adding import IncomingFile
from app.web.forms import TypedForm


def read_entry(form: TypedForm, kind: EvidenceKind) -> EvidenceEntry:
    unread: dict[str, Message] = {}
    texts: dict[str, Any] = {name: form.text(name) for name in (*TEXT_FIELDS, *NUMBER_FIELDS)}
    days: dict[str, Any] = {name: _read_day(form, name, unread) for name in DAY_FIELDS}
    return EvidenceEntry(kind=kind, items=tuple(form.all("item")), unread=unread, **texts, **days)


def _read_day(form: TypedForm, name: str, unread: dict[str, Message]) -> date | None:
    try:
        return form.day(name)
    except Invalid as problem:
        unread.update(problem.fields)
        return None


def read_uploads(form: TypedForm) -> list[IncomingFile]:
    return [IncomingFile(file.filename or "", file.file) for file in form.files("file")]
