"""Whether a paper in someone's hands says what the report said, and whether a newer one says otherwise."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from app.rules.account.tries import TryLimit, hash_subject
from app.rules.errors import Invalid, NotFound
from app.rules.message import Message, say
from app.rules.report.code import read_code
from app.rules.report.names import AUDIENCE_NAMES, LENGTH_NAMES
from app.rules.report.parts import ReportAudience, ReportLength
from app.rules.report.stated import StatedFigures, read_stated
from app.services.account import security_record, tries
from app.services.report.edition import has_edition
from app.services.site import Site
from app.settings import LANGUAGES
from app.store.city import City
from app.store.report import reports
from app.store.report.reports import Report

NO_SUCH_CODE = say("No report has this code. Check each sign against the printed one.")
MOST_MISSES = 60
MISSES_WITHIN = timedelta(minutes=15)
"""How many codes that are none may come from one network, behind which a whole council may sit."""


def verify_address(site: Site, code: str) -> str:
    """Where anyone can check a report."""
    return f"{site.settings.public_url}/verify/{code}"


@dataclass(frozen=True)
class OtherReport:
    """Another report of the same city, by its number and when it was made."""

    number: int
    made_at: datetime | None


@dataclass(frozen=True)
class VerifiedDetails:
    """What is told of a report for the public alone. `stated` is None where no figures were kept.

    `newest` is the city's last report for the public; `before` and `after` are those of the same kind that it took the place of, and
    that took its place.
    """

    language: str
    language_name: str
    length: Message
    audience: Message
    is_draft: bool
    has_edition: bool
    stated: StatedFigures | None
    newest: OtherReport
    before: OtherReport | None
    after: OtherReport | None


@dataclass(frozen=True)
class VerifiedReport:
    """What the public page says of a report: of one for other readers only that it exists, and the hash of its file.

    Of one that was disposed of, whoever its readers were, that hash and the days are all that is left.
    """

    city: str
    time_zone: str
    number: int
    made_at: datetime | None
    sha256: str
    code: str
    illustrative: bool
    disposed_at: datetime | None
    details: VerifiedDetails | None


def find_typed_code(typed: str) -> str:
    """The code as it is printed, from whatever was typed. Raises Invalid."""
    code = read_code(typed)
    if code is None:
        raise Invalid({"code": say("A code has twelve letters and digits in three groups, such as ABCD-2345-WXYZ.")})
    return code


def verify_report(session: Session, site: Site, typed: str) -> VerifiedReport:
    """The report with this code, whoever asks. Raises NotFound, and TooManyAttempts for a network from which too many wrong codes came."""
    network = security_record.current_caller().network
    limits = (TryLimit(hash_subject("report code from", network), MOST_MISSES, MISSES_WITHIN),)
    tries.check_limits(session, limits)
    code = read_code(typed)
    known_report = reports.find_report_by_code(session, code) if code else None
    if known_report is None:
        session.rollback()  # nothing is held while the miss is written
        tries.count_try(site, limits)
        raise NotFound(NO_SUCH_CODE)
    return _verified_page(session, known_report, session.get_one(City, known_report.city_id))


def _verified_page(session: Session, known_report: Report, city: City) -> VerifiedReport:
    is_told = known_report.audience == ReportAudience.PUBLIC and not known_report.disposed_at
    return VerifiedReport(
        city=city.name,
        time_zone=city.time_zone,
        number=known_report.number,
        made_at=known_report.made_at,
        sha256=known_report.sha256,
        code=known_report.code,
        illustrative=city.illustrative,
        disposed_at=known_report.disposed_at,
        details=_public_details(session, known_report) if is_told else None,
    )


def _public_details(session: Session, known_report: Report) -> VerifiedDetails:
    newest = reports.find_newest_report(session, known_report.city_id, ReportAudience.PUBLIC) or known_report
    before, after = reports.find_neighbours(session, known_report)
    return VerifiedDetails(
        language=known_report.language,
        language_name=LANGUAGES.get(known_report.language, known_report.language),
        length=LENGTH_NAMES.get(known_report.length, LENGTH_NAMES[ReportLength.FULL]),
        audience=AUDIENCE_NAMES[known_report.audience],
        is_draft=known_report.is_draft,
        has_edition=has_edition(known_report),
        stated=read_stated(known_report.stated),
        newest=_other_report(newest),
        before=_other_report(before) if before else None,
        after=_other_report(after) if after else None,
    )


def _other_report(known_report: Report) -> OtherReport:
    return OtherReport(known_report.number, known_report.made_at)
