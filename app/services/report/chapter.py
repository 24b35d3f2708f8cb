"""One criterion in the report: its status, its verdict and its evidence, in words."""

from dataclasses import dataclass

from app.adapters.translations import Translator
from app.rules.city import CityValues
from app.rules.criteria import EVIDENCE_KIND_NAMES, EvidenceKind
from app.rules.evidence.piece import VISIBILITY_NAMES, FigureChange, Visibility, compute_change
from app.rules.message import Message, say
from app.rules.report.audience import AudienceSight
from app.rules.report.page import (
    ChecklistLine,
    EvidenceLine,
    ReportCriterion,
    ReportVerdict,
)
from app.rules.report.parts import split_paragraphs
from app.rules.review import STATE_NAMES, ResponseState
from app.rules.scoring.score import RATING_NAMES, REVIEWED_NAMES, VerdictKind
from app.services.account.sessions import today_in
from app.services.stand import Stand
from app.store.evidence.pieces import Evidence
from app.store.response import Response
from app.store.review import Verdict

STATUS_BY_STATE: dict[ResponseState, str] = {
    ResponseState.NOT_STARTED: "open",
    ResponseState.IN_PROGRESS: "open",
    ResponseState.SUBMITTED: "submitted",
    ResponseState.RETURNED: "changes_asked",
}
"""How the style sheet calls what is not decided; with the reviewer is what has no better name."""


@dataclass(frozen=True)
class ReportSources:
    """Texts and pieces by criterion code, loaded once."""

    responses: dict[str, Response]
    ticked: dict[str, set[str]]
    verdicts: dict[str, Verdict]
    pieces: dict[str, list[Evidence]]
    numbers: dict[int, int]
    names: dict[int, str]
    sight: AudienceSight
    most_characters: int


def report_criterion(t: Translator, city: CityValues, stand: Stand, sources: ReportSources) -> ReportCriterion:
    code = stand.code
    written, verdict = sources.responses.get(code), sources.verdicts.get(code)
    text = written.narrative if written and sources.sight.shows_text(stand.state) else ""
    narrative, cut = split_paragraphs(text, sources.most_characters)
    if stand.state is ResponseState.DECIDED and stand.decision:
        status, label = stand.decision.value, REVIEWED_NAMES[stand.decision]
    else:
        state = stand.state if stand.state in STATUS_BY_STATE else ResponseState.SUBMITTED
        status, label = STATUS_BY_STATE[state], STATE_NAMES[state]
    return ReportCriterion(
        code=code,
        title=stand.criterion.title,
        statement=stand.criterion.statement,
        core=stand.criterion.core,
        status=status,
        status_label=t.say(label),
        self_rating=t.say(RATING_NAMES[stand.self_rating]),
        verdict=_verdict_line(t, city, verdict, sources) if verdict else None,
        checklist=tuple(
            ChecklistLine(item.text, item.id in sources.ticked.get(code, ())) for item in stand.criterion.checklist
        ),
        checklist_needed=stand.criterion.needed,
        narrative=narrative,
        narrative_cut=cut,
        evidence=tuple(evidence_line(t, piece, sources) for piece in sources.pieces.get(code, [])),
    )


def _verdict_line(t: Translator, city: CityValues, verdict: Verdict, sources: ReportSources) -> ReportVerdict:
    label = REVIEWED_NAMES[VerdictKind(verdict.decision)]
    sight = sources.sight
    return ReportVerdict(
        t.say(label),
        verdict.reason if sight.reasons else "",
        t.day(today_in(city, verdict.at)),
        sources.names.get(verdict.reviewer_id, "?") if sight.staff_names else "",
    )


WITHHELD_NAMES: dict[Visibility, Message] = {
    Visibility.INTERNAL: say("Internal evidence"),
    Visibility.RESTRICTED: say("Restricted evidence"),
}
"""What stands for the title of a piece that the audience may not see."""


def evidence_line(t: Translator, piece: Evidence, sources: ReportSources) -> EvidenceLine:
    """The line of one piece; of one that the audience may not see only its number and kind go into the report or its data."""
    number, seen_as = sources.numbers[piece.id], Visibility(piece.visibility)
    kind, visibility = t.say(EVIDENCE_KIND_NAMES[EvidenceKind(piece.kind)]), t.say(VISIBILITY_NAMES[seen_as])
    if not sources.sight.names_piece(seen_as):
        title = t.say(WITHHELD_NAMES[seen_as])
        return EvidenceLine(number, kind, title, "", "", "", "", visibility, restricted=True, address="")
    return EvidenceLine(
        number=number,
        kind=kind,
        title=piece.title,
        period=_period_words(t, piece),
        source=piece.source,
        pointer=piece.page_pointer,
        figure=_figure_words(t, piece),
        visibility=visibility,
        restricted=False,
        address=sources.sight.seen_address(piece.url),
    )


def _period_words(t: Translator, piece: Evidence) -> str:
    if piece.period_from and piece.period_to:
        return t.say(say("%(begin)s to %(end)s", begin=t.day(piece.period_from), end=t.day(piece.period_to)))
    day = piece.period_from or piece.period_to
    return t.day(day) if day else t.say(say("no period given"))


def _figure_words(t: Translator, piece: Evidence) -> str:
    change = compute_change(piece.baseline_value, piece.current_value, piece.published_percent)
    return t.say(_change_words(t, change, piece)) if change else ""


def _change_words(t: Translator, change: FigureChange, piece: Evidence) -> Message:
    percent = t.percent(change.percent)
    if change.as_published or piece.baseline_value is None or piece.current_value is None:
        return say("%(percent)s, change as published", percent=percent)
    return say(
        "from %(baseline)s to %(current)s %(unit)s (%(percent)s)",
        baseline=t.number(piece.baseline_value),
        current=t.number(piece.current_value),
        unit=piece.unit,
        percent=percent,
    )
