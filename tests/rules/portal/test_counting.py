import re
from datetime import date
from pathlib import Path

import pytest

from app.adapters.criteria.editions import load_edition
from app.rules.errors import Refused
from app.rules.portal.counting import (
    FACT_TITLES,
    SURENESS_NAMES,
    CatalogFact,
    Dataset,
    FactKey,
    FactState,
    Sureness,
    check_fact_decision,
    fact_sentence,
    fact_sureness,
    fact_unit,
    unknown_sentence,
)
from app.rules.portal.days import as_day
from app.rules.portal.facts import (
    broken_downloads_fact,
    count_facts,
    name_words,
    sample_downloads,
    unmatched_publishers,
)
from app.rules.portal.trouble import (
    TROUBLE_SENTENCES,
    CatalogKind,
    CatalogProblem,
    CatalogTrouble,
    is_partial,
    read_problems,
)
from app.rules.portal.values import (
    DatasetAccess,
    as_count,
    as_list,
    as_text,
    first_text,
    is_machine_readable,
    read_access,
    read_frequency,
    strip_prefixes,
)

CRITERIA = Path(__file__).resolve().parents[3] / "criteria"
TODAY = date(2026, 5, 20)


def test_every_fact_has_a_place_in_the_edition_that_exists() -> None:
    edition = load_edition(CRITERIA / "wwc-2022", "en")
    criteria, places = edition.criteria, edition.catalog_facts
    missing = [
        (code, item)
        for code, item in places.values()
        if code not in criteria or (item and item not in {one.id for one in criteria[code].checklist})
    ]
    assert missing == []
    assert set(places) == set(FactKey)


def fact(key: FactKey, datasets: list[Dataset], departments: list[str] | None = None) -> CatalogFact | None:
    return next((one for one in count_facts(datasets, departments or [], TODAY) if one.key is key), None)


def test_a_catalog_without_datasets_says_nothing() -> None:
    assert count_facts([], ["Finance"], TODAY) == []


def test_what_a_dataset_does_not_say_is_unknown_and_never_a_no() -> None:
    silent = [Dataset("A"), Dataset("B")]
    shares = [one for one in count_facts(silent, [], TODAY) if one.total]
    assert {(one.value, one.total, one.unknown) for one in shares} == {(0, 2, 2)}
    assert len(shares) == 9


def test_yes_no_and_unknown_add_up() -> None:
    datasets = [Dataset("A", license=True), Dataset("B", license=False), Dataset("C")]
    assert fact(FactKey.LICENSE, datasets) == CatalogFact(FactKey.LICENSE, 1, 3, 1)


@pytest.mark.parametrize(
    ("changed", "every", "expected"),
    [
        (date(2026, 5, 20), 1, (1, 0)),
        (date(2026, 5, 16), 1, (1, 0)),
        (date(2026, 5, 15), 1, (0, 0)),
        (date(2025, 5, 17), 366, (1, 0)),
        (date(2025, 5, 15), 366, (0, 0)),
        (None, 366, (0, 1)),
        (date(2026, 5, 20), None, (0, 1)),
        (date(2027, 1, 1), 366, (0, 1)),
    ],
)
def test_a_dataset_is_on_time_within_its_own_frequency_and_three_days(
    changed: date | None, every: int | None, expected: tuple[int, int]
) -> None:
    found = fact(FactKey.ON_TIME, [Dataset("A", changed=changed, every_days=every)])
    assert found
    assert (found.value, found.unknown) == expected


def test_a_day_that_is_still_to_come_says_nothing() -> None:
    ahead = [Dataset("A", changed=date(2026, 6, 1))]
    assert fact(FactKey.DATES, ahead) == CatalogFact(FactKey.DATES, 0, 1, 1)
    assert fact(FactKey.NEWEST, ahead) is None
    tomorrow = [Dataset("A", changed=date(2026, 5, 21))]  # another time zone
    assert fact(FactKey.NEWEST, tomorrow) == CatalogFact(FactKey.NEWEST, 0, None, 0, date(2026, 5, 21))


