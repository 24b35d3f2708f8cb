"""One vocabulary in the spellings in which cities publish it: what is listed is counted, what is only a placeholder is not."""

import codecs
import json
from datetime import date
from typing import Any

import pytest

from app.adapters.catalogs.page import PageContent, PageContext, parse_page
from app.adapters.catalogs.reading import count_downloads, read_catalog_file
from app.adapters.outside import HttpReply
from app.rules.evidence.links import LinkState
from app.rules.message import say
from app.rules.portal.counting import Dataset, FactKey, fact_sentence
from app.rules.portal.days import as_day
from app.rules.portal.facts import broken_downloads_fact, count_facts
from app.rules.portal.trouble import CatalogProblem, CatalogTrouble, is_partial
from app.rules.portal.values import DatasetAccess, is_machine_readable, meant_text, read_frequency

TODAY = date(2026, 11, 28)
DCAT = "http://www.w3.org/ns/dcat#"
HYDRA = "http://www.w3.org/ns/hydra/core#"
TERMS = "http://purl.org/dc/terms/"


def parse(body: Any) -> PageContent:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return parse_page(raw, PageContext("data.json", True, None, 0, 100))


def first(body: Any) -> Dataset:
    return parse(body).datasets[0]


def dataset(**fields: Any) -> dict[str, Any]:
    return {"@type": "dcat:Dataset", "title": "Permits", **fields}


def share(key: FactKey, body: Any) -> tuple[int, int | None, int]:
    fact = next(fact for fact in count_facts(parse(body).datasets, [], TODAY) if fact.key is key)
    return fact.value, fact.total, fact.unknown


# what is listed


SOCRATA = {"results": [{"resource": {"name": f"Data {n}", "type": "dataset"}} for n in range(3)], "resultSetSize": 250}
CKAN = {"result": {"count": 40, "results": [{"title": "A", "resources": []}]}}
HUB = {"features": [{"properties": {"title": "A", "type": "CSV"}}], "numberMatched": 9}
PAGED = {
    "@graph": [
        {"@id": "d", "@type": "dcat:Dataset", "dct:title": "A"},
        {"@id": "p", "@type": "hydra:PagedCollection", "hydra:totalItems": {"@type": "xsd:integer", "@value": "300"}},
    ]
}
EXPANDED_PAGE = [
    {"@id": "d", "@type": [f"{DCAT}Dataset"], f"{TERMS}title": [{"@value": "A"}]},
    {"@id": "p", f"{HYDRA}totalItems": [{"@value": 300}], f"{HYDRA}next": [{"@id": "https://city.example/c?page=2"}]},
]
OLDER_HUB = {
    "data": [{"attributes": {"name": "Wards", "type": "Feature Layer"}}],
    "meta": {"stats": {"totalCount": 64}},
}
EXPLORED = {"dataset_id": "permits", "has_records": True, "metas": {"default": {"title": "Permits"}}}
OPENDATASOFT = {"total_count": 250, "results": [EXPLORED]}
OPENDATASOFT_2_0 = {"total_count": 250, "links": [], "datasets": [{"links": [], "dataset": EXPLORED}]}
OPENDATASOFT_1_0 = {
    "nhits": 250,
    "parameters": {},
    "datasets": [{"datasetid": "permits", "metas": {"title": "Permits"}}],
}
GEONODE = {
    "links": {"next": "https://city.example/api/v2/datasets?page=2", "previous": None}, "total": 250, "page": 1, "page_size": 1,
    "datasets": [{"pk": "7", "title": "Permits", "license": {"identifier": "cc-by"}}],
}  # fmt: skip
UDATA = {
    "data": [{"slug": "permits", "title": "Permits", "resources": []}], "page": 1, "page_size": 1, "total": 250,
    "next_page": "https://city.example/api/1/datasets/?page=2",
}  # fmt: skip


