"""What a city types into the programme's form again: each answer with its documents, in the order of the codes, to copy from."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.rules.criteria.edition import EvidenceKind
from app.rules.message import Message, say
from app.rules.review.moves import ResponseState
from app.rules.scoring.score import VerdictKind

Rows = list[list[str]]
SayIn = Callable[[Message], str]


@dataclass(frozen=True)
class SheetPiece:
    """A piece of evidence, `number` within its criterion; `said` is what a figure or a note says.

    A restricted one has its kind alone: `title` then says so, and all else is empty. `caution` is empty for a public one.
    """

    evidence_id: int
    number: int
    kind: EvidenceKind
    kind_name: str
    title: str
    file_name: str
    address: str
    place: str
    period: str
    said: str
    visibility: str
    caution: str

    @property
    def handed_in(self) -> str:
        """What is uploaded or pasted: the name of the file, the address, or what was typed."""
        return self.file_name or self.address or self.said

    @property
    def is_withheld(self) -> bool:
        """Not named here: several of a criterion, and of the sheet, have one title."""
        return not self.handed_in


@dataclass(frozen=True)
class SheetAnswer:
    """One criterion: `program_name` is the programme's own where that is public, `language` of the answer where someone said it.

    `gaps` say what a person sees to before copying.
    """

    code: str
    program_name: str
    title: str
    is_core: bool
    state: ResponseState
    decision: VerdictKind | None
    status: str
    answer: str
    language: str
    pieces: tuple[SheetPiece, ...]
    gaps: tuple[str, ...]

    @property
    def is_met(self) -> bool:
        return self.decision is VerdictKind.MET

    @property
    def characters(self) -> int:
        """A form often has a limit."""
        return len(self.answer)

    @property
    def file_names(self) -> tuple[str, ...]:
        return tuple(piece.file_name for piece in self.pieces if piece.file_name)

    @property
    def addresses(self) -> tuple[str, ...]:
        return tuple(piece.address for piece in self.pieces if piece.address)


@dataclass(frozen=True)
class SheetArea:
    title: str
    answers: tuple[SheetAnswer, ...]

    @property
    def met(self) -> int:
        return sum(answer.is_met for answer in self.answers)


@dataclass(frozen=True)
class CopySheet:
    """All criteria of an assessment on a day, or only those that our review found met; `met` and `total` count all of them."""

    city: str
    assessment: str
    edition: str
    day: date
    met_only: bool
    met: int
    total: int
    areas: tuple[SheetArea, ...]

    @property
    def answers(self) -> tuple[SheetAnswer, ...]:
        return tuple(answer for area in self.areas for answer in area.answers)


def list_gaps(*, is_met: bool, answer: str, pieces: int, out_of_date: bool) -> tuple[Message, ...]:
    """What is not as it should be before an answer is copied."""
    doubts = {
        say("Our review has not found it met."): not is_met,
        say("No text is written."): not answer,
        say("No evidence is attached."): not pieces,
        say("Its evidence is out of date: renew it first."): out_of_date,
    }
    return tuple(doubt for doubt, applies in doubts.items() if applies)


ANSWER_HEADS = (
    say("Practice area"),
    say("Code"),
    say("Name in the program"),
    say("Our title"),
    say("Status"),
    say("Before you copy"),
    say("Answer"),
    say("Characters"),
    say("Files"),
    say("Links"),
)
LONG_ANSWER_HEADS = frozenset({7, 9, 10})
"""Columns with much text, the first being 1."""
PIECE_HEADS = (
    say("Code"),
    say("Criterion"),
    say("Number"),
    say("Kind"),
    say("Title"),
    say("File"),
    say("Link"),
    say("Where to look"),
    say("Period"),
    say("What it says"),
    say("Visibility"),
)
LONG_PIECE_HEADS = frozenset({5, 10})


def answer_rows(sheet: CopySheet, say_in: SayIn) -> Rows:
    """One row a criterion below the heads."""
    return [[say_in(head) for head in ANSWER_HEADS], *_answer_rows(sheet)]


def _answer_rows(sheet: CopySheet) -> Iterator[list[str]]:
    for area in sheet.areas:
        for answer in area.answers:
            named = [area.title, answer.code, answer.program_name, answer.title, answer.status, " ".join(answer.gaps)]
            told = [answer.answer, str(answer.characters)]
            yield [*named, *told, "\n".join(answer.file_names), "\n".join(answer.addresses)]


def piece_rows(sheet: CopySheet, say_in: SayIn) -> Rows:
    """One row a piece, as often as criteria name it."""
    rows = [
        [
            answer.code,
            answer.title,
            str(piece.number),
            piece.kind_name,
            piece.title,
            piece.file_name,
            piece.address,
            piece.place,
            piece.period,
            piece.said,
            piece.visibility,
        ]
        for answer in sheet.answers
        for piece in answer.pieces
    ]
    return [[say_in(head) for head in PIECE_HEADS], *rows]


def sheet_as_data(sheet: CopySheet) -> dict[str, Any]:
    """For machines: everything that the page shows."""
    return {
        "city": sheet.city,
        "assessment": sheet.assessment,
        "edition": sheet.edition,
        "day": sheet.day.isoformat(),
        "met": sheet.met,
        "total": sheet.total,
        "criteria": [_answer_as_data(area.title, answer) for area in sheet.areas for answer in area.answers],
    }


def _answer_as_data(area: str, answer: SheetAnswer) -> dict[str, Any]:
    return {
        "area": area,
        "code": answer.code,
        "program_name": answer.program_name,
        "title": answer.title,
        "core": answer.is_core,
        "met": answer.is_met,
        "status": answer.status,
        "before_you_copy": list(answer.gaps),
        "answer": answer.answer,
        "language": answer.language,
        "evidence": [
            {
                "number": piece.number,
                "kind": piece.kind.value,
                "title": piece.title,
                "file": piece.file_name,
                "link": piece.address,
                "where": piece.place,
                "period": piece.period,
                "says": piece.said,
                "visibility": piece.visibility,
            }
            for piece in answer.pieces
        ],
    }
