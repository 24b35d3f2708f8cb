"""The table that assigns all criteria at once."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from app.rules.assigning import RowOwner, read_row
from app.rules.errors import Invalid
from app.rules.message import Message, say
from app.services.assigning import assigning_table
from app.services.assigning.assigning_table import AssigningTable, RowChange, TableFilter, due_text, person_value
from app.web.access import Ask, reads, writes
from app.web.forms import TypedForm, read_day, typed_form
from app.web.page_cache import show_kept_page
from app.web.steps import form_again
from app.web.templating import redirect_to, show_page

router = APIRouter()
TEMPLATE = "people/table.html"


def _read_filter(ask: Ask) -> TableFilter:
    asked = ask.request.query_params
    number = asked.get("department", "")
    return TableFilter(
        asked.get("area", "")[:40], int(number) if number.isascii() and number.isdecimal() and len(number) < 10 else None,
        asked.get("only", "")[:10],
    )  # fmt: skip


@router.get("/{city}/people/assignments/table")
async def show_table(ask: Ask = reads("people.read")) -> Response:
    return show_kept_page(ask, TEMPLATE, lambda: _load_table(ask), filled="")


def _load_table(ask: Ask) -> AssigningTable:
    return assigning_table.load_table(ask.desk, _read_filter(ask))


@router.post("/{city}/people/assignments/table")
def save_table(ask: Ask = writes("assignment.write"), form: TypedForm = typed_form()) -> Response:
    do = form.text("do")
    with form_again(ask, form, TEMPLATE, lambda: _load_table(ask), filled=""):
        changes = _read_changes(form)
        if do in {"fill", "propose"}:
            table = _load_table(ask)
            filled = _fill_in(form, changes, table) if do == "fill" else _propose(changes, table)
            return show_page(ask, TEMPLATE, table, typed=_as_typed(form, filled), filled=do)
        saved = assigning_table.save_rows(ask.desk, changes, takes_outsiders=form.ticked("takes_outsiders"))
    query = ask.request.url.query
    path = f"/{ask.who.city.slug}/people/assignments/table" + (f"?{query}" if query else "")
    return redirect_to(ask, path, "rows-assigned" if saved else "rows-same")


def _read_changes(form: TypedForm) -> dict[str, RowChange]:
    """Every row of the form by its code. Raises Invalid with each date that cannot be read."""
    changes: dict[str, RowChange] = {}
    problems: dict[str, Message] = {}
    for name in form.form:
        code = name.removeprefix("row.")
        carried = read_row(form.text(name)) if code != name else None
        if carried is None:
            continue
        try:
            changes[code] = RowChange(*carried, _read_owner(form, f".{code}"))
        except Invalid as problem:
            problems |= problem.fields
    if problems:
        raise Invalid(problems)
    return changes


def _read_owner(form: TypedForm, ending: str) -> RowOwner:
    person = form.text(f"person{ending}").strip()
    number = person.removeprefix("i")
    if person and not (number.isascii() and number.isdecimal() and len(number) < 10):
        raise Invalid({f"person{ending}": say("Choose someone who works in this city.")})
    chosen = int(number) if person else None
    is_invited = person.startswith("i")
    return RowOwner(
        form.integer(f"department{ending}"),
        None if is_invited else chosen,
        chosen if is_invited else None,
        read_day(f"due_on{ending}", form.text(f"due_on{ending}")),
    )


def _fill_in(form: TypedForm, changes: dict[str, RowChange], table: AssigningTable) -> dict[str, RowChange]:
    """What was chosen above the table, in the ticked rows, those of an area, or all that are shown."""
    where = form.text("where")
    ticked = frozenset(form.all("tick"))
    codes = frozenset(row.code for row in table.rows if where in {row.area, assigning_table.EVERY})
    return assigning_table.fill_rows(
        changes, _read_owner(form, ""), codes=ticked if where == assigning_table.PICKED else codes
    )


def _propose(changes: dict[str, RowChange], table: AssigningTable) -> dict[str, RowChange]:
    """The proposed department in each row that has none."""
    proposed = {row.code: row.proposed for row in table.rows if row.proposed}
    for code, department in proposed.items():
        if code in changes and changes[code].chosen.department is None:
            changes = assigning_table.fill_rows(changes, RowOwner(department), codes=frozenset({code}))
    return changes


def _as_typed(form: TypedForm, changes: dict[str, RowChange]) -> dict[str, Any]:
    """The rows as if they had been typed so; nothing is saved."""
    typed: dict[str, Any] = {"tick": form.all("tick")}
    for code, change in changes.items():
        owner = change.chosen
        typed |= {f"department.{code}": str(owner.department or ""), f"person.{code}": person_value(owner)}
        typed[f"due_on.{code}"] = due_text(owner.due_on)
    return typed
