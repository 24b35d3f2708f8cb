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
from app.rules.portal.trouble import CatalogKind
from app.rules.portal.values import (
    CatalogEntry,
    as_count,
    as_day,
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


def _next_address(address: str, body: Any, read: int) -> str | None:
    """What the answer links as its next page, and where it links nothing, the place after what was read."""
    total = as_count(body.get("numberMatched"))
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
    if not isinstance(about, dict):
        return None
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


SHAPE = CatalogShape(CatalogKind.HUB, _find_items, _build_dataset, _next_address)
