"""The longest texts of an assessment: what to shorten where a report takes too much."""

from dataclasses import dataclass

from app.services.desk import Desk
from app.store import assessment, response

MOST_SHOWN = 3


@dataclass(frozen=True)
class LongText:
    """What a department says on a criterion, by its code and title, and how many characters that are."""

    code: str
    title: str
    characters: int


def list_longest_texts(desk: Desk, assessment_id: int) -> tuple[LongText, ...]:
    """The longest first; none where nothing is written."""
    written = response.list_responses(desk.session, desk.city_id, assessment_id)
    longest = sorted(written, key=lambda each: -len(each.narrative))[:MOST_SHOWN]
    reported = assessment.find_assessment(desk.session, desk.city_id, assessment_id)
    criteria = desk.site.edition(reported.edition, desk.who.language).criteria if reported else {}
    return tuple(
        LongText(each.criterion, criteria[each.criterion].title, len(each.narrative))
        for each in longest
        if each.narrative and each.criterion in criteria
    )
