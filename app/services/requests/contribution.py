"""What a partner sees and sends through a signed link, without an account."""

import json
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session

from app.adapters import files
from app.adapters.receiving import ReceivedFile, receive_file
from app.rules.account.tries import MANY_BEHIND_ONE, TryLimit, hash_subject
from app.rules.city.naming import CityValues
from app.rules.criteria.edition import EvidenceKind
from app.rules.errors import CityReadyError, FieldGatherer, Invalid, OutsideUnavailable
from app.rules.evidence.entry import EvidenceEntry, check_entry, title_of_file
from app.rules.evidence.public_advice import check_public_advice
from app.rules.files.kinds import FileKind
from app.rules.files.offered import dialog_types, name_kinds
from app.rules.files.upload import Sender
from app.rules.history.verbs import Verb
from app.rules.installation.job import JobKind
from app.rules.message import Message, say
from app.rules.request import CONTRIBUTION_NAMES, ContributionState, check_contribution, check_sender
from app.services import quota
from app.services.account import security_record, tries
from app.services.assessment.ground import with_local_checklist
from app.services.evidence import adding
from app.services.evidence.adding import IncomingFile
from app.services.requests.personal_link import OpenedRequest, build_sender, open_request
from app.services.site import Site
from app.store import assessment, job, request
from app.store.database.engine import now
from app.store.evidence.files import StoredFile
from app.store.history import events
from app.store.request import Contribution, EvidenceRequest

MOST_FORMS = 20
READ_AHEAD = 30
FORMS_WITHIN = timedelta(hours=1)


@dataclass(frozen=True)
class SentLine:
    """Something that was sent through this link, and what became of it."""

    title: str
    state: ContributionState
    word: Message
    reason: str


@dataclass(frozen=True)
class PartnerPage:
    """All that a partner sees: what this one request asks, and what came through it, an open question first.

    `name` and `role` are those of the last sender, or else whom the city writes to; `office` says whom to ask.
    """

    city: str
    office: CityValues
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
    has_read_public_advice: bool
    limit_mb: int
    room: Message
    accept: str
    kinds: tuple[Message, ...]
    language: str


def load_partner_page(session: Session, site: Site, token: str) -> PartnerPage:
    """Raises NotFound."""
    opened = open_request(session, site, token)
    asked_request = opened.row
    contributions = request.list_contributions(session, asked_request.city_id, asked_request.id)
    return PartnerPage(
        city=opened.city.name,
        office=opened.city,
        illustrative=opened.city.illustrative,
        partner=opened.partner.name,
        name=contributions[0].name if contributions else opened.partner.contact,
        role=contributions[0].role if contributions else "",
        what=asked_request.what,
        why=asked_request.why,
        item=_find_item_text(session, site, asked_request),
        due_on=asked_request.due_on,
        forms=tuple(EvidenceKind(form) for form in asked_request.forms.split()),
        sent=tuple(
            sorted(
                map(_sent_line, reversed(contributions)), key=lambda line: line.state is not ContributionState.RETURNED
            )
        ),
        has_read_public_advice=asked_request.public_advice_read_at is not None,
        limit_mb=site.settings.upload_mb,
        room=quota.room_left(session, site, build_sender(asked_request)),
        accept=dialog_types(site.kinds),
        kinds=name_kinds(site.kinds),
        language=asked_request.language,
    )


def _sent_line(contribution: Contribution) -> SentLine:
    state = ContributionState(contribution.state)
    return SentLine(contribution.title, state, CONTRIBUTION_NAMES[state], contribution.reason)


def _find_item_text(session: Session, site: Site, asked_request: EvidenceRequest) -> str:
    """The item of the checklist in the request's language, empty for the criterion as a whole."""
    request_assessment = session.get_one(assessment.Assessment, asked_request.assessment_id)
    local_criterion = assessment.find_own_criterion(
        session, asked_request.city_id, request_assessment.edition, asked_request.criterion
    )
    criterion = with_local_checklist(
        site.edition(request_assessment.edition, asked_request.language).criteria[asked_request.criterion],
        local_criterion,
    )
    return next((item.text for item in criterion.checklist if item.id == asked_request.item), "")


