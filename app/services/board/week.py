"""What moved in the past seven days."""

import json
from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.rules.board import NEWS_VERBS, week_in_words
from app.rules.criteria.edition import Edition
from app.rules.history.sentences import event_sentence
from app.rules.message import Message, NamedCriteria
from app.services.desk import Desk
from app.store.history import events as history
from app.store.history.events import NewsRow

NEWS_AGE = timedelta(days=7)
NEWS_SHOWN = 3


@dataclass(frozen=True)
class NewsLine:
    """Something of the past days that changed how the city stands."""

    at: datetime
    said: Message


@dataclass(frozen=True)
class WeekSummary:
    """The past seven days: how much of what was done, and the newest news, newest first."""

    counts: tuple[Message, ...]
    news: tuple[NewsLine, ...]


@dataclass(frozen=True)
class WeekEvents:
    """What the record has of the past seven days up to the event `last`: how many of each verb, and the newest news, newest first."""

    last: int
    counts: Counter[str]
    news: tuple[NewsRow, ...]


def summarize_week(desk: Desk, edition: Edition, names: dict[int, str]) -> WeekSummary:
    """The newest few news and the counts; `names` are those of the city's people by id."""
    since = datetime.combine(desk.who.today - NEWS_AGE, time(), ZoneInfo(desk.who.city.time_zone))
    about = ("events since", since)
    events = desk.kept.find(about, lambda: _find_events(desk, about, since))
    news = (
        NewsLine(
            event.at,
            event_sentence(
                event.verb, _name_subject(edition, event.subject), json.loads(event.details), event.person_id, names
            ),
        )
        for event in events.news
    )
    return WeekSummary(week_in_words(events.counts), tuple(news))


def _find_events(desk: Desk, about: Hashable, since: datetime) -> WeekEvents:
    """Read anew, or only what has come since it was read last."""
    session, city_id, number = desk.session, desk.city_id, desk.kept.number
    last = history.NEWEST if number is None else number
    earlier: WeekEvents | None = desk.kept.find_earlier(about)
    if earlier is None or earlier.last > last:
        counts = Counter(history.count_events_since(session, city_id, since, last))
        news = tuple(history.list_news(session, city_id, NEWS_VERBS, since, NEWS_SHOWN, last))
        return WeekEvents(last, counts, news)
    newer = history.list_rows_after(session, city_id, earlier.last, last)
    counts = earlier.counts + Counter(event.verb for event in newer)
    news = (*(event for event in newer if event.verb in NEWS_VERBS), *earlier.news)
    return WeekEvents(last, counts, news[:NEWS_SHOWN])


def _name_subject(edition: Edition, subject: str) -> str | NamedCriteria:
    return NamedCriteria(edition.id, (subject,)) if subject in edition.criteria else subject
