"""Evidence that is there: showing, changing, removing and putting back, checking links, and the files behind it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from app.rules.criteria import ChecklistItem, Criterion, EvidenceKind
from app.rules.errors import Conflict, NotAllowed, NotFound, Refused
from app.rules.evidence.also_proves import suggest
from app.rules.evidence.entry import DAYS, NUMBERS, TEXTS, Columns, Entry, check, plain_number, title_of_file
from app.rules.evidence.piece import Seen, Visibility, name_of_copy
from app.rules.history.verbs import Verb
from app.rules.message import Said, say
from app.rules.review import Move, ResponseState, allows
from app.services.assessment import current, with_local
from app.services.desk import Desk, Who
from app.services.evidence import search_words
from app.services.evidence import versions as evidence_versions
from app.services.evidence.adding import check_items, for_the_record, link, look_soon, open_for_adding
from app.services.evidence.pieces import Piece as Piece
from app.services.evidence.pieces import Reach, is_viewable, piece_of, reach
from app.services.evidence.pieces import of_response as of_response
from app.services.evidence.reading import FilePreview, preview_file
from app.services.evidence.versions import Opening, Version
from app.services.site import Site
from app.store import assessment, people, request, response, retention
from app.store.database.engine import now
from app.store.evidence import pieces
from app.store.evidence import support as evidence_support
from app.store.evidence import version as evidence_version
from app.store.evidence.pieces import Evidence, StoredFile
from app.store.evidence.support import Supported
from app.store.evidence.version import EvidenceOpening

NOT_APPROVED: Columns = {"approved_by": None, "approved_at": None}
"""Whoever approved a figure approved what it said; a change of it has to be approved anew."""

QUARANTINE = {
    "waiting": say("This file is being checked for viruses and cannot be opened yet. Try again in a few minutes."),
    "infected": say("A virus was found in this file, so nobody can open it. Remove it, and tell whoever sent it."),
}
"""What stands in the way of a file, by the state of its scan."""

LARGEST_ID = 2**31 - 1
PICTURE_TYPE = "image/webp"


@dataclass(frozen=True)
class Found:
    """A piece, what it supports in the open assessment, and what the person who asks may do."""

    row: Evidence
    supports: tuple[Supported, ...]
    reach: Reach

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(support.criterion for support in self.supports)

    @property
    def id(self) -> int:
        return self.row.id

    @property
    def may_open(self) -> bool:
        return self.reach.opens(self.row.visibility, self.supports)

    @property
    def may_write(self) -> bool:
        """Whether the person may change the piece."""
        return self.may_open and self.reach.changes(self.supports)

    @property
    def may_use(self) -> bool:
        """Whether the person may change the piece, or as a guest say which items it supports of a criterion that they answer for."""
        return self.may_write or (self.may_open and any(map(self.reach.writes, self.codes)))

    @property
    def may_see_former(self) -> bool:
        """Whether the person may open what the piece was before: it may have been replaced for what it said."""
        return self.reach.owns(self.supports)

    @property
    def disposed(self) -> bool:
        return self.row.disposed_at is not None

    @property
    def locked(self) -> Said | None:
        """Why nobody may change the piece now, or None. What a reviewer has before them, or has decided on, stays as it is."""
        fixed = [had for had in self.supports if not _is_open(had)]
        return _fixed(fixed[0]) if fixed else None


def _is_open(had: Supported) -> bool:
    return allows(ResponseState(had.state), Move.WRITE)


def _fixed(had: Supported) -> Said:
    """Why, and what whoever wants to change it does first."""
    if had.state == ResponseState.SUBMITTED:
        return say(
            "This supports %(code)s, which is with the reviewer, so it cannot be changed now. Take %(code)s back first.",
            code=had.criterion,
        )
    return say(
        "This supports %(code)s, which has a verdict, so it cannot be changed now. Ask the reviewer there to open %(code)s again.",
        code=had.criterion,
    )


def find(desk: Desk, evidence_id: int) -> Found:
    """Raises NotFound, also for a piece of another city."""
    row = pieces.by_id(desk.session, desk.city_id, evidence_id) if evidence_id <= LARGEST_ID else None
    if row is None:
        raise NotFound(say("There is no such piece of evidence in this city."))
    mine = reach(desk)
    had = evidence_support.supported(desk.session, desk.city_id, mine.assessment_id, [evidence_id])
    return Found(row, tuple(had.get(evidence_id, ())), mine)


_ELSEWHERE = say("This evidence belongs to another department. Ask your data office if it should change.")


def need_writer(found: Found) -> None:
    """Raises NotAllowed for somebody whose piece it is not, also for a guest who only uses it."""
    if not found.may_write:
        raise NotAllowed(_ELSEWHERE)


def need_open(found: Found) -> None:
    """Raises NotAllowed for somebody whose piece it is not, and Refused while it is locked."""
    need_writer(found)
    _need_unlocked(found)


def _need_unlocked(found: Found) -> None:
    if found.disposed:
        raise Refused(say("This evidence was disposed of; nothing of it is left."))
    if found.locked:
        raise Refused(found.locked)


@dataclass(frozen=True)
class Support:
    """A criterion that the piece supports; `may_write` when the person may change what it supports there now."""

    criterion: Criterion
    items: tuple[str, ...]
    may_write: bool


@dataclass(frozen=True)
class Also:
    """An item that the piece may prove too, because it shares these words with it: a suggestion, until somebody ticks it."""

    criterion: Criterion
    item: ChecklistItem
    words: tuple[str, ...]


@dataclass(frozen=True)
class Copied:
    """The copy that was kept of a linked page, and on which day."""

    at: datetime
    sha256: str


@dataclass(frozen=True)
class Approved:
    """Who approved a figure as a claim, and when."""

    by: str
    at: datetime


@dataclass(frozen=True)
class Twin:
    """A copy from which something was taken out, for those who may not see the original."""

    id: int
    title: str


@dataclass(frozen=True)
class Keeping:
    """How long the piece is kept, for those who say so: the classes to choose from as (id, name), its own, and why it is held."""

    classes: tuple[tuple[int, str], ...]
    chosen: int | None
    hold_reason: str


def _keeping(desk: Desk, found: Found) -> Keeping | None:
    if not desk.who.may("retention.write") or found.row.disposed_at:
        return None
    classes = tuple((one.id, one.name) for one in retention.classes(desk.session, desk.city_id))
    return Keeping(classes, found.row.retention_id, found.row.hold_reason)


def _twins(desk: Desk, found: Found) -> tuple[Twin, ...]:
    """Those that may be seen; a copy that was restricted in its turn is not named."""
    rows = pieces.twins(desk.session, desk.city_id, found.id)
    return tuple(Twin(row.id, row.title) for row in rows if found.reach.opens(row.visibility, found.supports))


def _openings(desk: Desk, found: Found, names: Mapping[int, str]) -> tuple[Opening, ...]:
    """Only for those who may open the piece themselves."""
    restricted = found.row.visibility == Visibility.RESTRICTED
    return evidence_versions.openings(desk, found.id, names) if restricted and found.may_open else ()


def _approved(row: Evidence, names: Mapping[int, str]) -> Approved | None:
    return Approved(names.get(row.approved_by or 0, ""), row.approved_at) if row.approved_at else None


@dataclass(frozen=True)
class PiecePage:
    """One piece. `values` are the fields of its form as texts; `why_not` says why somebody who could change it cannot now.

    Who `may_use` it without `may_write` is a guest, who says only which items it supports, and what it was before is closed to a guest.
    `preview` is what was read in its file, `seen_by` who has looked at the personal data in it.
    """

    piece: Piece
    values: dict[str, Any]
    supports: tuple[Support, ...]
    may_write: bool
    may_use: bool
    may_see_former: bool
    why_not: Said | None
    added_by: str
    added_at: datetime
    also: tuple[Also, ...]
    partner: str
    copied: Copied | None
    approved: Approved | None
    versions: tuple[Version, ...]
    openings: tuple[Opening, ...]
    original: int | None
    twins: tuple[Twin, ...]
    keeping: Keeping | None
    disposed: bool
    preview: FilePreview | None
    seen_by: str

    @property
    def can_change(self) -> bool:
        return self.may_write and self.why_not is None and not self.piece.withdrawn

    @property
    def can_use(self) -> bool:
        return self.may_use and self.why_not is None and not self.piece.withdrawn

    @property
    def moves(self) -> bool:
        """Whether the page changes by itself: while its file is being read, too, which is not waited for without end."""
        return self.piece.moves or (self.preview is not None and self.preview.state == "reading")


def show(desk: Desk, evidence_id: int) -> PiecePage:
    """The page of one piece; of a restricted one that the person may not open, only that it is there."""
    found = find(desk, evidence_id)
    file = pieces.file_by_id(desk.session, desk.city_id, found.row.file_id)
    shown = (
        found.may_open and found.row.visibility != Visibility.RESTRICTED
    )  # what is restricted is opened, and that is recorded
    inside = preview_file(desk, found.row, file) if shown else None
    names = people.names(desk.session, desk.city_id)
    return PiecePage(
        piece=piece_of(found.row, file, hidden=not found.may_open),
        values=_values(found.row) if found.may_open else {},
        supports=_supports(desk, found),
        may_write=found.may_write,
        may_use=found.may_use,
        may_see_former=found.may_see_former,
        why_not=found.locked,
        added_by=names.get(found.row.created_by or 0, ""),
        added_at=found.row.created_at,
        partner=_partner(desk, found.row),
        copied=_copied(desk, found) if found.may_open else None,
        approved=_approved(found.row, names),
        versions=evidence_versions.of_piece(desk, found.id, names) if found.may_open else (),
        openings=_openings(desk, found, names),
        original=found.row.twin_of,
        keeping=_keeping(desk, found),
        disposed=found.disposed,
        twins=_twins(desk, found),
        also=_also(desk, found) if found.may_open and not found.row.withdrawn_at else (),
        preview=inside,
        seen_by=names.get(inside.seen_by or 0, "") if inside else "",
    )


def _supports(desk: Desk, found: Found) -> tuple[Support, ...]:
    if not found.supports:
        return ()
    run = current(desk.session, desk.who.city)
    edition = desk.site.edition(run.edition, desk.who.language)
    own = assessment.local_criteria(desk.session, desk.city_id, run.edition)
    return tuple(
        Support(
            with_local(edition.criteria[had.criterion], own.get(had.criterion)),
            had.items,
            found.reach.writes(had.criterion) and _is_open(had),
        )
        for had in found.supports
        if had.criterion in edition.criteria
    )


def _copied(desk: Desk, found: Found) -> Copied | None:
    kept = pieces.link_copy(desk.session, desk.city_id, found.id) if found.row.kind == EvidenceKind.LINK else None
    return Copied(kept[0].at, kept[1].sha256) if kept else None


def _partner(desk: Desk, row: Evidence) -> str:
    """The organization that contributed the piece; empty for one that the city added itself."""
    found = request.partner(desk.session, desk.city_id, row.partner_id) if row.partner_id else None
    return found.name if found else ""


def _also(desk: Desk, found: Found) -> tuple[Also, ...]:
    """Suggestions among the criteria that the person may write."""
    run = assessment.current(desk.session, desk.city_id)
    if run is None:
        return ()
    own = assessment.local_criteria(desk.session, desk.city_id, run.edition)
    briefs = response.brief(desk.session, desk.city_id, run.id)
    criteria = {
        code: with_local(criterion, own.get(code))
        for code, criterion in desk.site.edition(run.edition, desk.who.language).criteria.items()
        if found.reach.writes(code) and (code not in briefs or allows(ResponseState(briefs[code].state), Move.WRITE))
    }
    had = {(support.criterion, item) for support in found.supports for item in support.items or ("",)}
    suggested = suggest(search_words.texts_of(found.row), criteria, had)
    return tuple(Also(criteria[one.code], _item(criteria[one.code], one.item), one.words) for one in suggested)


def _item(criterion: Criterion, id: str) -> ChecklistItem:
    return next(item for item in criterion.checklist if item.id == id)


def _values(row: Evidence) -> dict[str, Any]:
    return (
        {name: getattr(row, name) for name in TEXTS}
        | {name: plain_number(getattr(row, name)) for name in NUMBERS}
        | {name: (day.isoformat() if (day := getattr(row, name)) else "") for name in DAYS}
    )


def entry_of(found: Found, **changed: Any) -> Entry:
    """The form as it would be sent with nothing but these fields changed."""
    row = found.row
    items = tuple(f"{had.criterion}:{item}" for had in found.supports for item in had.items)
    stored = _values(row) | {name: getattr(row, name) for name in DAYS}
    return Entry(**{**stored, "kind": EvidenceKind(row.kind), "items": items, **changed})


def change(desk: Desk, evidence_id: int, entry: Entry, version: int, why: str = "") -> None:
    """Save the form, with `why` it changed. `entry.items` are `CODE:item`; criteria that the person may not write keep theirs.

    A guest may change nothing but the items. Raises Invalid, Conflict, Refused, NotAllowed, NotFound.
    """
    found = find(desk, evidence_id)
    _need_user(found)
    if found.row.withdrawn_at:
        raise Refused(say("This evidence is removed. Put it back before you change it."))
    columns = _checked(desk, found, entry)
    supports = _supports(desk, found)
    chosen = {support.criterion.code: _chosen(support, entry.items) for support in supports if support.may_write}
    changed = [name for name, value in columns.items() if getattr(found.row, name) != value]
    moved = [had for had in found.supports if chosen.get(had.criterion, had.items) != had.items]
    if changed:
        need_writer(found)
        evidence_versions.keep_first(desk.session, found.row)
    if changed or moved:
        save(desk, found, version, **columns, **(NOT_APPROVED if changed else {}))
        for had in moved:
            to = chosen[had.criterion]
            evidence_support.support(desk.session, desk.city_id, found.id, had.response_id, to, guest=had.guest)
        kept = _keep_changed(desk, found, why) if changed else {}
        record(desk, found, Verb.EVIDENCE_CHANGED, fields=changed + ["item"] * bool(moved), **kept)
    if "url" in changed:
        look_soon(desk.session, found.row)


def _need_user(found: Found) -> None:
    if not found.may_use:
        raise NotAllowed(_ELSEWHERE)
    _need_unlocked(found)


def _keep_changed(desk: Desk, found: Found, why: str) -> dict[str, str]:
    desk.session.refresh(found.row)
    search_words.index(desk.session, found.row)
    return {"sha256": evidence_versions.keep(desk.session, found.row, desk.who.person_id, why)}


def _checked(desk: Desk, found: Found, entry: Entry) -> Columns:
    columns = check(replace(entry, kind=EvidenceKind(found.row.kind)), desk.who.today)
    if not columns["title"]:
        columns["title"] = title_of_file(found.row.file_name or found.row.title)
    return columns


def _chosen(support: Support, items: Sequence[str]) -> tuple[str, ...]:
    """The items of this criterion among those chosen, in the order of the table."""
    mine = {item.partition(":")[2] for item in items if item.partition(":")[0] == support.criterion.code}
    check_items(support.criterion, mine)
    return tuple(sorted(mine))


def save(desk: Desk, found: Found, version: int, **columns: object) -> None:
    """Write the columns. Raises Conflict when somebody changed the piece since `version`."""
    if not pieces.save(desk.session, desk.city_id, found.id, version, **columns):
        raise Conflict(
            say("Somebody changed this evidence while your page was open. What you typed is kept; compare, then save.")
        )


def record(desk: Desk, found: Found, verb: Verb, **details: object) -> None:
    """The event of a change to the piece, about the criteria that it supports."""
    subject = ", ".join(found.codes)
    desk.record(verb, subject, **for_the_record(found.row), **details)


def withdraw(desk: Desk, evidence_id: int, version: int, code: str = "") -> bool:
    """Take the piece out of use; True when it is. Where it supports more than `code`, it only stops supporting that: False.

    Raises Conflict, Refused, NotAllowed, NotFound.
    """
    found = find(desk, evidence_id)
    had = next((had for had in found.supports if had.criterion == code), None)
    if had and len({row.response_id for row in pieces.supports(desk.session, desk.city_id, evidence_id)}) > 1:
        _stop_supporting(desk, found, had, version)
        return False
    need_open(found)
    if others := found.reach.others(found.supports):
        raise Refused(_used(others))
    if found.row.withdrawn_at is None:
        save(desk, found, version, withdrawn_at=now())
        record(desk, found, Verb.EVIDENCE_WITHDRAWN)
    return True


def _used(others: Sequence[str]) -> Said:
    return say(
        "Other departments use this evidence too, for %(codes)s, so it cannot be removed everywhere. Take it out of your own criteria, "
        "make it restricted, or ask your data office.",
        codes=", ".join(others),
    )


def _stop_supporting(desk: Desk, found: Found, had: Supported, version: int) -> None:
    """Also of a piece that the person may not open any more: nobody has to go on using what they cannot see."""
    if not found.reach.writes(had.criterion):
        raise NotAllowed(_ELSEWHERE)
    _need_unlocked(replace(found, supports=(had,)))
    save(desk, found, version)
    evidence_support.stop_supporting(desk.session, desk.city_id, found.id, had.response_id)
    details = for_the_record(found.row)
    desk.record(Verb.EVIDENCE_UNLINKED, had.criterion, **details)


def restore(desk: Desk, evidence_id: int, version: int) -> None:
    """Put a removed piece back; one that is in use stays as it is."""
    found = find(desk, evidence_id)
    need_open(found)
    if found.row.withdrawn_at:
        save(desk, found, version, withdrawn_at=None)
        record(desk, found, Verb.EVIDENCE_RESTORED)


def use_here(desk: Desk, code: str, evidence_id: int, items: Sequence[str]) -> None:
    """Let a piece of the library support this criterion too. Raises Invalid, Refused, NotAllowed, NotFound."""
    opened = open_for_adding(desk, code, items)
    found = find(desk, evidence_id)
    if not found.may_open or found.row.withdrawn_at:
        raise NotFound(say("There is no such piece of evidence in this city."))
    link(desk, opened, found.row, items)


@dataclass(frozen=True)
class Download:
    """A stored file on its way out, in chunks; `viewable` when a browser may show it by itself."""

    name: str
    media_type: str
    size_bytes: int
    viewable: bool
    chunks: Iterator[bytes]


def download(desk: Desk, evidence_id: int) -> Download:
    """The file of a piece. Raises NotFound, NotAllowed for a restricted one, Refused, OutsideUnavailable."""
    found = find_to_open(desk, evidence_id)
    file = pieces.file_by_id(desk.session, desk.city_id, found.row.file_id)
    if file is None:
        raise NotFound(say("This evidence has no file."))
    return hand_out(desk.site, desk.who, found, file, found.row.file_name)


def download_copy(desk: Desk, evidence_id: int) -> Download:
    """The newest copy of what a link leads to. Raises NotFound, NotAllowed for a restricted one, Refused, OutsideUnavailable."""
    found = find_to_open(desk, evidence_id)
    kept = pieces.link_copy(desk.session, desk.city_id, found.id)
    if kept is None:
        raise NotFound(say("No copy of this page was kept."))
    copy, file = kept
    return hand_out(desk.site, desk.who, found, file, name_of_copy(copy.url, file.media_type))


def find_to_open(desk: Desk, evidence_id: int) -> Found:
    """A piece whose content the person may open. Raises NotFound, NotAllowed."""
    found = find(desk, evidence_id)
    if not found.may_open:
        raise NotAllowed(say("This evidence is restricted to the data office and the departments that it comes from."))
    return found


def hand_out(
    site: Site, who: Who, found: Found, file: StoredFile, name: str, what: Seen = Seen.FILE, key: str = ""
) -> Download:
    """A file of the piece on its way out, or with `key` a picture made of it. Whoever opens something restricted is recorded before
    the first of it leaves, and only when there is something that leaves. Raises as `opened` does.
    """
    leaving = opened(site, file, name, key)
    _note(site, who, found, what)
    return leaving


def note_shown(site: Site, who: Who, evidence_id: int) -> None:
    """To be called before the page of a piece is shown: whoever looks at a restricted one is recorded. Raises NotFound.

    It opens transactions of its own, so that it serves readers too; nobody may hold one that writes meanwhile.
    """
    with site.database.reading() as session:
        row = pieces.by_id(session, who.city_id, evidence_id)
        found = find(Desk(session, site, who), evidence_id) if row and row.visibility == Visibility.RESTRICTED else None
    if found and found.may_open and not found.disposed:
        _note(site, who, found, Seen.PAGE)


def _note(site: Site, who: Who, found: Found, what: Seen) -> None:
    """In a transaction of its own, since whoever opens something only reads."""
    if found.row.visibility != Visibility.RESTRICTED or _is_noted_today(site, who, found, what):
        return
    with site.database.writing() as session:
        seen = EvidenceOpening(city_id=who.city_id, evidence_id=found.id, person_id=who.person_id, what=what.value)
        session.add(seen)
        record(
            Desk(session, site, who),
            found,
            Verb.RESTRICTED_OPENED if what is Seen.FILE else Verb.RESTRICTED_SEEN,
            what=what.value,
        )


def _is_noted_today(site: Site, who: Who, found: Found, what: Seen) -> bool:
    """A file is noted each time; a page and pictures, which are loaded again and again, once a day."""
    if what is Seen.FILE:
        return False
    since = datetime.combine(who.today, time(), ZoneInfo(who.city.time_zone))
    with site.database.reading() as session:
        return evidence_version.is_opened(session, who.city_id, found.id, who.person_id, what.value, since)


def opened(site: Site, file: StoredFile, name: str, key: str = "") -> Download:
    """A stored file on its way out under this name, or with `key` the picture that was made of it.

    Raises NotFound, OutsideUnavailable, and Refused for one that is not known to be clean.
    """
    if file.scan in QUARANTINE:
        raise Refused(QUARANTINE[file.scan])
    if key:
        return Download(name, PICTURE_TYPE, 0, True, site.storage.open(key))
    chunks = site.storage.open(file.key)
    return Download(name, file.media_type, file.size_bytes, is_viewable(file.media_type), chunks)
