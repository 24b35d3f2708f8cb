"""What a person enters about a piece of evidence, and what of it can be kept."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from app.rules.criteria import EvidenceKind
from app.rules.errors import Gathered, Invalid
from app.rules.evidence.piece import (
    FIELD_LIMIT,
    NOTE_LIMIT,
    TITLE_LIMIT,
    Change,
    Visibility,
    change_of,
    check_day,
    check_period,
    check_title,
    parse_number,
)
from app.rules.links import clean_url
from app.rules.message import Said, say

SHORT_TEXTS = {
    "page_pointer": FIELD_LIMIT,
    "source": FIELD_LIMIT,
    "unit": 60,
    "dataset": 300,
    "method": 1000,
    "caveat": 500,
    "baseline_period": 60,
    "current_period": 60,
}
NUMBERS = {name: Decimal("0.0001") for name in ("baseline_value", "current_value")} | {
    "published_percent": Decimal("0.1")
}
"""Fields that are numbers, each with the places that are stored."""
TEXTS = ("title", "visibility", "url", "note", *SHORT_TEXTS)
DAYS = ("period_from", "period_to", "effective_on")
"""With NUMBERS, all that a person enters about a piece and that is stored with it, as `Entry` has it below."""
LARGEST_PERCENT = 1_000_000


@dataclass(frozen=True)
class Entry:
    """A form about one piece, as typed; numbers are still text.

    `items` are the ids of checklist items that the piece supports; `unread` has the sentences of fields that could not be read.
    """

    kind: EvidenceKind
    title: str = ""
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
    unread: Mapping[str, Said] = field(default_factory=dict)


Columns = dict[str, Any]
"""Values to store, by the name of their column."""


def check(entry: Entry, today: date) -> Columns:
    """What to store. The title is empty for a file without one, since each file lends its name.

    Raises Invalid with a sentence for every field that cannot be taken, not only for the first.
    """
    found = Gathered(entry.unread)
    for step in (_title, _short_texts, _visibility, *_STEPS[entry.kind]):
        found.take(step, entry)
    found.take(_period, entry, today)
    return {"kind": entry.kind.value} | found.whole()


def title_of_url(url: str) -> str:
    """What stands for a link until its page has told its title: host and path."""
    parts = urlsplit(url)
    return f"{parts.hostname or ''}{parts.path.rstrip('/')}"[:TITLE_LIMIT]


def title_of_file(name: str) -> str:
    """The name without its ending."""
    return check_title(name.rpartition(".")[0] or name)


def plain_number(number: Decimal | None) -> str:
    """The number as a person could have typed it, without zeros at the end: for a field that is shown again."""
    text = "" if number is None else f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def change_entered(entry: Entry) -> Change | None:
    """The change that the numbers of a figure show so far. Raises Invalid as `check` does for them."""
    return _change(_numbers(entry))


def _line(text: str) -> str:
    """One line without outer space; a NUL cannot be stored."""
    return " ".join(text.replace("\x00", "").split())


def _title(entry: Entry) -> Columns:
    text = _line(entry.title)
    may_be_empty = entry.kind in {EvidenceKind.FILE, EvidenceKind.LINK}
    return {"title": "" if may_be_empty and not text else check_title(text)}


def _short_texts(entry: Entry) -> Columns:
    found = Gathered()
    for name, limit in SHORT_TEXTS.items():
        found.take(_short, entry, name, limit)
    return found.whole()


def _short(entry: Entry, name: str, limit: int) -> Columns:
    text = _line(getattr(entry, name))
    if len(text) > limit:
        raise Invalid({name: say("At most %(limit)s characters fit here.", limit=limit)})
    return {name: text}


def _visibility(entry: Entry) -> Columns:
    if entry.visibility not in set(Visibility):
        raise Invalid({"visibility": say("Choose who may see this.")})
    return {"visibility": Visibility(entry.visibility).value}


def _period(entry: Entry, today: date) -> Columns:
    check_period(entry.period_from, entry.period_to, today)
    check_day("effective_on", entry.effective_on, today)
    return {name: getattr(entry, name) for name in DAYS}


def _link(entry: Entry) -> Columns:
    url = clean_url(entry.url)
    return {"url": url} | ({} if _line(entry.title) else {"title": title_of_url(url)})


def _note(entry: Entry) -> Columns:
    text = entry.note.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()
    if not text:
        raise Invalid({"note": say("Write the note before you save it.")})
    if len(text) > NOTE_LIMIT:
        raise Invalid({"note": _too_long(len(text))})
    return {"note": text}


def _too_long(length: int) -> Said:
    return say(
        "A note may have at most %(limit)s characters; this one has %(length)s. Attach the long version as a file.",
        limit=f"{NOTE_LIMIT:,}",
        length=f"{length:,}",
    )


def _source(entry: Entry) -> None:
    if not _line(entry.source):
        raise Invalid({"source": say("Say where this figure comes from, so that a reviewer can look it up.")})


def _figure(entry: Entry) -> Columns:
    columns = _numbers(entry)
    found = Gathered(_missing(columns, entry))
    found.take(_without_contradiction, columns)
    return found.whole()


def _without_contradiction(columns: Columns) -> Columns:
    _change(columns)
    return columns


def _missing(columns: Columns, entry: Entry) -> dict[str, Said]:
    """Sentences for what a figure needs: a value now or a published change, and a period for each value."""
    found = {}
    if columns["current_value"] is None and columns["baseline_value"] is not None:
        found["current_value"] = say("Give the value now as well, or leave the baseline empty.")
    elif columns["current_value"] is None and columns["published_percent"] is None:
        found["current_value"] = say("Give the value now, or below only the change that was published.")
    for name in ("baseline", "current"):
        if columns[f"{name}_value"] is not None and not _line(getattr(entry, f"{name}_period")):
            found[f"{name}_period"] = say("Say which period this value is from, such as 2024.")
    return found


def _change(columns: Columns) -> Change | None:
    return change_of(columns["baseline_value"], columns["current_value"], columns["published_percent"])


def _numbers(entry: Entry) -> Columns:
    found = Gathered()
    for name, places in NUMBERS.items():
        found.take(_number, entry, name, places)
    return found.whole()


def _number(entry: Entry, name: str, places: Decimal) -> Columns:
    """Rounded as it is stored, so that a baseline too small to keep counts as the zero that it would become."""
    number = parse_number(getattr(entry, name).replace("\x00", ""), name)
    if number is not None and name == "published_percent" and abs(number) > LARGEST_PERCENT:
        raise Invalid({name: say("A change of more than a million percent cannot be right.")})
    return {name: number.quantize(places) if number is not None else None}


_STEPS: dict[EvidenceKind, tuple[Callable[[Entry], Columns | None], ...]] = {
    EvidenceKind.FILE: (),
    EvidenceKind.LINK: (_link,),
    EvidenceKind.FIGURE: (_source, _figure),
    EvidenceKind.NOTE: (_note,),
}
