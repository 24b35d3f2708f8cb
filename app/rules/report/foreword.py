"""The foreword of a report: what the mayor or manager says at its front, one text for each language of the app."""

from collections.abc import Collection
from dataclasses import dataclass

from app.rules.errors import Invalid
from app.rules.message import Message, say
from app.rules.report.blocks import TextBlock, read_text

TEXT_LIMIT = 1_800
NAME_LIMIT = 80
FIFTHS_OF_A_PAGE = 160
"""What a sheet of Letter holds between heading and signature, in fifths of a line: five for a line, three after a paragraph."""
SIGNS_OF_A_LINE = 64


@dataclass(frozen=True)
class ForewordText:
    """What was typed: the text, and the name and the office of the person who signs it. All empty where there is none."""

    text: str
    name: str
    office: str


@dataclass(frozen=True)
class ReportForeword:
    """What stands in a report, signed with name and office. Where it is in another language than the report, `language` is that one
    and `said` says so.
    """

    text: str
    name: str
    office: str
    language: str = ""
    said: str = ""

    @property
    def blocks(self) -> tuple[TextBlock, ...]:
        return read_text(self.text)


def check_foreword(typed: ForewordText) -> ForewordText:
    """The same with its spaces in order; without a text nobody signs anything.

    Raises Invalid where it is too long for a page, or does not say who signs.
    """
    text = typed.text.replace("\r\n", "\n").strip()
    name, office = " ".join(typed.name.split()), " ".join(typed.office.split())
    if not text:
        return ForewordText("", "", "")
    wrong = {"text": _check_length(text)}
    for field, value, empty in (
        ("name", name, say("Write the name of the person who signs.")),
        ("office", office, say("Write the office of the person who signs, such as Mayor.")),
    ):
        too_long = say("Use at most %(limit)s characters.", limit=NAME_LIMIT) if len(value) > NAME_LIMIT else None
        wrong[field] = too_long if value else empty
    problems = {field: message for field, message in wrong.items() if message}
    if problems:
        raise Invalid(problems)
    return ForewordText(text, name, office)


def _check_length(text: str) -> Message | None:
    if len(text) > TEXT_LIMIT:
        return say(
            "The text has %(length)s characters. A page holds %(limit)s: shorten it.",
            length=len(text),
            limit=TEXT_LIMIT,
        )
    paragraphs = [line.strip() for line in text.split("\n") if line.strip()]
    if sum(5 * (1 + len(line) // SIGNS_OF_A_LINE) + 3 for line in paragraphs) > FIFTHS_OF_A_PAGE:
        return say("The text has more lines than a page holds. Join some of them.")
    return None


def choose_language(written: Collection[str], wanted: str, own: str) -> str:
    """Of the languages in which there is a foreword that of the report, then the city's own, then any; empty where there is none."""
    return next((language for language in (wanted, own, *sorted(written)) if language in written), "")
