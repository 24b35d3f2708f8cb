"""Catalogs read from real servers on this machine, in every shape and in every way in which they can be wrong."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.adapters.catalogs import page as portal_page
from app.adapters.catalogs import reading
from app.adapters.catalogs.reading import CatalogReading, read_catalog_file, try_downloads, visit_catalog
from app.adapters.outside import fetch_url
from app.rules.portal.counting import CatalogFact, FactKey
from app.rules.portal.facts import count_facts, unmatched_publishers
from app.rules.portal.trouble import CatalogKind, CatalogTrouble, UnreadableCatalog
from tests import portals
from tests.portals import DEPARTMENTS, ENTRIES, TODAY, Server


@pytest.fixture
def server() -> Iterator[Server]:
    with portals.serving() as server:
        yield server


def look(server: Server, path: str = "") -> CatalogReading:
    return visit_catalog(server.url + path, private_allowed=True)


def counts(found: CatalogReading) -> dict[FactKey, tuple[int, int | None, int]]:
    return {
        fact.key: (fact.value, fact.total, fact.unknown) for fact in count_facts(found.datasets, DEPARTMENTS, TODAY)
    }


DCAT = {
    FactKey.DATASETS: (8, None, 0),
    FactKey.DATES: (7, 8, 1),
    FactKey.RECENT: (6, 8, 1),
    FactKey.ON_TIME: (5, 8, 2),
    FactKey.LICENSE: (5, 8, 2),
    FactKey.MACHINE: (5, 8, 2),
    FactKey.DICTIONARY: (2, 8, 6),
    FactKey.DEPARTMENTS: (2, 3, 3),
    FactKey.NEWEST: (0, None, 1),
    FactKey.DESCRIBED: (6, 8, 2),
    FactKey.CONTACT: (4, 8, 4),
    FactKey.RESTRICTED: (1, 8, 1),
    FactKey.PROCUREMENT: (1, 8, 0),
}
"""Counted by hand in `ENTRIES`."""

SITE = {
    FactKey.DATASETS: (7, None, 0),
    FactKey.DATES: (6, 7, 1),
    FactKey.RECENT: (5, 7, 1),
    FactKey.ON_TIME: (4, 7, 2),
    FactKey.LICENSE: (5, 7, 1),
    FactKey.MACHINE: (5, 7, 1),
    FactKey.DICTIONARY: (2, 7, 5),
    FactKey.DEPARTMENTS: (2, 3, 3),
    FactKey.NEWEST: (0, None, 1),
    FactKey.DESCRIBED: (5, 7, 2),
    FactKey.CONTACT: (3, 7, 4),
    FactKey.RESTRICTED: (0, 7, 0),
    FactKey.PROCUREMENT: (1, 7, 0),
}
"""The same without the entry that only DCAT lists."""

SOCRATA = SITE | {
    FactKey.MACHINE: (5, 7, 2),  # what is stored as a file says nothing of its format
    FactKey.DICTIONARY: (2, 7, 1),  # columns without a description are a no, not an unknown
}
EXPECTED = {
    "dcat-us-1.1": (CatalogKind.DCAT, DCAT),
    "dcat-us-3.0": (CatalogKind.DCAT, DCAT),
    "ckan": (CatalogKind.CKAN, SITE),
    "socrata": (CatalogKind.SOCRATA, SOCRATA | {FactKey.VIEWS: (210, None, 0)}),
    "views": (CatalogKind.SOCRATA, SOCRATA),
    "hub": (CatalogKind.HUB, SITE | {FactKey.RESTRICTED: (0, 7, 1)}),
    "opendatasoft": (CatalogKind.OPENDATASOFT, SITE),
    "udata": (CatalogKind.UDATA, SITE),
}


@pytest.mark.parametrize("name", portals.KINDS)
def test_the_facts_of_every_kind_of_site_equal_a_count_by_hand(server: Server, name: str) -> None:
    portals.KINDS[name](server)
    found = look(server)
    kind, expected = EXPECTED[name]
    assert (found.kind, found.problems) == (kind, ())
    assert counts(found) == expected
    newest = next(fact for fact in count_facts(found.datasets, DEPARTMENTS, TODAY) if fact.key is FactKey.NEWEST)
    assert newest == CatalogFact(FactKey.NEWEST, 0, None, 1, date(2026, 5, 19))
    assert sorted(unmatched_publishers(found.datasets, DEPARTMENTS)) == ["Parks & Recreation", "Police"]
    assert json.loads(found.snapshot), "what was read is kept as JSON"


@pytest.mark.parametrize("name", portals.KINDS)
def test_a_site_is_found_from_any_of_its_addresses(server: Server, name: str) -> None:
    portals.KINDS[name](server)
    server.pages["/"] = portals.gives(b"<!doctype html><h1>Open data</h1>")
    (path,) = [path for path in server.pages if path.startswith(("/api", "/data"))]
    for address in ("", "/", "/browse?q=parks", "/dataset/street-repairs", path):
        assert counts(look(server, address)) == EXPECTED[name][1], address


def test_a_site_below_a_path_is_found(server: Server) -> None:
    portals.be_ckan(server)
    server.pages = {f"/opendata{path}": page for path, page in server.pages.items()}
    assert len(look(server, "/opendata/").datasets) == 7


def test_from_an_export_in_another_form_the_list_of_its_site_is_found(server: Server) -> None:
    portals.be_opendatasoft(server)
    path = "/api/explore/v2.1/catalog/exports/dcat"
    server.pages[path] = portals.gives(
        b"<?xml version='1.0'?><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/>"
    )
    assert counts(look(server, path)) == SITE


def test_a_host_name_alone_is_enough_and_what_it_redirects_to_is_followed(server: Server) -> None:
    portals.be_dcat_1(server)
    server.pages["/old.json"] = portals.fails(302, Location="/data.json")
    assert look(server, "/old.json").url == f"{server.url}/data.json"


def test_every_page_of_a_site_is_asked_for_once(server: Server) -> None:
    portals.be_ckan(server)
    look(server, "/api/3/action/package_search?rows=3&fq=type:dataset")
    assert len(server.asked) == len(set(server.asked)) == 3
    assert all("fq=type%3Adataset" in asked or "fq=type:dataset" in asked for asked in server.asked)


def trouble_at(server: Server, path: str = "") -> tuple[CatalogTrouble, str]:
    with pytest.raises(UnreadableCatalog) as caught:
        look(server, path)
    return caught.value.problem.trouble, caught.value.problem.detail


def test_a_site_that_is_not_there_is_told(server: Server) -> None:
    with pytest.raises(UnreadableCatalog) as caught:
        visit_catalog("http://127.0.0.1:9/", private_allowed=True)
    assert caught.value.problem.trouble is CatalogTrouble.UNREACHABLE


def test_the_network_that_the_app_runs_in_is_not_visited(server: Server) -> None:
    portals.be_dcat_1(server)
    with pytest.raises(UnreadableCatalog) as caught:
        visit_catalog(f"{server.url}/data.json", private_allowed=False)
    assert caught.value.problem.trouble is CatalogTrouble.BLOCKED
    assert server.asked == []


def test_a_redirect_into_the_own_network_is_not_followed(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first address counts as public here, the one that it leads to does not."""
    server.pages["/data.json"] = portals.fails(302, Location="http://127.0.0.2:1/secret")
    ask = fetch_url

    def guarded(url: str, **options: Any) -> Any:
        options["private_allowed"] = False
        return ask(url.replace(server.url, f"http://site.example:{server.server_port}"), **options,
                   resolve=lambda host: ["127.0.0.1" if host == "site.example" else host], public=lambda address: address == "127.0.0.1")  # fmt: skip

    monkeypatch.setattr(reading, "fetch_url", guarded)
    monkeypatch.setattr("app.adapters.outside.PORTS", {server.server_port, 1})
    assert trouble_at(server, "/data.json") == (CatalogTrouble.BLOCKED, "")
    assert server.asked == ["/data.json"]


