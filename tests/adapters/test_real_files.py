"""Files and catalogs as programs and cities write them, each the smallest that once was read wrongly or must stay right, with its right value."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from app.adapters import files
from app.adapters.catalogs.reading import read_catalog_file
from app.adapters.file_readers import reading
from app.rules.files.file_reading import FileFacts
from app.rules.files.kinds import FILE_KINDS
from app.rules.portal.counting import FactKey
from app.rules.portal.facts import count_facts
from app.rules.portal.trouble import UnreadableCatalog

FOLDER = Path(__file__).parents[1] / "real_files"
TODAY = date(2026, 11, 28)
NEWARK = ZoneInfo("America/New_York")
SSN = ("us_ssn", 1)
EVENING = date(2026, 2, 28)
CINDERBROOK = tuple((("Dataset", "Owner"), (f"Cinderbrook budget {number}", "Finance")) for number in range(3))


@dataclass(frozen=True)
class RightReading:
    """What the reading of a file has to find: its whole text, or words of it; numbers of people with their place; tables; the day."""

    text: str | None = None
    words: tuple[str, ...] = ()
    found: tuple[tuple[str, int, str], ...] = ()
    rows: tuple[tuple[tuple[str, ...], ...], ...] | None = None
    made_on: date | None = None
    trouble: str | None = None
    unread: tuple[str, ...] = ()


READINGS: dict[str, RightReading] = {
    "csv-a-cell-with-two-lines.csv": RightReading(
        rows=((("Dataset", "Note"), ("Permits", "first line\nsecond line"), ("Budget", "one")),)
    ),
    "csv-comma-in-quoted-header.csv": RightReading(
        rows=((("Dataset, long name, in words", "Owner"), ("Permits", "Public Works")),)
    ),
    "docx-header-and-footer.docx": RightReading(words=("Ravenscleugh", "Mossgarth"), found=((*SSN, "header"),)),
    "docx-hyphen-that-does-not-break.docx": RightReading(
        "Ordinance 2026-15, number 219-63-4812", found=((*SSN, "body"),)
    ),
    "docx-made-from-a-library-template-in-2026.docx": RightReading("Written this week, Kestrelby"),
    "docx-made-in-the-evening-time-in-utc.docx": RightReading("Evening Witherslack", made_on=EVENING),
    "docx-soft-hyphen-inside-a-word.docx": RightReading("Hawkthorne"),
    "email-html-with-a-soft-hyphen-and-comment.eml": RightReading(words=("t\nMallowfield\n",), made_on=date(2026, 10, 5)),
    "email-with-a-date-nobody-can-read.eml": RightReading(words=("Gorsehollow",)),
    "email-with-no-space-after-the-first-colon.eml": RightReading(words=("Juniperholt",), made_on=date(2026, 10, 5)),
    "ods-cell-comment.ods": RightReading("48\n\nplease check\n\nS", rows=((("48",),),)),
    "ods-merged-cells.ods": RightReading(rows=((("Quarter", "", "Permits"), ("Q1", "2026", "48")),)),
    "ods-with-a-password.ods": RightReading("", trouble="locked"),
    "odt-line-break.odt": RightReading("Elm Street\nOak Street\t48"),
    "pdf-date-written-as-m-d-y.pdf": RightReading("Dated Osierbank"),
    "pdf-form-typed-values-drawn.pdf": RightReading(words=("Quillmoss",), found=((*SSN, "field"),)),
    "pdf-made-in-the-evening-local-time.pdf": RightReading("Evening Levens", made_on=EVENING),
    "pdf-scanned-without-words.pdf": RightReading("", unread=("no_words",)),
    "pdf-text-box-added-with-a-pdf-editor.pdf": RightReading(words=("Zephyrwick",)),
    "pdf-with-a-byte-order-mark-before-it.pdf": RightReading("Thornwillow minutes"),
    "xlsx-a-formatted-cell-in-the-last-row-of-three-sheets.xlsx": RightReading(rows=CINDERBROOK, made_on=date(2026, 11, 27)),
    "xlsx-cell-comment.xlsx": RightReading(words=("Wexcombe",), found=((*SSN, "comment"),), made_on=date(2026, 11, 27)),
    "xlsx-cell-longer-than-300-characters.xlsx": RightReading(
        words=("Hazelrigg",), found=((*SSN, "sheet"),), made_on=date(2026, 11, 27)
    ),
    "xlsx-escaped-line-end.xlsx": RightReading("Line one\nLine two", made_on=date(2026, 11, 27)),
    "xlsx-formula-without-a-stored-value.xlsx": RightReading(
        rows=((("Alder", "3"), ("Beech", "4"), ("Total", "")),), unread=("formulas",), made_on=date(2026, 11, 27)
    ),
    "xlsx-percentage.xlsx": RightReading(
        rows=((("Share of datasets described",), ("52%",), ("1,234.50",)),), made_on=date(2026, 11, 27)
    ),
}  # fmt: skip

Shares = Mapping[FactKey, tuple[int, int | None, int]]
CATALOGS: dict[str, tuple[int, tuple[str, ...], Shares]] = {
    "catalog-ckan-what-extras-say.json": (
        2, (), {FactKey.RESTRICTED: (1, 2, 0), FactKey.RECENT: (1, 2, 0), FactKey.ON_TIME: (1, 2, 0)}
    ),
    "catalog-collection-parents-and-children.json": (3, (), {FactKey.MACHINE: (2, 3, 1)}),
    "catalog-download-links-when-the-server-has-no-way-out.json": (2, (), {FactKey.MACHINE: (2, 2, 0)}),
    "catalog-ending-cut-off.json": (1, ("cut",), {}),
    "catalog-formats-as-words.json": (15, (), {FactKey.MACHINE: (12, 15, 1)}),
    "catalog-hub-dcat-ap-format-as-ftype.json": (3, (), {FactKey.MACHINE: (3, 3, 0)}),
    "catalog-hub-items-of-api-v3.json": (1, ("part",), {}),
    "catalog-in-utf-16.json": (2, (), {FactKey.LICENSE: (2, 2, 0)}),
    "catalog-in-windows-1252.json": (2, (), {FactKey.LICENSE: (2, 2, 0)}),
    "catalog-license-behind-null-and-arrays.json": (4, (), {FactKey.LICENSE: (2, 4, 2)}),
    "catalog-license-said-to-be-unknown.json": (4, (), {FactKey.LICENSE: (1, 4, 0)}),
    "catalog-pod-1-0-bare-list.json": (1, (), {FactKey.MACHINE: (1, 1, 0)}),
    "catalog-same-identifier-twice.json": (3, (), {}),
    "catalog-socrata-page-of-a-longer-search.json": (3, ("part",), {FactKey.MACHINE: (3, 3, 0)}),
    "catalog-update-frequency-words.json": (9, (), {FactKey.ON_TIME: (7, 9, 2)}),
    "catalog-utf-8-with-bom.json": (2, (), {FactKey.LICENSE: (2, 2, 0)}),
    "catalog-with-nan.json": (2, (), {FactKey.RESTRICTED: (0, 2, 1)}),
}  # fmt: skip
NO_CATALOG = "catalog-as-geojson.json"


def test_every_file_has_its_right_value() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {*READINGS, *CATALOGS, NO_CATALOG}


@pytest.mark.parametrize("name", READINGS)
def test_a_file_is_read_as_it_is(name: str) -> None:
    right, path = READINGS[name], FOLDER / name
    with path.open("rb") as file:
        kind = files.inspect_file(name, file, FILE_KINDS)
    facts: FileFacts = reading.read_facts(path, kind.media_type, "US", NEWARK)
    assert [word for word in right.words if word not in facts.text] == []
    assert right.text in (None, facts.text)
    assert right.rows in (None, tuple(sheet.rows for sheet in facts.sheets))
    strong = (finding for finding in facts.findings if finding.strong)
    assert tuple((finding.kind, finding.count, finding.spots[0].place) for finding in strong) == right.found
    assert (facts.made_on, facts.trouble) == (right.made_on, right.trouble)
    assert tuple(part.kind for part in facts.unread) == right.unread


@pytest.mark.parametrize("name", CATALOGS)
def test_a_catalog_says_what_is_in_it(name: str) -> None:
    total, troubles, shares = CATALOGS[name]
    found = read_catalog_file((FOLDER / name).read_bytes(), name)
    counted = {fact.key: (fact.value, fact.total, fact.unknown) for fact in count_facts(found.datasets, [], TODAY)}
    assert (len(found.datasets), tuple(problem.trouble for problem in found.problems)) == (total, troubles)
    assert {key: counted[key] for key in shares} == shares


def test_a_map_of_places_is_no_catalog() -> None:
    with pytest.raises(UnreadableCatalog):
        read_catalog_file((FOLDER / NO_CATALOG).read_bytes(), NO_CATALOG)
