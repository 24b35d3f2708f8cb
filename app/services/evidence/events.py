"""Events of what the app did by itself, about the criteria that a piece supports, so that a criterion's history shows them."""

from sqlmodel import Session

from app.rules.history.verbs import Verb
from app.services.evidence.adding import for_the_record
from app.store import assessment, file_reading, request
from app.store.evidence import support
from app.store.evidence.pieces import Evidence, StoredFile
from app.store.history import events


def of_piece(session: Session, row: Evidence, verb: Verb, **details: object) -> None:
    events.record(session, row.city_id, None, verb, _criteria(session, row), **for_the_record(row), **details)


def of_file(session: Session, file: StoredFile, verb: Verb, **details: object) -> None:
    """An event for each piece with the file, or for what was sent and is no piece yet, under the name that its sender gave it."""
    pieces = file_reading.pieces(session, file.city_id, file.id)
    for piece in pieces:
        of_piece(session, piece, verb, **details)
    for name in [] if pieces else request.file_names(session, file.city_id, file.id) or [""]:
        events.record(session, file.city_id, None, verb, "", title=name, **details)


def _criteria(session: Session, row: Evidence) -> str:
    run = assessment.current(session, row.city_id)
    supported = support.supported(session, row.city_id, run.id if run else 0, [row.id])
    return ", ".join(had.criterion for had in supported.get(row.id, ()))
