"""Catalogs of udata sites: the list of datasets of their API, a page at a time."""

from datetime import date
from typing import Any
from urllib.parse import urljoin

from app.adapters.catalogs.shape import CatalogShape, has_license, is_dictionary, is_web_address, list_keywords
from app.rules.portal.counting import Dataset
from app.rules.portal.days import as_day
from app.rules.portal.trouble import CatalogKind
from app.rules.portal.values import (
    CatalogEntry,
    DatasetAccess,
    as_count,
    as_entries,
    as_text,
    first_text,
    is_machine_readable,
    meant_text,
    read_access,
    read_frequency,
    squeeze_text,
)

PAGE_FIELDS = {"data", "page", "page_size", "total"}
DATASET_FIELDS = {"slug", "resources"}
OPEN_TO_SOME = "openwithaccount"


def _find_datasets(body: Any) -> list[Any] | None:
    """The datasets of a page; other lists of the same program, such as organizations, have no resources."""
    if not isinstance(body, dict) or not body.keys() >= PAGE_FIELDS or not isinstance(body["data"], list):
        return None
    found: list[Any] = body["data"]
    return found if all(isinstance(entry, dict) and entry.keys() >= DATASET_FIELDS for entry in found[:3]) else None


def _count_all(body: Any) -> int | None:
    return as_count(body["total"])


def _next_address(address: str, body: Any, _read: int) -> str | None:
    linked = as_text(body.get("next_page"))
    return urljoin(address, linked) if linked else None


def _build_dataset(entry: CatalogEntry, _address: str) -> Dataset | None:
    """None for one that is deleted."""
    if entry.get("deleted"):
        return None
    files = as_entries(entry.get("resources"))
    data = [file for file in files if first_text(file, "type") != "documentation"]
    return Dataset(
        title=first_text(entry, "title"),
        described=bool(first_text(entry, "description", "description_short")),
        publisher=first_text(entry.get("organization"), "name") or _owner_name(entry.get("owner")),
        changed=_find_changed_day(entry, data),
        every_days=read_frequency(entry.get("frequency")),
        license=has_license(entry.get("license")),
        contact=_has_contact(entry),
        dictionary=any(map(_explains_data, files)) or None,
        machine=is_machine_readable([name for file in data for name in _list_formats(file)]),
        access=_access_from(entry),
        downloads=tuple(link for file in data if is_web_address(link := as_text(file.get("url")))),
        words=list_keywords(entry.get("tags")),
    )


def _owner_name(owner: Any) -> str:
    """A person, where no organization publishes."""
    return " ".join(filter(None, (first_text(owner, "first_name"), first_text(owner, "last_name"))))


def _find_changed_day(entry: CatalogEntry, data: list[CatalogEntry]) -> date | None:
    """When the data changed; a change of the description only where nothing says it."""
    days = [day for file in data if (day := as_day(file.get("last_modified")))]
    return as_day(entry.get("last_update")) or max(days, default=None) or as_day(entry.get("last_modified"))


def _has_contact(entry: CatalogEntry) -> bool | None:
    contacts = as_entries(entry.get("contact_points")) + as_entries(entry.get("contact_point"))
    names = (first_text(contact, name) for contact in contacts for name in ("email", "contact_form", "name"))
    return any(map(meant_text, names)) or None


def _explains_data(file: CatalogEntry) -> bool:
    """A file that is called so, or one whose table keeps to a named schema."""
    schema = file.get("schema")
    return is_dictionary(first_text(file, "title"), first_text(file, "description")) or bool(
        first_text(schema, "name", "url") or as_text(schema)
    )


def _list_formats(file: CatalogEntry) -> list[str]:
    names = [name for key in ("format", "mime") if (name := as_text(file.get(key)))]
    return names or [as_text(file.get("url"))]


def _access_from(entry: CatalogEntry) -> DatasetAccess | None:
    if entry.get("private") is True:
        return DatasetAccess.CLOSED
    said = first_text(entry, "access_type")
    if squeeze_text(said) == OPEN_TO_SOME:
        return DatasetAccess.RESTRICTED
    return read_access(said) or (DatasetAccess.PUBLIC if entry.get("private") is False else None)


SHAPE = CatalogShape(CatalogKind.UDATA, _find_datasets, _build_dataset, _next_address, _count_all)
