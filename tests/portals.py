"""Open-data sites on this machine: real servers that answer as CKAN, Socrata, ArcGIS Hub and DCAT files do, or in every wrong way.

`ENTRIES` is one small catalog, told in each shape by the functions below. Shapes are those of the public documentation: resources.data.gov
(DCAT-US 1.1 and 3.0), docs.ckan.org (package_search), dev.socrata.com (discovery API and views), developers.arcgis.com (Hub search API),
help.opendatasoft.com (Explore API) and udata.readthedocs.io (datasets).
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

TODAY = date(2026, 5, 20)
DEPARTMENTS = ["Data Office", "Finance", "Public Works"]
Query = dict[str, str]
Page = Callable[["Handler", Query], None]


@dataclass(frozen=True)
class Entry:
    """One dataset as its publisher knows it; empty for what is written nowhere."""

    title: str
    publisher: str
    changed: str
    frequency: str
    license: str
    contact: str
    dictionary: bool
    format: str
    access: str
    described: bool = True


ENTRIES = [
    Entry("Street repairs", "Public Works", "2026-05-15", "weekly", "cc-by", "streets@city.example", True, "csv", "public"),
    Entry("Budget", "Finance", "2025-07-01", "annual", "cc-zero", "money@city.example", False, "csv", "public"),
    Entry("Contracts awarded", "Finance Department", "2026-05-01", "monthly", "cc-zero", "", True, "csv", "public"),
    Entry("Crime map", "Police", "2024-01-10", "daily", "", "police@city.example", False, "pdf", "public"),
    Entry("Parks", "Parks & Recreation", "", "", "notspecified", "", False, "", "", described=False),
    Entry("Permits", "PÚBLIC WORKS", "2026-05-19", "daily", "cc-by", "", False, "csv", "public"),
    Entry("Water quality", "", "2026-04-01", "irregular", "cc-by", "", False, "json", "public"),
    Entry("Staff files", "Finance", "2026-03-01", "quarterly", "", "staff@city.example", False, "", "non-public"),
]  # fmt: skip
OPEN = [entry for entry in ENTRIES if entry.access != "non-public"]
"""What a site shows to everyone; only DCAT lists what is closed too."""

REPEATING = {"weekly": "R/P1W", "annual": "R/P1Y", "monthly": "R/P1M", "daily": "R/P1D", "quarterly": "R/P3M"}
EUROPEAN = {name: name.upper() for name in REPEATING} | {"irregular": "IRREG"}
MEDIA = {"csv": "text/csv", "pdf": "application/pdf", "json": "application/json"}


def _said(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in ("", None, [], {})}


def dcat_1(base: str, entries: list[Entry] = ENTRIES) -> dict[str, Any]:
    """data.json of DCAT-US 1.1."""
    return {
        "@context": "https://project-open-data.cio.gov/v1.1/schema/catalog.jsonld",
        "@type": "dcat:Catalog",
        "conformsTo": "https://project-open-data.cio.gov/v1.1/schema",
        "dataset": [_dcat_1(base, number, one) for number, one in enumerate(entries)],
    }


def _dcat_1(base: str, number: int, one: Entry) -> dict[str, Any]:
    file = _said(downloadURL=f"{base}/files/{number}.{one.format}", mediaType=MEDIA.get(one.format, "")) | {
        "@type": "dcat:Distribution"
    }
    return _said(
        identifier=f"{base}/{number}",
        title=one.title,
        description="What it is." if one.described else "",
        keyword=["city"],
        modified=one.changed and f"{one.changed}T08:00:00.000Z",
        publisher=one.publisher and {"@type": "org:Organization", "name": one.publisher},
        contactPoint=one.contact and {"@type": "vcard:Contact", "fn": "Desk", "hasEmail": f"mailto:{one.contact}"},
        accessLevel=one.access,
        license=one.license if one.license == "notspecified" else one.license and f"https://creativecommons.org/{one.license}/",
        accrualPeriodicity=REPEATING.get(one.frequency, one.frequency),
        describedBy=(one.dictionary and f"{base}/dictionary/{number}.csv") or "",
        distribution=[file] if one.format else [],
    ) | {"@type": "dcat:Dataset"}  # fmt: skip


def dcat_3(base: str, entries: list[Entry] = ENTRIES) -> dict[str, Any]:
    """A catalog of DCAT-US 3.0, with prefixes, lists and addresses of vocabularies, as JSON-LD allows."""
    return {
        "@type": "Catalog",
        "title": "Open data",
        "dcat:dataset": [_dcat_3(base, *one) for one in enumerate(entries)],
    }


def _dcat_3(base: str, number: int, one: Entry) -> dict[str, Any]:
    file = {
        "@type": "dcat:Distribution",
        "dcat:downloadURL": {"@id": f"{base}/files/{number}.{one.format}"},
        "dct:format": one.format.upper(),
        "dct:license": one.license,
    }
    return _said(**{
        "dct:identifier": str(number),
        "dct:title": one.title,
        "dct:description": "What it is." if one.described else "",
        "dct:modified": one.changed and {"@type": "xsd:date", "@value": one.changed},
        "dct:publisher": one.publisher,
        "dcat:contactPoint": one.contact and [{"@type": "Kind", "fn": "Desk", "hasEmail": one.contact}],
        "dct:accessRights": one.access and f"https://data.example/access/{one.access.upper().replace('-', '_')}",
        "dct:accrualPeriodicity": one.frequency and f"http://publications.europa.eu/resource/authority/frequency/{EUROPEAN[one.frequency]}",
        "describedBy": (one.dictionary and {"@type": "Distribution", "downloadURL": f"{base}/dictionary/{number}.json"}) or "",
        "dct:license": "" if one.format else one.license,
        "dcat:distribution": file if one.format else "",
    }) | {"@type": "Dataset"}  # fmt: skip


def ckan(base: str, start: int = 0, rows: int = 3, entries: list[Entry] = OPEN) -> dict[str, Any]:
    """A page of package_search."""
    found = [_ckan(base, number, one) for number, one in enumerate(entries)]
    return {
        "help": "...",
        "success": True,
        "result": {"count": len(found), "facets": {}, "results": found[start : start + rows]},
    }


def _ckan(base: str, number: int, one: Entry) -> dict[str, Any]:
    files = [
        _said(
            id=str(number),
            name=one.title,
            format=one.format.upper(),
            url=f"{base}/files/{number}.{one.format}",
            last_modified=one.changed,
        )
    ] * bool(one.format)
    files += [{"name": "Data dictionary", "format": "PDF", "url": f"{base}/dictionary/{number}.pdf"}] * one.dictionary
    return {
        "id": f"id-{number}",
        "name": one.title.lower().replace(" ", "-"),
        "title": one.title,
        "notes": "What it is." if one.described else None,
        "private": False,
        "license_id": one.license or None,
        "maintainer_email": one.contact,
        "author": None,
        "organization": {"name": "an-id", "title": one.publisher} if one.publisher else None,
        "metadata_modified": f"{one.changed}T08:00:00.123456" if one.changed else None,
        "resources": files,
        "tags": [{"name": "city", "display_name": "city"}],
        "extras": [{"key": "Update Frequency", "value": one.frequency}] if one.frequency else [],
    }


def socrata(base: str, start: int = 0, rows: int = 3, entries: list[Entry] = OPEN) -> dict[str, Any]:
    """A page of the discovery API."""
    found = [_socrata(base, number, one) for number, one in enumerate(entries)]
    return {"results": found[start : start + rows], "resultSetSize": len(found), "timings": {"serviceMillis": 12}}


def _socrata(base: str, number: int, one: Entry) -> dict[str, Any]:
    columns = {"columns_name": ["A", "B"], "columns_description": ["First.", "Second."] if one.dictionary else ["", ""]}
    return {
        "resource": {
            "name": one.title, "id": f"abcd-{number:04d}", "description": "What it is." if one.described else "",
            "attribution": None, "contact_email": one.contact or None,
            "type": "dataset" if one.format in {"csv", "json"} else "file",
            "updatedAt": f"{one.changed}T08:00:00.000Z" if one.changed else None,
            "page_views": {"page_views_last_week": 1, "page_views_last_month": 10 * number, "page_views_total": 900},
            **(columns if one.format else {}),
        },
        "classification": {
            "categories": [], "tags": [], "domain_category": "City", "domain_tags": ["city"],
            "domain_metadata": [
                {"key": "Publishing-Information_Department", "value": one.publisher},
                {"key": "Publishing-Information_Update-Frequency", "value": one.frequency.capitalize()},
            ],
        },
        "metadata": {"domain": "data.city.example", **({"license": one.license} if one.license else {})},
        "permalink": f"{base}/d/abcd-{number:04d}",
        "link": f"{base}/City/x/abcd-{number:04d}",
        "owner": {"id": "x", "display_name": "Someone"},
    }  # fmt: skip


def views(base: str, page: int = 1, rows: int = 3, entries: list[Entry] = OPEN) -> list[dict[str, Any]]:
    """A page of the older list of views, with moments as seconds since 1970."""
    found = [_view(number, one) for number, one in enumerate(entries)]
    return found[(page - 1) * rows : page * rows]


def _view(number: int, one: Entry) -> dict[str, Any]:
    described = {"description": "What it says."} if one.dictionary else {}
    return _said(
        id=f"abcd-{number:04d}",
        name=one.title,
        description="What it is." if one.described else "",
        attribution=one.publisher,
        viewType="tabular" if one.format in {"csv", "json"} else "blobby",
        displayType="table",
        rowsUpdatedAt=_seconds(one.changed),
        licenseId=one.license,
        tags=["city"],
        columns=[{"name": "A", **described}, {"name": "B", **described}] if one.format else [],
        metadata={"custom_fields": {"Publishing": {"Update Frequency": one.frequency, "Contact": one.contact}}},
    )


def hub(base: str, start: int = 1, rows: int = 3, entries: list[Entry] = OPEN) -> dict[str, Any]:
    """A page of the Hub's search API, which counts from 1, with moments in milliseconds."""
    found = [_hub(number, one) for number, one in enumerate(entries)]
    onward = f"{base}/api/search/v1/collections/dataset/items?limit={rows}&startindex={start + rows}"
    more = [{"rel": "next", "type": "application/geo+json", "href": onward}] if start + rows <= len(found) else []
    shown = found[start - 1 : start - 1 + rows]
    return {
        "type": "FeatureCollection",
        "features": shown,
        "numberMatched": len(found),
        "numberReturned": len(shown),
        "links": more,
    }


