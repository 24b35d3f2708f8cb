"""Sentences that rules and services say, before they are translated.

A rule must not know a language, so it returns a `Message`: an English sentence with named places, and the values for them.
The web translates it with gettext; the command line prints it as it is. Texts are collected for translation from calls
of `say` and `counted`, so their first arguments must be plain string literals.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from typing import Any

MOST_NAMED = 3
"""Criteria that a sentence names one by one; of more it names these, and counts the others."""
_AS_IT_IS = {str, int, float}
"""Values that are written as they are in every language."""


@dataclass(frozen=True)
class NamedCriteria:
    """Criteria of an edition in a sentence: whoever says it to people puts beside each code its title, in their language."""

    edition: str
    codes: tuple[str, ...]

    def __str__(self) -> str:
        return ", ".join(self.codes)

    def with_titles(self, titles: Mapping[str, str]) -> "Message | str":
        """Each code with its title, as far as the titles are known."""
        if not titles:
            return str(self)
        named = [f"{code} ({titles[code]})" if code in titles else code for code in self.codes]
        if len(named) <= MOST_NAMED + 1:
            return join_names(named)
        return counted(
            "%(named)s and %(count)s more",
            "%(named)s and %(count)s more",
            len(named) - MOST_NAMED,
            named=", ".join(named[:MOST_NAMED]),
        )


@dataclass(frozen=True)
class Message:
    """A sentence to be translated.

    `text` holds places such as `%(name)s`; `many` is its plural, chosen by the integer `count` (also available as `%(count)s`).
    A value may itself be a `Message`, a date, which is written as the reader's language writes it, or criteria, which are
    named in it.
    """

    text: str
    many: str | None = None
    count: int | None = None
    values: dict[str, Any] = field(default_factory=dict)

    def __hash__(self) -> int:
        """Without the values, which cannot be hashed; equal messages have equal ones all the same."""
        return hash((self.text, self.many, self.count))

    def render(
        self,
        gettext: Callable[[str], str],
        ngettext: Callable[[str, str, int], str],
        day: Callable[[date], str] = date.isoformat,
        name: Callable[[NamedCriteria], "Message | str"] = str,
    ) -> str:
        """The sentence in the language of the two gettext functions given (`gettext` and `ngettext`).

        Its dates are written by `day`, its criteria by `name`.
        """
        plural = self.many is not None and self.count is not None
        pattern = ngettext(self.text, self.many or "", self.count or 0) if plural else gettext(self.text)

        if not self.values and self.count is None:
            return pattern % {}

        def shown(value: Any) -> Any:
            if isinstance(value, NamedCriteria):
                return shown(name(value))
            if isinstance(value, Message):
                return value.render(gettext, ngettext, day, name)
            return day(value) if isinstance(value, date) else value

        given = {"count": self.count, **self.values}
        return pattern % {name: value if type(value) in _AS_IT_IS else shown(value) for name, value in given.items()}

    def __str__(self) -> str:
        return self.render(lambda text: text, lambda text, many, n: text if n == 1 else many)


def say(text: str, /, **values: Any) -> Message:
    """A sentence with its values: `say("%(name)s has left", name=name)`."""
    return Message(text, values=values)


def join_names(names: Sequence[str]) -> Message | str:
    """The names as they are read aloud in a sentence: `DM1, LC1 and PA1`."""
    if len(names) < 2:
        return "".join(names)
    return say("%(before)s and %(last)s", before=", ".join(names[:-1]), last=names[-1])


def listed(parts: Sequence[Message]) -> Message:
    """All of them in their order, with commas between."""
    return reduce(lambda before, part: say("%(before)s, %(part)s", before=before, part=part), parts)


def counted(text: str, many: str, count: int, /, **values: Any) -> Message:
    """A sentence that changes with a number: `counted("%(count)s file", "%(count)s files", 3)`."""
    return Message(text, many, count, values)
