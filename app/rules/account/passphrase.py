"""What a passphrase must be like: long enough, and not what others would try first. Composition does not count (NIST SP 800-63B-4, 3.1.1.2)."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.rules.message import Message, say
from app.rules.text.bounds import normalize_text
from app.rules.text.pasted import strip_pasted

SHORTEST = 12
LONGEST = 200
FEWEST_GUESSES = 5 * 10**9
SHORTEST_NAME = 3
SHORTEST_NAME_INSIDE = 4
"""Letters from which on a name is taken out of the middle of a word too: “Ana” is in “banana”."""

_DOMAIN_WORDS = frozenset({"com", "org", "net", "gov", "gob", "edu", "www", "mail"})
_ENDS = re.compile(r"^[\W_]+|[\W_]+$")
_GAPS = re.compile(r"[\s_.,\-]+")

GuessCounter = Callable[[str], float]
"""About how many tries a text stands, whoever chose it."""


@dataclass(frozen=True)
class PassphraseChooser:
    """Whose passphrase it is: names that others know of the person, also of the person's cities, and the e-mail address."""

    email: str
    names: tuple[str, ...] = ()


def normalize_passphrase(text: str) -> str | None:
    """The passphrase as it is compared and kept, however it was typed or pasted; None when it is longer than any can be.

    The length is looked at before and after NFKC, which is slow for long runs of marks and makes 18 letters of one.
    """
    plain = strip_pasted(text, LONGEST)
    if plain is None:
        return None
    normal = normalize_text("NFKC", plain)
    return normal if len(normal) <= LONGEST else None


def check_passphrase(text: str, chooser: PassphraseChooser, guesses: GuessCounter) -> Message | None:
    """What keeps this passphrase from being taken, or None."""
    plain = normalize_passphrase(text)
    if plain is None:
        return say("Use %(longest)s characters or fewer.", longest=LONGEST)
    if len(plain) < SHORTEST:
        return say("Use %(shortest)s characters or more, such as a few words.", shortest=SHORTEST)
    if plain.casefold() == chooser.email.casefold():
        return say("Do not use the e-mail address as the passphrase.")
    if len(set(plain.casefold())) == 1:
        return say("Do not repeat one character only.")
    return _check_guesses(plain, chooser, guesses)


def _check_guesses(plain: str, chooser: PassphraseChooser, guesses: GuessCounter) -> Message | None:
    nameless = without_names(plain, chooser)
    if nameless != plain and _fewest_guesses(nameless, guesses) < FEWEST_GUESSES:
        return say(
            "This is easy to guess because it is mostly your name, your e-mail address or your city’s name: "
            "use four or more unrelated words."
        )
    if _fewest_guesses(plain, guesses) < FEWEST_GUESSES:
        return say(
            "This is easy to guess because it is built from a common passphrase, a common word, a date or a row of keys: "
            "use four or more unrelated words."
        )
    return None


def _fewest_guesses(text: str, guesses: GuessCounter) -> float:
    """As typed, without signs at the ends, and without gaps: “pass word 1234!” is no better than “password1234”."""
    return min(map(guesses, {text, _ENDS.sub("", text), _GAPS.sub("", text)}))


def without_names(text: str, chooser: PassphraseChooser) -> str:
    """The text without the parts of names and of the address, whatever their case and accents; the same text where there are none."""
    folded, has_names = _fold_text(text), False
    for name in sorted(_name_parts([*chooser.names, *chooser.email.split("@")]), key=len, reverse=True):
        pattern = (
            re.escape(name) if len(name) >= SHORTEST_NAME_INSIDE else rf"(?<![^\W\d_]){re.escape(name)}(?![^\W\d_])"
        )
        folded, count = re.subn(pattern, " ", folded)
        has_names = has_names or count > 0
    return folded.strip() if has_names else text


def _name_parts(texts: Iterable[str]) -> set[str]:
    """Each word, and the words of a name run together."""
    words_by_text = [re.findall(r"[^\W\d_]+", _fold_text(text)) for text in texts]
    words = {word for words in words_by_text for word in (*words, "".join(words))}
    return {word for word in words if len(word) >= SHORTEST_NAME and word not in _DOMAIN_WORDS}


def _fold_text(text: str) -> str:
    parted = normalize_text("NFKD", text.casefold())
    return "".join(letter for letter in parted if not unicodedata.combining(letter))
