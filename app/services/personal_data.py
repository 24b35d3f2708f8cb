"""Which pieces seem to hold personal data that nobody has looked at: in their files, and in what was typed about them."""

import json
from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType

from sqlmodel import Session

from app.rules.evidence.entry import EvidenceEntry
from app.rules.evidence.piece import Visibility
from app.rules.files.file_text import TYPED_NAMES, TextPlace, TextSpot
from app.rules.files.personal_data import PersonalDataFinding, build_finding, find_strong_data
from app.store import file_reading
from app.store.evidence.pieces import Evidence
from app.store.file_reading import PERSONAL_DATA

Pointers = Mapping[str, str]
"""Where to look in a piece, by the code of a criterion."""
NO_POINTERS: Pointers = MappingProxyType({})


def read_findings(written: str) -> tuple[PersonalDataFinding, ...]:
    """What the reading of a file wrote down."""
    return tuple(map(build_finding, json.loads(written)))


def is_seen(visibility: str, answered_for: str | None) -> bool:
    """Whether someone has looked, and as many people could see the piece then as can now."""
    return answered_for == Visibility.PUBLIC or answered_for == visibility


FIELDS_OF_PIECES = ("file_name", "contributed_by")
"""Texts that a piece has and its form has not."""


def find_typed_data(
    piece: Evidence | EvidenceEntry, country: str, pointers: Mapping[str, str] = NO_POINTERS, **more: str
) -> tuple[PersonalDataFinding, ...]:
    """What may be personal data in the texts that stand with a piece, or with what may become one, with where each stands.

    `pointers` say where to look in it, by criterion; `more` are texts of TYPED_NAMES that it has not itself.
    """
    fields = (name for name in TYPED_NAMES if isinstance(piece, Evidence) or name not in FIELDS_OF_PIECES)
    texts = {name: getattr(piece, name) for name in fields} | more
    typed = {TextSpot(TextPlace.TYPED, name): text for name, text in texts.items() if text}
    return find_strong_data(
        typed | {TextSpot(TextPlace.POINTER, code): text for code, text in pointers.items()}, country
    )


def find_exposed_pieces(
    session: Session,
    city_id: int,
    country: str,
    pieces: Collection[Evidence],
    pointers: Mapping[int, Pointers] = MappingProxyType({}),
) -> dict[int, tuple[PersonalDataFinding, ...]]:
    """What those pieces seem to hold that more people can open than perhaps should, by their ids. `pointers` are those of each piece.

    Two queries at most, none without files and findings.
    """
    opened = [piece for piece in pieces if piece.visibility != Visibility.RESTRICTED]
    in_files = {
        evidence_id: tuple(finding for finding in read_findings(written) if finding.strong)
        for evidence_id, visibility, written, answered in file_reading.list_findings(
            session, city_id, [piece.id for piece in opened if piece.file_id]
        )
        if not is_seen(visibility, answered)
    }
    in_texts = _find_exposing_texts(session, city_id, country, opened, pointers)
    exposed = {piece.id: (*in_files.get(piece.id, ()), *in_texts.get(piece.id, ())) for piece in opened}
    return {evidence_id: findings for evidence_id, findings in exposed.items() if findings}


def _find_exposing_texts(
    session: Session, city_id: int, country: str, pieces: Iterable[Evidence], pointers: Mapping[int, Pointers]
) -> dict[int, tuple[PersonalDataFinding, ...]]:
    exposing = {
        piece.id: (piece.visibility, findings)
        for piece in pieces
        if (findings := find_typed_data(piece, country, pointers.get(piece.id, NO_POINTERS)))
    }
    answers = file_reading.load_answers(session, city_id, exposing)
    seen_for = {
        evidence_id: answer.visibility for (evidence_id, about), answer in answers.items() if about == PERSONAL_DATA
    }
    return {
        evidence_id: findings
        for evidence_id, (visibility, findings) in exposing.items()
        if not is_seen(visibility, seen_for.get(evidence_id))
    }
