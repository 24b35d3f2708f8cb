"""The frozen copy of a response that a verdict stands on: what was judged stays readable whatever becomes of the response later."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from app.rules.checklist.stand import ItemSupport
from app.rules.criteria.edition import ChecklistItem, Criterion


@dataclass(frozen=True)
class JudgedItem:
    """A checklist item as it was asked, and whether the department had ticked it. Without `text` only its id was kept."""

    id: str
    ticked: bool
    text: str = ""
    required: bool = False


@dataclass(frozen=True)
class JudgedPiece:
    """A piece of evidence as the reviewer had it: its version, and the fingerprint of that version and of its file.

    One that was `disposed` of afterwards has lost everything that it said; the fingerprint stays.
    """

    id: int
    kind: str
    version: int
    sha256: str
    items: tuple[str, ...]
    visibility: str
    title: str = ""
    file_sha256: str = ""
    period_from: date | None = None
    period_to: date | None = None
    effective_on: date | None = None
    disposed: bool = False

    def without_content(self) -> "JudgedPiece":
        return JudgedPiece(self.id, self.kind, self.version, self.sha256, self.items, self.visibility, disposed=True)


@dataclass(frozen=True)
class JudgedContent:
    """All that a verdict stands on. What nobody kept is None: the text, the items or the pieces of a verdict from before copies.

    `needed` is how many items were asked for, 0 where that was not kept; `edition_version` the fingerprint of the edition's rules.
    """

    edition: str
    edition_version: str
    text: str | None
    self_rating: str
    confidence: str
    needed: int
    items: tuple[JudgedItem, ...] | None
    pieces: tuple[JudgedPiece, ...] | None

    @property
    def supports(self) -> dict[str, list[ItemSupport]]:
        """The pieces behind each item of the checklist, by its id."""
        supports: dict[str, list[ItemSupport]] = {}
        for piece in self.pieces or ():
            for item in piece.items:
                supports.setdefault(item, []).append(ItemSupport(piece.id, piece.period_to, piece.period_from))
        return supports

    def has_piece(self, evidence_id: int) -> bool:
        return any(piece.id == evidence_id for piece in self.pieces or ())

    def without_piece(self, evidence_id: int) -> "JudgedContent":
        """The same after the piece was disposed of: of it only the fingerprint is left."""
        kept = tuple(piece.without_content() if piece.id == evidence_id else piece for piece in self.pieces or ())
        return replace(self, pieces=kept) if self.has_piece(evidence_id) else self


def judge_items(checklist: Sequence[ChecklistItem], ticked: frozenset[str]) -> tuple[JudgedItem, ...]:
    """The checklist as it is asked now, with what is ticked."""
    return tuple(JudgedItem(item.id, item.id in ticked, item.text, item.required) for item in checklist)


def asks_otherwise(content: JudgedContent, criterion: Criterion) -> bool:
    """Whether the criterion's checklist has changed since; False where it was not kept."""
    if content.items is None or not content.needed:
        return False
    judged = [(item.id, item.text, item.required) for item in content.items]
    return (content.needed, judged) != (
        criterion.needed,
        [(item.id, item.text, item.required) for item in criterion.checklist],
    )


def write_content(content: JudgedContent) -> str:
    """The copy as JSON, always in the same order and writing, so that the same content has the same fingerprint."""
    return json.dumps(asdict(content), ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def read_content(text: str) -> JudgedContent:
    """What `write_content` wrote."""
    values: dict[str, Any] = json.loads(text)
    items, pieces = values.pop("items"), values.pop("pieces")
    return JudgedContent(
        **values,
        items=None if items is None else tuple(JudgedItem(**item) for item in items),
        pieces=None if pieces is None else tuple(map(_read_piece, pieces)),
    )


def _read_piece(values: dict[str, Any]) -> JudgedPiece:
    days = {
        name: date.fromisoformat(values[name]) if values[name] else None
        for name in ("period_from", "period_to", "effective_on")
    }
    return JudgedPiece(**{**values, **days, "items": tuple(values["items"])})


def fingerprint_copy(text: str) -> str:
    """SHA-256 of a copy, in hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()
