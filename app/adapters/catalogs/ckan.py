"""Catalogs of CKAN sites: the action API's package_search, a page at a time."""

import re
from datetime import date
from typing import Any

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

FREQUENCY = re.compile(r"frequen|frecuen|periodici|refreshrate|updateinterval|updatecycle")
"""How sites call the field with how often something changes, in four languages."""
CONTACTS = ("maintainer_email", "author_email", "maintainer", "author", "contact_email", "contact_name")
ACCESS = ("accessLevel", "access_level", "public_access_level", "access_rights", "accessRights")
OWN_DAYS = (
    "last_refreshed",
    "data_last_modified",
    "date_updated",
    "modified",
    "dcat_modified",
    "data_modified",
    "date_modified",
)


def _find_packages(body: Any) -> list[Any] | None:
    """The packages of a search, or of the list of all; a plain `results` without a `result` around it belongs to another program."""
    result = body.get("result") if isinstance(body, dict) else None
    if (
        isinstance(result, list)
        and result
        and all(isinstance(entry, dict) and "resources" in entry for entry in result[:3])
    ):
        return result
    return result["results"] if isinstance(result, dict) and has_list(result, "results") else None


def _count_all(body: Any) -> int | None:
    return as_count(body["result"].get("count")) if isinstance(body["result"], dict) else None


def _next_address(address: str, body: Any, read: int) -> str | None:
    """Of a list of all there is no other page that says so."""
    total = _count_all(body)
    if isinstance(body["result"], list) or (total is not None and read >= total):
        return None
    return replace_query(address, start=read)


def _build_dataset(raw: CatalogEntry, _address: str) -> Dataset | None:
    entry = _merge_extras(raw)
    files = as_entries(entry.get("resources"))
    return Dataset(
        title=first_text(entry, "title", "name"),
        described=bool(first_text(entry, "notes", "excerpt", "description")),
        publisher=as_text(entry.get("organization")) if not isinstance(entry.get("organization"), dict) else _organization_name(entry),
        changed=_find_changed_day(entry, files),
        every_days=next((days for key, value in entry.items() if FREQUENCY.search(squeeze_text(key)) and (days := read_frequency(value))), None),
        license=has_license(entry.get("license_id"), entry.get("license_title"), entry.get("license_url")),
        contact=any(meant_text(first_text(entry, name)) for name in CONTACTS) or None,
        dictionary=any(is_dictionary(first_text(file, "name"), first_text(file, "description")) for file in files) or None,
        machine=is_machine_readable([name for file in files for name in _list_formats(file)]),
        access=_access_from(entry.get("private"), first_text(entry, *ACCESS)),
        downloads=tuple(link for file in files if is_web_address(link := as_text(file.get("url")))),
        words=list_keywords(entry.get("tags"), entry.get("groups")),
    )  # fmt: skip


def _merge_extras(raw: CatalogEntry) -> CatalogEntry:
    """Fields that a site added stand in `extras`; the site's own fields of the same name win."""
    extras = {
        as_text(extra.get("key")): extra.get("value")
        for extra in as_entries(raw.get("extras"))
        if as_text(extra.get("key"))
    }
    return extras | raw


def _organization_name(entry: CatalogEntry) -> str:
    """CKAN's `name` of an organization is a part of an address; its title is what people call it."""
    return first_text(entry["organization"], "title", "display_name", "name")


def _find_changed_day(entry: CatalogEntry, files: list[CatalogEntry]) -> date | None:
    """When the data changed, as the files say; a change of the description only where they say nothing."""
    own = next((day for name in OWN_DAYS if (day := as_day(entry.get(name)))), None)
    days = [modified for file in files if (modified := as_day(file.get("last_modified")))]
    return own or max(days, default=None) or as_day(entry.get("metadata_modified"))


def _list_formats(file: CatalogEntry) -> list[str]:
    """A service without an ending in its address is told by its format alone."""
    names = [name for key in ("format", "mimetype") if (name := as_text(file.get(key)))]
    return names or [as_text(file.get("url"))]


def _access_from(private: Any, said: str) -> DatasetAccess | None:
    """What the site says in words; a dataset that is not private may still be open to some only."""
    if private is True:
        return DatasetAccess.CLOSED
    return read_access(said) or (DatasetAccess.PUBLIC if private is False else None)


SHAPE = CatalogShape(CatalogKind.CKAN, _find_packages, _build_dataset, _next_address, _count_all)
