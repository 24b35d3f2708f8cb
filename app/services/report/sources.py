"""What a report is written from, beside the overview: texts, verdicts and evidence, each read once."""

from dataclasses import dataclass

from sqlmodel import Session

from app.rules.city.naming import CityValues
from app.rules.report.audience import AudienceSight
from app.rules.report.parts import NARRATIVE_CHARACTERS, SHORTENED_CHARACTERS, ReportParts
from app.services.assessment.overview import Overview
from app.store import people, response, review
from app.store.evidence import files
from app.store.evidence import pieces as evidence
from app.store.evidence.pieces import Evidence
from app.store.response import Response
from app.store.review import Verdict


@dataclass(frozen=True)
class ReportSources:
    """Texts and pieces by criterion code; `fingerprints` are those of files, by the file's id."""

    responses: dict[str, Response]
    verdicts: dict[str, Verdict]
    pieces: dict[str, list[Evidence]]
    numbers: dict[int, int]
    names: dict[int, str]
    sight: AudienceSight
    fingerprints: dict[int, str]
    most_characters: int


def load_sources(
    session: Session, city: CityValues, whole: Overview, sight: AudienceSight, parts: ReportParts
) -> ReportSources:
    city_id, run_id = city.id, whole.assessment.id
    pieces = evidence.load_pieces_by_criterion(session, city_id, run_id)
    used = {piece.id: piece for found in pieces.values() for piece in found}
    file_ids = {piece.file_id for piece in used.values() if piece.file_id}
    return ReportSources(
        responses={row.criterion: row for row in response.list_responses(session, city_id, run_id)},
        verdicts=review.load_latest_verdicts(session, city_id, run_id),
        pieces=pieces,
        numbers={piece_id: number for number, piece_id in enumerate(sorted(used), start=1)},
        names=people.load_names(session, city_id),
        sight=sight,
        fingerprints=files.load_fingerprints(session, city_id, file_ids),
        most_characters=SHORTENED_CHARACTERS if parts.is_shortened else NARRATIVE_CHARACTERS,
    )
