"""What a partner sees and sends through a signed link, without an account."""

import json
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session

from app.adapters import files, tokens
from app.adapters.storage import ReceivedFile, receive_file
from app.rules.account.tries import MANY_BEHIND_ONE, TryLimit, subject_of
from app.rules.criteria import EvidenceKind
from app.rules.errors import CityReadyError, Gathered, Invalid, NotFound, OutsideUnavailable, Refused
from app.rules.evidence.entry import Entry, check, title_of_file
from app.rules.files.kinds import FileKind, accepted, safe_name
from app.rules.files.upload import Sender
from app.rules.history.verbs import Verb
from app.rules.job import JobKind
from app.rules.message import Said, say
from app.rules.request import CONTRIBUTION_NAMES, LINK_OPENS, ContributionState, check_sender, check_sending
from app.services import quota
from app.services.account import security_record, tries
from app.services.account.sessions import today_in
from app.services.assessment import with_local
from app.services.evidence import adding
from app.services.evidence.adding import Upload
from app.services.requests.page import LINK_PURPOSE
from app.services.site import Site
from app.store import assessment, job, request
from app.store.city import City
from app.store.database.engine import now
from app.store.evidence.pieces import StoredFile
from app.store.history import events
from app.store.request import Contribution, EvidenceRequest, Partner

YEARS_SECONDS = 3 * 365 * 86_400
"""How long a signature is read at all; the request itself says when its link ends."""
MOST_SENDINGS = 20
READ_AHEAD = 30
SENDINGS_WITHIN = timedelta(hours=1)


@dataclass(frozen=True)
class Asked:
    """The request behind a link, for reading."""

    row: EvidenceRequest
    city: City
    partner: Partner
    today: date


def sender(site: Site, token: str) -> Sender:
    """Who sends files through the link. Raises LinkEnded, Refused where no files are asked for."""
    with site.database.reading() as session:
        row = asked(session, site, token).row
    if EvidenceKind.FILE not in row.forms.split():
        raise Refused(say("This request asks for something else. Load the page again."))
    return _sender(row)


def _sender(row: EvidenceRequest) -> Sender:
    return Sender(row.city_id, request_id=row.id)


class LinkEnded(NotFound):
    """A link that opens no more. `city` and `language` are those of its request; empty for a link that we never made."""

    def __init__(self, city: str = "", language: str = "") -> None:
        super().__init__(say("This link has ended. Ask the person who sent it to you for a new one."))
        self.city = city
        self.language = language


def asked(session: Session, site: Site, token: str) -> Asked:
    """The request that the link is for. Raises LinkEnded when it is forged, ended, too old, or replaced by another."""
    row, nonce = _signed(session, site, token)
    if row is None:
        raise LinkEnded
    of = session.get_one(City, row.city_id)
    partner = request.partner(session, row.city_id, row.partner_id or 0)
    if partner is None or not _opens(row, nonce):
        raise LinkEnded(of.name, row.language)
    return Asked(row, of, partner, today_in(of))


def _signed(session: Session, site: Site, token: str) -> tuple[EvidenceRequest | None, str]:
    """The request that we once signed this link for, and the nonce that the link holds."""
    payload = tokens.read_token(tokens.load_secret_key(site.settings), LINK_PURPOSE, token, YEARS_SECONDS)
    return (request.of_link(session, payload["request"]), payload["nonce"]) if payload else (None, "")


def _opens(row: EvidenceRequest, nonce: str) -> bool:
    return row.state in LINK_OPENS and row.nonce == nonce and (row.expires_at is None or row.expires_at >= now())


@dataclass(frozen=True)
class SentLine:
    """Something that was sent through this link, and what became of it."""

    title: str
    state: ContributionState
    word: Said
    reason: str


@dataclass(frozen=True)
class PartnerPage:
    """All that a partner sees: what this one request asks, and what came through it, an open question first.

    `name` and `role` are those of the last sender, or else whom the city writes to.
    """

    city: str
    illustrative: bool
    partner: str
    name: str
    role: str
    what: str
    why: str
    item: str
    due_on: date | None
    forms: tuple[EvidenceKind, ...]
    sent: tuple[SentLine, ...]
    limit_mb: int
    room: Said
    accept: str
    language: str