def test_departments_are_matched_without_case_accents_and_filling() -> None:
    datasets = [
        Dataset(str(number), publisher=name)
        for number, name in enumerate(["DEPARTMENT OF FINANCE", "Públic Works, City of", "Police", ""])
    ]
    assert fact(FactKey.DEPARTMENTS, datasets, ["Finance", "Public Works", "Parks"]) == CatalogFact(
        FactKey.DEPARTMENTS, 2, 3, 2
    )
    assert unmatched_publishers(datasets, ["Finance", "Public Works", "Parks"]) == ["Police"]
    assert name_words("Secretaría de Hacienda") == name_words("hacienda")
    assert name_words("The City") == {"the", "city"}, "a name of filling alone stays what it is"
    assert fact(FactKey.DEPARTMENTS, datasets, []) is None


def test_unmatched_publishers_come_with_the_largest_first_and_not_without_end() -> None:
    datasets = [Dataset("A", publisher=f"P{number}") for number in range(60)] + [Dataset("B", publisher="P7")]
    found = unmatched_publishers(datasets, ["Finance"])
    assert (found[0], len(found)) == ("P7", 40)


@pytest.mark.parametrize(
    "title", ["Contracts awarded", "Purchase orders", "Licitaciones públicas", "Bids and tenders", "Licitações"]
)
def test_datasets_about_purchasing_are_found_by_their_words(title: str) -> None:
    assert fact(FactKey.PROCUREMENT, [Dataset(title), Dataset("Trees")]) == CatalogFact(FactKey.PROCUREMENT, 1, 2)


@pytest.mark.parametrize("title", ["Trees", "Contractions", "Forbidden places"])
def test_that_nothing_was_found_by_words_is_no_fact(title: str) -> None:
    assert fact(FactKey.PROCUREMENT, [Dataset(title)]) is None


def test_the_sample_lies_evenly_in_the_catalog_and_leaves_out_what_is_closed() -> None:
    datasets = [Dataset(str(number), downloads=(f"https://x/{number}", "https://x/other")) for number in range(100)]
    assert sample_downloads(datasets, 4) == [f"https://x/{number}" for number in (0, 25, 50, 75)]
    assert sample_downloads(datasets[:3], 20) == ["https://x/0", "https://x/1", "https://x/2"]
    assert (
        sample_downloads([Dataset("A", downloads=("https://x",), access=DatasetAccess.CLOSED), Dataset("B")], 20) == []
    )
    assert broken_downloads_fact(0, 0, 0) is None
    assert broken_downloads_fact(20, 2, 1) == CatalogFact(FactKey.BROKEN, 2, 20, 1)


@pytest.mark.parametrize("key", FactKey)
def test_every_fact_can_be_said(key: FactKey) -> None:
    total = None if key in {FactKey.DATASETS, FactKey.NEWEST, FactKey.VIEWS} else 12
    for unknown in (0, 1, 5):
        one = CatalogFact(key, 3, total, unknown, TODAY if key is FactKey.NEWEST else None)
        said = [
            FACT_TITLES[key],
            fact_sentence(one),
            fact_unit(one),
            unknown_sentence(one) or FACT_TITLES[key],
            *fact_sureness(one, 12, partial=False)[1:],
        ]
        assert all(str(part) and "%(" not in str(part) for part in said)
        assert (unknown_sentence(one) is None) == (unknown == 0)
    assert str(fact_sentence(CatalogFact(FactKey.DATASETS, 1))) == "The catalog lists 1 dataset."
    assert (
        str(fact_sentence(CatalogFact(FactKey.LICENSE, 80, 100, 20)))
        == "80 of 100 datasets state a license or terms of use."
    )


