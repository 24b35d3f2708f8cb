"""Finds what may be personal data in a text: telephone numbers, e-mail addresses, and the numbers that states give to people.

It only ever proposes: a finding is a reason for a person to look. Numbers count when their check digits are right and they are
written as people write them, or beside their name; years, amounts, dates and the codes of a budget are none.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate
from typing import Any, NamedTuple

from stdnum.ar import cuit
from stdnum.br import cpf
from stdnum.ca import sin
from stdnum.cl import rut
from stdnum.mx import curp
from stdnum.us import itin, ssn

from app.rules.files.file_text import TextPlace, TextSpot, describe_spot
from app.rules.files.telephones import MOST_CANDIDATES, find_telephones
from app.rules.message import Message, counted, listed, say

MOST_SPOTS, MOST_LOCATED = 3, 100
CHILEAN_COMPANIES_FROM = 50_000_000
_PLAIN = dict.fromkeys(range(0x2010, 0x2014), "-") | dict.fromkeys((0xA0, 0x2007, 0x202F), " ")
"""Hyphens that do not break and narrow spaces, which typesetting puts into numbers."""
ARGENTINE_PEOPLE = ("20", "23", "24", "25", "26", "27")


class PersonalDataKind(StrEnum):
    """What is looked for, by the state that gives such numbers where one does."""

    US_SSN = "us_ssn"
    US_ITIN = "us_itin"
    BR_CPF = "br_cpf"
    CA_SIN = "ca_sin"
    CL_RUT = "cl_rut"
    AR_CUIL = "ar_cuil"
    AR_DNI = "ar_dni"
    MX_CURP = "mx_curp"
    EMAIL = "email"
    TELEPHONE = "telephone"
    POSITION = "position"


SOFT_KINDS = {PersonalDataKind.EMAIL, PersonalDataKind.TELEPHONE}
"""Officials have addresses and telephones that anyone may know."""


@dataclass(frozen=True)
class PersonalDataFinding:
    """`count` different ones of a kind; `example` is the first of them with its digits or letters hidden, `spots` where some stand."""

    kind: PersonalDataKind
    count: int
    example: str
    spots: tuple[TextSpot, ...] = ()

    @property
    def strong(self) -> bool:
        """Whether it needs an answer."""
        return self.kind not in SOFT_KINDS


FINDING_NAMES: dict[PersonalDataKind, Callable[[int], Message]] = {
    PersonalDataKind.US_SSN: lambda n: counted(
        "%(count)s social security number", "%(count)s social security numbers", n
    ),
    PersonalDataKind.US_ITIN: lambda n: counted(
        "%(count)s taxpayer number (ITIN)", "%(count)s taxpayer numbers (ITIN)", n
    ),
    PersonalDataKind.BR_CPF: lambda n: counted("%(count)s Brazilian CPF number", "%(count)s Brazilian CPF numbers", n),
    PersonalDataKind.CA_SIN: lambda n: counted(
        "%(count)s social insurance number", "%(count)s social insurance numbers", n
    ),
    PersonalDataKind.CL_RUT: lambda n: counted("%(count)s Chilean RUT number", "%(count)s Chilean RUT numbers", n),
    PersonalDataKind.AR_CUIL: lambda n: counted(
        "%(count)s Argentine CUIL number", "%(count)s Argentine CUIL numbers", n
    ),
    PersonalDataKind.AR_DNI: lambda n: counted("%(count)s Argentine DNI number", "%(count)s Argentine DNI numbers", n),
    PersonalDataKind.MX_CURP: lambda n: counted("%(count)s Mexican CURP number", "%(count)s Mexican CURP numbers", n),
    PersonalDataKind.EMAIL: lambda n: counted("%(count)s e-mail address", "%(count)s e-mail addresses", n),
    PersonalDataKind.TELEPHONE: lambda n: counted("%(count)s telephone number", "%(count)s telephone numbers", n),
    PersonalDataKind.POSITION: lambda n: counted(
        "the place where the picture was taken", "the places where the pictures were taken", n
    ),
}


def describe_finding(finding: PersonalDataFinding) -> Message:
    """The finding in words: `2 social security numbers`."""
    return FINDING_NAMES[finding.kind](finding.count)


def locate_finding(finding: PersonalDataFinding) -> Message:
    """The finding in words with where it stands: `1 social security number (on page 3, in a footnote)`."""
    what = describe_finding(finding)
    if not finding.spots:
        return what
    return say("%(what)s (%(where)s)", what=what, where=listed(name_spots(finding)))


def name_spots(finding: PersonalDataFinding) -> tuple[Message, ...]:
    """Where some of it stands, in words, and that there is more elsewhere."""
    elsewhere = (say("elsewhere in it"),) if len(finding.spots) > MOST_SPOTS else ()
    return (*map(describe_spot, finding.spots[:MOST_SPOTS]), *elsewhere)


class PersonalDataMark(NamedTuple):
    """One number or address, and where in the text it stands, counted in characters."""

    kind: PersonalDataKind
    number: str
    start: int
    end: int


@dataclass(frozen=True)
class _NumberKind:
    """A number as it is written, and what makes it one; with `label`, only in a text that has such a word."""

    kind: PersonalDataKind
    pattern: re.Pattern[str]
    fits: Callable[[str], bool]
    label: re.Pattern[str] | None = None


def _is_american(number: str) -> bool:
    return ssn.is_valid(number.replace(" ", ""))


def _is_chilean_person(number: str) -> bool:
    return rut.is_valid(number) and int(rut.compact(number)[:-1]) < CHILEAN_COMPANIES_FROM


def _is_argentine_person(number: str) -> bool:
    return cuit.is_valid(number) and number.startswith(ARGENTINE_PEOPLE)


def _isolated_pattern(pattern: str) -> re.Pattern[str]:
    """The pattern where no longer number, word, amount or share goes on around it."""
    return re.compile(rf"(?<![\w$€£¥#/])(?<!\d[.,-])(?a:{pattern})(?![\w/%]|[.,-]\d)")


_SSN_LABEL = re.compile(r"social security|\bSSN\b|seguro social", re.IGNORECASE)
_CPF_LABEL = re.compile(r"\bCPF\b", re.IGNORECASE)
_SIN_LABEL = re.compile(r"(?i:social insurance|assurance sociale)|\bSIN\b|\bNAS\b")
_RUT_LABEL = re.compile(r"\bRU[TN]\b", re.IGNORECASE)
_DNI = re.compile(
    r"(?a:\bD\.?N\.?I\.?[ :]{0,3}(?:N[°ºo]\.? ?)?(?P<number>\d{1,2}\.\d{3}\.\d{3}|\d{7,8}))(?![\w.,-]?\d)"
)
_HYPHEN = r"-[\r\n]{0,2}"  # after which a line may end, as in a narrow column
_DASHED = rf"\d{{3}}{_HYPHEN}\d{{2}}{_HYPHEN}\d{{4}}"

NUMBER_KINDS = (
    _NumberKind(PersonalDataKind.US_ITIN, _isolated_pattern(_DASHED), itin.is_valid),
    _NumberKind(PersonalDataKind.US_SSN, _isolated_pattern(_DASHED), ssn.is_valid),
    _NumberKind(PersonalDataKind.US_SSN, _isolated_pattern(r"\d{3} \d{2} \d{4}|\d{9}"), _is_american, _SSN_LABEL),
    _NumberKind(PersonalDataKind.BR_CPF, _isolated_pattern(rf"\d{{3}}\.\d{{3}}\.\d{{3}}{_HYPHEN}\d{{2}}"), cpf.is_valid),
    _NumberKind(PersonalDataKind.BR_CPF, _isolated_pattern(r"(?<=[A-Za-zÀ-ÿ]:)\d{11}"), cpf.is_valid),  # as signatures give it
    _NumberKind(PersonalDataKind.BR_CPF, _isolated_pattern(r"\d{11}"), cpf.is_valid, _CPF_LABEL),
    _NumberKind(PersonalDataKind.CA_SIN, _isolated_pattern(r"\d{3}([ -])\d{3}\1\d{3}"), sin.is_valid, _SIN_LABEL),
    _NumberKind(PersonalDataKind.CL_RUT, _isolated_pattern(rf"\d{{1,2}}\.\d{{3}}\.\d{{3}}{_HYPHEN}[\dkK]"), _is_chilean_person),
    _NumberKind(PersonalDataKind.CL_RUT, _isolated_pattern(r"\d{7,8}-[\dkK]"), _is_chilean_person, _RUT_LABEL),
    _NumberKind(PersonalDataKind.AR_CUIL, _isolated_pattern(rf"\d{{2}}{_HYPHEN}\d{{8}}{_HYPHEN}\d"), _is_argentine_person),
    _NumberKind(PersonalDataKind.AR_DNI, _DNI, lambda number: True),
    _NumberKind(PersonalDataKind.MX_CURP, _isolated_pattern(r"[A-Z]{4}\d{6}[HMX][A-Z]{5}[A-Z\d]\d"), curp.is_valid),
)  # fmt: skip

_EMAIL = re.compile(
    r"(?<![\w.%+-])[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@((?:[A-Za-z0-9][A-Za-z0-9-]{0,62}\.){1,6}[A-Za-z]{2,24})(?![\w@-])"
)


def find_personal_data(
    text: str, country: str = "US", locate: Callable[[int], TextSpot] | None = None
) -> tuple[PersonalDataFinding, ...]:
    """What the text seems to hold, each kind once. `country` says which telephone numbers need no `+` before them.

    `locate` gives the spot of a place in the text, counted in characters from 0; without it the findings have no spots.
    """
    return _count_findings(mark_personal_data(text, country), locate)


def mark_personal_data(text: str, country: str = "US") -> list[PersonalDataMark]:
    """Each that the text seems to hold, as often as it stands there."""
    text = text.translate(_PLAIN)
    remaining, marks = text, list[PersonalDataMark]()
    for kind in NUMBER_KINDS:
        numbers, remaining = _take_numbers(kind, text, remaining)
        marks += numbers
    emails = _EMAIL.finditer(text)
    marks += (PersonalDataMark(PersonalDataKind.EMAIL, match[0].lower(), *match.span()) for match in emails)
    telephones = find_telephones(remaining, country)
    marks += (PersonalDataMark(PersonalDataKind.TELEPHONE, *telephone) for telephone in telephones)
    return marks


FEWEST_DIGITS = 7  # no number that a state gives to people has fewer


def find_strong_data(texts: Mapping[TextSpot, str], country: str = "US") -> tuple[PersonalDataFinding, ...]:
    """What needs an answer in texts that people typed, such as a title, each by its place; addresses and telephones of an office need none."""
    if sum(map(str.isdigit, "".join(texts.values()))) < FEWEST_DIGITS:
        return ()
    spots, starts = list(texts), list(accumulate((len(text) + 1 for text in texts.values()), initial=0))
    findings = find_personal_data(
        "\n".join(texts.values()), country, lambda start: spots[bisect_right(starts, start) - 1]
    )
    return tuple(finding for finding in findings if finding.strong)


def build_finding(written: Mapping[str, Any]) -> PersonalDataFinding:
    """A finding as it was written down; one written before spots were kept has none. Raises KeyError and ValueError for no finding."""
    spots = (TextSpot(TextPlace(spot["place"]), spot["name"], spot["number"]) for spot in written.get("spots", ()))
    return PersonalDataFinding(
        PersonalDataKind(written["kind"]), int(written["count"]), str(written["example"]), tuple(spots)
    )


def position_finding() -> PersonalDataFinding:
    """A photo that carries the place where it was taken."""
    return PersonalDataFinding(PersonalDataKind.POSITION, 1, "")


def _take_numbers(kind: _NumberKind, text: str, remaining: str) -> tuple[list[PersonalDataMark], str]:
    """The numbers of this kind, and the text with blanks in their place, so that nothing is counted twice."""
    if kind.label and not kind.label.search(text):
        return [], remaining
    numbers: list[PersonalDataMark] = []

    def take_number(match: re.Match[str]) -> str:
        number = re.sub(r"[\r\n]", "", match.groupdict().get("number") or match[0])
        if len(numbers) >= MOST_CANDIDATES or not kind.fits(number):
            return match[0]
        numbers.append(PersonalDataMark(kind.kind, number, *match.span()))
        return " " * len(match[0])

    return numbers, kind.pattern.sub(take_number, remaining)


def _count_findings(
    mentions: list[PersonalDataMark], locate: Callable[[int], TextSpot] | None
) -> tuple[PersonalDataFinding, ...]:
    kinds: dict[PersonalDataKind, dict[str, int]] = {}
    for mention in mentions:
        kinds.setdefault(mention.kind, {}).setdefault(mention.number, mention.start)
    return tuple(
        PersonalDataFinding(kind, len(starts), _mask_number(kind, next(iter(starts))), _list_spots(starts, locate))
        for kind, starts in kinds.items()
    )


def _list_spots(starts: dict[str, int], locate: Callable[[int], TextSpot] | None) -> tuple[TextSpot, ...]:
    """The first spots in the order of the text, each once, and one more than are named where there are more."""
    if locate is None:
        return ()
    return tuple(dict.fromkeys(map(locate, sorted(starts.values())[:MOST_LOCATED])))[: MOST_SPOTS + 1]


def _mask_number(kind: PersonalDataKind, number: str) -> str:
    if kind is PersonalDataKind.EMAIL:
        return number[0] + "***@" + number.partition("@")[2]
    shown = 4 if kind.startswith("us_") else 2
    hidden, last = number[:-shown], number[-shown:]
    return re.sub(r"[A-Za-z0-9]", "*", hidden) + last