def page(session: Session, site: Site, token: str) -> PartnerPage:
    """Raises NotFound."""
    found = asked(session, site, token)
    row = found.row
    came = request.contributions(session, row.city_id, row.id)
    return PartnerPage(
        city=found.city.name,
        illustrative=found.city.illustrative,
        partner=found.partner.name,
        name=came[0].name if came else found.partner.contact,
        role=came[0].role if came else "",
        what=row.what,
        why=row.why,
        item=_item(session, site, row),
        due_on=row.due_on,
        forms=tuple(EvidenceKind(form) for form in row.forms.split()),
        sent=tuple(sorted(map(_sent, reversed(came)), key=lambda line: line.state is not ContributionState.RETURNED)),
        limit_mb=site.settings.upload_mb,
        room=quota.room_left(session, site, _sender(row)),
        accept=accepted(site.kinds),
        language=row.language,
    )


def _sent(row: Contribution) -> SentLine:
    state = ContributionState(row.state)
    return SentLine(row.title, state, CONTRIBUTION_NAMES[state], row.reason)


def _item(session: Session, site: Site, row: EvidenceRequest) -> str:
    """The item of the checklist in the request's language, empty for the criterion as a whole."""
    run = session.get_one(assessment.Assessment, row.assessment_id)
    local = assessment.local_criterion(session, row.city_id, run.edition, row.criterion)
    criterion = with_local(site.edition(run.edition, row.language).criteria[row.criterion], local)
    return next((item.text for item in criterion.checklist if item.id == row.item), "")


@dataclass(frozen=True)
class Sending:
    """What came with one form: who sends it, the entries that were filled in, and files."""

    name: str
    role: str
    may_quote: bool
    entries: tuple[Entry, ...]
    uploads: tuple[Upload, ...]


def send(site: Site, token: str, sending: Sending) -> tuple[Said, ...]:
    """Keep what came; returns why a file could not be kept, a sentence for each such file. Where anything else is wrong, nothing is kept.

    The sending is counted first, so that trying is limited too. Files are looked at, then go to storage, and then one transaction
    writes all rows. Raises Invalid, NotFound, TooManyAttempts, OutsideUnavailable.
    """
    with site.database.reading() as session:
        found = asked(session, site, token)
    checked = _checked(found, sending)
    _count(site, found)
    with ExitStack() as open_files:
        looked = [_look_at(site, open_files, upload) for upload in sending.uploads]
        good = [one for one in looked if isinstance(one, Looked)]
        stored = _store(site, found, good)
    try:
        _write(site, token, _sender(found.row), checked, stored)
    except CityReadyError:
        _take_back(site, stored)
        raise
    return tuple(one for one in looked if not isinstance(one, Looked))


@dataclass(frozen=True)
class Checked:
    """A form that can be kept: who sends it, as columns, and each entry with its title."""

    given: Mapping[str, Any]
    entries: tuple[tuple[Entry, str], ...]


def _checked(found: Asked, sending: Sending) -> Checked:
    """Raises Invalid for everything that can be known before a file is looked at."""
    kinds = {entry.kind for entry in sending.entries} | ({EvidenceKind.FILE} if sending.uploads else set())
    gathered = Gathered()
    gathered.take(check_sending, kinds, found.row.forms, len(sending.uploads))
    gathered.take(check_sender, sending.name, sending.role)
    for entry in sending.entries:
        gathered.take(lambda entry: {entry.kind: check(entry, found.today)["title"]}, entry)
    checked = gathered.whole()
    given = {"name": checked["name"], "role": checked["role"], "may_quote": sending.may_quote}
    return Checked(given, tuple((entry, checked[entry.kind]) for entry in sending.entries))


