"""Events of what the app did by itself, about the criteria that a piece supports, so that a criterion's history shows them."""

from sqlmodel import Session

from app.rules.history.verbs import Verb
from app.services.evidence.adding import piece_details
from app.store import assessment, file_reading, request
from app.store.evidence import support
from app.store.evidence.files import StoredFile
from app.store.evidence.pieces import Evidence
from app.store.history import events


def record_for_piece(session: Session, piece: Evidence, verb: Verb, **details: object) -> None:
    events.record_event(
        session, piece.city_id, None, verb, _supported_codes(session, piece), **piece_details(piece), **details
    )


def record_for_file(session: Session, file: StoredFile, verb: Verb, **details: object) -> None:
    """An event for each piece with the file, or for what was sent and is no piece yet, under the name that its sender gave it."""
    pieces = file_reading.list_all_pieces_of_file(session, file.city_id, file.id)
    for piece in pieces:
        record_for_piece(session, piece, verb, **details)
    for name in [] if pieces else request.list_file_names(session, file.city_id, file.id) or [""]:
        events.record_event(session, file.city_id, None, verb, "", title=name, **details)


def _supported_codes(session: Session, piece: Evidence) -> str:
    open_assessment = assessment.find_current_assessment(session, piece.city_id)
    supports = support.load_supported_responses(
        session, piece.city_id, open_assessment.id if open_assessment else 0, [piece.id]
    )
    return ", ".join(supported.criterion for supported in supports.get(piece.id, ()))
