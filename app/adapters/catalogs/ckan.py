"""Catalogs of CKAN sites: the action API's package_search, a page at a time."""

from datetime import date
from typing import Any

from app.adapters.catalogs.shape import Shape, is_dictionary, is_listed, is_web, license_said, with_query, words_of
from app.rules.portal.counting import Dataset, Kind
from app.rules.portal.values import (
    Access,
    Entry,
    day,
    entries,
    every_days,
    first,
    is_machine_readable,
    squeezed,
    text,
    whole,
)

FREQUENCY = {"frequency", "updatefrequency", "accrualperiodicity", "frequencyofupdate", "refreshrate", "updateinterval"}


def _listed(body: Any) -> list[Any] | None:
    """The packages of a search; a plain `results` without a `result` around it belongs to another program."""
    found = body.get("result") if isinstance(body, dict) else None
    return found["results"] if isinstance(found, dict) and is_listed(found, "results") else None


def _onward(address: str, body: Any, read: int) -> str | None:
    total = whole(body["result"].get("count"))
    return None if total is not None and read >= total else with_query(address, start=read)


def _dataset(raw: Entry, _address: str) -> Dataset | None:
    entry = _with_extras(raw)
    files = entries(entry.get("resources"))
    return Dataset(
        title=first(entry, "title", "name"),
        described=bool(first(entry, "notes", "excerpt", "description")),
        publisher=text(entry.get("organization")) if not isinstance(entry.get("organization"), dict) else _name(entry),
        changed=_changed(entry, files),
        every_days=next((days for key, value in entry.items() if squeezed(key) in FREQUENCY and (days := every_days(value))), None),
        license=license_said(entry.get("license_id"), entry.get("license_title"), entry.get("license_url")),
        contact=bool(first(entry, "maintainer_email", "author_email", "maintainer", "author", "contact_email", "contact_name")) or None,
        dictionary=any(is_dictionary(first(one, "name"), first(one, "description")) for one in files) or None,
        machine=is_machine_readable([name for one in files for name in _formats(one)]),
        access=_access(entry.get("private")),
        downloads=tuple(link for one in files if is_web(link := text(one.get("url")))),
        words=words_of(entry.get("tags"), entry.get("groups")),
    )  # fmt: skip


def _with_extras(raw: Entry) -> Entry:
    """Fields that a site added stand in `extras`; the site's own fields of the same name win."""
    extras = {text(one.get("key")): one.get("value") for one in entries(raw.get("extras")) if text(one.get("key"))}
    return extras | raw


def _name(entry: Entry) -> str:
    """CKAN's `name` of an organization is a part of an address; its title is what people call it."""
    return first(entry["organization"], "title", "display_name", "name")


def _changed(entry: Entry, files: list[Entry]) -> date | None:
    """When the data changed, as the files say; a change of the description only where they say nothing."""
    own = day(first(entry, "last_refreshed", "data_last_modified", "date_updated"))
    days = [found for one in files if (found := day(one.get("last_modified")))]
    return own or max(days, default=None) or day(entry.get("metadata_modified"))


def _formats(file: Entry) -> list[str]:
    """A service without an ending in its address is told by its format alone."""
    names = [name for key in ("format", "mimetype") if (name := text(file.get(key)))]
    return names or [text(file.get("url"))]


def _access(private: Any) -> Access | None:
    if isinstance(private, bool):
        return Access.CLOSED if private else Access.PUBLIC
    return None


SHAPE = Shape(Kind.CKAN, _listed, _dataset, _onward)
