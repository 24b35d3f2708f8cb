"""Catalogs of CKAN sites: the action API's package_search, a page at a time."""

from datetime import date
from typing import Any

from app.adapters.catalogs.shape import (
    CatalogShape,
    has_license,
    has_list,
    is_dictionary,
    is_web_address,
    list_keywords,
    replace_query,
)
from app.rules.portal.counting import Dataset
from app.rules.portal.trouble import CatalogKind
from app.rules.portal.values import (
    CatalogEntry,
    DatasetAccess,
    as_count,
    as_day,
    as_entries,
    as_text,
    first_text,
    is_machine_readable,
    read_frequency,
    squeeze_text,
)

FREQUENCY = {"frequency", "updatefrequency", "accrualperiodicity", "frequencyofupdate", "refreshrate", "updateinterval"}


def _find_packages(body: Any) -> list[Any] | None:
    """The packages of a search; a plain `results` without a `result` around it belongs to another program."""
    result = body.get("result") if isinstance(body, dict) else None
    return result["results"] if isinstance(result, dict) and has_list(result, "results") else None


def _next_address(address: str, body: Any, read: int) -> str | None:
    total = as_count(body["result"].get("count"))
    return None if total is not None and read >= total else replace_query(address, start=read)


def _build_dataset(raw: CatalogEntry, _address: str) -> Dataset | None:
    entry = _merge_extras(raw)
    files = as_entries(entry.get("resources"))
    return Dataset(
        title=first_text(entry, "title", "name"),
        described=bool(first_text(entry, "notes", "excerpt", "description")),
        publisher=as_text(entry.get("organization")) if not isinstance(entry.get("organization"), dict) else _organization_name(entry),
        changed=_find_changed_day(entry, files),
        every_days=next((days for key, value in entry.items() if squeeze_text(key) in FREQUENCY and (days := read_frequency(value))), None),
        license=has_license(entry.get("license_id"), entry.get("license_title"), entry.get("license_url")),
        contact=bool(first_text(entry, "maintainer_email", "author_email", "maintainer", "author", "contact_email", "contact_name")) or None,
        dictionary=any(is_dictionary(first_text(file, "name"), first_text(file, "description")) for file in files) or None,
        machine=is_machine_readable([name for file in files for name in _list_formats(file)]),
        access=_access_from(entry.get("private")),
        downloads=tuple(link for file in files if is_web_address(link := as_text(file.get("url")))),
        words=list_keywords(entry.get("tags"), entry.get("groups")),
    )  # fmt: skip


def _merge_extras(raw: CatalogEntry) -> CatalogEntry:
    """Fields that a site added stand in `extras`; the site's own fields of the same name win."""
    extras = {
        as_text(extra.get("key")): extra.get("value")
        for extra in as_entries(raw.get("extras"))
        if as_text(extra.get("key"))
    }
    return extras | raw


def _organization_name(entry: CatalogEntry) -> str:
    """CKAN's `name` of an organization is a part of an address; its title is what people call it."""
    return first_text(entry["organization"], "title", "display_name", "name")


def _find_changed_day(entry: CatalogEntry, files: list[CatalogEntry]) -> date | None:
    """When the data changed, as the files say; a change of the description only where they say nothing."""
    own = as_day(first_text(entry, "last_refreshed", "data_last_modified", "date_updated"))
    days = [modified for file in files if (modified := as_day(file.get("last_modified")))]
    return own or max(days, default=None) or as_day(entry.get("metadata_modified"))


def _list_formats(file: CatalogEntry) -> list[str]:
    """A service without an ending in its address is told by its format alone."""
    names = [name for key in ("format", "mimetype") if (name := as_text(file.get(key)))]
    return names or [as_text(file.get("url"))]


def _access_from(private: Any) -> DatasetAccess | None:
    if isinstance(private, bool):
        return DatasetAccess.CLOSED if private else DatasetAccess.PUBLIC
    return None


SHAPE = CatalogShape(CatalogKind.CKAN, _find_packages, _build_dataset, _next_address)
