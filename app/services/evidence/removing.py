"""A piece taken out of use, of one criterion or of all, and put back."""

from collections.abc import Sequence
from dataclasses import replace

from app.rules.errors import NotAllowed, NotFound, Refused
from app.rules.evidence.entry import check_pointer
from app.rules.history.verbs import Verb
from app.rules.message import Message, say
from app.services.desk import Desk
from app.services.evidence.adding import add_support, open_for_adding, piece_details
from app.services.evidence.changing import record_piece_event, save_piece
from app.services.evidence.finding import NOT_THEIRS, PieceAccess, find_piece, need_removable, need_unlocked
from app.services.evidence.ticking import tick_supported_items
from app.store.database.engine import now
from app.store.evidence import pieces
from app.store.evidence import support as evidence_support
from app.store.evidence.support import SupportedResponse


def withdraw_piece(desk: Desk, evidence_id: int, version: int, code: str = "") -> bool:
    """Take the piece out of use; True when it is. Where it supports more than `code`, it only stops supporting that: False.

    Raises Conflict, Refused, NotAllowed, NotFound.
    """
    piece = find_piece(desk, evidence_id)
    support = next((support for support in piece.supports if support.criterion == code), None)
    if (
        support
        and len(
            {
                stored_support.response_id
                for stored_support in pieces.list_supports(desk.session, desk.city_id, evidence_id)
            }
        )
        > 1
    ):
        _stop_supporting(desk, piece, support, version)
        return False
    need_removable(piece)
    if other_codes := piece.reach.others(piece.supports):
        raise Refused(_used_elsewhere_message(other_codes))
    if piece.row.withdrawn_at is None:
        save_piece(desk, piece, version, withdrawn_at=now())
        record_piece_event(desk, piece, Verb.EVIDENCE_WITHDRAWN)
    return True


def _used_elsewhere_message(other_codes: Sequence[str]) -> Message:
    return say(
        "Other departments use this evidence too, for %(codes)s, so it cannot be removed everywhere. Remove it from your own criteria, make "
        "it restricted, or ask your data office.",
        codes=", ".join(other_codes),
    )


def _stop_supporting(desk: Desk, piece: PieceAccess, support: SupportedResponse, version: int) -> None:
    """Also of a piece that the person may not open any more: nobody has to go on using what they cannot see."""
    if not piece.reach.writes(support.criterion):
        raise NotAllowed(NOT_THEIRS)
    need_unlocked(here := replace(piece, supports=(support,)))
    if here.kept_in_use:
        raise Refused(here.kept_in_use)
    save_piece(desk, piece, version)
    evidence_support.remove_support(desk.session, desk.city_id, piece.id, support.response_id)
    details = piece_details(piece.row)
    desk.record(Verb.EVIDENCE_UNLINKED, support.criterion, **details)


def restore_piece(desk: Desk, evidence_id: int, version: int) -> None:
    """Put a removed piece back; one that is in use stays as it is."""
    piece = find_piece(desk, evidence_id)
    need_removable(piece)
    if piece.row.withdrawn_at:
        save_piece(desk, piece, version, withdrawn_at=None)
        record_piece_event(desk, piece, Verb.EVIDENCE_RESTORED)


def use_for_criterion(desk: Desk, code: str, evidence_id: int, items: Sequence[str], pointer: str = "") -> None:
    """Let a piece of the library support this criterion too, for which `pointer` says where to look in it.

    Raises Invalid, Refused, NotAllowed, NotFound.
    """
    opened = open_for_adding(desk, code, items)
    piece = find_piece(desk, evidence_id)
    if not piece.may_open or piece.row.withdrawn_at:
        raise NotFound(say("We could not find that evidence."))
    add_support(desk, opened, piece.row, items, check_pointer(pointer))
    tick_supported_items(desk, opened, items)