@pytest.mark.parametrize("status", [500, 503, 403, 401, 429])
def test_an_answer_with_an_error_is_told_with_its_number(server: Server, status: int) -> None:
    server.pages["/data.json"] = portals.fails(status)
    assert trouble_at(server, "/data.json") == (CatalogTrouble.ANSWERS, str(status))


WRONG = {
    "a web page": (b"<!doctype html><p>Welcome</p>", CatalogTrouble.NOT_JSON),
    "nothing": (b"", CatalogTrouble.NOT_JSON),
    "a broken text": (b'{"dataset": [}', CatalogTrouble.NOT_JSON),
    "something else": (b'{"name": "Newark"}', CatalogTrouble.NO_CATALOG),
    "a number": (b"7", CatalogTrouble.NO_CATALOG),
    "a map": (b'{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"OBJECTID": 1}}]}', CatalogTrouble.NO_CATALOG),
    "nothing at all": (b"null", CatalogTrouble.NO_CATALOG),
    "a wrong type": (b'{"result": {"results": "none"}, "features": {}, "results": 7}', CatalogTrouble.NO_CATALOG),
    "an empty search": (b'{"result": {"results": [], "count": 0}}', CatalogTrouble.EMPTY),
    "texts for datasets": (b'{"dataset": "see below"}', CatalogTrouble.ODD_ENTRIES),
    "an empty list": (b'{"dataset": []}', CatalogTrouble.EMPTY),
    "no list": (b'{"dataset": null}', CatalogTrouble.EMPTY),
    "too deep": (b"[" * 100_000, CatalogTrouble.BROKEN_OFF),
    "odd entries only": (b'{"dataset": [1, "two", null]}', CatalogTrouble.ODD_ENTRIES),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_catalog_is_told(server: Server, name: str) -> None:
    body, expected = WRONG[name]
    server.pages["/data.json"] = portals.gives(body)
    assert trouble_at(server, "/data.json")[0] is expected


def test_a_site_without_a_catalog_is_told(server: Server) -> None:
    server.pages["/"] = portals.gives(b"<!doctype html><p>Welcome</p>")
    assert trouble_at(server, "/")[0] is CatalogTrouble.NO_CATALOG
    assert len(server.asked) == 1 + len(reading.PLACES)


def test_packed_content_is_not_opened(server: Server) -> None:
    server.pages["/data.json"] = lambda handler, _: handler.answer(b"\x1f\x8b", Content_Encoding="gzip")
    assert trouble_at(server, "/data.json")[0] is CatalogTrouble.PACKED


@pytest.mark.parametrize("promised", [True, False], ids=["the line breaks", "the text ends"])
def test_of_a_list_that_breaks_off_what_came_whole_is_counted(server: Server, promised: bool) -> None:
    whole = json.dumps(portals.dcat_1(server.url)).encode()
    half = whole[: whole.index(b'"Permits"')]
    server.pages["/data.json"] = portals.breaks_off(half) if promised else portals.gives(half)
    found = look(server, "/data.json")
    assert [problem.trouble for problem in found.problems] == [CatalogTrouble.CUT]
    assert [dataset.title for dataset in found.datasets] == [one.title for one in ENTRIES[:5]]
    assert found.snapshot == half


def test_a_page_that_breaks_off_ends_the_reading_with_what_came_before(server: Server) -> None:
    portals.be_ckan(server)
    whole = server.pages["/api/3/action/package_search"]
    for wrong in (
        portals.fails(500),
        portals.gives(b"<p>busy</p>"),
        portals.gives({"error": "busy"}),
        portals.breaks_off(b'{"result": {'),
    ):

        def page(handler: Any, query: dict[str, str], wrong: portals.Page = wrong) -> None:
            (wrong if query.get("start") == "6" else whole)(handler, query)

        server.pages["/api/3/action/package_search"] = page
        found = look(server)
        assert [problem.trouble for problem in found.problems] == [CatalogTrouble.PAGE_FAILED]
        assert len(found.datasets) == 6
        assert len(json.loads(found.snapshot)) == 2, "the pages that came, as one list"


def test_a_site_that_repeats_one_page_for_ever_is_left(server: Server) -> None:
    same = portals.ckan(server.url, rows=3)
    same["result"]["count"] = 1_000_000
    server.pages["/api/3/action/package_search"] = portals.gives(same)
    found = look(server)
    assert [problem.trouble for problem in found.problems] == [CatalogTrouble.REPEATS]
    assert len(found.datasets) == 3


def test_a_next_page_that_leads_elsewhere_goes_through_the_same_door(server: Server) -> None:
    page = portals.hub(server.url)
    page["links"][0]["href"] = "file:///etc/passwd"
    server.pages["/api/search/v1/collections/dataset/items"] = portals.gives(page)
    found = look(server)
    assert [problem.trouble for problem in found.problems] == [CatalogTrouble.PAGE_FAILED]
    assert len(found.datasets) == 3


def test_a_catalog_that_is_too_large_is_not_read(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_BYTES", 3_000_000)
    server.pages["/data.json"] = portals.endless(20_000_000)
    assert trouble_at(server, "/data.json")[0] is CatalogTrouble.TOO_LARGE


def test_pages_that_are_too_large_together_end_the_reading(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    portals.be_ckan(server, portals.many(100))
    monkeypatch.setattr(reading, "MOST_BYTES", 20_000)
    found = look(server)
    assert [problem.trouble for problem in found.problems] == [CatalogTrouble.TOO_LARGE]
    assert 0 < len(found.datasets) < 100


def test_no_more_datasets_are_read_than_the_limit(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_DATASETS", 5)
    portals.be_ckan(server)
    found = look(server)
    assert [problem.trouble for problem in found.problems] == [CatalogTrouble.TOO_MANY]
    assert len(found.datasets) == 5


def test_a_site_that_takes_too_long_is_left(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = [0]

    def slow(handler: Any, query: dict[str, str]) -> None:
        seconds[0] += 50
        handler.answer(json.dumps(portals.ckan(server.url, int(query.get("start", 0)), 1)).encode())

    server.pages["/api/3/action/package_search"] = slow
    monkeypatch.setattr(reading, "clock", lambda: seconds[0])
    found = look(server, "/api/3/action/package_search")
    assert [problem.trouble for problem in found.problems] == [CatalogTrouble.TOO_SLOW]
    assert len(found.datasets) == 3, "one a page, until two minutes are over"


def test_one_odd_entry_costs_only_itself(server: Server) -> None:
    catalog = portals.dcat_1(server.url)
    catalog["dataset"][2:2] = [7, None, ["x"]]
    server.pages["/data.json"] = portals.gives(catalog)
    found = look(server)
    assert len(found.datasets) == 8
    assert [str(problem) for problem in found.problems] == ["many-odd-entries 3/11"]
    catalog["dataset"] *= 5
    catalog["dataset"][6:] = [entry for entry in catalog["dataset"] if isinstance(entry, dict)]
    server.pages["/data.json"] = portals.gives(catalog)
    assert [str(problem) for problem in look(server).problems] == ["odd-entries 3"]


def test_a_file_is_read_like_a_site() -> None:
    for catalog in (portals.dcat_1("https://city.example"), portals.dcat_3("https://city.example")):
        assert counts(read_catalog_file(json.dumps(catalog).encode("utf-8-sig"), "data.json")) == DCAT
    found = read_catalog_file(json.dumps(portals.ckan("https://city.example", rows=9)).encode(), "export.json")
    assert (found.kind, len(found.datasets)) == (CatalogKind.CKAN, 7)
    with pytest.raises(UnreadableCatalog):
        read_catalog_file(b"a,b\n1,2\n", "data.json")


@pytest.mark.parametrize(
    "content", [b"[%b[]]", b'{"dataset": [%b{}]}', b'{"a": [%b1'], ids=["lists", "datasets", "half"]
)
def test_a_catalog_that_would_take_all_memory_is_given_up(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MEMORY_MB", 150)
    with pytest.raises(UnreadableCatalog) as caught:
        read_catalog_file(content % (b"[]," * 3_000_000), "data.json")
    assert caught.value.problem.trouble is CatalogTrouble.TOO_HEAVY


def test_of_a_dataset_no_more_is_taken_than_is_counted() -> None:
    entry = {"title": "x" * 10_000, "keyword": ["y" * 10_000] * 1000, "publisher": "z" * 10_000}
    (dataset,) = read_catalog_file(json.dumps({"dataset": [entry]}).encode(), "data.json").datasets
    assert (len(dataset.title), len(dataset.publisher)) == (500, 500)
    assert sum(map(len, dataset.words)) == 25_000


def test_texts_in_an_old_encoding_are_read_as_well_as_they_can_be() -> None:
    raw = '{"dataset": [{"title": "Árboles", "publisher": "Parques"}]}'.encode("latin-1")
    assert read_catalog_file(raw, "data.json").datasets[0].publisher == "Parques"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
NAMES = """
    title description publisher creator modified accrualPeriodicity license contactPoint describedBy distribution accessLevel keyword
    notes organization resources extras private tags resource classification metadata permalink columns viewType displayType id
    properties rowsUpdatedAt licenseId custom_fields privateMetadata fields type url metas default dcat dataset_id dataset has_records
    attachments data_visible visibility schema owner frequency contact_points last_update access_type deleted format mime
"""
FIELDS = st.sampled_from(NAMES.split())


@given(entry=st.dictionaries(FIELDS, JSON | st.dictionaries(FIELDS, JSON, max_size=4), max_size=8))
@settings(max_examples=300, deadline=None)
def test_nothing_that_a_field_may_hold_makes_a_reading_fail(entry: dict[str, Any]) -> None:
    for shape in portal_page.SHAPES:
        try:
            dataset = shape.dataset(entry, "https://city.example/api")
        except ValueError:  # only the name of a dataset, which is told
            continue
        if dataset:
            assert count_facts([dataset, replace(dataset)], DEPARTMENTS, TODAY)


def test_downloads_are_tried_without_reading_them(server: Server) -> None:
    portals.be_dcat_1(server)
    server.pages["/files/0.csv"] = portals.endless(5_000_000)
    found = look(server)
    links = [link for dataset in found.datasets for link in dataset.downloads]
    assert try_downloads(links, private_allowed=True) == (6, 1, 1)
    assert try_downloads([], private_allowed=True) == (0, 0, 0)
    assert try_downloads(["http://127.0.0.1:9/", "x y"], private_allowed=False) == (2, 0, 2)


def test_ten_thousand_datasets_are_read(server: Server) -> None:
    portals.be_ckan(server, portals.many(10_000))
    found = look(server)
    assert (len(found.datasets), found.problems) == (10_000, ())
    assert counts(found)[FactKey.DATES] == (8750, 10_000, 1250)
