"""Approving figures as claims, and the sentences that the press may have."""

from dataclasses import dataclass

from app.adapters.translations import load_translator
from app.rules.criteria.edition import EvidenceKind
from app.rules.errors import NotAllowed, Refused
from app.rules.evidence.claim import Claim, check_approvable, claim_footnote, claim_sentence
from app.rules.history.verbs import Verb
from app.rules.independence import ILLUSTRATIVE, INDEPENDENCE
from app.rules.message import Message, say
from app.services.account.sessions import today_in
from app.services.desk import Desk, Who
from app.services.evidence.changing import NOT_APPROVED, record_piece_event, save_piece
from app.services.evidence.finding import find_piece
from app.services.evidence.pieces import build_figure
from app.services.public_advice import need_public_advice, remember_public_advice
from app.store import people
from app.store.database.engine import now
from app.store.evidence import pieces
from app.store.evidence.pieces import Evidence

REPORTED = say("These sentences say what the city reports. They do not show that any criterion is met.")


@dataclass(frozen=True)
class ClaimLine:
    """One claim: its sentence, and the sentences of its footnote."""

    evidence_id: int
    sentence: Message
    footnote: tuple[Message, ...]


@dataclass(frozen=True)
class ClaimsPage:
    """What may be said in public, and the public figures that nobody has approved, as (id, title), for those who may.

    `notice` has the sentences that go with them wherever they are taken.
    """

    lines: tuple[ClaimLine, ...]
    waiting: tuple[tuple[int, str], ...]
    notice: tuple[Message, ...]


def list_claims(desk: Desk) -> ClaimsPage:
    """Two queries, whatever the number of figures."""
    figures = pieces.list_public_figures(desk.session, desk.city_id)
    names = people.load_names(desk.session, desk.city_id)
    waiting = tuple((figure.id, figure.title) for figure in figures if not figure.approved_at)
    return ClaimsPage(
        lines=tuple(
            _claim_line(desk.who, figure, names.get(figure.approved_by or 0, ""))
            for figure in figures
            if figure.approved_at
        ),
        waiting=waiting if desk.who.may("claim.approve") else (),
        notice=(REPORTED, INDEPENDENCE, *([ILLUSTRATIVE] if desk.who.city.illustrative else [])),
    )


def _claim_line(who: Who, figure: Evidence, approver: str) -> ClaimLine:
    translator = load_translator(who.language)
    claim = Claim(figure.title, figure.source, build_figure(figure))
    approved_on = today_in(who.city, figure.approved_at)
    return ClaimLine(
        figure.id,
        claim_sentence(claim, translator.number, translator.percent),
        claim_footnote(claim, approver, approved_on, translator.number),
    )


def approve_claim(desk: Desk, evidence_id: int, version: int, *, advised: bool = False) -> None:
    """Let a public figure be said, by someone who has read what that means. Raises Invalid, Refused, Conflict, NotAllowed, NotFound."""
    piece = find_piece(desk, evidence_id)
    if not piece.may_open:
        raise NotAllowed(say("This evidence is restricted to the data office and the departments that it comes from."))
    if piece.row.withdrawn_at:
        raise Refused(say("This evidence is removed. Restore it before you change it."))
    check_approvable(EvidenceKind(piece.row.kind), piece.row.visibility, piece.row.current_period)
    need_public_advice(desk.who, advised=advised)
    save_piece(desk, piece, version, approved_by=desk.who.person_id, approved_at=now())
    record_piece_event(desk, piece, Verb.CLAIM_APPROVED)
    remember_public_advice(desk)


def withdraw_claim(desk: Desk, evidence_id: int, version: int) -> None:
    """Take the approval back; without one nothing changes. Raises Conflict, NotFound."""
    piece = find_piece(desk, evidence_id)
    if piece.row.approved_at:
        save_piece(desk, piece, version, **NOT_APPROVED)
        record_piece_event(desk, piece, Verb.CLAIM_WITHDRAWN)