def _count(site: Site, found: Asked) -> None:
    """One more sending of this request, and from this network, behind which many partners may sit. Raises TooManyAttempts."""
    network = security_record.current_caller().network
    from_there = TryLimit(subject_of("contribution from", network), MOST_SENDINGS * MANY_BEHIND_ONE, SENDINGS_WITHIN)
    of_request = TryLimit(subject_of("contribution", str(found.row.id)), MOST_SENDINGS, SENDINGS_WITHIN)
    tries.count_try(site, (of_request, from_there))


@dataclass(frozen=True)
class Looked:
    """A file that can be kept, still in a temporary place."""

    received: ReceivedFile
    kind: FileKind
    name: str


def _look_at(site: Site, open_files: ExitStack, upload: Upload) -> Looked | Said:
    """The file, open until the end of `open_files`, or why it cannot be kept, with its name."""
    try:
        received = open_files.enter_context(receive_file(upload.file, site.settings.upload_bytes))
        return Looked(received, files.inspect_file(upload.name, received.file, site.kinds), upload.name)
    except Invalid as problem:
        return say("%(name)s: %(problem)s", name=upload.name, problem=problem.said)


def _store(site: Site, found: Asked, looked: Sequence[Looked]) -> list[tuple[StoredFile, str]]:
    """Each file in storage, and how its sender calls it; when one does not get there, none stays."""
    stored: list[tuple[StoredFile, str]] = []
    try:
        for one in looked:
            row = adding.put(site, found.row.city_id, None, one.received, one.kind, one.name)
            stored.append((row, safe_name(one.name)))
    except CityReadyError:
        _take_back(site, stored)
        raise
    return stored


def _take_back(site: Site, stored: Sequence[tuple[StoredFile, str]]) -> None:
    """Delete what no row will know; a file with an id was in the city before. What cannot be deleted now is found by the sweep."""
    with suppress(OutsideUnavailable):
        for file, _ in stored:
            if file.id is None:
                site.storage.delete(file.key)


def _write(site: Site, token: str, by: Sender, checked: Checked, stored: Sequence[tuple[StoredFile, str]]) -> None:
    size = sum(adding.size_of_new(file) for file, _ in stored)
    with site.database.writing() as session:
        quota.reserve_kept_room(session, site, by, size)
        found = asked(session, site, token)  # it may have been ended while the files came in
        rows = [_contribution(found, entry, title, None, checked.given) for entry, title in checked.entries]
        rows += [_of_file(session, found, each, checked.given, ahead) for ahead, each in enumerate(stored)]
        if not rows:
            return
        session.add_all(rows)
        details = {"request": found.row.id, "count": len(rows), "title": found.partner.name}
        events.record(session, found.row.city_id, None, Verb.CONTRIBUTION_RECEIVED, found.row.criterion, **details)
        if site.settings.smtp_host and found.partner.email:
            job.enqueue(session, found.row.city_id, JobKind.SEND_REQUEST, request=found.row.id, what="receipt")


def _contribution(
    found: Asked, entry: Entry, title: str, file_id: int | None, given: Mapping[str, Any]
) -> Contribution:
    return Contribution(
        city_id=found.row.city_id,
        request_id=found.row.id,
        kind=entry.kind.value,
        title=title,
        entry=_written(entry),
        file_id=file_id,
        **given,
    )


def _of_file(
    session: Session, found: Asked, each: tuple[StoredFile, str], given: Mapping[str, Any], ahead: int
) -> Contribution:
    """Beyond READ_AHEAD files a day the link's files are read when they become evidence, so that no link holds up the city's readings."""
    file, name = each
    came = request.files_since(session, found.row.city_id, found.row.id, now() - timedelta(days=1))
    file_id, title = adding.row_of(session, file, read=came + ahead < READ_AHEAD), title_of_file(name)
    given = {**given, "file_name": name}
    return _contribution(found, Entry(EvidenceKind.FILE, title=title), title, file_id, given)


def _written(entry: Entry) -> str:
    kept = {name: value for name, value in asdict(entry).items() if name != "unread"}
    return json.dumps(kept, ensure_ascii=False, default=str)
