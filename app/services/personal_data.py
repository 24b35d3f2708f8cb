"""Which files seem to hold personal data that nobody has looked at."""

import json
from collections.abc import Collection

from sqlmodel import Session

from app.rules.evidence.piece import Visibility
from app.rules.personal_data import PersonalDataFinding, build_finding
from app.store import file_reading
from app.store.evidence.pieces import Evidence


def read_findings(written: str) -> tuple[PersonalDataFinding, ...]:
    """What the reading of a file wrote down."""
    return tuple(map(build_finding, json.loads(written)))


def is_seen(visibility: str, answered_for: str | None) -> bool:
    """Whether someone has looked, and as many people could see the piece then as can now."""
    return answered_for == Visibility.PUBLIC or answered_for == visibility


def find_exposed_pieces(session: Session, city_id: int, pieces: Collection[Evidence]) -> set[int]:
    """The ids of those pieces that more people can open than perhaps should. One query, or none without files."""
    opened = [piece.id for piece in pieces if piece.file_id and piece.visibility != Visibility.RESTRICTED]
    return {
        evidence_id
        for evidence_id, visibility, written, answered in file_reading.list_findings(session, city_id, opened)
        if not is_seen(visibility, answered) and any(finding.strong for finding in read_findings(written))
    }
