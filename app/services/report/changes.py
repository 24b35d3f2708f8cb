"""What is new in the council summary: since the last report, since the assessment before, and by the verdicts of the last quarter."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session

from app.adapters.translations import Translator
from app.rules.city.naming import CityValues
from app.rules.cycle.confirming import CriterionChange
from app.rules.errors import Refused
from app.rules.message import Message, counted, say
from app.rules.report.page import ReportPage
from app.rules.report.stated import read_counts
from app.rules.report.summary import SummaryChange, changed_codes
from app.rules.scoring.score import VerdictKind
from app.services.account.sessions import today_in
from app.services.assessment.comparison import ChangeGroup, group_changes
from app.services.assessment.overview import Overview
from app.services.site import Site
from app.store import assessment
from app.store.assessment import Assessment, assessment_values
from app.store.report import reports
from app.store.report.reports import Report
from app.store.review import Verdict

RECENT = timedelta(days=90)
MOST_NAMED = 6
"""Criteria in one sentence; of more these are named, and the others counted: the matrix of the report shows how all of them stand."""


@dataclass(frozen=True)
class ChangeView:
    """What is compared: the report that is being made, and the overview and the latest verdicts that it is made from."""

    session: Session
    site: Site
    t: Translator
    city: CityValues
    seen: Overview
    page: ReportPage
    verdicts: Mapping[str, Verdict]


def list_changes(view: ChangeView, this: Report) -> tuple[SummaryChange, ...]:
    """Never empty: a first report says so, and what was found met of late."""
    before = reports.find_report_before(view.session, view.city.id, this.assessment_id, this.number)
    return (_since_report(view, before), _since_assessment(view), _since_quarter(view))


def _since_report(view: ChangeView, before: Report | None) -> SummaryChange:
    if before is None:
        name = view.t.say(say("Since the last report"))
        return SummaryChange(
            name, (view.t.say(say("This is the first report of this self-assessment.")),), is_first=True
        )
    since = say(
        "Since report no. %(number)s of %(day)s", number=before.number, day=today_in(view.city, before.created_at)
    )
    return SummaryChange(view.t.say(since), tuple(map(view.t.say, _compare_reports(view, json.loads(before.content)))))


def _compare_reports(view: ChangeView, then: Mapping[str, object]) -> list[Message]:
    counts, now_met, now_fresh = read_counts(then), view.page.figures.met, view.page.still_fresh
    lines: list[Message] = []
    if counts and counts != (now_met, now_fresh):
        then_met, then_fresh = counts
        lines.append(
            say(
                "%(met)s criteria are met by our own review (then %(then_met)s); %(fresh)s of them are still fresh (then %(then_fresh)s).",
                met=now_met,
                then_met=then_met,
                fresh=now_fresh,
                then_fresh=then_fresh,
            )
        )
    now = {chapter.code: chapter.status for area in view.page.areas for chapter in area.criteria}
    statuses = _statuses(then)
    lines += [line for status, words in STATUS_CHANGES.items() for line in _moved(view, statuses, now, status, words)]
    return lines or [say("Nothing that this report shows has changed in the result.")]


STATUS_CHANGES: dict[str, tuple[Message, Message]] = {
    "met": (say("Newly met: %(codes)s."), say("No longer met: %(codes)s.")),
    "submitted": (say("Newly with our own reviewer: %(codes)s."), say("No longer with our own reviewer: %(codes)s.")),
}


def _moved(
    view: ChangeView, before: dict[str, str], now: dict[str, str], status: str, words: tuple[Message, Message]
) -> list[Message]:
    moves = zip(words, changed_codes(before, now, status), strict=True)
    return [say(message.text, codes=_name_criteria(view, codes)) for message, codes in moves if codes]


def _name_criteria(view: ChangeView, codes: Iterable[str]) -> Message | str:
    return _name_most([f"{code} {view.seen.edition.criteria[code].title}" for code in codes])


def _name_most(names: Sequence[str]) -> Message | str:
    """The names, or the first of them and how many more there are."""
    rest = len(names) - MOST_NAMED
    if rest <= 1:
        return "; ".join(names)
    return counted(
        "%(named)s and %(count)s more",
        "%(named)s and %(count)s more",
        rest,
        named="; ".join(names[:MOST_NAMED]),
    )


def _statuses(content: Mapping[str, object]) -> dict[str, str]:
    """The status of every criterion in a kept report; none where an earlier version kept it otherwise."""
    areas = content.get("areas")
    chapters = [row for area in areas for row in area.get("criteria", ())] if isinstance(areas, list) else []
    return {row["code"]: row["status"] for row in chapters if "code" in row and "status" in row}


def _since_assessment(view: ChangeView) -> SummaryChange:
    earlier_id = view.seen.assessment.previous_id
    earlier = assessment.find_assessment(view.session, view.city.id, earlier_id) if earlier_id else None
    if earlier is None:
        first = say("This is the first self-assessment here; there is none before it to compare with.")
        return SummaryChange(view.t.say(say("Since the last self-assessment")), (view.t.say(first),), is_first=True)
    named = view.t.say(say("Since %(assessment)s", assessment=earlier.name))
    try:
        groups = _changed_groups(view, earlier)
    except Refused as reason:
        return SummaryChange(named, (view.t.say(reason.said),))
    if not groups:
        return SummaryChange(named, (view.t.say(say("No verdict differs.")),))
    counts = [say("%(change)s: %(count)s", change=group.name, count=len(group.criteria)) for group in groups]
    lines = tuple(view.t.say(_name_change(group)) for group in groups)
    return SummaryChange(named, lines, f"{'; '.join(map(view.t.say, counts))}.")


def _changed_groups(view: ChangeView, earlier: Assessment) -> list[ChangeGroup]:
    """Raises Refused where the two cannot be compared."""
    groups = group_changes(view.session, view.site, view.t.language, assessment_values(earlier), view.seen.assessment)
    return [group for group in groups if group.criteria and group.change not in UNCHANGED]


def _name_change(group: ChangeGroup) -> Message:
    return say(
        "%(change)s (%(count)s): %(codes)s. %(meaning)s",
        change=group.name,
        count=len(group.criteria),
        codes=_name_most([f"{line.code} {line.title}" for line in group.criteria]),
        meaning=group.meaning,
    )


UNCHANGED = frozenset({CriterionChange.RECONFIRMED, CriterionChange.OPEN})


def _since_quarter(view: ChangeView) -> SummaryChange:
    """By the verdicts of our reviewer in the ninety days before the report."""
    begin = view.seen.day - RECENT
    recent = {code: row.decision for code, row in view.verdicts.items() if today_in(view.city, row.at) >= begin}
    met = [code for code in view.seen.edition.criteria if recent.get(code) == VerdictKind.MET]
    others = [code for code in view.seen.edition.criteria if code in recent and code not in met]
    since = say("In the 90 days since %(day)s", day=begin)
    lines = [
        _name_met(view, met),
        *([say("Looked at and not met yet: %(codes)s.", codes=_name_criteria(view, others))] if others else []),
    ]
    return SummaryChange(view.t.say(since), tuple(map(view.t.say, lines)), view.t.say(_count_met(len(met))))


def _count_met(count: int) -> Message:
    if not count:
        return say("Our reviewer found no criterion met in these days.")
    return counted("Our reviewer found %(count)s criterion met.", "Our reviewer found %(count)s criteria met.", count)


def _name_met(view: ChangeView, codes: list[str]) -> Message:
    if not codes:
        return _count_met(0)
    return counted(
        "Our reviewer found %(count)s criterion met: %(codes)s.",
        "Our reviewer found %(count)s criteria met: %(codes)s.",
        len(codes),
        codes=_name_criteria(view, codes),
    )