@pytest.mark.parametrize(
    ("body", "part"),
    [
        (SOCRATA, "3/250"), (CKAN, "1/40"), (HUB, "1/9"), (OLDER_HUB, "1/64"), (PAGED, "1/300"), (EXPANDED_PAGE, "1/300"),
        (OPENDATASOFT, "1/250"), (OPENDATASOFT_2_0, "1/250"), (OPENDATASOFT_1_0, "1/250"), (UDATA, "1/250"), (GEONODE, "1/250"),
    ],
)  # fmt: skip
def test_a_part_of_a_catalog_does_not_pass_as_the_whole(body: Any, part: str) -> None:
    reading = read_catalog_file(json.dumps(body).encode(), "data.json")
    assert reading.problems == (CatalogProblem(CatalogTrouble.PART, part),)
    assert is_partial(reading.problems)


@pytest.mark.parametrize(
    ("body", "onward"),
    [
        (OPENDATASOFT, "https://city.example/c?limit=1&offset=1"),
        (OPENDATASOFT_2_0, "https://city.example/c?limit=1&offset=1"),
        (OPENDATASOFT_1_0, "https://city.example/c?limit=1&start=1"),
        (UDATA, "https://city.example/api/1/datasets/?page=2"),
        (GEONODE, "https://city.example/api/v2/datasets?page=2"),
        ({**GEONODE, "links": ["https://city.example/"], "total": "many"}, None),
        ([EXPLORED], None),
        ({**OPENDATASOFT, "total_count": 1}, None),
        ({**UDATA, "next_page": None}, None),
    ],
)
def test_the_next_page_of_a_search_follows_this_one(body: Any, onward: str | None) -> None:
    page = parse_page(json.dumps(body).encode(), PageContext("https://city.example/c?limit=1", True, None, 0, 100))
    assert ([dataset.title for dataset in page.datasets], page.onward) == (["Permits"], onward)


@pytest.mark.parametrize("body", [EXPANDED_PAGE, {"dataset": [dataset()], "hydra:view": {"hydra:next": "/c?page=2"}}])
def test_the_next_page_of_a_paged_catalog_is_where_it_says(body: Any) -> None:
    raw = json.dumps(body).encode()
    onward = parse_page(raw, PageContext("https://city.example/catalog.jsonld", True, None, 0, 100)).onward
    assert onward == "https://city.example/c?page=2"


def test_a_catalog_that_only_names_its_datasets_does_not_pass_as_one_that_has_them() -> None:
    body = {"dataset": [dataset(), {"@id": "https://city.example/1"}, "https://city.example/2"]}
    reading = read_catalog_file(json.dumps(body).encode(), "data.json")
    assert [found.title for found in reading.datasets] == ["Permits"]
    assert reading.problems == (CatalogProblem(CatalogTrouble.MANY_ODD_ENTRIES, "2/3"),)
    assert is_partial(reading.problems)


def test_a_whole_answer_is_a_whole_catalog() -> None:
    assert read_catalog_file(json.dumps({**SOCRATA, "resultSetSize": 3}).encode(), "data.json").problems == ()


@pytest.mark.parametrize(
    "body",
    [
        [{"title": "Permits", "accessLevel": "public", "accessURL": "https://city.example/p.csv", "format": "text/csv"}],
        {"dataset": [], "catalog": [{"dataset": [dataset()]}]},
        {"dcat:catalog": {"dcat:catalog": [{"dcat:dataset": dataset()}]}},
        {"datasetSeries": [{"title": "Each year", "seriesMember": [dataset()]}]},
        {f"{DCAT}dataset": [{"@type": [f"{DCAT}Dataset"], f"{TERMS}title": [{"@value": "Permits"}]}]},
        [{"@id": "c", "@type": [f"{DCAT}Catalog"]}, {"@id": "d", "@type": [f"{DCAT}Dataset"], f"{TERMS}title": [{"@value": "Permits"}]}],
        {"@graph": [{"@id": "c", "dcat:dataset": {"@id": "d"}}, {"@id": "d", "@type": "dcat:Dataset", "dct:title": "Permits"}]},
        {"dataset": [{"@id": "d"}], "@graph": [{"@id": "d", "@type": "dcat:Dataset", "title": "Permits"}]},
        {"@graph": [{"id": "d", "type": "Dataset", "title": {"en": "Permits", "es": "Permisos"}}]},
        {"@type": "DataCatalog", "dataset": [{"@type": "Dataset", "name": "Permits"}]},
        {"success": True, "result": [{"title": "Permits", "resources": [{"format": "CSV"}]}]},
        [EXPLORED],
    ],
)  # fmt: skip
def test_a_dataset_is_found_wherever_the_vocabulary_lets_it_stand(body: Any) -> None:
    assert [dataset.title for dataset in parse(body).datasets] == ["Permits"]


