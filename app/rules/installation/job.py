"""What a worker does: the kinds of jobs, the lane of each, and the states that a job goes through."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from enum import StrEnum
from itertools import zip_longest

from app.rules.errors import Invalid
from app.rules.message import say


class JobLane(StrEnum):
    """Jobs of one lane wait for each other and for no other lane: a letter never waits for a report, nor a report for a reading."""

    LETTERS = "letters"
    REPORTS = "reports"
    READINGS = "readings"
    PICTURES = "pictures"
    LINKS = "links"
    CATALOGS = "catalogs"


class JobKind(StrEnum):
    MAKE_REPORT = "report.make"
    LOOK_AT_LINK = "link.look"
    TELL_OF_LINK = "link.tell"
    SCAN_FILE = "file.scan"
    READ_FILE = "file.read"
    READ_PICTURES = "file.pictures"
    SEND_INVITATION = "invitation.mail"
    SEND_PASSPHRASE_LINK = "mail.send"  # noqa: S105 (the name of a kind)
    SEND_EMAIL_LINK = "account.confirm"
    SEND_SECURITY_LETTER = "account.tell"
    SEND_REQUEST = "request.mail"
    SEND_LETTER = "letter.send"
    SEND_REPORT = "report.mail"
    READ_CATALOG = "portal.read"


LANES: Mapping[JobKind, JobLane] = {
    JobKind.SEND_INVITATION: JobLane.LETTERS,
    JobKind.SEND_PASSPHRASE_LINK: JobLane.LETTERS,
    JobKind.SEND_EMAIL_LINK: JobLane.LETTERS,
    JobKind.SEND_SECURITY_LETTER: JobLane.LETTERS,
    JobKind.SEND_REQUEST: JobLane.LETTERS,
    JobKind.SEND_LETTER: JobLane.LETTERS,
    JobKind.SEND_REPORT: JobLane.LETTERS,
    JobKind.TELL_OF_LINK: JobLane.LETTERS,
    JobKind.MAKE_REPORT: JobLane.REPORTS,
    JobKind.SCAN_FILE: JobLane.READINGS,
    JobKind.READ_FILE: JobLane.READINGS,
    JobKind.READ_PICTURES: JobLane.PICTURES,
    JobKind.LOOK_AT_LINK: JobLane.LINKS,
    JobKind.READ_CATALOG: JobLane.CATALOGS,
}


class JobState(StrEnum):
    """LATER until its time has come, then WAITING for its turn, RUNNING while a worker has it, and at last DONE or FAILED."""

    LATER = "later"
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


OPEN_STATES = (JobState.LATER, JobState.WAITING, JobState.RUNNING)
"""States of a job that something still comes of."""
MOST_ATTEMPTS = 3
MAILS = frozenset(
    {
        JobKind.SEND_INVITATION,
        JobKind.SEND_PASSPHRASE_LINK,
        JobKind.SEND_EMAIL_LINK,
        JobKind.SEND_SECURITY_LETTER,
        JobKind.SEND_REQUEST,
        JobKind.TELL_OF_LINK,
    }
)
"""Letters that leave at once. They wait for a mail server that is away, as those of the outbox do."""
MAIL_PATIENCE = timedelta(days=3)
MAIL_RETRY_SECONDS = 900


def check_lane(name: str) -> JobLane:
    """The lane of this name. Raises Invalid for the field `lane`."""
    if name not in set(JobLane):
        raise Invalid({"lane": say("Choose a lane that there is: %(all)s.", all=", ".join(JobLane))})
    return JobLane(name)


def may_try_again(kind: str, attempts: int, age: timedelta) -> bool:
    """Whether a job that failed for the time being is tried once more: three times, and a letter for three days."""
    return attempts < MOST_ATTEMPTS or (kind in MAILS and age < MAIL_PATIENCE)


def retry_seconds(attempts: int) -> int:
    """How long a job that failed for the time being waits before it is tried again."""
    return 5 * attempts if attempts < MOST_ATTEMPTS else MAIL_RETRY_SECONDS


def count_before(waiting: Sequence[tuple[int, int]], turns: Mapping[int, int], job_id: int) -> int:
    """How many of the waiting jobs of a lane, each with its city, have their turn before this one.

    Cities take turns, the one served longest ago first by `turns`; in a city the oldest job is first.
    """
    by_city: dict[int, list[int]] = {}
    for each_id, city_id in sorted(waiting):
        by_city.setdefault(city_id, []).append(each_id)
    cities = sorted(by_city, key=lambda city_id: (turns.get(city_id, 0), city_id))
    rounds = zip_longest(*(by_city[city_id] for city_id in cities))
    order = [each_id for each_round in rounds for each_id in each_round if each_id]
    return order.index(job_id) if job_id in order else 0