def test_no_fact_is_worded_as_a_verdict() -> None:
    words = " ".join(str(fact_sentence(CatalogFact(key, 1, 2, 1))) + str(FACT_TITLES[key]) for key in FactKey)
    assert not re.search(r"\b(met|passes|fails|meets|criterion|good|bad|should)\b", words)


@pytest.mark.parametrize(
    ("one", "datasets", "partial", "expected"),
    [
        (CatalogFact(FactKey.LICENSE, 90, 100, 5), 100, False, Sureness.HIGH),
        (CatalogFact(FactKey.LICENSE, 80, 100, 15), 100, False, Sureness.MEDIUM),
        (CatalogFact(FactKey.LICENSE, 30, 100, 60), 100, False, Sureness.LOW),
        (CatalogFact(FactKey.LICENSE, 90, 100, 0), 100, True, Sureness.LOW),
        (CatalogFact(FactKey.PROCUREMENT, 2, 100), 100, False, Sureness.LOW),
        (CatalogFact(FactKey.DEPARTMENTS, 3, 3, 0), 100, False, Sureness.HIGH),
        (CatalogFact(FactKey.DEPARTMENTS, 2, 3, 4), 100, False, Sureness.MEDIUM),
        (CatalogFact(FactKey.BROKEN, 0, 20, 0), 100, False, Sureness.MEDIUM),
    ],
)
def test_confidence_falls_with_what_is_unknown(
    one: CatalogFact, datasets: int, partial: bool, expected: Sureness
) -> None:
    level, reason = fact_sureness(one, datasets, partial=partial)
    assert level is expected
    assert str(reason).endswith(".")
    assert level in SURENESS_NAMES


def test_every_trouble_is_told_in_whole_sentences() -> None:
    for trouble in CatalogTrouble:
        said = str(CatalogProblem(trouble, "503").said)
        assert said.endswith(".")
        assert "%(" not in said
    assert TROUBLE_SENTENCES.keys() == set(CatalogTrouble)


def test_problems_survive_being_kept() -> None:
    found = (CatalogProblem(CatalogTrouble.ANSWERS, "503"), CatalogProblem(CatalogTrouble.CUT))
    assert read_problems("\n".join(map(str, found))) == found
    assert read_problems("") == ()
    assert read_problems("from-the-future 9") == (CatalogProblem(CatalogTrouble.BROKE, "9"),)
    assert is_partial(found)
    assert not is_partial((CatalogProblem(CatalogTrouble.ODD_ENTRIES, "2"),))


MOVES = {
    ("proposed", "accepted"), ("proposed", "rejected"), ("proposed", "never"), ("rejected", "proposed"), ("never", "proposed"),
}  # fmt: skip


