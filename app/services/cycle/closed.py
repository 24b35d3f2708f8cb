"""A closed assessment to read: its board, and every criterion with text, pieces, ticks, verdict and comments, as it was closed."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from app.rules.assessment import AssessmentState, AssessmentValues
from app.rules.checklist.stand import ItemStand
from app.rules.criteria.edition import Area, Criterion
from app.rules.errors import NotFound
from app.rules.history.verbs import Verb
from app.rules.message import Message, say
from app.rules.program import OFFICIAL_NAMES, OfficialAnswer
from app.rules.scoring.headline import results_headline
from app.rules.scoring.results import TwoResults, core_in_words
from app.rules.scoring.score import Score, Standing
from app.services.account.sessions import today_in
from app.services.assessment.ground import load_ground
from app.services.assessment.overview import AssessmentRows, Overview, build_overview
from app.services.assessment.stand import Stand
from app.services.assessment.tiles import BoardTile, build_tile
from app.services.cycle.own_words import read_own_words
from app.services.cycle.past_evidence import (
    ClosingPoint,
    PastPiece,
    UsedSupport,
    describe_past_pieces,
    list_used_supports,
)
from app.services.desk import Desk
from app.services.history.page import HistoryLine, list_criterion_lines
from app.services.report.reports import ReportLine, list_assessment_reports
from app.services.review.given import GivenVerdict, ReviewCommentLine, load_talk
from app.store import assessment, program, response, review
from app.store.assessment import Assessment
from app.store.database.engine import now
from app.store.evidence import past
from app.store.evidence.pieces import SupportRow
from app.store.history import events
from app.store.response import Response


class ClosedAssessment(NamedTuple):
    """A closed assessment on the day on which it was closed. `begun_number` is that of the event that began it, 0 where none says so."""

    overview: Overview
    closing: ClosingPoint
    begun_number: int
    supports: Sequence[UsedSupport]
    closed_on: date | None


@dataclass(frozen=True)
class ClosedBoard:
    """Where the city stood; `areas` hold each practice area with its tiles, `reports` those made from this assessment."""

    assessment: AssessmentValues
    edition: str
    closed_on: date | None
    score: Score
    results: TwoResults
    headline: Message
    core: Message
    figures: Standing
    areas: tuple[tuple[Area, tuple[BoardTile, ...]], ...]
    reports: tuple[ReportLine, ...]


@dataclass(frozen=True)
class PastNarrative:
    """A text with who wrote it; what stood last, or what was put aside before, of which nobody knows the language."""

    text: str
    by: str
    language: str = ""


@dataclass(frozen=True)
class ClosedCriterion:
    """One criterion as it was closed. `gone_items` are ticks on items that the checklist does not have any more.

    `official` is what the programme answered afterwards, where the city wrote that down.
    """

    assessment: AssessmentValues
    closed_on: date | None
    area: Area
    stand: Stand
    official_wording: str
    narrative: PastNarrative
    earlier_texts: tuple[PastNarrative, ...]
    gone_items: tuple[str, ...]
    pieces: tuple[PastPiece, ...]
    verdicts: tuple[GivenVerdict, ...]
    comments: tuple[ReviewCommentLine, ...]
    history: tuple[HistoryLine, ...]
    official: OfficialAnswer
    official_note: str
    before: Criterion | None
    after: Criterion | None

    @property
    def verdict(self) -> GivenVerdict | None:
        """The verdict that counted."""
        return next((given for given in self.verdicts if given.withdrawn_at is None), None)

    @property
    def official_name(self) -> Message | None:
        """The programme's answer; None where it is not known."""
        return None if self.official is OfficialAnswer.UNKNOWN else OFFICIAL_NAMES[self.official]

    @property
    def items(self) -> tuple[ItemStand, ...]:
        return self.stand.checklist.items


def is_closed(desk: Desk, assessment_id: int) -> bool:
    """False for the open one, which has pages of its own. Raises NotFound, also for one whose beginning was taken back."""
    return _find_listed_assessment(desk, assessment_id).state == AssessmentState.CLOSED


def _find_listed_assessment(desk: Desk, assessment_id: int) -> Assessment:
    listed = assessment.find_assessment(desk.session, desk.city_id, assessment_id)
    if listed is None or listed.state == AssessmentState.UNDONE:
        raise NotFound(say("We could not find that assessment."))
    return listed


def load_closed_board(desk: Desk, assessment_id: int) -> ClosedBoard:
    """Raises NotFound."""
    closed = _load_closed(desk, assessment_id)
    seen = closed.overview
    tiles = {stand.code: build_tile(seen, stand) for stand in seen.stands}
    return ClosedBoard(
        assessment=seen.assessment,
        edition=seen.edition.label,
        closed_on=closed.closed_on,
        score=seen.score,
        results=seen.results,
        headline=results_headline(seen.results),
        core=core_in_words(seen.results),
        figures=seen.standing,
        areas=tuple((area, tuple(tiles[code] for code in area.criteria)) for area in seen.edition.areas),
        reports=list_assessment_reports(desk, assessment_id),
    )


