"""What a person is shown before anything is saved: every line of every table with its fate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.adapters.tables.reading import UploadedTable
from app.rules.bulk.cells import CellRow, read_rows, tabbed_text
from app.rules.bulk.columns import SheetKind, find_sheet_kind
from app.rules.bulk.fates import Fate
from app.rules.bulk.plan import BulkPlan, plan_sheets
from app.rules.bulk.register import BulkChoices
from app.rules.bulk.sheets import ReadSheet, read_sheet
from app.rules.errors import Invalid
from app.rules.message import Message, say
from app.services.bulk.loading import build_register, load_rows
from app.services.desk import Desk


@dataclass(frozen=True)
class BulkText:
    """A table as text that can be corrected and read again; `field` is where a page shows what is wrong with it."""

    kind: SheetKind
    text: str


@dataclass(frozen=True)
class BulkPreview:
    """The plan, the texts behind it, and what was ticked. `mails` where a mail server sends invitations; `invited` are new people."""

    plan: BulkPlan
    texts: tuple[BulkText, ...]
    choices: BulkChoices
    notes: tuple[Message, ...]
    mails: bool
    invited: int

    @property
    def unusable(self) -> int:
        return self.plan.count(Fate.UNUSABLE)


def texts_of_upload(
    tables: Sequence[UploadedTable], kind: SheetKind
) -> tuple[tuple[BulkText, ...], tuple[Message, ...]]:
    """Which table each sheet is: by its name, and a single one as chosen. What is left out is said."""
    if len(tables) == 1:
        only = tables[0]
        return (BulkText(find_sheet_kind(only.name) or kind, numbered_text(only.rows)),), ()
    named = [(find_sheet_kind(table.name), table) for table in tables]
    texts = [BulkText(found, numbered_text(table.rows)) for found, table in named if found and table.rows]
    if not texts:
        raise Invalid(
            {
                "file": say(
                    "No sheet is called departments, people, partners or assignments, so we cannot tell what they are."
                )
            }
        )
    if len({text.kind for text in texts}) < len(texts):
        raise Invalid({"file": say("Two sheets of this workbook are for the same table. Keep one.")})
    unread = [table.name for found, table in named if found is None and table.rows]
    notes = (say("These sheets are not used: %(names)s.", names=", ".join(unread)[:200]),) if unread else ()
    return tuple(texts), notes


def numbered_text(rows: Sequence[CellRow]) -> str:
    """The rows as pasted cells, each on the line of its number, so that the same line is meant everywhere."""
    cells = {row.number: row.cells for row in rows}
    last = max(cells, default=0)
    if last > len(cells) * 20 + 100:  # far apart: the numbers are not worth the empty lines
        return tabbed_text(map(_trimmed, cells.values()))
    return tabbed_text(_trimmed(cells.get(number, ())) for number in range(1, last + 1))


def _trimmed(cells: Sequence[str]) -> Sequence[str]:
    """Without the empty cells at the end."""
    return cells[: max((place for place, cell in enumerate(cells, 1) if cell), default=0)]


def build_preview(
    desk: Desk, texts: Sequence[BulkText], choices: BulkChoices, notes: tuple[Message, ...] = ()
) -> BulkPreview:
    """What would become of these texts now. Raises Invalid at the field of the text that cannot be read as a table."""
    sheets = _read_sheets(texts)
    rows = load_rows(desk)
    if SheetKind.ASSIGNMENTS in sheets and rows.cycle is None:
        raise Invalid({SheetKind.ASSIGNMENTS: say("No assessment is open, so nothing can be assigned yet.")})
    plan = plan_sheets(sheets, build_register(desk, rows, choices))
    people = next((sheet for sheet in plan.sheets if sheet.kind is SheetKind.PEOPLE), None)
    return BulkPreview(
        plan,
        tuple(texts),
        choices,
        notes,
        bool(desk.site.settings.smtp_host),
        people.count(Fate.NEW) if people else 0,
    )


def _read_sheets(texts: Sequence[BulkText]) -> Mapping[SheetKind, ReadSheet]:
    read = {}
    for text in texts:
        rows = read_rows(text.text, text.kind)
        if rows:
            read[text.kind] = read_sheet(text.kind, rows, text.kind)
    if not read:
        raise Invalid({"text": say("Paste some lines first, or choose a file.")})
    return read
