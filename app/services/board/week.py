"""What moved in the past seven days."""

import json
from collections import Counter
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
    """What the record has of the past seven days up to an event: how many of each verb, and the newest news, newest first."""

    number: int | None
    counts: Counter[str]
    news: tuple[NewsRow, ...]


def summarize_week(desk: Desk, edition: Edition, names: dict[int, str]) -> WeekSummary:
    """The newest few news and the counts; `names` are those of the city's people by id."""
    since = datetime.combine(desk.who.today - NEWS_AGE, time(), ZoneInfo(desk.who.city.time_zone))
    events = desk.kept.find(_about(since), lambda: _find_events(desk, since))
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


def _about(since: datetime) -> tuple[str, datetime]:
    return "events since", since


def _find_events(desk: Desk, since: datetime) -> WeekEvents:
    """Read anew, or only what has come since it was read last."""
    kept, (session, city_id) = desk.kept, (desk.session, desk.city_id)
    earlier: WeekEvents | None = kept.find_earlier(_about(since))
    if earlier is None or earlier.number is None or kept.number is None or earlier.number > kept.number:
        counts = Counter(history.count_events_since(session, city_id, since))
        return WeekEvents(
            kept.number, counts, tuple(history.list_news(session, city_id, NEWS_VERBS, since, NEWS_SHOWN))
        )
    newer = history.list_rows_after(session, city_id, earlier.number)
    news = (*(event for event in newer if event.verb in NEWS_VERBS), *earlier.news)
    counts = earlier.counts + Counter(event.verb for event in newer)
    return WeekEvents(kept.number, counts, news[:NEWS_SHOWN])


def _name_subject(edition: Edition, subject: str) -> str | NamedCriteria:
    return NamedCriteria(edition.id, (subject,)) if subject in edition.criteria else subject
