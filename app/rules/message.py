"""Sentences that rules and services say, before they are translated.

A rule must not know a language, so it returns a `Said`: an English sentence with named places, and the values for them.
The web translates it with gettext; the command line prints it as it is. Texts are collected for translation from calls
of `say` and `counted`, so their first arguments must be plain string literals.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Said:
    """A sentence to be translated.

    `text` holds places such as `%(name)s`; `many` is its plural, chosen by the integer `count` (also available as `%(count)s`).
    A value may itself be a `Said`, or a date, which is written as the reader's language writes it.
    """

    text: str
    many: str | None = None
    count: int | None = None
    values: dict[str, Any] = field(default_factory=dict)

    def render(
        self,
        one: Callable[[str], str],
        several: Callable[[str, str, int], str],
        day: Callable[[date], str] = date.isoformat,
    ) -> str:
        """The sentence in the language of the two gettext functions given (`gettext` and `ngettext`), its dates written by `day`."""
        plural = self.many is not None and self.count is not None
        pattern = several(self.text, self.many or "", self.count or 0) if plural else one(self.text)

        def shown(value: Any) -> Any:
            if isinstance(value, Said):
                return value.render(one, several, day)
            return day(value) if isinstance(value, date) else value

        return pattern % {name: shown(value) for name, value in {"count": self.count, **self.values}.items()}

    def __str__(self) -> str:
        return self.render(lambda text: text, lambda one, many, n: one if n == 1 else many)


def say(text: str, /, **values: Any) -> Said:
    """A sentence with its values: `say("%(name)s has left", name=name)`."""
    return Said(text, values=values)


def counted(one: str, many: str, count: int, /, **values: Any) -> Said:
    """A sentence that changes with a number: `counted("%(count)s file", "%(count)s files", 3)`."""
    return Said(one, many, count, values)