def _hub(number: int, one: Entry) -> dict[str, Any]:
    kinds = {"csv": "Feature Service", "json": "GeoJson", "pdf": "PDF", "": "Unheard Of"}
    about = _said(
        title=one.title,
        type=kinds[one.format],
        description="<p>What it is.</p>" if one.described else "",
        source=one.publisher,
        modified=1000 * (_seconds(one.changed) or 0),
        licenseInfo=one.license,
        access=one.access,
        tags=["city"],
        updateFrequency=one.frequency,
        contactEmail=one.contact,
        fields=[{"name": "A", "description": "First."}] if one.dictionary else [],
    )
    return {"id": f"item{number}", "type": "Feature", "geometry": None, "time": None, "properties": about}


def opendatasoft(base: str, start: int = 0, rows: int = 3, entries: list[Entry] = OPEN) -> dict[str, Any]:
    """A page of the Explore API, version 2.1."""
    found = [_opendatasoft(base, number, one) for number, one in enumerate(entries)]
    return {"total_count": len(found), "results": found[start : start + rows]}


def _opendatasoft(base: str, number: int, one: Entry) -> dict[str, Any]:
    described = {"description": "What it says."} if one.dictionary else {"description": None}
    files = [{"id": "file", "title": f"{one.title}.pdf", "mimetype": MEDIA["pdf"], "url": f"{base}/files/{number}.pdf"}]
    return {
        "dataset_id": f"data-{number}", "dataset_uid": f"da_{number}", "visibility": "domain", "data_visible": True,
        "has_records": one.format in {"csv", "json"}, "features": [], "attachments": files if one.format == "pdf" else [],
        "fields": [{"name": "a", "label": "A", "type": "text", **described}] if one.dictionary else [],
        "metas": {
            "default": {
                "title": one.title, "description": "What it is." if one.described else None, "license": one.license or None,
                "publisher": one.publisher or None, "modified": f"{one.changed}T08:00:00+00:00" if one.changed else None,
                "keyword": ["city"], "theme": None, "records_count": 12,
            },
            "dcat": {"contact_email": one.contact or None, "accrualperiodicity": one.frequency or None, "creator": None},
        },
    }  # fmt: skip


