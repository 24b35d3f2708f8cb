"""Writes calendars in the form that calendar programs take (RFC 5545), by the library icalendar."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta


@dataclass(frozen=True)
class CalendarEntry:
    """A whole day. `id` stays the same for one thing, so that a program moves the entry instead of adding another."""

    id: str
    on: date
    title: str
    text: str
    address: str


def write_calendar(name: str, text: str, entries: Sequence[CalendarEntry], moment: datetime) -> bytes:
    """A calendar of this name with the entries; `moment` is when they were so."""
    from icalendar import Calendar, Event  # here, because it takes time, and most processes write no calendar

    calendar = Calendar()
    for key, value in (
        ("prodid", "-//CityReady//"),
        ("version", "2.0"),
        ("x-wr-calname", name),
        ("x-wr-caldesc", text),
    ):
        calendar.add(key, value)
    calendar.add("refresh-interval", timedelta(hours=12), parameters={"value": "DURATION"})
    for entry in entries:
        event = Event()
        event.add("uid", entry.id)
        event.add("dtstamp", moment)
        event.add("dtstart", entry.on)
        event.add("dtend", entry.on + timedelta(days=1))
        event.add("summary", entry.title)
        event.add("description", entry.text)
        event.add("url", entry.address)
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content
