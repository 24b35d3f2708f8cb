"""Who takes over what, when someone leaves: all to one, by kind, criterion by criterion, or nobody yet."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from app.rules.errors import Invalid
from app.rules.message import Message, counted, say

NOBODY_YET = "nobody"
NOTES_LIMIT = 4_000


class WorkKind(StrEnum):
    """What a person may have in hand."""

    CRITERIA = "criteria"
    REQUESTS = "requests"
    PIECES = "pieces"
    DEPARTMENTS = "departments"


@dataclass(frozen=True)
class HeldWork:
    """What a person has in hand: criteria by code, and ids of requests, pieces of evidence and departments that the person heads."""

    criteria: tuple[str, ...] = ()
    requests: tuple[int, ...] = ()
    pieces: tuple[int, ...] = ()
    departments: tuple[int, ...] = ()

    def of_kind(self, kind: WorkKind) -> Sequence[str | int]:
        held: Sequence[str | int] = getattr(self, kind.value)
        return held

    @property
    def is_any(self) -> bool:
        return any(self.of_kind(kind) for kind in WorkKind)

    @property
    def in_words(self) -> tuple[Message, ...]:
        """Such as `5 criteria`, for each kind of which there is any."""
        messages = (
            counted("%(count)s criterion", "%(count)s criteria", len(self.criteria)),
            counted("%(count)s request", "%(count)s requests", len(self.requests)),
            counted("%(count)s piece of evidence", "%(count)s pieces of evidence", len(self.pieces)),
            counted("%(count)s department to head", "%(count)s departments to head", len(self.departments)),
        )
        return tuple(message for message in messages if message.count)


@dataclass(frozen=True)
class Successors:
    """Who takes over: `all_to` everything that nothing else is said of, `by_kind` and `by_code` the rest. None is nobody yet."""

    all_to: int | None = None
    by_kind: Mapping[WorkKind, int | None] = field(default_factory=dict)
    by_code: Mapping[str, int | None] = field(default_factory=dict)

    def successor_of(self, kind: WorkKind, key: str | int) -> int | None:
        if kind is WorkKind.CRITERIA and key in self.by_code:
            return self.by_code[str(key)]
        return self.by_kind.get(kind, self.all_to)

    def share_out(self, held: HeldWork) -> dict[int, HeldWork]:
        """What each successor takes over, by the successor's id."""
        shares: dict[int, dict[str, list[str | int]]] = {}
        for kind in WorkKind:
            for key in held.of_kind(kind):
                if (successor := self.successor_of(kind, key)) is not None:
                    shares.setdefault(successor, {}).setdefault(kind.value, []).append(key)
        return {
            successor: HeldWork(**{kind: tuple(keys) for kind, keys in share.items()})  # type: ignore[arg-type]
            for successor, share in shares.items()
        }


def read_successors(typed: Mapping[str, str], held: HeldWork, writers: Collection[int]) -> Successors:
    """From the fields `to`, `to-criteria` and so on, and `to-DM1` for one criterion; `writers` may take over.

    Raises Invalid where nobody is chosen though there is something to take over, and for whoever cannot.
    """
    wrong: dict[str, Message] = {}

    def read(name: str) -> int | None:
        text = typed.get(name, "")
        if text == NOBODY_YET:
            return None
        if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) in writers):
            wrong[name] = say("Choose someone who works in this city, or “Nobody yet”.")
            return None
        return int(text)

    if held.is_any and not typed.get("to"):
        raise Invalid({"to": say("Choose who takes over, or “Nobody yet”.")})
    all_to = read("to") if held.is_any else None
    by_kind = {kind: read(f"to-{kind.value}") for kind in WorkKind if typed.get(f"to-{kind.value}")}
    by_code = {code: read(f"to-{code}") for code in held.criteria if typed.get(f"to-{code}")}
    if wrong:
        raise Invalid(wrong)
    return Successors(all_to, by_kind, by_code)


def may_see_handover(successor_id: int, person_id: int, *, in_office: bool) -> bool:
    """Whether someone may see what a successor took over; who only marks it as read is asked as not `in_office`."""
    return in_office or successor_id == person_id


def check_notes(text: str) -> str:
    """Notes for whoever takes over. Raises Invalid when too long."""
    if len(text) > NOTES_LIMIT:
        raise Invalid({"notes": say("Shorten this to %(limit)s characters at most.", limit=NOTES_LIMIT)})
    return text.strip()


def write_held(held: HeldWork) -> str:
    """As JSON, to keep."""
    return json.dumps({kind.value: list(held.of_kind(kind)) for kind in WorkKind})


def read_held(text: str) -> HeldWork:
    """What `write_held` wrote."""
    kept = json.loads(text)
    return HeldWork(**{kind.value: tuple(kept.get(kind.value, ())) for kind in WorkKind})
