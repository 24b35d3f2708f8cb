"""What a partner sees and sends through a signed link, without an account, and what the data office makes of it."""

import json
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session

from app.adapters import files, mail, tokens
from app.adapters.storage import receive
from app.adapters.words import tongue
from app.rules.criteria import EvidenceKind
from app.rules.errors import CityReadyError, Invalid, NotFound, OutsideUnavailable
from app.rules.evidence_entry import DAYS, Entry, check, title_of_file
from app.rules.files import accepted, safe_name
from app.rules.request import (
    CONTRIBUTION_NAMES,
    LINK_OPENS,
    ContributionState,
    RequestState,
    check_decision_reason,
    check_name,
    check_waiting,
)
from app.rules.wording import Said, say
from app.services import evidence_adding
from app.services.account import TooManyAttempts, Who, today_in
from app.services.assessment import with_local
from app.services.evidence import Download, opened
from app.services.evidence_adding import Upload
from app.services.file_reading import Mention, mentions_of
from app.services.request import LINK, link_of
from app.services.site import Site
from app.store import account, assessment, evidence, file_reading, history, job, request
from app.store.account import SignInAttempt
from app.store.city import City
from app.store.database import now
from app.store.evidence import StoredFile
from app.store.request import Contribution, EvidenceRequest, Partner

YEARS_SECONDS = 3 * 365 * 86_400
"""How long a signature is read at all; the request itself says when its link ends."""
MOST_SENDINGS = 20
SENDINGS_WITHIN = timedelta(hours=1)
MOST_FILES = 10


@dataclass(frozen=True)
class Asked:
    """The request behind a link, for reading."""

    row: EvidenceRequest
    city: City
    partner: Partner
    today: date


def asked(session: Session, site: Site, token: str) -> Asked:
    """The request that the link is for. Raises NotFound when it is forged, ended, too old, or replaced by another."""
    payload = tokens.read(tokens.secret_key(site.settings), LINK, token, YEARS_SECONDS)
    row = request.of_link(session, payload["request"]) if payload else None
    fits = row is not None and payload is not None and row.nonce == payload["nonce"]
    if row is None or not fits or row.state not in LINK_OPENS or (row.expires_at and row.expires_at < now()):
        raise NotFound(say("This link has ended. Ask the person who sent it to you for a new one."))
    partner = request.partner(session, row.city_id, row.partner_id or 0)
    of = session.get_one(City, row.city_id)
    if partner is None:
        raise NotFound(say("This link has ended. Ask the person who sent it to you for a new one."))
    return Asked(row, of, partner, today_in(of))


@dataclass(frozen=True)
class SentLine:
    """Something that was sent through this link, and what became of it."""

    title: str
    word: Said
    reason: str


@dataclass(frozen=True)
class PartnerPage:
    """All that a partner sees: what this one request asks, and what came through it."""

    city: str
    illustrative: bool
    partner: str
    contact: str
    what: str
    why: str
    item: str
    due_on: date | None
    forms: tuple[EvidenceKind, ...]
    sent: tuple[SentLine, ...]
    limit_mb: int
    accept: str
    language: str


def language_of(session: Session, site: Site, token: str) -> str:
    """The language that the partner was asked in; English where the link does not open."""
    try:
        return asked(session, site, token).row.language
    except NotFound:
        return "en"


def page(session: Session, site: Site, token: str) -> PartnerPage:
    """Raises NotFound."""
    found = asked(session, site, token)
    row = found.row
    came = reversed(request.contributions(session, row.city_id, row.id))
    return PartnerPage(
        city=found.city.name,
        illustrative=found.city.illustrative,
        partner=found.partner.name,
        contact=found.partner.contact,
        what=row.what,
        why=row.why,
        item=_item(session, site, row),
        due_on=row.due_on,
        forms=tuple(EvidenceKind(form) for form in row.forms.split()),
        sent=tuple(SentLine(one.title, CONTRIBUTION_NAMES[ContributionState(one.state)], one.reason) for one in came),
        limit_mb=site.settings.upload_mb,
        accept=accepted(site.kinds),
        language=row.language,
    )


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


