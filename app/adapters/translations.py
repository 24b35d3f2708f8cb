"""The translations in locale/, and how dates and numbers look in a language: for pages, mails and reports alike."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, dates, numbers
from babel.core import UnknownLocaleError
from babel.support import NullTranslations, Translations

from app.adapters.criteria.editions import load_edition
from app.adapters.criteria.folder import EDITION_FILE
from app.rules.message import Message, NamedCriteria, join_names
from app.rules.numbers.typed_number import NumberMarks
from app.settings import ROOT


@cache
def load_translations(language: str) -> NullTranslations:
    """The texts of a language; English is what stands in the code."""
    if language == "en":
        return NullTranslations()
    return Translations.load(ROOT / "locale", [language])


@cache
def load_titles(edition: str, language: str) -> Mapping[str, str]:
    """The titles of an edition's criteria by code; none for an edition that is not here. Read from its files once."""
    folder = ROOT / "criteria" / edition
    if not (folder / EDITION_FILE).is_file():
        return {}
    return {code: criterion.title for code, criterion in load_edition(folder, language).criteria.items()}


MOST_WRITTEN = 4_000
"""Days and moments that are kept as a language writes them: a page has half a dozen, mostly the same as the one before."""


@dataclass(frozen=True)
class Translator:
    """Everything that depends on the reader's language; `say_briefly` leaves criteria at their codes, where titles stand beside it."""

    language: str
    say: Callable[[Message | str], str]
    say_briefly: Callable[[Message], str]
    day: Callable[..., str]
    month: Callable[[date], str]
    month_and_year: Callable[[date], str]
    weekdays: tuple[str, ...]
    moment: Callable[[datetime, str], str]
    number: Callable[[Decimal | int], str]
    percent: Callable[[Decimal], str]


@cache
def load_translator(language: str) -> Translator:
    """How this language says sentences, days (`3 March 2026`), moments in a time zone, numbers and percentages (of 100).

    `day` takes a date, or a moment with the time zone that its day is in; without one it raises ValueError, since the same moment is
    another day elsewhere.
    """
    texts, locale = load_translations(language), Locale.parse(language)
    hundredths = locale.percent_formats[None].pattern.replace("#,##0", "#,##0.##")

    @lru_cache(maxsize=MOST_WRITTEN)
    def on_day(day: date | datetime | None, zone: str = "") -> str:
        if isinstance(day, datetime):
            if not zone:
                raise ValueError("the day of a moment depends on a time zone")
            day = day.astimezone(ZoneInfo(zone)).date()
        return dates.format_date(day, "long", locale=locale) if day else ""

    def name(named: NamedCriteria) -> Message | str:
        return named.with_titles(load_titles(named.edition, language))

    def render(message: Message | str) -> str:
        return message if isinstance(message, str) else message.render(texts.ugettext, texts.ungettext, on_day, name)

    def render_briefly(message: Message) -> str:
        return message.render(texts.ugettext, texts.ungettext, on_day, lambda named: join_names(named.codes))

    @lru_cache(maxsize=MOST_WRITTEN)
    def moment(at: datetime, zone: str) -> str:
        day = dates.format_date(at.astimezone(ZoneInfo(zone)), "medium", locale=locale)
        time = dates.format_time(at, "short", tzinfo=ZoneInfo(zone), locale=locale)
        return f"{day}, {time}"

    return Translator(
        language=language,
        say=render,
        say_briefly=render_briefly,
        day=on_day,
        month=lambda day: dates.format_date(day, "LLL", locale=locale),
        month_and_year=lambda day: dates.format_skeleton("yMMMM", day, locale=locale),
        weekdays=tuple(locale.days["stand-alone"]["wide"][number] for number in range(7)),
        moment=moment,
        number=lambda number: _with_minus_sign(numbers.format_decimal(number, locale=locale)),
        percent=lambda percent: _with_minus_sign(
            numbers.format_percent(Decimal(percent) / 100, hundredths, locale=locale)
        ),
    )


def first_weekday(country: str) -> int:
    """On which day weeks begin in a country, 0 for Monday, also where nobody knows. Source: CLDR's week data."""
    try:
        return Locale.parse(f"und_{country}").first_week_day
    except (UnknownLocaleError, ValueError):
        return 0


@cache
def load_number_marks(language: str) -> NumberMarks:
    """With which signs pages in this language write numbers."""
    locale = Locale.parse(language)
    return NumberMarks(numbers.get_decimal_symbol(locale), numbers.get_group_symbol(locale))


def _with_minus_sign(number: str) -> str:
    """With a minus sign that is one; Babel writes a hyphen for English, which a line may break behind."""
    return number.replace("-", "\u2212")
