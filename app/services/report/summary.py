"""The council summary of a report: put together from the report's own figures and the record that they were made from."""

from collections.abc import Mapping

from sqlmodel import Session

from app.adapters.translations import Translator
from app.rules.city.naming import CityValues
from app.rules.message import say
from app.rules.report.answers import answer_certifiable
from app.rules.report.audience import SIGHTS
from app.rules.report.matrix import TILE_NAMES, SummaryArea, SummaryTile, choose_tile_state
from app.rules.report.page import ReportPage
from app.rules.report.summary import ReportSummary, SummaryTerm, pick_terms
from app.services.assessment.overview import Overview
from app.services.report.acting import (
    ActingView,
    count_partners,
    group_tasks,
    leaders_decisions,
    list_partner_requests,
    partner_lines,
    wait_sentence,
)
from app.services.report.ahead import name_unknown
from app.services.report.changes import ChangeView, list_changes
from app.services.report.outcomes import list_outcomes
from app.services.report.renewing import (
    RenewalView,
    biggest_risk,
    later_sentence,
    month_names,
    renewal_days,
)
from app.services.site import Site
from app.store import request
from app.store.report.reports import Report

TERMS = (
    (say("Criterion"), say("One of the requirements of the standard. It earns one point or none.")),
    (say("Core criterion"), say("One without which no level is given, whatever the count.")),
    (
        say("Met (our own review)"),
        say("A reviewer of the city decided so. Only this counts; it is no decision of the program."),
    ),
    (say("Still fresh"), say("Met, and its evidence is recent enough on the day of this report.")),
    (say("Range"), say("The level that the city estimates for itself, by the number of criteria met.")),
    (say("Claimed"), say("A department says that it meets the criterion; nobody has reviewed it. It earns no points.")),
    (say("Evidence"), say("A document, a link, a figure or a note that shows how a criterion is met.")),
)


CHECKING = say(
    "Open the address, or type the code there. The page says whether this report is real, and what it said when it was made."
)


def open_views(
    session: Session, t: Translator, city: CityValues, seen: Overview, page: ReportPage, numbers: Mapping[int, int]
) -> tuple[ActingView, RenewalView]:
    """Who must act and what to renew, as the page's audience may see it.

    `numbers` are those of the pieces of evidence in the report's index, by their ids.
    """
    acting = ActingView(
        t,
        seen,
        {chapter.code: chapter for area in page.areas for chapter in area.criteria},
        list_partner_requests(session, city.id, seen),
        {partner.id: partner.name for partner in request.list_partners(session, city.id)},
        shows_inside=SIGHTS[page.audience].reasons,
        names_partners=SIGHTS[page.audience].partner_names,
        answered=frozenset(asked.id for _, asked in request.list_waiting_contributions(session, city.id)),
    )
    lines = {entry.evidence.number: entry.evidence for entry in page.index}
    return acting, RenewalView(t, seen, {piece_id: lines[number] for piece_id, number in numbers.items()})


def summarize_report(compared: ChangeView, report: Report, views: tuple[ActingView, RenewalView]) -> ReportSummary:
    """The summary of the page that is being made."""
    acting, renewing = views
    t, seen, page, city = acting.t, acting.seen, compared.page, compared.city
    groups = group_tasks(acting)
    return ReportSummary(
        certifiable=t.say(answer_certifiable(seen.results)),
        matrix=_matrix(t, page, seen),
        results=_both_results(t, page),
        risk=biggest_risk(renewing),
        decisions=leaders_decisions(acting),
        wait=wait_sentence(acting),
        groups=groups,
        partners=partner_lines(acting),
        expired=renewing.lapsed(seen.results.out_of_date, seen.day),
        renewals=renewal_days(renewing),
        later=later_sentence(renewing),
        unknown=name_unknown(seen),
        months=month_names(renewing),
        outcomes=list_outcomes(compared.session, t, city),
        changes=list_changes(compared, report),
        terms=_terms(compared.site, t, seen, [task.way for group in groups for task in group.tasks]),
        contact=_contact(t, city, report),
        checking=t.say(CHECKING),
        partners_said=count_partners(acting),
    )


def _matrix(t: Translator, page: ReportPage, seen: Overview) -> tuple[SummaryArea, ...]:
    return tuple(
        SummaryArea(
            area.title,
            t.say(say("%(met)s of %(total)s met", met=area.met, total=area.total)),
            tuple(make_tile(t, seen, chapter.code) for chapter in area.criteria),
        )
        for area in page.areas
    )


def make_tile(t: Translator, seen: Overview, code: str) -> SummaryTile:
    """A criterion with its state of the day and who answers for it."""
    stand = seen.stand_of(code)
    state = choose_tile_state(stand.state, stand.met, code in seen.at_risk)
    owner = stand.department or t.say(say("no department yet"))
    return SummaryTile(code, stand.criterion.title, state, t.say(TILE_NAMES[state]), owner, stand.criterion.core)


def _both_results(t: Translator, page: ReportPage) -> tuple[tuple[str, str, str], ...]:
    """By the verdicts, and what of it is still fresh."""
    return tuple(
        (line.name, t.say(say("%(met)s of %(total)s", met=line.met, total=line.total)), line.level)
        for line in page.results
    )


def _terms(site: Site, t: Translator, seen: Overview, texts: list[str]) -> tuple[SummaryTerm, ...]:
    """The words of every report, then those of the edition's glossary that this one uses."""
    own = [SummaryTerm(t.say(term), t.say(meaning)) for term, meaning in TERMS]
    terms = site.guide(seen.edition.id, t.language).sorted_terms
    used = (terms[place] for place in pick_terms(texts, [term.forms for term in terms]))
    return (*own, *(SummaryTerm(term.term, term.meaning) for term in used))


def _contact(t: Translator, city: CityValues, report: Report) -> tuple[str, ...]:
    ask = say(
        "Ask the data office of %(city)s. Say the number of this report: %(number)s.",
        city=city.name,
        number=report.number,
    )
    return (t.say(ask),)