@pytest.mark.parametrize(
    "body",
    [
        {"links": [], "dataset": EXPLORED},
        {"dataset": {"rows": 12}},
        {"data": [{"name": "Public Works", "slug": "works"}], "page": 1, "page_size": 20, "total": 1},
        {"total_count": 2, "results": [{"year": 2026, "permits": 12}]},
    ],
)
def test_one_dataset_or_a_list_of_something_else_is_no_catalog(body: Any) -> None:
    assert parse(body) == PageContent()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be"])
def test_a_catalog_may_be_in_any_encoding_that_can_be_told(encoding: str) -> None:
    assert first(json.dumps({"dataset": [dataset(title="Año")]}, ensure_ascii=False).encode(encoding)).title == "Año"


def test_a_catalog_in_utf_16_from_the_other_end_too() -> None:
    raw = codecs.BOM_UTF16_BE + json.dumps({"dataset": [dataset()]}).encode("utf-16-be")
    assert first(raw).title == "Permits"


# what is said


def test_a_field_that_names_another_node_says_what_that_node_says() -> None:
    nodes = [
        {"@id": "d", "@type": "dcat:Dataset", "dcat:distribution": [{"@id": "f"}], "dcat:contactPoint": "p", "dct:publisher": {"@id": "o"}},
        {"@id": "f", "@type": "dcat:Distribution", "dct:format": "CSV", "dcat:downloadURL": {"@id": "https://city.example/a"}},
        {"@id": "p", "vcard:fn": "Ana"},
        {"@id": "o", "foaf:name": "Public Works"},
    ]  # fmt: skip
    told = first({"@graph": nodes})
    assert (told.publisher, told.contact, told.machine, told.downloads) == (
        "Public Works",
        True,
        True,
        ("https://city.example/a",),
    )


def test_a_catalog_for_search_engines_says_what_its_words_say() -> None:
    file = {"@type": "DataDownload", "encodingFormat": "text/csv", "contentUrl": "https://city.example/p.csv"}
    told = first(
        {"dataset": [{"@type": "Dataset", "name": "Permits", "dateModified": "2026-11-01", "distribution": [file]}]}
    )
    assert (told.changed, told.machine, told.downloads) == (date(2026, 11, 1), True, ("https://city.example/p.csv",))


@pytest.mark.parametrize(
    ("distribution", "downloads"),
    [
        (
            {"dct:format": {"@id": "ftype:CSV"}, "dcat:accessUrl": "https://city.example/d/1.csv"},
            ("https://city.example/d/1.csv",),
        ),
        ({"dcat:downloadUrl": "https://city.example/d/1"}, ("https://city.example/d/1",)),
        ({"accessURL": "https://city.example/about/1"}, ()),
    ],
)
def test_an_address_of_access_is_a_download_where_it_ends_as_data_does(
    distribution: Any, downloads: tuple[str, ...]
) -> None:
    assert (
        first({"dcat:dataset": [{"@type": "dcat:Dataset", "dcat:distribution": [distribution]}]}).downloads == downloads
    )


@pytest.mark.parametrize(
    "said",
    [
        "https://project-open-data.cio.gov/unknown-license/", "http://opendefinition.org/licenses/notspecified", "License not specified",
        "No license provided", "none", "N/A", "Unknown", "Licencia no especificada", "Sin licencia", "Licença não informada",
    ],
)  # fmt: skip
def test_a_license_that_nobody_knows_is_none(said: str) -> None:
    assert first({"dataset": [dataset(license=said)]}).license is False