def send(site: Site, token: str, sending: Sending, address: str) -> int:
    """Keep everything that came, or nothing; returns how many pieces.

    Files go to storage before the transaction begins, which writes all rows. Raises Invalid, NotFound, TooManyAttempts.
    """
    with site.database.reading() as session:
        found = asked(session, site, token)
        _check_attempts(session, token, address)
    name = check_name("name", sending.name)
    role = check_name("role", sending.role) if sending.role.strip() else ""
    welcome = set(found.row.forms.split())
    entries = [entry for entry in sending.entries if entry.kind in welcome]
    uploads = sending.uploads[:MOST_FILES] if EvidenceKind.FILE in welcome else ()
    _check_something(entries, uploads)
    checked = [(entry, check(entry, found.today)["title"]) for entry in entries]
    stored = [_keep(site, found, upload) for upload in uploads]
    given = {"name": name, "role": role, "may_quote": sending.may_quote}
    with site.database.writing() as session:
        again = asked(session, site, token)  # it may have been ended while the files came in
        session.add_all(SignInAttempt(subject=subject) for subject in _subjects(token, address))
        rows = [_contribution(again, entry, title, None, given) for entry, title in checked]
        rows += [_of_file(session, again, file, title, given) for file, title in stored]
        session.add_all(rows)
        partner = again.partner.name
        details = {"request": again.row.id, "count": len(rows), "title": partner}
        history.record(session, again.row.city_id, None, "contribution_received", again.row.criterion, **details)
        if site.settings.smtp_host and again.partner.email:
            job.enqueue(session, again.row.city_id, "request.mail", request=again.row.id, what="receipt")
    return len(rows)


def _check_something(entries: Sequence[Entry], uploads: Sequence[Upload]) -> None:
    if not entries and not uploads:
        raise Invalid({"": say("Add something first: a file, a link, a figure or a few sentences.")})


def _subjects(token: str, address: str) -> list[str]:
    return [tokens.hash_token(f"contribution {token}"), tokens.hash_token(f"contribution from {address}")]


def _check_attempts(session: Session, token: str, address: str) -> None:
    since = now() - SENDINGS_WITHIN
    if any(account.failures(session, subject, since) >= MOST_SENDINGS for subject in _subjects(token, address)):
        raise TooManyAttempts


def _keep(site: Site, found: Asked, upload: Upload) -> tuple[StoredFile, str]:
    """The file in storage, and its title. Raises Invalid for the field `file`, with the file's name in the sentence."""
    try:
        with ExitStack() as stack:
            received = stack.enter_context(receive(upload.file, site.settings.upload_bytes))
            kind = files.inspect(upload.name, received.file, site.kinds)
            row = evidence_adding.put(site, found.row.city_id, None, received, kind, upload.name)
            return row, title_of_file(safe_name(upload.name))
    except CityReadyError as problem:
        said = say("%(name)s: %(problem)s", name=upload.name, problem=problem.said)
        raise Invalid({"file": said}) from None


def _contribution(found: Asked, entry: Entry, title: str, file_id: int | None, given: dict[str, Any]) -> Contribution:
    return Contribution(
        city_id=found.row.city_id,
        request_id=found.row.id or 0,
        kind=entry.kind.value,
        title=title,
        entry=_written(entry),
        file_id=file_id,
        **given,
    )


def _of_file(session: Session, found: Asked, file: StoredFile, title: str, given: dict[str, Any]) -> Contribution:
    file_id = evidence_adding.row_of(session, file)
    return _contribution(found, Entry(EvidenceKind.FILE, title=title), title, file_id, given)


def _written(entry: Entry) -> str:
    kept = {name: value for name, value in asdict(entry).items() if name != "unread"}
    return json.dumps(kept, ensure_ascii=False, default=str)


def _read(text: str) -> Entry:
    kept = json.loads(text)
    days = {name: date.fromisoformat(kept[name]) if kept.get(name) else None for name in DAYS}
    return Entry(**{**kept, **days, "kind": EvidenceKind(kept["kind"]), "items": tuple(kept["items"])})


@dataclass(frozen=True)
class Waiting:
    """A contribution in the inbox with what was asked; `personal` is what its file seems to hold that is nobody's business."""

    row: Contribution
    entry: Entry
    asked: EvidenceRequest
    partner: str
    file: StoredFile | None
    personal: tuple[Mention, ...]


@dataclass(frozen=True)
class Inbox:
    """What waits for a decision, the oldest first."""

    waiting: tuple[Waiting, ...]

    @property
    def moves(self) -> bool:
        """Whether the page changes by itself: that a file was found to be clean is in no record."""
        return any(one.file and one.file.scan == "waiting" for one in self.waiting)


def inbox(session: Session, who: Who) -> Inbox:
    """Everything that came in and was not decided, in a fixed number of queries."""
    rows = request.waiting(session, who.city_id)
    partners = {row.id: row.name for row in request.partners(session, who.city_id)}
    kept = evidence.files(session, who.city_id, {one.file_id for one, _ in rows if one.file_id})
    read = file_reading.of_files(session, who.city_id, kept)
    return Inbox(
        tuple(
            Waiting(
                one,
                _read(one.entry),
                of,
                partners.get(of.partner_id, ""),
                kept.get(one.file_id or 0),
                mentions_of(read[one.file_id or 0], strong=True) if one.file_id in read else (),
            )
            for one, of in rows
        )
    )


def open_file(session: Session, site: Site, who: Who, contribution_id: int) -> Download:
    """The file of something that came in, to be looked at before it is decided on. Raises NotFound, OutsideUnavailable."""
    row = request.contribution(session, who.city_id, contribution_id)
    file = evidence.file_by_id(session, who.city_id, row.file_id) if row and row.file_id else None
    if file is None:
        raise NotFound(say("There is no such file in this city."))
    return opened(site, file)


