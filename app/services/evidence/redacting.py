"""Making a redacted copy of a piece's file: its page, and the copy, which becomes a piece beside the original."""

import io
from collections.abc import Mapping
from dataclasses import dataclass

from app.adapters.redaction import making
from app.adapters.storage.local_copy import copy_locally
from app.rules.errors import Conflict, Invalid, NotFound, Refused
from app.rules.evidence.piece import TITLE_LIMIT, Visibility
from app.rules.files.personal_data import PersonalDataKind
from app.rules.message import Message, say
from app.rules.redaction import (
    MOST_PAGES,
    CoveredArea,
    RedactionOrder,
    coverable_findings,
    is_redactable,
    read_areas,
    read_words,
)
from app.rules.text.bounds import check_length, single_line
from app.services.desk import Desk, Who
from app.services.evidence import opening
from app.services.evidence.adding import IncomingFile
from app.services.evidence.changing import PIECE_CHANGED
from app.services.evidence.finding import PieceAccess
from app.services.evidence.new_file import add_redacted_copy, find_original
from app.services.evidence.reading import PersonalDataMention, describe_findings, list_unread, picture_keys
from app.services.personal_data import read_findings
from app.services.public_advice import need_public_advice
from app.services.site import Site
from app.store import file_reading
from app.store.evidence import files
from app.store.evidence.files import StoredFile
from app.store.file_reading import FileReading

OTHER_PAGES = 0
"""Under this number stand the areas of pages that are not shown."""


@dataclass(frozen=True)
class CoverableData:
    """A kind of personal data that was found and can be covered wherever it stands; `proposed` where it needs an answer."""

    kind: PersonalDataKind
    mention: PersonalDataMention
    proposed: bool


@dataclass(frozen=True)
class RedactionPage:
    """What is asked before a redacted copy is made. `pages` are those of which there is a picture to draw on, of `page_count` in all.

    `title` is that of the original, empty where it must not be on the copy; `unread` is what nobody looked into.
    """

    piece_id: int
    version: int
    title: str
    pages: tuple[int, ...]
    page_count: int
    is_photo: bool
    found: tuple[CoverableData, ...]
    unread: tuple[Message, ...]

    @property
    def has_other_pages(self) -> bool:
        return self.page_count > len(self.pages)


def load_redaction_page(desk: Desk, evidence_id: int) -> RedactionPage:
    """Raises NotFound for another kind of file, NotAllowed, and Refused for a public or removed one, one not read yet, or one too long."""
    piece, _, reading = _find_redactable(desk, evidence_id)
    is_photo = reading.pages is None
    return RedactionPage(
        piece_id=piece.id,
        version=piece.row.version,
        title="" if piece.row.visibility == Visibility.RESTRICTED else piece.row.title,
        pages=tuple(range(1, len(picture_keys(reading)) + 1)),
        page_count=1 if is_photo else reading.pages or 0,
        is_photo=is_photo,
        found=tuple(
            CoverableData(finding.kind, describe_findings([finding])[0], finding.strong)
            for finding in coverable_findings(read_findings(reading.findings))
        ),
        unread=list_unread(reading),
    )


def _find_redactable(desk: Desk, evidence_id: int) -> tuple[PieceAccess, StoredFile, FileReading]:
    piece = find_original(desk, evidence_id)
    file = files.find_file(desk.session, desk.city_id, piece.row.file_id)
    if file is None or not is_redactable(file.media_type):
        raise NotFound(say("A redacted copy can be made here of PDF files and pictures. Add your own copy of others."))
    reading = file_reading.find_reading(desk.session, desk.city_id, file.id)
    if reading is None:
        raise Refused(say("This file is still being read. Try again in a minute."))
    if (reading.pages or 1) > MOST_PAGES:
        raise Refused(
            say(
                "This file has more than %(count)s pages. Split it, or cover it with a PDF program and add that copy.",
                count=MOST_PAGES,
            )
        )
    return piece, file, reading


def read_order(page: RedactionPage, areas: Mapping[int, str], words: str, kinds: list[str]) -> RedactionOrder:
    """What was drawn, typed and ticked. Raises Invalid at each field with what cannot be read, and where nothing is to be covered."""
    problems: dict[str, Message] = {}
    drawn: list[CoveredArea] = []
    for number, text in areas.items():
        try:
            drawn += read_areas(number, text, page.page_count)
        except Invalid as problem:
            problems |= problem.fields
    try:
        typed = read_words(words)
    except Invalid as problem:
        problems |= problem.fields
    if problems:
        raise Invalid(problems)
    ticked = tuple(data.kind for data in page.found if data.kind in kinds)
    order = RedactionOrder(tuple(drawn), typed, ticked)
    if order.is_empty:
        raise Invalid(
            {"words": say("Nothing is covered yet. Tick what was found, write words, or draw a box on a page.")}
        )
    return order


def make_redacted_copy(
    site: Site,
    who: Who,
    evidence_id: int,
    version: int,
    order: RedactionOrder,
    title: str,
    visibility: str,
    *,
    advised: bool = False,
) -> int:
    """Make the copy and add it; returns its id. The person waits for it, and what was to be covered is kept nowhere.

    Raises Invalid, Conflict, Refused, NotAllowed, NotFound, OutsideUnavailable.
    """
    title = check_length("title", single_line(title), TITLE_LIMIT)
    if not title or visibility not in (Visibility.PUBLIC, Visibility.INTERNAL):
        raise Invalid(
            {"title": say("Give the copy a name.")} if not title else {"visibility": say("Choose who may see it.")}
        )
    if visibility == Visibility.PUBLIC:
        need_public_advice(who, advised=advised)
    with site.database.reading() as session:
        piece, file, _ = _find_redactable(Desk(session, site, who), evidence_id)
        if piece.row.version != version:
            raise Conflict(PIECE_CHANGED)
    download = opening.deliver_file(site, who, piece, file, piece.row.file_name)
    with copy_locally(download.chunks) as path:
        copy = making.make_copy(path, file.media_type, order, [who.city.language], who.city.country)
    if copy.lost_words:
        raise Invalid({"words": _tell_lost(copy.lost_words)})
    if copy.lost_kinds:
        raise Invalid(
            {"kinds": say("Not all of it could be found on the pages. Draw boxes over it, and take the tick off.")}
        )
    incoming = IncomingFile(f"{title}.{copy.ending}", io.BytesIO(copy.content))
    return add_redacted_copy(site, who, evidence_id, version, [incoming], Visibility(visibility), advised=advised)


def _tell_lost(words: tuple[str, ...]) -> Message:
    return say(
        "Not found on any page: %(words)s. Write it as it stands there, or draw a box over it and take it off this list.",
        words=", ".join(f"“{word}”" for word in words),
    )
