"""What moved in the past seven days."""

import json
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.rules.board import NEWS_VERBS, week_in_words
from app.rules.criteria.edition import Edition
from app.rules.history.sentences import event_sentence
from app.rules.message import Message, NamedCriteria
from app.services.desk import Desk
from app.store.history import events as history

NEWS_AGE = timedelta(days=7)
NEWS_SHOWN = 4


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


def summarize_week(desk: Desk, edition: Edition, names: dict[int, str]) -> WeekSummary:
    """The newest few news and the counts; `names` are those of the city's people by id."""
    since = datetime.combine(desk.who.today - NEWS_AGE, time(), ZoneInfo(desk.who.city.time_zone))
    news = (
        NewsLine(
            event.at,
            event_sentence(
                event.verb, _name_subject(edition, event.subject), json.loads(event.details), event.person_id, names
            ),
        )
        for event in history.list_news(desk.session, desk.city_id, NEWS_VERBS, since, NEWS_SHOWN)
    )
    return WeekSummary(week_in_words(history.count_events_since(desk.session, desk.city_id, since)), tuple(news))


def _name_subject(edition: Edition, subject: str) -> str | NamedCriteria:
    return NamedCriteria(edition.id, (subject,)) if subject in edition.criteria else subject
