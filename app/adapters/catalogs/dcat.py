"""Catalogs as DCAT: data.json of DCAT-US 1.1 and 3.0, the feeds of ArcGIS Hub and Socrata, and DCAT written as JSON-LD."""

from typing import Any

from app.adapters.catalogs.shape import CatalogShape, has_license, is_dictionary, is_web_address, list_keywords
from app.rules.portal.counting import Dataset
from app.rules.portal.trouble import CatalogKind
from app.rules.portal.values import (
    CatalogEntry,
    as_day,
    as_entries,
    as_list,
    as_text,
    first_text,
    is_machine_readable,
    read_access,
    read_frequency,
    strip_prefixes,
)


def _find_datasets(body: Any) -> list[Any] | None:
    """The datasets of a catalog, of a JSON-LD graph, or a bare list of datasets."""
    if isinstance(body, list):
        return body if body and all(map(_looks_like_dataset, body[:3])) else None
    if not isinstance(body, dict):
        return None
    for key in ("dataset", "dcat:dataset", "datasets"):
        if key in body:
            return as_list(body[key])
    graph = [entry for entry in as_entries(body.get("@graph")) if _is_typed(entry)]
    return graph or None


def _is_typed(entry: CatalogEntry) -> bool:
    return any(as_text(kind).endswith("Dataset") for kind in as_list(entry.get("@type")))


def _looks_like_dataset(entry: Any) -> bool:
    """Also for a list without a catalog around it; a Socrata list has `viewType` instead."""
    return isinstance(entry, dict) and (_is_typed(entry) or bool({"distribution", "dcat:distribution"} & entry.keys()))


def _build_dataset(raw: CatalogEntry, _address: str) -> Dataset | None:
    entry = strip_prefixes(raw)
    distributions = as_entries(entry.get("distribution"))
    modified = entry.get("modified")
    return Dataset(
        title=as_text(entry.get("title")),
        described=bool(as_text(entry.get("description"))),
        publisher=_publisher_name(entry),
        changed=as_day(modified)
        or max(
            (changed_on for distribution in distributions if (changed_on := as_day(distribution.get("modified")))),
            default=None,
        ),
        every_days=read_frequency(entry.get("accrualPeriodicity")) or read_frequency(modified),
        license=has_license(entry.get("license"), *(distribution.get("license") for distribution in distributions)),
        contact=_has_contact(entry.get("contactPoint")),
        dictionary=_has_dictionary(entry, distributions),
        machine=is_machine_readable([name for distribution in distributions for name in _list_formats(distribution)]),
        access=read_access(entry.get("accessLevel")) or read_access(entry.get("accessRights")),
        downloads=tuple(
            link for distribution in distributions if is_web_address(link := as_text(distribution.get("downloadURL")))
        ),
        words=list_keywords(entry.get("keyword"), entry.get("theme")),
    )


def _publisher_name(entry: CatalogEntry) -> str:
    """A string or an object; of several, the first. Only an address in place of a name is no name."""
    name = as_text(entry.get("publisher")) or as_text(entry.get("creator"))
    return "" if is_web_address(name) else name


def _has_contact(value: Any) -> bool | None:
    """An object with a name or a way to write to it, or simply a text."""
    fields = ("fn", "hasEmail", "email", "hasTelephone", "tel", "hasURL", "name", "organization-name")
    is_named = any(
        as_text(contact) if isinstance(contact, str) else first_text(contact, *fields) for contact in as_list(value)
    )
    return is_named or None


def _has_dictionary(entry: CatalogEntry, distributions: list[CatalogEntry]) -> bool | None:
    described = any(distribution.get("describedBy") for distribution in (entry, *distributions))
    return (
        described
        or any(
            is_dictionary(first_text(distribution, "title"), first_text(distribution, "description"))
            for distribution in distributions
        )
        or None
    )


def _list_formats(distribution: CatalogEntry) -> list[str]:
    """A landing page says nothing of the format, so an address counts only as a download."""
    return [name for key in ("format", "mediaType", "downloadURL") if (name := as_text(distribution.get(key)))]


SHAPE = CatalogShape(CatalogKind.DCAT, _find_datasets, _build_dataset, lambda _address, _body, _read: None)