def load_closed_criterion(desk: Desk, assessment_id: int, code: str) -> ClosedCriterion:
    """Raises NotFound, also for a code that the edition of this assessment does not have."""
    closed = _load_closed(desk, assessment_id)
    seen, stand = closed.overview, closed.overview.stand_of(code)
    stored = response.find_response(desk.session, desk.city_id, assessment_id, code)
    response_id = stored.id if stored else 0
    local = seen.ground.own.get(code)
    official = program.load_answers(desk.session, desk.city_id, assessment_id).get(code)
    before, after = seen.edition.neighbors_of(code)
    talk = load_talk(desk, response_id, seen.names)
    return ClosedCriterion(
        assessment=seen.assessment,
        closed_on=closed.closed_on,
        area=seen.edition.area_of(code),
        stand=stand,
        official_wording=local.official_wording if local else "",
        narrative=_last_narrative(stored, seen.names),
        earlier_texts=_earlier_narratives(desk, stored, seen.names),
        gone_items=_list_gone_items(seen, stand),
        pieces=describe_past_pieces(
            desk, [used_support for used_support in closed.supports if used_support.criterion == code]
        ),
        verdicts=talk.verdicts,
        comments=talk.comments,
        history=_list_history(desk, closed, code),
        official=OfficialAnswer(official.answer) if official else OfficialAnswer.UNKNOWN,
        official_note=official.note if official else "",
        before=seen.edition.criteria.get(before or ""),
        after=seen.edition.criteria.get(after or ""),
    )


def _load_closed(desk: Desk, assessment_id: int) -> ClosedAssessment:
    closed = _find_listed_assessment(desk, assessment_id)
    closed_at = past.find_closing_moment(desk.session, desk.city_id, assessment_id)
    begun_number, closed_number = _find_bounds(desk, assessment_id)
    closing = ClosingPoint(closed_at or now(), closed_number)
    supports = list_used_supports(desk, assessment_id, closing)
    day = today_in(desk.who.city, closing.at)
    overview = _overview_then(desk, closed, day, supports)
    return ClosedAssessment(overview, closing, begun_number, supports, day if closed_at else None)


def _find_bounds(desk: Desk, assessment_id: int) -> tuple[int, int]:
    """The numbers of the events with which an assessment began and ended; 0 for one that the record does not tell of."""
    told = [
        (event.number, json.loads(event.details))
        for event in events.list_events(desk.session, desk.city_id, verbs=[Verb.CYCLE_BEGUN])
    ]
    begun = next((number for number, details in told if details.get("assessment") == assessment_id), 0)
    return begun, next((number for number, details in told if details.get("from") == assessment_id), 0)


def _overview_then(desk: Desk, closed: Assessment, day: date, supports: Sequence[UsedSupport]) -> Overview:
    """The overview of the day on which it was closed. Verdicts and answers of a closed assessment cannot change."""
    ground = load_ground(desk.site.kept.seen_by(desk.session, desk.who.city), closed)
    ground = replace(ground, own=read_own_words(closed, ground.own))
    support_rows: dict[str, list[SupportRow]] = {}
    for used_support in supports:
        row = SupportRow(
            used_support.criterion,
            used_support.item,
            used_support.then.id,
            used_support.then.period_to,
            link_dead=False,
            period_from=used_support.then.period_from,
        )
        support_rows.setdefault(used_support.criterion, []).append(row)
    rows = AssessmentRows(
        briefs=response.load_briefs(desk.session, desk.city_id, closed.id),
        answers=response.answers_by_criterion(desk.session, desk.city_id, closed.id),
        supports=support_rows,
        decisions=review.load_verdict_kinds(desk.session, desk.city_id, closed.id),
    )
    return build_overview(ground, desk.site.edition(closed.edition, desk.who.language), day, rows)


def _last_narrative(stored: Response | None, names: dict[int, str]) -> PastNarrative:
    if stored is None:
        return PastNarrative("", "")
    return PastNarrative(stored.narrative, names.get(stored.narrative_by or 0, ""), stored.narrative_language)


def _earlier_narratives(desk: Desk, stored: Response | None, names: dict[int, str]) -> tuple[PastNarrative, ...]:
    if stored is None:
        return ()
    return tuple(
        PastNarrative(earlier.text, names.get(earlier.person_id or 0, ""))
        for earlier in response.list_earlier_narratives(desk.session, desk.city_id, stored.id)
        if earlier.text != stored.narrative
    )


def _list_gone_items(seen: Overview, stand: Stand) -> tuple[str, ...]:
    known = {item.item.id for item in stand.checklist.items}
    ticked = response.ticked_in(seen.answers.get(stand.code, {}))
    return tuple(sorted(ticked - known))


def _list_history(desk: Desk, closed: ClosedAssessment, code: str) -> tuple[HistoryLine, ...]:
    """What happened to the criterion in this assessment, for those who may read the history."""
    if not desk.who.may("history.read"):
        return ()
    return list_criterion_lines(desk, code, after=closed.begun_number, before=closed.closing.number)
