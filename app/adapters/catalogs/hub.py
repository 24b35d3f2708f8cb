"""Catalogs of ArcGIS Hub sites: the search API, which lists items as features, a page at a time."""

from typing import Any
from urllib.parse import urljoin

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
from app.rules.portal.days import as_day
from app.rules.portal.trouble import CatalogKind
from app.rules.portal.values import (
    CatalogEntry,
    as_count,
    as_entries,
    as_text,
    first_text,
    is_machine_readable,
    read_access,
    read_frequency,
)


def _find_items(body: Any) -> list[Any] | None:
    """Features that are items; a map layer is a list of features too, whose properties are those of places."""
    if not has_list(body, "features"):
        return None
    features: list[Any] = body["features"]
    return features if "numberMatched" in body or any(map(_is_item, features[:3])) else None


def _is_item(entry: Any) -> bool:
    about = entry.get("properties") if isinstance(entry, dict) else None
    return isinstance(about, dict) and {"title", "type"} <= about.keys()


def _count_items(body: Any) -> int | None:
    return as_count(body.get("numberMatched"))


def _next_address(address: str, body: Any, read: int) -> str | None:
    """What the answer links as its next page, and where it links nothing, the place after what was read."""
    total = _count_items(body)
    if total is not None and read >= total:
        return None
    linked = next(
        (as_text(link.get("href")) for link in as_entries(body.get("links")) if link.get("rel") == "next"), ""
    )
    if linked:
        return urljoin(address, linked)
    return replace_query(address, startindex=read + 1) if total is not None else None


def _build_dataset(entry: CatalogEntry, _address: str) -> Dataset | None:
    about = entry.get("properties")
    return _build_item(about) if isinstance(about, dict) else None


def _build_item(about: CatalogEntry) -> Dataset:
    link = as_text(about.get("url"))
    return Dataset(
        title=first_text(about, "title", "name"),
        described=bool(first_text(about, "description", "snippet")),
        publisher=first_text(about, "source", "orgTitle", "orgName", "publisher"),
        changed=as_day(about.get("modified")) or as_day(about.get("itemModified")),
        every_days=read_frequency(first_text(about, "updateFrequency", "frequency", "accrualPeriodicity")),
        license=has_license(about.get("license"), about.get("structuredLicense"), about.get("licenseInfo")),
        contact=bool(first_text(about, "contactEmail", "orgContactEmail", "contact", "contactPoint")) or None,
        dictionary=_has_dictionary(about),
        machine=is_machine_readable([first_text(about, "type"), *list_keywords(about.get("supportedFormats"))]),
        access=read_access(about.get("access")),
        downloads=(link,)
        if is_web_address(link) and first_text(about, "type").lower() in {"csv", "microsoft excel"}
        else (),
        words=list_keywords(about.get("tags"), about.get("categories")),
    )


def _has_dictionary(about: CatalogEntry) -> bool | None:
    """Descriptions of the fields where the item lists them, or a dictionary that is named."""
    fields = as_entries(about.get("fields"))
    if any(first_text(field, "description") for field in fields):
        return sum(bool(first_text(field, "description")) for field in fields) * 2 > len(fields)
    return is_dictionary(*list_keywords(about.get("typeKeywords"), about.get("tags"))) or None


def _find_older_items(body: Any) -> list[Any] | None:
    """What the API of version 3 lists: items whose fields are called attributes."""
    if not has_list(body, "data"):
        return None
    items: list[Any] = body["data"]
    return items if items and all(isinstance(item, dict) and "attributes" in item for item in items[:3]) else None


def _count_older_items(body: Any) -> int | None:
    meta = body.get("meta")
    stats = meta.get("stats") if isinstance(meta, dict) else None
    return as_count(stats.get("totalCount")) if isinstance(stats, dict) else None


def _next_older_address(address: str, body: Any, _read: int) -> str | None:
    meta = body.get("meta")
    linked = as_text(meta.get("next")) if isinstance(meta, dict) else ""
    return urljoin(address, linked) if linked else None


def _build_older_dataset(entry: CatalogEntry, _address: str) -> Dataset | None:
    about = entry.get("attributes")
    return _build_item(about) if isinstance(about, dict) else None


SHAPE = CatalogShape(CatalogKind.HUB, _find_items, _build_dataset, _next_address, _count_items)
OLD_SHAPE = CatalogShape(
    CatalogKind.HUB, _find_older_items, _build_older_dataset, _next_older_address, _count_older_items
)
