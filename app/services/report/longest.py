"""The longest texts of an assessment: what to shorten where a report takes too much."""

from dataclasses import dataclass

from app.services.desk import Desk
from app.store import response

MOST_SHOWN = 3


@dataclass(frozen=True)
class LongText:
    """What a department says on a criterion, by its code, and how many characters that are."""

    code: str
    characters: int


def list_longest_texts(desk: Desk, assessment_id: int) -> tuple[LongText, ...]:
    """The longest first; none where nothing is written."""
    written = response.list_responses(desk.session, desk.city_id, assessment_id)
    texts = sorted(
        (LongText(each.criterion, len(each.narrative)) for each in written), key=lambda text: -text.characters
    )
    return tuple(text for text in texts[:MOST_SHOWN] if text.characters)
