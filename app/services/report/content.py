"""Build a report's data from the city's record, in one language: the same figures as the readiness page."""

from dataclasses import replace
from datetime import date

from sqlmodel import Session

from app.adapters.translations import Translator, load_translator
from app.rules import gaps
from app.rules.award import NOT_CHECKED
from app.rules.city import CityValues
from app.rules.criteria import EFFORT_NAMES
from app.rules.cycle.confirming import carried_in_words, tally_confirmations
from app.rules.independence import ILLUSTRATIVE, INDEPENDENCE, OWN_WORDING
from app.rules.message import Message, counted, say
from app.rules.report.audience import SIGHTS, AudienceSight
from app.rules.report.names import AUDIENCE_NAMES
from app.rules.report.page import (
    IndexEntry,
    LevelDistance,
    ReportArea,
    ReportAward,
    ReportCity,
    ReportCoreLine,
    ReportEdition,
    ReportFigures,
    ReportGap,
    ReportLevel,
    ReportOrigin,
    ReportPage,
    ReportStrength,
)
from app.rules.report.parts import (
    NARRATIVE_CHARACTERS,
    SHORTENED_CHARACTERS,
    ReportAudience,
    ReportLength,
    ReportParts,
    paper_for,
    read_parts,
)
from app.rules.scoring import score
from app.rules.scoring.results import CORE_STATE_NAMES, results_details, results_headline
from app.rules.scoring.score import LEVEL_NAMES, RANGE_PHRASES, SelfRating
from app.services.account.sessions import today_in
from app.services.assessment import Overview, load_overview
from app.services.award import HeldAward, find_held_award
from app.services.program.outcome import OutcomeLine, load_outcome
from app.services.report.ahead import forecast_of, plan_of
from app.services.report.annex import keep_department
from app.services.report.chapter import ReportSources, evidence_line, report_criterion
from app.services.report.summary import open_views, summarize_report
from app.services.site import Site
from app.services.stand import Stand
from app.store import people, planning, response, review
from app.store.evidence import pieces as evidence
from app.store.evidence.pieces import Evidence
from app.store.report import Report

STRENGTHS_SHOWN = 6

METHOD = (
    say(
        "This report is the city’s own estimate, made from what its departments recorded and its data office reviewed."
    ),
    say(
        "One point is given for each criterion that a reviewer of the city found met, and none for any other. "
        "Levels are shares of all criteria, compared as whole numbers without rounding."
    ),
    say(
        "Three figures are kept apart: met by our own review, claimed by departments, and possible, "
        "which is everything not decided as not met."
    ),
    say("Where core criteria are open no level can be given, whatever the count. Basis: %(source)s"),
)


def build_page(session: Session, site: Site, city: CityValues, report: Report, code_address: str) -> ReportPage:
    """The page of a report whose row says language, length, number and anchor; `code_address` is where it can be checked."""
    t = load_translator(report.language)
    parts = read_parts(report.parts)
    scenario = planning.find_scenario(session, city.id, parts.scenario) if parts.scenario else None
    today = today_in(city, report.created_at)
    whole = load_overview(session, site, city, report.language, today)
    results = replace(whole.results, is_today=False)  # whoever holds the paper holds it on another day
    audience = ReportAudience(report.audience)
    sources = _load_sources(session, city, whole, SIGHTS[audience], parts)
    result, standing = whole.score, whole.standing
    ordered = gaps.order_gaps(whole.stands)
    index = _evidence_index(t, sources)
    notice = (INDEPENDENCE, OWN_WORDING, *([ILLUSTRATIVE] if city.illustrative else []))
    page = ReportPage(
        city=ReportCity(city.name, city.country, has_logo=city.logo_key is not None),
        language=report.language,
        length=report.length,
        audience=audience,
        audience_name=t.say(AUDIENCE_NAMES[audience]),
        is_draft=report.is_draft,
        paper=paper_for(city.country),
        illustrative=city.illustrative,
        assessment=whole.assessment.name,
        edition=ReportEdition(whole.edition.id, whole.edition.label, whole.edition.source),
        origin=_report_origin(t, city, report, code_address),
        headline=t.say(results_headline(results)),
        answer=t.say(results_details(results)),
        level_by_count=result.level_by_count,
        tone=results.tone,
        still_fresh=results.fresh.met,
        core=_core_lines(t, whole),
        figures=ReportFigures(
            standing.verified, standing.claimed, standing.possible, standing.total, t.percent(result.percent)
        ),
        levels=_report_levels(t, whole),
        distance=_level_distance(t, whole),
        strengths=tuple(
            ReportStrength(stand.code, stand.criterion.title, t.say(_strength_words(stand)))
            for stand in gaps.list_strengths(whole.stands)[:STRENGTHS_SHOWN]
        ),
        gaps=tuple(_report_gap(t, stand, today) for stand in ordered),
        areas=_report_areas(t, city, whole, sources),
        index=index,
        withheld=_withheld_sentence(t, index),
        method=(*(t.say(_with_source(line, whole)) for line in METHOD), *_source_lines(t, whole)),
        notice=tuple(t.say(line) for line in notice),
        carried=_carried_sentence(t, whole),
        forecast=forecast_of(t, whole) if parts.forecast_on else None,
        plan=plan_of(session, t, whole, scenario) if scenario else None,
        outcome=_outcome_sentences(t, load_outcome(session, city.id, whole.assessment.id, whole.edition)),
        award=_report_award(t, find_held_award(session, city, today)),
    )
    if report.length not in {ReportLength.SUMMARY, ReportLength.ANNEX}:
        return page
    views = open_views(session, t, city, whole, page, sources.numbers)
    if report.length == ReportLength.SUMMARY:
        return replace(page, summary=summarize_report(session, site, city, report, page, views))
    return keep_department(session, city, page, views, report.department_id or 0)


