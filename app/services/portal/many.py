"""Several proposals of the open-data catalog decided in one step, with undo."""

from collections.abc import Sequence

from app.adapters.translations import load_translator
from app.rules.errors import Invalid, NotFound, Refused
from app.rules.history.verbs import Verb
from app.rules.message import say
from app.rules.portal.counting import FACT_TITLES, FactKey, FactState
from app.services.desk import Desk
from app.services.evidence.finding import find_piece
from app.services.evidence.removing import withdraw_piece
from app.services.portal.deciding import decide_fact
from app.store import portal

MOST_AT_ONCE = 100
"""More proposals than a reading can make."""


def decide_facts(desk: Desk, fact_ids: Sequence[int], decision: str, *, advised: bool = False) -> None:
    """All of them or none: the same as `deciding.decide_fact` for each. Raises what that raises, and Invalid where none is ticked."""
    if not fact_ids:
        raise Invalid({"fact": say("Tick at least one number.")})
    for fact_id in dict.fromkeys(fact_ids[:MOST_AT_ONCE]):
        decide_fact(desk, fact_id, decision, advised=advised)


def take_back_facts(desk: Desk, fact_ids: Sequence[int]) -> None:
    """Have what was accepted proposed again; the evidence that it became is removed, and can be restored, with all its versions.

    Raises NotFound, Refused where the evidence cannot be removed any more or a newer reading came, NotAllowed.
    """
    last = portal.find_latest_reading(desk.session, desk.city_id)
    for fact_id in dict.fromkeys(fact_ids[:MOST_AT_ONCE]):
        fact = portal.hold_fact(desk.session, desk.city_id, fact_id)
        if fact is None or last is None:
            raise NotFound(say("We could not find that proposal."))
        if fact.reading_id != last.id:
            raise Refused(say("The catalog was read again since. Load the page again to see the new numbers."))
        if fact.state != FactState.ACCEPTED or fact.evidence_id is None:
            continue
        evidence_id, fact.evidence_id = fact.evidence_id, None
        fact.state, fact.decided_by, fact.decided_at = FactState.PROPOSED.value, None, None
        withdraw_piece(desk, evidence_id, find_piece(desk, evidence_id).row.version)
        title = load_translator(desk.who.city.language).say(FACT_TITLES[FactKey(fact.key)])
        details = {"decision": FactState.PROPOSED.value, "title": title, "fact": fact.id}
        desk.record(Verb.FACT_DECIDED, fact.criterion, **details)
