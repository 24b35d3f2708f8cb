"""How sure departments are of what they claim, and between which levels the result lies if they are right.

A department's own rating never counts as met: this is a figure of its own, and says so wherever it is shown.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.rules.criteria.edition import Edition
from app.rules.message import Message, counted, say
from app.rules.scoring.score import RANGE_PHRASES, Score, compute_score, fewest_for


class Confidence(StrEnum):
    """How sure a department is that a reviewer will agree with its own rating."""

    SURE = "sure"
    PROBABLY = "probably"
    UNSURE = "unsure"


_ORDER = {confidence: place for place, confidence in enumerate(Confidence)}

CONFIDENCE_NAMES: dict[Confidence, Message] = {
    Confidence.SURE: say("Sure"),
    Confidence.PROBABLY: say("Probably"),
    Confidence.UNSURE: say("Unsure"),
}


@dataclass(frozen=True)
class LevelRange:
    """`certain` counts what is verified and what departments are sure of, `hoped` every claim. To get from the one to the other
    `probable` and `unsure` claims have to hold, each at least 0.
    """

    certain: Score
    hoped: Score
    probable: int
    unsure: int


def estimate_levels(
    edition: Edition, met: Collection[str], claims: Mapping[str, Confidence | None], not_met: Collection[str] = ()
) -> LevelRange:
    """The range from the criteria verified as met, the claims of met by code (None: no confidence given, taken as unsure), and the
    criteria that a reviewer found not met, whose claims are past.
    """
    pending = {code: claims[code] or Confidence.UNSURE for code in claims if code not in {*met, *not_met}}
    sure = {code for code, confidence in pending.items() if confidence is Confidence.SURE}
    certain, hoped = compute_score(edition, {*met, *sure}), compute_score(edition, {*met, *pending})
    needed = _claims_needed(edition, certain, hoped, {code: pending[code] for code in pending if code not in sure})
    return LevelRange(certain, hoped, needed[Confidence.PROBABLY], needed[Confidence.UNSURE])


def _claims_needed(
    edition: Edition, certain: Score, hoped: Score, open_claims: Mapping[str, Confidence]
) -> dict[Confidence, int]:
    """How many claims of each confidence have to hold for the level hoped for: core ones first, then the surer ones."""
    core = [code for code in certain.core_open if code in open_claims]
    others = sorted((code for code in open_claims if code not in core), key=lambda code: _ORDER[open_claims[code]])
    goal = next((fewest_for(level, edition.total) for level in edition.levels if level.id == hoped.level_by_count), 0)
    short = max(goal - certain.met - len(core), 0)
    held = [open_claims[code] for code in [*core, *others[:short]]]
    return {confidence: held.count(confidence) for confidence in Confidence}


def range_in_words(level_range: LevelRange) -> Message:
    """`At least the Silver range; the Gold range if 2 less certain ratings are confirmed.`, in the view of the departments."""
    certain = say("No level for certain")
    if level_range.certain.certifiable:
        certain = say("At least %(range)s", range=RANGE_PHRASES[level_range.certain.level])
    if level_range.hoped.core_open or level_range.hoped.level == level_range.certain.level:
        return say("%(certain)s; the other ratings do not change the level.", certain=certain)
    return counted(
        "%(certain)s; %(hoped)s if %(count)s less certain rating is confirmed.",
        "%(certain)s; %(hoped)s if %(count)s less certain ratings are confirmed.",
        level_range.probable + level_range.unsure,
        certain=certain,
        hoped=RANGE_PHRASES[level_range.hoped.level_by_count],
    )
