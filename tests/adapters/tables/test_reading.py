"""Tables as they are uploaded: Excel's own workbooks and texts are read whole, and what is none is refused in one sentence."""

from datetime import date
from io import BytesIO

import openpyxl
import pytest

from app.adapters.tables.reading import LARGEST_BYTES, read_text, read_upload
from app.rules.criteria.wordings import read_wordings
from app.rules.errors import Invalid


def workbook(**sheets: list[list[object]]) -> BytesIO:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    content = BytesIO()
    book.save(content)
    return BytesIO(content.getvalue())


def test_a_workbook_is_read_with_its_names_numbers_and_dates() -> None:
    file = workbook(People=[["Name", "E-mail"], [], ["Ana", "ana@city.gov"]], Tasks=[["DM1", date(2026, 12, 1), 7]])
    people, tasks = read_upload("set-up.xlsx", file)
    assert (people.name, [row.number for row in people.rows]) == ("People", [1, 3])
    assert tasks.rows[0].cells[:3] == ("DM1", "2026-12-01", "7")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8", "utf-8-sig", "cp1252", "mac-roman"])
def test_a_text_is_read_in_the_encodings_that_excel_writes(encoding: str) -> None:
    [table] = read_upload("personas.csv", BytesIO("Nombre;Correo\nMaría Peña;m@city.gov\n".encode(encoding)))
    assert table.rows[1].cells == ("María Peña", "m@city.gov")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("table.xlsx", b"PK\x03\x04 and nothing more"),
        ("table.xlsx", b"Name,E-mail"),
        ("table.pdf", b"%PDF-1.7"),
        ("table.csv", b""),
        ("table.csv", b"a" * (LARGEST_BYTES + 1)),
    ],
)
def test_what_is_no_table_is_refused_at_its_field(name: str, content: bytes) -> None:
    with pytest.raises(Invalid) as problem:
        read_upload(name, BytesIO(content))
    assert list(problem.value.fields) == ["file"]


def test_no_line_is_left_out_because_of_the_empty_ones_before_it() -> None:
    book = openpyxl.Workbook()
    book.active.cell(1, 1, "Department")
    book.active.cell(20_000, 1, "Far away")
    content = BytesIO()
    book.save(content)
    [table] = read_upload("far.xlsx", BytesIO(content.getvalue()))
    assert [(row.number, row.cells[0]) for row in table.rows] == [(1, "Department"), (20_000, "Far away")]


def test_the_words_of_all_criteria_are_read_from_a_workbook_whole() -> None:
    long = "A strategy is written.\nIt has dates. " * 100
    file = workbook(
        Criteria=[["Code", "Title", "Text"], ["dm 1", "A data strategy", long], ["LC1", None, "Leaders show it."]]
    )
    pasted = read_text("criteria.xlsx", file)
    read = read_wordings(pasted, {"DM1": "A data strategy", "LC1": "Leaders who use data"})
    assert [(wording.code, wording.text) for wording in read.wordings] == [
        ("DM1", long.strip()),
        ("LC1", "Leaders show it."),
    ]
    with pytest.raises(Invalid, match="longer than"):
        read_wordings(read_text("long.xlsx", workbook(One=[["DM1", "word " * 2_000]])), {"DM1": "A data strategy"})