def _source_lines(t: Translator, whole: Overview) -> list[str]:
    """The public sources of the criteria, a sentence each; none where the edition names none."""
    return [
        t.say(
            say(
                "Public source: %(name)s, which gives %(says)s; speaks of %(count)s criteria, seen on %(day)s.",
                name=source.name,
                says=source.says,
                count=count,
                day=t.day(source.seen_on),
            )
        )
        for source, count in whole.edition.list_sources()
    ]


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


def _core_lines(t: Translator, whole: Overview) -> tuple[ReportCoreLine, ...]:
    states = {code: whole.results.core_state(code) for code in whole.score.core_required}
    return tuple(
        ReportCoreLine(code, whole.edition.criteria[code].title, state, t.say(CORE_STATE_NAMES[state]))
        for code, state in states.items()
    )


def _report_levels(t: Translator, whole: Overview) -> tuple[ReportLevel, ...]:
    return tuple(
        ReportLevel(t.say(LEVEL_NAMES[level.id]), score.fewest_for(level, whole.score.total), level.percent)
        for level in whole.edition.levels
    )


def _report_areas(t: Translator, city: CityValues, whole: Overview, sources: ReportSources) -> tuple[ReportArea, ...]:
    return tuple(
        ReportArea(
            area.id,
            area.title,
            area.about,
            met=sum(stand.met for stand in stands),
            claimed=sum(stand.self_rating is SelfRating.MET for stand in stands),
            total=len(stands),
            criteria=tuple(report_criterion(t, city, stand, sources) for stand in stands),
        )
        for area, stands in whole.by_area
    )


def _carried_sentence(t: Translator, whole: Overview) -> str:
    said = carried_in_words(tally_confirmations(stand.confirmation for stand in whole.stands), whole.previous)
    return t.say(said) if said else ""


def _load_sources(
    session: Session, city: CityValues, whole: Overview, sight: AudienceSight, parts: ReportParts
) -> ReportSources:
    city_id, run_id = city.id, whole.assessment.id
    pieces = evidence.load_pieces_by_criterion(session, city_id, run_id)
    used = {piece.id: piece for found in pieces.values() for piece in found}
    return ReportSources(
        responses={row.criterion: row for row in response.list_responses(session, city_id, run_id)},
        ticked=response.load_ticked_by_criterion(session, city_id, run_id),
        verdicts=review.load_latest_verdicts(session, city_id, run_id),
        pieces=pieces,
        numbers={piece_id: number for number, piece_id in enumerate(sorted(used), start=1)},
        names=people.load_names(session, city_id),
        sight=sight,
        most_characters=SHORTENED_CHARACTERS if parts.is_shortened else NARRATIVE_CHARACTERS,
    )


def _count_withheld(count: int) -> Message:
    return counted(
        "%(count)s piece of evidence counts and is not named here, because it is internal or restricted.",
        "%(count)s pieces of evidence count and are not named here, because they are internal or restricted.",
        count,
    )


def _withheld_sentence(t: Translator, index: tuple[IndexEntry, ...]) -> str:
    """How many pieces count and are not named to the audience; empty for none."""
    count = sum(entry.evidence.restricted for entry in index)
    return t.say(_count_withheld(count)) if count else ""


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


def _level_distance(t: Translator, whole: Overview) -> LevelDistance | None:
    result = whole.score
    if result.next_level is None:
        return None
    level = next(level for level in whole.edition.levels if level.id == result.next_level)
    return LevelDistance(t.say(RANGE_PHRASES[level.id]), result.needed_for_next, level.percent)


def _strength_words(stand: Stand) -> Message:
    return say(
        "Met by our own review; %(ticked)s of %(total)s checklist items, evidence: %(pieces)s.",
        ticked=stand.checklist.ticked,
        total=stand.checklist.total,
        pieces=stand.evidence_count,
    )


def _report_gap(t: Translator, stand: Stand, today: date) -> ReportGap:
    return ReportGap(
        stand.code,
        stand.criterion.title,
        t.say(gaps.explain_gap(stand, today)),
        (t.say(gaps.lacks_for_report(stand)),),
        stand.criterion.core,
        t.say(EFFORT_NAMES[stand.criterion.effort]),
    )


def _evidence_index(t: Translator, sources: ReportSources) -> tuple[IndexEntry, ...]:
    codes: dict[int, list[str]] = {}
    pieces: dict[int, Evidence] = {}
    for code, supporting_pieces in sources.pieces.items():
        for piece in supporting_pieces:
            pieces[piece.id] = piece
            codes.setdefault(piece.id, []).append(code)
    return tuple(
        IndexEntry(evidence_line(t, pieces[piece_id], sources), tuple(codes[piece_id])) for piece_id in sources.numbers
    )


def _with_source(line: Message, whole: Overview) -> Message:
    return say(line.text, source=whole.edition.core.source)
