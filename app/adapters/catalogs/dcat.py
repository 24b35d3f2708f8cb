"""Catalogs as DCAT: data.json of DCAT-US 1.1 and 3.0, the feeds of ArcGIS Hub and Socrata, and DCAT written as JSON-LD."""

from typing import Any
from urllib.parse import urljoin

from app.adapters.catalogs.shape import CatalogShape, has_license, is_dictionary, is_web_address, list_keywords
from app.rules.portal.counting import Dataset
from app.rules.portal.days import as_day
from app.rules.portal.trouble import CatalogKind
from app.rules.portal.values import (
    CatalogEntry,
    as_entries,
    as_list,
    as_text,
    first_text,
    is_machine_readable,
    meant_text,
    plain_name,
    read_access,
    read_frequency,
    strip_prefixes,
)

MOST_NODES = 200_000
DEEPEST = 6
"""Catalogs in catalogs, and series in series."""
REFERENCES = ("distribution", "contactPoint", "publisher", "license")
"""Fields that may name another node of a graph instead of holding it."""
PAGE_FIELDS = {"totalItems", "nextPage", "next"}
TOTALS = ("totalItems", "total", "total_count", "totalCount", "count")
PAGE_NAMES = (*PAGE_FIELDS, "view")
"""How the names of those fields end, and of the one that holds them, whatever stands before."""


def _find_datasets(body: Any) -> list[Any] | None:
    """The datasets of a catalog and of those inside it, of a JSON-LD graph, or a bare list of datasets."""
    if isinstance(body, list):
        return _list_graph(body) or (body if body and all(map(_looks_like_dataset, body[:3])) else None)
    if not isinstance(body, dict):
        return None
    plain = _name_plainly(body)
    if LISTS.keys() & plain.keys():
        nodes = _index_nodes(as_entries(plain.get("@graph")))
        listed = [_resolve_references(entry, nodes) for entry in _list_nested(plain, DEEPEST)]
        return listed if not listed or any(map(_says_something, listed)) else None
    return _list_graph(as_list(plain.get("@graph"))) or None


LISTS = {"dataset": False, "catalog": True, "datasetSeries": True, "seriesMember": False}
"""Fields that hold datasets (False), or something that holds such fields again (True)."""


_TOLD = {"title", "name", "description", "distribution", "identifier", "landingPage", "@id", "id", "@type", "type"}


def _says_something(entry: Any) -> bool:
    """Whether this may be a dataset of the vocabulary: other programs have a field called `dataset` with other things in it."""
    return not isinstance(entry, dict) or not _TOLD.isdisjoint(map(plain_name, entry))


def _list_nested(catalog: CatalogEntry, depth: int) -> list[Any]:
    """Every dataset of the catalog, those of catalogs and series in it after its own."""
    entries: list[Any] = []
    for name, is_nested in LISTS.items():
        for inner in as_list(catalog.get(name)):
            if not is_nested:
                entries.append(inner)
            elif isinstance(inner, dict) and depth:
                entries += _list_nested(_name_plainly(inner), depth - 1)
    return entries


def _list_graph(nodes: list[Any]) -> list[Any]:
    """The datasets among the nodes of a graph, each with what it only names put in its place."""
    entries = as_entries(nodes)
    index = _index_nodes(entries)
    return [_resolve_references(entry, index) for entry in entries if _is_typed(entry)]


def _index_nodes(entries: list[CatalogEntry]) -> dict[str, CatalogEntry]:
    named = ((as_text(entry.get("@id") or entry.get("id")), entry) for entry in entries[:MOST_NODES])
    return {name: entry for name, entry in named if name}


def _resolve_references(entry: Any, nodes: dict[str, CatalogEntry]) -> Any:
    """The entry, or the node that it names, with the nodes that its fields name; what is not there stays a name."""
    if not nodes:
        return entry
    entry = _find_node(entry, nodes)
    if not isinstance(entry, dict):
        return entry
    return {
        key: [_find_node(item, nodes) for item in as_list(value)] if plain_name(key) in REFERENCES else value
        for key, value in entry.items()
    }


def _find_node(value: Any, nodes: dict[str, CatalogEntry]) -> Any:
    """The node that a string, or an object that is nothing but an id, names."""
    name = (
        as_text(value.get("@id") or value.get("id"))
        if _is_reference(value)
        else value
        if isinstance(value, str)
        else ""
    )
    return nodes.get(name, value)


def _is_reference(value: Any) -> bool:
    return isinstance(value, dict) and bool(value) and value.keys() <= {"@id", "id", "@type", "type"}


def _is_typed(entry: CatalogEntry) -> bool:
    return any(as_text(kind).endswith("Dataset") for kind in as_list(entry.get("@type") or entry.get("type")))


