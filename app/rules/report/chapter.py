"""One criterion in a report, with its checklist, its verdict and its evidence, as data."""

from dataclasses import dataclass

from app.rules.report.blocks import TextBlock, read_blocks, read_text
from app.rules.report.matrix import TileState


@dataclass(frozen=True)
class ChecklistLine:
    """An item of the checklist: `in_place` where the department says so, evidence shows it, and that is recent enough.

    `lack` says what one that is not in place lacks, where anything of it is there.
    """

    text: str
    ticked: bool
    in_place: bool
    lack: str = ""


@dataclass(frozen=True)
class ReportVerdict:
    """What the reviewer decided, as words: `label` such as `Met`."""

    label: str
    reason: str
    decided_on: str
    reviewer: str
    language: str = ""

    @property
    def blocks(self) -> tuple[TextBlock, ...]:
        return read_text(self.reason)


@dataclass(frozen=True)
class EvidenceLine:
    """One piece of evidence; `number` is its place in the index. `restricted` where the audience may not see it: then `title`
    says what kind of evidence it is, and all else is empty.

    `figure` is the value or the change of a figure, with the periods that it is about; `note` are the paragraphs of what was written
    down; `sha256` is the fingerprint of a file, so that it can be told from any other.
    """

    number: int
    kind: str
    title: str
    period: str
    source: str
    pointer: str
    figure: str
    visibility: str
    restricted: bool
    address: str
    method: str = ""
    caveat: str = ""
    note: tuple[str, ...] = ()
    note_cut: bool = False
    sha256: str = ""
    language: str = ""

    @property
    def note_blocks(self) -> tuple[TextBlock, ...]:
        return read_blocks(self.note)

    @property
    def link(self) -> str | None:
        """The address where it may be a link: web addresses only, so that a report never points into a machine's files."""
        return self.address if self.address.lower().startswith(("https://", "http://")) else None


@dataclass(frozen=True)
class ReportCriterion:
    """`status` is one of `met`, `not_met`, `changes_asked`, `submitted`, `open`, and only chooses a look; `status_label` is its word.

    `checklist_needed` of the checklist's lines must be in place. `narrative_cut` says that the text goes on in the app.
    `owner` is the office that answers for it, `person` the one in it; `due` and `expires` are days in words, with the same as ISO dates.
    `language` is that of the narrative; in it, as in those of a verdict and of evidence, empty is that of most texts of the report.
    `out_of_date` where it is met and its evidence no longer recent enough on the day of the report.
    """

    code: str
    title: str
    statement: str
    core: bool
    status: str
    status_label: str
    self_rating: str
    verdict: ReportVerdict | None
    checklist: tuple[ChecklistLine, ...]
    checklist_needed: int
    narrative: tuple[str, ...]
    narrative_cut: bool
    evidence: tuple[EvidenceLine, ...]
    claimed: bool = False
    owner: str = ""
    person: str = ""
    due: str = ""
    due_on: str = ""
    expires: str = ""
    expires_on: str = ""
    out_of_date: bool = False
    language: str = ""

    @property
    def blocks(self) -> tuple[TextBlock, ...]:
        """The narrative with its lists and tables."""
        return read_blocks(self.narrative)

    @property
    def is_met(self) -> bool:
        return self.status == TileState.MET

    @property
    def in_place(self) -> tuple[ChecklistLine, ...]:
        return tuple(line for line in self.checklist if line.in_place)

    @property
    def still_open(self) -> tuple[ChecklistLine, ...]:
        return tuple(line for line in self.checklist if not line.in_place)


@dataclass(frozen=True)
class ReportArea:
    id: str
    title: str
    about: str
    met: int
    claimed: int
    total: int
    criteria: tuple[ReportCriterion, ...]


@dataclass(frozen=True)
class IndexEntry:
    """A piece of evidence in the index, with the codes of all criteria that it supports."""

    evidence: EvidenceLine
    codes: tuple[str, ...]
