"""One criterion in the report: its status, its verdict and its evidence, in words."""

from app.adapters.translations import Translator
from app.rules.checklist.stand import ItemLack, ItemStand
from app.rules.city.naming import CityValues
from app.rules.message import Message, say
from app.rules.report.chapter import ChecklistLine, ReportCriterion, ReportVerdict
from app.rules.report.parts import split_paragraphs
from app.rules.review.moves import STATE_NAMES, ResponseState
from app.rules.scoring.score import RATING_NAMES, REVIEWED_NAMES, SelfRating, VerdictKind
from app.services.account.sessions import today_in
from app.services.assessment.overview import Overview
from app.services.assessment.stand import Stand
from app.services.report.index import evidence_line
from app.services.report.sources import ReportSources
from app.store.review import Verdict

STATUS_BY_STATE: dict[ResponseState, str] = {
    ResponseState.NOT_STARTED: "open",
    ResponseState.IN_PROGRESS: "open",
    ResponseState.SUBMITTED: "submitted",
    ResponseState.RETURNED: "changes_asked",
}
"""How the style sheet calls what is not decided; with the reviewer is what has no better name."""


LACK_NAMES: dict[ItemLack, Message] = {
    ItemLack.TICK: say("its evidence is there, and the department does not say yet that it is in place"),
    ItemLack.EVIDENCE: say("said to be in place, but without evidence"),
    ItemLack.QUARTER: say("evidence of one more quarter is missing"),
    ItemLack.RENEWAL: say("its evidence is out of date"),
}
"""What an item lacks of which something is there already."""


def report_criterion(
    t: Translator, city: CityValues, whole: Overview, stand: Stand, sources: ReportSources
) -> ReportCriterion:
    code = stand.code
    due_on, expires_on = None if stand.met else whole.find_due_day(stand), stand.at_risk_from
    written, verdict = sources.responses.get(code), sources.verdicts.get(code)
    text = written.narrative if written and sources.sight.shows_text(stand.state) else ""
    narrative, cut = split_paragraphs(sources.sight.seen_text(text), sources.most_characters)
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
        checklist=tuple(_checklist_line(t, item) for item in stand.checklist.items),
        checklist_needed=stand.checklist.needed,
        narrative=narrative,
        narrative_cut=cut,
        evidence=tuple(evidence_line(t, piece, sources) for piece in sources.pieces.get(code, [])),
        claimed=stand.self_rating is SelfRating.MET,
        owner=stand.department,
        person=stand.person if sources.sight.staff_names else "",
        due=t.day(due_on) if due_on else "",
        due_on=due_on.isoformat() if due_on else "",
        expires=t.day(expires_on) if expires_on else "",
        expires_on=expires_on.isoformat() if expires_on else "",
        out_of_date=code in whole.at_risk,
        language=written.narrative_language if written and narrative else "",
    )


def _checklist_line(t: Translator, item: ItemStand) -> ChecklistLine:
    lack = LACK_NAMES.get(item.lack) if item.lack else None
    return ChecklistLine(item.item.text, item.ticked, item.in_place, t.say(lack) if lack else "")


def _verdict_line(t: Translator, city: CityValues, verdict: Verdict, sources: ReportSources) -> ReportVerdict:
    label = REVIEWED_NAMES[VerdictKind(verdict.decision)]
    sight = sources.sight
    return ReportVerdict(
        t.say(label),
        sight.seen_text(verdict.reason) if sight.reasons else "",
        t.day(today_in(city, verdict.at)),
        sources.names.get(verdict.reviewer_id, "?") if sight.staff_names else "",
        verdict.language if sight.reasons else "",
    )
