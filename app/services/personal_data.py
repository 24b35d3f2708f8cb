"""Which pieces seem to hold personal data that nobody has looked at: in their files, and in what was typed about them."""

import json
from collections.abc import Collection, Iterable

from sqlmodel import Session

from app.rules.evidence.entry import EvidenceEntry
from app.rules.evidence.piece import Visibility
from app.rules.files.personal_data import PersonalDataFinding, build_finding, find_strong_data
from app.store import file_reading
from app.store.evidence.pieces import Evidence
from app.store.file_reading import PERSONAL_DATA


def read_findings(written: str) -> tuple[PersonalDataFinding, ...]:
    """What the reading of a file wrote down."""
    return tuple(map(build_finding, json.loads(written)))


def is_seen(visibility: str, answered_for: str | None) -> bool:
    """Whether someone has looked, and as many people could see the piece then as can now."""
    return answered_for == Visibility.PUBLIC or answered_for == visibility


TYPED_FIELDS = ("title", "page_pointer", "source", "note", "dataset", "method", "caveat")
"""Texts of a piece that people write, which pages and reports repeat."""


def find_typed_data(piece: Evidence | EvidenceEntry, country: str, *more: str) -> tuple[PersonalDataFinding, ...]:
    """What may be personal data in the texts that stand with a piece, or with what may become one, and in `more` texts."""
    names = (piece.file_name,) if isinstance(piece, Evidence) else ()
    return find_strong_data((*more, *names, *(getattr(piece, field) for field in TYPED_FIELDS)), country)


def find_exposed_pieces(session: Session, city_id: int, country: str, pieces: Collection[Evidence]) -> set[int]:
    """The ids of those pieces that more people can open than perhaps should. Two queries at most, none without files and findings."""
    opened = [piece for piece in pieces if piece.visibility != Visibility.RESTRICTED]
    in_files = {
        evidence_id
        for evidence_id, visibility, written, answered in file_reading.list_findings(
            session, city_id, [piece.id for piece in opened if piece.file_id]
        )
        if not is_seen(visibility, answered) and any(finding.strong for finding in read_findings(written))
    }
    return in_files | _find_exposing_texts(session, city_id, country, opened)


def _find_exposing_texts(session: Session, city_id: int, country: str, pieces: Iterable[Evidence]) -> set[int]:
    exposing = {piece.id: piece.visibility for piece in pieces if find_typed_data(piece, country)}
    answers = file_reading.load_answers(session, city_id, exposing)
    seen_for = {
        evidence_id: answer.visibility for (evidence_id, about), answer in answers.items() if about == PERSONAL_DATA
    }
    return {id for id, visibility in exposing.items() if not is_seen(visibility, seen_for.get(id))}
