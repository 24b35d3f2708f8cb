"""Kinds of letters: who gets each, what it is called, and whether it waits for the next morning. One table, and no ifs."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import NamedTuple

from app.rules.message import Message, counted, say


class LetterKind(StrEnum):
    """What one entry of a letter is about. The order is that of the parts of a letter: what needs an answer first."""

    RETURNED = "returned"
    RENEWAL_RETURNED = "renewal_returned"
    ASKED = "asked"
    MENTIONED = "mentioned"
    LATE = "late"
    DUE = "due"
    ASSIGNED = "assigned"
    EXPIRING = "expiring"
    LINK = "link"
    COMMENTED = "commented"
    DECIDED = "decided"
    SUBMITTED = "submitted"
    RENEWAL = "renewal"
    ANSWER = "answer"
    UNOWNED = "unowned"
    MONTHLY = "monthly"
    DIGEST = "digest"


class Readers(StrEnum):
    """Whom a kind is for: who answers for the criterion, who takes part in what is said of it, or the data office."""

    OWNERS = "owners"
    TALK = "talk"
    OFFICE = "office"
    HEADS = "heads"


class KindRule(NamedTuple):
    """`heading` stands over the entries of the kind in a letter, by their number. What is `prompt` may leave on the same day."""

    name: Message
    readers: Readers
    prompt: bool
    heading: Callable[[int], Message]


R = Readers
KINDS: Mapping[LetterKind, KindRule] = {
    LetterKind.RETURNED: KindRule(
        say("Changes requested by the reviewer"), R.OWNERS, True,
        lambda count: counted(
            "The reviewer requests changes to 1 criterion", "The reviewer requests changes to %(count)s criteria", count
        ),
    ),
    LetterKind.RENEWAL_RETURNED: KindRule(
        say("Newer evidence sent back"), R.OWNERS, True,
        lambda count: counted(
            "Newer evidence for 1 criterion was sent back", "Newer evidence for %(count)s criteria was sent back", count
        ),
    ),
    LetterKind.ASKED: KindRule(
        say("Requests to my department"), R.OWNERS, True,
        lambda count: counted("You are asked for evidence", "You are asked for evidence: %(count)s requests", count),
    ),
    LetterKind.MENTIONED: KindRule(
        say("Comments that ask or name me"), R.TALK, True,
        lambda count: counted("A comment is for you", "%(count)s comments are for you", count),
    ),
    LetterKind.LATE: KindRule(
        say("Criteria that are late"), R.OWNERS, False,
        lambda count: counted("1 criterion is late", "%(count)s criteria are late", count),
    ),
    LetterKind.DUE: KindRule(
        say("Due in 30 days, in 7 days and tomorrow"), R.OWNERS, False,
        lambda count: counted("1 criterion is due soon", "%(count)s criteria are due soon", count),
    ),
    LetterKind.ASSIGNED: KindRule(
        say("Criteria assigned to me or my department"), R.OWNERS, True,
        lambda count: counted("1 criterion was assigned to you", "%(count)s criteria were assigned to you", count),
    ),
    LetterKind.EXPIRING: KindRule(
        say("Evidence that expires soon"), R.OWNERS, False,
        lambda count: counted(
            "Evidence for 1 criterion expires soon", "Evidence for %(count)s criteria expires soon", count
        ),
    ),
    LetterKind.LINK: KindRule(
        say("Links that no longer open"), R.OFFICE, False,
        lambda count: counted("1 link no longer opens", "%(count)s links no longer open", count),
    ),
    LetterKind.COMMENTED: KindRule(
        say("Comments on my criteria"), R.TALK, False,
        lambda count: counted("There is 1 new comment", "There are %(count)s new comments", count),
    ),
    LetterKind.DECIDED: KindRule(
        say("Verdicts on my criteria"), R.OWNERS, False,
        lambda count: counted("There is a verdict on 1 criterion", "There are verdicts on %(count)s criteria", count),
    ),
    LetterKind.SUBMITTED: KindRule(
        say("Responses submitted for review"), R.OFFICE, False,
        lambda count: counted("1 response waits for review", "%(count)s responses wait for review", count),
    ),
    LetterKind.RENEWAL: KindRule(
        say("Newer evidence that waits for review"), R.OFFICE, False,
        lambda count: counted(
            "Newer evidence waits for review on 1 criterion", "Newer evidence waits for review on %(count)s criteria", count
        ),
    ),
    LetterKind.ANSWER: KindRule(
        say("Answers from partners"), R.OFFICE, False,
        lambda count: counted("A partner has answered", "Partners have sent %(count)s answers", count),
    ),
    LetterKind.UNOWNED: KindRule(
        say("Criteria that nobody answers for"), R.OFFICE, False,
        lambda count: counted(
            "Nobody answers for 1 criterion", "Nobody answers for %(count)s criteria", count
        ),
    ),
    LetterKind.MONTHLY: KindRule(
        say("Monthly reports that were not sent"), R.OFFICE, True,
        lambda count: counted(
            "A monthly report was not sent", "%(count)s monthly reports were not sent", count
        ),
    ),
    LetterKind.DIGEST: KindRule(
        say("The week in numbers"), R.HEADS, False,
        lambda _count: say("The week in numbers"),
    ),
}  # fmt: skip


def read_kinds(text: str) -> frozenset[LetterKind]:
    """The kinds that a text names, with spaces between; what is no kind any more is left out."""
    return frozenset(LetterKind(name) for name in text.split() if name in set(LetterKind))
