"""What a person makes of a proposal from the open-data catalog: evidence, a rejection, or a rejection taken back."""

from collections.abc import Sequence
from dataclasses import replace

from app.adapters.translations import tongue
from app.rules.criteria import EvidenceKind
from app.rules.errors import Invalid, NotFound, Refused
from app.rules.evidence.entry import Columns, Entry, check
from app.rules.evidence.piece import FIELD_LIMIT, Visibility
from app.rules.history.verbs import Verb
from app.rules.message import Said, say
from app.rules.portal.counting import (
    SURENESS_NAMES,
    TITLES,
    Fact,
    FactState,
    Key,
    check_move,
    is_partial,
    problems_of,
    sentence,
    sureness,
    unit,
    unknown_sentence,
)
from app.services.account.sessions import today_in
from app.services.assessment import current
from app.services.desk import Desk
from app.services.evidence import adding
from app.services.portal import page as portal_page
from app.store import portal
from app.store.database.engine import now
from app.store.evidence import pieces
from app.store.portal import PortalFact, PortalReading


def decide(desk: Desk, fact_id: int, decision: str) -> FactState:
    """Accept a proposal as evidence, leave it this time, reject it for good, or take a rejection back.

    Raises Invalid, NotFound, and Refused when it was decided already, a newer reading came, or nothing can be added now.
    """
    if decision not in set(FactState):
        raise Invalid({"decision": say("Choose what to do with it.")})
    row = portal.fact(desk.session, desk.city_id, fact_id)
    last = portal.latest(desk.session, desk.city_id)
    if row is None or last is None:
        raise NotFound(say("There is no such proposal in this city."))
    if row.reading_id != last.id:
        raise Refused(say("The catalog was read again since. Load the page again to see the new numbers."))
    to = FactState(decision)
    check_move(FactState(row.state), to)
    _carry_out(desk, row, last, to)
    title = tongue(desk.who.city.language).say(TITLES[Key(row.key)])
    details = {"decision": decision, "title": title, "fact": row.id}
    desk.record(Verb.FACT_DECIDED, row.criterion, **details)
    return to


def _carry_out(desk: Desk, row: PortalFact, last: PortalReading, to: FactState) -> None:
    if to is FactState.ACCEPTED:
        row.evidence_id = _accept(desk, row, last)
    if row.state == FactState.NEVER:
        portal.forget_rejection(desk.session, desk.city_id, row.key)
    open_again = to is FactState.PROPOSED
    row.state, row.decided_by, row.decided_at = to.value, desk.who.person_id, now()
    if open_again:
        row.decided_by, row.decided_at = None, None
    desk.session.add(row)


def _accept(desk: Desk, row: PortalFact, last: PortalReading) -> int:
    """The fact as a piece of evidence with the catalog as its source and file; returns the piece's id."""
    if (row.criterion, row.item) not in portal_page.places_in(desk, current(desk.session, desk.who.city)):
        raise Refused(say("The checklist of this city has no place for this any more."))
    items = (row.item,) if row.item else ()
    opened = adding.open_for_adding(desk, row.criterion, items)
    columns = _columns(desk, row, last, items)
    return adding.write(desk, opened, columns, items).id


def _columns(desk: Desk, row: PortalFact, last: PortalReading, items: Sequence[str]) -> Columns:
    """In the city's language, since a piece of evidence is a text of the city."""
    words, fact, read_on = tongue(desk.who.city.language), portal_page.fact_of(row), today_in(desk.who.city, last.at)
    note = words.say(_note(desk, fact, last))
    entry = Entry(
        kind=EvidenceKind.FIGURE,
        title=words.say(TITLES[fact.key]),
        period_to=read_on,
        source=last.url[:FIELD_LIMIT],
        visibility=Visibility.PUBLIC,
        current_value=str(fact.value),
        current_period=words.day(read_on),
        unit=words.say(unit(fact)),
        items=tuple(items),
    )
    if fact.key is Key.NEWEST:
        entry = replace(entry, kind=EvidenceKind.NOTE, note=note, unit="", current_value="", current_period="")
    return check(entry, desk.who.today) | {
        "note": note,
        "file_id": last.file_id,
        "file_name": f"catalog-{read_on:%Y-%m-%d}.json",
    }


def _note(desk: Desk, fact: Fact, last: PortalReading) -> Said:
    """What a reviewer needs to check the number: what was counted, where and when, how sure it is, and which file holds it."""
    level, reason = sureness(fact, last.datasets, partial=is_partial(problems_of(last.problems)))
    file = pieces.file_by_id(desk.session, desk.city_id, last.file_id)
    return say(
        "%(sentence)s %(unknown)s\nCounted by CityReady in the catalog at %(url)s, %(when)s (%(zone)s).\n%(sureness)s: %(reason)s\n"
        "%(file)s",
        sentence=sentence(fact),
        unknown=unknown_sentence(fact) or "",
        url=last.url,
        when=tongue(desk.who.city.language).moment(last.at, desk.who.city.time_zone),
        zone=desk.who.city.time_zone,
        sureness=SURENESS_NAMES[level],
        reason=reason,
        file=say("The catalog as it was read is attached (SHA-256 %(sha256)s).", sha256=file.sha256) if file else "",
    )
