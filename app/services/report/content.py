"""Build a report's data from the city's record, in one language: the figures are those of the readiness page."""

from dataclasses import replace

from sqlmodel import Session

from app.adapters.translations import Translator, load_translator
from app.rules.city.award import NOT_CHECKED
from app.rules.city.naming import CityValues
from app.rules.cycle.confirming import carried_in_words, tally_confirmations
from app.rules.message import say
from app.rules.report.audience import SIGHTS
from app.rules.report.chapter import ReportArea
from app.rules.report.names import AUDIENCE_NAMES
from app.rules.report.page import ReportAward, ReportCity, ReportEdition, ReportOrigin, ReportPage
from app.rules.report.parts import ReportAudience, ReportLength, paper_for, read_parts
from app.services.account.sessions import today_in
from app.services.assessment.figures import Readiness, read_figures
from app.services.assessment.overview import Overview, load_overview
from app.services.award import HeldAward, find_held_award
from app.services.program.outcome import OutcomeLine, load_outcome
from app.services.report import results
from app.services.report.ahead import forecast_of, plan_of
from app.services.report.annex import keep_department
from app.services.report.changes import ChangeView, list_changes
from app.services.report.chapter import report_criterion
from app.services.report.foreword import load_foreword
from app.services.report.index import evidence_index, withheld_sentence
from app.services.report.method import method_paragraphs, notice_paragraphs
from app.services.report.sources import ReportSources, load_sources
from app.services.report.summary import open_views, summarize_report
from app.services.site import Site
from app.store import planning
from app.store.report.reports import Report


def build_page(session: Session, site: Site, city: CityValues, report: Report, code_address: str) -> ReportPage:
    """The page of a report whose row says language, length, number and anchor; `code_address` is where it can be checked."""
    t = load_translator(report.language)
    parts = read_parts(report.parts)
    today = today_in(city, report.created_at)
    # whoever holds the paper holds it on another day
    whole = replace(load_overview(session, site, city, report.language, today), is_today=False)
    sources = load_sources(session, city, whole, SIGHTS[ReportAudience(report.audience)], parts)
    page = _write_page(t, city, report, whole, sources, _report_origin(t, city, report, code_address))
    scenario = planning.find_scenario(session, city.id, parts.scenario) if parts.scenario else None
    page = replace(
        page,
        withheld=withheld_sentence(t, page.index),
        carried=_carried_sentence(t, whole),
        forecast=forecast_of(t, whole) if parts.forecast_on else None,
        plan=plan_of(t, whole, scenario) if scenario else None,
        outcome=_outcome_sentences(t, load_outcome(session, city.id, whole.assessment.id, whole.edition)),
        award=_report_award(t, find_held_award(session, city, today)),
        foreword=load_foreword(session, t, city, report.length, SIGHTS[page.audience]),
    )
    compared = ChangeView(session, site, t, city, whole, page, sources.verdicts)
    if report.length == ReportLength.FULL:
        return replace(page, changes=list_changes(compared, report))
    if report.length == ReportLength.ONE_PAGE:
        return page
    views = open_views(session, t, city, whole, page, sources.numbers)
    if report.length == ReportLength.SUMMARY:
        return replace(page, summary=summarize_report(compared, report, views))
    return keep_department(session, city, page, views, report.department_id or 0)


def _write_page(
    t: Translator, city: CityValues, report: Report, whole: Overview, sources: ReportSources, origin: ReportOrigin
) -> ReportPage:
    """What every report has."""
    now, audience = read_figures(whole, whole.day), ReportAudience(report.audience)
    return ReportPage(
        city=ReportCity(city.name, city.country, has_logo=city.logo_key is not None, color=city.color or ""),
        language=report.language,
        text_language=city.language if city.language != report.language else "",
        length=report.length,
        audience=audience,
        audience_name=t.say(AUDIENCE_NAMES[audience]),
        is_draft=report.is_draft,
        paper=paper_for(city.country),
        illustrative=city.illustrative,
        assessment=whole.assessment.name,
        edition=ReportEdition(whole.edition.id, whole.edition.label, whole.edition.source),
        origin=origin,
        headline=t.say_briefly(now.headline),  # the core check and what to renew have the titles, on the same sheet
        answer=t.say_briefly(now.answer),
        level_by_count=now.score.level_by_count,
        tone=now.results.tone,
        still_fresh=now.results.fresh.met,
        results=results.both_results(t, now),
        core=results.core_lines(t, now),
        figures=results.report_figures(t, now),
        levels=results.report_levels(t, now),
        distance=results.level_distance(t, now),
        strengths=results.report_strengths(t, now, {stand.code: stand for stand in whole.stands}),
        gaps=results.report_gaps(t, now),
        decisions=results.report_decisions(t, now),
        outlook=results.report_outlook(t, now),
        areas=_report_areas(t, city, whole, now, sources),
        index=evidence_index(t, sources),
        method=method_paragraphs(t, whole),
        notice=notice_paragraphs(t, illustrative=city.illustrative),
    )


def _outcome_sentences(t: Translator, outcome: OutcomeLine | None) -> tuple[str, ...]:
    """What the city chose to show, and what is known of whether it is asked for; none where the edition speaks of no outcome."""
    if outcome is None:
        return ()
    chosen = t.say(outcome.chosen) if outcome.chosen else t.say(say("Not chosen yet."))
    parts = ": ".join(part for part in (chosen, outcome.text, outcome.figure) if part)
    return (parts, t.say(outcome.asked), t.say(say("Source: %(source)s.", source=outcome.source)))


def _report_award(t: Translator, held: HeldAward | None) -> ReportAward | None:
    if held is None:
        return None
    return ReportAward(t.say(held.said), held.source_url, t.say(held.valid) if held.valid else "", t.say(NOT_CHECKED))


def _report_areas(
    t: Translator, city: CityValues, whole: Overview, now: Readiness, sources: ReportSources
) -> tuple[ReportArea, ...]:
    return tuple(
        ReportArea(
            area.id,
            area.title,
            area.about,
            figures.met,
            figures.claimed,
            figures.total,
            criteria=tuple(report_criterion(t, city, whole, stand, sources) for stand in stands),
        )
        for figures, (area, stands) in zip(now.areas, whole.by_area, strict=True)
    )


def _carried_sentence(t: Translator, whole: Overview) -> str:
    said = carried_in_words(tally_confirmations(stand.confirmation for stand in whole.stands), whole.previous)
    return t.say(said) if said else ""


def _report_origin(t: Translator, city: CityValues, report: Report, code_address: str) -> ReportOrigin:
    day = today_in(city, report.created_at)
    return ReportOrigin(
        report.number,
        day.isoformat(),
        t.day(day),
        report.code,
        code_address,
        report.history_number,
        report.history_head[:16],
    )
