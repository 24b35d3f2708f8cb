"""Whether a paper in someone's hands says what the report said."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.rules.errors import NotFound
from app.rules.message import say
from app.services.site import Site
from app.store import report
from app.store.city import City


def verify_address(site: Site, code: str) -> str:
    """Where anyone can check a report."""
    return f"{site.settings.public_url.rstrip('/')}/verify/{code}"


@dataclass(frozen=True)
class VerifiedReport:
    """What the public page says of a report: which it is and the hash of its file, nothing of its content."""

    city: str
    time_zone: str
    number: int
    made_at: datetime | None
    sha256: str
    code: str
    illustrative: bool


def verify_report(session: Session, code: str) -> VerifiedReport:
    """The report with this code, whoever asks. Raises NotFound."""
    known_report = report.find_report_by_code(session, code.strip().upper()[:24])
    city = session.get(City, known_report.city_id) if known_report else None
    if known_report is None or city is None:
        raise NotFound(say("No report has this code. Check each sign against the printed one."))
    return VerifiedReport(
        city.name,
        city.time_zone,
        known_report.number,
        known_report.made_at,
        known_report.sha256,
        known_report.code,
        city.illustrative,
    )
