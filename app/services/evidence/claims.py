"""Approving figures as claims, and the sentences that the press may have."""

from dataclasses import dataclass

from app.adapters.translations import load_translator
from app.rules.criteria import EvidenceKind
from app.rules.errors import NotAllowed, Refused
from app.rules.evidence.claim import Claim, check_approvable, footnote, sentence
from app.rules.history.verbs import Verb
from app.rules.message import Said, say
from app.services.account.sessions import today_in
from app.services.desk import Desk, Who
from app.services.evidence.page import NOT_APPROVED, find, record, save
from app.services.evidence.pieces import figure_of
from app.store import people
from app.store.database.engine import now
from app.store.evidence import pieces
from app.store.evidence.pieces import Evidence


@dataclass(frozen=True)
class Line:
    """One claim: its sentence, and the sentences of its footnote."""

    evidence_id: int
    sentence: Said
    footnote: tuple[Said, ...]


@dataclass(frozen=True)
class ClaimsPage:
    """What may be said in public, and the public figures that nobody has approved, as (id, title), for those who may."""

    lines: tuple[Line, ...]
    waiting: tuple[tuple[int, str], ...]


def index(desk: Desk) -> ClaimsPage:
    """Two queries, whatever the number of figures."""
    rows = pieces.public_figures(desk.session, desk.city_id)
    names = people.names(desk.session, desk.city_id)
    waiting = tuple((row.id, row.title) for row in rows if not row.approved_at)
    return ClaimsPage(
        lines=tuple(_line(desk.who, row, names.get(row.approved_by or 0, "")) for row in rows if row.approved_at),
        waiting=waiting if desk.who.may("claim.approve") else (),
    )


def _line(who: Who, row: Evidence, approver: str) -> Line:
    words = load_translator(who.language)
    claim = Claim(row.title, row.source, figure_of(row))
    on = today_in(who.city, row.approved_at)
    return Line(row.id, sentence(claim, words.number, words.percent), footnote(claim, approver, on, words.number))


def approve(desk: Desk, evidence_id: int, version: int) -> None:
    """Let a public figure be said. Raises Refused, Conflict, NotAllowed, NotFound."""
    found = find(desk, evidence_id)
    if not found.may_open:
        raise NotAllowed(say("This evidence is restricted to the data office and the departments that it comes from."))
    if found.row.withdrawn_at:
        raise Refused(say("This evidence is removed. Put it back before you change it."))
    check_approvable(EvidenceKind(found.row.kind), found.row.visibility, found.row.current_period)
    save(desk, found, version, approved_by=desk.who.person_id, approved_at=now())
    record(desk, found, Verb.CLAIM_APPROVED)


def withdraw(desk: Desk, evidence_id: int, version: int) -> None:
    """Take the approval back; without one nothing changes. Raises Conflict, NotFound."""
    found = find(desk, evidence_id)
    if found.row.approved_at:
        save(desk, found, version, **NOT_APPROVED)
        record(desk, found, Verb.CLAIM_WITHDRAWN)
