"""What stands in a cell: an address, a role, a language, a date. Each raises LineTrouble for what it cannot be."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from typing import TypeVar

from app.rules.account.sign_up import check_email
from app.rules.bulk.cells import fold_words
from app.rules.bulk.fates import LineTrouble
from app.rules.errors import Invalid
from app.rules.message import Message, say
from app.rules.people.permissions import Role

ROLE_WORDS: dict[Role, str] = {
    Role.LEAD: "lead|department lead|responsable|responsable de dependencia|referente|lider|writer",
    Role.REVIEWER: "reviewer|revisor|revisora|persona revisora|revision",
    Role.OFFICIAL: "official|autoridad municipal|mayor|manager|autoridad|funcionario|funcionaria|autoridades|alcalde|alcaldesa|intendente|reader",
    Role.ADMIN: "admin|administrator|administrador|administradora|persona administradora|administracion",
}  # fmt: skip
LANGUAGE_WORDS = {
    "en": "en|english|ingles|eng|en us|en ca",
    "es": "es|spanish|espanol|castellano|esp|spa|es mx|es ar",
}
Named = TypeVar("Named", bound=str)
_DISPLAYED = re.compile(r"(?P<name>.*?)\s*[<(](?P<email>[^<>()]*@[^<>()]*)[>)]\s*")
_ISO = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[T ]00:00(?::00)?)?")
_SLASHED = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})")


def read_address(cell: str) -> tuple[str, str]:
    """Address and display name of a cell such as `Ana Ruiz <ana@city.gov>`; the name is empty where it has none."""
    text = re.sub(r"^mailto:", "", cell.strip(), flags=re.IGNORECASE)
    displayed = _DISPLAYED.fullmatch(text)
    name = displayed["name"].strip("\"' ") if displayed else ""
    address = displayed["email"] if displayed else text
    if not address:
        raise LineTrouble(say("There is no e-mail address."))
    if address.count("@") > 1:
        raise LineTrouble(say("There is more than one e-mail address. Write one person in each line."))
    try:
        return check_email(re.sub(r"^mailto:", "", address.strip("<>,;' "), flags=re.IGNORECASE)), name
    except Invalid:
        raise LineTrouble(say("“%(text)s” is not an e-mail address.", text=address[:80])) from None


def read_role(cell: str) -> Role | None:
    """The role that a word in English or Spanish names; None for an empty cell."""
    refused = say("“%(text)s” is no role here. Write lead, reviewer, official or administrator.", text=cell[:60])
    return _find_word(cell, ROLE_WORDS, refused)


def read_language(cell: str) -> str:
    """The code of a language that the app has; empty for an empty cell."""
    refused = say("“%(text)s” is no language that the app has. Write en or es.", text=cell[:60])
    return _find_word(cell, LANGUAGE_WORDS, refused) or ""


def _find_word(cell: str, words: Mapping[Named, str], refused: Message) -> Named | None:
    if not cell.strip():
        return None
    folded = fold_words(cell)
    named = next((named for named, known in words.items() if folded in known.split("|")), None)
    if named is None:
        raise LineTrouble(refused)
    return named


def read_due_day(cell: str, today: date) -> date | None:
    """A date as year-month-day, or with day and month in an order that cannot be mistaken; None for an empty cell."""
    text = cell.strip()
    if not text:
        return None
    year, month, day = _split_day(text)
    try:
        due_on = date(year, month, day)
    except ValueError:
        raise LineTrouble(
            say("“%(text)s” is not a date. Write it as year-month-day, such as 2026-03-31.", text=text[:40])
        ) from None
    if not today.year - 1 <= due_on.year <= today.year + 10:
        raise LineTrouble(say("This year cannot be right. Choose a date within the next ten years."))
    return due_on


def _split_day(text: str) -> tuple[int, int, int]:
    if iso := _ISO.fullmatch(text):
        return int(iso[1]), int(iso[2]), int(iso[3])
    slashed = _SLASHED.fullmatch(text)
    if slashed is None:
        raise LineTrouble(
            say("“%(text)s” is not a date. Write it as year-month-day, such as 2026-03-31.", text=text[:40])
        )
    first, second, year = map(int, slashed.groups())
    if first <= 12 and second <= 12 and first != second:
        raise LineTrouble(
            say("“%(text)s” can be two dates. Write it as year-month-day, such as 2026-03-31.", text=text[:40])
        )
    return (year, second, first) if first > 12 else (year, first, second)


def nearest_word(text: str, known: Iterable[str]) -> str:
    """The known word that was probably meant; empty where none is near."""
    by_fold = {fold_words(word): word for word in known}
    near = get_close_matches(fold_words(text), by_fold, n=1, cutoff=0.75)
    return by_fold[near[0]] if near else ""
