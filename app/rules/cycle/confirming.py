"""From one assessment to the next: what is said of an answer that came along, how many are confirmed, and how two cycles compare."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.rules.criteria.edition_change import CriterionSuccession, SuccessionKind
from app.rules.errors import Invalid
from app.rules.message import Message, counted, say
from app.rules.scoring.score import VerdictKind


class Confirmation(StrEnum):
    """What the department says of an answer that came along from the assessment before."""

    ASKED = "asked"
    YES = "yes"
    CHANGED = "changed"
    NO_LONGER = "no_longer"


CONFIRMATION_NAMES = {
    Confirmation.YES: say("Yes, still true"),
    Confirmation.CHANGED: say("It has changed"),
    Confirmation.NO_LONGER: say("No longer true"),
}
CONFIRMATION_MEANINGS = {
    Confirmation.ASKED: say("Nothing of it counts before someone has answered."),
    Confirmation.YES: say("Confirmed: it is still true. Submit it when it is complete."),
    Confirmation.CHANGED: say("It has changed since. Bring it up to date, then submit it."),
    Confirmation.NO_LONGER: say(
        "It is no longer true. The ticks were removed, and the text is kept as an earlier one."
    ),
}


def check_confirmation(answer: str) -> Confirmation:
    """The answer to "still true?". Raises Invalid for anything but the three."""
    confirmation = next((choice for choice in CONFIRMATION_NAMES if choice == answer), None)
    if confirmation is None:
        raise Invalid({"answer": say("Choose one of the three answers.")})
    return confirmation


def confirmation_needed(confirmation: Confirmation | None, previous: str) -> Message | None:
    """What has to be done before anything else with an answer from the assessment called `previous`; None when it is done."""
    if confirmation is not Confirmation.ASKED:
        return None
    return say("Say first whether this answer from %(assessment)s is still true.", assessment=previous)


@dataclass(frozen=True)
class ConfirmationTally:
    """How many answers came along, and how many of them were answered in which way; each 0..total."""

    total: int
    yes: int
    changed: int
    no_longer: int

    @property
    def asked(self) -> int:
        return self.total - self.yes - self.changed - self.no_longer


def tally_confirmations(confirmations: Iterable[str | None]) -> ConfirmationTally:
    """Count those that came along; None stands for an answer that did not."""
    counts = Counter(confirmations)
    total = counts.total() - counts[None]
    return ConfirmationTally(
        total, counts[Confirmation.YES], counts[Confirmation.CHANGED], counts[Confirmation.NO_LONGER]
    )


def confirmed_in_words(tally: ConfirmationTally, previous: str) -> Message | None:
    """One line for a page; None when nothing came along."""
    if not tally.total:
        return None
    return counted(
        "%(confirmed)s of %(count)s answer carried over from %(assessment)s is confirmed.",
        "%(confirmed)s of %(count)s answers carried over from %(assessment)s are confirmed.",
        tally.total,
        confirmed=tally.yes,
        assessment=previous,
    )


def carried_in_words(tally: ConfirmationTally, previous: str) -> Message | None:
    """One sentence for a report; None when nothing came along."""
    if not tally.total:
        return None
    return counted(
        "%(count)s answer was carried over from %(assessment)s; confirmed: %(yes)s, changed: %(changed)s, "
        "no longer true: %(no_longer)s, not answered yet: %(asked)s.",
        "%(count)s answers were carried over from %(assessment)s; confirmed: %(yes)s, changed: %(changed)s, "
        "no longer true: %(no_longer)s, not answered yet: %(asked)s.",
        tally.total,
        assessment=previous,
        yes=tally.yes,
        changed=tally.changed,
        no_longer=tally.no_longer,
        asked=tally.asked,
    )


_YEAR = re.compile(r"\b(?:19|20)[0-9]{2}\b")


def next_assessment_name(name: str) -> str:
    """A name for what follows the assessment called `name`: with a year in it the next year's, otherwise none."""
    years = list(_YEAR.finditer(name))
    if not years:
        return ""
    begin, end = years[-1].span()
    return f"{name[:begin]}{int(name[begin:end]) + 1}{name[end:]}"


UNTOUCHED_BY = (
    "report_requested", "report_made", "report_mailed", "monthly_set", "monthly_changed", "monthly_paused",
    "monthly_resumed", "monthly_ended", "monthly_asked", "monthly_mailed", "monthly_failed", "report_keeping_set",
    "report_disposal_proposed", "report_disposal_refused", "report_disposed", "reports_class_set", "link_check_asked",
    "link_checked", "file_read", "pictures_read", "restricted_opened", "restricted_seen",
    "personal_data_seen", "person_added", "person_changed", "person_ended", "person_restored", "link_made", "link_shown", "pass_phrase_set",
    "department_added", "person_invited", "invitation_shown", "invitation_renewed", "invitation_withdrawn", "invitation_accepted",
    "invitation_declined", "standing_ended", "department_renamed", "emblem_set", "wording_set", "city_changed", "award_entered",
    "award_changed", "award_removed", "award_restored", "foreword_set", "foreword_removed",
)  # fmt: skip
"""Verbs of the record that leave an assessment as it was begun; after any other its beginning cannot be taken back."""


def why_beginning_stays(name: str, done: Message) -> Message:
    """Why the beginning of the assessment called `name` stays, with the first thing that was done in it."""
    return say("Work on %(assessment)s has begun, so it stays: %(done)s", assessment=name, done=done)


class CriterionChange(StrEnum):
    """How a criterion stands in one cycle against another, in the order in which people ask."""

    LOST = "lost"
    GAINED = "gained"
    RECONFIRMED = "reconfirmed"
    WAITING = "waiting"
    OPEN = "open"
    NEW = "new"
    RETIRED = "retired"


CHANGE_NAMES = {
    CriterionChange.LOST: say("Lost"),
    CriterionChange.GAINED: say("Gained"),
    CriterionChange.RECONFIRMED: say("Re-confirmed"),
    CriterionChange.WAITING: say("Not re-checked yet"),
    CriterionChange.OPEN: say("Still open"),
    CriterionChange.NEW: say("New"),
    CriterionChange.RETIRED: say("Retired"),
}
CHANGE_MEANINGS = {
    CriterionChange.LOST: say("Met before, and now decided as not met."),
    CriterionChange.GAINED: say("Met now, and not before."),
    CriterionChange.RECONFIRMED: say("Met in both, decided again."),
    CriterionChange.WAITING: say("Met before, without a verdict now."),
    CriterionChange.OPEN: say("Met in neither."),
    CriterionChange.NEW: say("Not part of the earlier edition."),
    CriterionChange.RETIRED: say("Not part of the later edition."),
}
_ONE_SIDED = {SuccessionKind.NEW: CriterionChange.NEW, SuccessionKind.RETIRED: CriterionChange.RETIRED}


def compare_criterion(
    succession: CriterionSuccession, was: Mapping[str, VerdictKind], now: Mapping[str, VerdictKind]
) -> CriterionChange:
    """Compare the verdicts that count, by code of the edition then and of the edition now.

    Several criteria that became one were met when all of them were; each part of one that was split was met when it was.
    """
    if succession.new is None or not succession.old:
        return _ONE_SIDED[succession.kind]
    was_met = all(was.get(code) is VerdictKind.MET for code in succession.old)
    decision = now.get(succession.new)
    if decision is VerdictKind.MET:
        return CriterionChange.RECONFIRMED if was_met else CriterionChange.GAINED
    if not was_met:
        return CriterionChange.OPEN
    return CriterionChange.LOST if decision is VerdictKind.NOT_MET else CriterionChange.WAITING
