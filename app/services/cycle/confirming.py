"""Saying of answers that came along whether they are still true: one by one, or several at once."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from app.rules.cycle.confirming import Confirmation, check_answer, how_many_confirmed, tally
from app.rules.errors import Conflict, Refused
from app.rules.history.verbs import Verb
from app.rules.message import Said, say
from app.rules.my_work import WITH_THE_DEPARTMENT
from app.rules.permissions import OFFICE
from app.services.assessment import Overview, Stand, overview
from app.services.desk import Desk, Who
from app.services.response import RESPONSE_CHANGED, OpenedResponse, load_for_writing
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
    confirmed: Said | None


def mine(desk: Desk) -> ConfirmPage:
    """Those of the person's departments or name; for somebody of the data office without any, all. Raises NotFound."""
    seen = overview(desk.session, desk.site, desk.who.city, desk.who.language)
    written = {row.criterion: row for row in response.all_of(desk.session, desk.city_id, seen.assessment.id)}
    stands = _own(seen, desk.who)
    changeable = [stand for stand in stands if stand.confirmation and stand.state in WITH_THE_DEPARTMENT]
    ordered = sorted(changeable, key=lambda stand: stand.confirmation is not Confirmation.ASKED)
    lines = (ConfirmLine(one, written[one.code].narrative, written[one.code].version) for one in ordered)
    confirmed = how_many_confirmed(tally(stand.confirmation for stand in stands), seen.previous)
    return ConfirmPage(seen.previous, tuple(lines), confirmed)


def _own(seen: Overview, who: Who) -> Collection[Stand]:
    own = [stand for stand in seen.stands if stand.person_id == who.person_id or stand.department_id in who.departments]
    return own or (seen.stands if who.role in OFFICE else ())


def confirm_several(desk: Desk, answers: Mapping[str, tuple[str, int]]) -> int:
    """Record an answer and version for each code, all or none; returns how many were new. Raises what `confirm` does."""
    return sum(confirm(desk, code, answer, version) for code, (answer, version) in answers.items())


def confirm(desk: Desk, code: str, answer: str, version: int) -> bool:
    """Record what the department says of an answer that came along; False when it has said so already.

    With "no longer" the ticks are taken back and the text is put aside; with another answer after that, both come back.
    Raises Invalid, Conflict, Refused, NotAllowed, NotFound.
    """
    said = check_answer(answer)
    opened = load_for_writing(desk, code)
    was = opened.confirmation
    if was is None:
        raise Refused(say("This answer did not come along from another assessment, so there is nothing to confirm."))
    if was is said:
        return False
    if not response.save(desk.session, desk.city_id, opened.id, version, confirmation=said.value):
        raise Conflict(RESPONSE_CHANGED)
    items = _take_back(desk, opened) if said is Confirmation.NO_LONGER else ()
    if was is Confirmation.NO_LONGER:
        _give_back(desk, opened)
    desk.record(Verb.CARRIED_CONFIRMED, code, answer=said.value, items=items)
    return True


def _take_back(desk: Desk, opened: OpenedResponse) -> tuple[str, ...]:
    """Returns the items whose ticks were taken back, which go into the record."""
    ticked = response.ticked(desk.session, desk.city_id, opened.id)
    _tick(desk, opened, ticked, False)
    if opened.response.narrative:
        response.keep_text(desk.session, opened.response)
        _write(desk, opened, "")
    return tuple(sorted(ticked))


def _give_back(desk: Desk, opened: OpenedResponse) -> None:
    """Ticks that the record says were taken back, and the text, unless somebody wrote another one meanwhile."""
    last = events.events(
        desk.session, desk.city_id, verbs=[Verb.CARRIED_CONFIRMED], subject=opened.criterion.code, limit=1
    )
    items = json.loads(last[0].details)["items"] if last else ()
    _tick(desk, opened, items, True)
    kept = response.earlier_texts(desk.session, desk.city_id, opened.id)
    if kept and kept[0].number == opened.response.narrative_version - 1 and not opened.response.narrative:
        _write(desk, opened, kept[0].text)


def _tick(desk: Desk, opened: OpenedResponse, items: Collection[str], ticked: bool) -> None:
    stored: Mapping[str, ChecklistAnswer] = response.answers(desk.session, desk.city_id, opened.id)
    for row in (stored[item] for item in items if item in stored):
        row.ticked, row.version = ticked, row.version + 1
        desk.session.add(row)


def _write(desk: Desk, opened: OpenedResponse, text: str) -> None:
    version = opened.response.narrative_version
    if not response.save_narrative(desk.session, desk.city_id, opened.id, version, text, desk.who.person_id):
        raise Conflict(RESPONSE_CHANGED)
