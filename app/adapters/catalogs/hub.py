"""Catalogs of ArcGIS Hub sites: the search API, which lists items as features, a page at a time."""

from typing import Any
from urllib.parse import urljoin

from app.adapters.catalogs.shape import Shape, is_dictionary, is_listed, is_web, license_said, with_query, words_of
from app.rules.portal.counting import Dataset, Kind
from app.rules.portal.values import Entry, access, day, entries, every_days, first, is_machine_readable, text, whole


def _features(body: Any) -> list[Any] | None:
    """Features that are items; a map layer is a list of features too, whose properties are those of places."""
    if not is_listed(body, "features"):
        return None
    found: list[Any] = body["features"]
    return found if "numberMatched" in body or any(map(_is_item, found[:3])) else None


def _is_item(entry: Any) -> bool:
    about = entry.get("properties") if isinstance(entry, dict) else None
    return isinstance(about, dict) and {"title", "type"} <= about.keys()


def _onward(address: str, body: Any, read: int) -> str | None:
    """What the answer links as its next page, and where it links nothing, the place after what was read."""
    total = whole(body.get("numberMatched"))
    if total is not None and read >= total:
        return None
    linked = next((text(one.get("href")) for one in entries(body.get("links")) if one.get("rel") == "next"), "")
    if linked:
        return urljoin(address, linked)
    return with_query(address, startindex=read + 1) if total is not None else None


def _dataset(entry: Entry, _address: str) -> Dataset | None:
    about = entry.get("properties")
    if not isinstance(about, dict):
        return None
    link = text(about.get("url"))
    return Dataset(
        title=first(about, "title", "name"),
        described=bool(first(about, "description", "snippet")),
        publisher=first(about, "source", "orgTitle", "orgName", "publisher"),
        changed=day(about.get("modified")) or day(about.get("itemModified")),
        every_days=every_days(first(about, "updateFrequency", "frequency", "accrualPeriodicity")),
        license=license_said(about.get("license"), about.get("structuredLicense"), about.get("licenseInfo")),
        contact=bool(first(about, "contactEmail", "orgContactEmail", "contact", "contactPoint")) or None,
        dictionary=_explained(about),
        machine=is_machine_readable([first(about, "type"), *words_of(about.get("supportedFormats"))]),
        access=access(about.get("access")),
        downloads=(link,) if is_web(link) and first(about, "type").lower() in {"csv", "microsoft excel"} else (),
        words=words_of(about.get("tags"), about.get("categories")),
    )


def _explained(about: Entry) -> bool | None:
    """Descriptions of the fields where the item lists them, or a dictionary that is named."""
    fields = entries(about.get("fields"))
    if any(first(one, "description") for one in fields):
        return sum(bool(first(one, "description")) for one in fields) * 2 > len(fields)
    return is_dictionary(*words_of(about.get("typeKeywords"), about.get("tags"))) or None


SHAPE = Shape(Kind.HUB, _features, _dataset, _onward)