@dataclass(frozen=True)
class ContributionForm:
    """What came with one form: who sends it, the entries that were filled in, and files.

    `advised` says that whoever may be quoted by name has read what that means.
    """

    name: str
    role: str
    may_quote: bool
    entries: tuple[EvidenceEntry, ...]
    uploads: tuple[IncomingFile, ...]
    advised: bool = False


def receive_contribution(site: Site, token: str, form: ContributionForm) -> tuple[Message, ...]:
    """Keep what came; returns why a file could not be kept, a sentence for each such file. Where anything else is wrong, nothing is kept.

    The sending is counted first, so that trying is limited too. Files are looked at, then go to storage, and then one transaction
    writes all rows. Raises Invalid, NotFound, TooManyAttempts, OutsideUnavailable.
    """
    with site.database.reading() as session:
        opened = open_request(session, site, token)
    checked = _check_form(opened, form)
    _count_attempt(site, opened)
    with ExitStack() as open_files:
        outcomes = [_inspect_file(site, open_files, upload) for upload in form.uploads]
        inspected_files = [outcome for outcome in outcomes if isinstance(outcome, InspectedFile)]
        stored = _store_files(site, opened, inspected_files)
    try:
        _save_contributions(site, token, build_sender(opened.row), checked, stored)
    except CityReadyError:
        _delete_stored(site, stored)
        raise
    return tuple(outcome for outcome in outcomes if not isinstance(outcome, InspectedFile))


@dataclass(frozen=True)
class CheckedForm:
    """A form that can be kept: who sends it, as columns, and each entry with its title."""

    given: Mapping[str, Any]
    entries: tuple[tuple[EvidenceEntry, str], ...]


def _check_form(opened: OpenedRequest, form: ContributionForm) -> CheckedForm:
    """Raises Invalid for everything that can be known before a file is looked at."""
    kinds = {entry.kind for entry in form.entries} | ({EvidenceKind.FILE} if form.uploads else set())
    gathered = FieldGatherer()
    gathered.take(check_contribution, kinds, opened.row.forms, len(form.uploads))
    gathered.take(check_sender, form.name, form.role)
    if form.may_quote and opened.row.public_advice_read_at is None:
        gathered.take(lambda: check_public_advice(advised=form.advised))
    for entry in form.entries:
        gathered.take(lambda entry: {entry.kind: check_entry(entry, opened.today)["title"]}, entry)
    values = gathered.whole()
    sender_columns = {"name": values["name"], "role": values["role"], "may_quote": form.may_quote}
    return CheckedForm(sender_columns, tuple((entry, values[entry.kind]) for entry in form.entries))


def _count_attempt(site: Site, opened: OpenedRequest) -> None:
    """One more sending of this request, and from this network, behind which many partners may sit. Raises TooManyAttempts."""
    network = security_record.current_caller().network
    limit_of_network = TryLimit(hash_subject("contribution from", network), MOST_FORMS * MANY_BEHIND_ONE, FORMS_WITHIN)
    limit_of_request = TryLimit(hash_subject("contribution", str(opened.row.id)), MOST_FORMS, FORMS_WITHIN)
    tries.count_try(site, (limit_of_request, limit_of_network))


@dataclass(frozen=True)
class InspectedFile:
    """A file that can be kept, still in a temporary place."""

    received: ReceivedFile
    kind: FileKind
    name: str


