"""What a piece says, changed: checked, kept as it was before, and told in the history."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from app.rules.criteria.edition import EvidenceKind
from app.rules.errors import Conflict, NotAllowed, Refused
from app.rules.evidence.entry import (
    DAY_FIELDS,
    Columns,
    EvidenceEntry,
    check_entry,
    check_pointer,
    title_of_file,
)
from app.rules.evidence.piece import Visibility
from app.rules.files.file_text import TYPED_NAMES
from app.rules.history.verbs import Verb
from app.rules.message import say
from app.rules.review.moves import ResponseState
from app.services.desk import Desk
from app.services.evidence import search_words
from app.services.evidence import versions as evidence_versions
from app.services.evidence.adding import check_items, piece_details, schedule_link_visit
from app.services.evidence.finding import NOT_THEIRS, PieceAccess, find_piece, need_unlocked, need_writer
from app.services.evidence.page import SupportLine, form_values, support_lines
from app.services.personal_data import Pointers, find_typed_data
from app.services.public_advice import advise_entry, remember_public_advice
from app.services.response.answering import mark_evidence_changed
from app.store import file_reading
from app.store.evidence import pieces
from app.store.evidence import support as evidence_support
from app.store.evidence.support import SupportedResponse
from app.store.file_reading import PERSONAL_DATA

CHANGES_OF_CONTENT = {Verb.EVIDENCE_CHANGED, Verb.EVIDENCE_REPLACED, Verb.LINK_ADDRESS_ACCEPTED}
"""Events after which a piece says something else than a reviewer saw."""
NOT_APPROVED: Columns = {"approved_by": None, "approved_at": None}
"""Whoever approved a figure approved what it said; a change of it has to be approved anew."""


def build_entry(piece: PieceAccess, **changed: Any) -> EvidenceEntry:
    """The form as it would be sent with nothing but these fields changed."""
    evidence_row = piece.row
    items = tuple(f"{support.criterion}:{item}" for support in piece.supports for item in support.items)
    stored = form_values(evidence_row) | {name: getattr(evidence_row, name) for name in DAY_FIELDS}
    return EvidenceEntry(**{**stored, "kind": EvidenceKind(evidence_row.kind), "items": items, **changed})


def change_piece(desk: Desk, evidence_id: int, entry: EvidenceEntry, version: int, why: str = "") -> None:
    """Save the form, with `why` it changed. `entry.items` are `CODE:item`; criteria that the person may not write keep theirs.

    A guest may change nothing but the items. Raises Invalid, Conflict, Refused, NotAllowed, NotFound.
    """
    piece = find_piece(desk, evidence_id)
    _need_user(piece)
    if piece.row.withdrawn_at:
        raise Refused(say("This evidence is removed. Restore it before you change it."))
    columns = _check_entry(desk, piece, entry)
    changed = [name for name, value in columns.items() if getattr(piece.row, name) != value]
    changed_uses = _changed_uses(desk, piece, entry)
    if changed:
        need_writer(piece)
        evidence_versions.keep_first_version(desk.session, piece.row)
    if changed or changed_uses:
        save_piece(desk, piece, version, **columns, **(NOT_APPROVED if set(changed) - {"language"} else {}))
        for use in changed_uses:
            evidence_support.set_supported_items(
                desk.session,
                desk.city_id,
                piece.id,
                use.response_id,
                use.items,
                guest=use.guest,
                pointer=use.pointer,
            )
        version_details = _keep_changed_version(desk, piece, why) if changed else {}
        record_piece_event(
            desk, piece, Verb.EVIDENCE_CHANGED, fields=changed + ["item"] * bool(changed_uses), **version_details
        )
        _ask_about_texts_again(desk, piece, changed, {use.criterion: use.pointer for use in changed_uses})
    if "visibility" in changed and piece.row.visibility == Visibility.PUBLIC:
        remember_public_advice(desk)
    if "url" in changed:
        schedule_link_visit(desk.session, piece.row)


def _ask_about_texts_again(desk: Desk, piece: PieceAccess, changed: Collection[str], pointers: Pointers) -> None:
    """Whoever looked at the personal data in a piece did not see what is written in it now."""
    country = desk.who.city.country
    texts_changed = bool(TYPED_NAMES.keys() & changed)
    found = find_typed_data(piece.row if texts_changed else EvidenceEntry(EvidenceKind.NOTE), country, pointers)
    if found:
        file_reading.forget_answer(desk.session, piece.row, PERSONAL_DATA)


def _need_user(piece: PieceAccess) -> None:
    if not piece.may_use:
        raise NotAllowed(NOT_THEIRS)
    need_unlocked(piece)


def _keep_changed_version(desk: Desk, piece: PieceAccess, why: str) -> dict[str, str]:
    desk.session.refresh(piece.row)
    search_words.index_piece(desk.session, piece.row)
    return {"sha256": evidence_versions.keep_version(desk.session, piece.row, desk.who.person_id, why)}


def _check_entry(desk: Desk, piece: PieceAccess, entry: EvidenceEntry) -> Columns:
    is_public = piece.row.visibility == Visibility.PUBLIC
    entry = replace(entry, kind=EvidenceKind(piece.row.kind), advised=entry.advised or is_public)
    columns = check_entry(advise_entry(desk.who, entry), desk.who.today)
    if columns.get("language") == (piece.row.language or desk.who.city.language):
        del columns["language"]
    if not columns["title"]:
        columns["title"] = title_of_file(piece.row.file_name or piece.row.title)
    return columns


def _changed_uses(desk: Desk, piece: PieceAccess, entry: EvidenceEntry) -> list[SupportedResponse]:
    """What the piece supports as the form has it, where that is otherwise than now: the items, and where to look in it for them."""
    lines = {line.criterion.code: line for line in support_lines(desk, piece) if line.may_write}
    uses = [
        replace(
            support,
            items=_chosen_items(lines[support.criterion], entry.items),
            pointer=check_pointer(entry.pointers.get(support.criterion, support.pointer)),
        )
        for support in piece.supports
        if support.criterion in lines
    ]
    return [use for use in uses if use not in piece.supports]


def _chosen_items(support_line: SupportLine, items: Sequence[str]) -> tuple[str, ...]:
    """The items of this criterion among those chosen, in the order of the table."""
    own_items = {item.partition(":")[2] for item in items if item.partition(":")[0] == support_line.criterion.code}
    check_items(support_line.criterion, own_items)
    return tuple(sorted(own_items))


PIECE_CHANGED = say(
    "Someone changed this evidence while your page was open. What you typed is kept; compare, then save."
)


def save_piece(desk: Desk, piece: PieceAccess, version: int, **columns: object) -> None:
    """Write the columns. Raises Conflict when someone changed the piece since `version`."""
    if not pieces.save_piece(desk.session, desk.city_id, piece.id, version, **columns):
        raise Conflict(PIECE_CHANGED)


def record_piece_event(desk: Desk, piece: PieceAccess, verb: Verb, **details: object) -> None:
    """The event of a change to the piece, about the criteria that it supports."""
    subject = ", ".join(piece.codes)
    if verb in CHANGES_OF_CONTENT:
        for support in piece.supports:
            mark_evidence_changed(desk, support.response_id, ResponseState(support.state))
    desk.record(verb, subject, **piece_details(piece.row), **details)