@pytest.mark.parametrize(
    "said",
    [
        "https://creativecommons.org/licenses/by/4.0/",
        "https://city.example/terms",
        "Public Domain",
        "notre-licence-ouverte",
        "CC0",
    ],
)
def test_a_license_is_any_other(said: str) -> None:
    assert first({"dataset": [dataset(license=said)]}).license is True


@pytest.mark.parametrize("text", ["<Nobody>", "mailto:", "N/A", "not specified", "Sin especificar", "-", "  "])
def test_what_only_fills_a_field_names_nobody(text: str) -> None:
    assert meant_text(text) == ""
    told = first({"dataset": [dataset(publisher={"name": text}, contactPoint={"fn": text, "hasEmail": "mailto:"})]})
    assert (told.publisher, told.contact) == ("", None)


def test_one_way_to_write_is_enough_beside_a_placeholder() -> None:
    assert first({"dataset": [dataset(contactPoint={"fn": "<Nobody>", "hasEmail": "mailto:ana@city.example"})]}).contact


@pytest.mark.parametrize(
    "format",
    ["Excel", "CSV file", "Comma Separated Values File", "Microsoft Excel (xlsx)", "GeoDatabase", "ftype:KML", "ESRI Shapefile", ".csv",
     "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/vnd.oasis.opendocument.spreadsheet", "Spreadsheet",
     "text/csv; charset=utf-8", "http://publications.europa.eu/resource/authority/file-type/CSV"],
)  # fmt: skip
def test_a_format_is_told_by_its_words(format: str) -> None:
    assert is_machine_readable([format])


@pytest.mark.parametrize(
    ("format", "told"),
    [
        ("Web Page", False),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", False),
        ("API documentation (PDF)", False),
        ("Web Service", None),
        ("", None),
    ],
)
def test_a_format_for_people_is_none_for_software(format: str, told: bool | None) -> None:
    assert is_machine_readable([format]) is told


def package(*extras: tuple[str, str], **fields: Any) -> dict[str, Any]:
    pairs = [{"key": key, "value": value} for key, value in extras]
    return {
        "title": "A",
        "private": False,
        "metadata_modified": "2026-11-20",
        "extras": pairs,
        "resources": [],
        **fields,
    }


def test_what_a_site_of_ckan_added_counts() -> None:
    added = (("modified", "2019-03-15"), ("accessLevel", "restricted public"), ("data_update_frequency", "Monthly"))
    body = {"result": {"count": 2, "results": [package(*added), package(update_frequency="monthly")]}}
    assert share(FactKey.RESTRICTED, body) == (1, 2, 0)
    assert share(FactKey.RECENT, body) == (1, 2, 0)
    assert share(FactKey.ON_TIME, body)[2] == 0


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("10/31/2026", date(2026, 10, 31)), ("31/10/2026", date(2026, 10, 31)), ("31.10.2026", date(2026, 10, 31)),
        ("10/10/2026", date(2026, 10, 10)), ("10/11/2026", None), ("October 31, 2026", date(2026, 10, 31)),
        ("31 de octubre de 2026", date(2026, 10, 31)), ("1º de março de 2026", None), ("31 Oct 2026", date(2026, 10, 31)),
        ("Oct. 1st, 2026", date(2026, 10, 1)), ("2 juillet 2026", date(2026, 7, 2)), ("99/99/2026", None), ("Week 12, 2026", None),
        ("2026-10-31Z", date(2026, 10, 31)), ("2026-10-31-05:00", date(2026, 10, 31)), ("20261031", date(2026, 10, 31)),
        ("2026-01-01/2026-10-31", date(2026, 10, 31)), ("2026/10/31", date(2026, 10, 31)), ("2025/2026", None), ("202610", None),
    ],
)  # fmt: skip
def test_a_day_is_read_where_it_can_be_one_only(written: str, day: date | None) -> None:
    assert as_day(written) == day


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("Updated monthly", 31), ("Monthly (by the 5th)", 31), ("on a weekly basis", 7), ("Se actualiza mensualmente", 31),
        ("Actualización trimestral", 92), ("Monthly updates", 31), ("No longer updated monthly", None), ("As needed", None),
    ],
)  # fmt: skip
def test_how_often_is_read_with_what_stands_beside_it(written: str, days: int | None) -> None:
    assert read_frequency(written) == days