def udata(base: str, page: int = 1, rows: int = 3, entries: list[Entry] = OPEN) -> dict[str, Any]:
    """A page of the list of datasets."""
    found = [_udata(base, number, one) for number, one in enumerate(entries)]
    onward = f"{base}/api/1/datasets/?page={page + 1}&page_size={rows}"
    return {
        "data": found[(page - 1) * rows : page * rows], "page": page, "page_size": rows, "total": len(found),
        "previous_page": None, "next_page": onward if page * rows < len(found) else None,
    }  # fmt: skip


def _udata(base: str, number: int, one: Entry) -> dict[str, Any]:
    files = [
        {"title": one.title, "type": "main", "format": one.format, "url": f"{base}/files/{number}.{one.format}"}
    ] * bool(one.format)
    files += [
        {"title": "Data dictionary", "type": "documentation", "format": "pdf", "url": f"{base}/dictionary/{number}.pdf"}
    ] * one.dictionary
    return {
        "id": f"id-{number}", "slug": f"data-{number}", "title": one.title, "deleted": None, "archived": None, "private": False,
        "description": "What it is." if one.described else "", "license": one.license or None, "frequency": one.frequency or "unknown",
        "organization": {"name": one.publisher, "slug": "org"} if one.publisher else None, "owner": None, "tags": ["city"],
        "contact_points": [{"name": "Desk", "email": one.contact}] if one.contact else [],
        "created_at": "2020-01-01T08:00:00", "last_modified": None, "resources": files,
        "last_update": f"{one.changed}T08:00:00.123000+00:00" if one.changed else None,
    }  # fmt: skip


