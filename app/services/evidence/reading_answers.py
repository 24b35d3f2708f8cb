"""What people do with what was read: look at it, say that personal data may be there, take a date or refuse it."""

from datetime import date

from app.rules.errors import Conflict, Invalid, NotFound
from app.rules.evidence.piece import Seen, Visibility
from app.rules.history.verbs import Verb
from app.rules.message import say
from app.services.desk import Desk
from app.services.evidence import page
from app.services.evidence.page import Download, Found
from app.services.evidence.reading import picture_keys, proposed_for
from app.store import file_reading
from app.store.evidence import pieces
from app.store.file_reading import PERIOD, PERSONAL_DATA, FileReading


def picture(desk: Desk, evidence_id: int, number: int) -> Download:
    """Picture `number`, from 1, of the file of a piece. Raises NotFound, NotAllowed, Refused as for the file itself, OutsideUnavailable."""
    found = page.find_to_open(desk, evidence_id)
    file = pieces.file_by_id(desk.session, desk.city_id, found.row.file_id)
    row = _reading(desk, found)
    keys = picture_keys(row) if row else []
    if file is None or not 1 <= number <= len(keys):
        raise NotFound(say("There is no such picture of this evidence."))
    return page.hand_out(desk.site, desk.who, found, file, f"page-{number}.webp", Seen.PICTURE, keys[number - 1])


def personal_data_seen(desk: Desk, evidence_id: int, version: int) -> None:
    """Somebody has looked at what seems to be personal data, and it may be there. Raises Conflict, NotAllowed, NotFound.

    This changes nothing of the piece, so it can be said of one that is with the reviewer too.
    """
    found = _writable(desk, evidence_id, version)
    file_reading.answer(desk.session, found.row, PERSONAL_DATA, desk.who.person_id)
    page.record(desk, found, Verb.PERSONAL_DATA_SEEN)


def restrict(desk: Desk, evidence_id: int, version: int) -> None:
    """What seems to be personal data is nothing for everybody here. Raises everything that `evidence.change` raises."""
    found = page.find(desk, evidence_id)
    entry = page.entry_of(found, visibility=Visibility.RESTRICTED.value)
    page.change(desk, evidence_id, entry, version)


def take_day(desk: Desk, evidence_id: int, day: date | None, version: int) -> None:
    """Let the piece cover the time until the day that its file gives.

    Raises Conflict where that is not proposed any more, and everything that `evidence.change` raises.
    """
    found = page.find(desk, evidence_id)
    row = _reading(desk, found)
    proposed = proposed_for(found.row, row, desk.who) if row and found.may_open else None
    if proposed is None or proposed.day != day:
        raise Conflict(say("This date is not proposed any more. Look at the page again."))
    page.change(desk, evidence_id, page.entry_of(found, period_to=day), version)


def refuse_day(desk: Desk, evidence_id: int, version: int) -> None:
    """The day in the file says nothing of the time that it covers. Raises Conflict, NotAllowed, NotFound."""
    found = _writable(desk, evidence_id, version)
    file_reading.answer(desk.session, found.row, PERIOD, desk.who.person_id)
    page.record(desk, found, Verb.DAY_REFUSED)


def answer_day(desk: Desk, evidence_id: int, answer: str, day: date | None, version: int) -> None:
    """`answer` is yes or no. Raises Invalid for anything else, and as `take_day` and `refuse_day` do."""
    if answer == "yes":
        take_day(desk, evidence_id, day, version)
    elif answer == "no":
        refuse_day(desk, evidence_id, version)
    else:
        raise Invalid({"day": say("Choose yes or no.")})


def _reading(desk: Desk, found: Found) -> FileReading | None:
    return file_reading.of_file(desk.session, desk.city_id, found.row.file_id)


def _writable(desk: Desk, evidence_id: int, version: int) -> Found:
    """The piece with a file, which is a version older now."""
    found = page.find(desk, evidence_id)
    page.need_writer(found)
    if not found.row.file_id:
        raise NotFound(say("This evidence has no file."))
    if not pieces.save(desk.session, desk.city_id, evidence_id, version):
        raise Conflict(say("Somebody changed this evidence while your page was open. Look at it again, then answer."))
    return found
