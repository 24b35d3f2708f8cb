"""What it means to make something public: read once by each person, and remembered."""

from dataclasses import replace

from app.rules.evidence.entry import EvidenceEntry
from app.rules.evidence.public_advice import check_public_advice
from app.rules.history.verbs import Verb
from app.services.desk import Desk, Who
from app.store.public_advice import keep_public_advice


def advise_entry(who: Who, entry: EvidenceEntry) -> EvidenceEntry:
    """The entry of someone who may have read it before."""
    return replace(entry, advised=entry.advised or who.has_read_public_advice)


def need_public_advice(who: Who, *, advised: bool) -> None:
    """`advised` where the form says that it was read now. Raises Invalid for someone who has never read it."""
    check_public_advice(advised=advised or who.has_read_public_advice)


def remember_public_advice(desk: Desk) -> None:
    """The person makes something public, so has read it: kept, and told in the history, the first time."""
    who = desk.who
    if not who.has_read_public_advice and keep_public_advice(desk.session, who.person_id):
        desk.record(Verb.PUBLIC_ADVICE_READ)
