"""The city's own wording of a criterion: the programme's text as pasted, and a checklist of its own."""

import json
from dataclasses import dataclass

from app.rules.checklist import text as checklist_text
from app.rules.criteria.edition import Criterion
from app.rules.errors import Conflict
from app.rules.history.verbs import Verb
from app.services.assessment.ground import load_open_assessment, no_criterion
from app.services.desk import Desk
from app.services.response import answering
from app.store.assessment import hold_local_criterion, save_local_criterion


@dataclass(frozen=True)
class WordingPage:
    """A city's own words for one criterion, to be edited; `version` is 0 before the first."""

    criterion: Criterion
    official_wording: str
    checklist: str
    needed: int
    version: int


def load_wording(desk: Desk, code: str) -> WordingPage:
    """What the city pasted or wrote; our own checklist stands in the field until it has one."""
    open_assessment = load_open_assessment(desk.session, desk.who.city)
    criterion, own = answering.find_criterion(desk, open_assessment.edition, code)
    checklist = checklist_text.format_checklist(criterion.checklist)
    return WordingPage(
        criterion,
        own.official_wording,
        checklist,
        criterion.needed,
        own.version,
    )


def set_wording(desk: Desk, code: str, *, official: str, checklist: str, needed: int | None, version: int) -> None:
    """Keep the city's own words. A checklist equal to ours, or none, means that ours stays. Raises Invalid, Conflict."""
    open_assessment = load_open_assessment(desk.session, desk.who.city)
    criterion = desk.site.edition(open_assessment.edition, desk.who.language).criteria.get(code)
    if criterion is None:
        raise no_criterion(code)
    items = checklist_text.parse_checklist(checklist)
    is_ours = not items or (
        checklist.strip() == checklist_text.format_checklist(criterion.checklist) and needed == criterion.needed
    )
    local = hold_local_criterion(desk.session, desk.city_id, open_assessment.edition, code)
    if local.version != version:
        raise Conflict(answering.RESPONSE_CHANGED)
    local.official_wording = official.strip()
    local.checklist = (
        None
        if is_ours
        else json.dumps(
            [{"id": item.id, "text": item.text, "required": item.required, "window": item.window} for item in items]
        )
    )
    local.needed = None if is_ours else checklist_text.check_needed(needed, items)
    local.version = version + 1
    save_local_criterion(desk.session, local)
    desk.record(Verb.WORDING_SET, code, own_checklist=not is_ours)


def set_official(desk: Desk, edition: str, code: str, text: str) -> int:
    """Keep the program's words for one criterion, and the city's own checklist as it is; returns the row's new version."""
    local = hold_local_criterion(desk.session, desk.city_id, edition, code)
    local.official_wording, local.version = text, local.version + 1
    save_local_criterion(desk.session, local)
    desk.record(Verb.WORDING_SET, code, own_checklist=local.checklist is not None)
    return local.version
