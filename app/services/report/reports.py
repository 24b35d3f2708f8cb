"""Reports: asked for, made by a job, kept frozen, found again, and checked by anyone who has the code."""

import hashlib
import io
import json
import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from app.adapters.pdf.fonts import font_assets, printed
from app.adapters.pdf.report_html import report_html
from app.adapters.storage import new_key
from app.adapters.translations import tongue
from app.rules.errors import CityReadyError, Invalid, NotFound, OutsideUnavailable, Refused
from app.rules.history.verbs import Verb
from app.rules.job import JobKind
from app.rules.message import Said, say
from app.rules.report import Parts, read_parts
from app.services.account.sessions import today_in
from app.services.assessment import current
from app.services.desk import Desk
from app.services.lease import Lease, new_lease
from app.services.planning.page import find as find_scenario
from app.services.report import content as report_page
from app.services.site import Site
from app.settings import LANGUAGES
from app.store import city as cities
from app.store import job, people, report
from app.store.city import City
from app.store.database.engine import now
from app.store.history import events
from app.store.report import Report

LENGTHS: dict[str, Said] = {"one-page": say("One page"), "full": say("Full, with every criterion")}
SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Letters and digits that cannot be mistaken for one another on paper."""
SAME_WITHIN = timedelta(hours=12)

NOT_MADE = say("The report could not be made. This is on our side; please ask for it again.")

STEPS: dict[str, Said] = {
    "": say("Waiting for its turn"),
    "collecting": say("Collecting answers and evidence"),
    "laying_out": say("Laying out the pages"),
    "storing": say("Storing the file"),
}


@dataclass(frozen=True)
class ReportLine:
    """A report in a list or on its own page; `language`, `length` and `parts` are already words."""

    number: int
    state: str
    step: Said
    steps_done: int
    steps_total: int
    error: str
    language: str
    length: Said
    parts: tuple[Said, ...]
    sentence: str
    code: str
    sha256: str
    size_bytes: int
    history_number: int
    history_head: str
    requested_by: str
    created_at: datetime
    made_at: datetime | None


def request(
    desk: Desk, language: str, length: str, *, forecast: bool = False, scenario: int | None = None
) -> tuple[int, bool]:
    """Ask for a report, with the forecast and a scenario as the plan where they are wanted.

    Returns its number, and whether one that says the same existed and is given instead. Raises Invalid.
    """
    if scenario:
        _check_scenario(desk, scenario)
    parts = Parts(desk.who.today if forecast else None, scenario)
    found, existed = _ask(desk.session, desk.who.city, desk.who.person_id, language, length, parts)
    if not existed:
        job.enqueue(desk.session, desk.city_id, JobKind.MAKE_REPORT, report=found.id)
    return found.number, existed


def _check_scenario(desk: Desk, scenario: int) -> None:
    try:
        find_scenario(desk, scenario)
    except NotFound:
        raise Invalid({"scenario": say("Choose one of the scenarios.")}) from None


def _ask(
    session: Session,
    city: City,
    person_id: int | None,
    language: str,
    length: str,
    parts: Parts,
    *,
    made: bool = False,
) -> tuple[Report, bool]:
    """The report, and whether it was there before; with `made` only one that is ready counts as there."""
    if language not in LANGUAGES:
        raise Invalid({"language": say("Choose one of the languages.")})
    if length not in LENGTHS:
        raise Invalid({"length": say("Choose how long the report should be.")})
    city_id, run = city.id, current(session, city)
    cities.lock(session, city_id)
    shows = events.last_change(session, city_id)
    same = report.same(session, city_id, shows, language, length, parts.write(), now() - SAME_WITHIN)
    if same and (same.file_key or not made):
        return same, True
    number = report.last_number(session, city_id) + 1
    event = events.record(
        session,
        city_id,
        person_id,
        Verb.REPORT_REQUESTED,
        f"no. {number}",
        language=language,
        length=length,
        parts=parts.write(),
    )
    asked = Report(
        city_id=city_id,
        assessment_id=run.id,
        number=number,
        language=language,
        length=length,
        parts=parts.write(),
        code=_code(),
        shows_number=shows,
        history_number=event.number,
        requested_by=person_id,
    )
    session.add(asked)
    events.seal(session)
    asked.history_head = event.hash
    return asked, False


def _code() -> str:
    """Twelve of SIGNS in groups of four: 58 bits, so that codes cannot be guessed."""
    signs = "".join(secrets.choice(SIGNS) for _ in range(12))
    return "-".join((signs[:4], signs[4:8], signs[8:]))


def make(site: Site, city_id: int, payload: dict[str, Any]) -> None:
    """The job: collect in a short reading transaction, lay out in the child process, store the file, then write the row."""
    with site.database.reading() as session:
        if session.get_one(Report, payload["report"]).state == "ready":
            return  # its worker ended between the report and the job
    try:
        _make(site, city_id, int(payload["report"]))
    except OutsideUnavailable as problem:  # what is too heavy is not laid out three times
        raise Refused(problem.said) from problem


def give_up(session: Session, city_id: int, payload: dict[str, Any], told: Said | None) -> None:
    """Say on the report's page, in the report's language, why it is not there; it can be asked for again."""
    row = report.hold_unfinished(session, city_id, int(payload["report"]))
    if row:
        row.state, row.error = "failed", tongue(row.language).say(told or NOT_MADE)
        session.add(row)


def _make(site: Site, city_id: int, report_id: int) -> bytes:
    _note(site, city_id, report_id, state="making", step="collecting")
    with site.database.reading() as session:
        row = session.get_one(Report, report_id)
        city = session.get_one(City, city_id)
        page = printed(report_page.build(session, site, city, row, verify_address(site, row.code)))
    _note(site, city_id, report_id, step="laying_out")
    assets = font_assets(page.other_scripts)
    if city.logo_key:
        assets["logo"] = b"".join(site.storage.open(city.logo_key))
    pdf = site.pdf.make(report_html(page), assets=assets)
    _note(site, city_id, report_id, step="storing")
    sha256 = hashlib.sha256(pdf).hexdigest()
    key = new_key()
    site.storage.put(key, io.BytesIO(pdf))
    with site.database.writing() as session:
        made = session.get_one(Report, report_id)
        made.state, made.step, made.error, made.made_at = "ready", "", "", now()
        made.file_key, made.sha256, made.size_bytes = key, sha256, len(pdf)
        made.sentence = f"{page.headline}. {page.answer}"
        made.content = json.dumps(asdict(page), ensure_ascii=False)
        session.add(made)
        events.record(session, city_id, made.requested_by, Verb.REPORT_MADE, f"no. {made.number}", sha256=sha256)
    return pdf


def _note(site: Site, city_id: int, report_id: int, **values: str) -> None:
    with site.database.writing() as session:
        report.note(session, city_id, report_id, **values)


def make_file(site: Site, slug: str, language: str, length: str, *, forecast: bool = False) -> bytes:
    """Make a report now and return the PDF; kept and numbered like any other. Raises NotFound, Invalid, OutsideUnavailable."""
    with site.database.writing() as session:
        city = cities.find(session, slug)
        if city is None:
            raise NotFound(say("There is no city “%(slug)s” here.", slug=slug))
        parts = Parts(today_in(city) if forecast else None)
        asked, existed = _ask(session, city, None, language, length, parts, made=True)
        lease = None if existed else _take(session, site, asked)
    if lease is None:
        return b"".join(site.storage.open(asked.file_key or ""))
    return _make_here(lease, asked)


def _take(session: Session, site: Site, asked: Report) -> Lease:
    """The job of the report in the hands of this process. Should it be killed, a worker makes the report."""
    made = job.enqueue(session, asked.city_id, JobKind.MAKE_REPORT, report=asked.id)
    job.take_this(session, made, new_lease())
    return Lease(site, made)


def _make_here(lease: Lease, asked: Report) -> bytes:
    """Also when a person stops it: the report is ready or has failed, and waits for nobody."""
    with lease:
        try:
            content = _make(lease.site, asked.city_id, asked.id)
        except BaseException as problem:
            told = problem.said if isinstance(problem, CityReadyError) else None
            with lease.site.database.writing() as session:
                lease.finish(session, type(problem).__name__)
                give_up(session, asked.city_id, {"report": asked.id}, told)
            raise
        with lease.site.database.writing() as session:
            lease.finish(session)
    return content


def verify_address(site: Site, code: str) -> str:
    """Where anyone can check a report."""
    return f"{site.settings.public_url.rstrip('/')}/verify/{code}"


def past(desk: Desk) -> tuple[ReportLine, ...]:
    """The city's reports, newest first."""
    names = people.names(desk.session, desk.city_id)
    return tuple(_line(row, names) for row in report.all_of(desk.session, desk.city_id))


