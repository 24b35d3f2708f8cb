"""What to renew in the council summary: documents by the day on which they expire, and the time line of twelve months."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

MOST_BOXES = 6
BOX_HEIGHT, BOX_STEP, ABOVE = 17.0, 20.0, 16.0


@dataclass(frozen=True)
class RenewalDocument:
    """A document to renew and who does it; `title` is a word for it where it is counted and not named.

    `language` is that of its title, empty for that of most texts of the report; `told` whether the city wrote the title.
    """

    title: str
    owner: str
    codes: tuple[str, ...]
    told: bool = False
    language: str = ""


@dataclass(frozen=True)
class RenewalDay:
    """A day on which something expires: `month` counts from the report's month, `then` is the result if nothing is renewed.

    `names` are the codes with their titles.
    """

    day: str
    month: int
    codes: tuple[str, ...]
    documents: tuple[RenewalDocument, ...]
    then: str
    drops: bool
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class SummaryRisk:
    """The biggest risk in one sentence, the day on which it comes, and the documents whose renewal keeps the result."""

    text: str
    day: str
    documents: tuple[RenewalDocument, ...]


@dataclass(frozen=True)
class CodeBox:
    """The box of one criterion; `core` fills it. The last one of a full month says how many more there are."""

    code: str
    core: bool
    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        return self.x + self.width / 2


@dataclass(frozen=True)
class RenewalMonth:
    """`all_codes` are also those without a box; `drops` says that the estimate falls in this month, marked above `top`."""

    name: str
    x: float
    middle: float
    top: float
    boxes: tuple[CodeBox, ...]
    all_codes: tuple[str, ...]
    drops: bool


@dataclass(frozen=True)
class RenewalYear:
    width: float
    height: float
    base: float
    months: tuple[RenewalMonth, ...]


def draw_renewals(
    names: Sequence[str], days: Sequence[RenewalDay], core: Collection[str], width: float = 700, first_month: int = 0
) -> RenewalYear:
    """The months by their names, the first of them so far from the report's own; one with more than MOST_BOXES criteria counts the others."""
    by_month = [[day for day in days if day.month == first_month + place] for place in range(len(names))]
    codes = [tuple(code for day in month for code in day.codes) for month in by_month]
    rows = max((min(len(listed), MOST_BOXES) for listed in codes), default=0)
    base = ABOVE + rows * BOX_STEP
    room = width / len(names)
    months = tuple(
        _draw_month(name, room * place, room, base, codes[place], core, any(day.drops for day in by_month[place]))
        for place, name in enumerate(names)
    )
    return RenewalYear(width, base + 22, base, months)


def _draw_month(
    name: str, x: float, room: float, base: float, codes: tuple[str, ...], core: Collection[str], drops: bool
) -> RenewalMonth:
    shown = codes if len(codes) <= MOST_BOXES else codes[: MOST_BOXES - 1]
    labels = (*shown, *([f"+{len(codes) - len(shown)}"] if len(codes) > len(shown) else []))
    boxes = tuple(
        CodeBox(label, label in core, round(x + 3, 1), base - BOX_STEP * (row + 1), round(room - 6, 1), BOX_HEIGHT)
        for row, label in enumerate(labels)
    )
    return RenewalMonth(name, round(x, 1), round(x + room / 2, 1), base - BOX_STEP * len(labels), boxes, codes, drops)
