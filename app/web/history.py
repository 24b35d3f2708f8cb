"""The record: a page of sentences, a check of the whole, and the table to take away."""

import csv
import io
from collections.abc import Iterable
from datetime import UTC
from functools import partial

from fastapi import APIRouter
from starlette.responses import Response

from app.adapters.translations import load_translator
from app.rules.history.sentences import times_in_words
from app.rules.listing.query import ListName
from app.rules.message import say
from app.rules.text.spreadsheet import safe_cell
from app.services.desk import Desk
from app.services.history import listing, page
from app.services.history.listing import app_address
from app.services.history.verifying import load_verification_page
from app.web.access import Ask, reads, works
from app.web.lists import show_list
from app.web.templating import show_page

router = APIRouter()

COLUMN_HEADINGS = (
    say("Number"),
    say("When (UTC)"),
    say("Who"),
    say("What happened"),
    say("Kind"),
    say("About"),
    say("Details"),
    say("Hash of what it led to"),
    say("Hash of the event before"),
    say("Hash"),
    say("Criterion"),
)


def whole_number(text: str) -> int:
    """A number from an address that anyone can write; 0 for what is none or larger than the database's integers."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


@router.get("/{city}/history")
async def show_history(ask: Ask = reads("history.read")) -> Response:
    before = whole_number(ask.request.query_params.get("before", ""))
    build = partial(listing.list_history, ask.desk, before=before)
    return show_list(ask, ListName.HISTORY, "history/index.html", build, times=times_in_words, app_address=app_address)


@router.get("/{city}/history/verify")
def verify_chain(ask: Ask = works("history.read")) -> Response:
    with ask.site.database.snapshot() as session:
        typed = ask.request.query_params.get("anchor", "")
        return show_page(ask, "history/verify.html", load_verification_page(Desk(session, ask.site, ask.who), typed))


@router.get("/{city}/history.csv")
def download_history(ask: Ask = works("history.read", fresh=True)) -> Response:
    name = f"cityready-{ask.who.city.slug}-history-{ask.who.today}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(_write_csv(ask), media_type="text/csv; charset=utf-8", headers=headers)


def _write_csv(ask: Ask) -> bytes:
    """With a mark at the start that tells spreadsheets that it is UTF-8."""
    words, file = load_translator(ask.language), io.StringIO()
    writer = csv.writer(file)
    writer.writerow(_safe_cells(words.say(heading) for heading in COLUMN_HEADINGS))
    for row in page.export_rows(ask.desk):
        at = row.at.astimezone(UTC).isoformat(timespec="microseconds")
        cells = (str(row.number), at, row.who, words.say(row.said), row.verb, row.subject, row.details)
        writer.writerow(_safe_cells((*cells, row.state, row.previous_hash, row.hash, row.title)))
    return file.getvalue().encode("utf-8-sig")


def _safe_cells(cells: Iterable[str]) -> list[str]:
    return [safe_cell(cell) for cell in cells]