def _seconds(day: str) -> int | None:
    return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp()) if day else None


class Server(ThreadingHTTPServer):
    """Pages are functions by path; whatever has no page is answered with 404. `asked` are the addresses asked for.

    Nothing is answered before `open` is set, as it is at first: a test that clears it decides when a reading goes on.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.pages: dict[str, Page] = {}
        self.asked: list[str] = []
        self.open = threading.Event()
        self.open.set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, *_: Any) -> None:
        """A reader that has seen enough goes away; that is no error here."""


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.open.wait(60)
        self.server.asked.append(self.path)
        parts = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        page = self.server.pages.get(parts.path)
        if page:
            page(self, query)
        else:
            self.answer(b"<!doctype html><p>Nothing here</p>", 404, "text/html")

    def answer(self, body: bytes, status: int = 200, kind: str = "application/json", **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving() -> Iterator[Server]:
    server = Server()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def gives(content: Any) -> Page:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return lambda handler, _: handler.answer(body)


def fails(status: int, body: bytes = b"", **headers: str) -> Page:
    return lambda handler, _: handler.answer(body, status, "text/html", **headers)


def breaks_off(content: bytes) -> Page:
    """Promises more than it sends."""

    def page(handler: Handler, _: Query) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(content) + 1000))
        handler.end_headers()
        handler.wfile.write(content)

    return page


def endless(size: int) -> Page:
    """A JSON text that does not end, up to `size` bytes."""

    def page(handler: Handler, _: Query) -> None:
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(b'{"dataset": ["')
        for _number in range(size // 1_000_000):
            handler.wfile.write(b"x" * 1_000_000)

    return page


def _whole(query: Query, name: str, otherwise: int) -> int:
    return int(query.get(name, otherwise))


def be_dcat_1(server: Server) -> None:
    server.pages["/data.json"] = gives(dcat_1(server.url))
    files(server)


def be_dcat_3(server: Server) -> None:
    server.pages["/data.json"] = gives(dcat_3(server.url))
    files(server)


def be_ckan(server: Server, entries: list[Entry] = OPEN) -> None:
    def page(handler: Handler, query: Query) -> None:
        rows = min(_whole(query, "rows", 10), 1000, max(3, len(entries) // 10))
        handler.answer(json.dumps(ckan(server.url, _whole(query, "start", 0), rows, entries)).encode())

    server.pages["/api/3/action/package_search"] = page
    files(server)


def be_socrata(server: Server) -> None:
    def page(handler: Handler, query: Query) -> None:
        handler.answer(json.dumps(socrata(server.url, _whole(query, "offset", 0))).encode())

    server.pages["/api/catalog/v1"] = page


def be_views(server: Server) -> None:
    def page(handler: Handler, query: Query) -> None:
        handler.answer(json.dumps(views(server.url, _whole(query, "page", 1))).encode())

    server.pages["/api/views.json"] = page


def be_hub(server: Server) -> None:
    def page(handler: Handler, query: Query) -> None:
        handler.answer(json.dumps(hub(server.url, _whole(query, "startindex", 1))).encode())

    server.pages["/api/search/v1/collections/dataset/items"] = page


def be_opendatasoft(server: Server) -> None:
    def page(handler: Handler, query: Query) -> None:
        handler.answer(json.dumps(opendatasoft(server.url, _whole(query, "offset", 0))).encode())

    server.pages["/api/explore/v2.1/catalog/datasets"] = page


def be_udata(server: Server) -> None:
    def page(handler: Handler, query: Query) -> None:
        handler.answer(json.dumps(udata(server.url, _whole(query, "page", 1))).encode())

    server.pages["/api/1/datasets/"] = page


def files(server: Server) -> None:
    """The downloads of the catalog; that of the crime map is gone, that of the water quality has a problem now."""
    for number, one in enumerate(ENTRIES):
        if one.format and one.title != "Crime map":
            broken = one.title == "Water quality"
            server.pages[f"/files/{number}.{one.format}"] = fails(503) if broken else gives(b"a,b\n1,2\n")


KINDS = {
    "dcat-us-1.1": be_dcat_1, "dcat-us-3.0": be_dcat_3, "ckan": be_ckan, "socrata": be_socrata, "views": be_views, "hub": be_hub,
    "opendatasoft": be_opendatasoft, "udata": be_udata,
}  # fmt: skip


def many(count: int) -> list[Entry]:
    """The small catalog again and again, under other names."""
    return [
        Entry(f"{one.title} {number}", one.publisher, one.changed, one.frequency, one.license, one.contact, one.dictionary, one.format, one.access)
        for number in range(count)
        for one in [ENTRIES[number % len(ENTRIES)]]
    ]  # fmt: skip
