"""Catalogs as DCAT: data.json of DCAT-US 1.1 and 3.0, the feeds of ArcGIS Hub and Socrata, and DCAT written as JSON-LD."""

from typing import Any

from app.adapters.catalogs.shape import CatalogShape, has_license, is_dictionary, is_web_address, list_keywords
from app.rules.portal.counting import Dataset, Kind
from app.rules.portal.values import (
    Entry,
    access,
    day,
    entries,
    every_days,
    first,
    is_machine_readable,
    items,
    plain,
    text,
)


def _find_datasets(body: Any) -> list[Any] | None:
    """The datasets of a catalog, of a JSON-LD graph, or a bare list of datasets."""
    if isinstance(body, list):
        return body if body and all(map(_looks_like_dataset, body[:3])) else None
    if not isinstance(body, dict):
        return None
    for key in ("dataset", "dcat:dataset", "datasets"):
        if key in body:
            return items(body[key])
    graph = [entry for entry in entries(body.get("@graph")) if _is_typed(entry)]
    return graph or None


def _is_typed(entry: Entry) -> bool:
    return any(text(kind).endswith("Dataset") for kind in items(entry.get("@type")))


def _looks_like_dataset(entry: Any) -> bool:
    """Also for a list without a catalog around it; a Socrata list has `viewType` instead."""
    return isinstance(entry, dict) and (_is_typed(entry) or bool({"distribution", "dcat:distribution"} & entry.keys()))


def _build_dataset(raw: Entry, _address: str) -> Dataset | None:
    entry = plain(raw)
    distributions = entries(entry.get("distribution"))
    modified = entry.get("modified")
    return Dataset(
        title=text(entry.get("title")),
        described=bool(text(entry.get("description"))),
        publisher=_publisher_name(entry),
        changed=day(modified)
        or max(
            (changed_on for distribution in distributions if (changed_on := day(distribution.get("modified")))),
            default=None,
        ),
        every_days=every_days(entry.get("accrualPeriodicity")) or every_days(modified),
        license=has_license(entry.get("license"), *(distribution.get("license") for distribution in distributions)),
        contact=_has_contact(entry.get("contactPoint")),
        dictionary=_has_dictionary(entry, distributions),
        machine=is_machine_readable([name for distribution in distributions for name in _list_formats(distribution)]),
        access=access(entry.get("accessLevel")) or access(entry.get("accessRights")),
        downloads=tuple(
            link for distribution in distributions if is_web_address(link := text(distribution.get("downloadURL")))
        ),
        words=list_keywords(entry.get("keyword"), entry.get("theme")),
    )


def _publisher_name(entry: Entry) -> str:
    """A string or an object; of several, the first. Only an address in place of a name is no name."""
    name = text(entry.get("publisher")) or text(entry.get("creator"))
    return "" if is_web_address(name) else name


def _has_contact(value: Any) -> bool | None:
    """An object with a name or a way to write to it, or simply a text."""
    fields = ("fn", "hasEmail", "email", "hasTelephone", "tel", "hasURL", "name", "organization-name")
    is_named = any(text(contact) if isinstance(contact, str) else first(contact, *fields) for contact in items(value))
    return is_named or None


def _has_dictionary(entry: Entry, distributions: list[Entry]) -> bool | None:
    described = any(distribution.get("describedBy") for distribution in (entry, *distributions))
    return (
        described
        or any(
            is_dictionary(first(distribution, "title"), first(distribution, "description"))
            for distribution in distributions
        )
        or None
    )


def _list_formats(distribution: Entry) -> list[str]:
    """A landing page says nothing of the format, so an address counts only as a download."""
    return [name for key in ("format", "mediaType", "downloadURL") if (name := text(distribution.get(key)))]


SHAPE = CatalogShape(Kind.DCAT, _find_datasets, _build_dataset, lambda _address, _body, _read: None)
