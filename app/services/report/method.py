"""How a report was made and what it rests on, in paragraphs."""

from app.adapters.translations import Translator
from app.rules.independence import ILLUSTRATIVE, INDEPENDENCE, OWN_WORDING
from app.rules.message import Message, say
from app.rules.sources import unchecked_in_words
from app.services.assessment.overview import Overview

METHOD = (
    say(
        "This report is the city’s own estimate, made from what its departments recorded and its data office reviewed."
    ),
    say(
        "One point is given for each criterion that a reviewer of the city found met, and none for any other. "
        "Levels are shares of all criteria, compared as whole numbers without rounding."
    ),
    say(
        "Three figures are kept apart: met by our own review, claimed by departments, and possible, "
        "which is everything not decided as not met."
    ),
    say("Where core criteria are open no level can be given, whatever the count. Basis: %(source)s."),
)


def method_paragraphs(t: Translator, whole: Overview) -> tuple[str, ...]:
    unchecked = unchecked_in_words(whole.edition, whole.day)
    ours = (t.say(_with_source(line, whole)) for line in METHOD)
    return (*ours, *_source_lines(t, whole), *([t.say(unchecked)] if unchecked else []))


def notice_paragraphs(t: Translator, *, illustrative: bool) -> tuple[str, ...]:
    return tuple(t.say(line) for line in (INDEPENDENCE, OWN_WORDING, *([ILLUSTRATIVE] if illustrative else [])))


def _source_lines(t: Translator, whole: Overview) -> list[str]:
    """The public sources of the criteria, a sentence each; none where the edition names none."""
    return [
        t.say(
            say(
                "Public source: %(name)s, which gives %(says)s; speaks of %(count)s criteria, seen on %(day)s.",
                name=source.name,
                says=source.says,
                count=count,
                day=t.day(source.seen_on),
            )
        )
        for source, count in whole.edition.list_sources()
    ]


def _with_source(line: Message, whole: Overview) -> Message:
    return say(line.text, source=whole.edition.core.source.rstrip("."))
