"""What is asked about a file that has just come, one question at a time, and what is proposed for an answer.

A proposal is never an answer: nothing of it is kept before a person has said yes.
"""

from collections.abc import Iterable
from enum import StrEnum

from app.rules.evidence.piece import TITLE_LIMIT
from app.rules.text.bounds import single_line

SHORTEST_TITLE = 8
"""Letters of a title that says something; programs write "Document1" and less into files."""
EMPTY_TITLES = frozenset(
    {"untitled", "document", "document1", "presentation", "powerpoint presentation", "microsoft word"}
)


class FileQuestion(StrEnum):
    """In the order in which they are asked; DONE is no question, but what is left to do."""

    TITLE = "title"
    PERIOD = "period"
    ITEMS = "items"
    DONE = "done"


def propose_title(now: str, in_file: str) -> str:
    """The title that the file gives itself, where that says something; else the one that the piece has now, which is the file's name."""
    title = single_line(in_file)[:TITLE_LIMIT]
    says_nothing = (
        len(title) < SHORTEST_TITLE
        or title.casefold() in EMPTY_TITLES
        or title.casefold().startswith("microsoft word -")
    )
    return now if says_nothing else title


def question_after(asked: FileQuestion | None, wanted: Iterable[FileQuestion]) -> FileQuestion:
    """The next question of those `wanted`, DONE where there is none; the first for None."""
    order = list(FileQuestion)
    begin = order.index(asked) + 1 if asked else 0
    wanted = {*wanted, FileQuestion.DONE}
    return next((question for question in order[begin:] if question in wanted), FileQuestion.DONE)
