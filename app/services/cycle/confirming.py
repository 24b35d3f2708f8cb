"""Saying of answers that came along whether they are still true: one by one, or several at once."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from app.rules.cycle.confirming import Confirmation, check_confirmation, confirmed_in_words, tally_confirmations
from app.rules.errors import Conflict, Refused
from app.rules.history.verbs import Verb
from app.rules.message import Message, say
from app.rules.my_work import WITH_THE_DEPARTMENT
from app.rules.people.permissions import OFFICE
from app.services.assessment.overview import Overview, load_overview
from app.services.assessment.stand import Stand
from app.services.desk import Desk, Who
from app.services.response.answering import RESPONSE_CHANGED, OpenedResponse, load_for_writing
from app.store import response
from app.store.history import events
from app.store.response import ChecklistAnswer

GLIMPSE = 180
"""Characters of a narrative that are shown before it is unfolded: about two lines on a desk, four on a phone."""


@dataclass(frozen=True)
class ConfirmLine:
    """An answer that came along and can still be answered for; `version` is that of its response."""

    stand: Stand
    narrative: str
    version: int

    @property
    def glimpse(self) -> str:
        """The beginning of a long narrative, empty for one that is short enough to be shown whole."""
        if len(self.narrative) <= GLIMPSE:
            return ""
        return self.narrative[:GLIMPSE].rsplit(maxsplit=1)[0] + " …"


@dataclass(frozen=True)
class ConfirmPage:
    """The person's own answers that came along from `previous`, those not answered yet first."""

    previous: str
    lines: tuple[ConfirmLine, ...]
    confirmed: Message | None

    @property
    def waiting(self) -> int:
        """How many nobody has answered for."""
        return sum(line.stand.confirmation is Confirmation.ASKED for line in self.lines)


def load_confirm_page(desk: Desk) -> ConfirmPage:
    """Those of the person's departments or name; for someone of the data office without any, all. Raises NotFound."""
    overview = load_overview(desk.session, desk.site, desk.who.city, desk.who.language)
    responses = {
        stored_response.criterion: stored_response
        for stored_response in response.list_responses(desk.session, desk.city_id, overview.assessment.id)
    }
    stands = _own_stands(overview, desk.who)
    changeable = [stand for stand in stands if stand.confirmation and stand.state in WITH_THE_DEPARTMENT]
    ordered = sorted(changeable, key=lambda stand: stand.confirmation is not Confirmation.ASKED)
    lines = (ConfirmLine(stand, responses[stand.code].narrative, responses[stand.code].version) for stand in ordered)
    confirmed = confirmed_in_words(tally_confirmations(stand.confirmation for stand in stands), overview.previous)
    return ConfirmPage(overview.previous, tuple(lines), confirmed)


def _own_stands(overview: Overview, who: Who) -> Collection[Stand]:
    own_stands = [stand for stand in overview.stands if who.is_assigned(stand)]
    return own_stands or (overview.stands if who.role in OFFICE else ())


def confirm_responses(desk: Desk, answers: Mapping[str, tuple[str, int]]) -> int:
    """Record an answer and version for each code, all or none; returns how many were new. Raises what `confirm_response` does."""
    return sum(confirm_response(desk, code, answer, version) for code, (answer, version) in answers.items())


def confirm_response(desk: Desk, code: str, answer: str, version: int) -> bool:
    """Record what the department says of an answer that came along; False when it has said so already.

    With "no longer" the ticks are taken back and the text is put aside; with another answer after that, both come back.
    Raises Invalid, Conflict, Refused, NotAllowed, NotFound.
    """
    confirmation = check_confirmation(answer)
    opened = load_for_writing(desk, code)
    former = opened.confirmation
    if former is None:
        raise Refused(say("This answer was not copied from another assessment, so there is nothing to confirm."))
    if former is confirmation:
        return False
    if not response.save_response(desk.session, desk.city_id, opened.id, version, confirmation=confirmation.value):
        raise Conflict(RESPONSE_CHANGED)
    items = _clear_response(desk, opened) if confirmation is Confirmation.NO_LONGER else ()
    if former is Confirmation.NO_LONGER:
        _restore_response(desk, opened)
    desk.record(Verb.CARRIED_CONFIRMED, code, answer=confirmation.value, items=items)
    return True


def _clear_response(desk: Desk, opened: OpenedResponse) -> tuple[str, ...]:
    """Returns the items whose ticks were taken back, which go into the record."""
    ticked = response.load_ticked_items(desk.session, desk.city_id, opened.id)
    _set_ticks(desk, opened, ticked, False)
    if opened.response.narrative:
        response.archive_narrative(desk.session, opened.response)
        _write_narrative(desk, opened, "")
    return tuple(sorted(ticked))


def _restore_response(desk: Desk, opened: OpenedResponse) -> None:
    """Ticks that the record says were taken back, and the text, unless someone wrote another one meanwhile."""
    last_events = events.list_events(
        desk.session, desk.city_id, verbs=[Verb.CARRIED_CONFIRMED], subject=opened.criterion.code, limit=1
    )
    items = json.loads(last_events[0].details)["items"] if last_events else ()
    _set_ticks(desk, opened, items, True)
    earlier_texts = response.list_earlier_narratives(desk.session, desk.city_id, opened.id)
    if (
        earlier_texts
        and earlier_texts[0].number == opened.response.narrative_version - 1
        and not opened.response.narrative
    ):
        _write_narrative(desk, opened, earlier_texts[0].text)


def _set_ticks(desk: Desk, opened: OpenedResponse, items: Collection[str], ticked: bool) -> None:
    stored: Mapping[str, ChecklistAnswer] = response.load_answers(desk.session, desk.city_id, opened.id)
    for answer in (stored[item] for item in items if item in stored):
        answer.ticked, answer.version = ticked, answer.version + 1


def _write_narrative(desk: Desk, opened: OpenedResponse, text: str) -> None:
    version = opened.response.narrative_version
    language = opened.response.narrative_language
    if not response.save_narrative(desk.session, desk.city_id, opened.id, version, text, desk.who.person_id, language):
        raise Conflict(RESPONSE_CHANGED)
