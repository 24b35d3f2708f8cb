"""A letter as its reader gets it: parts by kind, in the reader's language, as plain text and as HTML."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby
from typing import Any

from jinja2 import Environment

from app.adapters import tokens
from app.adapters.mail import Mail
from app.adapters.templates import make_environment
from app.adapters.translations import load_translator
from app.rules.message import Message, counted, say
from app.rules.monthly import ISSUE_PROBLEMS
from app.rules.outbox.kinds import KINDS, LetterKind
from app.rules.scoring.score import VERDICT_NAMES, VerdictKind
from app.services.outbox.ground import LetterGround
from app.services.site import Site
from app.store.letter import LetterEntry

STOP_PURPOSE = "letter.stop"
ORDER = {kind: place for place, kind in enumerate(LetterKind)}
MOST_LINES = 50
"""Lines of one part; more are counted in the last."""


@dataclass(frozen=True)
class LetterLine:
    """One entry as it is read: what it is about, its address, the date, who is behind it, and what they wrote.

    `for_whom` is who is away and would get it otherwise; empty for the reader's own.
    """

    title: str | Message
    link: str
    day: date | None = None
    by: str = ""
    quote: str = ""
    for_whom: str = ""


@dataclass(frozen=True)
class LetterPart:
    """The entries of one kind; `more` is how many do not stand here. `stop` is where letters of the kind are switched off."""

    kind: LetterKind
    name: Message
    heading: Message
    lines: tuple[LetterLine, ...]
    more: int
    stop: str


@dataclass(frozen=True)
class LetterPage:
    """What the templates of a letter are filled with. `home` is the reader's own list of letters, with what can be chosen."""

    language: str
    city: str
    name: str
    subject: Message
    parts: tuple[LetterPart, ...]
    work: str
    home: str


@dataclass(frozen=True)
class WrittenLetter:
    """A letter ready to be sent or copied."""

    subject: str
    text: str
    html: str
    reply_to: str


def write_letter(
    site: Site, ground: LetterGround, person_id: int, entries: Sequence[LetterEntry], stop: str, language: str = ""
) -> WrittenLetter:
    """The letter to this person about these entries; `stop` is the address that ends them. In `language`, else in the person's own."""
    address = ground.addresses[person_id]
    language = language or address.language
    page = _letter_page(site, ground, address.name, entries, stop, language)
    values = {"page": page}
    return WrittenLetter(
        subject=load_translator(language).say(page.subject),
        text=_environment(language).get_template("letters/letter.txt").render(values),
        html=_environment(language).get_template("letters/letter.html").render(values),
        reply_to=_reply_address(ground, entries),
    )


@cache
def _environment(language: str) -> Environment:
    return make_environment(language, Environment)


def _reply_address(ground: LetterGround, entries: Sequence[LetterEntry]) -> str:
    """Of the one person behind all of it, while here; else where the city wants answers; empty where nobody says so."""
    behind = {entry.by_id for entry in entries if entry.by_id}
    address = ground.addresses.get(behind.pop()) if len(behind) == 1 else None
    return address.email if address else ground.city.reply_to or ""


def stop_address(site: Site, letter_id: int) -> str:
    """Where a reader ends the kinds of this letter, without signing in."""
    token = tokens.sign_token(tokens.load_secret_key(site.settings), STOP_PURPOSE, letter_id)
    return f"{site.settings.public_url}/letters/stop/{token}"


def _letter_page(
    site: Site, ground: LetterGround, name: str, entries: Sequence[LetterEntry], stop: str, language: str
) -> LetterPage:
    base = f"{site.settings.public_url}/{ground.city.slug}"
    parts = tuple(write_parts(site, ground, entries, stop, language, base))
    return LetterPage(
        language=language,
        city=ground.city.name,
        name=name,
        subject=_subject(ground.city.name, parts),
        parts=parts,
        work=f"{base}/my-work",
        home=f"{base}/letters",
    )


def _subject(city: str, parts: Sequence[LetterPart]) -> Message:
    total = sum(len(part.lines) + part.more for part in parts)
    if len(parts) == 1:
        return say("%(city)s: %(what)s", city=city, what=parts[0].heading)
    return counted("%(city)s: 1 thing for you", "%(city)s: %(count)s things for you", total, city=city)


def write_parts(
    site: Site, ground: LetterGround, entries: Sequence[LetterEntry], stop: str, language: str, base: str
) -> Iterable[LetterPart]:
    """The parts of a letter about these entries; `base` is the address of the city."""
    titles = _criterion_titles(site, ground, language)
    in_order = sorted(entries, key=lambda entry: (ORDER[LetterKind(entry.kind)], entry.day or date.max, entry.id or 0))
    for kind, group in groupby(in_order, key=lambda entry: LetterKind(entry.kind)):
        lines = [line for entry in group for line in _letter_lines(ground, entry, kind, titles, base)]
        shown = tuple(lines[:MOST_LINES])
        rule = KINDS[kind]
        heading = rule.heading(len(lines))
        yield LetterPart(kind, rule.name, heading, shown, len(lines) - len(shown), f"{stop}?kind={kind}")


