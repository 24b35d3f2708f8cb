"""What a person typed: read by name and kind, and kept as typed so that a page can show it again."""

import re
from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import date
from typing import Any

from fastapi import Depends
from python_multipart.multipart import parse_options_header
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from app.adapters.encodings import is_accepted_encoding
from app.rules.errors import Invalid
from app.rules.message import say

MOST_FIELDS = 400
"""The table of assignments has five for each of 43 criteria."""
MOST_FILES = 20
LARGEST_TEXT_BYTES = 2_000_000
LARGEST_INTEGER = 2**31 - 1
"""As large as PostgreSQL's integers go."""
SECRET_FIELDS = {"pass_phrase", "again", "current", "one_time_code", "secret", "credential"}
"""Fields that are never shown again or sent along."""
FILLED_BY_PAGE = {"upload", "shown", "theirs", "next", "setup", "ticket", "mark"}
"""Fields that a page fills in itself with something as long as a text."""
SHORTEST_TEXT = 20
_HALF_SURROGATE = re.compile("[\ud800-\udfff]")
_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,15}")


def read_day(name: str, text: str) -> date | None:
    """The date that a person typed or chose; None for an empty field. Raises Invalid at the field `name`."""
    raw = text.strip()
    try:
        return date.fromisoformat(raw) if raw else None
    except ValueError:
        raise Invalid(
            {name: say("“%(text)s” is not a date. Write it as year-month-day, such as 2026-03-31.", text=raw[:20])}
        ) from None


class TypedForm:
    """The fields of one form, without NUL, which PostgreSQL cannot keep.

    Missing text is empty; a number or date that cannot be read raises Invalid at its field.
    """

    def __init__(self, form: FormData) -> None:
        self.form = form

    def text(self, name: str) -> str:
        value = self.form.get(name, "")
        return value.replace("\x00", "") if isinstance(value, str) else ""

    def all(self, name: str) -> list[str]:
        return [value.replace("\x00", "") for value in self.form.getlist(name) if isinstance(value, str)]

    def files(self, name: str) -> list[UploadFile]:
        """The files chosen; a field left empty arrives as one file without a name, which is no file."""
        return [value for value in self.form.getlist(name) if isinstance(value, UploadFile) and value.filename]

    def ticked(self, name: str) -> bool:
        return self.text(name) in {"on", "true", "1", "yes"}

    def integer(self, name: str) -> int | None:
        raw = self.text(name).strip()
        if not raw:
            return None
        if not _WHOLE_NUMBER.fullmatch(raw) or abs(int(raw)) > LARGEST_INTEGER:
            raise Invalid({name: say("This should be a whole number.")})
        return int(raw)

    def version(self, name: str = "version") -> int:
        """The version that the page was made from. Every form carries one; without it nothing can be saved safely."""
        version = self.integer(name)
        if version is None:
            raise Invalid({"": say("This page is out of date. Load it again, then repeat the step.")})
        return version

    def day(self, name: str) -> date | None:
        return read_day(name, self.text(name))

    @property
    def kept(self) -> Mapping[str, Any]:
        """Every text as typed; a field that came several times is a list."""
        return {name: values[0] if len(values) == 1 else values for name in self.form if (values := self.all(name))}

    def pairs(self) -> list[tuple[str, str]]:
        """Every text field in order, for sending the same form again; secrets are left out."""
        fields = self.form.multi_items()
        return [(name, value) for name, value in fields if isinstance(value, str) and name not in SECRET_FIELDS]


def texts_in(fields: Iterable[tuple[str, str]], *, short_ones: bool = False) -> list[str]:
    """What a person wrote and may want back, without numbers, choices and what pages fill in themselves.

    With `short_ones` every field, for a form that cannot be sent again as it is.
    """
    values = (value.strip() for name, value in fields if name not in FILLED_BY_PAGE)
    return [value for value in values if value and (short_ones or _is_written(value))]


def has_sent_secrets(request: Request) -> bool:
    """Whether the form of this request has a field that may not be sent again without being typed again."""
    form: TypedForm | None = getattr(request.state, "typed", None)
    return bool(form and SECRET_FIELDS & form.form.keys())


def _is_written(value: str) -> bool:
    return len(value) > SHORTEST_TEXT or any(map(str.isspace, value))


def sent_fields(request: Request) -> list[tuple[str, str]]:
    """The text fields of this request's form, as far as it was read; for an answer that nobody reads a form for."""
    form: TypedForm | None = getattr(request.state, "typed", None)
    return form.pairs() if form else []


async def read_form(request: Request) -> TypedForm:
    """The form once it has come, kept by the request, which whoever reads it has to close.

    A form may name its encoding: one that is not taken, or gives what is no text, raises HTTPException 400; one that is larger than
    `app.web.wire.body` allows raises 413.
    """
    if not is_accepted_encoding(_named_encoding(request)):
        raise HTTPException(400)
    try:
        form = await request.form(max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=LARGEST_TEXT_BYTES)
    except UnicodeError:
        raise HTTPException(400) from None
    if not all(map(_is_text, form.multi_items())):
        raise HTTPException(400)
    request.state.typed = TypedForm(form)
    return TypedForm(form)


def _named_encoding(request: Request) -> str:
    """The encoding that the form names, read by the same library that reads the form; browsers name none, and mean UTF-8."""
    _, options = parse_options_header(request.headers.get("content-type", ""))
    return options.get(b"charset", b"utf-8").decode("latin-1")


async def _read_and_close(request: Request) -> AsyncIterator[TypedForm]:
    try:
        yield await read_form(request)
    finally:
        await request.close()


def _is_text(field: tuple[str, UploadFile | str]) -> bool:
    """Whether name and value can be written down: half of a surrogate pair cannot."""
    name, value = field
    text = name + (value if isinstance(value, str) else value.filename or "")
    return not _HALF_SURROGATE.search(text)


def typed_form() -> Any:
    """The form of this request, as a parameter's default: `form: Typed = typed()`. With files it stands after `receives`."""
    return Depends(_read_and_close)
