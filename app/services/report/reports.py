"""Reports: asked for, made by a job, kept frozen, found again, and checked by anyone who has the code."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import Session

from app.rules.city.naming import CityValues
from app.rules.errors import Invalid, NotFound
from app.rules.history.verbs import Verb
from app.rules.installation.job import JobKind
from app.rules.message import Message, say
from app.rules.report.code import CODE_GROUPS, CODE_SIGNS, GROUP_SIZE, group_code
from app.rules.report.names import AUDIENCE_NAMES, LENGTH_NAMES
from app.rules.report.parts import ReportAudience, ReportLength, ReportOrder, ReportParts, read_parts
from app.rules.report.state import ReportState
from app.services.account.sessions import today_in
from app.services.assessment.ground import load_open_assessment
from app.services.desk import Desk
from app.services.planning.page import find_scenario
from app.services.report.annex import check_annex
from app.services.report.document import has_document
from app.services.report.edition import has_edition
from app.services.report.finding import find_city_report, find_kept_report, name_report_file
from app.services.report.keeping import ReportKeeping, load_keeping
from app.services.report.longest import LongText, list_longest_texts
from app.services.report.mailing import MailingPart, load_mailing
from app.services.report.opening import OpeningLine, list_openings
from app.services.report.since import results_since
from app.services.report.standing import is_lost, load_states
from app.settings import LANGUAGES
from app.store import city as cities
from app.store import job, people
from app.store.database.engine import now
from app.store.history import events
from app.store.report import reports
from app.store.report.reports import Report

NEWEST_SHOWN = 10
"""Reports beside the form; the others stand on a page of their own."""
SAME_WITHIN = timedelta(hours=12)


NOT_MADE = say("The report could not be made. This is on our side; please ask for it again.")


STEP_NAMES: dict[str, Message] = {
    "": say("Waiting for its turn"),
    "collecting": say("Collecting answers and evidence"),
    "laying_out": say("Preparing pages"),
    "storing": say("Storing the file"),
}


@dataclass(frozen=True)
class ReportLine:
    """A report in a list or on its own page; `language`, `length` and `parts` are already words."""

    number: int
    state: ReportState
    step: Message
    steps_done: int
    steps_total: int
    error: str
    language: str
    length: Message
    audience: Message
    is_draft: bool
    parts: tuple[Message, ...]
    sentence: str
    code: str
    sha256: str
    size_bytes: int
    history_number: int
    history_head: str
    requested_by: str
    created_at: datetime
    made_at: datetime | None
    disposed_at: datetime | None = None
    since: Message | None = None
    has_document: bool = False
    has_edition: bool = False
    supersedes: int = 0
    superseded_by: int = 0
    before: int = 0
    longest: tuple[LongText, ...] = ()
    openings: tuple[OpeningLine, ...] = ()
    mailing: MailingPart | None = None
    keeping: ReportKeeping | None = None


def order_report(
    desk: Desk,
    language: str,
    length: str,
    *,
    audience: str = ReportAudience.PUBLIC,
    is_draft: bool = False,
    forecast: bool = False,
    scenario: int | None = None,
    department_id: int | None = None,
    is_shortened: bool = False,
) -> tuple[int, bool]:
    """Ask for a report, with the forecast and a scenario as the plan where they are wanted.

    Returns its number, and whether one that says the same existed and is given instead. Raises Invalid, NotAllowed.
    """
    if department_id and length == ReportLength.ANNEX:
        check_annex(desk, department_id)
    if scenario:
        _check_scenario(desk, scenario)
    parts = ReportParts(desk.who.today if forecast else None, scenario, is_shortened)
    order = read_order(language, length, audience, is_draft=is_draft, department_id=department_id, parts=parts)
    ordered_report, existed = find_or_order(desk.session, desk.who.city, desk.who.person_id, order)
    if not existed:
        job.enqueue_job(desk.session, desk.city_id, JobKind.MAKE_REPORT, report=ordered_report.id)
    return ordered_report.number, existed


def _check_scenario(desk: Desk, scenario: int) -> None:
    try:
        find_scenario(desk, scenario)
    except NotFound:
        raise Invalid({"scenario": say("Choose one of the scenarios.")}) from None


def read_order(
    language: str,
    length: str,
    audience: str,
    *,
    is_draft: bool = False,
    department_id: int | None = None,
    parts: ReportParts,
) -> ReportOrder:
    """What a form or a command asks for. Raises Invalid with the fields that name nothing there is."""
    wrong = {
        "language": language not in LANGUAGES and say("Choose one of the languages."),
        "length": length not in LENGTH_NAMES and say("Choose how long the report should be."),
        "audience": audience not in AUDIENCE_NAMES and say("Choose who is to read the report."),
    }
    is_annex = length == ReportLength.ANNEX
    wrong["department"] = is_annex and department_id is None and say("Choose the department.")
    if any(wrong.values()):
        raise Invalid({field: message for field, message in wrong.items() if message})
    return ReportOrder(
        language, ReportLength(length), ReportAudience(audience), is_draft, department_id if is_annex else None, parts
    )


def find_or_order(
    session: Session, city: CityValues, person_id: int | None, order: ReportOrder, *, made: bool = False
) -> tuple[Report, bool]:
    """The report, and whether it was there before; with `made` only one that is ready counts as there."""
    city_id, open_assessment = city.id, load_open_assessment(session, city)
    cities.lock_city(session, city_id)
    shows = events.find_last_change_number(session, city_id)
    same = reports.find_same_report(session, city_id, shows, order, now() - SAME_WITHIN)
    is_of_today = same is not None and today_in(city, same.created_at) == today_in(city)
    if same and is_of_today and (same.file_key or not made) and not is_lost(session, same):
        return same, True
    number = reports.find_last_number(session, city_id) + 1
    asked = reports.order_columns(order)
    event = events.record_event(session, city_id, person_id, Verb.REPORT_REQUESTED, f"no. {number}", **asked)
    new_report = Report(
        city_id=city_id,
        assessment_id=open_assessment.id,
        number=number,
        **asked,
        code=_new_code(),
        shows_number=shows,
        history_number=event.number,
        requested_by=person_id,
    )
    reports.add_report(session, new_report)
    events.seal_events(session)
    new_report.history_head = event.hash
    return new_report, False


def _new_code() -> str:
    """Twelve signs: 58 bits, so that codes cannot be guessed."""
    return group_code("".join(secrets.choice(CODE_SIGNS) for _ in range(GROUP_SIZE * CODE_GROUPS)))


def list_reports(desk: Desk) -> tuple[ReportLine, ...]:
    """The city's last reports, newest first."""
    return list_report_lines(desk, reports.list_reports(desk.session, desk.city_id, NEWEST_SHOWN))