_DATASET_FIELDS = {"distribution", "dcat:distribution", "accessURL", "webService", "accessLevel"}


def _looks_like_dataset(entry: Any) -> bool:
    """Also for a list without a catalog around it; a Socrata list has `viewType` instead."""
    return isinstance(entry, dict) and (
        _is_typed(entry) or ("viewType" not in entry and bool(_DATASET_FIELDS & entry.keys()))
    )


def _build_dataset(raw: CatalogEntry, _address: str) -> Dataset | None:
    """Raises ValueError for an entry that only names a dataset which is not there."""
    if _is_reference(raw):
        raise ValueError("only a name")
    entry = strip_prefixes(raw)
    distributions = as_entries(entry.get("distribution")) or [entry]
    modified = entry.get("modified") or entry.get("dateModified")
    return Dataset(
        title=first_text(entry, "title", "name"),
        described=bool(as_text(entry.get("description"))),
        publisher=_publisher_name(entry),
        changed=as_day(modified)
        or max(
            (changed_on for distribution in distributions if (changed_on := as_day(distribution.get("modified")))),
            default=None,
        ),
        every_days=read_frequency(entry.get("accrualPeriodicity")) or read_frequency(modified),
        license=has_license(entry.get("license"), *(distribution.get("license") for distribution in distributions)),
        contact=_has_contact(entry.get("contactPoint")) or _has_contact(entry.get("mbox")),
        dictionary=_has_dictionary(entry, distributions),
        machine=is_machine_readable([name for distribution in distributions for name in _list_formats(distribution)]),
        access=read_access(entry.get("accessLevel")) or read_access(entry.get("accessRights")),
        downloads=tuple(link for distribution in distributions if (link := _download_link(distribution))),
        words=list_keywords(entry.get("keyword"), entry.get("keywords"), entry.get("theme")),
    )


def _publisher_name(entry: CatalogEntry) -> str:
    """A string or an object; of several, the first. Only an address in place of a name is no name."""
    name = meant_text(as_text(entry.get("publisher"))) or meant_text(as_text(entry.get("creator")))
    return "" if is_web_address(name) else name


def _has_contact(value: Any) -> bool | None:
    """An object with a name or a way to write to it, or simply a text."""
    fields = ("fn", "hasEmail", "email", "hasTelephone", "tel", "hasURL", "name", "organization-name")
    contacts = as_list(value)
    names = [as_text(contact) for contact in contacts if isinstance(contact, str)]
    names += [first_text(contact, name) for contact in as_entries(contacts) for name in fields]
    return any(map(meant_text, names)) or None


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
    names = [name for key in ("format", "mediaType", "encodingFormat") if (name := as_text(distribution.get(key)))]
    return [*names, link] if (link := _download_link(distribution)) else names


def _download_link(distribution: CatalogEntry) -> str:
    """Where the data is; an address of access only where it ends as data does."""
    link, access = (first_text(distribution, *names) for names in (("downloadURL", "contentUrl"), ("accessURL",)))
    if is_web_address(link):
        return link
    return access if is_web_address(access) and is_machine_readable([access]) else ""


def _find_page_fields(body: Any) -> CatalogEntry:
    """What the answer says of its pages in the words of Hydra, at its top or as a node of its own; else all that it says at its top.

    There other programs say it whose lists are those of DCAT.
    """
    nodes = as_entries(body) + (as_entries(body.get("@graph")) if isinstance(body, dict) else [])
    paged = (node for node in nodes[:MOST_NODES] if any(key.endswith(PAGE_NAMES) for key in node))
    for plain in map(_name_plainly, paged):
        about = [plain, *map(_name_plainly, as_entries(plain.get("view")))]
        if any(PAGE_FIELDS & fields.keys() for fields in about):
            return {name: value for fields in about for name, value in fields.items()}
    return body if isinstance(body, dict) else {}


def _name_plainly(node: CatalogEntry) -> CatalogEntry:
    return {plain_name(key): value for key, value in node.items()}


def _count_all(body: Any) -> int | None:
    fields = _find_page_fields(body)
    return next((count for name in TOTALS if (count := _read_count(fields.get(name))) is not None), None)


def _read_count(said: Any) -> int | None:
    text = as_text(said)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _next_address(address: str, body: Any, _read: int) -> str | None:
    fields = _find_page_fields(body)
    links = fields.get("links")
    linked = first_text(fields, "nextPage", "next") or first_text(links, "next")
    return urljoin(address, linked) if linked else None


SHAPE = CatalogShape(CatalogKind.DCAT, _find_datasets, _build_dataset, _next_address, _count_all)
