"""Another file for a piece: a new version of it, or a copy beside it without what is nobody's business."""

from app.adapters import files
from app.adapters.storage import receive_file
from app.rules.criteria import EvidenceKind
from app.rules.errors import Invalid, NotAllowed, NotFound, Refused
from app.rules.evidence.entry import title_of_file
from app.rules.evidence.piece import Visibility
from app.rules.evidence.version import WHY_LIMIT
from app.rules.files.kinds import safe_name
from app.rules.files.upload import Sender
from app.rules.history.verbs import Verb
from app.rules.message import say
from app.services import quota
from app.services.desk import Desk, Who
from app.services.evidence import adding, search_words, versions
from app.services.evidence.adding import Upload, size_of_new
from app.services.evidence.page import (
    NOT_APPROVED,
    Download,
    Found,
    find,
    find_to_open,
    hand_out,
    need_open,
    record,
    save,
)
from app.services.site import Site
from app.store.evidence import pieces, support
from app.store.evidence import version as evidence_version
from app.store.evidence.pieces import Evidence, StoredFile
from app.store.history import events


def check_why(text: str) -> str:
    """Why something changed, as one line. Raises Invalid for the field `why` when it is too long."""
    text = " ".join(text.split())
    if len(text) > WHY_LIMIT:
        raise Invalid({"why": say("At most %(limit)s characters fit here.", limit=WHY_LIMIT)})
    return text


def replace_file(site: Site, who: Who, evidence_id: int, version: int, why: str, uploads: list[Upload]) -> None:
    """The first of the files becomes the piece's file; what it was before stays as a version.

    Raises Invalid, Conflict, Refused, NotAllowed, NotFound before anything is kept.
    """
    why = check_why(why)
    with site.database.reading() as session:
        _changeable(Desk(session, site, who), evidence_id)
    stored, name = _stored(site, who, uploads)
    with site.database.writing() as session:
        quota.reserve_kept_room(session, site, Sender(who.city_id, who.person_id), size_of_new(stored))
        found = _changeable(Desk(session, site, who), evidence_id)
        file_id = adding.row_of(session, stored)
        if file_id == found.row.file_id:
            raise Invalid({"file": say("This is the same file as before.")})
        versions.keep_first(session, found.row)
        save(Desk(session, site, who), found, version, file_id=file_id, file_name=name, **NOT_APPROVED)
        session.refresh(found.row)
        search_words.index(session, found.row)
        sha256 = versions.keep(session, found.row, who.person_id, why)
        record(Desk(session, site, who), found, Verb.EVIDENCE_REPLACED, sha256=sha256)


def _changeable(desk: Desk, evidence_id: int) -> Found:
    found = find(desk, evidence_id)
    need_open(found)
    if found.row.kind != EvidenceKind.FILE:
        raise NotFound(say("This evidence has no file."))
    if found.row.withdrawn_at:
        raise Refused(say("This evidence is removed. Put it back before you change it."))
    return found


def _stored(site: Site, who: Who, uploads: list[Upload]) -> tuple[StoredFile, str]:
    """The first of the files, and how its sender calls it."""
    if not uploads:
        raise Invalid({"file": say("Choose at least one file.")})
    with receive_file(uploads[0].file, site.settings.upload_bytes) as received:
        kind = files.inspect_file(uploads[0].name, received.file, site.kinds)
        stored = adding.put(site, who.city_id, who.person_id, received, kind, uploads[0].name)
    return stored, safe_name(uploads[0].name)


def add_redacted(site: Site, who: Who, evidence_id: int, version: int, uploads: list[Upload]) -> int:
    """A public copy without what is nobody's business, beside the original and for the same criteria; returns its id.

    The original is a version older then, so that a second click adds nothing. Raises Invalid, Conflict, Refused, NotAllowed, NotFound.
    """
    with site.database.reading() as session:
        _original(Desk(session, site, who), evidence_id)
    stored, name = _stored(site, who, uploads)
    with site.database.writing() as session:
        quota.reserve_kept_room(session, site, Sender(who.city_id, who.person_id), size_of_new(stored))
        found = _original(Desk(session, site, who), evidence_id)
        file_id = adding.row_of(session, stored)
        _check_copy(Desk(session, site, who), found, file_id)
        save(Desk(session, site, who), found, version)
        twin = _twin(Desk(session, site, who), found, file_id, name)
        search_words.index(session, twin)
        sha256 = versions.keep(session, twin, who.person_id)
        details = {"evidence": twin.id, "kind": twin.kind, "title": twin.title, "sha256": sha256}
        events.record(session, who.city_id, who.person_id, Verb.EVIDENCE_REDACTED, ", ".join(found.codes), **details)
    return twin.id


def _check_copy(desk: Desk, found: Found, file_id: int) -> None:
    if file_id == found.row.file_id:
        raise Invalid({"file": say("This is the original itself. Choose the copy from which something was taken out.")})
    if any(twin.file_id == file_id for twin in pieces.twins(desk.session, desk.city_id, found.id)):
        raise Invalid({"file": say("This copy is here already.")})


def _twin(desk: Desk, found: Found, file_id: int, name: str) -> Evidence:
    """Titled by the copy's own file name: the title of what is restricted must not be on it."""
    twin = Evidence(
        city_id=desk.city_id,
        kind=EvidenceKind.FILE.value,
        title=title_of_file(name),
        visibility=Visibility.PUBLIC.value,
        file_id=file_id,
        file_name=name,
        twin_of=found.id,
        period_from=found.row.period_from,
        period_to=found.row.period_to,
        created_by=desk.who.person_id,
    )
    desk.session.add(twin)
    desk.session.flush()
    for had in found.supports:
        support.support(desk.session, desk.city_id, twin.id, had.response_id, had.items, guest=had.guest)
    return twin


def _original(desk: Desk, evidence_id: int) -> Found:
    found = _changeable(desk, evidence_id)
    if found.row.visibility == Visibility.PUBLIC:
        raise Refused(say("This evidence is public already, so it needs no copy."))
    return found


def download_version(desk: Desk, evidence_id: int, number: int) -> Download:
    """The file of a version. Those before the newest open only for those whose piece it is: they may have been replaced for what they
    say. Raises NotFound, NotAllowed, OutsideUnavailable.
    """
    found = find_to_open(desk, evidence_id)
    rows = evidence_version.versions(desk.session, desk.city_id, found.id)
    row = next((row for row in rows if row.number == number), None)
    if row is None or row.file_id is None:
        raise NotFound(say("This evidence has no file."))
    if row is not rows[0] and not found.may_see_former:
        raise NotAllowed(say("Only those who brought this evidence can open what it was before."))
    file = pieces.file_by_id(desk.session, desk.city_id, row.file_id)
    if file is None:
        raise NotFound(say("This evidence has no file."))
    return hand_out(desk.site, desk.who, found, file, row.file_name)
