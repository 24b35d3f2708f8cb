"""What is asked about a file that was just added to a criterion: title, period, items, each with what its content proposes.

Every answer is kept by itself, so whoever stops half-way has lost nothing; what was not answered stays as it came.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.adapters.stop_words import load_text_language
from app.rules.checklist.stand import Checklist
from app.rules.criteria.edition import Criterion, Window
from app.rules.errors import Invalid, NotFound
from app.rules.evidence.also_proves import match_items
from app.rules.evidence.entry import DAY_FIELDS, EvidenceEntry
from app.rules.evidence.piece import Visibility
from app.rules.evidence.questions import FileQuestion, propose_title, question_after
from app.rules.files.file_reading import PREVIEW_TEXT, ProposedDay, ReadingState
from app.rules.files.offered import FileChoice, offer_files
from app.rules.message import Message, say
from app.rules.review.moves import ResponseState, ReviewAction
from app.rules.review.response import ResponseValues
from app.services.desk import Desk
from app.services.evidence.changing import build_entry, change_piece
from app.services.evidence.finding import PieceAccess, find_piece
from app.services.evidence.page import form_values
from app.services.evidence.pieces import ShownPiece, describe_piece
from app.services.evidence.reading import preview_file
from app.services.evidence.ticking import tick_supported_items
from app.services.response import answering, submission
from app.services.response.answering import OpenedResponse
from app.store import file_reading
from app.store.evidence import files
from app.store.response import load_answers
from app.store.values import frozen_values


@dataclass(frozen=True)
class TickedItem:
    """An item that the piece supports and that is ticked: its place in the checklist, and its answer's version, to untick it."""

    id: str
    number: int
    version: int


@dataclass(frozen=True)
class FileQuestionsPage:
    """One question about one piece. `title`, `day` and `chosen` items are proposals, `shared` the words that led to the items.

    `values` are the fields as they are kept. The rest is for the page that says what is left to do.
    """

    criterion: Criterion
    piece: ShownPiece
    question: FileQuestion
    hint: str
    known: bool
    is_changing: bool
    title: str
    day: ProposedDay | None
    chosen: tuple[str, ...]
    shared: tuple[str, ...]
    values: Mapping[str, Any]
    response: ResponseValues
    state: ResponseState
    actions: frozenset[ReviewAction]
    checklist: Checklist
    ticked: tuple[TickedItem, ...]
    stops: tuple[Message, ...]
    warnings: tuple[Message, ...]
    files: FileChoice

    @property
    def can_write(self) -> bool:
        return ReviewAction.WRITE in self.actions

    @property
    def can_submit(self) -> bool:
        return ReviewAction.SUBMIT in self.actions and not self.stops


@dataclass(frozen=True)
class _AskedPiece:
    """The piece that is asked about, where it stands."""

    opened: OpenedResponse
    access: PieceAccess

    @property
    def items(self) -> tuple[str, ...]:
        supports = (support.items for support in self.access.supports if support.response_id == self.opened.id)
        return next(supports, ())

    @property
    def is_own(self) -> bool:
        """Whether what the piece says may be asked: not of one that others use, or that only its own page shows."""
        is_open = self.access.row.visibility != Visibility.RESTRICTED
        return is_open and self.access.may_write and len(self.access.supports) == 1


def _open_piece(desk: Desk, code: str, evidence_id: int) -> _AskedPiece:
    """Raises NotFound, NotAllowed, and Refused while nothing can be added."""
    opened = answering.load_for_evidence(desk, code)
    piece = find_piece(desk, evidence_id)
    if not piece.may_open or piece.row.withdrawn_at or code not in piece.codes:
        raise NotFound(say("We could not find that evidence."))
    return _AskedPiece(opened, piece)


def _wanted_questions(asked: _AskedPiece, day: ProposedDay | None) -> set[FileQuestion]:
    """The period is asked where the file gives one, or an item asks for recent evidence; what is known already is not asked."""
    row, criterion = asked.access.row, asked.opened.criterion
    wanted = {FileQuestion.ITEMS} if criterion.checklist else set()
    if not asked.is_own:
        return wanted
    has_window = any(item.window is not Window.NONE for item in criterion.checklist)
    has_period = any(getattr(row, name) for name in DAY_FIELDS)
    return wanted | {FileQuestion.TITLE} | ({FileQuestion.PERIOD} if (day or has_window) and not has_period else set())


