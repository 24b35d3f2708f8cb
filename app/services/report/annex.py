"""A department's own annex: who may make one, and its data, taken from the report's own."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from sqlmodel import Session

from app.rules.city.naming import CityValues
from app.rules.errors import Invalid, NotAllowed
from app.rules.message import say
from app.rules.people.permissions import may_write_for
from app.rules.report.acting import cut_reason
from app.rules.report.annex import AnnexCriterion, AnnexEvidence, AnnexRequest, DepartmentAnnex, count_annex
from app.rules.report.chapter import EvidenceLine
from app.rules.report.page import ReportPage
from app.services.assessment.stand import Stand
from app.services.desk import Desk
from app.services.report.acting import ActingView, make_task
from app.services.report.index import withheld_sentence
from app.services.report.renewing import RenewalView, renewal_days
from app.services.report.summary import make_tile
from app.services.site import Site
from app.store import city as cities
from app.store import request

MOST_CHARACTERS = 240


def list_annex_departments(desk: Desk) -> tuple[tuple[int, str], ...]:
    """The departments whose annex this person may make, by name: all for the data office, their own for a lead."""
    who = desk.who
    every = cities.list_departments(desk.session, desk.city_id)
    return tuple((row.id, row.name) for row in every if may_write_for(who.role, who.departments, row.id))


def check_annex(desk: Desk, department_id: int) -> None:
    """Raises Invalid for a department that is not of this city, NotAllowed for one that the person may make no annex of."""
    if cities.find_department(desk.session, desk.city_id, department_id) is None:
        raise Invalid({"department": say("Choose the department.")})
    if not may_write_for(desk.who.role, desk.who.departments, department_id):
        raise NotAllowed(say("A department’s annex is made by its own leads and by the data office."))


def find_annex_department(site: Site, slug: str, name: str) -> int:
    """The id of a city's department by its name. Raises Invalid."""
    with site.database.reading() as session:
        city = cities.find_city(session, slug)
        every = cities.list_departments(session, city.id) if city else []
        ids = {row.name: row.id for row in every}
    if name not in ids:
        names = ", ".join(ids)
        raise Invalid({"department": say("Choose the department: %(names)s.", names=names)})
    return ids[name]


def keep_department(
    session: Session, city: CityValues, page: ReportPage, views: tuple[ActingView, RenewalView], department_id: int
) -> ReportPage:
    """The page with the annex, and without what other departments answer for."""
    acting, renewing = views
    mine = [stand for stand in acting.seen.stands if stand.department_id == department_id]
    codes = {stand.code for stand in mine}
    department = cities.find_department(session, city.id, department_id)
    tiles = tuple(make_tile(acting.t, acting.seen, stand.code) for stand in mine)
    annex = DepartmentAnnex(
        department=department.name if department else "",
        said=acting.t.say(count_annex(tiles)),
        criteria=tuple(_criterion(acting, renewing, stand) for stand in mine),
        requests=_requests(session, city, acting, department_id),
        expired=renewing.lapsed([code for code in acting.seen.results.out_of_date if code in codes], acting.seen.day),
        renewals=renewal_days(renewing, codes),
    )
    areas = (replace(area, criteria=tuple(line for line in area.criteria if line.code in codes)) for area in page.areas)
    index = tuple(entry for entry in page.index if codes & set(entry.codes))
    return replace(
        page,
        annex=annex,
        areas=tuple(area for area in areas if area.criteria),
        gaps=tuple(gap for gap in page.gaps if gap.code in codes),
        decisions=tuple(decision for decision in page.decisions if decision.code in codes),
        outlook=None,
        strengths=tuple(line for line in page.strengths if line.code in codes),
        index=index,
        withheld=withheld_sentence(acting.t, index),
    )


def _criterion(acting: ActingView, renewing: RenewalView, stand: Stand) -> AnnexCriterion:
    day, expiries = stand.at_risk_from, _expiries(stand)
    numbers = {line.number: piece_id for piece_id, line in renewing.pieces.items()}
    return AnnexCriterion(
        tile=make_tile(acting.t, acting.seen, stand.code),
        task=None if stand.met else make_task(acting, stand),
        evidence=tuple(
            _evidence(acting, line, expiries.get(numbers.get(line.number, 0)))
            for line in acting.chapters[stand.code].evidence
        ),
        expires=_last_day(acting, day),
    )


def _evidence(acting: ActingView, line: EvidenceLine, lapses_on: date | None) -> AnnexEvidence:
    told = not line.restricted
    return AnnexEvidence(line.title, line.period, _last_day(acting, lapses_on), told, line.language if told else "")


def _last_day(acting: ActingView, lapses_on: date | None) -> str:
    return acting.t.day(lapses_on - timedelta(days=1)) if lapses_on else ""


def _expiries(stand: Stand) -> Mapping[int, date]:
    """By the id of a piece, the first day on which an item that rests on it has nothing fresh any more."""
    days: dict[int, date] = {}
    for item in stand.checklist.items:
        if item.lapses_on and item.backing:
            newest = max(item.backing, key=lambda support: (support.period_to or date.min, support.evidence_id))
            days[newest.evidence_id] = min(item.lapses_on, days.get(newest.evidence_id, item.lapses_on))
    return days


def _requests(session: Session, city: CityValues, acting: ActingView, department_id: int) -> tuple[AnnexRequest, ...]:
    sent = request.list_open_requests(session, city.id, [department_id])
    return tuple(
        AnnexRequest(
            code=row.criterion,
            title=acting.seen.edition.criteria[row.criterion].title,
            text=cut_reason(row.what, MOST_CHARACTERS) if acting.shows_inside else "",
            due=acting.t.day(row.due_on) if row.due_on else "",
            overdue=bool(row.due_on and row.due_on < acting.seen.day),
        )
        for row in sent
    )