def show(desk: Desk, number: int) -> ReportLine:
    """One report by its number in this city. Raises NotFound."""
    return _line(_find(desk, number), people.names(desk.session, desk.city_id))


def _find(desk: Desk, number: int) -> Report:
    found = report.by_number(desk.session, desk.city_id, number)
    if found is None:
        raise NotFound(say("There is no report no. %(number)s in this city.", number=number))
    return found


def _line(row: Report, names: dict[int, str]) -> ReportLine:
    return ReportLine(
        number=row.number,
        state=row.state,
        step=STEPS.get(row.step, STEPS[""]),
        steps_done=list(STEPS).index(row.step) + 1 if row.step in STEPS else 1,
        steps_total=len(STEPS),
        error=row.error,
        language=LANGUAGES.get(row.language, row.language),
        length=LENGTHS.get(row.length, say("Full, with every criterion")),
        parts=_parts_in_words(row),
        sentence=row.sentence,
        code=row.code,
        sha256=row.sha256,
        size_bytes=row.size_bytes,
        history_number=row.history_number,
        history_head=row.history_head,
        requested_by=names.get(row.requested_by or 0, ""),
        created_at=row.created_at,
        made_at=row.made_at,
    )


def _parts_in_words(row: Report) -> tuple[Said, ...]:
    parts = read_parts(row.parts)
    return (say("with the forecast"),) * bool(parts.forecast_on) + (say("with the plan"),) * bool(parts.scenario)


def open_file(desk: Desk, number: int) -> tuple[Iterator[bytes], str, int]:
    """The stored PDF as chunks, its file name and its size in bytes. Raises NotFound while it is not ready."""
    found = _find(desk, number)
    if found.state != "ready" or not found.file_key:
        raise NotFound(say("This report is not ready yet."))
    name = f"{desk.who.city.slug}-readiness-{found.number}-{found.language}-{found.length}.pdf"
    return desk.site.storage.open(found.file_key), name, found.size_bytes


@dataclass(frozen=True)
class Verified:
    """What the public page says of a report: which it is and the hash of its file, nothing of its content."""

    city: str
    time_zone: str
    number: int
    made_at: datetime | None
    sha256: str
    code: str
    illustrative: bool


def verify(session: Session, code: str) -> Verified:
    """The report with this code, whoever asks. Raises NotFound."""
    found = report.by_code(session, code.strip().upper()[:24])
    city = session.get(City, found.city_id) if found else None
    if found is None or city is None:
        raise NotFound(say("No report has this code. Check each sign against the printed one."))
    return Verified(city.name, city.time_zone, found.number, found.made_at, found.sha256, found.code, city.illustrative)
