"""What people do with what was read: look at it, say that personal data may be there, take a date or refuse it."""

from datetime import date

from app.rules.errors import Conflict, Invalid, NotFound
from app.rules.evidence.piece import SeenPart, Visibility
from app.rules.history.verbs import Verb
from app.rules.message import say
from app.services.desk import Desk
from app.services.evidence import changing, finding, opening
from app.services.evidence.finding import PieceAccess
from app.services.evidence.opening import FileDownload
from app.services.evidence.reading import picture_keys, propose_day
from app.services.personal_data import find_typed_data
from app.store import file_reading
from app.store.evidence import files, pieces
from app.store.file_reading import PERIOD, PERSONAL_DATA, FileReading


def open_picture(desk: Desk, evidence_id: int, number: int) -> FileDownload:
    """Picture `number`, from 1, of the file of a piece. Raises NotFound, NotAllowed, Refused as for the file itself, OutsideUnavailable."""
    piece = opening.find_openable_piece(desk, evidence_id)
    file = files.find_file(desk.session, desk.city_id, piece.row.file_id)
    reading = _find_reading(desk, piece)
    keys = picture_keys(reading) if reading else []
    if file is None or not 1 <= number <= len(keys):
        raise NotFound(say("We could not find that picture."))
    return opening.deliver_file(
        desk.site, desk.who, piece, file, f"page-{number}.webp", SeenPart.PICTURE, keys[number - 1]
    )


def allow_personal_data(desk: Desk, evidence_id: int, version: int) -> None:
    """Someone has looked at what seems to be personal data in the file or the texts, and it may be there. Raises Conflict, NotAllowed, NotFound.

    This changes nothing of the piece, so it can be said of one that is with the reviewer too.
    """
    piece = _load_writable(desk, evidence_id, version)
    if not find_typed_data(piece.row, desk.who.city.country, piece.pointers):
        _need_file(piece)
    file_reading.save_answer(desk.session, piece.row, PERSONAL_DATA, desk.who.person_id)
    changing.record_piece_event(desk, piece, Verb.PERSONAL_DATA_SEEN)


def restrict_piece(desk: Desk, evidence_id: int, version: int) -> None:
    """What seems to be personal data is nothing for everyone here. Raises everything that `evidence.change` raises."""
    piece = finding.find_piece(desk, evidence_id)
    entry = changing.build_entry(piece, visibility=Visibility.RESTRICTED.value)
    changing.change_piece(desk, evidence_id, entry, version)


def take_day(desk: Desk, evidence_id: int, day: date | None, version: int) -> None:
    """Let the piece cover the time until the day that its file gives.

    Raises Conflict where that is not proposed any more, and everything that `evidence.change` raises.
    """
    piece = finding.find_piece(desk, evidence_id)
    reading = _find_reading(desk, piece)
    proposed = propose_day(piece.row, reading, desk.who) if reading and piece.may_open else None
    if proposed is None or proposed.day != day:
        raise Conflict(say("This date is not proposed any more. Look at the page again."))
    changing.change_piece(desk, evidence_id, changing.build_entry(piece, period_to=day), version)


def refuse_day(desk: Desk, evidence_id: int, version: int) -> None:
    """The day in the file says nothing of the time that it covers. Raises Conflict, NotAllowed, NotFound."""
    piece = _load_writable(desk, evidence_id, version)
    _need_file(piece)
    file_reading.save_answer(desk.session, piece.row, PERIOD, desk.who.person_id)
    changing.record_piece_event(desk, piece, Verb.DAY_REFUSED)


def answer_day(desk: Desk, evidence_id: int, answer: str, day: date | None, version: int) -> None:
    """`answer` is yes or no. Raises Invalid for anything else, and as `take_day` and `refuse_day` do."""
    if answer == "yes":
        take_day(desk, evidence_id, day, version)
    elif answer == "no":
        refuse_day(desk, evidence_id, version)
    else:
        raise Invalid({"day": say("Choose yes or no.")})


def _find_reading(desk: Desk, piece: PieceAccess) -> FileReading | None:
    return file_reading.find_reading(desk.session, desk.city_id, piece.row.file_id)


def _need_file(piece: PieceAccess) -> None:
    if not piece.row.file_id:
        raise NotFound(say("This evidence has no file."))


def _load_writable(desk: Desk, evidence_id: int, version: int) -> PieceAccess:
    """The piece, which is a version older now."""
    piece = finding.find_piece(desk, evidence_id)
    finding.need_writer(piece)
    if not pieces.save_piece(desk.session, desk.city_id, evidence_id, version):
        raise Conflict(say("Someone changed this evidence while your page was open. Look at it again, then answer."))
    return piece
