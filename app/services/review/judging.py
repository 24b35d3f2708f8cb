"""What a verdict stands on: kept as it is given, shown as it was, and emptied of a piece that is disposed of."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from app.rules.criteria.edition import Criterion, Edition
from app.rules.errors import NotFound
from app.rules.evidence.piece import Visibility
from app.rules.evidence.version import content_fingerprint, version_content
from app.rules.message import say
from app.rules.review.judged_response import (
    JudgedContent,
    JudgedItem,
    JudgedPiece,
    asks_otherwise,
    fingerprint_copy,
    judge_items,
    read_content,
    write_content,
)
from app.rules.scoring.score import VerdictKind
from app.rules.scoring.trace import edition_version
from app.services.account.sessions import today_in
from app.services.assessment.ground import no_criterion, with_local_checklist
from app.services.desk import Desk
from app.services.evidence.pieces import load_reach
from app.services.site import Site
from app.store import assessment, judged_response, people, response, review
from app.store.assessment import Assessment
from app.store.evidence import files, pieces, support, version
from app.store.evidence.pieces import Evidence, Supporting
from app.store.judged_response import JudgedResponse
from app.store.response import Response
from app.store.review import Verdict

PLAIN_LANGUAGE = "en"
"""In which checklists are kept: the language that every edition has, so that two copies can be compared."""


def keep_judged_response(
    session: Session, site: Site, judged_on: Response, verdict: Verdict, occasion: str = "", **about: Any
) -> str:
    """Keep what the new verdict stands on, in its transaction; returns the copy's fingerprint. Six queries, whatever was judged.

    `occasion` for what a renewal under it was confirmed or returned on, and `about` who did that and why.
    """
    city_id = judged_on.city_id
    within = assessment.find_assessment(session, city_id, judged_on.assessment_id)
    if within is None:
        raise no_criterion(judged_on.criterion)
    edition, criterion = _find_plain_criterion(session, site, within, judged_on.criterion)
    rows = pieces.list_supporting_pieces(session, city_id, judged_on.id)
    content = JudgedContent(
        edition=edition.id,
        edition_version=edition_version(edition),
        text=judged_on.narrative,
        self_rating=judged_on.self_rating or "",
        confidence=judged_on.confidence or "",
        needed=criterion.needed,
        items=judge_items(criterion.checklist, response.load_ticked_items(session, city_id, judged_on.id)),
        pieces=_judge_pieces(session, city_id, rows),
    )
    text = write_content(content)
    session.flush()
    judged = JudgedResponse(
        city_id=city_id,
        response_id=judged_on.id,
        verdict_id=verdict.id,
        content=text,
        sha256=fingerprint_copy(text),
        occasion=occasion,
        **about,
    )
    judged_response.add_judged_response(session, judged)
    return judged.sha256


def _find_plain_criterion(session: Session, site: Site, within: Assessment, code: str) -> tuple[Edition, Criterion]:
    edition = site.edition(within.edition, PLAIN_LANGUAGE)
    if code not in edition.criteria:
        raise no_criterion(code)
    local = assessment.find_own_criterion(session, within.city_id, within.edition, code)
    return edition, with_local_checklist(edition.criteria[code], local)


def _judge_pieces(session: Session, city_id: int, rows: Supporting) -> tuple[JudgedPiece, ...]:
    hashes = {id: file.sha256 for id, file in files.load_files(session, city_id, _file_ids(rows)).items()}
    numbers = version.load_newest_numbers(session, city_id, [row.piece.id for row in rows])
    return tuple(
        _judge_piece(piece, items, numbers.get(piece.id, 1), hashes.get(piece.file_id or 0, ""))
        for piece, items, *_ in rows
    )


def _file_ids(rows: Supporting) -> set[int]:
    return {row.piece.file_id for row in rows if row.piece.file_id}


def _judge_piece(piece: Evidence, items: tuple[str, ...], number: int, file_sha256: str) -> JudgedPiece:
    return JudgedPiece(
        id=piece.id,
        kind=piece.kind,
        version=number,
        sha256=content_fingerprint(version_content(piece.model_dump(), file_sha256)),
        items=items,
        visibility=piece.visibility,
        title=piece.title,
        file_sha256=file_sha256,
        period_from=piece.period_from,
        period_to=piece.period_to,
        effective_on=piece.effective_on,
    )


def forget_content(session: Session, city_id: int, evidence_id: int) -> None:
    """Leave of a piece that is disposed of only its fingerprint, in every copy that names it."""
    for judged in judged_response.list_copies_naming(session, city_id, evidence_id):
        judged.content = write_content(read_content(judged.content).without_piece(evidence_id))


@dataclass(frozen=True)
class ShownJudgedPiece:
    """A piece of a copy on the page: `hidden` from who may not open it, with the numbers of the items that it supported.

    `in_use` while the piece itself is still there to be looked at.
    """

    piece: JudgedPiece
    hidden: bool
    numbers: tuple[int, ...]
    in_use: bool


@dataclass(frozen=True)
class JudgedPage:
    """What one verdict was given on. `content` is None where nobody kept it; `asked_otherwise` when the checklist has changed since."""

    criterion: Criterion
    assessment: str
    edition_label: str
    decision: VerdictKind
    reason: str
    by: str
    at: datetime
    judged_on: date
    withdrawn_at: datetime | None
    content: JudgedContent | None
    sha256: str
    rebuilt: bool
    items: tuple[JudgedItem, ...]
    pieces: tuple[ShownJudgedPiece, ...]
    asked_otherwise: bool


def load_judged_page(desk: Desk, code: str, verdict_id: int) -> JudgedPage:
    """What the verdict stands on, also one of an earlier assessment. Raises NotFound for a verdict of another criterion or city."""
    verdict = review.find_verdict(desk.session, desk.city_id, verdict_id)
    judged_on = response.find_response_by_id(desk.session, desk.city_id, verdict.response_id) if verdict else None
    within = assessment.find_assessment(desk.session, desk.city_id, judged_on.assessment_id) if judged_on else None
    if verdict is None or judged_on is None or within is None or judged_on.criterion != code:
        raise NotFound(say("We could not find that verdict on %(code)s.", code=code[:12]))
    edition, plain = _find_plain_criterion(desk.session, desk.site, within, code)
    judged = judged_response.find_judged_response(desk.session, desk.city_id, verdict_id)
    content = read_content(judged.content) if judged else None
    asked_otherwise = content is not None and asks_otherwise(content, plain)
    return JudgedPage(
        criterion=desk.site.edition(within.edition, desk.who.language).criteria[code],
        assessment=within.name,
        edition_label=edition.id,
        decision=VerdictKind(verdict.decision),
        reason=verdict.reason,
        by=people.load_names(desk.session, desk.city_id).get(verdict.reviewer_id, ""),
        at=verdict.at,
        judged_on=today_in(desk.who.city, verdict.at),
        withdrawn_at=verdict.withdrawn_at,
        content=content,
        sha256=judged.sha256 if judged else "",
        rebuilt=bool(judged and judged.rebuilt),
        items=_shown_items(desk, within, code, content, as_kept=asked_otherwise) if content else (),
        pieces=_shown_pieces(desk, content) if content else (),
        asked_otherwise=asked_otherwise,
    )


def _shown_items(
    desk: Desk, within: Assessment, code: str, content: JudgedContent, *, as_kept: bool
) -> tuple[JudgedItem, ...]:
    """In the reader's language while the checklist is the same; otherwise in the words that were kept."""
    local = assessment.find_own_criterion(desk.session, desk.city_id, within.edition, code)
    criterion = with_local_checklist(desk.site.edition(within.edition, desk.who.language).criteria[code], local)
    texts = {item.id: item.text for item in criterion.checklist}
    return tuple(
        item if as_kept and item.text else replace(item, text=texts.get(item.id, item.text or item.id))
        for item in content.items or ()
    )