def _criterion_titles(site: Site, ground: LetterGround, language: str) -> dict[str, str]:
    if ground.overview is None:
        return {}
    criteria = site.edition(ground.overview.assessment.edition, language).criteria
    return {code: f"{code} {criterion.title}" for code, criterion in criteria.items()}


def _letter_lines(
    ground: LetterGround, entry: LetterEntry, kind: LetterKind, titles: Mapping[str, str], base: str
) -> list[LetterLine]:
    about = entry.told
    for_whom = _name_of(ground, about.get("for"))
    if kind is LetterKind.DIGEST:
        numbers = [(name, about[name]) for name in about if name in DIGEST_LINES]
        return [
            LetterLine(DIGEST_LINES[name](number), base + DIGEST_PATHS[name], for_whom=for_whom)
            for name, number in numbers
        ]
    title: str | Message = titles.get(entry.subject, entry.subject)
    if kind is LetterKind.DECIDED:
        decision = VERDICT_NAMES[VerdictKind(about["decision"])]
        title = say("%(criterion)s: %(verdict)s", criterion=title, verdict=decision)
    if kind is LetterKind.MONTHLY:
        title = ISSUE_PROBLEMS.get(about["problem"], "")
    if about.get("title"):
        title = say("%(name)s: %(criterion)s", name=about["title"], criterion=title) if title else about["title"]
    return [
        LetterLine(
            title=title,
            link=base + _path_of(entry, kind, about),
            day=entry.day or _due_day(ground, entry, kind, about),
            by=_name_of(ground, entry.by_id),
            quote=about.get("quote", ""),
            for_whom=for_whom,
        )
    ]


def _name_of(ground: LetterGround, person_id: int | None) -> str:
    names = ground.overview.names if ground.overview else {}
    return names.get(person_id or 0, "")


def _due_day(ground: LetterGround, entry: LetterEntry, kind: LetterKind, about: Mapping[str, Any]) -> date | None:
    if about.get("due"):
        return date.fromisoformat(about["due"])
    facts = ground.criteria.get(entry.subject)
    return facts.due_on if facts and kind in {LetterKind.ASSIGNED, LetterKind.RETURNED} else None


def _path_of(entry: LetterEntry, kind: LetterKind, about: Mapping[str, Any]) -> str:
    """Below the city: the page on which the reader can act."""
    if kind is LetterKind.LINK:
        return f"/evidence/{about['evidence']}"
    if kind is LetterKind.MONTHLY:
        return f"/reports/monthly/{about['monthly']}"
    if kind is LetterKind.ANSWER:
        return f"/requests/{about['request']}"
    if kind in {LetterKind.SUBMITTED, LetterKind.RENEWAL}:
        return f"/review/{entry.subject}"
    if kind is LetterKind.UNOWNED:
        return f"/people/assignments?edit={entry.subject}"
    return f"/criteria/{entry.subject}"


DIGEST_LINES = {
    "late": lambda count: counted("%(count)s criterion is late", "%(count)s criteria are late", count),
    "due": lambda count: counted(
        "%(count)s criterion is due in the next two weeks", "%(count)s criteria are due in the next two weeks", count
    ),
    "returned": lambda count: counted(
        "%(count)s criterion waits for changes", "%(count)s criteria wait for changes", count
    ),
    "review": lambda count: counted(
        "%(count)s criterion waits for review", "%(count)s criteria wait for review", count
    ),
    "expiring": lambda count: counted(
        "Evidence for %(count)s criterion expires within two weeks or has expired",
        "Evidence for %(count)s criteria expires within two weeks or has expired",
        count,
    ),
    "unowned": lambda count: counted(
        "%(count)s criterion has no department", "%(count)s criteria have no department", count
    ),
}
DIGEST_PATHS = {
    "late": "/board",
    "due": "/board",
    "returned": "/board",
    "review": "/board",
    "expiring": "/readiness",
    "unowned": "/people/assignments",
}


def make_mail(ground: LetterGround, person_id: int, written: WrittenLetter, message_id: str, stop: str) -> Mail:
    """The mail of a written letter. Source of the headers for ending it with one click: RFC 8058."""
    return Mail(
        to=ground.addresses[person_id].email,
        subject=written.subject,
        text=written.text,
        html=written.html,
        sender_name=ground.city.letter_sender,
        reply_to=written.reply_to,
        message_id=message_id,
        headers={
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
            "Content-Language": ground.addresses[person_id].language,
        },
    )