def list_assessment_reports(desk: Desk, assessment_id: int) -> tuple[ReportLine, ...]:
    """Those made from one assessment, newest first."""
    return list_report_lines(desk, reports.list_assessment_reports(desk.session, desk.city_id, assessment_id))


def list_report_lines(desk: Desk, known_reports: list[Report]) -> tuple[ReportLine, ...]:
    """What a list says of each of them."""
    names = people.load_names(desk.session, desk.city_id)
    states = load_states(desk.session, desk.city_id, known_reports)
    return tuple(_report_line(known_report, names, states[known_report.id]) for known_report in known_reports)


def load_report(desk: Desk, number: int) -> ReportLine:
    """One report by its number in this city. Raises NotFound."""
    known_report = find_city_report(desk, number)
    (line,) = list_report_lines(desk, [known_report])
    if line.state is ReportState.WAITING:
        before = job.count_jobs_before(desk.session, desk.city_id, JobKind.MAKE_REPORT, report=known_report.id)
        return replace(line, before=before)
    if line.state is ReportState.FAILED:
        return replace(line, longest=list_longest_texts(desk, known_report.assessment_id))
    earlier, later = reports.find_neighbours(desk.session, known_report)
    return replace(
        line,
        since=results_since(desk, known_report),
        supersedes=earlier.number if earlier else 0,
        superseded_by=later.number if later else 0,
        openings=list_openings(desk, known_report.id),
        mailing=load_mailing(desk, known_report),
        keeping=load_keeping(desk, known_report),
    )


def order_again(desk: Desk, number: int, *, is_shortened: bool = False) -> int:
    """Ask once more for a report that could not be made, or with its long texts shortened; the number of the new one.

    Raises NotFound, Invalid.
    """
    lost_report = find_city_report(desk, number)
    if not is_lost(desk.session, lost_report):
        return number  # it is there, or still comes
    parts = read_parts(lost_report.parts)
    return order_report(
        desk,
        lost_report.language,
        lost_report.length,
        audience=lost_report.audience,
        is_draft=lost_report.is_draft,
        forecast=parts.forecast_on is not None,
        scenario=parts.scenario,
        department_id=lost_report.department_id,
        is_shortened=is_shortened or parts.is_shortened,
    )[0]


def _report_line(known_report: Report, names: dict[int, str], state: ReportState) -> ReportLine:
    return ReportLine(
        number=known_report.number,
        state=state,
        step=STEP_NAMES.get(known_report.step, STEP_NAMES[""]),
        steps_done=list(STEP_NAMES).index(known_report.step) + 1 if known_report.step in STEP_NAMES else 1,
        steps_total=len(STEP_NAMES),
        error=known_report.error,
        language=LANGUAGES.get(known_report.language, known_report.language),
        length=LENGTH_NAMES.get(known_report.length, say("Full, with every criterion")),
        audience=AUDIENCE_NAMES[known_report.audience],
        is_draft=known_report.is_draft,
        parts=_parts_in_words(known_report),
        sentence=known_report.sentence,
        code=known_report.code,
        sha256=known_report.sha256,
        size_bytes=known_report.size_bytes,
        history_number=known_report.history_number,
        history_head=known_report.history_head,
        requested_by=names.get(known_report.requested_by or 0, ""),
        created_at=known_report.created_at,
        made_at=known_report.made_at,
        disposed_at=known_report.disposed_at,
        has_document=has_document(known_report),
        has_edition=has_edition(known_report),
    )


def _parts_in_words(known_report: Report) -> tuple[Message, ...]:
    parts = read_parts(known_report.parts)
    words = (
        (say("with the forecast"), parts.forecast_on),
        (say("with the plan"), parts.scenario),
        (say("long texts shortened for print"), parts.is_shortened),
    )
    return tuple(word for word, is_asked in words if is_asked)


def open_report_file(desk: Desk, number: int) -> tuple[Iterator[bytes], str, int]:
    """The stored PDF as chunks, its file name and its size in bytes. Raises NotFound while it is not ready."""
    known_report = find_kept_report(desk, number)
    if not known_report.file_key:
        raise NotFound(say("This report is not ready yet."))
    name = name_report_file(desk, known_report, "pdf")
    return desk.site.storage.open(known_report.file_key), name, known_report.size_bytes