def decide(session: Session, site: Site, who: Who, contribution_id: int, decision: str, reason: str) -> None:
    """Accept something as evidence for its criterion, send it back with a question, or do not use it.

    Raises Invalid, Refused when it was decided already or nothing can be added to the criterion now, NotFound.
    """
    if decision not in set(ContributionState) - {ContributionState.WAITING}:
        raise Invalid({"decision": say("Choose what to do with it.")})
    row = request.contribution(session, who.city_id, contribution_id)
    of = request.by_id(session, who.city_id, row.request_id) if row else None
    if row is None or of is None:
        raise NotFound(say("There is no such contribution in this city."))
    check_waiting(ContributionState(row.state))
    chosen = ContributionState(decision)
    reason = check_decision_reason(chosen, reason)
    if chosen is ContributionState.ACCEPTED:
        row.evidence_id = _use(session, site, who, row, of)
        of.state = RequestState.FULFILLED.value
        session.add(of)
    row.state, row.reason, row.decided_by, row.decided_at = chosen.value, reason, who.person_id, now()
    session.add(row)
    details = {"request": of.id, "decision": decision, "title": row.title}
    history.record(session, who.city_id, who.person_id, "contribution_decided", of.criterion, **details)
    if chosen is not ContributionState.ACCEPTED and site.settings.smtp_host:
        job.enqueue(session, who.city_id, "request.mail", request=of.id, what="ask", about=row.id)


def _use(session: Session, site: Site, who: Who, row: Contribution, of: EvidenceRequest) -> int:
    """The contribution as a piece of evidence, with where it comes from; returns the piece's id."""
    items = (of.item,) if of.item else ()
    opened = evidence_adding.open_for_adding(session, site, who, of.criterion, items)
    entry = replace(_read(row.entry), items=items)
    columns = check(entry, who.today) | ({"title": row.title} if row.file_id else {})
    piece = evidence_adding.write(session, who, opened, columns | {"file_id": row.file_id}, items)
    piece.partner_id, piece.contributed_on = of.partner_id, today_in(who.city, row.at)
    piece.contributed_by = ", ".join(filter(None, (row.name, row.role)))
    session.add(piece)
    return piece.id or 0


def send_mail(site: Site, city_id: int, payload: dict[str, Any]) -> None:
    """The job `request.mail`: the request itself, what became of something, or a receipt, to the partner's address.

    Nothing is sent where there is no address, or when the request has ended. Raises ConnectionError, so that the job is tried again.
    """
    with site.database.reading() as session:
        row = request.by_id(session, city_id, payload["request"])
        partner = request.partner(session, city_id, row.partner_id) if row and row.partner_id else None
        about = payload.get("about")
        came = (
            next((one for one in request.contributions(session, city_id) if one.id == about), None) if about else None
        )
        of = session.get_one(City, city_id)
    if row is None or partner is None or not partner.email or row.state not in LINK_OPENS:
        return
    words = tongue(row.language)
    letter = _letter(site, of, partner, row, came, payload["what"])
    try:
        mail.send(site.settings, partner.email, words.say(_subject(of)), words.say(letter))
    except OutsideUnavailable as problem:
        raise ConnectionError(str(problem)) from problem


def _subject(of: City) -> Said:
    return say("A question from %(city)s", city=of.name)


def _letter(site: Site, of: City, partner: Partner, row: EvidenceRequest, came: Contribution | None, what: str) -> Said:
    values = {"name": partner.contact or partner.name, "city": of.name, "what": row.what, "link": link_of(site, row)}
    if came is not None and came.state == ContributionState.REJECTED:
        return say(
            "Hello %(name)s,\n\nthank you for “%(title)s”. %(city)s will not use it:\n\n%(reason)s\n\nIf you have something else, "
            "you can add it here:\n\n%(link)s\n",
            **values,
            title=came.title,
            reason=came.reason,
        )
    if came is not None:
        return say(
            "Hello %(name)s,\n\nthank you for “%(title)s”. %(city)s has a question about it:\n\n%(reason)s\n\nYou can answer here, "
            "without an account:\n\n%(link)s\n",
            **values,
            title=came.title,
            reason=came.reason,
        )
    if what == "receipt":
        return say(
            "Hello %(name)s,\n\n%(city)s has received what you sent for this request:\n\n%(what)s\n\nThank you. You can see here what "
            "becomes of it, and add to it:\n\n%(link)s\n",
            **values,
        )
    return say(
        "Hello %(name)s,\n\n%(city)s asks you for this:\n\n%(what)s\n\nWhy: %(why)s\n\nYou can answer here in two minutes, without an "
        "account:\n\n%(link)s\n\nThe link is for you alone and shows nothing but this request.\n",
        **values,
        why=row.why,
    )
