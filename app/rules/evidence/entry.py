"""What a person enters about a piece of evidence, and what of it can be kept."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from app.rules.criteria.edition import EvidenceKind
from app.rules.errors import FieldGatherer, Invalid
from app.rules.evidence.links import clean_url
from app.rules.evidence.piece import (
    FIELD_LIMIT,
    NOTE_LIMIT,
    TITLE_LIMIT,
    FigureChange,
    Visibility,
    check_day,
    check_period,
    check_title,
    compute_change,
    parse_number,
)
from app.rules.evidence.public_advice import check_public_advice
from app.rules.message import Message, say
from app.rules.numbers.typed_number import certain_decimals
from app.rules.text.bounds import check_length, single_line

SHORT_TEXT_FIELDS = {
    "page_pointer": FIELD_LIMIT,
    "source": FIELD_LIMIT,
    "unit": 60,
    "dataset": 300,
    "method": 1000,
    "caveat": 500,
    "baseline_period": 60,
    "current_period": 60,
}
NUMBER_FIELDS = {name: Decimal("0.0001") for name in ("baseline_value", "current_value")} | {
    "published_percent": Decimal("0.1")
}
"""Fields that are numbers, each with the places that are stored."""
TEXT_FIELDS = ("title", "visibility", "url", "note", *SHORT_TEXT_FIELDS)
DAY_FIELDS = ("period_from", "period_to", "effective_on")
"""With NUMBERS, all that a person enters about a piece and that is stored with it, as `EvidenceEntry` has it below."""
LARGEST_PERCENT = 1_000_000


@dataclass(frozen=True)
class EvidenceEntry:
    """A form about one piece, as typed; numbers are still text.

    `language` is that of its texts, empty where it was not chosen.
    `items` are the ids of checklist items that the piece supports, `pointers` by code of a criterion where to look in it for that one;
    `advised` says that its writer has read what it means to make something public; `unread` has the sentences of fields that could not
    be read.
    """

    kind: EvidenceKind
    title: str = ""
    language: str = ""
    period_from: date | None = None
    period_to: date | None = None
    effective_on: date | None = None
    page_pointer: str = ""
    source: str = ""
    visibility: str = Visibility.INTERNAL
    url: str = ""
    note: str = ""
    unit: str = ""
    baseline_value: str = ""
    baseline_period: str = ""
    current_value: str = ""
    current_period: str = ""
    published_percent: str = ""
    dataset: str = ""
    method: str = ""
    caveat: str = ""
    items: tuple[str, ...] = ()
    pointers: Mapping[str, str] = field(default_factory=dict)
    advised: bool = False
    unread: Mapping[str, Message] = field(default_factory=dict)


Columns = dict[str, Any]
"""Values to store, by the name of their column."""


def check_entry(entry: EvidenceEntry, today: date) -> Columns:
    """What to store. The title is empty for a file without one, since each file lends its name.

    Raises Invalid with a sentence for every field that cannot be taken, not only for the first.
    """
    gatherer = FieldGatherer(entry.unread)
    for step in (_title_column, _short_text_columns, _visibility_column, *_STEPS[entry.kind]):
        gatherer.take(step, entry)
    gatherer.take(_period_columns, entry, today)
    language = {"language": entry.language} if entry.language else {}
    return {"kind": entry.kind.value} | language | gatherer.whole()


def title_of_url(url: str) -> str:
    """What stands for a link until its page has told its title: host and path."""
    parts = urlsplit(url)
    return f"{parts.hostname or ''}{parts.path.rstrip('/')}"[:TITLE_LIMIT]


def title_of_file(name: str) -> str:
    """The name without its ending."""
    return check_title(name.rpartition(".")[0] or name)


def plain_number(number: Decimal | None) -> str:
    """The number as a person could have typed it, without zeros at the end: for a field that is shown again.

    Three decimals get a zero, since they would look like a group of thousands.
    """
    whole, _, decimals = ("" if number is None else f"{number:f}").partition(".")
    return f"{whole}.{certain_decimals(decimals)}" if decimals.strip("0") else whole


def entered_change(entry: EvidenceEntry) -> FigureChange | None:
    """The change that the numbers of a figure show so far. Raises Invalid as `check_entry` does for them."""
    if entry.unread:
        raise Invalid(dict(entry.unread))
    return _compute_change(_number_columns(entry))


def _title_column(entry: EvidenceEntry) -> Columns:
    text = single_line(entry.title)
    may_be_empty = entry.kind in {EvidenceKind.FILE, EvidenceKind.LINK}
    return {"title": "" if may_be_empty and not text else check_title(text)}


def _short_text_columns(entry: EvidenceEntry) -> Columns:
    gatherer = FieldGatherer()
    for name, limit in SHORT_TEXT_FIELDS.items():
        gatherer.take(_short_text_column, entry, name, limit)
    return gatherer.whole()


def _short_text_column(entry: EvidenceEntry, name: str, limit: int) -> Columns:
    return {name: check_length(name, single_line(getattr(entry, name)), limit)}


def check_pointer(text: str) -> str:
    """Where to look in a piece, in one line. Raises Invalid for one that is too long."""
    return check_length("page_pointer", single_line(text), FIELD_LIMIT)


def _visibility_column(entry: EvidenceEntry) -> Columns:
    if entry.visibility not in set(Visibility):
        raise Invalid({"visibility": say("Choose who may see this.")})
    if entry.visibility == Visibility.PUBLIC:
        check_public_advice(advised=entry.advised)
    return {"visibility": Visibility(entry.visibility).value}


def _period_columns(entry: EvidenceEntry, today: date) -> Columns:
    check_period(entry.period_from, entry.period_to, today)
    check_day("effective_on", entry.effective_on, today)
    return {name: getattr(entry, name) for name in DAY_FIELDS}


def _link_columns(entry: EvidenceEntry) -> Columns:
    url = clean_url(entry.url)
    return {"url": url} | ({} if single_line(entry.title) else {"title": title_of_url(url)})


def _note_column(entry: EvidenceEntry) -> Columns:
    text = entry.note.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()
    if not text:
        raise Invalid({"note": say("Write the note before you save it.")})
    return {"note": check_length("note", text, NOTE_LIMIT, _too_long(len(text)))}


def _too_long(length: int) -> Message:
    return say(
        "A note may have at most %(limit)s characters; this one has %(length)s. Attach the long version as a file.",
        limit=f"{NOTE_LIMIT:,}",
        length=f"{length:,}",
    )


def _check_source(entry: EvidenceEntry) -> None:
    if not single_line(entry.source):
        raise Invalid({"source": say("Say where this figure comes from, so that a reviewer can look it up.")})


def _figure_columns(entry: EvidenceEntry) -> Columns:
    columns = _number_columns(entry)
    gatherer = FieldGatherer(_missing_fields(columns, entry))
    gatherer.take(_without_contradiction, columns)
    return gatherer.whole()


def _without_contradiction(columns: Columns) -> Columns:
    _compute_change(columns)
    return columns


def _missing_fields(columns: Columns, entry: EvidenceEntry) -> dict[str, Message]:
    """Sentences for what a figure needs: a value now or a published change, and a period for each value."""
    messages = {}
    if columns["current_value"] is None and columns["baseline_value"] is not None:
        messages["current_value"] = say("Give the value now as well, or leave the baseline empty.")
    elif columns["current_value"] is None and columns["published_percent"] is None:
        messages["current_value"] = say("Give the value now, or below only the change that was published.")
    for name in ("baseline", "current"):
        if columns[f"{name}_value"] is not None and not single_line(getattr(entry, f"{name}_period")):
            messages[f"{name}_period"] = say("Say which period this value is from, such as 2024.")
    return messages


def _compute_change(columns: Columns) -> FigureChange | None:
    return compute_change(columns["baseline_value"], columns["current_value"], columns["published_percent"])


def _number_columns(entry: EvidenceEntry) -> Columns:
    gatherer = FieldGatherer()
    for name, places in NUMBER_FIELDS.items():
        gatherer.take(_number_column, entry, name, places)
    return gatherer.whole()


def _number_column(entry: EvidenceEntry, name: str, places: Decimal) -> Columns:
    """Rounded as it is stored, so that a baseline too small to keep counts as the zero that it would become."""
    number = parse_number(getattr(entry, name).replace("\x00", ""), name)
    if number is not None and name == "published_percent" and abs(number) > LARGEST_PERCENT:
        raise Invalid({name: say("A change of more than a million percent cannot be right.")})
    return {name: number.quantize(places) if number is not None else None}


_STEPS: dict[EvidenceKind, tuple[Callable[[EvidenceEntry], Columns | None], ...]] = {
    EvidenceKind.FILE: (),
    EvidenceKind.LINK: (_link_columns,),
    EvidenceKind.FIGURE: (_check_source, _figure_columns),
    EvidenceKind.NOTE: (_note_column,),
}
