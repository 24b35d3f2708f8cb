"""A text as it was meant: paragraphs, and what was pasted as a list or a table is a list or a table again."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

MOST_COLUMNS = 8
"""What is further to the right stands together in the last column, so that no word is lost and none is narrower than a letter."""
BULLET = re.compile(r"[-*•–·▪◦]\s+(?=\S)")
NUMBER = re.compile(r"(?:\d{1,3}|[a-zA-Z])[.)]\s+(?=\S)")
RULE = re.compile(r"\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?")
"""The line of a table in Markdown that parts its head from the rest."""


class BlockKind(StrEnum):
    PARAGRAPH = "paragraph"
    BULLETS = "bullets"
    NUMBERS = "numbers"
    TABLE = "table"


@dataclass(frozen=True)
class TextBlock:
    """`lines` are the paragraph, or the entries of a list, of which numbered ones keep their numbers; `rows` are a table's cells."""

    kind: BlockKind
    lines: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def is_paragraph(self) -> bool:
        return self.kind is BlockKind.PARAGRAPH

    @property
    def head(self) -> tuple[str, ...]:
        return self.rows[0] if self.rows else ()


def read_text(text: str) -> tuple[TextBlock, ...]:
    """A whole text as blocks."""
    return read_blocks([line for line in text.splitlines() if line.strip()])


def read_blocks(lines: Sequence[str]) -> tuple[TextBlock, ...]:
    """The lines of a text as blocks. Two lines in a row make a list or a table, one alone is a sentence that happens to begin so."""
    return tuple(_read_blocks(lines))


def _read_blocks(lines: Sequence[str]) -> Iterator[TextBlock]:
    place = 0
    while place < len(lines):
        kind = _kind_of(lines[place])
        end = place + 1
        while end < len(lines) and _kind_of(lines[end]) is kind:
            end += 1
        group = lines[place:end]
        if kind is BlockKind.PARAGRAPH or _count_lines(kind, group) < 2:
            yield from (TextBlock(BlockKind.PARAGRAPH, (_flatten(line),)) for line in group)
        elif kind is BlockKind.TABLE:
            yield _read_table(group)
        else:
            yield TextBlock(kind, tuple(_flatten(_entry(kind, line)) for line in group))
        place = end


def _count_lines(kind: BlockKind, lines: Sequence[str]) -> int:
    """Without those that only part a table's head from the rest: a head alone is no table."""
    return sum(kind is not BlockKind.TABLE or not RULE.fullmatch(line.strip()) for line in lines)


def _kind_of(line: str) -> BlockKind:
    stripped = line.strip()
    if "\t" in stripped or (stripped.startswith("|") and stripped.endswith("|") and stripped.count("|") > 2):
        return BlockKind.TABLE
    if BULLET.match(stripped):
        return BlockKind.BULLETS
    return BlockKind.NUMBERS if NUMBER.match(stripped) else BlockKind.PARAGRAPH


def _entry(kind: BlockKind, line: str) -> str:
    return BULLET.sub("", line.strip(), count=1) if kind is BlockKind.BULLETS else line


def _flatten(line: str) -> str:
    return " ".join(line.split())


def _read_table(lines: Sequence[str]) -> TextBlock:
    cells = [_read_cells(line.strip("\n")) for line in lines if not RULE.fullmatch(line.strip())]
    width = min(MOST_COLUMNS, max(map(len, cells), default=1))
    rows = tuple((*row[: width - 1], _flatten(" ".join(row[width - 1 :])), *[""] * (width - len(row))) for row in cells)
    return TextBlock(BlockKind.TABLE, rows=tuple(row[:width] for row in rows))


def _read_cells(line: str) -> list[str]:
    parts = line.split("\t") if "\t" in line.strip() else line.strip().strip("|").split("|")
    return [_flatten(part) for part in parts]
