"""The city's own wording of a criterion: the programme's text as pasted, and a checklist of its own."""

import json
from dataclasses import dataclass

from app.rules.checklist import text as checklist_text
from app.rules.criteria import Criterion
from app.rules.errors import Conflict
from app.rules.history.verbs import Verb
from app.services import response
from app.services.desk import Desk
from app.services.ground import load_open_assessment
from app.store.assessment import add_local_criterion


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
    criterion, local_criterion = response.find_criterion(desk, open_assessment, code)
    checklist = checklist_text.format_checklist(criterion.checklist)
    return WordingPage(
        criterion,
        local_criterion.official_wording if local_criterion else "",
        checklist,
        criterion.needed,
        local_criterion.version if local_criterion else 0,
    )


def set_wording(desk: Desk, code: str, *, official: str, checklist: str, needed: int | None, version: int) -> None:
    """Keep the city's own words. A checklist equal to ours, or none, means that ours stays. Raises Invalid, Conflict."""
    open_assessment = load_open_assessment(desk.session, desk.who.city)
    edition_criteria = desk.site.edition(open_assessment.edition, desk.who.language).criteria
    _, local_criterion = response.find_criterion(desk, open_assessment, code)
    items = checklist_text.parse_checklist(checklist)
    is_ours = not items or (
        checklist.strip() == checklist_text.format_checklist(edition_criteria[code].checklist)
        and needed == edition_criteria[code].needed
    )
    if local_criterion:
        desk.session.refresh(local_criterion, with_for_update=True)
    if (local_criterion.version if local_criterion else 0) != version:
        raise Conflict(response.RESPONSE_CHANGED)
    local_criterion = local_criterion or add_local_criterion(desk.session, desk.city_id, open_assessment.edition, code)
    local_criterion.official_wording = official.strip()
    local_criterion.checklist = (
        None
        if is_ours
        else json.dumps(
            [{"id": item.id, "text": item.text, "required": item.required, "window": item.window} for item in items]
        )
    )
    local_criterion.needed = None if is_ours else checklist_text.check_needed(needed, items)
    local_criterion.version = version + 1
    desk.record(Verb.WORDING_SET, code, own_checklist=not is_ours)
