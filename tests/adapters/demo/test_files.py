"""The demo's files are real ones, and the same text gives the same bytes whenever and wherever they are made."""

import hashlib
import io
import os
import subprocess
import sys
import zipfile

import openpyxl
import pypdf
import pytest

from app.adapters.demo.files import NO_DAY, NO_TIME, make_demo_file
from app.adapters.files import inspect_file
from app.rules.files.kinds import BY_EXTENSION
from app.settings import ROOT

ROWS = 'Item,Items total\nSmall, 12\n"With, comma", 7'
TEXTS = {"a.pdf": f"Title\n\nA line (with signs) \\ é\n{'word ' * 60}", "a.xlsx": ROWS, "a.png": ROWS, "a.csv": ROWS}
HASH = """
import hashlib, sys
from app.adapters.demo.files import make_demo_file
print(hashlib.sha256(make_demo_file(*sys.argv[1:])).hexdigest())
"""


@pytest.mark.parametrize("name", TEXTS)
def test_another_process_makes_the_same_bytes(name: str) -> None:
    content = make_demo_file(name, TEXTS[name])
    environment = os.environ | {"PYTHONHASHSEED": "7", "TZ": "Pacific/Auckland"}
    asked = [sys.executable, "-c", HASH, name, TEXTS[name]]
    told = subprocess.run(asked, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
    assert told.stdout.strip() == hashlib.sha256(content).hexdigest()
    assert inspect_file(name, io.BytesIO(content)) == BY_EXTENSION[name.rpartition(".")[2]]


def test_no_file_says_when_it_was_made() -> None:
    written = pypdf.PdfReader(io.BytesIO(make_demo_file("a.pdf", TEXTS["a.pdf"]))).metadata
    assert written
    assert (written.creation_date, written.modification_date) == (NO_DAY, None)
    content = io.BytesIO(make_demo_file("a.xlsx", ROWS))
    assert {member.date_time for member in zipfile.ZipFile(content).infolist()} == {NO_TIME}
    properties = openpyxl.load_workbook(content).properties
    assert {properties.created, properties.modified} == {NO_DAY.replace(tzinfo=None)}


def test_a_pdf_has_its_lines_and_as_many_pages_as_they_need() -> None:
    pages = pypdf.PdfReader(io.BytesIO(make_demo_file("a.pdf", TEXTS["a.pdf"]))).pages
    text = pages[0].extract_text()
    assert len(pages) == 1
    assert text.startswith("Title")
    assert "A line (with signs) \\ é" in text
    assert text.count("word") == 60
    assert len(pypdf.PdfReader(io.BytesIO(make_demo_file("a.pdf", "A plan\n" * 100))).pages) == 3


def test_a_character_that_the_font_lacks_becomes_a_question_mark() -> None:
    pages = pypdf.PdfReader(io.BytesIO(make_demo_file("a.pdf", "План\n→ a"))).pages
    assert pages[0].extract_text().split() == ["????", "?", "a"]


def test_a_workbook_has_the_rows_as_texts() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(make_demo_file("a.xlsx", ROWS))).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows == [["Item", "Items total"], ["Small", "12"], ["With, comma", "7"]]
