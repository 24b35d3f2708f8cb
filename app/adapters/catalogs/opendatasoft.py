"""Catalogs of Opendatasoft sites: the Explore API (v2.1 and v2.0), its export as JSON, and the older search (1.0), a page at a time."""

from datetime import date
from typing import Any
from urllib.parse import quote, urlsplit

from app.adapters.catalogs.shape import (
    CatalogShape,
    has_license,
    is_web_address,
    list_keywords,
    replace_query,
)
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
    read_frequency,
    squeeze_text,
)

LISTS = ("results", "datasets")
TOTALS = ("total_count", "nhits")
DAYS = ("modified", "data_processed", "metadata_processed")
"""When the data changed, as its publisher says; when the site took it in only where that is not said."""


def _find_datasets(body: Any) -> list[Any] | None:
    """The list of an answer, or the bare one of an export; an empty one only where the answer counts what there is."""
    lists = [body] if isinstance(body, list) else [body.get(name) for name in LISTS] if isinstance(body, dict) else []
    found = next((entries for entries in lists if isinstance(entries, list)), None)
    if found is None or (found and not all(map(_is_dataset, found[:3]))):
        return None
    return found if found or _count_all(body) is not None else None


def _is_dataset(entry: Any) -> bool:
    about = _unwrap(entry) if isinstance(entry, dict) else {}
    return isinstance(about.get("metas"), dict) and not {"dataset_id", "datasetid"}.isdisjoint(about)


def _unwrap(entry: CatalogEntry) -> CatalogEntry:
    """Version 2.0 puts each dataset beside its links."""
    inner = entry.get("dataset")
    return inner if isinstance(inner, dict) else entry


def _count_all(body: Any) -> int | None:
    if not isinstance(body, dict):
        return None
    return next((count for name in TOTALS if (count := as_count(body.get(name))) is not None), None)


def _next_address(address: str, body: Any, read: int) -> str | None:
    """An export has all; the two versions of the search count on under names of their own."""
    total = _count_all(body)
    if total is None or read >= total:
        return None
    return replace_query(address, **{"start" if "nhits" in body else "offset": read})


def _build_dataset(raw: CatalogEntry, address: str) -> Dataset | None:
    entry = _unwrap(raw)
    about, more = _inner_entry(entry, "metas", "default"), _inner_entry(entry, "metas", "dcat")
    return Dataset(
        title=first_text(about, "title"),
        described=bool(first_text(about, "description")),
        publisher=meant_text(first_text(about, "publisher")) or meant_text(first_text(more, "creator")),
        changed=_find_changed_day(about),
        every_days=read_frequency(more.get("accrualperiodicity")) or read_frequency(about.get("update_frequency")),
        license=has_license(about.get("license"), about.get("license_url")),
        contact=any(meant_text(first_text(more, name)) for name in ("contact_email", "contact_name")) or None,
        dictionary=_explains_fields(as_entries(entry.get("fields"))),
        machine=True if entry.get("has_records") is True else is_machine_readable(_list_formats(entry)),
        access=_access_from(entry),
        downloads=_download_links(entry, address),
        words=list_keywords(about.get("keyword"), about.get("theme")),
    )


def _inner_entry(entry: CatalogEntry, name: str, group: str) -> CatalogEntry:
    """One group of the fields; all of them where they stand side by side, as they did before version 2."""
    fields = entry.get(name)
    inner = fields.get(group, fields) if isinstance(fields, dict) else None
    return inner if isinstance(inner, dict) else {}


def _find_changed_day(about: CatalogEntry) -> date | None:
    return next((day for name in DAYS if (day := as_day(about.get(name)))), None)


def _explains_fields(fields: list[CatalogEntry]) -> bool | None:
    """Most fields have a description: yes; there are fields and most have none: no."""
    return sum(bool(first_text(field, "description")) for field in fields) * 2 > len(fields) if fields else None


def _list_files(entry: CatalogEntry) -> list[CatalogEntry]:
    return [file for name in ("attachments", "alternative_exports") for file in as_entries(entry.get(name))]


def _list_formats(entry: CatalogEntry) -> list[str]:
    return [
        name for file in _list_files(entry) for key in ("mimetype", "title", "url") if (name := as_text(file.get(key)))
    ]


def _access_from(entry: CatalogEntry) -> DatasetAccess | None:
    if entry.get("data_visible") is False or squeeze_text(first_text(entry, "visibility")) == "restricted":
        return DatasetAccess.RESTRICTED
    return DatasetAccess.PUBLIC if entry.get("data_visible") is True else None


def _download_links(entry: CatalogEntry, address: str) -> tuple[str, ...]:
    """The table itself where the site holds one, or else the first file; a saved answer does not say on which site."""
    name, parts = first_text(entry, "dataset_id", "datasetid"), urlsplit(address)
    if entry.get("has_records") is True and name and parts.netloc:
        folder = f"{parts.scheme}://{parts.netloc}/api/explore/v2.1/catalog/datasets"
        return (f"{folder}/{quote(name, safe='@')}/exports/csv",)
    return tuple(link for file in _list_files(entry) if is_web_address(link := as_text(file.get("url"))))


SHAPE = CatalogShape(CatalogKind.OPENDATASOFT, _find_datasets, _build_dataset, _next_address, _count_all)
