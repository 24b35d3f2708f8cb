"""Items ticked because evidence was given for them: who brings it has said so, and need not say it twice."""

from collections.abc import Collection

from app.rules.review.moves import ReviewAction, allows_action
from app.services.desk import Desk
from app.services.response.answering import OpenedResponse, answer_item
from app.store import response


def tick_supported_items(desk: Desk, opened: OpenedResponse, items: Collection[str]) -> None:
    """Tick those of the items that are not ticked. What has a verdict keeps the ticks that it was given on."""
    if not items or not allows_action(opened.state, ReviewAction.WRITE):
        return
    answers = response.load_answers(desk.session, desk.city_id, opened.id)
    for item in sorted(set(items)):
        answer = answers.get(item)
        if answer is None or not answer.ticked:
            answer_item(desk, opened, item, ticked=True, version=answer.version if answer else 0)