# what was tried


def reply(state: LinkState, status: int | None) -> HttpReply:
    return HttpReply(state, say("x"), "https://city.example", status)


def test_downloads_that_could_not_be_tried_from_here_are_not_said_to_be_dead() -> None:
    nowhere = [reply(LinkState.GONE, None), reply(LinkState.UNKNOWN, None)]
    fact = broken_downloads_fact(*count_downloads(nowhere))
    assert fact
    assert str(fact_sentence(fact)) == "The downloads could not be tried from here."


def test_a_host_that_is_gone_counts_where_another_answers() -> None:
    assert count_downloads(
        [reply(LinkState.GONE, None), reply(LinkState.OPENS, 200), reply(LinkState.UNKNOWN, 500)]
    ) == (3, 1, 1)


def test_a_site_of_opendatasoft_says_what_its_fields_say() -> None:
    entry = {
        "dataset_id": "permits@works", "has_records": True, "data_visible": True, "visibility": "restricted",
        "fields": [{"name": "a", "description": "First."}, {"name": "b", "description": ""}, {"name": "c", "description": "Third."}],
        "metas": {
            "default": {
                "title": "Permits", "description": "<p>All</p>", "publisher": "N/A", "license": "CC BY 4.0",
                "modified": "2026-10-01", "keyword": ["a"], "theme": ["b"],
            },
            "dcat": {"creator": "Public Works", "contact_name": "Nobody", "contact_email": "desk@city.example", "accrualperiodicity": "MONTHLY"},
        },
    }  # fmt: skip
    page = parse_page(
        json.dumps({"total_count": 1, "results": [entry]}).encode(),
        PageContext("https://data.city.example/x", True, None, 0, 100),
    )
    assert page.datasets == (
        Dataset(
            "Permits", True, "Public Works", date(2026, 10, 1), 31, True, True, True, True, DatasetAccess.RESTRICTED,
            ("https://data.city.example/api/explore/v2.1/catalog/datasets/permits@works/exports/csv",), ("a", "b"),
        ),
    )  # fmt: skip


def test_an_older_answer_of_opendatasoft_has_its_fields_side_by_side() -> None:
    entry = {
        "datasetid": "plan", "has_records": False, "fields": [], "attachments": [{"title": "plan.pdf", "mimetype": "application/pdf", "url": "odsfile://plan.pdf"}],
        "metas": {"title": "Plan", "license": "unknown", "modified": None, "data_processed": "2026-02-01T00:00:00"},
    }  # fmt: skip
    assert first({"nhits": 1, "datasets": [entry]}) == Dataset(
        "Plan", changed=date(2026, 2, 1), license=False, machine=False
    )


def test_a_site_of_udata_says_what_its_fields_say() -> None:
    entry = {
        "slug": "permits", "title": "Permits", "description_short": "All", "license": "notspecified", "frequency": "threeTimesAYear",
        "owner": {"first_name": "Ana", "last_name": "Ruiz"}, "organization": None, "access_type": "open_with_account",
        "last_update": None, "last_modified": "2026-11-01T00:00:00", "contact_point": {"contact_form": "https://city.example/ask"},
        "resources": [
            {"type": "documentation", "title": "How to", "format": "pdf", "url": "https://city.example/how.pdf", "last_modified": "2026-10-30"},
            {
                "type": "main", "title": "Rows", "mime": "text/csv", "url": "https://city.example/rows", "last_modified": "2026-10-01",
                "schema": {"name": "etalab/x"},
            },
        ],
    }  # fmt: skip
    gone = {"slug": "old", "title": "Old", "deleted": "2026-01-01T00:00:00", "resources": []}
    page = parse({"data": [entry, gone], "page": 1, "page_size": 2, "total": 2})
    assert (page.listed, page.odd) == (2, 0)
    assert page.datasets == (
        Dataset(
            "Permits", True, "Ana Ruiz", date(2026, 10, 1), 123, False, True, True, True, DatasetAccess.RESTRICTED, ("https://city.example/rows",),
        ),
    )  # fmt: skip