def load_questions(desk: Desk, code: str, evidence_id: int, at: str = "", hint: str = "") -> FileQuestionsPage:
    """The question `at`, the first one where that names none. `hint` is the item that evidence was asked for.

    Raises NotFound, NotAllowed, and Refused while nothing can be added.
    """
    asked = _open_piece(desk, code, evidence_id)
    opened, piece = asked.opened, asked.access
    file = files.find_file(desk.session, desk.city_id, piece.row.file_id)
    preview = preview_file(desk, piece.row, file) if asked.is_own else None
    day = preview.proposed if preview else None
    question = FileQuestion(at) if at in set(FileQuestion) else question_after(None, _wanted_questions(asked, day))
    chosen, shared = _propose_items(desk, asked, hint)
    answers = load_answers(desk.session, desk.city_id, opened.id)
    examined = submission.examine_response(desk, opened, {item for item, answer in answers.items() if answer.ticked})
    return FileQuestionsPage(
        criterion=opened.criterion,
        piece=describe_piece(piece.row, file, hidden=piece.row.visibility == Visibility.RESTRICTED, items=asked.items),
        question=question,
        hint=hint if hint in {item.id for item in opened.criterion.checklist} else "",
        known=not asked.is_own,
        is_changing=preview is not None and preview.state == ReadingState.READING,
        title=propose_title(piece.row.title, preview.title if preview else ""),
        day=day,
        chosen=chosen,
        shared=shared,
        values=form_values(piece.row) if asked.is_own else {},
        response=frozen_values(ResponseValues, opened.response),
        state=opened.state,
        actions=answering.list_open_actions(opened),
        checklist=examined.checklist,
        ticked=tuple(
            TickedItem(item.id, number, answers[item.id].version)
            for number, item in enumerate(opened.criterion.checklist, start=1)
            if item.id in asked.items and item.id in answers and answers[item.id].ticked
        ),
        stops=examined.stops,
        warnings=examined.warnings,
        files=offer_files(desk.site.kinds, desk.site.settings.upload_mb),
    )


def _propose_items(desk: Desk, asked: _AskedPiece, hint: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The items that the piece supports already, else the one that was asked for and those whose words are in the file; and these words."""
    criterion, row = asked.opened.criterion, asked.access.row
    if asked.items or row.visibility == Visibility.RESTRICTED:
        return asked.items, ()
    reading = file_reading.find_reading(desk.session, desk.city_id, row.file_id)
    texts = [row.title, row.file_name, *((reading.title, reading.text[:PREVIEW_TEXT]) if reading else ())]
    edition = desk.site.edition(asked.opened.assessment.edition, desk.who.language)
    matches = match_items(texts, criterion, load_text_language(edition.language))
    proposed = {hint, *(match.item for match in matches)}
    words = dict.fromkeys(word for match in matches for word in match.words)
    return tuple(item.id for item in criterion.checklist if item.id in proposed), tuple(words)


def answer_question(
    desk: Desk, code: str, evidence_id: int, question: str, entry: EvidenceEntry, version: int
) -> FileQuestion:
    """Keep the answer, which is what `entry` has for this question; returns the question that comes next.

    Raises Invalid, Conflict, and as `load_questions` does.
    """
    asked = _open_piece(desk, code, evidence_id)
    if question == FileQuestion.ITEMS:
        _link_items(desk, asked, entry, version)
    elif question == FileQuestion.TITLE and asked.is_own:
        change_piece(desk, evidence_id, build_entry(asked.access, title=entry.title), version)
    elif question == FileQuestion.PERIOD and asked.is_own:
        if entry.unread:
            raise Invalid(dict(entry.unread))
        days = {name: getattr(entry, name) for name in DAY_FIELDS}
        change_piece(desk, evidence_id, build_entry(asked.access, **days), version)
    return question_to_follow(desk, code, evidence_id, question)


def question_to_follow(desk: Desk, code: str, evidence_id: int, question: str) -> FileQuestion:
    """What is asked after this question, also where it was left open. Raises as `load_questions` does."""
    asked = _open_piece(desk, code, evidence_id)
    file = files.find_file(desk.session, desk.city_id, asked.access.row.file_id)
    preview = preview_file(desk, asked.access.row, file) if asked.is_own else None
    wanted = _wanted_questions(asked, preview.proposed if preview else None)
    return question_after(FileQuestion(question) if question in set(FileQuestion) else None, wanted)


def _link_items(desk: Desk, asked: _AskedPiece, entry: EvidenceEntry, version: int) -> None:
    """The items chosen here; what the piece supports of other criteria stays. What has evidence now is ticked."""
    code = asked.opened.criterion.code
    others = (
        f"{support.criterion}:{item}"
        for support in asked.access.supports
        if support.criterion != code
        for item in support.items
    )
    here = (f"{code}:{item}" for item in entry.items)
    change_piece(desk, asked.access.id, build_entry(asked.access, items=(*others, *here)), version)
    tick_supported_items(desk, asked.opened, entry.items)
