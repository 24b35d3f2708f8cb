"""Catalogs of Socrata sites: the discovery API (/api/catalog/v1) and the older list of views (/api/views.json)."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from app.adapters.catalogs.shape import Shape, is_dictionary, is_listed, license_said, with_query, words_of
from app.rules.portal.counting import Dataset, Kind
from app.rules.portal.values import Access, Entry, access, day, entries, every_days, first, items, squeezed, text, whole

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


def _results(body: Any) -> list[Any] | None:
    if not is_listed(body, "results"):
        return None
    found: list[Any] = body["results"]
    return (
        found if "resultSetSize" in body or any(isinstance(one, dict) and "resource" in one for one in found) else None
    )


def _next_results(address: str, body: Any, read: int) -> str | None:
    total = whole(body.get("resultSetSize"))
    return None if total is not None and read >= total else with_query(address, offset=read)


def _result(entry: Entry, address: str) -> Dataset | None:
    about, sorted_as = _part(entry, "resource"), _part(entry, "classification")
    own = _own_fields(sorted_as.get("domain_metadata"))
    kind = squeezed(text(about.get("type")))
    if kind in NO_DATASETS:
        return None
    return Dataset(
        title=first(about, "name"),
        described=bool(first(about, "description")),
        publisher=_department(own) or first(about, "attribution") or first(entry.get("creator"), "display_name"),
        changed=day(about.get("data_updated_at")) or day(about.get("updatedAt")),
        every_days=_frequency(own),
        license=license_said(_part(entry, "metadata").get("license"), about.get("license")),
        contact=bool(first(about, "contact_email")) or _own_contact(own),
        dictionary=_own_dictionary(own) or _columns_explained(about),
        machine=True if kind in WITH_ROWS else None,
        access=access(about.get("audience")) or Access.PUBLIC,
        downloads=_download(text(entry.get("permalink")) or address, text(about.get("id")), kind),
        words=words_of(*(sorted_as.get(name) for name in ("tags", "domain_tags", "categories", "domain_category"))),
        views=whole(_part(about, "page_views").get("page_views_last_month")),
    )


def _part(entry: Entry, name: str) -> Entry:
    found = entry.get(name)
    return found if isinstance(found, dict) else {}


def _own_fields(value: Any) -> dict[str, str]:
    """Fields that a site added, in either way in which Socrata lists them, by their names in small letters."""
    pairs = [(text(one.get("key")), text(one.get("value"))) for one in entries(value) if "key" in one]
    if isinstance(value, dict) and "key" not in value:
        pairs = [
            (f"{group} {name}", text(inner)) for group, of in value.items() for name, inner in _inner(of) if text(inner)
        ]
    return {squeezed(name): said for name, said in pairs if said}


def _inner(of: Any) -> list[tuple[str, Any]]:
    return list(of.items()) if isinstance(of, dict) else [("", of)]


def _department(own: dict[str, str]) -> str:
    return next((said for name, said in own.items() if name.endswith(("department", "agency", "dataowner"))), "")


def _frequency(own: dict[str, str]) -> int | None:
    return next((days for name, said in own.items() if "frequency" in name and (days := every_days(said))), None)


def _own_contact(own: dict[str, str]) -> bool | None:
    return any("contact" in name for name in own) or None


def _own_dictionary(own: dict[str, str]) -> bool | None:
    return any("dictionary" in name or is_dictionary(said) for name, said in own.items()) or None


def _columns_explained(about: Entry) -> bool | None:
    """Most columns have a description: yes; there are columns and most have none: no."""
    names, texts = items(about.get("columns_name")), items(about.get("columns_description"))
    if not names:
        return None
    return sum(bool(text(one)) for one in texts) * 2 > len(names)


def _download(address: str, id: str, kind: str) -> tuple[str, ...]:
    parts = urlsplit(address)
    fine = id and parts.netloc and kind in WITH_ROWS
    return (f"{parts.scheme}://{parts.netloc}/api/views/{id}/rows.csv?accessType=DOWNLOAD",) if fine else ()


def _views(body: Any) -> list[Any] | None:
    if not isinstance(body, list) or not body:
        return None
    return body if all(isinstance(one, dict) and {"id", "viewType"} <= one.keys() for one in body[:3]) else None


def _next_views(address: str, body: Any, read: int) -> str | None:
    """There is no total, so the list ends where a page is empty."""
    page = parse_qs(urlsplit(address).query).get("page", ["1"])[0]
    return with_query(address, page=int(page) + 1 if page.isdecimal() else 2)


def _view(entry: Entry, address: str) -> Dataset | None:
    own = _own_fields(_part(_part(entry, "metadata"), "custom_fields") or None)
    columns = entries(entry.get("columns"))
    kind = squeezed(first(entry, "viewType"))
    if squeezed(first(entry, "displayType")) in NO_DATASETS:
        return None
    return Dataset(
        title=first(entry, "name"),
        described=bool(first(entry, "description")),
        publisher=_department(own) or first(entry, "attribution"),
        changed=day(entry.get("rowsUpdatedAt")) or day(entry.get("viewLastModified")),
        every_days=_frequency(own),
        license=license_said(entry.get("licenseId"), entry.get("license")),
        contact=bool(first(_part(entry, "privateMetadata"), "contactEmail")) or _own_contact(own),
        dictionary=_own_dictionary(own) or _explained(columns),
        machine=True if kind in WITH_ROWS else None,
        access=Access.PUBLIC,
        downloads=_download(address, text(entry.get("id")), kind),
        words=words_of(entry.get("tags"), entry.get("category")),
    )


def _explained(columns: list[Entry]) -> bool | None:
    return sum(bool(first(one, "description")) for one in columns) * 2 > len(columns) if columns else None


SHAPE = Shape(Kind.SOCRATA, _results, _result, _next_results)
OLD_SHAPE = Shape(Kind.SOCRATA, _views, _view, _next_views)
