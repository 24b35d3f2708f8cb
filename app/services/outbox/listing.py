"""Lists of letters: what was sent to a person, what waits to be sent by hand, and what each kind looks like in each language."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.rules.errors import NotFound
from app.rules.history.verbs import Verb
from app.rules.message import Message, say
from app.rules.outbox.kinds import KINDS, LetterKind
from app.rules.outbox.staleness import DROP_REASONS, DropReason
from app.rules.scoring.score import VerdictKind
from app.services.account import sessions
from app.services.calendar import calendar_address
from app.services.desk import Desk
from app.services.outbox.bundling import find_dropped
from app.services.outbox.choosing import LetterChoices, load_choices
from app.services.outbox.ground import LetterGround, load_letter_ground
from app.services.outbox.writing import (
    LetterPart,
    WrittenLetter,
    stop_address,
    write_letter,
    write_parts,
)
from app.store import letter
from app.store.letter import Letter, LetterEntry, LetterState

MOST_LISTED = 100

STATE_NAMES: dict[LetterState, Message] = {
    LetterState.WAITING: say("Waiting to be sent"),
    LetterState.SENT: say("Sent"),
    LetterState.REFUSED: say("The mail server did not take it"),
    LetterState.DROPPED: say("Not sent: nothing of it was needed any more"),
}


@dataclass(frozen=True)
class ListedLetter:
    """A letter to the person who asks: when, what became of it, and what it says. `problem` is what the server said."""

    at: datetime
    state: Message
    problem: str
    parts: tuple[LetterPart, ...]


@dataclass(frozen=True)
class UnsentEntry:
    """Something that was not sent, and why."""

    day: date
    kind: Message
    subject: str
    reason: Message


@dataclass(frozen=True)
class MyLettersPage:
    """Letters to a person in a city, the newest first, what was not sent, and what they chose. `zone` is the reader's.

    `calendar` is the secret address of their calendar, empty for none.
    """

    letters: tuple[ListedLetter, ...]
    unsent: tuple[UnsentEntry, ...]
    choices: LetterChoices
    email: str
    zone: str
    sends_mail: bool
    waiting: int
    calendar: str


def load_my_letters(desk: Desk) -> MyLettersPage:
    """What was sent to the person in this city."""
    ground = load_letter_ground(desk.session, desk.site, desk.city_id, sessions.present_moment())
    rows = letter.list_letters(desk.session, desk.city_id, person_id=desk.who.person_id, most=MOST_LISTED)
    entries = letter.list_entries(desk.session, desk.city_id, [row.id for row in rows])
    dropped = letter.list_dropped(desk.session, desk.city_id, desk.who.person_id, MOST_LISTED)
    choices = load_choices(desk)
    is_admin = desk.who.may("letter.send")
    waiting = letter.list_letters(desk.session, desk.city_id, state=LetterState.WAITING) if is_admin else []
    return MyLettersPage(
        letters=tuple(_listed_letter(desk, ground, row, entries) for row in rows),
        unsent=tuple(_unsent_entry(entry) for entry in dropped),
        choices=choices,
        email=desk.who.email,
        zone=choices.time_zone or desk.who.city.time_zone,
        sends_mail=bool(desk.site.settings.smtp_host),
        waiting=len(waiting),
        calendar=calendar_address(desk),
    )


def _listed_letter(desk: Desk, ground: LetterGround, row: Letter, entries: list[LetterEntry]) -> ListedLetter:
    within = [entry for entry in entries if entry.letter_id == row.id and not entry.dropped]
    base = f"/{ground.city.slug}"
    return ListedLetter(
        at=row.sent_at or row.created_at,
        state=STATE_NAMES[LetterState(row.state)],
        problem=row.problem,
        parts=tuple(write_parts(desk.site, ground, within, "", desk.who.language, base)),
    )


def _unsent_entry(entry: LetterEntry) -> UnsentEntry:
    rule = KINDS[LetterKind(entry.kind)]
    return UnsentEntry(entry.at.date(), rule.name, entry.subject, DROP_REASONS[DropReason(entry.dropped)])


@dataclass(frozen=True)
class LetterToSend:
    """A letter that waits, ready to be copied."""

    id: int
    version: int
    name: str
    email: str
    at: datetime
    written: WrittenLetter


@dataclass(frozen=True)
class LettersToSend:
    """All letters of the city that wait; where `sends_mail` the worker sends them."""

    letters: tuple[LetterToSend, ...]
    sends_mail: bool


def load_letters_to_send(desk: Desk) -> LettersToSend:
    """What waits, without what is no longer wanted of it."""
    ground = load_letter_ground(desk.session, desk.site, desk.city_id, sessions.present_moment())
    rows = letter.list_letters(desk.session, desk.city_id, state=LetterState.WAITING, most=MOST_LISTED)
    entries = letter.list_entries(desk.session, desk.city_id, [row.id for row in rows])
    dropped = find_dropped(desk.session, ground, entries)
    waiting = [
        _letter_to_send(desk, ground, row, within)
        for row in reversed(rows)
        if (within := [entry for entry in entries if entry.letter_id == row.id and entry.id not in dropped])
    ]
    return LettersToSend(tuple(waiting), bool(desk.site.settings.smtp_host))


def _letter_to_send(desk: Desk, ground: LetterGround, row: Letter, within: list[LetterEntry]) -> LetterToSend:
    address = ground.addresses[row.person_id]
    written = write_letter(desk.site, ground, row.person_id, within, stop_address(desk.site, row.id))
    return LetterToSend(row.id, row.version, address.name, address.email, row.created_at, written)


def mark_letter_sent(desk: Desk, letter_id: int) -> None:
    """Someone sent the letter by hand; twice is as once. Raises NotFound."""
    held = letter.hold_letter(desk.session, desk.city_id, letter_id)
    if held is None:
        raise NotFound(say("We could not find that letter."))
    if held.state != LetterState.WAITING:
        return
    held.state, held.sent_at, held.by_hand = LetterState.SENT.value, sessions.present_moment(), desk.who.person_id
    held.version += 1
    desk.record(Verb.LETTER_SENT_BY_HAND, person=held.person_id)


@dataclass(frozen=True)
class LetterPreview:
    """What letters of one kind look like."""

    kind: LetterKind
    name: Message
    written: WrittenLetter


@dataclass(frozen=True)
class PreviewPage:
    """Every kind of letter in one language, about criteria of the city, with invented events."""

    language: str
    previews: tuple[LetterPreview, ...]


def load_previews(desk: Desk, language: str) -> PreviewPage:
    """A letter of each kind to the person who asks; none is stored or sent."""
    ground = load_letter_ground(desk.session, desk.site, desk.city_id, sessions.present_moment())
    previews = tuple(
        LetterPreview(kind, rule.name, _preview_letter(desk, ground, kind, language)) for kind, rule in KINDS.items()
    )
    return PreviewPage(language, previews)


def load_preview_html(desk: Desk, kind: str, language: str) -> str:
    """The HTML of one. Raises NotFound for a kind that there is not."""
    if kind not in set(LetterKind):
        raise NotFound(say("We could not find that kind of letter."))
    ground = load_letter_ground(desk.session, desk.site, desk.city_id, sessions.present_moment())
    return _preview_letter(desk, ground, LetterKind(kind), language).html


def _preview_letter(desk: Desk, ground: LetterGround, kind: LetterKind, language: str) -> WrittenLetter:
    stop = f"{desk.site.settings.public_url}/{ground.city.slug}/letters"
    return write_letter(desk.site, ground, desk.who.person_id, _sample_entries(desk, ground, kind), stop, language)


def _sample_entries(desk: Desk, ground: LetterGround, kind: LetterKind) -> list[LetterEntry]:
    codes = list(ground.criteria)[:2] or [""]
    day = desk.who.today + timedelta(days=7)
    about = SAMPLE_ABOUT.get(kind, "{}")
    is_dated = kind in {LetterKind.DUE, LetterKind.LATE, LetterKind.EXPIRING}
    return [
        LetterEntry(
            id=number, city_id=ground.city.id, person_id=desk.who.person_id, kind=kind.value, key="", subject=code,
            day=day if is_dated else None, by_id=None if is_dated else desk.who.person_id, about=about, at=ground.moment,
        )
        for number, code in enumerate(codes[: 1 if kind is LetterKind.DIGEST else 2])
    ]  # fmt: skip


_QUOTE = '{"quote": "Please name the person who decides, with the page."}'
SAMPLE_ABOUT: dict[LetterKind, str] = {
    LetterKind.RETURNED: _QUOTE,
    LetterKind.RENEWAL_RETURNED: _QUOTE,
    LetterKind.MENTIONED: _QUOTE,
    LetterKind.COMMENTED: _QUOTE,
    LetterKind.ASKED: '{"quote": "The minutes of the last meeting.", "request": 0}',
    LetterKind.DECIDED: f'{{"decision": "{VerdictKind.MET}"}}',
    LetterKind.LINK: '{"title": "data.example/plan", "evidence": 0}',
    LetterKind.ANSWER: '{"title": "The Collaborative", "request": 0}',
    LetterKind.MONTHLY: '{"monthly": 0, "problem": "not_made"}',
    LetterKind.DIGEST: '{"late": 1, "due": 3, "returned": 1, "review": 4, "expiring": 2}',
}
