"""Evidence: its period, its visibility, and the change that a figure shows."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from urllib.parse import unquote, urlsplit

from app.rules.charts import BarPair, draw_pair
from app.rules.days.typed_day import check_year_between
from app.rules.errors import Invalid
from app.rules.files.kinds import FILE_KINDS, safe_name
from app.rules.message import Message, say
from app.rules.text.bounds import check_name


class Visibility(StrEnum):
    """Who may see a piece: `public` may be handed out, `internal` stays in the city, `restricted` with those who need it."""

    PUBLIC = "public"
    INTERNAL = "internal"
    RESTRICTED = "restricted"


class SeenPart(StrEnum):
    """What of a restricted piece someone saw: its file or the copy of its page, a picture of the file, or what the piece's page says."""

    FILE = "file"
    PICTURE = "picture"
    PAGE = "page"


SEEN_NAMES: dict[str, Message] = {
    SeenPart.FILE: say("opened the file"),
    SeenPart.PICTURE: say("looked at pictures of the file"),
    SeenPart.PAGE: say("looked at this page"),
}

TITLE_LIMIT = 200
NOTE_LIMIT = 10_000
FIELD_LIMIT = 300


def check_period(period_from: date | None, period_to: date | None, today: date) -> None:
    """Raises Invalid when the period ends before it begins or lies before 1900 or more than ten years ahead."""
    if period_from and period_to and period_to < period_from:
        raise Invalid({"period_to": say("The period ends before it begins. Check both dates.")})
    for name, day in (("period_from", period_from), ("period_to", period_to)):
        check_day(name, day, today)


def check_day(name: str, day: date | None, today: date) -> None:
    """Raises Invalid at the field `name` for a day before 1900 or more than ten years ahead."""
    problem = say("This year cannot be right. Write the date as year, month, day.")
    check_year_between(name, day, 1900, today.year + 10, problem)


_SHAPES = tuple(
    re.compile(rf"(?P<whole>[+-]?{whole})(?:{mark}(?P<part>\d+))?")
    for whole, mark in (
        (r"\d+", r"\."),
        (r"(?=[.,])", "[.,]"),
        (r"[1-9]\d{0,2}(?:,\d{3})+", r"\."),
        (r"\d+", ","),
        (r"[1-9]\d{0,2}(?:\.\d{3}){2,}", ","),
        (r"[1-9]\d{0,2}(?:\.\d{3})+(?=,)", ","),
        (r"[1-9]\d{0,2}(?: \d{3})+", "[.,]"),
    )
)
"""How people write numbers, the first that fits: 1250.5, .5, 1,250.5, 1250,5, 1.250.000,5, 1.250,5, 1 250,5.

Two readings are possible of 1,250 and of 1.250; the comma is then taken as grouping and the point as decimal mark.
"""


def parse_number(text: str, field: str) -> Decimal | None:
    """A number as people type it: `1,250.5`, `1.250,5`, `12 %`; empty gives None. Raises Invalid on `field`."""
    raw = " ".join(text.replace("\u2212", "-").replace("%", " ").split())
    if not raw:
        return None
    reading = next((match for shape in _SHAPES if (match := shape.fullmatch(raw))), None)
    number = Decimal(f"{re.sub('[., ]', '', reading['whole'])}.{reading['part'] or 0}") if reading else None
    if number is None or abs(number) >= Decimal(10) ** 15:
        raise Invalid(
            {field: say("“%(text)s” is not a number. Write for example 1250 or 12.5.", text=text.strip()[:40])}
        )
    return number


@dataclass(frozen=True)
class FigureChange:
    """The change of a figure in percent, one decimal; `as_published` where the source gave only the change and no values."""

    percent: Decimal
    as_published: bool


@dataclass(frozen=True)
class Figure:
    """What a figure says; the periods are texts such as `2024`."""

    unit: str
    baseline_value: Decimal | None
    baseline_period: str
    current_value: Decimal | None
    current_period: str
    change: FigureChange | None
    dataset: str = ""
    method: str = ""
    caveat: str = ""

    @property
    def chart(self) -> BarPair | None:
        """The change as two bars; None where they would mislead."""
        published = self.change.percent if self.change and self.change.as_published else None
        return draw_pair(self.baseline_value, self.current_value, published)


def compute_change(
    baseline: Decimal | None, current: Decimal | None, published_percent: Decimal | None
) -> FigureChange | None:
    """The change to show: computed from the two values, else the published one, else None.

    Raises Invalid for a baseline of zero, from which no percentage can be computed, and where a published change
    contradicts the values.
    """
    if baseline is None or current is None:
        return FigureChange(published_percent, as_published=True) if published_percent is not None else None
    if baseline == 0:
        raise Invalid(
            {
                "baseline_value": say(
                    "From a baseline of zero no percentage can be computed. Leave the baseline empty, or record the figure as a note."
                )
            }
        )
    percent = ((current - baseline) * 100 / abs(baseline)).quantize(Decimal("0.1"), rounding=ROUND_HALF_EVEN)
    if published_percent is not None and abs(published_percent - percent) > 1:
        raise Invalid(
            {
                "published_percent": say(
                    "The values give a change of %(percent)s%%. Correct them, or leave this field empty.",
                    percent=percent,
                )
            }
        )
    return FigureChange(percent, as_published=False)


def name_page_copy(url: str, media_type: str) -> str:
    """What the kept copy of a linked page is called when it is saved: the end of its address, with the ending of its kind."""
    name = safe_name(unquote(urlsplit(url).path.rstrip("/").rpartition("/")[2]) or "page")
    endings = next((kind.extensions for kind in FILE_KINDS if kind.media_type == media_type), ("",))
    stem, _, ending = name.rpartition(".")
    return name if ending.lower() in endings else safe_name(f"{stem or name}.{endings[0]}")


def check_title(title: str) -> str:
    """The title without outer space. Raises Invalid when empty or over TITLE_LIMIT characters."""
    return check_name("title", title, TITLE_LIMIT, say("Give this evidence a name that others will recognize."))


VISIBILITY_NAMES: dict[Visibility, Message] = {
    Visibility.PUBLIC: say("Public"),
    Visibility.INTERNAL: say("Internal"),
    Visibility.RESTRICTED: say("Restricted"),
}
