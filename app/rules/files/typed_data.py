"""Numbers of people in texts that leave the city as they are typed: said at their field, and taken once someone says that they may stand."""

from collections.abc import Mapping

from app.rules.errors import Invalid
from app.rules.files.file_text import TextPlace, TextSpot
from app.rules.files.personal_data import describe_finding, find_strong_data
from app.rules.message import Message, listed, say

MAY_STAND = "may_stand"
"""The field in which their writer says so."""


def check_typed_data(texts: Mapping[str, str], country: str, *, may_stand: bool) -> None:
    """Look at texts by the name of their field. Raises Invalid at each that seems to hold such numbers, unless they `may_stand`."""
    problems = {} if may_stand else {name: said for name, text in texts.items() if (said := _warn(text, country))}
    if problems:
        raise Invalid({**problems, MAY_STAND: say("Delete them, or tick that they may stay.")})


def _warn(text: str, country: str) -> Message | None:
    findings = find_strong_data({TextSpot(TextPlace.BODY): text}, country)
    what = tuple(map(describe_finding, findings))
    return (
        say("Others will read this, and it may contain personal data: %(what)s.", what=listed(what)) if what else None
    )
