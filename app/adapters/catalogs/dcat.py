"""Catalogs as DCAT: data.json of DCAT-US 1.1 and 3.0, the feeds of ArcGIS Hub and Socrata, and DCAT written as JSON-LD."""

from typing import Any

from app.adapters.catalogs.shape import Shape, is_dictionary, is_web, license_said, words_of
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


def _listed(body: Any) -> list[Any] | None:
    """The datasets of a catalog, of a JSON-LD graph, or a bare list of datasets."""
    if isinstance(body, list):
        return body if body and all(map(_looks_like_dataset, body[:3])) else None
    if not isinstance(body, dict):
        return None
    for key in ("dataset", "dcat:dataset", "datasets"):
        if key in body:
            return items(body[key])
    graph = [one for one in entries(body.get("@graph")) if _is_typed(one)]
    return graph or None


def _is_typed(entry: Entry) -> bool:
    return any(text(kind).endswith("Dataset") for kind in items(entry.get("@type")))


def _looks_like_dataset(entry: Any) -> bool:
    """Also for a list without a catalog around it; a Socrata list has `viewType` instead."""
    return isinstance(entry, dict) and (_is_typed(entry) or bool({"distribution", "dcat:distribution"} & entry.keys()))


def _dataset(raw: Entry, _address: str) -> Dataset | None:
    entry = plain(raw)
    given = entries(entry.get("distribution"))
    modified = entry.get("modified")
    return Dataset(
        title=text(entry.get("title")),
        described=bool(text(entry.get("description"))),
        publisher=_publisher(entry),
        changed=day(modified) or max((found for one in given if (found := day(one.get("modified")))), default=None),
        every_days=every_days(entry.get("accrualPeriodicity")) or every_days(modified),
        license=license_said(entry.get("license"), *(one.get("license") for one in given)),
        contact=_contact(entry.get("contactPoint")),
        dictionary=_dictionary(entry, given),
        machine=is_machine_readable([name for one in given for name in _formats(one)]),
        access=access(entry.get("accessLevel")) or access(entry.get("accessRights")),
        downloads=tuple(link for one in given if is_web(link := text(one.get("downloadURL")))),
        words=words_of(entry.get("keyword"), entry.get("theme")),
    )


def _publisher(entry: Entry) -> str:
    """A string or an object; of several, the first. Only an address in place of a name is no name."""
    found = text(entry.get("publisher")) or text(entry.get("creator"))
    return "" if is_web(found) else found


def _contact(value: Any) -> bool | None:
    """An object with a name or a way to write to it, or simply a text."""
    fields = ("fn", "hasEmail", "email", "hasTelephone", "tel", "hasURL", "name", "organization-name")
    found = any(text(one) if isinstance(one, str) else first(one, *fields) for one in items(value))
    return found or None


def _dictionary(entry: Entry, given: list[Entry]) -> bool | None:
    described = any(one.get("describedBy") for one in (entry, *given))
    return described or any(is_dictionary(first(one, "title"), first(one, "description")) for one in given) or None


def _formats(given: Entry) -> list[str]:
    """A landing page says nothing of the format, so an address counts only as a download."""
    return [name for key in ("format", "mediaType", "downloadURL") if (name := text(given.get(key)))]


SHAPE = Shape(Kind.DCAT, _listed, _dataset, lambda _address, _body, _read: None)
