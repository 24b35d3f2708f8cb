"""The department's answer to one criterion: its limits, and the checks before it is submitted."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.rules.checklist.stand import Checklist, ItemSupport, evaluate_checklist, explain_checklist
from app.rules.criteria.edition import Criterion, Window
from app.rules.days.freshness import is_outside_window
from app.rules.errors import Invalid
from app.rules.files.personal_data import PersonalDataFinding, describe_finding, locate_finding
from app.rules.message import Message, counted, listed, say

NARRATIVE_LIMIT = 20_000
"""Characters: about eight printed pages, more than any reviewer asks for; also what keeps one text from stalling the PDF."""


def check_narrative(text: str) -> str:
    """The text with uniform line ends and without NUL, empty where it is only space. Raises Invalid over NARRATIVE_LIMIT characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    text = text if text.strip() else ""
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
class SupportingPiece:
    """One piece of evidence as the checks see it; `items` are the checklist items that it is said to support.

    `personal` is what its file and texts seem to hold of personal data that nobody has looked at.
    """

    evidence_id: int
    title: str
    items: tuple[str, ...]
    period_to: date | None
    link_dead: bool = False
    personal: tuple[PersonalDataFinding, ...] = ()
    period_from: date | None = None


def check_before_submitting(
    criterion: Criterion, narrative: str, ticked: Collection[str], evidence: Sequence[SupportingPiece], today: date
) -> tuple[tuple[Message, ...], tuple[Message, ...]]:
    """What stops a submission, and what a reviewer will probably ask (warnings), as two lists of sentences."""
    return tuple(_find_stops(narrative, evidence)), tuple(_find_warnings(criterion, narrative, ticked, evidence, today))


def _find_stops(narrative: str, evidence: Sequence[SupportingPiece]) -> list[Message]:
    if evidence:
        return []
    if narrative.strip():
        return [say("Add at least one piece of evidence: a claim alone is not enough.")]
    return [say("There is nothing to review yet: add at least one piece of evidence, and say how your city meets it.")]


def _find_warnings(
    criterion: Criterion, narrative: str, ticked: Collection[str], evidence: Sequence[SupportingPiece], today: date
) -> list[Message]:
    stand = evaluate_checklist(criterion, ticked, supports_by_item(evidence), today)
    warnings = [] if narrative.strip() or not evidence else [say("Nothing is written under “How your city meets it”.")]
    warnings += [] if stand.holds else [explain_checklist(stand)]
    for number, line in enumerate(stand.items, start=1):
        if line.ticked and not line.backing:
            warnings.append(say("Nothing supports item %(number)s: %(text)s", number=number, text=line.item.text))
    return warnings + [message for piece in evidence for message in _about_piece(criterion, piece, today)]


def _about_piece(criterion: Criterion, piece: SupportingPiece, today: date) -> Iterator[Message]:
    windows = {item.window for item in criterion.checklist if item.id in piece.items and item.window is not Window.NONE}
    if any(is_outside_window(piece.period_to, window, today) for window in windows):
        yield say("“%(title)s” covers a period outside the window that is asked for.", title=piece.title)
    elif windows and piece.period_to is None:
        yield say("“%(title)s” names no period, so nobody can tell whether it is recent enough.", title=piece.title)
    if piece.link_dead:
        yield say("The link of “%(title)s” does not open.", title=piece.title)
    if piece.personal:
        yield say(
            "“%(title)s” may contain personal data, and nobody has said yet that it is fine: %(what)s.",
            title=piece.title,
            what=listed(tuple(map(locate_finding, piece.personal))),
        )


def warn_of_personal_data(findings: Iterable[PersonalDataFinding]) -> tuple[Message, ...]:
    """One sentence for each kind of personal data in the narrative, which reports print."""
    return tuple(
        say(
            "The text under “How your city meets it” may contain personal data: %(what)s. Reports print it.",
            what=describe_finding(finding),
        )
        for finding in findings
    )


def supports_by_item(evidence: Iterable[SupportingPiece]) -> dict[str, list[ItemSupport]]:
    """The pieces behind each checklist item, by the item's id."""
    supports: dict[str, list[ItemSupport]] = {}
    for piece in evidence:
        for item in piece.items:
            supports.setdefault(item, []).append(ItemSupport(piece.evidence_id, piece.period_to, piece.period_from))
    return supports


def next_thing_missing(written: bool, stand: Checklist, evidence_count: int) -> Message | None:
    """The one thing to do next for a response, or None when it is ready to submit."""
    if evidence_count == 0:
        return say("Add the first piece of evidence.")
    if not stand.holds:
        return explain_checklist(stand)
    if not written:
        return say("Write two or three sentences about how it works.")
    return None


def missing_for_report(written: bool, stand: Checklist, evidence_count: int, unconfirmed: str = "") -> Message | None:
    """The same as a report says it, to people who do nothing here themselves; None when it is ready to submit.

    `unconfirmed` is the assessment that the answer came along from, while nobody has said that it is still true.
    """
    if unconfirmed:
        return say("A confirmation that the answer from %(assessment)s is still true.", assessment=unconfirmed)
    if evidence_count == 0:
        return say("Evidence; none has been given yet.")
    if not stand.holds and stand.easiest:
        return _items_lacking(stand, stand.easiest.item.text.rstrip("."))
    return None if written else say("A description of how the city meets it.")


def _items_lacking(stand: Checklist, item: str) -> Message:
    if stand.in_place >= stand.needed:
        return say("Proof of a required item: “%(item)s”.", item=item)
    return counted(
        "%(count)s more item of the checklist. Start with: “%(item)s”.",
        "%(count)s more items of the checklist. Start with: “%(item)s”.",
        stand.needed - stand.done,
        item=item,
    )


@dataclass(frozen=True)
class ResponseValues:
    """A response as its pages show it; one of which nothing is stored yet is empty."""

    narrative: str
    narrative_language: str
    narrative_version: int
    narrative_at: datetime | None
    self_rating: str | None
    confidence: str | None
    claimed_by: int | None
    submitted_at: datetime | None
    version: int
