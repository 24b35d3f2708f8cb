"""What to renew in the council summary: the documents that expire within twelve months, who renews them, and the biggest risk."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from app.adapters.translations import Translator
from app.rules.days.typed_day import years_after
from app.rules.message import say
from app.rules.report.answers import name_risk
from app.rules.report.chapter import EvidenceLine
from app.rules.report.renewing import RenewalDay, RenewalDocument, SummaryRisk
from app.rules.scoring.forecast import Lapse
from app.services.assessment.overview import Overview
from app.services.report.ahead import forecast_line

MONTHS = 12


@dataclass(frozen=True)
class RenewalView:
    """The overview, and every piece of evidence as this report may show it, by the piece's id."""

    t: Translator
    seen: Overview
    pieces: Mapping[int, EvidenceLine]

    def name_documents(self, ids_by_code: Mapping[str, Collection[int]]) -> tuple[RenewalDocument, ...]:
        """Each document once, with the criteria that need it and the departments that answer for these."""
        codes: dict[int, list[str]] = {}
        for code, ids in ids_by_code.items():
            for piece_id in sorted(ids):
                codes.setdefault(piece_id, []).append(code)
        return tuple(self._document(piece_id, needing) for piece_id, needing in codes.items())

    def _document(self, piece_id: int, codes: list[str]) -> RenewalDocument:
        departments = dict.fromkeys(self.seen.stand_of(code).department for code in codes)
        owner = ", ".join(name for name in departments if name)
        owner = owner or self.t.say(say("no department yet"))
        line = self.pieces.get(piece_id)
        told = line is not None and not line.restricted
        return RenewalDocument(self._title(line), owner, tuple(codes), told, line.language if line and told else "")

    def _title(self, line: EvidenceLine | None) -> str:
        """What it is called; where the reader may not see that, what kind of evidence it is and its number in the full report."""
        if line is None:
            return self.t.say(say("Evidence that this report does not name"))
        return (
            f"{line.title}, {self.t.say(say('no. %(number)s', number=line.number))}" if line.restricted else line.title
        )

    def lapsed(self, codes: Collection[str], day: date) -> tuple[RenewalDocument, ...]:
        return self.name_documents({code: self.seen.stand_of(code).checklist.lapsed_by(day) for code in codes})


def renewal_days(view: RenewalView, within: Collection[str] | None = None) -> tuple[RenewalDay, ...]:
    """The days of the twelve months after the report's day on which something expires; `within` leaves only these criteria."""
    today = view.seen.day
    lapses = ((lapse, _codes_within(lapse, within)) for lapse in view.seen.timeline if is_within_year(today, lapse))
    return tuple(
        RenewalDay(
            day=view.t.day(lapse.day),
            month=months_between(today, lapse.day),
            codes=codes,
            documents=view.lapsed(codes, lapse.day),
            then=forecast_line(view.t, view.seen, lapse).then,
            drops=lapse.drops,
            names=tuple(f"{code} {view.seen.stand_of(code).criterion.title}" for code in codes),
        )
        for lapse, codes in lapses
        if codes
    )


def _codes_within(lapse: Lapse, within: Collection[str] | None) -> tuple[str, ...]:
    return tuple(code for code in lapse.codes if within is None or code in within)


def is_within_year(today: date, lapse: Lapse) -> bool:
    """By the day, as in the forecast of the other lengths."""
    return lapse.day <= years_after(today, 1)


def months_between(first: date, last: date) -> int:
    """Whole calendar months from the month of one day to that of another."""
    return (last.year - first.year) * 12 + last.month - first.month


def month_names(view: RenewalView) -> tuple[str, ...]:
    """The months of the time line, the report's own first."""
    today = view.seen.day
    months = (today.month - 1 + step for step in range(MONTHS + 1))
    return tuple(view.t.month(date(today.year + month // 12, month % 12 + 1, 1)) for month in months)


def later_sentence(view: RenewalView) -> str:
    """What expires after the twelve months; empty where nothing does."""
    later = [lapse for lapse in view.seen.timeline if not is_within_year(view.seen.day, lapse)]
    days = "; ".join(f"{view.t.day(lapse.day)}: {view.seen.edition.name_criteria(lapse.codes)}" for lapse in later)
    return view.t.say(say("After these twelve months: %(days)s.", days=days)) if later else ""


def biggest_risk(view: RenewalView) -> SummaryRisk:
    """The risk with its day and the documents that avert it."""
    seen, t = view.seen, view.t
    drop = next((lapse for lapse in seen.timeline if lapse.drops), None)
    first = seen.timeline[0] if seen.timeline else None
    coming = drop or first
    text = t.say(name_risk(seen.results, seen.next_drop, first, seen.assessment.due_on))
    if seen.results.reviewed.core_open and drop is None:
        return SummaryRisk(text, t.day(seen.day), ())
    if seen.results.out_of_date:
        return SummaryRisk(text, t.day(seen.day), view.lapsed(seen.results.out_of_date, seen.day))
    if coming is None:
        due_on = seen.assessment.due_on
        return SummaryRisk(text, t.day(due_on) if due_on else "", ())
    keeping = seen.to_keep(coming) if drop else frozenset[int]()
    lapsed = {code: seen.stand_of(code).checklist.lapsed_by(coming.day) for code in coming.at_risk}
    kept = {code: ids & keeping if drop else ids for code, ids in lapsed.items()}
    return SummaryRisk(text, t.day(coming.day), view.name_documents(kept))
