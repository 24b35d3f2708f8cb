"""Catalogs of Socrata sites: the discovery API (/api/catalog/v1) and the older list of views (/api/views.json)."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from app.adapters.catalogs.shape import CatalogShape, has_license, has_list, is_dictionary, list_keywords, replace_query
from app.rules.portal.counting import Dataset
from app.rules.portal.days import as_day
from app.rules.portal.trouble import CatalogKind
from app.rules.portal.values import (
    CatalogEntry,
    DatasetAccess,
    as_count,
    as_entries,
    as_list,
    as_text,
    first_text,
    read_access,
    read_frequency,
    squeeze_text,
)

NO_DATASETS = {
    "chart",
    "story",
    "filter",
    "measure",
    "calendar",
    "form",
    "visualization",
    "grouped",
    "datalens",
    "page",
}
WITH_ROWS = {"dataset", "tabular", "table", "map", "geo", "federatedhref", "databaseview"}


def _find_results(body: Any) -> list[Any] | None:
    if not has_list(body, "results"):
        return None
    results: list[Any] = body["results"]
    return (
        results
        if "resultSetSize" in body or any(isinstance(result, dict) and "resource" in result for result in results)
        else None
    )


def _count_results(body: Any) -> int | None:
    return as_count(body.get("resultSetSize"))


def _next_results(address: str, body: Any, read: int) -> str | None:
    total = _count_results(body)
    return None if total is not None and read >= total else replace_query(address, offset=read)


def _build_from_result(entry: CatalogEntry, address: str) -> Dataset | None:
    about, sorted_as = _inner_entry(entry, "resource"), _inner_entry(entry, "classification")
    own = _list_own_fields(sorted_as.get("domain_metadata"))
    kind = squeeze_text(as_text(about.get("type")))
    if kind in NO_DATASETS:
        return None
    return Dataset(
        title=first_text(about, "name"),
        described=bool(first_text(about, "description")),
        publisher=_find_department(own)
        or first_text(about, "attribution")
        or first_text(entry.get("creator"), "display_name"),
        changed=as_day(about.get("data_updated_at")) or as_day(about.get("updatedAt")),
        every_days=_find_frequency(own),
        license=has_license(_inner_entry(entry, "metadata").get("license"), about.get("license")),
        contact=bool(first_text(about, "contact_email")) or _has_own_contact(own),
        dictionary=_has_own_dictionary(own) or _explains_result_columns(about),
        machine=True if kind in WITH_ROWS else None,
        access=read_access(about.get("audience")) or DatasetAccess.PUBLIC,
        downloads=_download_links(as_text(entry.get("permalink")) or address, as_text(about.get("id")), kind),
        words=list_keywords(
            *(sorted_as.get(name) for name in ("tags", "domain_tags", "categories", "domain_category"))
        ),
        views=as_count(_inner_entry(about, "page_views").get("page_views_last_month")),
    )


def _inner_entry(entry: CatalogEntry, name: str) -> CatalogEntry:
    part = entry.get(name)
    return part if isinstance(part, dict) else {}


def _list_own_fields(value: Any) -> dict[str, str]:
    """Fields that a site added, in either way in which Socrata lists them, by their names in small letters."""
    pairs = [(as_text(field.get("key")), as_text(field.get("value"))) for field in as_entries(value) if "key" in field]
    if isinstance(value, dict) and "key" not in value:
        pairs = [
            (f"{group} {name}", as_text(inner))
            for group, fields in value.items()
            for name, inner in _list_pairs(fields)
            if as_text(inner)
        ]
    return {squeeze_text(name): content for name, content in pairs if content}


def _list_pairs(fields: Any) -> list[tuple[str, Any]]:
    return list(fields.items()) if isinstance(fields, dict) else [("", fields)]


def _find_department(own: dict[str, str]) -> str:
    return next((content for name, content in own.items() if name.endswith(("department", "agency", "dataowner"))), "")


def _find_frequency(own: dict[str, str]) -> int | None:
    return next(
        (days for name, content in own.items() if "frequency" in name and (days := read_frequency(content))), None
    )


def _has_own_contact(own: dict[str, str]) -> bool | None:
    return any("contact" in name for name in own) or None


def _has_own_dictionary(own: dict[str, str]) -> bool | None:
    return any("dictionary" in name or is_dictionary(content) for name, content in own.items()) or None


def _explains_result_columns(about: CatalogEntry) -> bool | None:
    """Most columns have a description: yes; there are columns and most have none: no."""
    names, texts = as_list(about.get("columns_name")), as_list(about.get("columns_description"))
    if not names:
        return None
    return sum(bool(as_text(column)) for column in texts) * 2 > len(names)


def _download_links(address: str, id: str, kind: str) -> tuple[str, ...]:
    parts = urlsplit(address)
    has_download = id and parts.netloc and kind in WITH_ROWS
    return (f"{parts.scheme}://{parts.netloc}/api/views/{id}/rows.csv?accessType=DOWNLOAD",) if has_download else ()


def _find_views(body: Any) -> list[Any] | None:
    if not isinstance(body, list) or not body:
        return None
    return body if all(isinstance(view, dict) and {"id", "viewType"} <= view.keys() for view in body[:3]) else None


def _next_views(address: str, body: Any, read: int) -> str | None:
    """There is no total, so the list ends where a page is empty."""
    page = parse_qs(urlsplit(address).query).get("page", ["1"])[0]
    return replace_query(address, page=int(page) + 1 if page.isdecimal() else 2)


def _build_from_view(entry: CatalogEntry, address: str) -> Dataset | None:
    own = _list_own_fields(_inner_entry(_inner_entry(entry, "metadata"), "custom_fields") or None)
    columns = as_entries(entry.get("columns"))
    kind = squeeze_text(first_text(entry, "viewType"))
    if squeeze_text(first_text(entry, "displayType")) in NO_DATASETS:
        return None
    return Dataset(
        title=first_text(entry, "name"),
        described=bool(first_text(entry, "description")),
        publisher=_find_department(own) or first_text(entry, "attribution"),
        changed=as_day(entry.get("rowsUpdatedAt")) or as_day(entry.get("viewLastModified")),
        every_days=_find_frequency(own),
        license=has_license(entry.get("licenseId"), entry.get("license")),
        contact=bool(first_text(_inner_entry(entry, "privateMetadata"), "contactEmail")) or _has_own_contact(own),
        dictionary=_has_own_dictionary(own) or _explains_view_columns(columns),
        machine=True if kind in WITH_ROWS else None,
        access=DatasetAccess.PUBLIC,
        downloads=_download_links(address, as_text(entry.get("id")), kind),
        words=list_keywords(entry.get("tags"), entry.get("category")),
    )


def _explains_view_columns(columns: list[CatalogEntry]) -> bool | None:
    return sum(bool(first_text(column, "description")) for column in columns) * 2 > len(columns) if columns else None


SHAPE = CatalogShape(CatalogKind.SOCRATA, _find_results, _build_from_result, _next_results, _count_results)
OLD_SHAPE = CatalogShape(CatalogKind.SOCRATA, _find_views, _build_from_view, _next_views)
