"""The one way in which mail leaves: in the reader's language, and with the notice of who we are not under it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from app.adapters import mail, tokens
from app.adapters.mail import AddressRefused, HandoverUnknown
from app.adapters.translations import load_translator
from app.rules.errors import OutsideUnavailable
from app.rules.independence import INDEPENDENCE
from app.rules.message import Message
from app.services.site import Site
from app.store import job

MOST_HANDOVERS = 2
"""How often a letter is given to the server without an answer being known: once, and once more after a crash in between."""

_JOB: ContextVar[int | None] = ContextVar("job whose letter is sent", default=None)


@contextmanager
def written_for(job_id: int) -> Iterator[None]:
    """A letter that is sent inside is the one of this job: never lost while the job is open, and sent once more at most after a crash."""
    mark = _JOB.set(job_id)
    try:
        yield
    finally:
        _JOB.reset(mark)


def mail_letter(site: Site, to: str, language: str, subject: Message, letter: Message) -> None:
    """Raises Invalid for what is no address, AddressRefused where the server does not take it for good, and OutsideUnavailable."""
    words = load_translator(language)
    text = f"{words.say(letter).rstrip()}\n\n-- \n{words.say(INDEPENDENCE)}\n"
    job_id = _JOB.get()
    if job_id is None:
        mail.send_mail(site.settings, to, words.say(subject), text)
        return
    with site.database.writing() as session:
        if not job.begin_handover(session, job_id, MOST_HANDOVERS):
            return
    try:
        mail.send_mail(site.settings, to, words.say(subject), text, _message_id(site, job_id))
    except OutsideUnavailable as problem:
        if isinstance(problem.__cause__, AddressRefused):
            raise problem.__cause__ from None
        if not isinstance(problem, HandoverUnknown):
            with site.database.writing() as session:
                job.undo_handover(session, job_id)
        raise


def _message_id(site: Site, job_id: int) -> str:
    """The same for a job each time, so that a reader who gets its letter twice sees it once; it tells nothing."""
    known = tokens.hash_token(f"letter of job {job_id} {tokens.split_keys(tokens.load_secret_key(site.settings))[-1]}")
    return mail.make_message_id(site.settings, known[:32])
