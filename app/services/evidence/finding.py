"""Which piece a person may find, and what stands in the way of changing it."""

from dataclasses import dataclass

from app.rules.errors import NotAllowed, NotFound, Refused
from app.rules.message import Message, NamedCriteria, say
from app.rules.review.moves import ResponseState, ReviewAction, allows_action
from app.services.desk import Desk
from app.services.evidence.pieces import Reach, load_reach
from app.store.evidence import pieces
from app.store.evidence import support as evidence_support
from app.store.evidence.pieces import Evidence
from app.store.evidence.support import SupportedResponse

LARGEST_ID = 2**31 - 1


@dataclass(frozen=True)
class PieceAccess:
    """A piece, what it supports in the open assessment, and what the person who asks may do."""

    row: Evidence
    supports: tuple[SupportedResponse, ...]
    reach: Reach

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(support.criterion for support in self.supports)

    @property
    def pointers(self) -> dict[str, str]:
        """Where to look in it for each criterion, as it was typed."""
        return {support.criterion: support.pointer for support in self.supports if support.pointer}

    @property
    def id(self) -> int:
        return self.row.id

    @property
    def may_open(self) -> bool:
        return self.reach.opens(self.row.visibility, self.supports)

    @property
    def may_write(self) -> bool:
        """Whether the person may change the piece."""
        return self.may_open and self.reach.changes(self.supports)

    @property
    def may_use(self) -> bool:
        """Whether the person may change the piece, or as a guest say which items it supports of a criterion that they answer for."""
        return self.may_write or (self.may_open and any(map(self.reach.writes, self.codes)))

    @property
    def may_see_former(self) -> bool:
        """Whether the person may open what the piece was before: it may have been replaced for what it said."""
        return self.reach.owns(self.supports)

    @property
    def disposed(self) -> bool:
        return self.row.disposed_at is not None

    @property
    def locked(self) -> Message | None:
        """Why nobody may change the piece now, or None. What a reviewer has before them stays as it is; what has a verdict is renewed."""
        fixed_supports = [support for support in self.supports if not is_changeable(support)]
        return self._fixed_message(fixed_supports[0]) if fixed_supports else None

    @property
    def kept_in_use(self) -> Message | None:
        """Why nobody may take the piece out of use now, or None: a verdict that stands has its evidence beside it."""
        fixed_supports = [support for support in self.supports if not is_removable(support)]
        return self._fixed_message(fixed_supports[0]) if fixed_supports else None

    def _fixed_message(self, support: SupportedResponse) -> Message:
        """Why, and what whoever wants to change it does first."""
        named = NamedCriteria(self.reach.edition, (support.criterion,))
        if support.state == ResponseState.SUBMITTED:
            return say(
                "This supports %(named)s, which is with the reviewer, so it cannot be changed now. Withdraw that from review first.",
                named=named,
                withdrawn=support.criterion,
            )
        return say(
            "This supports %(named)s, which has a verdict, so it cannot be removed now. Add the newer evidence beside it, or replace its "
            "file.",
            named=named,
            code=support.criterion,
        )


def is_removable(support: SupportedResponse) -> bool:
    return allows_action(ResponseState(support.state), ReviewAction.WRITE)


def is_changeable(support: SupportedResponse) -> bool:
    return is_removable(support) or allows_action(ResponseState(support.state), ReviewAction.RENEW)


def find_piece(desk: Desk, evidence_id: int) -> PieceAccess:
    """Raises NotFound, also for a piece of another city."""
    piece = pieces.find_piece(desk.session, desk.city_id, evidence_id) if evidence_id <= LARGEST_ID else None
    if piece is None:
        raise NotFound(say("We could not find that evidence."))
    reach = load_reach(desk)
    supports = evidence_support.load_supported_responses(desk.session, desk.city_id, reach.assessment_id, [evidence_id])
    return PieceAccess(piece, tuple(supports.get(evidence_id, ())), reach)


NOT_THEIRS = say("This evidence belongs to another department. Ask your data office if it should change.")


def need_writer(piece: PieceAccess) -> None:
    """Raises NotAllowed for someone whose piece it is not, also for a guest who only uses it."""
    if not piece.may_write:
        raise NotAllowed(NOT_THEIRS)


def need_removable(piece: PieceAccess) -> None:
    """As `need_changeable`, for taking it out of use; Refused also while a verdict stands on something that it supports."""
    need_changeable(piece)
    if piece.kept_in_use:
        raise Refused(piece.kept_in_use)


def need_changeable(piece: PieceAccess) -> None:
    """Raises NotAllowed for someone whose piece it is not, and Refused while it is locked."""
    need_writer(piece)
    need_unlocked(piece)


def need_unlocked(piece: PieceAccess) -> None:
    if piece.disposed:
        raise Refused(say("This evidence was disposed of; nothing of it is left."))
    if piece.locked:
        raise Refused(piece.locked)
