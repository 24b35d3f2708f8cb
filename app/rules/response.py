"""The department's answer to one criterion: its limits, what the checklist says of it, and the checks before it is submitted."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from app.rules.criteria import Criterion
from app.rules.errors import Invalid
from app.rules.evidence import is_outside_window
from app.rules.wording import Said, counted, say

NARRATIVE_LIMIT = 20_000
"""Characters: about eight printed pages, more than any reviewer asks for; also what keeps one text from stalling the PDF."""


def check_narrative(text: str) -> str:
    """The text with uniform line ends and without NUL. Raises Invalid over NARRATIVE_LIMIT characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    if len(text) > NARRATIVE_LIMIT:
        raise Invalid(
            {
                "narrative": say(
                    "The narrative may have at most %(limit)s characters; this one has %(length)s. Shorten it, or attach the long version as a file.",
                    limit=f"{NARRATIVE_LIMIT:,}",
                    length=f"{len(text):,}",
                )
            }
        )
    return text


@dataclass(frozen=True)
class Checklist:
    """How the checklist stands: `ticked` of `needed`, the required items still open, and the sentence for the department."""

    ticked: int
    needed: int
    total: int
    required_open: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return self.ticked >= self.needed and not self.required_open


def checklist(criterion: Criterion, ticked: Collection[str]) -> Checklist:
    """Count the ticked items; ids that the criterion does not have are ignored, since a city may have replaced its list."""
    held = [item for item in criterion.checklist if item.id in ticked]
    still_open = tuple(item.id for item in criterion.checklist if item.required and item.id not in ticked)
    return Checklist(len(held), criterion.needed, len(criterion.checklist), still_open)


def explain_checklist(stand: Checklist) -> Said:
    """`2 of 3 needed` and, where it holds, that it does."""
    if stand.holds:
        return say(
            "%(ticked)s of %(total)s items hold; %(needed)s are needed.",
            ticked=stand.ticked,
            total=stand.total,
            needed=stand.needed,
        )
    if stand.ticked >= stand.needed:
        return say(
            "%(ticked)s of %(total)s items hold, but a required one is still open.",
            ticked=stand.ticked,
            total=stand.total,
        )
    return counted(
        "%(count)s more item is needed (%(ticked)s of %(needed)s).",
        "%(count)s more items are needed (%(ticked)s of %(needed)s).",
        stand.needed - stand.ticked,
        ticked=stand.ticked,
        needed=stand.needed,
    )


@dataclass(frozen=True)
class Support:
    """One piece of evidence as the checks see it; `items` are the checklist items that it is said to support."""

    title: str
    items: tuple[str, ...]
    period_to: date | None
    link_dead: bool = False


def before_submitting(
    criterion: Criterion, narrative: str, ticked: Collection[str], evidence: Sequence[Support], today: date
) -> tuple[tuple[Said, ...], tuple[Said, ...]]:
    """What stops a submission, and what a reviewer will probably ask (warnings), as two lists of sentences."""
    return tuple(_stops(narrative, evidence)), tuple(_warnings(criterion, ticked, evidence, today))


def _stops(narrative: str, evidence: Sequence[Support]) -> list[Said]:
    if evidence:
        return []
    if narrative.strip():
        return [say("Add at least one piece of evidence: a claim alone cannot be verified.")]
    return [say("There is nothing to review yet: write the narrative and add at least one piece of evidence.")]


def _warnings(criterion: Criterion, ticked: Collection[str], evidence: Sequence[Support], today: date) -> list[Said]:
    stand = checklist(criterion, ticked)
    found = [] if stand.holds else [explain_checklist(stand)]
    supported = {item for piece in evidence for item in piece.items}
    for number, item in enumerate(criterion.checklist, start=1):
        if item.id in ticked and item.id not in supported:
            found.append(say("Nothing supports item %(number)s: %(text)s", number=number, text=item.text))
    windows = {item.id: item.window for item in criterion.checklist}
    for piece in evidence:
        if any(is_outside_window(piece.period_to, windows[item], today) for item in piece.items if item in windows):
            found.append(say("“%(title)s” covers a period outside the window that is asked for.", title=piece.title))
        if piece.link_dead:
            found.append(say("The link of “%(title)s” does not open.", title=piece.title))
    return found


def missing_one_thing(written: bool, stand: Checklist, evidence_count: int) -> Said | None:
    """The one thing to do next for a response, or None when it is ready to submit."""
    if evidence_count == 0:
        return say("Add the first piece of evidence.")
    if not stand.holds:
        return explain_checklist(stand)
    if not written:
        return say("Write two or three sentences about how it works.")
    return None