def _shown_pieces(desk: Desk, content: JudgedContent) -> tuple[ShownJudgedPiece, ...]:
    judged_pieces = content.pieces or ()
    rows = pieces.load_pieces(desk.session, desk.city_id, {piece.id for piece in judged_pieces})
    closed = _closed_ids(desk, judged_pieces, rows)
    order = [item.id for item in content.items or ()]
    return tuple(
        ShownJudgedPiece(
            piece=piece.without_content() if piece.id in closed and not piece.disposed else piece,
            hidden=piece.id in closed,
            numbers=tuple(sorted(order.index(item) + 1 for item in piece.items if item in order)),
            in_use=piece.id in rows and not piece.disposed,
        )
        for piece in judged_pieces
    )


def _closed_ids(desk: Desk, judged_pieces: Collection[JudgedPiece], rows: dict[int, Evidence]) -> set[int]:
    """Those that the person may not open: restricted then or now, since what was closed says so of what it was before, too."""
    restricted = {
        piece.id
        for piece in judged_pieces
        if Visibility.RESTRICTED in (piece.visibility, rows[piece.id].visibility if piece.id in rows else "")
    }
    if not restricted:
        return set()
    reach = load_reach(desk)
    supports = support.load_supported_responses(desk.session, desk.city_id, reach.assessment_id, restricted)
    return {id for id in restricted if not reach.opens(Visibility.RESTRICTED, supports.get(id, ()))}
