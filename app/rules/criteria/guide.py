"""What goes with an edition for its readers: a glossary whose words are linked in texts, and what is public about the program."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.rules.message import Message, say


@dataclass(frozen=True)
class GlossaryTerm:
    """A word and what it means; `forms` are how it stands in texts."""

    id: str
    term: str
    forms: tuple[str, ...]
    meaning: str


class Certainty(StrEnum):
    """How sure a public fact about the program is."""

    SURE = "sure"
    HINT = "hint"
    UNKNOWN = "unknown"


CERTAINTY_NAMES: dict[Certainty, Message] = {
    Certainty.SURE: say("stated in public"),
    Certainty.HINT: say("seen, but not stated"),
    Certainty.UNKNOWN: say("not known"),
}


class ProgramTopic(StrEnum):
    """What a fact about the program is about, in the order of its page."""

    ENTER = "enter"
    STEPS = "steps"
    ROUNDS = "rounds"
    HELP = "help"
    OPEN = "open"


TOPIC_NAMES: dict[ProgramTopic, Message] = {
    ProgramTopic.ENTER: say("Who may enter"),
    ProgramTopic.STEPS: say("The steps"),
    ProgramTopic.ROUNDS: say("Rounds and renewal"),
    ProgramTopic.HELP: say("Languages and help"),
    ProgramTopic.OPEN: say("What we do not know"),
}


@dataclass(frozen=True)
class ProgramFact:
    topic: ProgramTopic
    sure: Certainty
    text: str
    link: str = ""


@dataclass(frozen=True)
class EditionGuide:
    """`checked_on` is the day on which the facts were last looked at; both parts may be empty."""

    terms: tuple[GlossaryTerm, ...] = ()
    facts: tuple[ProgramFact, ...] = ()
    checked_on: date | None = None

    @property
    def sorted_terms(self) -> tuple[GlossaryTerm, ...]:
        """By their names in this language."""
        return tuple(sorted(self.terms, key=lambda term: term.term.casefold()))

    @property
    def facts_by_topic(self) -> tuple[tuple[ProgramTopic, tuple[ProgramFact, ...]], ...]:
        grouped = ((topic, tuple(fact for fact in self.facts if fact.topic is topic)) for topic in ProgramTopic)
        return tuple(group for group in grouped if group[1])


@dataclass(frozen=True)
class TextPart:
    """A stretch of a text; `term` is the id of the glossary's entry for it, empty for none."""

    text: str
    term: str = ""


def link_terms(texts: Sequence[str], terms: Sequence[GlossaryTerm]) -> tuple[tuple[TextPart, ...], ...]:
    """Each text in parts. The first whole word or phrase of each term in all of them is linked, the longest form first, none twice."""
    term_by_form = {form.casefold(): term.id for term in terms for form in term.forms}
    if not term_by_form:
        return tuple((TextPart(text),) for text in texts)
    forms = sorted(term_by_form, key=len, reverse=True)
    pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, forms))})(?![\w-])", re.IGNORECASE)
    linked: set[str] = set()
    return tuple(tuple(_split_text(text, pattern, term_by_form, linked)) for text in texts)


def _split_text(text: str, pattern: re.Pattern[str], term_by_form: dict[str, str], linked: set[str]) -> list[TextPart]:
    parts, end = [], 0
    for match in pattern.finditer(text):
        term = term_by_form[match[0].casefold()]
        if term in linked:
            continue
        linked.add(term)
        parts += [TextPart(text[end : match.start()]), TextPart(match[0], term)]
        end = match.end()
    parts.append(TextPart(text[end:]))
    return [part for part in parts if part.text]
