"""A department's own annex as data: what it answers for, what is missing of it, and what of it must be renewed."""

from dataclasses import dataclass

from app.rules.message import Message, say
from app.rules.report.acting import SummaryTask
from app.rules.report.blocks import TextBlock, read_text
from app.rules.report.matrix import SummaryTile, TileState
from app.rules.report.renewing import RenewalDay, RenewalDocument

NO_CRITERION = say("No criterion is assigned to this department yet.")


@dataclass(frozen=True)
class AnnexEvidence:
    """A piece of evidence as the reader may see it; `expires` is the last day on which it counts, in words or empty.

    `told` and `language` are as in `RenewalDocument`.
    """

    title: str
    period: str
    expires: str
    told: bool = False
    language: str = ""


@dataclass(frozen=True)
class AnnexCriterion:
    """A criterion of the department; `task` is there while it is not met."""

    tile: SummaryTile
    task: SummaryTask | None
    evidence: tuple[AnnexEvidence, ...]
    expires: str


@dataclass(frozen=True)
class AnnexRequest:
    """A request of the data office that waits for the department; `text` is empty where the reader may not see it."""

    code: str
    text: str
    due: str
    overdue: bool
    title: str = ""

    @property
    def blocks(self) -> tuple[TextBlock, ...]:
        return read_text(self.text)


@dataclass(frozen=True)
class DepartmentAnnex:
    """`said` counts the department's criteria; `expired` is out of date already, `renewals` expire within twelve months."""

    department: str
    said: str
    criteria: tuple[AnnexCriterion, ...]
    requests: tuple[AnnexRequest, ...]
    expired: tuple[RenewalDocument, ...]
    renewals: tuple[RenewalDay, ...]

    @property
    def missing(self) -> tuple[SummaryTask, ...]:
        return tuple(line.task for line in self.criteria if line.task)


def count_annex(tiles: tuple[SummaryTile, ...]) -> Message:
    """How many criteria the department answers for, and how many of them are met."""
    if not tiles:
        return NO_CRITERION
    met = sum(tile.state in {TileState.MET, TileState.AGED} for tile in tiles)
    return say("Criteria of this department: %(total)s; met by our own review: %(met)s.", total=len(tiles), met=met)
