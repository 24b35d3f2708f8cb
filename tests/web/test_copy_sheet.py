"""The copy sheet for the programme's form: its page, its workbook and the command line say the same."""

import json
from html import unescape
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from starlette.testclient import TestClient

from app.cli import main
from app.rules.copy_sheet import answer_rows, list_gaps, sheet_as_data
from app.services.city import find_city
from app.services.copy_sheet import build_copy_sheet
from app.services.site import Site
from app.store.city import city_values
from tests.conftest import ClientFor
from tests.world import World

SHEET = "/alpha/program/copy-sheet"


def book_of(client: TestClient, address: str) -> openpyxl.Workbook:
    answer = client.get(address)
    assert 'filename="alpha-copy-sheet.xlsx"' in answer.headers["content-disposition"]
    return openpyxl.load_workbook(BytesIO(answer.content))


def test_page_and_workbook_have_every_answer_in_the_order_of_the_criteria(client_for: ClientFor, seeded: World) -> None:
    site: Site = client_for("official").app.state.site  # type: ignore[attr-defined]
    with site.database.reading() as session:
        sheet = build_copy_sheet(session, site, city_values(find_city(session, "alpha")), "en")
    page = unescape(client_for("official").get(SHEET).text)
    assert [answer.code for answer in sheet.answers][:10] == [f"DM{n}" for n in range(1, 10)] + ["LC1"]
    assert "Implementing Data Strategy and Governance" in page, "the program's own name where it is public"
    lead = next(answer for answer in sheet.answers if answer.code == "LC1")
    assert lead.file_names
    assert lead.addresses
    for text in (lead.answer, *lead.file_names, *lead.addresses, *(piece.title for piece in lead.pieces)):
        assert text in page
    assert sum(area.met for area in sheet.areas) == sheet.met, "what each fold says adds up to what the page says"
    assert page.index('id="DM1"') < page.index('id="LC1"') < page.index('id="EVAL1"')
    book = book_of(client_for("official"), f"{SHEET}.xlsx")
    told = [[cell or "" for cell in row] for row in book["Answers"].iter_rows(values_only=True)]
    assert told == answer_rows(sheet, str)
    assert book["Evidence"].max_row == 1 + sum(len(answer.pieces) for answer in sheet.answers)
    assert [row["code"] for row in sheet_as_data(sheet)["criteria"]] == [answer.code for answer in sheet.answers]


def test_restricted_evidence_is_counted_and_named_to_nobody(client_for: ClientFor, seeded: World) -> None:
    for role in ("admin", "official"):
        page = client_for(role).get(SHEET).text
        sheet = page[page.index('id="DM2"') : page.index('id="DM3"')]
        assert "Restricted evidence" in sheet
        assert "Hand over a redacted copy" in sheet
        assert "Names of informants" not in page
        rows = book_of(client_for(role), f"{SHEET}.xlsx")["Evidence"].iter_rows(values_only=True)
        assert "Names of informants" not in str(list(rows))


def test_only_what_our_review_found_met_is_left_where_that_is_asked_for(client_for: ClientFor, seeded: World) -> None:
    page = client_for("reviewer").get(f"{SHEET}?only=met").text
    assert 'id="DM1"' in page
    assert 'id="LC4"' in page
    assert 'id="LC1"' not in page
    assert book_of(client_for("reviewer"), f"{SHEET}.xlsx?only=met")["Answers"].max_row == 3


def test_what_is_not_as_it_should_be_is_said_before_it_is_copied() -> None:
    assert not list_gaps(is_met=True, answer="Done.", pieces=1, out_of_date=False)
    said = [str(gap) for gap in list_gaps(is_met=False, answer="", pieces=0, out_of_date=True)]
    assert said == [
        "Our review has not found it met.",
        "No text is written.",
        "No evidence is attached.",
        "Its evidence is out of date: renew it first.",
    ]


@pytest.mark.only_sqlite
def test_the_command_line_gives_the_same_sheet(
    client_for: ClientFor,
    seeded: World,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    site: Site = client_for("official").app.state.site  # type: ignore[attr-defined]
    monkeypatch.setenv("CITYREADY_DATA_DIR", str(site.settings.data_dir))
    with pytest.raises(SystemExit) as ended:
        main(["copy-sheet", "--city", "alpha", "--met-only"])
    assert ended.value.code == 0
    assert [answer["code"] for answer in json.loads(capsys.readouterr().out)["criteria"]] == ["DM1", "LC4"]
    written = tmp_path / "sheet.xlsx"
    with pytest.raises(SystemExit) as ended:
        main(["copy-sheet", "--city", "alpha", "--met-only", "--output", str(written)])
    assert ended.value.code == 0
    assert openpyxl.load_workbook(written)["Answers"].max_row == 3
    with pytest.raises(SystemExit) as ended:
        main(["copy-sheet", "--city", "alpha", "--language", "xx"])
    assert ended.value.code == 2
    assert "Choose a language that the app has" in capsys.readouterr().err