def _inspect_file(site: Site, open_files: ExitStack, upload: IncomingFile) -> InspectedFile | Message:
    """The file, open until the end of `open_files`, or why it cannot be kept, with its name."""
    try:
        received = open_files.enter_context(receive_file(upload.file, site.settings.upload_bytes))
        return InspectedFile(received, files.inspect_file(upload.name, received.file, site.kinds), upload.name)
    except Invalid as problem:
        return say("%(name)s: %(problem)s", name=upload.name, problem=problem.said)


def _store_files(
    site: Site, opened: OpenedRequest, inspected_files: Sequence[InspectedFile]
) -> list[tuple[StoredFile, str]]:
    """Each file in storage, and how its sender calls it; when one does not get there, none stays."""
    stored: list[tuple[StoredFile, str]] = []
    try:
        for inspected in inspected_files:
            stored_file = adding.store_file(
                site, opened.row.city_id, None, inspected.received, inspected.kind, inspected.name
            )
            stored.append((stored_file, inspected.name))
    except CityReadyError:
        _delete_stored(site, stored)
        raise
    return stored


def _delete_stored(site: Site, stored: Sequence[tuple[StoredFile, str]]) -> None:
    """Delete what no row will know; a file with an id was in the city before. What cannot be deleted now is found by the sweep."""
    with suppress(OutsideUnavailable):
        for file, _ in stored:
            if file.id is None:
                site.storage.delete(file.key)


def _save_contributions(
    site: Site, token: str, sender: Sender, checked: CheckedForm, stored: Sequence[tuple[StoredFile, str]]
) -> None:
    size = sum(adding.size_to_add(file) for file, _ in stored)
    with site.database.writing() as session:
        quota.reserve_kept_room(session, site, sender, size)
        opened = open_request(session, site, token)  # it may have been ended while the files came in
        contributions = [
            _build_contribution(opened, entry, title, None, checked.given) for entry, title in checked.entries
        ]
        contributions += [
            _build_file_contribution(session, opened, stored_pair, checked.given, ahead)
            for ahead, stored_pair in enumerate(stored)
        ]
        if not contributions:
            return
        request.add_contributions(session, contributions)
        if checked.given["may_quote"]:
            opened.row.public_advice_read_at = opened.row.public_advice_read_at or now()
        details = {"request": opened.row.id, "count": len(contributions), "title": opened.partner.name}
        events.record_event(
            session, opened.row.city_id, None, Verb.CONTRIBUTION_RECEIVED, opened.row.criterion, **details
        )
        if site.settings.smtp_host and opened.partner.email:
            job.enqueue_job(session, opened.row.city_id, JobKind.SEND_REQUEST, request=opened.row.id, what="receipt")


def _build_contribution(
    opened: OpenedRequest, entry: EvidenceEntry, title: str, file_id: int | None, sender_columns: Mapping[str, Any]
) -> Contribution:
    return Contribution(
        city_id=opened.row.city_id,
        request_id=opened.row.id,
        kind=entry.kind.value,
        title=title,
        entry=_entry_as_json(entry),
        file_id=file_id,
        **sender_columns,
    )


def _build_file_contribution(
    session: Session,
    opened: OpenedRequest,
    stored_pair: tuple[StoredFile, str],
    sender_columns: Mapping[str, Any],
    ahead: int,
) -> Contribution:
    """Beyond READ_AHEAD files a day the link's files are read when they become evidence, so that no link holds up the city's readings."""
    file, name = stored_pair
    file_count = request.count_files_since(session, opened.row.city_id, opened.row.id, now() - timedelta(days=1))
    file_id, title = adding.ensure_file_row(session, file, read=file_count + ahead < READ_AHEAD), title_of_file(name)
    sender_columns = {**sender_columns, "file_name": name}
    return _build_contribution(opened, EvidenceEntry(EvidenceKind.FILE, title=title), title, file_id, sender_columns)


def _entry_as_json(entry: EvidenceEntry) -> str:
    values = {name: value for name, value in asdict(entry).items() if name not in {"unread", "pointers", "advised"}}
    return json.dumps(values, ensure_ascii=False, default=str)