@pytest.mark.parametrize("state", FactState)
@pytest.mark.parametrize("to", FactState)
def test_a_proposal_is_decided_once_and_a_rejection_can_be_taken_back(state: FactState, to: FactState) -> None:
    if (state.value, to.value) in MOVES:
        check_fact_decision(state, to)
    else:
        with pytest.raises(Refused):
            check_fact_decision(state, to)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-05-20", date(2026, 5, 20)),
        ("2026-05-20T23:59:59.123Z", date(2026, 5, 20)),
        ("2026-05-20 10:00", date(2026, 5, 20)),
        ("2026/5/2", date(2026, 5, 2)),
        ("2026-05", date(2026, 5, 1)),
        ("2026", date(2026, 1, 1)),
        (2026, None),
        (1_779_235_200_000, date(2026, 5, 20)),
        (1_779_235_200, date(2026, 5, 20)),
        ("1779235200000", date(2026, 5, 20)),
        ({"@type": "xsd:date", "@value": "2026-05-20"}, date(2026, 5, 20)),
        (["2026-05-20"], date(2026, 5, 20)),
        ("R/P1D", None),
        ("2026-13-45", None),
        ("last week", None),
        ("", None),
        (None, None),
        (True, None),
        (0, None),
        (float("inf"), None),
        (10**40, None),
        ("1970-01-01", None),
    ],
)
def test_days_are_read_in_every_way_in_which_they_are_written(value: object, expected: date | None) -> None:
    assert as_day(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("R/P1D", 1), ("R/PT1S", 1), ("R/P1W", 7), ("R/P3.5D", 4), ("R/P0.5M", 16), ("R/P1M", 31), ("P1M", 31), ("R/P3M", 93),
        ("R/P6M", 186), ("R/P1Y", 366), ("R/P10Y", 3660), ("r/p1y", 366), ("Daily", 1), ("Updated daily", 1), ("every weekday", 1),
        ("http://publications.europa.eu/resource/authority/frequency/ANNUAL", 366), ("UPDATE_CONT", 1), ("MONTHLY_2", 16),
        ("http://purl.org/cld/freq/semiannual", 184), ("Twice a year", 184), ("Anual", 366), ("Hebdomadaire", 7), ("fortnightly", 14),
        ({"@id": "http://purl.org/cld/freq/weekly"}, 7), (["Quarterly"], 92), ("irregular", None), ("As needed", None), ("never", None),
        ("UNKNOWN", None), ("", None), (None, None), (7, None), ("R/P", None), ("R/P999999Y", None), ("R/P1.2.3M", None),
    ],
)  # fmt: skip
def test_frequencies_are_read_in_every_vocabulary(value: object, expected: int | None) -> None:
    assert read_frequency(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("public", DatasetAccess.PUBLIC), ("restricted public", DatasetAccess.RESTRICTED), ("Restricted Public", DatasetAccess.RESTRICTED),
        ("non-public", DatasetAccess.CLOSED), ("http://publications.europa.eu/resource/authority/access-right/NON_PUBLIC", DatasetAccess.CLOSED),
        ({"@id": "https://x/PUBLIC"}, DatasetAccess.PUBLIC), ("", None), (None, None), ("ask us", None),
    ],
)  # fmt: skip
def test_who_may_see_something_is_read_from_words_and_addresses(value: object, expected: DatasetAccess | None) -> None:
    assert read_access(value) is expected


@pytest.mark.parametrize(
    ("formats", "expected"),
    [
        (["CSV"], True), ([".csv"], True), (["text/csv; charset=utf-8"], True), (["https://x/a/b.geojson?y=1.pdf"], True),
        (["application/vnd.ms-excel", "XLS"], True),
        (["PDF"], False), (["application/pdf", "text/html"], False), (["PDF", "CSV"], True), (["who knows"], None), ([], None),
    ],
)  # fmt: skip
def test_whether_software_can_read_a_format(formats: list[str], expected: bool | None) -> None:
    assert is_machine_readable(formats) is expected


def test_values_of_any_type_are_read_without_an_error() -> None:
    assert as_text(["", {"name": " A  b "}]) == "A b"
    assert as_text({"x": 1}) == as_text(True) == as_text(None) == ""
    assert as_text(7) == "7"
    assert as_list("x") == ["x"]
    assert as_list({}) == as_list(None) == as_list("") == []
    assert first_text("no object", "title") == ""
    assert first_text({"a": None, "b": "B"}, "a", "b") == "B"
    assert as_count(7.0) == 7
    assert as_count("7") is None
    assert as_count(-1) is None


def test_prefixes_are_taken_off_and_a_plain_key_wins() -> None:
    assert strip_prefixes({"dct:title": "A", "title": "B", "dcat:distribution": [{"dcat:downloadURL": "x"}], "ns:x": 1}) == {
        "title": "B", "distribution": [{"downloadURL": "x"}], "ns:x": 1,
    }  # fmt: skip


def test_the_kinds_have_names() -> None:
    from app.rules.portal.counting import FACT_STATE_NAMES
    from app.rules.portal.trouble import CATALOG_KIND_NAMES

    assert CATALOG_KIND_NAMES.keys() == set(CatalogKind)
    assert FACT_STATE_NAMES.keys() == set(FactState)
