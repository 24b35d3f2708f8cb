"""Sending one letter: handed to the mail server outside of any transaction, and counted before, so that a crash sends it once more at most."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from app.adapters.mail import AddressRefused, HandoverUnknown, Mail, hand_over
from app.rules.errors import OutsideUnavailable
from app.rules.history.verbs import Verb
from app.rules.installation.job import JobKind
from app.services.account import sessions
from app.services.outbox.bundling import find_dropped
from app.services.outbox.ground import load_letter_ground
from app.services.outbox.writing import make_mail, stop_address, write_letter
from app.services.site import Site
from app.store import job, letter
from app.store.history import events
from app.store.letter import Letter, LetterState

MOST_HANDOVERS = 2
"""How often a letter is given to the server without an answer being known: once, and once more after a crash in between."""
TRY_AGAIN = timedelta(minutes=15)
"""How long a letter waits after the server could not be reached."""
LOOK_AGAIN = timedelta(hours=6)
"""After what time it is looked whether someone has another address."""


@dataclass(frozen=True)
class LetterTask:
    """A letter about to be sent: the mail, or None where nothing of it is wanted any more, and why entries of it are not sent.

    `is_stopped` says that the mail server did not take its address.
    """

    letter: Letter
    mail: Mail | None
    dropped: dict[int, str]
    is_stopped: bool = False


def queue_letters(site: Site) -> int:
    """A job for each letter that waits and may be tried now, where there is a mail server; returns how many. Safe between processes."""
    if not site.settings.smtp_host:
        return 0
    with site.database.reading() as session:
        if not letter.list_due_letters(session, sessions.present_moment()):
            return 0
    with site.database.writing() as session:
        site.database.wait_for_others(session)
        known = job.load_open_values(session, JobKind.SEND_LETTER, "letter")
        due = [pair for pair in letter.list_due_letters(session, sessions.present_moment()) if pair[1] not in known]
        for city_id, letter_id in due:
            job.enqueue_job(session, city_id, JobKind.SEND_LETTER, letter=letter_id)
    return len(due)


def send_letter(site: Site, city_id: int, payload: dict[str, Any]) -> None:
    """The job `letter.send`: send the letter `payload["letter"]` while it waits, without what is no longer wanted of it.

    A server that cannot be reached leaves it waiting for another time, an address that is refused stops letters to it.
    """
    task = _load_task(site, city_id, payload["letter"])
    if task and task.is_stopped:
        _end_handover(site, task, try_after=sessions.present_moment() + LOOK_AGAIN)
    if task is None or task.is_stopped or not _begin_handover(site, task) or task.mail is None:
        return
    try:
        hand_over(site.settings, task.mail)
    except AddressRefused as refused:
        _note_refusal(site, task, task.mail.to, refused.reason)
    except HandoverUnknown:
        _end_handover(site, task, try_after=sessions.present_moment() + TRY_AGAIN)
    except OutsideUnavailable:
        _end_handover(site, task, try_after=sessions.present_moment() + TRY_AGAIN, handed=task.letter.handed)
    else:
        _end_handover(site, task, state=LetterState.SENT.value, sent_at=sessions.present_moment())


def _load_task(site: Site, city_id: int, letter_id: int) -> LetterTask | None:
    with site.database.reading() as session:
        found = letter.find_letter(session, city_id, letter_id)
        if found is None or found.state != LetterState.WAITING:
            return None
        ground = load_letter_ground(session, site, city_id, sessions.present_moment())
        entries = letter.list_entries(session, city_id, [letter_id])
        dropped = find_dropped(session, ground, entries)
    wanted = [entry for entry in entries if entry.id not in dropped]
    address = ground.addresses.get(found.person_id)
    if address and address.stopped:
        return LetterTask(found, None, {}, is_stopped=True)
    mail = None
    if wanted:
        stop = stop_address(site, letter_id)
        written = write_letter(site, ground, found.person_id, wanted, stop)
        mail = make_mail(ground, found.person_id, written, found.message_id, stop)
    return LetterTask(found, mail, {entry_id: reason.value for entry_id, reason in dropped.items()})


def _begin_handover(site: Site, task: LetterTask) -> bool:
    """Count that the letter is about to be handed over; False where it is not to be."""
    with site.database.writing() as session:
        held = letter.hold_letter(session, task.letter.city_id, task.letter.id)
        if held is None or held.state != LetterState.WAITING:
            return False
        letter.drop_entries(session, held.city_id, task.dropped)
        if task.mail is None:
            held.state = LetterState.DROPPED.value
            return False
        if held.handed >= MOST_HANDOVERS:
            held.state, held.sent_at = LetterState.SENT.value, sessions.present_moment()
            return False
        held.handed += 1
        return True


def _end_handover(site: Site, task: LetterTask, **values: object) -> None:
    with site.database.writing() as session:
        held = letter.hold_letter(session, task.letter.city_id, task.letter.id)
        if held and held.state == LetterState.WAITING:
            for name, value in values.items():
                setattr(held, name, value)


def _note_refusal(site: Site, task: LetterTask, address: str, reason: str) -> None:
    """The letter is refused, and so is the address, until it changes or an administrator lets it be tried again."""
    moment = sessions.present_moment()
    city_id, person_id = task.letter.city_id, task.letter.person_id
    with site.database.writing() as session:
        held = letter.hold_letter(session, city_id, task.letter.id)
        if held is None or held.state != LetterState.WAITING:
            return
        held.state, held.problem = LetterState.REFUSED.value, reason
        choice = letter.hold_choice(session, city_id, person_id)
        choice.refused_address, choice.refused_reason, choice.refused_at = address, reason, moment
        letter.save_choice(session, choice)
        events.record_event(session, city_id, None, Verb.LETTER_REFUSED, person=person_id, reason=reason)
