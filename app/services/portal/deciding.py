"""What a person makes of a proposal from the open-data catalog: evidence, a rejection, or a rejection taken back."""

from collections.abc import Sequence
from dataclasses import replace

from app.adapters.translations import load_translator
from app.rules.criteria.edition import EvidenceKind
from app.rules.errors import Invalid, NotFound, Refused
from app.rules.evidence.entry import Columns, EvidenceEntry, check_entry
from app.rules.evidence.piece import FIELD_LIMIT, Visibility
from app.rules.history.verbs import Verb
from app.rules.message import Message, say
from app.rules.portal.counting import (
    FACT_TITLES,
    SURENESS_NAMES,
    CatalogFact,
    FactKey,
    FactState,
    check_fact_decision,
    fact_sentence,
    fact_sureness,
    fact_unit,
    unknown_sentence,
)
from app.rules.portal.trouble import is_partial, read_problems
from app.services.account.sessions import today_in
from app.services.assessment.ground import load_open_assessment
from app.services.desk import Desk
from app.services.evidence import adding
from app.services.portal import page as portal_page
from app.services.public_advice import need_public_advice
from app.store import portal
from app.store.database.engine import now
from app.store.evidence import files
from app.store.portal import PortalFact, PortalReading


def decide_fact(desk: Desk, fact_id: int, decision: str, *, advised: bool = False) -> FactState:
    """Accept a proposal as evidence, leave it this time, reject it for good, or take a rejection back.

    Raises Invalid, NotFound, and Refused when it was decided already, a newer reading came, or nothing can be added now.
    """
    if decision not in set(FactState):
        raise Invalid({"decision": say("Choose what to do with it.")})
    proposal = portal.hold_fact(desk.session, desk.city_id, fact_id)
    last = portal.find_latest_reading(desk.session, desk.city_id)
    if proposal is None or last is None:
        raise NotFound(say("We could not find that proposal."))
    if proposal.reading_id != last.id:
        raise Refused(say("The catalog was read again since. Load the page again to see the new numbers."))
    to = FactState(decision)
    check_fact_decision(FactState(proposal.state), to)
    if to is FactState.ACCEPTED:
        need_public_advice(desk.who, advised=advised)
    _apply_decision(desk, proposal, last, to)
    title = load_translator(desk.who.city.language).say(FACT_TITLES[FactKey(proposal.key)])
    details = {"decision": decision, "title": title, "fact": proposal.id}
    desk.record(Verb.FACT_DECIDED, proposal.criterion, **details)
    return to


def _apply_decision(desk: Desk, proposal: PortalFact, last: PortalReading, to: FactState) -> None:
    if to is FactState.ACCEPTED:
        proposal.evidence_id = _accept_fact(desk, proposal, last)
    if proposal.state == FactState.NEVER:
        portal.forget_rejection(desk.session, desk.city_id, proposal.key)
    open_again = to is FactState.PROPOSED
    proposal.state, proposal.decided_by, proposal.decided_at = to.value, desk.who.person_id, now()
    if open_again:
        proposal.decided_by, proposal.decided_at = None, None


def _accept_fact(desk: Desk, proposal: PortalFact, last: PortalReading) -> int:
    """The fact as a piece of evidence with the catalog as its source and file; returns the piece's id."""
    if (proposal.criterion, proposal.item) not in portal_page.list_places(
        desk, load_open_assessment(desk.session, desk.who.city)
    ):
        raise Refused(say("The checklist of this city has no place for this any more."))
    items = (proposal.item,) if proposal.item else ()
    opened = adding.open_for_adding(desk, proposal.criterion, items)
    columns = _evidence_columns(desk, proposal, last, items)
    return adding.write_piece(desk, opened, columns, items).id


def _evidence_columns(desk: Desk, proposal: PortalFact, last: PortalReading, items: Sequence[str]) -> Columns:
    """In the city's language, since a piece of evidence is a text of the city."""
    words, fact, read_on = (
        load_translator(desk.who.city.language),
        portal_page.fact_of(proposal),
        today_in(desk.who.city, last.at),
    )
    note = words.say(_source_note(desk, fact, last))
    entry = EvidenceEntry(
        kind=EvidenceKind.FIGURE,
        title=words.say(FACT_TITLES[fact.key]),
        period_to=read_on,
        source=last.url[:FIELD_LIMIT],
        visibility=Visibility.PUBLIC,
        advised=True,
        current_value=str(fact.value),
        current_period=words.day(read_on),
        unit=words.say(fact_unit(fact)),
        items=tuple(items),
    )
    if fact.key is FactKey.NEWEST:
        entry = replace(entry, kind=EvidenceKind.NOTE, note=note, unit="", current_value="", current_period="")
    return check_entry(entry, desk.who.today) | {
        "note": note,
        "file_id": last.file_id,
        "file_name": f"catalog-{read_on:%Y-%m-%d}.json",
    }


def _source_note(desk: Desk, fact: CatalogFact, last: PortalReading) -> Message:
    """What a reviewer needs to check the number: what was counted, where and when, how sure it is, and which file holds it."""
    level, reason = fact_sureness(fact, last.datasets, partial=is_partial(read_problems(last.problems)))
    file = files.find_file(desk.session, desk.city_id, last.file_id)
    return say(
        "%(sentence)s %(unknown)s\nCounted by CityReady in the catalog at %(url)s, %(when)s (%(zone)s).\n%(sureness)s: %(reason)s\n"
        "%(file)s",
        sentence=fact_sentence(fact),
        unknown=unknown_sentence(fact) or "",
        url=last.url,
        when=load_translator(desk.who.city.language).moment(last.at, desk.who.city.time_zone),
        zone=desk.who.city.time_zone,
        sureness=SURENESS_NAMES[level],
        reason=reason,
        file=say("The catalog as it was read is attached (SHA-256 %(sha256)s).", sha256=file.sha256) if file else "",
    )
