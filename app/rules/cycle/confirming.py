"""From one assessment to the next: what is said of an answer that came along, how many are confirmed, and how two cycles compare."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.rules.editions import Move, MoveKind
from app.rules.errors import Invalid
from app.rules.message import Said, counted, say
from app.rules.scoring.score import Decision


class Confirmation(StrEnum):
    """What the department says of an answer that came along from the assessment before."""

    ASKED = "asked"
    YES = "yes"
    CHANGED = "changed"
    NO_LONGER = "no_longer"


ANSWERS = {
    Confirmation.YES: say("Yes, still true"),
    Confirmation.CHANGED: say("It has changed"),
    Confirmation.NO_LONGER: say("No longer true"),
}
MEANINGS = {
    Confirmation.ASKED: say("Nothing of it counts before somebody has answered."),
    Confirmation.YES: say("Confirmed: it is still true. Submit it when it is complete."),
    Confirmation.CHANGED: say("It has changed since. Bring it up to date, then submit it."),
    Confirmation.NO_LONGER: say(
        "It is no longer true. The ticks were taken back, and the text is kept as an earlier one."
    ),
}


def check_answer(answer: str) -> Confirmation:
    """The answer to "still true?". Raises Invalid for anything but the three."""
    found = next((one for one in ANSWERS if one == answer), None)
    if found is None:
        raise Invalid({"answer": say("Choose one of the three answers.")})
    return found


def unanswered(confirmation: Confirmation | None, previous: str) -> Said | None:
    """What has to be done before anything else with an answer from the assessment called `previous`; None when it is done."""
    if confirmation is not Confirmation.ASKED:
        return None
    return say("Say first whether this answer from %(assessment)s is still true.", assessment=previous)


@dataclass(frozen=True)
class Tally:
    """How many answers came along, and how many of them were answered in which way; each 0..total."""

    total: int
    yes: int
    changed: int
    no_longer: int

    @property
    def asked(self) -> int:
        return self.total - self.yes - self.changed - self.no_longer


def tally(confirmations: Iterable[str | None]) -> Tally:
    """Count those that came along; None stands for an answer that did not."""
    counts = Counter(confirmations)
    total = counts.total() - counts[None]
    return Tally(total, counts[Confirmation.YES], counts[Confirmation.CHANGED], counts[Confirmation.NO_LONGER])


def how_many_confirmed(carried: Tally, previous: str) -> Said | None:
    """One line for a page; None when nothing came along."""
    if not carried.total:
        return None
    return counted(
        "%(confirmed)s of %(count)s answer carried over from %(assessment)s is confirmed.",
        "%(confirmed)s of %(count)s answers carried over from %(assessment)s are confirmed.",
        carried.total,
        confirmed=carried.yes,
        assessment=previous,
    )


def what_became_of_them(carried: Tally, previous: str) -> Said | None:
    """One sentence for a report; None when nothing came along."""
    if not carried.total:
        return None
    return counted(
        "%(count)s answer was carried over from %(assessment)s; confirmed: %(yes)s, changed: %(changed)s, "
        "no longer true: %(no_longer)s, not answered yet: %(asked)s.",
        "%(count)s answers were carried over from %(assessment)s; confirmed: %(yes)s, changed: %(changed)s, "
        "no longer true: %(no_longer)s, not answered yet: %(asked)s.",
        carried.total,
        assessment=previous,
        yes=carried.yes,
        changed=carried.changed,
        no_longer=carried.no_longer,
        asked=carried.asked,
    )


_YEAR = re.compile(r"\b(?:19|20)[0-9]{2}\b")


def next_name(name: str) -> str:
    """A name for what follows the assessment called `name`: with a year in it the next year's, otherwise none."""
    years = list(_YEAR.finditer(name))
    if not years:
        return ""
    begin, end = years[-1].span()
    return f"{name[:begin]}{int(name[begin:end]) + 1}{name[end:]}"


UNTOUCHED_BY = (
    "report_requested", "report_made", "link_check_asked", "link_checked", "file_read", "restricted_opened", "restricted_seen",
    "personal_data_seen", "person_added", "person_changed", "person_ended", "person_restored", "link_made", "link_shown", "pass_phrase_set",
    "department_added", "person_invited", "invitation_shown", "invitation_renewed", "invitation_withdrawn", "invitation_accepted",
    "invitation_declined", "standing_ended", "department_renamed", "emblem_set", "wording_set",
)  # fmt: skip
"""Verbs of the record that leave an assessment as it was begun; after any other its beginning cannot be taken back."""


def why_not_undone(name: str, done: Said) -> Said:
    """Why the beginning of the assessment called `name` stays, with the first thing that was done in it."""
    return say("Work on %(assessment)s has begun, so it stays: %(done)s", assessment=name, done=done)


class Change(StrEnum):
    """How a criterion stands in one cycle against another, in the order in which people ask."""

    LOST = "lost"
    GAINED = "gained"
    RECONFIRMED = "reconfirmed"
    WAITING = "waiting"
    OPEN = "open"
    NEW = "new"
    RETIRED = "retired"


CHANGE_NAMES = {
    Change.LOST: say("Lost"),
    Change.GAINED: say("Gained"),
    Change.RECONFIRMED: say("Re-confirmed"),
    Change.WAITING: say("Not re-checked yet"),
    Change.OPEN: say("Still open"),
    Change.NEW: say("New"),
    Change.RETIRED: say("Retired"),
}
CHANGE_MEANINGS = {
    Change.LOST: say("Met before, and now decided as not met."),
    Change.GAINED: say("Met now, and not before."),
    Change.RECONFIRMED: say("Met in both, decided anew."),
    Change.WAITING: say("Met before, without a verdict now."),
    Change.OPEN: say("Met in neither."),
    Change.NEW: say("Not part of the earlier edition."),
    Change.RETIRED: say("Not part of the later edition."),
}
_ONE_SIDED = {MoveKind.NEW: Change.NEW, MoveKind.RETIRED: Change.RETIRED}


def change_of(move: Move, was: Mapping[str, Decision], now: Mapping[str, Decision]) -> Change:
    """Compare the verdicts that count, by code of the edition then and of the edition now.

    Several criteria that became one were met when all of them were; each part of one that was split was met when it was.
    """
    if move.new is None or not move.old:
        return _ONE_SIDED[move.kind]
    was_met = all(was.get(code) is Decision.MET for code in move.old)
    decision = now.get(move.new)
    if decision is Decision.MET:
        return Change.RECONFIRMED if was_met else Change.GAINED
    if not was_met:
        return Change.OPEN
    return Change.LOST if decision is Decision.NOT_MET else Change.WAITING
